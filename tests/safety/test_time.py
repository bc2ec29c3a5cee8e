# SPDX-License-Identifier: Apache-2.0
"""Clocks put back, clocks that jumped ahead, hosts that disagree, the nights when clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import peerkit
from peerkit import Malformed
from peerkit.delivery import confirm_time
from peerkit.testing import TimeMachine

YES = True


def urgent(world: Any, by: str = "ola") -> Any:
    return world.screen(by=by).answer("q5", YES)


def test_behind_by_five_minutes_every_open_alert_is_due_once_and_it_says_so(world: Any) -> None:
    urgent(world)
    world.kit.deliver()
    assert world.wire.to == ["sam"]
    world.clock.back(minutes=6)
    assert "clock-behind" in {p.code for p in world.kit.health().problems}
    report = world.kit.deliver()
    assert report.clock == "behind"
    assert world.wire.to == ["sam", "cora"]
    world.kit.deliver()
    assert world.wire.to == ["sam", "cora"]  # once, no storm
    world.clock.forward(minutes=6)
    world.kit.deliver()
    assert "clock-behind" not in {p.code for p in world.kit.health().problems}


def behind(world: Any) -> bool:
    return "clock-behind" in {one.code for one in world.kit.health().problems if one.grave}


def asked_for_the_time(world: Any) -> list[str]:
    return [task.owner for task in world.all("task") if task.what == "confirm-time"]


def test_a_clock_a_year_back_is_said_until_it_is_right_again(world: Any) -> None:
    world.kit.deliver()
    urgent(world)
    world.kit.deliver()
    world.clock.back(days=365)
    for _ in range(3):
        assert world.kit.deliver().clock == "behind"
        assert behind(world)
        assert asked_for_the_time(world) == [world.cora]  # once
        world.clock.forward(minutes=1)
    assert world.wire.to == ["sam", "cora"]  # due once, no storm
    world.clock.forward(minutes=20)
    world.kit.deliver()
    assert len(world.wire.to) > 2  # and from then on by the clock that there is
    world.clock.forward(days=365)  # set right
    assert world.kit.deliver().clock == ""
    assert not behind(world)


def test_a_coordinator_confirms_a_clock_that_was_put_back(world: Any) -> None:
    world.kit.deliver()
    world.clock.back(days=365)
    world.kit.deliver()
    assert behind(world)
    confirm_time(world.kit, world.kit._actor(world.cora))
    assert not behind(world)
    assert world.kit.deliver().clock == ""


def test_a_clock_that_was_put_back_takes_nobody_off_the_path(world: Any) -> None:
    world.kit.deliver()
    with world.kit.session(actor=world.cora) as s:
        from peerkit import Appointment

        (office,) = s.find(Appointment, role="on-call")
        s.save(office.end())
        s.save(Appointment.give(world.ola, "on-call", starts=world.clock.now()))
    world.clock.back(days=365)  # by this clock Ola's office has not begun
    world.kit.deliver()
    world.wire.sent.clear()
    urgent(world, by="sam")
    assert world.wire.to == ["ola"]


def test_a_little_behind_is_nothing(world: Any) -> None:
    urgent(world)
    world.kit.deliver()
    world.clock.back(minutes=4)
    assert world.kit.deliver().clock == ""
    assert world.wire.to == ["sam"]


def test_an_alert_from_the_future_is_due(world: Any) -> None:
    world.clock.forward(days=300)  # somebody set the year wrong
    urgent(world)
    world.clock.back(days=300)
    world.kit.deliver()
    assert world.wire.to == ["sam", "cora"]


def test_a_wait_from_the_future_is_over(world: Any) -> None:
    world.clock.forward(days=300)
    world.screen(by="ola").answer("q1", YES)
    world.clock.back(days=300)
    world.kit.deliver()
    assert world.alert().level == "now"


def test_a_day_ahead_alarms_go_and_nobody_falls_off_the_path(world: Any) -> None:
    world.kit.deliver()
    with world.kit.session(actor=world.cora) as s:
        from peerkit import Appointment

        (office,) = s.find(Appointment, role="on-call")
        s.save(office.end())
        s.save(Appointment.give(world.ola, "on-call", ends=world.clock.now() + timedelta(days=20)))
    urgent(world, by="sam")
    world.clock.forward(days=40)  # by this clock Ola's office is over
    report = world.kit.deliver()
    assert report.clock == "ahead"
    world.clock.forward(minutes=60)
    world.kit.deliver()
    assert world.wire.to.count("ola") > 1
    assert any(t.what == "confirm-time" and t.owner == world.cora for t in world.all("task"))
    assert "clock-ahead" in {p.code for p in world.kit.health().problems}

    confirm_time(world.kit, world.kit._actor(world.cora))
    assert "clock-ahead" not in {p.code for p in world.kit.health().problems}
    world.wire.sent.clear()
    for _ in range(4):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    assert "ola" not in world.wire.to


def test_only_a_coordinator_confirms_the_time(world: Any) -> None:
    from peerkit import Refused

    with pytest.raises(Refused):
        confirm_time(world.kit, world.kit._actor(world.sam))


def test_a_lease_taken_by_a_clock_that_was_put_back_is_over(world: Any) -> None:
    from peerkit.delivery.carrying import take
    from peerkit.delivery.timekeeping import tell

    urgent(world)
    alert = world.alert()
    assert take(world.kit, alert.id, tell(world.kit)) is not None
    assert take(world.kit, alert.id, tell(world.kit)) is None
    world.clock.back(hours=1)
    assert take(world.kit, alert.id, tell(world.kit)) is not None


@pytest.mark.parametrize(
    ("local", "fold"),
    [("2027-03-14 01:58", 0), ("2027-11-07 01:58", 0), ("2027-11-07 01:58", 1)],
)
def test_steps_keep_their_minutes_over_a_change_of_clocks(world: Any, local: str, fold: int) -> None:
    began = world.clock.wall(local, "America/Toronto", fold=fold)
    urgent(world)
    assert world.alert().due == began + timedelta(minutes=10)
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.wire.to == ["sam", "cora"]


def test_two_hosts_that_disagree_share_one_store(opened: Any, tmp_path: Any) -> None:

    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    world = opened(url)
    with peerkit.open(
        url, plugins=[world.wires], discover=False, clock=world.clock.host(minutes=-9)
    ) as other:
        urgent(world)
        world.kit.deliver()
        for _ in range(12):  # the host that was right is gone, and the one that is behind waits no longer
            world.clock.forward(minutes=1)
            other.deliver()
        assert set(world.wire.to) == {"sam", "cora"}
        assert world.alert().state == "open"


def test_the_time_machine_knows_the_changes_of_clocks() -> None:
    assert TimeMachine.clock_changes("America/Toronto", 2027) == (
        datetime(2027, 3, 14, 7, tzinfo=UTC),
        datetime(2027, 11, 7, 6, tzinfo=UTC),
    )
    assert TimeMachine.clock_changes("Asia/Tokyo", 2027) == ()


def test_the_time_machine_moves_as_it_is_told_and_takes_no_naive_instant() -> None:
    clock = TimeMachine()
    start = clock.now()
    assert clock.forward(hours=2) - start == timedelta(hours=2)
    assert clock.back(hours=3) - start == timedelta(hours=-1)
    assert clock.host(minutes=5).now() - clock.now() == timedelta(minutes=5)
    ticking = TimeMachine(tick=timedelta(seconds=1))
    assert ticking.now() < ticking.now()
    with pytest.raises(Malformed):
        TimeMachine(datetime(2027, 1, 1))  # noqa: DTZ001  # naive on purpose


def test_behind_more_alerts_than_the_limit_are_all_due_once(world: Any) -> None:
    for _ in range(3):
        urgent(world)
    world.kit.deliver()
    world.wire.sent.clear()
    world.clock.back(minutes=6)
    assert not world.kit.deliver(limit=1).more
    climbs = [one.climbs for one in world.alerts]
    told = {one.about for one in world.all("delivery") if one.to == world.cora}
    assert told == {alert.id for alert in world.alerts}
    assert world.wire.to == ["cora"] * 2  # the first, and the other two in one notice
    world.kit.deliver(limit=1)
    assert [one.climbs for one in world.alerts] == climbs


def test_a_question_that_was_left_open_under_a_clock_that_jumped_waits_no_year(world: Any) -> None:
    screen = world.screen()
    world.clock.forward(days=365)
    screen.answer("q1", YES)
    world.clock.back(days=365)
    world.clock.forward(minutes=31)
    world.kit.deliver()
    assert world.alert().level == "now"


def test_with_a_clock_put_back_every_open_question_has_been_open_for_long_enough(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", YES)
    world.clock.forward(minutes=20)
    world.kit.deliver()
    assert world.alert().level == "today"
    world.clock.back(minutes=19)
    world.kit.deliver()
    assert world.alert().level == "now"
    assert world.all("risk_screen")[0].state == "open"  # whoever asks may go on


def test_a_leave_of_a_clock_that_jumped_ahead_takes_nobody_off_the_path(world: Any) -> None:
    world.kit.deliver()
    then = world.clock.now() + timedelta(days=300)
    with world.kit.session(actor=world.sam) as s:
        s.save(
            peerkit.Leave.plan(
                person=world.sam, cover=world.ola, starts=then, ends=then + timedelta(days=100)
            )
        )
    world.clock.forward(days=350)
    urgent(world, by="cora")
    world.clock.forward(minutes=1)
    world.kit.deliver()
    assert set(world.wire.to) == {"sam", "ola"}  # both: who is away if it is right, and who if it is not


def test_an_alert_of_the_last_minute_of_the_day_leaves_half_an_hour(world: Any) -> None:
    """Also in the night in which the clocks are changed, and where the hour of `today_by` is long past."""
    for local in ("2027-03-13 23:59", "2027-03-14 23:59", "2027-11-06 23:59", "2027-11-07 23:59"):
        began = world.clock.wall(local, "America/Toronto")
        world.screen().answer("q1", YES)
        world.kit.deliver()
        assert max(alert.due for alert in world.alerts) == began + timedelta(minutes=30)
