# SPDX-License-Identifier: Apache-2.0
"""The distress scales: means, parts and bands as published, and no words.

Source: Diabetes Distress Scale, Behavioral Diabetes Institute; Problem Areas in Diabetes, Joslin Diabetes
Center.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from peerkit_diabetes import plugin
from peerkit_diabetes.shelf import instrument

import peerkit
from peerkit import NotFound
from peerkit.instruments import with_wording

DDS, DDS_2, PAID = (instrument(name) for name in ("dds-17", "dds-2", "paid-5"))


def dds(values: list[int]) -> dict[str, int]:
    return {f"q{number}": value for number, value in enumerate(values, start=1)}


@pytest.mark.parametrize(
    ("values", "mean", "band", "level"),
    [
        ([1] * 17, 1, "little-or-none", "none"),
        ([2] * 16 + [1], Decimal("1.94"), "little-or-none", "none"),
        ([2] * 17, 2, "moderate", "talk"),
        ([3] * 16 + [2], Decimal("2.94"), "moderate", "talk"),  # less than 3.0
        ([3] * 17, 3, "high", "talk"),
        ([6] * 17, 6, "high", "talk"),
    ],
)
def test_seventeen(values: list[int], mean: object, band: str, level: str) -> None:
    result = DDS.score(dds(values))
    assert (result.score, result.band, result.level) == (mean, band, level)


def test_a_mean_of_2_95_is_less_than_3() -> None:
    """Bands are compared with the mean as it is, and 17 answers come near: 47 on 16 are 2.9375."""
    for near in ("2.95", "2.99", "2.999"):
        assert [band.code for band in DDS.bands if band.low <= Decimal(near)][-1] == "moderate"
    result = DDS.score({**dds([3] * 15 + [2]), "q17": None})
    assert (result.score, result.band) == (Decimal("2.94"), "moderate")
    two = DDS_2.score({"q1": 3, "q2": 2})
    assert (two.score, two.band) == (Decimal("2.5"), "below-cut")


def test_the_mean_is_of_the_answered_ones_and_each_part_has_its_own() -> None:
    answers = {f"q{number}": 1 for number in range(1, 18)}
    answers |= dict.fromkeys(("q1", "q4", "q7", "q10", "q14"), 6)  # emotional burden
    result = DDS.score(answers)
    assert dict(result.scores) == {"emotional-burden": 6, "physician": 1, "regimen": 1, "interpersonal": 1}
    few = DDS.score({"q9": 5, "q13": 4, "q17": None})
    assert few.score == few.scores["interpersonal"] == Decimal("4.5")
    assert few.scores["regimen"] is None
    assert not few.complete


def test_every_item_belongs_to_one_part() -> None:
    parts = [score for score in DDS.scores if score.id != "total"]
    assert sorted(item for part in parts for item in part.items) == sorted(DDS.by_id)


def test_two_lead_to_seventeen_from_a_mean_of_three() -> None:
    assert [todo.rule for todo in DDS_2.judge({"q1": 3, "q2": 3}, ended=True).tasks] == ["offer-dds-17"]
    assert DDS_2.judge({"q1": 3, "q2": 2}, ended=True).tasks == ()
    assert DDS_2.score({"q1": 6}).score is None


@pytest.mark.parametrize(("last", "total", "band"), [(0, 7, "below-cut"), (1, 8, "possible-distress")])
def test_five_from_eight(last: int, total: int, band: str) -> None:
    result = PAID.score({"q1": 4, "q2": 3, "q3": 0, "q4": 0, "q5": last})
    assert (result.score, result.band) == (total, band)
    assert PAID.score({"q1": 4, "q2": 4, "q3": 4}).score is None


def test_none_has_words_and_each_is_off_until_somebody_receives_what_it_finds() -> None:
    with peerkit.open("memory:", plugins=[plugin], discover=False, strict=True) as kit:
        lines = {line.id: line for line in kit.instruments()}
        for name in ("dds-17", "dds-2", "paid-5"):
            assert lines[name].state == "off"
            with pytest.raises(NotFound):
                kit.instrument(name).text("q1", "en")
        assert {lines["canrisk"].state, lines["findrisc"].state} == {"on"}


def test_an_organization_brings_the_words() -> None:
    pack = """
format = 1
instrument = "paid-5"
version = "1.0"
[licence]
status = "permission-required"
holder = "Joslin Diabetes Center"
basis = "Permission for our own program (fictional)."
permission = "Letter of 2 November 2026 (fictional)"
checked_on = 2026-11-28
redistribution_permitted = false
item_text_included = true
[[texts]]
language = "en"
verified = true
source = "The form that came with the letter (fictional)"
title = "Five questions"
[texts.items]
q1 = "One"
q2 = "Two"
q3 = "Three"
q4 = "Four"
q5 = "Five"
[texts.answers.how-much]
0 = "Not"
1 = "A little"
2 = "Somewhat"
3 = "Quite"
4 = "Much"
"""
    assert with_wording(PAID, pack).text("q5", "en") == "Five"
