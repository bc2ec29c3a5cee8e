# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: T201  # what it prints is its answer
"""Writes until the system lets no file grow any more (RLIMIT_FSIZE), and prints what it is told.

full.py FILE BYTES
"""

from __future__ import annotations

import resource
import sys

from peerkit.errors import StorageError
from peerkit.model.ids import SystemClock
from peerkit.storage.sqlite import open_sqlite
from peerkit.testing.storage.parts import put

store = open_sqlite(f"sqlite:///{sys.argv[1]}", SystemClock(), create=False)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
done = 0
try:
    while True:
        done = put(store, f"full-{done}", body=b"x" * 5000, text="garden " * 50)
except StorageError as error:
    print(done)
    print(error)
print(store.position())
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(put(store, "after"))
print(store.verify().intact)
store.close()
