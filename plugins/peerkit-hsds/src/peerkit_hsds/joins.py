# SPDX-License-Identifier: Apache-2.0
"""Who belongs to whom: each row on the shelf is given to the row it is part of, or reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from attrs import Factory, define

from peerkit_hsds import tables
from peerkit_hsds.needs import Vocabulary
from peerkit_hsds.report import Ledger
from peerkit_hsds.shelf import NOBODY, Shelf
from peerkit_hsds.text import fold

_PART_OF: Mapping[str, str] = {
    "service": "part of a service",
    "service_at_location": "part of a place",
    "location": "part of a place",
    "organization": "part of an organization",
    "program": "part of an organization",
    "contact": "part of a contact",
    "phone": "part of a phone",
}
_OTHER_NAMES: Mapping[str, str] = {"organisation": "organization", "sal": "service_at_location"}
_NO_VALUE = frozenset({"id", "serial", "link_type", "link_entity", "address_type", "country", *tables.LINKS})
_APART = frozenset(
    [
        "taxonomy",
        "taxonomy_term",
        "taxonomy_mapping",
        "unit",
        "meta_table_description",
        "address",
        *tables.PARENTS,
    ]
)
"""Tables that are joined before all others."""
_NUMBER = re.compile(r"\d+")
TRUSTED = 0.25
"""Addresses agree by chance in one of fifty; a file in which not one of four agrees points elsewhere."""
ENOUGH = 20
"""So many addresses that can be compared, before a file is judged by them."""


@define
class Joiner:
    """Joins what a `Shelf` holds; afterwards what belongs to a row is found under it."""

    shelf: Shelf
    ledger: Ledger
    vocabulary: Vocabulary = Factory(Vocabulary)
    about: list[tuple[tuple[str, str], ...]] = Factory(list)
    placed: set[int] = Factory(set)
    """Locations that a service is joined to by the source itself."""
    unsaid: dict[int, int | None] = Factory(dict)
    """Services whose row names no organization: the one that their numbers name, None if they disagree."""

    def join(self) -> None:
        """Everything, in the order in which rows need each other."""
        self._categories()
        shelf = self.shelf
        for table in ("program", "service", "location"):
            for row in shelf.rows_of[table]:
                self._parent(table, row)
        for row in shelf.rows_of["service_at_location"]:
            self._place(row)
        for row in shelf.rows_of["contact"]:
            self._part(row)
        self._phones_by_id()
        self._addresses()
        own_ways = {"attribute": self._attribute, "metadata": self._metadata}
        for table in tables.TABLES:
            way = own_ways.get(table, self._part)
            for row in () if table in _APART else shelf.rows_of[table]:
                way(row)

    def _phones_by_id(self) -> None:
        """Only where languages point at telephone numbers, of which there are more than of anything else."""
        shelf = self.shelf
        if any("phone_id" in shelf.cells(row) for row in shelf.rows_of["language"]):
            for row in shelf.rows_of["phone"]:
                if id_text := shelf.cells(row).get("id"):
                    shelf.know("phone", id_text, row)

    def _categories(self) -> None:
        """Vocabularies and categories, and what is only looked up."""
        shelf = self.shelf
        for row in shelf.rows_of["taxonomy"]:
            cells = shelf.cells(row)
            self.vocabulary.taxonomies[tables.loose(cells["id"])] = cells.get("name", "")
            shelf.settle(row, "category")
        for row in shelf.rows_of["taxonomy_term"]:
            self._keep(row, "category", else_="no-value", unless=self.vocabulary.add(shelf.cells(row)))
        for row in shelf.rows_of["taxonomy_mapping"]:
            kept = self.vocabulary.also_called(shelf.cells(row))
            self._keep(row, "words for a category", else_="no-mapping", unless=kept)
        for row in shelf.rows_of["unit"]:
            shelf.settle(row, "looked up")
        for row in shelf.rows_of["meta_table_description"]:
            self.about.append(tuple(shelf.cells(row).items()))
            shelf.settle(row, "about the data")

    def _keep(self, row: int, fate: str, *, else_: str, unless: bool) -> None:
        if unless:
            self.shelf.settle(row, fate)
        else:
            self._report(row, else_)

    def _report(self, row: int, code: str, column: str = "") -> None:
        self.shelf.settle(row, "reported")
        self.ledger.report(self.shelf.read(row)[0], code, column=column)

    def _note(self, row: int, code: str, column: str = "") -> None:
        self.ledger.note(self.shelf.read(row)[0], code, column=column)

    def _parent(self, table: str, row: int) -> None:
        """A service, place or program goes to its organization, or to where one would be."""
        cells = self.shelf.cells(row)
        id_text = cells.get("organization_id", "")
        if id_text:
            owner = self.shelf.known("organization", id_text)
            if owner is None:
                self._note(row, "dangling", "organization_id")
                owner = self.shelf.stand_in("organization", id_text)
            self.shelf.give(row, table, owner)
        elif table == "service":
            self.unsaid[row] = NOBODY
        if table == "service" and (location := cells.get("location_id")):
            place = self.shelf.known("location", location)
            if place is None:
                self._note(row, "dangling", "location_id")
            else:
                self.placed.add(place)

    def _place(self, row: int) -> None:
        """A service at a location; without a service it is nothing."""
        cells = self.shelf.cells(row)
        service = self.shelf.known("service", cells.get("service_id", ""))
        if service is None:
            self._report(row, "dangling" if "service_id" in cells else "no-owner", "service_id")
            return
        if location := cells.get("location_id"):
            place = self.shelf.known("location", location)
            if place is None:
                self._report(row, "dangling", "location_id")
                return
            self.placed.add(place)
        self.shelf.give(row, "service_at_location", service)
        self.shelf.settle(row, "part of a service")

    def _part(self, row: int) -> None:
        """What belongs to one other row: the one it is nested in, else the most specific that it names."""
        table, cells = self.shelf.table(row), self.shelf.cells(row)
        owner = self.shelf.owner(row)
        missing = ""
        if owner == NOBODY:
            owner, missing = self._named(cells, row)
        if owner == NOBODY:
            self._report(row, "dangling" if missing else "no-owner", missing)
        elif not _says_something(table, cells):
            self._report(row, "no-value", tables.MAIN.get(table, ""))
        else:
            if missing:
                self._note(row, "dangling", missing)
            self._give(row, table, owner)
            if table == "phone":
                self._heard(owner, cells)

    def _named(self, cells: Mapping[str, str], row: int) -> tuple[int, str]:
        missing = ""
        for column, table in tables.LINKS.items():
            if id_text := cells.get(column):
                owner = self.shelf.known(table, id_text)
                if owner is not None and owner != row and self.shelf.fate(owner) != "reported":
                    return owner, missing
                missing = missing or column
        return NOBODY, missing

    def _give(self, row: int, table: str, owner: int) -> None:
        self.shelf.give(row, table, owner)
        self.shelf.settle(row, _PART_OF.get(self.shelf.table(owner), "part of a service"))

    def _heard(self, owner: int, cells: Mapping[str, str]) -> None:
        """A service's telephone number names the organization that its row does not."""
        if owner in self.unsaid and (id_text := cells.get("organization_id")):
            organization = self.shelf.known("organization", id_text)
            if organization is not None:
                heard = self.unsaid[owner]
                self.unsaid[owner] = organization if heard in (NOBODY, organization) else None

    def _linked(self, cells: Mapping[str, str], id_column: str, kind: str) -> int | None:
        """What `link_id` or `resource_id` names, in the table that the row says, else in any."""
        word = tables.table_named(kind) or _OTHER_NAMES.get(kind, kind)
        for table in dict.fromkeys([word, "service", "organization", "location", *tables.PARENTS]):
            if table in tables.PARENTS:
                found = self.shelf.known(table, cells.get(id_column, ""))
                if found is not None and self.shelf.fate(found) != "reported":
                    return found
        return None

    def _attribute(self, row: int) -> None:
        """A category, given to a service or to something else."""
        cells = self.shelf.cells(row)
        owner, missing = self.shelf.owner(row), ""
        if owner == NOBODY and "link_id" in cells:
            kind = cells.get("link_entity") or cells.get("link_type") or ""
            found = self._linked(cells, "link_id", kind)
            owner, missing = (NOBODY, "link_id") if found is None else (found, "")
        if owner == NOBODY:
            owner, also = self._named(cells, row)
            missing = missing or also
        term = cells.get("taxonomy_term_id") or cells.get("taxonomy_id") or ""
        known = term and self.vocabulary.get(term) is not None
        if owner == NOBODY:
            self._report(row, "dangling" if missing else "no-owner", missing)
        elif not known and not (cells.keys() & {"value", "label"}):
            self._report(row, "dangling" if term else "no-value", "taxonomy_term_id")
        else:
            self._give(row, "attribute", owner)

    def _metadata(self, row: int) -> None:
        cells = self.shelf.cells(row)
        owner = self.shelf.owner(row)
        if owner == NOBODY:
            found = self._linked(cells, "resource_id", cells.get("resource_type", ""))
            if found is None:
                self._report(row, "dangling" if "resource_id" in cells else "no-owner", "resource_id")
                return
            owner = found
        self._give(row, "metadata", owner)

    # Addresses that point at the wrong place

    def _doubtful(self) -> set[int]:
        """Files of postal addresses whose `location_id` plainly means something else than the location's id.

        A place's own address and where its post goes mostly have the postal code in common, or street and
        number. Baltimore's `mail_addresses.csv` agrees in 30 of 1,481 rows: its ids number the services.
        """
        own: dict[int, tuple[str, str]] = {}
        compared: dict[int, list[int]] = {}
        for postal in (False, True):
            for row in self.shelf.rows_of["address"]:
                cells = self.shelf.cells(row)
                place = self.shelf.known("location", cells.get("location_id", ""))
                alone = self.shelf.owner(row) == NOBODY  # not nested in what it belongs to
                if place is None or not alone or (cells.get("address_type") == "postal") != postal:
                    continue
                if not postal:
                    own.setdefault(place, _where(cells))
                elif place in own and all(own[place]) and all(_where(cells)):
                    count = compared.setdefault(self.shelf.file(row), [0, 0])
                    count[0] += 1
                    count[1] += any(a == b for a, b in zip(own[place], _where(cells), strict=True))
        return {file for file, (n, agree) in compared.items() if n >= ENOUGH and agree < TRUSTED * n}

    def _addresses(self) -> None:
        doubtful = self._doubtful()
        names = self._names() if doubtful else {}
        for row in self.shelf.rows_of["address"]:
            if self.shelf.file(row) in doubtful:
                self._named_address(row, names)
            else:
                self._part(row)

    def _names(self) -> dict[str, int]:
        """What entries are called, as compared, without names that do not tell two entries apart.

        Those are a name of two of one kind, and one with which another begins: `Health Department` stands
        before the names of all its clinics, and fields that were cut short leave nothing else of them.
        """
        names: dict[str, int] = {}
        begun: set[str] = set()
        for table in ("service", "location", "organization"):
            mine: dict[str, int] = {}
            for row in self.shelf.rows_of[table]:
                if name := _called(self.shelf.cells(row).get("name", "")):
                    mine[name] = NOBODY if name in mine else row
                    begun.update(_beginnings(name.rpartition(" ")[0]))
            for name, row in mine.items():
                names.setdefault(name, row)
        return {name: row for name, row in names.items() if row != NOBODY and name not in begun}

    def _named_address(self, row: int, names: Mapping[str, int]) -> None:
        """An address of such a file: joined to the entry whose name it begins with, else reported."""
        cells = self.shelf.cells(row)
        for beginning in _beginnings(_called(cells.get("attention", ""))):
            if (owner := names.get(beginning)) is not None:
                self._note(row, "joined-by-name", "location_id")
                self._give(row, "address", owner)
                return
        self._report(row, "address-of-another", "location_id")


def _says_something(table: str, cells: Mapping[str, str]) -> bool:
    if table == "phone":
        return any(c.isalnum() for c in cells.get("number", ""))
    if table == "contact":
        return True  # telephone numbers may point at it
    return not cells.keys() <= _NO_VALUE


def _where(cells: Mapping[str, str]) -> tuple[str, str]:
    """Postal code, and the number in the street; either may be empty."""
    number = _NUMBER.search(cells.get("address_1", ""))
    code = re.sub(r"\W", "", cells.get("postal_code", "")).casefold()
    return code[:5], f"{number[0]} {fold(cells.get('city', ''))}" if number else ""


def _called(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(name).replace("'", "")))


def _beginnings(name: str) -> Iterator[str]:
    """The whole, then ever fewer of its words; a single short word says too little."""
    words = name.split()
    for end in range(len(words), 0, -1):
        if end > 1 or len(words[0]) >= 8:
            yield " ".join(words[:end])
