# SPDX-License-Identifier: Apache-2.0
"""What became of alerts: the course of each, read from its history, and how long it took. No words and no
names; whoever was asked stands here as an id alone.

Reading is one function, `courses`; everything else is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.levels import Level
from peerkit.model.actor import Actor
from peerkit.model.ids import stamp
from peerkit.model.program import Program, Step, program_zone
from peerkit.model.response import SafetyResponse
from peerkit.model.safety import Alert, RiskScreen
from peerkit.model.sending import Delivery
from peerkit.paging import every
from peerkit.ports import Condition, Query, Stored
from peerkit.safety.entitled import hidden_from
from peerkit.safety.ladder import PATH, Rung, due, rungs
from peerkit.safety.lane import SAFETY, derived
from peerkit.safety.raising import OPEN
from peerkit.safety.reading import decoded, get

if TYPE_CHECKING:
    from peerkit.kit import Kit

REACHED = frozenset({"open", "raise_level"})
"""Acts with which an alert comes to a level."""

SPEAKS = REACHED | {"speak_again"}
"""Acts with which rules speak."""

_BY_TIME = frozenset({SAFETY.person, "system:kit"})
"""Who writes what time does to a screen."""

CONCERN = "concern"
UNKNOWN = "unknown"
"""Where an alert came from, if not from an instrument that is known."""


@attrs.frozen(kw_only=True)
class Event:
    """One act of an alert, and how the alert stood then."""

    act: str
    at: datetime
    state: str
    level: str
    rung: str
    round: int
    climbs: int
    asked: bool
    due: datetime | None
    rules: tuple[str, ...]
    """Rules that it names for the first time."""
    by_time: bool
    """Whether nobody did it, but the time that passed."""


@attrs.frozen(kw_only=True)
class Asked:
    """One human, or outside body, who was asked by a notice that a channel took. `shared`: it went with a
    notice about another alert."""

    to: str
    role: str
    at: datetime
    shared: bool


@attrs.frozen(kw_only=True)
class Closed:
    """One closing: as complete or with reasons for what was left undone, and what it came to."""

    at: datetime
    complete: bool
    reasons: tuple[str, ...]
    outcome: str


@attrs.frozen(kw_only=True)
class Course:
    """The course of one alert. `source` is the instrument's id, `concern`, or `unknown`."""

    source: str
    found_late: bool
    events: tuple[Event, ...]
    asked: tuple[Asked, ...] = attrs.field(repr=False)
    closed: tuple[Closed, ...]

    def state_at(self, moment: datetime) -> Event | None:
        """How it stood just before an instant; None: it had not begun."""
        return next((one for one in reversed(self.events) if one.at < moment), None)


@attrs.frozen
class Took:
    """How long something took from `since` on: until `done` (None: it has not come), and until when the
    program's policy wanted it."""

    level: str
    since: datetime
    done: datetime | None
    wanted: datetime

    @property
    def minutes(self) -> float | None:
        """How long, in minutes."""
        return None if self.done is None else (self.done - self.since) / timedelta(minutes=1)

    def late(self, now: datetime) -> bool:
        """Whether it came too late, or did not come although its time is over."""
        return (now if self.done is None else self.done) > self.wanted


# -- reading ---------------------------------------------------------------------------------------------


def courses(kit: Kit, actor: Actor, first: datetime, unreadable: list[str] | None = None) -> Iterator[Course]:
    """The alerts that were open at `first` or had anything done to them since; not those that a concern about
    the actor opened. The ids of those that cannot be read go to `unreadable`."""
    conditions = [(OPEN,), (Condition("state", "==", "closed"), Condition("since", ">=", stamp(first)))]
    for some in conditions:
        for row in every(kit.storage, Query(Alert.kind, some)):
            head = decoded(kit, Alert, row)
            if head is None:
                if unreadable is not None:
                    unreadable.append(row.envelope.id)
            elif actor.person not in hidden_from(kit, head):
                yield _course(kit, head)


def _course(kit: Kit, head: Alert) -> Course:
    screen = get(kit, RiskScreen, head.screen)
    source = CONCERN if head.concern else (screen.instrument if screen is not None else "") or UNKNOWN
    events = tuple(_events(kit, kit.storage.history(Alert.kind, head.id)))
    rungs_of = {one.climbs: one.rung for one in events if one.act == "climb"}
    return Course(
        source=source,
        found_late=head.found_late,
        events=events,
        asked=tuple(_asked(kit, head.id, rungs_of)),
        closed=tuple(_closed(kit, head.id)),
    )


def _events(kit: Kit, history: Iterable[Stored]) -> Iterator[Event]:
    known: set[str] = set()
    for row in history:
        one = decoded(kit, Alert, row)
        if one is None:
            continue
        new = tuple(rule for rule in one.rules if rule not in known)
        known.update(new)
        for line in row.envelope.acts:
            yield Event(
                act=line.name,
                at=row.envelope.at,
                state=one.state,
                level=one.level,
                rung=one.rung,
                round=one.round,
                climbs=one.climbs,
                asked=bool(one.asked),
                due=one.due,
                rules=new if line.name in SPEAKS else (),
                by_time=bool(one.screen) and row.envelope.actor in _BY_TIME,
            )


def _asked(kit: Kit, alert: str, rungs_of: dict[int, str]) -> Iterator[Asked]:
    """Each human once an asking, over however many channels."""
    found: dict[tuple[str, int], Asked] = {}
    for row in every(kit.storage, Query(Delivery.kind, (Condition("about", "==", alert),))):
        one = decoded(kit, Delivery, row)
        if one is not None and one.result == "handed-over":
            made = Asked(
                to=one.to,
                role=rungs_of.get(one.climb, ""),
                at=row.envelope.at,
                shared=bool(one.went_with),
            )
            held = found.get((one.to, one.climb))
            if held is None or (held.at, held.shared) > (made.at, made.shared):
                found[one.to, one.climb] = made
    yield from found.values()


def _closed(kit: Kit, alert: str) -> Iterator[Closed]:
    id_ = derived(alert, "response")
    while kit.storage.get(SafetyResponse.kind, id_) is not None:
        for row in kit.storage.history(SafetyResponse.kind, id_):
            one = decoded(kit, SafetyResponse, row)
            closing = {line.name for line in row.envelope.acts} & {"complete", "close_incomplete"}
            if one is not None and closing:
                reasons = tuple(need.reason for need in one.needs if need.state != "met" and need.reason)
                yield Closed(
                    at=row.envelope.at,
                    complete="complete" in closing,
                    reasons=reasons,
                    outcome=one.outcome,
                )
        id_ = derived(id_, "again")


def policies(kit: Kit) -> tuple[tuple[datetime, Program], ...]:
    """The program's settings, from when on each of them held, oldest first."""
    history = kit.storage.history(Program.kind, kit.program.id)
    return tuple((row.envelope.at, one) for row in history if (one := decoded(kit, Program, row)) is not None)


# -- how long it took ------------------------------------------------------------------------------------


def in_force(policies: Iterable[tuple[datetime, Program]], moment: datetime) -> Program | None:
    """The settings that held at an instant."""
    held: Program | None = None
    for at, program in policies:
        if held is None or at <= moment:
            held = program
    return held


def until_acknowledged(course: Course, place: int, program: Program | None) -> Took:
    """From when the level was reached until a human acknowledged, against the time that the policy gives
    whoever is asked first."""
    reached = course.events[place]
    done = _next(course, place, "acknowledge")
    first = next((one for one in course.events[place:] if one.asked), None)
    return Took(
        reached.level,
        reached.at,
        done.at if done is not None else None,
        _wanted(reached, first.rung if first is not None else "", program),
    )


def until_acted(course: Course, place: int, program: Program | None) -> Took:
    """From when the level was reached until something was done. It is wanted by the deadline that
    acknowledging set; where nobody acknowledged, by that of an acknowledgement just in time."""
    reached, done = course.events[place], _next(course, place, "act_on")
    taken = _next(course, place, "acknowledge")
    wanted = until_acknowledged(course, place, program).wanted if taken is None else taken.at
    minutes = timedelta(minutes=program.action_minutes if program is not None else 60)
    return Took(reached.level, reached.at, done.at if done is not None else None, wanted + minutes)


def _next(course: Course, place: int, act: str) -> Event | None:
    return next((one for one in course.events[place:] if one.act == act), None)


def _wanted(reached: Event, role: str, program: Program | None) -> datetime:
    """Until when the policy wants a level acknowledged: the time of the rung that was asked first (where
    nobody was, of the first one), from when the level was reached; a clock that nobody looked at counts."""
    level = Level(reached.level)
    steps = rungs(level, program.path if program is not None else PATH)
    step: Step = next((one for one in steps if one.role == role), steps[0])
    zone = program_zone(program)
    by = program.today_by if program is not None else "17:00"
    rung = Rung(0, 0, step.role, ("somebody",), step.minutes)
    return due(level, rung, reached.at, first=True, today_by=by, zone=zone)
