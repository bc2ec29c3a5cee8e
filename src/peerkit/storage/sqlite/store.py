# SPDX-License-Identifier: Apache-2.0
"""The SQLite storage behind the port: connections and transactions around the other modules."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import attrs

from peerkit.errors import PeerkitError
from peerkit.ports import (
    ANY,
    Allow,
    Batch,
    Capabilities,
    Clock,
    Committed,
    Erased,
    FeedPage,
    Mark,
    Query,
    Reads,
    Rows,
    Stored,
    Verdict,
)
from peerkit.storage.conditions import checked
from peerkit.storage.sqlite import erasing, kinds, moving, proving, reading, schema, searching, writing
from peerkit.storage.sqlite.erasing import Due
from peerkit.storage.sqlite.files import Connections
from peerkit.storage.sqlite.trouble import told
from peerkit.storage.sqlite.url import Options, parse

_MIGRATED = "migrated"
_SLICE = 500


def open_sqlite(url: str, clock: Clock, *, create: bool) -> SqliteStorage:
    """The store at a URL. With `create` a missing or empty file becomes one; without, it is a
    StorageError. Times come with what is written, so the clock is not asked."""
    del clock
    options = parse(url)
    try:
        schema.prepare(options, create=create)
        return SqliteStorage(options)
    except PeerkitError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever SQLite, the disk or a migration raises
        raise told(error, options.path) from None


class SqliteStorage:
    """One file. Thread-safe; any number of processes may have it open. See `ports.Storage`."""

    capabilities = Capabilities(name="sqlite", durable=True, shared=True)

    def __init__(self, options: Options) -> None:
        self._files = Connections(options)
        try:
            with self._files.reading() as db:
                self._known = kinds.read(db)
                self._due = Due.reader if erasing.pending(db) else Due.nothing
        except BaseException:
            self._files.close()
            raise

    # -- writing ---------------------------------------------------------------------------------

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """See `ports.Storage.commit`."""
        self._try_again()
        known = dict(self._known)
        with self._files.writing() as db:
            done = writing.write(db, known, batch, unless, after)
        self._known = known
        return done

    def mark(self, name: str, value: str | None, *, expect: str | None = ANY) -> bool:
        """See `ports.Storage.mark`."""
        self._try_again()
        with self._files.writing() as db:
            return writing.set_mark(db, Mark(name, value, expect))

    def marks(self, prefix: str = "") -> Mapping[str, str]:
        """See `ports.Storage.marks`. What starts with the prefix lies between it and the next text of its
        length: no other mark is read, and there are as many as there are screens."""
        with self._files.glance() as db:
            if (end := _next(prefix)) is None:
                rows = db.execute("SELECT name, value FROM mark WHERE name >= ? ORDER BY name", (prefix,))
            else:
                query = "SELECT name, value FROM mark WHERE name >= ? AND name < ? ORDER BY name"
                rows = db.execute(query, (prefix, end))
            return dict(rows.fetchall())

    def ensure_indexes(self, wanted: Mapping[str, Sequence[str]]) -> None:
        """See `ports.Storage.ensure_indexes`."""
        if not kinds.missing(self._known, wanted):
            return
        with self._files.writing() as db:
            known = kinds.read(db)
            known.update(kinds.index(db, known, wanted))
        self._known = known

    # -- reading ---------------------------------------------------------------------------------

    def get(self, kind: str, id: str, *, allow: Allow = None) -> Stored | None:
        """See `ports.Storage.get`."""
        if not _sayable(kind, id):
            return None
        with self._files.glance() as db:
            return reading.get(db, kind, id, allow)

    def find(self, query: Query) -> Rows:
        """See `ports.Storage.find`."""
        query = checked(query)
        with self._files.reading() as db:
            return reading.find(db, query, self._hint(query))

    def count(self, query: Query) -> int:
        """See `ports.Storage.count`."""
        query = checked(query)
        with self._files.reading() as db:
            return reading.count(db, query, self._hint(attrs.evolve(query, order="")))

    def _hint(self, query: Query) -> str:
        known = self._known.get(query.kind)
        return known.hint(query) if known is not None and known.indexes and query.allow is None else ""

    def search(self, words: str, query: Query) -> Rows:
        """See `ports.Storage.search`."""
        query = checked(query)
        with self._files.reading() as db:
            return searching.search(db, words, query)

    def history(self, kind: str, id: str, *, allow: Allow = None) -> tuple[Stored, ...]:
        """See `ports.Storage.history`."""
        if not _sayable(kind, id):
            return ()
        with self._files.reading() as db:
            return reading.history(db, kind, id, allow)

    def changes(self, after: str | None = None, limit: int = 100) -> FeedPage:
        """See `ports.Storage.changes`."""
        with self._files.reading() as db:
            return reading.changes(db, after, limit)

    @property
    def incarnation(self) -> str:
        """See `ports.Storage.incarnation`."""
        with self._files.glance() as db:
            return reading.incarnation(db)

    def renew(self) -> str:
        """See `ports.Storage.renew`."""
        name = secrets.token_hex(8)
        with self._files.writing() as db:
            db.execute("UPDATE meta SET value = ? WHERE name = 'incarnation'", (name,))
        return name

    def position(self, kinds: Sequence[str] = ()) -> int:
        """See `ports.Storage.position`."""
        if not _sayable(*kinds):
            return max(self.position((kind,)) if _sayable(kind) else 0 for kind in kinds)
        with self._files.glance() as db:
            return reading.position(db, kinds)

    # -- erasing, proving, moving ----------------------------------------------------------------

    def erase(self, ids: Iterable[str], redaction: Batch) -> Erased:
        """See `ports.Storage.erase`."""
        known = dict(self._known)
        with self._files.writing() as db:
            done = erasing.erase(db, known, ids, redaction)
        self._known, self._due = known, Due.reader
        self._finish()
        return attrs.evolve(done, pending=self._due is not Due.nothing)

    def unfinished(self) -> str:
        """See `ports.Compacting.unfinished`."""
        with self._files.reading() as db:
            return erasing.unfinished(db)

    def compact(self, *, however_large: bool = True) -> bool:
        """See `ports.Compacting.compact`. The file is written anew, so that nothing erased is left in
        unused parts of it."""
        if not self.unfinished() and not however_large:
            return True
        self._finish(however_large=however_large, tries=10 if however_large else 1)
        return not self.unfinished()

    def _try_again(self) -> None:
        """Finish an erasure that a reader held back, if it has gone; a write waits for that no longer
        than it must."""
        if self._due is Due.reader:
            self._finish(tries=1)

    def _finish(self, *, however_large: bool = False, tries: int = 10) -> None:
        """Take the last steps of an erasure if nothing holds them up; no caller fails because of them."""
        with suppress(PeerkitError):
            more = True
            while more:
                with self._files.alone() as db:
                    more = erasing.merge(db, self._files.options.busy_timeout)
            with self._files.alone() as db:
                self._due = erasing.finish(db, however_large=however_large, tries=tries)

    def verify(self, head: str | None = None) -> Verdict:
        """See `ports.Storage.verify`."""
        return proving.verify(self._files.reading, head)

    def load(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """See `ports.Storage.load`."""
        known = dict(self._known)
        with self._files.writing() as db:
            count = moving.load(db, known, rows)
        self._known = known
        return count

    def dump(self, after: int = 0, limit: int = 1000) -> tuple[Mapping[str, Any], ...]:
        """See `ports.Storage.dump`."""
        with self._files.reading() as db:
            return moving.dump(db, after, limit)

    def migrate(self, reindex: moving.Reindex, limit: int = 1000) -> int:
        """See `ports.Storage.migrate`. How far it got stands in the file, slice by slice."""
        done = 0
        while done < limit:
            with self._files.reading() as db:
                row = db.execute("SELECT value FROM meta WHERE name = ?", (_MIGRATED,)).fetchone()
                rows = moving.old(db, int(row[0]) if row else 0, min(_SLICE, limit - done))
            fresh = [made for row in rows if (made := moving.look(row, reindex)) is not None]
            known = dict(self._known)
            with self._files.writing() as db:
                done += moving.rewrite(db, known, fresh)
                reached = rows[-1][0] if rows else 0
                db.execute(
                    "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (_MIGRATED, str(reached))
                )
            self._known = known
            if not rows:
                break
        return done

    def snapshot(self, path: str) -> None:
        """See `ports.Storage.snapshot`."""
        with self._files.reading() as db:
            moving.copy(db, path, self._files.options)

    def close(self) -> None:
        """See `ports.Storage.close`."""
        if self._due is Due.reader and not self._files.closed:
            self._finish()
        self._files.close()


def _sayable(*names: str) -> bool:
    """Whether ids and kinds can be asked for at all: one with lone surrogates is nobody's."""
    try:
        "".join(names).encode()
    except UnicodeEncodeError:
        return False
    return True


def _next(prefix: str) -> str | None:
    """The first text behind all that start with the prefix; None if there is none."""
    for i in range(len(prefix) - 1, -1, -1):
        code = ord(prefix[i])
        if code < 0x10FFFF:
            return prefix[:i] + chr(0xE000 if code == 0xD7FF else code + 1)  # half pairs are no texts
    return None
