# SPDX-License-Identifier: Apache-2.0
"""Objects of a JSON file, one at a time: a file of any size is read with the memory of its largest entry.

Read are one object, an array of them, the pages of an API (`{"contents": [...]}`, in the UK `content`), the
tables of HSDS 3's `tabular.json` (`{"services.csv": [...]}`), and any of these one after the other, on lines
of their own (newline-delimited JSON) or not. The standard library decodes; a streaming parser would not say
on which line an object begins, and a report without lines helps nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from attrs import define, frozen

from peerkit_hsds.tables import table_named
from peerkit_hsds.text import Lines

ENTRY_LIMIT = 64 * 1024 * 1024
"""Characters of one entry with all that is nested in it."""
_PIECE = 1024 * 1024
_PAGES = frozenset({"contents", "content", "data", "items", "results", "records", "value", "hits", "entries"})
_BLANK = " \t\r\n"
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=lambda _: None)


@frozen
class Item:
    """An object, the line on which it begins, the path to it, and the name of the list it stood in.

    `fault` is a code where there is none to use: `value` is then None, and `lost` says that entries after it
    may be lost with it.
    """

    value: Any
    line: int
    path: str = ""
    key: str = ""
    fault: str = ""
    lost: bool = False


class _Broken(Exception):  # never leaves this module
    """The text is not JSON from here on; the message is a code."""


def items(lines: Lines, *, by_line: bool = False) -> Iterator[Item]:
    """Every entry of the file, in order.

    Where each line is a document of its own (`by_line`, else found out), a broken one costs that line.
    Elsewhere reading goes on with the next line that begins one, if any does; the item with the fault then
    says that more may be `lost`.
    """
    first = _line(lines)
    if by_line or (first and _complete(first)):
        second = _line(lines)
        while second and not second.strip():
            second = _line(lines)
        if second or by_line:
            yield from _by_line(lines, first, second)
            return
    scan = _Scan(lines, text=first, line=1)
    while scan.peek():
        line = scan.line
        try:
            yield from _document(scan)
        except _Broken as broken:
            yield Item(None, line, fault=str(broken), lost=True)
            scan.next_line()
        while scan.peek() == ",":  # a list that lost its brackets
            scan.skip()


def _line(lines: Lines) -> str:
    """A line, or as much of it as an entry may have."""
    text = ""
    for piece in lines:
        text += piece
        if piece[-1] in "\r\n" or len(text) > ENTRY_LIMIT:
            break
    return text


def _complete(text: str) -> bool:
    try:
        return isinstance(json.loads(text), (dict, list))
    except (ValueError, RecursionError):
        return False


def _by_line(lines: Lines, first: str, second: str) -> Iterator[Item]:
    # `lines` stands on the second one; blank lines between the two are not counted.
    for number, text in chain([(1, first)], _numbered(lines, second)):
        scan = _Scan(lines, text=text, line=number, ended=True)
        try:
            while scan.peek():
                yield from _document(scan)
        except _Broken as broken:
            yield Item(None, number, fault=str(broken))


def _numbered(lines: Lines, second: str) -> Iterator[tuple[int, str]]:
    text = second
    while text:
        yield lines.number, text
        text = _line(lines)


def _document(scan: _Scan) -> Iterator[Item]:
    opening = scan.peek()
    if opening == "[":
        yield from _array(scan, "", "")
    elif opening == "{":
        yield from _object(scan)
    else:
        line = scan.line
        yield Item(scan.value(), line)


def _array(scan: _Scan, path: str, key: str) -> Iterator[Item]:
    scan.skip()
    number = 0
    while (mark := scan.peek()) != "]":
        if mark == ",":
            scan.skip()
            continue
        line = scan.line
        yield Item(scan.value(), line, f"{path}[{number}]", key)
        number += 1
    scan.skip()


def _object(scan: _Scan) -> Iterator[Item]:
    """An entry; or a page or set of tables, whose lists are handed on entry by entry."""
    line = scan.line
    scan.skip()
    entry: dict[str, Any] = {}
    streamed = False
    while (mark := scan.peek()) != "}":
        if mark == ",":
            scan.skip()
            continue
        key = scan.value()
        if not isinstance(key, str) or scan.peek() != ":":
            raise _Broken("bad-json")
        scan.skip()
        if scan.peek() == "[" and (key.lower() in _PAGES or (key.endswith(".csv") and table_named(key))):
            streamed = True
            yield from _array(scan, key, key)
        else:
            entry[key] = scan.value()
    scan.skip()
    if streamed:
        return  # what else a page says is its number
    if tables := _tables(entry):
        for key, values in tables.items():
            for number, value in enumerate(values):
                yield Item(value, line, f"{key}[{number}]", key)
        return
    yield Item(entry, line)


def _tables(entry: Mapping[str, Any]) -> Mapping[str, list[Any]]:
    """The lists of an object that is nothing but tables: `{"organizations": [...], "services": [...]}`."""
    lists = {key: value for key, value in entry.items() if isinstance(value, list) and table_named(key)}
    rest = [value for key, value in entry.items() if key not in lists and isinstance(value, (dict, list))]
    named = any(key in entry for key in ("id", "name", "number", "service_id", "organization_id"))
    return lists if lists and not rest and not named else {}


@define
class _Scan:
    """A window on the file, moved along it."""

    lines: Lines
    text: str = ""
    at: int = 0
    line: int = 1
    ended: bool = False

    def peek(self) -> str:
        """The next mark that is not blank, or an empty string at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _BLANK:
                self.line += self.text[self.at] == "\n"
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Past the mark."""
        self.at += 1

    def value(self) -> Any:
        """The value that begins here; numbers as they are written, so that nothing is rounded."""
        if not self.peek():
            raise _Broken("bad-json")
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except RecursionError:
                raise _Broken("too-deep") from None
            except ValueError:
                if len(self.text) - self.at > ENTRY_LIMIT:
                    raise _Broken("field-too-large") from None
                if self._more():
                    continue
                raise _Broken("bad-json") from None
            if end == len(self.text) and self._more():
                continue  # a number may go on in the next piece
            self.line += self.text.count("\n", self.at, end)
            self.at = end
            return value

    def next_line(self) -> None:
        """To the next line that begins with an object or a list."""
        while True:
            end = self.text.find("\n", self.at)
            if end < 0:
                self.text = self.text[-1:]  # nothing in it can be used
                self.at = len(self.text)
                if not self._more():
                    return
                continue
            self.line += 1
            self.at = end + 1
            if self.at >= len(self.text):
                self._more()
            if self.text[self.at : self.at + 1] in ("{", "["):
                return

    def _more(self) -> bool:
        """A further piece of the file behind the window, as large as what is left; false at the end."""
        if self.ended:
            return False
        rest = self.text[self.at :]
        piece = self.lines.read(max(_PIECE, len(rest)))
        self.ended = not piece
        self.text, self.at = rest + piece, 0
        return bool(piece)
