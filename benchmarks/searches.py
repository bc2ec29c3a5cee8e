# SPDX-License-Identifier: Apache-2.0
"""Thirty judged queries with typing errors, on a city's directory and on one grown to many entries."""

from __future__ import annotations

import statistics
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.directories import ROOT, SMALL, directory
from benchmarks.grown import grown
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
        lines.append(_line(file, queries))
    return lines


def _line(file: Path, queries: list[Mapping[str, Any]]) -> Line:
    actor = Actor.system("benchmark")
    took, recalled = [], []
    with opened(file) as kit:
        with kit.session(actor=actor) as s:
            size = s.count(Service)
        for turn in range(2):
            for query in queries:
                with kit.session(actor=actor) as s:
                    began = time.perf_counter()
                    found = s.search(Service, query["typed"], limit=TEN, state="listed")
                    ended = time.perf_counter()
                if turn:
                    took.append((ended - began) * 1000)
                    recalled.append(_recall(query, [one.source_key for one in found], size))
    told = f"recall at {TEN} {statistics.mean(recalled):.2f}, longest {max(took):.0f} ms"
    middle = statistics.median(took)
    return Line(
        f"directory search, {len(queries)} judged queries, {size:,} entries", "", None, None, None,
        middle, 0.0, "ms", told=told,
    )  # fmt: skip


def _recall(query: Mapping[str, Any], found: list[str], size: int) -> float:
    """Of the first ten, those that answer; a copy answers what its original answers."""
    wanted = {f"service:{key}" for key in query["keys"]}
    copies = -(-size // 1877)
    hits = sum(key.partition("#")[0] in wanted for key in found)
    return hits / min(TEN, len(wanted) * copies)
