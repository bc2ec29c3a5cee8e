# SPDX-License-Identifier: Apache-2.0
"""Letting a year go by."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

import peerkit.kit
from peerkit.model import ids
from peerkit.simulating.dice import Dice
from peerkit.testing import TimeMachine
from year import faults, humans, staff, talk
from year.clock import Wrist
from year.judging import Verdict, judge
from year.ledger import Ledger
from year.plugin import Parts
from year.world import Process, Year

SCREENS, CONCERNS = 4.0, 0.2
"""A person and year."""

CALM = timedelta(hours=1)
"""How long the program goes on after everything was put right, before it is judged."""


@attrs.frozen
class Lived:
    """A year that went by: what came of it."""

    people: int
    days: int
    seed: int
    year: Year
    verdict: Verdict
    versions: int
    seconds: float

    @property
    def lost(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.verdict.wrong)


def live(
    folder: Path,
    *,
    people: int,
    days: int,
    seed: int,
    storms: float = 1.0,
    concerning: float = 1.0,
    restores: float = 0.0,
    told: Callable[[str], Any] | None = None,
) -> Lived:
    """Found a program of so many people in a file in `folder`, and let so many days go by with everything
    that goes wrong in them, `storms` times as often as in an ordinary year, and `concerning` times as many
    screens and concerns. An older copy of the file is put back `restores` times a year. The same arguments,
    the same year. ValueError for restores with a kit that does not know what to do about one.
    """
    if restores and not hasattr(peerkit.kit.Kit, "walk_gaps"):
        raise ValueError("this peerkit does not notice that an older copy was put back")
    began = time.perf_counter()
    path = folder / "year.db"
    machine, dice, parts = TimeMachine(), Dice(seed), Parts()
    url = f"sqlite:///{path}?synchronous=off&busy_timeout=10"
    processes = [Process(url, Wrist(machine, f"machine {n}"), parts) for n in range(3)]
    year = Year(
        path=path,
        machine=machine,
        dice=dice,
        ends=machine.now() + timedelta(days=days),
        storms=storms,
        app=processes[0],
        workers=processes[1:],
        ledger=Ledger(),
    )
    parts.year = year
    year.backup.parent.mkdir()
    with ids.throwing(dice.bits), year.instead_of_threads():
        staff.found(year, people)
        humans.listen(year)
        year.post.dies, year.post.together = 0.002, 0.01
        for number, worker in enumerate(year.workers):
            year.begin("worker", faults.works(year, worker, timedelta(seconds=20 + 27 * number)))
        year.begin("coordinators look", humans.daily_look(year))
        share = concerning * people
        year.begin("screens", year.again_and_again("screen", talk.screen, SCREENS * share))
        year.begin("concerns", year.again_and_again("concern", talk.concern, CONCERNS * share))
        staff.happens(year, people)
        faults.weather(year, restores)
        _go(year, year.ends, told)
        faults.put_right(year)
        _go(year, year.ends + CALM, None)
        for worker in year.workers:
            year.deliver(worker)
        verdict = judge(year, year.now)
        versions = year.app.kit.storage.position()
        for process in processes:
            process.stop()
    return Lived(people, days, seed, year, verdict, versions, time.perf_counter() - began)


def _go(year: Year, until: datetime, told: Callable[[str], Any] | None) -> None:
    week = year.now
    for now in year.run(until):
        if told is not None and now - week > timedelta(days=7):
            week = now
            told(f"{now:%Y-%m-%d} {year.happened['screens']} screens, {len(year.ledger.notices)} alerts told")
