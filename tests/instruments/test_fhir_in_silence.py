# SPDX-License-Identifier: Apache-2.0
"""Nothing of a FHIR Questionnaire is lost in silence: it is carried over, or told, or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from made_fhir import (
    CALCULATED,
    HIDDEN,
    LOINC,
    OFTEN,
    TRANSLATION,
    WEIGHT,
    YES_NO,
    boolean,
    bounds,
    choice,
    coded,
    counted,
    questionnaire,
    when,
)

from peerkit.errors import Malformed
from peerkit.instruments import Instrument, parse
from peerkit.instruments.fhir import Imported, imported

UNKNOWN = {"modifierExtension": [{"url": "https://example.org/not", "valueBoolean": True}]}
CODES = "https://example.org/codes"


def made(*items: dict[str, Any], **more: Any) -> Imported:
    return imported(json.dumps(questionnaire(*items, **more)), "garden.json", public_domain=True)


def read(*items: dict[str, Any], **more: Any) -> Instrument:
    return parse(made(*items, **more).toml)


def left(*items: dict[str, Any], **more: Any) -> list[str]:
    return [str(one) for one in made(*items, **more).left]


def refused(*items: dict[str, Any], **more: Any) -> Malformed:
    with pytest.raises(Malformed) as told:
        made(*items, **more)
    assert "CANARY" not in str(told.value)
    return told.value


def shown(found: Instrument, **answers: Any) -> tuple[str, ...]:
    return found.judge(answers).next


def group(link: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"linkId": link, "type": "group", "text": f"Of {link}:", "item": list(items), **more}


def hidden(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "extension": [*item.get("extension", []), {"url": HIDDEN, "valueBoolean": True}]}


# -- branching -----------------------------------------------------------------------------------------


def test_an_answer_is_compared_by_itself_and_not_by_its_points() -> None:
    backwards = [counted({"valueInteger": n}, 4 - n) for n in range(5)]
    found = read(choice("mood", backwards), boolean("why", enableWhen=[when("mood", "<", answerInteger=2)]))
    assert [(one.value, one.points) for one in found.by_id["mood"].answers.options] == [
        (n, 4 - n) for n in range(5)
    ]
    assert [n for n in range(5) if "why" in shown(found, mood=n)] == [0, 1]


def test_what_no_answer_could_be_is_refused() -> None:
    few = [{"valueInteger": n} for n in range(3)]
    fault = refused(choice("mood", few), boolean("why", enableWhen=[when("mood", ">", answerInteger=2)]))
    assert fault.where == "garden.json: why"
    between = read(choice("mood", few), boolean("why", enableWhen=[when("mood", "<", answerInteger=7)]))
    assert "why" in shown(between, mood=2)


def test_an_answer_in_own_words_is_an_answer() -> None:
    harm = choice("harm", [coded("a", "A"), coded("b", "B")]) | {"type": "open-choice"}
    found = read(
        harm,
        boolean("when", enableWhen=[when("harm", "exists", answerBoolean=True)]),
        boolean("not-a", enableWhen=[when("harm", "!=", answerCoding={"system": LOINC, "code": "a"})]),
    )
    assert not {"when", "not-a"} & {*shown(found)}
    assert {"when", "not-a"} <= {*shown(found, **{"harm-other": "in the garden"})}
    assert {"when", "not-a"} & {*shown(found, harm="a")} == {"when"}
    assert {"when", "not-a"} <= {*shown(found, harm="b")}


def test_a_code_of_another_system_is_another_code() -> None:
    rule = [when("q1", answerCoding={"system": CODES, "code": "LA33-6"})]
    assert "no answer to its question" in str(refused(choice("q1", YES_NO), boolean("q2", enableWhen=rule)))
    bare = [when("q1", answerCoding={"code": "LA33-6"})]
    assert any("q2: only one of" in one for one in left(choice("q1", YES_NO), boolean("q2", enableWhen=bare)))


@pytest.mark.parametrize(
    "rule",
    [
        when("q1", answerBoolean=True, answerCoding={"code": "CANARY"}),
        when("q1", answerBoolean=True, _operator={"extension": []}),
        when("q1", answerBoolean=True, CANARY=1),
        "CANARY",
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(rule: Any) -> None:
    assert "this enableWhen cannot be read" in str(refused(boolean("q1"), boolean("q2", enableWhen=[rule])))


@pytest.mark.parametrize("named", [{}, {"question": ["CANARY"]}])
def test_a_question_that_is_not_named_is_none(named: dict[str, Any]) -> None:
    rule = {"operator": "=", "answerBoolean": True, **named}
    assert "not there" in str(refused(boolean("None"), boolean("q2", enableWhen=[rule])))


@pytest.mark.parametrize("code", ["LA33-6", "LA"])
def test_codes_have_no_order(code: str) -> None:
    rule = when("q1", ">", answerCoding={"system": LOINC, "code": code})
    fault = refused(choice("q1", YES_NO), boolean("q2", enableWhen=[rule]))
    assert "no answer to its question" in str(fault)


def test_what_stands_below_a_question_is_told() -> None:
    told = left(boolean("q1", item=[group("in", boolean("q2"))]))
    assert any(one.startswith("q1 > in > q2: it stands below a question") for one in told)


# -- hidden, read-only, modified -----------------------------------------------------------------------


def test_a_hidden_group_hides_what_is_in_it() -> None:
    fault = refused(boolean("q1"), hidden(group("g", group("h", boolean("x")))))
    assert fault.where == "garden.json: g > h > x"
    assert "hidden" in str(fault)
    total = boolean("sum", extension=[{"url": CALCULATED, "valueExpression": {"expression": "%total"}}])
    told = left(
        hidden(group("g", total)), hidden({"linkId": "d", "type": "display", "text": "d"}), boolean("q1")
    )
    assert "g: words that are hidden" in told
    assert "d: words that are hidden" in told
    assert any(one.startswith("g > sum: it is worked out") for one in told)


def test_a_group_that_is_read_only_asks_nothing() -> None:
    items = (boolean("q1", readOnly=True, item=[boolean("q2")]), group("g", boolean("q3"), readOnly=True))
    assert [one.id for one in read(*items).items] == ["q2"]
    assert any(one.startswith("g > q3: it is worked out") for one in left(*items))


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("q2", boolean("q2", **UNKNOWN)),
        ("q2", choice("q2", [{**OFTEN[0], **UNKNOWN}, *OFTEN[1:]])),
        ("q2", boolean("q2", enableWhen=[{**when("q1", answerBoolean=True), **UNKNOWN}])),
        ("q2", boolean("q2", initial=[{"valueBoolean": True, **UNKNOWN}])),
        ("q2", boolean("q2", code=[{"system": LOINC, "code": "44250-9", **UNKNOWN}])),
        ("q2", {"linkId": "q2", "type": "display", "text": "Now:", **UNKNOWN}),
        ("g", group("g", boolean("q2"), **UNKNOWN)),
        ("g > q2", group("g", boolean("q2", **UNKNOWN))),
    ],
)
def test_a_modifier_is_never_passed_over(path: str, item: dict[str, Any]) -> None:
    fault = refused(boolean("q1"), item)
    assert "a modifier may change what this means" in str(fault)
    assert fault.where == f"garden.json: {path}"


@pytest.mark.parametrize("more", [UNKNOWN, {"implicitRules": "x"}, {"code": [{"code": "x", **UNKNOWN}]}])
def test_a_modifier_of_the_whole_is_never_passed_over(more: dict[str, Any]) -> None:
    fault = refused(boolean("q1"), **more)
    assert "a modifier may change what this means" in str(fault)
    assert fault.where == "garden.json"


@pytest.mark.parametrize("kind", ["ValueSet", "CodeSystem"])
@pytest.mark.parametrize("deep", [False, True])
def test_a_modifier_of_what_answers_are_made_of_is_never_passed_over(kind: str, *, deep: bool) -> None:
    def concepts(of: str) -> list[dict[str, Any]]:
        return [{"code": "a", **(UNKNOWN if deep and of == kind else {})}, {"code": "b"}]

    files: list[dict[str, Any]] = [
        {
            "resourceType": "ValueSet",
            "id": "v",
            "compose": {"include": [{"system": CODES, "concept": concepts("ValueSet")}]},
        },
        {"resourceType": "CodeSystem", "id": "c", "url": CODES, "concept": concepts("CodeSystem")},
    ]
    files = [{**one, **(UNKNOWN if not deep and one["resourceType"] == kind else {})} for one in files]
    item = {"linkId": "q1", "type": "choice", "text": "Which?", "answerValueSet": "#v"}
    fault = refused(item, contained=files)
    assert "a modifier may change what this means" in str(fault)
    assert fault.where == "garden.json: q1"


def test_an_extension_nested_deeper_than_a_program_goes_is_read() -> None:
    deep: list[Any] = []
    for _ in range(400):
        deep = [{"url": "x", "extension": deep}]
    assert "q1: the extension x" in left(boolean("q1", extension=deep))


# -- answers and points --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (choice("q", [{**OFTEN[0], "valueString": "CANARY"}, *OFTEN[1:]]), "one value"),
        (choice("q", [{**OFTEN[0], "CANARY": 1}, *OFTEN[1:]]), "FHIR R4's fields"),
        (choice("q", OFTEN, answerValueSet="#CANARY"), "only one can be meant"),
        (boolean("q", answerOption=OFTEN), "belong to a choice"),
        (
            {"linkId": "q", "type": "integer", "text": "?", **bounds(0, 9), "answerValueSet": "#v"},
            "belong to",
        ),
        (
            group("q", boolean("r"), extension=[{"url": "x/questionnaire-maxOccurs", "valueInteger": 3}]),
            "several",
        ),
        (choice("q", OFTEN, extension=[{"url": "x/questionnaire-minOccurs", "valueInteger": 2}]), "several"),
        (boolean("q", extension=[{"url": "x/questionnaire-enableWhen", "extension": []}]), "an expression"),
        (
            boolean("q", extension=[{"url": "x/sdc-questionnaire-subQuestionnaire", "valueCanonical": "x"}]),
            "another",
        ),
        (boolean("q\0other"), "linkId"),
    ],
)
def test_what_would_be_lost_is_refused(item: dict[str, Any], said: str) -> None:
    assert said in str(refused(boolean("first"), item))


def test_points_that_are_not_taken_over_are_told() -> None:
    some = [counted({"valueInteger": 0}, 4), {"valueInteger": 1}]
    assert any(one.startswith("q: only some of its answers have points") for one in left(choice("q", some)))
    two = [counted(coded("a", "A", 1), 1), counted(coded("b", "B"), 2)]
    two[0]["valueCoding"]["extension"] = [{"url": WEIGHT, "valueDecimal": 9}]
    assert any(one.startswith("q: other points of an answer") for one in left(choice("q", two)))
    text = [{**OFTEN[0], "extension": [{"url": WEIGHT, "valueString": "3"}]}, *OFTEN[1:]]
    assert any(one.startswith("q: other points of an answer") for one in left(choice("q", text)))


@pytest.mark.parametrize("many", ["1e5000", "1e999999999999", "-1e400"])
def test_points_of_a_million_digits_are_none(many: str) -> None:
    text = json.dumps(questionnaire(choice("q", [counted(OFTEN[0], -77), *OFTEN[1:]])))
    told = imported(text.replace("-77", many)).left
    assert any(one.startswith("q: other points of an answer") for one in told)


def test_a_code_that_is_not_taken_over_is_told() -> None:
    bare = [counted({"valueCoding": {"code": one, "display": one}}, n) for n, one in enumerate("ab")]
    assert any(
        one.startswith("q: an answer's code, which names no system") for one in left(choice("q", bare))
    )
    assert not any(
        "names no system" in one for one in left(choice("q", [{**one, "extension": []} for one in bare]))
    )


def test_what_the_whole_says_of_itself_is_told() -> None:
    told = left(group("g", boolean("q1"), required=True), status="retired")
    assert "its status: its publisher has retired it" in told
    assert any(one.startswith("g: a group of which something must be answered") for one in told)


# -- words ---------------------------------------------------------------------------------------------


def display(link: str, text: str, **more: Any) -> dict[str, Any]:
    return {"linkId": link, "type": "display", "text": text, **more}


def test_words_below_a_question_are_its_own() -> None:
    weight = {"linkId": "q1", "type": "open-choice", "text": "How much?", "answerOption": OFTEN}
    rule = [when("q2", answerBoolean=True)]
    below = [display("u", "A week."), display("v", "Or more?", enableWhen=rule)]
    assert "q1 > v: words that are shown on a condition" in left({**weight, "item": below}, boolean("q2"))
    [text] = read({**weight, "item": below}, boolean("q2")).texts
    assert dict(text.items) == {
        "q1": "How much?\nA week.",
        "q1-other": "How much?\nA week.",
        "q2": "About q2?",
    }


def test_words_on_a_condition_stand_only_above_what_has_it_too() -> None:
    rule = [when("q1", answerBoolean=True)]
    items = [boolean("q1"), group("g", display("in", "Then:"), boolean("q2"), enableWhen=rule)]
    assert read(*items).texts[0].items["q2"] == "Of g:\nThen:\nAbout q2?"
    assert not any("words" in one for one in left(*items))
    empty = [boolean("q1"), group("g", enableWhen=rule), boolean("q2")]
    assert read(*empty).texts[0].items["q2"] == "About q2?"
    assert "g: words that are shown on a condition" in left(*empty)
    above = [boolean("q1"), display("d", "Call us."), boolean("q2", enableWhen=rule)]
    assert "d: words that are shown only with the question below them" in left(*above)
    assert "g: words that are shown on a condition" in left(
        group("g", boolean("q1"), enableWhen=[when("q2", answerBoolean=True)]), boolean("q2")
    )


def test_words_that_come_from_elsewhere_are_told() -> None:
    worked_out = [{"url": "http://hl7.org/fhir/StructureDefinition/cqf-expression", "valueExpression": {}}]
    looks = [{"url": "http://hl7.org/fhir/StructureDefinition/rendering-xhtml", "valueString": "<b>?</b>"}]
    assert "q1: the extension cqf-expression" in left(boolean("q1", _text={"extension": worked_out}))
    assert not any("extension" in one for one in left(boolean("q1", _text={"extension": looks})))


@pytest.mark.parametrize("place", ["title", "question", "below", "answer"])
def test_a_language_that_not_all_words_have_is_told(place: str) -> None:
    def also(of: str) -> dict[str, Any]:
        parts = [{"url": "lang", "valueCode": "fr"}, {"url": "content", "valueString": "En français"}]
        return {"extension": [{"url": TRANSLATION, "extension": parts}]} if of == place else {}

    answer = {**OFTEN[0], "valueCoding": {**OFTEN[0]["valueCoding"], "_display": also("answer")}}
    below = display("d", "A week.", _text=also("below"))
    asked = choice("q1", [answer, *OFTEN[1:]], _text=also("question"), item=[below])
    assert "wording in fr: a text, or an answer's, is missing" in left(asked, _title=also("title"))
