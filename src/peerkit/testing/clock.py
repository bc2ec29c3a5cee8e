# SPDX-License-Identifier: Apache-2.0
"""A time machine: the `Clock` of a kit under test, moved by the test and by nothing else.

    clock = TimeMachine()
    with peerkit.open("memory:", clock=clock) as kit:
        ...
        clock.forward(minutes=11)
        kit.deliver()

Deadlines, leases, consents, offices: whatever ends by the clock can be tried at once, forwards, backwards,
on two hosts that disagree, and in the nights when clocks are changed.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from peerkit.errors import Malformed

START = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
"""Where a time machine starts: a Monday morning in Toronto, far from any change of clocks."""


class TimeMachine:
    """A clock that stands until it is moved. Thread-safe. With `tick` each look takes that long."""

    def __init__(self, start: datetime = START, *, tick: timedelta = timedelta(0)) -> None:
        self._now = _aware(start)
        self._tick = tick
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The instant at which it stands, in UTC."""
        with self._lock:
            self._now += self._tick
            return self._now

    def forward(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> datetime:
        """Time goes by; the instant after it."""
        return self._move(timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))

    def back(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Somebody puts the clock back; the instant after it."""
        return self._move(-timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))

    def set(self, moment: datetime) -> datetime:
        """To an instant, wherever it stood before. Malformed for one without a zone."""
        with self._lock:
            self._now = _aware(moment)
            return self._now

    def wall(self, local: str, zone: str, *, fold: int = 0) -> datetime:
        """To a time of the wall clock (`2027-03-14 01:59`) in an IANA zone; `fold` 1 is the second of two."""
        from peerkit.model.when import zone_of

        return self.set(datetime.fromisoformat(local).replace(tzinfo=zone_of(zone), fold=fold))

    def host(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> HostClock:
        """Another host's clock: so far ahead of this one (behind, if negative), and moving with it."""
        return HostClock(self, timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))

    @staticmethod
    def clock_changes(zone: str, year: int) -> tuple[datetime, ...]:
        """The instants of a year at which the clocks of a zone are changed."""
        from peerkit.model.when import transitions, zone_of

        first = datetime(year, 1, 1, tzinfo=UTC)
        days = (datetime(year + 1, 1, 1, tzinfo=UTC) - first).days
        return tuple(transitions(first, days, zone_of(zone)))

    def _move(self, by: timedelta) -> datetime:
        with self._lock:
            self._now += by
            return self._now


class HostClock:
    """The clock of another host, off by a fixed time. Made by `TimeMachine.host`."""

    def __init__(self, machine: TimeMachine, ahead: timedelta) -> None:
        self._machine = machine
        self._ahead = ahead
        self.machine = f"{ahead} ahead"

    def now(self) -> datetime:
        """What this host takes for the present instant, in UTC."""
        return self._machine.now() + self._ahead


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise Malformed("an instant has a time zone", where="time machine")
    return moment.astimezone(UTC)
