# SPDX-License-Identifier: Apache-2.0
"""Whole processes: importing, opening a warm file, the command line's help; each less a bare Python."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import distributions

from benchmarks.lines import Line, Setup
from benchmarks.measuring import Series, Side, ratio, take_turns
from benchmarks.program import fresh_folder, small

FLOOR = "import attrs, cattrs, pluggy"


def start(setup: Setup) -> list[Line]:
    """Import, open, help."""
    cast = small(fresh_folder(setup.folder, "start") / "peerkit.db")
    cast.kit.close()
    url = f"sqlite:///{cast.file}"
    sides = [
        _side("bare", "-c", "pass"),
        _side("floor", "-c", FLOOR),
        _side("import", "-c", "import peerkit"),
        _side("open", "-c", f"import peerkit; peerkit.open({url!r}).close()"),
        _side("help", "-m", "peerkit", "--help"),
        _side("again", "-c", FLOOR),
    ]
    series = take_turns(sides, setup.size.processes, warm=2)
    installed = sum(1 for _ in distributions())
    return [
        _line("`import peerkit`, a whole process less bare Python", 1.6, series, "import"),
        _line(
            "`peerkit.open` of a warm file, likewise", 2, series, "open", f"{installed} distributions there"
        ),
        _line("`peerkit --help`, likewise", 3, series, "help"),
    ]


def _side(name: str, *arguments: str) -> Side:
    def once() -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

    return Side(name, once)


def _line(work: str, most: float, series: dict[str, Series], name: str, told: str = "") -> Line:
    bare = series["bare"].wall

    def less(one: str) -> float:
        return (series[one].median - series["bare"].median) / 1000

    return Line(
        work,
        f"`{FLOOR}`",
        most,
        ratio(series[name].wall, series["floor"].wall, less=bare),
        ratio(series["again"].wall, series["floor"].wall, less=bare),
        less(name),
        less("floor"),
        "ms",
        told=told,
    )
