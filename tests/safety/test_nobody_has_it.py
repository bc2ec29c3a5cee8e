# SPDX-License-Identifier: Apache-2.0
"""Alerts that seem to be in somebody's hands and are in nobody's: whoever took them is gone, may know of them
no more or is ill, or the time in which somebody was to come is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from safety_program import Wire

from peerkit import Leave, NotFound, Person
from peerkit.model.response import NEEDS

YES, NO = True, False


def taken(world: Any, by: str, *, acted: bool = False) -> Any:
    """A question that stayed open for half an hour behind a yes, and who took the alert."""
    screen = world.screen(by="sue" if by == "ola" else "ola")
    screen.answer("q1", YES)
    world.clock.forward(minutes=31)
    world.kit.deliver()
    world.acknowledge(by)
    if acted:
        world.respond(by, "act", words="on my way")
    world.wire.sent.clear()
    world.clock.forward(minutes=1)
    return screen


def goes(world: Any, name: str, how: str) -> None:
    """They died, left, or a concern about the same person names them."""
    if how == "named":
        world.kit.concern("they were drunk", about=world.maya, names=[world.people[name]])
        return
    by = world.people[name] if how == "leave" else world.cora
    with world.kit.session(actor=by) as s:
        s.save(getattr(s.get(Person, world.people[name]), how)())


@pytest.mark.parametrize("acted", [False, True], ids=["taken", "acted on"])
@pytest.mark.parametrize("how", ["mark_died", "leave", "named"])
def test_an_alert_whose_holder_is_gone_goes_on_at_once(world: Any, how: str, acted: bool) -> None:  # noqa: FBT001
    taken(world, "ola", acted=acted)
    goes(world, "ola", how)
    world.kit.deliver()
    alert = world.alert()
    assert (alert.state, alert.holder) == ("open", "")
    assert alert.asked
    assert world.ola not in alert.asked
    world.acknowledge("cora")
    world.respond("cora", "act", words="I am with her")
    for need in NEEDS:
        world.respond("cora", "meet", need=need)
    world.respond("cora", "close")
    assert world.alert().state == "closed"


def test_who_has_left_takes_nothing_any_more(world: Any) -> None:
    """They were told, and would have it until the next run."""
    taken(world, "ola")
    goes(world, "ola", "leave")
    world.kit.deliver()
    with pytest.raises(NotFound):
        world.acknowledge("ola")
    assert world.alert().state == "open"


def test_whoever_is_there_keeps_what_they_have(world: Any) -> None:
    taken(world, "ola")
    world.kit.deliver()
    assert (world.alert().state, world.alert().holder) == ("acknowledged", world.ola)


def test_another_yes_is_not_told_to_who_has_it_and_may_not_know(world: Any) -> None:
    screen = taken(world, "sam")
    world.kit.concern("Sam threatened me", world.maya, world.maya, names=[world.sam])
    world.wire.sent.clear()
    steps = screen.answer("q5", YES)
    assert world.wire.to == ["cora"]  # Ola asks the questions
    assert steps.reached
    assert world.alert().holder == ""


def test_another_yes_goes_past_who_has_it_and_fell_ill(world: Any) -> None:
    world.supporter("bea", supervisor="sue")
    screen = taken(world, "sam")
    with world.kit.session(actor=world.sam) as s:
        s.save(Leave.fall_ill(person=world.sam, starts=world.clock.now(), cover=world.bea))
    world.clock.forward(minutes=1)
    screen.answer("q5", YES)
    assert world.wire.to == ["bea"]


def test_a_yes_to_an_alert_whose_time_is_over_asks_the_next(world: Any) -> None:
    """Nobody delivers: the one bounded attempt told the first, who does not answer."""
    screen = world.screen(by="sam")
    assert screen.answer("q5", YES).reached
    assert world.wire.to == ["ola"]
    world.clock.forward(hours=5)
    assert not screen.steps.reached  # nobody came, and nobody is going to be told
    steps = screen.answer("q5", YES)
    assert world.wire.to == ["ola", "cora"]
    assert steps.reached
    assert world.alert().rung == "coordinator"


def test_while_their_time_runs_a_yes_tells_nobody_anew(world: Any) -> None:
    screen = world.screen(by="sam")
    screen.answer("q5", YES)
    world.clock.forward(minutes=5)
    assert screen.answer("q5", YES).reached
    assert world.wire.to == ["ola"]


def test_between_two_runs_somebody_is_still_being_told(world: Any) -> None:
    screen = world.screen(by="sam")
    screen.answer("q5", YES)
    world.kit.deliver()
    world.clock.forward(minutes=10, seconds=20)
    world.kit.deliver()
    world.clock.forward(minutes=10, seconds=20)
    assert screen.steps.reached


def test_who_gave_the_answer_is_nobody_else(world: Any) -> None:
    """Sue began the screen, Ola went on with it, and is the only one on call who can be reached."""
    for name in ("sam", "cora"):
        world.change(name, reach=())
    screen = world.screen(by="sue")
    steps = world.screen(by="ola", screen=screen.id).answer("q5", YES)
    assert world.wire.to == ["ola"]
    assert not steps.reached


def test_who_voices_a_worry_and_is_the_only_one_told_hears_that_nobody_comes(world: Any) -> None:
    for name in ("sam", "cora"):
        world.change(name, reach=())
    steps = world.kit.concern("worried", world.maya, actor=world.ola)
    assert world.wire.to == ["ola"]
    assert not steps.reached


def test_a_rung_that_takes_long_to_try_stays_with_who_tries_it(world: Any, opened: Any) -> None:
    """Fourteen whose mail times out, one after the other, and a run that begins meanwhile each minute."""
    for number in range(13):
        world.enrol(f"co{number}")
        world.appoint(f"co{number}", "coordinator")
    tried: list[str] = []

    def slow(message: Any) -> None:
        tried.append(message.to)
        world.clock.forward(seconds=9.5)
        raise ConnectionError("timed out")

    world.screen(by="sam").answer("q5", YES)
    world.clock.forward(minutes=11)
    world.wire.on_send = slow
    real, running = world.wire.send, []

    def send(message: Any) -> None:
        if len(tried) in {7, 13} and not running:
            running.append(True)
            world.kit.deliver()
            running.clear()
        real(message)

    world.wire.send = send
    world.kit.deliver()
    failed = [one for one in world.all("delivery") if one.result == "failed" and one.climb == 2]
    assert len(failed) == len({one.to for one in failed}) == 14
    assert tried.count("co3") == 1
    assert isinstance(world.wire, Wire)
    assert world.alert().due - world.clock.now() <= timedelta(minutes=10)
