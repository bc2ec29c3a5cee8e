# SPDX-License-Identifier: Apache-2.0
"""What a listing says is in its entry, word for word, wherever in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from peerkit_hsds import Listing, entry, read

DIALECTS = Path(__file__).with_name("dialects")


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def said(listing: Listing) -> Iterator[str]:
    """What the listing says: not how it hangs together inside, and days in the words that people use."""
    plain = attrs.asdict(listing)
    for place in plain["places"]:
        del place["key"], place["link"]
    for need in plain["needs"]:
        del need["stated"]
        if not need["code"]:
            del need["taxonomy"], need["kind"]
    for address in (*plain["addresses"], *(a for place in plain["places"] for a in place["addresses"])):
        del address["kind"]
    for held in (plain, *plain["places"]):
        for hours in held["schedules"]:
            del hours["days"]
            if not (hours["opens"] or hours["closes"] or hours["text"] or hours["rule"] or hours["closed"]):
                hours.clear()  # a day without hours
            elif hours["closed"]:
                del hours["opens"], hours["closes"]
    if plain["status"] == "active":
        del plain["status"]
    del plain["origin"], plain["kind"], plain["assured_at"]
    return texts(plain)


def lost(listing: Listing) -> list[str]:
    everything = "\0".join(texts(entry(listing, source="example")))
    return [text for text in said(listing) if text not in everything]


@pytest.mark.parametrize("dialect", sorted(p.name for p in DIALECTS.iterdir()))
def test_nothing_is_lost_of_any_dialect(dialect: str) -> None:
    with read(DIALECTS / dialect) as directory:
        for listing in directory:
            assert lost(listing) == [], listing.key


@pytest.mark.data
@pytest.mark.parametrize("name", ["baltimore", "illinois-legal-aid", "spec-3.0"])
def test_nothing_is_lost_of_real_directories(name: str, real: Callable[[str], Path]) -> None:
    with read(real(name)) as directory:
        for listing in directory:
            assert lost(listing) == [], listing.key
