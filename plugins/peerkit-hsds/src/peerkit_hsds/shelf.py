# SPDX-License-Identifier: Apache-2.0
"""Rows put aside until they can be joined.

A directory's tables point at each other in every direction, so none can be joined while it is read. The rows
wait in memory up to a limit, then in a temporary file without a name; in memory stay numbers (about twenty
bytes for each row) and the ids of what others point at.
"""

from __future__ import annotations

import marshal
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO, cast

from attrs import Factory, define, frozen

from peerkit.errors import StorageError
from peerkit_hsds.tables import PARENTS, TABLES, loose

IN_MEMORY = 16 * 1024 * 1024
"""Characters of rows that are held at most before they go to the file."""
NOBODY = -(2**62)
"""The owner of a row that has none yet."""

Cells = Mapping[str, str]


@frozen
class Spot:
    """Where a row stands: the number of its file, its line, its path in JSON."""

    file: int
    line: int
    path: str = ""


_NAMES = tuple(TABLES)
_NUMBER = {table: number for number, table in enumerate(_NAMES)}
IDENTIFIED = (*PARENTS, "phone", "taxonomy", "taxonomy_term", "unit")
"""Tables of which rows are found by id; in all but `phone` an id stands once."""

FATES = (
    "",
    "reported",
    "service",
    "organization of services",
    "organization without a service",
    "place of a service",
    "place of an organization's services",
    "place without a service",
    "part of a service",
    "part of a place",
    "part of an organization",
    "part of a contact",
    "part of a phone",
    "category",
    "words for a category",
    "looked up",
    "about the data",
    "repeat of an earlier row",
)
"""What a row was kept as; the first means not yet decided."""
_FATE = {fate: number for number, fate in enumerate(FATES)}


@define
class Shelf:
    """All rows, by number; `rows_of` lists those of a table in the order read."""

    _file: IO[bytes] | None = None
    _filed: int = 0
    _held: dict[int, tuple[int, str, Cells]] = Factory(dict)
    """Line, path and cells of the rows that are not in the file."""
    _weight: int = 0
    _starts: array[int] = Factory(lambda: array("Q"))
    _sizes: array[int] = Factory(lambda: array("L"))
    _tables: array[int] = Factory(lambda: array("B"))
    _files: array[int] = Factory(lambda: array("L"))
    _fates: array[int] = Factory(lambda: array("B"))
    _owners: array[int] = Factory(lambda: array("q"))
    _before: array[int] = Factory(lambda: array("q"))
    _last: dict[int, int] = Factory(dict)
    _ids: dict[str, dict[str, int]] = Factory(lambda: {table: {} for table in IDENTIFIED})
    _unknown: dict[tuple[str, str], int] = Factory(dict)
    rows_of: dict[str, array[int]] = Factory(lambda: {table: array("L") for table in TABLES})
    present: list[str] = Factory(list)
    """The tables that have a row: most directories have few."""

    def add(self, table: str, cells: Cells, spot: Spot, owner: int = NOBODY) -> int:
        """Put a row aside; its number. An `owner` is given where the source nests the row in another."""
        row = len(self._fates)
        self._starts.append(0)
        self._sizes.append(0)
        self.write(row, spot, cells)
        self._tables.append(_NUMBER[table])
        self._files.append(spot.file)
        self._fates.append(0)
        self._owners.append(owner)
        self._before.append(-1)
        rows = self.rows_of[table]
        if not rows:
            self.present.append(table)
        rows.append(row)
        return row

    def write(self, row: int, spot: Spot, cells: Cells) -> None:
        """Put other cells in the row's place."""
        self._held[row] = spot.line, spot.path, cells
        self._weight += sum(map(len, cells.values()))
        if self._weight > IN_MEMORY:
            self._put_away()

    def _put_away(self) -> None:
        try:
            self._append()
        except OSError as error:
            why = error.strerror or "input/output error"
            told = f"the directory's rows cannot wait in {tempfile.gettempdir()}: {why}"
            raise StorageError(f"{told}; make room there, or name another folder in TMPDIR") from None

    def _append(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="peerkit-hsds-")  # noqa: SIM115  # see close()
        self._file.seek(self._filed)
        for row, (line, path, cells) in self._held.items():
            text = marshal.dumps((line, path, dict(cells)))
            self._file.write(text)
            self._starts[row], self._sizes[row] = self._filed, len(text)
            self._filed += len(text)
        self._file.flush()
        self._held.clear()
        self._weight = 0

    def _read(self, row: int) -> tuple[int, str, dict[str, str]]:
        if (held := self._held.get(row)) is not None:
            return held[0], held[1], dict(held[2])  # whoever reads it takes it apart
        file = cast("IO[bytes]", self._file)
        file.seek(self._starts[row])
        # Fast, and safe here: the file has no name, and nobody but this process has written to it.
        found: tuple[int, str, dict[str, str]] = marshal.loads(file.read(self._sizes[row]))  # noqa: S302
        return found

    def read(self, row: int) -> tuple[Spot, dict[str, str]]:
        """Where the row stands, and its cells."""
        line, path, cells = self._read(row)
        return Spot(self._files[row], line, path), cells

    def cells(self, row: int) -> dict[str, str]:
        """The row's cells alone."""
        return self._read(row)[2]

    def table(self, row: int) -> str:
        """The table of the row."""
        return _NAMES[self._tables[row]]

    def file(self, row: int) -> int:
        """The number of the file that the row stands in."""
        return self._files[row]

    def know(self, table: str, id_text: str, row: int) -> None:
        """Rows can point at this one by that id from now on."""
        self._ids[table][loose(id_text)] = row

    def known(self, table: str, id_text: str) -> int | None:
        """The row of that table with that id."""
        return self._ids[table].get(loose(id_text))

    def stand_in(self, table: str, id_text: str) -> int:
        """A number for what is pointed at and not there, so that those who point still find each other."""
        return self._unknown.setdefault((table, loose(id_text)), -len(self._unknown) - 1)

    def owner(self, row: int) -> int:
        """The row that this one belongs to, or NOBODY."""
        return self._owners[row]

    def give(self, row: int, table: str, owner: int) -> None:
        """The row belongs to `owner`, among its rows of that table."""
        self._owners[row] = owner
        key = owner * len(_NUMBER) + _NUMBER[table]
        self._before[row] = self._last.get(key, -1)
        self._last[key] = row

    def rows_under(self, owner: int, table: str) -> list[int]:
        """The rows of a table that belong to `owner`, in the order given."""
        found: list[int] = []
        if not self.rows_of[table]:
            return found
        row = self._last.get(owner * len(_NUMBER) + _NUMBER[table], -1)
        while row >= 0:
            found.append(row)
            row = self._before[row]
        return found[::-1]

    def under(self, owner: int, table: str) -> Iterator[dict[str, str]]:
        """The cells of those rows."""
        return (self.cells(row) for row in self.rows_under(owner, table))

    def fate(self, row: int) -> str:
        """What became of the row."""
        return FATES[self._fates[row]]

    def settle(self, row: int, fate: str) -> None:
        """Say what became of the row; the last word counts."""
        self._fates[row] = _FATE[fate]

    def kept(self) -> Mapping[tuple[int, str], int]:
        """How many rows of each file were kept as what."""
        count = Counter(zip(self._files, self._fates, strict=True))
        return {(file, FATES[fate]): n for (file, fate), n in count.items() if FATES[fate] != "reported"}

    def __len__(self) -> int:
        return len(self._fates)

    def close(self) -> None:
        """Let the rows go."""
        self._held.clear()
        if self._file is not None:
            self._file.close()
