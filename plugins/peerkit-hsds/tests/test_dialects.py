# SPDX-License-Identifier: Apache-2.0
"""One service told in every dialect is one listing; the dialect is found out from the files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from peerkit_hsds import Listing, Report, read

Folder = Callable[..., Path]

DIALECTS = Path(__file__).with_name("dialects")
"""One fictional service, told in each of them."""
NAMES = {
    "ohana-csv": "Ohana CSV (HSDS 1.0 and before), CSV without a data package",
    "hsds-1.1": "HSDS 1.1, CSV with a data package",
    "hsds-2": "HSDS 2, CSV without a data package",
    "hsds-3.0": "HSDS 3.0, JSON",
    "hsds-3.0-page": "HSDS 3.0, JSON",
    "hsds-3.0-lines": "HSDS 3.0, NDJSON",
    "hsds-3.1": "HSDS 3.1 or later, JSON",
    "uk-1": "Open Referral UK 1, JSON",
    "ohana-json": "Ohana JSON, JSON",
}


def texts(name: str) -> dict[str, str]:
    """The files of a dialect, without folders."""
    return {file.name: file.read_text() for file in (DIALECTS / name).rglob("*.*")}


def everything(path: Path) -> tuple[list[Listing], Report]:
    with read(path) as directory:
        listings = list(directory)
        report = directory.report
    assert report.adds_up
    assert report.reported == 0, report.problems
    assert report.whole
    return listings, report


@pytest.mark.parametrize("name", NAMES)
def test_one_service_in_every_dialect(name: str) -> None:
    listings, report = everything(DIALECTS / name)
    dialect = NAMES[name]
    assert report.dialect == dialect
    (service,) = [listing for listing in listings if listing.kind == "service"]
    assert (service.name, service.status, service.organization) == ("Food pantry", "active", "Example church")
    assert service.organization_url == "http://example.org"
    assert service.organization_email == "info@example.org"
    assert service.fees == "None."
    (place,) = service.places
    assert (place.name, place.latitude, place.longitude) == ("Parish hall", 43.5, -80.5)
    assert (place.addresses[0].lines, place.addresses[0].city) == (("1 King St",), "Guelph")
    assert place.addresses[0].postal_code == "N1H 1A1"
    assert {phone.number for phone in service.all_phones()} >= {"519 555-0101"}
    hours = service.all_schedules()
    assert [(h.days, h.opens, h.closes) for h in hours if h.days] in ([(("MO", "TU"), "09:00", "17:00")], [])
    assert hours
    if "Ohana JSON" not in dialect:
        assert "Emergency Food" in {need.name for need in service.needs}
        assert all(need.stated for need in service.needs)
    if "HSDS 2" not in dialect:
        assert service.eligibility == "Anyone"


def test_what_newer_versions_add_is_kept() -> None:
    (service,), _ = everything(DIALECTS / "hsds-3.1")
    assert service.urls == ("http://example.org/menu",)
    assert service.extra()["service_capacity[0].available"] == "12"
    assert service.extra()["url[0].label"] == "Menu"
    assert service.assured_at == "2025-11-02"


def test_what_nobody_foresaw_is_kept_verbatim(folder: Folder) -> None:
    odd = {
        **json.loads(texts("hsds-3.0")["service.json"]),
        "parking": "Behind the church",
        "crew": {"cooks": [3, None, True]},
    }
    (service,), _ = everything(folder({"services.json": json.dumps([odd])}))
    assert service.extra()["parking"] == "Behind the church"
    assert json.loads(service.extra()["crew"]) == {"cooks": ["3", None, True]}
    tables = texts("ohana-csv")
    tables["services.csv"] = tables["services.csv"].replace("keywords", "Sunday rota")
    (listing,), _ = everything(folder(tables))
    assert listing.extra()["sunday_rota"] == "food"


def test_a_zip_a_folder_in_a_folder_and_one_file_read_the_same(folder: Folder, tmp_path: Path) -> None:
    files = {name: text for name, text in texts("hsds-1.1").items() if name != "datapackage.json"}
    path = folder({f"export/2026/{name}": text for name, text in files.items()})
    archive = tmp_path / "directory.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for file in sorted(path.rglob("*.csv")):
            zipped.write(file, file.relative_to(path))
        zipped.writestr("__MACOSX/._services.csv", b"\x00\x05")
    assert everything(path)[0] == everything(archive)[0] == everything(path / "export" / "2026")[0]
    (alone,), report = everything(path / "export" / "2026" / "services.csv")
    assert alone.name == "Food pantry"
    assert ("services.csv", 2, "dangling") in {(n.file, n.line, n.code) for n in report.notes}


def test_tables_are_known_by_their_columns_and_separators(folder: Folder) -> None:
    known = texts("hsds-2")
    files = {
        "Export Dienste 3.csv": known["services.csv"].replace(",", ";"),
        "orte.tsv": known["locations.csv"].replace(",", "\t"),
        "nummern.csv": known["phones.csv"].replace("en, es", "en es"),
        "wo.csv": known["services_at_location.csv"],
    }
    (service,), report = everything(folder(files))
    assert service.places[0].name == "Parish hall"
    assert service.phones[0].number == "519 555-0101"
    assert {f.name: f.table for f in report.files}["nummern.csv"] == "phone"


def test_summaries_and_full_entries_of_one_thing_are_one_listing(folder: Folder) -> None:
    summary = {"id": "1", "name": "Food pantry", "status": "active"}
    listings, report = everything(
        folder(
            {
                "a_list.json": json.dumps({"contents": [summary]}),
                "b_full.json": texts("hsds-3.0")["service.json"],
            }
        )
    )
    assert len(listings) == 1
    assert listings[0].places
    assert sum(dict(f.kept_as).get("repeat of an earlier row", 0) for f in report.files) == 1
