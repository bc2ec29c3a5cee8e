# SPDX-License-Identifier: Apache-2.0
"""Units: what is refused, and conversions against published tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peerkit_diabetes.units import (
    IFCC,
    MG,
    MMOL,
    PERCENT,
    a1c_in,
    average_of,
    doubtful,
    glucose_in,
    measured,
    number,
    shown,
)

from peerkit import Malformed

BOTH = (MMOL, MG)
TENTHS = st.integers(10, 400).map(lambda n: Decimal(n) / 10)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (
            "95",
            "mmol/L",
            None,
        ),  # it cannot be told from a measured one by the number alone: asked about once more
        ("400", "mmol/L", "mg/dL"),
        ("4.5", "mg/dL", "mmol/L"),
        ("0.1", "mmol/L", "look again"),
        ("9000", "mg/dL", "look again"),
    ],
)
def test_a_number_that_cannot_be_in_its_unit_is_refused_with_the_one_that_it_may_be_in(
    value: str, unit: str, told: str | None
) -> None:
    if told is None:
        assert doubtful(measured(value, unit, "reading", units=BOTH), unit)
        return
    with pytest.raises(Malformed, match=told):
        measured(value, unit, "reading", units=BOTH)


@pytest.mark.parametrize("unit", ["", "mmol", "MMOL/L", "g"])
def test_without_its_unit_a_number_is_refused(unit: str) -> None:
    with pytest.raises(Malformed, match="mmol/L, mg/dL"):
        measured("5.7", unit, "reading", units=BOTH)


@pytest.mark.parametrize(
    "value", [5.7, True, None, "", "5.7 mmol/L", "-3", "NaN", "1e3", "5.777", "5,7,7", "５"]
)
def test_what_is_no_measured_number_is_refused_and_not_quoted(value: object) -> None:
    with pytest.raises(Malformed) as told:
        number(value, "reading")  # type: ignore[arg-type]
    if isinstance(value, str):
        assert "Decimal" not in str(told.value)  # who types it knows no Python
    if isinstance(value, str) and value:
        assert value not in str(told.value)


def test_a_comma_is_a_point() -> None:
    assert number("5,7", "reading") == Decimal("5.7")


# Nathan and others, Diabetes Care, 2008, as Diabetes Canada has it (2018): A1C in % → mg/dL.
AVERAGES = {"5": 97, "6": 126, "6.5": 140, "7": 154, "7.5": 169, "8": 183, "8.5": 197, "9": 212, "9.5": 226}


@pytest.mark.parametrize(("a1c", "mg"), [*AVERAGES.items(), ("10", 240)])
def test_the_average_of_an_a1c_is_that_of_the_published_table(a1c: str, mg: int) -> None:
    assert shown(average_of(Decimal(a1c), MG), MG) == mg


# The same in mmol/L; sources differ in the last digit, so within a tenth.
@pytest.mark.parametrize(
    ("a1c", "mmol"), [("6", "7.0"), ("7", "8.6"), ("8", "10.2"), ("9", "11.8"), ("10", "13.4")]
)
def test_and_in_mmol(a1c: str, mmol: str) -> None:
    assert abs(average_of(Decimal(a1c)) - Decimal(mmol)) <= Decimal("0.1")


# 18 mg/dL are 1 mmol/L; both columns as tables for people have them.
@pytest.mark.parametrize(
    ("mmol", "mg"), [("4.0", 72), ("5.5", 99), ("7.0", 126), ("10.0", 180), ("14.0", 252)]
)
def test_glucose_in_both_units(mmol: str, mg: int) -> None:
    assert glucose_in(Decimal(mmol), MMOL, MG) == mg
    assert glucose_in(Decimal(mg), MG, MMOL) == Decimal(mmol)


# National Glycohemoglobin Standardization Program: % → mmol/mol.
@pytest.mark.parametrize(
    ("percent", "ifcc"), [("5.0", 31), ("6.0", 42), ("6.5", 48), ("7.0", 53), ("8.0", 64), ("9.0", 75)]
)
def test_a1c_in_both_units(percent: str, ifcc: int) -> None:
    assert shown(a1c_in(Decimal(percent), PERCENT, IFCC), IFCC) == ifcc


@given(TENTHS)
def test_there_and_back_is_the_same(value: Decimal) -> None:
    assert shown(glucose_in(glucose_in(value, MMOL, MG), MG, MMOL), MMOL) == value
    assert shown(a1c_in(a1c_in(value, PERCENT, IFCC), IFCC, PERCENT), PERCENT) == value


@given(TENTHS, TENTHS)
def test_more_stays_more(one: Decimal, other: Decimal) -> None:
    lower, higher = sorted((one, other))
    assert glucose_in(lower, MMOL, MG) <= glucose_in(higher, MMOL, MG)
    assert average_of(lower) <= average_of(higher)


@pytest.mark.parametrize(
    ("value", "unit", "asked"),
    [
        ("45", MMOL, True),  # 2.5 mmol/L as a meter in mg/dL shows it: far too low, not far too high
        ("33.4", MMOL, True),
        ("25", MMOL, True),  # both meters show that: 1.4 mmol/L in one of them
        ("20", MMOL, True),
        ("19.9", MMOL, False),
        ("1.1", MMOL, False),
        ("1.0", MMOL, True),
        ("33", MG, True),
        ("34", MG, False),
        ("20", MG, True),
        ("19", MG, True),
        ("600", MG, False),
        ("601", MG, True),
    ],
)
def test_what_may_be_in_the_other_unit_is_asked_about_once_more(
    value: str, unit: str, *, asked: bool
) -> None:
    assert doubtful(Decimal(value), unit) is asked
