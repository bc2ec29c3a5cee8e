# SPDX-License-Identifier: Apache-2.0
"""What tests of plugins and hosts need: builders of records, strategies, contracts, a time machine.

Hypothesis and pytest come with the extra `peerkit[testing]`; each name is loaded on first use, so that
`make` works without them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peerkit.testing import faults, strategies
    from peerkit.testing.clock import TimeMachine
    from peerkit.testing.making import make
    from peerkit.testing.outgoing.exporter import ExporterConformance, Press
    from peerkit.testing.outgoing.notifier import NotifierConformance, Post
    from peerkit.testing.storage import Backend, StorageConformance
    from peerkit.testing.texts import texts_of, untranslated

__all__ = [
    "Backend",
    "ExporterConformance",
    "NotifierConformance",
    "Post",
    "Press",
    "StorageConformance",
    "TimeMachine",
    "faults",
    "make",
    "strategies",
    "texts_of",
    "untranslated",
]

_REWRITTEN = {"peerkit.testing.outgoing.exporter", "peerkit.testing.outgoing.notifier"}
"""Modules of clauses: assertions in them are rewritten, so that a failing clause shows its values."""

_NAMES = {
    "Backend": ("peerkit.testing.storage", "Backend"),
    "ExporterConformance": ("peerkit.testing.outgoing.exporter", "ExporterConformance"),
    "NotifierConformance": ("peerkit.testing.outgoing.notifier", "NotifierConformance"),
    "Post": ("peerkit.testing.outgoing.notifier", "Post"),
    "Press": ("peerkit.testing.outgoing.exporter", "Press"),
    "StorageConformance": ("peerkit.testing.storage", "StorageConformance"),
    "TimeMachine": ("peerkit.testing.clock", "TimeMachine"),
    "faults": ("peerkit.testing.faults", ""),
    "make": ("peerkit.testing.making", "make"),
    "strategies": ("peerkit.testing.strategies", ""),
    "texts_of": ("peerkit.testing.texts", "texts_of"),
    "untranslated": ("peerkit.testing.texts", "untranslated"),
}
"""Public name → the module that holds it, and its name there (empty: the module itself)."""


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'peerkit.testing' has no attribute {name!r}")
    place, inside = _NAMES[name]
    if place in _REWRITTEN:
        import pytest

        pytest.register_assert_rewrite(place)
    module = importlib.import_module(place)
    found = getattr(module, inside) if inside else module
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
