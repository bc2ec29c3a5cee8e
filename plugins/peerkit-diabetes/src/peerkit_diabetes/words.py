# SPDX-License-Identifier: Apache-2.0
"""What the module says to people, marked where it is said."""

from __future__ import annotations

from peerkit.texts import _, many

__all__ = ["_", "many"]
