# SPDX-License-Identifier: Apache-2.0
"""Answers of a FHIR Questionnaire that stand in a value set: whole, or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from made_fhir import LOINC, OFTEN, ORDINAL, WEIGHT, choice, coded, questionnaire

from peerkit.errors import Malformed
from peerkit.instruments import from_fhir, parse
from peerkit.instruments.fhir import imported


def made(item: dict[str, Any], **more: Any) -> str:
    return from_fhir(json.dumps(questionnaire(item, **more)), "garden.json")


def test_answers_in_a_value_set_of_the_same_file() -> None:
    concepts = [
        {"code": one["valueCoding"]["code"], "display": "…", "extension": one["extension"]} for one in OFTEN
    ]
    contained = [
        {
            "resourceType": "ValueSet",
            "id": "often",
            "compose": {"include": [{"system": LOINC, "concept": concepts}]},
        }
    ]
    item = {"linkId": "q1", "type": "choice", "text": "How often?", "answerValueSet": "#often"}
    assert [one.value for one in parse(made(item, contained=contained)).items[0].answers.options] == [0, 1, 2]
    with pytest.raises(Malformed, match="elsewhere"):
        made({**item, "answerValueSet": "http://loinc.org/vs/LL358-3"})


@pytest.mark.parametrize(
    "held",
    [
        {"expansion": {"contains": [{"code": "a"}, "CANARY"]}},
        {"expansion": {"contains": [{"code": "a", "contains": [{"code": "b"}]}, {"code": "c"}]}},
        {"expansion": {"contains": [{"code": "a", "abstract": True}, {"code": "b"}, {"code": "c"}]}},
        {"expansion": ["CANARY"]},
        {"compose": ["CANARY"]},
        {"compose": {"include": [{"concept": [{"code": "a"}, {"code": "b"}]}, "CANARY"]}},
        {"compose": {"include": {"concept": "CANARY"}}},
        {"compose": {"include": [{"concept": ["CANARY"]}]}},
        {"compose": {"include": [{"filter": [{"property": "CANARY"}]}]}},
        {"compose": {"include": [{"concept": [{"code": "a"}, {"code": "b"}], "valueSet": ["CANARY"]}]}},
        {"expansion": {"total": 3, "contains": [{"code": "a"}, {"code": "b"}]}},
        {"expansion": {"offset": 2, "contains": [{"code": "a"}, {"code": "b"}]}},
    ],
)
def test_a_value_set_that_cannot_be_carried_over_whole_is_refused(held: dict[str, Any]) -> None:
    item = {"linkId": "q1", "type": "choice", "text": "How often?", "answerValueSet": "#often"}
    with pytest.raises(Malformed, match="put them into the file, as answerOption") as told:
        made(item, contained=[{"resourceType": "ValueSet", "id": "often", **held}])
    assert told.value.where == "garden.json: q1"
    assert "CANARY" not in str(told.value)


CODES = "https://example.org/codes"


@pytest.mark.parametrize(
    "found",
    [
        {"url": CODES},
        {"supplements": f"{CODES}|1.0", "content": "supplement", "url": "https://example.org/points"},
    ],
)
@pytest.mark.parametrize("as_property", [False, True])
@pytest.mark.parametrize("from_set", [False, True])
def test_points_and_words_of_a_code_system_of_the_same_file(
    found: dict[str, Any], *, as_property: bool, from_set: bool
) -> None:
    def concept(code: str, points: int, **more: Any) -> dict[str, Any]:
        if as_property:
            return {"code": code, "property": [{"code": "itemWeight", "valueDecimal": points}], **more}
        return {"code": code, "extension": [{"url": ORDINAL, "valueDecimal": points}], **more}

    within = [concept("no", 0)]  # a code below another one
    system = {
        "resourceType": "CodeSystem",
        **found,
        "concept": [concept("yes", 3, display="Yes, often", concept=within)],
    }
    codes = [{"code": "yes"}, {"code": "no", "display": "No"}]
    sets = {
        "resourceType": "ValueSet",
        "id": "v",
        "compose": {"include": [{"system": CODES, "concept": codes}]},
    }
    item = {"linkId": "q1", "type": "choice", "text": "How often?"}
    item |= (
        {"answerValueSet": "#v"}
        if from_set
        else {"answerOption": [{"valueCoding": {"system": CODES, **one}} for one in codes]}
    )
    text = json.dumps(questionnaire(item, contained=[sets, system]))
    read = parse(from_fhir(text, "garden.json", public_domain=True))
    assert [(one.value, one.points) for one in read.items[0].answers.options] == [(3, 3), (0, 0)]
    assert dict(read.texts[0].answers[read.items[0].answers.id]) == {"3": "Yes, often", "0": "No"}


def test_what_an_answer_says_itself_counts_before_its_code_system() -> None:
    concepts = [
        {"code": one, "display": "Else", "extension": [{"url": WEIGHT, "valueDecimal": 9}]} for one in "ab"
    ]
    system = {"resourceType": "CodeSystem", "url": CODES, "concept": concepts}
    options = [coded(one, one.upper(), n, system=CODES) for n, one in enumerate("ab")]
    text = json.dumps(questionnaire(choice("q1", options), contained=[system]))
    read = parse(from_fhir(text, public_domain=True))
    assert [one.points for one in read.items[0].answers.options] == [0, 1]
    assert dict(read.texts[0].answers[read.items[0].answers.id]) == {"0": "A", "1": "B"}


def test_points_of_an_expansion_as_properties() -> None:
    contains = [
        {"code": one, "property": [{"code": "itemWeight", "valueDecimal": n}]} for n, one in enumerate("ba")
    ]
    held = {"resourceType": "ValueSet", "id": "often", "expansion": {"total": 2, "contains": contains}}
    item = {"linkId": "q1", "type": "choice", "text": "How often?", "answerValueSet": "#often"}
    assert [one.value for one in parse(made(item, contained=[held])).items[0].answers.options] == [0, 1]


def test_a_number_of_a_code_that_is_not_read_is_told() -> None:
    concepts = [{"code": "a", "property": [{"code": "rank", "valueInteger": 2}]}, {"code": "b"}]
    system = {"resourceType": "CodeSystem", "url": CODES, "concept": concepts}
    options = [{"valueCoding": {"system": CODES, "code": one}} for one in "ab"]
    item = {"linkId": "q1", "type": "choice", "text": "How often?", "answerOption": options}
    found = imported(json.dumps(questionnaire(item, contained=[system])))
    assert "q1: an extension of an answer" in found.left
