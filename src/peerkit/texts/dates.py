# SPDX-License-Identifier: Apache-2.0
"""Days and times as people write them. Python's own names of days follow the machine, not the reader."""

from __future__ import annotations

import re
from datetime import date, datetime

from peerkit.texts.message import Message, _, joined, verbatim

DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
SHORT_DAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)


def day(moment: date) -> Message:
    """`Friday 16 October`."""
    return _(
        "{weekday} {day} {month}", weekday=DAYS[moment.weekday()], day=_number(moment), month=_month(moment)
    )


def full_day(moment: date) -> Message:
    """`Friday 16 October 2026`."""
    return _("{day} {year}", day=day(moment), year=moment.year)


def at(moment: datetime) -> Message:
    """`Fri 16 October 2026, 09:30`, of an instant that is local already."""
    return _(
        "{weekday} {day} {month} {year}, {time}",
        weekday=SHORT_DAYS[moment.weekday()],
        day=_number(moment),
        month=_month(moment),
        year=moment.year,
        time=clock(moment),
    )


def weekly(text: str) -> Message:
    """Weekly hours as they stand in a setting (`mon-fri 09:00-17:00, sat 10:00-14:00`, or `always`), with the
    days as the reader calls them; anything else as it was written."""
    if text.strip().lower() == "always":
        return _("always")
    spans = [_SPAN.fullmatch(one.strip().lower()) for one in text.split(",")]
    if not all(spans):
        return verbatim(text)
    return joined((_span(*found.groups()) for found in spans if found), ", ")


def _span(first: str, last: str | None, times: str) -> Message:
    days = joined((_DAYS[one] for one in (first, last) if one), "-")
    return joined((days, verbatim(times)))


_DAYS = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), SHORT_DAYS, strict=True))
_SPAN = re.compile(rf"({'|'.join(_DAYS)})(?:-({'|'.join(_DAYS)}))?\s+([\d:-]+)")


def clock(moment: datetime) -> str:
    """`09:30`."""
    return f"{moment:%H:%M}"


def _month(moment: date) -> Message:
    return MONTHS[moment.month - 1]


def _number(moment: date) -> Message:
    return Message("1", context="first of the month") if moment.day == 1 else verbatim(moment.day)
