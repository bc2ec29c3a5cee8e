# SPDX-License-Identifier: Apache-2.0
"""What the next steps say is so: whether anybody was told, is there, can be asked."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit.errors import StorageError, UnsavedScreen
from peerkit.model.response import NEEDS

YES, NO = True, False


def test_the_steps_say_whether_anybody_was_told(world: Any) -> None:
    world.wire.broken = {"sam", "ola", "cora", "sue"}
    steps = world.screen(by="ola").answer("q5", YES)
    assert steps.reached is False
    assert "Do not wait for it" in str(steps)
    world.wire.broken = set()
    assert world.screen(by="ola").answer("q5", YES).reached is True


def test_the_steps_of_an_alert_that_a_human_took_do_not_say_that_people_are_being_told(world: Any) -> None:
    screen = world.screen(by="maya")
    screen.answer("q5", YES)
    world.acknowledge("sam")
    for steps in (screen.answer("q4", YES), screen.steps):
        assert steps.reached is True
        assert "being told" not in str(steps)
        assert "has it in hand" in steps.told
    world.respond("sam", "act", words="we sat together")
    assert "has it in hand" in screen.steps.told
    world.respond("sam", "close_incomplete", reasons=dict.fromkeys(NEEDS, "not_applicable"))
    assert world.alert().state == "closed"
    assert "Nobody is told again" in screen.steps.told
    assert "being told" in screen.answer("q5", YES).told


def test_that_whoever_asks_has_it_in_hand_themselves_is_no_comfort(opened: Any) -> None:
    world = opened(more={"on_call": [], "path": [{"role": "coordinator", "minutes": 5}]})
    for name in ("sam", "sue"):
        world.change(name, reach=())
    screen = world.screen(by="cora", about="maya")
    screen.answer("q5", YES)
    world.acknowledge("cora")
    assert screen.steps.reached is False
    assert "has it in hand" not in str(screen.steps)


def test_today_without_anybody_who_delivers_says_to_tell_a_supervisor_oneself(world: Any) -> None:
    steps = world.screen(by="ola").answer("q1", YES)
    assert steps.reached is False
    assert "tell one yourself" in str(steps)
    world.kit.deliver()
    steps = world.screen(by="ola").answer("q1", YES)
    assert steps.reached is True
    assert "A supervisor is being told" in str(steps)


def test_today_is_no_comfort_where_nobody_can_be_asked(world: Any) -> None:
    world.kit.deliver()
    for name in ("sam", "sue", "ola", "cora"):
        world.change(name, reach=())
    steps = world.screen(by="ola").answer("q1", YES)
    assert (steps.level, steps.reached, steps.on_call) == ("today", False, False)
    assert "being told" not in steps.told
    assert "Nobody of the program can be asked now" in str(steps)


def test_today_names_a_supervisor_only_if_one_is_asked(world: Any) -> None:
    world.kit.deliver()
    world.change("sue", reach=())
    steps = world.screen(by="ola").answer("q1", YES)
    assert steps.reached is True
    assert "supervisor" not in steps.told
    assert "Somebody of the program is being told" in steps.told


def test_who_is_alone_in_the_program_is_not_told_that_somebody_hears(opened: Any) -> None:
    """The only one who can be asked is whoever holds the screen."""
    more = {"on_call": [], "path": [{"role": "coordinator", "minutes": 5}]}
    world = opened(more=more)
    world.kit.deliver()
    for name in ("sam", "sue"):
        world.change(name, reach=())
    for item, level in (("q1", "today"), ("q5", "now")):
        steps = world.screen(by="cora", about="maya").answer(item, YES)
        assert (steps.level, steps.reached, steps.on_call) == (level, False, False)


def test_after_the_half_hour_the_steps_are_those_of_the_stored_level(world: Any) -> None:
    world.kit.deliver()
    screen = world.screen(by="ola")
    assert screen.answer("q1", YES).level == "today"
    world.clock.forward(minutes=31)
    world.kit.deliver()
    assert world.alert().level == "now"
    steps = screen.answer("q2", YES)
    assert (steps.level, steps.reached) == ("now", True)
    assert "one after the other, until somebody comes" in steps.told
    assert steps.reference == world.alert().reference
    world.wire.broken = {"sam", "ola", "cora", "sue"}
    world.clock.forward(minutes=11)
    world.kit.deliver()
    steps = screen.answer("q3", YES)
    assert (steps.level, steps.reached) == ("now", False)


def test_who_has_just_said_that_they_cannot_come_is_not_said_to_be_there(opened: Any) -> None:
    world = opened(more={"path": [{"role": "on-call", "minutes": 10}]})
    screen = world.screen()
    assert screen.answer("q5", YES).on_call is True
    world.acknowledge("ola", can_come=False)
    steps = screen.answer("q1", YES)
    assert steps.on_call is False
    assert "Nobody of the program can be asked now" in str(steps)


def test_an_end_that_cannot_be_stored_says_the_level_that_it_would_have_given(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = world.screen()
    assert screen.answer("q1", YES).level == "today"  # and `now` if it ends with q5 unanswered

    def locked(*_args: Any, **_options: Any) -> None:
        raise StorageError("locked")

    with monkeypatch.context() as patch, pytest.raises(UnsavedScreen) as failed:
        patch.setattr(world.kit, "write", locked)
        screen.finish()
    assert failed.value.steps.level == "now"
    assert screen.finish().level == "now"


def test_somebody_on_leave_is_not_said_to_be_there(world: Any) -> None:
    from datetime import timedelta

    from peerkit import Leave

    world.kit.deliver()
    screen = world.screen(by="cora")
    assert screen.answer("q1", YES).on_call is True
    now = world.clock.now()
    for name in ("sam", "sue", "ola"):
        with world.kit.session(actor=world.people[name]) as s:
            leave = Leave.plan(
                person=world.people[name], cover=world.cora, starts=now, ends=now + timedelta(days=1)
            )
            s.save(leave)
    assert screen.answer("q2", YES).on_call is False  # Cora is left, and it is she who asks


def test_in_hours_declared_as_uncovered_only_who_is_on_call_is_said_to_be_there(opened: Any) -> None:
    world = opened(more={"uncovered": "always"})
    assert world.kit.concern("worried").on_call is True
    world = opened(more={"uncovered": "always", "on_call": []})
    steps = world.kit.concern("worried")
    assert (steps.reached, steps.on_call) == (True, False)  # Cora was told, and nobody may count on her
    assert "Said beforehand: always" in str(steps)
