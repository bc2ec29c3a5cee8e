# SPDX-License-Identifier: Apache-2.0
"""Connections to the file: one that writes, and as many readers as read at once.

SQLite survives no fork: a child that uses, or even closes, what its parent had open can break the
file (sqlite.org/howtocorrupt.html, 2.6). So before a fork everything is closed, and parent and
child open it anew when they need it; where that cannot be done, the child refuses.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote

from peerkit.errors import StorageError
from peerkit.storage.sqlite.trouble import told
from peerkit.storage.sqlite.url import Options

_SLICE = 10  # milliseconds: SQLite asks again after 1, 2, 5 and 2 of them, never sleeping through a gap
_FORK_WAIT = 5.0  # seconds
_KEPT_READERS = 8
_Errors = (sqlite3.Error, UnicodeEncodeError, OverflowError, OSError)


def connect(options: Options, *, wait: int, read_only: bool = False) -> sqlite3.Connection:
    """A connection that waits so many milliseconds for locks, set up as peerkit needs it."""
    db = sqlite3.connect(
        f"file:{quote(options.path)}?mode=rw",
        uri=True,
        timeout=wait / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    try:
        db.execute(f"PRAGMA synchronous={options.synchronous}")
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("PRAGMA secure_delete=ON")
        db.execute("PRAGMA temp_store=MEMORY")  # a temporary file would hold people's words
        db.execute("PRAGMA cache_size=-16000")
        db.execute("PRAGMA journal_size_limit=16777216")
        if read_only:
            db.execute("PRAGMA query_only=ON")
    except BaseException:
        db.close()
        raise
    return db


class Reading:
    """A reader for a `with` block. A class, since a generator costs a page's worth of time."""

    __slots__ = ("_db", "_files")

    def __init__(self, files: Connections) -> None:
        self._files = files

    def __enter__(self) -> sqlite3.Connection:
        try:
            self._db = self._files.take()
        except _Errors as error:
            raise told(error, self._files.options.path) from None
        return self._db

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._files.give(self._db)
        if isinstance(error, _Errors):
            raise told(error, self._files.options.path) from None


class Glance:
    """A connection for one short read: the writer, if it has nothing to do, else a reader.

    Whenever somebody has written, SQLite drops all pages that other connections hold; the writer of this
    process keeps its own. So what is read between two commits is read warm.
    """

    __slots__ = ("_db", "_files")

    def __init__(self, files: Connections) -> None:
        self._files = files

    def __enter__(self) -> sqlite3.Connection:
        writer = self._files.borrow()
        if writer is not None:
            self._db: sqlite3.Connection | None = None
            return writer
        try:
            self._db = self._files.take()
        except _Errors as error:
            raise told(error, self._files.options.path) from None
        return self._db

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._db is None:
            self._files.restore()
        else:
            self._files.give(self._db)
        if isinstance(error, _Errors):
            raise told(error, self._files.options.path) from None


class Connections:
    """The writer and the readers of one file. Every use is short: nobody keeps a read open."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.closed = False
        self._pid = os.getpid()
        self._turn = threading.Lock()
        self._room = threading.Condition(threading.Lock())
        self._writer: sqlite3.Connection | None = None
        self._idle: list[sqlite3.Connection] = []
        self._out = 0
        self._held = self._quiet = False
        _everybody.add(self)

    # -- reading ---------------------------------------------------------------------------------

    def take(self) -> sqlite3.Connection:
        """A reader, to be given back."""
        with self._room:
            if self.closed or self._pid != os.getpid():
                raise self._gone()
            self._out += 1
            if self._idle:
                return self._idle.pop()
        try:
            return connect(self.options, wait=self.options.busy_timeout, read_only=True)
        except BaseException:
            self.give(None)
            raise

    def give(self, db: sqlite3.Connection | None) -> None:
        """Give a reader back (None: there was none to be had)."""
        with self._room:
            self._out -= 1
            keep = db is not None and not self.closed and len(self._idle) < _KEPT_READERS
            if db is not None and keep:
                self._idle.append(db)
            self._room.notify_all()
        if db is not None and not keep:
            db.close()

    def reading(self) -> Reading:
        """A reader for the block; what goes wrong leaves as peerkit's own errors."""
        return Reading(self)

    def glance(self) -> Glance:
        """A connection for one short read, warm if there is one."""
        return Glance(self)

    def borrow(self) -> sqlite3.Connection | None:
        """The writer, for a short read, if there is one and nobody uses it; `restore` gives it back."""
        if not self._turn.acquire(blocking=False):
            return None
        if self._writer is None or self.closed or self._pid != os.getpid():
            self._turn.release()
            return None
        return self._writer

    def restore(self) -> None:
        """Give the borrowed writer back."""
        self._turn.release()

    # -- writing ---------------------------------------------------------------------------------

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The writer for the block, outside any transaction; other threads wait."""
        if not self._turn.acquire(timeout=self.options.busy_timeout / 1000):
            raise StorageError(
                f"{self.options.path} is being written to by other threads; nothing was written: try again"
            )
        try:
            if self.closed or self._pid != os.getpid():
                raise self._gone()
            if self._writer is None:
                self._writer = connect(self.options, wait=_SLICE)
            yield self._writer
        except _Errors as error:
            raise told(error, self.options.path) from None
        finally:
            self._turn.release()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The writer inside a transaction: everything of the block is written, or nothing."""
        with self.alone() as db:
            begin(db, self.options.busy_timeout)
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                self._undo(db)
                raise

    def _undo(self, db: sqlite3.Connection) -> None:
        try:
            if db.in_transaction:
                db.execute("ROLLBACK")
        except sqlite3.Error:  # a connection that cannot even roll back is given up: closing does it
            self._writer = None
            with suppress(sqlite3.Error):
                db.close()

    # -- the end, and forks ----------------------------------------------------------------------

    def close(self) -> None:
        """Close everything; a reader that is out is closed when it comes back."""
        with self._turn, self._room:
            if self.closed:
                return
            self.closed = True
            if self._pid == os.getpid():
                self._shut()

    def _shut(self) -> None:
        for db in (*self._idle, *([self._writer] if self._writer else [])):
            with suppress(sqlite3.Error):
                db.close()
        self._idle.clear()
        self._writer = None

    def _gone(self) -> StorageError:
        if self.closed:
            return StorageError("the store is closed: open it again")
        return StorageError("the store was in use when this process was forked off: open it anew in here")

    def before_fork(self) -> None:
        """Close everything and hold both locks over the fork."""
        self._held = self._turn.acquire(timeout=_FORK_WAIT)
        self._room.acquire()
        self._quiet = self._held and self._room.wait_for(lambda: self._out == 0, _FORK_WAIT)
        if self._quiet:
            self._shut()

    def after_fork(self, *, child: bool) -> None:
        """Go on: connections are opened when they are needed."""
        if child and not self._quiet:  # what is open belongs to the parent; not even closing it is safe
            _left_behind.append((self._writer, self._idle))
            self._writer, self._idle, self._out = None, [], 0
            self._turn, self._room = threading.Lock(), threading.Condition(threading.Lock())
            return
        if child:
            self._pid = os.getpid()
        if self._held:
            self._turn.release()
        self._held = self._quiet = False
        self._room.release()


def begin(db: sqlite3.Connection, wait: int) -> None:
    """Begin a transaction that may write, waiting so many milliseconds for other processes."""
    for left in range(max(1, wait // _SLICE), 0, -1):
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if left == 1 or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        else:
            return


_everybody: weakref.WeakSet[Connections] = weakref.WeakSet()
_left_behind: list[Any] = []


def _before() -> None:
    for one in list(_everybody):
        one.before_fork()


def _after_in_parent() -> None:
    for one in list(_everybody):
        one.after_fork(child=False)


def _after_in_child() -> None:
    for one in list(_everybody):
        one.after_fork(child=True)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
