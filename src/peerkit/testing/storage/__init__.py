# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E402  # assertions are rewritten before the modules that hold them are imported
"""The storage port's contract: `StorageConformance`, its clauses numbered STO-001 to STO-120.

A storage's author writes five lines (see docs/reference/storage-port.md):

    from peerkit.testing import Backend, StorageConformance


    class TestShelf(StorageConformance):
        @pytest.fixture
        def backend(self, tmp_path):
            return Backend(lambda name: Shelf(tmp_path / name))
"""

import pytest

for _part in (
    "committing",
    "erasing",
    "feeding",
    "finding",
    "guarding",
    "keeping",
    "machine",
    "scoping",
    "searching",
):
    pytest.register_assert_rewrite(f"{__name__}.{_part}")  # so that a failing clause shows its values

from peerkit.testing.storage.committing import CommitClauses
from peerkit.testing.storage.erasing import EraseClauses
from peerkit.testing.storage.feeding import FeedClauses
from peerkit.testing.storage.finding import FindClauses
from peerkit.testing.storage.guarding import GuardClauses
from peerkit.testing.storage.keeping import KeepingClauses
from peerkit.testing.storage.machine import ModelClauses
from peerkit.testing.storage.parts import Backend
from peerkit.testing.storage.scoping import ScopeClauses
from peerkit.testing.storage.searching import SearchClauses

__all__ = ["Backend", "StorageConformance"]


class StorageConformance(
    CommitClauses,
    GuardClauses,
    FeedClauses,
    ScopeClauses,
    EraseClauses,
    FindClauses,
    SearchClauses,
    KeepingClauses,
    ModelClauses,
):
    """Every clause of the storage port. Subclass it, and give the fixture `backend`."""
