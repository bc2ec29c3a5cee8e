# SPDX-License-Identifier: Apache-2.0
"""An answer that nobody may overlook: it alarms, climbs, is acknowledged, and is acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.errors import StorageError

if TYPE_CHECKING:
    from peerkit.demo.play import Stage


UNANSWERED = (16, 16)
"""Minutes that go by until the next look at what is due: a little longer than each step has."""


def drill(stage: Stage) -> None:
    """Every step of the path receives a notice, and somebody of each says that they have seen it."""
    kit, clock = stage.kit, stage.clock
    clock.pass_minutes(40)
    with stage.hushed():
        started = kit.drill(stage.as_(stage.robin))
    for person in (stage.ines, stage.jo, stage.robin):
        clock.pass_minutes(4)
        with kit.session(stage.as_(person)) as s:
            s.acknowledge(started.drill)


def answer_climbs(stage: Stage) -> None:
    """A safety check-in that Maya wished for. Tomas stays with her; the others are asked in turn."""
    kit, clock = stage.kit, stage.clock
    steps = None
    with stage.hushed(), kit.session(stage.as_(stage.tomas)) as s:
        screen = s.screening("asq", stage.maya)
        for item, said in (("q1", True), ("q2", False), ("q3", True), ("q4", False), ("q5", True)):
            clock.pass_minutes(1)
            steps = screen.answer(item, said) or steps
        screen.finish()
    if steps is None:
        raise StorageError("the demo's answers alarmed nobody: its screen is not the one that it expects")
    for minutes in UNANSWERED:
        clock.pass_minutes(minutes)
        stage.deliver()
    clock.pass_minutes(4)
    _taken(stage, steps.alert)


def _taken(stage: Stage, alert: str) -> None:
    """Robin takes it, goes there, and closes it the day after, when all is done that closing needs."""
    kit, clock = stage.kit, stage.clock
    robin = stage.as_(stage.robin)
    with kit.session(robin) as s:
        s.acknowledge(alert)
    clock.pass_minutes(25)
    with kit.session(robin) as s:
        words = "Went to the lighthouse. The three of us called the distress centre, and stayed until dark."
        s.respond(alert, "act", words=words, consent=True)
        s.respond(alert, "meet", need="supervisor_knows")
        s.respond(alert, "meet", need="person_told")
        s.respond(alert, "meet", need="handed_over", words="Her sister stays with her tonight.")
    stage.later(10, 30)
    with kit.session(robin) as s:
        s.respond(alert, "meet", need="followed_up", words="We had breakfast.")
        s.respond(alert, "meet", need="debrief_offered")
        s.respond(alert, "close")
