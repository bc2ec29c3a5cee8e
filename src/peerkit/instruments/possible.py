# SPDX-License-Identifier: Apache-2.0
"""What could be answered at all, and so whether a condition can ever hold.

A rule that nothing makes true looks like one that watches, and tells nobody. Conditions are tried, by the
evaluation that screens use, on examples: every answer to choose, of numbers those beside which something
changes, each way of not answering; of scores likewise. What none of these makes true, nothing does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

import attrs

from peerkit.instruments.answers import Answer, AnswerSet, Kind, State
from peerkit.instruments.conditions import (
    Age,
    All,
    Any_,
    Compare,
    Condition,
    Has,
    Range,
    Total,
    View,
    holds,
    leaves,
)
from peerkit.instruments.definition import Item

Leaf: TypeAlias = Compare | Has | Total | Age
Subject: TypeAlias = tuple[type, str]
"""What a comparison is about: an item, a score, or the age."""


@attrs.frozen
class World:
    """What conditions of a definition can name: items, age groups, scores and what these can come to."""

    items: Mapping[str, Item]
    ages: frozenset[str] = frozenset()
    scores: Mapping[str, Range] = attrs.field(factory=dict)


def examples(answers: AnswerSet, parts: Iterable[Leaf]) -> Iterator[Answer]:
    """Answers to a question, as far as `parts` tell them apart: of answers to choose the one that is asked
    for, else all, those with the fewest and the most points first; of whole numbers the ends, and those
    around what is compared with."""
    compared = [part for part in parts if isinstance(part, Compare)]
    if answers.kind is Kind.TEXT:
        yield Answer(State.ANSWERED, "")
    elif answers.kind is Kind.WHOLE_NUMBER:
        values = {int(part.value) for part in compared}
        near = sorted({value + step for value in values for step in (-1, 0, 1)})
        for number in (answers.low, answers.high, *near):
            if answers.low <= number <= answers.high:
                yield Answer(State.ANSWERED, number, Decimal(number))
    else:
        wanted = next((answers.option(part.value) for part in compared if part.op == "="), None)
        options = answers.options if wanted is None else (wanted,)
        ends = answers.points() or ()
        for option in (*(one for one in options if one.points in ends), *options):
            yield Answer(State.ANSWERED, option.value, option.points)


def unanswerable(part: Compare, world: World) -> str | None:
    """An item of a comparison that no answer to it makes true; none where each has one."""
    for item in part.items:
        alone = attrs.evolve(part, items=(item,))
        if not _together([alone], (Compare, item), world):
            return item
    return None


def together(parts: Iterable[Compare | Has], item: Item) -> bool:
    """Whether what became of one item can be all of this."""
    alone: list[Leaf] = [attrs.evolve(part, items=(item.id,)) for part in parts]
    return _together(alone, (Compare, item.id), World({item.id: item}))


def possible(condition: Condition, world: World) -> bool:
    """Whether it can ever hold. It looks at what is asked of one item, score or age together; that two items
    or scores depend on each other it does not see."""
    return _possible(condition, world, {})


def _possible(condition: Condition, world: World, before: Mapping[Subject, list[Leaf]]) -> bool:
    parts = list(_flat(condition))
    found: dict[Subject, list[Leaf]] = {}
    for part in parts:
        if not isinstance(part, Any_):
            subject = _subject(part)
            found.setdefault(subject, list(before.get(subject, ()))).append(part)
    if not all(_together(several, subject, world) for subject, several in found.items()):
        return False
    known = {**before, **found} if found else before
    return all(
        any(_possible(one, world, known) for one in part.parts) for part in parts if isinstance(part, Any_)
    )


def _flat(condition: Condition) -> Iterator[Leaf | Any_]:
    """What must hold together, each about one thing alone, or one of several."""
    match condition:
        case All(parts):
            for part in parts:
                yield from _flat(part)
        case Compare(items=items, every=every) | Has(items=items, every=every) if len(items) > 1:
            alone = [attrs.evolve(condition, items=(item,)) for item in items]
            if every:
                yield from alone
            else:
                yield Any_(tuple(alone))
        case _:
            yield condition


def _subject(part: Leaf) -> Subject:
    match part:
        case Compare(items=(item,)) | Has(items=(item,)):
            return Compare, item
        case Total(score):
            return Total, score
        case _:
            return Age, ""


def _together(parts: list[Leaf], subject: Subject, world: World) -> bool:
    return any(all(holds(part, view) for part in parts) for view in _views(parts, subject, world))


def _views(parts: list[Leaf], subject: Subject, world: World) -> Iterator[View]:
    kind, name = subject
    if kind is Age:
        yield from (View({}, group=group) for group in world.ages)
    elif kind is Total:
        low, high = world.scores[name]
        inside = sorted(
            {low, high, *(p.value for p in parts if isinstance(p, Total) and low < p.value < high)}
        )
        between = ((one + other) / 2 for one, other in pairwise(inside))
        yield from (View({}, bounds={name: ((one, one),)}) for one in (*inside, *between))
    else:
        asked = frozenset({name})
        yield from (View({name: one}, asked) for one in examples(world.items[name].answers, parts))
        yield from (View({name: Answer(state)}, asked) for state in (State.SKIPPED, State.DECLINED))
        yield View({}, asked)


def answered(condition: Condition) -> frozenset[str]:
    """Items that must be answered for it to hold."""
    match condition:
        case All(parts):
            return frozenset().union(*map(answered, parts))
        case Any_(parts):
            return frozenset.intersection(*map(answered, parts))
        case Compare(items=items, every=every) if every or len(items) == 1:
            return frozenset(items)
        case Has(items=items, every=every, state="answered") if every or len(items) == 1:
            return frozenset(items)
        case _:
            return frozenset()


def span(condition: Condition, item: Item, view: View) -> Range | None:
    """The fewest and the most points of an item's answers with which a condition holds, the rest being as in
    the view; none where no answer makes it true, or some have no points."""
    parts = [part for part in leaves(condition) if isinstance(part, Compare) and item.id in part.items]
    points = [
        one.points
        for one in examples(item.answers, [] if item.answers.options else parts)
        if holds(condition, attrs.evolve(view, answers={**view.answers, item.id: one}))
    ]
    given = [one for one in points if one is not None]
    return (min(given), max(given)) if given and len(given) == len(points) else None
