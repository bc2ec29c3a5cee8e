# SPDX-License-Identifier: Apache-2.0
"""The tables, made and changed by migrations; and whether a file is ours to open.

sqlite-utils is imported only to migrate: it costs more than opening. What marks a current file is
SQLite's `user_version`, beside an `application_id` of our own.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from peerkit._version import __version__
from peerkit.errors import StorageError
from peerkit.storage.sqlite.files import begin, connect
from peerkit.storage.sqlite.url import Options

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table
    from sqlite_utils.migrations import Migrations

APPLICATION_ID = 0x7065_6572  # "peer" in ASCII
SCHEMA = 1
_TOKENS = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"  # as `storage.words.tokens` does
_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables

_FEED = """
CREATE TABLE change (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    erased INTEGER NOT NULL,
    envelope TEXT NOT NULL,
    salt BLOB,
    body BLOB,
    args BLOB,
    seal TEXT NOT NULL,
    link TEXT NOT NULL
) STRICT
"""
_SUBJECT = """
CREATE TABLE subject (
    subject TEXT NOT NULL,
    relation TEXT NOT NULL,
    kind TEXT NOT NULL,
    record INTEGER NOT NULL REFERENCES record (key),
    PRIMARY KEY (subject, relation, kind, record)
) STRICT, WITHOUT ROWID
"""
_MARK = "CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID"
_WORD = "CREATE TABLE word (word TEXT PRIMARY KEY, records INTEGER NOT NULL) STRICT, WITHOUT ROWID"
_GRAM = """
CREATE TABLE gram (
    gram TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (gram, word)
) STRICT, WITHOUT ROWID
"""


def migrations() -> Migrations:
    """peerkit's own set of migrations. sqlite-utils writes down which were applied, and when."""
    from sqlite_utils.migrations import Migrations

    ours = Migrations("peerkit")

    @ours(name="001-feed-and-heads")
    def _(db: Database) -> None:
        db.execute(_FEED)
        _table(db, "change").create_index(["id", "version"], unique=True)
        _table(db, "change").create_index(["kind", "position"])
        _table(db, "record").create(
            {
                "key": int,
                "id": str,
                "kind": str,
                "version": int,
                "position": int,
                "doc": int,
                "subjects": str,
                "idx": str,
                "proof": str,
            },
            pk="key",
            not_null={"id", "kind", "version", "position", "doc", "subjects", "idx", "proof"},
            foreign_keys=[("position", "change", "position")],
            strict=True,
        )
        _table(db, "record").create_index(["id"], unique=True)
        _table(db, "record").create_index(["kind", "id"])
        db.execute(_SUBJECT)
        db.execute(_MARK)

    @ours(name="002-kinds-and-search")
    def _(db: Database) -> None:
        columns = {"name": str, "view": str, "fields": str, "indexes": str}
        _table(db, "kind").create(columns, pk="name", not_null=set(columns), strict=True)
        _table(db, "search").create(
            {"key": int, "name": str, "text": str, "tags": str},
            pk="key",
            not_null={"name", "text", "tags"},
            foreign_keys=[("key", "record", "key")],
            strict=True,
        )
        _table(db, "search").enable_fts(["name", "text", "tags"], tokenize=_TOKENS)
        db.execute("INSERT INTO search_fts (search_fts, rank) VALUES ('rank', 'bm25(8.0, 1.0, 0.0)')")
        db.execute(_WORD)
        db.execute(_GRAM)

    return ours


def _table(db: Database, name: str) -> Table:
    return cast("Table", db[name])


def prepare(options: Options, *, create: bool) -> None:
    """Make sure that the file is there, ours and current; StorageError saying what to do otherwise."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StorageError(
            f"this Python brings SQLite {sqlite3.sqlite_version}, peerkit needs 3.37: use a newer Python"
        )
    _reachable(options, create=create)
    with closing(connect(options, wait=options.busy_timeout)) as db:
        if _ours(db, options.path, create=create):
            _tighten(options)
            if _pragma(db, "user_version") == SCHEMA:
                return
        _migrate(db, options)
    _tighten(options)


def _reachable(options: Options, *, create: bool) -> None:
    path = options.path
    folder = os.path.dirname(path) or "."  # noqa: PTH120  # a Path would lose what stands in the URL
    if os.path.isdir(path):  # noqa: PTH112
        raise StorageError(f"{path} is a folder: name a file in it")
    if not os.path.exists(path):  # noqa: PTH110
        if not create:
            raise StorageError(
                f"there is no store at {path}: found one with `peerkit init`, or check the URL"
            )
        if not os.path.isdir(folder):  # noqa: PTH112
            raise StorageError(f"the folder {folder} is not there: make it first, or check the URL")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise StorageError(f"the folder {folder} cannot be written to: check its owner and mode")
        with suppress(FileExistsError):  # another process was quicker
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, options.mode))
    elif not os.access(path, os.R_OK | os.W_OK):
        raise StorageError(f"{path} cannot be read and written: check its owner and mode")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _ours(db: sqlite3.Connection, path: str, *, create: bool) -> bool:
    """Whether the file is a store of peerkit's that this one may open; False if there is nothing."""
    application, version = _pragma(db, "application_id"), _pragma(db, "user_version")
    if application == APPLICATION_ID:
        if version > SCHEMA:
            row = db.execute("SELECT value FROM meta WHERE name = 'peerkit'").fetchone()
            raise StorageError(
                f"{path} was written by peerkit {row[0] if row else '?'} (schema {version}); this is peerkit "
                f"{__version__} (schema {SCHEMA}): install the newer one"
            )
        return True
    if application or db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise StorageError(f"{path} is another program's database: give peerkit a file of its own")
    if not create:
        raise StorageError(f"{path} is empty: found a store with `peerkit init`, or check the URL")
    return False


def _migrate(db: sqlite3.Connection, options: Options) -> None:
    from sqlite_utils import Database

    if db.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
        raise StorageError(
            f"{options.path} lies where SQLite cannot keep a write-ahead log: use a local disk"
        )
    begin(db, max(options.busy_timeout, 10_000))  # another process may be migrating, which takes its time
    try:
        if _pragma(db, "user_version") < SCHEMA:
            db.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
            db.execute("INSERT OR IGNORE INTO meta VALUES ('incarnation', ?)", (secrets.token_hex(8),))
            db.execute("INSERT OR REPLACE INTO meta VALUES ('peerkit', ?)", (__version__,))
            migrations().apply(Database(db, execute_plugins=False))
            db.execute(f"PRAGMA application_id={APPLICATION_ID}")
            db.execute(f"PRAGMA user_version={SCHEMA}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _tighten(options: Options) -> None:
    """Take from the file, and its companions, the permissions that nobody asked for."""
    for end in ("", "-wal", "-shm"):
        path = Path(options.path + end)
        with suppress(OSError):  # not there, or not ours to change
            if path.stat().st_mode & 0o777 & ~options.mode:
                path.chmod(options.mode)
