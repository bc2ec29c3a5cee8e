# SPDX-License-Identifier: Apache-2.0
"""No task about a person goes to somebody a wall keeps from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import FollowUp, PeerSupporter, Task, Wall

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
