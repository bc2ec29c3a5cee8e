# SPDX-License-Identifier: Apache-2.0
"""A FHIR Questionnaire as a definition. Those here are made up, in the shapes that published ones have
(LHC-Forms, the SPiER adoption guide, HL7's examples)."""

from __future__ import annotations

import copy
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_fhir import (
    CALCULATED,
    LOINC,
    OFTEN,
    TRANSLATION,
    WEIGHT,
    YES_NO,
    boolean,
    bounds,
    choice,
    coded,
    questionnaire,
    when,
)

from peerkit.errors import Malformed
from peerkit.instruments import Instrument, from_fhir, parse
from peerkit.instruments.fhir import imported


def read(*items: dict[str, Any], **more: Any) -> Instrument:
    return parse(from_fhir(json.dumps(questionnaire(*items, **more)), public_domain=True), "garden.toml")


def left(*items: dict[str, Any], **more: Any) -> str:
    return "\n".join(imported(json.dumps(questionnaire(*items, **more))).left)


def refused(*items: dict[str, Any], **more: Any) -> Malformed:
    with pytest.raises(Malformed) as told:
        from_fhir(json.dumps(questionnaire(*items, **more)), "garden.json")
    return told.value


@pytest.mark.parametrize("low", [True, "3", 1.5])
def test_a_bound_that_is_no_number_is_none_and_says_of_which_question(low: object) -> None:
    hours = {"linkId": "hours", "type": "integer", "text": "Hours?", **bounds(low, 24)}  # type: ignore[arg-type]
    assert read(hours).by_id["hours"].answers.low == -(10**9)
    assert "hours: the lowest and the highest number are not given" in left(hours)


def test_bounds_the_wrong_way_round_are_refused_by_the_questions_path() -> None:
    fault = refused({"linkId": "hours", "type": "integer", "text": "Hours?", **bounds(24, 0)})
    assert fault.where == "garden.json: hours"


# -- what is carried over --------------------------------------------------------------------------


def test_points_codes_and_ids() -> None:
    code = [{"system": LOINC, "code": "44250-9"}]
    found = read(
        choice("/44250-9", OFTEN, code=code, required=True),
        choice("outside", [coded("A", "Yes", 0.5), coded("B", "No", 0.5)]),
        {"linkId": "hours", "type": "integer", "text": "Hours?", **bounds(0, 24)},
        {"linkId": "more", "type": "text", "text": "More?"},
        code=[{"system": LOINC, "code": "93374-7"}],
    )
    assert (found.id, found.version, found.title) == ("garden-week", "2.1", "The garden and the week")
    assert [item.id for item in found.items] == ["q1", "outside", "hours", "more"]
    assert [item.required for item in found.items] == [True, False, False, False]
    first, outside, hours, _more = found.items
    assert [(o.value, o.points, o.code.value if o.code else "") for o in first.answers.options] == [
        (0, 0, "LA6568-5"),
        (1, 1, "LA6569-3"),
        (2, 2, "LA6570-1"),
    ]
    assert first.code is not None
    assert (first.code.value, first.code.verified) == ("44250-9", False)
    assert [(o.value, o.points) for o in outside.answers.options] == [
        ("A", Decimal("0.5")),
        ("B", Decimal("0.5")),
    ]
    assert (hours.answers.low, hours.answers.high) == (0, 24)
    assert found.code is not None
    assert found.code.value == "93374-7"
    assert (found.triage, found.scores, found.bands) == ((), (), ())


def test_the_newer_extension_for_points_counts_before_the_older() -> None:
    option = coded("LA6568-5", "Never", 3)
    option["valueCoding"]["extension"] = [{"url": WEIGHT, "valueDecimal": 9}]
    option["extension"].append({"url": WEIGHT, "valueDecimal": 4})
    found = read(choice("q1", [option, coded("LA6569-3", "Often", 5)]))
    assert [one.value for one in found.items[0].answers.options] == [4, 5]


def test_yes_and_no_are_true_and_false_however_they_are_coded() -> None:
    snomed = "http://snomed.info/sct"
    backwards = [coded("373067005", "No", system=snomed), coded("373066001", "Yes", system=snomed)]
    found = read(boolean("q1"), choice("q2", YES_NO), choice("q3", backwards))
    assert [[one.value for one in item.answers.options] for item in found.items] == [
        [True, False],
        [True, False],
        [False, True],
    ]
    labels = found.texts[0].answers[found.by_id["q3"].answers.id]
    assert labels == {"true": "Yes", "false": "No"}


def test_groups_are_flattened_and_their_words_stand_above_what_follows() -> None:
    found = read(
        {
            "linkId": "all",
            "type": "group",
            "text": "In the last week:",
            "item": [boolean("q1"), {"linkId": "note", "type": "display", "text": "And now:"}, boolean("q2")],
        }
    )
    [text] = found.texts
    assert text.introduction == "In the last week:"
    assert dict(text.items) == {"q1": "About q1?", "q2": "And now:\nAbout q2?"}
    assert (text.verified, found.languages) == (False, ())


def test_branching_of_a_question_and_of_the_groups_around_it() -> None:
    found = read(
        choice("q1", OFTEN),
        choice("q2", YES_NO),
        {"linkId": "hours", "type": "integer", "text": "Hours?", **bounds(0, 24)},
        {
            "linkId": "group",
            "type": "group",
            "enableBehavior": "any",
            "enableWhen": [
                when("q1", answerCoding={"system": LOINC, "code": "LA6570-1"}),
                when("q2", answerCoding={"code": "LA33-6"}),
            ],
            "item": [boolean("q4", enableWhen=[when("hours", ">=", answerInteger=3)])],
        },
        boolean("q5", enableWhen=[when("q4", "exists", answerBoolean=True)]),
        boolean("q6", enableWhen=[when("q2", "!=", answerCoding={"code": "LA33-6"})]),
    )

    def shown(answers: dict[str, Any]) -> set[str]:
        return set(found.judge(answers).next)

    assert not {"q4", "q5", "q6"} & shown({"q1": 1})
    assert "q4" not in shown({"q1": 2, "hours": 2})
    assert "q4" in shown({"q1": 2, "hours": 3})
    assert "q4" in shown({"q2": True, "hours": 3})
    assert "q4" not in shown({"hours": 3})
    assert "q5" in shown({"q1": 2, "hours": 3, "q4": False})
    assert "q6" in shown({"q2": False})
    assert "q6" in shown({"q2": "declined"})
    assert "q6" not in shown({"q2": True})


def test_an_open_choice_is_a_choice_and_a_text() -> None:
    found = read(
        choice("q1", OFTEN) | {"type": "open-choice", "required": True}, boolean("q2", required=True)
    )
    assert [(item.id, item.required) for item in found.items] == [
        ("q1", False),
        ("q1-other", False),
        ("q2", True),
    ]
    assert found.score({"q1-other": "by the river", "q2": True}).complete


def test_a_total_is_worked_out_and_never_asked() -> None:
    total = {
        "linkId": "sum",
        "type": "decimal",
        "text": "Sum",
        "extension": [{"url": CALCULATED, "valueExpression": {"expression": "%total"}}],
    }
    named = {"linkId": "t", "type": "decimal", "text": "Total score"}
    told = left(choice("q1", OFTEN), total, named)
    assert [one.id for one in read(choice("q1", OFTEN), total, named).items] == ["q1"]
    assert "sum: it is worked out, not asked" in told
    assert "\nt: by its name it is a score" in told


def test_translations_are_sets_of_their_own_and_only_whole_ones() -> None:
    def also(text: str) -> dict[str, Any]:
        parts = [{"url": "lang", "valueCode": "fr"}, {"url": "content", "valueString": text}]
        return {"extension": [{"url": TRANSLATION, "extension": parts}]}

    item = boolean("q1", _text=also("Et le jardin ?"))
    titled = {"_title": also("Le jardin")}
    found = read(item, **titled)
    assert {text.language: text.items["q1"] for text in found.texts} == {
        "en": "About q1?",
        "fr": "Et le jardin ?",
    }
    assert found.texts[1].answers["yes-no"] == {"true": "Oui", "false": "Non"}
    assert [text.language for text in read(item, boolean("q2"), **titled).texts] == ["en"]
    made = imported(json.dumps(questionnaire(item, boolean("q2"), **titled)), public_domain=True)
    assert "wording in fr: a text, or an answer's, is missing" in made.left


def test_no_wording_without_a_ground_and_nothing_of_it_in_the_file() -> None:
    plain = from_fhir(json.dumps(questionnaire(choice("q1", OFTEN))))
    assert "About" not in plain
    assert "Some days" not in plain
    assert not parse(plain).licence.item_text_included
    held = parse(from_fhir(json.dumps(questionnaire(choice("q1", OFTEN))), permission="letter, 3 May 2026"))
    assert (held.licence.permission, held.licence.redistribution_permitted) == ("letter, 3 May 2026", False)
    assert held.licence.item_text_included


def test_what_it_says_of_itself() -> None:
    text = json.dumps(questionnaire(boolean("q1"), version="2.1-pilot", date=None, language=None))
    made = imported(text, checked_on=dt.date(2026, 11, 28))
    assert "the questionnaire's own version; here it is 1.0" in made.left
    assert made.toml.index("FHIR HAS NO ALERT RULES") < made.toml.index("format = 1")
    assert parse(made.toml).licence.checked_on == dt.date(2026, 11, 28)
    assert parse(from_fhir(text, checked_on=dt.date(2026, 1, 1), id="mine", version="3.0")).id == "mine"
    nothing = imported(text)  # FHIR R4 lets the date be absent
    assert parse(nothing.toml).licence.checked_on == dt.date(1970, 1, 1)
    assert any(left.startswith("its date: there is none") for left in nothing.left)
    assert parse(nothing.toml).pack == "clinical"  # off until a program names who receives it
    with pytest.raises(Malformed, match="in which language"):
        from_fhir(text, public_domain=True)


# -- what is refused, and what is told ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"linkId": "a", "type": "date"}, "no such type of question"),
        ({"linkId": "a", "type": "quantity"}, "no such type of question"),
        ({"linkId": "a", "type": ["CANARY"]}, "no such type of question"),
        ({"type": "boolean"}, "needs a linkId"),
        ("CANARY", "an item is an object"),
        (choice("a", OFTEN, repeats=True), "several answers"),
        (choice("a", OFTEN[:1]), "two answers to choose from"),
        (choice("a", [OFTEN[0], OFTEN[0]]), "two of its answers are the same"),
        (choice("a", [{"valueDate": "2026-01-01"}, OFTEN[0]]), "a code, a text or a whole number"),
        (choice("a", [coded("declined", "CANARY"), coded("x", "X")]), "called declined"),
        ({"linkId": "a", "type": "group", "repeats": True, "item": [boolean("b")]}, "asked several times"),
        (boolean("a", modifierExtension=[{"url": "x"}]), "a modifier may change"),
        (boolean("a", CANARY=1), "no field that this reads"),
        (
            boolean(
                "a",
                extension=[{"url": "x/sdc-questionnaire-enableWhenExpression", "valueExpression": {"a": 1}}],
            ),
            "branching by an expression",
        ),
        (boolean("a", extension=[{"url": "x/questionnaire-hidden", "valueBoolean": True}]), "hidden"),
        (boolean("a", enableWhen=[when("gone", answerBoolean=True)]), "not there"),
        (boolean("a", enableWhen=[when("first", "exists", answerBoolean=False)]), "absent is not an answer"),
        (boolean("a", enableWhen=[when("first", "~", answerBoolean=True)]), "no such operator"),
        (boolean("a", enableWhen=[when("first", answerString="CANARY")]), "no answer to its question"),
        (boolean("a", enableWhen=[when("first", ">", answerBoolean=True)]), "no answer to its question"),
        (boolean("a", enableWhen=[when("first", answerBoolean=True)] * 2), "enableBehavior"),
        (boolean("a", enableWhen=[when("a", answerBoolean=True)]), "goes in a circle"),
        (boolean("a", enableWhen="CANARY"), "enableWhen is a list"),
        (boolean("first"), "two items have this linkId"),
        (boolean("a", required="CANARY"), "true or false"),
    ],
)
def test_what_would_change_a_meaning_is_refused_by_its_path(item: Any, said: str) -> None:
    told = refused(boolean("first"), item)
    assert said in str(told)
    assert told.where.startswith("garden.json")
    assert "CANARY" not in str(told)


def test_a_path_goes_through_the_groups() -> None:
    inner = {"linkId": "/2/1", "type": "group", "item": [{"linkId": "/2/1/3", "type": "url"}]}
    told = refused(boolean("/1"), {"linkId": "words with blanks", "type": "group", "item": [inner]})
    assert told.where == "garden.json: [2] > /2/1 > /2/1/3"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"resourceType": "Bundle"}',
        '{"resourceType": "Questionnaire"}',
        "[" * 100_000,
        "NaN",
        json.dumps(questionnaire(item=[]))[:-1],
        json.dumps(questionnaire(implicitRules="x")),
        json.dumps(questionnaire(item="CANARY")),
        json.dumps(questionnaire(boolean("a"), id=None)),
    ],
)
def test_what_is_no_questionnaire(text: str) -> None:
    with pytest.raises(Malformed) as told:
        from_fhir(text, "garden.json")
    assert "CANARY" not in str(told.value)


def test_what_is_lost_is_told() -> None:
    told = left(
        choice("q1", [{**OFTEN[0], "initialSelected": True}, *OFTEN[1:]]),
        {"linkId": "n", "type": "integer", "text": "How many?"},
        {"linkId": "d", "type": "decimal", "text": "How much?"},
        {"linkId": "s", "type": "string", "text": "Which?", "repeats": True},
        boolean(
            "c", code=[{"system": "http://example.org", "code": "x"}, {"system": LOINC, "code": "44250-8"}]
        ),
        {"linkId": "w", "type": "display", "text": "Call.", "enableWhen": [when("c", answerBoolean=True)]},
        boolean("e", extension=[{"url": "http://example.org/StructureDefinition/tier", "valueCode": "1"}]),
        {"linkId": "end", "type": "display", "text": "Thank you."},
    )
    for said in (
        "q1: an answer given beforehand",
        "n: the lowest and the highest number are not given",
        "d: a number with decimals",
        "s: several texts",
        "c: a code of another system",
        "c: a LOINC code whose check digit does not fit",
        "w: words that are shown on a condition",
        "e: the extension tier",
        "end: words behind the last question",
        "no question is required",
    ):
        assert said in told


@given(st.data())
def test_hostile_words_and_ids_make_a_file_that_can_be_read(data: st.DataObject) -> None:
    words = st.text(min_size=1, max_size=30).filter(str.strip)
    links = data.draw(st.lists(words, min_size=1, max_size=6, unique=True))
    texts = [data.draw(words) for _ in links]
    items = [
        {"linkId": link, "type": "boolean", "text": text} for link, text in zip(links, texts, strict=True)
    ]
    root = questionnaire(
        *items, title=data.draw(words), publisher=data.draw(words), copyright=data.draw(words)
    )
    try:
        made = from_fhir(json.dumps(root), public_domain=True)
    except Malformed:
        return
    found = parse(made)
    assert [found.texts[0].items[item.id] for item in found.items] == [text.strip() for text in texts]


@given(st.data())
def test_a_damaged_questionnaire_is_read_or_refused_and_never_a_fault(data: st.DataObject) -> None:
    root = questionnaire(
        choice("q1", copy.deepcopy(OFTEN), code=[{"system": LOINC, "code": "44250-9"}]),
        boolean("q2", enableWhen=[when("q1", answerCoding={"code": "LA6568-5"})]),
        {"linkId": "q3", "type": "choice", "text": "How often?", "answerValueSet": "#often"},
        contained=[
            {
                "resourceType": "ValueSet",
                "id": "often",
                "compose": {"include": [{"concept": [{"code": "a"}, {"code": "b"}]}]},
            }
        ],
    )
    place: Any = root
    for _ in range(data.draw(st.integers(1, 7))):
        if not isinstance(place, dict | list) or not place:
            break
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if data.draw(st.booleans()):
            place[key] = data.draw(
                st.sampled_from([None, True, 0, 1.5, "x", [], {}, [None], [{}], {"a": []}])
            )
            break
        place = place[key]
    try:
        parse(from_fhir(json.dumps(root), public_domain=True))
    except Malformed:
        return
