# SPDX-License-Identifier: Apache-2.0
"""The plugins of this workspace, which are installed beside the core wherever its tests run."""

from __future__ import annotations

import re
from importlib.metadata import entry_points

import pytest

NAMES = sorted(
    point.name
    for point in entry_points(group="peerkit.plugins")
    if point.dist is not None and point.dist.name.startswith("peerkit-")
)
"""Their names, whatever is installed: none, some or all."""

COMMANDS = {"diabetes": "peerkit diabetes", "families": "peerkit families", "hsds": "peerkit directory"}
"""The plugins of this workspace that the documentation of the core names, with the commands that they add."""


def without(text: str) -> None:
    """Skip what types a command of a plugin of this workspace that is not installed."""
    for name, command in COMMANDS.items():
        if name not in NAMES and re.search(rf"^(\w*\$ )?{command}\b", text, re.MULTILINE):
            pytest.skip(f"peerkit-{name} is not installed")


DISABLED = ",".join(NAMES)
"""The value of PEERKIT_DISABLE_PLUGINS that leaves them all out."""
