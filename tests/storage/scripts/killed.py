# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: T201  # what it prints is its answer
"""Does one thing to copies of a store, each in a process that kills itself (SIGKILL) one statement later.

    killed.py ORIGIN FOLDER commit|erase|mark

Statements are counted by SQLite itself (its trace) from the beginning of the call. The last process comes
to the end of the call and dies there, without closing anything. The copies stay in the folder, named by
the statement before which their process died; the number of statements is printed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from itertools import count
from pathlib import Path

from peerkit.model.ids import SystemClock
from peerkit.ports import Mark
from peerkit.storage.sqlite import SqliteStorage, files, open_sqlite
from peerkit.testing.storage.parts import batch, change, redaction


class Trap:
    """Counts statements once it is set, and ends the process before the one of the number given."""

    def __init__(self, limit: int) -> None:
        self.limit, self.count, self.is_set = limit, 0, False

    def step(self, _: str) -> None:
        if self.is_set:
            self.count += 1
            if self.count == self.limit:
                die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def act(store: SqliteStorage, what: str) -> None:
    if what == "commit":
        soup = change("s", 1, "service", text="Evening Soup Kitchen", idx={"name": "Soup"})
        store.commit(
            batch(
                change("a", 1, subjects=[("person", "p2")], idx={"state": "shut", "new": 1}, body=b'{"k":1}'),
                soup,
                change("brand-new", kind="first_of_its_kind", idx={"on": 1}),
                marks=[Mark("cursor", "2", "1")],
            ),
            unless=frozenset({("note", "nobody")}),
            after=1,
        )
    elif what == "erase":
        store.erase(["a", "s"], redaction("a", "s"))
    else:
        store.mark("cursor", "2", expect="1")


def child(file: Path, what: str, limit: int) -> None:
    """Open the copy, act, and die."""
    trap = Trap(limit)
    plain = files.connect

    def traced(options: files.Options, *, wait: int, read_only: bool = False) -> sqlite3.Connection:
        db = plain(options, wait=wait, read_only=read_only)
        db.set_trace_callback(trap.step)
        return db

    files.connect = traced
    store = open_sqlite(f"sqlite:///{file}", SystemClock(), create=False)
    store.mark("opened", "again")
    trap.is_set = True
    act(store, what)
    trap.is_set = False
    file.with_suffix(".whole").write_text(str(trap.count), encoding="utf-8")
    die()


def main(origin: str, folder: str, what: str) -> None:
    for number in count(1):
        file = Path(folder) / f"{number}.db"
        shutil.copyfile(origin, file)
        one = os.fork()
        if one == 0:
            try:
                child(file, what, number)
            finally:
                os._exit(1)
        _, status = os.waitpid(one, 0)
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            raise SystemExit(f"statement {number}: it ended by itself")
        if file.with_suffix(".whole").exists():
            print(number - 1)
            return


main(*sys.argv[1:])
