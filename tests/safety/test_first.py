# SPDX-License-Identifier: Apache-2.0
"""Whom a concern reaches first, and that the program's own path stands behind them as it ever did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import Concern, Leave, NotFound, Person
from peerkit.model.route import Wall
from peerkit.safety.ladder import FIRST

WORDS = "It has not come down since noon"


@pytest.fixture
def ann(world: Any) -> str:
    """A person in the store without any office, whom Maya chose."""
    return str(world.enrol("ann"))


def voiced(world: Any, first: Any, **details: Any) -> Any:
    return world.kit.concern(WORDS, world.maya, first=first, **details)


def test_it_reaches_them_first_and_then_the_path_one_step_later(world: Any, ann: str) -> None:
    began = world.clock.now()
    steps = voiced(world, ann)
    assert steps.reached
    assert (world.alert().rung, world.wire.to) == (FIRST, ["ann"])
    assert world.alert().due == began + timedelta(minutes=10)  # what the path gives its first step
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert (world.alert().rung, world.wire.to) == ("supporter", ["ann", "sam"])
    for _ in range(3):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    assert world.wire.to == ["ann", "sam", "ola", "cora", "sam", "cora"]  # the second round asks Ann no more


def test_they_read_it_and_take_it_and_nobody_else_without_an_office_does(world: Any, ann: str) -> None:
    world.enrol("zed")
    voiced(world, ann)
    with world.kit.session(actor=ann) as s:
        assert s.get(Concern, world.alert().concern).words == WORDS
        taken = s.acknowledge(world.alert())
    assert taken.holder == ann
    with world.kit.session(actor=world.zed) as s, pytest.raises(NotFound):
        s.get(Concern, world.alert().concern)
    world.clock.forward(minutes=20)
    world.kit.deliver()
    assert world.wire.to == ["ann"]


def test_who_cannot_come_says_so_and_the_path_begins_at_once(world: Any, ann: str) -> None:
    voiced(world, ann)
    with world.kit.session(actor=ann) as s:
        s.acknowledge(world.alert(), can_come=False)
    assert world.wire.to == ["ann", "sam"]


def apart(world: Any, ann: str) -> None:
    with world.kit.session(actor=world.cora) as s:
        s.save(Wall.put_up(person=world.maya, human=ann))


def away(world: Any, who: str, cover: str) -> None:
    now = world.clock.now()
    leave = Leave.plan(person=who, starts=now, ends=now + timedelta(days=2), cover=cover)
    with world.kit.session(actor=who) as s:
        s.save(leave)


def left(world: Any, ann: str) -> None:
    with world.kit.session(actor=ann) as s:
        s.save(s.get(Person, ann).leave())


def named_by_another(world: Any, ann: str) -> None:
    world.kit.concern("she frightens me", world.maya, world.maya, names=[ann])
    world.clock.forward(minutes=1)


WAYS = {
    "walled": apart,
    "left": left,
    "named": named_by_another,
    "quiet": lambda world, _ann: world.change("ann", hours="sat-sun 03:00-04:00"),
    "by no channel": lambda world, _ann: world.change("ann", not_by=("wire",)),
    "no address": lambda world, _ann: world.change("ann", reach=()),
    "broken": lambda world, _ann: world.wire.broken.add("ann"),
}


@pytest.mark.parametrize("way", WAYS)
def test_where_they_cannot_be_asked_or_may_not_know_the_path_begins_at_once(
    world: Any, ann: str, way: str
) -> None:
    WAYS[way](world, ann)
    world.wire.sent.clear()
    voiced(world, ann)
    alert = world.alerts[-1]
    assert (alert.rung, world.wire.to) == ("supporter", ["sam"])
    assert alert.due == world.clock.now() + timedelta(minutes=10)
    if way in {"walled", "named"}:  # who may not know of it does not read it either
        with world.kit.session(actor=ann) as s, pytest.raises(NotFound):
            s.get(Concern, alert.concern)


def test_who_is_away_is_not_asked_and_whoever_covers_was_not_chosen(world: Any) -> None:
    world.supporter("abe")
    world.supporter("ada")
    away(world, world.abe, world.ada)
    voiced(world, world.abe)
    assert world.wire.to == ["sam"]


@pytest.mark.parametrize(
    "details",
    [
        {"first": "maya"},
        {"first": "ann", "names": ["ann"]},
        {"first": "ann", "by": "ann"},
    ],
    ids=["about whom it is", "whom it names", "who says it"],
)
def test_who_may_not_be_asked_is_not_asked_first(world: Any, ann: str, details: dict[str, Any]) -> None:
    given = {
        key: [world.people[one] for one in value] if key == "names" else world.people[value]
        for key, value in details.items()
    }
    voiced(world, **given)
    assert world.wire.to == ["sam"]


@pytest.mark.parametrize("first", ["nobody at all", 7, "018f0000-0000-7000-8000-000000000000"])
def test_what_is_nobody_refuses_nothing_and_is_noted(world: Any, first: Any) -> None:
    voiced(world, first)
    (concern,) = world.all("concern")
    assert concern.obstacles in {("no-id",), ("unknown-first",)}
    assert concern.words == WORDS
    assert world.wire.to == ["sam"]


def test_whom_the_path_asks_first_anyway_costs_no_step(world: Any) -> None:
    voiced(world, world.sam)
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.wire.to == ["sam", "ola"]


def test_for_today_they_have_the_supervisors_step_and_the_supervisor_the_programs_hour(
    world: Any, ann: str
) -> None:
    voiced(world, ann, level="today")
    world.kit.deliver()
    alert = world.alert()
    assert (alert.rung, alert.due - world.clock.now()) == (FIRST, timedelta(hours=1))
    world.clock.forward(hours=1)
    world.kit.deliver()
    asked = world.alert()
    assert asked.rung == "supervisor"
    world.kit.concern("plain", world.maya, level="today")
    world.kit.deliver()
    assert world.alerts[-1].due == asked.due  # the hour that it would have had without them


def test_who_is_first_goes_along_where_their_records_are_joined(world: Any, ann: str) -> None:
    world.enrol("anna")
    world.kit.merge(world.anna, ann, reason="one and the same", actor=world.cora)
    voiced(world, ann)
    assert (world.alert().rung, world.wire.to) == (FIRST, ["anna"])
