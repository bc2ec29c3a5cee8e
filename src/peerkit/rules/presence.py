# SPDX-License-Identifier: Apache-2.0
"""Who is there: who is here, supports others, is in office, may stand in, and who is kept apart from whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from peerkit.hooks import View
from peerkit.model.ids import EPOCH
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.program import OFFICES, Appointment
from peerkit.model.route import Wall
from peerkit.rules.readable import ends_of, find, get
from peerkit.rules.standing import lapses_at, standing_of

KEEPERS = ("coordinator", "on-call")
"""The offices that keep people in between, in this order."""

FOREVER = datetime.max.replace(tzinfo=EPOCH.tzinfo)


def here(view: View, human: str) -> bool:
    """Whether somebody is here: neither left nor died, and readable."""
    person = get(view, Person, human) if human else None
    return person is not None and person.state == "here"


def all_here(view: View, named: Iterable[str], before: Iterable[str] = ()) -> bool:
    """Whether whoever is named now, and was not `before`, is here."""
    return all(here(view, one) for one in {*named} - {*before, ""})


def supports(view: View, human: str) -> bool:
    """Whether somebody is here and supports others."""
    return here(view, human) and any(
        role.person == human and role.state == "active" for role in find(view, PeerSupporter, subject=human)
    )


def in_office(view: View, human: str, *roles: str) -> bool:
    """Whether somebody is here and holds one of these offices now."""
    return any(office.role in roles for office, _ in held(view, human))


def held(view: View, human: str) -> Iterator[tuple[Appointment, datetime]]:
    """The offices of somebody who is here, as far as they are in effect now, and until when."""
    for office in find(view, Appointment, subject=human) if here(view, human) else ():
        if office.in_effect(view.now):
            yield office, office.ends or FOREVER


def stands_in_until(view: View, human: str) -> datetime:
    """Until when somebody may stand in for another: as long as they hold an office, or support others and
    have what the program needs of those. The epoch, if they may not."""
    until = [ends for office, ends in held(view, human) if office.role in OFFICES]
    if supports(view, human):
        standing = standing_of(view, human)
        until += [] if standing.missing else [lapses_at(view, standing.until) or FOREVER]
    return max(until, default=EPOCH)


def keeper(
    view: View,
    *,
    but: str = "",
    apart: frozenset[str] = frozenset(),
    roles: tuple[str, ...] = KEEPERS,
    after: datetime | None = None,
) -> str:
    """Whoever keeps people in between: a coordinator in office, else whoever is on call; for good rather
    than for a time, and anybody rather than the person themselves (`but`) or who is kept `apart`."""
    offices = [
        office
        for office in find(view, Appointment)
        if office.role in roles
        and office.in_effect(view.now)
        and (after is None or (office.ends or FOREVER) > after)
        and here(view, office.person)
    ]
    best = min(
        offices,
        key=lambda one: (
            one.person == but,
            one.person in apart,
            roles.index(one.role),
            one.ends is not None,
            one.id,
        ),
        default=None,
    )
    return "" if best is None else best.person


def apart_from(view: View, person: str) -> frozenset[str]:
    """Who is kept apart from somebody by a wall; also by one that cannot be read."""
    walls = view.find(Wall, subject=person, state="standing")
    return frozenset(end for wall in walls for end in ends_of(wall)) - {person}
