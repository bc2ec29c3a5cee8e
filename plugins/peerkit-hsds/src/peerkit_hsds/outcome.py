# SPDX-License-Identifier: Apache-2.0
"""What an import did: to the program's directory, and with every row of every file."""

from __future__ import annotations

from attrs import frozen

from peerkit_hsds.report import Report
from peerkit_hsds.values import Origin


@frozen
class Turned:
    """An entry that the program's own rules would not have: where it stands, and their codes."""

    key: str
    origin: Origin
    codes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.origin}: the program's rules refuse it [{', '.join(self.codes)}]"


@frozen
class Outcome:
    """The account of an import. Each listing of the directory is counted once: as `listed` (new to the
    program), `revised`, `returned` (it had gone and is back), `same` or `refused`.

    `gone` counts entries marked as gone because the directory has them no longer. `missing` counts those that
    it has no longer and that were left as they are, because it was not read whole (`report.whole`) or lacks
    more than half of what was known. `dry` says that nothing was written: then the numbers are what would be.
    """

    source: str
    report: Report
    listed: int = 0
    revised: int = 0
    returned: int = 0
    same: int = 0
    gone: int = 0
    missing: int = 0
    refused: tuple[Turned, ...] = ()
    dry: bool = False

    @property
    def changed(self) -> bool:
        """Whether the import wrote (or, dry, would write) anything."""
        return bool(self.listed or self.revised or self.returned or self.gone)

    @property
    def adds_up(self) -> bool:
        """True: every row is kept or reported, and every listing counted once."""
        counted = self.listed + self.revised + self.returned + self.same + len(self.refused)
        return self.report.adds_up and counted == sum(self.report.listings.values())
