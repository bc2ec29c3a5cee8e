# SPDX-License-Identifier: Apache-2.0
"""A program of its own, which is killed while somebody answers a screen; and one that comes afterwards.

    python crashing.py count  STORE OUTBOX PERSON SUPPORTER       how many points there are
    python crashing.py kill N STORE OUTBOX PERSON SUPPORTER       SIGKILL at the N-th
    python crashing.py recover PERSON SUPPORTER STORE OUTBOX …    what a fresh process finds and does

A point is before each SQL statement, before and after each send, and the end.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Iterable
from typing import Any

import peerkit
from peerkit import hookimpl
from peerkit.hooks import NotifierChannel, Supply
from peerkit.ports import Message
from peerkit.testing import TimeMachine

CHANNEL = "outbox"
YES, NO = True, False


class Points:
    """Counts, and kills this process at one of them."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.counting = False
        self.count = 0

    def pass_one(self, *_: Any) -> None:
        if not self.counting:
            return
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


class Outbox:
    """A channel that writes each message to a file, for good."""

    real = False

    def __init__(self, path: str, points: Points, name: str = CHANNEL) -> None:
        self._path = path
        self._points = points
        self.name = name

    def send(self, message: Message) -> None:
        self._points.pass_one()
        with open(self._path, "a", encoding="utf-8") as file:  # noqa: PTH123
            file.write(json.dumps([message.to, message.text, message.reference]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._points.pass_one()


class OutboxPlugin:
    """Supplies it, under one name or several."""

    name = "outbox-channel"

    def __init__(self, path: str, points: Points, channels: Iterable[str] = (CHANNEL,)) -> None:
        self._outboxes = [Outbox(path, points, name) for name in channels]

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        return [NotifierChannel(one.name, lambda _, one=one: one) for one in self._outboxes]


def opened(store: str, outbox: str, points: Points, clock: TimeMachine) -> Any:
    return peerkit.open(
        f"sqlite:///{store}", plugins=[OutboxPlugin(outbox, points)], discover=False, clock=clock
    )


def traced(points: Points) -> None:
    """From now on each statement of this process is a point."""
    connect = sqlite3.connect

    def tracing(*args: Any, **options: Any) -> sqlite3.Connection:
        made = connect(*args, **options)
        made.set_trace_callback(points.pass_one)
        return made

    sqlite3.connect = tracing  # type: ignore[assignment]


def answer(kill_at: int, store: str, outbox: str, person: str, supporter: str) -> int:
    """Answer a screen; how many points were passed."""
    points = Points(kill_at)
    traced(points)
    with opened(store, outbox, points, TimeMachine()) as kit:
        points.counting = True
        with kit.session(actor=supporter) as s:
            screen = s.screening("asq", person)
            screen.answer("q1", NO)
            screen.answer("q5", YES)
            screen.finish()
        points.pass_one()
        points.counting = False
    return points.count


def recover(person: str, supporter: str, store: str, outbox: str) -> dict[str, Any]:
    """What is there; then go on as people would: enter what is missing, and deliver."""
    clock = TimeMachine()
    clock.forward(minutes=2)
    with opened(store, outbox, Points(0), clock) as kit:
        kit.storage.verify()
        screens = kit._find_all("risk_screen")
        given = {a.item for a in kit._find_all("answer")}
        found = {"answered": "q5" in given, "alerts": len(kit._find_all("alert"))}
        if "q5" not in given:
            with kit.session(actor=supporter) as s:
                id_ = screens[0].id if screens else ""
                s.screening("asq", person, screen=id_).answer("q5", YES)
        kit.deliver()
        clock.forward(minutes=2)
        kit.deliver()
        alerts = kit._find_all("alert")
        with open(outbox, "a+", encoding="utf-8") as file:  # noqa: PTH123
            file.seek(0)
            sent = [json.loads(line) for line in file]
        return found | {
            "open": [(a.level, a.state) for a in alerts],
            "sent": len([one for one in sent if one[2] == alerts[0].reference]),
            "claims": len(kit.storage.marks("claim:")),
            "intact": kit.verify().intact,
            "screens": len(kit._find_all("risk_screen")),
        }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["count", *rest]:
            sys.stdout.write(str(answer(0, *rest)))
        case ["kill", number, *rest]:
            answer(int(number), *rest)
        case ["recover", person, supporter, *places]:
            pairs = zip(places[::2], places[1::2], strict=True)
            sys.stdout.write(json.dumps([recover(person, supporter, *pair) for pair in pairs]))
