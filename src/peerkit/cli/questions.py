# SPDX-License-Identifier: Apache-2.0
"""A screen at the terminal: one question at a time, each answer stored before the next is asked.

What is typed is taken only where it is exactly an answer; anything else is asked again, and never taken for a
no. What to do next is shown as soon as an answer gives it, and the questions go on only if whoever sits there
says so.

From paper the whole form is gone through, also what its branching leaves out: a mark may stand there all the
same, and whether it fits is for the rules to say, not for the terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from unicodedata import normalize

import attrs
import click

from peerkit.cli import doing, out, steps, streams
from peerkit.cli.speaking import say, texts
from peerkit.instruments.answers import DECLINED, Kind
from peerkit.instruments.definition import label_key
from peerkit.model.base import fold
from peerkit.texts import Message, _, for_locale, joined, many, verbatim

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
    """One screen being taken. `shown` are the last next steps that were shown; `paper`, that it was answered
    already, and `blank` where nothing is marked on the sheet.

    What is read to the person is said in the language of the questions; what is to be typed, in that of the
    terminal."""

    screen: Screening
    instrument: Instrument
    wording: TextSet | None
    paper: bool = False
    shown: NextSteps | None = None
    blank: dict[str, None] = attrs.field(factory=dict)

    @property
    def language(self) -> str:
        """The language of the questions; from paper, that of the terminal."""
        return texts().locale if self.wording is None else self.wording.language

    def begin(self) -> bool:
        """Show what is said before the first question. Whether the questions are to be asked: not if all was
        declined (each of them is, then), and not if it is to stop here."""
        out.title(
            _("Read this before you answer")
            if self.screen.alone
            else _("Show this, or read it aloud, before you ask")
        )
        for sentence in self.screen.beforehand(self.language):
            out.line(verbatim(sentence), indent=2)
        click.echo()
        keys = [(GO, _("to the first question")), (DECLINE, _("all of the questions")), (STOP, _("here"))]
        out.line(_keys(keys))
        typed = _typed(GO, DECLINE, STOP)
        if typed == DECLINE:
            self._decline_all()
        return typed == GO

    def again(self) -> bool:
        """Before it goes on: what to do now, since nobody may have seen it, and in short what was said before
        the first question. Whether the questions are to go on."""
        found = self.screen.steps
        if found is not None:
            self._show(found)
        if self.wording is not None:
            click.echo()
            for sentence in self.screen.beforehand(self.language, short=True):
                out.line(verbatim(sentence), indent=2, style="dim")
        return found is None or self._goes_on()

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
        """The next item to go to, blank where there is none: one that the form asks; from paper, any that was
        not gone through yet."""
        asked = self._asked()
        if not self.paper:
            return next(iter(asked), "")
        through = {*self.screen.answered, *self.blank}.difference(asked)  # a correction brings a blank one in
        return next((item for item in self.instrument.by_id if item not in through), "")

    def _asked(self) -> tuple[str, ...]:
        """The items that the form still asks. What this wording lacks is not asked in it."""
        without = frozenset[str]() if self.wording is None else self.wording.without
        return tuple(item for item in self.screen.next if item not in without)

    # -- one question --------------------------------------------------------------------------------

    def _question(self, item: Item) -> str:
        """Ask one question until there is an answer or a word: the word, blank after an answer."""
        click.echo()
        words = None if self.wording is None else self.wording.items.get(item.id)
        asked = _("(as on the paper)") if words is None else verbatim(words)
        out.hanging(verbatim(f"{item.id}  "), asked, style="bold")
        if self._left_out(item.id):
            out.line(
                _("(the form does not ask this here, and something may be marked all the same)"), indent=4
            )
        choices = _choices(item, self.wording)
        width = max((len(key) for key in choices), default=0) + 2
        for key, (label, _value) in choices.items():
            out.hanging(verbatim(key), verbatim(label), label_style="bold", indent=4, width=width)
        if not choices:
            out.line(_shape(item), indent=4)
        free = item.answers.kind is Kind.TEXT
        sign = SIGN if free else ""
        known = ", ".join(f"{sign}{say(WORDS[one])}" for one in (SKIP, DECLINE, BACK, STOP))
        out.line(_("or: {words}", words=known), indent=4, style="dim")
        if self.paper:
            out.line(_("Enter alone: nothing is marked there"), indent=4, style="dim")
        while True:
            typed = _prompt()
            word = "" if free and not typed.startswith(SIGN) else self._word(typed)
            if self.paper and (word == SKIP or not typed):
                return self._leave(item)
            if word in {SKIP, DECLINE}:
                return self._give(item, None if word == SKIP else DECLINED)
            if word == STOP or word.startswith(BACK):
                return word
            found, value = _read(item, choices, typed)
            if found:
                return self._give(item, value)
            out.line(_("That is none of the answers, and nothing was stored. Once more:"))

    def _left_out(self, item: str) -> bool:
        """Whether the form does not ask this by itself: a blank there is as it should be."""
        return item not in self._asked() and item not in self.screen.answered

    def _leave(self, item: Item) -> str:
        """Nothing is marked: passed over where the form asks it. Where it leaves it out it was not asked, and
        nothing is stored."""
        left_out = self._left_out(item.id)
        self.blank[item.id] = None
        return "" if left_out else self._give(item, None)

    def _give(self, item: Item, value: object) -> str:
        """Store one answer; STOP if it brought anything new to do, and whoever sits there does not say: go
        on."""
        found = self.screen.answer(item.id, value)
        if value is not None:
            self.blank.pop(item.id, None)
        if found is None or not self._show(found):
            return ""
        return "" if self._goes_on() else STOP

    def _goes_on(self) -> bool:
        out.line(_keys([(GO, _("to the next question")), (STOP, _("here; they can go on later"))]))
        return _typed(GO, STOP) == GO

    def _word(self, typed: str) -> str:
        """The word that was typed in the place of an answer, blank for none; with `back`, the question."""
        word, _blank, rest = _word(typed).partition(" ")
        if rest and (word != BACK or rest not in self.instrument.by_id):
            return ""
        return f"{word} {rest}".strip()

    def _back(self, wanted: str, item: str) -> str:
        """Which question is to be asked again: the one named, or the one before this one. From paper, any of
        the form: each of them stands on the sheet."""
        done = tuple(self.instrument.by_id) if self.paper else self.screen.answered
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
        if self.blank:
            left = [item for item in self.instrument.by_id if item in self.blank]
            out.line(_("Left blank: {items}. Compare it with the sheet.", items=", ".join(left)))
        keys = [
            (FINISH, _("it is complete")),
            (BACK, _("to correct an answer")),
            (STOP, _("here; finish it later")),
        ]
        out.line(_keys(keys))
        return _typed(FINISH, BACK, STOP, read=self._word)

    # -- all of it -----------------------------------------------------------------------------------

    def _decline_all(self) -> None:
        """Declining is an answer: each question that would be asked has it, and the rules count it."""
        while item := next(iter(self._asked()), ""):
            found = self.screen.answer(item, DECLINED)
            if found is not None and (self.shown is None or found.level > self.shown.level):
                self._show(found)
        self._finish(_("The screen is finished. All of it was declined, and that is stored."))

    def _finish(self, said: Message = out.NOTHING) -> None:
        found = self.screen.finish()
        if found is not None and (self.shown is None or found.level > self.shown.level):
            self._show(found)
        click.echo()
        number = many("{n} answer is stored", "{n} answers are stored", len(self.screen.answered))
        out.line(said or _("The screen is finished: {answers}.", answers=number), style="bold")

    def _show(self, found: NextSteps) -> bool:
        """Show what to do now: all of it where the level is higher than what was shown, else what is new in
        it. Whether there was anything new."""
        before, self.shown = self.shown, found
        if before is None or found.level > before.level:
            show(found, self.language)
            return True
        known = {str(one) for one in before.in_language(self.language).sentences}
        new = [one for one in steps.lines(found, self.language) if str(one) not in known]
        if new:
            _steps(new, self.language)
            click.echo()
        else:
            out.line(_as_before(self.language), indent=2)
        return bool(new)


@streams.heard()
def show(found: NextSteps, language: str = "") -> None:
    """What to do now, whoever is told, and whom to call; in the language of whoever it is read to."""
    _steps(steps.lines(found, language), language, plan=len(found.plan))
    if found.reference:
        out.line(_("Its reference: {reference}", reference=found.reference), indent=2, style="dim")
    click.echo()


def _steps(lines: list[Message], language: str, *, plan: int = 0) -> None:
    """The lines under their heading. So many of them are the person's own plan: its entries, which have a
    number, stand under the heading of their part."""
    click.echo()
    out.line(_read_out(_("What to do now"), language), style="bold")
    for at, line in enumerate(lines):
        out.line(line, indent=4 if at < plan and line[:1].isdigit() else 2)


def _as_before(language: str) -> Message:
    return _read_out(_("Nothing else than before: what is said above still holds."), language)


def _read_out(text: Message, language: str) -> Message:
    """A text in the language of whoever it is read to, whatever the terminal speaks."""
    return verbatim(for_locale(language or texts().locale)(text))


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
    return bool(typed) and _meant(typed), typed


def _plain(text: str) -> str:
    """A text without its capitals. Signs and accents count: -1 is not 1."""
    return " ".join(normalize("NFC", text).casefold().split())


def _word(typed: str) -> str:
    """The English of a word at the beginning of what was typed, with what follows it; blank for none."""
    head, _blank, rest = typed.removeprefix(SIGN).partition(" ")
    meant = (word for word, shown in WORDS.items() if fold(head) in {word, fold(say(shown))})
    return f"{next(meant, '')} {rest.strip()}".rstrip() if head else ""


def _meant(typed: str) -> bool:
    """Whether words are meant as the answer: one that stands in its place elsewhere, and is alone here, is
    asked about. What somebody said is neither lost nor made up."""
    word = _word(typed)
    if typed.startswith(SIGN) or word not in {SKIP, DECLINE, BACK, STOP}:
        return True
    if doing.agreed(_("Is `{typed}` the answer, in their own words?", typed=typed)):
        return True
    out.line(_("Then it has a sign before it: {word}", word=f"{SIGN}{typed}"))
    return False


def _typed(*words: str, read: Callable[[str], str] | None = None) -> str:
    """One of these words, asked for until it comes; as `read` takes it, `back` with its question."""
    while True:
        typed = _prompt()
        word = _word(typed) if read is None else read(typed)
        if word in words or (read is not None and word.partition(" ")[0] in words):
            return word
        known = ", ".join(say(WORDS[one]) for one in words)
        out.line(_("One of these words: {words}", words=known))


def _prompt() -> str:
    return str(click.prompt("", default="", show_default=False, prompt_suffix="> ")).strip()


def _keys(several: list[tuple[str, Message]]) -> Message:
    return joined([_("{word}: {what}", word=WORDS[word], what=what) for word, what in several], "   ")
