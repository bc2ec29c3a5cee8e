# SPDX-License-Identifier: Apache-2.0
"""It says when it is deaf: receipts, health, the coming week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import peerkit
from peerkit import Appointment, Leave, Malformed, StorageError

YES = True
FLOOR = "Someone needs you. Please open your work app."


def urgent(world: Any, by: str = "ola", about: str = "maya") -> Any:
    return world.screen(by=by, about=about).answer("q5", YES)


def codes(world: Any) -> set[str]:
    return {problem.code for problem in world.kit.health().problems}


def test_every_receipt_says_loudly_when_alerts_are_due_and_nobody_delivers(world: Any) -> None:
    urgent(world)
    assert world.kit.warnings() == ()
    world.clock.forward(minutes=11)
    assert "1 alert is due and nobody delivers" in world.kit.warnings()[0]
    world.enrol("noa")
    with world.kit.session(actor=world.noa) as s:
        pass
    assert s.receipt.warnings == world.kit.warnings()
    health = world.kit.health()
    assert health.deaf
    assert not health.ok
    assert (health.open_alerts, health.due_alerts) == (1, 1)
    world.kit.deliver()
    assert world.kit.warnings() == ()
    assert not world.kit.health().deaf


def test_receipts_go_on_saying_it_when_the_clock_was_put_back(world: Any) -> None:
    world.kit.deliver()
    urgent(world)
    world.clock.forward(minutes=11)
    assert "1 alert is due" in world.kit.warnings()[0]
    world.clock.back(days=300)
    assert world.kit.health().deaf
    assert "1 alert is due" in world.kit.warnings()[0]
    urgent(world)  # and of those that are raised by that clock
    assert "2 alerts are due" in world.kit.warnings()[0]
    world.kit.deliver()
    assert world.kit.warnings() == ()


def test_a_heartbeat_that_stopped_is_noticed(world: Any) -> None:
    world.kit.deliver()
    urgent(world)
    assert "no-delivery" not in codes(world)
    world.clock.forward(minutes=6)
    assert "no-delivery" in codes(world)
    assert world.kit.health().heartbeat == world.clock.now() - timedelta(minutes=6)


def test_no_live_step_now_is_grave_unless_declared(opened: Any) -> None:
    hours = "mon-fri 09:00-17:00"
    path = [{"role": "on-call", "minutes": 5}]
    with pytest.raises(peerkit.Malformed):
        opened(more={"on_call": [{"name": "Ola", "hours": hours}], "path": path})
    world = opened(
        more={
            "on_call": [{"name": "Ola", "reach": ["wire:ola"], "hours": hours}],
            "path": path,
            "uncovered": "always",
        }
    )
    assert "no-live-step" not in codes(world)
    world.clock.wall("2027-01-16 12:00", "America/Toronto")
    assert "uncovered-now" in codes(world)
    assert "no-live-step" not in codes(world)


def test_a_path_whose_people_left_is_grave(world: Any) -> None:
    for name in ("ola", "cora"):
        world.change(name, reach=("pigeon:x",))
    assert "no-live-step" in codes(world)
    assert not world.kit.health().ok


def test_an_office_that_nobody_can_say_when_it_is_held_is_refused_and_one_that_is_there_is_named(
    world: Any,
) -> None:
    now = world.clock.now()
    for wrong in (
        {"hours": "nine to five"},
        {"starts": now, "ends": now},
        {"ends": now.replace(tzinfo=None)},
    ):
        with pytest.raises(Malformed, match="appointment") as caught:
            Appointment.give(world.ola, "on-call", **wrong)
        assert "five" not in str(caught.value)
    assert "unclear-office" not in codes(world)
    for field, value in (("hours", "nine to five"), ("ends", now - timedelta(days=1))):
        old = world.kit.new(lambda: Appointment.give(world.ola, "on-call", starts=now))
        object.__setattr__(old, field, value)  # as an earlier peerkit stored it
        world.kit.write([old])
        (told,) = [one for one in world.kit.health().problems if one.code == "unclear-office"]
        assert old.id in told.sentence
        assert field in told.sentence
        assert "five" not in told.sentence
        assert told.grave
        world.clock.forward(days=1)
        assert not world.kit.deliver().problems  # the path is looked after all the same
        with world.kit.session(actor=world.cora) as s:
            s.save(s.get(Appointment, old.id).end())
        assert "unclear-office" not in codes(world)


def test_a_hole_in_the_coming_week_makes_a_task(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.kit.session(actor=world.cora) as s:
        (office,) = s.find(Appointment, role="on-call")
        s.save(office.end())
    world.change("cora", reach=())
    world.kit.deliver()
    assert not [t for t in world.all("task") if t.what == "path-hole"]  # Cora is in office at every hour
    world.enrol("carl")
    world.appoint("carl", "coordinator", hours="mon-fri 09:00-17:00")
    with world.kit.session(actor=world.carl) as s:
        for one in s.find(Appointment, role="coordinator"):
            if one.person == world.cora:
                s.save(one.end())
    world.clock.forward(days=1)
    with monkeypatch.context() as failing:
        failing.setattr(type(world.kit), "whose", lambda *_: (_ for _ in ()).throw(StorageError("full")))
        assert "path:StorageError" in world.kit.deliver().problems  # and the next run looks again
    assert world.kit.deliver().problems == ()
    world.kit.deliver()
    assert [t.owner for t in world.all("task") if t.what == "path-hole"] == [world.carl]


def ill(world: Any, who: str, **details: Any) -> None:
    with world.kit.session(actor=world.people[who]) as s:
        s.save(Leave.fall_ill(person=world.people[who], **{"starts": world.clock.now(), **details}))


def holes(world: Any) -> list[Any]:
    return [t.due for t in world.all("task") if t.what == "path-hole"]


def test_a_path_on_which_everybody_is_away_and_nobody_stands_in_is_grave(world: Any) -> None:
    for who in ("ola", "cora"):
        assert "no-live-step" not in codes(world)
        ill(world, who)
    assert "no-live-step" in codes(world)
    assert not world.kit.health().ok
    with world.kit.session(actor=world.ola) as s:
        s.save(s.find(Leave, person=world.ola)[0].come_back())
    assert "no-live-step" not in codes(world)


def test_hours_that_nobody_covers_because_of_leave_are_somebodys_task(world: Any) -> None:
    soon = world.clock.now() + timedelta(days=3)
    week = {"starts": soon, "ends": soon + timedelta(days=2)}
    ill(world, "ola", **week, cover=world.cora)
    world.kit.deliver()
    assert holes(world) == []  # Cora is there, also for Ola
    ill(world, "cora", **week, cover=world.ola)  # and now they cover for each other
    world.clock.forward(days=1)
    world.kit.deliver()
    assert holes(world) == [soon]
    assert "no-live-step" not in codes(world)
    for _ in range(2):
        world.clock.forward(days=1)
        world.kit.deliver()
    assert "no-live-step" in codes(world)


def test_an_alert_that_cannot_be_read_reaches_every_coordinator(world: Any) -> None:
    urgent(world)
    world.darken()
    world.clock.forward(minutes=11)
    world.wire.sent.clear()
    report = world.kit.deliver()
    assert any(problem.endswith("unreadable") for problem in report.problems)
    assert world.wire.to == ["cora"]
    assert "unreadable-alert" in codes(world)
    assert world.kit.alerts()[0].step == "unreadable"
    world.kit.deliver()
    assert world.wire.to == ["cora"]  # hourly, no storm
    world.clock.forward(minutes=61)
    world.kit.deliver()
    assert world.wire.to == ["cora", "cora"]


# -- alerts that reached nobody ----------------------------------------------------------------------------


def test_an_open_alert_that_reached_nobody_is_grave_on_every_command_and_in_every_run(world: Any) -> None:
    world.kit.deliver()
    world.kit.concern("all of them", world.maya, names=(world.sam, world.sue, world.ola, world.cora))
    world.kit.deliver()
    health = world.kit.health()
    assert "no-live-step" not in codes(world)  # the general path is well: it is this alert that asks nobody
    [problem] = [one for one in health.problems if one.code == "unreached-alert"]
    assert problem.grave
    assert world.alert().reference in problem.sentence
    assert not health.ok
    assert ["1 open alert has reached nobody" in one for one in world.kit.warnings()] == [True]
    for _ in range(2):  # also between two climbs
        report = world.kit.deliver()
        assert report.problems == (f"alert:{world.alert().id}:nobody-reached",)
        world.clock.forward(minutes=1)
    world.enrol("noa")
    world.appoint("noa", "coordinator")
    world.clock.forward(minutes=5)
    world.kit.deliver()
    assert world.wire.to[-1] == "noa"
    assert "unreached-alert" not in codes(world)
    assert world.kit.warnings() == ()


def test_an_answer_that_everybody_is_barred_from_says_so_and_health_is_red(world: Any) -> None:
    """One anonymous concern takes the only human off all alarms of the person."""
    world.kit.deliver()
    world.kit.concern("x", about=world.maya, names=[world.sam, world.sue, world.ola, world.cora])
    steps = urgent(world)
    assert (steps.reached, steps.on_call) == (False, False)
    assert sum(one.code == "unreached-alert" for one in world.kit.health().problems) == 2


def test_what_is_shown_of_a_program_that_was_never_tried(world: Any) -> None:
    health = world.kit.health()
    assert health.ok
    assert not health.shown
    world.kit.deliver()
    report = world.kit.drill(world.cora)
    for who in (world.ola, world.cora):
        with world.kit.session(actor=who) as s:
            s.acknowledge(report.reference)
    assert world.kit.health().shown


# -- the console -------------------------------------------------------------------------------------------


def test_the_console_alone_is_nobody_in_a_program_that_lasts(opened: Any, tmp_path: Any) -> None:
    more = {
        "coordinator": {"name": "Cora", "reach": ["console:cora"]},
        "on_call": [{"name": "Ola", "reach": ["console:ola"]}],
        "notifiers": ["console", "wire"],
    }
    url = f"sqlite:///{tmp_path / 'program.db'}?synchronous=off"
    world = opened(url, more=more)
    [problem] = [one for one in world.kit.health().problems if one.code == "console-only"]
    assert problem.grave
    steps = world.kit.concern("worried")
    assert (steps.reached, steps.on_call) == (False, False)
    assert "Do not wait for it" in steps.told
    assert world.alert().rung == "on-call"  # it was shown all the same, and climbs
    world.change("ola", reach=("console:ola", "wire:ola"))
    assert "console-only" not in codes(world)
    steps = world.kit.concern("worried")
    assert (steps.reached, steps.on_call) == (True, True)
