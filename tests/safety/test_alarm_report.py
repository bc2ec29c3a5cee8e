# SPDX-License-Identifier: Apache-2.0
"""How alarms went, in numbers that are worked out by hand here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit import Actor, Malformed, Refused
from peerkit.kit.alarm_report import Load, Times, times
from peerkit.model.response import FALSE_ALARMS, NEEDS, OUTCOMES
from peerkit.safety.courses import Took

YES = True
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def urgent(world: Any, by: str = "ola") -> Any:
    return world.screen(by=by).answer("q5", YES)


def report(world: Any, by: str = "cora", since: date | None = None, until: date | None = None) -> Any:
    return world.kit.alarm_report(since, until, actor=world.people[by])


def close(world: Any, by: str, number: int = 0, **details: Any) -> Any:
    reasons = dict.fromkeys(NEEDS, "not_applicable")
    return world.respond(by, "close_incomplete", number, reasons=reasons, **details)


def test_each_time_is_counted_from_when_the_level_was_reached(world: Any) -> None:
    urgent(world)  # now: the supporter has ten minutes
    world.clock.forward(minutes=4)
    world.acknowledge("sam")
    world.clock.forward(minutes=30)
    world.respond("sam", "act", words="I went there")
    urgent(world, by="cora")
    world.clock.forward(minutes=11)  # one minute too late
    world.kit.deliver()
    world.acknowledge("sam", number=1)
    world.clock.forward(minutes=61)  # and nothing was done within the hour
    world.kit.deliver()
    found = report(world).whole
    assert found.opened == {"now": 2}
    assert found.to_acknowledge["now"] == Times(
        number=2, done=2, in_time=1, late=1, median=7.5, ninetieth=11.0, longest=11.0
    )
    assert found.to_act["now"] == Times(
        number=2, done=1, in_time=1, late=1, median=34.0, ninetieth=34.0, longest=34.0
    )
    assert (found.acknowledged, found.acted, found.resumed, found.climbs) == (2, 1, 1, 4)
    assert found.open_at_end == {"now": 2}


def test_today_is_in_time_until_the_programs_hour(world: Any) -> None:
    world.screen(by="ola").answer("q1", YES)
    world.kit.deliver()
    local = world.clock.now().astimezone(ZoneInfo("America/Toronto"))
    assert local.hour < 16
    world.clock.forward(minutes=(16 - local.hour) * 60 - local.minute)
    world.acknowledge("sue")
    assert report(world).whole.to_acknowledge["today"].in_time == 1


def test_a_clock_that_nobody_looked_at_counts_as_late(world: Any) -> None:
    world.wire.broken = {"sam", "cora", "ola"}
    urgent(world)
    world.clock.forward(minutes=55)
    world.wire.broken = set()
    world.kit.deliver()
    world.acknowledge("sam")
    found = report(world).whole
    assert found.nobody > 0
    assert (found.to_acknowledge["now"].late, found.to_acknowledge["now"].longest) == (1, 55.0)


def test_while_nobody_delivers_it_is_the_person_who_waits(world: Any) -> None:
    world.screen(by="ola").answer("q1", YES)
    world.clock.forward(minutes=90)
    world.kit.deliver()  # asked for the first time
    world.clock.forward(minutes=1)
    world.acknowledge("sue")
    assert report(world).whole.to_acknowledge["today"].longest == 91.0


def test_raised_alerts_and_those_that_time_raised_are_told_apart(world: Any) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    world.clock.forward(minutes=31)
    world.kit.deliver()
    world.kit.concern("I am worried", about=world.maya)
    found = report(world).whole
    assert (found.opened, found.raised, found.by_time) == ({"today": 1, "now": 1}, {"now": 1}, 1)
    assert found.sources == {"asq": 1, "concern": 1}
    assert all(rule.startswith("asq.") for rule in found.rules)


def test_a_false_alarm_is_one_because_a_human_says_so(world: Any) -> None:
    for outcome in ("", *OUTCOMES):
        urgent(world)
        close(world, "sam", len(world.alerts) - 1, outcome=outcome)
        world.clock.forward(seconds=1)
    found = report(world).whole
    assert found.closed == len(OUTCOMES) + 1
    assert (found.false_alarms, found.unsaid) == (len(FALSE_ALARMS), 1)
    assert found.outcomes == dict.fromkeys(sorted(OUTCOMES), 1)
    assert found.incomplete == {"not_applicable": found.closed * (len(NEEDS))}


def test_an_outcome_is_one_of_the_list_and_only_said_at_the_end(world: Any) -> None:
    urgent(world)
    with pytest.raises(Malformed) as wrong:
        close(world, "sam", outcome="she was lying")
    assert "lying" not in str(wrong.value)
    with pytest.raises(Malformed):
        world.respond("sam", "act", words="x", outcome="helped")
    close(world, "sam", outcome="helped")
    assert world.all("safety_response")[0].outcome == "helped"
    screen = world.screen(by="ola", screen=world.alert().screen)
    screen.answer("q5", YES)  # it speaks again: what was said of it before is said no more
    world.acknowledge("sam")
    world.respond("sam", "act", words="again")
    assert world.all("safety_response")[0].outcome == ""
    assert report(world).whole.outcomes == {"helped": 1}  # of the closing then


def test_who_was_called_at_night_is_said_of_roles_and_of_a_human_to_themselves(world: Any) -> None:
    world.clock.wall("2027-03-04T02:30", "America/Toronto")
    urgent(world)
    world.clock.forward(minutes=10)
    world.kit.deliver()
    mine, all_ = report(world, "sue"), report(world)
    assert all_.whole.asked == {
        "supporter": Load(asked=1, notices=1, at_night=1, nights=1),
        "coordinator": Load(asked=1, notices=1, at_night=1, nights=1),
    }
    assert (mine.humans, mine.mine) == ({}, Load())
    assert set(all_.humans) == {world.sam, world.cora}
    assert all_.mine == all_.humans[world.cora]
    assert world.sam not in repr(all_)


def test_weeks_add_up_to_the_whole(world: Any) -> None:
    for _ in range(3):
        urgent(world)
        close(world, "sam", len(world.alerts) - 1)
        world.clock.forward(days=8)
    found = report(world)
    assert len(found.weeks) == 4
    assert sum(sum(week.figures.opened.values()) for week in found.weeks) == found.whole.opened["now"] == 3
    assert sum(week.figures.closed for week in found.weeks) == 3
    earlier = report(world, until=found.weeks[0].last, since=found.weeks[0].first)
    assert earlier.whole == found.weeks[0].figures


def test_only_coordinators_and_supervisors_have_it_and_it_is_logged(world: Any) -> None:
    for one in (world.sam, world.maya, Actor.system("host")):
        with pytest.raises(Refused) as refused:
            world.kit.alarm_report(actor=one)
        assert refused.value.codes == ("no-right",)
    report(world, "sue")  # who supervises the supporter
    logged = [one for one in world.all("read") if one.of == "alarm_report"]
    assert [one.reader for one in logged] == [world.sue]
    with pytest.raises(Malformed):
        report(world, since=date(2026, 3, 2), until=date(2026, 3, 1))
    with pytest.raises(Malformed):
        report(world, since=datetime(2026, 3, 2, tzinfo=UTC))


def test_who_is_named_by_a_concern_does_not_hear_of_it_from_the_numbers(world: Any) -> None:
    urgent(world)
    world.appoint("sue", "coordinator")
    world.kit.concern("about somebody who works here", names=[world.cora])
    assert report(world).whole.sources == {"asq": 1}
    assert report(world, "sue").whole.sources == {"asq": 1, "concern": 1}


def test_what_is_passed_on_has_no_small_cell(world: Any) -> None:
    for _ in range(6):
        urgent(world)
    world.screen(by="ola").answer("q1", YES)
    given = report(world).to_pass_on()
    assert given["opened"] == {"now": None, "today": None}
    assert given["sources"] == {"asq": 7}
    assert "weeks" not in given
    assert "humans" not in given
    assert given["to_act"] == {"now": given["to_act"]["now"]}


MINUTES = st.integers(0, 10_000)


@given(st.lists(st.tuples(st.none() | MINUTES, MINUTES)), MINUTES)
def test_every_wait_is_in_time_late_or_still_waiting(given: list[tuple[Any, int]], now: int) -> None:
    def at(minutes: int) -> datetime:
        return NOW + timedelta(minutes=minutes)

    each = [Took("now", NOW, None if done is None else at(done), at(wanted)) for done, wanted in given]
    found = times(each, at(now))
    assert found.in_time + found.late + found.waiting == found.number == len(each)
    if found.done:
        assert found.median <= found.longest
        assert found.median <= found.ninetieth <= found.longest
