# SPDX-License-Identifier: Apache-2.0
"""What a directory says, in one form whatever dialect it was written in.

A `Listing` is one thing that a person can be sent to: a service with everything that the directory says about
it, or an organization or a place that offers none that is listed. Text stands as the directory has it, with
blanks at its ends and control characters gone; what the form has no place for is kept, verbatim, in `more`.
Nothing here is about the people whom peerkit serves: a directory is public.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any, Literal

import attrs
from attrs import field, frozen

ListingKind = Literal["service", "organization", "location"]
PlaceLink = Literal["service", "phone", "organization"]


@frozen
class Origin:
    """Where in the source a row stands: the file under the folder given, the line (from 1), the path in JSON.

    In a CSV file the line is the one on which the row begins, the header being line 1. In JSON it is the line
    on which the outermost object begins, and `path` leads from there (`service_at_locations[0].location`).
    """

    file: str
    line: int
    path: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f" {self.path}" if self.path else "")


@frozen
class Phone:
    """A number as written, with what it is for; `kind` is `voice`, `fax`, `tty`, `sms`, … or empty."""

    number: str
    extension: str = ""
    kind: str = ""
    note: str = ""
    languages: tuple[str, ...] = ()


@frozen
class Address:
    """One address; `kind` is `physical`, `postal` or `virtual`. `lines` are the street lines, in order."""

    kind: str = "physical"
    attention: str = ""
    lines: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


@frozen
class Schedule:
    """When something is open.

    `days` are iCalendar's two letters (`MO` … `SU`), where the source names days; `opens` and `closes` are
    times as `HH:MM` where they can be read so, else as written; both empty on a named day means that no hours
    are given for it, which most sources write for closed. `rule` is the recurrence as the source has it, in
    RFC 5545's words, where it is more than a weekly day. `holiday` marks an exception to regular hours.
    """

    days: tuple[str, ...] = ()
    opens: str = ""
    closes: str = ""
    valid_from: str = ""
    valid_to: str = ""
    rule: str = ""
    text: str = ""
    holiday: bool = False
    closed: bool = False


@frozen
class Contact:
    """Somebody, or some desk, at the organization that publishes the entry."""

    name: str = ""
    title: str = ""
    department: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()


@frozen
class Need:
    """A category: what a service is for, or for whom.

    `stated` tells a category that the source gave this entry from one whose name was found in the entry's own
    words (see `needs.py`). `kind` is the source's word (`service`, `situation`, …), `taxonomy` the
    vocabulary's name, `above` the names of the broader categories, nearest first.
    """

    name: str
    code: str = ""
    taxonomy: str = ""
    kind: str = ""
    above: tuple[str, ...] = ()
    stated: bool = True


@frozen
class Language:
    """A language spoken: its English name, its ISO 639 code where known, and what the source adds."""

    name: str
    code: str = ""
    note: str = ""


@frozen
class Area:
    """Where a service is available; geometry stays in `more` of the listing."""

    name: str = ""
    description: str = ""
    uri: str = ""


@frozen
class Cost:
    """A price; the amount stands as written, because money is nothing to guess at."""

    option: str = ""
    amount: str = ""
    currency: str = ""
    description: str = ""
    valid_from: str = ""
    valid_to: str = ""


@frozen
class Document:
    """Something to bring."""

    name: str
    uri: str = ""


@frozen
class Place:
    """Where a service is given.

    `link` says how the entry came by it: `service`, the source joins the two; `phone`, the source joins
    neither, but both belong to one organization and have the same telephone number, which no other place of
    it has; `organization`, it is a place of the same organization and the source does not say which of them
    is meant.
    """

    key: str
    name: str = ""
    link: PlaceLink = "service"
    kind: str = ""
    alternate_name: str = ""
    description: str = ""
    note: str = ""
    transport: str = ""
    latitude: float | None = None
    longitude: float | None = None
    url: str = ""
    email: str = ""
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    accessibility: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()


@frozen
class Listing:
    """One entry of a directory; `key` is stable from one edition to the next, within one source.

    The key is `service:`, `organization:` or `location:` and the source's own id. A row without an id gets
    one made from its content (`service:~3f…`), so that importing it twice changes nothing; edited, it counts
    as another. `digest` covers everything but `origin`: rows that only moved in their file are the same.
    """

    kind: ListingKind
    key: str
    name: str
    alternate_name: str = ""
    description: str = ""
    organization: str = ""
    organization_key: str = ""
    organization_description: str = ""
    organization_url: str = ""
    organization_email: str = ""
    program: str = ""
    urls: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    status: str = ""
    alert: str = ""
    application: str = ""
    eligibility: str = ""
    minimum_age: str = ""
    maximum_age: str = ""
    fees: str = ""
    costs: tuple[Cost, ...] = ()
    payments: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    wait_time: str = ""
    accreditations: str = ""
    licences: str = ""
    funding: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    languages: tuple[Language, ...] = ()
    languages_text: str = ""
    interpretation: str = ""
    accessibility: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    keywords: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    organization_phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    places: tuple[Place, ...] = ()
    assured_at: str = ""
    assured_by: str = ""
    modified_at: str = ""
    more: tuple[tuple[str, str], ...] = ()
    origin: Origin = field(default=Origin("", 0), eq=False, metadata={"digest": False})

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that the listing says, in hexadecimal; the same on every machine."""
        return hashlib.sha256(_encode(self).encode("ascii")).hexdigest()

    def all_phones(self) -> tuple[Phone, ...]:
        """Every number once: the service's own, its places', its contacts', the organization's."""
        found = [*self.phones]
        for place in self.places:
            if place.link != "organization":  # another office's number misleads somebody who phones
                found += place.phones
        for contact in self.contacts:
            found += contact.phones
        return tuple(dict.fromkeys([*found, *self.organization_phones]))

    def all_schedules(self) -> tuple[Schedule, ...]:
        """The service's own hours, then those of the places that are surely its own."""
        found = [*self.schedules]
        for place in self.places:
            if place.link != "organization":
                found += place.schedules
        return tuple(dict.fromkeys(found))

    def all_addresses(self) -> tuple[Address, ...]:
        """Addresses of its places, then its own; those of the organization's other places are left out."""
        found: list[Address] = []
        for place in self.places:
            if place.link != "organization":
                found += place.addresses
        return tuple(dict.fromkeys([*found, *self.addresses]))

    def extra(self) -> Mapping[str, str]:
        """`more` as a mapping."""
        return dict(self.more)


def _said(value: Any) -> Any:
    """What a value says that differs from its default: so a new field leaves old digests alone."""
    names, take, defaults = _FORMS[type(value)]
    return [
        (name, part)
        for name, part, default in zip(names, take(value), defaults, strict=True)
        if part != default
    ]


def _form(cls: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], tuple[Any, ...]]:
    """Names of the fields that a digest covers, what takes them all from a value, and their defaults."""
    fields = [a for a in attrs.fields(cls) if a.metadata.get("digest", True)]
    names = tuple(a.name for a in fields)
    return names, attrgetter(*names), tuple(a.default for a in fields)


_FORMS = {
    cls: _form(cls)
    for cls in (Phone, Address, Schedule, Contact, Need, Language, Area, Cost, Document, Place, Listing)
}
_encode = json.JSONEncoder(
    ensure_ascii=True, separators=(",", ":"), check_circular=False, default=_said
).encode
