# SPDX-License-Identifier: Apache-2.0
"""The table as Markdown, and its place in the documentation."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.lines import Line
from benchmarks.measuring import Spread, Written

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEAD = (
    "| Row | Work | Against | At most | Ratio | Noise | Time | Processor | Rows | Bytes |",
    "|---|---|---|---|---|---|---|---|---|---|",
)


def markdown(lines: Iterable[Line]) -> str:
    """The table. Pairs are peerkit's number and the other side's."""
    return "\n".join([*HEAD, *(_row(one) for one in lines)])


def _row(one: Line) -> str:
    cells = (
        f"`{one.row}`",
        one.work + (f" — {one.told}" if one.told else ""),
        one.against,
        "" if one.most is None else f"{one.most:g}{'' if one.met else ' **missed**'}",
        _spread(one.ratio),
        _spread(one.noise),
        _time(one),
        _processor(one),
        _pair(one.ours_wrote, one.theirs_wrote, "rows"),
        _pair(one.ours_wrote, one.theirs_wrote, "size"),
    )
    return f"| {' | '.join(cells)} |"


def _time(one: Line) -> str:
    both = _number(one.ours) if one.theirs is None else f"{_number(one.ours)} / {_number(one.theirs)}"
    return f"{both} {one.unit}"


def _processor(one: Line) -> str:
    if one.ours_cpu is None or one.theirs_cpu is None:
        return ""
    return f"{one.ours_cpu:,.0f} / {one.theirs_cpu:,.0f} µs"


def _spread(found: Spread | None) -> str:
    return "" if found is None else str(found)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _pair(ours: Written | None, theirs: Written | None, name: str) -> str:
    if ours is None:
        return ""
    found = f"{getattr(ours, name):,.4g}" if name == "rows" else f"{getattr(ours, name):,.0f}"
    if theirs is None:
        return found
    other = f"{getattr(theirs, name):,.4g}" if name == "rows" else f"{getattr(theirs, name):,.0f}"
    return f"{found} / {other}"


def machine() -> str:
    """What the table was measured on."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def has_place(page: Path) -> bool:
    """Whether the page is there and has the two marks."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return END in text.partition(BEGIN)[2]


def write(page: Path, lines: Iterable[Line], size: str) -> None:
    """Put the table into the page, between its two marks."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    busy = (
        f" Processes that wanted a core at once, over the last quarter of an hour: {os.getloadavg()[2]:.0f}."
    )
    told = f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}; size `{size}`.{busy}"
    page.write_text(f"{before}{BEGIN}\n{told}\n\n{markdown(lines)}\n{END}{after}", encoding="utf-8")
