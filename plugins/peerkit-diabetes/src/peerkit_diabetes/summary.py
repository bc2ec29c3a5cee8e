# SPDX-License-Identifier: Apache-2.0
"""One page that a person can bring to their care team, made of what they tick.

Only the person has it printed, and only what is theirs is read for it; whom they let read a notebook or a
page of the log reads that, and prints nothing. It judges nothing: numbers stand as they were noted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs

from peerkit import (
    Actor,
    GoalPlan,
    Kit,
    Malformed,
    NotFound,
    Objection,
    Person,
    PluginError,
    Record,
    Refused,
    Session,
)
from peerkit.paper import Pages
from peerkit.texts import Message, Texts, joined, listed, verbatim
from peerkit_diabetes.labels import READING
from peerkit_diabetes.log import A1C, FEET, GLUCOSE, PRESSURE, DiabetesLog, DiabetesReading
from peerkit_diabetes.notebook import DiabetesNotebook, named
from peerkit_diabetes.numbers import BEYOND, between, ends, written
from peerkit_diabetes.risk import DiabetesRiskCheck
from peerkit_diabetes.templates import id_of
from peerkit_diabetes.units import converted, shown
from peerkit_diabetes.words import _, many

SECTIONS: Mapping[str, Message] = MappingProxyType(
    {
        "goals": _("What I am working on"),
        "other_goals": _("Other goals of mine"),
        "questions": _("My questions"),
        "supports": _("Who and what helps me"),
        "medicines": _("What I take, in my own words"),
        "sick_day": _("My own plan for sick days"),
        "aims": _("My own aims"),
        "readings": _("What I noted"),
        "risk": _("My estimate of a risk of diabetes"),
    }
)
"""What may stand on the page, in its order. Each stands there only if the person ticks it."""

SIZES = (14, 13, 12, 11, 10, 9)
"""Points of the text: the largest with which it is one page."""
HIGH = 52
"""Millimetres of the picture."""


@attrs.frozen
class Section:
    """A part of the page: its heading, lines, and a picture with what it shows."""

    heading: Message
    lines: tuple[Message, ...] = attrs.field(repr=False)
    picture: bytes = attrs.field(default=b"", repr=False)
    shows: Message = attrs.field(default=verbatim(""), repr=False)


def summary_page(
    kit: Kit,
    actor: Actor,
    ticked: Iterable[str],
    *,
    say: Texts,
    days: int = 28,
    fonts: Iterable[str | os.PathLike[str]] = (),
) -> bytes:
    """The page of whoever the actor is, as a PDF. `ticked` names what stands on it (`SECTIONS`), `days` how
    far back readings go; `fonts` are font files for letters that the first font lacks. It is always one page.

    Refused for an actor who is no person, or acts in a role. Malformed where nothing is ticked, where there
    is nothing yet to print, or where it would be more than one page. PluginError without the extra `print`;
    without `chart` there is no picture.
    """
    chosen = tuple(one for one in SECTIONS if one in set(ticked))
    if not chosen or not set(ticked) <= SECTIONS.keys():
        told = _("say what stands on the page, with some of: {names}", names=", ".join(SECTIONS))
        raise Malformed(told, where="summary")
    if not actor.person or actor.role not in {"", "person"}:
        told = _("only the person prints this page: it is theirs, and made of what they alone read")
        raise Refused([Objection("not-theirs", told, "person", "")])
    with kit.session(actor) as s:
        name = s.get(Person, actor.person).name
        made = [one for section in chosen for one in _MADE[section](s, say, days)]
        dark = [SECTIONS[section] for section in chosen if _dark(s, section, days)]
    if not made:
        told = _("what belongs on it cannot be read now: tell a coordinator")
        raise Malformed(told if dark else _("there is nothing yet to stand on it"), where="summary")
    head = [
        _(
            "This is the page of {name}, {day}. Written by the person, not by a clinician.",
            name=name,
            day=kit.program.day(kit.clock.now()),
        )
    ]
    if dark:
        head.append(_("Missing here, since it cannot be read now: {headings}.", headings=listed(dark)))
    for size in SIZES:
        pages, seen = _pages(made, head, say, size, tuple(fonts))
        found = pages.bytes()
        if max(seen, default=1) == 1:
            return found
    told = _("that is more than one page: tick less, or shorten what is long")
    raise Malformed(told, where="summary")


def _pages(
    made: Sequence[Section],
    head: Sequence[Message],
    say: Texts,
    size: int,
    fonts: tuple[str | os.PathLike[str], ...],
) -> tuple[Pages, list[int]]:
    """The page in a size, and the numbers of the pages that it becomes once it is drawn."""
    seen: list[int] = []

    def foot(number: int) -> str:
        seen.append(number)
        return say(_("Written by the person, not by a clinician. No advice on medicine."))

    title = say(_("My page on diabetes"))
    pages = Pages(title, locale=say.locale, extra="print", size=size, foot=foot, fonts=fonts)
    for line in head:
        pages.line(say(line))
    for section in made:
        pages.heading(say(section.heading))
        for line in section.lines:
            pages.line(say(line))
        if section.picture:
            pages.picture(section.picture, say(section.shows), height=HIGH)
    return pages, seen


# -- what stands on it -----------------------------------------------------------------------------------


def _listed(section: str, lines: Iterable[Message]) -> Iterator[Section]:
    if held := tuple(lines):
        yield Section(SECTIONS[section], held)


def _point(*texts: str) -> Message:
    return joined([verbatim("•"), *texts], " ")


def _goals(*, ours: bool) -> Callable[[Session, Texts, int], Iterator[Section]]:
    def made(s: Session, _say: Texts, _days: int) -> Iterator[Section]:
        lines: list[Message] = []
        for plan in s.find(GoalPlan, person=s.actor.person).readable:
            for goal in plan.goals:
                if goal.state != "adopted" or bool(id_of(goal.source)) != ours:
                    continue
                following = [one.words for one in goal.steps if not one.done][:1]
                lines.append(_point(goal.words))
                lines += [joined([verbatim("   "), _("next: {step}", step=one)], "") for one in following]
        yield from _listed("goals" if ours else "other_goals", lines)

    return made


def _notebook(s: Session) -> DiabetesNotebook | None:
    return next(iter(s.find(DiabetesNotebook, person=s.actor.person).readable), None)


def _questions(s: Session, _say: Texts, _days: int) -> Iterator[Section]:
    held = _notebook(s)
    yield from _listed("questions", (_point(one.words) for one in (held.open_questions if held else ())))


def _supports(s: Session, _say: Texts, _days: int) -> Iterator[Section]:
    held = _notebook(s)
    found = held.supports if held else ()
    yield from _listed("supports", (_point(named(one.who, one.helps)) for one in found))


def _written(page: str) -> Callable[[Session, Texts, int], Iterator[Section]]:
    def made(s: Session, _say: Texts, _days: int) -> Iterator[Section]:
        held = _notebook(s)
        text = getattr(held, page) if held else ""
        yield from _listed(page, (verbatim(line) for line in text.splitlines() if line.strip()))

    return made


def _log(s: Session) -> DiabetesLog | None:
    return next(iter(s.find(DiabetesLog, person=s.actor.person).readable), None)


def _aims(s: Session, say: Texts, _days: int) -> Iterator[Section]:
    held = _log(s)
    told = [(READING["what", one.what], ends(one, say.locale)) for one in (held.targets if held else ())]
    yield from _listed("aims", (_("• {what}: {aim}", what=what, aim=aim) for what, aim in told))


def _readings(s: Session, say: Texts, days: int) -> Iterator[Section]:
    kit, held = s.kit, _noted(s, days)[0]
    lines = [line for what in (GLUCOSE, A1C, PRESSURE, FEET) for line in _told(kit, held, what, say)]
    if not lines:
        return
    log = _log(s)
    first = many("In the last {n} day:", "In the last {n} days:", days)
    picture = _picture(kit, held, log, say)
    shows = _("Glucose as I noted it. The pale band, if there is one, is my own aim.")
    yield Section(SECTIONS["readings"], (first, *lines), picture, shows)


def _noted(s: Session, days: int) -> tuple[list[DiabetesReading], bool]:
    """What the person noted in so many days, as it was taken; and whether something of it cannot be read."""
    since, after = s.kit.clock.now() - timedelta(days=days), None
    whose = {"person": s.actor.person, "state": "noted"}
    held: list[DiabetesReading] = []
    dark = False
    while True:
        page = s.find(DiabetesReading, lambda r: r.taken >= since, limit=1000, after=after, **whose)
        held += page.readable
        dark = dark or bool(page.unreadable)
        if (after := page.after) is None:
            return sorted(held, key=lambda one: (one.taken, one.id)), dark


def _told(kit: Kit, held: Sequence[DiabetesReading], what: str, say: Texts) -> Iterator[Message]:
    """One line for all that was noted of something, in the unit of its last number; behind it what stands in
    no span: LO, HI, and what may be in the other unit."""
    mine = [one for one in held if one.what == what]
    if not mine:
        return
    if what == FEET:
        yield from _feet(kit, mine)
        return
    numbers = [one for one in mine if one.value is not None]
    unsure = [one for one in numbers if one.unsure]
    yield _line(kit, mine, [one for one in numbers if not one.unsure], say)
    for unit in dict.fromkeys(one.unit for one in unsure):
        found = [one for one in unsure if one.unit == unit]
        values = [one.value for one in found if one.value is not None]
        low, high = written(min(values), say.locale), written(max(values), say.locale)
        yield many(
            "   {n} number may be in the other unit: {span} as noted, last on {day}",
            "   {n} numbers may be in the other unit: {span} as noted, last on {day}",
            len(found),
            span=verbatim(f"{low} {unit}") if low == high else between(low, high, unit),
            day=kit.program.day(found[-1].taken),
        )
    for sign, shows in BEYOND.items():
        if beyond := [one for one in mine if one.off_scale == sign]:
            yield many(
                "   the meter showed {sign} {n} time, last on {day}",
                "   the meter showed {sign} {n} times, last on {day}",
                len(beyond),
                sign=shows,
                day=kit.program.day(beyond[-1].taken),
            )


def _feet(kit: Kit, mine: Sequence[DiabetesReading]) -> Iterator[Message]:
    last = mine[-1]
    yield _(
        "• {what}: last looked at on {day}, {found}",
        what=READING["what", FEET],
        day=kit.program.day(last.taken),
        found=READING["found", last.found],
    )
    new = [one for one in mine if one.found == "something_new"]
    if new and new[-1] is not last:  # what was seen before is not lost behind the last look
        yield _("   something new on {day}", day=kit.program.day(new[-1].taken))


def _line(
    kit: Kit, mine: Sequence[DiabetesReading], numbers: Sequence[DiabetesReading], say: Texts
) -> Message:
    """How often something was noted, the span of its numbers and what it was last."""
    last, what = mine[-1], mine[-1].what
    given: dict[str, Any] = {"what": READING["what", what], "times": many("{n} time", "{n} times", len(mine))}
    if not numbers:
        return _("• {what}: {times}", **given)
    unit = numbers[-1].unit
    values = [_in(one.value, one.unit, unit) for one in numbers if one.value is not None]
    final = written(values[-1], say.locale, numbers[-1].second)
    if last is not numbers[-1]:  # LO, HI, or one that may be in the other unit
        final = BEYOND.get(last.off_scale, f"{written(last.value, say.locale)} {last.unit}")
    given |= {"final": final, "unit": unit, "day": kit.program.day(last.taken)}
    given |= {"low": written(min(values), say.locale), "high": written(max(values), say.locale)}
    if len(mine) == 1:
        return _("• {what}: {final} {unit} on {day}", **given)
    if what != PRESSURE:
        return _("• {what}: {times}, from {low} to {high} {unit}; last {final} on {day}", **given)
    seconds = [one.second for one in numbers if one.second is not None]
    return _(
        "• {what}: {times}, the upper number from {low} to {high}, the lower one from {least} to {most} "
        "{unit}; last {final} on {day}",
        **given,
        least=written(min(seconds), say.locale),
        most=written(max(seconds), say.locale),
    )


def _picture(kit: Kit, held: Sequence[DiabetesReading], log: DiabetesLog | None, say: Texts) -> bytes:
    """The chart of glucose; nothing where there are fewer than two numbers, or no Matplotlib."""
    if sum(1 for one in held if one.what == GLUCOSE and one.value is not None) < 2:  # a point is no course
        return b""
    from peerkit_diabetes.chart import chart

    targets = log.targets if log else ()
    unit = [one.unit for one in held if one.what == GLUCOSE and one.unit][-1]
    try:
        return chart(
            held,
            GLUCOSE,
            unit=unit,
            targets=targets,
            timezone=kit.program.timezone,
            locale=say.locale,
        )
    except PluginError:
        return b""


def _risk(s: Session, _say: Texts, _days: int) -> Iterator[Section]:
    """The newest estimate; nothing where the program no longer has the very form that was asked."""
    found = s.find(DiabetesRiskCheck, person=s.actor.person, order="-id", limit=1).readable
    for one in found[:1]:
        try:
            result = one.result(s.kit)
        except NotFound:
            return
        taken = None if one.at is None else s.kit.program.day(one.at)
        told = _("{form}, {day}: {found}", form=one.form.upper(), day=taken, found=result.sentences[0])
        yield Section(SECTIONS["risk"], (told,))


def _in(value: Decimal, unit: str, wanted: str) -> Decimal:
    """A number in the unit of a line; as it was noted where that is its own: 3.95 is low, and 4.0 is not."""
    return value if unit == wanted else shown(converted(value, unit, wanted), wanted)


_MADE: Mapping[str, Callable[[Session, Texts, int], Iterator[Section]]] = MappingProxyType(
    {
        "goals": _goals(ours=True),
        "other_goals": _goals(ours=False),
        "questions": _questions,
        "supports": _supports,
        "medicines": _written("medicines"),
        "sick_day": _written("sick_day"),
        "aims": _aims,
        "readings": _readings,
        "risk": _risk,
    }
)

_OF: Mapping[str, type[Record]] = MappingProxyType(
    {
        "goals": GoalPlan,
        "other_goals": GoalPlan,
        **dict.fromkeys(("questions", "supports", "medicines", "sick_day"), DiabetesNotebook),
        "aims": DiabetesLog,
        "risk": DiabetesRiskCheck,
    }
)
"""Of what each section is made, but for the readings of some days."""


def _dark(s: Session, section: str, days: int) -> bool:
    """Whether something that belongs under a heading cannot be read."""
    if section == "readings":
        return _noted(s, days)[1]
    newest = 1 if section == "risk" else 100  # the page has one estimate
    return bool(s.find(_OF[section], person=s.actor.person, order="-id", limit=newest).unreadable)
