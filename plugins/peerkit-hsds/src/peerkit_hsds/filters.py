# SPDX-License-Identifier: Apache-2.0
"""What one filters a directory by: need, language, place, in the source's own words, each once.

`Service` compares them without capitals, accents and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from peerkit_hsds.languages import languages_in
from peerkit_hsds.text import fold
from peerkit_hsds.values import Address, Listing

_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?")
_CANADA = re.compile(r"([A-Z]\d[A-Z]) ?(\d[A-Z]\d)")
_BRITAIN = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})")


def needs_of(listing: Listing) -> tuple[str, ...]:
    """Its categories and the broader ones above them: who asks for `Food` wants food pantries too."""
    return _distinct(name for need in listing.needs for name in (need.name, *need.above))


def languages_of(listing: Listing) -> tuple[str, ...]:
    """The languages spoken at the service or at a place that is surely its own, by name and by code."""
    spoken = [*listing.languages]
    for place in listing.places:
        if place.link != "organization":
            spoken += place.languages
    # `Chinese (Mandarin)` is both.
    named = [known for one in spoken for known in (one, *languages_in(one.name))]
    return _distinct(word for one in named for word in (one.name, one.code))


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
    words += [area.name for area in listing.areas if len(area.name) <= 60]
    return _distinct(words)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Each word once, as it is written where it stands first."""
    found: dict[str, str] = {}
    for word in words:
        if folded := fold(word):
            found.setdefault(folded, word)
    return tuple(found.values())


def _words(address: Address) -> Iterator[str]:
    yield address.city
    yield from postal_words(address.postal_code)
    yield address.region
    yield address.state


def postal_words(code: str) -> tuple[str, ...]:
    """A postal code in the forms that people type."""
    plain = fold(code).upper()
    if match := _ZIP.fullmatch(plain):
        return (match[1],)
    for form in (_CANADA, _BRITAIN):
        if match := form.fullmatch(plain):
            return (f"{match[1]} {match[2]}", match[1])
    return (plain,) if plain else ()
