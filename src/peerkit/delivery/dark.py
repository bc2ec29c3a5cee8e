# SPDX-License-Identifier: Apache-2.0
"""An alert that this peerkit cannot read: somebody in office is asked all the same, from its envelope and its
index alone, and nobody whom a concern names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.sending import Channels, Notice, notify
from peerkit.delivery.timekeeping import Time
from peerkit.levels import Level
from peerkit.model.program import Step
from peerkit.ports import Stored
from peerkit.safety.ladder import AGAIN, climb
from peerkit.safety.lane import LONGEST_LEASE, SAFETY, Lease, Left
from peerkit.safety.reading import facts, local, supposed

if TYPE_CHECKING:
    from peerkit.delivery.running import Report
    from peerkit.kit import Kit

DARK = "dark:"
"""In front of an alert's id: the mark that says who asks about it, and until when."""

OFFICES = tuple(Step(role=role, minutes=AGAIN) for role in ("coordinator", "on-call", "supervisor"))
"""Who is asked."""


def dark(kit: Kit, row: Stored, usable: Channels, time: Time, report: Report) -> bool:
    """An alert that this peerkit cannot read: its envelope is enough to ask every coordinator, hourly;
    where none of them takes the notice, whoever else is in office, and soon again. Whoever has another
    channel need not wait. Whether it was time."""
    id_ = row.envelope.id
    report.add(f"alert:{id_}:unreadable")
    text = kit.storage.marks(DARK + id_).get(DARK + id_)
    held = Lease.read(text) if text is not None else None
    left = held.left if held is not None else None
    if held is not None and not held.over(time.now) and (left is None or not left.is_for(usable.names)):
        return False
    lease = Lease.take(time.now, LONGEST_LEASE)
    if not kit.storage.mark(DARK + id_, lease.text, expect=text):
        return False
    taken = _ask_offices(kit, row, usable, time, report)
    if taken <= local(kit):
        known = left if held is not None and not held.over(time.now) else None
        left = (known or Left(frozenset())).with_tried(usable.names | local(kit))
        waits = LONGEST_LEASE if taken else timedelta(minutes=AGAIN)
        kit.storage.mark(DARK + id_, Lease.take(time.now, waits, left).text, expect=lease.text)
    return True


def _ask_offices(kit: Kit, row: Stored, usable: Channels, time: Time, report: Report) -> set[str]:
    """Ask the first office of which somebody takes the notice, and every coordinator beside: as any alert in
    its second round, through cover, and nobody whom a concern names. Over which channels they took it."""
    id_, silent = row.envelope.id, set[str]()
    found = facts(kit, supposed(kit, row), time.moments, usable.names)
    found = attrs.evolve(found, path=OFFICES, first="", supervisors=())
    while asked := climb(Level.NOW, attrs.evolve(found, silent=frozenset(silent)), len(OFFICES), 0).asked:
        deliveries = notify(kit, asked, Notice(id_, id_), usable)
        kit.write(deliveries, actor=SAFETY)
        taken = [one.channel for one in deliveries if one.result == "handed-over"]
        report.handed_over += len(taken)
        report.failed += len(deliveries) - len(taken)
        if taken:
            return set(taken)
        silent |= {*asked}
    return set()
