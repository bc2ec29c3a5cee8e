# SPDX-License-Identifier: Apache-2.0
"""The service directory, after Open Referral, *Human Services Data Specification* (HSDS) 3.0, 2022."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

import attrs

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
    searched="name organization needs keywords description alternate_name",
)
class Service(Record):
    """An entry of the directory. `needs` are names of needs (food, housing); `source` and
    `source_key` say where it came from, `digest` what it was; `assured_at` when somebody last made
    sure of it. An entry that disappeared from its source is `gone`, never deleted.
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
        """An entry is listed; `entry` are the fields above."""
        return cls(**entry)

    @act
    def revise(self, *, entry: dict[str, Any], by: Decision | None = None) -> Self:
        """The entry in a newer edition; also brings one back that had gone."""
        return attrs.evolve(self, **entry)

    @act
    def lapse(self, *, by: Decision | None = None) -> Self:
        """The entry is no longer in its source."""
        return self
