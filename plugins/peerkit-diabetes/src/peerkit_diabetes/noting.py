# SPDX-License-Identifier: Apache-2.0
"""Noting a reading: facts at once for whoever reads them, and an alarm first where the person wants one.

The alarm is raised before the reading is stored, in a transaction of its own: whatever becomes of the
reading, somebody was told. A reading that came in some other way (a host's own `save`) is found by `unheard`,
with the next delivery run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs

from peerkit import Actor, Kit, Objection, Opaque, Record, Ref, ref
from peerkit.hooks import Page, Proposal, View, Worry, find_readable
from peerkit.texts import Message
from peerkit_diabetes import facts
from peerkit_diabetes.log import FEET, GLUCOSE, DiabetesLog, DiabetesReading
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
"""What is said, once a day for a person, where an alarm may have been lost with what cannot be read."""

HAVE = _("they have a log: go on with that one")


@attrs.frozen
class Noted:
    """A reading that is stored, the plain facts that belong to it, and the next steps if an alarm was raised:
    `steps.reached` says whether somebody is being told. `unread`: it was raised since something of the
    person's log cannot be read, and so nobody can say whether they wanted one."""

    reading: DiabetesReading
    facts: tuple[Message, ...]
    steps: Any = attrs.field(default=None, repr=False)
    unread: bool = False


def note(kit: Kit, reading: DiabetesReading, *, actor: Actor) -> Noted:
    """Store a reading (`DiabetesReading.note`) as this actor; if the person's log asks for it, or cannot be
    read, raise the alarm first.

    The facts come back whether or not anybody is told. Raises what a session raises; an alarm that was raised
    stands.
    """
    unread = looked(kit, reading.person, actor=actor)
    raised = sounded(kit, reading, actor=actor)
    with kit.session(actor=actor) as s:
        saved = s.save(reading)
    only_unread = raised is None and unread is not None
    return Noted(saved, facts_for(saved), unread if only_unread else raised, only_unread)


def sounded(kit: Kit, reading: DiabetesReading, *, actor: Actor) -> Any:
    """Raise the alarm that the person's log asks for at a reading, once however often this is called; the
    next steps, or None where it asks for none. Nothing of the reading is stored by it."""
    with kit.session(actor=actor) as s:
        log = watching(reading, s.find(DiabetesLog, person=reading.person).readable)
    return None if log is None else _raised(kit, worry_of(log, reading), actor)


def looked(kit: Kit, person: Ref, *, actor: Actor) -> Any:
    """Ask a human to look where something of the person's log cannot be read, once a day for each person; the
    next steps, or None where all of it can."""
    with kit.session(actor=actor) as s:
        dark = s.find(DiabetesLog, person=ref(person)).unreadable
    return _raised(kit, unread(ref(person), kit.clock.now()), actor) if dark else None


def _raised(kit: Kit, worry: Worry, actor: Actor) -> Any:
    more = {"first": worry.first, "level": worry.level, "occurred": worry.occurred, "actor": actor}
    return kit.concern(worry.words, worry.about, actor.person, plugin=NAME, key=worry.key, **more)


def unread(person: str, now: datetime) -> Worry:
    """The alarm where what cannot be read may have asked for one. Its key has the day: what somebody looked
    at and closed before says nothing of what is noted today."""
    return Worry(f"unreadable:{person}:{now.astimezone(UTC).date()}", UNREADABLE, about=person, level="today")


def worry_of(log: DiabetesLog, reading: DiabetesReading) -> Worry:
    """The alarm that the person wants for a reading."""
    return Worry(reading.id, WORDS, about=log.person, first=log.first, occurred=reading.taken)


def check(proposal: Proposal) -> Iterator[Objection]:
    """One log a person, since the log that a reading stands in says whether somebody is told of it; and
    nothing is noted in one that is off, where nobody would be."""
    view = proposal.view
    for made, _change in proposal.of(DiabetesLog, "turn_on"):
        others = [one for one in view.find(DiabetesLog, person=made.person) if one.id != made.id]
        if others:
            dark = any(isinstance(one, Opaque) for one in others)
            told = _("they have a log that cannot be read now: tell a coordinator") if dark else HAVE
            yield Objection("diabetes-log", told, made.kind, made.id)
    for reading, _change in proposal.of(DiabetesReading, "note"):
        found = view.get(DiabetesLog, reading.log)
        if found is None or (not isinstance(found, Opaque) and found.state != "on"):
            told = _("the log is off: turn it on first")
            yield Objection("diabetes-log-off", told, reading.kind, reading.id)


def respond(proposal: Proposal) -> Iterator[Record]:
    """A reading says itself whether somebody is to be told of it, by the log as it stands in this commit: a
    host may have held an older one, and two records may have been joined."""
    for reading, _change in proposal.of(DiabetesReading, "note"):
        logs = find_readable(proposal.view, DiabetesLog, person=reading.person)
        if not reading.to_tell and watching(reading, logs) is not None:
            yield reading.tell()


def unheard(page: Page, view: View) -> Iterator[Worry]:
    """Alarms for the readings of a page that ask for one; one that was raised already is raised once. What
    was noted before the person wanted anybody to be told stays between them and their log. What cannot be
    read may have asked for an alarm: a human looks, once a day for each person."""
    for envelope in page.envelopes:
        if envelope.kind != DiabetesReading.kind:
            continue
        reading = view.get(DiabetesReading, envelope.id)
        if reading is None:
            continue
        person = next(who for field, who in envelope.subjects if field == "person")
        logs = find_readable(view, DiabetesLog, person=person)
        dark = isinstance(reading, Opaque)
        if dark or len(logs) < len(view.find(DiabetesLog, person=person)):
            yield unread(person, view.now)
        if not dark and reading.to_tell and (log := next(filter(_tells, logs), None)):
            yield worry_of(log, reading)


def _tells(log: DiabetesLog) -> bool:
    """Whether a log has somebody told of anything, within whatever limits: the reading says that it was
    beyond those of its time."""
    return log.watched and log.state == "on"


def watching(reading: DiabetesReading, logs: Iterable[DiabetesLog]) -> DiabetesLog | None:
    """The log that asks for an alarm at a reading. Where two records of one human were joined there may be
    two logs, and the one that asks counts, wherever the reading stands."""
    return next((one for one in logs if one.alarms(reading)), None)


def facts_for(reading: DiabetesReading) -> tuple[Message, ...]:
    """The published steps for a reading that is low or high, whoever it is about; none where it is neither.

    A number that may be in the other unit comes with the steps of both, each under what it would mean."""
    if reading.what == FEET:
        return facts.FEET if reading.found == "something_new" else ()
    if reading.what != GLUCOSE:
        return ()
    if reading.off_scale:
        return facts.told(below=reading.off_scale == "low")
    if reading.value is None:
        return ()
    both = meanings(reading.value, reading.unit)
    if len(both) == 1:
        return _steps(reading.value, reading.unit)
    apart = [(facts.in_unit(unit), *_steps(value, unit)) for value, unit in both]
    return (facts.WHICH_UNIT, *(one for steps in apart if len(steps) > 1 for one in steps))


def _steps(value: Decimal, unit: str) -> tuple[Message, ...]:
    mmol = glucose_in(value, unit, MMOL)
    if mmol < facts.LOW_ON_TREATMENT:
        return facts.told(below=True)
    return facts.told(below=False) if mmol > facts.KETONES else ()
