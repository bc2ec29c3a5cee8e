# SPDX-License-Identifier: Apache-2.0
"""The command: measure rows, print the table as Markdown, write it into the documentation."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import attrs

from benchmarks import (
    alarms,
    commits,
    directories,
    idle,
    lived,
    orms,
    pages,
    processes,
    reads,
    searches,
    streams,
)
from benchmarks.lines import SIZES, Line, Setup
from benchmarks.table import BEGIN, END, has_place, machine, markdown, write

ROWS: Mapping[str, Callable[[Setup], list[Line]]] = {
    "commit": commits.one_record,
    "plan": commits.plan,
    "orm": orms.both,
    "get": reads.unlogged,
    "logged": reads.logged,
    "alarm": alarms.both,
    "page": pages.warm_and_cold,
    "lived": lived.looked_at,
    "plugins": idle.ten_more,
    "directory": directories.importing,
    "search": searches.searching,
    "start": processes.start,
    "stream": streams.streamed,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"which rows: {', '.join(ROWS)} (all)")
    parser.add_argument("--size", choices=tuple(SIZES), default="full", help="how much is done (full)")
    parser.add_argument(
        "--quick", dest="size", action="store_const", const="quick", help="the same as --size quick"
    )
    parser.add_argument(
        "--folder", type=Path, help="where files are written (a temporary folder; use a real disk)"
    )
    parser.add_argument("--keep", type=Path, help="where the large program is kept from run to run")
    parser.add_argument(
        "--rows", action="store_true", dest="listed", help="list the rows and measure nothing"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="put the table into this page, between its marks"
    )
    asked = parser.parse_args(arguments)
    if asked.listed:
        for name, measured in ROWS.items():
            print(f"{name:10} {(measured.__doc__ or '').strip().splitlines()[0]}")
        return 0
    if unknown := set(asked.rows) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    if asked.write and asked.rows:
        parser.error("the page shows all rows of one run: --write takes no ROW")
    if asked.write and not has_place(asked.write):
        parser.error(f"{asked.write} has no place for the table: it stands between {BEGIN} and {END}")
    lines = measure(asked.rows or list(ROWS), asked.size, folder=asked.folder, keep=asked.keep)
    if asked.json:
        print(json.dumps({"machine": machine(), "rows": [attrs.asdict(one) for one in lines]}, indent=1))
    else:
        print(markdown(lines))
    if asked.write:
        write(asked.write, lines, asked.size)
    return 0


def measure(
    rows: list[str], size: str, *, folder: Path | None = None, keep: Path | None = None
) -> list[Line]:
    """Measure the rows of these names."""
    lines: list[Line] = []
    scratch = Path(tempfile.mkdtemp(prefix="peerkit-benchmarks-", dir=folder))
    kept = keep or Path(tempfile.gettempdir()) / "peerkit-benchmarks-kept"
    try:
        for name in rows:
            began = time.perf_counter()
            lines += [attrs.evolve(line, row=name) for line in ROWS[name](Setup(scratch, kept, SIZES[size]))]
            print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return lines
