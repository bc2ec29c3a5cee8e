# SPDX-License-Identifier: Apache-2.0
"""Listings from joined rows: every service with all that belongs to it, then what has no service."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from attrs import Factory, define, evolve, frozen

from peerkit_hsds import parts
from peerkit_hsds.gather import Gatherer, Opened, once
from peerkit_hsds.joins import Joiner
from peerkit_hsds.languages import languages_in
from peerkit_hsds.shelf import NOBODY, Shelf
from peerkit_hsds.tables import loose
from peerkit_hsds.values import Area, Document, Listing, Phone, Place, PlaceLink

MANY_PLACES = 50
"""An organization with more places has none of them shown with a service that does not say which."""
_REMEMBERED = 2_000
_THEIRS = ("name", "alternate_name", "description", "short_desc", "email", "emails", "url")


@frozen
class _Body:
    """What a service says of the organization behind it."""

    name: str = ""
    key: str = ""
    description: str = ""
    url: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()
    more: tuple[tuple[str, str], ...] = ()

    def fields(self) -> dict[str, Any]:
        return {
            "organization": self.name,
            "organization_key": self.key,
            "organization_description": self.description,
            "organization_url": self.url,
            "organization_email": self.email,
            "organization_phones": self.phones,
        }


@frozen
class _Where:
    """A location of a service, with the row of service_at_location that says so; either may be missing."""

    location: int | None
    joined: int | None = None


@define
class Builder:
    """Makes the listings of a shelf whose rows are joined."""

    shelf: Shelf
    gather: Gatherer
    joiner: Joiner
    listings: Counter[str] = Factory(Counter)
    _bodies: dict[int, _Body] = Factory(dict)
    _serving: set[int] = Factory(set)
    _shown: set[int] = Factory(set)

    def all(self) -> Iterator[Listing]:
        """Services, then organizations without one, then places that no listing shows; each in file order."""
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

    # The three kinds

    def _service(self, row: int) -> Listing:
        at = self.gather.open(row)
        key = f"service:{loose(at.cells.cells['id'])}"
        program, of_program = self._program(at)
        phones = self.gather.phones(at)
        stated = self._stated_places(at)
        organization = self._organization_of(row, of_program, stated)
        body = self._body(organization, at.cells.take("organization_id"))
        places = self._places(at, stated, organization, phones)
        name = at.cells.take("name") or at.cells.take("alternate_name")
        if not name:
            name = next((place.name for place in places if place.name), "") or body.name or key
            self.gather.note(row, "no-name")
        at.more.add("organization.", dict(body.more))
        needs = self.gather.needs(at, name)
        keywords = parts.words(at.cells.take("keywords"))
        fields = self._fields(at)
        return Listing(
            "service",
            key,
            name,
            **body.fields(),
            program=program,
            phones=phones,
            needs=needs,
            keywords=keywords,
            places=places,
            **fields,
        )

    def _organization(self, row: int) -> Listing:
        at = self.gather.open(row)
        key = f"organization:{loose(at.cells.cells['id'])}"
        name = at.cells.take("name", "alternate_name") or key
        places: list[Place] = []
        for location in self.shelf.rows_under(row, "location"):
            if location not in self.joiner.placed:
                here = self.gather.open(location, at.more, f"places[{len(places)}].")
                places.append(self.gather.place(here, None, "organization"))
                self.shelf.settle(location, "part of an organization")
        for number, program in enumerate(self.shelf.under(row, "program")):
            at.more.add(f"programs[{number}].", program)
        phones = self.gather.phones(at)
        needs = self.gather.needs(at, name)
        fields = self._fields(at)
        return Listing(
            "organization",
            key,
            name,
            organization=name,
            organization_key=key,
            phones=phones,
            needs=needs,
            places=tuple(places),
            **fields,
        )

    def _location(self, row: int) -> Listing:
        at = self.gather.open(row, prefix="places[0].")
        body = self._body(self.shelf.owner(row), at.cells.cells.get("organization_id", ""))
        place = self.gather.place(at, None, "service")
        at.more.add("organization.", dict(body.more))
        name = place.name or place.alternate_name or body.name or f"location:{place.key}"
        return Listing(
            "location",
            f"location:{place.key}",
            name,
            **body.fields(),
            description=place.description,
            places=(place,),
            languages=place.languages,
            needs=self.gather.vocabulary.found_in([name], [place.description]),
            more=at.more.done(),
            origin=self.gather.origin(row),
        )

    def _fields(self, at: Opened) -> dict[str, Any]:
        """What services and organizations have in common; taken last, for the rest goes to `more`."""
        cells, gather = at.cells, self.gather
        said = cells.take("languages")
        rows = gather.many(at, "language", "languages", parts.spoken)
        changes = gather.many(at, "metadata", "metadata", lambda row: row.cells.get("last_action_date", ""))
        assured = cells.cells.get("assured_date", "")
        if parts.day(assured):
            cells.take("assured_date")
        elif assured:
            gather.note(at.row, "bad-date", "assured_date")
        fields: dict[str, Any] = {
            "alternate_name": cells.take("alternate_name"),
            "description": cells.take("description", "short_desc"),
            "urls": once([*parts.urls(cells.take("url", "urls")), *gather.words(at, "url", "url")]),
            "emails": once([*parts.emails(cells.take("email")), *parts.emails(cells.take("emails"))]),
            "status": cells.take("status"),
            "alert": cells.take("alert"),
            "application": cells.take("application_process"),
            "eligibility": gather.text(
                at, "eligibility", "eligibility_description", "eligibility", "eligibility_audience"
            ),
            "minimum_age": cells.take("minimum_age"),
            "maximum_age": cells.take("maximum_age"),
            "fees": gather.text(at, "fee", "fees_description", "fees", "fee"),
            "costs": gather.many(at, "cost_option", "costs", parts.cost),
            "payments": gather.words(at, "payment_accepted", "payment", "accepted_payments"),
            "documents": (
                *map(Document, parts.words(cells.take("required_documents"))),
                *gather.many(at, "required_document", "documents", parts.document),
            ),
            "wait_time": cells.take("wait_time"),
            "accreditations": cells.take("accreditations"),
            "licences": cells.take("licenses"),
            "funding": gather.words(at, "funding", "source", "funding_sources"),
            "areas": (
                *map(Area, parts.words(cells.take("service_areas"))),
                *gather.many(at, "service_area", "areas", parts.area),
            ),
            "languages": once([*languages_in(said), *rows]),
            "languages_text": said,
            "interpretation": gather.text(at, "interpretation", "interpretation_services"),
            "accessibility": gather.words(at, "accessibility", "description", "accessibility"),
            "addresses": gather.many(at, "address", "addresses", parts.address),
            "contacts": gather.contacts(at),
            "schedules": gather.schedules(at),
            "assured_at": parts.day(assured),
            "assured_by": cells.take("assurer_email"),
            "modified_at": cells.take("last_modified") or max(changes, default=""),
            "origin": gather.origin(at.row),
        }
        gather.leave(at)
        return {**fields, "more": at.more.done()}

    # Who

    def _program(self, at: Opened) -> tuple[str, str]:
        """The programme's name, and the id of its organization."""
        row = self.shelf.known("program", at.cells.cells.get("program_id", ""))
        if row is None:
            return "", ""
        program = self.gather.open(row, at.more, "program.")
        organization = program.cells.take("organization_id")
        name = program.cells.take("name", "alternate_name")
        self.gather.leave(program)
        return name, organization

    def _organization_of(self, row: int, of_program: str, places: list[_Where]) -> int:
        """The organization behind a service: as its row says, its programme, its numbers, its place."""
        owner = self.shelf.owner(row)
        if owner != NOBODY:
            return owner
        if of_program and (known := self.shelf.known("organization", of_program)) is not None:
            return known
        heard = self.joiner.unsaid.get(row)
        first = places[0].location if places else None
        of_place = NOBODY if first is None else self.shelf.owner(first)
        if heard is None or heard == NOBODY:
            return of_place
        if of_place not in {heard, NOBODY}:
            self.gather.note(row, "organization-by-phone")
        return heard

    def _body(self, organization: int, id_text: str) -> _Body:
        if organization < 0:
            return _Body(key=f"organization:{loose(id_text)}" if id_text else "")
        self._serving.add(organization)
        if (body := self._bodies.get(organization)) is None:
            at = self.gather.open(organization)
            key = f"organization:{loose(at.cells.take('id'))}"
            name = at.cells.take("name", "alternate_name")
            description, url, email = (at.cells.take(c) for c in ("description", "url", "email"))
            phones = self.gather.phones(at)
            for table in (
                "attribute",
                "address",
                "contact",
                "url",
                "funding",
            ):  # of the organization, not the service
                for number, cells in enumerate(self.shelf.under(organization, table)):
                    at.more.add(f"{table}[{number}].", parts.Cells(cells).left())
            self.gather.leave(at)
            body = _Body(name, key, description, url, email, phones, at.more.done())
            if len(self._bodies) >= _REMEMBERED:
                self._bodies.clear()
            self._bodies[organization] = body
        return body

    # Where

    def _stated_places(self, at: Opened) -> list[_Where]:
        """The locations that the source joins to a service."""
        found: dict[int, _Where] = {}
        for joined in self.shelf.rows_under(at.row, "service_at_location"):
            location = self.shelf.known("location", self.shelf.cells(joined).get("location_id", ""))
            found.setdefault(-joined - 1 if location is None else location, _Where(location, joined))
        location = self.shelf.known("location", at.cells.cells.get("location_id", ""))
        if location is not None:
            found.setdefault(location, _Where(location))
        return list(found.values())

    def _places(
        self, at: Opened, stated: list[_Where], organization: int, phones: tuple[Phone, ...]
    ) -> tuple[Place, ...]:
        link: PlaceLink = "service"
        chosen = stated
        if not stated and organization != NOBODY:
            link, rows = self._likely_places(organization, phones)
            chosen = [_Where(row) for row in rows]
            if rows:
                self.gather.note(at.row, "place-by-phone" if link == "phone" else "places-of-organization")
                self._shown.update(rows)
        said = at.cells.cells.get("description", "")
        places = []
        for number, where in enumerate(chosen):
            prefix = f"places[{number}]."
            joined = None if where.joined is None else self.gather.open(where.joined, at.more, prefix)
            here = None if where.location is None else self.gather.open(where.location, at.more, prefix)
            if here and organization >= 0 and self.shelf.owner(here.row) not in {organization, NOBODY}:
                # The place is another organization's: its name and words are about that one.
                theirs = {name: text for name in _THEIRS if (text := here.cells.take(name)) and text != said}
                at.more.add(f"{prefix}another's ", theirs)
            place = self.gather.place(here, joined, link)
            places.append(evolve(place, description="") if place.description == said else place)
        return tuple(places)

    def _likely_places(self, organization: int, phones: tuple[Phone, ...]) -> tuple[PlaceLink, list[int]]:
        """Where a service is probably given, if the source does not say; see `Place.link`."""
        rows = [r for r in self.shelf.rows_under(organization, "location") if r not in self.joiner.placed]
        if not 0 < len(rows) <= MANY_PLACES:
            return "organization", []
        mine = {digits for phone in phones if (digits := _digits(phone.number))}
        same = [
            row
            for row in rows
            if mine & {_digits(cells.get("number", "")) for cells in self.shelf.under(row, "phone")}
        ]
        return ("phone", same) if len(same) == 1 else ("organization", same or rows)


def _digits(number: str) -> str:
    """The number without ornament and extension, for comparing; empty with fewer than seven digits."""
    digits = re.sub(r"\D", "", re.split(r"[a-zA-Z]", number)[0]).removeprefix("1")
    return digits[:10] if len(digits) >= 7 else ""
