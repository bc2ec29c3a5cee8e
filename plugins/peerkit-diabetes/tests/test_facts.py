# SPDX-License-Identifier: Apache-2.0
"""The published steps that come with a reading."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from peerkit_diabetes import facts
from peerkit_diabetes.log import DiabetesLog, DiabetesReading
from peerkit_diabetes.noting import facts_for

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


def glucose(log: DiabetesLog, value: str, unit: str = "mmol/L") -> DiabetesReading:
    return DiabetesReading.note(log, "glucose", taken=NOW, value=value, unit=unit)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("3.9", "mmol/L", facts.told(below=True)),
        ("4.0", "mmol/L", ()),
        ("71", "mg/dL", facts.told(below=True)),
        ("72", "mg/dL", ()),
        ("14.0", "mmol/L", ()),
        ("14.1", "mmol/L", facts.told(below=False)),
    ],
)
def test_the_published_steps_come_with_what_is_low_or_high(
    house: Any, value: str, unit: str, told: tuple[str, ...]
) -> None:
    assert facts_for(glucose(DiabetesLog.turn_on(person=house.maya), value, unit)) == told


def test_a_number_that_may_be_in_the_other_unit_comes_with_the_steps_of_both(house: Any) -> None:
    log = DiabetesLog.turn_on(person=house.maya)
    assert facts_for(glucose(log, "25")) == facts_for(glucose(log, "45"))
    told = facts_for(glucose(log, "45"))
    assert told[0] == facts.WHICH_UNIT
    high, low = told.index(facts.in_unit("mmol/L")), told.index(facts.in_unit("mg/dL"))
    assert told[high + 1 : low] == facts.told(below=False)
    assert told[low + 1 :] == facts.told(below=True)
    low_too = facts_for(glucose(log, "25", "mg/dL"))
    assert {*facts.told(below=False), *facts.told(below=True)} < {*low_too}
    assert facts_for(glucose(log, "0.9")) == facts.told(below=True)  # in mg/dL nobody has measured that
    assert facts.in_unit("mg/dL") not in facts_for(glucose(log, "95"))  # there it would be neither


def test_the_two_rules_for_low_are_two(house: Any) -> None:
    assert (Decimal("3.9"), Decimal("4.0")) == (facts.LOW_LEVEL_1, facts.LOW_ON_TREATMENT)


def test_no_fact_says_what_to_do_with_medicine() -> None:
    for sentence in (*facts.told(below=True), *facts.told(below=False), *facts.FEET):
        for word in ("stop taking", "skip", "dose", "units of insulin", "more insulin", "less insulin"):
            assert word not in sentence
