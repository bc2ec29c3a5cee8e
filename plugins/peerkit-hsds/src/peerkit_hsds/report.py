# SPDX-License-Identifier: Apache-2.0
"""The account of an import: what became of every row of every file.

For each file `rows == kept + reported`. A row is *kept* when what it says is in some listing, or in what
listings are made with (categories); else it is *reported* with file, line and reason. A *note* is about a row
that was kept: something was mended, or points at nothing. No reason quotes a cell: files, lines, columns and
codes only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import Factory, define, frozen

from peerkit_hsds.shelf import Spot
from peerkit_hsds.values import Origin

REASONS: Mapping[str, str] = {
    "address-of-another": "its place has another postal code, as with nearly every row of this file,"
    " and its name is no entry's",
    "bad-json": "it is not JSON that can be read",
    "blank": "every field is empty",
    "dangling": "what it belongs to is not in the directory",
    "duplicate-id": "another row has the same id and says something else; the first one stands",
    "field-too-large": "a field is larger than 4 MiB",
    "file-unreadable": "the file cannot be read to its end",
    "no-mapping": "it names no category of this directory",
    "no-name": "it has neither a name nor anything that could stand for one",
    "no-owner": "nothing says what it belongs to",
    "no-value": "the field that it exists for is empty",
    "not-data": "it describes data and is none",
    "too-deep": "it is nested too deeply",
    "too-many-fields": "it has more fields than the header has columns",
    "unclosed-quote": "a quotation mark opens and never closes",
    "unknown-entity": "it is none of the things that HSDS has",
    "unknown-table": "its columns are none of the tables that HSDS has",
}
"""Why a row was reported: code and sentence."""

NOTES: Mapping[str, str] = {
    "bad-coordinates": "latitude or longitude is no place on Earth; kept as text",
    "bad-date": "a date cannot be read; kept as text",
    "bad-json": "a file cannot be read as JSON; done without it",
    "control-characters": "NUL or other control characters, or half characters, were taken out",
    "dangling": "it also points at something that is not in the directory",
    "encoding": "not UTF-8; read as Windows-1252",
    "ends-early": "the file could not be read to its end",
    "missing-column": "the table has no column that it needs",
    "missing-file": "the data package names a file that is not there",
    "no-id": "it has no id; one was made from what it says",
    "no-name": "it has no name; that of its place or organization stands for it",
    "organization-by-phone": "its place and its numbers name two organizations; the numbers were followed",
    "place-by-phone": "joined to the one place of its organization that has the same telephone number",
    "places-of-organization": "the source does not say where; the organization's places are shown as such",
    "joined-by-name": "its id is another place's; joined by the name that it gives",
    "points-elsewhere": "an earlier row with its id says the same and points elsewhere; that one stands",
    "utf-16": "UTF-16; read as such",
}
"""What was seen on rows that were kept: code and sentence."""


@frozen
class Problem:
    """A row, or `rows` of them from this line on, that was reported (or noted), and why."""

    file: str
    line: int
    code: str
    path: str = ""
    column: str = ""
    rows: int = 1

    @property
    def sentence(self) -> str:
        """Why, in words for people; never a value from the file."""
        said = REASONS.get(self.code) or NOTES.get(self.code) or self.code
        return f"{said} ({self.column})" if self.column else said

    def __str__(self) -> str:
        many = f" and {self.rows - 1} more" if self.rows > 1 else ""
        return f"{Origin(self.file, self.line, self.path)}{many}: {self.sentence} [{self.code}]"


@frozen
class FileReport:
    """One file: how many rows it holds, how many were kept, and as what; the rest was reported."""

    name: str
    table: str
    rows: int
    kept_as: tuple[tuple[str, int], ...]
    reported: int

    @property
    def kept(self) -> int:
        """Rows that were kept, in whatever way."""
        return sum(n for _, n in self.kept_as)

    @property
    def adds_up(self) -> bool:
        """Every row is accounted for once, and nothing was kept without saying as what."""
        return self.rows == self.kept + self.reported and all(how for how, _ in self.kept_as)


@frozen
class Report:
    """The whole account.

    `whole` is false where the source was read with a hole so large that what is missing proves nothing: a
    file that ends early, or no row of services at all. Then nothing should be marked as disappeared on its
    word alone.
    """

    dialect: str
    files: tuple[FileReport, ...]
    skipped: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    listings: Mapping[str, int]
    whole: bool

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(f.rows for f in self.files)

    @property
    def kept(self) -> int:
        """Rows kept, of all files."""
        return sum(f.kept for f in self.files)

    @property
    def reported(self) -> int:
        """Rows reported, of all files; the sum of `rows` over `problems`."""
        return sum(f.reported for f in self.files)

    @property
    def adds_up(self) -> bool:
        """True: each file's rows are those kept and those reported, and each reported row has its problem."""
        return all(f.adds_up for f in self.files) and self.reported == sum(p.rows for p in self.problems)

    def by_reason(self) -> Mapping[str, int]:
        """How many rows were reported for which code."""
        count: Counter[str] = Counter()
        for problem in self.problems:
            count[problem.code] += problem.rows
        return dict(count)


@define
class Ledger:
    """Where the reader writes while it reads; `Report` is made from it at the end."""

    names: list[str] = Factory(list)
    tables: list[str] = Factory(list)
    rows: list[int] = Factory(list)
    reported: list[int] = Factory(list)
    problems: list[Problem] = Factory(list)
    notes: list[Problem] = Factory(list)
    skipped: list[tuple[str, str]] = Factory(list)
    whole: bool = True

    def open(self, name: str, table: str) -> int:
        """A file begins; the number it goes by from here on."""
        self.names.append(name)
        self.tables.append(table)
        self.rows.append(0)
        self.reported.append(0)
        return len(self.names) - 1

    def report(self, spot: Spot, code: str, *, column: str = "", rows: int = 1) -> None:
        """Rows from this spot on are not kept."""
        self.reported[spot.file] += rows
        self.problems.append(Problem(self.names[spot.file], spot.line, code, spot.path, column, rows))

    def note(self, spot: Spot, code: str, *, column: str = "", rows: int = 1) -> None:
        """Something to see on rows that are kept."""
        self.notes.append(Problem(self.names[spot.file], spot.line, code, spot.path, column, rows))

    def skip(self, name: str, why: str) -> None:
        """A whole file holds no rows of a directory."""
        self.skipped.append((name, why))

    def close(self, dialect: str, kept: Mapping[tuple[int, str], int], listings: Mapping[str, int]) -> Report:
        """The account; `kept` counts the rows of each file by what they were kept as."""
        files = tuple(
            FileReport(
                name,
                self.tables[n],
                self.rows[n],
                tuple(sorted((how, k) for (file, how), k in kept.items() if file == n)),
                self.reported[n],
            )
            for n, name in enumerate(self.names)
        )
        whole = self.whole and listings.get("service", 0) > 0
        order = {name: n for n, name in enumerate(self.names)}

        def place(problem: Problem) -> tuple[int, int]:
            return order[problem.file], problem.line

        return Report(
            dialect,
            files,
            tuple(self.skipped),
            tuple(sorted(self.problems, key=place)),
            tuple(sorted(self.notes, key=place)),
            dict(listings),
            whole,
        )
