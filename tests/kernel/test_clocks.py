# SPDX-License-Identifier: Apache-2.0
"""Appointments follow the clock on the wall, also on the days when it is changed; nothing took place that is
still to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from peerkit import Activity, Interaction, Malformed, Meeting, Refused

ZONE = "America/Toronto"
LEFT_OUT = datetime.fromisoformat("2027-03-14T02:30")
TWICE = datetime.fromisoformat("2027-11-07T01:30")


def meeting(world: Any, local: datetime, act: str = "plan", zone: str = ZONE) -> Meeting:
    made: Meeting = getattr(Meeting, act)(person=world.maya, supporter=world.kai, local=local, timezone=zone)
    return made


def group(world: Any, local: datetime, act: str = "plan") -> Activity:
    known = {"title": "Tea", "format": "drop_in", "facilitators": (world.kai,)}
    made: Activity = getattr(Activity, act)(**known, local=local, timezone=ZONE)
    return made


def call(world: Any, local: datetime) -> Interaction:
    return Interaction.note(supporter=world.kai, channel="call", local=local, timezone=ZONE)


@pytest.fixture
def pair(world: Any) -> Any:
    world.match(world.maya, world.supporter("kai"))
    return world


PLANNED: dict[str, Callable[[Any, datetime], Any]] = {
    "a meeting planned": meeting,
    "a group planned": group,
    "a call": call,
    "a meeting entered": lambda w, local: meeting(w, local, "enter"),
    "a group entered": lambda w, local: group(w, local, "enter"),
    "a meeting moved": lambda w, local: meeting(w, TWICE).move(local),
    "a meeting moved to a zone": lambda w, local: meeting(w, local, zone="Asia/Tokyo").move(
        local, timezone=ZONE
    ),
    "a meeting held": lambda w, local: meeting(w, TWICE).hold(local=local),
    "a group moved": lambda w, local: group(w, TWICE).move(local),
}


@pytest.mark.parametrize("what", PLANNED)
@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_that_the_clocks_leave_out_is_none(pair: Any, what: str, fold: int) -> None:
    made = PLANNED[what]
    with pytest.raises(Malformed, match="clocks of this zone are changed") as no:
        made(pair, LEFT_OUT.replace(fold=fold))
    assert no.value.where.endswith(".local")
    assert made(pair, LEFT_OUT + timedelta(minutes=30)).local == "2027-03-14T03:00:00"


@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_that_comes_twice_is_the_first_of_the_two(pair: Any, fold: int) -> None:
    made = pair.save(meeting(pair, TWICE.replace(fold=fold)), actor=pair.kai)
    for one in (made, pair.get(made), pair.get(pair.save(pair.get(made).move(TWICE), actor=pair.kai))):
        assert one.starts.astimezone(UTC) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_a_zone_that_is_none_and_a_year_too_far_away_are_told_where() -> None:
    for local, zone, where in (
        (TWICE, "Toronto/America", "meeting.timezone"),
        (TWICE, None, "meeting.timezone"),
        (datetime.fromisoformat("9999-12-31T23:59"), ZONE, "meeting.local"),
        (datetime.fromisoformat("0001-01-01T00:00"), "Asia/Tokyo", "meeting.local"),
    ):
        with pytest.raises(Malformed) as no:
            Meeting.plan(person="m", supporter="k", local=local, timezone=zone)  # type: ignore[arg-type]
        assert no.value.where == where


HELD: dict[str, Callable[[Any, datetime], Any]] = {
    "a call": call,
    "a meeting entered": lambda w, local: meeting(w, local, "enter"),
    "a group entered": lambda w, local: group(w, local, "enter"),
    "a meeting held": lambda w, local: w.save(meeting(w, local), actor=w.kai).hold(),
    "a group held": lambda w, local: w.save(group(w, local), actor=w.kai).hold(),
}


@pytest.mark.parametrize("what", HELD)
def test_nothing_has_taken_place_on_a_day_that_has_not_come(pair: Any, what: str) -> None:
    made = HELD[what]
    here = pair.watch.at.astimezone(meeting(pair, TWICE).starts.tzinfo).replace(tzinfo=None)
    with pytest.raises(Refused) as no:
        pair.save(made(pair, here + timedelta(days=1)), actor=pair.kai)
    assert no.value.codes == ("not-yet",)
    for day in (0, -1):
        assert pair.save(made(pair, here + timedelta(days=day)), actor=pair.kai).version


def test_it_is_today_where_they_met(pair: Any) -> None:
    late = pair.watch.at.replace(tzinfo=None) + timedelta(hours=14)
    pair.save(meeting(pair, late, "enter", zone="Pacific/Kiritimati"), actor=pair.kai)
    planned = pair.save(meeting(pair, late + timedelta(days=2)), actor=pair.kai)
    held = planned.hold(local=pair.watch.at.replace(tzinfo=None) - timedelta(hours=5))  # sooner than planned
    assert pair.save(held, actor=pair.kai).state == "held"
