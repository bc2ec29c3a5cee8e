# SPDX-License-Identifier: Apache-2.0
"""The one thing that happens in the caller's thread after a commit: an urgent alert is tried at once, for a
few seconds at most."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from peerkit.delivery.carrying import carry
from peerkit.delivery.sending import within
from peerkit.safety.lane import Lease

if TYPE_CHECKING:
    from peerkit.kit import Kit

SECONDS = 3.0
"""How long the caller waits at most. A slower send goes on behind, under the same lease."""


def attempt(kit: Kit, alert_id: str, lease: Lease) -> bool:
    """Climb and send; whether that ended in time. It never raises: the lease runs out, and whoever delivers
    next does it."""

    def work() -> None:
        with suppress(Exception):
            carry(kit, alert_id, lease)

    return within(work, SECONDS)
