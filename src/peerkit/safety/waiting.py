# SPDX-License-Identifier: Apache-2.0
"""What time alone makes of a screen: a question that stays open becomes urgent, a screen left lying ends.

It stands in one mark a screen, written in the same transaction as the answer that began the wait.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import attrs

from peerkit.instruments import Wait
from peerkit.instruments.definition import LONGEST_WAIT
from peerkit.levels import Level
from peerkit.model.ids import moment, stamp
from peerkit.ports import ANY, Mark
from peerkit.safety.lane import BEHIND, SCREEN

IDLE = timedelta(seconds=LONGEST_WAIT)
"""After how long an unfinished screen counts as abandoned: its tasks go out. Own choice."""


@attrs.frozen
class Pending:
    """One wait: after `until` the screen is at `level`, unless all `items` were answered."""

    rule: str
    items: tuple[str, ...]
    level: Level
    until: datetime


@attrs.frozen
class Waiting:
    """All waits of one open screen. `idle` is when it counts as abandoned, `since` when it began, or when the
    latest wait did: by then the clock had come so far."""

    since: datetime
    idle: datetime
    pending: tuple[Pending, ...] = ()

    @classmethod
    def begin(cls, now: datetime) -> Waiting:
        """A screen's first moment."""
        return cls(now, now + IDLE)

    def after(self, wait: Wait | None, answered: Iterable[str], now: datetime) -> Waiting:
        """What is waited for behind one more answer.

        A wait ends only when what it waits for was *answered*; a correction of the answer that began it
        ends nothing. One that holds already keeps its time.
        """
        done = set(answered)
        left = tuple(one for one in self.pending if not done.issuperset(one.items))
        if wait is not None and all(one.rule != wait.rule for one in left):
            # Whatever a definition says, no number in it keeps an answer from being stored.
            until = now + timedelta(seconds=min(wait.seconds, LONGEST_WAIT))
            left = (*left, Pending(wait.rule, tuple(wait.items), wait.level, until))
            return attrs.evolve(self, since=max(self.since, now), pending=left)
        return attrs.evolve(self, pending=left)

    @property
    def until(self) -> datetime:
        """When the first of it is over."""
        return min((self.idle, *(one.until for one in self.pending)))

    def over(self, now: datetime) -> bool:
        """Whether something of it is over; also if it began in what is now the future."""
        return now >= self.until or self.from_future(now)

    def from_future(self, now: datetime) -> bool:
        """Whether it began in what is now the future: the clock was put back since."""
        return self.since > now + BEHIND

    def mark(self, screen: str) -> Mark:
        """The mark that keeps it."""
        pending = [[p.rule, list(p.items), str(p.level), stamp(p.until)] for p in self.pending]
        value = {"since": stamp(self.since), "idle": stamp(self.idle), "pending": pending}
        return Mark(SCREEN + screen, json.dumps(value), ANY)

    @classmethod
    def read(cls, text: str | None, now: datetime) -> Waiting:
        """From its mark; one that cannot be read is over at once, so that somebody looks."""
        try:
            held: dict[str, Any] = json.loads(text or "")
            pending = tuple(
                Pending(rule, tuple(items), Level(level), moment(until))
                for rule, items, level, until in held["pending"]
            )
            read = cls(moment(held["since"]), moment(held["idle"]), pending)
            return cls(now, now) if read.idle - read.since > IDLE or read.until.tzinfo is None else read
        except Exception:  # noqa: BLE001  # whatever stands there
            return cls(now, now)


def owed(screen: str, now: datetime) -> Mark:
    """The mark of a screen that is over while a human is still to be given a task about it: due at once."""
    return Waiting(now, now).mark(screen)


def ended(screen: str) -> Mark:
    """The mark, taken away: nothing is waited for any more."""
    return Mark(SCREEN + screen, None, ANY)
