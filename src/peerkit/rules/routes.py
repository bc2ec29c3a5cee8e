# SPDX-License-Identifier: Apache-2.0
"""Nobody falls out unnoticed: whoever is here has a named human, whatever happened in this commit.

Whose a person is follows from what is stored: who walks beside them, who supervises that, who is in
office, who is away. So it is not kept up step by step: whenever one of these changes, it is worked out
anew for the persons it may concern (`kept`), and the route moves if it should read otherwise.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import attrs

from peerkit.hooks import Proposal, Proposed, View
from peerkit.model.base import Record
from peerkit.model.ids import EPOCH
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.program import Appointment
from peerkit.model.relationship import Relationship
from peerkit.model.route import Absence, Leave, Route, Wall
from peerkit.model.work import Task
from peerkit.rules.readable import find, get

R = TypeVar("R", bound=Record)

WELCOME_DAYS = 2
"""By when the named human looks at an enquiry. Own choice, not a published rule."""

MOST_MOVED = 500
"""So many routes move in one commit; for the rest a task asks whoever they go to."""

KEEPERS = ("coordinator", "on-call")
"""The offices that keep people in between, in this order."""

FOREVER = datetime.max.replace(tzinfo=EPOCH.tzinfo)


def first_route(person: Person, holder: str) -> Route:
    """The route of somebody who is new: a coordinator's."""
    return Route.begin(person=person, holder=holder, because="coordinator", fallback=holder)


# -- whose somebody is -----------------------------------------------------------------------------


@attrs.frozen
class _Whose:
    """Whose a person should be, and why."""

    holder: str
    because: str
    fallback: str
    until: datetime | None
    absences: tuple[Absence, ...]

    @classmethod
    def now(cls, route: Route) -> _Whose:
        """What a route says."""
        return cls(route.holder, route.because, route.fallback, route.until, route.absences)


def kept(proposal: Proposal) -> Iterator[Record]:
    """The routes of everybody whom this commit may concern, as they should be now."""
    view = proposal.view
    concerned = dict.fromkeys(_concerned(proposal))
    for person_id in [*concerned][:MOST_MOVED]:
        yield from moved(proposal, person_id)
    if len(concerned) > MOST_MOVED and (whom := keeper(view)):
        yield task(proposal, whom, "routes-left", proposal.new[0].record)


def moved(proposal: Proposal, person_id: str) -> Iterator[Record]:
    """The route of this person, worked out anew: what changes it, and a task for whoever has them now."""
    view = proposal.view
    person, route = get(view, Person, person_id), route_of(view, person_id)
    if person is None:
        return
    if person.state != "here":
        if route is not None and route.open:
            yield route.stop()
        return
    wanted = _wanted(proposal, person, route)
    if wanted is None or (route is not None and route.open and _Whose.now(route) == wanted):
        return  # nobody at all: the check `no-route` objects to whoever is new
    if route is None:
        yield Route.begin(person=person, **attrs.asdict(wanted, recurse=False))
    elif route.open and attrs.evolve(_Whose.now(route), absences=wanted.absences) == wanted:
        yield route.stand_in(absences=wanted.absences)
    else:
        yield route.move(**attrs.asdict(wanted, recurse=False))
        if route.open and route.because == "relationship" and wanted.because != "relationship":
            yield task(
                proposal, wanted.holder, "reassign", _ended_with(view, person.id, route.holder) or route
            )
        elif proposal.tick:
            yield task(proposal, wanted.holder, "yours-now", route)


def _concerned(proposal: Proposal) -> Iterator[str]:
    """Whose route may have to read otherwise after this commit."""
    view = proposal.view
    for person, change in _heads(proposal, Person):
        yield person.id
        if change.before is not None and getattr(change.before, "state", "") != person.state:
            yield from _named_in_routes(view, person.id)
    for relation, change in _heads(proposal, Relationship):
        yield from {relation.person, getattr(change.before, "person", relation.person)}  # filed anew: both
    for role, change in _heads(proposal, PeerSupporter):
        yield from (
            r.person for r in find(view, Relationship, subject=role.person) if r.supporter == role.person
        )
        for supervisor in {role.supervisor, getattr(change.before, "supervisor", "")} - {""}:
            yield from _named_in_routes(view, supervisor)
    for office, change in _heads(proposal, Appointment):
        if change.before is not None:
            yield from _named_in_routes(view, office.person)
    for leave, _ in _heads(proposal, Leave):
        yield from _named_in_routes(view, leave.person)
    for wall, _ in _heads(proposal, Wall):
        yield from (wall.person, wall.human)


def _named_in_routes(view: View, human: str) -> Iterator[str]:
    """The persons whose named human this is, or who stand to be theirs: a cover or a fallback."""
    for route in find(view, Route, subject=human):
        if route.open and route.holder == human:
            yield route.person
    for leave in find(view, Leave, subject=human):
        if leave.cover == human and leave.state == "planned":
            for route in find(view, Route, subject=leave.person):
                if route.open and route.holder == leave.person:
                    yield route.person


def _wanted(proposal: Proposal, person: Person, route: Route | None) -> _Whose | None:
    """Whose the person should be; None if there is nobody left."""
    view = proposal.view
    beside = [
        one
        for one in find(view, Relationship, subject=person.id)
        if one.person == person.id and one.state in {"agreed", "paused"} and supports(view, one.supporter)
    ]
    if beside:
        before = route.holder if route is not None else ""
        one = next((r for r in beside if r.supporter == before), beside[-1])
        apart = apart_from(view, person.id)
        agreed = one.cover not in apart and _here(view, one.cover)
        fallback = one.cover if agreed else keeper(view, but=person.id, apart=apart)
        absences = _absences(view, one.supporter, person.id)
        return _Whose(one.supporter, "relationship", fallback, None, absences)
    for holder, because in _in_between(proposal, person, route):
        stands = _stands_until(view, holder)
        if stands > view.now:
            until = None if stands == FOREVER else stands
            apart = apart_from(view, person.id)
            fallback = keeper(view, but=person.id, apart=apart, after=stands if until else None) or holder
            return _Whose(holder, because, fallback, until, _absences(view, holder, person.id))
    return None


def _in_between(proposal: Proposal, person: Person, route: Route | None) -> Iterator[tuple[str, str]]:
    """Who may have somebody without a supporter: whoever has them, the supporter's supervisor, a keeper."""
    view = proposal.view
    apart = apart_from(view, person.id)
    if route is not None and route.open:
        if route.because != "relationship" and route.holder not in apart:
            yield route.holder, route.because
        elif (supervisor := _supervisor(view, route.holder)) and supervisor not in {person.id, *apart}:
            yield supervisor, "supervisor"
    else:
        for enrolled in proposal.changes:
            if enrolled.record.id == person.id and in_office(view, enrolled.actor, "coordinator"):
                yield enrolled.actor, "coordinator"
    for role in KEEPERS:
        if whom := keeper(view, but=person.id, apart=apart, roles=(role,)):
            yield whom, role


def _absences(view: View, holder: str, person: str) -> tuple[Absence, ...]:
    """The absences of a human that are not over, with who stands in for this person."""
    ahead = sorted(_ahead(view, holder), key=lambda one: (one.starts, one.id))
    return tuple(absence for leave in ahead for absence in _stood_in(view, leave, person))


def _ahead(view: View, human: str) -> list[Leave]:
    """Somebody's own leaves that are not over."""
    found = find(view, Leave, subject=human)
    return [one for one in found if one.person == human and one.state == "planned" and one.ends > view.now]


def _stood_in(view: View, leave: Leave, person: str) -> Iterator[Absence]:
    """One leave, cut where whoever covers falls away themselves: a keeper has the person meanwhile."""
    cover = stands_in(view, leave, person)
    gone = [(one.starts, one.ends) for one in _ahead(view, cover)] if cover == leave.cover else []
    edges = {leave.starts, leave.ends, *(edge for span in gone for edge in span)}
    points = sorted(edge for edge in edges if leave.starts <= edge <= leave.ends)
    for starts, ends in itertools.pairwise(points):
        there = not any(first <= starts < last for first, last in gone)
        who = cover if there else _instead(view, leave, person, cover)
        if who:
            yield Absence(leave=leave.id, cover=who, starts=starts, ends=ends)


def stands_in(view: View, leave: Leave, person: str) -> str:
    """Who stands in for somebody for this person: whom the leave names, unless that is the person
    themselves, somebody kept apart from them, or nobody who is here; then a keeper, if there is one."""
    if leave.cover not in {"", person, *apart_from(view, person)} and _here(view, leave.cover):
        return leave.cover
    return _instead(view, leave, person, leave.cover)


def _instead(view: View, leave: Leave, person: str, otherwise: str) -> str:
    whom = keeper(view, but=leave.person, apart=frozenset({person, *apart_from(view, person)}))
    return whom if whom and whom != leave.person else otherwise


def apart_from(view: View, person: str) -> frozenset[str]:
    """Who is kept apart from somebody by a wall."""
    walls = [one for one in find(view, Wall, subject=person) if one.state == "standing"]
    return frozenset({one.person for one in walls} | {one.human for one in walls}) - {person}


# -- who is there ----------------------------------------------------------------------------------


def _here(view: View, human: str) -> bool:
    person = get(view, Person, human) if human else None
    return person is not None and person.state == "here"


def supports(view: View, human: str) -> bool:
    """Whether somebody is here and supports others."""
    return _here(view, human) and any(
        role.person == human and role.state == "active" for role in find(view, PeerSupporter, subject=human)
    )


def _supervisor(view: View, supporter: str) -> str:
    for role in find(view, PeerSupporter, subject=supporter):
        if role.person == supporter and role.supervisor:
            return role.supervisor
    return ""


def _stands_until(view: View, human: str) -> datetime:
    """Until when a human may be asked for somebody who is not theirs by a relationship: as long as they
    are here and hold an office or supervise a supporter. The epoch, if they may not."""
    if not _here(view, human):
        return EPOCH
    if any(r.supervisor == human and r.state == "active" for r in find(view, PeerSupporter, subject=human)):
        return FOREVER
    held = (a for a in find(view, Appointment, subject=human) if _in_effect(a, view.now))
    return max((a.ends or FOREVER for a in held if a.role != "privacy"), default=EPOCH)


def in_office(view: View, human: str, *roles: str) -> bool:
    """Whether somebody is here and holds one of these offices now."""
    held = find(view, Appointment, subject=human)
    return _here(view, human) and any(a.role in roles and _in_effect(a, view.now) for a in held)


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
    held = [
        office
        for office in find(view, Appointment)
        if office.role in roles
        and _in_effect(office, view.now)
        and (after is None or (office.ends or FOREVER) > after)
        and _here(view, office.person)
    ]
    best = min(
        held,
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


def _in_effect(held: Appointment, now: datetime) -> bool:
    return held.state == "held" and (held.starts or EPOCH) <= now and (held.ends is None or now < held.ends)


# -- what ends with a departure --------------------------------------------------------------------


def gone(proposal: Proposal) -> Iterator[Record]:
    """Who left or died: relationships, role, offices and planned leave end with that, and what was due
    from them is due from somebody else."""
    for person, _ in _heads(proposal, Person):
        if person.state == "here":
            continue
        mine = "died" if person.state == "died" else "stopped_by_person"
        for relation in find(proposal.view, Relationship, subject=person.id):
            if relation.state not in {"ended", "declined"}:
                yield relation.end(ending=mine if relation.person == person.id else "supporter_left")
        for office in find(proposal.view, Appointment, subject=person.id):
            if office.state == "held":
                yield office.end()
        for role in find(proposal.view, PeerSupporter, subject=person.id):
            if role.person == person.id and role.state == "active":
                yield role.end()
        yield from _handed_on(proposal, person.id)


def _handed_on(proposal: Proposal, human: str) -> Iterator[Record]:
    whom = keeper(proposal.view, but=human)
    due = [
        one for one in find(proposal.view, Task, subject=human) if one.owner == human and one.state == "open"
    ]
    for one in due[:MOST_MOVED] if whom and whom != human else ():
        yield one.hand_to(whom)


def stepped_down(proposal: Proposal) -> Iterator[Record]:
    """A supporter who stops: their relationships end with it."""
    for role, _ in _heads(proposal, PeerSupporter):
        if role.state == "ended":
            for relation in find(proposal.view, Relationship, subject=role.person):
                if relation.supporter == role.person and relation.state in {"proposed", "agreed", "paused"}:
                    yield relation.end(ending="supporter_left")


def parted(proposal: Proposal) -> Iterator[Record]:
    """A wall between two who walk together ends that, at once and without a reason."""
    for wall, _ in proposal.of(Wall, "put_up"):
        for relation in find(proposal.view, Relationship, subject=wall.person):
            if {relation.person, relation.supporter} == {wall.person, wall.human} and not _over(relation):
                yield relation.end()


def handed_over(proposal: Proposal) -> Iterator[Record]:
    """Once somebody else and the person have said yes, the relationship that this one follows ends; if one of
    them says no, it goes on as if nobody had asked."""
    for relation, _ in _heads(proposal, Relationship):
        before = get(proposal.view, Relationship, relation.follows) if relation.follows else None
        if before is None or not before.walking or before.person != relation.person:
            continue
        if relation.state == "agreed":
            yield before.end(ending="handed_over")
        elif relation.state == "declined":
            yield relation.end()


def _over(relation: Relationship) -> bool:
    return relation.state in {"ended", "declined"}


# -- who is told -----------------------------------------------------------------------------------


def asked(proposal: Proposal) -> Iterator[Record]:
    """Who waits for a match is somebody's to look at, also after a no; once somebody is proposed, or it ends,
    nobody's any more."""
    for relation, change in _heads(proposal, Relationship):
        view = proposal.view
        given = [
            one
            for one in find(view, Task, subject=relation.person)
            if one.about == relation.id and one.what == "match" and one.state == "open"
        ]
        proposed = getattr(change.before, "state", "") == "proposed"
        route = route_of(view, relation.person)
        if relation.waiting and route is not None and (change.before is None or proposed):
            if not given:
                yield task(proposal, route.holder_at(proposal.now), "match", relation)
        elif not relation.waiting:
            for one in given:
                yield one.done()


def away(proposal: Proposal) -> Iterator[Record]:
    """Who stands in hears of each person: when leave is planned, when somebody falls ill, when another one
    stands in. Who is back has nobody stand in any more."""
    view = proposal.view
    for leave, _ in _heads(proposal, Leave):
        theirs = [r for r in find(view, Relationship, subject=leave.person) if r.supporter == leave.person]
        for person in dict.fromkeys(relation.person for relation in theirs):
            given = [
                one
                for one in find(view, Task, subject=person)
                if one.what == "cover" and one.about == leave.id and one.state == "open"
            ]
            needed = leave.state == "planned" and any(r.person == person and r.walking for r in theirs)
            who = stands_in(view, leave, person) if needed else ""
            if who and all(one.owner != who for one in given):
                yield Task.give(owner=who, what="cover", due=leave.starts, about=leave, person=person)
            for one in given:
                if one.owner != who:
                    yield one.drop()


def task(proposal: Proposal, owner: str, what: str, about: Record) -> Task:
    """Something for a named human to look at, soon."""
    due = proposal.now + timedelta(days=WELCOME_DAYS)
    return Task.give(
        owner=owner, what=what, due=due, about=about, person=getattr(about, "person", "") or None
    )


def route_of(view: View, person: str) -> Route | None:
    """The route of a person, if they ever had one."""
    return next((route for route in find(view, Route, subject=person) if route.person == person), None)


def _ended_with(view: View, person: str, supporter: str) -> Relationship | None:
    """The relationship that the two had."""
    theirs: Iterable[Relationship] = find(view, Relationship, subject=person)
    return next((one for one in theirs if one.person == person and one.supporter == supporter), None)


def _heads(proposal: Proposal, kind: type[R]) -> Iterator[tuple[R, Proposed]]:
    """The newest version of each record of a kind that was changed, beside what it stood on first."""
    first: dict[str, Proposed] = {}
    last: dict[str, R] = {}
    for record, change in proposal.of(kind):
        first.setdefault(record.id, change)
        last[record.id] = record
    for record_id, record in last.items():
        yield record, first[record_id]


ALL = (gone, stepped_down, parted, handed_over, kept, asked, away)
