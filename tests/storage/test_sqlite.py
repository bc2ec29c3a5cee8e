# SPDX-License-Identifier: Apache-2.0
"""The SQLite storage keeps the port's clauses, on real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from peerkit.model.ids import SystemClock
from peerkit.storage.sqlite import open_sqlite
from peerkit.testing.storage import Backend, StorageConformance


class TestSqlite(StorageConformance):
    @pytest.fixture
    def backend(self, tmp_path: Path) -> Backend:
        return Backend(
            lambda name: open_sqlite(f"sqlite:///{tmp_path}/{name}.db", SystemClock(), create=True),
            raw=lambda name: [path.read_bytes() for path in tmp_path.glob(f"{name}.db*")],
        )
