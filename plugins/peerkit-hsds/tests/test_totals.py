# SPDX-License-Identifier: Apache-2.0
"""Every row of every file of three real directories is kept or reported."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peerkit_hsds import Listing, Report, plan, read

pytestmark = pytest.mark.data

# What was counted by hand, with the csv module and a look at what falls out.
REPORTED = {
    "baltimore": {"no-mapping": 1296, "address-of-another": 765, "no-value": 1},
    "illinois-legal-aid": {"no-name": 1, "no-value": 19},
    "spec-3.0": {"dangling": 4, "duplicate-id": 1},
}
LISTINGS = {
    "baltimore": {"service": 1876, "organization": 1},
    "illinois-legal-aid": {"service": 429, "organization": 6, "location": 168},
    "spec-3.0": {"service": 1},
}


def everything(path: Path) -> tuple[list[Listing], Report]:
    with read(path) as directory:
        return list(directory), directory.report


def counted(file: Path) -> int:
    """The rows of a CSV file as the csv module finds them below a header."""
    with file.open(newline="", encoding="utf-8-sig") as text:
        return sum(1 for row in csv.reader(text) if row) - 1


@pytest.mark.parametrize("name", ["baltimore", "illinois-legal-aid", "spec-3.0"])
def test_the_totals_add_up_file_by_file(name: str, real: Callable[[str], Path]) -> None:
    root = real(name)
    listings, report = everything(root)
    assert report.adds_up
    assert report.whole
    for file in report.files:
        assert file.rows == file.kept + file.reported, file.name
        assert all(how for how, _ in file.kept_as), file.name
        if file.name.endswith(".csv"):
            assert file.rows == counted(root / file.name), file.name
    assert dict(report.by_reason()) == REPORTED[name]
    assert dict(report.listings) == LISTINGS[name]
    assert Counter(listing.kind for listing in listings) == LISTINGS[name]
    on_disk = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
    assert {f.name for f in report.files} | {name for name, _ in report.skipped} == on_disk


def test_every_object_of_the_standard_s_json_is_a_row(real: Callable[[str], Path]) -> None:
    root = real("spec-3.0/examples")
    for file in (
        "service_full.json",
        "organization_full.json",
        "service_list.json",
        "tabular.json",
        "location.json",
    ):
        value = json.loads((root / file).read_text(encoding="utf-8"))
        if file == "tabular.json" or "contents" in value:
            expected = sum(objects(v) for part in value.values() if isinstance(part, list) for v in part)
        else:
            expected = objects(value)
        _, report = everything(root / file)
        assert report.adds_up
        assert report.rows == expected, file


def objects(value: Any) -> int:
    """How many objects a value of JSON is made of."""
    if isinstance(value, dict):
        return 1 + sum(objects(v) for v in value.values())
    return sum(objects(v) for v in value) if isinstance(value, list) else 0


def test_each_reported_row_is_where_the_report_says(real: Callable[[str], Path]) -> None:
    root = real("baltimore")
    _, report = everything(root)
    lines = (root / "taxonomy_mapping.csv").read_text(encoding="utf-8").splitlines()
    terms = (root / "taxonomy.csv").read_text(encoding="utf-8").splitlines()
    codes = {row["taxonomy_id"] for row in csv.DictReader(terms)}
    told = [p for p in report.problems if p.file == "taxonomy_mapping.csv"]
    assert len(told) == 1296
    for problem in told:
        assert codes.isdisjoint(next(csv.reader([lines[problem.line - 1]]))), problem


def test_no_reason_or_note_quotes_the_directory(real: Callable[[str], Path]) -> None:
    _, report = everything(real("illinois-legal-aid"))
    for problem in (*report.problems, *report.notes):
        assert not any(c.isdigit() for c in problem.sentence), problem


def test_reading_twice_gives_the_same_listings_and_changes_nothing(real: Callable[[str], Path]) -> None:
    for name in ("baltimore", "illinois-legal-aid", "spec-3.0"):
        first, _ = everything(real(name))
        assert len({listing.key for listing in first}) == len(first)
        previous = {listing.key: listing.digest for listing in first}
        second, _ = everything(real(name))
        assert Counter(step.action for step in plan(previous, second)) == {"same": len(first)}


def test_progress_goes_forward_to_the_end(real: Callable[[str], Path]) -> None:
    seen = []
    with read(real("baltimore"), progress=lambda p: seen.append((p.stage, p.done, p.total))) as directory:
        expected = directory.expected
        listings = sum(1 for _ in directory)
    assert listings <= expected
    assert {stage for stage, _, _ in seen} == {"reading", "listing"}
    assert all(0 <= done <= total for _, done, total in seen)
    assert [done for stage, done, _ in seen if stage == "reading"] == sorted(
        d for s, d, _ in seen if s == "reading"
    )
    assert seen[-1] == ("listing", expected, expected)
