# SPDX-License-Identifier: Apache-2.0
"""Nobody falls out unnoticed: each person has a named human, and the commit that ends one brings the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from peerkit.hooks import Proposal, View
from peerkit.model.base import Record
from peerkit.model.ids import EPOCH
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.program import Appointment
from peerkit.model.relationship import Absence, Leave, Relationship, Route
from peerkit.model.work import Task

WELCOME_DAYS = 2
"""By when the named human looks at an enquiry. Own choice, not a published rule."""

MOST_MOVED = 500
"""So many routes move with an office in one commit; for the rest a task asks its successor."""


def first_route(person: Person, holder: str) -> Route:
    """The route of somebody who is new: a coordinator's."""
    return Route.begin(person=person, holder=holder, because="coordinator", fallback=holder)


def enrolled(proposal: Proposal) -> Iterator[Record]:
    """A person who is new, or back, gets a named human in the same commit."""
    for person, change in proposal.of(Person, "enrol", "come_back"):
        held = _route(proposal.view, person.id)
        holder = change.actor if _in_office(proposal.view, change.actor) else _keeper(proposal.view)
        if not holder:
            continue  # the check `no-route` objects
        if held is None:
            yield Route.begin(person=person, holder=holder, because="coordinator", fallback=holder)
        elif not held.open:
            yield held.move(holder=holder, because="coordinator", fallback=holder)


def gone(proposal: Proposal) -> Iterator[Record]:
    """Who left or died has no route any more; relationships and offices end with that, and whoever had
    them as their named human gets another."""
    for person, change in proposal.of(Person, "leave", "mark_died"):
        held = _route(proposal.view, person.id)
        if held is not None and held.open:
            yield held.stop()
        ending = "died" if "mark_died" in change.acts else "stopped_by_person"
        for relation in proposal.view.find(Relationship, about=person.id):
            if relation.state != "ended":
                yield relation.end(ending=ending)
        for office in proposal.view.find(Appointment, about=person.id):
            if office.state == "held":
                yield office.end()
        for role in proposal.view.find(PeerSupporter, about=person.id):
            if role.person == person.id and role.state == "active":
                yield role.end()


def vacated(proposal: Proposal) -> Iterator[Record]:
    """An office that ends: the persons whom its holder kept in between go to who keeps them now."""
    for office, _ in proposal.of(Appointment, "end"):
        keeper = _keeper(proposal.view)
        if not keeper or keeper == office.person:
            continue
        kept = [
            route
            for route in proposal.view.find(Route, about=office.person)
            if route.open and office.person in {route.holder, route.fallback}
        ]
        for route in kept[:MOST_MOVED]:
            holder = keeper if route.holder == office.person else route.holder
            yield route.move(
                holder=holder,
                because=route.because,
                fallback=keeper,
                absences=_absences(proposal.view, holder),
            )
        if len(kept) > MOST_MOVED:
            yield _task(proposal, keeper, "routes-left", office)


def moved(proposal: Proposal) -> Iterator[Record]:
    """An agreed relationship takes the route to the supporter; an ending one brings it back."""
    for relation, _ in proposal.of(Relationship):
        route = _route(proposal.view, relation.person)
        if route is None or not route.open:
            continue
        if relation.state == "agreed" and route.holder != relation.supporter:
            keeper = _keeper(proposal.view)
            yield route.move(
                holder=relation.supporter,
                because="relationship",
                fallback=relation.cover or keeper,
                absences=_absences(proposal.view, relation.supporter),
            )
        if relation.state == "ended" and route.holder == relation.supporter:
            yield from _returned(proposal, relation, route)
        if relation.state == "enquiry":
            yield _task(proposal, route.holder, "match", relation)


def _returned(proposal: Proposal, relation: Relationship, route: Route) -> Iterator[Record]:
    supervisor = _supervisor(proposal.view, relation.supporter)
    keeper = supervisor or _keeper(proposal.view)
    if keeper and keeper != route.holder:
        yield route.move(
            holder=keeper,
            because="supervisor" if supervisor else "coordinator",
            fallback=_keeper(proposal.view),
            absences=_absences(proposal.view, keeper),
        )
        yield _task(proposal, keeper, "reassign", relation)


def stepped_down(proposal: Proposal) -> Iterator[Record]:
    """A supporter who stops: their relationships end with it, so their persons' routes move on."""
    for role, _ in proposal.of(PeerSupporter, "step_down", "end"):
        for relation in proposal.view.find(Relationship, about=role.person):
            if relation.supporter == role.person and relation.state in {"proposed", "agreed", "paused"}:
                yield relation.end(ending="supporter_left")


def away(proposal: Proposal) -> Iterator[Record]:
    """Planned leave: the cover hears of each person they will stand in for."""
    for leave, _ in proposal.of(Leave, "plan"):
        for relation in proposal.view.find(Relationship, about=leave.person):
            if relation.supporter == leave.person and relation.state == "agreed":
                yield Task.give(
                    owner=leave.cover, what="cover", due=leave.starts, about=leave, person=relation.person
                )


def stood_in(proposal: Proposal) -> Iterator[Record]:
    """Routes know their holder's absences, so that each reads as the cover's from the first minute on."""
    for leave, _ in proposal.of(Leave):
        absences = _absences(proposal.view, leave.person)
        for route in proposal.view.find(Route, about=leave.person):
            if route.holder == leave.person and route.open and route.absences != absences:
                yield route.stand_in(absences=absences)


def _absences(view: View, holder: str) -> tuple[Absence, ...]:
    """The absences of a human that are not over, with who covers."""
    ahead = [
        one
        for one in view.find(Leave, about=holder)
        if one.person == holder and one.state == "planned" and one.ends > view.now
    ]
    return tuple(
        Absence(leave=one.id, cover=one.cover, starts=one.starts, ends=one.ends)
        for one in sorted(ahead, key=lambda one: (one.starts, one.id))
    )


def _task(proposal: Proposal, owner: str, what: str, about: Record) -> Task:
    due = proposal.now + timedelta(days=WELCOME_DAYS)
    person = getattr(about, "person", "")
    return Task.give(owner=owner, what=what, due=due, about=about, person=person)


def _route(view: View, person: str) -> Route | None:
    for route in view.find(Route, about=person):
        if route.person == person:
            return route
    return None


def _supervisor(view: View, supporter: str) -> str:
    for role in view.find(PeerSupporter, about=supporter):
        if role.person == supporter and role.supervisor:
            person = view.get(Person, role.supervisor)
            return role.supervisor if person is not None and person.state == "here" else ""
    return ""


def _keeper(view: View) -> str:
    """Whoever keeps people in between: a coordinator in office, else whoever is on call."""
    held = [a for a in view.find(Appointment) if a.state == "held" and _now(a, view.now)]
    held = [a for a in held if (person := view.get(Person, a.person)) is not None and person.state == "here"]
    for role in ("coordinator", "on-call"):
        for one in held:
            if one.role == role:
                return one.person
    return ""


def _in_office(view: View, person: str) -> bool:
    return any(
        a.state == "held" and a.role == "coordinator" and _now(a, view.now)
        for a in view.find(Appointment, about=person)
    )


def _now(held: Appointment, now: datetime) -> bool:
    return (held.starts or EPOCH) <= now and (held.ends is None or now < held.ends)


ALL = (enrolled, gone, vacated, moved, stepped_down, away, stood_in)
