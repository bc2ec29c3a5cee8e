# SPDX-License-Identifier: Apache-2.0
"""From files to the shelf: each row cleaned, given its table's column names, counted, and put aside or reported."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from attrs import Factory, define

from peerkit_hsds import tables
from peerkit_hsds.report import Ledger
from peerkit_hsds.shelf import IDENTIFIED, NOBODY, Shelf
from peerkit_hsds.text import FIELD_LIMIT, clean

_ONCE = frozenset(IDENTIFIED) - {"phone"}
_NEST = frozenset(tables.PARENTS)
_DEPTH = 12
"""How deeply HSDS nests at most is seven: organization, service, place at it, location, contact, phone, language."""
_ALWAYS = frozenset({"id", "status", "type", "location_type", "address_type", *tables.LINKS})
REPEAT = "repeat of an earlier row"


@define
class Loader:
    """Puts rows on the shelf. `repeats` counts, by file, those that say what an earlier one has said."""

    shelf: Shelf
    ledger: Ledger
    repeats: Counter[int] = Factory(Counter)
    _many: dict[tuple[int, str, str], list[int]] = Factory(dict)

    def row(self, table: str, cells: Mapping[str, str], file: int, line: int, path: str = "", owner: int = NOBODY) -> int | None:
        """A row, counted: its number on the shelf, or None where it was reported."""
        self.ledger.rows[file] += 1
        kept: dict[str, str] = {}
        for name, cell in cells.items():
            if len(cell) > FIELD_LIMIT:
                self.ledger.report(file, line, "field-too-large", path=path, column=_safe(name))
                return None
            text, mended = clean(cell)
            if mended:
                self.ledger.note(file, line, "control-characters", path=path, column=_safe(name))
            if text:
                kept[name] = text
        if not kept and owner == NOBODY:
            self.ledger.report(file, line, "blank", path=path)
            return None
        table = _typed(table, kept)
        if table not in _ONCE:
            return self.shelf.add(table, kept, file, line, path, owner)
        if table == "service" and kept.keys() <= _ALWAYS:
            self.ledger.report(file, line, "no-name", path=path)
            return None
        return self._once(table, kept, file, line, path)

    def _once(self, table: str, cells: dict[str, str], file: int, line: int, path: str) -> int | None:
        """A row of which there is one for each id: the first that is read, completed by later ones."""
        if not (given := cells.get("id") or (table == "taxonomy_term" and cells.get("code")) or ""):
            text = json.dumps([table, sorted(cells.items())], ensure_ascii=True)
            given = "~" + hashlib.sha256(text.encode("ascii")).hexdigest()[:16]
            if table in _NEST:
                self.seen(file, line, "no-id", table)
        cells["id"] = given
        row = self.shelf.known(table, given)
        if row is None:
            row = self.shelf.add(table, cells, file, line, path)
            self.shelf.know(table, given, row)
            return row
        first_line, first_path, first = self.shelf.read(row)
        if any(name != "id" and first.get(name, cell) != cell for name, cell in cells.items()):
            self.ledger.report(file, line, "duplicate-id", path=path)
            return -row - 1 if path else None  # what is nested in it still belongs to the first one
        if cells.keys() - first.keys():
            self.shelf.write(row, first_line, first_path, {**cells, **first})
        self.repeats[file] += 1
        return row

    def seen(self, file: int, line: int, code: str, column: str = "") -> None:
        """A note that many rows of a file would bear: told once, with their number."""
        found = self._many.setdefault((file, code, column), [line, 0])
        found[1] += 1

    def finish(self) -> None:
        """Tell those notes."""
        for (file, code, column), (line, rows) in self._many.items():
            self.ledger.note(file, line, code, column=column, rows=rows)
        self._many.clear()

    def entry(self, table: str, value: Mapping[str, Any], file: int, line: int, path: str) -> int | None:
        """An object of JSON with all that is nested in it, each part a row of its own table."""
        row = self._nested(table, value, file, line, path, NOBODY, {}, _DEPTH)
        return row if row is None or row >= 0 else -row - 1

    def _nested(
        self, table: str, value: Mapping[str, Any], file: int, line: int, path: str, owner: int, links: Mapping[str, str], depth: int
    ) -> int | None:
        if depth == 0:
            self.ledger.rows[file] += 1
            self.ledger.report(file, line, "too-deep", path=path)
            return None
        names = tables.columns(table, value)
        cells: dict[str, str] = {}
        children: list[tuple[str, str, list[Any]]] = []
        for key, name, part in zip(value, names, value.values(), strict=True):
            where = f"{path}.{key}" if path else key
            if isinstance(part, dict) and (column := _refers(table, key)):
                target = self._target(column, key)
                row = self._nested(target, part, file, line, where, NOBODY, {}, depth - 1)
                # A bare id is no row by itself and points at one all the same.
                cells[column] = (
                    _text(part.get("id"))
                    if row is None
                    else self.shelf.cells(row if row >= 0 else -row - 1).get("id", "")
                )
            elif isinstance(part, (dict, list)) and (child := _nests(table, key)) and (many := _many(part)):
                children.append((child, where, many))
            elif name == "coordinates" and isinstance(part, list) and len(part) == 2:  # noqa: PLR2004
                cells["longitude"], cells["latitude"] = str(part[0]), str(part[1])
            else:
                cells[name] = _text(part)
        for column, id_text in links.items():
            cells.setdefault(column, id_text)
        cells = dict(zip(tables.recoded(table, list(cells)), cells.values(), strict=True))
        row = self.row(table, cells, file, line, path, owner)
        if row is None:
            return None
        for child, where, many in children:
            self._children(table, row if row >= 0 else -row - 1, child, many, file, line, where, cells, depth)
        return row

    def _children(
        self, table: str, row: int, child: str, many: list[Any], file: int, line: int, path: str, cells: Mapping[str, str], depth: int
    ) -> None:
        links = {}
        if child in _NEST and child != "contact":
            # These are found by id; so what they belong to is written into them.
            links[f"{table}_id"] = self.shelf.cells(row).get("id", "")
            if child == "service" and table == "location" and "organization_id" in cells:
                links["organization_id"] = cells["organization_id"]
        for number, part in enumerate(many):
            where = f"{path}[{number}]"
            if isinstance(part, dict):
                self._nested(child, part, file, line, where, row, links, depth - 1)
            elif main := tables.MAIN.get(child):
                self.row(child, {main: _text(part)}, file, line, where, row)
            else:
                self.ledger.rows[file] += 1
                self.ledger.report(file, line, "unknown-entity", path=where)

    @staticmethod
    def _target(column: str, key: str) -> str:
        return "taxonomy_term" if key == "taxonomy" else column.removesuffix("_id")


def _typed(table: str, cells: dict[str, str]) -> str:
    """Tables that differ by a kind only become one."""
    if table == "fax":
        cells.setdefault("type", "fax")
        return "phone"
    if table == "postal_address":
        cells["address_type"] = "postal"
        return "address"
    return table


def _refers(table: str, key: str) -> str:
    """The column that points, where an object is nested that many rows can point at."""
    if key == "taxonomy":  # in the UK's service_taxonomy it is the category itself
        return "taxonomy_term_id" if table == "attribute" else ""
    return tables.REFERS.get(key.lower(), "")


def _nests(table: str, key: str) -> str:
    """The table of the rows nested under that key; none where a listing has no place for them but `more`."""
    child = tables.table_named(key)
    if table == "phone":
        return child if child == "language" else ""
    return child if table in _NEST else ""


def _many(part: Any) -> list[Any]:
    many = part if isinstance(part, list) else [part]
    return many if all(isinstance(p, (dict, str)) for p in many) else []


def _text(part: Any) -> str:
    """A scalar as written; a list of them in one line; anything else as JSON."""
    if part is None:
        return ""
    if isinstance(part, bool):
        return "true" if part else "false"
    if isinstance(part, str):
        return part
    if isinstance(part, list) and all(isinstance(p, str) for p in part):
        return ", ".join(part)
    return json.dumps(part, ensure_ascii=False) if part else ""


def _safe(name: str) -> str:
    """A column's name as it may be shown: it comes from the file too."""
    return "".join(c for c in name[:40] if c.isprintable())
