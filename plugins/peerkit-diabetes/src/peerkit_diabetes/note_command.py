# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes note`: facts first, whatever becomes of the rest; then the alarm, then what is kept."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from peerkit import Actor, NotFound, commands
from peerkit.errors import Malformed, PeerkitError
from peerkit_diabetes import typed, units
from peerkit_diabetes.log import GLUCOSE, MOMENTS, WHATS, DiabetesLog, DiabetesReading
from peerkit_diabetes.noting import Noted, facts_for, looked
from peerkit_diabetes.noting import note as noted
from peerkit_diabetes.words import _

if TYPE_CHECKING:
    from peerkit import Kit

NO_LOG = _("this is not kept, since you keep no log now: `peerkit diabetes log on` begins it")
UNREAD = _("this is not kept, since your log cannot be read now: tell a coordinator")

NOBODY = 6
"""How a command ends that raised an alarm of which nobody could be told yet, as everywhere in peerkit."""


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
        steps = _looked(app, kit, actor)
        given = {"what": what, "taken": taken, "moment": moment or "", **typed.reading(what, said)}
        try:
            found = _noted(app, kit, actor, given, steps, yes=yes)
        except NotFound:
            if steps is None or steps.reached:
                raise
            if not app.as_json:
                commands.line(UNREAD)
            click.get_current_context().exit(NOBODY)
        if app.as_json:
            made = found.reading
            saved = {"kind": made.kind, "id": made.id, "version": made.version, "act": "note", "kept": True}
            commands.emit({**saved, "facts": found.facts, "alarm": found.steps})
        else:
            commands.told(app, found.reading, "note", None)
            if found.steps is not None and not found.unread:
                commands.title(_("This is a reading that you wanted somebody to be told of."))
                commands.what_now(found.steps)
    if found.steps is not None and not found.steps.reached:
        click.get_current_context().exit(NOBODY)


def _looked(app: commands.App, kit: Kit, actor: Actor) -> Any:
    """The next steps where something of the log cannot be read, since it may be one that is watched."""
    steps = looked(kit, actor.person, actor=actor)
    if steps is not None and not app.as_json:
        commands.title(_("Your log cannot be read now, so somebody is asked to look."))
        commands.what_now(steps)
    return steps


def _noted(
    app: commands.App, kit: Kit, actor: Actor, given: dict[str, Any], steps: Any, *, yes: bool
) -> Noted:
    """The reading as it is kept. Its facts are told first: they are needed most where what follows fails."""
    with kit.session(actor) as s:
        logs = s.find(DiabetesLog, person=actor.person).readable
    log = next((one for one in logs if one.state == "on"), None)
    held = DiabetesLog.turn_on(person=actor.person) if log is None else log
    reading = DiabetesReading.note(held, **given)
    facts = facts_for(reading)
    if not app.as_json:
        for fact in facts:
            commands.line(fact)
    try:
        unit = _unit(reading, yes=yes)
        if log is None:
            raise NotFound(NO_LOG if steps is None else UNREAD)
        if unit != reading.unit:
            reading = DiabetesReading.note(log, **{**given, "unit": unit})
        return noted(kit, reading, actor=actor)
    except PeerkitError:
        if app.as_json:
            commands.emit({"kept": False, "facts": facts, "alarm": steps})
        raise


def _unit(reading: DiabetesReading, *, yes: bool) -> str:
    """The unit that the meter shows: asked for once more where the number may be in the other one."""
    value, unit = reading.value, reading.unit
    if yes or reading.what != GLUCOSE or value is None or not units.doubtful(value, unit):
        return unit
    known = [one for _value, one in units.meanings(value, unit)]
    if not sys.stdin.isatty():
        told = _(
            "that may be in {one} or in {other}: look which the meter shows, and say --yes if it is right",
            one=unit,
            other=known[-1],
        )
        if len(known) == 1:
            told = _("that is unusual in {unit}: look again, and say --yes if it is right", unit=unit)
        raise Malformed(told, where="note")
    if len(known) == 1:
        commands.sure(_("That is unusual in {unit}. Is it right?", unit=unit), yes=yes)
        return unit
    ask = _("Does the meter show {one} or {other}?", one=unit, other=known[-1])
    while said := commands.prompted(ask).strip().casefold():
        meant = [one for one in known if one.casefold().startswith(said)]
        if len(meant) == 1:
            return meant[0]
    raise click.Abort
