# SPDX-License-Identifier: Apache-2.0
"""The plugins of this workspace, which are installed beside the core wherever its tests run."""

from __future__ import annotations

from importlib.metadata import entry_points

NAMES = sorted(
    point.name
    for point in entry_points(group="peerkit.plugins")
    if point.dist is not None and point.dist.name.startswith("peerkit-")
)
"""Their names, whatever is installed: none, some or all."""

DISABLED = ",".join(NAMES)
"""The value of PEERKIT_DISABLE_PLUGINS that leaves them all out."""
