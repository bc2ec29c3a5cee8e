# SPDX-License-Identifier: Apache-2.0
"""All that belongs to one row, as values: its telephone numbers, hours, addresses, and what has no place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import attrs
from attrs import Factory, define

from peerkit_hsds import parts
from peerkit_hsds.languages import languages_in
from peerkit_hsds.needs import Vocabulary
from peerkit_hsds.parts import Cells, More
from peerkit_hsds.report import Ledger
from peerkit_hsds.shelf import Shelf
from peerkit_hsds.tables import loose
from peerkit_hsds.values import Contact, Language, Need, Origin, Phone, Place, PlaceLink, Schedule

T = TypeVar("T")


@define
class Opened:
    """A row whose cells are being taken; what is left of it, and of rows under it, goes to `more`."""

    row: int
    cells: Cells
    more: More = Factory(More)
    prefix: str = ""


@define
class Gatherer:
    """Turns the rows under a row into values."""

    shelf: Shelf
    ledger: Ledger
    vocabulary: Vocabulary

    def open(self, row: int, more: More | None = None, prefix: str = "") -> Opened:
        """The row, its cells ready to be taken."""
        return Opened(row, Cells(self.shelf.cells(row)), More() if more is None else more, prefix)

    def origin(self, row: int) -> Origin:
        """Where the row stands."""
        spot = self.shelf.read(row)[0]
        return Origin(self.ledger.names[spot.file], spot.line, spot.path)

    def note(self, row: int, code: str, column: str = "") -> None:
        """Something to see about the row."""
        self.ledger.note(self.shelf.read(row)[0], code, column=column)

    def many(self, at: Opened, table: str, name: str, make: Callable[[Cells], T]) -> tuple[T, ...]:
        """A value of each row of a table, each once; what a row has beyond its value goes to `more`."""
        if not self.shelf.rows_of[table]:  # most directories have few of the tables
            return ()
        found: dict[T, None] = {}
        for row in self.shelf.under(at.row, table):
            cells = Cells(row)
            value = make(cells)
            at.more.add(f"{at.prefix}{name}[{len(found)}].", cells.left())
            found.setdefault(value)
        return tuple(found)

    def words(self, at: Opened, table: str, column: str, *cells: str) -> tuple[str, ...]:
        """What cells of the row list, then the one column that the rows of a table are there for."""
        listed = [word for cell in cells for word in parts.words(at.cells.take(cell))]
        rows = self.many(at, table, table, lambda row: row.take(column))
        return tuple(dict.fromkeys(filter(None, [*listed, *rows])))

    def text(self, at: Opened, table: str, *columns: str) -> str:
        """Columns of the row and rows of a table that say one thing, each once, on lines of their own."""
        said = [at.cells.take(column) for column in columns]
        return "\n".join(dict.fromkeys(filter(None, [*said, *self.words(at, table, table)])))

    def phones(self, at: Opened) -> tuple[Phone, ...]:
        """Telephone numbers, each once."""
        found: dict[Phone, None] = {}
        for row in self.shelf.rows_under(at.row, "phone"):
            under = self.open(row, at.more, f"{at.prefix}phones[{len(found)}].")
            spoken = self.many(under, "language", "languages", parts.spoken)
            found.setdefault(parts.phone(under.cells, spoken))
            at.more.add(under.prefix, under.cells.left())
        return tuple(found)

    def contacts(self, at: Opened) -> tuple[Contact, ...]:
        """Contacts with their numbers, each once."""
        found: dict[Contact, None] = {}
        for row in self.shelf.rows_under(at.row, "contact"):
            under = self.open(row, at.more, f"{at.prefix}contacts[{len(found)}].")
            found.setdefault(parts.contact(under.cells, self.phones(under)))
            self.leave(under)
        return tuple(found)

    def schedules(self, at: Opened) -> tuple[Schedule, ...]:
        """Hours; days with the same hours are one schedule, as seven rows for seven days say what two can."""
        text = at.cells.take("hours", "hours_of_operation")
        found = [Schedule(text=text)] if text else []
        found += self.many(at, "schedule", "schedules", parts.schedule)
        found += self.many(at, "holiday_schedule", "holidays", parts.holiday)
        weekly: dict[Schedule, tuple[str, ...]] = {}
        for one in found:
            same = attrs.evolve(one, days=())
            weekly[same] = tuple(dict.fromkeys((*weekly.get(same, ()), *one.days)))
        return tuple(attrs.evolve(one, days=days) for one, days in weekly.items())

    def needs(self, at: Opened, name: str) -> tuple[Need, ...]:
        """The categories that the source gives, or else those whose names stand in what the entry says."""
        found: list[Need] = []
        for id_text in parts.words(at.cells.take("taxonomy_ids")):
            known = self.vocabulary.get(id_text)
            if known is None:
                self.note(at.row, "dangling", "taxonomy_ids")
            found.append(known or Need(id_text, id_text))
        for number, row in enumerate(self.shelf.under(at.row, "attribute")):
            cells = Cells(row)
            term = cells.take("taxonomy_term_id") or cells.take("taxonomy_id")
            kind = cells.take("link_type")
            known = self.vocabulary.get(term) if term else None
            need = known or Need(cells.take("label", "value"), term)
            found.append(attrs.evolve(need, kind=need.kind or kind))
            at.more.add(f"{at.prefix}attributes[{number}].", cells.left())
        if found or not len(self.vocabulary):
            return tuple(dict.fromkeys(found))
        said = at.cells.cells
        titles = [name, said.get("alternate_name", ""), said.get("keywords", "")]
        return self.vocabulary.found_in(titles, [said.get("description", "")])

    def place(self, at: Opened | None, joined: Opened | None, link: PlaceLink) -> Place:
        """A location; `joined` is the row that joins it to a service and says what is true of the two."""
        owners = [one for one in (joined, at) if one is not None]
        here = at or owners[0]
        with_service = joined or Opened(here.row, Cells({}), here.more, here.prefix)
        cells = at.cells if at else Cells({})
        latitude, longitude, usable = parts.coordinates(cells)
        if not usable:
            self.note(here.row, "bad-coordinates")
        spoken: list[Language] = [*languages_in(cells.cells.get("languages", ""))]
        for one in owners:
            spoken += self.many(one, "language", "languages", parts.spoken)
        place = Place(
            key=loose(here.cells.cells.get("id", "")),
            name=cells.take("name"),
            link=link,
            kind=cells.take("location_type"),
            alternate_name=cells.take("alternate_name"),
            description=cells.take("description", "short_desc"),
            note=with_service.cells.take("description"),
            transport=cells.take("transportation"),
            latitude=latitude,
            longitude=longitude,
            url=cells.take("url"),
            email=cells.take("email", "emails"),
            addresses=once(
                a for one in owners for a in self.many(one, "address", "addresses", parts.address)
            ),
            phones=once(p for one in owners for p in self.phones(one)),
            contacts=once(c for one in owners for c in self.contacts(one)),
            schedules=once(s for one in owners for s in self.schedules(one)),
            accessibility=once(
                word
                for one in owners
                for word in self.words(one, "accessibility", "description", "accessibility")
            ),
            languages=once(spoken),
        )
        for one in owners:
            self.leave(one)
        return place

    def leave(self, at: Opened, *, but: frozenset[str] = frozenset()) -> None:
        """What nobody took: the row's cells, and rows of tables that a listing has no field for, verbatim.

        `but` are tables that the caller has taken although such a row usually has no field for them.
        """
        at.more.add(at.prefix, at.cells.left())
        fields = FIELDS[self.shelf.table(at.row)]
        for table in self.shelf.present:
            if table not in fields and table not in but:
                for number, cells in enumerate(self.shelf.under(at.row, table)):
                    at.more.add(f"{at.prefix}{table}[{number}].", Cells(cells).left())


_ANYWHERE = frozenset(
    {"phone", "contact", "address", "schedule", "holiday_schedule", "language", "accessibility"}
)
_JOINED = frozenset({"program", "service", "location", "service_at_location"})
_SAID = frozenset(
    {"cost_option", "payment_accepted", "required_document", "funding", "service_area", "interpretation"}
    | {"eligibility", "fee", "attribute", "url", "metadata"}
)
FIELDS = {
    "service": _ANYWHERE | _SAID | {"service_at_location"},
    "organization": _ANYWHERE | _SAID | _JOINED,
    "location": _ANYWHERE | _JOINED,
    "service_at_location": _ANYWHERE,
    "contact": frozenset({"phone"}),
    "program": frozenset({"service"}),
}
"""The tables that are taken where such a row becomes a value; all others are left over."""


def once(values: Iterable[T]) -> tuple[T, ...]:
    """Each value at its first place."""
    return tuple(dict.fromkeys(values))
