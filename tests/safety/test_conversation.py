# SPDX-License-Identifier: Apache-2.0
"""Where a screen has no words in somebody's language: the conversation, and 9-8-8 in that language."""

from __future__ import annotations

from typing import Any

from peerkit.instruments import in_language, load
from peerkit.safety.asking import beforehand

YES, NO = True, False


def test_who_asks_for_help_in_french_gets_it_now_and_9_8_8_in_french(world: Any) -> None:
    conversation = in_language(load("asq"), "fr")
    screen = world.screen(instrument=conversation.id)
    assert screen.next[:2] == ("q1", "q2")
    assert screen.answer("q1", "C’est dur ces jours-ci.") is None
    steps = screen.answer("q2", YES).in_language("fr")
    assert (steps.level, world.alert().level) == ("now", "now")
    assert "9-8-8" in [line.number for line in steps.call]
    assert "Restez ensemble" in steps.stay
    assert "crise de suicide" in next(line.name for line in steps.call if line.number == "9-8-8")


def test_words_are_read_by_a_human_and_alarm_nobody_by_themselves(world: Any) -> None:
    screen = world.screen(instrument="safety-conversation")
    assert screen.answer("q4", "I think of suicide on many days. A crisis is when I stop answering.") is None
    assert screen.answer("q2", NO) is None
    screen.finish()
    assert world.alerts == []
    assert [(task.what, task.owner) for task in world.all("task") if task.what.startswith("screen-")] == [
        ("screen-read", world.sam)
    ]


def test_an_instrument_that_tells_nobody_says_so_beforehand(world: Any) -> None:
    said = " ".join(beforehand(load("readiness"), None))
    assert "at once" not in said
    assert "You may decline any question" in said
    assert "at once" in " ".join(beforehand(None, None))  # of one that nobody knows, the worst is said
