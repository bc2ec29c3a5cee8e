# SPDX-License-Identifier: Apache-2.0
"""An answer that alerts beside one that does not, and the first bounded send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import peerkit
from benchmarks.lines import Line, Setup, line
from benchmarks.measuring import Compared, Side, compare
from benchmarks.program import Cast, fresh_folder, small
from peerkit.hooks import NotifierChannel, Supply
from peerkit.ports import Message

Screening = Any


class Counting:
    """A notifier that counts what is handed over and does nothing else, so that no network is measured."""

    name = "counting"
    real = False

    def __init__(self) -> None:
        self.sent = 0

    def send(self, message: Message) -> None:
        """Take the message."""
        del message
        self.sent += 1


class Channel:
    """The plugin that supplies it."""

    channel = "counting"

    def __init__(self) -> None:
        self.notifier = Counting()

    @peerkit.hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        """The channel `counting`."""

        def make(settings: Mapping[str, Any]) -> Counting:
            del settings
            return self.notifier

        return [NotifierChannel("counting", make)]


def both(setup: Setup) -> list[Line]:
    """Before any send, and with the send of an urgent one."""
    against = "an answer that does not alert"
    return [
        line(
            "an answer that alerts, before any send",
            against,
            1.6,
            _compared(setup, "today", lambda screening: screening.answer("q1", value=True)),
            "level `today`; rows and bytes with the screen's own beginning",
        ),
        line(
            "an answer that alerts now, with its first bounded send",
            against,
            None,
            _compared(setup, "now", lambda screening: screening.answer("q5", value=True), sends=True),
            "the notifier only counts; claimed, climbed, handed over in a thread, written down",
        ),
    ]


def _compared(
    setup: Setup, name: str, alerting: Callable[[Screening], object], *, sends: bool = False
) -> Compared:
    folder = fresh_folder(setup.folder, f"alarms-{name}")
    channel = Channel()
    casts = [small(folder / f"{side}.db", plugins=[channel]) for side in ("ours", "theirs", "again")]
    ours, theirs, again = (
        _side(cast, act) for cast, act in zip(casts, (alerting, _calm, _calm), strict=True)
    )
    with casts[0].kit, casts[1].kit, casts[2].kit:
        found = compare(ours, theirs, again, setup.size.rounds)
    assert bool(channel.notifier.sent) is sends, "what is measured is not what is said"
    assert found.ours_wrote is not None
    assert found.theirs_wrote is not None
    assert found.ours_wrote.rows > found.theirs_wrote.rows, "both sides alert, or none does"
    return found


def _calm(screening: Screening) -> object:
    return screening.answer("q1", value=False)


def _side(cast: Cast, answer: Callable[[Screening], object]) -> Side:
    held: list[Screening] = []

    def begin() -> None:
        with cast.kit.session(actor=cast.sam) as s:
            held[:] = [s.screening("asq", person=cast.maya)]

    return Side(cast.file.stem, lambda: answer(held[0]), cast.file, before=begin)
