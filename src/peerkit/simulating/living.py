# SPDX-License-Identifier: Apache-2.0
"""Letting a made-up program live: founded in an empty store, and on until its time is over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from zoneinfo import ZoneInfo

import attrs

import peerkit
from peerkit.errors import Malformed
from peerkit.model import ids
from peerkit.simulating import program, tables, walking
from peerkit.simulating.clock import SimulatedClock
from peerkit.simulating.counting import by_kind
from peerkit.simulating.dice import Dice
from peerkit.simulating.world import ZONE, Cast, Life, World, days
from peerkit.texts import _

UNTIL = date(2026, 10, 1)
"""The day on which the simulated time ends, unless told otherwise. It hangs on no clock: the same seed
gives the same program on every day."""

FEWEST_PEOPLE = 10
"""With fewer not every way can be lived."""

FEWEST_YEARS = 1.0
"""In less time not everything that begins can end: somebody is asked again after three months."""


MOST_YEARS = 50


@attrs.frozen
class Simulated:
    """What came of a simulation. `records` by kind and state stand in `counts` (in all under `""`)."""

    seed: int
    people: int
    years: float
    records: int
    versions: int
    """Positions of the feed: every version of every record."""
    counts: Mapping[str, Mapping[str, int]]
    refusals: int
    coordinator: str
    """The id of the program's first coordinator."""
    head: str
    """The chain's head: the same for the same seed, size, time and versions of peerkit and Faker."""
    intact: bool
    """Whether `verify` found nothing changed."""
    seconds: float
    """How long it took by the machine's clock, `verify` not counted."""
    stumbled: Mapping[str, int]
    """What did not go on since somebody had died, left or gone away meanwhile, by life and code."""

    @property
    def rate(self) -> float:
        """Versions written in a second."""
        return self.versions / self.seconds if self.seconds else 0.0


Progress = Callable[[int, datetime], None]
"""Told now and then: versions written, and how far the simulated time is."""


def live(
    url: str,
    *,
    people: int = 50,
    years: float = 3.0,
    seed: int = 1,
    until: date = UNTIL,
    progress: Progress | None = None,
) -> Simulated:
    """Found a made-up program in the empty store at `url` and let it live for so many years until that day.

    `people` (10 or more) seek support; who supports them and who works there comes to that. Every way of
    `tables` is lived at least once. The same seed, people, years and day give the same facts: the same
    envelopes, bodies, salts and head of the chain.

    Malformed for too few people or too short a time; StorageError for a store that holds a program;
    PluginError without the extra `simulate`.
    """
    if type(people) is not int or people < FEWEST_PEOPLE:
        raise Malformed(_("a simulation has {n} people or more", n=FEWEST_PEOPLE), where="simulate.people")
    if not FEWEST_YEARS <= years <= MOST_YEARS:
        raise Malformed(
            _("a simulation lasts {least} to {most} years", least=1, most=MOST_YEARS), where="simulate.years"
        )
    began = time.perf_counter()
    with _world(url, years=years, seed=seed, until=until) as w:
        for number, now in enumerate(_lived(w, people)):
            if progress is not None and number % 500 == 0:
                progress(w.kit.storage.position(), now)
        took = time.perf_counter() - began
        return told(w, people=people, years=years, seed=seed, seconds=took)


@contextmanager
def _world(url: str, *, years: float, seed: int, until: date) -> Iterator[World]:
    dice = Dice(seed)
    zone = ZoneInfo(ZONE)
    ends = datetime.combine(until, hour(9), zone).astimezone(UTC)
    clock = SimulatedClock(zone, ends - timedelta(days=365.25 * years))
    with (
        ids.throwing(dice.bits),
        peerkit.open(url, settings=program.settings(dice), clock=clock, discover=False) as kit,
        ids.using(kit.ids),
    ):
        first = kit.first_coordinator
        [on_call] = [one.person for one in kit._heads_of("appointment", role="on-call", state="held")]
        yield World(kit, clock, dice, Cast(first, on_call=on_call), ends)


def _lived(w: World, people: int) -> Iterator[datetime]:
    program.staff(w)
    w.begin(program.every_day(w), days(0.2), name="every_day")
    w.begin(program.every_month(w), days(1), name="every_month")
    for number in range(max(4, round(people / tables.PEOPLE_FOR))):
        # The first ones stay to the end, so that there is always somebody.
        stays = 60.0 if number < 3 else None
        w.begin(walking.supporter(w, years=stays), days(0.1 * number), name="supporter")
    w.begin(_arrivals(w, people), days(4), name="arrivals")
    return w.run()


def _arrivals(w: World, people: int) -> Life:
    """One after the other they come; the last one is the one with whom everything happens."""
    gap = w.left() * tables.ARRIVALS_END / people
    for _one in range(people - 1):
        w.begin(walking.person(w), name="person")
        yield gap * w.dice.between(0.3, 1.7)
    w.begin(walking.everything(w), name="everything")


def told(w: World, *, people: int, years: float, seed: int, seconds: float) -> Simulated:
    """What came of it."""
    counts = by_kind(w.kit.storage)
    verdict = w.kit.verify()
    return Simulated(
        seed=seed,
        people=people,
        years=years,
        records=sum(one[""] for one in counts.values()),
        versions=verdict.positions,
        counts=counts,
        refusals=counts["refusal"][""],
        coordinator=w.cast.coordinator,
        head=verdict.head,
        intact=verdict.intact,
        seconds=seconds,
        stumbled=dict(sorted(Counter(w.stumbled).items())),
    )
