# SPDX-License-Identifier: Apache-2.0
"""A service directory: importing one against `executemany` by hand, and searching a large one.

The directory is Baltimore's where `PEERKIT_TEST_DATA` has it (see `plugins/peerkit-hsds/tests`), else the few
entries of the plugin's own tests, which say nothing about speed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from peerkit_hsds import import_directory, plugin

from benchmarks.lines import Line, Setup, line
from benchmarks.measuring import Compared, Side, contents, take_turns, written
from benchmarks.program import coordinator_of, fresh_folder, opened, remove
from benchmarks.raw_directory import Import

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "plugins/peerkit-hsds/tests/dialects/ohana-csv"


def directory() -> Path:
    """The directory to import."""
    data = Path(os.environ.get("PEERKIT_TEST_DATA") or ROOT.parent / "shared" / "data")
    real = data / "hsds" / "baltimore"
    return real if real.is_dir() else SMALL


def importing(setup: Setup) -> list[Line]:
    """A whole import into a new program: read, joined, listed through the five steps, found by words."""
    folder = fresh_folder(setup.folder, "import")
    empty = folder / "empty.db"
    with opened(empty, plugins=[plugin]) as kit:
        actor = coordinator_of(kit).id
        kit.storage.ensure_indexes({"service": ("source source_key",)})
    source = SMALL if setup.size.name == "tiny" else directory()

    def ours(file: Path) -> None:
        with opened(file, plugins=[plugin]) as kit:
            import_directory(kit, source, actor=actor)

    def theirs(file: Path) -> None:
        with closing(Import(file, actor)) as by_hand:
            by_hand.all(source)

    def side(name: str, once: Callable[[Path], None]) -> Side:
        file = folder / f"{name}.db"

        def fresh() -> None:
            remove(file)
            shutil.copy(empty, file)

        return Side(name, lambda: once(file), file, fresh)

    sides = [side("raw", theirs), side("peerkit", ours), side("again", theirs)]
    series = take_turns(sides, max(2, setup.size.processes // 3), warm=1)
    before = contents(empty)
    wrote = [written(before, contents(one.file), 1) for one in sides[:2] if one.file is not None]
    found = Compared(series["peerkit"], series["raw"], series["again"], wrote[1], wrote[0])
    told = "" if source != SMALL else "a few entries only: the real directory is missing"
    work = "directory import with full-text index"
    return [line(work, "`csv` and `executemany` by hand, the same tables", 2, found, told)]
