# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes note`: facts first, whatever becomes of the rest; then the alarm, then what is kept."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import click

from peerkit import Actor, NotFound, commands
from peerkit.errors import Malformed, PeerkitError
from peerkit.texts import joined
from peerkit_diabetes import typed, units
from peerkit_diabetes.log import GLUCOSE, MOMENTS, WHATS, DiabetesLog, DiabetesReading
from peerkit_diabetes.noting import Noted, facts_for, looked, sounded
from peerkit_diabetes.noting import note as noted
from peerkit_diabetes.words import _

if TYPE_CHECKING:
    from peerkit import Kit
    from peerkit.texts import Message

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
        alarm = _Alarm(app, kit, app.actor(kit))
        alarm.look()
        given = {"what": what, "moment": moment or "", **typed.reading(what, said)}
        try:
            found = _noted(alarm, given, at, yes=yes)
        except (Malformed, NotFound) as wrong:
            if not alarm.unheard:
                raise
            if not app.as_json:
                commands.line(joined([wrong.sentence], "") if isinstance(wrong, Malformed) else UNREAD)
            click.get_current_context().exit(NOBODY)
        if app.as_json:
            made = found.reading
            saved = {"kind": made.kind, "id": made.id, "version": made.version, "act": "note", "kept": True}
            commands.emit({**saved, "facts": found.facts, "alarm": alarm.steps})
        else:
            commands.told(app, found.reading, "note", None)
    if alarm.unheard:
        click.get_current_context().exit(NOBODY)


@attrs.define
class _Alarm:
    """The alarm of one command: the next steps, once it was raised, and whether they were shown."""

    app: commands.App
    kit: Kit
    actor: Actor
    steps: Any = attrs.field(default=None, repr=False)
    shown: bool = False

    @property
    def unheard(self) -> bool:
        """Whether one was raised of which nobody could be told yet."""
        return self.steps is not None and not self.steps.reached

    def look(self) -> None:
        """Raise one where something of the log cannot be read, since it may be one that is watched."""
        self._raised(looked(self.kit, self.actor.person, actor=self.actor))
        self._tell(_("Your log cannot be read now, so somebody is asked to look."))

    def sound(self, reading: DiabetesReading) -> None:
        """Raise the one that the log asks for at a reading, once however often this is called."""
        self._raised(sounded(self.kit, reading, actor=self.actor))
        self._tell(_("This is a reading that you wanted somebody to be told of."))

    def _raised(self, steps: Any) -> None:
        if steps is not None:
            self.shown = self.shown and steps.reference == self.steps.reference
            self.steps = steps

    def _tell(self, head: Message) -> None:
        if self.steps is None or self.shown or self.app.as_json:
            return
        commands.title(head)
        commands.what_now(self.steps)
        self.shown = True


def _noted(alarm: _Alarm, given: dict[str, Any], at: str | None, *, yes: bool) -> Noted:
    """The reading as it is kept. Its facts are told first, since they are needed most where what follows
    fails; an alarm does not wait until somebody has looked which unit the meter shows."""
    kit, actor = alarm.kit, alarm.actor
    with kit.session(actor=actor) as s:
        logs = s.find(DiabetesLog, person=actor.person).readable
    log = next((one for one in logs if one.state == "on"), None)
    held = DiabetesLog.turn_on(person=actor.person) if log is None else log
    now = kit.clock.now()
    facts = facts_for(DiabetesReading.note(held, taken=now, **given))
    if not alarm.app.as_json:
        for fact in facts:
            commands.line(fact)
    try:
        given["taken"] = now if at is None else _instant(at, now)
        reading = DiabetesReading.note(held, **given)
        if reading.unsure or not sys.stdin.isatty():  # at a terminal an unusual number can be denied
            alarm.sound(reading)
        unit = _unit(reading, yes=yes)
        if log is None:
            raise NotFound(NO_LOG if alarm.steps is None else UNREAD)
        if unit != reading.unit:
            reading = DiabetesReading.note(log, instead=reading, **{**given, "unit": unit})
        alarm.sound(reading)
        return noted(kit, reading, actor=actor)
    except PeerkitError:
        if alarm.app.as_json:
            commands.emit({"kept": False, "facts": facts, "alarm": alarm.steps})
        raise


def _instant(at: str, now: datetime) -> datetime:
    taken = commands.instant(at, "--at")
    if taken > now + timedelta(minutes=5):  # the clocks of two machines differ a little
        raise Malformed(_("that time has not come yet: look at the day and the hour"), where="--at")
    return taken


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
