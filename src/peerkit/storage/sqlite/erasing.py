# SPDX-License-Identifier: Apache-2.0
"""Erasing, so that nothing is left in the file, its log, an index or the search.

Bodies, salts and arguments are overwritten where they stand by zeros of the same length: rows of
`change` are only ever appended and overwritten in place, so SQLite never had a reason to move them,
and no other page holds a copy. Indexes and projections do move: what an old page may still hold in
its unused part goes when the file is written anew (`VACUUM`), and then from the log (checkpoint).
"""

from __future__ import annotations

import enum
import json
import sqlite3
from collections.abc import Iterable

from peerkit.ports import Batch, Erased
from peerkit.storage.sqlite import kinds, searching, writing
from peerkit.storage.sqlite.files import begin

COMPACT_AT_ONCE = 64 * 2**20
"""Up to this size (bytes) the file is written anew with the erasure: others wait for less than a second."""
_MERGE = 500  # pages of the search index in one transaction: some milliseconds

_BLANK = """
UPDATE change SET salt = zeroblob(length(salt)), body = zeroblob(length(body)), args = zeroblob(length(args)),
erased = 1 WHERE id = ? AND erased = 0
"""
_HEAD = """
SELECT r.key, r.kind, r.version, r.position, r.doc, r.subjects, s.text FROM record r
LEFT JOIN search s ON s.key = r.key WHERE r.id = ?
"""
_MERGE_STEP = "INSERT INTO search_fts (search_fts, rank) VALUES ('merge', ?)"
_DUE = "SELECT value FROM meta WHERE name = 'erasing'"


def erase(
    db: sqlite3.Connection, known: dict[str, kinds.KindRow], ids: Iterable[str], redaction: Batch
) -> Erased:
    """Blank the records and append the redaction. Inside the writer's transaction; `finish` follows."""
    count = 0
    texts: list[searching.Text] = []
    for one in dict.fromkeys(ids):
        count += db.execute(_BLANK, (one,)).rowcount
        head = db.execute(_HEAD, (one,)).fetchone()
        if head is None:
            continue
        key, kind, version, position, doc, subjects, text = head
        sealed = writing.proof(one, kind, version, position, doc, subjects, "{}", "")
        db.execute("UPDATE record SET idx = '{}', proof = ? WHERE key = ?", (sealed, key))
        if text:
            texts.append(searching.Text(key, text, ""))
    searching.note(db, texts)
    writing.append(db, known, redaction)
    left = [step for step in steps(db) if step != "merging" or not texts]
    _set_due(db, [*dict.fromkeys([*(["search"] if texts else []), *left, "file"])])
    return Erased(count)


def _due(db: sqlite3.Connection) -> str | None:
    row = db.execute(_DUE).fetchone()
    return None if row is None else str(row[0])


def pending(db: sqlite3.Connection) -> bool:
    """Whether an erasure waits for its last steps."""
    return _due(db) is not None


class Due(enum.Enum):
    """What an erasure still waits for."""

    nothing = 0
    reader = 1
    """Somebody reads from an old view of the file: the next write tries again."""
    size = 2
    """The file is too large to be written anew while others wait: `compact` does it."""


def steps(db: sqlite3.Connection) -> list[str]:
    """What is left to do: `search`, then `merging`, then `file`, then the checkpoint."""
    return list(json.loads(_due(db) or "[]"))


def unfinished(db: sqlite3.Connection) -> str:
    """What is waited for: `size`, `reader`, or nothing."""
    if not pending(db):
        return ""
    return "size" if "file" in steps(db) and _size(db) > COMPACT_AT_ONCE else "reader"


def merge(db: sqlite3.Connection, wait: int) -> bool:
    """Take one step of merging the search index, in which the words of deleted rows stay until then;
    False when there is no more. Small steps, so that others write in between; each waits so many
    milliseconds for them."""
    left = steps(db)
    if not {"search", "merging"} & set(left):
        return False
    begun = "merging" in left
    begin(db, wait)
    try:
        before = db.total_changes
        db.execute(_MERGE_STEP, (_MERGE if begun else -_MERGE,))
        moved = db.total_changes - before >= 2  # FTS5's own sign that there is more to do
        rest = [step for step in left if step not in {"search", "merging"}]
        if moved or not begun:
            rest = ["merging", *rest]
        _set_due(db, rest)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return True


def finish(db: sqlite3.Connection, *, however_large: bool = False, tries: int = 10) -> Due:
    """Take the last steps of erasing, outside any transaction, as far as nothing holds them up."""
    if "file" in steps(db):
        if _size(db) > COMPACT_AT_ONCE and not however_large:
            return Due.size if checkpoint(db, tries) else Due.reader
        db.execute("VACUUM")
        _set_due(db, [])
    if not checkpoint(db, tries):
        return Due.reader
    db.execute("DELETE FROM meta WHERE name = 'erasing'")
    return Due.nothing


def _set_due(db: sqlite3.Connection, left: list[str]) -> None:
    db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('erasing', ?)", (json.dumps(left),))


def checkpoint(db: sqlite3.Connection, tries: int) -> bool:
    """Move the whole log into the file and cut it to nothing; False while somebody reads from it. Each
    try waits as long as the connection waits for locks."""
    return any(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0 for _ in range(tries))


def _size(db: sqlite3.Connection) -> int:
    pages, size = db.execute("PRAGMA page_count").fetchone()[0], db.execute("PRAGMA page_size").fetchone()[0]
    return int(pages) * int(size)
