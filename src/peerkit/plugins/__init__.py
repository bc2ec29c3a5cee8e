# SPDX-License-Identifier: Apache-2.0
"""Finding, accepting, isolating and listing plugins.

pluggy registers; everything it leaves open is settled here. A plugin is blocked before it is
imported, each step of its loading is guarded for itself, its form is checked before anybody calls it,
and what it is handed is narrowed to the kinds that it declared. See `peerkit.hooks` for the hooks.
"""

from __future__ import annotations

from peerkit.plugins.access import LimitedView, PluginRecord, check_writes, limit, narrow
from peerkit.plugins.finding import GROUP
from peerkit.plugins.manager import Observer, Plugins

__all__ = ["GROUP", "LimitedView", "Observer", "PluginRecord", "Plugins", "check_writes", "limit", "narrow"]
