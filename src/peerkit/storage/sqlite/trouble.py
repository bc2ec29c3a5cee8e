# SPDX-License-Identifier: Apache-2.0
"""What SQLite and the disk complain about, in sentences that say what to do.

No text of theirs is passed on: it may quote a value.
"""

from __future__ import annotations

import os
import sqlite3

from peerkit.errors import Malformed, PeerkitError, StorageError

_NOTHING = "nothing was written"
_MODE = "check owner and mode of the file and its folder"

_SENTENCES = {
    sqlite3.SQLITE_BUSY: f"is locked by another process that writes; {_NOTHING}: try again, or end it",
    sqlite3.SQLITE_LOCKED: f"is locked by another connection; {_NOTHING}: try again",
    sqlite3.SQLITE_FULL: f"cannot grow, disk or quota are full; {_NOTHING}: free some space and try again",
    sqlite3.SQLITE_READONLY: f"cannot be written; {_NOTHING}: {_MODE}",
    sqlite3.SQLITE_PERM: f"may not be opened: {_MODE}",
    sqlite3.SQLITE_AUTH: f"may not be opened: {_MODE}",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that the folder is there and may be written to",
    sqlite3.SQLITE_NOTADB: "is no SQLite database: check the URL",
    sqlite3.SQLITE_CORRUPT: "is damaged: keep a copy of it as it is, and go back to a backup",
    sqlite3.SQLITE_NOMEM: f"could not be worked on for want of memory; {_NOTHING}",
    sqlite3.SQLITE_INTERRUPT: f"was interrupted; {_NOTHING}",
    sqlite3.SQLITE_TOOBIG: f"cannot hold a value that large; {_NOTHING}",
}


def told(error: Exception, path: str) -> PeerkitError:
    """The error of peerkit's own that stands for one of SQLite's or the operating system's."""
    if isinstance(error, PeerkitError):
        return error
    if isinstance(error, UnicodeEncodeError | OverflowError):
        return Malformed("lone surrogates and numbers beyond 64 bits cannot be stored or asked for")
    if isinstance(error, sqlite3.InterfaceError | sqlite3.ProgrammingError) and not _code(error):
        if "closed" in str(error):
            return StorageError("the store is closed: open it again")
        return Malformed("texts, numbers and bytes can be stored, nothing else")
    if isinstance(error, OSError):
        why = os.strerror(error.errno) if error.errno else "the operating system refused"
        return StorageError(f"{path}: {why.lower()}: check the path, its folder and their owner and mode")
    code = _code(error)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if code == sqlite3.SQLITE_IOERR:
        return StorageError(
            f"{path} could not be read or written ({name}); {_NOTHING}: check the disk and its free space"
        )
    sentence = _SENTENCES.get(code, f"could not be used; {_NOTHING}: see whether another program changed it")
    return StorageError(f"{path} {sentence} ({name})")


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
