# SPDX-License-Identifier: Apache-2.0
"""Rows of a CSV file, one at a time, whatever was done to it.

The csv module does the parsing. What it cannot know is what to do with a row that is broken: a quotation mark
that never closes swallows what follows it, up to the end of the file. Here it costs the row it stands in, and
reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from attrs import Factory, define, frozen

from peerkit_hsds.text import FIELD_LIMIT, Lines

DELIMITERS = ",\t;|"
MENDED_LINES = 500
"""Lines that one badly quoted row may span; the longest description in any directory seen has some sixty."""


@frozen
class Row:
    """A row's cells as they stand, and the line on which it begins; with a `fault` it cannot be used."""

    line: int
    cells: tuple[str, ...] = ()
    fault: str = ""


class _TooLong(Exception):  # never leaves this module
    pass


@define
class _Feed(Iterator[str]):
    """Hands lines to the csv module; keeps those of the row in hand, so that they can be handed out again."""

    lines: Lines
    start: int = 1
    held: list[str] = Factory(list)
    again: list[tuple[int, str]] = Factory(list)
    number: int = 0

    def begin(self) -> None:
        self.held = []
        self.start = 0

    def __next__(self) -> str:
        if self.again:
            self.number, line = self.again.pop()
        else:
            line = next(self.lines)
            self.number = self.lines.number
        self.start = self.start or self.number
        self.held.append(line)
        if len(line) > FIELD_LIMIT:
            raise _TooLong
        return line

    def give_back(self) -> None:
        """All lines of the row but its first are handed out again."""
        rest = self.held[1:]
        first = self.number - len(rest) + 1
        self.again.extend((first + n, line) for n, line in reversed(list(enumerate(rest))))


def rows(lines: Lines, delimiter: str = "") -> Iterator[Row]:
    """Every row with anything on its line, the header first; a row of nothing but blanks counts as one.

    An empty `delimiter` is found out from the first line. A row with a `fault` is one that cannot be used.
    """
    if csv.field_size_limit() < FIELD_LIMIT:  # the limit is the process's; it is only ever widened
        csv.field_size_limit(FIELD_LIMIT)
    feed = _Feed(lines)
    width = 0
    reader = None
    while True:
        if reader is None:
            if not delimiter:
                delimiter = _delimiter(feed)
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            yield _skip_to_end(feed)
            continue
        except (csv.Error, UnicodeError) as error:
            yield _broken(feed, str(error), delimiter, width)
            continue
        if not cells:
            continue  # a line with nothing on it is no row
        if max(map(len, cells)) > FIELD_LIMIT:
            yield Row(feed.start, fault="field-too-large")
            continue
        width = width or len(cells)
        yield Row(feed.start, tuple(cells))


def _delimiter(feed: _Feed) -> str:
    """The one that parts the first line into most fields; a comma where none does."""
    feed.begin()
    try:
        line = next(feed)
    except (StopIteration, _TooLong):
        return ","
    feed.again.append((feed.number, line))
    return max(DELIMITERS, key=line.count) if any(d in line for d in DELIMITERS) else ","


def _skip_to_end(feed: _Feed) -> Row:
    """A row with a field larger than any may be, to its end, however often quoted line breaks part it."""
    start, quotes = feed.start, sum(line.count('"') for line in feed.held)
    while quotes % 2 or feed.held[-1][-1] not in "\r\n":
        feed.held = []
        try:
            next(feed)
        except StopIteration:
            break
        except _TooLong:
            pass
        quotes += feed.held[-1].count('"')
    return Row(start, fault="field-too-large")


def _broken(feed: _Feed, error: str, delimiter: str, width: int) -> Row:
    """A row that is no proper CSV: mended, or given up for the rows that stand within its quotation."""
    strays = width > 2 and any(len(_lenient(line, delimiter)) == width for line in feed.held[1:])
    if strays:  # lines inside the quotation are rows by themselves: the mark before them was a slip
        feed.give_back()
        return Row(feed.start, fault="unclosed-quote")
    if "field limit" in error:
        return _skip_to_end(feed)
    start = feed.start
    if "end of data" not in error and (cells := _mended(feed, delimiter, width)):
        return Row(start, cells)
    if "end of data" not in error and len(feed.held) == 1:
        return Row(start, tuple(_lenient(feed.held[0], delimiter)))
    feed.give_back()
    return Row(start, fault="unclosed-quote")


def _mended(feed: _Feed, delimiter: str, width: int) -> tuple[str, ...]:
    """The row's cells, taking a quotation mark within words for what was meant; nothing if that does not
    help.

    Somebody wrote `"He said "hi" to me"` where CSV wants the inner marks doubled.
    """
    quoted = False

    def lines() -> Iterator[str]:
        nonlocal quoted
        for line in feed.held[:]:
            mended, quoted = _doubled(line, delimiter, quoted=quoted)
            yield mended
        while len(feed.held) < MENDED_LINES:
            mended, quoted = _doubled(next(feed), delimiter, quoted=quoted)
            yield mended

    try:
        cells = next(csv.reader(lines(), delimiter=delimiter, strict=True))
    except (
        csv.Error,
        _TooLong,
        RuntimeError,
        StopIteration,
    ):  # RuntimeError: the file ended inside the generator
        return ()
    return tuple(cells) if len(cells) == width else ()


def _doubled(line: str, delimiter: str, *, quoted: bool) -> tuple[str, bool]:
    """The line with the marks within quoted words doubled, and whether a quotation is open at its end."""
    out: list[str] = []
    skip = False
    for number, mark in enumerate(line):
        out.append(mark)
        if mark != '"' or skip:
            skip = False
            continue
        after = line[number + 1 : number + 2]
        if not quoted:
            quoted = number == 0 or line[number - 1] == delimiter
        elif after == '"':
            skip = True
        elif after in {delimiter, "\r", "\n", ""}:
            quoted = False
        else:
            out.append('"')
    return "".join(out), quoted


def _lenient(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
