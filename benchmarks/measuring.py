# SPDX-License-Identifier: Apache-2.0
"""Paired measurement: the sides of a comparison take turns in one process, so that whatever the machine does
meanwhile happens to all of them.

A side that stands twice among them (A against A) shows what the machine's own noise would pass for.
"""

from __future__ import annotations

import gc
import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import attrs

BLOCKS = 10
"""In how many pieces a series is cut to see how far its ratio moves about."""


@attrs.frozen
class Side:
    """One side: what it does at each turn, and the database file whose rows are counted (if any).

    `before` runs ahead of each turn, off the clock.
    """

    name: str
    once: Callable[[], object]
    file: Path | None = None
    before: Callable[[], object] | None = None


@attrs.frozen
class Series:
    """What the turns of one side took, in microseconds of the clock on the wall and of the processor."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median turn on the wall clock."""
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        """The median turn on the processor, the kernel's work for it included."""
        return statistics.median(self.cpu)


@attrs.frozen
class Spread:
    """A number, and between what it moved from one piece of the series to the next."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.low:.2f}..{self.high:.2f})"


@attrs.frozen
class Written:
    """What one turn leaves in a file: rows, and the bytes in them, over all tables."""

    rows: float
    size: float


def take_turns(sides: Sequence[Side], rounds: int, *, warm: int = 20) -> dict[str, Series]:
    """Run the sides A B C A B C …, a turn each, and give what the turns took."""
    wall: dict[str, list[float]] = {side.name: [] for side in sides}
    cpu: dict[str, list[float]] = {side.name: [] for side in sides}
    gc.collect()
    for turn in range(-warm, rounds):
        for side in sides:
            if side.before is not None:
                side.before()
            began_cpu, began = time.process_time_ns(), time.perf_counter_ns()
            side.once()
            ended, ended_cpu = time.perf_counter_ns(), time.process_time_ns()
            if turn >= 0:
                wall[side.name].append((ended - began) / 1000)
                cpu[side.name].append((ended_cpu - began_cpu) / 1000)
    return {name: Series(tuple(wall[name]), tuple(cpu[name])) for name in wall}


def ratio(over: Sequence[float], under: Sequence[float], *, less: Sequence[float] = ()) -> Spread:
    """How much longer one series took than the other: the median of the turns' ratios, of all of them and of
    each piece of the series. Neighbours in time are compared, so a machine that slows down slows both.

    `less` is taken off both first: what a bare run of the same thing takes.
    """
    bare = less or [0.0] * len(over)
    pairs = [(o - b) / (u - b) for o, u, b in zip(over, under, bare, strict=True)]
    size = max(1, len(pairs) // BLOCKS)
    pieces = [statistics.median(pairs[i : i + size]) for i in range(0, len(pairs) - size + 1, size)]
    return Spread(statistics.median(pairs), min(pieces), max(pieces))


def contents(file: Path) -> dict[str, tuple[int, int]]:
    """Rows and bytes of values in each table of a SQLite file (the tables of full-text indexes included)."""
    found: dict[str, tuple[int, int]] = {}
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        ordinary = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        for (table,) in db.execute(ordinary).fetchall():
            columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")').fetchall()]
            sizes = " + ".join(f'coalesce(length(CAST("{c}" AS BLOB)), 0)' for c in columns)
            total = f'SELECT count(*), coalesce(sum({sizes}), 0) FROM "{table}"'  # noqa: S608  # the file's own names
            rows, size = db.execute(total).fetchone()
            found[table] = (rows, size)
    return found


def written(
    before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]], turns: int
) -> Written:
    """What each turn added to a file."""
    rows = sum(after[t][0] - before.get(t, (0, 0))[0] for t in after)
    size = sum(after[t][1] - before.get(t, (0, 0))[1] for t in after)
    return Written(rows / turns, size / turns)


@attrs.frozen
class Compared:
    """Two sides measured together, and the second of them against itself."""

    ours: Series
    theirs: Series
    again: Series
    ours_wrote: Written | None
    theirs_wrote: Written | None

    @property
    def ratio(self) -> Spread:
        """Ours over theirs."""
        return ratio(self.ours.wall, self.theirs.wall)

    @property
    def noise(self) -> Spread:
        """Theirs over theirs, in the same run."""
        return ratio(self.again.wall, self.theirs.wall)


def compare(ours: Side, theirs: Side, again: Side, rounds: int) -> Compared:
    """Measure two sides and the machine's noise in one run, and count what each writes."""
    warm = min(20, rounds)
    files = [(side, contents(side.file) if side.file else {}) for side in (ours, theirs)]
    series = take_turns([theirs, ours, again], rounds, warm=warm)
    wrote = [
        written(before, contents(side.file), rounds + warm) if side.file else None for side, before in files
    ]
    return Compared(series[ours.name], series[theirs.name], series[again.name], *wrote)
