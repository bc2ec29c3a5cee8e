# SPDX-License-Identifier: Apache-2.0
"""Who is asked about somebody: a human whom no wall keeps from them, and no open concern about them names.

`routes` says whose a person is, and keeps somebody there whatever happens. A task is less than that: it tells
its owner that there is this person and what is due, so both hold here without exception. Where nobody is
left, nobody is asked: what waits for a day goes on waiting (`reviews`), and a task that lies finds whoever
comes into office (`clock.lying`).
"""

from __future__ import annotations

from collections.abc import Collection

from peerkit.hooks import View
from peerkit.model.glass import BreakGlass
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.response import SafetyResponse
from peerkit.model.safety import Alert, Concern
from peerkit.model.work import PERSONAL, Task
from peerkit.rules import presence, routes
from peerkit.rules.readable import find, get

ROLES = (*presence.KEEPERS, "supervisor", "privacy")
"""The offices that are asked, in this order."""


def keeper_for(view: View, person: str, *, but: Collection[str] = (), roles: tuple[str, ...] = ROLES) -> str:
    """Somebody in office who may be asked about a person: neither they themselves, nor whom a wall keeps
    from them, nor whom an open concern about them names, nor one of `but`; empty if there is nobody."""
    shut = frozenset({person, *but, *_apart(view, person)})
    for role in roles:
        whom = presence.keeper(view, apart=shut, roles=(role,))
        if whom and whom not in shut:
            return whom
    return ""


def asked_about(view: View, person: str, *, but: Collection[str] = ()) -> str:
    """Whoever has a person now, as their route says; else, or where that is somebody who may not be asked,
    a keeper; empty if there is nobody."""
    route = routes.route_of(view, person)
    holder = route.holder_at(view.now) if route is not None and route.open else ""
    if holder and holder not in {person, *but, *_apart(view, person)}:
        return holder
    return keeper_for(view, person, but=but)


def instead(view: View, task: Task, *, but: Collection[str] = (), first: str = "") -> str:
    """Who else may be asked to do a task, `first` if they may: nobody tells of, or reviews, a glass that they
    broke, nor sees to an alert whose concern names them, or to what was done about it. Where that concern is
    erased nobody knows any more whom it named, and nobody else is asked. What is due in person is due from
    nobody else."""
    if task.what in PERSONAL:
        return ""
    glass = get(view, BreakGlass, task.about) if task.about else None
    shut = {*but, *((glass.reader,) if glass is not None else ()), written_by(view, task)} - {""}
    named = _named_in(view, task)
    if named is None:
        return ""
    shut |= named
    if first and first not in {task.person, *shut, *_apart(view, task.person)}:
        return first
    return keeper_for(view, task.person, but=shut)


def _named_in(view: View, task: Task) -> frozenset[str] | None:
    """Whom the concern names, or may be about, whose alert a task is about, or what was done about that; None
    where it is erased, or what leads to it. One that cannot be read names them in its envelope."""
    done = get(view, SafetyResponse, task.about) if task.about else None
    about = task.about if done is None else done.alert
    alert = get(view, Alert, about) if about else None
    if alert is None:
        return frozenset() if done is None else None
    if not alert.concern:
        return frozenset()
    concern = view.get(Concern, alert.concern)
    if concern is None:
        return None
    return frozenset(who for relation, who in concern.subjects if relation in {"names", "maybe"})


CONFIRMING = frozenset({"confirm-death", "confirm-leaving"})
"""Tasks to look whether it is so that somebody died, or wished to go, as somebody else wrote down."""


def written_by(view: View, task: Task) -> str:
    """Who wrote down what a task asks to confirm; empty for every other task."""
    person = get(view, Person, task.person) if task.what in CONFIRMING else None
    envelope = person.trail.envelope if person is not None and person.trail is not None else None
    return "" if envelope is None else str(envelope.actor)


def _apart(view: View, person: str) -> frozenset[str]:
    """Who is asked nothing about a person, also by what cannot be read."""
    if not person:
        return frozenset()
    concerns = view.find(Concern, subject=person, state="open")
    about = [one.subjects for one in concerns if ("about", person) in one.subjects]
    named = frozenset(who for subjects in about for relation, who in subjects if relation == "names")
    return named | presence.apart_from(view, person)


# -- who supervises --------------------------------------------------------------------------------


def supervisors(view: View, human: str) -> list[str]:
    """Who supervises somebody's role of supporting others."""
    roles = find(view, PeerSupporter, subject=human)
    return [r.supervisor for r in roles if r.person == human and r.state == "active" and r.supervisor]


def supervisor_here(view: View, human: str) -> str:
    """Whoever supervises somebody and is here; empty if nobody is."""
    return next((one for one in supervisors(view, human) if presence.here(view, one)), "")
