# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: T201  # what it prints is its answer
"""Writes until it is done or killed, and says each position once it is committed.

writer.py FILE NAME COUNT [THREADS]
"""

from __future__ import annotations

import sys
import threading

from peerkit.errors import Conflict
from peerkit.model.ids import SystemClock
from peerkit.storage.sqlite import SqliteStorage, open_sqlite
from peerkit.testing.storage.parts import put


def shared(store: SqliteStorage) -> None:
    while True:
        try:
            put(store, "shared", text="library garden")
        except Conflict:
            continue
        return


def write(store: SqliteStorage, name: str, count: int) -> None:
    for number in range(count):
        shared(store)
        idx = {"state": name, "on": number}
        subjects = [("person", name)]
        done = put(store, f"{name}-{number}", idx=idx, subjects=subjects, text=f"{name} garden")
        print(f"{done}\n", end="", flush=True)  # in one piece, since other threads print too


def main(path: str, name: str, count: str, threads: str = "1") -> None:
    store = open_sqlite(f"sqlite:///{path}?busy_timeout=30000", SystemClock(), create=False)
    work = [
        threading.Thread(target=write, args=(store, f"{name}{number}", int(count)))
        for number in range(int(threads))
    ]
    for one in work:
        one.start()
    for one in work:
        one.join()
    store.close()


main(*sys.argv[1:])
