# SPDX-License-Identifier: Apache-2.0
"""Forty named rows of the three directories came in right; they are listed in `named_rows.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from peerkit_hsds import Listing, read

pytestmark = pytest.mark.data
ROWS = tomllib.loads(Path(__file__).with_name("named_rows.toml").read_text(encoding="utf-8"))["row"]


def test_there_are_forty_of_all_three() -> None:
    assert len(ROWS) == 40
    assert {row["directory"].split("/", maxsplit=1)[0] for row in ROWS} == {
        "baltimore",
        "illinois-legal-aid",
        "spec-3.0",
    }


@cache
def listings(path: Path) -> Mapping[str, Listing]:
    with read(path) as directory:
        return {listing.key: listing for listing in directory}


def at(value: Any, path: str) -> Any:
    """Walk along a path; a method on it is called."""
    if match := re.fullmatch(r"extra\[(.*)\]", path):
        return value.extra()[match[1]]
    for name, index in re.findall(r"([a-z_]+)|\[(\d+)\]", path):
        value = getattr(value, name) if name else value[int(index)]
        value = value() if callable(value) else value
    return value


def fits(found: Any, expected: Any) -> bool:
    if isinstance(expected, str) and isinstance(found, str) and expected[:1] in {"~", "^"}:
        return expected[1:] in found if expected[0] == "~" else found.startswith(expected[1:])
    if isinstance(found, tuple):
        return len(found) == expected if isinstance(expected, int) else list(found) == expected
    return bool(found == (None if expected == "(none)" else expected))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['key']}, {row['why']}"[:70] for row in ROWS])
def test_a_named_row_came_in_right(row: Mapping[str, Any], real: Callable[[str], Path]) -> None:
    listing = listings(real(row["directory"]))[row["key"]]
    found = {path: at(listing, path) for path in row["expect"]}
    assert {path: value for path, value in found.items() if not fits(value, row["expect"][path])} == {}
