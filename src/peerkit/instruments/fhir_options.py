# SPDX-License-Identifier: Apache-2.0
"""What FHIR says about answers, codes and words, read for a definition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NoReturn, TypeAlias

import attrs

from peerkit.codes import is_code, is_language
from peerkit.errors import Malformed
from peerkit.instruments.answers import DECLINED
from peerkit.instruments.codes import LOINC, Code, loinc_shaped
from peerkit.instruments.conditions import OPERATORS
from peerkit.texts import Message, _, verbatim

SYSTEMS: Mapping[str, str] = MappingProxyType({"http://loinc.org": LOINC, "http://snomed.info/sct": "snomed"})
"""Systems of codes that are carried over, and what they are called here."""

POINTS = ("itemWeight", "ordinalValue", "questionnaire-ordinalValue")
"""Extensions for the points of an answer, the newer one first."""

MOST = 10**9
"""More points than any answer has."""

_OPTION = frozenset(["id", "extension", "modifierExtension", "initialSelected"])
"""Fields of an answer to choose, beside its value."""

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

BRANCHING = _("branching by an expression is not carried over; write it as enableWhen")

REFUSED = {
    "sdc-questionnaire-enableWhenExpression": BRANCHING,
    "questionnaire-enableWhen": BRANCHING,
    "questionnaire-enablewhen": BRANCHING,
    "sdc-questionnaire-answerOptionsToggleExpression": EXPRESSION,
    "sdc-questionnaire-subQuestionnaire": _("its questions stand in another file: put them into this one"),
    "sdc-questionnaire-answerExpression": EXPRESSION,
    "sdc-questionnaire-candidateExpression": EXPRESSION,
}
"""Extensions that would change what is asked, if they were left out."""

MODIFIED = _("a modifier may change what this means: take it out by hand")

YES, NO = frozenset({"LA33-6", "373066001"}), frozenset({"LA32-8", "373067005"})
"""LOINC's and SNOMED CT's codes for yes and no (the latter as in the SPiER adoption guide, ASQ, 2026)."""

PATH = re.compile(r"[A-Za-z0-9/._-]{1,64}")
"""What may stand in an error: a `linkId` or a name that is nobody's words."""

Words: TypeAlias = Mapping[str, str]
"""A text by language; blank for the language of the whole."""

NO_WORDS: Words = MappingProxyType({})


def said(text: str) -> str:
    """A text as TOML writes it: JSON's escapes are TOML's too, but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@attrs.frozen
class Source:
    """The file that is read, which names itself and the path where something in it is wrong."""

    name: str

    def where(self, path: str) -> str:
        """A path of `linkId`s in this file."""
        return f"{self.name}: {path}" if path else self.name

    def fail(self, sentence: Message, path: str) -> NoReturn:
        """Refuse what stands there."""
        raise Malformed(sentence, where=self.where(path))

    def listed(self, holder: Mapping[str, Any], key: str, path: str) -> list[Any]:
        """The list under a key, which may be left out."""
        found = holder.get(key, [])
        if not isinstance(found, list):
            self.fail(_("{key} is a list", key=key), path)
        return found


# -- extensions, codes and words -------------------------------------------------------------------


def extensions(holder: Any) -> Iterator[tuple[str, Any]]:
    """The extensions of an element: the last part of each address, and its value."""
    for one in objects(as_object(holder).get("extension")):
        value = next((v for k, v in one.items() if k.startswith("value")), one.get("extension"))
        yield str(one.get("url", "")).rpartition("/")[2], value


def extension(holder: Any, name: str) -> Any:
    """The value of an extension; None if there is none."""
    return next((value for url, value in extensions(holder) if url == name), None)


def tell(holder: Any, path: str, left: list[Message]) -> None:
    """List the extensions of an element that are not read and do more than say how a form looks."""
    for url, _value in extensions(holder):
        if url not in QUIET and not url.startswith(("artifact-", "rendering-")):
            shown = verbatim(url) if PATH.fullmatch(url) else _("of another")
            left.append(_("{path}: the extension {name}", path=path, name=shown))


def modified(element: Any) -> bool:
    """Whether something in an element is under a modifier, which must not be passed over: HL7 lets one say
    "not". What is read by itself, its items and contained resources, is not looked into."""
    waiting = [element]
    while waiting:  # no recursion: extensions may be nested deeper than Python goes
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("modifierExtension") or one.get("implicitRules"):
                return True
            waiting += [value for key, value in one.items() if key not in ("item", "contained")]
        elif isinstance(one, list):
            waiting += one
    return False


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
    return objects(holder.get("code"))


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
    """One answer: its value and points as TOML writes them, its code, its words, and what FHIR calls it: its
    sort and value, and of a code its system."""

    value: str
    points: str
    code: Code | None
    words: Words = attrs.field(hash=False)
    native: tuple[str, str]
    system: str = ""

    @property
    def key(self) -> str:
        """Under which key a text set has its label."""
        return str(json.loads(self.value)) if self.value.startswith('"') else self.value

    def compares(self, sign: str, name: str, given: Any) -> bool:
        """Whether an operator of enableWhen holds for this answer, `!=` as `=`. FHIR compares the answer's
        own value, not its points, and has no order of codes and texts."""
        native = _native({name: given}, "answer")
        if native is None or native[0] != self.native[0]:
            return False
        if sign in ("=", "!="):
            one, other = self.system, system(as_object(given))
            return native == self.native and (one == other or not one or not other)
        return native[0] == "integer" and OPERATORS[sign](int(self.native[1]), int(native[1]))


@attrs.frozen
class Choices:
    """The answers that a question takes: what there is one `[answers]` table for."""

    kind: str
    options: tuple[Choice, ...] = ()
    low: int = 0
    high: int = 0


def choices(given: Sequence[dict[str, Any]], where: str, path: str, left: list[Message]) -> Choices:
    """The answers of a choice. Raises `Malformed` for those that there cannot be here."""
    found = _natives(given, where)
    weights = [points(one) for one in given]
    if None in weights and set(weights) != {None}:
        left.append(_("{path}: only some of its answers have points; complete them", path=path))
    values = _values(found, weights, where)
    made = []
    for one, native, value, weight in zip(given, found, values, weights, strict=True):
        coding = as_object(one.get("valueCoding"))
        here = code([coding], _("{path}: an answer", path=path), left) if coding.get("system") else None
        taken = value == said(native[1])  # its value is its code already
        if native[0] == "Coding" and not (taken or coding.get("system")):
            left.append(_("{path}: an answer's code, which names no system", path=path))
        text = words(coding, "display") or words(one, "valueString")
        if native[0] == "integer":
            text = {"": native[1]}
        counts = "" if weight is None or value == str(weight) else str(weight)
        made.append(Choice(value, counts, None if taken else here, text, native, system(coding)))
        for url, held in (*extensions(one), *extensions(coding)):
            if url in POINTS and (_number(held) is None or _number(held) != weight):
                left.append(_("{path}: other points of an answer than those taken over", path=path))
            elif url not in (*POINTS, "questionnaire-optionPrefix", "optionPrefix"):
                left.append(_("{path}: an extension of an answer", path=path))
    return Choices("yes-no" if set(values) == {"true", "false"} else "choice", tuple(made))


def _natives(given: Sequence[dict[str, Any]], where: str) -> list[tuple[str, str]]:
    """What FHIR calls each answer, no two the same."""
    for one in given:
        values = [key for key in one if re.fullmatch("value[A-Z][A-Za-z]*", key)]
        if len(values) > 1 or not {key.removeprefix("_") for key in one} <= {*values, *_OPTION}:
            raise Malformed(_("an answer to choose has one value, and FHIR R4's fields"), where=where)
    natives = [_native(one, "value") for one in given]
    if len(given) < 2 or any(one is None for one in natives):
        told = _("it needs two answers to choose from at least, each a code, a text or a whole number")
        raise Malformed(told, where=where)
    found = [one for one in natives if one is not None]
    if len(set(found)) < len(found):
        raise Malformed(_("two of its answers are the same"), where=where)
    return found


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


def system(coding: Mapping[str, Any]) -> str:
    """The system of a code; blank where it names none."""
    found = coding.get("system")
    return found if isinstance(found, str) else ""


def points(option: Mapping[str, Any]) -> Decimal | None:
    """The points of an answer, which stand beside it or in its code."""
    for holder in (option, option.get("valueCoding")):
        for name in POINTS:
            if (value := _number(extension(holder, name))) is not None:
                return value
    return None


def _number(value: Any) -> Decimal | None:
    """A number of points. None for what is none, or would be one of a million digits."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or not -MOST <= value <= MOST:
        return None
    return Decimal(value)


def integer(value: Any) -> int | None:
    """A whole number of JSON, which true and false are not; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_object(found: Any) -> Mapping[str, Any]:
    """A JSON object; of anything else, one with nothing in it."""
    return found if isinstance(found, dict) else {}


def objects(found: Any, *, whole: bool = False) -> list[dict[str, Any]]:
    """The objects of a JSON list; of anything else, none. If it is asked for `whole`, none of a list either
    that has something else in it."""
    listed = found if isinstance(found, list) else []
    kept = [one for one in listed if isinstance(one, dict)]
    return [] if whole and len(kept) < len(listed) else kept


def slug(text: object) -> str:
    """An id made of a name; blank where none can be."""
    made = re.sub(r"[^a-z0-9]+", "-", str(text or "").lower()).strip("-")[:64].strip("-")
    return made if is_code(made) else ""
