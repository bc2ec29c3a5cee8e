# SPDX-License-Identifier: Apache-2.0
"""Conditions of branching, triage and tasks: a small language without negation.

There is no "not", and a comparison with an answer that is not there is false, `!=` included: absent
is not "no". So more answers can make a condition true and never false again, which is what keeps a
level from falling while a screen goes on. Branching alone may ask for what is `unanswered`, so that only an
answer to a lead-in hides what follows; where that hides answers, a rule of the definition has to say so.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

import attrs

from peerkit.instruments.answers import Answer, State

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "=": operator.eq,
        "!=": operator.ne,
        ">": operator.gt,
        ">=": operator.ge,
        "<": operator.lt,
        "<=": operator.le,
    },
)


@attrs.frozen
class Compare:
    """Answers against a value: `=` and `!=` on the answer, the rest on its points.

    With several items, `every` asks all of them to hold, otherwise one is enough.
    """

    items: tuple[str, ...]
    every: bool
    op: str
    value: bool | int | str | Decimal


@attrs.frozen
class Has:
    """Items in a state: `answered`, `declined`, `skipped`, `unanswered`, or `open`.

    `open` means asked for and neither answered nor declined, `unanswered` anything but answered. They
    become false again when the answer comes, so they set no level: the one stands in tasks alone, the
    other in branching.
    """

    items: tuple[str, ...]
    every: bool
    state: str


@attrs.frozen
class Total:
    """A score against a value. True once the answers given so far leave no other outcome; where nobody knows
    of which questions it is made, in one way of making it up (see `triage.Reading`)."""

    score: str
    op: str
    value: Decimal


@attrs.frozen
class Age:
    """The person's age group, as the definition draws them; an unknown age has a group as well."""

    group: str


@attrs.frozen
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@attrs.frozen
class Any_:  # noqa: N801  # `Any` is typing's
    """At least one part holds."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Compare | Has | Total | Age | All | Any_
Range: TypeAlias = tuple[Decimal, Decimal]


@attrs.frozen
class View:
    """What a condition looks at.

    `answers` holds an entry for each item that has been dealt with, `asked` the items that branching
    shows and the form requires, `bounds` for each score the lowest and highest it can still become, in each
    way in which it may be made up, `unsure` the scores that an unreadable answer belongs to. `open` are items
    whose answer is missing, where that is to count as whichever makes a condition true (`cautious`).
    """

    answers: Mapping[str, Answer]
    asked: frozenset[str] = frozenset()
    group: str = ""
    bounds: Mapping[str, tuple[Range, ...]] = attrs.field(factory=dict)
    unsure: frozenset[str] = frozenset()
    open: AbstractSet[str] = frozenset()


def holds(condition: Condition, view: View, *, cautious: bool = False) -> bool:
    """Whether the condition is true of what is known.

    With `cautious`, an answer that cannot be read counts as whichever answer makes it true, and so does one
    that is `open`.
    """
    match condition:
        case Compare(every=every) | Has(every=every):
            found = (_holds_for(condition, item, view, cautious=cautious) for item in condition.items)
            return all(found) if every else any(found)
        case Total(score, op, value):
            if cautious and score in view.unsure:
                return True
            return any(_settled(op, value, *range_) for range_ in view.bounds[score])
        case Age(group):
            return view.group == group
        case All(parts):
            return all(holds(part, view, cautious=cautious) for part in parts)
        case Any_(parts):
            return any(holds(part, view, cautious=cautious) for part in parts)


def concerned(condition: Condition, view: View) -> tuple[str, ...]:
    """The items for which some single comparison of the condition is true, without repetition."""
    found = {
        item: None
        for part in leaves(condition)
        if isinstance(part, Compare | Has)
        for item in part.items
        if _holds_for(part, item, view, cautious=False)
    }
    return tuple(found)


def leaves(condition: Condition) -> Iterator[Compare | Has | Total | Age]:
    """The comparisons that a condition is made of."""
    if isinstance(condition, All | Any_):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def items_in(condition: Condition) -> frozenset[str]:
    """The items that a condition names itself; a score's items are not among them."""
    return frozenset(
        item for part in leaves(condition) if isinstance(part, Compare | Has) for item in part.items
    )


def _settled(op: str, value: Decimal, low: Decimal, high: Decimal) -> bool:
    if op == "!=":
        return not low <= value <= high
    return OPERATORS[op](low, value) and OPERATORS[op](high, value)


def _holds_for(part: Compare | Has, item: str, view: View, *, cautious: bool) -> bool:
    answer = view.answers.get(item)
    state = answer.state if answer else State.NOT_ASKED
    if cautious and (state is State.UNREADABLE or item in view.open):
        return True
    if isinstance(part, Has):
        if part.state == "open":
            return item in view.asked and state not in (State.ANSWERED, State.DECLINED)
        if part.state == "unanswered":
            return state is not State.ANSWERED
        return state == part.state
    if answer is None or state is not State.ANSWERED:
        return False
    if part.op in ("=", "!="):
        return OPERATORS[part.op](answer.value, part.value)
    return answer.points is not None and OPERATORS[part.op](answer.points, part.value)
