# SPDX-License-Identifier: Apache-2.0
"""An opened program: `open` gives a `Kit`, a `Session` acts, and every act takes the five steps.

Where to look: `opening` and `founding` (the beginning), `session` (the block of one actor), `steps`
(judging, responding, checking), `committing` and `running` (the commit, and doing it once), `erasing`
and `migrating` (the kit's own work on what is stored).
"""

from peerkit.kit.committing import KIT, Receipt
from peerkit.kit.kit import Kit
from peerkit.kit.opening import accept, open  # noqa: A004  # the design's name
from peerkit.kit.page import Page
from peerkit.kit.session import Session

__all__ = ["KIT", "Kit", "Page", "Receipt", "Session", "accept", "open"]
