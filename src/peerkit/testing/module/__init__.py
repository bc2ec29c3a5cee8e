# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E402  # assertions are rewritten before the modules that hold them are imported
"""What every module keeps to: `ModuleConformance`, its clauses numbered MOD-001 to MOD-091.

from peerkit.testing import Module, ModuleConformance


class TestGarden(ModuleConformance):
    @pytest.fixture
    def backend(self):
        return Module(peerkit_garden)
"""

import pytest

for _part in ("alarming", "asking", "keeping", "loading", "permitting", "telling"):
    pytest.register_assert_rewrite(f"{__name__}.{_part}")  # so that a failing clause shows its values

from peerkit.testing.module.alarming import AlarmClauses, TextClauses
from peerkit.testing.module.keeping import RemovalClauses, UpgradeClauses
from peerkit.testing.module.loading import HookClauses, LoadClauses
from peerkit.testing.module.parts import Module
from peerkit.testing.module.permitting import RightsClauses
from peerkit.testing.module.telling import LeavingClauses, RedactionClauses

__all__ = ["Module", "ModuleConformance"]


class ModuleConformance(
    LoadClauses,
    HookClauses,
    UpgradeClauses,
    RemovalClauses,
    RedactionClauses,
    LeavingClauses,
    RightsClauses,
    TextClauses,
    AlarmClauses,
):
    """Every clause of a module. Subclass it, and give the fixture `backend` (a `Module`)."""
