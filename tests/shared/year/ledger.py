# SPDX-License-Identifier: Apache-2.0
"""The oracle of a simulated year: what was said when, what must come of it, and what humans did. It asks
nothing of the lane: levels come from a table of its own, written by hand from the forms."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import attrs

LEVELS = ("none", "talk", "today", "now")
HALF_AN_HOUR = timedelta(minutes=30)
LITTLE = timedelta(minutes=10)
"""For so long after it was put right, what was wrong still explains a delay."""


def higher(*levels: str) -> str:
    return max(levels, key=LEVELS.index, default="none")


def answered(instrument: str, answers: dict[str, Any]) -> str:
    """What answers mean on the answer. ASQ: question 5 yes is `now`, any of 1 to 4 `today` (NIMH, ASQ tool,
    2017; peerkit's design for how fast). The made-up form says it in the names of its questions."""
    if instrument == "asq":
        yes = any(answers.get(f"q{n}") is True for n in (1, 2, 3, 4))
        return "now" if answers.get("q5") is True else "today" if yes else "none"
    table = {"low": "talk", "hurt": "today", "unsafe": "now"}
    return higher(*(level for item, level in table.items() if answers.get(item) is True))


@attrs.define(eq=False)
class Said:
    """One thing that was said, at its true time. `stored` once the call came back."""

    at: datetime
    item: str
    value: Any
    stored: datetime | None = None


@attrs.define
class Worry:
    """A screen or a concern. `key` is the screen's id, or the alert's; `about` whom it is about now."""

    key: str
    kind: str
    about: str
    instrument: str = ""
    said: list[Said] = attrs.field(factory=list)
    finished: datetime | None = None
    firsts: list[str] = attrs.field(factory=list)
    """Whom it was about before it was moved."""
    moved: dict[str, datetime] = attrs.field(factory=dict)
    """Since when it is about whom, where it was moved to them."""
    alerts: set[str] = attrs.field(factory=set)
    """Its alerts, as far as they were known when a store was put back that may not know them."""
    forgotten: bool = False
    """Whether some of it was said after the copy that was put back."""

    def expected(self, end: datetime) -> list[tuple[datetime, str]]:
        """From when on which level was owed: of what was stored, at the moment when it was first said."""
        if self.kind == "concern":
            return [(self.said[0].at, str(self.said[0].value))] if self.said[0].stored else []
        answers: dict[str, Any] = {}
        found: list[tuple[datetime, str]] = []
        top = "none"
        for one in self.said:
            if one.stored is None:
                continue
            answers[one.item] = one.value
            level = answered(self.instrument, answers)
            if LEVELS.index(level) > LEVELS.index(top):
                top = level
                found.append((one.at, level))
        if top == "today" and self.instrument == "asq" and "q5" not in answers:
            over = found[-1][0] + HALF_AN_HOUR
            since = min(self.finished or over, over)
            if since < end - HALF_AN_HOUR:
                found.append((since, "now"))
        return found


@attrs.frozen
class Deed:
    """What a human did about an alert (its id or reference). `sure` if the call came back."""

    at: datetime
    alert: str
    what: str
    who: str
    sure: bool = True


@attrs.define
class Spell:
    """A time in which something was wrong."""

    name: str
    begins: datetime
    ends: datetime | None = None


@attrs.define
class Ledger:
    """What was written down meanwhile."""

    worries: dict[str, Worry] = attrs.field(factory=dict)
    deeds: dict[str, list[Deed]] = attrs.field(factory=lambda: defaultdict(list))
    notices: dict[str, list[datetime]] = attrs.field(factory=lambda: defaultdict(list))
    """When a notice was tried to be handed over, by the alert's reference; by its id, if it had another one
    before it was raised anew."""
    spells: list[Spell] = attrs.field(factory=list)
    policies: list[tuple[datetime, dict[str, Any]]] = attrs.field(factory=list)
    """The program's policy from when on: `path` minutes, `action` minutes, `today_by`."""

    def begins(self, key: str, kind: str, about: str, instrument: str = "") -> Worry:
        return self.worries.setdefault(key, Worry(key, kind, about, instrument))

    def did(self, at: datetime, alert: str, what: str, who: str, *, sure: bool = True) -> None:
        self.deeds[alert].append(Deed(at, alert, what, who, sure))

    def sends(self, reference: str, at: datetime) -> None:
        if reference:
            self.notices[reference].append(at)

    def wrong(self, name: str, at: datetime) -> Spell:
        self.spells.append(Spell(name, at))
        return self.spells[-1]

    def during(self, first: datetime, last: datetime) -> set[str]:
        """What was wrong at some time between the two, or until a little before."""
        return {one.name for one in self._between(first, last)}

    def wrong_for(self, first: datetime, last: datetime) -> timedelta:
        """For how much of this time something was wrong, a little after each spell counted with it; a time in
        which several things were wrong counts once."""
        total, reached = timedelta(0), first
        for one in sorted(self._between(first, last), key=lambda spell: spell.begins):
            until = min(last, one.ends + LITTLE if one.ends else last)
            total += max(until - max(reached, one.begins), timedelta(0))
            reached = max(reached, until)
        return total

    def _between(self, first: datetime, last: datetime) -> list[Spell]:
        return [
            one
            for one in self.spells
            if one.begins <= last and (one.ends is None or one.ends + LITTLE >= first)
        ]

    def policy(self, at: datetime) -> dict[str, Any]:
        return next(policy for since, policy in reversed(self.policies) if since <= at)
