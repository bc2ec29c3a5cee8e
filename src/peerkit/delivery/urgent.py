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
    """Climb and send; whether somebody was reached in time. It never raises: the lease runs out, and
    whoever delivers next does it."""
    reached: list[bool] = []

    def work() -> None:
        with suppress(Exception):
            reached.append(carry(kit, alert_id, lease).reached)

    return within(work, SECONDS) and any(reached)


def delivering(kit: Kit) -> bool:
    """Whether somebody has delivered in the last minutes."""
    with suppress(Exception):
        return not silent(heartbeat(kit), kit.clock.now())
    return False
