# SPDX-License-Identifier: Apache-2.0
"""What an answer is: read strictly, and never taken for a "no" when it is not one."""

from __future__ import annotations

import enum
import operator
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs

from peerkit.instruments.codes import Code
from peerkit.texts import Message, _

DECLINED = "declined"
"""What is stored where the person would rather not answer."""


class State(enum.StrEnum):
    """What became of a question. Absent is not "no", and these are not the same absence."""

    ANSWERED = "answered"
    NOT_ASKED = "not_asked"
    """No value: branching hid the question, or nobody has come to it."""
    SKIPPED = "skipped"
    """Stored as null: passed over, by the person or by whoever holds the screen."""
    DECLINED = "declined"
    """Stored as `"declined"`: the person said that they would rather not answer."""
    UNREADABLE = "unreadable"
    """Something is stored and it is no answer to this question. It alarms."""


@attrs.frozen
class Option:
    """One answer that can be chosen: its value, its points (none where it counts nothing), its code."""

    value: bool | int | str
    points: Decimal | None = None
    code: Code | None = None


class Kind(enum.StrEnum):
    """The shapes that answers have."""

    YES_NO = "yes-no"
    CHOICE = "choice"
    WHOLE_NUMBER = "whole-number"
    TEXT = "text"


def _by_value_or_code(answers: AnswerSet) -> Mapping[tuple[type, object], Option]:
    found: dict[tuple[type, object], Option] = {}
    for option in answers.options:
        found[type(option.value), option.value] = option
        if option.code is not None:
            found[str, option.code.value] = option
    return MappingProxyType(found)


@attrs.frozen
class AnswerSet:
    """The answers that a question takes. Several items may share one set.

    `yes-no` takes true and false, nothing that merely looks like them. `choice` takes an option's
    value, or its code. `whole-number` takes a whole number from `low` to `high`, of whatever type (see
    `whole`). `text` takes any text;
    blank text is a field left empty, so it counts as skipped.
    """

    id: str
    kind: Kind
    options: tuple[Option, ...] = ()
    low: int = 0
    high: int = 0
    _found: Mapping[tuple[type, object], Option] = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(_by_value_or_code, takes_self=True)
    )

    def option(self, stored: object) -> Option | None:
        """The option that a stored value names by its value or its code; none where it names none."""
        number = whole(stored)
        if number is not None:
            return self._found.get((int, number))
        shape = next((kind for kind in (bool, str) if isinstance(stored, kind)), None)
        return None if shape is None else self._found.get((shape, stored))

    def points(self) -> tuple[Decimal, Decimal] | None:
        """The fewest and the most points of an answer; none where some answer has no points."""
        if self.kind is Kind.WHOLE_NUMBER:
            return Decimal(self.low), Decimal(self.high)
        points = [option.points for option in self.options if option.points is not None]
        if not points or len(points) < len(self.options):
            return None
        return min(points), max(points)

    def described(self) -> Message:
        """What may be given, as part of a sentence."""
        if self.kind is Kind.YES_NO:
            shape = _("true or false")
        elif self.kind is Kind.WHOLE_NUMBER:
            shape = _("a whole number from {low} to {high}", low=self.low, high=self.high)
        elif self.kind is Kind.TEXT:
            shape = _("a text")
        else:
            shape = _("one of {words}", words=", ".join(str(option.value) for option in self.options))
        return _('{shape}; null where it was skipped, "declined" where the person declined', shape=shape)


@attrs.frozen
class Answer:
    """One stored value, read against its question. `repr` shows the state and nothing of the answer."""

    state: State
    value: bool | int | str | None = attrs.field(default=None, repr=False)
    points: Decimal | None = attrs.field(default=None, repr=False)


_SKIPPED = Answer(State.SKIPPED)
_DECLINED = Answer(State.DECLINED)
_UNREADABLE = Answer(State.UNREADABLE)


def whole(stored: object) -> int | None:
    """The whole number that a value is exactly, whatever its type: `1`, `1.0`, `Decimal(1)`, and what says by
    `__index__` that it is one (NumPy's integers). Never true or false, and no text. Never raises."""
    try:
        if isinstance(stored, bool | str):
            return None
        number: Any = stored if isinstance(stored, float | Decimal) else operator.index(stored)  # type: ignore[arg-type]
        return int(number) if abs(number) < _MOST and number == int(number) else None
    except Exception:  # noqa: BLE001  # it is none, or an object of a host's whose own methods fail
        return None


def number(given: object) -> Decimal | None:
    """The number that a value is, exactly as it is written; none for text, true and false, NaN, infinity, and
    what is beyond any total. Never raises."""
    try:
        if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
            return None
        return Decimal(str(given)) if -_MOST < given < _MOST else None
    except Exception:  # noqa: BLE001  # no number, or an object of a host's that fails
        return None


_MOST = 10**15
"""Beyond any answer; and there a float is no longer exact, and a decimal can be too long to write out."""


def read(answers: AnswerSet, stored: object) -> Answer:
    """Read a stored value. Whatever is not exactly an answer to this question is `unreadable`, also what
    raises when it is looked at.

    Types are compared, not truth: in Python `1 == True`, and a form that sends `1`, `"yes"` or an
    object where `true` belongs once made a published screen answer "no risk".
    """
    try:
        return _read(answers, stored)
    except Exception:  # noqa: BLE001  # an object of a host's, whose own methods fail
        return _UNREADABLE


def _read(answers: AnswerSet, stored: object) -> Answer:
    if stored is None:
        return _SKIPPED
    if isinstance(stored, str) and stored == DECLINED:
        return _DECLINED
    if answers.kind is Kind.TEXT:
        if not isinstance(stored, str):
            return _UNREADABLE
        return Answer(State.ANSWERED, stored) if stored.strip() else _SKIPPED
    if answers.kind is Kind.WHOLE_NUMBER:
        number = whole(stored)
        if number is None or not answers.low <= number <= answers.high:
            return _UNREADABLE
        return Answer(State.ANSWERED, number, Decimal(number))
    option = answers.option(stored)
    return _UNREADABLE if option is None else Answer(State.ANSWERED, option.value, option.points)
