# SPDX-License-Identifier: Apache-2.0
"""Saying that the store was put back from an older copy or moved, or that nobody could tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from peerkit.delivery.problem import Problem
from peerkit.model.restoration import Restoration
from peerkit.model.safety import Alert
from peerkit.paging import every
from peerkit.ports import Query, Stored
from peerkit.safety.holding import Backlog, backlog, held, restorations
from peerkit.safety.raising import OPEN
from peerkit.texts import Message, _, joined, many

if TYPE_CHECKING:
    from peerkit.kit import Kit

_JOURNAL = {
    "unwritable": _("it cannot be written to: see to its disk, its owner and its mode"),
    "unreadable": _("it cannot be read: see to its owner and mode, or put it aside, and a new one is begun"),
    "foreign": _("it is another program's: name one of this program's own in the URL (journal=)"),
}


def put_back(kit: Kit, now: datetime) -> Iterator[Problem]:
    """The store is held; or its side journal could not tell if it had to be."""
    if held(kit):
        waits = backlog(kit, now)
        count = sum(1 for row in every(kit.storage, Query(Alert.kind, (OPEN,))) if _waits(row, waits))
        yield Problem("held", _held(len(kit.gaps()), count))
    side = kit.side
    if side is None:
        return
    if why := _JOURNAL.get(side.trouble):
        told = _("the side journal, by which a store that was put back is noticed, fails: {why}", why=why)
        yield Problem("journal", told)
    elif side.begun_instead(now):
        told = _(
            "the side journal that there was is gone, and a new one was begun: if the store was put back "
            "from an older copy, nobody can tell what it has forgotten"
        )
        yield Problem("journal-begun", told, grave=False)


def _waits(row: Stored, waits: Backlog) -> bool:
    return row.envelope.position <= waits.position


def _held(gaps: int, alerts: int) -> Message:
    start = _(
        "this store was put back from an older copy, or moved: nothing leaves it but new alarms until a "
        "coordinator has walked what it may have forgotten: `peerkit restored`"
    )
    open_gaps = many("{n} gap is to be walked", "{n} gaps are to be walked", gaps)
    waiting = many(
        "{n} alert from before waits for that, an hour at most",
        "{n} alerts from before wait for that, an hour at most",
        alerts,
    )
    told = [start, open_gaps, *([waiting] if alerts else [])]
    return joined(told, "; ")


def holding(kit: Kit) -> tuple[Message, ...]:
    """What every receipt of a store that is held says."""
    if not kit.feed.last((Restoration.kind,)) or not (found := restorations(kit)):
        return ()
    return (_held(sum(len(one.open) for one in found), 0),)
