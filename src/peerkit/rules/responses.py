# SPDX-License-Identifier: Apache-2.0
"""What peerkit itself adds to commits, in its order."""

from __future__ import annotations

from peerkit.rules import routes, sharing

ALL = (*routes.ALL, *sharing.ALL)
