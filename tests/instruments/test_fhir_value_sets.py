# SPDX-License-Identifier: Apache-2.0
"""Answers of a FHIR Questionnaire that stand in a value set: whole, or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from made_fhir import LOINC, OFTEN, questionnaire

from peerkit.errors import Malformed
from peerkit.instruments import from_fhir, parse


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
    ],
)
def test_a_value_set_that_cannot_be_carried_over_whole_is_refused(held: dict[str, Any]) -> None:
    item = {"linkId": "q1", "type": "choice", "text": "How often?", "answerValueSet": "#often"}
    with pytest.raises(Malformed, match="put them into the file, as answerOption") as told:
        made(item, contained=[{"resourceType": "ValueSet", "id": "often", **held}])
    assert told.value.where == "garden.json: q1"
    assert "CANARY" not in str(told.value)
