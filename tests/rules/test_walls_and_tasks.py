# SPDX-License-Identifier: Apache-2.0
"""No task about a person goes to somebody a wall keeps from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import Alert, FollowUp, PeerSupporter, Task, Wall

World = Any
DAY = timedelta(days=1)


@pytest.fixture
def house(world: World) -> World:
    """Maya, whom Kai supports, and a wall between her and the coordinator; Rita is the other one."""
    world.match(world.maya, world.supporter("kai"))
    world.save(Wall.put_up(person=world.maya, human=world.coordinator), actor=world.maya)
    world.office("rita", "coordinator")
    return world


def given(world: World, **details: Any) -> Any:
    task = Task.give(owner=world.kai, what="call", due=world.watch.now(), person=world.maya, **details)
    return world.save(task, actor=world.kai)


def test_a_task_that_lies_asks_another(house: World) -> None:
    task = given(house)
    house.watch.forward(days=4)
    house.kit.tick()
    assert house.get(task).asked_too == house.rita.id


def test_nor_a_supervisor_behind_the_wall(house: World) -> None:
    (role,) = house.every(PeerSupporter)
    house.save(role.answer_to(house.coordinator))
    task = given(house)
    house.watch.forward(days=4)
    house.kit.tick()
    assert house.get(task).asked_too == house.rita.id


def test_what_was_due_from_somebody_who_left_is_anothers(house: World) -> None:
    task, own = given(house), house.save(Task.give(owner=house.kai, what="order-tea", due=house.watch.now()))
    house.save(house.get(house.kai).leave(), actor=house.kai)
    assert house.get(task).owner == house.rita.id
    assert house.get(own).owner == house.coordinator.id  # about nobody: the wall keeps nothing


def looked_at_by(world: World) -> list[str]:
    """Who is asked to look at a screen of somebody whom its holder has nothing to do with."""
    with world.kit.session(actor=world.supporter("noor")) as s:
        s.screening("asq", world.maya).finish()
    return [task.owner for task in world.every(Task, what="look-at-screen")]


def test_a_screen_is_looked_at_by_another(house: World) -> None:
    assert looked_at_by(house) == [house.rita.id]


def test_but_rather_by_them_than_by_nobody(world: World) -> None:
    world.match(world.maya, world.supporter("kai"))
    world.save(Wall.put_up(person=world.maya, human=world.coordinator), actor=world.maya)
    assert looked_at_by(world) == [world.coordinator.id]


def test_nor_is_whoever_stands_behind_it_reminded_of_an_alert(house: World) -> None:
    noor = house.office("noor", "on-call")
    with house.kit.session(actor=house.kai) as s:
        screen = s.screening("asq", house.maya)
        for question in ("q1", "q2", "q3", "q4", "q5"):
            screen.answer(question, "yes")
        screen.finish()
    (alert,) = house.every(Alert)
    with house.kit.session(actor=noor) as s:
        s.acknowledge(alert.id)
    with house.kit.session(actor=noor) as s:
        s.respond(alert.id, "act", words="we talked")
    house.save(house.get(noor).leave(), actor=noor)
    house.watch.forward(hours=25)
    house.kit.deliver()
    (alert,) = house.every(Alert)  # it is in nobody's hand, and climbs
    assert alert.state == "open"
    assert house.coordinator.id not in alert.asked
    assert house.every(Task, what="close-alert") == []


def test_nor_asked_about_a_letter_of_somebody_without_a_route(house: World) -> None:
    assert house.kit.whose("a letter", house.maya.id) == house.rita.id
    assert house.kit.whose("a letter") == house.coordinator.id


def test_where_nobody_else_is_it_waits_for_whoever_comes(world: World) -> None:
    world.match(world.maya, world.supporter("kai"))
    world.save(Wall.put_up(person=world.maya, human=world.coordinator), actor=world.maya)
    task = given(world)
    world.save(world.get(world.kai).leave(), actor=world.kai)
    world.watch.forward(days=4)
    world.kit.tick()
    assert world.get(task).owner == world.kai.id
    rita = world.office("rita", "on-call")
    world.kit.tick()
    assert world.get(task).asked_too == rita.id


def test_a_follow_up_is_asked_by_another(house: World) -> None:
    on = house.watch.now().date() + 100 * DAY
    made = FollowUp.agree(person=house.maya, on=on)
    house.save(made, actor=house.maya)
    house.watch.forward(days=101)
    house.kit.tick()
    (task,) = house.every(Task, what="follow-up")
    assert task.owner == house.rita.id


def test_nor_does_the_second_reading_of_a_glass_go_to_who_broke_it(house: World) -> None:
    """Who reviews it leaves: the next one is not the reader."""
    pat = house.office("pat", "privacy")
    sol = house.office("sol", "on-call")
    house.kit.break_glass(house.maya, reason="No answer", actor=house.rita)
    (review,) = house.every(Task, what="review-glass")
    assert review.owner == pat.id
    house.save(house.get(pat).leave(), actor=pat)
    assert house.get(review).owner == sol.id
