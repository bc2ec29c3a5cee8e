# SPDX-License-Identifier: Apache-2.0
"""The escalation path, resolved: who is asked next. Pure functions over facts that were read just now.

Never the person it is about, nor anybody its concern names; whoever raised it, whoever said that they cannot
come, and of a concern whoever another one names and who may read none, only while nobody else is there. A
rung that reaches nobody is passed over at once. At the top it starts again, and adds every coordinator. It
never ends by itself. `talk` alone leaves the path in peace: it stays with one keeper, day by day. A concern
may name a human whom it reaches first: one rung more, in front of the path and of the first round alone
(decision 35).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from peerkit.errors import Malformed
from peerkit.levels import Level
from peerkit.model.program import Appointment, Step
from peerkit.model.route import Leave
from peerkit.model.when import Hours, at_clock

DAY = 24 * 60
FIRST = "first"
"""The rung of whom a concern reaches first, number 0 wherever a concern names one."""

OUTSIDE = "outside:"
"""In front of the name of an outside body, where else the id of a human stands."""

AGAIN = 5
"""Minutes until the next try where nobody at all can be reached. Own choice: soon, and no storm."""

AT_LEAST = 30
"""Minutes that a supervisor has at least for `today`, however late in the day it is. Own choice."""

PATH = tuple(Step(role=role, minutes=10) for role in ("supporter", "supervisor", "on-call", "coordinator"))
"""The path where a program has none, or cannot be read."""

HOLDER = Step(role="holder", minutes=DAY)
KEEPERS = (Step(role="supervisor", minutes=DAY), Step(role="coordinator", minutes=DAY))
"""The rungs of `talk`: whoever holds the screen, then a supervisor, or a coordinator where none can be."""

SUPERVISOR = Step(role="supervisor", minutes=60)
"""The first rung of `today`, before the path."""


@attrs.frozen
class Human:
    """Somebody who might be asked. `addresses` are those that may be used now, `channel:address`."""

    id: str
    addresses: tuple[str, ...] = attrs.field(default=(), repr=False)
    here: bool = True
    quiet: bool = False


@attrs.frozen
class Facts:
    """What the next rung depends on. `moments` is now; where the clock may have jumped ahead, also the last
    instant that is trusted, so that nobody falls off the path because of a wrong clock."""

    moments: tuple[datetime, ...]
    zone: ZoneInfo
    path: tuple[Step, ...] = PATH
    subject: str = ""
    author: str = ""
    first: str = ""
    """Whom the concern reaches first."""
    barred: frozenset[str] = frozenset()
    """Whom a concern about this person, or this concern, names, and whom this concern may be about."""
    resting: frozenset[str] = frozenset()
    """Whom another open concern names: off the rungs that come from a relationship."""
    unable: frozenset[str] = frozenset()
    """Who said that they cannot come, who is kept apart from the person by a wall, and of a concern whoever
    another open one names: they may read none."""
    supporters: tuple[str, ...] = ()
    supervisors: tuple[str, ...] = ()
    offices: tuple[tuple[Appointment, Hours], ...] = ()
    leaves: Mapping[str, tuple[Leave, ...]] = attrs.field(factory=dict)
    humans: Mapping[str, Human] = attrs.field(factory=dict)
    channels: frozenset[str] = frozenset()
    """Channels that have a notifier."""
    silent: frozenset[str] = frozenset()
    """Those whose every notice has just failed."""

    def over(self, channels: frozenset[str]) -> Facts:
        """The same, had the program these channels only."""
        humans = {
            id_: attrs.evolve(
                one, addresses=tuple(a for a in one.addresses if a.partition(":")[0] in channels)
            )
            for id_, one in self.humans.items()
        }
        return attrs.evolve(self, humans=humans, channels=channels)

    def holders(self, role: str) -> tuple[str, ...]:
        """Who holds an office within its hours."""
        return tuple(
            dict.fromkeys(
                office.person
                for office, hours in self.offices
                if office.role == role
                and any(office.in_effect(at) and hours.covers(at, self.zone) for at in self.moments)
            )
        )

    def in_office(self, role: str) -> tuple[str, ...]:
        """Who holds an office, also outside its weekly hours."""
        held = (office for office, _hours in self.offices if office.role == role)
        return tuple(one.person for one in held if any(one.in_effect(at) for at in self.moments))


@attrs.frozen
class Rung:
    """Where an alert goes: `asked` are ids of humans, or `outside:` and a body's name; empty: nobody can be
    reached. `skipped` are the rungs passed over, as `role:reason`."""

    step: int
    round: int
    role: str
    asked: tuple[str, ...]
    minutes: int
    skipped: tuple[str, ...] = ()


@attrs.frozen
class _Pass:
    """How far one goes to reach somebody: over quiet hours, then also to those who were set aside."""

    quiet: bool = False
    spared: bool = False


_PASSES = (_Pass(), _Pass(quiet=True), _Pass(quiet=True, spared=True))


def rungs(level: Level, path: Iterable[Step]) -> tuple[Step, ...]:
    """The rungs of a level: `talk` is whoever holds the screen, and keepers; `today` begins with the
    supervisor, before the path."""
    steps = tuple(path) or PATH
    if level is Level.TALK:
        return (HOLDER, *KEEPERS)
    if level is Level.TODAY:
        return (SUPERVISOR, *steps)
    return steps


def minutes(level: Level, facts: Facts, step: int) -> int:
    """How long a rung of a level has to acknowledge, also one that a path which was changed since has not."""
    steps = _steps(level, facts)
    return steps[min(max(step, 0), len(steps) - 1)].minutes


def _steps(level: Level, facts: Facts) -> tuple[Step, ...]:
    """The rungs of an alert: those of its level, and before them whom its concern reaches first, in the time
    of the rung that they stand before."""
    steps = rungs(level, facts.path)
    if not facts.first or level is Level.TALK:
        return steps
    return (Step(role=FIRST, minutes=steps[0].minutes), *steps)


def by_name(one: str, facts: Facts, *, quiet: bool = True) -> str:
    """Why somebody cannot be asked by name, or nothing: `barred`, `away`, `spared`, `cannot`, `unreachable`,
    or `quiet` where their quiet hours count (`quiet` False). They do not where a human asks who knows them.
    Whoever stands in for them was not named."""
    against = _against(one, facts, related=True, quiet=quiet, spared=False)
    if against:
        return against
    away = any(leave.starts <= at < leave.ends for leave in facts.leaves.get(one, ()) for at in facts.moments)
    return "away" if away else ""


def climb(level: Level, facts: Facts, step: int, round_: int) -> Rung:
    """The rung after `step` (-1: none yet) of this round, or of the next. `talk` stays with its keeper.

    Whom a concern reaches first has a rung of their own unless the path begins with them and nobody else.
    """
    found = _climb(level, facts, step, round_)
    if found.role == FIRST:
        own = _climb(level, facts, 0, round_)
        return own if own.asked == found.asked else found
    return found


def _climb(level: Level, facts: Facts, step: int, round_: int) -> Rung:
    talk = level is Level.TALK
    steps = _talk(facts) if talk else _steps(level, facts)
    named = steps[0].role == FIRST
    places = [(n, round_) for n in range(max(step + 1, 0), len(steps))]
    once = named or (talk and len(steps) > 1)
    places += [(n, round_ + 1) for n in range(1 if once else 0, len(steps))]
    skipped: list[str] = []
    for way in _PASSES:
        skipped = []
        found = _first(steps, places, facts, way, skipped, beside=not talk)
        if found is not None:
            return attrs.evolve(found, skipped=tuple(dict.fromkeys(skipped)))
    return Rung(len(steps) - 1, round_, "", (), AGAIN, tuple(dict.fromkeys(skipped)))


def _talk(facts: Facts) -> tuple[Step, ...]:
    """The rungs of `talk` now: it waits for whoever holds the screen, then day by day for one keeper, and
    rings nobody on call. Where there is no keeper, whoever holds it goes on; where nobody does, the path."""
    keeper = next((one for one in KEEPERS if resolve(one, facts, quiet=True)[0]), None)
    if keeper is not None:
        return (HOLDER, keeper)
    return (HOLDER,) if resolve(HOLDER, facts)[0] else (HOLDER, *(facts.path or PATH))


def _first(
    steps: tuple[Step, ...],
    places: list[tuple[int, int]],
    facts: Facts,
    way: _Pass,
    skipped: list[str],
    *,
    beside: bool,
) -> Rung | None:
    """The first of the places (step and round) that reaches somebody; later on every coordinator `beside`."""
    for number, turn in places:
        one = steps[number]
        asked, why = resolve(one, facts, quiet=way.quiet, spared=way.spared)
        if not asked:
            skipped.append(f"{one.role}:{why}")
            continue
        if turn and beside:  # from the second round on, every coordinator beside
            asked = tuple(dict.fromkeys((*asked, *_coordinators(facts, way))))
        return Rung(number, turn, one.role, asked, one.minutes)
    everybody = _coordinators(facts, way)
    return Rung(0, places[-1][1], "coordinator", everybody, steps[0].minutes) if everybody else None


def _coordinators(facts: Facts, way: _Pass) -> tuple[str, ...]:
    """Every coordinator in office who can be reached, also outside their weekly hours."""
    held = facts.in_office("coordinator")
    return _reached(held, facts, set(), related=False, quiet=way.quiet, spared=way.spared)


def resolve(
    step: Step, facts: Facts, *, quiet: bool = False, spared: bool = False
) -> tuple[tuple[str, ...], str]:
    """Who can be reached on a step now, or nobody and why: `nobody` holds it, or one of `_REASONS`.

    `quiet` asks people in their quiet hours too, `spared` also the author and those who are `unable`.
    """
    if step.role == "outside":
        live = any(address.partition(":")[0] in facts.channels for address in step.reach)
        live = live and OUTSIDE + step.name not in facts.silent
        return ((OUTSIDE + step.name,), "") if live else ((), "unreachable")
    if step.role == FIRST:
        against = by_name(facts.first, facts, quiet=quiet)
        return ((), against) if against else ((facts.first,), "")
    why: set[str] = set()
    if step.role == "holder":
        asked = _reached((facts.author,), facts, why, related=False, quiet=True, spared=True)
    elif step.role == "supporter":
        asked = _reached(facts.supporters, facts, why, related=True, quiet=quiet, spared=spared)
    elif step.role == "supervisor":
        asked = _reached(facts.supervisors, facts, why, related=True, quiet=quiet, spared=spared)
    else:
        asked = ()
    if not asked and step.role in {"supervisor", "on-call", "coordinator"}:
        held = facts.holders(step.role)
        if not held and facts.in_office(step.role):
            why.add("hours")
        asked = _reached(held, facts, why, related=False, quiet=quiet, spared=spared)
    return (asked, "") if asked else ((), next((one for one in _REASONS if one in why), "nobody"))


_REASONS = ("quiet", "unreachable", "spared", "cannot", "barred", "away", "hours")
"""What is told of a step on which something stands against everybody: the first that holds for one of them.
`cannot` is who said so, and who is kept apart by a wall, of which nobody reads here. `hours`: whoever holds
it does so at other times."""


def _reached(
    candidates: Iterable[str], facts: Facts, why: set[str], *, related: bool, quiet: bool, spared: bool
) -> tuple[str, ...]:
    """Those of the candidates, or who covers for them, who can be asked; what stands against the others."""
    found: dict[str, None] = {}
    for candidate in candidates:
        for one in _standing_in(candidate, facts, why):
            against = _against(one, facts, related=related, quiet=quiet, spared=spared)
            if against:
                why.add(against)
            else:
                found[one] = None
    return tuple(found)


def _against(one: str, facts: Facts, *, related: bool, quiet: bool, spared: bool) -> str:
    human = facts.humans.get(one)
    if not one or one == facts.subject or one in facts.barred or (related and one in facts.resting):
        return "barred"
    if human is None or not human.here or not human.addresses or one in facts.silent:
        return "unreachable"
    if not spared and one in facts.unable:
        return "cannot"
    if not spared and one == facts.author:
        return "spared"
    return "quiet" if human.quiet and not quiet else ""


def _standing_in(candidate: str, facts: Facts, why: set[str]) -> Iterator[str]:
    """The candidate, or who covers while they are away, and so on."""
    for at in facts.moments:  # of a clock that may be wrong neither a leave nor its end is believed alone
        if one := stands_in(candidate, facts.leaves, at):
            yield one
        else:
            why.add("away")


def stands_in(one: str, leaves: Mapping[str, tuple[Leave, ...]], at: datetime) -> str:
    """Who is there for somebody at an instant: they, or who covers while they are away, and so on; empty
    where nobody does, or covers go in a ring."""
    seen = set[str]()
    while one and one not in seen:
        seen.add(one)
        away = next((x for x in leaves.get(one, ()) if x.starts <= at < x.ends), None)
        if away is None:
            return one
        one = away.cover
    return ""


def due(level: Level, rung: Rung, now: datetime, *, first: bool, today_by: str, zone: ZoneInfo) -> datetime:
    """Until when a rung has to acknowledge. The first asking for `today` has until the program's hour, or
    if that is past until the local day ends, and half an hour in any case. Not whom a concern reaches first:
    behind them the path has all of its own time."""
    if level is not Level.TODAY or not first or not rung.asked or rung.role == FIRST:
        return now + timedelta(minutes=rung.minutes)
    least = now + timedelta(minutes=AT_LEAST)
    for clock in (today_by, "24:00"):
        try:
            at = at_clock(now, clock, zone)
        except Malformed:
            continue
        if at >= least:
            return at
    return least.astimezone(UTC)
