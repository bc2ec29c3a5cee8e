# SPDX-License-Identifier: Apache-2.0
"""The reader keeps to every clause of a module, although it brings no kind of its own."""

from __future__ import annotations

import pytest
from peerkit_hsds import plugin

from peerkit.testing import Module, ModuleConformance


class TestConformance(ModuleConformance):
    @pytest.fixture
    def backend(self) -> Module:
        return Module(plugin)
