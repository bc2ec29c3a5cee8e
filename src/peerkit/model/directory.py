# SPDX-License-Identifier: Apache-2.0
"""The service directory, after Open Referral, *Human Services Data Specification* (HSDS) 3.0, 2022."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Part, Public, Record, named, one_of, part, record
from peerkit.model.decision import Decision

ROOM = ("not_asked", "open", "waiting_list", "more_to_ask", "full")
"""Whether there is room, after the capacity status of HL7, *SDOH Clinical Care* (Gravity Project, 2024)."""

STALE = timedelta(days=182)
"""When an entry counts as old. Own choice: a result ages, and says so."""


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
    -   listed  assure  =       anyone  none
    -   listed  lapse   gone    anyone  none
    """,
    searched="name organization alternate_name needs keywords description eligibility cities",
    folded="needs languages cities areas",
)
class Service(Record):
    """An entry of the directory. `needs` are names of needs, the broader ones too (Food Pantries, Food),
    `languages` names and codes, `cities` towns, postal codes and regions: what one filters by, however it
    is written. `source` and `source_key` say where the entry came from, `digest` what it was; `assured_at`
    when somebody last made sure of it at its source; `assured_on` is the day on which somebody of the
    program did, and `room` what they heard. One that disappeared from its source is `gone`, never deleted.
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
    sort: Public[str] = "service"
    source: Public[str] = ""
    source_key: Public[str] = ""
    digest: Public[str] = ""
    assured_at: Operational[datetime | None] = None
    assured_on: Operational[date | None] = None
    room: Operational[str] = "not_asked"
    more: Public[tuple[tuple[str, str], ...]] = ()
    state: Operational[str] = "listed"

    @classmethod
    @act
    def list(cls, *, entry: dict[str, Any], by: Decision | None = None) -> Self:
        """An entry is listed. `entry` holds the fields above, its places and phones as such or as plain
        dictionaries of their fields. Malformed for a field that no entry has."""
        return cls(**_fields({"name": "", **entry}))

    @act
    def revise(self, *, entry: dict[str, Any], by: Decision | None = None) -> Self:
        """The entry in a newer edition, as `list`; fields that `entry` leaves out stay. Also brings back
        one that had gone."""
        return attrs.evolve(self, **_fields(entry))

    @act
    def assure(self, *, on: date, room: str = "not_asked", by: Decision | None = None) -> Self:
        """Somebody called that day and made sure: the entry is right, and there is room or not."""
        return attrs.evolve(
            self, assured_on=when.day(on, "service.assured_on"), room=one_of(room, ROOM, "service.room")
        )

    @act
    def lapse(self, *, by: Decision | None = None) -> Self:
        """The entry is no longer in its source."""
        return self

    def why_not(self, today: date) -> tuple[str, ...]:
        """What stands against referring somebody there now, as codes: `gone`, `full`, `waiting_list`,
        `more_to_ask`; and `stale` if nobody has made sure of the entry in half a year (own choice). Empty:
        nothing is known to."""
        found = ["gone"] if self.state == "gone" else []
        found += [self.room] if self.room in {"full", "waiting_list", "more_to_ask"} else []
        at_source = self.assured_at.date() if self.assured_at is not None else None
        seen = max((day for day in (self.assured_on, at_source) if day is not None), default=None)
        return (*found, "stale") if seen is None or today - seen > STALE else tuple(found)


_PARTS: dict[str, type[Part]] = {"places": Place, "phones": Phone}
_NO_FIELDS = frozenset({"id", "state", "extra"})


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    """The fields for a `Service`, made of what an entry says."""
    if not_said := _NO_FIELDS & entry.keys():
        raise Malformed("the kit sets that itself", where=f"service.{min(not_said)}")
    if "name" in entry:
        named(entry["name"], "service.name")
    if "room" in entry:
        one_of(entry["room"], ROOM, "service.room")
    made = {
        name: tuple([one if isinstance(one, part) else part(**one) for one in entry[name]])
        for name, part in _PARTS.items()
        if name in entry
    }
    return {name: tuple(held) if isinstance(held, list) else held for name, held in entry.items()} | made
