# SPDX-License-Identifier: Apache-2.0
"""The ASQ: published vectors, the rule on every possible set of answers, and its words."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest

from peerkit.errors import Malformed, NotFound
from peerkit.instruments import Instrument, Todo, Wait
from peerkit.levels import Level

YES, NO, DECLINED, SKIPPED = True, False, "declined", None
Q = ("q1", "q2", "q3", "q4", "q5")


def given(*values: object) -> dict[str, object]:
    """Answers to q1, q2, … in order; `...` where the question was not asked."""
    return {item: value for item, value in zip(Q, values, strict=False) if value is not ...}


# ---- Vectors. (where from, answers, band, level) ------------------------------------------------------

SPIER = "published: SPiER adoption guide, web/src/lib/observationMappers/asq.test.ts"
NIMH = "published: NIMH ASQ tool and youth pathways"
RULE = "rule: worked by hand from peerkit's safety lane"

VECTORS = [
    (SPIER, given(YES, NO, NO, NO, YES), "acute-positive", "now"),
    (SPIER, given(YES, YES, NO, NO, NO), "non-acute-positive", "today"),
    (SPIER, given(NO, NO, NO, YES, NO), "non-acute-positive", "today"),
    (SPIER, given(NO, NO, NO, NO, NO), "negative", "none"),
    (NIMH, given(NO, NO, NO, NO), "negative", "none"),
    (NIMH, given(DECLINED, NO, NO, NO), "non-acute-positive", "today"),  # youth: an unknown age counts as one
    (NIMH, given(DECLINED, DECLINED, DECLINED, DECLINED), "non-acute-positive", "today"),
    (RULE, given(YES, NO, NO, NO, NO), "non-acute-positive", "today"),
    (RULE, given(NO, NO, NO, NO, YES), "acute-positive", "now"),
    (RULE, given(..., ..., ..., ..., YES), "acute-positive", "now"),
    (RULE, given(YES, NO, NO, NO, SKIPPED), "acuity-unknown", "now"),
    (RULE, given(YES, NO, NO, NO, DECLINED), "acuity-unknown", "now"),
    (RULE, given(YES, NO, NO, NO), "acuity-unknown", "now"),
    (RULE, given(YES), "acuity-unknown", "now"),
    (RULE, given(YES, SKIPPED, SKIPPED, SKIPPED, NO), "non-acute-positive", "today"),
    (RULE, given(SKIPPED, NO, NO, NO), None, "none"),  # no "no" to all four: not negative
    (RULE, given(NO, NO, NO), None, "none"),
    (RULE, given(), None, "none"),
]


@pytest.mark.parametrize(("source", "answers", "band", "level"), VECTORS)
def test_vectors(asq: Instrument, source: str, answers: Mapping[str, object], band: str, level: str) -> None:
    result = asq.score(answers)
    assert (result.band, result.level) == (band, level)
    assert result.score is None  # a rule, not a sum
    assert dict(result.scores) == {}


@pytest.mark.parametrize(
    ("answers", "complete"),
    [
        (given(NO, NO, NO, NO), True),
        (given(YES, NO, NO, NO, NO), True),
        (given(YES, NO, NO, NO), False),
        (given(NO, NO, NO), False),
        (given(NO, NO, NO, SKIPPED), False),
        (given(NO, NO, NO, DECLINED), False),
        (given(), False),
    ],
)
def test_complete_means_that_every_question_that_was_to_be_asked_is_answered(
    asq: Instrument, answers: Mapping[str, object], *, complete: bool
) -> None:
    assert asq.score(answers).complete is complete


# ---- The rule, on every set of answers there is -------------------------------------------------------


def oracle(answers: Mapping[str, object], *, ended: bool, youth: bool) -> Level:
    """The safety lane's sentences, one after the other, written without the engine."""
    four = [answers.get(item, ...) for item in Q[:4]]
    q5 = answers.get("q5", ...)
    if q5 is True:
        return Level.NOW  # q5 yes is `now`, whatever the others say
    if any(a is True for a in four):
        # Ended: by its holder, or because every question that was to be asked has been dealt with.
        over = ended or ... not in (*four, q5)
        return Level.NOW if over and q5 is not False else Level.TODAY
    if youth and "declined" in four:
        return Level.TODAY
    return Level.NONE


def test_every_set_of_answers_at_every_age(asq: Instrument) -> None:
    ages = [
        ("16-24", True),
        ("under-16", True),
        (None, True),
        ("25-64", False),
        ("65+", False),
        ("40ish", True),
    ]
    seen = set()
    for values in itertools.product((..., SKIPPED, DECLINED, YES, NO), repeat=5):
        answers = given(*values)
        for (band, youth), ended in itertools.product(ages, (False, True)):
            expected = oracle(answers, ended=ended, youth=youth)
            seen.add(expected)
            assert asq.judge(answers, ended=ended, age_band=band).level == expected, (answers, band, ended)
            if ended:
                assert asq.score(answers, age_band=band).level == expected
    assert seen == {Level.NONE, Level.TODAY, Level.NOW}


# ---- What the lane asks along the way -----------------------------------------------------------------


def test_a_yes_alerts_on_the_answer_and_waits_half_an_hour_for_q5(asq: Instrument) -> None:
    judged = asq.judge({"q2": True})
    assert judged.level == "today"
    assert judged.alerts == ("positive",)
    assert judged.wait == Wait(("q5",), 1800, Level.NOW, "acuity-unknown")
    assert judged.next == ("q1", "q3", "q4", "q5")
    assert not judged.ended


def test_the_wait_ends_with_an_answer_and_with_nothing_else(asq: Instrument) -> None:
    assert asq.judge(given(YES, NO, ..., ..., NO)).wait is None
    for unanswered in (..., SKIPPED, DECLINED):
        judged = asq.judge(given(YES, NO, ..., ..., unanswered))
        assert judged.level == "today"
        assert judged.wait is not None
        assert judged.wait.items == ("q5",)
        assert asq.judge(given(YES, NO, ..., ..., unanswered), ended=True).level == "now"


def test_with_nothing_left_to_ask_the_screen_has_ended(asq: Instrument) -> None:
    for last in (SKIPPED, DECLINED):
        judged = asq.judge(given(YES, NO, NO, NO, last))
        assert judged.ended
        assert judged.level == "now"
        assert judged.wait is None


def test_q5_is_asked_only_after_a_yes(asq: Instrument) -> None:
    assert asq.judge({}).next == Q[:4]
    assert asq.judge(given(NO, NO, NO)).next == ("q4",)
    assert asq.judge(given(NO, NO, NO, NO)).next == ()
    assert asq.judge(given(NO, NO, NO, YES)).next == ("q4-how", "q4-when", "q5")
    assert asq.judge(given(NO, NO, NO, YES), ended=True).next == ()
    assert asq.judge({**given(NO, NO, NO, YES, YES), "q4-how": "x", "q4-when": ""}).next == ("q5-describe",)


def test_a_description_without_its_yes_escalates(asq: Instrument) -> None:
    said = {**given(NO, NO, NO, NO), "q5-describe": "at night"}
    assert asq.score(said).level == "now"
    assert asq.judge(said).inconsistent == ("q5-describe",)
    assert asq.score({**given(NO, NO, NO, NO), "q4-when": "last spring"}).level == "today"
    for blank in ("", "  \n", None):
        assert asq.score({**given(NO, NO, NO, NO), "q5-describe": blank}).level == "none"


@pytest.mark.parametrize("age", [None, "16-24", "25-64"])
def test_a_last_question_that_was_asked_out_of_turn_and_declined_is_talked_about(
    asq: Instrument, age: str | None
) -> None:
    judged = asq.judge(given(NO, NO, NO, NO, DECLINED), age_band=age)
    assert (judged.level, judged.tasks) == ("none", (Todo("declined", Level.TALK, ("q5",)),))


def test_an_adult_who_declines_makes_a_task_and_no_alert(asq: Instrument) -> None:
    for item in Q[:4]:
        judged = asq.judge({item: "declined"}, age_band="25-64")
        assert (judged.level, judged.alerts) == ("none", ())
        assert judged.tasks == (Todo("declined", Level.TALK, (item,)),)
        for youth in ("16-24", "under-16", None, "a band of some other program"):
            judged = asq.judge({item: "declined"}, age_band=youth)
            assert (judged.level, judged.alerts) == ("today", ("declined-by-youth",))


def test_what_stays_open_at_the_end_is_a_task(asq: Instrument) -> None:
    half_way = given(NO, SKIPPED)
    assert asq.judge(half_way).tasks == ()
    assert asq.judge(half_way, ended=True).tasks == (Todo("unfinished", Level.TALK, ("q2", "q3", "q4")),)
    assert asq.judge({}, ended=True).tasks == (Todo("unfinished", Level.TALK, Q[:4]),)
    declined = asq.judge(given(NO, DECLINED, NO, NO), ended=True, age_band="65+")
    assert declined.tasks == (Todo("declined", Level.TALK, ("q2",)),)
    assert asq.judge(given(NO, NO, NO, NO), ended=True).tasks == ()


@pytest.mark.parametrize(
    "odd", [1, 0, "yes", "true", "", "Declined", 1.0, [True], {"valueBoolean": True}, float("nan")]
)
def test_an_answer_of_another_shape_is_an_error_or_an_alarm_never_a_no(asq: Instrument, odd: object) -> None:
    # SPiER #327: code that read only `valueBoolean` took a coded yes to q5 for "no risk".
    for item, worst in (("q1", "today"), ("q4", "today"), ("q5", "now")):
        with pytest.raises(Malformed) as caught:
            asq.score({item: odd})
        assert caught.value.where == f"asq: {item}"
        judged = asq.judge({item: odd}, age_band="25-64")
        assert judged.level == worst
        assert judged.alerts == ("unreadable",)
        assert judged.unreadable == (item,)
        assert judged.incomplete


def test_an_unreadable_answer_may_have_been_a_yes(asq: Instrument) -> None:
    judged = asq.judge({"q1": "oui"}, age_band="25-64")
    assert "q5" in judged.next
    assert judged.wait == Wait(("q5",), 1800, Level.NOW, "acuity-unknown")
    assert asq.judge({"q1": "oui"}, age_band="25-64", ended=True).level == "now"


@pytest.mark.parametrize("answers", [{"q6": True}, {"q6": None}, {7: True}, {None: None}, [], "q1", None, 3])
def test_what_is_no_question_of_the_instrument(asq: Instrument, answers: object) -> None:
    with pytest.raises(Malformed) as caught:
        asq.score(answers)
    assert caught.value.where == "asq"
    judged = asq.judge(answers)
    assert judged.level == "now"  # the worst level of the instrument
    assert judged.alerts == ("unknown-item",)
    assert judged.unknown == 1


def test_an_unknown_question_takes_nothing_away(asq: Instrument) -> None:
    judged = asq.judge({"q1": True, "q9": False})
    assert "positive" in judged.alerts
    assert judged.wait is None  # it is `now` already
    assert judged.level == "now"


class Hostile(dict[str, object]):
    def items(self) -> object:  # type: ignore[override]
        raise RuntimeError("a scorer that fails must alarm")


def test_a_judging_that_fails_alarms(asq: Instrument) -> None:
    judged = asq.judge(Hostile(q1=False))
    assert judged.level == "now"
    assert judged.alerts == ("failed",)


def test_errors_and_judgements_never_show_an_answer(asq: Instrument) -> None:
    secret = "canary-7f3a"
    for answers in ({"q1": secret}, {secret: True}, {"q5-describe": secret, "q1": 3}):
        with pytest.raises(Malformed) as caught:
            asq.score(answers)
        assert secret not in str(caught.value)
        assert caught.value.__cause__ is None
        assert secret not in repr(asq.judge(answers))
    assert secret not in repr(asq.score({"q5-describe": secret}))


def test_a_misspelt_item_is_told_the_closest(asq: Instrument) -> None:
    with pytest.raises(Malformed, match="did you mean q5"):
        asq.score({"Q5": True})
    with pytest.raises(Malformed, match="it has q1, q2, q3, q4, q4-how, q4-when, q5, q5-describe"):
        asq.score({"suicidal": True})
    with pytest.raises(Malformed, match="did you mean q5-describe"):
        asq.score({"q5_describe": "x"})


# ---- Wording and missing answers ---------------------------------------------------------------------


def test_the_wording_is_as_nimh_prints_it(asq: Instrument) -> None:
    assert [asq.text(item, "en") for item in Q] == [
        "In the past few weeks, have you wished you were dead?",
        "In the past few weeks, have you felt that you or your family would be better off if you were dead?",
        "In the past week, have you been having thoughts about killing yourself?",
        "Have you ever tried to kill yourself?",
        "Are you having thoughts of killing yourself right now?",
    ]


def test_a_missing_answer_is_no_no(asq: Instrument) -> None:
    for absent in (..., SKIPPED, DECLINED):
        result = asq.score(given(NO, NO, NO, absent), age_band="25-64")
        assert result.band is None
        assert not result.complete


# ---- Raising, wording, licence ------------------------------------------------------------------------


def test_a_program_may_raise_a_level_and_never_lower_one(asq: Instrument) -> None:
    stricter = asq.raised({"positive": Level.NOW, "declined-by-adult": "today"})
    assert stricter.judge({"q1": True}).level == "now"
    assert stricter.judge({"q1": "declined"}, age_band="65+").level == "today"
    assert stricter.raises == (("declined-by-adult", Level.TODAY), ("positive", Level.NOW))
    assert stricter.sha256 == asq.sha256
    assert stricter != asq
    assert asq.judge({"q1": True}).level == "today"  # the shipped one is untouched
    assert asq.raised({"positive": "today"}).judge({"q1": True}).level == "today"  # to where it is: allowed
    for lower in ("none", "talk"):
        with pytest.raises(Malformed, match="raised only"):
            asq.raised({"positive": lower})
    with pytest.raises(Malformed, match="raised only"):
        stricter.raised({"positive": "today"})
    with pytest.raises(Malformed, match="none, talk, today or now"):
        asq.raised({"positive": "urgent"})
    with pytest.raises(Malformed, match="names no triage rule"):
        asq.raised({"q1": "now"})


def test_there_is_wording_in_english_and_in_no_other_language(asq: Instrument) -> None:
    assert asq.languages == ("en",)
    assert asq.text("q1", "en-CA") == asq.text("q1", "EN") == asq.text("q1", "en")
    assert (asq.label("q1", "en", value=True), asq.label("q1", "en", value=False)) == ("Yes", "No")
    for language in ("fr", "fr-CA", "", "e", "eng", "-en"):
        with pytest.raises(NotFound, match="no verified wording"):
            asq.text("q1", language)
    with pytest.raises(NotFound, match="no item"):
        asq.text("q6", "en")
    with pytest.raises(NotFound, match="no such answer"):
        asq.label("q4-how", "en", value="x")


def test_it_says_whose_it_is_and_that_it_may_be_passed_on(asq: Instrument) -> None:
    assert "NIMH" in asq.licence.notice
    assert asq.licence.redistribution_permitted
    assert [item.id for item in asq.items if item.required] == list(Q)
    assert asq.code is not None
    assert (asq.code.value, asq.code.verified) == ("93374-7", True)
