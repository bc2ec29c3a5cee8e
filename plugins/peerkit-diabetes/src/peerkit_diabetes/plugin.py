# SPDX-License-Identifier: Apache-2.0
"""What peerkit finds. Each subject has a module of its own: what it supplies, checks and answers."""

from __future__ import annotations

from collections.abc import Iterator

from peerkit import hookimpl
from peerkit.hooks import Access, Supply


@hookimpl
def peerkit_supply() -> Iterator[Supply]:
    """What every subject supplies, and which kinds of others they read and write together."""
    yield Access()
