# SPDX-License-Identifier: Apache-2.0
"""The clock of a simulated program: it stands until the next thing happens. It implements the `Clock`
port."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs


@attrs.define
class SimulatedClock:
    """Stands at an instant until it is moved, and never goes back. Looking at it takes no time, so that what
    happens hangs on nothing but the seed."""

    zone: ZoneInfo
    _now: datetime

    def now(self) -> datetime:
        """The instant at which it stands, in UTC."""
        return self._now

    @property
    def local(self) -> datetime:
        """The wall clock's time, without a zone: what appointments are agreed in."""
        return self._now.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def go(self, time: timedelta) -> None:
        """So much time goes by."""
        self._now += time

    def reach(self, moment: datetime) -> None:
        """On to this instant, unless it has passed."""
        self._now = max(self._now, moment.astimezone(UTC))
