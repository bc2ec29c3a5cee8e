# SPDX-License-Identifier: Apache-2.0
"""Thirty judged queries with typing errors, on a city's directory and on one grown to many entries; and
queries of nothing but the directory's commonest words, which narrow nothing.

The query that is slowest is told too: a search that is quick at the median may still keep somebody waiting.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs

from benchmarks.directories import ROOT, SMALL, directory
from benchmarks.grown import SEED, grown
from benchmarks.lines import Line, Setup
from benchmarks.program import opened
from peerkit import Actor, Service

QUERIES = ROOT / "plugins/peerkit-hsds/tests/queries.toml"
MANY = {"full": 200_000, "quick": 20_000, "tiny": 20}
TEN = 10


def searching(setup: Setup) -> list[Line]:
    """Recall at 10, and the time that a query takes: median and longest, everything read already."""
    source = SMALL if setup.size.name == "tiny" else directory()
    queries = tomllib.loads(QUERIES.read_text(encoding="utf-8"))["query"]
    setup.kept.mkdir(parents=True, exist_ok=True)
    lines = []
    for many in (len(queries) if source == SMALL else 1877, MANY[setup.size.name]):
        file = setup.kept / f"directory-{many}.db"
        grown(file, source, many)
        lines.append(_judged(file, queries))
    return [*lines, _common(file)]


@attrs.frozen
class Asked:
    """What queries took, in milliseconds, everything read already; and the keys that each found."""

    size: int
    took: Sequence[float]
    found: Sequence[Sequence[str]]

    @property
    def told(self) -> str:
        """How the slow ones did."""
        most = statistics.quantiles(self.took, n=20)[-1]
        return f"95 of 100 within {most:.0f} ms, longest {max(self.took):.0f} ms"

    def line(self, work: str, told: str) -> Line:
        """The row: the median."""
        middle = statistics.median(self.took)
        return Line(f"{work}, {self.size:,} entries", "", None, None, None, middle, None, "ms", told=told)


def _ask(file: Path, typed: Iterable[str]) -> Asked:
    actor = Actor.system("benchmark")
    took: dict[str, float] = {}
    found: dict[str, Sequence[str]] = {}
    with opened(file) as kit:
        with kit.session(actor=actor) as s:
            size = s.count(Service)
        for one in [*typed] * 2:  # the second time counts
            with kit.session(actor=actor) as s:
                began = time.perf_counter()
                page = s.search(Service, one, limit=TEN, state="listed")
                took[one] = (time.perf_counter() - began) * 1000
            found[one] = [service.source_key for service in page]
    return Asked(size, tuple(took.values()), tuple(found.values()))


def _judged(file: Path, queries: Sequence[Mapping[str, Any]]) -> Line:
    asked = _ask(file, [query["typed"] for query in queries])
    recalled = [_recall(query, keys, asked.size) for query, keys in zip(queries, asked.found, strict=True)]
    told = f"recall at {TEN} {statistics.mean(recalled):.2f}; {asked.told}"
    return asked.line(f"directory search, {len(queries)} judged queries", told)


def _common(file: Path) -> Line:
    """Queries of one to six of the sixty commonest words."""
    with closing(sqlite3.connect(file)) as db:
        words = [word for (word,) in db.execute("SELECT word FROM word ORDER BY records DESC, word LIMIT 60")]
    dice = random.Random(SEED)
    typed = [" ".join(dice.sample(words, 1 + n % min(6, len(words)))) for n in range(30)]
    asked = _ask(file, typed)
    return asked.line(f"directory search, {len(typed)} queries of the commonest words alone", asked.told)


def _recall(query: Mapping[str, Any], found: Sequence[str], size: int) -> float:
    """Of the first ten, those that answer; a copy answers what its original answers."""
    wanted = {f"service:{key}" for key in query["keys"]}
    copies = -(-size // 1877)
    hits = sum(key.partition("#")[0] in wanted for key in found)
    return hits / min(TEN, len(wanted) * copies)
