# SPDX-License-Identifier: Apache-2.0
"""A form at the terminal: one question at a time. Enter leaves a question open, and then there is no
score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import attrs

from peerkit import Malformed
from peerkit.instruments import Instrument
from peerkit.texts import Message, for_locale, verbatim
from peerkit_diabetes.risk import boxes
from peerkit_diabetes.risk.reading import measure
from peerkit_diabetes.words import _


class Terminal(Protocol):
    """Where the questions are asked."""

    def say(self, text: Message) -> None:
        """Show a paragraph."""

    def offer(self, number: int, words: Message) -> None:
        """Show one answer to choose, and its number."""

    def read(self, ask: Message) -> str:
        """What is typed; blank for Enter alone."""


AGE = _("How old are you, in years?")
HEIGHT = _("How tall are you? Say the unit: 170 cm, 67 in, 5 ft 7")
WEIGHT = _("How much do you weigh? Say the unit: 74 kg, 163 lb")
WAIST = _(
    "How far is it around your waist, at the belly button, after breathing out? Say the unit: 90 cm, 35 in"
)
LEAVE = _("Enter leaves a question open: then there is no score, and nothing else is lost. Control-C stops.")
AGAIN = _("A number of years is needed. Once more:")
CHOOSE = _("That is none of the answers: type the number in front of one. Once more:")
UNIT = _("A number with its unit is needed. Once more:")
ANSWER = _("Your answer")

_CHOSEN = {
    "canrisk": {
        "q5": "active",
        "q6": "vegetables",
        "q7": "blood_pressure",
        "q8": "blood_sugar",
        "q9": "large_baby",
        "q11-mother": "mother",
        "q11-father": "father",
        "q12": "education",
    },
    "findrisc": {"q4": "active", "q5": "vegetables", "q6": "blood_pressure", "q7": "blood_sugar"},
}
"""Questions with boxes to choose from, and the argument that each is."""

_SEX = {"findrisc": _("Which limits of the waist are to count? (The form knows men's and women's.)")}


@attrs.define
class Asking:
    """A form being asked in one language. `answers` gives what came of it."""

    form: Instrument
    language: str
    terminal: Terminal
    given: dict[str, Any] = attrs.field(factory=dict, init=False)
    boxes: dict[str, str] = attrs.field(factory=dict, init=False)

    def answers(self) -> dict[str, str]:
        """Ask everything, and give the answers to the form's items. After a yes to a diagnosis, and where
        that stays open, nothing else: there would be no score.

        Malformed for an age that the form was not made for, before anything more is asked."""
        make = boxes.canrisk if self.form.id == "canrisk" else boxes.findrisc
        wording = self.form.wording(self.language)
        self.terminal.say(verbatim(wording.introduction))
        self.terminal.say(LEAVE)
        told = self._choose("diagnosed", "diagnosed")
        if told in {"", "yes"}:
            return make(age=None, sex=None, diagnosed=told or None)
        self._age(make)
        self._sex()
        for sort, ask in (("height", HEIGHT), ("weight", WEIGHT), ("waist", WAIST)):
            self._measure(sort, ask, make)
        for item in self.form.items:
            if item.id in _CHOSEN[self.form.id]:
                self._choose(item.id, _CHOSEN[self.form.id][item.id])
            elif item.id.startswith("q10-") or (self.form.id, item.id) == ("findrisc", "q8"):
                self._box(item.id)
        return make(**{"age": None, "sex": None, **self.given}) | self.boxes

    def _age(self, make: Callable[..., Any]) -> None:
        while typed := self.terminal.read(AGE):
            years = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else -1
            if 0 <= years <= 130:
                make(age=years, sex=None)
                self.given["age"] = years
                return
            self.terminal.say(AGAIN)

    def _sex(self) -> None:
        if (ask := _SEX.get(self.form.id)) is None:
            self._choose("q2", "sex")
            return
        options = {"male": _("men's"), "female": _("women's")}
        code = self._pick(ask, options)
        if code:
            self.given["sex"] = code

    def _measure(self, sort: str, ask: Message, make: Callable[..., Any]) -> None:
        while typed := self.terminal.read(ask):
            found = measure(typed, sort)
            told = UNIT if found is None else self._wrong(make, found)
            if found is not None and told is None:
                told = self._wrong(make, self.given | found)
                if told is not None:  # each can be, and not both: the other may be the wrong one
                    self.given = {key: value for key, value in self.given.items() if key[:6] != "height"}
                    self.terminal.say(told)
                    self._measure("height", HEIGHT, make)
                    continue
            if told is not None:
                self.terminal.say(told)
            elif found is not None:
                self.given |= found
                return

    def _wrong(self, make: Callable[..., Any], given: Mapping[str, Any]) -> Message | None:
        """What is wrong with these measures; None if nothing is."""
        try:
            make(**{"age": None, "sex": None, **given})
        except Malformed as wrong:
            return wrong.sentence if isinstance(wrong.sentence, Message) else verbatim(wrong.sentence)
        return None

    def _choose(self, item: str, argument: str) -> str:
        code = self._box(item, keep=False)
        if code:
            self.given[argument] = code
        return code

    def _box(self, item: str, *, keep: bool = True) -> str:
        offered = self.form.choices(item, self.language)
        options = {str(value): verbatim(words) for value, words in offered}
        code = self._pick(verbatim(self.form.text(item, self.language)), options)
        if code and keep:
            self.boxes[item] = code
        return code

    def _pick(self, ask: Message, options: Mapping[str, Message]) -> str:
        """The code of what was chosen by its number or its words; blank where it stays open."""
        self.terminal.say(ask)
        codes = list(options)
        for number, words in enumerate(options.values(), start=1):
            self.terminal.offer(number, words)
        while typed := self.terminal.read(ANSWER):
            if typed.isascii() and typed.isdecimal() and 1 <= int(typed[:3]) <= len(codes):
                return codes[int(typed[:3]) - 1]
            said = {code: for_locale(self.language)(options[code]).casefold() for code in codes}
            for code, text in said.items():
                if typed.casefold() in {text, text.partition(",")[0]}:
                    return code
            self.terminal.say(CHOOSE)
        return ""
