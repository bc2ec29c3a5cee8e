# SPDX-License-Identifier: Apache-2.0
"""The memory storage keeps the port's clauses."""

from __future__ import annotations

import pytest

from peerkit.storage.memory import MemoryStorage
from peerkit.testing.storage import Backend, StorageConformance


class TestMemory(StorageConformance):
    @pytest.fixture
    def backend(self) -> Backend:
        return Backend(lambda _: MemoryStorage())
