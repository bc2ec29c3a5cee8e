# SPDX-License-Identifier: Apache-2.0
"""What FHIR says about answers, codes and words, read for a definition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

import attrs

from peerkit.codes import is_code, is_language
from peerkit.errors import Malformed
from peerkit.instruments.answers import DECLINED
from peerkit.instruments.codes import LOINC, Code, loinc_shaped
from peerkit.texts import Message, _

SYSTEMS: Mapping[str, str] = MappingProxyType({"http://loinc.org": LOINC, "http://snomed.info/sct": "snomed"})
"""Systems of codes that are carried over, and what they are called here."""

POINTS = ("itemWeight", "ordinalValue", "questionnaire-ordinalValue")
"""Extensions for the points of an answer, the newer one first."""

EXPRESSION = _("its answers come from an expression; write them as answerOption")

KNOWN = frozenset(
    [
        "id",
        "linkId",
        "definition",
        "code",
        "prefix",
        "text",
        "type",
        "enableWhen",
        "enableBehavior",
        "required",
        "repeats",
        "readOnly",
        "maxLength",
        "answerValueSet",
        "answerOption",
        "initial",
        "item",
        "extension",
        "_text",
        "_prefix",
        "_linkId",
    ]
)
"""Fields of an item that are read, or that change no meaning."""

QUIET = frozenset(
    [
        "questionnaire-itemControl",
        "questionnaire-choiceOrientation",
        "questionnaire-displayCategory",
        "questionnaire-optionPrefix",
        "questionnaire-hidden",
        "sdc-questionnaire-observationExtract",
        "sdc-questionnaire-calculatedExpression",
        "entryFormat",
        "minValue",
        "maxValue",
        "maxSize",
        "translation",
        "questionnaire-maxOccurs",
        "questionnaire-minOccurs",
        "ordinalValue",
        "itemWeight",
    ]
)
"""Extensions that are read, or that only say how a form looks: nothing is said of them."""

REFUSED = {
    "sdc-questionnaire-enableWhenExpression": _(
        "branching by an expression is not carried over; write it as enableWhen"
    ),
    "sdc-questionnaire-answerExpression": EXPRESSION,
    "sdc-questionnaire-candidateExpression": EXPRESSION,
}
"""Extensions that would change what is asked, if they were left out."""

YES, NO = frozenset({"LA33-6", "373066001"}), frozenset({"LA32-8", "373067005"})
"""LOINC's and SNOMED CT's codes for yes and no (the latter as in the SPiER adoption guide, ASQ, 2026)."""

Words: TypeAlias = Mapping[str, str]
"""A text by language; blank for the language of the whole."""

NO_WORDS: Words = MappingProxyType({})


def said(text: str) -> str:
    """A text as TOML writes it: JSON's escapes are TOML's too, but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# -- extensions, codes and words -------------------------------------------------------------------


def extensions(holder: Any) -> Iterator[tuple[str, Any]]:
    """The extensions of an element: the last part of each address, and its value."""
    for one in _objects(_object(holder).get("extension")):
        value = next((v for k, v in one.items() if k.startswith("value")), one.get("extension"))
        yield str(one.get("url", "")).rpartition("/")[2], value


def extension(holder: Any, name: str) -> Any:
    """The value of an extension; None if there is none."""
    return next((value for url, value in extensions(holder) if url == name), None)


def words(holder: Mapping[str, Any], key: str) -> Words:
    """A text with its translations (HL7's extension `translation`)."""
    text = holder.get(key)
    if not isinstance(text, str) or not text.strip():
        return NO_WORDS
    found = {"": text.strip()}
    for url, parts in extensions(holder.get(f"_{key}")):
        if url == "translation":
            held = dict(extensions({"extension": parts}))
            language, content = held.get("lang"), held.get("content")
            if is_language(language) and isinstance(content, str) and content.strip():
                found[str(language)] = content.strip()
    return found


def joined(several: Iterable[Words]) -> Words:
    """Several texts as one, a paragraph each, in the languages that all of them have."""
    held = [one for one in several if one]
    if not held:
        return NO_WORDS
    languages = [one for one in held[0] if all(one in other for other in held)]
    return {one: "\n".join(other[one] for other in held) for one in languages}


def codings(holder: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The codes of an element."""
    return _objects(holder.get("code"))


def code(several: Sequence[Mapping[str, Any]], path: str, left: list[Message]) -> Code | None:
    """The first code that can be carried over. What cannot is told in `left`."""
    kept = None
    for one in several:
        system, value = SYSTEMS.get(str(one.get("system"))), one.get("code")
        if kept is not None or system is None or not isinstance(value, str):
            left.append(_("{path}: a code of another system, or a second one", path=path))
        elif system == LOINC and not loinc_shaped(value):
            left.append(_("{path}: a LOINC code whose check digit does not fit", path=path))
        else:
            kept = Code(system, value)
    return kept


# -- answers to choose from ------------------------------------------------------------------------


@attrs.frozen
class Choice:
    """One answer: its value and points as TOML writes them, its code, its words, and what FHIR calls it."""

    value: str
    points: str
    code: Code | None
    words: Words = attrs.field(hash=False)
    native: tuple[str, str]

    @property
    def key(self) -> str:
        """Under which key a text set has its label."""
        return str(json.loads(self.value)) if self.value.startswith('"') else self.value


@attrs.frozen
class Choices:
    """The answers that a question takes: what there is one `[answers]` table for."""

    kind: str
    options: tuple[Choice, ...] = ()
    low: int = 0
    high: int = 0

    def value(self, name: str, given: Any, *, compared: bool) -> str | None:
        """What a condition compares with, as TOML writes it; None if it is no answer of these."""
        if self.kind == "whole-number":
            return str(given) if integer(given) is not None else None
        if self.kind == "yes-no" and not self.options:
            return None if compared or not isinstance(given, bool) else str(given).lower()
        if compared and name != "answerInteger":
            return None  # FHIR compares the answer there, not its points
        native = _native({name: given}, "answer")
        return next((one.value for one in self.options if native is not None and one.native == native), None)


def choices(given: Sequence[dict[str, Any]], where: str, path: str, left: list[Message]) -> Choices:
    """The answers of a choice. Raises `Malformed` for those that there cannot be here."""
    natives = [_native(one, "value") for one in given]
    if len(given) < 2 or any(one is None for one in natives):
        told = _("it needs two answers to choose from at least, each a code, a text or a whole number")
        raise Malformed(told, where=where)
    found = [one for one in natives if one is not None]
    if len(set(found)) < len(found):
        raise Malformed(_("two of its answers are the same"), where=where)
    weights = [_points(one) for one in given]
    values = _values(found, weights, where)
    made = []
    for one, native, value, weight in zip(given, found, values, weights, strict=True):
        coding = _object(one.get("valueCoding"))
        here = code([coding], _("{path}: an answer", path=path), left) if coding.get("system") else None
        taken = here is not None and value == said(here.value)  # its value is its code already
        text = words(coding, "display") or (
            {"": str(one["valueString"])} if isinstance(one.get("valueString"), str) else {}
        )
        if native[0] == "integer":
            text = {"": native[1]}
        points = "" if weight is None or value == str(weight) else str(weight)
        made.append(Choice(value, points, None if taken else here, text, native))
        for url, _value in extensions(one):
            if url not in (*POINTS, "questionnaire-optionPrefix", "optionPrefix"):
                left.append(_("{path}: an extension of an answer", path=path))
    return Choices("yes-no" if set(values) == {"true", "false"} else "choice", tuple(made))


def _values(natives: list[tuple[str, str]], weights: list[Decimal | None], where: str) -> list[str]:
    """The value of each answer: true and false for yes and no, its points, else its code, or its place."""
    if len(natives) == 2 and {natives[0][1] in YES, natives[1][1] in YES} == {True, False}:
        pair = ["true" if one[1] in YES else "false" for one in natives]
        if natives[pair.index("false")][1] in NO:
            return pair
    if all(kind == "integer" for kind, _ in natives):
        return [value for _, value in natives]
    whole = [one for one in weights if one is not None and one == one.to_integral_value()]
    if len(set(whole)) == len(natives):
        return [str(int(one)) for one in whole]
    if any(value == DECLINED for _, value in natives):
        told = _("an answer that is called declined is one that every question has here: take it out")
        raise Malformed(told, where=where)
    coded = [value.rpartition("|")[2] for _, value in natives]
    if all(kind == "Coding" for kind, _ in natives) and len(set(coded)) == len(coded):
        return [said(one) for one in coded]
    return [said(f"answer-{number}") for number in range(1, len(natives) + 1)]


def _native(holder: Mapping[str, Any], prefix: str) -> tuple[str, str] | None:
    """What FHIR calls an answer: its sort and its value; None for sorts that there are not here."""
    coding = holder.get(f"{prefix}Coding")
    if isinstance(coding, dict) and isinstance(coding.get("code"), str) and coding["code"].strip():
        return "Coding", coding["code"].strip()
    text = holder.get(f"{prefix}String")
    if isinstance(text, str) and text.strip():
        return "string", text.strip()
    number = holder.get(f"{prefix}Integer")
    return None if integer(number) is None else ("integer", str(number))


def _points(option: Mapping[str, Any]) -> Decimal | None:
    """The points of an answer, which stand beside it or in its code."""
    for holder in (option, option.get("valueCoding")):
        for name in POINTS:
            value = extension(holder, name)
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                return Decimal(value)
    return None


def integer(value: Any) -> int | None:
    """A whole number of JSON, which true and false are not; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def in_value_set(root: Mapping[str, Any], address: str) -> list[dict[str, Any]]:
    """The answers of a value set that the file itself holds, as answers to choose; none where it does not,
    where the set is made by a rule, and where something in it is no answer by itself."""
    for one in _objects(root.get("contained")):
        if one.get("resourceType") != "ValueSet" or address not in (f"#{one.get('id')}", one.get("url")):
            continue
        if (listed := _object(one.get("expansion")).get("contains")) is not None:
            entries = _objects(listed, whole=True)
            if any(entry.get("contains") or entry.get("abstract") for entry in entries):
                return []  # a heading over others, which would be left out
            return [_option(entry, entry.get("system")) for entry in entries]
        compose = _object(one.get("compose"))
        included = _objects(compose.get("include"), whole=True)
        sets = [(part.get("system"), _objects(part.get("concept"), whole=True)) for part in included]
        if compose.get("exclude") or not all(entries for _, entries in sets):
            return []
        return [_option(entry, system) for system, entries in sets for entry in entries]
    return []


def _object(found: Any) -> Mapping[str, Any]:
    """A JSON object; of anything else, one with nothing in it."""
    return found if isinstance(found, dict) else {}


def _objects(found: Any, *, whole: bool = False) -> list[dict[str, Any]]:
    """The objects of a JSON list; of anything else, none. If it is asked for `whole`, none of a list either
    that has something else in it."""
    listed = found if isinstance(found, list) else []
    kept = [one for one in listed if isinstance(one, dict)]
    return [] if whole and len(kept) < len(listed) else kept


def _option(entry: Mapping[str, Any], system: Any) -> dict[str, Any]:
    coding = {"system": system, "code": entry.get("code"), "display": entry.get("display")}
    return {"valueCoding": coding, "extension": entry.get("extension", [])}


def slug(text: object) -> str:
    """An id made of a name; blank where none can be."""
    made = re.sub(r"[^a-z0-9]+", "-", str(text or "").lower()).strip("-")[:64].strip("-")
    return made if is_code(made) else ""
