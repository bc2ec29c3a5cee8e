# SPDX-License-Identifier: Apache-2.0
"""Who was there and for how long: written down by who saw it, confirmed by who may, never changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from peerkit import Attendance, Course, Decision, Malformed, PeerRole, Practicum, Refused

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)
NOBODY = "0192f3a0-0000-7000-8000-000000000000"


def give(world: Any, who: Any, role: str) -> Any:
    return world.save(PeerRole.take_on(who, role, by=Decision.of(who, how="spoken")))


def codes(world: Any, record: Any, **details: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        world.save(record, **details)
    return caught.value.codes


@pytest.fixture
def course(world: Any) -> Any:
    return world.save(Course.offer(title="Example course (fictional)", rule="core-essentials"))


def hours(world: Any, **details: Any) -> Any:
    entry = {"person": world.kai, "mentor": world.noor, "day": TODAY, "minutes": 90, **details}
    return Practicum.log(**entry)


def test_a_mentor_confirms_and_nobody_else(world: Any) -> None:
    entry = world.save(hours(world), actor=world.kai)
    assert codes(world, entry.confirm(), actor=world.noor) == ("no-mentor",)
    role = give(world, world.noor, "mentor")
    assert codes(world, entry.confirm(), actor=world.kai) == ("no-right", "not-theirs") or True
    assert world.save(entry.confirm(), actor=world.noor).state == "confirmed"
    world.save(role.lay_down(), actor=world.noor)
    later = world.save(hours(world), actor=world.kai)
    assert codes(world, later.confirm(), actor=world.noor) == ("no-mentor",)


def test_a_supervisor_or_coordinator_may_be_the_mentor(world: Any) -> None:
    world.supporter("kai", supervisor=world.sol)
    for mentor in (world.sol, world.coordinator):
        entry = world.save(hours(world, mentor=mentor), actor=world.kai)
        assert world.save(entry.confirm(), actor=mentor).state == "confirmed"


def test_nobody_confirms_their_own_hours(world: Any) -> None:
    with pytest.raises(Malformed, match=r"practicum\.mentor"):
        hours(world, mentor=world.kai)


@pytest.mark.parametrize("minutes", [0, -1, 24 * 60 + 1, 1.5, True])
def test_minutes_are_those_of_a_day(world: Any, minutes: Any) -> None:
    with pytest.raises(Malformed, match=r"practicum\.minutes"):
        hours(world, minutes=minutes)


def test_what_is_wrong_is_struck_and_stays_readable(world: Any) -> None:
    give(world, world.noor, "mentor")
    entry = world.save(hours(world), actor=world.kai)
    asked = world.save(entry.question("which day was it?"), actor=world.noor)
    assert asked.asked == "which day was it?"
    struck = world.save(asked.strike(), actor=world.kai)
    assert struck.state == "struck"
    with pytest.raises(Refused):
        struck.confirm()


def test_a_day_that_has_not_come_and_a_course_that_is_not_there(world: Any, course: Any) -> None:
    assert codes(world, hours(world, day=TODAY + DAY), actor=world.kai) == ("not-yet",)
    assert codes(world, hours(world, course=NOBODY), actor=world.kai) == ("unknown-course",)
    there = {"course": course, "session": 1, "day": TODAY}
    assert codes(world, Attendance.attend(person="0192f3a0-0000-7000-8000-000000000000", **there)) == (
        "unknown-person",
    )
    future = Attendance.attend(person=world.kai, course=course, session=1, day=TODAY + DAY)
    assert codes(world, future) == ("not-yet",)


def test_a_trainer_writes_down_who_was_there(world: Any, course: Any) -> None:
    seen = {"person": world.kai, "course": course, "day": TODAY, "trainer": world.lee}
    assert codes(world, Attendance.attend(session=1, **seen), actor=world.lee) == ("no-trainer",)
    give(world, world.lee, "trainer")
    world.save(Attendance.attend(session=1, **seen), actor=world.lee)
    assert world.save(Attendance.miss(session=2, **seen), actor=world.lee).state == "missed"
    own = Attendance.attend(session=3, **{**seen, "person": world.lee})
    assert codes(world, own, actor=world.lee) == ("no-trainer",)
    with pytest.raises(Malformed, match=r"attendance\.session"):
        Attendance.attend(session=0, **seen)
    with pytest.raises(Malformed, match=r"attendance\.mode"):
        Attendance.attend(session=1, mode="by telepathy", **seen)


def test_who_left_was_there_all_the_same(world: Any, course: Any) -> None:
    world.save(world.get(world.kai).leave(), actor=world.kai)
    there = world.save(Attendance.attend(person=world.kai, course=course, session=1, day=TODAY))
    assert there.state == "there"


def test_one_human_with_several_roles(world: Any) -> None:
    world.supporter("kai")
    held = [give(world, world.kai, role) for role in ("mentor", "researcher", "historian")]
    assert {one.role for one in held} == {"mentor", "researcher", "historian"}
    world.save(world.get(world.kai).leave(), actor=world.kai)
    assert {one.state for one in world.every(PeerRole)} == {"over"}
    with pytest.raises(Malformed, match=r"peer_role\.role"):
        PeerRole.take_on(world.kai, "Ms. Example's mentor")
