# SPDX-License-Identifier: Apache-2.0
"""From files to the shelf: each row cleaned, counted, and put aside or reported."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from attrs import Factory, define

from peerkit_hsds import tables
from peerkit_hsds.report import Ledger
from peerkit_hsds.shelf import IDENTIFIED, NOBODY, Shelf, Spot
from peerkit_hsds.text import FIELD_LIMIT, clean

REPEAT = "repeat of an earlier row"
DEPTH = 12
"""HSDS nests seven deep at most: organization, service, place at it, location, contact, phone, language."""
_ONCE = frozenset(IDENTIFIED) - {"phone", "contact"}
_KEYED = frozenset({"organization", "service", "location"})
_NEST = frozenset(tables.PARENTS)
_ALWAYS = frozenset({"id", "status", "type", "location_type", "address_type", *tables.LINKS})


@define
class Loader:
    """Puts rows on the shelf. `repeats` counts, by file, those that say what an earlier one has said."""

    shelf: Shelf
    ledger: Ledger
    repeats: Counter[int] = Factory(Counter)
    _many: dict[tuple[int, str, str], list[int]] = Factory(dict)

    def row(self, table: str, cells: Mapping[str, str], spot: Spot, owner: int = NOBODY) -> int | None:
        """A row, counted: its number on the shelf, or None where it was reported.

        The number is negative (`-n - 1`) where the row was reported and row n, of the same id, stands in its
        place.
        """
        self.ledger.rows[spot.file] += 1
        kept = self._cleaned(cells, spot)
        if kept is None:
            return None
        if not kept and owner == NOBODY:
            self.ledger.report(spot, "blank")
            return None
        table = _typed(table, kept)
        if table in _ONCE:
            if table == "service" and kept.keys() <= _ALWAYS:
                self.ledger.report(spot, "no-name")
                return None
            return self._once(table, kept, spot)
        row = self.shelf.add(table, kept, spot, owner)
        if table == "contact" and "id" in kept and self.shelf.known(table, kept["id"]) is None:
            self.shelf.know(table, kept["id"], row)
        return row

    def _cleaned(self, cells: Mapping[str, str], spot: Spot) -> dict[str, str] | None:
        kept: dict[str, str] = {}
        for name, cell in cells.items():
            if not cell:
                continue
            if len(cell) > FIELD_LIMIT:
                self.ledger.report(spot, "field-too-large", column=_safe(name))
                return None
            if cell.isprintable():  # most cells; nothing in them needs mending
                text = cell.strip()
            else:
                text, mended = clean(cell)
                if mended:
                    self.ledger.note(spot, "control-characters", column=_safe(name))
            if text:
                kept[name] = text
        return kept

    def _once(self, table: str, cells: dict[str, str], spot: Spot) -> int:
        """A row of which there is one for each id: the first that is read, completed by later ones."""
        given = cells.get("id") or (cells.get("code") if table == "taxonomy_term" else "")
        if not given:
            text = json.dumps([table, sorted(cells.items())], ensure_ascii=True)
            given = "~" + hashlib.sha256(text.encode("ascii")).hexdigest()[:16]
            if table in _KEYED:
                self.seen(spot, "no-id", table)
        cells["id"] = given
        row = self.shelf.known(table, given)
        if row is None:
            row = self.shelf.add(table, cells, spot)
            self.shelf.know(table, given, row)
            return row
        before, first = self.shelf.read(row)
        differs = [name for name, cell in cells.items() if name != "id" and first.get(name, cell) != cell]
        if any(not name.endswith("_id") for name in differs):
            self.ledger.report(spot, "duplicate-id")
            return -row - 1
        for name in differs:
            self.ledger.note(spot, "points-elsewhere", column=_safe(name))
        if cells.keys() - first.keys():
            self.shelf.write(row, before, {**cells, **first})
        self.repeats[spot.file] += 1
        return row

    def seen(self, spot: Spot, code: str, column: str = "") -> None:
        """A note that many rows of a file would bear: told once, with their number."""
        found = self._many.setdefault((spot.file, code, column), [spot.line, 0])
        found[1] += 1

    def finish(self) -> None:
        """Tell those notes."""
        for (file, code, column), (line, rows) in self._many.items():
            self.ledger.note(Spot(file, line), code, column=column, rows=rows)
        self._many.clear()

    def entry(self, table: str, value: Mapping[str, Any], spot: Spot) -> None:
        """An object of JSON with all that is nested in it, each part a row of its own table."""
        self._nested(table, value, spot, depth=DEPTH)

    def _nested(
        self,
        table: str,
        value: Mapping[str, Any],
        spot: Spot,
        *,
        depth: int,
        owner: int = NOBODY,
        links: Mapping[str, str] = {},  # never changed
    ) -> int | None:
        """The number of its row; see `row`, but never negative."""
        if depth == 0:
            self.ledger.rows[spot.file] += 1
            self.ledger.report(spot, "too-deep")
            return None
        cells: dict[str, str] = {}
        children: list[tuple[str, Spot, list[Any]]] = []
        for key, name in zip(value, tables.columns(table, value), strict=True):
            part = value[key]
            inside = Spot(spot.file, spot.line, f"{spot.path}.{key}" if spot.path else key)
            if isinstance(part, dict) and (column := _refers(table, key)):
                target = "taxonomy_term" if key == "taxonomy" else column.removesuffix("_id")
                row = self._nested(target, part, inside, depth=depth - 1)
                # A bare id is no row by itself and points at one all the same.
                known = {"id": _text(part.get("id"))} if row is None else self.shelf.cells(row)
                cells[column] = known.get("id", "")
            elif isinstance(part, (dict, list)) and (child := _nests(table, key)) and (many := _many(part)):
                children.append((child, inside, many))
            elif name == "coordinates" and isinstance(part, list) and len(part) == 2:
                cells["longitude"], cells["latitude"] = map(_text, part)
            else:
                cells[name] = _text(part)
        for column, id_text in links.items():
            cells.setdefault(column, id_text)
        cells = dict(zip(tables.recoded(table, list(cells)), cells.values(), strict=True))
        row = self.row(table, cells, spot, owner)
        if row is None:
            return None
        row = row if row >= 0 else -row - 1
        for child, inside, many in children:
            self._children(row, child, many, inside, depth=depth)
        return row

    def _children(self, row: int, child: str, many: list[Any], spot: Spot, *, depth: int) -> None:
        links: dict[str, str] = {}
        if child in _NEST and child != "contact":
            # These are found by id; so what they belong to is written into them.
            table, cells = self.shelf.table(row), self.shelf.cells(row)
            links[f"{table}_id"] = cells.get("id", "")
            if child == "service" and table == "location" and "organization_id" in cells:
                links["organization_id"] = cells["organization_id"]
        for number, part in enumerate(many):
            inside = Spot(spot.file, spot.line, f"{spot.path}[{number}]")
            if isinstance(part, dict):
                self._nested(child, part, inside, depth=depth - 1, owner=row, links=links)
            elif main := tables.MAIN.get(child):
                self.row(child, {main: _text(part)}, inside, row)
            else:
                self.ledger.rows[spot.file] += 1
                self.ledger.report(inside, "unknown-entity")


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
