# SPDX-License-Identifier: Apache-2.0
"""Breaking the glass: see `Kit.break_glass`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.model.actor import Actor
from peerkit.model.glass import BreakGlass
from peerkit.model.people import Person
from peerkit.model.program import OFFICES
from peerkit.model.work import Task

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

TELL = timedelta(days=1)
REVIEW = timedelta(days=3)
"""By when the person is told, and by when it is reviewed. Own choice, not a published rule."""

HELPING = frozenset({"supporter", "cover", "supervisor", *OFFICES})
"""The roles of whoever may break the glass: those who help, never somebody who is only helped."""


def break_glass(kit: Kit, actor: Actor, person: str, reason: str) -> BreakGlass:
    """Open the record of one person to the actor, for the program's `glass_minutes`."""
    if not reason.strip():
        raise Malformed("breaking the glass needs a reason", where="break_glass.reason")
    grants = kit.grants(actor)
    against = _against(kit, actor, person)
    if against is not None:
        kit.note_refusal(actor, [against], [(BreakGlass.kind, "", ("begin",))])
        raise Refused([against])
    if kit.storage.get(Person.kind, person) is None:
        raise NotFound("there is no person of that id")
    now = kit.clock.now()
    if person in grants.glass:
        for one in kit._find_all(BreakGlass.kind, about=("reader", actor.person), state="open"):
            if isinstance(one, BreakGlass) and one.about == person and one.in_force(now):
                return one
    until = now + timedelta(minutes=kit.program.glass_minutes)
    teller, reviewer = _teller(kit, person), _reviewer(kit, actor.person)

    def make() -> tuple[BreakGlass, Task, Task]:
        glass = BreakGlass.begin(about=person, reader=actor.person, until=until, reason=reason)
        return (
            glass,
            Task.give(owner=teller, what="tell-of-glass", due=now + TELL, about=glass, person=person),
            Task.give(owner=reviewer, what="review-glass", due=now + REVIEW, about=glass, person=person),
        )

    records = kit.new(make)
    kit.write(records, actor=actor)
    stored = kit.storage.get(BreakGlass.kind, records[0].id)
    made = None if stored is None else kit.codec.decode(stored)
    return made if isinstance(made, BreakGlass) else records[0]


def _against(kit: Kit, actor: Actor, person: str) -> Objection | None:
    """What stands against it: who is only helped, whom a concern names, and one's own record."""
    grants = kit.grants(actor)
    helps = bool(HELPING & grants.roles.keys()) or any(
        role.person == actor.person
        for role in kit._find_all("peer_supporter", about=("person", actor.person), state="active")
    )
    if actor.is_system or not helps or actor.role == "person":
        return Objection("no-right", "who neither supports others nor holds an office breaks no glass")
    if grants.named:
        told = "a concern is open that this actor may not read past: somebody else opens the record"
        return Objection("named", told)
    if person == actor.person:
        return Objection("own-record", "nobody breaks the glass of their own record", "person", person)
    return None


def _teller(kit: Kit, person: str) -> str:
    routes = [one for one in kit._find_all("route", about=("person", person)) if one.open]
    return routes[0].holder_at(kit.clock.now()) if routes else kit.whose("a broken glass")


def _reviewer(kit: Kit, reader: str) -> str:
    """Another human than the reader: the privacy contact, else a coordinator, a supervisor, who is on call.
    Where there is nobody else the task says so to the reader, and `review` still refuses them."""
    now = kit.clock.now()
    for role in ("privacy", "coordinator", "supervisor", "on-call"):
        for held in kit._find_all("appointment", role=role, state="held"):
            if held.person != reader and held.in_effect(now):
                return str(held.person)
    return kit.whose("a broken glass")
