# SPDX-License-Identifier: Apache-2.0
"""Nobody is told of an answer that was not named before the first question: whatever the rules are."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruled import BANDS, Said, instruments, ruled

from peerkit.instruments import Instrument, installed, load
from peerkit.levels import Level
from peerkit.safety.asking import beforehand
from peerkit.testing import strategies

SHIPPED = st.sampled_from([load(name) for name in installed()])


def is_(item: str, value: object, op: str = "=") -> dict[str, Any]:
    return {"item": item, "op": op, "value": value}


def named(instrument: Instrument, age_band: str = "25-64") -> list[str]:
    lines = beforehand(instrument, None, languages=("en",), age_band=age_band, short=True)
    return [line.partition("These are: ")[2] for line in lines if "These are: " in line]


YES, NO, HIDDEN = is_("q1", True), is_("q2", False), {"q2": is_("q1", True)}
EITHER = {"any_of": ["q1", "q2"], "op": "=", "value": True}


@pytest.mark.parametrize(
    ("when", "branching", "said"),
    [
        ({"any": [YES, NO]}, None, "yes to question 1; no to question 2."),
        ({"all": [YES, NO]}, None, "yes to question 1 together with no to question 2."),
        ({"all": [is_("q1", True), is_("q2", True)]}, None, "yes to each of questions 1 and 2."),
        ({"all_of": ["q1", "q2"], "op": "!=", "value": True}, None, "no to each of questions 1 and 2."),
        ({"all": [is_("q1", False), is_("q2", True)]}, HIDDEN, "answers that do not fit together."),
        ({"all": [YES, NO]}, HIDDEN, "yes to question 1 together with no to question 2."),
        ({"age": "old"}, None, "any answer."),
        ({"any": [{"age": "old"}, YES]}, None, "any answer."),
        ({"all": [{"age": "old"}, YES]}, None, "yes to question 1."),
        ({"any": [{"all": [{"age": "young"}, YES]}, NO]}, None, "no to question 2."),
        ({"score": "total", "op": ">=", "value": 0}, None, "any answer."),
        (is_("q3", 0, ">="), None, "any answer to question 3."),
        (is_("q3", 0, ">"), None, "any answer but the lowest to question 3."),
        ({"item": "q4", "state": "answered"}, None, "any answer to question 4."),
        ({"item": "q1", "state": "skipped"}, None, "skipping question 1."),
        (
            {"all": [YES, {"item": "q2", "state": "declined"}]},
            None,
            "yes to question 1 together with declining question 2.",
        ),
        (
            {"all": [is_("q3", 1), {"any": [YES, NO]}]},
            None,
            "some answers to question 3 together with (yes to question 1 or no to question 2).",
        ),
        (
            {"all": [EITHER, is_("q3", 2)]},
            None,
            "some answers to question 3 together with yes to one of questions 1 and 2.",
        ),
    ],
)
def test_what_a_rule_asks_for_is_what_is_said(when: dict[str, Any], branching: Any, said: str) -> None:
    instrument = ruled(["yes-no", "yes-no", "choice", "words"], [("today", when, [])], branching)
    assert named(instrument) == [said]


def test_what_is_known_already_is_not_said_again() -> None:
    """What a rule adds to another one, and nothing of what a higher level says."""
    rules = [
        ("now", is_("q1", True), []),
        ("now", {"all": [is_("q1", True), is_("q2", False)]}, []),
        ("today", EITHER, []),
        ("today", {"all": [is_("q2", True), is_("q3", 0)]}, []),
        ("talk", {"all": [is_("q1", True), is_("q3", 2)]}, []),
    ]
    said = named(ruled(["yes-no", "yes-no", "choice"], rules))
    assert said == ["yes to question 2.", "yes to question 1."]


@pytest.mark.parametrize(
    ("known", "when", "said"),
    [
        (
            YES,
            {"all": [EITHER, is_("q3", 0)]},
            "some answers to question 3 together with yes to one of questions 1 and 2",
        ),
        (
            YES,
            {"all": [{"any": [YES, NO]}, is_("q3", 0)]},
            "some answers to question 3 together with (yes to question 1 or no to question 2)",
        ),
        (
            {"item": "q1", "state": "answered"},
            {"all": [{"item": "q1", "state": "skipped"}, NO]},
            "no to question 2 together with skipping question 1",
        ),
    ],
)
def test_what_only_partly_is_known_is_said(known: Any, when: Any, said: str) -> None:
    instrument = ruled(["yes-no", "yes-no", "choice"], [("today", known, []), ("today", when, [])])
    [line] = named(instrument)
    assert line.partition("; ")[2] == f"{said}."


@pytest.mark.parametrize(
    ("when", "branching", "fitting"),
    [
        ({"all": [NO, {"any": [YES, is_("q3", True)]}]}, {"q3": is_("q2", True)}, True),
        ({"all": [NO, {"any_of": ["q1", "q3"], "op": "=", "value": True}]}, {"q3": is_("q2", True)}, True),
        ({"all": [NO, is_("q3", True)]}, {"q3": is_("q2", True)}, False),
        ({"all": [NO, is_("q3", True)]}, {"q3": {"item": "q2", "state": "unanswered"}}, False),
        ({"all": [YES, is_("q3", True)]}, {"q3": {"item": "q2", "state": "unanswered"}}, True),
        (
            {"all": [is_("q1", False), is_("q3", True)]},  # through the question between them
            {"q2": is_("q1", True), "q3": {"item": "q2", "state": "answered"}},
            False,
        ),
    ],
)
def test_only_what_branching_rules_out_does_not_fit_together(when: Any, branching: Any, fitting: Any) -> None:
    said = named(ruled(["yes-no", "yes-no", "yes-no"], [("today", when, [])], branching))
    assert (said != ["answers that do not fit together."]) is fitting


def test_a_long_form_is_said_like_a_short_one() -> None:
    """Each question is asked only after a yes to the one before it; and a rule has many parts."""
    ids = [f"q{number}" for number in range(1, 601)]
    branching = {item: is_(before, True) for before, item in itertools.pairwise(ids)}
    pairs = [{"all": [is_(before, True), is_(item, False)]} for before, item in itertools.pairwise(ids)]
    rules = [("now", {"any": pairs}, ["q1"]), ("today", {"all": [is_("q1", False), is_("q600", True)]}, [])]
    today, now = named(ruled(["yes-no"] * 600, rules, branching))
    assert today == "answers that do not fit together."
    assert now.count("together with") == 599


def test_together_at_a_higher_level_is_said_beside_each_alone() -> None:
    rules = [("now", {"all": [YES, is_("q2", True)]}, []), ("today", EITHER, [])]
    assert named(ruled(["yes-no", "yes-no"], rules)) == [
        "yes to one of questions 1 and 2.",
        "yes to each of questions 1 and 2.",
    ]


def test_whatever_waits_says_for_what() -> None:
    rules: list[Any] = [
        ("now", {"all": [is_("q1", True), is_("q2", False)]}, ["q3"]),
        ("today", {"age": "old"}, ["q3"]),
    ]
    assert named(ruled(["yes-no", "yes-no", "choice"], rules)) == [
        "any answer, if question 3 is left open.",
        "yes to question 1 together with no to question 2, if question 3 is left open.",
    ]


def test_a_level_below_which_any_answer_comes_says_nothing() -> None:
    rules: list[Any] = [("now", {"age": "old"}, []), ("today", YES, [])]
    instrument = ruled(["yes-no"], rules)
    assert (named(instrument), named(instrument, "16-24")) == (["any answer."], ["yes to question 1."])


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_nobody_is_told_of_an_answer_that_was_not_named(data: st.DataObject) -> None:
    instrument = data.draw(instruments() | instruments() | SHIPPED)
    age, answers = data.draw(st.sampled_from(BANDS)), data.draw(strategies.answers(instrument))
    level = instrument.judge(answers, age_band=age, ended=data.draw(st.booleans())).level
    said = Said(instrument, age, answers)
    if level > Level.NONE and answers:
        assert said.names(level) or (said.hidden and said.follows(level))
