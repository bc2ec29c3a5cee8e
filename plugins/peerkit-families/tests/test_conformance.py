# SPDX-License-Identifier: Apache-2.0
"""The module keeps to every clause of a module."""

from __future__ import annotations

import pytest
from peerkit_families import plugin

from peerkit import Decision, PeerSupporter
from peerkit.testing import Module, ModuleConformance, Town


def a_supporter(town: Town) -> PeerSupporter:
    """Kai, who is one in the town too: the module looks at tasks about roles that there are."""
    kai = town.ids["kai"]
    return PeerSupporter.welcome(kai, by=Decision.of(kai, how="spoken"))


class TestConformance(ModuleConformance):
    @pytest.fixture
    def backend(self) -> Module:
        return Module(plugin, builders={PeerSupporter: a_supporter})
