# SPDX-License-Identifier: Apache-2.0
"""A listing as the fields of peerkit's own `Service`: the one place where the two meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from peerkit_hsds.filters import languages_of, needs_of, places_of
from peerkit_hsds.values import Address, Contact, Language, Listing, Phone, Place, Schedule

FORM = "1"
"""Which form of entry is made here. With another one, entries imported before count as changed, once."""

_NOWHERE = Address()
_DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
_ORDER = tuple(_DAYS)


def entry(listing: Listing, *, source: str) -> dict[str, Any]:
    """The arguments of `Service.list` and `Service.revise`, plain values only.

    `source` names the directory; with `source_key` it tells whether an entry is known already. Nothing that
    the listing says is lost: what `Service` has no field for goes to its `more`.
    """
    where = [_where(place) for place in listing.places]
    ages = " to ".join(filter(None, (listing.minimum_age, listing.maximum_age)))
    costs = [
        _together(" ", c.option, c.amount, c.currency, c.description, _dates(c.valid_from, c.valid_to))
        for c in listing.costs
    ]
    return {
        "name": listing.name,
        "organization": listing.organization,
        "alternate_name": listing.alternate_name,
        "description": listing.description,
        "needs": needs_of(listing),
        "keywords": listing.keywords,
        "languages": languages_of(listing),
        "cities": places_of(listing),
        "areas": tuple(area.name or area.description for area in listing.areas),
        "places": tuple(_place(*one) for one in zip(listing.places, where, strict=True)),
        "phones": tuple(map(_phone, listing.all_phones())),
        "email": ", ".join(listing.emails) or listing.organization_email,
        "website": next(iter(listing.urls), "") or listing.organization_url,
        "eligibility": _together("\n", listing.eligibility, ages and f"Ages {ages}"),
        "fees": _together("\n", listing.fees, *costs),
        "how": listing.application,
        "documents": "\n".join(_together(" · ", one.name, one.uri) for one in listing.documents),
        "hours": tuple(filter(None, map(hours, listing.all_schedules()))),
        "alert": listing.alert,
        "sort": listing.kind,
        "source": source,
        "source_key": listing.key,
        "digest": digest(listing),
        "assured_at": datetime.fromisoformat(listing.assured_at).replace(tzinfo=UTC)
        if listing.assured_at
        else None,
        "more": tuple(sorted((name, text) for name, text in _more(listing, where).items() if text)),
    }


def _more(listing: Listing, where: Sequence[Address]) -> dict[str, str]:
    """What `Service` has no field for."""
    addresses = [a for place in listing.places for a in place.addresses] + [*listing.addresses]
    more = {
        **listing.extra(),
        "status": listing.status if listing.status != "active" else "",
        "organization": listing.organization_description,
        "organization's key": listing.organization_key,
        "organization's website": listing.organization_url if listing.urls else "",
        "organization's email": listing.organization_email if listing.emails else "",
        "program": listing.program,
        "wait": listing.wait_time,
        "payments": ", ".join(listing.payments),
        "areas": _lines(
            _together(" · ", area.name, area.description, area.uri)
            for area in listing.areas
            if (area.name and area.description) or area.uri
        ),
        "languages": listing.languages_text,
        "languages, more closely": _lines(_together(": ", one.name, one.note) for one in _noted(listing)),
        "interpretation": listing.interpretation,
        "access": "; ".join(listing.accessibility),
        "accreditations": listing.accreditations,
        "licences": listing.licences,
        "funding": "\n".join(listing.funding),
        "contacts": _lines(map(_contact, listing.contacts)),
        "further addresses": _lines(_line(a) for a in dict.fromkeys(addresses) if a not in where),
        "further websites": "\n".join(listing.urls[1:]),
        "categories": _lines(
            _together(" · ", need.name, need.code, need.taxonomy, need.kind)
            for need in listing.needs
            if need.code
        ),
        "needs found in its words": ", ".join(need.name for need in listing.needs if not need.stated),
        "assured by": listing.assured_by,
        "modified": listing.modified_at,
        "origin": str(listing.origin),
    }
    for number, place in enumerate(listing.places):
        for name, text in _more_of(place):
            more[f"places[{number}].{name}"] = text
    return more


def _more_of(place: Place) -> Iterator[tuple[str, str]]:
    yield "kind", place.kind
    yield "alternate_name", place.alternate_name
    yield "description", place.description
    yield "note", place.note
    yield "website", place.url
    yield "email", place.email
    yield "contacts", _lines(map(_contact, place.contacts))
    if place.link == "service":
        return
    yield "joined by", place.link
    if place.link == "organization":  # not surely its own, so not shown as such
        yield "phones", _lines(_together(" ", p.number, p.extension, p.note) for p in place.phones)
        yield "hours", _lines(map(hours, place.schedules))
        yield "languages", ", ".join(one.name for one in place.languages)


def _noted(listing: Listing) -> list[Language]:
    every = [*listing.languages, *(one for place in listing.places for one in place.languages)]
    return [one for one in dict.fromkeys(every) if one.note]


def _contact(one: Contact) -> str:
    return _together(" · ", one.name, one.title, one.department, one.email)


def _together(between: str, *texts: str) -> str:
    return between.join(filter(None, texts))


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _dates(since: str, until: str) -> str:
    return "–".join(dict.fromkeys(filter(None, (since, until))))


def digest(listing: Listing) -> str:
    """What tells whether an entry still says what its listing says."""
    return f"{FORM}:{listing.digest}"


def _where(place: Place) -> Address:
    """The address to go to."""
    physical = next((a for a in place.addresses if a.kind != "postal"), None)
    return physical or next(iter(place.addresses), _NOWHERE)


def _place(place: Place, where: Address) -> dict[str, Any]:
    return {
        "name": place.name,
        "address": _together(", ", where.attention, *where.lines),
        "city": where.city,
        "region": _together(", ", where.state, where.region),
        "postal_code": where.postal_code,
        "country": where.country,
        "transport": place.transport,
        "access": "; ".join(place.accessibility),
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _phone(phone: Phone) -> dict[str, Any]:
    spoken = ", ".join(phone.languages)
    return {
        "number": phone.number,
        "extension": phone.extension,
        "sort": phone.kind,
        "words": _together("; ", phone.note, spoken),
    }


def _line(address: Address) -> str:
    place = (address.city, address.state, address.region, address.postal_code, address.country)
    return _together(", ", address.attention, *address.lines, *place)


def hours(schedule: Schedule) -> str:
    """Hours as one reads them: `Mon–Fri 09:00–17:00`, with what the source adds in words."""
    when = "closed" if schedule.closed else "–".join(filter(None, (schedule.opens, schedule.closes)))
    if not (when or schedule.text or schedule.rule):
        return ""  # a day without hours
    dates = _dates(schedule.valid_from, schedule.valid_to)
    return _together(" ", _run(schedule.days), when, dates, schedule.rule, schedule.text)


def _run(days: tuple[str, ...]) -> str:
    """`Mon–Fri` for a run of three days or more, else the days one by one."""
    places = [_ORDER.index(day) for day in days]
    if len(places) > 2 and places == list(range(places[0], places[0] + len(places))):
        return f"{_DAYS[days[0]]}–{_DAYS[days[-1]]}"
    return ", ".join(_DAYS[day] for day in days)
