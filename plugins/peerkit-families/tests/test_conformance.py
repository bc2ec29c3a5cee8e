# SPDX-License-Identifier: Apache-2.0
"""The module keeps to every clause of a module."""

from __future__ import annotations

import pytest
from peerkit_families import plugin

from peerkit.testing import Module, ModuleConformance


class TestConformance(ModuleConformance):
    @pytest.fixture
    def backend(self) -> Module:
        return Module(plugin)
