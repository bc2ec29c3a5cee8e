# SPDX-License-Identifier: Apache-2.0
"""Lines of cells from CSV and XLSX, one after the other, so that memory stays flat however long the file is.
(Only a workbook that does not say how large its sheet is, as spreadsheet programs do, costs some 100 bytes a
row: openpyxl looks through the whole sheet for it.)

What cannot be trusted is marked on the cell and not guessed: a formula without its value, an error, a cell
that is merged with others.
"""

from __future__ import annotations

import codecs
import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET

import attrs

from peerkit.errors import Malformed, PluginError

MOST_EMPTY = 1000
"""After so many empty rows one after the other the sheet is taken to be over; the report says where."""

MOST_SHARED = 200_000_000
"""Bytes of shared texts in a workbook at most: they are held in memory, and a list of people has far less."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@attrs.frozen
class Cell:
    """What stands in a cell: its text; its day, where the file itself says that it is one; or why it cannot
    be used (`fault`: `formula`, `error-value`, `merged`)."""

    text: str = attrs.field(default="", repr=False)
    day: date | None = attrs.field(default=None, repr=False)
    fault: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.text and not self.fault


NOTHING = Cell()


@attrs.frozen
class Line:
    """One row of the file: its number, as the spreadsheet shows it, and its cells."""

    number: int
    cells: tuple[Cell, ...] = attrs.field(repr=False)

    @property
    def empty(self) -> bool:
        """Whether nothing stands in any of them."""
        return all(one.empty for one in self.cells)


@attrs.frozen
class File:
    """A spreadsheet on disk. `sheet` is the name of one in a workbook, the first if it is empty."""

    path: Path
    encoding: str = ""
    sheet: str = ""

    def lines(self) -> Iterator[Line]:
        """Its rows, from the first on, each time anew. Malformed if it cannot be read."""
        return _workbook(self) if self.workbook else _text(self)

    @property
    def workbook(self) -> bool:
        """Whether it is XLSX, by what stands in it and not by its name."""
        try:
            with self.path.open("rb") as file:
                return file.read(4) == b"PK\x03\x04"
        except OSError:
            told = "the file cannot be read: is it there, and yours to read?"
            raise Malformed(told, where="FILE") from None


# -- CSV -------------------------------------------------------------------------------------------


def _text(file: File) -> Iterator[Line]:
    encoding = file.encoding or _encoding(file.path)
    _decodes(file.path, encoding)
    with file.path.open(encoding=encoding, newline="") as stream:
        separator = _separator("".join(islice(stream, 20)))
        stream.seek(0)
        reader = csv.reader(stream, delimiter=separator)
        number = 0
        while True:
            number += 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                told = "it cannot be read as CSV from here on: is a quotation mark missing?"
                raise Malformed(told, where=f"FILE: line {reader.line_num}") from None
            yield Line(number, tuple(_of_text(one) for one in row))


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        begin = stream.read(4)
    if begin == b"\xd0\xcf\x11\xe0":
        raise Malformed("it is an old workbook (.xls): save it as .xlsx or as CSV", where="FILE")
    return next((name for mark, name in _BOMS if begin.startswith(mark)), "utf-8")


def _decodes(path: Path, encoding: str) -> None:
    """Malformed if a byte is of another encoding: before anything is done, and without guessing which."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        raise Malformed("there is no encoding of that name", where="--encoding") from None
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeError:
        told = (
            "its letters are not in this encoding: save it as “CSV UTF-8”, or say which it is with "
            "--encoding (older spreadsheets in Western Europe and America write windows-1252)"
        )
        raise Malformed(told, where="FILE") from None


def _separator(first: str) -> str:
    """What stands most often in the first rows, a title above them or not."""
    return max((",", ";", "\t"), key=first.count)


def _of_text(text: str) -> Cell:
    shown = text.replace("\0", "").strip()
    # A CSV holds values alone: what begins like a formula lost its value, or is there to run elsewhere.
    return Cell(shown, fault="formula") if shown.startswith("=") else Cell(shown)


# -- XLSX ------------------------------------------------------------------------------------------


def _workbook(file: File) -> Iterator[Line]:
    with _opened(file.path) as (archive, values, formulas):
        name = file.sheet or values.sheetnames[0]
        if name not in values.sheetnames:
            told = f"the workbook has no sheet of that name; it has {len(values.sheetnames)}"
            raise Malformed(told, where="--map: sheet")
        merged = _merged(archive, values.sheetnames.index(name))
        shown, meant = values[name], formulas[name]
        shown.reset_dimensions()  # what a file says of its own size is often wrong
        meant.reset_dimensions()
        try:
            rows = zip(shown.iter_rows(), meant.iter_rows(), strict=False)
            for number, (row, formula) in enumerate(rows, start=1):
                cells = [_of_cell(one, other) for one, other in zip(row, formula, strict=False)]
                yield Line(number, tuple(_mark(cells, merged, number)))
        except (ValueError, KeyError, TypeError, ET.ParseError, zipfile.BadZipFile):
            raise Malformed(_BROKEN, where="FILE") from None


_BROKEN = "the workbook cannot be read: open it in a spreadsheet program and save it anew as .xlsx"


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Any, Any]]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise PluginError("a workbook needs its extra: pip install 'peerkit[sheet]'") from None
    books: list[Any] = []
    with path.open("rb") as stream:
        try:
            archive = zipfile.ZipFile(stream)
            if any("sharedStrings" in i.filename and i.file_size > MOST_SHARED for i in archive.infolist()):
                raise Malformed("the workbook holds too much text to be a list of people", where="FILE")
            books += [_loaded(load_workbook, stream, values=values) for values in (True, False)]
            if not books[0].sheetnames:
                raise Malformed("the workbook has no sheet with cells", where="FILE")
        except Malformed:
            raise
        except Exception:  # noqa: BLE001  # openpyxl raises whatever a broken file leads it to
            raise Malformed(_BROKEN, where="FILE") from None
        try:
            yield archive, *books
        finally:
            for one in books:
                one.close()


def _loaded(load_workbook: Any, stream: BinaryIO, *, values: bool) -> Any:
    return load_workbook(stream, read_only=True, data_only=values, keep_links=False)


def _of_cell(cell: Any, formula: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        return Cell("", fault="error-value")
    if formula.data_type == "f" and value is None:
        return Cell("", fault="formula")
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(day.isoformat(), day)
    if isinstance(value, time):
        return Cell(value.isoformat("minutes"))
    if isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)))
    return Cell(str(value).strip())


@attrs.frozen
class _Range:
    """A merged range: columns from 0, rows from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int


def _merged(archive: zipfile.ZipFile, index: int) -> list[_Range]:
    """The merged ranges, which stand behind the rows in a sheet's XML: found in its bytes, a piece at a time.
    Within XML a text holds no `<`, so nothing that anybody wrote is taken for one."""
    found: list[_Range] = []
    with archive.open(_part(archive, index)) as stream:
        kept = b""
        while chunk := stream.read(1 << 20):
            kept += chunk
            end = 0
            for one in _MERGED.finditer(kept):
                left, top, right, bottom = one.groups()
                found.append(_Range(_column(left), int(top), _column(right), int(bottom)))
                end = one.end()
            kept = kept[max(end, len(kept) - 200) :]
    return found


def _part(archive: zipfile.ZipFile, index: int) -> str:
    """The name of a sheet's part in the archive."""
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  # expat stops expanding by itself
        relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        sheets = [one.get(_RELATION) for one in book.iter() if one.tag.endswith("}sheet")]
        targets = {one.get("Id"): one.get("Target", "") for one in relations}
        target = targets[sheets[index]]
    except (KeyError, IndexError, ET.ParseError):
        raise Malformed(_BROKEN, where="FILE") from None
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _column(letters: bytes) -> int:
    number = 0
    for one in letters:
        number = number * 26 + one - 64
    return number - 1


def letters(column: int) -> str:
    """A column's letters, as a spreadsheet shows them: 0 is A, 26 is AA."""
    text, rest = "", column + 1
    while rest:
        rest, one = divmod(rest - 1, 26)
        text = chr(65 + one) + text
    return text


def _mark(cells: Sequence[Cell], merged: Sequence[_Range], number: int) -> list[Cell]:
    """The cells, those marked that are merged with others: to which of them a value belongs, nobody knows."""
    marked = list(cells)
    for one in merged:
        if one.top <= number <= one.bottom and (one.left, one.top) != (one.right, one.bottom):
            marked += [NOTHING] * (one.right + 1 - len(marked) if one.right < 1000 else 0)
            for column in range(one.left, min(one.right + 1, len(marked))):
                marked[column] = Cell(marked[column].text, fault="merged")
    return marked
