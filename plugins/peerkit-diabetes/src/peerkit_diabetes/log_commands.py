# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes log …` and `note`: the person's own. Numbers come from the keyboard or standard input,
never from an argument, which a shell would keep."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peerkit import Decision, Session, commands
from peerkit.errors import Malformed
from peerkit.paper import keep
from peerkit.texts import Message, joined, verbatim
from peerkit_diabetes import typed, units
from peerkit_diabetes.log import (
    FEET,
    UNITS,
    WHATS,
    DiabetesLog,
    DiabetesReading,
)
from peerkit_diabetes.numbers import BEYOND, between, ends, written
from peerkit_diabetes.pages import DiabetesPage
from peerkit_diabetes.words import _

if TYPE_CHECKING:
    from peerkit import Kit

UNWATCHED = _(
    "Nobody is told of a dangerous value. If you want that, switch it on: `peerkit diabetes log watch`."
)

UNREAD = _(
    "Your log cannot be read now, so it may be that somebody is to be told of a dangerous value and is not. "
    "Tell a coordinator."
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
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 3660), help="How far back.")
@commands.listing
@click.pass_obj
def show(app: commands.App, *, days: int) -> None:
    """Show what you noted, and whether anybody is told of a dangerous value."""
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            held = _held(kit, s, actor.person, days)
            found = s.find(DiabetesLog, person=actor.person)
            logs, dark = found.readable, found.unreadable
            called = commands.unread(s, {one.first for one in logs if one.watched})  # whom they chose
        if app.as_json:
            commands.emit(held)
            return
        if dark:
            commands.line(UNREAD)
        for log in logs:
            _aims(log)
            _watch(log, called.get(log.first, _("somebody who is not in the program any more")))
        _listed(kit, held, signed=True)


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


def _listed(kit: Kit, held: Iterable[Any], *, signed: bool = False) -> None:
    """Readings, a line each; `signed`: in front of each what it is struck by."""

    def when(one: Any) -> Message:
        at = commands.when(kit, one.taken)
        return joined([_sign(one), at], "  ") if signed else at

    rows = [(when(one), shown(one)) for one in held]
    commands.pairs(rows)
    if not rows:
        commands.line(_("Nothing is noted in these days."))


def shown(one: Any) -> Message:
    """What a reading says, in one line."""
    what = commands.label("diabetes_reading", "what", one.what)
    if one.what == FEET:
        return joined([what, commands.label("diabetes_reading", "found", one.found)], " ")
    number = BEYOND.get(one.off_scale) or written(one.value, commands.texts().locale, one.second)
    parts = [what, verbatim(f"{number} {one.unit}".strip())]
    if one.moment:
        parts.append(commands.label("diabetes_reading", "moment", one.moment))
    return joined(parts, " ")


@click.command()
@click.argument("sign")
@commands.deciding
@click.pass_obj
def strike(app: commands.App, *, sign: str, decided: commands.Decided) -> None:
    """Strike out what is wrong, by the SIGN that `show` has in front of it: six letters or digits, which are
    its own. Note it anew if it was something else."""

    def create(s: Session, by: Decision | None) -> DiabetesReading:
        held = commands.every(s, DiabetesReading, person=s.actor.person, state="noted")
        found = [one for one in held if sign.casefold() in {one.id, _sign(one)}]
        if not found:
            told = _("nothing that you noted has that sign: `peerkit diabetes log show` says each")
            raise Malformed(told, where="SIGN")
        if len(found) > 1:  # one in some million
            told = _("several things that you noted have that sign: give the id, as `log show --json` has it")
            raise Malformed(told, where="SIGN")
        if not app.as_json:
            commands.line(shown(found[0]))
        return found[0].strike(by=by)

    commands.make(app, decided, create, "strike")


def _sign(reading: DiabetesReading) -> str:
    """What a reading is called at the keyboard. It is the reading's own: a number in a list would be the next
    one's as soon as something is noted, or too old to be shown, and nothing undoes a strike."""
    return reading.id[-6:]


@click.command()
@click.argument("what", type=click.Choice(NUMBERS))
@click.option(
    "--out",
    "file",
    metavar="FILE",
    required=True,
    help="Where to: a new file, whose name ends in png, svg or pdf.",
)
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3660), help="How far back.")
@click.option("--unit", default="", help="In this unit.")
@commands.listing
@click.pass_obj
def chart(app: commands.App, *, what: str, file: str, days: int, unit: str) -> None:
    """Draw WHAT you noted, without judging. The picture is as private as you keep the file."""
    from peerkit_diabetes.chart import chart as drawn

    path = Path(file)
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            log = commands.pick(s, DiabetesLog, "")
            held = _held(kit, s, actor.person, days)
        look = {"timezone": kit.program.timezone, "locale": commands.texts().locale}
        look |= {"unit": units.spelt(unit, UNITS[what]), "form": path.suffix.lstrip(".").lower()}
        keep(path, "--out", lambda: drawn(held, what, targets=log.targets, **look))


@click.command()
@click.argument("what", type=click.Choice(NUMBERS))
@commands.deciding
@click.pass_obj
def aim(app: commands.App, *, what: str, decided: commands.Decided) -> None:
    """Set your own aim for WHAT, as you settled it with whoever you trust with it; nothing typed drops it."""
    said = commands.words(typed.AIMS[what], needed=False)
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
