# SPDX-License-Identifier: Apache-2.0
"""FINDRISC: each row and each edge, by hand, and the table once more.

Source of every number: Type 2 diabetes risk assessment form, Finnish Diabetes Association, two copies that
agree.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peerkit_diabetes import findrisc, reckon
from peerkit_diabetes.shelf import instrument

from peerkit import Malformed

FORM = instrument("findrisc")
NOTHING: dict[str, Any] = {
    "age": 30,
    "sex": "female",
    "height_cm": 170,
    "weight_kg": 60,
    "waist_cm": 70,
    "active": True,
    "vegetables": True,
    "blood_pressure": False,
    "blood_sugar": False,
    "relatives": (),
}
MOST: dict[str, Any] = {
    "age": 70,
    "sex": "male",
    "height_cm": 170,
    "weight_kg": 120,
    "waist_cm": 120,
    "active": False,
    "vegetables": False,
    "blood_pressure": True,
    "blood_sugar": True,
    "relatives": ["father"],
}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, 0),
        *(
            ({"age": age}, n)
            for age, n in ((18, 0), (44, 0), (45, 2), (54, 2), (55, 3), (64, 3), (65, 4), (99, 4))
        ),
        *(
            ({"height_cm": 200, "weight_kg": kg}, n)
            for kg, n in ((99.9, 0), (100, 1), (120, 1), (120.1, 3), (160, 3))  # 25 and 30 are in the middle
        ),
        *(({"sex": "male", "waist_cm": cm}, n) for cm, n in ((93.9, 0), (94, 3), (102, 3), (102.1, 4))),
        *(({"waist_cm": cm}, n) for cm, n in ((79.9, 0), (80, 3), (88, 3), (88.1, 4))),
        # the form has no inches: 37 are 93.98 cm
        ({"sex": "male", "waist_cm": None, "waist_in": 37}, 0),
        ({"sex": "male", "waist_cm": None, "waist_in": 40.1}, 3),
        ({"active": False}, 2),
        ({"vegetables": False}, 1),
        ({"blood_pressure": True}, 2),
        ({"blood_sugar": True}, 5),
        *(({"relatives": [one]}, 3) for one in ("grandparents", "aunts-uncles", "cousins")),
        *(({"relatives": [one]}, 5) for one in ("mother", "father", "siblings", "children")),
        ({"relatives": ["cousins", "mother"]}, 5),
        (MOST, 26),
    ],
    ids=str,
)
def test_each_row_of_the_form(more: dict[str, Any], expected: int) -> None:
    assert reckon(FORM, findrisc(**{**NOTHING, **more})).score == expected


@pytest.mark.parametrize(
    ("more", "score", "band"),
    [
        ({"blood_sugar": True, "vegetables": False}, 6, "low"),
        ({"blood_sugar": True, "blood_pressure": True}, 7, "slightly-elevated"),
        ({"blood_sugar": True, "relatives": ["mother"], "vegetables": False}, 11, "slightly-elevated"),
        ({"blood_sugar": True, "relatives": ["mother"], "active": False}, 12, "moderate"),
        ({"blood_sugar": True, "relatives": ["mother"], "age": 70}, 14, "moderate"),
        ({"blood_sugar": True, "relatives": ["mother"], "age": 70, "vegetables": False}, 15, "high"),
        ({**MOST, "weight_kg": 60, "waist_cm": 98, "active": True}, 20, "high"),
        ({**MOST, "weight_kg": 60, "waist_cm": 120, "active": True}, 21, "very-high"),
        (MOST, 26, "very-high"),
    ],
)
def test_each_edge_of_the_bands(more: dict[str, Any], score: int, band: str) -> None:
    found = reckon(FORM, findrisc(**{**NOTHING, **more}))
    assert (found.score, found.band) == (score, band)


def by_the_form(known: dict[str, Any]) -> int:
    """The form, read a second time."""
    years, kilograms, square = known["age"], known["weight_kg"] * 10_000, known["height_cm"] ** 2
    score = 4 if years > 64 else 3 if years > 54 else 2 if years > 44 else 0
    score += 3 if kilograms > 30 * square else 1 if kilograms >= 25 * square else 0
    limits = {"male": (94, 102), "female": (80, 88)}[known["sex"]]
    score += 4 if known["waist_cm"] > limits[1] else 3 if known["waist_cm"] >= limits[0] else 0
    score += {True: 0, False: 2}[known["active"]] + {True: 0, False: 1}[known["vegetables"]]
    score += {True: 2, False: 0}[known["blood_pressure"]] + {True: 5, False: 0}[known["blood_sugar"]]
    near = [one for one in known["relatives"] if one in {"mother", "father", "siblings", "children"}]
    return score + (5 if near else 3 if known["relatives"] else 0)


RELATIVES = ["mother", "father", "siblings", "children", "grandparents", "aunts-uncles", "cousins"]
KNOWN = st.fixed_dictionaries(
    {
        "age": st.integers(18, 110),
        "sex": st.sampled_from(["male", "female"]),
        "height_cm": st.integers(140, 210),
        "weight_kg": st.integers(55, 160),
        "waist_cm": st.integers(60, 150),
        "active": st.booleans(),
        "vegetables": st.booleans(),
        "blood_pressure": st.booleans(),
        "blood_sugar": st.booleans(),
        "relatives": st.lists(st.sampled_from(RELATIVES), unique=True),
    }
)


@given(KNOWN)
def test_whatever_is_known_counts_as_on_the_form(known: dict[str, Any]) -> None:
    assert reckon(FORM, findrisc(**known)).score == by_the_form(known)


@given(KNOWN, st.sampled_from(sorted(NOTHING)), st.sampled_from([None, "declined"]))
def test_what_is_left_open_is_never_a_zero(known: dict[str, Any], name: str, left: str | None) -> None:
    found = reckon(FORM, findrisc(**{**known, name: left}))
    assert (found.score, found.band) == (None, None)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"age": 17}, "age"),
        ({"sex": "?"}, "sex"),
        ({"relatives": "dont-know"}, "relatives"),  # the form has no such box
        ({"relatives": ["cousins", "cousins"]}, "relatives"),
        ({"blood_sugar": "dont-know"}, "blood_sugar"),
        ({"height_cm": 1.75}, "height_cm"),
    ],
    ids=str,
)
def test_what_is_no_box_of_the_form_is_refused(more: dict[str, Any], where: str) -> None:
    with pytest.raises(Malformed) as refused:
        findrisc(**{**NOTHING, **more})
    assert refused.value.where == f"findrisc.{where}"


def test_nothing_is_foretold() -> None:
    for more in ({}, MOST):
        said = " ".join(reckon(FORM, findrisc(**{**NOTHING, **more})).sentences)
        assert "1 in" not in said
        assert "years" not in said
        assert "not a verdict" in said
