# SPDX-License-Identifier: Apache-2.0
"""A clock that the demo moves: weeks pass in a second. It implements the `Clock` port."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs

TICK = timedelta(seconds=1)
"""Each look at the clock takes a second, so that no two commits are of one instant."""


@attrs.define
class StoryClock:
    """Stands at an instant until it is moved. It never goes back."""

    zone: ZoneInfo
    _now: datetime

    @classmethod
    def weeks_before(cls, now: datetime, weeks: int, zone: ZoneInfo) -> StoryClock:
        """A clock at nine in the morning, local time, on the Monday some weeks before `now`."""
        day = now.astimezone(zone).date() - timedelta(weeks=weeks)
        monday = day - timedelta(days=day.weekday())
        return cls(zone, datetime.combine(monday, time(9), zone).astimezone(UTC))

    def now(self) -> datetime:
        """The instant at which it stands, in UTC."""
        self._now += TICK
        return self._now

    @property
    def local(self) -> datetime:
        """The wall clock's time, without a zone: what appointments are agreed in."""
        return self._now.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def pass_minutes(self, minutes: int) -> None:
        """Some minutes go by."""
        self._now += timedelta(minutes=minutes)

    def day_at(self, hour: int, minute: int = 0, *, days: int = 1) -> datetime:
        """The instant some days later, at this time of the wall clock."""
        day = self._now.astimezone(self.zone).date() + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)

    def move_to(self, moment: datetime) -> None:
        """Stand at this instant, unless it is past."""
        self._now = max(self._now, moment)
