# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with real files: what cannot be used is reported with its line, the rest comes in."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from peerkit_hsds import Listing, Report, read, shelf

import peerkit

Folder = Callable[..., Path]
SERVICES = "id,organization_id,name,description\n1,7,Food pantry,Food on Tuesdays\n2,7,Night shelter,Beds\n"
ORGANIZATIONS = "id,name,description\n7,Example church,Helps\n"


def everything(path: Path) -> tuple[dict[str, Listing], Report]:
    with read(path) as directory:
        listings = {listing.key: listing for listing in directory}
        report = directory.report
    assert report.adds_up
    return listings, report


def told(report: Report) -> list[tuple[str, int, str]]:
    return [(p.file, p.line, p.code) for p in report.problems]


def noted(report: Report) -> set[tuple[str, int, str]]:
    return {(n.file, n.line, n.code) for n in report.notes}


@pytest.mark.parametrize(
    "what", ["nothing", "empty folder", "only a text", "empty archive", "damaged archive"]
)
def test_what_is_no_directory_is_malformed(what: str, tmp_path: Path) -> None:
    place = tmp_path / "there"
    if what in {"empty folder", "only a text"}:
        place.mkdir()
    if what == "only a text":
        (place / "README.txt").write_text("hello")
    if what == "empty archive":
        place = tmp_path / "there.zip"
        zipfile.ZipFile(place, "w").close()
    if what == "damaged archive":
        place = tmp_path / "there.zip"
        place.write_bytes(b"PK\x03\x04 nothing more")
    with pytest.raises(peerkit.Malformed) as caught:
        read(place)
    assert str(place) in str(caught.value)


def test_the_report_waits_for_the_last_listing(folder: Folder) -> None:
    with read(folder({"services.csv": SERVICES})) as directory:
        next(directory)
        with pytest.raises(peerkit.Malformed):
            _ = directory.report


def test_a_missing_name_column_reports_each_row_and_notes_the_column(folder: Folder) -> None:
    listings, report = everything(
        folder({"services.csv": "id,organization_id,email\n1,7,a@example.org\n2,7,\n"})
    )
    assert ("services.csv", 1, "missing-column") in noted(report)
    assert told(report) == [
        ("services.csv", 3, "no-name")
    ]  # an e-mail address is something; its name is missing
    assert listings["service:1"].name == "service:1"


def test_a_missing_id_column_makes_ids_that_stay(folder: Folder) -> None:
    path = folder({"services.csv": "name,description\nFood pantry,Food\nShelter,Beds\n"})
    first, report = everything(path)
    assert {n.code for n in report.notes} == {"missing-column", "no-id"}
    (path / "services.csv").write_text("name,description\nShelter,Beds\nFood pantry,Food\n")
    again, _ = everything(path)
    assert set(first) == set(again)
    assert all(key.startswith("service:~") for key in first)


def test_a_missing_link_column_reports_rows_that_belong_to_nothing(folder: Folder) -> None:
    listings, report = everything(folder({"services.csv": SERVICES, "phones.csv": "id,number\n1,555-0100\n"}))
    assert told(report) == [("phones.csv", 2, "no-owner")]
    assert len(listings) == 2


def test_windows_1252_is_read_as_such_and_noted_with_its_line(folder: Folder) -> None:
    text = "id,name,description\n1,Café,plain\n2,Refugio,El niño – aquí\n"
    listings, report = everything(folder({"services.csv": text.encode("cp1252")}))
    assert listings["service:1"].name == "Café"
    assert listings["service:2"].description == "El niño – aquí"
    assert ("services.csv", 2, "encoding") in noted(report)
    assert [n.rows for n in report.notes if n.code == "encoding"] == [2]


def test_one_careless_byte_does_not_spoil_the_rest_of_its_line(folder: Folder) -> None:
    raw = "id,name,description\n1,Café,".encode() + b"\x93quoted\x94 " + "naïve\n".encode()
    listings, _ = everything(folder({"services.csv": raw}))
    assert listings["service:1"].name == "Café"
    assert listings["service:1"].description == "“quoted” naïve"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_marks_at_the_beginning_are_no_part_of_the_first_column(encoding: str, folder: Folder) -> None:
    listings, _ = everything(folder({"services.csv": "id,name\n1,Ánimo\n".encode(encoding)}))
    assert listings["service:1"].name == "Ánimo"


@pytest.mark.parametrize("piece", ["x", "x" * 99 + "\n", "x" * 99 + "\r\n"])
def test_a_field_of_ten_megabytes_is_reported_and_the_next_row_comes_in(piece: str, folder: Folder) -> None:
    huge = piece * (10 * 1024 * 1024 // len(piece))
    text = f'id,name,description\n1,First,"{huge}"\n2,Second,short\n'
    listings, report = everything(folder({"services.csv": text}))
    assert [(f, line, c) for f, line, c in told(report) if c == "field-too-large"] == [
        ("services.csv", 2, "field-too-large")
    ]
    assert listings["service:2"].description == "short"
    assert len(listings) == 1


def test_a_huge_text_in_json_is_reported_too(folder: Folder) -> None:
    text = '[{"id": "1", "name": "First", "fees": "%s"},\n{"id": "2", "name": "Second", "fees": "none"}]'
    listings, report = everything(folder({"services.json": text % ("x" * 10_000_000)}))
    assert told(report) == [("services.json", 1, "field-too-large")]
    assert list(listings) == ["service:2"]


def test_the_first_of_two_rows_with_one_id_stands(folder: Folder) -> None:
    text = SERVICES + "1,7,Clothes closet,Clothes\n1,7,Food pantry,Food on Tuesdays\n"
    listings, report = everything(folder({"services.csv": text}))
    assert told(report) == [("services.csv", 4, "duplicate-id")]
    assert listings["service:1"].name == "Food pantry"
    assert dict(report.files[0].kept_as)["repeat of an earlier row"] == 1


def test_ids_agree_however_a_spreadsheet_wrote_them(folder: Folder) -> None:
    files = {
        "organizations.csv": "id,name\nA1,Example church\n",
        "services.csv": "id,organization_id,name\n12.0, a1 ,Food pantry\n",
        "phones.csv": "id,service_id,number\n1,12,555-0100\n",
    }
    listings, report = everything(folder(files))
    assert report.reported == 0
    assert listings["service:12"].organization == "Example church"
    assert listings["service:12"].phones[0].number == "555-0100"


def test_what_points_at_nothing_is_reported_or_noted(folder: Folder) -> None:
    files = {
        "organizations.csv": ORGANIZATIONS,
        "services.csv": SERVICES + "3,99,Legal advice,Mondays\n",
        "phones.csv": "id,service_id,organization_id,number\n1,55,,555-0100\n2,55,7,555-0101\n",
        "services_at_location.csv": "id,service_id,location_id\n1,1,44\n2,66,44\n",
    }
    listings, report = everything(folder(files))
    assert told(report) == [
        ("services_at_location.csv", 2, "dangling"),
        ("services_at_location.csv", 3, "dangling"),
        ("phones.csv", 2, "dangling"),
    ]
    assert {("services.csv", 4, "dangling"), ("phones.csv", 3, "dangling")} <= noted(report)
    assert listings["service:1"].organization_phones[0].number == "555-0101"
    assert listings["service:3"].organization_key == "organization:99"


def test_a_header_without_rows_is_a_directory_in_which_nothing_may_be_marked_as_gone(folder: Folder) -> None:
    listings, report = everything(folder({"services.csv": "id,organization_id,name\n", "phones.csv": ""}))
    assert listings == {}
    assert report.rows == 0
    assert not report.whole
    assert report.skipped == (("phones.csv", "it is empty"),)


def test_nul_bytes_and_other_controls_go_and_are_noted(folder: Folder) -> None:
    listings, report = everything(folder({"services.csv": b"id,name,description\n1,F\x00ood\x07,a\x0bb\n"}))
    assert (listings["service:1"].name, listings["service:1"].description) == ("Food", "ab")
    assert ("services.csv", 2, "control-characters") in noted(report)


def test_half_characters_and_numbers_that_are_none_become_text_that_can_be_stored(folder: Folder) -> None:
    text = (
        '{"id": "1", "name": "Half \\ud800 character", "status": "active", "minimum_age": NaN, "fees": 1e999}'
    )
    listings, _ = everything(folder({"service.json": text}))
    listing = listings["service:1"]
    listing.name.encode()
    assert listing.name == "Half \ufffd character"
    assert (listing.minimum_age, listing.fees) == ("", "1e999")


def test_coordinates_off_the_earth_are_kept_as_text(folder: Folder) -> None:
    files = {
        "services.csv": "id,location_id,name\n1,5,Food pantry\n2,6,Shelter\n3,8,Clinic\n",
        "locations.csv": "id,name,latitude,longitude\n5,Hall,NaN,1\n6,House,200,1\n8,Barn,43.5,-80.5\n",
    }
    listings, report = everything(folder(files))
    assert [listings[f"service:{n}"].places[0].latitude for n in (1, 2, 3)] == [None, None, 43.5]
    assert listings["service:2"].extra()["places[0].latitude"] == "200"
    assert {("locations.csv", 2, "bad-coordinates"), ("locations.csv", 3, "bad-coordinates")} <= noted(report)


def test_a_comma_too_many_is_not_taken_for_the_next_column(folder: Folder) -> None:
    files = {
        "services.csv": SERVICES,
        "phones.csv": "id,service_id,number,type\n1,1,555,0100,voice\n2,1,555-0101,voice,,\n",
    }
    listings, report = everything(folder(files))
    assert told(report) == [("phones.csv", 2, "too-many-fields")]
    assert [p.number for p in listings["service:1"].phones] == ["555-0101"]


def test_a_quotation_mark_that_never_closes_costs_one_row(folder: Folder) -> None:
    text = SERVICES + '3,7,"Legal advice,Mondays\n4,7,Clinic,Free\n5,7,"Choir, the",Sings\n'
    listings, report = everything(folder({"services.csv": text}))
    assert told(report) == [("services.csv", 4, "unclosed-quote")]
    assert set(listings) == {"service:1", "service:2", "service:4", "service:5"}
    assert listings["service:5"].name == "Choir, the"


def test_quotation_marks_within_words_are_mended(folder: Folder) -> None:
    text = 'id,name,description\n1,The "Hub","He said "come in" once\nand they "did" so"\n2,Clinic,Free\n'
    listings, report = everything(folder({"services.csv": text}))
    assert report.reported == 0
    assert listings["service:1"].description == 'He said "come in" once\nand they "did" so'
    assert listings["service:1"].name == 'The "Hub"'


def test_a_file_cut_off_in_the_middle_is_not_whole(folder: Folder) -> None:
    whole = '[{"id": "1", "name": "Pantry", "fees": "none"},\n{"id": "2", "name": "Shelter", "fees": "none"}]'
    listings, report = everything(folder({"services.json": whole[:70]}))
    assert list(listings) == ["service:1"]
    assert [p.code for p in report.problems] == ["bad-json"]
    assert not report.whole


def test_one_broken_line_of_many_costs_that_line(folder: Folder) -> None:
    text = (
        '{"id": "1", "name": "A", "fees": "0"}\n{"id": "2", "name":\n{"id": "3", "name": "C", "fees": "0"}\n'
    )
    for name in ("services.ndjson", "services.json"):
        listings, report = everything(folder({name: text}))
        assert {"service:1", "service:3"} <= set(listings), name
    assert ("services.ndjson", 2, "bad-json") in told(report)


def test_an_archive_damaged_inside_gives_what_can_be_read(folder: Folder, tmp_path: Path) -> None:
    path = tmp_path / "directory.zip"
    rows = "".join(f"{n},7,Service {n},{os.urandom(40).hex()}\n" for n in range(2000))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("organizations.csv", ORGANIZATIONS)
        archive.writestr("services.csv", "id,organization_id,name,description\n" + rows)
    raw = bytearray(path.read_bytes())
    raw[len(raw) * 2 // 3] ^= 0xFF
    path.write_bytes(raw)
    listings, report = everything(path)
    assert not report.whole
    assert len(listings) < 2001
    assert (
        any(n.code == "ends-early" for n in report.notes)
        or ("services.csv", "it cannot be read") in report.skipped
    )


def test_nested_without_end_is_reported(folder: Folder) -> None:
    value = '{"id": "1", "name": "A", "fees": "none"}'
    for n in range(40):
        value = f'{{"name": "B{n}", "fees": "none", "organization": {{"name": "O", "services": [{value}]}}}}'
    _, report = everything(folder({"services.json": value}))
    assert "too-deep" in {p.code for p in report.problems}
    _, report = everything(folder({"services.json": "[" * 100_000}))
    assert {p.code for p in report.problems} >= {"too-deep"}


def test_what_is_no_table_of_hsds_is_reported_whole(folder: Folder) -> None:
    _, report = everything(
        folder({"services.csv": SERVICES, "cats.csv": "cat,colour\nTom,grey\nKitty,white\n"})
    )
    assert [(p.file, p.line, p.code, p.rows) for p in report.problems] == [
        ("cats.csv", 2, "unknown-table", 2)
    ]


def test_rows_of_blanks_are_rows_and_empty_lines_are_none(folder: Folder) -> None:
    _, report = everything(folder({"services.csv": SERVICES + "\n , ,,\n\n"}))
    assert told(report) == [("services.csv", 5, "blank")]
    assert report.files[0].rows == 3


def test_links_and_pipes_are_left_alone(folder: Folder) -> None:
    path = folder({"services.csv": SERVICES})
    (path / "phones.csv").symlink_to("/etc/passwd")
    os.mkfifo(path / "locations.csv")
    listings, report = everything(path)
    assert len(listings) == 2
    assert [f.name for f in report.files] == ["services.csv"]


def test_an_id_without_end_is_an_id(folder: Folder) -> None:
    listings, report = everything(folder({"services.csv": f"id,name\n{'9' * 5000},Food pantry\n"}))
    assert report.reported == 0
    assert len(listings) == 1


def test_rows_that_do_not_fit_in_memory_wait_in_a_file(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SERVICES + "".join(f"{n},7,Service {n},{'words ' * n}\n" for n in range(3, 60))
    phones = "id,service_id,number\n" + "".join(f"{n},{n},555-01{n:02}\n" for n in range(1, 60))
    path = folder({"services.csv": text, "organizations.csv": ORGANIZATIONS, "phones.csv": phones})
    held, report = everything(path)
    monkeypatch.setattr(shelf, "IN_MEMORY", 1000)
    filed, again = everything(path)
    assert filed == held
    assert again == report


def test_a_place_for_waiting_rows_that_is_not_there_is_said(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "IN_MEMORY", 10)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(peerkit.StorageError, match="TMPDIR"):
        read(folder({"services.csv": SERVICES}))
