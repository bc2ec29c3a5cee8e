# SPDX-License-Identifier: Apache-2.0
"""What counting gives back: the counts of a period. How they come about stands in `counting`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs


@attrs.frozen(kw_only=True)
class Waits:
    """People, and days from their enquiry on: how many, the median, the longest."""

    number: int | None
    median_days: float | None
    longest_days: int | None


@attrs.frozen(kw_only=True)
class SectionCell:
    """One number of a section, under its code and in words; None if it is not shown."""

    code: str
    label: str
    number: int | None


@attrs.frozen(kw_only=True)
class Section:
    """What a module counted (`peerkit.hooks.ReportSection`), under its heading, in its own order."""

    name: str
    title: str
    plugin: str
    cells: tuple[SectionCell, ...]


@attrs.frozen(kw_only=True)
class Counts:
    """Counts of a period, first and last day included, in the program's zone, as of `position` in the feed.

    None stands for a cell that is not shown: it is below five, rests on fewer than five people, or would
    give away one that is. A zero is a zero.

    `individuals` are people who met somebody or were known by name in a call, each once. `calls_named` and
    `calls_nameless` are interactions with and without a person. `sessions` are activities, `attendances`
    the sum of their headcounts, `uncounted` those without one. `minutes` are of `meetings`, `interactions`
    and `activities`, once however many led them. `support` says in how many of all these each kind of
    support was given. `waiting` are enquiries without an agreement at the end of the period; `begun`
    relationships agreed in it, with the days from the enquiry (handed over: none); `ended` those that were
    agreed once and ended in it, by reason. `referrals` are those sent or gone for alone; `outcomes` what
    came of any in the period, with `declined` and `recalled`; `answers` are the people's own. `unreadable`
    records could not be read, and a human should look (`kit.health()`). `sections` are what modules counted;
    `left_out` names those that could not be counted, each with its plugin.
    """

    first: date
    last: date
    timezone: str
    position: int
    own_use: bool
    individuals: int | None
    meetings: int | None
    calls_named: int | None
    calls_nameless: int | None
    channels: Mapping[str, int | None]
    sessions: int | None
    attendances: int | None
    uncounted: int | None
    formats: Mapping[str, int | None]
    minutes: Mapping[str, int | None]
    support: Mapping[str, int | None]
    waiting: Waits
    begun: Waits
    ended: Mapping[str, int | None]
    referrals: int | None
    outcomes: Mapping[str, int | None]
    answers: Mapping[str, int | None]
    unreadable: int
    sections: tuple[Section, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def hours(self) -> Mapping[str, float | None]:
        """`minutes`, in hours."""
        return {what: None if held is None else round(held / 60, 2) for what, held in self.minutes.items()}
