# SPDX-License-Identifier: Apache-2.0
"""Alerts that somebody took who has them no more: they died, left, or may not know of them any longer. Nobody
would come before their time is over, and a reminder would reach nobody, or the one complained of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.delivery.timekeeping import Time
from peerkit.errors import StorageError
from peerkit.model.safety import Alert
from peerkit.ports import Condition
from peerkit.safety.lane import SAFETY, again
from peerkit.safety.raising import IN_HAND, forsaken
from peerkit.safety.reading import get, heads

if TYPE_CHECKING:
    from peerkit.delivery.running import Report
    from peerkit.kit import Kit

TAKEN = Condition("state", "in", list(IN_HAND))


def resume(kit: Kit, time: Time, report: Report) -> None:
    """Let them climb again, in this run."""
    for alert in heads(kit, Alert, TAKEN):
        try:
            again(lambda id_=alert.id: _resume(kit, id_, time))  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001  # the other alerts go on
            report.add(f"alert:{alert.id}:{type(error).__name__}")
            report.broken = report.broken or isinstance(error, StorageError)


def _resume(kit: Kit, alert_id: str, time: Time) -> None:
    alert = get(kit, Alert, alert_id)
    if alert is not None and forsaken(kit, alert):
        kit.write([alert.lapse(since=time.present(kit))], actor=SAFETY)
