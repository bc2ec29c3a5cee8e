# SPDX-License-Identifier: Apache-2.0
"""Answers of a FHIR Questionnaire that stand in a value set or a code system of the same file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from peerkit.instruments.fhir_options import as_object, objects, points

_INCLUDED = frozenset(["id", "extension", "modifierExtension", "system", "version", "concept"])
"""What the part of a value set may say that names its answers one by one."""


def value_set(root: Mapping[str, Any], address: str) -> dict[str, Any] | None:
    """The value set of an address that the file itself holds."""
    return next(
        (
            one
            for one in objects(root.get("contained"))
            if one.get("resourceType") == "ValueSet" and address in (f"#{one.get('id')}", one.get("url"))
        ),
        None,
    )


def answers(held: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answers of a value set, as answers to choose; none where the set is made by a rule, where it is one
    page of several, and where something in it is no answer by itself."""
    expansion = as_object(held.get("expansion"))
    if (listed := expansion.get("contains")) is not None:
        entries = objects(listed, whole=True)
        if any(entry.get("contains") or entry.get("abstract") for entry in entries):
            return []  # a heading over others, which would be left out
        if expansion.get("offset") or expansion.get("total", len(entries)) != len(entries):
            return []
        return [_option(entry, entry.get("system")) for entry in entries]
    compose = as_object(held.get("compose"))
    included = objects(compose.get("include"), whole=True)
    sets = [(part.get("system"), objects(part.get("concept"), whole=True)) for part in included]
    plain = all(set(part) <= _INCLUDED for part in included)  # else a filter or another set narrows it
    if compose.get("exclude") or not plain or not all(entries for _, entries in sets):
        return []
    return [_option(entry, of) for of, entries in sets for entry in entries]


def code_systems(root: Mapping[str, Any], of: str) -> list[dict[str, Any]]:
    """The code systems in the file that define the codes of a system, or add to them."""
    return [
        one
        for one in objects(root.get("contained"))
        if one.get("resourceType") == "CodeSystem"
        and of
        and of in (f"#{one.get('id')}", one.get("url"), str(one.get("supplements")).partition("|")[0])
    ]


def completed(option: dict[str, Any], held: list[dict[str, Any]]) -> dict[str, Any]:
    """An answer with what code systems say of its code and it does not itself: words, points."""
    coding = as_object(option.get("valueCoding"))
    for concept in (one for each in held for one in _concepts(each)):
        if concept.get("code") == coding.get("code"):
            own = objects(option.get("extension"))
            more = (
                [] if points(option) is not None else [*objects(concept.get("extension")), *_counts(concept)]
            )
            if not coding.get("display") and concept.get("display"):
                coding = {**coding, "display": concept["display"]}
            option = {**option, "valueCoding": coding, "extension": [*own, *more]}
    return option


def _concepts(held: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = deque(objects(held.get("concept")))
    while waiting:
        one = waiting.popleft()
        yield one
        waiting += objects(one.get("concept"))


def _counts(concept: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Numbers that a code has as properties, as extensions: the other way in which HL7 writes points."""
    return [
        {"url": str(one.get("code")), "valueDecimal": one.get("valueDecimal", one.get("valueInteger"))}
        for one in objects(concept.get("property"))
        if "valueDecimal" in one or "valueInteger" in one
    ]


def _option(entry: Mapping[str, Any], of: Any) -> dict[str, Any]:
    coding = {"system": of, "code": entry.get("code"), "display": entry.get("display")}
    return {"valueCoding": coding, "extension": [*objects(entry.get("extension")), *_counts(entry)]}
