# SPDX-License-Identifier: Apache-2.0
"""Screens filed under the wrong person, and many hands at one screen."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import peerkit
from peerkit import NotFound, Refused
from peerkit.model.response import NEEDS
from peerkit.safety.screening import screening

YES = True


def test_a_moved_screen_alarms_for_the_right_person_and_keeps_the_first_alert(world: Any) -> None:
    world.enrol("noa")
    screen = world.screen()
    screen.answer("q4-how", "words of Noa's")
    screen.answer("q5", YES)
    with world.kit.session(actor=world.cora) as s:
        steps = s.screening("asq", screen=screen.id).move(world.noa)
    assert steps.level == "now"
    assert {(a.person, a.level, a.state) for a in world.alerts} == {
        (world.maya, "now", "open"),
        (world.noa, "now", "open"),
    }
    assert {a.person for a in world.all("answer")} == {world.noa}
    assert world.all("risk_screen")[0].person == world.noa
    assert [t.owner for t in world.all("task") if t.what == "look-at-moved-screen"] != []

    screen = world.screen(screen=screen.id)
    screen.answer("q1", YES)
    assert len(world.alerts) == 2


def test_moving_is_for_those_who_may_and_to_somebody_who_is_there(world: Any) -> None:
    world.enrol("noa")
    screen = world.screen()
    screen.answer("q5", YES)
    with pytest.raises(Refused):
        screen.move(world.noa)
    with world.kit.session(actor=world.cora) as s, pytest.raises(NotFound):
        s.screening("asq", screen=screen.id).move("nobody")
    assert [a.person for a in world.alerts] == [world.maya]


ITEMS = ("q1", "q2", "q3", "q4", "q5", "q4-how", "q4-when", "q5-describe")


def test_four_threads_answer_one_screen_nothing_is_lost_and_one_alert_is_there(world: Any) -> None:
    first = world.screen()
    actor = peerkit.Actor(world.sam)
    errors: list[BaseException] = []

    def answer(items: tuple[str, ...]) -> None:
        try:
            mine = screening(world.kit, actor, "asq", screen=first.id)
            for item in items:
                mine.answer(item, YES if len(item) == 2 else "words")
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test shows it
            errors.append(error)

    threads = [threading.Thread(target=answer, args=(ITEMS[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(a.item for a in world.all("answer")) == sorted(ITEMS)
    assert sorted(a.number for a in world.all("answer")) == list(range(1, 9))
    (alert,) = world.alerts
    assert (alert.level, alert.state) == ("now", "open")
    assert len(world.wire.sent) >= 1


def test_two_who_acknowledge_at_once_leave_one_holder(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    world.clock.forward(minutes=10)
    world.kit.deliver()
    holders: list[str] = []

    def take(name: str) -> None:
        holders.append(world.acknowledge(name).holder)

    threads = [threading.Thread(target=take, args=(name,)) for name in ("sam", "cora")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(holders)) == 1
    assert world.alert().version == len(world.kit.storage.history("alert", world.alert().id))


def move(world: Any, screen: str, to: str) -> Any:
    """A coordinator files it under somebody else, in another process as far as the first one knows."""
    with world.kit.session(actor=world.cora) as s:
        return s.screening("asq", screen=screen).move(to)


def by_person(world: Any) -> dict[str, str]:
    return {alert.person: alert.level for alert in world.alerts}


def test_who_goes_on_with_a_screen_that_was_moved_meanwhile_alarms_for_the_right_one(world: Any) -> None:
    world.enrol("noa")
    mine = world.screen()
    mine.answer("q1", YES)
    move(world, mine.id, world.noa)
    mine.answer("q5", YES)
    assert by_person(world) == {world.maya: "today", world.noa: "now"}
    assert {answer.person for answer in world.all("answer")} == {world.noa}


def test_who_goes_on_after_two_records_were_joined_alarms_for_the_one_that_is_there(world: Any) -> None:
    world.enrol("mia")
    mine = world.screen(by="ola", about="mia")
    world.kit.merge(world.maya, world.mia, reason="she said so", actor=world.cora)
    mine.answer("q5", YES)
    assert by_person(world) == {world.maya: "now"}
    assert "sam" in world.wire.to  # her supporter, whom the other record did not have


@pytest.mark.parametrize("first", ["answer", "move"])
def test_an_answer_and_a_move_at_once_leave_no_answer_behind(
    world: Any, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """Each is stopped between what it read and what it writes, and the other one is done meanwhile."""
    world.enrol("noa")
    mine = world.screen()
    mine.answer("q1", YES)
    with world.kit.session(actor=world.cora) as s:
        theirs = s.screening("asq", screen=mine.id)
    acts = {"answer": lambda: mine.answer("q5", YES), "move": lambda: theirs.move(world.noa)}
    other = acts[{"answer": "move", "move": "answer"}[first]]
    commit, waiting = world.kit.storage.commit, [other]

    def interrupted(*args: Any, **details: Any) -> Any:
        if waiting:
            waiting.pop()()
        return commit(*args, **details)

    monkeypatch.setattr(world.kit.storage, "commit", interrupted)
    acts[first]()
    assert by_person(world)[world.noa] == "now"
    assert {answer.person for answer in world.all("answer")} == {world.noa}


def test_what_time_made_of_a_screen_moves_along(world: Any) -> None:
    world.enrol("noa")
    mine = world.screen()
    mine.answer("q1", YES)
    world.clock.forward(minutes=31)
    world.kit.deliver()
    assert move(world, mine.id, world.noa).level == "now"
    assert by_person(world) == {world.maya: "now", world.noa: "now"}


@pytest.mark.parametrize("state", ["acknowledged", "acting", "closed"])
def test_what_time_made_of_a_screen_moves_along_whatever_became_of_its_alert(world: Any, state: str) -> None:
    """What somebody did about the first one they did for somebody else."""
    world.enrol("noa")
    mine = world.screen()
    mine.answer("q1", YES)
    world.clock.forward(minutes=31)
    world.kit.deliver()
    world.acknowledge("ola")
    if state != "acknowledged":
        world.respond("ola", "act", words="I rang her")
    if state == "closed":
        world.respond("ola", "close_incomplete", reasons=dict.fromkeys(NEEDS, "declined"))
    assert world.alert().state == state
    assert move(world, mine.id, world.noa).level == "now"
    assert by_person(world) == {world.maya: "now", world.noa: "now"}


def test_a_moved_screen_is_judged_by_the_age_of_the_one_it_is_about(world: Any) -> None:
    world.enrol("noa")  # nobody knows how old she is, so she counts as youth
    mine = world.screen()
    for item in ("q1", "q2", "q3", "q4"):
        mine.answer(item, "declined")
    assert world.alerts == []
    move(world, mine.id, world.noa)
    assert by_person(world) == {world.noa: "today"}


def test_a_screen_is_moved_to_the_record_that_another_was_joined_with(world: Any) -> None:
    world.enrol("noa")
    world.enrol("noe")
    world.kit.merge(world.noa, world.noe, reason="she said so", actor=world.cora)
    mine = world.screen()
    mine.answer("q5", YES)
    move(world, mine.id, world.noe)
    assert by_person(world) == {world.maya: "now", world.noa: "now"}


def test_moved_there_and_back_both_alerts_stay(world: Any) -> None:
    world.enrol("noa")
    mine = world.screen()
    mine.answer("q1", YES)
    move(world, mine.id, world.noa)
    move(world, mine.id, world.maya)
    mine.answer("q5", YES)
    assert by_person(world) == {world.maya: "now", world.noa: "today"}
    assert {alert.state for alert in world.alerts} == {"open"}
