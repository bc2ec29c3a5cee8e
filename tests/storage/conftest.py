# SPDX-License-Identifier: Apache-2.0
"""What tests of the SQLite storage share: stores on real files, and scripts in other processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from peerkit.model.ids import SystemClock
from peerkit.storage.sqlite import SqliteStorage, open_sqlite

SCRIPTS = Path(__file__).parent / "scripts"

Opener = Callable[..., SqliteStorage]
Runner = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "program.db"


@pytest.fixture
def opened(file: Path) -> Iterator[Opener]:
    """Open the store, or another one; all are closed in the end."""
    stores: list[SqliteStorage] = []

    def make(path: Path = file, *, options: str = "", create: bool = True) -> SqliteStorage:
        stores.append(open_sqlite(f"sqlite:///{path}{options}", SystemClock(), create=create))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Opener) -> SqliteStorage:
    return opened()


@pytest.fixture
def script() -> Runner:
    """Run one of the scripts to its end."""

    def run(name: str, *args: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(SCRIPTS / name), *map(str, args)]
        return subprocess.run(command, capture_output=True, text=True, check=check, timeout=120)

    return run
