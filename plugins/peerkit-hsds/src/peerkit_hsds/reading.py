# SPDX-License-Identifier: Apache-2.0
"""A directory, read: from a path to listings and a report."""

from __future__ import annotations

import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Literal, Self

from attrs import Factory, define, frozen

from peerkit.errors import Malformed
from peerkit_hsds import csvrows, jsonrows, tables
from peerkit_hsds.build import Builder
from peerkit_hsds.dialect import Evidence
from peerkit_hsds.gather import Gatherer
from peerkit_hsds.joins import Joiner
from peerkit_hsds.load import REPEAT, Loader
from peerkit_hsds.report import Ledger, Report
from peerkit_hsds.shelf import Shelf, Spot
from peerkit_hsds.sources import Found, Source, find, resources
from peerkit_hsds.text import Lines, clean
from peerkit_hsds.values import Listing

_EVERY = 500
_NOT_DATA = ("$schema", "openapi", "swagger", "openapi_url")


@frozen
class Progress:
    """How far it is: bytes of files while reading, rows of services and others while listing."""

    stage: Literal["reading", "listing"]
    done: int
    total: int


@define
class Directory(Iterator[Listing]):
    """A directory being read: an iterator of its listings, once; at its end, `report` has the account.

    A context manager; it holds a temporary file until it is closed.
    """

    source: str
    dialect: str
    expected: int
    _shelf: Shelf
    _ledger: Ledger
    _loader: Loader
    _builder: Builder
    _progress: Callable[[Progress], None] | None
    about: tuple[tuple[tuple[str, str], ...], ...] = ()
    _listings: Iterator[Listing] | None = None
    _done: int = 0
    _report: Report | None = None

    def __next__(self) -> Listing:
        if self._listings is None:
            self._listings = self._builder.all()
        listing = next(self._listings, None)
        if listing is None:
            self._finish()
            raise StopIteration
        self._done += 1
        if self._progress and self._done % _EVERY == 0:
            self._progress(Progress("listing", min(self._done, self.expected), self.expected))
        return listing

    def _finish(self) -> None:
        if self._report is None:
            kept = dict(self._shelf.kept())
            for file, rows in self._loader.repeats.items():
                kept[file, REPEAT] = rows
            self._report = self._ledger.close(self.dialect, kept, self._builder.listings)
            if self._progress:
                self._progress(Progress("listing", self.expected, self.expected))
            self.close()

    @property
    def report(self) -> Report:
        """What became of every row. Raises Malformed before the last listing was taken."""
        if self._report is None:
            raise Malformed("The report is ready when every listing was taken; iterate to the end first")
        return self._report

    def faults(self, most: int = 3) -> tuple[str, ...]:
        """What kept files and rows from being read so far, `most` of it: file, line and reason."""
        skipped = [f"{name}: {why}" for name, why in self._ledger.skipped]
        return tuple([*map(str, self._ledger.problems), *skipped][:most])

    def close(self) -> None:
        """Let the temporary file go; listings not taken are lost."""
        self._shelf.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(path: str | os.PathLike[str], *, progress: Callable[[Progress], None] | None = None) -> Directory:
    """The directory at a path: a folder (with those in it), a zip archive, or one CSV, JSON or NDJSON file.

    Everything is read before the first listing comes, since any row may belong to any other; what is held in
    memory meanwhile are ids. `progress` is called now and then, from the caller's thread.

    Raises Malformed where nothing is there or nothing in it is a directory's. Rows that cannot be used raise
    nothing: they are in the report.
    """
    found = find(path)
    shelf, ledger = Shelf(), Ledger()
    loader = Loader(shelf, ledger)
    reader = _Reader(found, ledger, loader, Evidence(), progress)
    try:
        reader.all()
        joiner = Joiner(shelf, ledger)
        joiner.join()
    except BaseException:
        shelf.close()
        raise
    builder = Builder(shelf, Gatherer(shelf, ledger, joiner.vocabulary), joiner)
    expected = sum(len(shelf.rows_of[table]) for table in ("service", "organization", "location"))
    dialect = reader.evidence.dialect()
    return Directory(
        found.name, dialect, expected, shelf, ledger, loader, builder, progress, tuple(joiner.about)
    )


@define
class _Reader:
    found: Found
    ledger: Ledger
    loader: Loader
    evidence: Evidence
    progress: Callable[[Progress], None] | None
    named: dict[str, str] = Factory(dict)
    before: int = 0

    def all(self) -> None:
        """Every file, those first that others point at."""
        self.ledger.skipped.extend(self.found.skipped)
        for description in self.found.descriptions:
            self._describe(description)
        rank = {table: number for number, table in enumerate(tables.TABLES)}
        for source in sorted(
            self.found.files, key=lambda s: (s.format != "csv", rank.get(self._hint(s), 0), s.name)
        ):
            try:
                self._csv(source) if source.format == "csv" else self._json(source)
            except (
                OSError,
                EOFError,
                zlib.error,
                lzma.LZMAError,
                zipfile.BadZipFile,
                UnicodeError,
                RuntimeError,
            ):
                self._broken(source)
            self.before += source.size
        self.loader.finish()
        if self.progress:
            self.progress(Progress("reading", self.before, self.before))

    def _describe(self, description: Source) -> None:
        described = resources(description)
        if described is None:
            self.ledger.skip(description.name, "a data package that cannot be read as JSON; done without it")
            return
        self.ledger.skip(description.name, "describes the other files")
        self.evidence.package = True
        self.named.update(described)
        there = {source.name for source in self.found.files}
        for path in described:
            if path not in there and not any(
                name.rpartition("/")[2] == path.rpartition("/")[2] for name in there
            ):
                self.ledger.skip(path, "the data package names it, and it is not there")

    def _hint(self, source: Source) -> str:
        name = self.named.get(source.name, "")
        base = source.name.rpartition("/")[2].rpartition(".")[0]
        return tables.table_named(name) or tables.table_named(base)

    def _broken(self, source: Source) -> None:
        """The file stops in the middle: what was read stays, and nothing counts as gone."""
        self.ledger.whole = False
        if not self.ledger.names or self.ledger.names[-1] != source.name:
            self.ledger.skip(source.name, "it cannot be read")
            return
        file = len(self.ledger.names) - 1
        self.ledger.note(Spot(file, 1), "ends-early")

    def _tick(self, lines: Lines, count: int) -> None:
        if self.progress and count % _EVERY == 0:
            self.progress(
                Progress("reading", self.before + lines.position(), sum(s.size for s in self.found.files))
            )

    def _mended(self, file: int, lines: Lines) -> None:
        if lines.mended:
            self.ledger.note(Spot(file, lines.first_mended), "encoding", rows=lines.mended)
        if lines.utf16:
            self.ledger.note(Spot(file, 1), "utf-16")

    # CSV

    def _csv(self, source: Source) -> None:
        with source.lines() as lines:
            rows = csvrows.rows(lines)
            header = next(rows, None)
            if header is None:
                self.ledger.skip(source.name, "it is empty")
                return
            names = [clean(cell)[0] for cell in header.cells]
            have = tables.columns("", names)
            hint = self._hint(source)
            known = set(have) & _KNOWN
            table = tables.table_of(have, hint if known or hint == "taxonomy_mapping" else "")
            file = self.ledger.open(source.name, table)
            if not table:
                self._unknown(file, rows)
                return
            self.evidence.formats.add("CSV")
            self.evidence.saw(
                [source.name.rpartition("/")[2].removesuffix(".csv"), source.name.rpartition("/")[2], *names]
            )
            columns = tables.recoded(table, list(tables.columns(table, names)))
            self._expect(file, table, columns)
            for count, row in enumerate(rows, start=1):
                self._row(file, table, columns, row)
                self._tick(lines, count)
            self._mended(file, lines)

    def _row(self, file: int, table: str, columns: list[str], row: csvrows.Row) -> None:
        fault = row.fault
        more = row.cells[len(columns) :]
        if not fault and more and any(cell.strip() for cell in more):
            fault = "too-many-fields"  # a comma too many has shifted what follows it
        if fault:
            self.ledger.rows[file] += 1
            self.ledger.report(Spot(file, row.line), fault)
            return
        self.loader.row(table, dict(zip(columns, row.cells, strict=False)), Spot(file, row.line))

    def _expect(self, file: int, table: str, columns: list[str]) -> None:
        """A column that everything rests on is missing: said once for the file."""
        needed = {"service": "name", "organization": "name", "location": "id"}.get(table) or tables.MAIN.get(
            table
        )
        for column in {needed, "id" if table in tables.PARENTS else None} - {None, *columns}:
            if column is not None and table not in (
                "language",
                "eligibility",
                "address",
                "schedule",
                "contact",
            ):
                self.ledger.note(Spot(file, 1), "missing-column", column=column)

    def _unknown(self, file: int, rows: Iterator[csvrows.Row]) -> None:
        first = count = 0
        for row in rows:
            first = first or row.line
            count += 1
        self.ledger.rows[file] += count
        if count:
            self.ledger.report(Spot(file, first), "unknown-table", rows=count)

    # JSON

    def _json(self, source: Source) -> None:
        with source.lines() as lines:
            file = -1
            for count, item in enumerate(jsonrows.items(lines, by_line=source.format == "jsonl"), start=1):
                if file < 0:
                    if isinstance(item.value, dict) and _describes(item.value):
                        self.ledger.skip(source.name, "describes data and is none")
                        return
                    file = self.ledger.open(source.name, "")
                self._item(source, file, item)
                self._tick(lines, count)
            if file < 0:
                self.ledger.skip(source.name, "it is empty")
                return
            self._mended(file, lines)

    def _item(self, source: Source, file: int, item: jsonrows.Item) -> None:
        fault = item.fault
        table = ""
        if not fault and isinstance(item.value, dict):
            hint = tables.table_named(item.key) or self._hint(source)
            table = tables.table_of_object(item.value, hint)
        if not table:
            self.ledger.rows[file] += 1
            self.ledger.report(Spot(file, item.line, item.path), fault or "unknown-entity")
            self.ledger.whole = self.ledger.whole and not item.lost
            return
        self.evidence.formats.add("NDJSON" if source.format == "jsonl" else "JSON")
        self.evidence.saw(_keys(item.value, 4))
        self.ledger.tables[file] = self.ledger.tables[file] or table
        self.loader.entry(table, item.value, Spot(file, item.line, item.path))


_KNOWN = frozenset({"id", *tables.LINKS}).union(
    tables.MAIN.values(), *tables.MARKS.values(), {"name", "description"}
)


def _describes(value: dict[str, Any]) -> bool:
    return any(key in value for key in _NOT_DATA) or (
        "type" in value and isinstance(value.get("properties"), dict)
    )


def _keys(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield str(key)
            if depth and isinstance(part, (dict, list)):
                yield from _keys(part, depth - 1)
    elif isinstance(value, list) and value:
        yield from _keys(value[0], depth - 1)
