# SPDX-License-Identifier: Apache-2.0
"""The clock that the demo moves: it goes on by itself, never back, and knows the clock on the wall."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from peerkit.demo.clock import StoryClock

ZONE = ZoneInfo("America/Toronto")
_WALL = (datetime(2020, 1, 1), datetime(2035, 1, 1))  # noqa: DTZ001  # Hypothesis adds the zone
INSTANTS = st.datetimes(*_WALL, timezones=st.just(UTC))


@given(INSTANTS, st.integers(1, 60))
def test_it_begins_on_a_monday_at_nine_that_is_past(now: datetime, weeks: int) -> None:
    first = StoryClock.weeks_before(now, weeks, ZONE).now()
    local = first.astimezone(ZONE)
    assert (local.weekday(), local.hour, local.minute) == (0, 9, 0)
    assert timedelta(days=weeks * 7 - 1) < now - first < timedelta(days=weeks * 7 + 7)


@given(INSTANTS, st.lists(st.one_of(INSTANTS, st.integers(0, 10_000)), max_size=8))
def test_it_never_goes_back(now: datetime, moves: list[datetime | int]) -> None:
    clock = StoryClock(ZONE, now)
    seen = [clock.now()]
    for move in moves:
        if isinstance(move, int):
            clock.pass_minutes(move)
        else:
            clock.move_to(move)
        seen.append(clock.now())
    assert all(before < after for before, after in itertools.pairwise(seen))


@given(INSTANTS, st.integers(0, 23), st.integers(1, 400))
def test_a_day_later_is_one_on_the_wall(now: datetime, hour: int, days: int) -> None:
    clock = StoryClock(ZONE, now)
    later = clock.day_at(hour, 30, days=days).astimezone(ZONE)
    assert (later.date() - now.astimezone(ZONE).date()).days == days
    assert (later.hour, later.minute) in {(hour, 30), (hour + 1, 30)}  # the hour that a clock change skips
