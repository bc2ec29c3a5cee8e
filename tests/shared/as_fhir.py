# SPDX-License-Identifier: Apache-2.0
"""A definition as a FHIR R4 Questionnaire: what FHIR has of it, to see that importing loses none of that."""

from __future__ import annotations

import json
from typing import Any

import attrs

from peerkit.instruments import Instrument, from_fhir, parse
from peerkit.instruments.answers import AnswerSet, Kind, Option
from peerkit.instruments.conditions import OPERATORS, All, Any_, Compare, Condition
from peerkit.instruments.definition import Item

LOINC = "http://loinc.org"
LOCAL = "https://example.org/answers"
VALUES = "http://hl7.org/fhir/StructureDefinition/"


def fits(instrument: Instrument) -> bool:
    """Whether FHIR's branching can say what this one's does: comparisons, any or all of them."""
    return all(item.when is None or enabled(item.when) is not None for item in instrument.items)


def imported(instrument: Instrument) -> Instrument:
    """The definition as it comes back from FHIR, completed with what FHIR has no place for: scoring, bands,
    alert rules, tasks, ages."""
    made = parse(from_fhir(json.dumps(questionnaire(instrument)), public_domain=True), "imported.toml")
    keep = ("scores", "bands", "triage", "tasks", "ages")
    return attrs.evolve(made, **{name: getattr(instrument, name) for name in keep})


def questionnaire(instrument: Instrument) -> dict[str, Any]:
    return {
        "resourceType": "Questionnaire",
        "id": instrument.id,
        "version": instrument.version,
        "title": instrument.title,
        "status": "draft",
        "date": "2026-11-28",
        "publisher": instrument.licence.holder,
        "language": "en",
        "item": [_item(instrument, one) for one in instrument.items],
    }


def _item(instrument: Instrument, item: Item) -> dict[str, Any]:
    made: dict[str, Any] = {"linkId": item.id, "text": f"About {item.id}", "required": item.required}
    made |= _answers(item.answers)
    if item.code is not None:
        made["code"] = [{"system": LOINC, "code": item.code.value}]
    rules = None if item.when is None else enabled(item.when)
    if rules is not None:
        every, compared = rules
        made["enableWhen"] = [
            {"question": id_, **rule}
            for one in compared
            for id_ in one.items
            for rule in _rules(instrument.by_id[id_].answers, one)
        ]
        made["enableBehavior"] = "all" if every else "any"
    return made


def _answers(answers: AnswerSet) -> dict[str, Any]:
    if answers.kind is Kind.TEXT:
        return {"type": "text"}
    if answers.kind is Kind.WHOLE_NUMBER:
        ends = (("minValue", answers.low), ("maxValue", answers.high))
        return {"type": "integer", "extension": [{"url": VALUES + n, "valueInteger": v} for n, v in ends]}
    if answers.kind is Kind.YES_NO:
        return {"type": "boolean"}
    return {"type": "choice", "answerOption": [_option(one) for one in answers.options]}


def _option(option: Option) -> dict[str, Any]:
    made: dict[str, Any] = {"valueCoding": {**_coding(option), "display": f"Answer {option.value}"}}
    if option.points is not None:
        made["extension"] = [{"url": VALUES + "ordinalValue", "valueDecimal": float(option.points)}]
    return made


def _coding(option: Option) -> dict[str, Any]:
    if option.code is not None and not isinstance(option.value, str):  # else its value would be the code
        return {"system": LOINC, "code": option.code.value}
    return {"system": LOCAL, "code": str(option.value)}


def enabled(condition: Condition) -> tuple[bool, list[Compare]] | None:
    """Whether all or any have to hold, and of what; None where FHIR cannot say it."""
    match condition:
        case Compare(every=every):
            return every, [condition]
        case All(parts) | Any_(parts):
            flat = [one for one in parts if isinstance(one, Compare) and len(one.items) == 1]
            return (isinstance(condition, All), flat) if len(flat) == len(parts) else None
        case _:
            return None


def _rules(answers: AnswerSet, one: Compare) -> list[dict[str, Any]]:
    """A comparison as FHIR says it. Answers to choose have no order there: each that would do is named."""
    if answers.kind is Kind.YES_NO:
        return [{"operator": one.op, "answerBoolean": one.value}]
    if answers.kind is Kind.WHOLE_NUMBER:
        return [{"operator": one.op, "answerInteger": int(one.value)}]
    fit = OPERATORS[one.op]
    by_value = one.op in ("=", "!=")
    chosen = [o for o in answers.options if fit(o.value if by_value else o.points, one.value)]
    return [{"operator": "=", "answerCoding": _coding(option)} for option in chosen]
