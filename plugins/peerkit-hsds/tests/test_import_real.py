# SPDX-License-Identifier: Apache-2.0
"""The three real directories, imported by the command into a program's file."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from peerkit import Service

pytestmark = pytest.mark.data
ROWS = tomllib.loads(Path(__file__).with_name("named_rows.toml").read_text(encoding="utf-8"))["row"]
ENTRIES = {"baltimore": 1877, "illinois-legal-aid": 603, "spec-3.0": 1}
REPORTED = {"baltimore": 2062, "illinois-legal-aid": 20, "spec-3.0": 5}


def counted(file: Path) -> int:
    """The rows of a CSV file as the csv module finds them below a header."""
    with file.open(newline="", encoding="utf-8-sig") as text:
        return sum(1 for row in csv.reader(text) if row) - 1


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_the_account_adds_up_row_for_row_and_the_program_holds_every_entry(
    name: str, program: Any, services: Callable[..., Any], real: Callable[[str], Path]
) -> None:
    root = real(name)
    told = program.load(root)
    assert told["adds_up"]
    assert told["whole"]
    rows = told["rows"]
    assert rows["read"] == rows["kept"] + rows["reported"] == sum(file["rows"] for file in told["files"])
    assert rows["reported"] == REPORTED[name] == sum(one["rows"] for one in told["reported"])
    for file in told["files"]:
        assert file["rows"] == file["kept"] + file["reported"], file
        assert file["kept"] == sum(file["kept_as"].values()), file
        assert file["reported"] == sum(r["rows"] for r in told["reported"] if r["file"] == file["file"])
        if file["file"].endswith(".csv"):
            assert file["rows"] == counted(root / file["file"]), file
    for one in told["reported"]:
        assert one["line"] > 0, one
        assert one["reason"], one
    on_disk = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
    assert {file["file"] for file in told["files"]} | {one["file"] for one in told["skipped"]} == on_disk
    assert told["entries"]["listed"] == ENTRIES[name]
    with program.open() as kit:
        assert len(services(kit, source=name, state="listed")) == ENTRIES[name]
        assert kit.verify().intact


def test_forty_named_rows_came_in_right(
    program: Any, services: Callable[..., Any], real: Callable[[str], Path]
) -> None:
    """The values are those of `named_rows.toml`, written there from the files; where each stands in a
    stored service is said by `stands`."""
    for name in {row["directory"] for row in ROWS}:
        program.load(real(name), "--source", name)
    wrong, checked = [], set()
    with program.open() as kit:
        for row in ROWS:
            service = services(kit, source=row["directory"], source_key=row["key"])[row["key"]]
            for path, expected in row["expect"].items():
                for found in stands(service, path):
                    checked.add((row["directory"], row["key"]))
                    if not fits(found, expected):
                        wrong.append((row["key"], path, expected, found))
    assert wrong == []
    assert len(checked) == len({(row["directory"], row["key"]) for row in ROWS})


def fits(found: Any, expected: Any) -> bool:
    """As in `named_rows.toml`; a text or a tuple of texts may hold more than the value that is named."""
    if expected == "(none)":
        return found is None
    if isinstance(expected, list):
        return all(fits(found, one) for one in expected)
    if isinstance(found, tuple) and isinstance(expected, int):
        return len(found) >= expected if expected else not found  # languages have codes beside them
    if isinstance(expected, str):
        word = expected[1:] if expected[:1] in {"~", "^"} else expected
        held = found if isinstance(found, tuple) else (found or "",)
        return any(word in one for one in held) if word else not any(held)
    return bool(found == expected)


def stands(service: Service, path: str) -> list[Any]:
    """What in a stored service says what this path of a listing says."""
    found = ((re.fullmatch(pattern, path), take) for pattern, take in PLACES.items())
    return [take(service, match) for match, take in found if match]


def _phone(service: Service, match: re.Match[str]) -> Any:
    names = {"kind": "sort", "note": "words", "languages": "words"}
    return getattr(service.phones[int(match[1])], names.get(match[2], match[2]))


def _place(service: Service, match: re.Match[str]) -> Any:
    names = {"lines": "address", "state": "region", "accessibility": "access"}
    return getattr(service.places[int(match[1])], names.get(match[2], match[2]))


def _more(name: str) -> Callable[[Service, re.Match[str]], str]:
    return lambda service, match: dict(service.more).get(match.expand(name), "")


def _field(name: str) -> Callable[[Service, re.Match[str]], Any]:
    return lambda service, match: getattr(service, match.expand(name))


PLACES: Mapping[str, Callable[[Service, re.Match[str]], Any]] = {
    r"phones\[(\d)\]\.(number|extension|kind|note|languages)": _phone,
    r"places\[(\d)\]\.addresses\[0\]\.(lines|city|state|postal_code)(?:\[\d\])?": _place,
    r"places\[(\d)\]\.(name|transport|latitude|accessibility)(?:\[0\])?": _place,
    r"(places\[\d\]\.(?:alternate_name|note))": _more(r"\1"),
    r"extra\[(.*)\]": _more(r"\1"),
    r"languages(?:\[\d\]\.(?:name|code))?": _field("languages"),
    r"needs\[\d\]\.(?:name|above)": _field("needs"),
    r"(name|organization|alternate_name|description|eligibility|fees|alert|places)": _field(r"\1"),
    r"application": _field("how"),
    r"areas\[0\]\.description": _more("areas"),
    r"addresses\[0\]\.(?:lines|attention|postal_code)": _more("further addresses"),
    r"costs\[0\]\.\w+": _field("fees"),
    r"documents\[0\]\.name": _field("documents"),
    r"emails|organization_email": _field("email"),
    r"funding\[0\]": _more("funding"),
    r"interpretation": _more("interpretation"),
    r"kind": _field("sort"),
    r"languages_text": _more("languages"),
    r"minimum_age": _field("eligibility"),
    r"modified_at": _more("modified"),
    r"organization_key": _more("organization's key"),
    r"origin\.(?:file|path)": _more("origin"),
    r"program": _more("program"),
    r"urls|organization_url": _field("website"),
}
"""Paths of a listing, as `named_rows.toml` names them, and where a service has what they name."""
