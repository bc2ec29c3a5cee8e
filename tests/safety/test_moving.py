# SPDX-License-Identifier: Apache-2.0
"""Screens filed under the wrong person, and many hands at one screen."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import peerkit
from peerkit import NotFound, Refused
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
