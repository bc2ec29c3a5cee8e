# SPDX-License-Identifier: Apache-2.0
"""While somebody has an alert in hand: another urgent answer is told to them at once, and until a human
acknowledges it nothing is recorded about the alert."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from own_questionnaires import receive

from peerkit import Refused
from peerkit.model.response import NEEDS

YES, NO = True, False
REASONS = dict.fromkeys(NEEDS, "unreachable")


def refused(world: Any, by: str, act: str, **details: Any) -> None:
    with pytest.raises(Refused) as raised:
        world.respond(by, act, **details)
    assert raised.value.codes == ("speaks-again",)
    assert world.alert().state == "open"


def taken_open(world: Any, by: str = "sam") -> Any:
    """A yes, a question that stayed open behind it for half an hour, and somebody who took the alert."""
    screen = world.screen(by="ola")
    screen.answer("q3", YES)
    world.clock.forward(minutes=31)
    world.kit.deliver()
    world.acknowledge(by)
    assert (world.alert().level, world.alert().holder) == ("now", world.people[by])
    return screen


def test_another_yes_is_told_at_once_to_whoever_has_it_in_hand(world: Any) -> None:
    """They took an alert about a question that nobody had answered."""
    screen = taken_open(world)
    was, sent = world.alert(), len(world.wire.sent)
    world.clock.forward(minutes=15)
    steps = screen.answer("q5", YES)
    made = world.alert()
    assert [one.to for one in world.wire.sent[sent:]] == ["sam"]
    assert steps.reached
    assert (made.state, made.holder, made.unheard) == ("acknowledged", world.sam, True)
    assert made.due == world.clock.now() + timedelta(minutes=10) < was.due
    assert "acute" in made.rules
    world.clock.forward(minutes=5)
    now = world.acknowledge("sam")
    assert (now.state, now.holder, now.unheard) == ("acknowledged", world.sam, False)
    assert now.due == world.clock.now() + timedelta(minutes=60)  # for what they have heard only now
    assert world.respond("sam", "act", words="we sat together").holder == world.sam


def test_silence_about_another_yes_climbs(world: Any) -> None:
    screen = taken_open(world)
    screen.answer("q5", YES)
    world.clock.forward(minutes=9)
    world.kit.deliver()
    assert world.alert().unheard
    world.clock.forward(minutes=2)
    world.kit.deliver()
    made = world.alert()
    assert (made.state, made.holder, made.offered) == ("open", "", "")
    assert world.wire.to[-1] == "cora"


def test_where_no_notice_comes_to_them_another_yes_climbs_at_once(world: Any) -> None:
    screen = taken_open(world)
    world.wire.broken.add("sam")
    screen.answer("q5", YES)
    assert world.alert().state == "open"
    assert world.wire.to[-1] == "cora"


@pytest.mark.parametrize("act", ["act", "meet", "close_incomplete"])
def test_what_was_done_before_another_yes_is_no_answer_to_it(world: Any, act: str) -> None:
    screen = taken_open(world)
    screen.answer("q5", YES)
    details = {
        "act": {"words": "we sat together"},
        "meet": {"need": "acted"},
        "close_incomplete": {"reasons": REASONS},
    }[act]
    for who in ("sam", "cora") if act.startswith("close") else ("sam",):  # nor over their head
        with pytest.raises(Refused) as raised:
            world.respond(who, act, **details)
        assert raised.value.codes == ("speaks-again",)
    assert world.alert().unheard
    world.acknowledge("sam")
    world.respond("sam", act, **details)


def test_silence_about_another_yes_leaves_nothing_to_be_closed_unheard(world: Any) -> None:
    """Whoever had it in hand, and comes back once it climbed, acknowledges it before anything else."""
    screen = taken_open(world)
    screen.answer("q5", YES)
    world.clock.forward(minutes=11)
    world.kit.deliver()
    assert world.alert().state == "open"
    refused(world, "sam", "close_incomplete", reasons=REASONS)
    refused(world, "cora", "act", words="we sat together")
    world.acknowledge("cora")
    world.respond("cora", "act", words="we sat together")


def test_what_became_more_urgent_is_not_closed_by_whoever_took_less(world: Any) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    world.kit.deliver()
    world.acknowledge("cora")
    screen.answer("q5", YES)
    refused(world, "cora", "close_incomplete", reasons=REASONS)


@pytest.mark.parametrize("closed_by", ["sam", "cora"])
def test_handing_on_what_nobody_has_heard_makes_it_no_quieter(world: Any, closed_by: str) -> None:
    screen = taken_open(world)
    screen.answer("q5", YES)
    world.clock.forward(minutes=9)
    with world.kit.session(actor=world.sam) as s:
        s.hand_on(world.alert(), to=world.cora)
    assert world.alert().unheard
    with pytest.raises(Refused) as raised:
        world.respond(closed_by, "close_incomplete", reasons=REASONS)
    assert raised.value.codes == ("speaks-again",)
    taken = world.acknowledge(closed_by)
    assert (taken.holder, taken.offered, taken.unheard) == (world.people[closed_by], "", False)
    assert taken.due == world.clock.now() + timedelta(minutes=60)


def test_while_it_is_handed_on_another_yes_is_told_to_both(world: Any) -> None:
    screen = taken_open(world)
    with world.kit.session(actor=world.sam) as s:
        s.hand_on(world.alert(), to=world.cora)
    sent, due = len(world.wire.sent), world.alert().due
    screen.answer("q5", YES)
    made = world.alert()
    assert sorted(one.to for one in world.wire.sent[sent:]) == ["cora", "sam"]
    assert (made.offered, made.due, made.unheard) == (world.cora, due, True)
    world.clock.forward(minutes=30)
    world.kit.deliver()
    assert world.alert().state == "open"


def test_anybody_who_may_take_it_takes_what_whoever_has_it_has_not_heard(world: Any) -> None:
    screen = taken_open(world)
    screen.answer("q5", YES)
    [line] = world.kit.alerts()
    assert line.step == "unheard"
    made = world.acknowledge("cora")
    assert (made.state, made.holder, made.unheard) == ("acknowledged", world.cora, False)
    world.respond("cora", "act", words="we sat together")
    world.clock.forward(minutes=30)
    world.kit.deliver()
    assert world.alert().holder == world.cora


def test_whoever_heard_the_answer_themselves_is_told_nothing(world: Any) -> None:
    screen = taken_open(world)
    sent = len(world.wire.sent)
    with world.kit.session(actor=world.sam) as s:
        steps = s.screening("asq", screen=screen.id).answer("q5", YES)
    assert not world.alert().unheard
    assert world.wire.sent[sent:] == []
    assert "in hand" not in str(steps)  # nobody else comes


def test_whoever_acted_and_asks_on_keeps_it(world: Any) -> None:
    screen = taken_open(world)
    world.respond("sam", "act", words="we sit together")
    with world.kit.session(actor=world.sam) as s:
        s.screening("asq", screen=screen.id).answer("q5", YES)
    assert (world.alert().state, world.alert().holder) == ("acting", world.sam)


def test_a_yes_that_was_taken_back_and_comes_again_is_news(world: Any) -> None:
    """Whoever has it may have looked while it said no."""
    screen = taken_open(world)
    screen.answer("q5", YES)
    world.acknowledge("sam")
    screen.answer("q5", NO)
    sent = len(world.wire.sent)
    screen.answer("q5", YES)
    assert world.alert().unheard
    assert [one.to for one in world.wire.sent[sent:]] == ["sam"]
    screen.answer("q5", YES)  # they have been told, and see all of it when they look
    assert [one.to for one in world.wire.sent[sent:]] == ["sam"]


def test_one_rule_over_several_questions_speaks_for_each(world: Any) -> None:
    receive(world, "c-ssrs-screener=supervisor")
    screen = world.screen(by="ola", instrument="c-ssrs-screener")
    screen.answer("q4", YES)
    world.acknowledge("sam")
    sent = len(world.wire.sent)
    screen.answer("q5", YES)
    assert world.alert().unheard
    assert [one.to for one in world.wire.sent[sent:]] == ["sam"]


def test_what_time_makes_urgent_is_told_to_whoever_has_it(world: Any) -> None:
    """A question left open behind an act of which nobody knows when it was."""
    receive(world, "c-ssrs-screener=supervisor")
    screen = world.screen(by="ola", instrument="c-ssrs-screener")
    screen.answer("q2", YES)
    world.clock.forward(minutes=31)
    world.kit.deliver()
    assert world.alert().level == "now"
    world.acknowledge("sam")
    world.clock.forward(minutes=1)
    screen.answer("q6", YES)
    assert not world.alert().unheard  # by itself it is for today
    sent = len(world.wire.sent)
    world.clock.forward(minutes=6)
    world.kit.deliver()
    assert world.alert().unheard
    assert [one.to for one in world.wire.sent[sent:]] == ["sam"]


def test_a_screen_that_was_moved_to_and_fro_speaks_to_whoever_has_the_first_alert(world: Any) -> None:
    screen = taken_open(world)
    first = world.alert()
    by_hand = world.screen(by="cora", screen=screen.id)
    by_hand.move(world.enrol("bea"))
    screen.answer("q5", YES)
    by_hand.move(world.people["maya"])
    [again] = [one for one in world.alerts if one.id == first.id]
    assert (again.state, again.holder, again.unheard) == ("acknowledged", world.sam, True)


def test_where_the_notice_fails_nobody_is_said_to_have_it_in_hand(world: Any) -> None:
    screen = taken_open(world)
    world.wire.broken.add("sam")
    steps = screen.answer("q5", YES)
    assert world.alert().state == "open"
    assert "in hand" not in str(steps)


def test_who_has_not_heard_and_who_is_gone_is_nobody_who_knows(world: Any) -> None:
    screen = taken_open(world)
    assert "in hand" in str(screen.steps)
    screen.answer("q5", YES)
    world.clock.forward(minutes=25)  # and nobody delivers
    assert "in hand" not in str(screen.steps)


def test_what_is_not_urgent_is_no_news_for_whoever_has_it(world: Any) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    world.kit.deliver()
    world.acknowledge("sam")
    screen.answer("q5", NO)
    assert not world.alert().unheard
