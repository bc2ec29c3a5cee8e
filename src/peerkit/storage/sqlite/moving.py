# SPDX-License-Identifier: Apache-2.0
"""Moving history between storages, copying the file, and bringing projections up to date."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import attrs

from peerkit.errors import Malformed, StorageError
from peerkit.ports import Stored
from peerkit.storage import chain
from peerkit.storage.conditions import normal
from peerkit.storage.sqlite import kinds, searching, writing
from peerkit.storage.sqlite.reading import STORED, stored
from peerkit.storage.sqlite.trouble import told
from peerkit.storage.sqlite.url import Options

Reindex = Callable[[Stored], tuple[int, Mapping[str, Any], str] | None]

_DUMP = """
SELECT c.position, c.envelope, c.salt, c.body, c.args, c.seal, c.link, c.erased, r.idx, s.text FROM change c
LEFT JOIN record r ON r.id = c.id AND r.position = c.position LEFT JOIN search s ON s.key = r.key
WHERE c.position > ? ORDER BY c.position LIMIT ?
"""
_LOAD = """
INSERT INTO change (position, id, kind, version, erased, envelope, salt, body, args, seal, link)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_HEAD = """
INSERT INTO record (id, kind, version, position, doc, subjects, idx, proof) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, position = excluded.position, doc = excluded.doc,
subjects = excluded.subjects, idx = excluded.idx, proof = excluded.proof
"""
_LINKS = """
INSERT OR IGNORE INTO subject (subject, relation, kind, record)
SELECT json_extract(j.value, '$[1]'), json_extract(j.value, '$[0]'), r.kind, r.key
FROM record r CROSS JOIN json_each(r.subjects) j
"""
_OLD = f"""
SELECT r.key, r.id, r.kind, r.version, r.position, r.doc, r.subjects, r.idx, s.text, {STORED} FROM record r
CROSS JOIN change c ON c.position = r.position LEFT JOIN search s ON s.key = r.key
WHERE r.key > ? ORDER BY r.key LIMIT ?
"""
_NEW = "UPDATE record SET doc = ?, idx = ?, proof = ? WHERE key = ? AND position = ?"


def dump(db: sqlite3.Connection, after: int, limit: int) -> tuple[Mapping[str, Any], ...]:
    """See `ports.Storage.dump`."""
    out = []
    for row in db.execute(_DUMP, (after, limit)).fetchall():
        position, envelope, salt, body, args, seal, link, erased, idx, text = row
        if erased:
            salt = body = args = None
        made = chain.Row(position, envelope, salt, body, args, seal, link)
        out.append(chain.dump(made, None if idx is None else json.loads(idx), text or ""))
    return tuple(out)


def load(db: sqlite3.Connection, known: dict[str, kinds.KindRow], rows: Iterable[Mapping[str, Any]]) -> int:
    """See `ports.Storage.load`. Inside the writer's transaction: all of it is there, or nothing."""
    if db.execute("SELECT 1 FROM change LIMIT 1").fetchone() is not None:
        raise StorageError("history is loaded into an empty store only")
    source: Iterator[Mapping[str, Any]] = iter(rows)
    count = 0
    while some := list(islice(source, 1000)):
        texts: dict[str, tuple[str, str]] = {}
        for raw in some:
            count += 1
            _load(db, known, raw, count, texts)
        keys = db.execute(
            "SELECT r.key, j.value FROM json_each(?) j CROSS JOIN record r ON r.id = j.value",
            (writing.encode(list(texts)),),
        )
        searching.note(db, [searching.Text(key, "", *texts[one]) for key, one in keys.fetchall()])
    db.execute(_LINKS)
    return count


def _load(
    db: sqlite3.Connection,
    known: dict[str, kinds.KindRow],
    raw: Mapping[str, Any],
    count: int,
    texts: dict[str, tuple[str, str]],
) -> None:
    found = chain.undump(raw)
    row, e, text = found.row, found.envelope, found.text
    if row.position != count:
        raise Malformed("the rows of a dump follow one another", where=f"load: row {count}")
    erased = row.body is None or row.salt is None or row.args is None
    values = (row.position, e.id, e.kind, e.version, int(erased), row.envelope, row.salt, row.body, row.args)
    db.execute(_LOAD, (*values, row.seal, row.link))
    idx, fields = normal(found.idx or {})
    held = known.get(e.kind)
    if held is None or not fields.keys() <= held.fields:
        known[e.kind] = kinds.show(db, known, e.kind, fields)
    subjects = writing.encode(e.subjects)
    head = (e.id, e.kind, e.version, row.position, e.doc_version, subjects, idx)
    db.execute(_HEAD, (*head, writing.proof(*head, text)))
    if text:
        texts[e.id] = text, searching.tags_of(fields)


def old(db: sqlite3.Connection, after: int, limit: int) -> list[Any]:
    """Heads to look at again, by key."""
    return db.execute(_OLD, (after, limit)).fetchall()


@attrs.frozen
class Fresh:
    """A head's new projection."""

    key: int
    position: int
    doc: int
    idx: str
    text: str
    proof: str
    before: str
    kind: str
    fields: frozenset[str]
    tags: str


def look(row: Any, reindex: Reindex) -> Fresh | None:
    """The projection that today's code makes of a head; None if it stays as it is."""
    key, one, kind, version, position, doc, subjects, idx, text, *rest = row
    found = stored(tuple(rest))
    made = None if found.body is None else reindex(found)
    if made is None:
        return None
    new, fields = normal(made[1])
    if (made[0], new, made[2]) == (doc, idx, text or ""):
        return None
    sealed = writing.proof(one, kind, version, position, made[0], subjects, new, made[2])
    tags = searching.tags_of(fields) if made[2] else ""
    return Fresh(key, position, made[0], new, made[2], sealed, text or "", kind, frozenset(fields), tags)


def rewrite(db: sqlite3.Connection, known: dict[str, kinds.KindRow], fresh: Iterable[Fresh]) -> int:
    """Write new projections; a head that moved on meanwhile is left alone. Inside a transaction."""
    done = 0
    texts: list[searching.Text] = []
    for one in fresh:
        held = known.get(one.kind)
        if held is None or not one.fields <= held.fields:
            known[one.kind] = kinds.show(db, known, one.kind, one.fields)
        written = db.execute(_NEW, (one.doc, one.idx, one.proof, one.key, one.position)).rowcount
        done += written
        if written and (one.before or one.text):
            texts.append(searching.Text(one.key, one.before, one.text, one.tags))
    searching.note(db, texts)
    return done


def copy(db: sqlite3.Connection, path: str, options: Options) -> None:
    """Write a consistent copy to a new file, readable by its owner alone."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, options.mode))
    except FileExistsError:
        raise StorageError(f"{path} is there already: name a new file") from None
    except OSError as error:
        raise told(error, path) from None
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as target:
            target.execute("PRAGMA synchronous=FULL")
            db.backup(target)
            last = target.execute("SELECT coalesce(max(position), 0) FROM change").fetchone()[0]
            # So that a copy that is put back into use can be told from the store it was taken from.
            target.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('copied_at', ?)", (str(last),))
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except BaseException as error:
        for end in ("", "-wal", "-shm"):
            with suppress(OSError):
                Path(path + end).unlink()
        if isinstance(error, sqlite3.Error | OSError):
            raise told(error, path) from None
        raise
