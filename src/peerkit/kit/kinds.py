# SPDX-License-Identifier: Apache-2.0
"""Which kinds there are in a program: those that code here knows, and what its store holds besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.kinds import PLACES
from peerkit.kit.migrating import DOC

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit


def every(kit: Kit) -> tuple[str, ...]:
    """The names of all kinds here: peerkit's own, those of plugins, and the unknown ones."""
    return (*known(kit), *unknown(kit))


def known(kit: Kit) -> tuple[str, ...]:
    """The names of the kinds that code here knows: peerkit's own and those of plugins."""
    return (*PLACES, *kit.plugin_kinds)


def unknown(kit: Kit) -> tuple[str, ...]:
    """The names of kinds that are stored here and that no code here knows: their plugin is not loaded. Their
    records stay as they are, proven by `verify` and readable by envelope."""
    held = (name.removeprefix(DOC) for name in kit.storage.marks(DOC))
    return tuple(kind for kind in held if kit.codec.class_of(kind) is None)
