# SPDX-License-Identifier: Apache-2.0
"""A screen that was filed under the wrong person: nobody's alarm is lost by putting it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from peerkit.errors import NotFound, Objection, Refused
from peerkit.levels import Level, worst
from peerkit.model.base import Record
from peerkit.model.people import Person
from peerkit.model.safety import Alert, Answer
from peerkit.safety import owing
from peerkit.safety.lane import again, derived
from peerkit.safety.next_steps import NextSteps
from peerkit.safety.raising import NOTHING, rise
from peerkit.safety.reading import followed, get
from peerkit.safety.screen import alert_id
from peerkit.safety.standing import told

if TYPE_CHECKING:
    from peerkit.safety.screening import Screening

MOVED = "look-at-moved-screen"


def move(screening: Screening, person: str) -> NextSteps | None:
    """See `Screening.move`."""
    kit, actor = screening._kit, screening._actor
    person = followed(kit, person)
    if get(kit, Person, person) is None:
        raise NotFound("there is no person of that id")

    def write() -> NextSteps | None:
        since = kit.feed.look()
        screening._reload()
        held = screening._screen
        if held.person == person:
            return None
        if not kit.rights.may("move", held, kit.grants(actor)):
            raise Refused([Objection("no-right", "this actor may not move the screen", held.kind, held.id)])
        moved = held.move(person=person)
        answers = [get(kit, Answer, derived(held.id, f"answer:{n + 1}")) for n in range(screening._count)]
        first = get(kit, Alert, alert_id(held))
        screening._stands(moved)  # from here on it is judged as theirs: a declined answer counts by age
        now, (level, judged) = kit.clock.now(), screening._at_end()
        if held.state == "open":
            level = screening._judge(screening._given).level
        if first is not None:  # what time has made of it since stands in no answer
            level = worst(level, Level(first.level))
        rising = NOTHING
        if level > Level.NONE:
            rising = rise(
                kit,
                alert_id(moved),
                level,
                now,
                person=person,
                screen=held.id,
                rules=judged.levels,
                says=level,
                heard=actor.person,
                found_late=True,
            )
        records: list[Record] = [moved, *(one.move(person=person) for one in answers if one is not None)]
        records += [rising.alert] if rising.alert is not None else []
        next_one = frozenset({(Answer.kind, screening._answer_id(screening._count))})
        kit.write(records, actor=actor, marks=rising.marks, seen=(next_one, since))
        screening._current()
        owing.give(kit, actor, held, now, [owing.Owed(MOVED, person)])
        over = screening._judge(screening._given, ended=held.state != "open")
        found = [attrs.evolve(one, label=person) for one in screening._result(over)]
        owing.give(kit, actor, screening._screen, now, found)
        if rising.alert is None:
            return None
        return kit.net.steps(kit, told(kit, rising, level, author=held.holder))

    return again(write)
