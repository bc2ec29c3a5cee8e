# SPDX-License-Identifier: Apache-2.0
"""The service directory, after Open Referral, *Human Services Data Specification* (HSDS) 3.0, 2022."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.base import Operational, Part, Public, Record, part, record
from peerkit.model.decision import Decision


@part
class Phone(Part):
    """A number, with what it is for."""

    number: Public[str]
    extension: Public[str] = ""
    sort: Public[str] = ""
    words: Public[str] = ""


@part
class Place(Part):
    """Somewhere a service is given."""

    name: Public[str] = ""
    address: Public[str] = ""
    city: Public[str] = ""
    region: Public[str] = ""
    postal_code: Public[str] = ""
    country: Public[str] = ""
    transport: Public[str] = ""
    access: Public[str] = ""
    latitude: Public[float | None] = None
    longitude: Public[float | None] = None


@record(
    "service",
    """
    of  from    act     to      who     strength
    -   -       list    listed  anyone  none
    -   *       revise  listed  anyone  none
    -   listed  lapse   gone    anyone  none
    """,
    searched="name organization alternate_name needs keywords description eligibility cities",
    folded="needs languages cities areas",
)
class Service(Record):
    """An entry of the directory. `needs` are names of needs, the broader ones too (Food Pantries, Food),
    `languages` names and codes, `cities` towns, postal codes and regions: what one filters by, however
    it is written. `source` and `source_key` say where the entry came from, `digest` what it was;
    `assured_at` when somebody last made sure of it. One that disappeared from its source is `gone`,
    never deleted.
    """

    name: Public[str]
    organization: Public[str] = ""
    alternate_name: Public[str] = ""
    description: Public[str] = ""
    needs: Public[tuple[str, ...]] = ()
    keywords: Public[tuple[str, ...]] = ()
    languages: Public[tuple[str, ...]] = ()
    cities: Public[tuple[str, ...]] = ()
    areas: Public[tuple[str, ...]] = ()
    places: tuple[Place, ...] = ()
    phones: tuple[Phone, ...] = ()
    email: Public[str] = ""
    website: Public[str] = ""
    eligibility: Public[str] = ""
    fees: Public[str] = ""
    how: Public[str] = ""
    documents: Public[str] = ""
    hours: Public[tuple[str, ...]] = ()
    capacity: Public[str] = ""
    alert: Public[str] = ""
    sort: Operational[str] = "service"
    source: Operational[str] = ""
    source_key: Operational[str] = ""
    digest: Operational[str] = ""
    assured_at: Operational[datetime | None] = None
    more: Public[tuple[tuple[str, str], ...]] = ()
    state: Operational[str] = "listed"

    @classmethod
    @act
    def list(cls, *, entry: dict[str, Any], by: Decision | None = None) -> Self:
        """An entry is listed. `entry` holds the fields above, its places and phones as such or as plain
        dictionaries of their fields. Malformed for a field that no entry has."""
        return cls(**_fields(entry))

    @act
    def revise(self, *, entry: dict[str, Any], by: Decision | None = None) -> Self:
        """The entry in a newer edition, as `list`; fields that `entry` leaves out stay. Also brings back
        one that had gone."""
        return attrs.evolve(self, **_fields(entry))

    @act
    def lapse(self, *, by: Decision | None = None) -> Self:
        """The entry is no longer in its source."""
        return self


_PARTS: dict[str, type[Part]] = {"places": Place, "phones": Phone}
_NO_FIELDS = frozenset({"id", "state", "extra"})


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    """The fields for a `Service`, made of what an entry says."""
    if not_said := _NO_FIELDS & entry.keys():
        raise Malformed("the kit sets that itself", where=f"service.{min(not_said)}")
    made = {
        name: tuple([one if isinstance(one, part) else part(**one) for one in entry[name]])
        for name, part in _PARTS.items()
        if name in entry
    }
    return {name: tuple(held) if isinstance(held, list) else held for name, held in entry.items()} | made
