# SPDX-License-Identifier: Apache-2.0
"""What somebody reads who answers by themselves, and what anybody reads before the first question: which
answers tell whom, and that declining may."""

from __future__ import annotations

from typing import Any

from peerkit import Program
from peerkit.instruments import load
from peerkit.safety.asking import beforehand

YES, NO = True, False


def test_duties_are_for_whoever_stands_beside_somebody(world: Any) -> None:
    alone = world.screen(by="maya").answer("q5", YES)
    assert alone.duties == ()
    assert "children's aid" not in str(alone)
    assert world.screen(by="sam").answer("q5", YES).duties


def test_alone_the_lines_come_at_once_and_nobody_is_to_be_told_by_oneself(world: Any) -> None:
    for name in ("sam", "sue", "ola", "cora"):
        world.change(name, reach=())
    for item in ("q1", "q5"):
        steps = world.screen(by="maya").answer(item, YES)
        said = steps.sentences
        assert said[0].endswith("You can call or write to one of these now.")
        assert "9-8-8" in said[1]
        assert sum(one.startswith("Nobody") for one in said) == 1
        assert "yourself" not in str(steps)


def test_there_is_no_leisure_where_somebody_is_to_be_called_now(world: Any) -> None:
    assert "need not hurry" in str(world.screen(by="ola").answer("q1", YES))
    assert "need not hurry" not in str(world.screen(by="ola").answer("q5", YES))
    worried = world.kit.concern("worried", by=world.sam, about=world.maya)
    assert worried.stay.startswith("If you are with them, stay.")


def test_it_is_not_said_that_somebody_comes_where_nobody_can_be_asked(opened: Any) -> None:
    world = opened(more={"uncovered": "always", "on_call": []})
    steps = world.kit.concern("worried")
    assert (steps.reached, steps.on_call) == (True, False)
    assert "until somebody comes" not in str(steps)
    assert str(steps).count("Nobody of the program") == 1


def test_without_a_person_a_session_of_somebody_without_a_role_is_about_themselves(world: Any) -> None:
    assert world.screen(by="maya", about="").person == world.maya
    assert world.screen(by="maya", about="").alone
    for name in ("sam", "sue", "ola", "cora"):
        assert not world.screen(by=name, about="").person


def test_which_answers_tell_whom_is_said_beforehand(world: Any) -> None:
    said = "\n".join(world.screen().before)
    assert "before the day ends. These are: yes to one of questions 1 to 4." in said
    assert "somebody comes. These are: yes to question 5; yes to one of questions 1 to 4, if " in said
    said = "\n".join(beforehand(load("hits"), None))
    assert "These are: high numbers altogether." in said
    french = "\n".join(world.screen().beforehand("fr"))
    assert "oui à l’une des questions 1 à 4." in french
    assert "oui à la question 5" in french


def test_that_declining_tells_somebody_is_said_to_whom_it_holds_for(world: Any) -> None:
    declined = "If you decline, a supervisor may be told as well."
    assert declined not in world.screen().before  # an adult
    world.enrol("theo", age_band="16-24")
    world.enrol("nobody-knows")
    assert declined in world.screen(about="theo").before
    assert declined in world.screen(about="nobody-knows").before
    assert declined not in beforehand(load("hits"), None)


def test_talk_stays_with_a_supervisor_and_never_ends(world: Any) -> None:
    with world.kit.session(actor=world.cora) as s:
        (program,) = s.find(Program)
        s.save(program.update(settings={"receives": ("clinical=on-call",)}))
    screen = world.screen(instrument="phq-2")
    assert "a supervisor is told" in "\n".join(screen.before)
    steps = screen.answer("q1", 3)
    assert (steps.level, world.alert().asked) == ("talk", (world.sam,))
    assert "if it is left open for a day, a supervisor is" in steps.told
    asked = []
    for _ in range(4):
        world.clock.forward(hours=24, minutes=1)
        world.kit.deliver()
        asked.append(world.alert().asked)
    assert asked == [(world.sue,)] * 4
    world.change("sue", reach=())
    world.clock.forward(hours=24, minutes=1)
    world.kit.deliver()
    assert world.alert().asked == (world.cora,)
