# SPDX-License-Identifier: Apache-2.0
"""Whole processes: importing, opening a warm file, the command line's help; each less a bare Python.

Every side finds its modules compiled, as any but the first run does, whatever the environment says about
writing bytecode: it lies in the benchmark's own folder, and the turns before the first that counts make it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path

from benchmarks.lines import Line, Setup
from benchmarks.measuring import Series, Side, ratio, take_turns
from benchmarks.program import fresh_folder, small

FLOOR = "import attrs, cattrs, pluggy"


def start(setup: Setup) -> list[Line]:
    """Import, open, help."""
    folder = fresh_folder(setup.folder, "start")
    cast = small(folder / "peerkit.db")
    cast.kit.close()
    url = f"sqlite:///{cast.file}"
    commands = {
        "bare": ("-c", "pass"),
        "floor": ("-c", FLOOR),
        "import": ("-c", "import peerkit"),
        "open": ("-c", f"import peerkit; peerkit.open({url!r}).close()"),
        "help": ("-m", "peerkit", "--help"),
        "again": ("-c", FLOOR),
    }
    sides = [_side(name, arguments, folder / "compiled") for name, arguments in commands.items()]
    series = take_turns(sides, setup.size.processes, warm=2)
    installed = sum(1 for _ in distributions())
    return [
        _line("`import peerkit`, a whole process less bare Python", 1.6, series, "import"),
        _line(
            "`peerkit.open` of a warm file, likewise", 2, series, "open", f"{installed} distributions there"
        ),
        _line("`peerkit --help`, likewise", 3, series, "help"),
    ]


def _side(name: str, arguments: Sequence[str], compiled: Path) -> Side:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def once() -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)

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
