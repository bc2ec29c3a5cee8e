# SPDX-License-Identifier: Apache-2.0
"""A view without what cannot be read (`peerkit.hooks`), and what a record says that cannot be."""

from __future__ import annotations

from peerkit.hooks import find_readable as find
from peerkit.hooks import get_readable as get
from peerkit.model.base import Record

__all__ = ["ends_of", "find", "get"]


def ends_of(wall: Record) -> frozenset[str]:
    """The two whom a wall keeps apart, from its envelope: one that cannot be read keeps them apart too."""
    return frozenset(human for _, human in wall.subjects)
