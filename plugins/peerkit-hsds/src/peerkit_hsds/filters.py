# SPDX-License-Identifier: Apache-2.0
"""What one filters a directory by: need, language, place, as words that compare equal however typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peerkit_hsds.languages import languages_in
from peerkit_hsds.text import fold
from peerkit_hsds.values import Address, Listing

_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?")
_CANADA = re.compile(r"([a-z]\d[a-z]) ?(\d[a-z]\d)")
_BRITAIN = re.compile(r"([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})")


def needs_of(listing: Listing) -> tuple[str, ...]:
    """Its categories and the broader ones above them: who asks for `Food` wants food pantries too."""
    return tuple(
        dict.fromkeys(fold(name) for need in listing.needs for name in (need.name, *need.above) if name)
    )


def languages_of(listing: Listing) -> tuple[str, ...]:
    """The languages spoken at the service or at a place that is surely its own, by name and by code."""
    spoken = [*listing.languages]
    for place in listing.places:
        if place.link != "organization":
            spoken += place.languages
    # `Chinese (Mandarin)` is both.
    named = [known for one in spoken for known in (one, *languages_in(one.name))]
    return tuple(
        dict.fromkeys(word for one in named for word in (fold(one.name), one.code.casefold()) if word)
    )


def places_of(listing: Listing) -> tuple[str, ...]:
    """Cities, postal codes and regions where it is or where it serves.

    A postal code comes whole and, in Canada and Britain, with its first half as well; a ZIP code without its
    four further digits. Postal addresses do not say where somebody can go, and are used only where there is
    no other.
    """
    addresses = listing.all_addresses()
    if not addresses:
        addresses = tuple(a for place in listing.places for a in place.addresses)
    there = [a for a in addresses if a.kind != "postal"] or list(addresses)
    words = [word for address in there for word in _words(address)]
    # Names of areas, not prose about them.
    words += [fold(area.name) for area in listing.areas if len(area.name) <= 60]
    return tuple(dict.fromkeys(filter(None, words)))


def _words(address: Address) -> Iterator[str]:
    yield fold(address.city)
    yield from postal_words(address.postal_code)
    yield fold(address.region)
    yield fold(address.state)


def postal_words(code: str) -> tuple[str, ...]:
    """A postal code in the forms that people type."""
    plain = fold(code)
    if match := _ZIP.fullmatch(plain):
        return (match[1],)
    for form in (_CANADA, _BRITAIN):
        if match := form.fullmatch(plain):
            return (f"{match[1]} {match[2]}", match[1])
    return (plain,) if plain else ()
