# SPDX-License-Identifier: Apache-2.0
"""A listing as the fields of peerkit's own `Service`: the one place where the two meet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from peerkit_hsds.filters import languages_of, needs_of, places_of
from peerkit_hsds.values import Address, Listing, Place, Schedule

FORM = "1"
"""Which form of entry is made here. With another one, entries imported before count as changed, once."""

_DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
_ORDER = tuple(_DAYS)


def entry(listing: Listing, *, source: str) -> dict[str, Any]:
    """The arguments of `Service.list` and `Service.revise`, plain values only.

    `source` names the directory; with `source_key` it tells whether an entry is known already. What `Service`
    has no field for goes to its `more`.
    """
    addresses = listing.all_addresses()
    website = next(iter(listing.urls), "") or listing.organization_url
    more = {
        **listing.extra(),
        "status": listing.status if listing.status != "active" else "",
        "organization": listing.organization_description,
        "program": listing.program,
        "wait": listing.wait_time,
        "payments": ", ".join(listing.payments),
        "languages": listing.languages_text,
        "interpretation": listing.interpretation,
        "accreditations": listing.accreditations,
        "licences": listing.licences,
        "funding": "\n".join(listing.funding),
        "contacts": "\n".join(" · ".join(filter(None, (c.name, c.title, c.email))) for c in listing.contacts),
        "further addresses": "\n".join(_line(a) for a in addresses if a.kind == "postal"),
        "further websites": "\n".join(listing.urls[1:]),
        "places joined by": ""
        if all(p.link == "service" for p in listing.places)
        else listing.places[0].link,
        "needs found in its words": ", ".join(n.name for n in listing.needs if not n.stated),
        "assured by": listing.assured_by,
        "modified": listing.modified_at,
        "origin": str(listing.origin),
    }
    ages = " to ".join(filter(None, (listing.minimum_age, listing.maximum_age)))
    costs = [" ".join(filter(None, (c.option, c.amount, c.currency, c.description))) for c in listing.costs]
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
        "places": tuple(_place(place) for place in listing.places),
        "phones": tuple(
            {"number": p.number, "extension": p.extension, "sort": p.kind, "words": p.note}
            for p in listing.all_phones()
        ),
        "email": ", ".join(listing.emails) or listing.organization_email,
        "website": website,
        "eligibility": "\n".join(filter(None, (listing.eligibility, ages and f"Ages {ages}"))),
        "fees": "\n".join(filter(None, (listing.fees, *costs))),
        "how": listing.application,
        "documents": "\n".join(document.name for document in listing.documents),
        "hours": tuple(filter(None, map(hours, listing.all_schedules()))),
        "alert": listing.alert,
        "sort": listing.kind,
        "source": source,
        "source_key": listing.key,
        "digest": digest(listing),
        "assured_at": datetime.fromisoformat(listing.assured_at).replace(tzinfo=UTC)
        if listing.assured_at
        else None,
        "more": tuple(sorted((name, text) for name, text in more.items() if text)),
    }


def digest(listing: Listing) -> str:
    """What tells whether an entry still says what its listing says."""
    return f"{FORM}:{listing.digest}"


def _place(place: Place) -> dict[str, Any]:
    where = next((a for a in place.addresses if a.kind != "postal"), None) or next(
        iter(place.addresses), Address()
    )
    return {
        "name": place.name,
        "address": ", ".join(where.lines),
        "city": where.city,
        "region": where.state or where.region,
        "postal_code": where.postal_code,
        "country": where.country,
        "transport": place.transport,
        "access": "; ".join(place.accessibility),
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _line(address: Address) -> str:
    parts = (address.attention, *address.lines, address.city, address.state, address.postal_code)
    return ", ".join(filter(None, parts))


def hours(schedule: Schedule) -> str:
    """Hours as one reads them: `Mon–Fri 09:00–17:00`, with what the source adds in words."""
    when = "closed" if schedule.closed else "–".join(filter(None, (schedule.opens, schedule.closes)))
    if not (when or schedule.text or schedule.rule):
        return ""  # a day without hours
    dates = "–".join(dict.fromkeys(filter(None, (schedule.valid_from, schedule.valid_to))))
    return " ".join(filter(None, (_run(schedule.days), when, dates, schedule.rule, schedule.text)))


def _run(days: tuple[str, ...]) -> str:
    """`Mon–Fri` for a run of three days or more, else the days one by one."""
    places = [_ORDER.index(day) for day in days]
    if len(places) > 2 and places == list(range(places[0], places[0] + len(places))):
        return f"{_DAYS[days[0]]}–{_DAYS[days[-1]]}"
    return ", ".join(_DAYS[day] for day in days)
