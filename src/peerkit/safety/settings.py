# SPDX-License-Identifier: Apache-2.0
"""Whether a program's settings let an alarm reach somebody at every hour of the year.

An hour that nobody covers is no mistake, it is a fact that must be said: declared in `uncovered`, it is
shown in `NextSteps` and in the agreement. Undeclared it is refused.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from peerkit.codes import is_code
from peerkit.errors import Malformed
from peerkit.levels import Level
from peerkit.model.base import Class, coded, is_address, named, one_of
from peerkit.model.ids import made_at
from peerkit.model.program import LINES, Appointment, Line, Program, Step, program_zone
from peerkit.model.route import Leave
from peerkit.model.when import Hours, clock_minutes, day_minutes, lenient, parse, transitions, zone_of
from peerkit.safety.ladder import stands_in
from peerkit.safety.next_steps import WARM
from peerkit.safety.numbers import reachable, texted
from peerkit.safety.regions import installed, region
from peerkit.texts import Message, _
from peerkit.texts.dates import at

ROLES = ("supporter", "supervisor", "on-call", "coordinator", "outside")
"""What a step of the escalation path may be."""

OFFICES = ("supervisor", "on-call", "coordinator")
"""Steps that an appointment makes live."""

RECEIVING = ("supervisor", "on-call")
"""Offices that may receive what a questionnaire finds: those that read answers. A coordinator reads none."""

YEAR = 366
NO_LEAVES: Mapping[str, tuple[Leave, ...]] = {}
_CLASSES = frozenset(str(one) for one in Class)
LONGEST = 24 * 60


def check(program: Program, appointments: Iterable[Appointment], now: datetime | None = None) -> None:
    """Malformed names the setting that does not fit: zone, times, a region without lines, path, raised rules,
    who receives, uncovered hours.

    The year that is looked at starts `now` (left out: when the program's id was made).
    """
    _times(program)
    _sharing(program)
    _lines(program)
    _path(program)
    _raised(program)
    receivers(program)
    _needed(program)
    if program.sandbox:
        return
    held = [a for a in appointments if a.state == "held"]
    for one in held:
        parse(one.hours, f"appointment {one.id}.hours")
    for hole in holes(program, held, made_at(program.id) if now is None else now):
        if not _declared(program.uncovered, hole, zone_of(program.timezone)):
            local = hole.begins.astimezone(zone_of(program.timezone))
            raise Malformed(
                _(
                    "nobody on the escalation path can be reached from {when}: appoint somebody, or declare "
                    "it in uncovered= as weekly hours (or: always)",
                    when=at(local),
                ),
                where="settings.path",
            )


def _needed(program: Program) -> None:
    from peerkit.model.credential import needs_fault

    if where := needs_fault(program):
        told = "a need is a credential's code, or code:level; alternatives in needs are joined by |"
        raise Malformed(told, where=where)


def supplied(program: Program, channels: Iterable[str], before: Program | None = None) -> None:
    """Malformed names a channel of the settings that nothing here supplies, or an outside body that none of
    those reaches: a notice over it goes to nobody. What was named `before` may stay, since other settings
    change while its plugin is away: `health` says so."""
    known = frozenset(channels)
    stays = frozenset(() if before is None else before.notifiers)
    for number, channel in enumerate(program.notifiers):
        if channel not in known | stays:
            raise Malformed(_unknown(known), where=f"settings.notifiers[{number}]")
    held = frozenset(() if before is None else (one for step in before.path for one in step.reach))
    for number, step in enumerate(program.path):
        there = {one.partition(":")[0] for one in step.reach}
        if step.role == "outside" and not there & known and not held.intersection(step.reach):
            raise Malformed(_unknown(known), where=f"settings.path[{number}].reach")


def _unknown(known: frozenset[str]) -> Message:
    return _(
        "no plugin supplies this channel, so a notice over it reaches nobody; there are {known}",
        known=", ".join(sorted(known)),
    )


def _times(program: Program) -> None:
    if not program.notifiers:
        told = "without a channel no notice reaches anybody: name at least one"
        raise Malformed(told, where="settings.notifiers")
    for number, channel in enumerate(program.notifiers):
        coded(channel, f"settings.notifiers[{number}]")
    zone_of(program.timezone, "settings.timezone")
    clock_minutes(program.today_by, "settings.today_by")
    _minutes(program.action_minutes, "settings.action_minutes")
    if program.digest_at:
        day_minutes(program.digest_at, "settings.digest_at")
    for name in ("supporter_reads_days", "debrief_days"):
        days = getattr(program, name)
        if type(days) is not int or not 0 <= days <= YEAR:
            raise Malformed(_("days are a whole number from 0 to 366"), where=f"settings.{name}")


def _sharing(program: Program) -> None:
    """The settings of the gate and of the broken glass."""
    _minutes(program.glass_minutes, "settings.glass_minutes")
    if type(program.embargo_days) is not int or not 0 <= program.embargo_days <= YEAR:
        raise Malformed(_("days are a whole number from 0 to 366"), where="settings.embargo_days")
    for number, one in enumerate(program.governance):
        where = f"settings.governance[{number}]"
        if one.code:
            coded(one.code, f"{where}.code")
        for field in ("body", "community"):
            named(getattr(one, field), f"{where}.{field}")
    if odd := set(program.implied) - _CLASSES:
        raise Malformed(
            _(
                "no such class of data ({n}); there are {known}",
                n=len(odd),
                known=", ".join(sorted(_CLASSES)),
            ),
            where="settings.implied",
        )


def _path(program: Program) -> None:
    for number, step in enumerate(program.path):
        where = f"settings.path[{number}]"
        if step.role not in ROLES:
            raise Malformed(
                _("a step's role is one of {known}", known=", ".join(ROLES)), where=f"{where}.role"
            )
        _minutes(step.minutes, f"{where}.minutes")
        for text in (step.name, *step.reach):
            _text(text, where)
        if step.role == "outside" and not (step.name.strip() and step.reach):
            raise Malformed(_("an outside body that agreed has a name and a reach"), where=where)
        if not all(map(is_address, step.reach)):
            raise Malformed(_("an address is written as channel:address"), where=f"{where}.reach")


def _lines(program: Program) -> None:
    """Whoever stands beside somebody in danger needs a number to call, which can be called; and the words of
    a duty that is theirs."""
    for number, line in enumerate(program.lines):
        _line(line, f"settings.lines[{number}]")
    for number, duty in enumerate(program.duties):
        for field in ("code", "words", "source", "as_of"):
            _text(getattr(duty, field), f"settings.duties[{number}].{field}")
        if not (duty.code.strip() and duty.words.strip()):
            told = _("a duty has a code, and words that say what it asks")
            raise Malformed(told, where=f"settings.duties[{number}]")
    if region(program.region).lines or any(line.sort != WARM for line in program.lines):
        return
    shipped = ", ".join(code.upper() for code in installed())
    raise Malformed(
        _(
            "peerkit ships no lines to call for this region (it does for {shipped}): give at least one in "
            "lines= that is no warm line, with name and number",
            shipped=shipped,
        ),
        where="settings.region",
    )


def _text(value: object, where: str) -> None:
    """What a file writes without quotes may be a number, a date or a list."""
    if not isinstance(value, str):
        raise Malformed(_('this is text: in a file it stands in quotes, as in "9-8-8"'), where=where)


def _line(line: Line, where: str) -> None:
    for field in ("name", "number", "text", "hours", "source", "as_of", "sort"):
        _text(getattr(line, field), f"{where}.{field}")
    if not line.name.strip():
        raise Malformed(_("whom one calls has a name"), where=f"{where}.name")
    if not reachable(line.number):
        told = _("this is no telephone number, short code (such as 9-8-8) or address on the web (https://…)")
        raise Malformed(told, where=f"{where}.number")
    if line.text and not texted(line.text):
        told = _("one writes to a number or a short code, or sends a word to it (HOME to 741741)")
        raise Malformed(told, where=f"{where}.text")
    if line.sort:
        one_of(line.sort, LINES, f"{where}.sort")
    if line.sort == WARM and not line.hours.strip():
        raise Malformed(_("a warm line says when somebody answers: give its hours"), where=f"{where}.hours")
    if line.as_of:
        _day(line.as_of, f"{where}.as_of")


def _day(text: str, where: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Malformed(_("a day is written as in 2026-11-28"), where=where) from None


@attrs.frozen
class Hole:
    """A time without a live step, in UTC."""

    begins: datetime
    ends: datetime


def holes(
    program: Program,
    appointments: Iterable[Appointment],
    first: datetime,
    days: int = YEAR,
    *,
    leaves: Mapping[str, tuple[Leave, ...]] = NO_LEAVES,
) -> Iterator[Hole]:
    """The times within `days` from `first` at which no step of the path is live, declared or not: nobody
    holds an office, or whoever does is away by their `leaves` and nobody stands in. A zone and an office's
    hours that cannot be read count as an alarm takes them: UTC, and always."""
    zone = program_zone(program)
    roles = {step.role for step in program.path}
    if any(step.role == "outside" and step.reach for step in program.path):
        return
    held = [
        (a, lenient(a.hours)) for a in appointments if a.role in roles & set(OFFICES) and a.state == "held"
    ]
    last = first + timedelta(days=days)
    edges = {first, last, *transitions(first, days, zone)}
    for office, hours in held:
        edges.update(hours.edges(first, days, zone))
        edges.update(edge for edge in (office.starts, office.ends) if edge is not None)
    for leave in itertools.chain.from_iterable(leaves.values()):
        edges.update((leave.starts, leave.ends))
    if program.uncovered:
        edges.update(_declared_hours(program.uncovered).edges(first, days, zone))
    points = sorted(edge for edge in edges if first <= edge <= last)
    for begins, ends in itertools.pairwise(points):
        if not any(
            _live(office, hours, begins, zone) and stands_in(office.person, leaves, begins)
            for office, hours in held
        ):
            yield Hole(begins, ends)


def _live(office: Appointment, hours: Hours, moment: datetime, zone: ZoneInfo) -> bool:
    return office.in_effect(moment) and hours.covers(moment, zone)


def _declared(uncovered: str, hole: Hole, zone: ZoneInfo) -> bool:
    return bool(uncovered) and _declared_hours(uncovered).covers(hole.begins, zone)


def _declared_hours(uncovered: str) -> Hours:
    return parse(uncovered, "settings.uncovered")


def declared_now(program: Program, moment: datetime) -> bool:
    """Whether the program says that nobody covers this instant. Words that are no hours mean: always."""
    if not program.uncovered:
        return False
    return lenient(program.uncovered).covers(moment, program_zone(program))


def raises(program: Program) -> dict[str, dict[str, Level]]:
    """The rules whose level the program raises, by instrument: from `asq.positive=now` in `raised`."""
    made: dict[str, dict[str, Level]] = {}
    for number, line in enumerate(program.raised):
        instrument, rule, level = raised_line(line, number)
        made.setdefault(instrument, {})[rule] = level
    return made


def raised_line(line: object, number: int) -> tuple[str, str, Level]:
    """Instrument, rule and level of one line of `raised`."""
    name, equals, level = str(line).partition("=")
    instrument, dot, rule = name.strip().partition(".")
    named = dot and is_code(instrument) and is_code(rule)
    if not (equals and named and level.strip() in set(Level)):
        raise Malformed(
            _("a raised rule is written like asq.positive=now"), where=f"settings.raised[{number}]"
        )
    return instrument, rule, Level(level.strip())


def _raised(program: Program) -> None:
    """What a program believes to be in force, is: each line names a rule and raises it. Questionnaires that
    do not come with peerkit may follow later; until they do, `health` says that the line raises nothing."""
    from peerkit.instruments import installed as shipped
    from peerkit.instruments import load

    for number, line in enumerate(program.raised):
        instrument, rule, level = raised_line(line, number)
        if instrument in shipped():
            try:
                load(instrument).raised({rule: level})
            except Malformed as fault:
                raise Malformed(fault.sentence, where=f"settings.raised[{number}]") from None


def receivers(program: Program) -> dict[str, str]:
    """Who receives what a questionnaire finds: the office by pack or by instrument, from
    `clinical=supervisor` in `receives`."""
    made: dict[str, str] = {}
    for number, line in enumerate(program.receives):
        where = f"settings.receives[{number}]"
        name, equals, role = (part.strip() for part in str(line).partition("="))
        if not (equals and is_code(name)):
            raise Malformed(_("who receives is written like clinical=supervisor"), where=where)
        if role not in RECEIVING:
            told = _(
                "whoever receives it is one of {known}: an office that reads answers",
                known=", ".join(RECEIVING),
            )
            raise Malformed(told, where=where)
        if name in made:
            raise Malformed(_("this pack or instrument has a receiver already"), where=where)
        made[name] = role
    return made


def steps_of(path: Iterable[Step]) -> tuple[str, ...]:
    """The roles of a path, each once, in their order."""
    return tuple(dict.fromkeys(step.role for step in path))


def _minutes(value: int, where: str) -> None:
    if type(value) is not int or not 1 <= value <= LONGEST:
        raise Malformed(_("minutes are a whole number from 1 to 1440"), where=where)
