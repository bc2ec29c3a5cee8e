# SPDX-License-Identifier: Apache-2.0
"""Two workers of one store whose clocks are apart: the one that nobody believes stands by, and nothing is
lost by that."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import peerkit
from peerkit.delivery.timekeeping import Time

YES = True


def urgent(world: Any, by: str = "ola") -> Any:
    return world.screen(by=by).answer("q5", YES)


APART = [{"minutes": -9}, {"days": -365}, {"days": 365}, {"minutes": 9}, {"hours": 20}]
"""By how much the clock of a second worker is wrong."""


@pytest.fixture
def beside(opened: Any, tmp_path: Any) -> Any:
    """A world, and a second worker of its store whose clock is off by so much."""
    with contextlib.ExitStack() as stack:

        def make(more: Any = None, /, **off: int) -> tuple[Any, Any]:
            url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
            world = opened(url, more=more)
            host = world.clock.host(**off)
            return world, stack.enter_context(
                peerkit.open(url, plugins=[world.wires], discover=False, clock=host)
            )

        yield make


def climbs(world: Any, *workers: Any, rhythm: str) -> int:
    """How often one alert climbs in an hour, each minute of which the next workers of the rhythm deliver."""
    urgent(world)
    for minute in range(60):
        for which in rhythm.split()[minute % len(rhythm.split())]:
            workers[int(which)].deliver()
        world.clock.forward(minutes=1)
    return int(world.alert().climbs)


@pytest.mark.parametrize("rhythm", ["01", "10", "011 1 00 1"])
@pytest.mark.parametrize("off", APART, ids=str)
def test_two_workers_whose_clocks_are_apart_ask_as_often_as_the_path_says(
    opened: Any, beside: Any, off: Any, rhythm: str
) -> None:
    alone = opened()
    as_the_path_says = climbs(alone, alone.kit, rhythm="0")
    world, other = beside(**off)
    apart = climbs(world, world.kit, other, rhythm=rhythm)
    assert as_the_path_says - 1 <= apart <= as_the_path_says + 3  # until the two know of each other


@pytest.mark.parametrize("off", APART, ids=str)
def test_two_workers_of_which_nobody_believes_either_ask_as_often_as_the_path_says(
    opened: Any, beside: Any, off: Any
) -> None:
    """As after days in which all was off, or an older copy was put back, until somebody confirms the time."""
    alone = opened()
    as_the_path_says = climbs(alone, alone.kit, rhythm="0")
    world, other = beside(**off)
    world.kit.deliver()
    world.clock.forward(days=3)
    apart = climbs(world, world.kit, other, rhythm="01")
    assert world.kit.deliver().clock == "ahead"
    assert as_the_path_says - 1 <= apart <= as_the_path_says + 3


@pytest.mark.parametrize("off", APART, ids=str)
def test_of_two_clocks_that_are_apart_one_yields(off: Any) -> None:
    """Whichever instant was trusted, and whatever had been put back: never both, and never neither."""
    now = datetime(2027, 3, 1, tzinfo=UTC)
    then = now + timedelta(**off)
    for days in (-700, -365, -2, 0, 2, 365, 700):
        highest = now + timedelta(days=days)
        yields = {Time(one, highest, beat=two)._yields(two) for one, two in ((now, then), (then, now))}
        assert yields == {True, False}


@pytest.mark.parametrize("off", APART, ids=str)
def test_what_somebody_took_stays_theirs_beside_a_worker_whose_clock_is_wrong(beside: Any, off: Any) -> None:
    world, other = beside(**off)
    urgent(world)
    deliver(world, world.kit, other)
    world.acknowledge("sam")
    deliver(world, world.kit, other)
    # a worker that is less than a day ahead is believed, and by its clock his time is over
    assert (world.alert().state == "acknowledged") is (off != {"hours": 20})


def deliver(world: Any, *workers: Any, minutes: int = 3) -> None:
    for _ in range(minutes):
        for worker in workers:
            worker.deliver()
        world.clock.forward(minutes=1)


@pytest.mark.parametrize("off", APART, ids=str)
def test_who_acted_without_having_been_told_is_reminded_once_and_not_with_every_run(
    beside: Any, off: Any
) -> None:
    world, other = beside(**off)
    away = {"sam", "cora", "ola"}
    world.wires.wire.broken |= away
    world.wires.bell.broken |= away
    urgent(world)
    world.acknowledge("sam")
    world.respond("sam", "act", words="I went there")
    deliver(world, world.kit, other, minutes=30)
    assert world.alert().state == "acting"
    assert len([task for task in world.all("task") if task.what == "close-alert"]) <= 3


@pytest.mark.parametrize("off", [{"minutes": -9}, {"days": -365}, {"days": 365}], ids=str)
def test_a_worker_that_stood_by_takes_over_from_one_that_stopped(beside: Any, off: Any) -> None:
    world, other = beside(**off)
    world.kit.deliver()
    assert not other.deliver().stands_by  # nobody can tell yet
    deliver(world, world.kit, other)
    assert other.deliver().stands_by
    assert "clocks-apart" in {one.code for one in world.kit.health().problems}
    urgent(world)
    before = world.alert().climbs
    deliver(world, other, minutes=15)  # the other one stopped
    assert world.alert().climbs > before
    assert not other.deliver().stands_by
    assert "clocks-apart" not in {one.code for one in world.kit.health().problems}


def test_a_worker_that_stands_by_tells_where_nobody_was_told(beside: Any) -> None:
    world, other = beside(days=365)
    deliver(world, world.kit, other)
    away = {"sam", "cora", "ola"}
    world.wires.wire.broken |= away
    world.wires.bell.broken |= away
    urgent(world)
    world.kit.deliver()
    assert not world.wire.to
    world.wires.wire.broken -= away
    world.clock.forward(minutes=2)
    assert other.deliver().stands_by
    assert world.wire.to


def test_the_console_of_another_worker_tells_nobody(beside: Any, tmp_path: Any) -> None:
    world, other = beside({"notifiers": ["wire", "bell", "console"]}, days=365)
    bare = peerkit.open(
        f"sqlite:///{tmp_path / 'p.db'}?synchronous=off", discover=False, clock=world.clock
    )  # it has no channel but its console
    with bare:
        for name in ("sam", "cora", "ola"):
            world.change(name, reach=[f"wire:{name}", "console:"])
        deliver(world, bare, other)
        with bare.session(actor=world.ola) as s:
            s.screening("asq", world.maya).answer("q5", YES)
        assert {one.channel for one in world.all("delivery")} == {"console"}
        assert not world.wire.to
        deliver(world, bare, other, minutes=3)
        assert other.deliver().stands_by
    assert world.wire.to


@pytest.mark.parametrize("off", [{"minutes": -9}, {"days": -365}, {"days": 365}], ids=str)
def test_what_another_worker_fails_at_is_carried_once_it_is_overdue(
    beside: Any, off: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peerkit.delivery import left_open, running

    world, other = beside(**off)
    deliver(world, world.kit, other)
    urgent(world)
    waits = world.screen(by="ola")
    waits.answer("q1", YES)  # question 5 stays open: urgent after half an hour
    carry, lie = running.carry, left_open.left_lying

    def failing(kit: Any, *args: Any, **more: Any) -> Any:
        if kit is world.kit:
            raise RuntimeError("an older version")
        return carry(kit, *args, **more)

    def lying(kit: Any, *args: Any, **more: Any) -> Any:
        if kit is world.kit:
            raise RuntimeError("an older version")
        return lie(kit, *args, **more)

    monkeypatch.setattr(running, "carry", failing)
    monkeypatch.setattr(left_open, "left_lying", lying)
    before = world.alert().climbs
    deliver(world, world.kit, other, minutes=45)
    assert other.deliver().stands_by
    assert 2 <= world.alert().climbs - before <= 6
    assert world.alert(1).level == "now"


def test_nobody_stands_by_for_a_worker_whose_own_clock_was_put_back(beside: Any) -> None:
    world, other = beside(days=-365)
    deliver(world, world.kit, other)
    world.clock.forward(days=2)  # the one that is right is off, and the other one takes over
    deliver(world, other, minutes=8)
    urgent(world)
    for _ in range(5):
        assert not world.kit.deliver().stands_by
        other.deliver()
        world.clock.forward(minutes=1)


@pytest.mark.parametrize("every", [1, 15, 30])
def test_the_trusted_time_has_stopped_when_it_stopped_and_not_when_that_was_seen(
    beside: Any, every: int
) -> None:
    world, other = beside(days=365)
    deliver(world, world.kit, other, minutes=1)
    world.clock.forward(minutes=-1 + every)
    deliver(world, world.kit, other, minutes=1)
    urgent(world)
    world.clock.forward(seconds=5)
    world.kit.deliver()  # for the last time
    told = len(world.wire.to)
    for _ in range(max(1, 12 // every)):
        world.clock.forward(minutes=every)
        other.deliver()
    assert len(world.wire.to) > told


def test_a_clock_a_little_behind_makes_due_what_is_open_when_it_is_left_alone(beside: Any) -> None:
    world, other = beside(minutes=-9)
    deliver(world, world.kit, other)
    urgent(world)
    world.kit.deliver()  # for the last time
    told = len(world.wire.to)
    deliver(world, other, minutes=8)
    assert len(world.wire.to) > told
    told = len(world.wire.to)
    deliver(world, other, minutes=5)
    assert len(world.wire.to) == told  # once
