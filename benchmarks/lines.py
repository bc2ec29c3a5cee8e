# SPDX-License-Identifier: Apache-2.0
"""What a row of the table is, and how large its work may be."""

from __future__ import annotations

from pathlib import Path

import attrs

from benchmarks.measuring import Compared, Spread, Written


@attrs.frozen
class Size:
    """How much is done: `full` for the table, `quick` while working, `tiny` for the tests of this folder."""

    name: str
    rounds: int
    """Turns of a comparison."""
    processes: int
    """Turns where a turn is a process."""
    few: int
    """Records in the small program."""
    many: int
    """Records in the large one."""


SIZES = {
    "full": Size("full", 2000, 30, 10_000, 1_000_000),
    "quick": Size("quick", 400, 10, 10_000, 100_000),
    "tiny": Size("tiny", 4, 2, 100, 300),
}


@attrs.frozen
class Setup:
    """What a row is told: where its files may lie, where large ones are kept, and how much to do."""

    folder: Path
    kept: Path
    size: Size


@attrs.frozen
class Line:
    """One row of the table.

    `most` is the ratio that the design allows (None: no bound of its own). `ours` and `theirs` (None: nothing
    to compare with) are medians in `unit`; processor time, rows and bytes stand beside them where counted.
    """

    work: str
    against: str
    most: float | None
    ratio: Spread | None
    noise: Spread | None
    ours: float
    theirs: float | None
    unit: str = "µs"
    ours_cpu: float | None = None
    theirs_cpu: float | None = None
    ours_wrote: Written | None = None
    theirs_wrote: Written | None = None
    told: str = ""
    row: str = ""
    """The name by which the row is asked for on the command line."""

    @property
    def met(self) -> bool | None:
        """Whether the ratio keeps to the bound; None if there is none."""
        return None if self.most is None or self.ratio is None else round(self.ratio.middle, 2) <= self.most


def line(work: str, against: str, most: float | None, found: Compared, told: str = "") -> Line:
    """The row for a comparison."""
    return Line(
        work,
        against,
        most,
        found.ratio,
        found.noise,
        found.ours.median,
        found.theirs.median,
        "µs",
        found.ours.median_cpu,
        found.theirs.median_cpu,
        found.ours_wrote,
        found.theirs_wrote,
        told,
    )
