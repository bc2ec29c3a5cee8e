# SPDX-License-Identifier: Apache-2.0
"""Noting a reading: facts at once for whoever reads them, and an alarm first where the person wants one.

The alarm is raised before the reading is stored, in a transaction of its own: whatever becomes of the
reading, somebody was told. A reading that came in some other way (a host's own `save`) is found by `unheard`,
with the next delivery run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from peerkit import Actor, Kit, Objection, Opaque, Record
from peerkit.hooks import Page, Proposal, View, Worry
from peerkit.texts import Message
from peerkit_diabetes import facts
from peerkit_diabetes.log import FEET, GLUCOSE, DiabetesLog, DiabetesReading
from peerkit_diabetes.reading import readable
from peerkit_diabetes.units import MMOL, glucose_in, meanings
from peerkit_diabetes.words import _

NAME = "diabetes"
"""What the plugin is called, wherever it comes from."""

WORDS = _("A reading in somebody's own log is one that they want us to be told of.")
"""What the alarm says: no number, and nothing of what the log is about."""

UNREADABLE = _(
    "Something in somebody's own log cannot be read, so nobody can say whether they want us told of it. Ask "
    "them."
)
"""What is said, once for a person, where an alarm may have been lost with what cannot be read."""


@attrs.frozen
class Noted:
    """A reading that is stored, the plain facts that belong to it, and the next steps if an alarm was raised:
    `steps.reached` says whether somebody is being told."""

    reading: DiabetesReading
    facts: tuple[Message, ...]
    steps: Any = attrs.field(default=None, repr=False)


def note(kit: Kit, reading: DiabetesReading, *, actor: Actor) -> Noted:
    """Store a reading (`DiabetesReading.note`) as this actor; if the person's log asks for it, raise the
    alarm first.

    The facts come back whether or not anybody is told. Raises what a session raises; an alarm that was raised
    stands.
    """
    with kit.session(actor=actor) as s:
        own = s.get(DiabetesLog, reading.log)
        log = watching(reading, (own, *s.find(DiabetesLog, person=own.person).readable))
    steps = None
    if log is not None:
        worry = worry_of(log, reading)
        more = {"first": worry.first, "level": worry.level, "occurred": worry.occurred, "actor": actor}
        steps = kit.concern(worry.words, log.person, actor.person, plugin=NAME, key=worry.key, **more)
    with kit.session(actor=actor) as s:
        saved = s.save(reading)
    return Noted(saved, facts_for(saved), steps)


def worry_of(log: DiabetesLog, reading: DiabetesReading) -> Worry:
    """The alarm that the person wants for a reading."""
    return Worry(reading.id, WORDS, about=log.person, first=log.first, occurred=reading.taken)


def check(proposal: Proposal) -> Iterator[Objection]:
    """One log a person, since the log that a reading stands in says whether somebody is told of it; and
    nothing is noted in one that is off, where nobody would be."""
    view = proposal.view
    for made, _change in proposal.of(DiabetesLog, "turn_on"):
        if any(one.id != made.id for one in view.find(DiabetesLog, person=made.person)):
            told = _("they have a log: go on with that one")
            yield Objection("diabetes-log", told, made.kind, made.id)
    for reading, _change in proposal.of(DiabetesReading, "note"):
        found = view.get(DiabetesLog, reading.log)
        if any(one.state != "on" for one in readable([] if found is None else [found])):
            told = _("the log is off: turn it on first")
            yield Objection("diabetes-log-off", told, reading.kind, reading.id)


def respond(proposal: Proposal) -> Iterator[Record]:
    """A reading says itself whether somebody is to be told of it, by the log as it stands in this commit: a
    host may have held an older one, and two records may have been joined."""
    for reading, _change in proposal.of(DiabetesReading, "note"):
        logs = proposal.view.find(DiabetesLog, person=reading.person)
        if not reading.to_tell and watching(reading, logs) is not None:
            yield reading.tell()


def unheard(page: Page, view: View) -> Iterator[Worry]:
    """Alarms for the readings of a page that ask for one; one that was raised already is raised once. What
    was noted before the person wanted anybody to be told stays between them and their log. What cannot be
    read may have asked for an alarm: a human looks, once for each person."""
    for envelope in page.envelopes:
        if envelope.kind != DiabetesReading.kind:
            continue
        reading = view.get(DiabetesReading, envelope.id)
        if reading is None:
            continue
        person = next(who for field, who in envelope.subjects if field == "person")
        logs = list(view.find(DiabetesLog, person=person))
        if isinstance(reading, Opaque) or any(isinstance(one, Opaque) for one in logs):
            yield Worry(f"unreadable:{person}", UNREADABLE, about=person, level="today")
        elif reading.to_tell and (log := next(filter(_tells, logs), None)):
            yield worry_of(log, reading)


def _tells(log: DiabetesLog) -> bool:
    """Whether a log has somebody told of anything, within whatever limits: the reading says that it was
    beyond those of its time."""
    return log.watched and log.state == "on"


def watching(reading: DiabetesReading, logs: Iterable[DiabetesLog]) -> DiabetesLog | None:
    """The log that asks for an alarm at a reading. Where two records of one human were joined there may be
    two logs, and the one that asks counts, wherever the reading stands."""
    return next((one for one in readable(logs) if one.alarms(reading)), None)


def facts_for(reading: DiabetesReading, *, sure: bool = False) -> tuple[Message, ...]:
    """The published steps for a reading that is low or high, whoever it is about; none where it is neither.

    A number so unusual that it may be in the other unit comes with the steps of both, each under what it
    would mean; `sure`: somebody was asked, and it is right as it stands."""
    if reading.what == FEET:
        return facts.FEET if reading.found == "something_new" else ()
    if reading.what != GLUCOSE:
        return ()
    if reading.off_scale:
        return facts.told(below=reading.off_scale == "low")
    if reading.value is None:
        return ()
    both = meanings(reading.value, reading.unit)
    if sure or len(both) == 1:
        return _steps(reading.value, reading.unit)
    apart = [(facts.in_unit(unit), *_steps(value, unit)) for value, unit in both]
    return (facts.WHICH_UNIT, *(one for steps in apart if len(steps) > 1 for one in steps))


def _steps(value: Decimal, unit: str) -> tuple[Message, ...]:
    mmol = glucose_in(value, unit, MMOL)
    if mmol < facts.LOW_ON_TREATMENT:
        return facts.told(below=True)
    return facts.told(below=False) if mmol > facts.KETONES else ()
