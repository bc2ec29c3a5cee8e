# SPDX-License-Identifier: Apache-2.0
"""The rules of a questionnaire as they are for somebody of one age: what always or never holds is taken out
of their conditions, and what is left can be said in words.

What is left is made of comparisons of an answer with a value, of what became of a question, and of totals,
joined by `All` and `Any_`. A rule without a condition that is left (`ALWAYS`) holds whatever is answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from peerkit.instruments import Instrument, triage
from peerkit.instruments.answers import Answer, Kind, State
from peerkit.instruments.conditions import (
    OPERATORS,
    Age,
    All,
    Any_,
    Compare,
    Condition,
    Has,
    Total,
    View,
    holds,
    items_in,
)
from peerkit.instruments.definition import Rule
from peerkit.instruments.possible import together
from peerkit.levels import Level

ALWAYS, NEVER = All(()), Any_(())

Key: TypeAlias = tuple[object, ...]
"""What one answer to one question does: `("yes", "q1")`."""


@attrs.frozen
class Narrowed:
    """A rule, and what is left of its condition."""

    rule: Rule
    when: Condition


def rules(instrument: Instrument, age_band: str | None) -> list[Narrowed]:
    """The rules that tell somebody and can hold for somebody of this age."""
    view = nothing(instrument, age_band)
    found = [Narrowed(rule, narrowed(rule.when, view)) for rule in instrument.triage]
    return [one for one in found if one.rule.level > Level.NONE and one.when != NEVER]


def nothing(instrument: Instrument, age_band: str | None) -> View:
    """What is known of somebody of this age before they answered anything."""
    group = instrument.ages.group(age_band)
    empty = triage.reading(instrument, {}, group)
    return View({}, group=group, bounds=triage.bounds(instrument, empty, over=False))


def narrowed(condition: Condition, view: View) -> Condition:
    """What is left of a condition: several items that are all to hold become several parts, and parts of the
    same sort stand side by side."""
    match condition:
        case Age():
            return ALWAYS if holds(condition, view) else NEVER
        case Total():
            return ALWAYS if holds(condition, view) else condition
        case Compare(items, every) | Has(items, every) if every:
            each = [attrs.evolve(condition, items=(item,), every=False) for item in items]
            return each[0] if len(each) == 1 else All(tuple(each))
        case All(parts):
            return _joined(All, Any_, [narrowed(part, view) for part in parts])
        case Any_(parts):
            return _joined(Any_, All, [narrowed(part, view) for part in parts])
    return condition


def _joined(kind: type[All | Any_], other: type[All | Any_], parts: Iterable[Condition]) -> Condition:
    flat: dict[Condition, None] = {}
    for part in parts:
        if part == other(()):  # one that never holds, in `All`; one that always does, in `Any_`
            return part
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else [part]))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


def branches(condition: Condition) -> tuple[Condition, ...]:
    """The parts of which one is enough."""
    return condition.parts if isinstance(condition, Any_) else (condition,)


# -- one answer ----------------------------------------------------------------------------------------


def keys(instrument: Instrument, part: Compare | Has) -> dict[str, Key]:
    """What each item's answer has to be for a part to hold."""
    if isinstance(part, Has):
        word = "any" if part.state == "answered" else part.state
        return {item: (word, item) for item in part.items}
    return {item: _key(instrument, item, part) for item in part.items}


def _key(instrument: Instrument, item: str, part: Compare) -> Key:
    answers = instrument.by_id[item].answers
    if answers.kind is Kind.WHOLE_NUMBER:
        if part.op in {"=", "!="}:
            return "some", item, part.op, part.value
        fits = [OPERATORS[part.op](value, part.value) for value in (answers.low, answers.high)]
        return ("any", item) if all(fits) else ("some", item, part.op, part.value)
    fitting = _fitting(instrument, item, part)
    if len(fitting) == len(answers.options):
        return "any", item
    if answers.kind is Kind.YES_NO and len(fitting) == 1:
        return ("yes" if fitting[0] is True else "no"), item
    points = [option.points for option in answers.options]
    known = sorted(one for one in points if one is not None)
    if len(fitting) == len(points) - 1 > 0 and len(known) == len(points) and known[0] < known[1]:
        lowest = next(option.value for option in answers.options if option.points == known[0])
        if lowest not in fitting:
            return "most", item
    return "some", item, part.op, part.value


def _fitting(instrument: Instrument, item: str, part: Compare) -> list[bool | int | str | None]:
    """The answers to choose that fit a comparison."""
    alone, options = attrs.evolve(part, items=(item,)), instrument.by_id[item].answers.options
    given = [Answer(State.ANSWERED, option.value, option.points) for option in options]
    return [one.value for one in given if holds(alone, View({item: one}, frozenset({item})))]


# -- several of them -----------------------------------------------------------------------------------


def enough(instrument: Instrument, found: Iterable[Narrowed]) -> set[Key]:
    """The answers of which each holds a rule by itself."""
    return {
        key
        for one in found
        if not one.rule.waits_for
        for part in branches(one.when)
        for key in _alone(instrument, part)
    }


def _alone(instrument: Instrument, part: Condition) -> Iterator[Key]:
    if part == ALWAYS:
        yield ("always",)
    elif isinstance(part, Compare | Has):
        yield from keys(instrument, part).values()
    elif isinstance(part, Total):
        yield "total", part


def implied(instrument: Instrument, condition: Condition, known: Collection[Key]) -> bool:
    """Whether a condition holds only where one of these answers was given."""
    if ("always",) in known:
        return True
    match condition:
        case All(parts):
            return any(implied(instrument, part, known) for part in parts)
        case Any_(parts):
            return bool(parts) and all(implied(instrument, part, known) for part in parts)
        case Compare() | Has():
            each = [
                key in known or (not _unanswered(condition) and ("any", item) in known)
                for item, key in keys(instrument, condition).items()
            ]
            return any(each) if condition.every else all(each)
        case Total():
            return ("total", condition) in known
    return False


def _unanswered(part: Compare | Has) -> bool:
    return isinstance(part, Has) and part.state != "answered"


Sure: TypeAlias = Mapping[str, "list[Compare | Has]"]
"""What holds of an item's answer, whatever else does."""


def fits(instrument: Instrument, condition: All, view: View) -> bool:
    """Whether parts can hold together where only those questions are asked that branching shows. In doubt
    they can. `view` is what is known before any answer."""
    sure: dict[str, list[Compare | Has]] = {}
    for part in condition.parts:
        if isinstance(part, Compare | Has) and len(part.items) == 1:
            sure.setdefault(part.items[0], []).append(part)
    asked: dict[str, bool] = {}
    for item, when in _branching(instrument, condition, view).items():
        asked[item] = _fit(instrument, when, sure, asked)
    return _fit(instrument, condition, sure, asked)


def _branching(instrument: Instrument, condition: Condition, view: View) -> dict[str, Condition]:
    """When the items of a condition are asked, and the items of that, and so on, in the form's order."""
    found: dict[str, Condition] = {}
    left = [*items_in(condition)]
    while left:
        item = left.pop()
        when = instrument.by_id[item].when
        if when is not None and item not in found:
            found[item] = narrowed(when, view)
            left += items_in(when)
    return {item: found[item] for item in instrument.order if item in found}


def _fit(instrument: Instrument, condition: Condition, sure: Sure, asked: Mapping[str, bool]) -> bool:
    match condition:
        case All(parts):
            return all(_fit(instrument, part, sure, asked) for part in parts)
        case Any_(parts):
            return any(_fit(instrument, part, sure, asked) for part in parts)
        case Has(items, state=state) if state == "unanswered":
            return any(all(map(_unanswered, sure.get(item, []))) for item in items)
        case Compare(items) | Has(items):
            return any(
                asked.get(item, True) and together([*sure.get(item, []), condition], instrument.by_id[item])
                for item in items
            )
    return True
