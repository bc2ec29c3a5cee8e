# SPDX-License-Identifier: Apache-2.0
"""A store that was put back from an older copy, or moved, is held: new alarms go as ever, the backlog waits
for a human for an hour, and nothing is let out until one has walked what was forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Objection, Refused
from peerkit.model.restoration import Restoration
from peerkit.ports import Query
from peerkit.safety.lane import BEHIND
from peerkit.safety.reading import HELD, heads

if TYPE_CHECKING:
    from peerkit.kit import Kit

HELD_FOR = timedelta(hours=1)
"""How long the backlog waits for a human at most. Those alerts may have been dealt with in the lost time, and
an alarm for everybody at once teaches people to look away; but one that comes twice is better than one that
never comes. Own choice."""


def held(kit: Kit) -> bool:
    """Whether the store is held, as of now, by whatever process noticed it."""
    if kit.side is not None and kit.side.doubt:
        return True
    kit.feed.look()
    return bool(kit.feed.last((Restoration.kind,))) and bool(
        kit.storage.count(Query(Restoration.kind, (HELD,)))
    )


def refuse_if_held(kit: Kit) -> None:
    """Refused (`held`) for whatever would leave a store that is held."""
    if held(kit):
        told = (
            "this store was put back from an older copy or moved: nothing leaves it until a coordinator has "
            "walked what it may have forgotten (kit.walk_gaps, `peerkit restored`)"
        )
        raise Refused([Objection("held", told)])


def restorations(kit: Kit) -> list[Restoration]:
    """Those that hold the store, oldest first."""
    kit.feed.look()
    if not kit.feed.last((Restoration.kind,)):
        return []
    return sorted(heads(kit, Restoration, HELD), key=lambda one: one.id)


@attrs.frozen
class Backlog:
    """What waits for a human: alerts on which nothing has happened behind this `position` of the feed, and
    screens whose time had run out before `since`. Nothing waits at position 0."""

    position: int = 0
    since: datetime | None = None
    until: datetime | None = None


def backlog(kit: Kit, now: datetime) -> Backlog:
    """What waits now. Nothing does once a human was given the time, nor by a clock that was put back."""
    found = [one for one in restorations(kit) if waits(one, now)]
    if not found:
        return Backlog()
    last = max(found, key=lambda one: one.position)
    return Backlog(last.position, last.since, last.until)


def waits(one: Restoration, now: datetime) -> bool:
    """Whether its backlog still waits."""
    return not one.released and one.since - BEHIND <= now < one.until
