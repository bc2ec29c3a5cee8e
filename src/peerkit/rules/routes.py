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
from peerkit.model.credential import Credential
from peerkit.model.ids import EPOCH
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.program import Appointment, Program
from peerkit.model.relationship import Relationship
from peerkit.model.route import Absence, Leave, Route, Wall
from peerkit.model.work import Task
from peerkit.rules.presence import (
    FOREVER,
    KEEPERS,
    apart_from,
    held,
    here,
    in_office,
    keeper,
    stands_in_until,
    supports,
)
from peerkit.rules.readable import find, get
from peerkit.rules.standing import lapses_at, standing_of

R = TypeVar("R", bound=Record)

WELCOME_DAYS = 2
"""By when the named human looks at an enquiry. Own choice, not a published rule."""

MOST_MOVED = 500
"""So many routes move in one commit; for the rest a task asks whoever they go to."""

MEANWHILE = "yours-meanwhile"
"""The task of whoever has a person while a credential of their supporter has lapsed."""


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
        yield from _heard(
            proposal, route, wanted
        )  # first: an answer that is cut short is told twice, not never
        yield route.move(**attrs.asdict(wanted, recurse=False))


def _heard(proposal: Proposal, route: Route, wanted: _Whose) -> Iterator[Record]:
    """Whoever has somebody now hears of it: for good, or while a credential of the supporter has lapsed."""
    view = proposal.view
    if wanted.because == "relationship":
        for given in find(view, Task, subject=route.person, state="open"):
            if given.what == MEANWHILE and route.because != "relationship":
                yield given.done()
    elif route.open and route.because == "relationship":
        lapsed = [one for one in _beside(view, route.person) if one.supporter == route.holder]
        about = lapsed[0] if lapsed else _ended_with(view, route.person, route.holder) or route
        yield task(proposal, wanted.holder, MEANWHILE if lapsed else "reassign", about)
    elif proposal.tick:
        yield task(proposal, wanted.holder, "yours-now", route)


def _concerned(proposal: Proposal) -> Iterator[str]:
    """Whose route may have to read otherwise after this commit."""
    view = proposal.view
    for person, change in heads(proposal, Person):
        yield person.id
        if change.before is not None and getattr(change.before, "state", "") != person.state:
            yield from _named_in_routes(view, person.id)
    for relation, change in heads(proposal, Relationship):
        yield from {relation.person, getattr(change.before, "person", relation.person)}  # filed anew: both
    for role, change in heads(proposal, PeerSupporter):
        yield from (
            r.person for r in find(view, Relationship, subject=role.person) if r.supporter == role.person
        )
        for human in {role.person, role.supervisor, getattr(change.before, "supervisor", "")} - {""}:
            yield from _named_in_routes(view, human)
    for office, change in heads(proposal, Appointment):
        if change.before is not None:
            yield from _named_in_routes(view, office.person)
    for leave, _ in heads(proposal, Leave):
        yield from _named_in_routes(view, leave.person)
    for wall, _ in heads(proposal, Wall):
        yield from (wall.person, wall.human)
    yield from _with_credentials(proposal)


def _with_credentials(proposal: Proposal) -> Iterator[str]:
    """Whose supporter's credentials changed, or what the program needs of supporters; also where such a one
    only covers for somebody."""
    view = proposal.view
    for credential, change in heads(proposal, Credential):
        # Filed anew, it is no more whose it was.
        for holder in {credential.person, getattr(change.before, "person", credential.person)}:
            for relation in find(view, Relationship, subject=holder):
                if relation.supporter == holder and relation.walking:
                    yield relation.person
            yield from _named_in_routes(view, holder)
    for program, change in heads(proposal, Program):
        before = change.before
        if isinstance(before, Program) and _needs(before) != _needs(program):
            yield from (one.person for one in find(view, Relationship, state=("agreed", "paused")))
            for leave in find(view, Leave, state="planned"):
                yield from _named_in_routes(view, leave.person)


def _needs(program: Program) -> tuple[object, ...]:
    return program.needs, program.recognizes, program.timezone


def _named_in_routes(view: View, human: str) -> Iterator[str]:
    """The persons whose named human this is, or who stand to be theirs: a cover or a fallback."""
    for route in (*find(view, Route, subject=human), *find(view, Route, fallback=human)):
        if route.open and human in {route.holder, route.fallback}:
            yield route.person
    for leave in find(view, Leave, subject=human):
        if leave.cover == human and leave.state == "planned":
            for route in find(view, Route, subject=leave.person):
                if route.open and route.holder == leave.person:
                    yield route.person


def _wanted(proposal: Proposal, person: Person, route: Route | None) -> _Whose | None:
    """Whose the person should be; None if there is nobody left."""
    view = proposal.view
    if (found := _by_relationship(view, person.id, route)) is not None:
        return found
    for holder, because in _in_between(proposal, person, route):
        stands = _stands_until(view, holder)
        if stands > view.now:
            until = None if stands == FOREVER else stands
            apart = apart_from(view, person.id)
            fallback = keeper(view, but=person.id, apart=apart, after=stands if until else None) or holder
            return _Whose(holder, because, fallback, until, _absences(view, holder, person.id))
    return None


def _by_relationship(view: View, person: str, route: Route | None) -> _Whose | None:
    """The supporter who walks beside them and has what the program needs, until that lapses. Whoever has them
    keeps them though the program came to need more than they ever had; nobody else gets them so."""
    before = route.holder if route is not None else ""
    theirs = before if route is not None and route.because == "relationship" else ""
    stands = {one.id: (one, standing_of(view, one.supporter)) for one in _beside(view, person)}
    beside = [
        one
        for one, standing in stands.values()
        if not standing.missing or (one.supporter == theirs and not standing.lapsed)
    ]
    if not beside:
        return None
    one = next((r for r in beside if r.supporter == before), beside[-1])
    apart = apart_from(view, person)
    until = lapses_at(view, stands[one.id][1].until)
    fallback = one.cover if stands_in_until(view, one.cover) > view.now else ""
    if until is not None:  # then it reads at once as what the next tick will make of it
        fallback = _supervisor(view, one.supporter)
        if fallback and _stands_until(view, fallback) <= view.now:
            fallback = ""
    if fallback in {"", person, *apart}:
        fallback = keeper(view, but=person, apart=apart) or one.supporter  # better than nobody
    absences = _absences(view, one.supporter, person)
    return _Whose(one.supporter, "relationship", fallback, until, absences)


def _beside(view: View, person: str) -> list[Relationship]:
    """The relationships in which somebody walks beside a person and supports others."""
    return [
        one
        for one in find(view, Relationship, subject=person)
        if one.person == person and one.walking and supports(view, one.supporter)
    ]


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
    gone: list[tuple[datetime, datetime]] = []
    if cover == leave.cover:
        gone = [(one.starts, one.ends) for one in _ahead(view, cover)]
        gone += [(stands_in_until(view, cover), FOREVER)]
    edges = {leave.starts, leave.ends, *(edge for span in gone for edge in span)}
    points = sorted(edge for edge in edges if leave.starts <= edge <= leave.ends)
    for starts, ends in itertools.pairwise(points):
        there = not any(first <= starts < last for first, last in gone)
        who = cover if there else _instead(view, leave, person, cover)
        if who:
            yield Absence(leave=leave.id, cover=who, starts=starts, ends=ends)


def stands_in(view: View, leave: Leave, person: str) -> str:
    """Who stands in for somebody for this person: whom the leave names, unless that is the person
    themselves, somebody kept apart from them, or nobody who may; then who supervises the one who is away,
    else a keeper, if there is one."""
    able = stands_in_until(view, leave.cover) > view.now
    if able and leave.cover not in {person, *apart_from(view, person)}:
        return leave.cover
    return _instead(view, leave, person, "")


def _instead(view: View, leave: Leave, person: str, otherwise: str) -> str:
    supervisor = _supervisor(view, leave.person)
    away = any(one.starts < leave.ends and leave.starts < one.ends for one in _ahead(view, supervisor))
    if here(view, supervisor) and not away and supervisor not in {person, *apart_from(view, person)}:
        return supervisor
    whom = keeper(view, but=leave.person, apart=frozenset({person, *apart_from(view, person)}))
    return whom if whom and whom != leave.person else otherwise


# -- who supervises ----------------------------------------------------------------------------------


def _supervisor(view: View, supporter: str) -> str:
    for role in find(view, PeerSupporter, subject=supporter):
        if role.person == supporter and role.supervisor:
            return role.supervisor
    return ""


def _stands_until(view: View, human: str) -> datetime:
    """Until when a human may be asked for somebody who is not theirs by a relationship: as long as they
    are here and hold an office or supervise a supporter. The epoch, if they may not."""
    if not here(view, human):
        return EPOCH
    if any(r.supervisor == human and r.state == "active" for r in find(view, PeerSupporter, subject=human)):
        return FOREVER
    return max((ends for office, ends in held(view, human) if office.role != "privacy"), default=EPOCH)


# -- for other rules --------------------------------------------------------------------------------


def task(proposal: Proposal, owner: str, what: str, about: Record) -> Task:
    """Something for a named human to look at, soon."""
    due = proposal.now + timedelta(days=WELCOME_DAYS)
    whose = about.id if isinstance(about, Person) else getattr(about, "person", "")
    return Task.give(owner=owner, what=what, due=due, about=about, person=whose or None)


def route_of(view: View, person: str) -> Route | None:
    """The route of a person, if they ever had one."""
    return next((route for route in find(view, Route, subject=person) if route.person == person), None)


def _ended_with(view: View, person: str, supporter: str) -> Relationship | None:
    """The relationship that the two had."""
    theirs: Iterable[Relationship] = find(view, Relationship, subject=person)
    return next((one for one in theirs if one.person == person and one.supporter == supporter), None)


def heads(proposal: Proposal, kind: type[R]) -> Iterator[tuple[R, Proposed]]:
    """The newest version of each record of a kind that was changed, beside what it stood on first."""
    first: dict[str, Proposed] = {}
    last: dict[str, R] = {}
    for record, change in proposal.of(kind):
        first.setdefault(record.id, change)
        last[record.id] = record
    for record_id, record in last.items():
        yield record, first[record_id]
