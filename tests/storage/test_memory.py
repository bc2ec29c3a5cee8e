# SPDX-License-Identifier: Apache-2.0
"""The memory storage keeps the port's clauses."""

from __future__ import annotations

import pickle

import pytest

from peerkit.storage.memory import MemoryStorage
from peerkit.testing.storage import Backend, StorageConformance


class TestMemory(StorageConformance):
    @pytest.fixture
    def backend(self) -> Backend:
        made: dict[str, MemoryStorage] = {}

        def make(name: str) -> MemoryStorage:
            made[name] = MemoryStorage()
            return made[name]

        def raw(name: str) -> list[bytes]:
            store = made[name]
            return [pickle.dumps((store._feed, store._heads, store._envelopes, store._marks))]

        return Backend(make, raw)
