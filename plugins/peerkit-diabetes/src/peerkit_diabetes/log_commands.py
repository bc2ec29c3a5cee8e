# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes log …` and `note`: the person's own. Numbers come from the keyboard or standard input,
never from an argument, which a shell would keep."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peerkit import Decision, Session, commands
from peerkit.errors import Malformed
from peerkit.texts import Message, joined, verbatim
from peerkit_diabetes import units
from peerkit_diabetes.log import (
    FEET,
    FOUND,
    GLUCOSE,
    MOMENTS,
    PRESSURE,
    UNITS,
    WHATS,
    DiabetesLog,
    DiabetesPage,
    DiabetesReading,
)
from peerkit_diabetes.noting import facts_for
from peerkit_diabetes.noting import note as noted
from peerkit_diabetes.words import _

if TYPE_CHECKING:
    from decimal import Decimal

    from peerkit import Kit

UNWATCHED = _(
    "Nobody is told of a dangerous value. If you want that, switch it on: `peerkit diabetes log watch`."
)

NUMBERS = tuple(what for what in WHATS if what != FEET)


@click.command()
@commands.listing
@click.pass_obj
def on(app: commands.App) -> None:
    """Begin your own log, or go on with it. Nobody reads it but you."""
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            held = s.find(DiabetesLog, person=actor.person).readable
            saved = s.save(held[0].turn_on_again() if held else DiabetesLog.turn_on(person=actor.person))
        commands.told(app, saved, "turn_on_again" if held else "turn_on", s.receipt)
        if not app.as_json:
            commands.line(UNWATCHED)


@click.command()
@commands.deciding
@click.pass_obj
def off(app: commands.App, *, decided: commands.Decided) -> None:
    """Stop keeping it. What you noted stays yours; nobody is told of anything any more."""
    commands.do(app, DiabetesLog, "", "turn_off", decided)


@click.command()
@click.argument("what", type=click.Choice(WHATS))
@click.option("--at", metavar="WHEN", help="When it was, such as 2027-03-01T07:30-05:00; now, if left out.")
@click.option("--moment", type=click.Choice(MOMENTS[1:]), help="When glucose was measured.")
@click.option("--yes", is_flag=True, help="An unusual number is right.")
@commands.listing
@click.pass_obj
def note(app: commands.App, *, what: str, at: str | None, moment: str | None, yes: bool) -> None:
    """Note WHAT you measured or saw, and read the plain facts that belong to it.

    Type the number with its unit, such as 5.7 mmol/L or 103 mg/dL, LO or HI if that is what the meter shows,
    128/82 mmHg for blood pressure; for feet say whether there is something new.

    Ends with 6 if somebody is to be told of it and nobody could be told yet.
    """
    typed = commands.words(_ASKED[what])
    with app.kit() as kit:
        actor = app.actor(kit)
        taken = kit.clock.now() if at is None else commands.instant(at, "--at")
        with kit.session(actor) as s:
            log = commands.pick(s, DiabetesLog, "", states={"on"})
        reading = DiabetesReading.note(log, what, taken=taken, moment=moment or "", **_read(what, typed))
        _sure(reading, yes=yes)
        facts = facts_for(reading)
        if not app.as_json:  # first: they are needed most where what follows fails
            for fact in facts:
                commands.line(fact)
        found = noted(kit, reading, actor=actor)
    if app.as_json:
        saved = {"kind": reading.kind, "id": reading.id, "version": found.reading.version, "act": "note"}
        commands.emit({**saved, "facts": facts, "alarm": found.steps})
    else:
        commands.told(app, found.reading, "note", None)
        if found.steps is not None:
            commands.title(_("This is a reading that you wanted somebody to be told of."))
            commands.what_now(found.steps)
    if found.steps is not None and not found.steps.reached:
        click.get_current_context().exit(NOBODY)


NOBODY = 6
"""How a command ends that raised an alarm of which nobody could be told yet, as everywhere in peerkit."""


_ASKED = {
    GLUCOSE: _("Glucose with its unit, such as 5.7 mmol/L; LO or HI if the meter shows that"),
    "a1c": _("A1C with its unit, such as 7.1 % or 54 mmol/mol"),
    PRESSURE: _("Blood pressure, such as 128/82 mmHg"),
    FEET: _("Your feet: 1 nothing new, 2 something new"),
}


def _read(what: str, typed: str) -> dict[str, Any]:
    """What was typed, as the act takes it."""
    text = " ".join(typed.split())
    if what == FEET:
        known = {str(number): code for number, code in enumerate(FOUND, start=1)}
        known |= {commands.say(commands.label("diabetes_reading", "found", code)): code for code in FOUND}
        found = known.get(text.casefold(), text)
        if found not in FOUND:
            told = _("for feet type 1 (nothing new) or 2 (something new)")
            raise Malformed(told, where="note")
        return {"found": found}
    if what == GLUCOSE and text.casefold() in {"lo", "low", "hi", "high"}:
        return {"off_scale": "low" if text.casefold().startswith("l") else "high"}
    number, unit = _parted(text)
    unit = units.spelt(unit, UNITS[what])
    if what == PRESSURE:
        upper, _slash, lower = number.partition("/")
        return {"value": upper.strip(), "second": lower.strip() or None, "unit": unit or units.MMHG}
    return {"value": number, "unit": unit}


def _parted(text: str) -> tuple[str, str]:
    """A number, or two with a stroke between, and what stands behind it: `5.7mmol/L` has no blank."""
    end = next((place for place, sign in enumerate(text) if sign not in "0123456789.,/ "), len(text))
    return text[:end].strip(), text[end:]


def _sure(reading: DiabetesReading, *, yes: bool) -> None:
    """Ask once more about a number that may be in the other unit."""
    if reading.what == GLUCOSE and reading.value is not None and units.doubtful(reading.value, reading.unit):
        if not yes and not sys.stdin.isatty():
            told = _("that is unusual in {unit}: look again, and say --yes if it is right", unit=reading.unit)
            raise Malformed(told, where="note")
        commands.sure(_("That is unusual in {unit}. Is it right?", unit=reading.unit), yes=yes)


@click.command()
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 3660), help="How far back.")
@commands.listing
@click.pass_obj
def show(app: commands.App, *, days: int) -> None:
    """Show what you noted, and whether anybody is told of a dangerous value."""
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            held = _held(kit, s, actor.person, days)
            logs = s.find(DiabetesLog, person=actor.person).readable
            called = commands.unread(s, {one.first for one in logs if one.watched})  # whom they chose
        if app.as_json:
            commands.emit(held)
            return
        for log in logs:
            _aims(log)
            _watch(log, called.get(log.first, _("somebody who is not in the program any more")))
        _listed(kit, held)


def _aims(log: DiabetesLog) -> None:
    """The person's own aims."""
    rows = [
        (commands.label("diabetes_reading", "what", one.what), verbatim(_span(one.low, one.high, one.unit)))
        for one in log.targets
    ]
    if rows:
        commands.title(commands.label("diabetes_log", "field", "targets"))
        commands.pairs(rows)
        click.echo()


def _span(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    ends = [f"{units.shown(one, unit)}" if one is not None else "…" for one in (low, high)]
    return f"{ends[0]} – {ends[1]} {unit}"


def _watch(log: DiabetesLog, first: Message) -> None:
    """Whether anybody is told, who first, and from which values on."""
    if not log.watched:
        commands.line(UNWATCHED)
        return
    ends = [_("below {low} {unit}", low=units.shown(log.low, units.MMOL), unit=units.MMOL)] if log.low else []
    if log.high:
        ends.append(_("above {high} {unit}", high=units.shown(log.high, units.MMOL), unit=units.MMOL))
    commands.pairs([(_("who is told first"), first), (_("of glucose"), joined(ends, ", "))])


def _held(kit: Kit, s: Session, person: str, days: int) -> list[DiabetesReading]:
    since = kit.clock.now() - timedelta(days=days)
    found = commands.every(s, DiabetesReading, lambda r: r.taken >= since, person=person, state="noted")
    return sorted(found, key=lambda one: (one.taken, one.id))


def _listed(kit: Kit, held: Iterable[Any]) -> None:
    rows = [(commands.when(kit, one.taken), shown(one)) for one in held]
    commands.pairs(rows)
    if not rows:
        commands.line(_("Nothing is noted in these days."))


def shown(one: Any) -> Message:
    """What a reading says, in one line."""
    what = commands.label("diabetes_reading", "what", one.what)
    if one.what == FEET:
        return joined([what, commands.label("diabetes_reading", "found", one.found)], " ")
    number = {"low": "LO", "high": "HI"}[one.off_scale] if one.off_scale else f"{one.value}"
    number = f"{number}/{one.second}" if one.second is not None else number
    if commands.texts().locale.startswith("fr"):
        number = number.replace(".", ",")
    parts = [what, verbatim(f"{number} {one.unit}".strip())]
    if one.moment:
        parts.append(commands.label("diabetes_reading", "moment", one.moment))
    return joined(parts, " ")


@click.command()
@click.argument("what", type=click.Choice(NUMBERS))
@click.option(
    "--out", "file", metavar="FILE", required=True, help="Where to: a name that ends in png, svg or pdf."
)
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3660), help="How far back.")
@click.option("--unit", default="", help="In this unit.")
@commands.listing
@click.pass_obj
def chart(app: commands.App, *, what: str, file: str, days: int, unit: str) -> None:
    """Draw WHAT you noted, without judging. The picture is as private as you keep the file."""
    from peerkit_diabetes.chart import chart as drawn

    if unit and unit not in UNITS[what]:
        raise Malformed(_("say the unit: {units}", units=", ".join(UNITS[what])), where="--unit")
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            log = commands.pick(s, DiabetesLog, "")
            held = _held(kit, s, actor.person, days)
        made = drawn(
            held,
            what,
            unit=unit,
            targets=log.targets,
            timezone=kit.program.timezone,
            locale=commands.texts().locale,
            form=Path(file).suffix.lstrip(".").lower(),
        )
    path = Path(file)
    path.touch(mode=0o600)
    path.write_bytes(made)


@click.command()
@click.argument("what", type=click.Choice(NUMBERS))
@commands.deciding
@click.pass_obj
def aim(app: commands.App, *, what: str, decided: commands.Decided) -> None:
    """Set your own aim for WHAT, as you settled it with whoever you trust with it; nothing typed drops it."""
    typed = commands.words(_("From, to and unit, such as 4.0 7.0 mmol/L (- for no end)"), needed=False)
    if not typed:
        commands.do(app, DiabetesLog, "", "drop_target", decided, arguments=lambda _s, _r: {"what": what})
        return
    given = {"what": what, **_ends(typed)}
    commands.do(app, DiabetesLog, "", "set_target", decided, arguments=lambda _s, _r: given)


_BETWEEN = re.compile(r"(?<=[0-9])\s*(?:à|to|–|-)\s*(?=[0-9])")
"""What people put between two numbers: 4.0 to 7.0, 4,0 à 7,0."""


def _ends(typed: str) -> dict[str, Any]:
    parts = _BETWEEN.sub(" ", typed).split()
    if len(parts) != 3:  # from, to, unit
        raise Malformed(_("two numbers and a unit are needed, such as 4.0 7.0 mmol/L"), where="-")
    low, high = (None if one == "-" else one for one in parts[:2])
    every = [unit for known in UNITS.values() for unit in known]
    return {"low": low, "high": high, "unit": units.spelt(parts[2], every)}


@click.command()
@click.argument("first")
@commands.deciding
@click.pass_obj
def watch(app: commands.App, *, first: str, decided: commands.Decided) -> None:
    """Have FIRST told, and behind them whoever the program asks in an alarm, when you note a dangerous
    value."""
    given = _ends(commands.words(_("Below, above and unit, such as 3.0 20 mmol/L (- for no end)")))

    def arguments(s: Session, log: DiabetesLog) -> dict[str, Any]:
        return {"first": commands.chosen(s, first, log.person), **given}

    commands.do(app, DiabetesLog, "", "watch_over", decided, arguments=arguments, states={"on"})
    if not app.as_json:
        told = _("An alarm passes over whoever has no address in the program: ask them, or a coordinator.")
        commands.line(told)


@click.command()
@commands.deciding
@click.pass_obj
def unwatch(app: commands.App, *, decided: commands.Decided) -> None:
    """Have nobody told any more."""
    commands.do(app, DiabetesLog, "", "stop_watching", decided)


@click.command("page")
@click.option("--to", "readers", metavar="NAME", multiple=True, required=True, help="Who may read it.")
@click.option("--from", "since", metavar="DAY", required=True, help="The first day.")
@click.option("--until", metavar="DAY", required=True, help="The last day.")
@commands.deciding
@click.pass_obj
def page(
    app: commands.App, *, readers: tuple[str, ...], since: str, until: str, decided: commands.Decided
) -> None:
    """Show somebody in the program what you noted on some days, and nothing that comes later."""
    first, last = commands.day(since, "--from"), commands.day(until, "--until")

    def create(s: Session, by: Decision | None) -> DiabetesPage:
        kit, person = s.kit, s.actor.person
        held = [
            one
            for one in commands.every(s, DiabetesReading, person=person, state="noted")
            if first <= kit.program.day(one.taken) <= last
        ]
        to = tuple(commands.chosen(s, one, person) for one in readers)
        return DiabetesPage.show(person=person, readings=tuple(held), first=first, last=last, to=to, by=by)

    commands.make(app, decided, create, "show")


@click.command("take-back")
@click.argument("page", required=False)
@commands.deciding
@click.pass_obj
def take_back(app: commands.App, *, page: str | None, decided: commands.Decided) -> None:
    """Take back PAGE that you showed (its id, if there are several): from then on nobody reads it but you."""
    commands.do(app, DiabetesPage, page or "", "take_back", decided, states={"shown"})


@click.command()
@commands.listing
@click.pass_obj
def pages(app: commands.App) -> None:
    """Show the pages that people let you read, and which of yours you show."""
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            every = commands.every(s, DiabetesPage, state="shown")
            held = [one for one in every if one.person != actor.person]
            mine = [one for one in every if one.person == actor.person]
            readers = {reader for one in mine for reader in one.shared_with}
            called = commands.names(s, {one.person for one in held}) | commands.unread(s, readers)
        if app.as_json:
            commands.emit(held)
            return
        for one in held:
            commands.title(joined([called[one.person], verbatim(f"{one.first} – {one.last}")], ", "))
            _listed(kit, one.entries)
        if not held:
            commands.line(_("Nobody shows you a page."))
        if mine:
            commands.title(_("You show"))
        for one in mine:
            shown_to = [called[reader] for reader in one.shared_with]
            commands.line(joined([verbatim(f"{one.first} – {one.last}"), *shown_to], ", "))
            commands.line(verbatim(f"peerkit diabetes log take-back {one.id}"), indent=2)
