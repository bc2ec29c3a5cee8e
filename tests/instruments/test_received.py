# SPDX-License-Identifier: Apache-2.0
"""A total that comes along with answers is compared with theirs, and never taken over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit.errors import Malformed
from peerkit.instruments import load
from peerkit.testing import strategies

PHQ9 = load("phq-9")
TEN = {f"q{i}": value for i, value in enumerate((2, 2, 2, 2, 2, 0, 0, 0, 0), start=1)}


def test_defect_a_stored_total_that_its_items_contradict() -> None:
    # HL7/sdc's PHQ-9 example stores 13 over items that sum to 10.
    result = PHQ9.score(TEN, received=13)
    assert (result.score, result.received, result.differs) == (10, 13, True)
    assert "total-differs" in result.alerts
    assert result.level == "talk"
    assert result.plain()["received"] == 13


def test_the_level_is_that_of_the_worse_of_the_two() -> None:
    nothing = dict.fromkeys(TEN, 0)
    assert PHQ9.score(nothing, received=1).level == "talk"  # a human looks, whatever it is
    assert PHQ9.score(nothing, received=20).level == "today"
    assert PHQ9.score({**nothing, "q9": 1}, received=0).level == "now"


def test_a_total_over_missing_answers_differs() -> None:
    some = {item: value for item, value in TEN.items() if item != "q9"}
    result = PHQ9.score(some, received=10)
    assert (result.score, result.differs) == (None, True)


@pytest.mark.parametrize("same", [10, 10.0, Decimal(10), Decimal("10.00")])
def test_a_total_that_is_theirs_changes_nothing(same: float | Decimal) -> None:
    result = PHQ9.score(TEN, received=same)
    assert (result.received, result.differs, result.alerts) == (10, False, ("ten-or-more",))
    assert "received" not in PHQ9.score(TEN).plain()


@pytest.mark.parametrize("odd", ["13", True, float("nan"), float("inf"), [13], Decimal("NaN"), "their words"])
def test_a_received_total_is_a_number(odd: Any) -> None:
    with pytest.raises(Malformed, match="a received total is a number") as caught:
        PHQ9.score(TEN, received=odd)
    assert caught.value.where == "phq-9: received"
    assert "words" not in str(caught.value)


def test_a_received_total_without_an_end_is_none() -> None:
    endless: list[Any] = [10**5000, -(10**15), Decimal("1e999999999"), Decimal("-1e999999999"), 1e300]
    for odd in (*endless, Decimal("sNaN")):
        with pytest.raises(Malformed, match="no endless one") as caught:
            PHQ9.score(TEN, received=odd)
        assert caught.value.where == "phq-9: received"


@pytest.mark.parametrize("small", [Decimal("1e-999999999"), Decimal("0e999999999"), 5e-324])
def test_a_received_total_may_be_written_at_any_length(small: Any) -> None:
    result = PHQ9.score(TEN, received=small)
    assert (result.differs, result.level) == (True, "talk")
    assert result.plain()["received"] == pytest.approx(0)


def test_a_rule_has_no_total_to_compare_with() -> None:
    with pytest.raises(Malformed, match="no total"):
        load("asq").score({"q1": False}, received=1)


@given(strategies.answers(PHQ9), st.integers(-5, 40))
def test_what_came_along_never_lowers_and_never_counts(answers: dict[str, Any], received: int) -> None:
    alone, together = PHQ9.score(answers), PHQ9.score(answers, received=received)
    assert together.level >= alone.level
    assert (together.score, together.scores, together.band) == (alone.score, alone.scores, alone.band)
    assert together.differs is (received != alone.score)
    assert together.differs is ("total-differs" in together.alerts)
