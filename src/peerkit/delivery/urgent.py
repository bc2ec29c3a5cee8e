# SPDX-License-Identifier: Apache-2.0
"""The one thing that happens in the caller's thread after a commit: an urgent alert is tried at once, for a
few seconds at most."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from peerkit.delivery.carrying import carry
from peerkit.delivery.sending import within
from peerkit.delivery.timekeeping import heartbeat, silent
from peerkit.safety.lane import Lease

if TYPE_CHECKING:
    from peerkit.kit import Kit

SECONDS = 3.0
"""How long the caller waits at most. A slower send goes on behind, under the same lease."""


def attempt(kit: Kit, alert_id: str, lease: Lease) -> bool:
    """Climb and send; whether a notice was handed over in time. It never raises: the lease runs out, and
    whoever delivers next does it."""
    handed: list[int] = []

    def work() -> None:
        with suppress(Exception):
            handed.append(carry(kit, alert_id, lease).handed_over)

    return within(work, SECONDS) and sum(handed) > 0


def delivering(kit: Kit) -> bool:
    """Whether somebody has delivered in the last minutes."""
    with suppress(Exception):
        return not silent(heartbeat(kit), kit.clock.now())
    return False
