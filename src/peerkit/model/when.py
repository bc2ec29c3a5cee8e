# SPDX-License-Identifier: Apache-2.0
"""When: how days, instants, zones, wall-clock times, minutes and weekly hours are given to acts.

Weekly hours are written `mon-fri 09:00-17:00, sat 22:00-06:00` and follow the clock on the wall, also in the
nights when it is changed: what is asked is always whether an *instant*, seen in the zone, lies within them,
so an hour that comes twice is covered twice and one that is left out leaves nothing uncovered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from peerkit.errors import Malformed

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
"""The minutes of a day, and of the longest meeting, activity or entry of hours."""

YEARS = (1900, 2200)
"""Between these a wall-clock time lies, so that every rule can count weeks, days and zones from it."""

_ITEM = re.compile(r"([a-z]{3})(?:\s*-\s*([a-z]{3}))?\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")

D = TypeVar("D", date, "date | None")
I = TypeVar("I", datetime, "datetime | None")  # noqa: E741  # an instant


# -- days, instants, minutes ---------------------------------------------------------------------------


def day(value: D, where: str) -> D:
    """The day (or None where it may be left out); Malformed for anything else, an instant too."""
    given: object = value
    if given is not None and type(given) is not date:
        raise Malformed("a day is needed (datetime.date), without a time", where=where)
    return value


def instant(value: I, where: str) -> I:
    """The instant (or None where it may be left out); Malformed for one without a time zone."""
    given: object = value
    if given is not None and (not isinstance(given, datetime) or given.tzinfo is None):
        raise Malformed("an instant is needed (datetime.datetime), with a time zone", where=where)
    return value


def window(starts: datetime | None, ends: datetime | None, where: str, end: str = "ends") -> None:
    """Malformed unless both are instants, or left out, and it ends after it starts."""
    begins, over = instant(starts, f"{where}.starts"), instant(ends, f"{where}.{end}")
    if begins is not None and over is not None and over <= begins:
        raise Malformed("it ends after it starts", where=f"{where}.{end}")


def minutes(value: int, where: str, low: int = 0) -> int:
    """How long something takes, in whole minutes, a day at most."""
    if type(value) is not int or not low <= value <= DAY:
        raise Malformed(f"minutes are a whole number from {low} to {DAY}", where=where)
    return value


# -- the clock on the wall -----------------------------------------------------------------------------


def wall(local: datetime, where: str, timezone: str) -> str:
    """A wall-clock time in a zone as it is stored; Malformed with an offset, since the zone stands apart, and
    for one that no clock there shows: when clocks go forward, an hour is left out."""
    given: object = local
    if not isinstance(given, datetime) or given.tzinfo is not None:
        raise Malformed("the time is the wall clock's, without an offset; the zone stands apart", where=where)
    zone = zone_of(timezone, f"{where.rpartition('.')[0]}.timezone")
    if not YEARS[0] <= local.year <= YEARS[1]:
        raise Malformed("the year is too far away for a calendar", where=where)
    shown = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    if shown.replace(tzinfo=None) != local.replace(fold=0):
        told = "the clocks of this zone are changed then, and leave this time out: take one before or after"
        raise Malformed(told, where=where)
    return local.replace(microsecond=0).isoformat()


def in_zone(local: str, timezone: str) -> datetime:
    """A stored wall-clock time with its zone. One that comes twice, when clocks go back, is the first."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(timezone))


def zone_of(name: str, where: str = "timezone") -> ZoneInfo:
    """The IANA zone; Malformed if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise Malformed("it is no IANA time zone, such as America/Toronto", where=where) from None


def zone_or_utc(name: str) -> ZoneInfo:
    """The IANA zone, or UTC where the setting names none: for whoever cannot wait until it is mended."""
    try:
        return zone_of(name)
    except Malformed:
        return ZoneInfo("UTC")


def is_zone(name: str) -> bool:
    """Whether this system knows the zone."""
    return zone_or_utc(name).key == name


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a day begins in a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


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


# -- weekly hours --------------------------------------------------------------------------------------


@attrs.frozen
class Span:
    """Minutes of the day on some weekdays (0 is Monday). `end` beyond 1440 reaches into the next day."""

    days: frozenset[int]
    start: int
    end: int


@attrs.frozen
class Hours:
    """Weekly hours. Without any span: always."""

    spans: tuple[Span, ...] = ()

    def covers(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether the instant lies within the hours, on the wall clock of the zone."""
        if not self.spans:
            return True
        local = moment.astimezone(zone)
        day, minute = local.weekday(), local.hour * 60 + local.minute
        return any(
            (day in span.days and span.start <= minute < span.end)
            or ((day - 1) % 7 in span.days and minute + DAY < span.end)
            for span in self.spans
        )

    def edges(self, first: datetime, days: int, zone: ZoneInfo) -> Iterator[datetime]:
        """The instants (UTC) at which `covers` may change, from the day before `first` on."""
        began = first.astimezone(zone).date()
        for offset in range(-1, days + 1):
            day = began + timedelta(days=offset)
            for span in self.spans:
                if day.weekday() not in span.days:
                    continue
                for minute in (span.start, span.end):
                    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
                    for fold in (0, 1):  # an hour that comes twice has two instants
                        yield wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


ALWAYS = Hours()


def parse(text: str, where: str = "hours") -> Hours:
    """The hours in a text; empty or `always` is always. Malformed, without the text, if it is none."""
    given = text.strip().lower()
    if given in {"", "always"}:
        return ALWAYS
    return Hours(tuple(_span(item.strip(), where) for item in given.split(",")))


def lenient(text: str) -> Hours:
    """The hours in a text; always if it is none: on the way of an alarm nothing stops for a setting, and
    to ask somebody too often is the better mistake."""
    try:
        return parse(text)
    except (Malformed, AttributeError):
        return ALWAYS


def weekly(text: str, where: str) -> str:
    """Weekly hours as they are stored: the text itself, if it can be read; Malformed otherwise."""
    parse(text, where)
    return text.strip()


def clock_minutes(text: str, where: str = "time") -> int:
    """Minutes since midnight of a wall-clock time; Malformed if it is none."""
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        raise Malformed("a time of day is written like 17:00", where=where)
    return _minute(hour, minute, where)


def day_minutes(text: str, where: str = "time") -> int:
    """Minutes since midnight of a time that every day has; Malformed for 24:00 too, with which a day ends."""
    minutes = clock_minutes(text, where)
    if minutes >= DAY:
        raise Malformed("a day begins at 00:00 and has no 24:00", where=where)
    return minutes


def _span(item: str, where: str) -> Span:
    found = _ITEM.fullmatch(item)
    if found is None or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise Malformed(
            "weekly hours are written like mon-fri 09:00-17:00, sat 10:00-14:00 (empty: always)", where=where
        )
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    days = frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))
    start, end = _minute(found[3], found[4], where), _minute(found[5], found[6], where)
    if start == DAY:
        raise Malformed("a span starts before 24:00", where=where)
    return Span(days, start, end if end > start else end + DAY)


def _minute(hour: str, minute: str, where: str) -> int:
    made = int(hour) * 60 + int(minute)
    if int(minute) > 59 or made > DAY:
        raise Malformed("a time of day is from 00:00 to 24:00", where=where)
    return made
