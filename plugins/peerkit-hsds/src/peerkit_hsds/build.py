# SPDX-License-Identifier: Apache-2.0
"""Listings from joined rows: every service with all that belongs to it, then what has no service."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeVar

import attrs
from attrs import Factory, define, frozen

from peerkit_hsds import parts
from peerkit_hsds.joins import Joiner
from peerkit_hsds.languages import languages_in
from peerkit_hsds.parts import Cells, More
from peerkit_hsds.report import Ledger
from peerkit_hsds.shelf import NOBODY, Shelf
from peerkit_hsds.tables import TABLES, loose
from peerkit_hsds.values import Contact, Language, Listing, ListingKind, Need, Origin, Phone, Place, Schedule

T = TypeVar("T")
Link = Literal["service", "phone", "organization"]
_SHOWN = frozenset(
    {"phone", "contact", "address", "schedule", "holiday_schedule", "language", "accessibility", "url", "metadata"}
)
MANY_PLACES = 50
"""An organization with more places than this gets none of them shown with a service that does not say which."""
_REMEMBERED = 2_000


@frozen
class _Body:
    """What a service says of the organization behind it."""

    name: str = ""
    key: str = ""
    description: str = ""
    phones: tuple[Phone, ...] = ()
    more: tuple[tuple[str, str], ...] = ()


@define
class Builder:
    """Makes the listings of a shelf whose rows are joined."""

    shelf: Shelf
    ledger: Ledger
    joiner: Joiner
    listings: Counter[str] = Factory(Counter)
    _bodies: dict[int, _Body] = Factory(dict)
    _serving: set[int] = Factory(set)
    _shown: set[int] = Factory(set)

    def all(self) -> Iterator[Listing]:
        """Every listing: services, organizations without one, places that no listing shows; each in file order."""
        shelf = self.shelf
        for row in shelf.rows_of["service"]:
            yield self._count(self._service(row), row, "service")
        for row in shelf.rows_of["organization"]:
            if row in self._serving:
                shelf.settle(row, "organization of services")
            else:
                yield self._count(self._organization(row), row, "organization without a service")
        for row in shelf.rows_of["location"]:
            if row in self.joiner.placed:
                shelf.settle(row, "place of a service")
            elif row in self._shown:
                shelf.settle(row, "place of an organization's services")
            elif not shelf.fate(row):
                yield self._count(self._location(row), row, "place without a service")
        for row in shelf.rows_of["program"]:
            shelf.settle(row, "part of an organization")

    def _count(self, listing: Listing, row: int, fate: str) -> Listing:
        self.shelf.settle(row, fate)
        self.listings[listing.kind] += 1
        return listing

    # The three kinds ------------------------------------------------------------------------------------------------

    def _service(self, row: int) -> Listing:
        cells, origin = self._open(row)
        more = More()
        key = f"service:{loose(cells.cells['id'])}"
        program = self._program(cells, more)
        phones = self._phones(row, more)
        direct = self._direct_places(row, cells)
        organization = self._organization_of(row, cells, program[1], direct)
        body = self._body(organization, cells.take("organization_id"))
        places = self._places(direct, organization, phones, row, more)
        name = cells.take("name") or cells.take("alternate_name")
        if not name:
            name = next((place.name for place in places if place.name), "") or body.name or key
            self._note(row, "no-name")
        more.add("organization.", dict(body.more))
        needs = self._needs(row, cells, name, more)
        return self._common("service", key, name, row, cells, origin, more)(
            organization=body.name,
            organization_key=body.key,
            organization_description=body.description,
            organization_phones=body.phones,
            program=program[0],
            phones=phones,
            needs=needs,
            keywords=parts.words(cells.take("keywords")),
            places=tuple(places),
        )

    def _organization(self, row: int) -> Listing:
        cells, origin = self._open(row)
        more = More()
        key = f"organization:{loose(cells.cells['id'])}"
        name = cells.take("name", "alternate_name") or key
        places = []
        for number, location in enumerate(self.shelf.rows_under(row, "location")):
            if location not in self.joiner.placed:
                places.append(self._place(location, None, "organization", more, f"places[{number}].", ""))
                self.shelf.settle(location, "part of an organization")
        for number, program in enumerate(self.shelf.under(row, "program")):
            more.add(f"programs[{number}].", program)
        listing = self._common("organization", key, name, row, cells, origin, more)
        return listing(
            organization=name,
            organization_key=key,
            phones=self._phones(row, more),
            needs=self._needs(row, cells, name, more),
            places=tuple(places),
        )

    def _location(self, row: int) -> Listing:
        cells, origin = self._open(row)
        more = More()
        body = self._body(self.shelf.owner(row), cells.cells.get("organization_id", ""))
        place = self._place(row, None, "service", more, "places[0].", "")
        more.add("organization.", dict(body.more))
        name = place.name or place.alternate_name or body.name or f"location:{place.key}"
        needs = self.joiner.vocabulary.found_in([name], [place.description])
        return Listing(
            "location",
            f"location:{place.key}",
            name,
            organization=body.name,
            organization_key=body.key,
            organization_description=body.description,
            organization_phones=body.phones,
            description=place.description,
            places=(place,),
            languages=place.languages,
            needs=needs,
            more=more.done(),
            origin=origin,
        )

    def _common(
        self, kind: ListingKind, key: str, name: str, row: int, cells: Cells, origin: Origin, more: More
    ) -> Callable[..., Listing]:
        """What services and organizations have in common, waiting for what they have not."""
        self.listings[kind] += 0
        spoken, said = self._languages(row, cells, more)
        metadata = [m for m in self.shelf.under(row, "metadata")]
        for number, change in enumerate(metadata):
            more.add(f"metadata[{number}].", Cells(change).left())
        assured = cells.cells.get("assured_date", "")
        if parts.day(assured):
            cells.take("assured_date")
        elif assured:
            self._note(row, "bad-date", "assured_date")
        values: dict[str, Any] = {
            "alternate_name": cells.take("alternate_name"),
            "description": cells.take("description", "short_desc"),
            "urls": tuple(dict.fromkeys([*parts.urls(cells.take("url", "urls")), *self._words(row, "url", "url", more)])),
            "emails": tuple(dict.fromkeys([*parts.emails(cells.take("email")), *parts.emails(cells.take("emails"))])),
            "status": cells.take("status"),
            "alert": cells.take("alert"),
            "application": cells.take("application_process"),
            "eligibility": self._text(row, cells, "eligibility", ("eligibility_description", "eligibility", "eligibility_audience"), more),
            "minimum_age": cells.take("minimum_age"),
            "maximum_age": cells.take("maximum_age"),
            "fees": self._text(row, cells, "fee", ("fees_description", "fees", "fee"), more),
            "costs": self._many(row, "cost_option", "costs", parts.cost, more),
            "payments": (*parts.words(cells.take("accepted_payments")), *self._words(row, "payment_accepted", "payment", more)),
            "documents": (
                *map(parts.Document, parts.words(cells.take("required_documents"))),
                *self._many(row, "required_document", "documents", parts.document, more),
            ),
            "wait_time": cells.take("wait_time"),
            "accreditations": cells.take("accreditations"),
            "licences": cells.take("licenses"),
            "funding": (*parts.words(cells.take("funding_sources")), *self._words(row, "funding", "source", more)),
            "areas": (
                *map(parts.Area, parts.words(cells.take("service_areas"))),
                *self._many(row, "service_area", "areas", parts.area, more),
            ),
            "languages": spoken,
            "languages_text": said,
            "interpretation": "\n".join(
                filter(None, [cells.take("interpretation_services"), *self._words(row, "interpretation", "name", more)])
            ),
            "accessibility": (*parts.words(cells.take("accessibility")), *self._words(row, "accessibility", "description", more)),
            "addresses": self._many(row, "address", "addresses", parts.address, more),
            "contacts": self._contacts(row, more),
            "schedules": self._schedules(row, cells, more),
            "assured_at": parts.day(assured),
            "assured_by": cells.take("assurer_email"),
            "modified_at": cells.take("last_modified") or max((m.get("last_action_date", "") for m in metadata), default=""),
        }

        def listing(**rest: Any) -> Listing:
            self._leftover(row, more)
            more.add("", cells.left())
            return Listing(kind, key, name, more=more.done(), origin=origin, **values, **rest)

        return listing

    # Who and where --------------------------------------------------------------------------------------------------

    def _program(self, cells: Cells, more: More) -> tuple[str, str]:
        """The programme's name, and the id of its organization."""
        if not (id_text := cells.cells.get("program_id", "")):
            return "", ""
        row = self.shelf.known("program", id_text)
        if row is None:
            return "", ""
        program = Cells(self.shelf.cells(row))
        organization = program.take("organization_id")
        name = program.take("name", "alternate_name")
        more.add("program.", program.left())
        self._leftover(row, more, "program.")
        return name, organization

    def _organization_of(self, row: int, cells: Cells, by_program: str, places: list[tuple[int, int | None]]) -> int:
        """The organization behind a service: as it says itself, as its numbers say, its programme, its place."""
        owner = self.shelf.owner(row)
        if owner != NOBODY:
            return owner
        if by_program and (known := self.shelf.known("organization", by_program)) is not None:
            return known
        heard = self.joiner.unsaid.get(row)
        of_place = self.shelf.owner(places[0][0]) if places else NOBODY
        if heard is None or heard == NOBODY:
            return of_place
        if of_place not in (heard, NOBODY):
            self._note(row, "organization-by-phone")
        return heard

    def _body(self, organization: int, id_text: str) -> _Body:
        if organization < 0:
            return _Body(key=f"organization:{loose(id_text)}" if id_text else "")
        self._serving.add(organization)
        if (body := self._bodies.get(organization)) is None:
            cells = Cells(self.shelf.cells(organization))
            key = f"organization:{loose(cells.take('id'))}"
            more = More()
            phones = self._phones(organization, more)
            name = cells.take("name", "alternate_name")
            description = cells.take("description")
            more.add("", cells.left())
            self._leftover(organization, more, shown=frozenset({"phone"}))
            body = _Body(name, key, description, phones, more.done())
            if len(self._bodies) >= _REMEMBERED:
                self._bodies.clear()
            self._bodies[organization] = body
        return body

    def _direct_places(self, row: int, cells: Cells) -> list[tuple[int, int | None]]:
        """The locations that the source joins to a service, each with its row of service_at_location."""
        found: dict[int, int | None] = {}
        for link in self.shelf.rows_under(row, "service_at_location"):
            place = self.shelf.known("location", self.shelf.cells(link).get("location_id", ""))
            found.setdefault(-link - 1 if place is None else place, link)
        if id_text := cells.cells.get("location_id", ""):
            place = self.shelf.known("location", id_text)
            if place is not None:
                found.setdefault(place, None)
        return list(found.items())

    def _places(
        self, direct: list[tuple[int, int | None]], organization: int, phones: tuple[Phone, ...], row: int, more: More
    ) -> list[Place]:
        link: Link = "service"
        chosen = direct
        if not direct and organization != NOBODY:
            link, rows = self._likely_places(organization, phones)
            chosen = [(place, None) for place in rows]
            if rows:
                self._note(row, "place-by-phone" if link == "phone" else "places-of-organization")
                self._shown.update(rows)
        description = self.shelf.cells(row).get("description", "")
        return [
            self._place(place, at, link, more, f"places[{number}].", description)
            for number, (place, at) in enumerate(chosen)
        ]

    def _likely_places(self, organization: int, phones: tuple[Phone, ...]) -> tuple[Link, list[int]]:
        """Where a service is probably given, if the source does not say; see `Place.link`."""
        rows = [r for r in self.shelf.rows_under(organization, "location") if r not in self.joiner.placed]
        if not 0 < len(rows) <= MANY_PLACES:
            return "organization", []
        mine = {digits for phone in phones if (digits := _digits(phone.number))}
        same = [
            place
            for place in rows
            if mine & {_digits(cells.get("number", "")) for cells in self.shelf.under(place, "phone")}
        ]
        return ("phone", same) if len(same) == 1 else ("organization", same or rows)

    def _place(self, row: int, at: int | None, link: Link, more: More, prefix: str, said: str) -> Place:
        """A location as a listing shows it; `at` is the row that joins it to the service, `said` the service's words."""
        cells = Cells(self.shelf.cells(row)) if row >= 0 else Cells({})
        joined = Cells(self.shelf.cells(at)) if at is not None else Cells({})
        owners = [r for r in (at, row) if r is not None and r >= 0]
        latitude, longitude, usable = parts.coordinates(cells)
        if not usable:
            self._note(row, "bad-coordinates")
        description = cells.take("description", "short_desc")
        spoken: list[Language] = [*languages_in(cells.cells.get("languages", ""))]
        for owner in owners:
            spoken += self._many(owner, "language", f"{prefix}languages", parts.spoken, more)
        phones: list[Phone] = []
        contacts: list[Contact] = []
        schedules: list[Schedule] = []
        for owner in owners:
            phones += self._phones(owner, more, prefix)
            contacts += self._contacts(owner, more, prefix)
            schedules += self._schedules(owner, cells if owner == row else joined, more, prefix)
        place = Place(
            key=loose(cells.cells.get("id", joined.cells.get("id", ""))),
            name=cells.take("name"),
            link=link,
            kind=cells.take("location_type"),
            alternate_name=cells.take("alternate_name"),
            description="" if description == said else description,
            note=joined.take("description"),
            transport=cells.take("transportation"),
            latitude=latitude,
            longitude=longitude,
            url=cells.take("url"),
            email=cells.take("email", "emails"),
            addresses=tuple(
                dict.fromkeys(a for o in owners for a in self._many(o, "address", f"{prefix}addresses", parts.address, more))
            ),
            phones=tuple(dict.fromkeys(phones)),
            contacts=tuple(dict.fromkeys(contacts)),
            schedules=tuple(dict.fromkeys(schedules)),
            accessibility=(
                *parts.words(cells.take("accessibility")),
                *(w for o in owners for w in self._words(o, "accessibility", "description", more, prefix)),
            ),
            languages=tuple(dict.fromkeys(spoken)),
        )
        for owner in owners:
            self._leftover(owner, more, prefix)
        more.add(prefix, {**joined.left(), **cells.left()})
        return place

    # What they say --------------------------------------------------------------------------------------------------

    def _needs(self, row: int, cells: Cells, name: str, more: More) -> tuple[Need, ...]:
        vocabulary = self.joiner.vocabulary
        found: list[Need] = []
        for id_text in parts.words(cells.take("taxonomy_ids")):
            need = vocabulary.get(id_text)
            if need is None:
                self._note(row, "dangling", "taxonomy_ids")
            found.append(need or Need(id_text, id_text))
        for number, attribute in enumerate(self.shelf.under(row, "attribute")):
            said = Cells(attribute)
            term = said.take("taxonomy_term_id") or said.take("taxonomy_id")
            need = vocabulary.get(term) if term else None
            kind = said.take("link_type")
            if need is None:
                need = Need(said.take("label", "value"), term)
            found.append(attrs.evolve(need, kind=need.kind or kind))
            more.add(f"attributes[{number}].", said.left())
        if found or not len(vocabulary):
            return tuple(dict.fromkeys(found))
        titles = [name, cells.cells.get("alternate_name", ""), cells.cells.get("keywords", "")]
        return vocabulary.found_in(titles, [cells.cells.get("description", "")])

    def _languages(self, row: int, cells: Cells, more: More) -> tuple[tuple[Language, ...], str]:
        said = cells.take("languages")
        rows = self._many(row, "language", "languages", parts.spoken, more)
        return tuple(dict.fromkeys([*languages_in(said), *rows])), said

    def _phones(self, owner: int, more: More, prefix: str = "") -> tuple[Phone, ...]:
        found: dict[Phone, None] = {}
        for row in self.shelf.rows_under(owner, "phone"):
            cells = Cells(self.shelf.cells(row))
            spoken = self._many(row, "language", f"{prefix}phones[{len(found)}].languages", parts.spoken, more)
            one = parts.phone(cells, spoken)
            more.add(f"{prefix}phones[{len(found)}].", cells.left())
            found.setdefault(one)
        return tuple(found)

    def _contacts(self, owner: int, more: More, prefix: str = "") -> tuple[Contact, ...]:
        found: dict[Contact, None] = {}
        for row in self.shelf.rows_under(owner, "contact"):
            cells = Cells(self.shelf.cells(row))
            where = f"{prefix}contacts[{len(found)}]."
            phones = self._phones(row, more, where)
            found.setdefault(parts.contact(cells, phones))
            more.add(where, cells.left())
            self._leftover(row, more, where)
        return tuple(found)

    def _schedules(self, owner: int, cells: Cells, more: More, prefix: str = "") -> tuple[Schedule, ...]:
        found = [Schedule(text=text)] if (text := cells.take("hours", "hours_of_operation")) else []
        found += self._many(owner, "schedule", f"{prefix}schedules", parts.schedule, more)
        exceptions = self._many(
            owner, "holiday_schedule", f"{prefix}holidays", lambda c: parts.schedule(c, holiday=True), more
        )
        return tuple(dict.fromkeys([*found, *exceptions]))

    def _many(self, owner: int, table: str, name: str, make: Callable[[Cells], T], more: More) -> tuple[T, ...]:
        """The values of the rows of a table under `owner`, each once; what they have beyond that goes to `more`."""
        found: dict[T, None] = {}
        for row in self.shelf.under(owner, table):
            cells = Cells(row)
            value = make(cells)
            more.add(f"{name}[{len(found)}].", cells.left())
            found.setdefault(value)
        return tuple(found)

    def _words(self, owner: int, table: str, column: str, more: More, prefix: str = "") -> tuple[str, ...]:
        """The one column that the rows of a table are there for."""
        name = f"{prefix}{table}"
        return tuple(filter(None, self._many(owner, table, name, lambda cells: cells.take(column), more)))

    def _text(self, row: int, cells: Cells, table: str, columns: tuple[str, ...], more: More) -> str:
        """Columns and rows that say one thing, each once, on lines of their own."""
        said = [cells.take(column) for column in columns]
        return "\n".join(dict.fromkeys(filter(None, [*said, *self._words(row, table, table, more)])))

    def _leftover(self, owner: int, more: More, prefix: str = "", shown: frozenset[str] = frozenset()) -> None:
        """Rows of tables that listings have no field for, verbatim."""
        for table in TABLES:
            if table in _FIELDS[self.shelf.table(owner)] | shown:
                continue
            for number, cells in enumerate(self.shelf.under(owner, table)):
                more.add(f"{prefix}{table}[{number}].", Cells(cells).left())

    def _open(self, row: int) -> tuple[Cells, Origin]:
        line, path, cells = self.shelf.read(row)
        return Cells(cells), Origin(self.ledger.names[self.shelf.file(row)], line, path)

    def _note(self, row: int, code: str, column: str = "") -> None:
        line, path, _ = self.shelf.read(row)
        self.ledger.note(self.shelf.file(row), line, code, path=path, column=column)


_ROWS = frozenset({"program", "service", "location", "service_at_location"})
_SAID = frozenset(
    {"cost_option", "payment_accepted", "required_document", "funding", "service_area", "interpretation", "eligibility"}
)
_FIELDS = {
    "service": _SHOWN | _SAID | {"fee", "attribute", "service_at_location"},
    "organization": _SHOWN | _SAID | _ROWS | {"fee", "attribute"},
    "location": (_SHOWN | _ROWS) - {"url", "metadata"},
    "service_at_location": (_SHOWN | _ROWS) - {"url", "metadata"},
    "contact": frozenset({"phone"}),
    "program": frozenset({"service"}),
}
"""What a listing has a field for, by whose row it is; all else is left over."""


def _digits(number: str) -> str:
    """The number without ornament and extension, for comparing; empty where there are fewer than seven digits."""
    digits = re.sub(r"\D", "", re.split(r"[a-zA-Z]", number)[0]).removeprefix("1")
    return digits[:10] if len(digits) >= 7 else ""  # noqa: PLR2004
