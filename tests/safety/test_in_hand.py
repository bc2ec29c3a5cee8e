# SPDX-License-Identifier: Apache-2.0
"""What a human does about an alert is about the alert as it was: one that speaks again is taken anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import NotFound, PeerkitError, Person, Refused
from peerkit.model.response import NEEDS

YES, NO = True, False
REASONS = dict.fromkeys(NEEDS, "unreachable")


def refused(world: Any, by: str, act: str, **details: Any) -> None:
    with pytest.raises(Refused) as raised:
        world.respond(by, act, **details)
    assert raised.value.codes == ("speaks-again",)
    assert world.alert().state == "open"


@pytest.mark.parametrize("act", ["act", "meet", "close", "close_incomplete"])
def test_what_was_done_before_it_became_more_urgent_silences_nothing(world: Any, act: str) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    for need in NEEDS:
        world.respond("cora", "meet", need=need)
    screen.answer("q5", YES)
    details = {
        "act": {"words": "we sat together"},
        "meet": {"need": "acted"},
        "close_incomplete": {"reasons": REASONS},
    }.get(act, {})
    refused(world, "cora", act, **details)
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.wire.to[-1] == "cora"  # it climbs on
    world.acknowledge("cora")
    with pytest.raises(Refused) as raised:
        world.respond("cora", "close")  # the conditions were met for what it was
    assert raised.value.codes == ("needs-unmet",)
    for need in NEEDS:
        world.respond("cora", "meet", need=need)
    world.respond("cora", "close")
    assert world.alert().state == "closed"


def test_what_was_handed_back_is_not_closed_in_passing(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    world.respond("sam", "act", words="we sat together")
    world.acknowledge("sam", can_come=False)
    refused(world, "sam", "close_incomplete", reasons=REASONS)
    world.acknowledge("cora")
    assert world.respond("cora", "close_incomplete", reasons=REASONS).state == "incomplete"


def test_who_could_not_come_for_less_is_asked_again_where_it_becomes_more_urgent(world: Any) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    world.kit.deliver()
    for name in ("sue", "sam"):
        world.acknowledge(name, can_come=False)
    assert world.wire.to == ["sue", "sam", "cora"]
    screen.answer("q5", YES)
    assert world.wire.to == ["sue", "sam", "cora", "sam"]


@pytest.mark.parametrize(
    ("item", "level", "by", "minutes"), [("q4", "today", "sue", 20), ("q5", "now", "sam", 720)]
)
def test_a_yes_that_comes_after_something_was_done_is_told_anew(
    world: Any, item: str, level: str, by: str, minutes: int
) -> None:
    screen = world.screen(by="maya")
    screen.answer(item, YES)
    world.kit.deliver()
    world.respond(by, "act", words="we sat together")
    told = len(world.wire.to)
    world.clock.forward(minutes=minutes)
    world.kit.deliver()
    steps = screen.answer(item, YES)  # the same once more, alone and at night
    world.kit.deliver()
    assert (world.alert().state, world.alert().level) == ("open", level)
    assert world.wire.to[told:] == [by]
    assert steps.reached is True
    refused(world, by, "act", words="we had sat together")


def test_what_begins_anew_for_today_waits_no_longer_for_the_supervisor_than_its_rung(world: Any) -> None:
    """Only who is asked first of all has until the program's hour."""
    screen = world.screen(by="sam")
    screen.answer("q1", YES)
    world.kit.deliver()
    assert world.alert().due > world.clock.now() + timedelta(hours=2)
    world.acknowledge("sue")
    world.respond("sue", "act", words="we sat together")
    world.clock.forward(minutes=5)
    screen.answer("q2", YES)
    world.kit.deliver()
    assert (world.alert().state, world.alert().level, world.alert().rung) == ("open", "today", "supervisor")
    assert world.alert().due == world.clock.now() + timedelta(hours=1)


def test_what_says_nothing_new_leaves_it_with_whoever_acted(world: Any) -> None:
    screen = world.screen(by="maya")
    screen.answer("q5", YES)
    world.respond("sam", "act", words="we sat together")
    screen.answer("q1", NO)
    screen.finish()
    assert (world.alert().state, world.wire.to) == ("acting", ["sam"])


def raised_meanwhile(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen with a yes, which becomes urgent in the middle of whatever is written next."""
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    commit, waiting = world.kit.storage.commit, [lambda: screen.answer("q5", YES)]

    def interrupted(*args: Any, **details: Any) -> Any:
        if waiting:
            waiting.pop()()
        return commit(*args, **details)

    monkeypatch.setattr(world.kit.storage, "commit", interrupted)


@pytest.mark.parametrize("act", ["act", "close_incomplete"])
def test_raised_between_reading_and_writing_it_is_taken_anew(
    world: Any, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    raised_meanwhile(world, monkeypatch)
    details = {"reasons": REASONS} if act == "close_incomplete" else {"words": "we sat together"}
    refused(world, "cora", act, **details)
    assert world.alert().level == "now"
    assert world.all("safety_response") == []


def test_raised_while_it_is_acknowledged_whoever_takes_it_learns_how_urgent_it_is(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised_meanwhile(world, monkeypatch)
    taken = world.acknowledge("cora")
    assert (taken.level, taken.state, taken.holder) == ("now", "acknowledged", world.cora)
    world.clock.forward(minutes=60)
    world.kit.deliver()
    assert world.alert().state == "open"  # and nothing done about it, it goes on


# -- whose hand it is --------------------------------------------------------------------------------


def test_who_is_named_by_a_concern_after_they_took_it_does_nothing_more_about_it(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    world.acknowledge("sam")
    world.clock.forward(seconds=1)
    world.kit.concern("he shouts at her", about=world.maya, names=[world.sam])
    for number in (0, 1):
        with pytest.raises(NotFound):
            world.respond("sam", "close_incomplete", number, reasons=REASONS)
    world.clock.forward(minutes=61)
    world.kit.deliver()
    assert world.alert().state == "open"
    assert world.alert().asked == (world.cora,)


def test_nobody_takes_an_alert_about_themselves_through_a_record_that_was_joined(world: Any) -> None:
    world.enrol("mia")
    world.kit.merge(world.maya, world.mia, reason="she said so", actor=world.cora)
    world.screen(by="ola").answer("q5", YES)
    with pytest.raises(PeerkitError):
        world.acknowledge("mia")
    assert world.alert().state == "open"


def test_whose_record_was_joined_while_they_had_it_in_hand_still_has_it(world: Any) -> None:
    world.supporter("sal")
    world.screen(by="ola").answer("q5", YES)
    world.acknowledge("sam")
    world.kit.merge(world.sal, world.sam, reason="he said so", actor=world.cora)
    assert world.alert().holder == world.sal
    world.clock.forward(minutes=61)
    world.kit.deliver()
    assert (world.alert().state, world.wire.to[-1]) == ("open", "cora")


def test_who_dies_with_it_in_hand_leaves_it_to_the_next(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    world.acknowledge("sam")
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Person, world.sam).mark_died())
    world.clock.forward(minutes=61)
    world.kit.deliver()
    assert (world.alert().state, world.wire.to[-1]) == ("open", "cora")


def test_a_path_of_everybodys_own_supporter_alone_passes_no_drill(opened: Any) -> None:
    world = opened(more={"path": [{"role": "supporter", "minutes": 10}], "uncovered": "always"})
    report = world.kit.drill(world.cora)
    assert (report.steps, report.handed_over) == ((), 2)  # coordinator and supervisor, whom any path comes to
    with world.kit.session(actor=world.cora) as s:
        assert s.acknowledge(report.reference).state == "running"
    assert "no-drill" in {problem.code for problem in world.kit.health().problems}
