# SPDX-License-Identifier: Apache-2.0
"""Readings and aims as people type them."""

from __future__ import annotations

from typing import Any

import pytest
from peerkit_diabetes import typed

from peerkit import Malformed


@pytest.mark.parametrize("said", ["LO", "lo mmol/L", "LO mg/dl", "low", "bas", "BAS mmol/L", "LO.", "Lo !"])
def test_a_meter_below_its_scale_is_a_reading(said: str) -> None:
    assert typed.reading("glucose", said) == {"off_scale": "low"}


@pytest.mark.parametrize("said", ["HI", "hi mmol/L", "High", "haut", "Élevé", "eleve"])
def test_and_above_it(said: str) -> None:
    assert typed.reading("glucose", said) == {"off_scale": "high"}


@pytest.mark.parametrize("said", ["2,1 mmol / L", "2,1mmol/l.", "2,1 MMOL/ L"])
def test_a_unit_is_known_however_it_is_spaced(said: str) -> None:
    """Whoever types while their sugar is low types as they can."""
    assert typed.reading("glucose", said) == {"value": "2,1", "unit": "mmol/L"}


@pytest.mark.parametrize("said", ["LO today", "fine", "mmol/L", "< 2 mmol/L", "error"])
def test_no_number_is_told_about_lo_and_hi(said: str) -> None:
    with pytest.raises(Malformed, match="LO or HI"):
        typed.reading("glucose", said)


@pytest.mark.parametrize("what", ["a1c", "blood_pressure"])
def test_nor_where_a_meter_shows_none(what: str) -> None:
    with pytest.raises(Malformed, match="such as"):
        typed.reading(what, "LO")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("130/80 mmHg", (None, None, "130", "80")),
        ("130 / 80", (None, None, "130", "80")),
        ("- 130/80 mmhg", (None, None, "130", "80")),
        ("100/60 130/80 mmHg", ("100", "60", "130", "80")),
        ("100/60 à 130/80", ("100", "60", "130", "80")),
        ("100/60 - mmHg", ("100", "60", None, None)),
    ],
)
def test_an_aim_for_blood_pressure(said: str, found: tuple[Any, ...]) -> None:
    given = typed.aim("blood_pressure", said)
    assert (given["low"], given["second_low"], given["high"], given["second_high"]) == found
    assert given["unit"] == "mmHg"


@pytest.mark.parametrize(
    "said", ["130 80 mmHg", "130 mmHg", "- -", "130/80 mmHg please", "mmHg", "1/2 3/4 5/6"]
)
def test_what_is_no_aim_for_it(said: str) -> None:
    with pytest.raises(Malformed, match="130/80"):
        typed.aim("blood_pressure", said)


@pytest.mark.parametrize("said", ["3.0 20mmol/L", "3,0 à 20mmol/l", "3.0-20 mmol/L", "3.0 20  MMOL/L"])
def test_limits_as_readings_need_no_blank_before_the_unit(said: str) -> None:
    given = typed.limits(said)
    assert (given["low"].replace(",", "."), given["high"], given["unit"]) == ("3.0", "20", "mmol/L")
    assert typed.aim("blood_pressure", "130/80mmHg")["unit"] == "mmHg"


@pytest.mark.parametrize("said", ["3.0 mmol/L", "3.0 20", "", "3 4 5 mmol/L", "- - mmol/L"])
def test_the_example_is_one_that_can_be_copied(said: str) -> None:
    with pytest.raises(Malformed, match=r"3\.0 20 mmol/L"):
        typed.limits(said)
    with pytest.raises(Malformed, match=r"4\.0 7\.0 mmol/L"):
        typed.aim("glucose", said)
    with pytest.raises(Malformed, match=r"- 7\.0 %"):
        typed.aim("a1c", said)


def test_each_example_is_read() -> None:
    assert typed.limits("3.0 20 mmol/L") == {"low": "3.0", "high": "20", "unit": "mmol/L"}
    assert typed.aim("glucose", "4.0 7.0 mmol/L")["high"] == "7.0"
    assert typed.aim("a1c", "- 7.0 %") == {"what": "a1c", "low": None, "high": "7.0", "unit": "%"}
