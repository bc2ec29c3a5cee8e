# SPDX-License-Identifier: Apache-2.0
"""An address that takes nothing: a named human sees how somebody can be reached."""

from __future__ import annotations

from typing import Any

import pytest
from safety_program import World

import peerkit
from peerkit.delivery.dead_letters import UNREACHABLE, ask_how_to_reach, dead_letters
from peerkit.model.response import NEEDS


def asked(world: Any) -> list[tuple[str, str, str]]:
    return [(one.owner, one.person, one.state) for one in world.all("task") if one.what == UNREACHABLE]


def problems(world: Any) -> list[tuple[str, bool]]:
    return [(one.sentence, one.grave) for one in world.kit.health().problems if one.code == UNREACHABLE]


def alarms(world: Any, times: int) -> None:
    for _ in range(times):
        world.screen(by="sam").answer("q5", True)  # noqa: FBT003  # an answer
        world.clock.forward(minutes=1)
        world.kit.deliver()


def test_an_address_that_takes_nothing_is_a_task_and_a_problem_until_it_does(world: Any) -> None:
    world.change("ola", reach=("wire:ola-at-home", "bell:ola"))
    world.wire.broken = {"ola-at-home"}
    alarms(world, 2)
    assert (asked(world), problems(world)) == ([], [])
    alarms(world, 1)
    assert asked(world) == [(world.cora, world.ola, "open")]  # once, and another channel takes the alarms
    ((sentence, grave),) = problems(world)
    assert world.ola in sentence
    assert "home" not in sentence
    assert not grave
    world.wire.broken = set()
    alarms(world, 1)
    assert asked(world) == [(world.cora, world.ola, "over")]
    assert problems(world) == []


def test_it_is_grave_where_nothing_else_takes_it_and_over_once_their_reach_changes(world: Any) -> None:
    world.wire.broken = {"ola"}
    alarms(world, 3)
    assert [grave for _, grave in problems(world)] == [True]
    world.change("ola", reach=("bell:ola",))
    world.kit.deliver()
    assert problems(world) == []
    assert asked(world) == [(world.cora, world.ola, "over")]


def test_a_day_is_enough(world: Any) -> None:
    world.wire.broken = {"ola"}
    alarms(world, 1)
    assert asked(world) == []
    world.clock.forward(hours=23, minutes=58)
    world.kit.deliver()
    world.clock.forward(minutes=2)
    world.kit.deliver()
    assert (world.cora, world.ola, "open") in asked(world)


def test_each_asking_about_one_alert_is_a_notice_of_its_own(world: Any) -> None:
    world.change("ola", reach=("wire:ola-at-home", "bell:ola"))
    world.wire.broken = {"ola-at-home"}
    world.screen(by="sam").answer("q5", True)  # noqa: FBT003  # an answer
    for times in (1, 2, 3):
        assert world.wires.bell.to == ["ola"] * times
        world.kit.deliver()
        assert asked(world) == [(world.cora, world.ola, "open")] * (times == 3)
        for _ in range(2):  # to a coordinator, and round to her again
            world.clock.forward(minutes=20)
            world.kit.deliver()


def test_a_coordinator_who_cannot_be_reached_is_not_asked_about_themselves(world: Any) -> None:
    world.wire.broken = {"ola", "cora"}
    alarms(world, 3)
    assert (world.ola, world.cora, "open") in asked(world)


def test_it_is_not_over_because_nothing_was_sent_for_weeks(world: Any) -> None:
    world.change("ola", reach=("wire:ola-at-home", "bell:ola"))
    world.wire.broken = {"ola-at-home"}
    alarms(world, 3)
    for number in range(3):
        world.acknowledge("cora", number)
        world.respond("cora", "close_incomplete", number, reasons=dict.fromkeys(NEEDS, "unreachable"))
    world.clock.forward(days=60)
    world.kit.deliver()
    assert asked(world) == [(world.cora, world.ola, "open")]
    assert len(problems(world)) == 1


def read(world: Any) -> int:
    """How many notices it reads to know who is not come to."""
    found, find = [], world.kit.storage.find

    def counting(query: Any) -> Any:
        rows = find(query)
        found.append(len(rows.rows) if query.kind == "delivery" else 0)
        return rows

    world.kit.storage.find = counting
    try:
        dead_letters(world.kit)
    finally:
        del world.kit.storage.find
    return sum(found)


def test_what_is_read_does_not_grow_with_what_was_ever_sent(world: Any) -> None:
    world.change("ola", reach=("wire:ola-at-home", "bell:ola"))
    world.wire.broken = {"ola-at-home"}
    alarms(world, 1)
    world.wire.broken = set()
    alarms(world, 2)
    before = read(world)
    alarms(world, 60)
    world.clock.forward(days=31)
    assert read(world) <= before


def test_nor_for_who_said_something_new_about_themselves_after_it(world: Any) -> None:
    def lately(times: int, *languages: str) -> int:
        alarms(world, times)
        world.clock.forward(days=31)
        world.change("ola", languages=languages)
        alarms(world, 1)
        return read(world)

    world.change("ola", reach=("wire:ola-at-home", "bell:ola"))
    world.wire.broken = {"ola-at-home"}
    before = lately(30, "en")
    assert lately(30, "en", "fr") <= before + 50  # a page


@pytest.fixture
def after_a_year_ahead(opened: Any, tmp_path: Any) -> Any:
    """A world into whose store a machine a year ahead wrote once: all that follows bears its instant."""
    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    world = opened(url)
    ahead = world.clock.host(days=365)
    with peerkit.open(url, plugins=[world.wires], discover=False, clock=ahead) as other:
        World(other, ahead, world.wires, world.people).change("ola", languages=("en",))
    return world


def test_a_day_is_enough_where_the_feed_is_a_year_ahead(after_a_year_ahead: Any) -> None:
    test_a_day_is_enough(after_a_year_ahead)


def test_nor_does_what_is_read_grow_with_a_year_where_the_feed_is_ahead(after_a_year_ahead: Any) -> None:
    world = after_a_year_ahead
    world.change("ola", reach=("wire:ola-at-home", "bell:ola"))
    world.wire.broken = {"ola-at-home"}
    alarms(world, 60)
    world.wire.broken = set()
    alarms(world, 1)
    world.clock.forward(days=4)
    assert read(world) <= 50  # a page


def test_nor_are_tasks_about_it_sought_among_all_that_are_open(opened: Any, tmp_path: Any) -> None:
    world = opened(f"sqlite:///{tmp_path / 'p.db'}?synchronous=off")
    asked, find = [], world.kit.storage.find

    def seeing(query: Any) -> Any:
        asked.append(query)
        return find(query)

    world.kit.storage.find = seeing
    try:
        ask_how_to_reach(world.kit)
    finally:
        del world.kit.storage.find
    tasks = [query for query in asked if query.kind == "task"]
    assert tasks
    assert {world.kit.storage._hint(query) for query in tasks} == {"task by what state"}
