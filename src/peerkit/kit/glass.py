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
from peerkit.rules.keepers import asked_about, keeper_for
from peerkit.safety.reading import followed
from peerkit.views import Sight

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

TELL = timedelta(days=1)
REVIEW = timedelta(days=3)
"""By when the person is told, and by when it is reviewed. Own choice, not a published rule."""

REVIEWERS = ("privacy", "coordinator", "supervisor", "on-call")
"""Who is asked for the review, in this order; never the reader, the person, or whom a wall keeps away."""

HELPING = frozenset({"supporter", "cover", "supervisor", *OFFICES})
"""The roles of whoever may break the glass: those who help, never somebody who is only helped."""


def break_glass(kit: Kit, actor: Actor, person: str, reason: str) -> BreakGlass:
    """Open the record of one person to the actor, for the program's `glass_minutes`; of one that was joined
    with another, that one."""
    if not reason.strip():
        raise Malformed("breaking the glass needs a reason", where="break_glass.reason")
    person = followed(kit, person)
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
    # Where nobody else is there, the tasks are the reader's, who may do neither (`rules.glass`): it opens all
    # the same, since it cannot wait, and whoever comes into office is asked too (`rules.clock.lying`).
    view, reader = Sight(kit.storage, kit.codec, now, {}, fetch=kit.heads.get), actor.person
    teller = asked_about(view, person, but=(reader,)) or reader
    reviewer = keeper_for(view, person, but=(reader,), roles=REVIEWERS) or reader

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
    me = kit.heads.get(Person.kind, actor.person)
    here = isinstance(me, Person) and me.state == "here"
    helps = bool(HELPING & grants.roles.keys()) or any(
        role.person == actor.person
        for role in kit._find_all("peer_supporter", about=("person", actor.person), state="active")
    )
    if actor.is_system or not here or not helps or actor.role == "person":
        return Objection("no-right", "who neither supports others nor holds an office breaks no glass")
    if grants.named:
        told = "a concern is open that this actor may not read past: somebody else opens the record"
        return Objection("named", told)
    if person in grants.walled:
        told = "a wall stands between this actor and the person: it would open nothing. Ask somebody else to"
        return Objection("walled", told, Person.kind, person)
    if person == actor.person:
        return Objection("own-record", "nobody breaks the glass of their own record", "person", person)
    return None
