# SPDX-License-Identifier: Apache-2.0
"""Two that go on with one screen: whoever ends it, and time that acts on it, knows of the other's answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from own_questionnaires import WEEK, add, receive, tasks

from peerkit.levels import Level
from peerkit.safety.lane import again
from peerkit.safety.screening import left_lying

YES, NO = True, False

WAITS = WEEK.replace(
    """[[triage]]
""",
    """[[triage]]
id = "soon"
level = "now"
when = { item = "q2", op = "=", value = false }
waits_for = ["q4"]
seconds = 300

[[triage]]
id = "later"
level = "today"
when = { item = "q1", op = "=", value = false }
waits_for = ["q3"]
seconds = 300

[[triage]]
""",
).replace('id = "alone"\nlevel = "today"', 'id = "alone"\nlevel = "talk"')
for _one in ("q3", "q4"):
    WAITS = WAITS.replace("[scoring]", f'[[items]]\nid = "{_one}"\nanswers = "yes-no"\n\n[scoring]')
    WAITS = WAITS.replace("[texts.answers", f'{_one} = "And {_one}?"\n[texts.answers')


@pytest.fixture
def meanwhile(world: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """`meanwhile(other)`: `other` is done between the reading and the writing of whatever comes next."""
    commit, waiting = world.kit.storage.commit, []

    def interrupted(*args: Any, **details: Any) -> Any:
        if waiting:
            waiting.pop()()
        return commit(*args, **details)

    monkeypatch.setattr(world.kit.storage, "commit", interrupted)
    return waiting.append


def test_who_ends_a_screen_ends_it_with_what_another_one_was_told(world: Any) -> None:
    first = world.screen()
    world.screen(screen=first.id).answer("q1", YES)
    steps = first.finish()
    assert steps is not None
    assert steps.level == "now"  # the fifth question was never asked, as where one alone asks and ends
    assert world.alert().level == "now"


def test_an_answer_that_comes_while_a_screen_ends_is_part_of_it(world: Any, meanwhile: Any) -> None:
    first = world.screen()
    second = world.screen(screen=first.id)
    meanwhile(lambda: second.answer("q1", YES))
    steps = first.finish()
    assert steps is not None
    assert (steps.level, world.alert().level) == ("now", "now")


def test_a_correction_of_another_one_is_part_of_the_end(world: Any) -> None:
    first = world.screen()
    for item in ("q1", "q2", "q3", "q4"):
        first.answer(item, NO)
    world.screen(screen=first.id).answer("q4", YES)
    steps = first.finish()
    assert steps is not None
    assert world.alert().level == "now"


def test_what_another_one_was_told_is_a_result_for_whoever_receives_it(world: Any) -> None:
    receive(world, "clinical=on-call")
    first = world.screen(instrument="phq-9")
    second = world.screen(screen=first.id)
    for number in range(1, 8):
        second.answer(f"q{number}", 3)
    assert first.finish() is not None
    assert tasks(world) == ["ola"]


def test_an_answer_that_comes_while_time_acts_on_another_keeps_its_own_time(
    world: Any, meanwhile: Any
) -> None:
    add(world, WAITS)
    screen = world.screen(instrument="week")
    assert screen.answer("q1", NO).level == "talk"
    world.clock.forward(minutes=10)
    meanwhile(lambda: screen.answer("q2", NO))
    again(lambda: left_lying(world.kit, screen.id, world.clock.now()))
    assert world.alert().level == "today"
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.alert().level == "now"


def test_who_goes_on_with_a_screen_knows_how_urgent_it_was(world: Any) -> None:
    """A correction lowers nothing, and no more does another process."""
    first = world.screen()
    first.answer("q5", YES)
    first.answer("q5", NO)
    second = world.screen(screen=first.id)
    assert first.level is second.level is Level.NOW
    assert second.steps is not None
    for item in ("q1", "q2", "q3", "q4"):
        second.answer(item, NO)
    steps = second.finish()
    assert steps is not None
    assert steps.level == "now"
