# SPDX-License-Identifier: Apache-2.0
"""What holds of each instrument that ships, and what each of them says of answers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit import Level
from peerkit.errors import NotFound
from peerkit.instruments import Instrument, in_language, installed, load
from peerkit.instruments.answers import read
from peerkit.instruments.codes import Code, loinc_shaped
from peerkit.testing import strategies
from peerkit.texts import for_locale

EACH = pytest.mark.parametrize("id_", installed())
WORDED = pytest.mark.parametrize("id_", [id_ for id_ in installed() if load(id_).texts])
CLINICAL = {"phq-9", "phq-2", "gad-7", "k6", "k10", "k10-0-4"}
SUMMED = pytest.mark.parametrize("id_", sorted(CLINICAL))


def codes(instrument: Instrument) -> Iterator[Code]:
    options = [option for item in instrument.items for option in item.answers.options]
    for part in (instrument, *instrument.items, *options, *instrument.scores):
        if part.code is not None:
            yield part.code


def all_with(instrument: Instrument, place: int) -> dict[str, object]:
    """The same answer to every question that is scored: the first, second … of its options."""
    return {item: instrument.item(item).answers.options[place].value for item in instrument.scores[0].items}


# ---- Each of them -------------------------------------------------------------------------------------


@EACH
def test_each_code_has_its_check_digit(id_: str) -> None:
    for code in codes(load(id_)):
        assert code.system == "loinc"
        assert loinc_shaped(code.value)


@WORDED
def test_each_code_beside_a_wording_was_compared_with_a_source(id_: str) -> None:
    assert all(code.verified for code in codes(load(id_)))


@WORDED
def test_each_text_set_is_whole_and_from_one_source(id_: str) -> None:
    instrument = load(id_)
    for wording in instrument.texts:
        assert wording.verified
        assert wording.source
        assert set(wording.items) | wording.without == set(instrument.by_id)
        assert all(not instrument.item(item).required for item in wording.without)
        for item in wording.items:
            assert instrument.text(item, wording.language)
            labels = [
                instrument.label(item, wording.language, value=option.value)
                for option in instrument.item(item).answers.options
            ]
            assert len(set(labels)) == len(labels)


@WORDED
def test_what_finds_nothing_that_a_program_must_receive_is_on(id_: str) -> None:
    assert load(id_).pack == ("clinical" if id_ in CLINICAL else "")


@WORDED
def test_no_word_of_a_rule_says_what_somebody_has(id_: str) -> None:
    instrument = load(id_)
    said = [instrument.title, *(rule.id for rule in instrument.triage), *(b.code for b in instrument.bands)]
    for word in ("depress", "disorder", "diagnos", "anxiety", "patient", "risk"):
        assert not [one for one in said if word in one.lower() and one not in TITLES]


TITLES = {"Patient Health Questionnaire (PHQ-9)", "Patient Health Questionnaire, two questions (PHQ-2)"}


@EACH
@given(data=st.data())
def test_levels_never_fall_while_the_form_is_filled_in(id_: str, data: st.DataObject) -> None:
    instrument = load(id_)
    answers = data.draw(strategies.answers(instrument, branching=True))
    before: Level = Level.NONE
    given_so_far: dict[str, object] = {}
    for item in (one.id for one in instrument.items if one.id in answers):
        given_so_far[item] = answers[item]
        judged = instrument.judge(given_so_far)
        assert judged.level >= before
        assert judged.inconsistent == ()
        before = judged.level
    assert instrument.score(answers).level >= before


@SUMMED
@given(data=st.data())
def test_one_more_point_lowers_neither_level_nor_band(id_: str, data: st.DataObject) -> None:
    instrument = load(id_)
    rank = [band.code for band in instrument.bands]
    answers = {
        item: data.draw(strategies.answered(instrument.item(item).answers))
        for item in instrument.scores[0].items
    }
    result = instrument.score(answers)
    assert isinstance(result.score, int)
    assert instrument.bands[0].low <= result.score <= instrument.bands[-1].high
    assert result.complete
    for item, stored in answers.items():
        points = read(instrument.item(item).answers, stored).points
        assert points is not None
        if points < (instrument.item(item).answers.points() or (0, 0))[1]:
            after = instrument.score({**answers, item: int(points) + 1})
            assert after.score == result.score + 1
            assert rank.index(after.band or "") >= rank.index(result.band or "")
            assert after.level >= result.level


@SUMMED
def test_one_answer_missing_is_no_score_and_a_task_and_never_a_0(id_: str) -> None:
    instrument = load(id_)
    most = all_with(instrument, -1)
    for item, missing in itertools.product(most, (None, "declined", ...)):
        answers = {**most, item: missing}
        if missing is ...:
            del answers[item]
        result = instrument.score(answers)
        assert (result.score, result.band, result.complete) == (None, None, False)
        tasks = [todo.rule for todo in instrument.judge(answers, ended=True).tasks]
        assert ("unfinished" in tasks) is (missing != "declined")


# ---- Languages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id_", "languages"),
    [
        ("asq", ("en",)),
        ("gad-7", ("en", "fr")),
        ("k10", ("en",)),
        ("k10-0-4", ("en",)),
        ("k6", ("en",)),
        ("phq-2", ("en", "fr-CA")),
        ("phq-9", ("en", "fr-CA")),
        ("poverty", ("en",)),
        ("readiness", ("en", "fr")),
        ("safety-conversation", ("en", "fr")),
    ],
)
def test_languages(id_: str, languages: tuple[str, ...]) -> None:
    assert load(id_).languages == languages


def test_a_question_that_has_no_words_in_a_language_is_not_asked_in_it() -> None:
    phq9 = load("phq-9")
    assert phq9.wording("fr-CA").without == {"q10"}
    assert phq9.wording("en").without == frozenset()
    for ask in (lambda: phq9.text("q10", "fr-CA"), lambda: phq9.label("q10", "fr-CA", value=0)):
        with pytest.raises(NotFound):
            ask()
    # It is not required, so nothing is missing without it.
    assert phq9.score(all_with(phq9, 1)).complete


def test_french_answers_are_those_of_the_french_questions() -> None:
    # INSPQ's four answers for its questions, the other set's for its own.
    assert load("phq-9").label("q1", "fr-CA", value=2) == "Plus de sept jours"
    assert load("gad-7").label("q1", "fr-CA", value=2) == "Plus de la moitié du temps"


def test_where_a_screen_has_no_words_there_is_a_conversation() -> None:
    for id_ in ("asq", "k6", "k10", "k10-0-4"):
        for language in ("fr", "fr-CA", "FR-ca"):
            assert in_language(load(id_), language).id == "safety-conversation"
        assert in_language(load(id_), "en-CA").id == id_
    assert in_language(load("phq-9"), "fr-CA").id == "phq-9"
    assert in_language(load("phq-9"), "fr").id == "phq-9"  # the only French that it has
    assert in_language(load("phq-9"), "fr-FR").id == "safety-conversation"
    with pytest.raises(NotFound, match=r"it has en; .*safety-conversation instead"):
        load("asq").text("q1", "fr")
    with pytest.raises(NotFound):
        in_language(load("asq"), "oj")  # nobody's guess, in no language
    with pytest.raises(NotFound, match=r"it has en; no answer to it alarms anybody"):
        in_language(load("poverty"), "fr")  # nobody is in danger: there is nothing in its place
    with pytest.raises(NotFound, match=r"it has en, fr$"):
        in_language(load("safety-conversation"), "oj")


# ---- One by one ---------------------------------------------------------------------------------------


def test_item_9_is_heard_at_once_under_every_policy() -> None:
    phq9 = load("phq-9")
    for answer in (1, 2, 3, "LA6569-3"):
        assert phq9.judge({"q9": answer}).level == "now"
        with_two_missing = {"q1": None, "q2": "declined", **dict.fromkeys(map("q{}".format, range(3, 9)), 0)}
        result = phq9.score({**with_two_missing, "q9": answer})
        assert (result.level, result.score) == ("now", None)
        assert result.scores["with-mean"] is not None
    assert phq9.judge({"q9": "declined"}).level == "none"
    assert [todo.rule for todo in phq9.judge({"q9": "declined"}).tasks] == ["declined"]


def test_the_tenth_question_is_asked_of_whom_something_bothered_and_never_scored() -> None:
    phq9 = load("phq-9")
    nothing = all_with(phq9, 0)
    assert "q10" not in phq9.judge(nothing).next
    assert "q10" in phq9.judge({**nothing, "q3": 1}).next
    assert phq9.score({**nothing, "q3": 1, "q10": 3}).score == 1
    assert phq9.judge({**nothing, "q10": 3}).inconsistent == ("q10",)


@pytest.mark.parametrize(
    ("points", "band", "level", "tasks"), [(2, "negative", "none", []), (3, "positive", "talk", ["phq-9"])]
)
def test_phq_2(points: int, band: str, level: str, tasks: list[str]) -> None:
    answers = {"q1": points - 1, "q2": 1}
    result = load("phq-2").score(answers)
    assert (result.score, result.band, result.level) == (points, band, level)
    assert [todo.rule for todo in load("phq-2").judge(answers).tasks] == tasks


@pytest.mark.parametrize("id_", ["k6", "k10", "k10-0-4"])
def test_kessler_answers_go_by_their_words_and_not_by_the_score_of_the_list(id_: str) -> None:
    # LOINC's list LL1257-6 scores "all of the time" 1 and "none of the time" 5.
    instrument = load(id_)
    for code, words, place in (("LA6154-4", "All of the time", -1), ("LA6297-1", "None of the time", 0)):
        option = instrument.item("q1").answers.options[place]
        assert option.code is not None
        assert option.code.value == code
        assert instrument.label("q1", "en", value=option.value) == words
    least, most = (
        instrument.score({item.id: code for item in instrument.items}).score
        for code in ("LA6297-1", "LA6154-4")
    )
    assert (least, most) == (instrument.bands[0].low, instrument.bands[-1].high)


@given(st.lists(st.integers(0, 4), min_size=10, max_size=10))
def test_both_codings_of_the_k10_say_the_same_of_the_same_answers(places: list[int]) -> None:
    one, other = (
        load(id_).score({f"q{i}": place + first for i, place in enumerate(places, start=1)})
        for id_, first in (("k10", 1), ("k10-0-4", 0))
    )
    assert (one.band, one.level) == (other.band, other.level)
    assert one.score == (other.score or 0) + 10


@pytest.mark.parametrize(
    ("id_", "score", "band", "level"),
    [
        ("k6", 12, "below-cut", "none"),
        ("k6", 13, "serious-distress", "talk"),
        ("k10", 19, "likely-well", "none"),
        ("k10", 29, "moderate", "none"),
        ("k10", 30, "severe", "talk"),
        ("gad-7", 9, "mild", "none"),
        ("gad-7", 10, "moderate", "talk"),
        ("gad-7", 15, "severe", "talk"),
    ],
)
def test_cuts(id_: str, score: int, band: str, level: str) -> None:
    instrument = load(id_)
    answers: dict[str, Any] = {}
    left = score - int(instrument.bands[0].low)
    for item in instrument.items:
        values = [option.value for option in item.answers.options]
        answers[item.id] = values[min(left, len(values) - 1)]
        left -= min(left, len(values) - 1)
    result = instrument.score(answers)
    assert (result.score, result.band, result.level) == (score, band, level)


def test_poverty_is_an_offer_and_no_alarm() -> None:
    poverty = load("poverty")
    assert "(ever)" in poverty.text("q1", "en")
    yes, no = poverty.score({"q1": True}), poverty.score({"q1": False})
    assert (yes.band, yes.level, no.band, no.level) == ("difficulty", "none", "no-difficulty", "none")
    assert [todo.rule for todo in poverty.judge({"q1": True}).tasks] == ["offer-help"]
    assert poverty.judge({"q1": False}).tasks == ()
    assert poverty.score({"q1": "declined"}).band is None  # to decline is no "no"


@given(strategies.answers(load("readiness")))
def test_the_ruler_alarms_nobody_and_has_no_bands(answers: dict[str, Any]) -> None:
    result = load("readiness").score(answers)
    assert (result.level, result.band, result.score, result.alerts) == ("none", None, None, ())
    for item, name in (("q1", "importance"), ("q2", "confidence"), ("q3", "readiness")):
        said = answers.get(item)
        assert result.scores[name] == (said if isinstance(said, int) else None)


def test_the_ruler_asks_what_carries_a_number_and_what_would_raise_it() -> None:
    ruler = load("readiness")
    following = {
        0: {"q1-more"},
        5: {"q1-why", "q1-more"},
        10: {"q1-why"},
    }
    for number, asked in following.items():
        assert {item for item in ruler.judge({"q1": number}).next if item.startswith("q1-")} == asked


CONVERSATION = load("safety-conversation")


@given(strategies.answers(CONVERSATION), st.sampled_from([None, "16-24", "25-64"]))
def test_in_the_conversation_only_the_plain_question_alarms(answers: dict[str, Any], age: str | None) -> None:
    # No words are judged: thoughts of suicide are not by themselves a crisis, and nothing here could tell.
    judged = CONVERSATION.judge(answers, age_band=age, ended=True)
    wanted = answers.get("q2")
    refused = Level.NONE if age == "25-64" else Level.TODAY
    assert judged.level == (Level.NOW if wanted is True else refused if wanted == "declined" else Level.NONE)
    assert CONVERSATION.score(answers, age_band=age).score is None
    tasks = {todo.rule for todo in judged.tasks}
    said = [item for item, value in answers.items() if item != "q2" and value not in (None, "declined")]
    assert ("read" in tasks) is any(str(answers[item]).strip() for item in said)
    assert ("unfinished" in tasks) is (wanted is None)


def test_somebody_who_asks_for_help_gets_it_before_the_conversation_is_over() -> None:
    judged = CONVERSATION.judge({"q2": True})
    assert (judged.level, judged.alerts) == ("now", ("wants-help-now",))
    assert CONVERSATION.judge({"q2": "yes"}).level == "now"  # no answer that can be read, and no "no"


@pytest.mark.parametrize(
    ("answers", "said", "dit"),
    [
        ({f"q{n}": 0 for n in range(1, 10)}, "Nobody has to be told", "Il n’y a personne à aviser"),
        ({}, "This is not finished", "Ce n’est pas terminé"),
        (dict.fromkeys(("q1", "q2", "q3", "q4"), 3), "Talk about it now", "Parlez-en maintenant"),
        (dict.fromkeys(("q1", "q2", "q3", "q4", "q5", "q6", "q7"), 3), "Tell the supervisor", "Avisez la"),
        ({"q9": 1}, "Stay with the person", "Restez avec la personne"),
    ],
)
def test_a_result_says_to_whom_to_hand_over(answers: dict[str, object], said: str, dit: str) -> None:
    handover = load("phq-9").score(answers).handover
    assert for_locale("en")(handover).startswith(said)
    assert for_locale("fr-CA")(handover).startswith(dit)
