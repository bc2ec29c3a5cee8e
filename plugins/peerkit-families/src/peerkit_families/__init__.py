# SPDX-License-Identifier: Apache-2.0
"""Family members and caregivers, supported in their own right."""

from __future__ import annotations

from peerkit_families.track import Lacking, gates, lacking

__version__ = "0.1.0"
__all__ = ["Lacking", "gates", "lacking"]
