# SPDX-License-Identifier: Apache-2.0
"""Made-up FHIR Questionnaires, in the shapes that published ones have."""

from __future__ import annotations

from typing import Any

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
LOINC = "http://loinc.org"


def coded(code: str, display: str, points: float | None = None, system: str = LOINC) -> dict[str, Any]:
    made: dict[str, Any] = {"valueCoding": {"system": system, "code": code, "display": display}}
    if points is not None:
        made["extension"] = [{"url": ORDINAL, "valueDecimal": points}]
    return made


def counted(option: dict[str, Any], points: float | None) -> dict[str, Any]:
    """An answer to choose with its points."""
    of = [] if points is None else [{"url": ORDINAL, "valueDecimal": points}]
    return {**option, "extension": of} if of else option


OFTEN = [coded("LA6568-5", "Never", 0), coded("LA6569-3", "Some days", 1), coded("LA6570-1", "Most days", 2)]
YES_NO = [coded("LA33-6", "Yes"), coded("LA32-8", "No")]


def choice(link: str, options: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"linkId": link, "type": "choice", "text": f"About {link}?", "answerOption": options, **more}


def boolean(link: str, **more: Any) -> dict[str, Any]:
    return {"linkId": link, "type": "boolean", "text": f"About {link}?", **more}


def when(question: str, operator: str = "=", **answer: Any) -> dict[str, Any]:
    return {"question": question, "operator": operator, **answer}


def questionnaire(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    root = {
        "resourceType": "Questionnaire",
        "id": "Garden-Week",
        "url": "https://example.org/Questionnaire/garden",
        "version": "2.1",
        "title": "The garden and the week",
        "status": "draft",
        "date": "2026-05-04",
        "publisher": "Riverside (fictional)",
        "language": "en",
        "item": list(items),
    }
    return {key: value for key, value in {**root, **more}.items() if value is not None}


def bounds(low: int, high: int) -> dict[str, Any]:
    url = "http://hl7.org/fhir/StructureDefinition/"
    of = [{"url": f"{url}minValue", "valueInteger": low}, {"url": f"{url}maxValue", "valueInteger": high}]
    return {"extension": of}
