# SPDX-License-Identifier: Apache-2.0
"""A screen at the terminal: one question at a time, each answer stored before the next is asked.

What is typed is taken only where it is exactly an answer; anything else is asked again, and never taken for a
no. What to do next is shown as soon as an answer gives it, and the questions go on only if whoever sits there
says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from unicodedata import normalize

import attrs
import click

from peerkit.cli import out, steps
from peerkit.cli.speaking import say
from peerkit.instruments.answers import DECLINED, Kind
from peerkit.instruments.definition import label_key
from peerkit.model.base import fold
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.instruments import Instrument
    from peerkit.instruments.definition import Item, TextSet
    from peerkit.safety import NextSteps, Screening

SIGN = "/"
"""Before a word where the answer is in words too, so that none of them is lost: `/stop`."""

SKIP, DECLINE, BACK, STOP, GO, FINISH = "skip", "decline", "back", "stop", "go", "finish"

WORDS: Mapping[str, Message] = {
    SKIP: _("skip"),
    DECLINE: _("decline"),
    BACK: _("back"),
    STOP: _("stop"),
    GO: _("go"),
    FINISH: _("finish"),
}
"""What may be typed in the place of an answer. In every language the English word is understood too."""


@attrs.define
class Talk:
    """One screen being taken. `shown` are the last next steps that were shown."""

    screen: Screening
    instrument: Instrument
    wording: TextSet | None
    shown: NextSteps | None = None

    def begin(self) -> bool:
        """Show what is said before the first question. Whether the questions are to be asked: not if all was
        declined (each of them is, then), and not if it is to stop here."""
        out.title(
            _("Read this before you answer")
            if self.screen.alone
            else _("Show this, or read it aloud, before you ask")
        )
        for sentence in self.screen.before:
            out.line(verbatim(sentence), indent=2)
        click.echo()
        out.line(_keys([(GO, _("begin")), (DECLINE, _("decline all of it")), (STOP, _("stop here"))]))
        typed = _typed(GO, DECLINE, STOP)
        if typed == DECLINE:
            self._decline_all()
        return typed == GO

    def ask(self) -> bool:
        """Ask what is still to be asked. Whether it came to the end; else it stopped, and can go on."""
        again = ""
        if self.wording is not None and self.wording.introduction:
            out.line(verbatim(self.wording.introduction))
        while True:
            item = again or self._next()
            typed = self._question(self.instrument.by_id[item]) if item else self._last()
            again = ""
            if typed == FINISH:
                self._finish()
                return True
            if typed == STOP:
                return False
            if typed.startswith(BACK):
                again = self._back(typed.partition(" ")[2], item)

    def _next(self) -> str:
        """The next item to ask, blank where there is none. What this wording lacks is not asked in it."""
        without = frozenset[str]() if self.wording is None else self.wording.without
        return next((item for item in self.screen.next if item not in without), "")

    # -- one question --------------------------------------------------------------------------------

    def _question(self, item: Item) -> str:
        """Ask one question until there is an answer or a word: the word, blank after an answer."""
        click.echo()
        asked = _("(as on the paper)") if self.wording is None else verbatim(self.wording.items[item.id])
        out.hanging(verbatim(f"{item.id}  "), asked, style="bold")
        choices = _choices(item, self.wording)
        width = max((len(key) for key in choices), default=0) + 2
        for key, (label, _value) in choices.items():
            out.hanging(verbatim(key), verbatim(label), label_style="bold", indent=4, width=width)
        if not choices:
            out.line(_shape(item), indent=4)
        free = item.answers.kind is Kind.TEXT
        sign = SIGN if free else ""
        words = ", ".join(f"{sign}{say(WORDS[one])}" for one in (SKIP, DECLINE, BACK, STOP))
        out.line(_("or: {words}", words=words), indent=4, style="dim")
        while True:
            typed = _prompt()
            word = "" if free and not typed.startswith(SIGN) else self._word(typed)
            if word in {SKIP, DECLINE}:
                return self._give(item, None if word == SKIP else DECLINED)
            if word == STOP or word.startswith(BACK):
                return word
            found, value = _read(item, choices, typed)
            if found:
                return self._give(item, value)
            out.line(_("That is none of the answers, and nothing was stored. Once more:"))

    def _give(self, item: Item, value: object) -> str:
        """Store one answer; STOP if it brought next steps and whoever sits there does not say: go on."""
        found = self.screen.answer(item.id, value)
        if found is None:
            return ""
        self._show(found)
        out.line(_keys([(GO, _("go on with the questions")), (STOP, _("stop here; they can go on later"))]))
        return "" if _typed(GO, STOP) == GO else STOP

    def _word(self, typed: str) -> str:
        """The word that was typed in the place of an answer, blank for none; with `back`, the question."""
        word, _blank, rest = _word(typed).partition(" ")
        if rest and (word != BACK or rest not in self.instrument.by_id):
            return ""
        return f"{word} {rest}".strip()

    def _back(self, wanted: str, item: str) -> str:
        """Which question is to be asked again: the one named, or the one before this one."""
        done = self.screen.answered
        if wanted:
            if wanted in done:
                return wanted
            out.line(_("That question has not been asked yet. These have: {items}", items=", ".join(done)))
            return item
        before = done[: done.index(item)] if item in done else done
        if before:
            return before[-1]
        out.line(_("This is the first question."))
        return item

    def _last(self) -> str:
        click.echo()
        out.line(_("Nothing more is to be asked."), style="bold")
        keys = [
            (FINISH, _("finish")),
            (BACK, _("correct an answer")),
            (STOP, _("stop here; finish it later")),
        ]
        out.line(_keys(keys))
        return _typed(FINISH, BACK, STOP)

    # -- all of it -----------------------------------------------------------------------------------

    def _decline_all(self) -> None:
        """Declining is an answer: each question that would be asked has it, and the rules count it."""
        while item := self._next():
            found = self.screen.answer(item, DECLINED)
            if found is not None and (self.shown is None or found.level > self.shown.level):
                self._show(found)
        self._finish()

    def _finish(self) -> None:
        found = self.screen.finish()
        if found is not None and (self.shown is None or found.level > self.shown.level):
            self._show(found)
        click.echo()
        number = many("{n} answer is stored", "{n} answers are stored", len(self.screen.answered))
        out.line(_("The screen is finished: {answers}.", answers=number), style="bold")

    def _show(self, found: NextSteps) -> None:
        self.shown = found
        show(found)


def show(found: NextSteps) -> None:
    """What to do now, whoever is told, and whom to call."""
    click.echo()
    out.line(_("NOW, BEFORE ANYTHING ELSE"), style="bold red")
    for line in steps.lines(found):
        out.line(line, indent=2)
    if found.reference:
        out.line(_("Its reference: {reference}", reference=found.reference), indent=2, style="dim")
    click.echo()


# -- what is typed -----------------------------------------------------------------------------------


def _choices(item: Item, wording: TextSet | None) -> dict[str, tuple[str, bool | int | str]]:
    """What may be typed for each answer to choose, its label, and its value.

    Yes and no by their first letters; an answer with a number by that number, since that is what a paper has;
    others by a, b, c.
    """
    labels = {} if wording is None else wording.answers.get(item.answers.id, {})
    values = [option.value for option in item.answers.options]
    shown = [labels.get(label_key(value), label_key(value)) for value in values]
    if item.answers.kind is Kind.YES_NO:
        if not labels:
            shown = [say(_("yes")) if value else say(_("no")) for value in values]
        keys = [_plain(one)[:1] for one in shown]
    elif all(isinstance(value, int) for value in values):
        keys = [str(value) for value in values]
    else:
        keys = []
    if len(set(keys)) < len(values):
        keys = [_letters(number) for number in range(len(values))]
    return {key: (label, value) for key, label, value in zip(keys, shown, values, strict=True)}


def _letters(number: int) -> str:
    more, last = divmod(number, 26)
    return (_letters(more - 1) if more else "") + "abcdefghijklmnopqrstuvwxyz"[last]


def _shape(item: Item) -> Message:
    if item.answers.kind is Kind.WHOLE_NUMBER:
        return _("a whole number from {low} to {high}", low=item.answers.low, high=item.answers.high)
    return _("in words, on one line")


def _read(
    item: Item, choices: Mapping[str, tuple[str, bool | int | str]], typed: str
) -> tuple[bool, bool | int | str | None]:
    """Whether what was typed is an answer, and its value."""
    if choices:
        # What stands in front first: a label may read as another answer's number.
        keys = [value for key, (_label, value) in choices.items() if _plain(key) == _plain(typed)]
        labels = [value for label, value in choices.values() if _plain(label) == _plain(typed)]
        found = keys or labels
        return (True, found[0]) if len(found) == 1 else (False, None)
    if item.answers.kind is Kind.WHOLE_NUMBER:
        digits = typed.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 12):
            return False, None
        return item.answers.low <= int(typed) <= item.answers.high, int(typed)
    return bool(typed), typed


def _plain(text: str) -> str:
    """A text without its capitals. Signs and accents count: -1 is not 1."""
    return " ".join(normalize("NFC", text).casefold().split())


def _word(typed: str) -> str:
    """The English of a word at the beginning of what was typed, with what follows it; blank for none."""
    head, _blank, rest = typed.removeprefix(SIGN).partition(" ")
    meant = (word for word, shown in WORDS.items() if fold(head) in {word, fold(say(shown))})
    return f"{next(meant, '')} {rest.strip()}".rstrip() if head else ""


def _typed(*words: str) -> str:
    """One of these words, asked for until it comes."""
    while True:
        word = _word(_prompt())
        if word in words:
            return word
        known = ", ".join(say(WORDS[one]) for one in words)
        out.line(_("One of these words: {words}", words=known))


def _prompt() -> str:
    return str(click.prompt("", default="", show_default=False, prompt_suffix="> ")).strip()


def _keys(several: list[tuple[str, Message]]) -> Message:
    return joined([_("{word}: {what}", word=WORDS[word], what=what) for word, what in several], "   ")
