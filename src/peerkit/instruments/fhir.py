# SPDX-License-Identifier: Apache-2.0
"""A FHIR R4 Questionnaire as a definition: what can be carried over, and a list of what cannot.

Read after HL7's FHIR R4 (4.0.1, 2019), Questionnaire, with the extensions for points (`ordinalValue`, and
`itemWeight`, which took its place) and for translations. What would change a meaning if it were left out
is refused, with the path of its `linkId`s: a type that there is not here, several answers to one question,
branching by an expression, a modifier. FHIR has no alert rules, no bands and no policy for missing answers,
so a human writes them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import attrs

from peerkit.codes import is_code
from peerkit.errors import Malformed
from peerkit.instruments import fhir_options as options
from peerkit.instruments import fhir_toml, strict
from peerkit.instruments import fhir_value_sets as value_sets
from peerkit.instruments.fhir_conditions import Conditions
from peerkit.instruments.fhir_options import (
    KNOWN,
    MODIFIED,
    PATH,
    REFUSED,
    Choices,
    Source,
    Words,
    extension,
)
from peerkit.instruments.fhir_toml import Draft, Question
from peerkit.instruments.parse import parse
from peerkit.texts import Message, _, joined, verbatim

TEXT = ("string", "text")
NUMBERS = ("integer", "decimal")
CHOICES = ("choice", "open-choice")
QUESTIONS = ("boolean", *CHOICES, *NUMBERS, *TEXT)

_SCORE = re.compile(r"\bscore\b", re.IGNORECASE)


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
        spoken=reader.spoken,
        left=reader.left,
    )
    toml = fhir_toml.written(draft)
    parse(toml, source)  # what a human gets can be read
    return Imported(toml, tuple(dict.fromkeys(draft.left)))


@attrs.frozen
class _Above:
    """Words that wait for the question below them, and what they are shown on."""

    path: str
    words: Words
    around: tuple[dict[str, Any], ...]


class _Reader:
    """Goes through the items of one questionnaire, in order, and keeps what it meets."""

    def __init__(self, source: str, root: dict[str, Any]) -> None:
        self._at = Source(source)
        self._root = root
        self._found: dict[str, Question] = {}
        self._gone: set[str] = set()
        self._above: list[_Above] = []
        self.introduction: list[Words] = []
        self.spoken: set[str] = set()
        self.left: list[Message] = []

    def questions(self) -> list[Question]:
        """The questions, groups flattened, with their branching."""
        if options.modified(self._root):
            self._at.fail(MODIFIED, "")
        if self._root.get("status") == "retired":
            self.left.append(_("its status: its publisher has retired it"))
        options.tell(self._root, _("the questionnaire"), self.left)
        for items, path, above in self._walk(self._at.listed(self._root, "item", ""), "", ()):
            self._take(items, path, above)
        if not self._found:
            self._at.fail(_("there is no question in it"), "item")
        if not any(one.required for one in self._found.values()):
            self.left.append(_("no question is required, so a screen counts as over after its first answer"))
        self.left += [_("{path}: words behind the last question", path=one.path) for one in self._above]
        self._named()
        conditions = Conditions(self._at, self._found, self.left)
        for one in self._found.values():
            one.when = conditions.of(one)
        return list(self._found.values())

    # -- going through -----------------------------------------------------------------------------

    def _walk(
        self, items: list[Any], path: str, above: tuple[dict[str, Any], ...]
    ) -> Iterator[tuple[dict[str, Any], str, tuple[dict[str, Any], ...]]]:
        """Each item before those in it, with its path and those around it."""
        for position, item in enumerate(items, start=1):
            if not isinstance(item, dict):
                self._at.fail(_("an item is an object"), f"{path}[{position}]")
            link = item.get("linkId")
            shown = link if isinstance(link, str) and PATH.fullmatch(link) else f"[{position}]"
            here = f"{path} > {shown}" if path else shown
            if len(above) > 16:
                self._at.fail(_("groups go 16 levels deep at most"), here)
            yield item, here, above
            yield from self._walk(self._at.listed(item, "item", here), here, (*above, item))

    def _take(self, item: dict[str, Any], path: str, above: tuple[dict[str, Any], ...]) -> None:
        link, kind = item.get("linkId"), item.get("type")
        if not isinstance(link, str) or not link.strip() or "\0" in link:
            self._at.fail(_("each item needs a linkId"), path)
        if link in self._found or link in self._gone:
            self._at.fail(_("two items have this linkId"), path)
        self._readable(item, path)
        words = options.words(item, "text")
        self.spoken |= words.keys()
        if kind in ("group", "display"):  # not a set: it may be anything
            self._gone.add(link)
            self._words_only(item, path, words, above)
        elif (why := self._result(item, above)) is not None:
            self._gone.add(link)
            self.left.append(joined([f"{path}:", why]))
        elif kind not in QUESTIONS:
            of = verbatim(kind) if isinstance(kind, str) and is_code(kind.lower()) else _("this one")
            self._at.fail(_("there is no such type of question here ({type})", type=of), path)
        else:
            self._question(item, path, words, (*above, item))
        for holder in (item, item.get("_text")):
            options.tell(holder, path, self.left)

    def _readable(self, item: dict[str, Any], path: str) -> None:
        """Refuse an item with something in it that must not be passed over."""
        if options.modified(item):
            self._at.fail(MODIFIED, path)
        if strange := sorted(key for key in item if key not in KNOWN):
            known = [key for key in strange if re.fullmatch("[a-z][A-Za-z]{1,40}", key)]
            shown = verbatim(known[0]) if known else _("a field")
            self._at.fail(_("{name} is no field that this reads in FHIR R4", name=shown), path)
        for url, told in REFUSED.items():
            if extension(item, url) is not None:
                self._at.fail(told, path)

    def _words_only(
        self, item: dict[str, Any], path: str, words: Words, above: tuple[dict[str, Any], ...]
    ) -> None:
        """Words that stand above questions go before the text of the next one, those below a question
        behind its own."""
        if item.get("type") == "group" and self._several(item):
            self._at.fail(_("a group that is asked several times is not carried over"), path)
        if item.get("type") == "group" and item.get("required"):
            told = _(
                "{path}: a group of which something must be answered; here each question says it", path=path
            )
            self.left.append(told)
        if not words:
            return
        asked = self._found.get(str(above[-1].get("linkId"))) if above else None
        if _hidden(*above, item):
            self.left.append(_("{path}: words that are hidden", path=path))
        elif asked is None:
            self._above.append(_Above(path, words, (*above, item)))
        elif item.get("enableWhen"):
            self.left.append(_("{path}: words that are shown on a condition", path=path))
        else:
            for one in (asked, *(other for other in self._found.values() if other.beside is asked)):
                one.words = options.joined([one.words, words])

    def _waiting(self, around: tuple[dict[str, Any], ...]) -> list[Words]:
        """The words above a question that are to be shown with it, and no others: what stands above the first
        is shown in any case, what stands above another one if that is asked."""
        shown, waiting = [], self._above
        self._above = []
        here = [] if not self._found else _conditioned(around)
        for one in waiting:
            own = _conditioned(one.around)
            if any(all(item is not other for other in here) for item in own):
                self.left.append(_("{path}: words that are shown on a condition", path=one.path))
                continue
            if len(here) > len(own):
                told = _("{path}: words that are shown only with the question below them", path=one.path)
                self.left.append(told)
            shown.append(one.words)
        return shown

    def _result(self, item: dict[str, Any], above: tuple[dict[str, Any], ...]) -> Message | None:
        """Why an item is a result, such as a total, and no question; None where it is a question. (A group
        that is read-only makes all in it so, HL7 5.0.0; a question does not.)"""
        fixed = any(
            one.get("readOnly") for one in (*above, item) if one is item or one.get("type") == "group"
        )
        if extension(item, "sdc-questionnaire-calculatedExpression") is not None or fixed:
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
        if _hidden(*around):
            self._at.fail(_("a hidden question is not asked here: take it out, or show it"), path)
        several = self._several(item)
        if several and item["type"] not in TEXT:
            self._at.fail(_("a question that takes several answers is not carried over"), path)
        if several:
            self.left.append(_("{path}: several texts; here they are one", path=path))
        if item.get("initial") or any(o.get("initialSelected") for o in self._options(item, path)):
            self.left.append(_("{path}: an answer given beforehand; none is, here", path=path))
        if any(one.get("type") in QUESTIONS for one in around[:-1]):
            told = _(
                "{path}: it stands below a question; it is asked whether or not that is answered", path=path
            )
            self.left.append(told)
        before = self._waiting(around)
        if not self._found:
            self.introduction += before
        elif words:
            words = options.joined([*before, words])
        required = item.get("required", False)
        if not isinstance(required, bool):
            self._at.fail(_("required is true or false"), path)
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
            return options.choices(self._options(item, path), self._at.where(path), path, self.left)
        if kind == "integer":
            low, high = (options.integer(extension(item, one)) for one in ("minValue", "maxValue"))
            if low is None or high is None:
                self.left.append(
                    _("{path}: the lowest and the highest number are not given; complete them", path=path)
                )
            low, high = -(10**9) if low is None else low, 10**9 if high is None else high
            if low >= high:
                self._at.fail(_("its highest number must be more than its lowest"), path)
            return Choices("whole-number", low=low, high=high)
        if kind == "decimal":
            self.left.append(
                _("{path}: a number with decimals; it is taken as text, and counts nothing", path=path)
            )
        return Choices("text")

    def _options(self, item: dict[str, Any], path: str) -> list[dict[str, Any]]:
        """The answers to choose from, from the item or from a value set in the same file."""
        given = self._at.listed(item, "answerOption", path)
        address = item.get("answerValueSet")
        if (given or address) and item.get("type") not in CHOICES:
            self._at.fail(_("answers to choose from belong to a choice or an open-choice"), path)
        if given and address:
            self._at.fail(_("it has answers to choose from and a value set: only one can be meant"), path)
        if isinstance(address, str):
            held = value_sets.value_set(self._root, address) or {}
            if options.modified(held):
                self._at.fail(MODIFIED, path)
            given = value_sets.answers(held)
            if not given:
                told = _("its answers are in a value set elsewhere: put them into the file, as answerOption")
                self._at.fail(told, path)
        if not all(isinstance(one, dict) for one in given):
            self._at.fail(_("an answer to choose is an object"), path)
        return [self._completed(one, path) for one in given]

    def _completed(self, option: dict[str, Any], path: str) -> dict[str, Any]:
        """An answer with what a code system of the file says of it."""
        of = options.system(options.as_object(option.get("valueCoding")))
        held = value_sets.code_systems(self._root, of)
        if any(options.modified(one) for one in held):
            self._at.fail(MODIFIED, path)
        return value_sets.completed(option, held)

    def _several(self, item: dict[str, Any]) -> bool:
        """Whether an item may be there more than once."""
        most, least = (extension(item, f"questionnaire-{one}Occurs") for one in ("max", "min"))
        return bool(item.get("repeats")) or most not in (None, 1) or least not in (None, 0, 1)

    # -- ids ---------------------------------------------------------------------------------------

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


def _hidden(*around: dict[str, Any]) -> bool:
    """Whether one of these is hidden, and with it all that stands in it (HL7 of `questionnaire-hidden`)."""
    return any(extension(one, "questionnaire-hidden") not in (None, False) for one in around)


def _conditioned(around: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    return [one for one in around if one.get("enableWhen")]
