# SPDX-License-Identifier: Apache-2.0
"""One commit: guards, rows, heads, subjects, search rows and marks. Inside the writer's transaction."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from peerkit.errors import Conflict, Malformed
from peerkit.model.ids import moment
from peerkit.ports import ANY, Batch, Change, Committed, Mark, Reads
from peerkit.storage import chain
from peerkit.storage.conditions import projection
from peerkit.storage.sqlite import kinds, searching

# sqlite_sequence remembers positions whose rows somebody deleted: they are never given out again.
_LAST = """
SELECT position, link, json_extract(envelope, '$.at'), (SELECT seq FROM sqlite_sequence WHERE name = 'change')
FROM change ORDER BY position DESC LIMIT 1
"""
_HEAD = """
SELECT r.key, r.kind, r.version, r.subjects, s.text FROM record r LEFT JOIN search s ON s.key = r.key
WHERE r.id = ?
"""
_CHANGE = """
INSERT INTO change (position, id, kind, version, erased, envelope, salt, body, args, seal, link)
VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
"""
_NEW = """
INSERT INTO record (id, kind, version, position, doc, subjects, idx, proof) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_NEXT = "UPDATE record SET version = ?, position = ?, doc = ?, subjects = ?, idx = ?, proof = ? WHERE key = ?"
_SUBJECT = "INSERT OR IGNORE INTO subject (subject, relation, kind, record) VALUES (?, ?, ?, ?)"
_NO_SUBJECT = "DELETE FROM subject WHERE subject = ? AND relation = ? AND kind = ? AND record = ?"
_SET = "INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
# An envelope, and the one before it of the same record: who lost a record read it too.
_SINCE = """
SELECT c.id, c.envelope, p.envelope FROM change c
LEFT JOIN change p ON p.id = c.id AND p.version = c.version - 1
WHERE c.kind = ? AND c.position > ?
"""

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def write(
    db: sqlite3.Connection, known: dict[str, kinds.KindRow], batch: Batch, unless: Reads, after: int
) -> Committed:
    """Write a batch, or raise Conflict; `known` gets the kinds that are new to the file."""
    pen = _Pen(db, known, batch.at)
    if pen.position > after:  # else nobody wrote anything meanwhile
        guard(db, unless, after)
    return _append(db, pen, batch)


def append(db: sqlite3.Connection, known: dict[str, kinds.KindRow], batch: Batch) -> Committed:
    """Write a batch behind the feed."""
    return _append(db, _Pen(db, known, batch.at), batch)


def _append(db: sqlite3.Connection, pen: _Pen, batch: Batch) -> Committed:
    first = pen.position + 1
    for change in batch.changes:
        pen.write(change)
    if pen.texts:
        searching.note(db, pen.texts)
    for mark in batch.marks:
        if not set_mark(db, mark):
            raise Conflict("a mark was set by somebody else meanwhile")
    return Committed(first, pen.position, pen.at, pen.link)


def guard(db: sqlite3.Connection, unless: Reads, after: int) -> None:
    """Conflict if a change above `after` touches what `unless` names."""
    for kind in {kind for kind, _ in unless}:
        for record_id, envelope, before in db.execute(_SINCE, (kind, after)).fetchall():
            touched = {"", record_id, *(s for _, s in _decode(envelope)["subjects"])}
            if before is not None:
                touched.update(s for _, s in _decode(before)["subjects"])
            if any((kind, subject) in unless for subject in touched):
                raise Conflict(f"a {kind} that the checks read was changed meanwhile", guard=True)


class _Pen:
    """Writes changes behind the feed, one after the other: knows where the feed stands."""

    def __init__(self, db: sqlite3.Connection, known: dict[str, kinds.KindRow], at: datetime) -> None:
        if at.tzinfo is None:
            raise Malformed("an instant needs a time zone", where="batch.at")
        self._db, self._known = db, known
        self.position, self.link, self.at = 0, chain.GENESIS, at
        self.texts: list[searching.Text] = []
        row = db.execute(_LAST).fetchone()
        if row is not None:
            self.position, self.link = max(row[0], row[3] or 0), row[1]
            self.at = max(at, moment(row[2]))

    def write(self, change: Change) -> None:
        """Write one change and move its record's head."""
        head = self._head(change) if change.expect else None
        idx, fields = projection(change)
        self._meet(change.kind, fields)
        self.position += 1
        try:
            self._append(change)
        except sqlite3.IntegrityError:
            self._head(change)  # a record that should be new is there already
            raise
        key = self._move(change, head, idx)
        before = head[4] if head else None
        if change.text or before:
            tags = searching.tags_of(fields) if change.text else ""
            self.texts.append(searching.Text(key, before or "", change.text, tags))

    def _head(self, change: Change) -> Any:
        """The record's head; Conflict if it is not where the change expects it."""
        head = self._db.execute(_HEAD, (change.id,)).fetchone()
        found = head[2] if head else 0
        if found != change.expect or (head and head[1] != change.kind):
            told = f"{change.kind} {change.id} is at version {found}, not {change.expect}"
            raise Conflict(f"{told}: read it again and decide anew (kit.run does)")
        return head

    def _meet(self, kind: str, fields: Mapping[str, Any]) -> None:
        """Show a kind that is new to the file, or has got a field more."""
        held = self._known.get(kind)
        if held is None or not held.view or not fields.keys() <= held.fields:
            self._known.update(kinds.read(self._db))  # another process may have been quicker
            self._known[kind] = kinds.show(self._db, self._known, kind, fields)

    def _append(self, change: Change) -> None:
        row = chain.make_row(change, self.position, self.at, self.link)
        self.link = row.link
        stated = (row.position, change.id, change.kind, change.version)
        self._db.execute(_CHANGE, (*stated, row.envelope, row.salt, row.body, row.args, row.seal, row.link))

    def _move(self, change: Change, head: Sequence[Any] | None, idx: str) -> int:
        """Point the record's head at the version just written; its key."""
        subjects = encode(change.subjects)
        stated = (change.version, self.position, change.doc_version, subjects, idx)
        sealed = proof(change.id, change.kind, *stated, change.text)
        if head is None:
            key = self._db.execute(_NEW, (change.id, change.kind, *stated, sealed)).lastrowid or 0
            _link(self._db, change.kind, key, change.subjects)
            return key
        key = int(head[0])
        self._db.execute(_NEXT, (*stated, sealed, key))
        if head[3] != subjects:
            _link(self._db, change.kind, key, change.subjects, [(r, s) for r, s in _decode(head[3])])
        return key


def proof(*head: str | int) -> str:
    """What shows that a head, its projection and its search text were not edited by hand: over id,
    kind, version, position, document version, subjects, projection and text."""
    return hashlib.sha256("\n".join(map(str, head)).encode()).hexdigest()[:32]


def _link(
    db: sqlite3.Connection,
    kind: str,
    key: int,
    now: Iterable[tuple[str, str]],
    before: Sequence[tuple[str, str]] = (),
) -> None:
    """Make the rows by which scopes reach the record, and take away those that no longer hold."""
    wanted = set(now)
    if gone := set(before) - wanted:
        db.executemany(_NO_SUBJECT, [(subject, relation, kind, key) for relation, subject in gone])
    if made := wanted.difference(before):
        db.executemany(_SUBJECT, [(subject, relation, kind, key) for relation, subject in made])


def set_mark(db: sqlite3.Connection, mark: Mark) -> bool:
    """Set a mark if what stands there is what it expects."""
    if mark.expect != ANY:
        row = db.execute("SELECT value FROM mark WHERE name = ?", (mark.name,)).fetchone()
        if (row[0] if row else None) != mark.expect:
            return False
    if mark.value is None:
        db.execute("DELETE FROM mark WHERE name = ?", (mark.name,))
    else:
        db.execute(_SET, (mark.name, mark.value))
    return True
