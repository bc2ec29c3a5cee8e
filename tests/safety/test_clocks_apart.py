# SPDX-License-Identifier: Apache-2.0
"""Machines whose clocks are apart, with workers of one store: one borrows the other's time, and nothing is
lost by that."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import peerkit
from peerkit.delivery import confirm_time
from peerkit.delivery.timekeeping import Beat, Time
from peerkit.errors import StorageError

YES = True


def urgent(world: Any, by: str = "ola") -> Any:
    return world.screen(by=by).answer("q5", YES)


APART = [{"minutes": -9}, {"days": -365}, {"days": 365}, {"minutes": 9}, {"hours": 20}]
"""By how much the clock of a second machine is wrong."""

FAR = [{"minutes": -9}, {"days": -365}, {"days": 365}]


@pytest.fixture
def beside(opened: Any, tmp_path: Any) -> Any:
    """A world, and a second worker of its store whose clock is off by so much."""
    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    with contextlib.ExitStack() as stack:

        def make(**off: int) -> tuple[Any, Any]:
            world = opened(url)
            return world, another(world, **off)

        def another(world: Any, **off: int) -> Any:
            host = world.clock.host(**off)
            return stack.enter_context(peerkit.open(url, plugins=[world.wires], discover=False, clock=host))

        make.another = another  # type: ignore[attr-defined]
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
        yields = {Time(one, highest, beat=Beat(two))._yields(two) for one, two in ((now, then), (then, now))}
        assert yields == {True, False}


@pytest.mark.parametrize("off", APART, ids=str)
def test_what_somebody_took_stays_theirs_beside_a_worker_whose_clock_is_wrong(beside: Any, off: Any) -> None:
    world, other = beside(**off)
    urgent(world)
    deliver(world, world.kit, other)
    world.acknowledge("sam")
    deliver(world, world.kit, other)
    assert world.alert().state == "acknowledged"


@pytest.mark.parametrize("off", FAR, ids=str)
def test_what_somebody_took_on_a_machine_whose_clock_is_wrong_stays_theirs(beside: Any, off: Any) -> None:
    world, other = beside(**off)
    deliver(world, world.kit, other)
    urgent(world)
    with other.session(actor=world.sam) as s:
        s.acknowledge(world.alert().id)
    deliver(world, world.kit, other, minutes=30)
    assert world.alert().state == "acknowledged"


@pytest.mark.parametrize("off", [{"days": -365}, {"days": 365}], ids=str)
@pytest.mark.parametrize("every", [15, 30])
def test_what_somebody_took_stays_theirs_where_all_workers_run_seldom(
    beside: Any, off: Any, every: int
) -> None:
    """A heartbeat is as old as a run is long ago: what was written since is not from the future."""
    world, other = beside(**off)
    for minute in range(4 * every):
        for shift, worker in ((0, world.kit), (every // 2, other)):
            if minute % every == shift:
                worker.deliver()
        if minute == 3 * every + every // 2 - 1:
            urgent(world)
            world.acknowledge("sam")
        world.clock.forward(minutes=1)
    assert world.alert().state == "acknowledged"


def test_looks_are_kept_where_runs_overlap(beside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from peerkit.delivery import running

    world, other = beside(minutes=-9)
    third, keep = beside.another(world, days=-365), running.keep
    inside = [False]

    def with_another_run_inside(kit: Any, *args: Any, **more: Any) -> None:
        if kit is other and not inside[0]:
            inside[0] = True
            third.deliver()
            inside[0] = False
        keep(kit, *args, **more)

    monkeypatch.setattr(running, "keep", with_another_run_inside)
    assert climbs(world, world.kit, other, rhythm="01") <= 6 + 5


def test_a_machine_left_alone_while_the_store_fails_at_one_alert_climbs_the_others_as_the_path_says(
    beside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, other = beside(days=365)
    deliver(world, world.kit, other)
    two_of_which_one_is_damaged(world, monkeypatch)
    deliver(world, other, minutes=120)
    assert world.alert(1).climbs <= 12


def test_whoever_confirms_a_clock_borrows_from_nobody_any_more(beside: Any) -> None:
    world, other = beside(days=-365)
    deliver(world, world.kit, other)
    deliver(world, other)  # the other one stopped
    assert other.deliver().borrowed
    confirm_time(other, other._actor(world.cora))
    report = other.deliver()
    assert not report.borrowed
    assert not report.clock


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


@pytest.mark.parametrize("off", FAR, ids=str)
def test_where_one_stops_the_other_goes_on_by_its_time_for_an_hour(beside: Any, off: Any) -> None:
    world, other = beside(**off)
    world.kit.deliver()
    assert not other.deliver().borrowed  # nobody can tell yet
    deliver(world, world.kit, other)
    assert other.deliver().borrowed
    assert apart(world.kit)
    assert apart(other)
    urgent(world)
    before = world.alert().climbs
    deliver(world, other, minutes=11)  # the other one stopped
    assert world.alert().climbs - before == 1  # as the path says
    assert "no-delivery" not in codes(world.kit)  # it says that it delivers
    deliver(world, other, minutes=60)
    assert not other.deliver().borrowed
    assert not apart(world.kit)
    assert not apart(other)


def codes(kit: Any) -> set[str]:
    return {one.code for one in kit.health().problems}


def apart(kit: Any) -> bool:
    return "clocks-apart" in codes(kit)


@pytest.mark.parametrize("off", [{"minutes": -9}, {"minutes": -50}, {"days": -365}, {"days": 365}], ids=str)
def test_what_waits_when_a_borrowed_time_is_over_is_due_once(beside: Any, off: Any) -> None:
    """Else what was to wait by the other's time waits by so much longer."""
    world, other = beside(**off)
    deliver(world, world.kit, other)
    deliver(world, other, minutes=55)  # the other one stopped
    urgent(world)
    told = len(world.wire.to)
    deliver(world, other, minutes=9)
    assert len(world.wire.to) == told + 1
    deliver(world, other, minutes=3)
    assert len(world.wire.to) == told + 1


@pytest.mark.parametrize("every", [6, 10, 30])
@pytest.mark.parametrize("off", FAR, ids=str)
def test_a_worker_that_runs_seldom_beside_one_that_runs_each_minute(
    opened: Any, beside: Any, off: Any, every: int
) -> None:
    alone = opened()
    as_the_path_says = climbs(alone, alone.kit, rhythm="0")
    world, other = beside(**off)
    rhythm = " ".join(["01", *["1"] * (every - 1)])
    deliver(world, world.kit, other)
    assert climbs(world, world.kit, other, rhythm=rhythm) <= as_the_path_says + 3
    world.acknowledge("sam")
    for minute in range(29):
        for worker in (world.kit, other) if minute % every == 0 else (other,):
            worker.deliver()
        assert world.alert().state == "acknowledged"
        world.clock.forward(minutes=1)


@pytest.mark.parametrize("every", [15, 30])
@pytest.mark.parametrize("off", FAR, ids=str)
def test_workers_that_all_run_seldom_ask_no_more_often_than_the_path_says(
    beside: Any, off: Any, every: int
) -> None:
    world, other = beside(**off)
    urgent(world)
    runs = 0
    for minute in range(180):
        for shift, worker in enumerate((world.kit, other)):
            if minute % every == 7 * shift:
                worker.deliver()
                runs += 1
        world.clock.forward(minutes=1)
    assert runs / 4 <= world.alert().climbs <= 16


@pytest.mark.parametrize(
    "offs",
    [
        ({"minutes": -2}, {"minutes": -9}),
        ({"minutes": 3}, {"minutes": -9}),
        ({"minutes": 2}, {"minutes": 10}),
        ({"minutes": -9}, {"minutes": 9}),
        ({"minutes": 4}, {"days": 365}),
        ({"days": -365}, {"days": 365}),
    ],
    ids=str,
)
def test_three_machines_each_with_another_clock(beside: Any, offs: Any) -> None:
    one, two = offs
    world, other = beside(**one)
    third = beside.another(world, **two)
    assert climbs(world, world.kit, other, third, rhythm="012") <= 6 + 5


@pytest.mark.parametrize("every", [12, 20])
def test_a_clock_that_is_put_back_again_and_again_holds_nothing(beside: Any, every: int) -> None:
    """Alone, a machine never takes what it wrote itself for another one's."""
    world, worker = beside(seconds=0)
    worker.deliver()
    urgent(world)
    gap = last = 0
    for minute in range(1, 121):
        world.clock.forward(minutes=1)
        if minute % every == 0:
            world.clock.back(minutes=7)
        before = world.alert().climbs
        assert not worker.deliver().borrowed
        if world.alert().climbs > before:
            gap, last = max(gap, minute - last), minute
    assert gap <= 20


def two_of_which_one_is_damaged(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two alerts, at the first of which the store fails."""
    from peerkit.delivery import running

    urgent(world)
    urgent(world)
    damaged, carry = world.alert(0).id, running.carry

    def failing(kit: Any, id_: str, *args: Any, **more: Any) -> Any:
        if id_ == damaged:
            raise StorageError("a page is damaged")
        return carry(kit, id_, *args, **more)

    monkeypatch.setattr(running, "carry", failing)


@pytest.mark.parametrize("off", FAR, ids=str)
def test_where_the_store_fails_at_one_alert_the_others_climb_no_more_often(
    beside: Any, off: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, other = beside(**off)
    deliver(world, world.kit, other)
    two_of_which_one_is_damaged(world, monkeypatch)
    deliver(world, world.kit, other, minutes=30)
    assert world.alert(1).climbs <= 3 + 3


def test_a_crash_while_the_time_is_kept_makes_nobody_doubt_a_clock_that_is_right(
    beside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _other = beside(days=365)
    deliver(world, world.kit)
    world.clock.back(days=300)
    deliver(world, world.kit)
    world.clock.forward(days=300)
    mark = world.kit.storage.mark

    for many in range(4):  # killed before each of the marks that a run leaves
        left = [many]

        def dying(name: str, *args: Any, left: Any = left, **more: Any) -> Any:
            if name in {"heartbeat", "clock", "clock:before"}:
                left[0] -= 1
                if left[0] < 0:
                    raise KeyboardInterrupt
            return mark(name, *args, **more)

        monkeypatch.setattr(world.kit.storage, "mark", dying)
        with contextlib.suppress(KeyboardInterrupt):
            world.kit.deliver()
        monkeypatch.undo()
        assert not world.kit.deliver().clock
        world.clock.forward(minutes=1)


def test_nobody_borrows_from_a_machine_whose_own_clock_was_put_back(beside: Any) -> None:
    world, other = beside(days=-365)
    deliver(world, world.kit, other)
    world.clock.forward(days=2)  # the one that is right is off, and the other one takes over
    deliver(world, other, minutes=8)
    urgent(world)
    for _ in range(5):
        assert not world.kit.deliver().borrowed
        other.deliver()
        world.clock.forward(minutes=1)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2027-13-01", 7, None])
def test_a_heartbeat_that_no_clock_shows_stops_nobody(beside: Any, at: Any) -> None:
    world, other = beside(days=-365)
    deliver(world, world.kit, other)
    urgent(world)
    world.kit.storage.mark("heartbeat", json.dumps({"at": at, "machine": "another"}))
    before = world.alert().climbs
    deliver(world, other, minutes=45)
    assert 2 <= world.alert().climbs - before <= 5


def test_a_look_that_cannot_be_read_stops_nobody(beside: Any) -> None:
    world, other = beside(days=-365)
    deliver(world, world.kit, other)
    urgent(world)
    for text in ("[]", "{", json.dumps({"x": {"at": "now"}})):
        world.kit.storage.mark("clock:beside", text)
        before = world.alert().climbs
        deliver(world, world.kit, other, minutes=10)
        assert 1 <= world.alert().climbs - before <= 4
