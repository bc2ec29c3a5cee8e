# SPDX-License-Identifier: Apache-2.0
"""A wall, or a concern that names them, keeps an office out by every door, and not only by the front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from peerkit import Alert, Concern, Feedback, GoalPlan, Person, Refused, Task, Wall

World = Any


@pytest.fixture
def rita(world: World) -> Any:
    """A coordinator; Maya, whom Kai supports, wished for a wall between the two."""
    world.match(world.maya, world.supporter("kai"))
    world.save(GoalPlan.begin(person=world.maya, hopes="Sleep"), actor=world.maya)
    rita = world.office("rita", "coordinator")
    world.save(Wall.put_up(person=world.maya, human=rita), actor=world.maya)
    return rita


def log(world: World, who: Any) -> Any:
    return world.kit.log(actor=who, person=world.maya)


def merge(world: World, who: Any) -> Any:
    return world.kit.merge(world.maya, world.again, reason="The same birthday", actor=who)


def split(world: World, who: Any) -> Any:
    joined = world.kit.merge(world.maya, world.again, reason="Same", actor=world.coordinator)
    return world.kit.split(joined.merge, reason="Two cousins", actor=who)


def erase(world: World, who: Any) -> Any:
    return world.kit.erase(world.maya, basis="wish", asked_by=world.maya, decided_by=who)


DOORS: tuple[Callable[[World, Any], Any], ...] = (log, merge, split, erase)


@pytest.mark.parametrize("door", DOORS)
def test_behind_a_wall_no_door_is_open(world: World, rita: Any, door: Callable[[World, Any], Any]) -> None:
    with pytest.raises(Refused):
        door(world, rita)
    assert door(world, world.coordinator) is not None


@pytest.mark.parametrize("door", DOORS)
def test_whom_an_open_concern_names_neither_reads_nor_tidies_up(
    world: World, door: Callable[[World, Any], Any]
) -> None:
    rita = world.office("rita", "privacy")
    world.save(GoalPlan.begin(person=world.maya, hopes="Sleep"), actor=world.maya)
    world.kit.concern("She reads what is not hers", by=world.maya, names=(rita,))
    with pytest.raises(Refused):
        door(world, rita)


def test_nor_are_they_counted(world: World, rita: Any) -> None:
    world.save(GoalPlan.begin(person=world.theo, hopes="Sleep"), actor=world.theo)
    with world.kit.session(actor=rita) as s:
        for kind in (Person, GoalPlan, Task):
            assert s.count(kind) == len(s.find(kind, limit=1000))
        assert s.count(Task, state="open") == len(s.find(Task, state="open"))


def test_a_count_tells_of_no_concern_that_names_the_counter(world: World) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    world.kit.concern("He shouts", by=world.maya, names=(world.coordinator,))
    world.save(Feedback.give(person=world.maya, about=kai, words="Well"), actor=world.maya)
    with world.kit.session(actor=world.coordinator) as s:
        assert (s.count(Concern), len(s.find(Concern))) == (0, 0)
    with world.kit.session(actor=kai) as s:
        assert s.count(Feedback) == len(s.find(Feedback))


def test_an_alert_about_somebody_behind_a_wall_is_no_line_of_theirs_unless_they_were_asked(
    world: World, rita: Any
) -> None:
    world.kit.concern("She wrote that nobody would miss her", about=world.maya)
    [alert] = world.every(Alert)
    assert rita.id not in alert.told
    assert world.kit.alerts(rita) == ()
    assert [one.id for one in world.kit.alerts(world.coordinator)] == [alert.id]
