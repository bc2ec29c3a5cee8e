# SPDX-License-Identifier: Apache-2.0
"""Noting a reading: facts at once for whoever reads them, and an alarm first where the person wants one.

The alarm is raised before the reading is stored, in a transaction of its own: whatever becomes of the
reading, somebody was told. A reading that came in some other way (a host's own `save`) is found by `unheard`,
with the next delivery run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from peerkit import Actor, Kit
from peerkit.hooks import Page, View, Worry
from peerkit.texts import Message
from peerkit_diabetes import facts
from peerkit_diabetes.log import FEET, GLUCOSE, DiabetesLog, DiabetesReading
from peerkit_diabetes.reading import readable
from peerkit_diabetes.units import MMOL, glucose_in
from peerkit_diabetes.words import _

NAME = "diabetes"
"""What the plugin is called, wherever it comes from."""

WORDS = _("A reading in somebody's own log is one that they want us to be told of.")
"""What the alarm says: no number, and nothing of what the log is about."""


@attrs.frozen
class Noted:
    """A reading that is stored, the plain facts that belong to it, and the next steps if somebody was
    told."""

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
        log = s.get(DiabetesLog, reading.log)
    steps = None
    if log.alarms(reading):
        worry = worry_of(log, reading)
        more = {"first": worry.first, "level": worry.level, "occurred": worry.occurred, "actor": actor}
        steps = kit.concern(worry.words, log.person, actor.person, plugin=NAME, key=worry.key, **more)
    with kit.session(actor=actor) as s:
        saved = s.save(reading)
    return Noted(saved, facts_for(saved), steps)


def worry_of(log: DiabetesLog, reading: DiabetesReading) -> Worry:
    """The alarm that the person wants for a reading."""
    return Worry(reading.id, WORDS, about=log.person, first=log.first, occurred=reading.taken)


def unheard(page: Page, view: View) -> Iterator[Worry]:
    """Alarms for the readings of a page that ask for one; one that was raised already is raised once. What
    was noted before the person wanted anybody to be told stays between them and their log."""
    for envelope in page.envelopes:
        if envelope.kind != DiabetesReading.kind:
            continue
        found = view.get(DiabetesReading, envelope.id)
        for reading in readable([] if found is None else [found]):
            for log in readable(view.find(DiabetesLog, person=reading.person)):
                if reading.to_tell and log.id == reading.log and log.alarms(reading):
                    yield worry_of(log, reading)


def facts_for(reading: DiabetesReading) -> tuple[Message, ...]:
    """The published steps for a reading that is low or high, whoever it is about; none where it is
    neither."""
    if reading.what == FEET:
        return facts.FEET if reading.found == "something_new" else ()
    if reading.what != GLUCOSE:
        return ()
    if reading.off_scale:
        return facts.told(below=reading.off_scale == "low")
    if reading.value is None:
        return ()
    value = glucose_in(reading.value, reading.unit, MMOL)
    if value < facts.LOW_ON_TREATMENT:
        return facts.told(below=True)
    return facts.told(below=False) if value > facts.KETONES else ()
