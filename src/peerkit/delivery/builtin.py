# SPDX-License-Identifier: Apache-2.0
"""The notifiers that come with peerkit."""

from __future__ import annotations

from collections.abc import Iterable

from peerkit.hooks import Supply, hookimpl


@hookimpl
def peerkit_supply() -> Iterable[Supply]:
    """Nothing yet."""
    return []
