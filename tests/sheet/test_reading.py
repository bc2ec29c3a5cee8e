# SPDX-License-Identifier: Apache-2.0
"""Bad spreadsheets: each row says what was wrong with it, and nothing is guessed."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from peerkit.errors import Malformed
from peerkit.kit import Kit
from peerkit.sheet.columns import Given, find, read_map, rows
from peerkit.sheet.reading import MOST_EMPTY, File
from peerkit.sheet.report import REASONS, Report

Bring = Callable[..., Report]
Write = Callable[..., Path]


def reasons(report: Report) -> dict[int, list[tuple[str, str]]]:
    return {one.row: [(p.code, p.column) for p in one.problems] for one in report.rows if one.problems}


def bands(kit: Kit) -> dict[str, str | None]:
    return {one.name: one.age_band for one in kit._find_all("person") if one.name != "Robin Example"}


def test_a_workbook_is_read_below_its_title(kit: Kit, bring: Bring, workbook: Write) -> None:
    report = bring(
        workbook(
            [
                ["Our list"],
                [],
                ["Name", "Born", "Phone", "Age"],
                ["Maya", date(2000, 2, 29), 5550101.0, 26],
            ],
            lambda sheet: sheet.merge_cells("A1:D1"),
        )
    )
    assert (report.columns.heading, report.totals["made"]) == (3, 1)
    [maya] = [one for one in kit._find_all("person") if one.name == "Maya"]
    assert (maya.reach, maya.age_band) == (("phone:5550101",), "25-64")


def test_merged_cells_are_named_and_their_rows_stay_out(kit: Kit, bring: Bring, workbook: Write) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("B2:B3")  # one number for two people
        sheet.merge_cells("D5:E6")  # in a column that nothing is taken from

    report = bring(
        workbook(
            [
                ["Name", "Phone", "Note"],
                ["Maya", "555-0101"],
                ["Lou", None],
                ["Tim", "555-0103"],
                ["Ana"],
                ["Zoe"],
            ],
            merge,
        )
    )
    assert reasons(report) == {2: [("merged", "B")], 3: [("merged", "B")]}
    assert set(bands(kit)) == {"Tim", "Ana", "Zoe"}


def test_a_formula_gives_its_value_or_a_reason(bring: Bring, tmp_path: Path, workbook: Write) -> None:
    path = workbook([["Name", "Phone"], ["Maya", "555-0101"], ["=UPPER(A2)", "555-0102"]])
    assert reasons(bring(path)) == {3: [("formula", "A")]}


def test_a_formula_with_its_value_is_read(kit: Kit, bring: Bring, workbook: Write) -> None:
    import zipfile

    path = workbook([["Name", "Phone"], ["Maya", "=1+1"]])
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"<f>1+1</f><v />", b"<f>1+1</f><v>5550109</v>"
    ).replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>5550109</v>")
    assert parts["xl/worksheets/sheet1.xml"] != sheet
    with zipfile.ZipFile(path, "w") as archive:
        for name, held in parts.items():
            archive.writestr(name, held)
    assert bring(path).totals["made"] == 1
    assert [one.reach for one in kit._find_all("person") if one.name == "Maya"] == [("phone:5550109",)]


def test_a_csv_runs_no_formula(bring: Bring, table: Write) -> None:
    assert reasons(bring(table('Name\n"=HYPERLINK(""http://x"")"\n'))) == {2: [("formula", "A")]}


def test_a_day_that_can_be_read_in_two_ways_is_asked_about(kit: Kit, bring: Bring, table: Write) -> None:
    text = (
        "Name;Date of birth\nAmbiguous;03/04/2012\nDay first;25/04/2012\n"
        "Month first;04/25/2012\n"
        "Same;05/05/2012\n"
        "Words;4 avril 2012\nMore words;April 4, 2012\nShort;25/04/12\nNone;30/02/2012\nIso;2012-04-03\n"
    )
    assert reasons(bring(table(text))) == {
        2: [("ambiguous-day", "B")],
        8: [("short-year", "B")],
        9: [("no-day", "B")],
    }
    assert set(bands(kit).values()) == {"under-16"}


def test_a_mapping_says_the_order_of_days(bring: Bring, table: Write, tmp_path: Path) -> None:
    toml = tmp_path / "map.toml"
    toml.write_text('[columns]\nname = "Wer"\nborn = "B"\n[dates]\nborn = "day-first"\n', encoding="utf-8")
    report = bring(table("Wer,Wann\nMaya,03/04/2012\nLou,04/25/2012\n"), read_map(toml))
    assert reasons(report) == {3: [("other-order", "B")]}


def test_days_that_a_spreadsheet_may_have_turned_around(bring: Bring, workbook: Write) -> None:
    """Read month first, 04/03/2012 became a day of April and 25/03/2012 stayed a text."""
    days = [date(2012, 4, 3), "25/03/2012", date(2012, 4, 25), date(2012, 6, 6)]
    report = bring(workbook([["Name", "DOB"], *([f"Person {n}", day] for n, day in enumerate(days))]))
    assert reasons(report) == {2: [("turned-day", "B")]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_so_are_read(kit: Kit, bring: Bring, table: Write, encoding: str) -> None:
    bring(table("Name\nZoë\n", encoding))
    assert set(bands(kit)) == {"Zoë"}


def test_another_encoding_is_refused_before_anything_comes_in_and_can_be_named(
    kit: Kit, bring: Bring, table: Write
) -> None:
    file = table("Name\n" + "Maya\n" * 3 + "CANARY Zoë\n", "cp1252")
    with pytest.raises(Malformed, match="--encoding") as told:
        bring(file)
    assert "CANARY" not in str(told.value)
    assert bands(kit) == {}
    bring(file, encoding="windows-1252")
    assert set(bands(kit)) == {"Maya", "CANARY Zoë"}


def test_a_million_empty_rows_end_early_and_in_little_memory(kit: Kit, bring: Bring, tmp_path: Path) -> None:
    from openpyxl import Workbook

    def peak(formatted: int) -> tuple[int, Report]:
        """The most memory that bringing this in held: rows without a word that somebody formatted."""
        book = Workbook()
        book.active.append(["Name", "Phone"])
        book.active.append(["Maya", "555-0101"])
        for row in range(3, 3 + formatted):
            book.active.cell(row, 1).number_format = "@"
        book.active.cell(3 + formatted, 1).value = "Too far"
        path = tmp_path / "long.xlsx"
        book.save(path)
        del book
        tracemalloc.start()
        try:
            report = bring(path)
            return tracemalloc.get_traced_memory()[1], report
        finally:
            tracemalloc.stop()

    peak(2_000)  # what is imported on the way is not the file's
    short, _ = peak(2_000)
    long, report = peak(60_000)
    assert long < 4 * short  # 2.0 measured, for thirty times the rows: a piece of its XML is held, never all
    assert (report.totals["rows"], report.ended) == (1, 2 + MOST_EMPTY)
    assert set(bands(kit)) == {"Maya"}


def test_a_title_above_a_csv_does_not_hide_what_separates_it(bring: Bring, table: Write) -> None:
    report = bring(table("Our people, 2026\nName;Phone\nMaya;555-0101\n"))
    assert (report.columns.heading, report.totals["made"]) == (2, 1)


def test_empty_rows_between_are_counted(table: Write) -> None:
    file = File(table("Name\nMaya\n\n,,\nLou\n"))
    found = rows(file, find(file, Given()))
    assert [one.number for one in found] == [2, 5]
    assert (found.empty, found.ended) == (2, 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("CANARY,CANARY\nMaya,1\n", "--map"),
        ("Name,Member\nMaya,Lou\n", "A, B"),
        ('Name\n"CANARY', "made"),
        ("", "--map"),
    ],
)
def test_a_file_that_is_no_list_of_people(bring: Bring, table: Write, text: str, says: str) -> None:
    if says == "made":  # an open quotation mark at the very end is a name all the same
        assert bring(table(text)).totals["made"] == 1
        return
    with pytest.raises(Malformed, match=says) as told:
        bring(table(text))
    assert "CANARY" not in str(told.value)


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old"])
def test_broken_and_old_workbooks(bring: Bring, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    with pytest.raises(Malformed, match="xlsx"):
        bring(path)


@pytest.mark.parametrize(
    "text",
    [
        "columns = 3",
        '[columns]\nshoe = "A"',
        '[dates]\nborn = "whichever"',
        "heading = -1",
        "= broken",
        "other = 1",
    ],
)
def test_a_mapping_that_does_not_fit(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Malformed, match="--map"):
        read_map(path)


def test_other_cells_that_do_not_fit(bring: Bring, table: Write) -> None:
    text = "Name,Phone,Email,Asks,Age group,Languages,Best time\n,1,,,,,\nMaya,5.55E+09,,,,,\n"
    text += "Lou,,at home,,,,\nTim,,,perhaps,,,\nAna,,,,old,,\nNoor,,,,,Elvish,\nKai,,,,,,after supper\n"
    text += "Sol,,,,,French; en,mon-fri 18:00-20:00\n"
    found = reasons(bring(table(text)))
    assert {row: [code for code, _ in held] for row, held in found.items()} == {
        2: ["no-name", "no-number"],
        3: ["cut-number"],
        4: ["no-address"],
        5: ["no-yes-or-no"],
        6: ["no-such-word"],
        7: ["no-language"],
        8: ["no-hours"],
    }
    assert {code for held in found.values() for code, _ in held} <= set(REASONS)
