# SPDX-License-Identifier: Apache-2.0
"""A newer edition: what it adds, changes, leaves alone and leaves out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from peerkit_hsds import Listing, plan, read

Folder = Callable[..., Path]
FILES = {
    "organizations.csv": "id,name\n7,Example church\n",
    "services.csv": "id,organization_id,name,description\n"
    "1,7,Food pantry,Tuesdays\n2,7,Shelter,Beds\n3,7,Choir,Sings\n",
    "phones.csv": "id,service_id,number\n1,1,555-0100\n2,2,555-0101\n",
}


def listings(path: Path) -> dict[str, Listing]:
    with read(path) as directory:
        return {listing.key: listing for listing in directory}


def steps(before: dict[str, Listing], after: dict[str, Listing]) -> dict[str, str]:
    previous = {key: listing.digest for key, listing in before.items()}
    return {step.key: step.action for step in plan(previous, after.values())}


def test_an_edition_with_differences(folder: Folder) -> None:
    before = listings(folder(FILES))
    services = (
        "id,organization_id,name,description\n4,7,Clinic,Free\n2,7,Shelter,Beds\n1,7,Food pantry,Wednesdays\n"
    )
    after = listings(folder({"services.csv": services}))
    assert steps(before, after) == {
        "service:1": "changed",
        "service:2": "same",
        "service:3": "gone",
        "service:4": "new",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("phones.csv", "555-0101", "555-0199", {"service:2"}),
        ("organizations.csv", "Example church", "Another church", {"service:1", "service:2", "service:3"}),
        ("services.csv", "Tuesdays", "Tuesdays  ", set()),  # blanks at the end say nothing
        ("services.csv", "id,", "\n\nid,", set()),  # nor does where a row stands
    ],
)
def test_whatever_a_listing_says_is_in_its_digest(
    file: str, old: str, new: str, changed: set[str], folder: Folder
) -> None:
    before = listings(folder(FILES))
    after = listings(folder({file: FILES[file].replace(old, new)}))
    assert {key for key, action in steps(before, after).items() if action == "changed"} == changed


def test_what_was_gone_and_is_back_is_new(folder: Folder) -> None:
    assert steps({}, listings(folder(FILES))) == dict.fromkeys(["service:1", "service:2", "service:3"], "new")


def test_a_digest_stays_when_nothing_is_said_of_a_field(folder: Folder) -> None:
    """Written down once: a digest that changed with the package would make every entry look edited."""
    listing = Listing("service", "service:1", "Food pantry", description="Tuesdays")
    assert listing.digest == "c8780da0a1197c3ef4700b36ccc5132f46658f12404cb07852b7eb90779780c5"


@pytest.mark.data
def test_two_rows_changed_and_one_taken_out_of_a_whole_city(
    real: Callable[[str], Path], tmp_path: Path
) -> None:
    before = listings(real("baltimore"))
    for file in real("baltimore").glob("*.csv"):
        text = file.read_bytes()
        if file.name == "services.csv":
            text = text.replace(b"made up to test", b"made up to test again")
        if file.name == "phones.csv":
            rows = text.splitlines(keepends=True)
            text = b"".join([*rows[:2], rows[2].replace(b"910-2640", b"910-2641"), *rows[3:]])
        if file.name == "organizations.csv":
            text = b"".join(row for row in text.splitlines(keepends=True) if not row.startswith(b"138041,"))
        (tmp_path / file.name).write_bytes(text)
    found = {key: action for key, action in steps(before, listings(tmp_path)).items() if action != "same"}
    assert found == {"service:144332": "changed", "service:143903": "changed", "organization:138041": "gone"}
