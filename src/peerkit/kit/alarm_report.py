# SPDX-License-Identifier: Apache-2.0
"""How alarms went, week by week: how many and from where, how fast somebody had them, how many were none,
and how often humans were called for it, by day and by night. See `Kit.alarm_report`.

Numbers from the history of alerts, responses and deliveries; nobody's words, no person, and of those who
were asked only oneself, or for a coordinator everybody who works here: how often somebody is called at night
is a matter of their sleep.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from peerkit.errors import Malformed, Objection, Refused
from peerkit.kit.showing import SMALL, shown
from peerkit.model.actor import Actor
from peerkit.model.keeping import Read
from peerkit.model.program import Program, program_zone
from peerkit.model.response import FALSE_ALARMS
from peerkit.model.when import day, midnight
from peerkit.safety import courses as read
from peerkit.safety.courses import Asked, Course, Took
from peerkit.safety.ladder import OUTSIDE

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

MAY = ("coordinator", "supervisor")
"""Who may have the report. A supervisor through somebody they supervise is one, as for their alerts."""

NIGHT = (time(22), time(7))
"""From when until when it is night, in the program's zone. Own choice."""

WEEKS = 4
"""How many weeks it goes back where nobody says from when."""

LONGEST = timedelta(days=3 * 366)
DAY_OF_NIGHT = timedelta(hours=12)


@attrs.frozen(kw_only=True)
class Times:
    """How long it took, in minutes from when a level was reached: median, 90th percentile (nearest rank) and
    longest of those that were `done`. Of all `number`, `in_time` and `late` are against the policy that held
    then; `late` counts those that have not come although their time is over, `waiting` the others."""

    number: int = 0
    done: int = 0
    in_time: int = 0
    late: int = 0
    waiting: int = 0
    median: float | None = None
    ninetieth: float | None = None
    longest: float | None = None


@attrs.frozen(kw_only=True)
class Load:
    """How often humans were asked, each asking of one human once; by how many notices (alerts may share
    one); how many of those notices came at night, and in how many nights."""

    asked: int = 0
    notices: int = 0
    at_night: int = 0
    nights: int = 0


@attrs.frozen(kw_only=True)
class Figures:
    """What happened to alerts in a period. `opened`, `raised` and `open_at_end` are by level, `sources` by
    instrument (or `concern`), `rules` by `instrument.rule`; `by_time` came to a level because a question was
    left open. `incomplete` are reasons for what was left undone at closing, `outcomes` what whoever closed
    said that it came to, `unsaid` closings without a word on it; `false_alarms` of the outcomes were no
    alarm. `climbs` are steps of the path that were asked, the first one too, `rounds` beginnings of the path
    anew, `resumed` those that went on since nothing happened after somebody had taken it, `cannot` those
    handed back, `nobody` climbs
    that reached nobody. `to_acknowledge` and `to_act` are by level, `asked` by role."""

    opened: Mapping[str, int]
    raised: Mapping[str, int]
    sources: Mapping[str, int]
    rules: Mapping[str, int]
    by_time: int
    found_late: int
    acknowledged: int
    acted: int
    closed: int
    incomplete: Mapping[str, int]
    outcomes: Mapping[str, int]
    unsaid: int
    false_alarms: int
    open_at_end: Mapping[str, int]
    climbs: int
    rounds: int
    resumed: int
    cannot: int
    nobody: int
    to_acknowledge: Mapping[str, Times]
    to_act: Mapping[str, Times]
    asked: Mapping[str, Load]


@attrs.frozen(kw_only=True)
class Week:
    """One week, Monday to Sunday, or what of it belongs to the period."""

    first: date
    last: date
    figures: Figures


@attrs.frozen(kw_only=True)
class AlarmReport:
    """How alarms went from `first` to `last` (both included, in the program's zone): `whole`, and week by
    week. `mine` is how often who asks was called; `humans` everybody who works here, by id, for a
    coordinator (empty for others). `unreadable` alerts could not be read and are not counted: see
    `kit.health()`. What was erased is counted no more. It is for the program's own use; `to_pass_on` gives
    what may leave it."""

    first: date
    last: date
    timezone: str
    whole: Figures
    weeks: tuple[Week, ...]
    mine: Load
    humans: Mapping[str, Load] = attrs.field(repr=False)
    unreadable: int

    def to_pass_on(self) -> dict[str, object]:
        """Figures of the whole period that may leave the program: no week, no human, no cell below five nor
        one that gives such a cell away (None), and times only of five or more."""
        whole = self.whole
        parts = ("opened", "raised", "sources", "incomplete", "outcomes", "open_at_end")
        made: dict[str, object] = {"first": self.first, "last": self.last, "timezone": self.timezone}
        made |= {name: shown(getattr(whole, name)) for name in parts}
        for name in ("to_acknowledge", "to_act"):
            made[name] = {
                level: attrs.asdict(times)
                for level, times in getattr(whole, name).items()
                if min((n for n in (times.done, times.in_time, times.late, times.waiting) if n), default=0)
                >= SMALL
            }
        return made


def alarm_report(kit: Kit, actor: Actor, since: date | None, until: date | None) -> AlarmReport:
    """See `Kit.alarm_report`."""
    zone = program_zone(kit.program)
    now = kit.clock.now()
    last = kit.program.day(now) if until is None else day(until, "alarm_report")
    first = (
        last - timedelta(days=last.weekday(), weeks=WEEKS - 1)
        if since is None
        else day(since, "alarm_report")
    )
    if last < first:
        raise Malformed("the last day is before the first", where="alarm_report.until")
    if last - first > LONGEST:
        raise Malformed("it reaches over three years at most", where="alarm_report.since")
    roles = kit.grants(actor).roles
    if actor.is_system or not any(roles.get(role) != frozenset() for role in MAY if role in roles):
        raise Refused([Objection("no-right", "the report is for coordinators and supervisors")])
    why = f"alarm report, {first} to {last}"
    kit.write_new(lambda: Read.log(person=(), reader=actor.person, of="alarm_report", records=(), why=why))
    unreadable: list[str] = []
    period = Period(first, last, zone)
    found = tuple(read.courses(kit, actor, period.starts, unreadable))
    policies = read.policies(kit)

    def figures(part: Period) -> Figures:
        return figured(found, part, now, lambda at: read.in_force(policies, at))

    calls = [one for course in found for one in course.asked if period.holds(one.at)]
    here = sorted({one.to for one in calls if not one.to.startswith(OUTSIDE)})
    return AlarmReport(
        first=first,
        last=last,
        timezone=str(zone),
        whole=figures(period),
        weeks=tuple(Week(first=w.first, last=w.last, figures=figures(w)) for w in period.weeks()),
        mine=load([one for one in calls if one.to == actor.person], zone),
        humans={id_: load([one for one in calls if one.to == id_], zone) for id_ in here}
        if roles.get("coordinator", frozenset()) is None
        else {},
        unreadable=len(unreadable),
    )


# -- pure ------------------------------------------------------------------------------------------------


@attrs.frozen
class Period:
    """Days in a zone, both ends included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def starts(self) -> datetime:
        """Its first instant."""
        return midnight(self.first, self.zone)

    @property
    def ends(self) -> datetime:
        """The first instant behind it."""
        return midnight(self.last + timedelta(days=1), self.zone)

    def holds(self, moment: datetime) -> bool:
        """Whether an instant belongs to it."""
        return self.starts <= moment < self.ends

    def weeks(self) -> Iterator[Period]:
        """Its weeks, from Monday; the first and the last may be parts of one."""
        first = self.first
        while first <= self.last:
            last = min(first + timedelta(days=6 - first.weekday()), self.last)
            yield Period(first, last, self.zone)
            first = last + timedelta(days=1)


Policy = Callable[[datetime], Program | None]
"""The settings that held at an instant."""


def figured(found: Iterable[Course], period: Period, now: datetime, policy: Policy) -> Figures:
    """The figures of a period. What happened belongs to the day on which it did; how long something took, to
    the day on which the level was reached."""
    made = _Counting(period, policy)
    for course in found:
        made.happened(course)
        made.closed(course)
        stands = course.state_at(period.ends)
        if stands is not None and stands.state != "closed":
            made.left[stands.level] += 1
        for one in course.asked:
            if period.holds(one.at):
                made.asked.setdefault(one.role, []).append(one)
    return made.figures(now)


@attrs.define
class _Counting:
    """What is counted of a period, alert by alert."""

    period: Period
    policy: Policy
    acts: Counter[str] = attrs.field(factory=Counter)
    opened: Counter[str] = attrs.field(factory=Counter)
    raised: Counter[str] = attrs.field(factory=Counter)
    sources: Counter[str] = attrs.field(factory=Counter)
    rules: Counter[str] = attrs.field(factory=Counter)
    incomplete: Counter[str] = attrs.field(factory=Counter)
    outcomes: Counter[str] = attrs.field(factory=Counter)
    left: Counter[str] = attrs.field(factory=Counter)
    acknowledged: dict[str, list[Took]] = attrs.field(factory=dict)
    acted: dict[str, list[Took]] = attrs.field(factory=dict)
    asked: dict[str, list[Asked]] = attrs.field(factory=dict)

    def happened(self, course: Course) -> None:
        """The acts of one alert."""
        before = 0
        acts = [event for event in course.events if event.act == "act_on"]
        self.acts["acted"] += bool(acts) and self.period.holds(acts[0].at)
        for place, event in enumerate(course.events):
            turned, before = event.round > before, event.round
            if not self.period.holds(event.at):
                continue
            self.acts[event.act] += 1
            self.rules.update(f"{course.source}.{rule}" for rule in event.rules)
            if event.act == "climb":
                self.acts["round"] += turned
                self.acts["nobody"] += not event.asked
            elif event.act in read.REACHED:
                self._reached(course, place)

    def _reached(self, course: Course, place: int) -> None:
        event = course.events[place]
        begins = event.act == "open"
        (self.opened if begins else self.raised)[event.level] += 1
        self.acts["by_time"] += event.by_time
        self.acts["found_late"] += begins and course.found_late
        self.sources[course.source] += begins
        held = self.policy(event.at)
        self.acknowledged.setdefault(event.level, []).append(read.until_acknowledged(course, place, held))
        self.acted.setdefault(event.level, []).append(read.until_acted(course, place, held))

    def closed(self, course: Course) -> None:
        """What was said at its closings."""
        for one in course.closed:
            if self.period.holds(one.at):
                self.incomplete.update(one.reasons)
                self.outcomes.update([one.outcome] if one.outcome else [])
                self.acts["unsaid"] += not one.outcome

    def figures(self, now: datetime) -> Figures:
        """All of it as numbers."""
        acts = self.acts
        return Figures(
            opened=_sorted(self.opened),
            raised=_sorted(self.raised),
            sources=_sorted(self.sources),
            rules=_sorted(self.rules),
            by_time=acts["by_time"],
            found_late=acts["found_late"],
            acknowledged=acts["acknowledge"],
            acted=acts["acted"],
            closed=acts["close"],
            incomplete=_sorted(self.incomplete),
            outcomes=_sorted(self.outcomes),
            unsaid=acts["unsaid"],
            false_alarms=sum(self.outcomes[code] for code in FALSE_ALARMS),
            open_at_end=_sorted(self.left),
            climbs=acts["climb"],
            rounds=acts["round"],
            resumed=acts["lapse"],
            cannot=acts["cannot"],
            nobody=acts["nobody"],
            to_acknowledge={level: times(each, now) for level, each in sorted(self.acknowledged.items())},
            to_act={level: times(each, now) for level, each in sorted(self.acted.items())},
            asked={role: load(each, self.period.zone) for role, each in sorted(self.asked.items())},
        )


def _sorted(counted: Counter[str]) -> dict[str, int]:
    return {code: n for code, n in sorted(counted.items()) if n}


def times(each: Iterable[Took], now: datetime) -> Times:
    """What these took, as numbers."""
    every = list(each)
    done = sorted(minutes for one in every if (minutes := one.minutes) is not None)
    late = sum(one.late(now) for one in every)
    waiting = sum(one.done is None and not one.late(now) for one in every)
    if not done:
        return Times(number=len(every), late=late, waiting=waiting)
    return Times(
        number=len(every),
        done=len(done),
        in_time=len(every) - late - waiting,
        late=late,
        waiting=waiting,
        median=round(statistics.median(done), 1),
        ninetieth=round(done[math.ceil(len(done) * 0.9) - 1], 1),
        longest=round(done[-1], 1),
    )


def load(each: Iterable[Asked], zone: ZoneInfo) -> Load:
    """How often, and how much of it at night."""
    every = list(each)
    notices = [one.at.astimezone(zone) for one in every if not one.shared]
    at_night = [at for at in notices if at.time() >= NIGHT[0] or at.time() < NIGHT[1]]
    return Load(
        asked=len(every),
        notices=len(notices),
        at_night=len(at_night),
        nights=len({(at - DAY_OF_NIGHT).date() for at in at_night}),
    )
