# SPDX-License-Identifier: Apache-2.0
"""A FHIR R4 Questionnaire as a definition: what can be carried over, and a list of what cannot.

Read after HL7's FHIR R4 (4.0.1, 2019), Questionnaire, with the extensions for points (`ordinalValue`, and
`itemWeight`, which took its place) and for translations. What would change a meaning if it were left out
is refused, with the path of its `linkId`s: a type that there is not here, several answers to one question,
branching by an expression, a modifier. FHIR has no alert rules, no bands and no policy for missing answers,
so a human writes them.

Operators of `enableWhen` are read in FHIR R5's words (HL7, 5.0.0, 2023): R4's table says of `>` "at least no
answer" where R5 says "at least one".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import attrs

from peerkit.codes import is_code
from peerkit.errors import Malformed
from peerkit.instruments import fhir_options as options
from peerkit.instruments import fhir_toml, strict
from peerkit.instruments.fhir_options import (
    KNOWN,
    QUIET,
    REFUSED,
    Choices,
    Words,
    extension,
    extensions,
    said,
)
from peerkit.instruments.fhir_toml import Draft, Question
from peerkit.instruments.parse import parse
from peerkit.texts import Message, _, joined, verbatim

TEXT = ("string", "text")
NUMBERS = ("integer", "decimal")
CHOICES = ("choice", "open-choice")
QUESTIONS = ("boolean", *CHOICES, *NUMBERS, *TEXT)

_OPERATORS = ("=", "!=", ">", "<", ">=", "<=")
_SCORE = re.compile(r"\bscore\b", re.IGNORECASE)
_PATH = re.compile(r"[A-Za-z0-9/._-]{1,64}")


@attrs.frozen
class Imported:
    """A definition as a TOML file, and what could not be carried over, a sentence each."""

    toml: str
    left: tuple[Message, ...]


def from_fhir(data: str | bytes, source: str = "questionnaire", **details: Any) -> str:
    """The TOML file of a definition, made of a FHIR R4 Questionnaire in JSON; `parse` reads it.

    It is a draft for a human: it has no alert rules and no scoring, since FHIR has none, and begins with a
    list of what could not be carried over. It is off until a program names who receives what it finds
    (`pack`). `source` is the file's name, for errors. `details`, all of which may be left out:

    - `id`, `version`: the definition's own, where the questionnaire's cannot be used (a code; numbers, dots);
    - `permission`: the reference of the permission that your organization holds to use the wording;
      `public_domain=True`: it needs none. With neither, no wording is taken over;
    - `language`: of the wording, where the questionnaire does not say;
    - `checked_on`: the day on which the licence was looked at; the questionnaire's own date if left out, and
      1970-01-01, which is listed, where it has none.

    Wording is `verified = false` until a human has compared it. Raises `Malformed`, with the path of the
    `linkId`s, for what is no Questionnaire and for what would change its meaning if it were left out.
    """
    return imported(data, source, **details).toml


def imported(
    data: str | bytes,
    source: str = "questionnaire",
    *,
    id: str = "",
    version: str = "",
    permission: str = "",
    public_domain: bool = False,
    language: str = "",
    checked_on: dt.date | None = None,
) -> Imported:
    """As `from_fhir`, with what could not be carried over as a list of its own."""
    root = strict.document(data, source)
    if not isinstance(root, dict) or root.get("resourceType") != "Questionnaire":
        raise Malformed(_("this is no FHIR Questionnaire in JSON"), where=source)
    reader = _Reader(source, root)
    questions = reader.questions()
    draft = Draft(
        root=root,
        source=source,
        questions=questions,
        id=id,
        version=version,
        permission=permission.strip(),
        public_domain=public_domain,
        language=language,
        checked_on=checked_on,
        introduction=reader.introduction,
        left=reader.left,
    )
    toml = fhir_toml.written(draft)
    parse(toml, source)  # what a human gets can be read
    return Imported(toml, tuple(dict.fromkeys(draft.left)))


class _Reader:
    """Goes through the items of one questionnaire, in order, and keeps what it meets."""

    def __init__(self, source: str, root: dict[str, Any]) -> None:
        self._source = source
        self._root = root
        self._found: dict[str, Question] = {}
        self._gone: set[str] = set()
        self._above: list[tuple[str, Words]] = []
        self.introduction: list[Words] = []
        self.left: list[Message] = []

    def questions(self) -> list[Question]:
        """The questions, groups flattened, with their branching."""
        for key in ("modifierExtension", "implicitRules"):
            if self._root.get(key):
                self._fail(_("a modifier may change what everything here means: take it out by hand"), key)
        self._tell_extensions(self._root, _("the questionnaire"))
        for items, path, above in self._walk(self._list(self._root, "item", ""), "", ()):
            self._take(items, path, above)
        if not self._found:
            self._fail(_("there is no question in it"), "item")
        if not any(one.required for one in self._found.values()):
            self.left.append(_("no question is required, so a screen counts as over after its first answer"))
        self.left += [_("{path}: words behind the last question", path=path) for path, _words in self._above]
        self._named()
        for one in self._found.values():
            one.when = self._branching(one)
        return list(self._found.values())

    # -- going through -----------------------------------------------------------------------------

    def _walk(
        self, items: list[Any], path: str, above: tuple[dict[str, Any], ...]
    ) -> Iterator[tuple[dict[str, Any], str, tuple[dict[str, Any], ...]]]:
        """Each item before those in it, with its path and those around it."""
        for position, item in enumerate(items, start=1):
            if not isinstance(item, dict):
                self._fail(_("an item is an object"), f"{path}[{position}]")
            link = item.get("linkId")
            shown = link if isinstance(link, str) and _PATH.fullmatch(link) else f"[{position}]"
            here = f"{path} > {shown}" if path else shown
            if len(above) > 16:
                self._fail(_("groups go 16 levels deep at most"), here)
            yield item, here, above
            yield from self._walk(self._list(item, "item", here), here, (*above, item))

    def _take(self, item: dict[str, Any], path: str, above: tuple[dict[str, Any], ...]) -> None:
        link, kind = item.get("linkId"), item.get("type")
        if not isinstance(link, str) or not link.strip():
            self._fail(_("each item needs a linkId"), path)
        if link in self._found or link in self._gone:
            self._fail(_("two items have this linkId"), path)
        if item.get("modifierExtension"):
            self._fail(_("a modifier may change what this means: take it out by hand"), path)
        if strange := sorted(key for key in item if key not in KNOWN):
            known = [key for key in strange if re.fullmatch("[a-z][A-Za-z]{1,40}", key)]
            shown = verbatim(known[0]) if known else _("a field")
            self._fail(_("{name} is no field that this reads in FHIR R4", name=shown), path)
        for url, told in REFUSED.items():
            if extension(item, url) is not None:
                self._fail(told, path)
        words = options.words(item, "text")
        if kind in ("group", "display"):  # not a set: it may be anything
            self._gone.add(link)
            self._words_only(item, path, words, above)
        elif (why := self._result(item)) is not None:
            self._gone.add(link)
            self.left.append(joined([f"{path}:", why]))
        elif kind not in QUESTIONS:
            of = verbatim(kind) if isinstance(kind, str) and is_code(kind.lower()) else _("this one")
            self._fail(_("there is no such type of question here ({type})", type=of), path)
        else:
            self._question(item, path, words, (*above, item))
        self._tell_extensions(item, path)

    def _words_only(
        self, item: dict[str, Any], path: str, words: Words, above: tuple[dict[str, Any], ...]
    ) -> None:
        """Words that stand above questions go before the text of the next one. (They need not be shown on a
        condition of their own: what follows a group's heading has the group's.)"""
        if item.get("type") == "group" and item.get("repeats"):
            self._fail(_("a group that is asked several times is not carried over"), path)
        if not words:
            return
        if item.get("type") == "display" and any(one.get("enableWhen") for one in (*above, item)):
            self.left.append(_("{path}: words that are shown on a condition", path=path))
        else:
            self._above.append((path, words))

    def _result(self, item: dict[str, Any]) -> Message | None:
        """Why an item is a result, such as a total, and no question; None where it is a question."""
        if extension(item, "sdc-questionnaire-calculatedExpression") is not None or item.get("readOnly"):
            return _("it is worked out, not asked; complete the scoring by hand")
        names = [item.get("text"), *(code.get("display") for code in options.codings(item))]
        bound = extension(item, "maxValue") is not None
        named = any(isinstance(one, str) and _SCORE.search(one) for one in names)
        if item.get("type") in (*NUMBERS, "quantity") and named and not bound:
            return _("by its name it is a score, so it is left out; put it back if it is a question")
        return None

    def _question(
        self, item: dict[str, Any], path: str, words: Words, around: tuple[dict[str, Any], ...]
    ) -> None:
        if extension(item, "questionnaire-hidden") is True:
            self._fail(_("a hidden question is not asked here: take it out, or show it"), path)
        several = item.get("repeats") or (extension(item, "questionnaire-maxOccurs") or 1) != 1
        if several and item["type"] not in TEXT:
            self._fail(_("a question that takes several answers is not carried over"), path)
        if several:
            self.left.append(_("{path}: several texts; here they are one", path=path))
        if item.get("initial") or any(o.get("initialSelected") for o in self._options(item, path)):
            self.left.append(_("{path}: an answer given beforehand; none is, here", path=path))
        if not self._found:
            self.introduction += [one for _, one in self._above]
        elif words:
            words = options.joined([*(one for _, one in self._above), words])
        self._above = []
        required = item.get("required", False)
        if not isinstance(required, bool):
            self._fail(_("required is true or false"), path)
        opened = item["type"] == "open-choice"
        made = Question(
            item["linkId"], path, self._answers(item, path), words, around, required=required and not opened
        )
        made.code = options.code(options.codings(item), path, self.left)
        self._found[made.link] = made
        if opened:
            self.left.append(
                _(
                    "{path}: an answer may be given in other words; they are a question of their "
                    "own, and neither of the two is required",
                    path=path,
                )
            )
            other = Question(
                f"{made.link}\0other", path, Choices("text"), made.words, around, required=False, beside=made
            )
            self._found[other.link] = other

    def _answers(self, item: dict[str, Any], path: str) -> Choices:
        kind = item["type"]
        if kind == "boolean":
            return Choices("yes-no")
        if kind in CHOICES:
            return options.choices(self._options(item, path), self._where(path), path, self.left)
        if kind == "integer":
            low, high = (options.integer(extension(item, one)) for one in ("minValue", "maxValue"))
            if low is None or high is None:
                self.left.append(
                    _("{path}: the lowest and the highest number are not given; complete them", path=path)
                )
            low, high = -(10**9) if low is None else low, 10**9 if high is None else high
            if low >= high:
                self._fail(_("its highest number must be more than its lowest"), path)
            return Choices("whole-number", low=low, high=high)
        if kind == "decimal":
            self.left.append(
                _("{path}: a number with decimals; it is taken as text, and counts nothing", path=path)
            )
        return Choices("text")

    def _options(self, item: dict[str, Any], path: str) -> list[dict[str, Any]]:
        """The answers to choose from, from the item or from a value set in the same file."""
        given = self._list(item, "answerOption", path)
        address = item.get("answerValueSet")
        if not given and isinstance(address, str) and item.get("type") in CHOICES:
            given = options.in_value_set(self._root, address)
            if not given:
                told = _("its answers are in a value set elsewhere: put them into the file, as answerOption")
                self._fail(told, path)
        if not all(isinstance(one, dict) for one in given):
            self._fail(_("an answer to choose is an object"), path)
        return given

    # -- ids and branching -------------------------------------------------------------------------

    def _named(self) -> None:
        """Give each question its id: its linkId where that is a code, else q1, q2 and so on."""
        taken = {one.link for one in self._found.values() if is_code(one.link)}
        for number, one in enumerate(self._found.values(), start=1):
            if one.beside is not None:
                one.id = f"{one.beside.id}-other"
            elif one.link in taken:
                one.id = one.link
            else:
                one.id = next(
                    name for n in range(number, number + len(taken) + 1) if (name := f"q{n}") not in taken
                )
                taken.add(one.id)

    def _branching(self, one: Question) -> str:
        """When a question is asked: all that it and the groups around it ask for."""
        parts = [found for item in one.around if (found := self._enabled(item, one.path))]
        return "" if not parts else parts[0] if len(parts) == 1 else f"{{ all = [{', '.join(parts)}] }}"

    def _enabled(self, item: dict[str, Any], path: str) -> str:
        rules = self._list(item, "enableWhen", path)
        parts = [self._rule(rule, path) for rule in rules]
        if len(parts) < 2:
            return parts[0] if parts else ""
        how = item.get("enableBehavior")
        if how not in ("all", "any"):
            self._fail(_("several enableWhen need an enableBehavior, all or any"), path)
        return f"{{ {how} = [{', '.join(parts)}] }}"

    def _rule(self, rule: Any, path: str) -> str:
        if not isinstance(rule, dict) or rule.get("modifierExtension"):
            self._fail(_("this enableWhen cannot be read"), path)
        asked = self._found.get(str(rule.get("question")))
        if asked is None:
            self._fail(_("enableWhen asks for a question that is not there, or was not carried over"), path)
        sign = rule.get("operator")
        name, given = next(
            ((k, v) for k, v in rule.items() if k.startswith("answer") and k[6:7].isupper()), ("", None)
        )
        item = f"item = {said(asked.id)}"
        if sign == "exists":
            if given is not True:
                self._fail(
                    _("branching by a missing answer is not carried over: absent is not an answer"), path
                )
            return f'{{ {item}, state = "answered" }}'
        if sign not in _OPERATORS:
            self._fail(_("there is no such operator of enableWhen"), path)
        value = asked.answers.value(name, given, compared=sign not in ("=", "!="))
        if value is None:
            self._fail(_("enableWhen compares with what is no answer to its question"), path)
        if sign == "!=":
            self.left.append(
                _(
                    "{path}: it is asked where an answer is not so; here only once there is an "
                    "answer, or it was declined",
                    path=path,
                )
            )
            return f'{{ any = [{{ {item}, op = "!=", value = {value} }}, {{ {item}, state = "declined" }}] }}'
        return f'{{ {item}, op = "{sign}", value = {value} }}'

    # -- saying what is wrong ----------------------------------------------------------------------

    def _tell_extensions(self, holder: dict[str, Any], path: str) -> None:
        for url, _value in extensions(holder):
            if url not in QUIET and not url.startswith("artifact-"):
                shown = verbatim(url) if _PATH.fullmatch(url) else _("of another")
                self.left.append(_("{path}: the extension {name}", path=path, name=shown))

    def _list(self, holder: dict[str, Any], key: str, path: str) -> list[Any]:
        found = holder.get(key, [])
        if not isinstance(found, list):
            self._fail(_("{key} is a list", key=key), path)
        return found

    def _where(self, path: str) -> str:
        return f"{self._source}: {path}" if path else self._source

    def _fail(self, sentence: Message, path: str) -> NoReturn:
        raise Malformed(sentence, where=self._where(path))
