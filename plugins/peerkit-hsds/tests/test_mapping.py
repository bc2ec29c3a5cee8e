# SPDX-License-Identifier: Apache-2.0
"""What of a listing becomes what of a service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
from peerkit_hsds import Schedule, entry, read
from peerkit_hsds.mapping import FORM, hours

import peerkit

DIALECTS = Path(__file__).with_name("dialects")


def test_a_listing_becomes_the_fields_of_a_service() -> None:
    with read(DIALECTS / "hsds-3.0") as directory:
        (listing,) = directory
    fields = entry(listing, source="example")
    assert set(fields) <= {field.name for field in attrs.fields(peerkit.Service)}
    assert fields["name"] == "Food pantry"
    assert fields["needs"] == ("Emergency Food",)
    assert fields["cities"] == ("Guelph", "N1H 1A1", "N1H", "ON")
    assert fields["places"][0]["address"] == "1 King St"
    assert fields["hours"] == ("Mon, Tue 09:00–17:00",)
    assert fields["assured_at"] == datetime(2025, 11, 2, tzinfo=UTC)
    assert (fields["source"], fields["source_key"], fields["digest"]) == (
        "example",
        "service:1",
        f"{FORM}:{listing.digest}",
    )
    assert dict(fields["more"])["origin"] == "service.json:1"
    assert dict(fields["more"]).get("needs found in its words") is None


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (Schedule(("MO", "TU", "WE", "TH", "FR"), "09:00", "17:00"), "Mon–Fri 09:00–17:00"),
        (Schedule(("SA", "SU"), "10:00", ""), "Sat, Sun 10:00"),
        (Schedule(("SU",)), ""),
        (Schedule(text="By appointment"), "By appointment"),
        (
            Schedule(holiday=True, closed=True, valid_from="2026-12-25", valid_to="2026-12-25"),
            "closed 2026-12-25",
        ),
        (
            Schedule(("MO",), "9 am", "noon", rule="FREQ=MONTHLY;BYDAY=1MO"),
            "Mon 9 am–noon FREQ=MONTHLY;BYDAY=1MO",
        ),
    ],
)
def test_hours_as_one_reads_them(schedule: Schedule, said: str) -> None:
    assert hours(schedule) == said


@pytest.mark.data
def test_a_whole_city_becomes_services(real: Callable[[str], Path]) -> None:
    with read(real("baltimore")) as directory:
        for listing in directory:
            fields = entry(listing, source="baltimore")
            assert all(name and text for name, text in fields["more"])
            assert fields["name"]
