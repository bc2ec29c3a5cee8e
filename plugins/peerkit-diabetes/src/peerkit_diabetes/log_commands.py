# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes log …` and `note`: the person's own. Numbers come from the keyboard or standard input,
never from an argument, which a shell would keep."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peerkit import Decision, NotFound, Session, commands
from peerkit.errors import Malformed
from peerkit.texts import Message, joined, verbatim
from peerkit_diabetes import typed, units
from peerkit_diabetes.log import (
    FEET,
    GLUCOSE,
    MOMENTS,
    PRESSURE,
    UNITS,
    WHATS,
    DiabetesLog,
    DiabetesReading,
)
from peerkit_diabetes.noting import facts_for
from peerkit_diabetes.noting import note as noted
from peerkit_diabetes.numbers import between, ends, written
from peerkit_diabetes.pages import DiabetesPage
from peerkit_diabetes.words import _

if TYPE_CHECKING:
    from peerkit import Kit

UNWATCHED = _(
    "Nobody is told of a dangerous value. If you want that, switch it on: `peerkit diabetes log watch`."
)

NO_LOG = _("this is not kept, since you keep no log now: `peerkit diabetes log on` begins it")

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
    said = commands.words(typed.ASKED[what])
    with app.kit() as kit:
        actor = app.actor(kit)
        taken = kit.clock.now() if at is None else commands.instant(at, "--at")
        if taken > kit.clock.now() + timedelta(minutes=5):  # the clocks of two machines differ a little
            raise Malformed(_("that time has not come yet: look at the day and the hour"), where="--at")
        with kit.session(actor) as s:
            log = next(iter(s.find(DiabetesLog, person=actor.person, state="on").readable), None)
        held = DiabetesLog.turn_on(person=actor.person) if log is None else log
        given = typed.reading(what, said)
        reading = DiabetesReading.note(held, what, taken=taken, moment=moment or "", **given)
        _sure(reading, yes=yes)
        facts = facts_for(reading, sure=True)
        if not app.as_json:  # first: they are needed most where what follows fails
            for fact in facts:
                commands.line(fact)
        if log is None:
            raise NotFound(NO_LOG)
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
        _listed(kit, held, numbered=True)


def _aims(log: DiabetesLog) -> None:
    """The person's own aims."""
    rows = [
        (commands.label("diabetes_reading", "what", one.what), ends(one, commands.texts().locale))
        for one in log.targets
    ]
    if rows:
        commands.title(commands.label("diabetes_log", "field", "targets"))
        commands.pairs(rows)
        click.echo()


def _watch(log: DiabetesLog, first: Message) -> None:
    """Whether anybody is told, who first, and from which values on."""
    if not log.watched:
        commands.line(UNWATCHED)
        return
    low, high = (
        "" if one is None else written(units.shown(one, units.MMOL), commands.texts().locale)
        for one in (log.low, log.high)
    )
    told = [between("", low, units.MMOL)] if low else []
    told += [between(high, "", units.MMOL)] if high else []
    commands.pairs([(_("who is told first"), first), (_("of glucose"), joined(told, ", "))])


def _held(kit: Kit, s: Session, person: str, days: int) -> list[DiabetesReading]:
    since = kit.clock.now() - timedelta(days=days)
    found = commands.every(s, DiabetesReading, lambda r: r.taken >= since, person=person, state="noted")
    return sorted(found, key=lambda one: (one.taken, one.id))


def _listed(kit: Kit, held: Iterable[Any], *, numbered: bool = False) -> None:
    rows = [(commands.when(kit, one.taken), shown(one)) for one in held]
    if numbered:
        rows = [(joined([f"{n:>3}", when], "  "), told) for n, (when, told) in enumerate(rows, start=1)]
    commands.pairs(rows)
    if not rows:
        commands.line(_("Nothing is noted in these days."))


def shown(one: Any) -> Message:
    """What a reading says, in one line."""
    what = commands.label("diabetes_reading", "what", one.what)
    if one.what == FEET:
        return joined([what, commands.label("diabetes_reading", "found", one.found)], " ")
    off = {"low": "LO", "high": "HI"}.get(one.off_scale, "")
    number = off or written(one.value, commands.texts().locale, one.second)
    parts = [what, verbatim(f"{number} {one.unit}".strip())]
    if one.moment:
        parts.append(commands.label("diabetes_reading", "moment", one.moment))
    return joined(parts, " ")


@click.command()
@click.argument("number")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 3660), help="How far back.")
@commands.deciding
@click.pass_obj
def strike(app: commands.App, *, number: str, days: int, decided: commands.Decided) -> None:
    """Strike out what is wrong, by its NUMBER as `show` lists it with the same --days. Note it anew if it was
    something else."""

    def create(s: Session, by: Decision | None) -> DiabetesReading:
        held = {one.id: one for one in _held(s.kit, s, s.actor.person, days)}
        one = held.get(commands.part_of(list(held.values()), number))
        if one is None:
            raise Malformed(_("the log has none of that number in these days"), where="NUMBER")
        if not app.as_json:
            commands.line(shown(one))
        return one.strike(by=by)

    commands.make(app, decided, create, "strike")


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

    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            log = commands.pick(s, DiabetesLog, "")
            held = _held(kit, s, actor.person, days)
        made = drawn(
            held,
            what,
            unit=units.spelt(unit, UNITS[what]),
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
    said = commands.words(typed.PRESSURE_AIM if what == PRESSURE else typed.AIM, needed=False)
    if not said:
        commands.do(app, DiabetesLog, "", "drop_target", decided, arguments=lambda _s, _r: {"what": what})
        return
    given = typed.aim(what, said)
    commands.do(app, DiabetesLog, "", "set_target", decided, arguments=lambda _s, _r: given)


@click.command()
@click.argument("first")
@commands.deciding
@click.pass_obj
def watch(app: commands.App, *, first: str, decided: commands.Decided) -> None:
    """Have FIRST told, and behind them whoever the program asks in an alarm, when you note a dangerous
    value."""
    given = typed.limits(commands.words(typed.LIMITS))

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
