# SPDX-License-Identifier: Apache-2.0
"""Who is asked, in which order, and that it never ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from peerkit import Decision, Leave, PeerSupporter, Person

YES, NO = True, False


def urgent(world: Any, by: str = "ola", about: str = "maya") -> Any:
    return world.screen(by=by, about=about).answer("q5", YES)


def test_it_climbs_step_by_step_while_nobody_answers(world: Any) -> None:
    world.screen(by="cora").answer("q5", YES)
    assert world.wire.to == ["sam"]
    for _ in range(3):
        world.clock.forward(minutes=10)
        world.kit.deliver()
    assert world.wire.to[:2] == ["sam", "ola"]
    alert = world.alert()
    assert alert.climbs == 4
    assert alert.told == (world.sam, world.ola)  # Cora raised it, so others are asked before her


def test_at_the_top_it_starts_again_and_adds_every_coordinator(world: Any) -> None:
    world.enrol("carl")
    world.appoint("carl", "coordinator")
    urgent(world)
    for _ in range(2):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    alert = world.alert()
    assert (alert.round, alert.rung) == (1, "supporter")
    assert set(alert.asked) == {world.sam, world.cora, world.carl}


def test_the_second_round_asks_a_coordinator_at_whatever_hour(world: Any) -> None:
    world.enrol("carl")
    world.appoint("carl", "coordinator", hours="sat-sun 00:00-24:00")
    urgent(world)  # on a Monday
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.alert().asked == (world.cora,)
    world.clock.forward(minutes=20)
    world.kit.deliver()
    assert set(world.alert().asked) == {world.sam, world.cora, world.carl}


def test_everybody_who_walks_with_somebody_is_asked(world: Any) -> None:
    world.supporter("sid", supervisor="sue")
    world.match("maya", "sid")
    urgent(world)
    assert sorted(world.wire.to) == ["sam", "sid"]


def test_it_never_stops_by_itself(world: Any) -> None:
    urgent(world)
    for _ in range(60):
        world.clock.forward(minutes=30)
        world.kit.deliver()
    alert = world.alert()
    assert alert.state == "open"
    assert alert.climbs >= 60
    assert alert.due > world.clock.now()


def test_a_step_that_reaches_nobody_is_passed_over_at_once(world: Any) -> None:
    world.wire.broken = {"sam", "ola"}
    world.screen(by="cora").answer("q5", YES)
    assert world.wire.to == ["cora"]  # nobody else could be reached
    failed = [(d.to, d.result, d.code) for d in world.all("delivery") if d.result == "failed"]
    assert failed[:2] == [
        (world.sam, "failed", "raised:ConnectionError"),
        (world.ola, "failed", "raised:ConnectionError"),
    ]


def test_the_subject_is_never_asked_even_if_they_work_here(world: Any) -> None:
    world.supporter("sid", supervisor="sue")
    world.match("sam", "sid")  # Sam, who supports Maya, is supported by Sid
    urgent(world, by="sid", about="sam")
    for _ in range(6):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    assert "sam" not in world.wire.to
    assert world.sam not in world.alert().told


def test_the_author_is_asked_only_when_nobody_else_is_there(world: Any) -> None:
    urgent(world, by="sam")
    for _ in range(4):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    assert "sam" not in world.wire.to
    for name in ("ola", "cora"):
        world.change(name, reach=())
    world.clock.forward(minutes=21)
    world.kit.deliver()
    assert world.wire.to[-1] == "sam"


def test_where_every_notice_fails_it_is_tried_again_soon(world: Any) -> None:
    world.wire.broken = {"sam", "ola", "cora", "sue"}
    urgent(world)
    alert = world.alert()
    assert (alert.asked, alert.state) == ((), "open")
    assert alert.due - world.clock.now() == timedelta(minutes=5)
    world.wire.broken = set()
    world.clock.forward(minutes=5)
    world.kit.deliver()
    assert world.wire.sent


def away(world: Any, name: str, cover: str, days: int = 7) -> None:
    now = world.clock.now()
    with world.kit.session(actor=world.people[name]) as s:
        s.save(
            Leave.plan(
                person=world.people[name],
                cover=world.people[cover],
                starts=now - timedelta(hours=1),
                ends=now + timedelta(days=days),
            )
        )


def test_who_covers_is_asked_instead(world: Any) -> None:
    world.supporter("sid", supervisor="sue")
    away(world, "sam", "sid")
    urgent(world)
    assert world.wire.to == ["sid"]


def test_where_who_covers_falls_ill_whoever_covers_for_them_is_asked(world: Any) -> None:
    for name in ("sid", "sal"):
        world.supporter(name, supervisor="sue")
    away(world, "sam", "sid")
    with world.kit.session(actor=world.sid) as s:
        s.save(Leave.fall_ill(person=world.sid, starts=world.clock.now(), cover=world.sal))
    urgent(world)
    assert world.wire.to == ["sal"]


def test_who_covers_and_may_not_is_nobody_to_ask(world: Any) -> None:
    world.enrol("zed")
    with world.kit.session(actor=world.sam) as s:
        s.save(Leave.fall_ill(person=world.sam, starts=world.clock.now(), cover=world.zed))
    urgent(world, by="cora")
    assert world.wire.to == ["ola"]  # the next rung, at once


def test_when_leave_is_over_they_are_asked_again(world: Any) -> None:
    world.supporter("sid", supervisor="sue")
    away(world, "sam", "sid", days=1)
    world.clock.forward(days=1)
    urgent(world)
    assert world.wire.to == ["sam"]


def test_an_office_follows_its_weekly_hours_in_the_programs_zone(opened: Any) -> None:
    world = opened(
        more={
            "on_call": [
                {"name": "Day", "reach": ["wire:day"], "hours": "mon-fri 09:00-17:00"},
                {
                    "name": "Night",
                    "reach": ["wire:night"],
                    "hours": "mon-sun 17:00-09:00, sat-sun 09:00-17:00",
                },
            ],
            "path": [{"role": "on-call", "minutes": 5}],
        }
    )
    world.people["cora"] = next(a.person for a in world.all("appointment") if a.role == "coordinator")
    for local, name in [
        ("2027-01-13 09:00", "day"),
        ("2027-01-13 16:59", "day"),
        ("2027-01-13 17:00", "night"),
        ("2027-01-14 03:00", "night"),
        ("2027-01-16 12:00", "night"),
        ("2027-03-14 01:59", "night"),
        ("2027-03-14 03:01", "night"),
    ]:
        world.clock.wall(local, "America/Toronto")
        world.wire.sent.clear()
        urgent(world, by="sam")
        assert world.wire.to == [name], local


def test_nobody_in_their_quiet_hours_is_asked_while_somebody_else_is_there(world: Any) -> None:
    world.change("sam", hours="mon-fri 18:00-19:00")
    urgent(world)  # Monday, 10 in the morning
    assert world.alert().skipped == ("supporter:quiet", "on-call:spared")
    assert world.wire.to == ["cora"]  # Ola raised it


@pytest.mark.parametrize(("hours", "asked"), [("09:30-10:30", "sam"), ("14:30-15:30", "cora")])
def test_quiet_hours_are_those_of_the_programs_zone(world: Any, hours: str, asked: str) -> None:
    world.change("sam", hours=f"mon-fri {hours}")
    urgent(world)  # 10 in the morning there, and 15:00 UTC
    assert world.wire.to == [asked]


def test_quiet_hours_hold_nothing_where_everybody_has_them(world: Any) -> None:
    for name in ("sam", "ola", "cora", "sue"):
        world.change(name, hours="mon-fri 18:00-19:00")
    urgent(world)
    assert world.wire.to == ["sam"]


def test_a_forbidden_channel_moves_it_on(world: Any) -> None:
    world.change("sam", not_by=("wire",))
    urgent(world)
    assert world.wire.to == ["cora"]
    assert world.alert().skipped == ("supporter:unreachable", "on-call:spared")


def test_who_died_gets_no_message_and_the_alert_stays(world: Any) -> None:
    world.screen(by="cora").answer("q5", YES)
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Person, world.sam).mark_died())
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Person, world.maya).mark_died())
    world.wire.sent.clear()
    for _ in range(5):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    assert "sam" not in world.wire.to
    assert "ola" in world.wire.to
    assert world.alert().state == "open"


def test_a_death_that_was_taken_back_leaves_the_alert_and_lets_notices_go_again(world: Any) -> None:
    world.screen(by="cora").answer("q5", YES)
    for who in ("sam", "maya"):
        with world.kit.session(actor=world.cora) as s:
            s.save(s.get(Person, world.people[who]).mark_died())
        with world.kit.session(actor=world.cora) as s:
            s.save(s.get(Person, world.people[who]).not_died())
    assert world.alert().state == "open"
    with world.kit.session(actor=world.cora) as s:  # his role ended, and is given anew like anybody's
        s.save(PeerSupporter.welcome(world.sam, by=Decision.of(world.sam, how="spoken")))
    world.match("maya", "sam")
    world.wire.sent.clear()
    urgent(world)
    assert world.wire.to == ["sam"]
    assert len(world.alerts) == 2


def test_an_urgent_notice_takes_two_channels(world: Any) -> None:
    world.change("sam", reach=("wire:sam", "wire:sam-old", "bell:sam", "pigeon:sam"))
    urgent(world)
    assert (world.wires.wire.to, world.wires.bell.to) == (["sam"], ["sam"])


def test_today_asks_the_supervisor_until_the_programs_hour(world: Any) -> None:
    world.screen(by="ola").answer("q1", YES)
    world.screen(by="ola").answer("q5", NO)
    assert world.wire.to == []
    world.kit.deliver()
    assert world.wire.to == ["sue"]
    alert = world.alert()
    assert alert.due.astimezone(ZoneInfo("America/Toronto")).strftime("%H:%M") == "17:00"


@pytest.mark.parametrize(
    ("local", "due"),
    [("2027-01-11 16:45", "24:00"), ("2027-01-11 23:45", "+30"), ("2027-03-13 23:50", "+30")],
)
def test_late_in_the_day_today_has_until_the_day_ends_and_half_an_hour_at_least(
    world: Any, local: Any, due: Any
) -> None:
    began = world.clock.wall(local, "America/Toronto")
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    screen.answer("q5", NO)
    world.kit.deliver()
    wait = world.alert().due - began
    assert wait == (timedelta(minutes=30) if due == "+30" else timedelta(hours=7, minutes=15))


def test_today_that_nobody_looks_at_climbs_the_path(world: Any) -> None:
    screen = world.screen(by="cora")
    screen.answer("q1", YES)
    screen.answer("q5", NO)
    world.kit.deliver()
    world.clock.forward(hours=8)
    world.kit.deliver()
    assert world.wire.to == ["sue", "sam"]


def test_an_outside_body_that_agreed_stands_in_for_a_solo_organization(opened: Any) -> None:
    world = opened(
        more={
            "on_call": [],
            "path": [
                {"role": "supporter", "minutes": 5},
                {
                    "role": "outside",
                    "minutes": 5,
                    "name": "Neighbouring program",
                    "reach": ["wire:neighbour"],
                },
            ],
        }
    )
    urgent(world, by="sam")
    assert world.wire.to == ["neighbour"]
    assert world.alert().asked == ("outside:Neighbouring program",)


def test_a_person_without_a_supporter_has_the_human_of_their_route(world: Any) -> None:
    world.enrol("noa")
    urgent(world, about="noa")
    assert world.wire.to == ["cora"]
    assert world.alert().rung == "supporter"
