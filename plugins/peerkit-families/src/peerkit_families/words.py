# SPDX-License-Identifier: Apache-2.0
"""What the module says to people, marked where it is said. Its translations lie in `texts`."""

from __future__ import annotations

from pathlib import Path

from peerkit.texts import catalogue_of

_ = catalogue_of(Path(__file__).parent / "texts", "peerkit_families")

__all__ = ["_"]
