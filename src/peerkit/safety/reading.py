# SPDX-License-Identifier: Apache-2.0
"""Reading on the way of an alarm: one record that cannot be read is passed over, the rest counts.

Whom a screen or a concern is about stands in its envelope, which is readable also when the body is erased or
was written by a newer peerkit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import attrs

from peerkit.levels import Level
from peerkit.model.base import Record
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.program import Appointment, Program, program_zone
from peerkit.model.relationship import Relationship
from peerkit.model.route import Leave, Route, Wall
from peerkit.model.safety import Alert, Concern, RiskScreen
from peerkit.model.sending import Delivery
from peerkit.model.when import lenient
from peerkit.paging import every
from peerkit.ports import Condition, Query, Stored
from peerkit.safety.ladder import PATH, Facts, Human
from peerkit.safety.lane import with_id

if TYPE_CHECKING:
    from peerkit.kit import Kit

R = TypeVar("R", bound=Record)
OPEN = Condition("state", "==", "open")
HELD = Condition("state", "==", "held")
PLANNED = Condition("state", "==", "planned")
STANDING = Condition("state", "==", "standing")
ACTIVE = Condition("state", "==", "active")


def decoded(kit: Kit, kind: type[R], stored: Stored | None) -> R | None:
    """The record, or None where its body is erased, newer, or does not fit."""
    if stored is None or stored.body is None:
        return None
    try:
        made = kit.codec.decode(stored)
    except Exception:  # noqa: BLE001  # a record that cannot be read stops no alarm
        return None
    if isinstance(made, Alert) and made.level not in set(Level):
        return None  # one that nobody knows is no level: such an alert cannot be read
    return made if isinstance(made, kind) else None


def get(kit: Kit, kind: type[R], id_: str) -> R | None:
    """The newest version of a record, or None."""
    return decoded(kit, kind, kit.storage.get(kind.kind, id_)) if id_ else None


def followed(kit: Kit, person: str) -> str:
    """The person whom this id is now: of a record that was joined with another of theirs, that one's."""
    seen: set[str] = set()
    while person and person not in seen:
        seen.add(person)
        found = get(kit, Person, person)
        person = (found.into if found is not None else "") or person
    return person


def heads(kit: Kit, kind: type[R], *conditions: Condition, about: tuple[str, str] | None = None) -> list[R]:
    """The newest versions of a kind that meet the conditions; `about` narrows to a subject."""
    stored = rows(kit, kind, *conditions, about=about)
    return [made for one in stored if (made := decoded(kit, kind, one)) is not None]


def screens_of(kit: Kit, holder: str) -> list[tuple[RiskScreen, datetime]]:
    """The screens that somebody holds and has not finished, the oldest first, each with when it was begun."""
    found = [
        (screen, _begun(kit, one))
        for one in rows(kit, RiskScreen, OPEN, about=("holder", holder))
        if (screen := decoded(kit, RiskScreen, one)) is not None
    ]
    return sorted(found, key=lambda one: one[0].id)


def _begun(kit: Kit, screen: Stored) -> datetime:
    """When a screen was begun, also one that was filed under somebody else since."""
    if screen.envelope.version == 1:
        return screen.envelope.at
    return min(one.envelope.at for one in kit.storage.history(RiskScreen.kind, screen.envelope.id))


def rows(
    kit: Kit, kind: type[Record], *conditions: Condition, about: tuple[str, str] | None = None
) -> list[Stored]:
    """As `heads`, also what cannot be read."""
    allow = None if about is None else frozenset({about})
    return list(every(kit.storage, Query(kind.kind, conditions, allow=allow)))


def named(kit: Kit, kind: str, id_: str, relation: str) -> tuple[str, ...]:
    """Who stands in this relation to a record, from its envelope alone."""
    stored = kit.storage.get(kind, id_) if id_ else None
    return () if stored is None else tuple(s for r, s in stored.envelope.subjects if r == relation)


def author_of(kit: Kit, alert: Alert) -> str:
    """Who held the screen, or voiced the concern."""
    found = (
        *named(kit, "risk_screen", alert.screen, "holder"),
        *named(kit, "concern", alert.concern, "author"),
    )
    return found[0] if found else ""


def first_of(kit: Kit, alert: Alert) -> str:
    """Whom the alert's concern reaches first; empty where it names nobody."""
    return next(iter(named(kit, "concern", alert.concern, "first")), "")


def barred_from(kit: Kit, alert: Alert) -> frozenset[str]:
    """Who must not be asked, nor take the alert: whom it is or may be about, and whom a concern about them
    names."""
    names = {who for how in ("names", "maybe") for who in named(kit, "concern", alert.concern, how)}
    if alert.person:
        names |= {alert.person, *named_about(kit, alert.person)}
    return frozenset(names)


def named_about(kit: Kit, person: str) -> frozenset[str]:
    """Whom an open concern about somebody names, also one that cannot be read."""
    concerns = rows(kit, Concern, OPEN, about=("about", person)) if person else []
    return frozenset(
        who for one in concerns for relation, who in one.envelope.subjects if relation == "names"
    )


def resting(kit: Kit, people: Iterable[str]) -> frozenset[str]:
    """Those of these people whom an open concern names, whoever it is about: they read none."""
    return frozenset(one for one in people if rows(kit, Concern, OPEN, about=("names", one)))


def shut_out(kit: Kit, person: str) -> frozenset[str]:
    """Who is asked nothing about somebody: they themselves, whom an open concern about them names, and whom a
    wall keeps apart from them."""
    return named_about(kit, person) | apart_from(kit, person) | {person}


def supposed(kit: Kit, alert: Stored) -> Alert:
    """What is known of an alert that cannot be read: whom it is about, from its envelope, and which concern
    it comes from, from its index. So whom that names is known."""
    this, subjects = Condition("id", "==", alert.envelope.id), alert.envelope.subjects
    concerns = (one.envelope for one in rows(kit, Concern))
    found = (
        one.id
        for one in concerns
        if any(relation in {"names", "maybe"} for relation, _ in one.subjects)
        and kit.storage.count(Query(Alert.kind, (this, Condition("concern", "==", one.id))))
    )
    person = next((who for relation, who in subjects if relation == "person"), "")
    concern = next(found, "")
    return with_id(alert.envelope.id, lambda: Alert(level=Level.NOW, person=person, concern=concern))


def apart_from(kit: Kit, person: str) -> frozenset[str]:
    """Who is kept apart from somebody by a wall: asked about them only while nobody else is there."""
    if not person:
        return frozenset()
    found = [w for role in ("person", "human") for w in rows(kit, Wall, STANDING, about=(role, person))]
    return frozenset(human for wall in found for _, human in wall.envelope.subjects) - {person}


CONSOLE = "console"


def local(kit: Kit) -> frozenset[str]:
    """The channels whose notice is seen only where the process runs: the console, which under a timer is
    a log, and otherwise the terminal of whoever raised the alarm. In a sandbox that is where everybody is."""
    program = kit.net.fresh(kit).program
    everywhere = not kit.storage.capabilities.durable or (program is not None and program.sandbox)
    return frozenset() if everywhere else frozenset({CONSOLE})


def handed_over(kit: Kit, about: str, *, climb: int | None = None) -> list[Delivery]:
    """The notices about an alert or a drill that a channel took; of one asking, if `climb` says which."""
    found = heads(kit, Delivery, Condition("about", "==", about))
    return [one for one in found if one.result == "handed-over" and climb in {None, one.climb}]


UNREACHED = (OPEN, Condition("step", ">=", 0), Condition("rung", "==", ""))


def unreached(kit: Kit) -> list[tuple[str, str]]:
    """The open alerts that climbed and now ask nobody: id and reference. From their index, so an alert
    that cannot be read is not among them; delivery speaks for that one."""
    return [(alert.id, alert.reference) for alert in heads(kit, Alert, *UNREACHED)]


def unseen(kit: Kit) -> list[str]:
    """The open alerts whose notices were all shown where the process runs, and nowhere else: nobody was told
    for sure. Their ids. Whoever holds the screen of a `talk` alert is there, and takes no notice."""
    near = local(kit)
    if not near:
        return []
    asked = heads(kit, Alert, OPEN, Condition("step", ">=", 0), Condition("rung", "!=", ""))
    asked = [one for one in asked if one.rung != "holder" or one.climbs]
    return [one.id for one in asked if {told.channel for told in handed_over(kit, one.id)} <= near]


def facts(
    kit: Kit,
    alert: Alert,
    moments: tuple[datetime, ...],
    channels: frozenset[str],
    *,
    author: str | None = None,
) -> Facts:
    """What the alert's next rung depends on, read now. `author` is read too, if the caller does not know."""
    known = kit.net.fresh(kit)
    program = known.program
    zone = program_zone(program)
    author, first = author_of(kit, alert) if author is None else author, first_of(kit, alert)
    barred = barred_from(kit, alert)
    supporters = supporters_of(kit, alert.person, moments[0])
    unsure = {alert.person, *named(kit, "concern", alert.concern, "maybe")}
    supervisors = supervisors_of(kit, (*supporters, author, *sorted(barred - unsure)))
    related = {*supporters, *supervisors, first} - {""}
    officers = frozenset(office.person for office, _ in known.offices)
    people, leaves = _people(kit, (author, *related, *sorted(officers)), officers)
    covers = {leave.cover for found in leaves.values() for leave in found} - {""}
    rest = resting(kit, {*related, *covers, *(one.id for one in people if alert.concern)})
    blind = rest if alert.concern else frozenset()
    return Facts(
        moments=moments,
        zone=zone,
        path=program.path if program is not None and program.path else PATH,
        subject=alert.person,
        author=author,
        first=first,
        barred=barred,
        resting=rest,
        unable=frozenset(alert.unable) | apart_from(kit, alert.person) | blind,
        supporters=supporters,
        supervisors=supervisors,
        offices=known.offices,
        leaves=leaves,
        humans={p.id: human(p, channels, moments[0], program) for p in people},
        channels=channels,
    )


def supporters_of(kit: Kit, person: str, now: datetime) -> tuple[str, ...]:
    """Whose the person is now: the supporters they walk with, else the holder of their route."""
    if not person:
        return ()
    found = [
        r
        for r in heads(kit, Relationship, about=("person", person))
        if r.person == person and r.supporter and r.state in {"agreed", "paused"}
    ]
    if found:
        return tuple(dict.fromkeys(r.supporter for r in sorted(found, key=lambda r: r.state != "agreed")))
    routes = [r for r in heads(kit, Route, about=("person", person)) if r.person == person and r.open]
    return tuple(dict.fromkeys(holder for r in routes if (holder := r.holder_at(now))))


def supervisors_of(kit: Kit, humans: Iterable[str]) -> tuple[str, ...]:
    """Who supervises these humans' roles of supporting others."""
    return tuple(
        dict.fromkeys(
            role.supervisor
            for one in dict.fromkeys(humans)
            if one
            for role in heads(kit, PeerSupporter, ACTIVE, about=("person", one))
            if role.supervisor and role.person == one
        )
    )


def away(kit: Kit, human: str, now: datetime) -> bool:
    """Whether somebody is on leave at this instant."""
    leaves = heads(kit, Leave, PLANNED, about=("person", human))
    return any(leave.starts <= now < leave.ends for leave in leaves)


def _people(
    kit: Kit, wanted: Iterable[str], officers: frozenset[str]
) -> tuple[list[Person], dict[str, tuple[Leave, ...]]]:
    """These people and whoever covers for them, with everybody's leaves. An illness may name anybody: whoever
    neither supports others nor holds an office could take no alarm, and is no cover."""
    people: list[Person] = []
    leaves: dict[str, tuple[Leave, ...]] = {}
    waiting = [one for one in dict.fromkeys(wanted) if one]
    for one in waiting:  # grows while covers are found
        person = get(kit, Person, one)
        if person is not None:
            people.append(person)
        leaves[one] = tuple(
            leave if leave.cover in officers or _supports(kit, leave.cover) else attrs.evolve(leave, cover="")
            for leave in heads(kit, Leave, PLANNED, about=("person", one))
        )
        waiting += [leave.cover for leave in leaves[one] if leave.cover and leave.cover not in waiting]
    return people, leaves


def _supports(kit: Kit, human: str) -> bool:
    return bool(human) and bool(heads(kit, PeerSupporter, ACTIVE, about=("person", human)))


def human(person: Person, channels: frozenset[str], now: datetime, program: Program | None) -> Human:
    """How somebody may be asked now. In a sandbox the console needs no address: everybody is there."""
    usable = [
        one
        for one in person.reach
        if (channel := one.partition(":")[0]) in channels and channel not in person.not_by
    ]
    if CONSOLE in channels and program is not None and program.sandbox:
        usable.append(f"{CONSOLE}:")
    zone = program_zone(program)
    return Human(
        person.id,
        tuple(usable),
        here=person.state == "here",
        quiet=not lenient(person.hours).covers(now, zone),
    )


def asked_in_alarms(kit: Kit, now: datetime) -> dict[str, tuple[str, ...]]:
    """Whom an alarm may ask, by role: who holds an office now, at whatever hour, who supervises, who supports
    others. Whoever covers for one of them is one of them."""
    found: dict[str, dict[str, None]] = {}
    for office in offices_of(kit):
        if office.in_effect(now):
            found.setdefault(office.role, {})[office.person] = None
    for one in heads(kit, PeerSupporter, ACTIVE):
        found.setdefault("supporter", {})[one.person] = None
        if one.supervisor:
            found.setdefault("supervisor", {})[one.supervisor] = None
    return {role: tuple(people) for role, people in found.items()}


def offices_of(kit: Kit) -> list[Appointment]:
    """Every office that is held, within its dates or not."""
    return heads(kit, Appointment, HELD)
