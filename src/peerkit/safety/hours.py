# SPDX-License-Identifier: Apache-2.0
"""Weekly hours and zones (`peerkit.model.when`) as an alarm reads them: no setting that cannot be read stops
it, and the nights when the clocks are changed are looked at too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from peerkit.errors import Malformed
from peerkit.model.when import ALWAYS, Hours, clock_minutes, parse, zone_or_utc


def lenient(text: str) -> Hours:
    """The hours in a text; always if it is none: on the way of an alarm nothing stops for a setting, and
    to ask somebody too often is the better mistake."""
    try:
        return parse(text)
    except (Malformed, AttributeError):
        return ALWAYS


def is_zone(name: str) -> bool:
    """Whether this system knows the zone."""
    return zone_or_utc(name).key == name


def at_clock(moment: datetime, text: str, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of the wall-clock time `text` (`17:00`, `24:00`) on the zone's day of `moment`."""
    minutes = clock_minutes(text)
    day = datetime.combine(moment.astimezone(zone).date(), datetime.min.time())
    return (day + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)


def transitions(first: datetime, days: int, zone: ZoneInfo) -> Iterator[datetime]:
    """The instants (UTC, to the second) at which the zone's clocks are changed."""
    before = first.astimezone(UTC)
    for _ in range(days):
        after = before + timedelta(days=1)
        low, high = before, after
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                same = middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high.replace(microsecond=0)
        before = after
