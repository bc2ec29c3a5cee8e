# SPDX-License-Identifier: Apache-2.0
"""CANRISK: each row of the form and each edge of its bands, written by hand, and the whole table once more.

Source of every number: The Canadian Diabetes Risk Questionnaire CANRISK, Public Health Agency of Canada. What
of the form was seen, and what comes from copies of it, stands at the head of canrisk.toml.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peerkit_diabetes import canrisk, reckon
from peerkit_diabetes.shelf import instrument

from peerkit import Malformed

FORM = instrument("canrisk")
# Nothing of this gives a point, by the form.
NOTHING: dict[str, Any] = {
    "age": 40,
    "sex": "female",
    "height_cm": 170,
    "weight_kg": 60,
    "waist_cm": 70,
    "active": True,
    "vegetables": True,
    "blood_pressure": False,
    "blood_sugar": False,
    "large_baby": False,
    "relatives": (),
    "mother": "white",
    "father": "white",
    "education": "degree",
}


def points(**more: Any) -> int | None:
    return reckon(FORM, canrisk(**{**NOTHING, **more})).score


def test_nothing_gives_nothing() -> None:
    assert points() == 0


ROWS: list[tuple[dict[str, Any], int]] = [
    # 1. Age
    *(({"age": age}, 0) for age in (40, 44)),
    *(({"age": age}, 7) for age in (45, 54)),
    *(({"age": age}, 13) for age in (55, 64)),
    *(({"age": age}, 15) for age in (65, 74)),
    # 2. Sex
    ({"sex": "male"}, 6),
    ({"sex": "female"}, 0),
    # 3. Body mass index: at 200 cm it is a quarter of the weight
    ({"height_cm": 200, "weight_kg": 99.9}, 0),
    ({"height_cm": 200, "weight_kg": 100}, 4),
    ({"height_cm": 200, "weight_kg": 119.9}, 4),
    ({"height_cm": 200, "weight_kg": 120}, 9),
    ({"height_cm": 200, "weight_kg": 139.9}, 9),
    ({"height_cm": 200, "weight_kg": 140}, 14),
    ({"height_cm": 157.5, "weight_kg": 74}, 4),  # the form's own example: light grey, 25 to 29
    (
        {"height_cm": None, "weight_kg": None, "height_in": 62, "weight_lb": 163},
        4,
    ),  # and in inches and pounds
    # 4. Waist, men (6 points for the sex)
    ({"sex": "male", "waist_cm": 93.9}, 6 + 0),
    ({"sex": "male", "waist_cm": 94}, 6 + 4),
    ({"sex": "male", "waist_cm": 102}, 6 + 4),
    ({"sex": "male", "waist_cm": 102.1}, 6 + 6),
    ({"sex": "male", "waist_cm": None, "waist_in": 36.9}, 6 + 0),
    ({"sex": "male", "waist_cm": None, "waist_in": 37}, 6 + 4),  # 93.98 cm: the form says 37 inches
    ({"sex": "male", "waist_cm": None, "waist_in": 40}, 6 + 4),
    ({"sex": "male", "waist_cm": None, "waist_in": 40.1}, 6 + 6),  # 101.85 cm: the form says 40 inches
    # 4. Waist, women
    ({"waist_cm": 79.9}, 0),
    ({"waist_cm": 80}, 4),
    ({"waist_cm": 88}, 4),
    ({"waist_cm": 88.1}, 6),
    ({"waist_cm": None, "waist_in": 31.4}, 0),
    ({"waist_cm": None, "waist_in": 31.5}, 4),
    ({"waist_cm": None, "waist_in": 35}, 4),
    ({"waist_cm": None, "waist_in": 35.1}, 6),
    # 5. to 9.
    ({"active": False}, 1),
    ({"vegetables": False}, 2),
    ({"blood_pressure": True}, 4),
    ({"blood_pressure": "dont-know"}, 0),
    ({"blood_sugar": True}, 14),
    ({"blood_sugar": "dont-know"}, 0),
    ({"large_baby": True}, 1),
    ({"large_baby": "dont-know"}, 0),
    ({"large_baby": "not-applicable"}, 0),
    # 10. Relatives, each once
    ({"relatives": ["mother"]}, 2),
    ({"relatives": ["father"]}, 2),
    ({"relatives": ["siblings"]}, 2),
    ({"relatives": ["children"]}, 2),
    ({"relatives": ["other"]}, 0),
    ({"relatives": ["mother", "father", "siblings", "children", "other"]}, 8),
    ({"relatives": "dont-know"}, 0),
    # 11. Origin of each parent
    *(
        ({parent: origin}, expected)
        for parent in ("mother", "father")
        for origin, expected in (
            ("white", 0),
            ("aboriginal", 3),
            ("other-non-white", 3),
            ("black", 5),
            ("east-asian", 10),
            ("south-asian", 11),
        )
    ),
    # the higher, and no sum
    ({"mother": "east-asian", "father": "south-asian"}, 11),
    ({"mother": "south-asian", "father": "east-asian"}, 11),
    ({"mother": "black", "father": "black"}, 5),
    ({"mother": "aboriginal", "father": "other-non-white"}, 3),
    # 12. Education
    ({"education": "some-high-school"}, 5),
    ({"education": "high-school"}, 1),
    ({"education": "some-college"}, 0),
    ({"education": "degree"}, 0),
]


@pytest.mark.parametrize(("more", "expected"), ROWS, ids=str)
def test_each_row_of_the_form(more: dict[str, Any], expected: int) -> None:
    assert points(**more) == expected


MOST: dict[str, Any] = {
    "age": 74,
    "sex": "male",
    "height_cm": 170,
    "weight_kg": 120,
    "waist_cm": 120,
    "active": False,
    "vegetables": False,
    "blood_pressure": True,
    "blood_sugar": True,
    "large_baby": "not-applicable",
    "relatives": ["mother", "father", "siblings", "children"],
    "mother": "south-asian",
    "father": "white",
    "education": "some-high-school",
}


def test_the_most_is_86_for_men_and_81_for_women() -> None:
    assert points(**MOST) == 86
    assert points(**{**MOST, "sex": "female", "large_baby": True}) == 81


@pytest.mark.parametrize(
    ("more", "score", "band"),
    [
        ({}, 0, "low"),
        ({"age": 65, "education": "some-high-school"}, 20, "low"),
        ({"blood_sugar": True, "age": 45}, 21, "moderate"),
        ({"blood_sugar": True, "age": 55, "education": "some-high-school"}, 32, "moderate"),
        ({"blood_sugar": True, "age": 55, "education": "some-high-school", "active": False}, 33, "high"),
        (MOST, 86, "high"),
    ],
)
def test_each_edge_of_the_bands(more: dict[str, Any], score: int, band: str) -> None:
    """Less than 21 low, 21 to 32 moderate, 33 and more high."""
    found = reckon(FORM, canrisk(**{**NOTHING, **more}))
    assert (found.score, found.band) == (score, band)


# -- the table once more, from the form, on whatever answers --------------------------------------------


def by_the_form(known: dict[str, Any]) -> int:
    """The form, read a second time, as one would add it up on paper."""
    score = 0
    if known["age"] >= 65:
        score += 15
    elif known["age"] >= 55:
        score += 13
    elif known["age"] >= 45:
        score += 7
    man = known["sex"] == "male"
    if man:
        score += 6
    mass = known["weight_kg"] * 10_000  # whole kilograms and centimetres: no fractions on paper either
    square = known["height_cm"] ** 2
    if mass >= 35 * square:
        score += 14
    elif mass >= 30 * square:
        score += 9
    elif mass >= 25 * square:
        score += 4
    first, last = (94, 102) if man else (80, 88)
    if known["waist_cm"] > last:
        score += 6
    elif known["waist_cm"] >= first:
        score += 4
    score += 0 if known["active"] else 1
    score += 0 if known["vegetables"] else 2
    score += 4 if known["blood_pressure"] is True else 0
    score += 14 if known["blood_sugar"] is True else 0
    score += 1 if known["large_baby"] is True else 0
    score += 2 * len({"mother", "father", "siblings", "children"}.intersection(known["relatives"]))
    groups = {
        "south-asian": 11,
        "east-asian": 10,
        "black": 5,
        "aboriginal": 3,
        "other-non-white": 3,
        "white": 0,
    }
    score += sorted((groups[known["mother"]], groups[known["father"]]))[1]
    return score + {"some-high-school": 5, "high-school": 1}.get(known["education"], 0)


ORIGINS = st.sampled_from(["white", "aboriginal", "black", "east-asian", "south-asian", "other-non-white"])
KNOWN = st.fixed_dictionaries(
    {
        "age": st.integers(40, 74),
        "sex": st.sampled_from(["male", "female"]),
        "height_cm": st.integers(140, 210),
        "weight_kg": st.integers(55, 160),
        "waist_cm": st.integers(60, 150),
        "active": st.booleans(),
        "vegetables": st.booleans(),
        "blood_pressure": st.sampled_from([True, False, "dont-know"]),
        "blood_sugar": st.sampled_from([True, False, "dont-know"]),
        "large_baby": st.sampled_from([True, False, "dont-know", "not-applicable"]),
        "relatives": st.lists(
            st.sampled_from(["mother", "father", "siblings", "children", "other"]), unique=True
        ),
        "mother": ORIGINS,
        "father": ORIGINS,
        "education": st.sampled_from(["some-high-school", "high-school", "some-college", "degree"]),
    }
)


@given(KNOWN)
def test_whatever_is_known_counts_as_on_the_form(known: dict[str, Any]) -> None:
    found = reckon(FORM, canrisk(**known))
    expected = by_the_form(known)
    assert found.score == expected
    assert found.band == ("low" if expected < 21 else "moderate" if expected <= 32 else "high")


OPEN = {
    "age": "q1",
    "sex": "q2",
    "height_cm": "q3",
    "weight_kg": "q3",
    "waist_cm": "q4",
    "active": "q5",
    "vegetables": "q6",
    "blood_pressure": "q7",
    "blood_sugar": "q8",
    "large_baby": "q9",
    "relatives": "q10-mother",
    "mother": "q11-mother",
    "father": "q11-father",
    "education": "q12",
}


@given(KNOWN, st.sampled_from(sorted(OPEN)), st.sampled_from([None, "declined"]))
def test_what_is_left_open_or_declined_is_never_a_zero(
    known: dict[str, Any], name: str, left: str | None
) -> None:
    found = reckon(FORM, canrisk(**{**known, name: left}))
    assert (found.score, found.band) == (None, None)
    assert OPEN[name] in found.open
    assert "There is no score" in found.sentences[0]


def test_the_relatives_that_count_nothing_may_stay_open() -> None:
    answers = canrisk(**NOTHING)
    del answers["q10-other"]
    found = reckon(FORM, answers)
    assert (found.score, found.open) == (0, ())


# -- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("age", [39, 75, 12, 0, 130])
def test_other_ages_are_refused_with_what_can_be_done_instead(age: int) -> None:
    with pytest.raises(Malformed, match="You can talk with a health-care provider") as refused:
        canrisk(**{**NOTHING, "age": age})
    assert str(age) not in str(refused.value).replace("40", "")


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"height_cm": 1.75}, "height_cm"),  # metres
        ({"height_cm": 67}, "height_cm"),  # inches
        ({"height_cm": None, "height_in": 170}, "height_in"),  # centimetres
        ({"weight_kg": -60}, "weight_kg"),
        ({"weight_kg": 0}, "weight_kg"),
        ({"weight_kg": float("nan")}, "weight_kg"),
        ({"weight_kg": float("inf")}, "weight_kg"),
        ({"weight_kg": "60"}, "weight_kg"),
        ({"weight_kg": True}, "weight_kg"),
        ({"waist_cm": 35}, "waist_cm"),  # inches
        ({"waist_cm": None, "waist_in": 94}, "waist_in"),  # centimetres
        ({"waist_in": 35}, "waist_in"),  # twice, in two units
        ({"weight_kg": None, "weight_lb": 74}, "weight_lb"),  # kilograms: an index of 11.6
        ({"age": 52.5}, "age"),
        ({"age": True}, "age"),
        ({"age": "52"}, "age"),
        ({"sex": "other"}, "sex"),
        ({"mother": "unknown"}, "mother"),  # not a zero
        ({"father": "dont-know"}, "father"),
        ({"education": "phd"}, "education"),
        ({"active": "dont-know"}, "active"),  # the form has no such box
        ({"large_baby": 1}, "large_baby"),
        ({"relatives": ["mother", "mother"]}, "relatives"),
        ({"relatives": ["siblings", "mother", "siblings"]}, "relatives"),
        ({"relatives": ["grandmother"]}, "relatives"),
        ({"relatives": "mother"}, "relatives"),
        ({"relatives": 2}, "relatives"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_not_quoted(more: dict[str, Any], where: str) -> None:
    with pytest.raises(Malformed) as refused:
        canrisk(**{**NOTHING, **more})
    assert refused.value.where == f"canrisk.{where}"
    for value in more.values():
        assert value is None or isinstance(value, bool | list) or f"{value} " not in f"{refused.value} "


def test_numbers_that_nobody_could_write_out_are_refused_at_once() -> None:
    for weight in (Decimal("1e999999999"), Decimal("1e-999999999"), Decimal("sNaN"), 10**5000):
        with pytest.raises(Malformed, match="finite"):
            canrisk(**{**NOTHING, "weight_kg": weight})


def test_who_has_diabetes_is_asked_nothing() -> None:
    answers = canrisk(**{**NOTHING, "diagnosed": True})
    assert answers == {"diagnosed": "yes"}
    assert FORM.judge(answers).next == ()
    assert FORM.score(answers).score is None
    with pytest.raises(Malformed, match="needs no estimate"):
        reckon(FORM, answers)
    # also where somebody answers on all the same, as on paper
    assert FORM.score({**canrisk(**NOTHING), "diagnosed": "yes"}).score is None


@pytest.mark.parametrize("left", [None, "declined"])
def test_who_does_not_say_whether_has_no_score(left: str | None) -> None:
    assert FORM.score(canrisk(**{**NOTHING, "diagnosed": left})).score is None


# -- what published implementations got wrong -----------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "wrong", "right"),
    [
        ({"height_cm": 200, "weight_kg": 100}, 7, 4),  # an Android application: 7 for 25 to 29
        ({"sex": "male", "waist_cm": 110}, 15, 12),  # another: 9 for men above 102 cm
        ({"sex": "male", "age": 65, "waist_cm": 110}, 6, 27),  # the same: the score begins anew at the waist
        ({"education": "some-high-school"}, 0, 5),  # a calculator without education
        ({"mother": "aboriginal"}, 0, 3),  # the same: Aboriginal, Black and other are nothing
        ({"mother": "black"}, 0, 5),
        ({"mother": "other-non-white"}, 0, 3),
        ({"blood_sugar": True}, 1, 14),  # another: 1 for blood sugar
        ({"blood_sugar": True, "age": 45}, 7, 21),  # another: blood sugar never added
        ({"relatives": ["other"]}, 2, 0),  # the same: "other" and "no" counted as relatives
        ({"relatives": ()}, 2, 0),
        ({"mother": "south-asian", "father": "east-asian"}, 21, 11),  # both parents added up
    ],
    ids=str,
)
def test_defects_of_published_code_are_not_here(more: dict[str, Any], wrong: int, right: int) -> None:
    assert points(**more) == right != wrong


def test_twenty_one_is_not_low() -> None:
    """An Android application has 21 and less as low."""
    found = reckon(FORM, canrisk(**{**NOTHING, "blood_sugar": True, "age": 45}))
    assert (found.score, found.band) == (21, "moderate")
