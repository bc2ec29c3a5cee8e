# SPDX-License-Identifier: Apache-2.0
"""Numbers from answers: methods, missing-answer policies, bands.

A new method is a function and a line in `METHODS`; a new policy likewise in `MISSING`. A method gives its
number after each point in turn, the last of them being the score, and must not fall when one item's
points rise: `bounds` takes it at the fewest and the most points, with more or fewer of the items that may
yet be hidden, for what the score can still become.

Arithmetic is `Decimal`, rounded half up, in a context of its own: the host program's may round otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import accumulate, islice
from types import MappingProxyType

from peerkit.instruments.answers import Answer, State
from peerkit.instruments.conditions import Range
from peerkit.instruments.definition import Band, Item, Score

CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP)
"""How peerkit reckons, whatever the host program's own context is."""

Points = Sequence[Decimal | None]
"""One entry for each scored item that was asked; none where its answer is missing."""
Filled = Sequence[Decimal]


def _strict(points: Points, _limit: int) -> Filled | None:
    given = [p for p in points if p is not None]
    return given if len(given) == len(points) else None


def _mean_substitution(points: Points, limit: int) -> Filled | None:
    given = [p for p in points if p is not None]
    if not given or len(points) - len(given) > limit:
        return None
    mean = sum(given) / Decimal(len(given))
    return [mean if p is None else p for p in points]


MISSING: Mapping[str, Callable[[Points, int], Filled | None]] = MappingProxyType(
    {"strict": _strict, "mean-substitution": _mean_substitution},
)
"""What becomes of missing answers: filled in, or none, and then there is no score. None counts them as 0.

`strict`: any missing answer, no score. `mean-substitution`: up to `missing_at_most` of them take the
mean of the answered ones (NHS Data Dictionary, for the PHQ-9); all items have the same range then.
"""


def _mean(points: Filled) -> Iterator[Decimal]:
    return (so_far / number for number, so_far in enumerate(accumulate(points), start=1))


METHODS: Mapping[str, Callable[[Filled], Iterator[Decimal]]] = MappingProxyType(
    {"sum": accumulate, "mean": _mean, "max": lambda points: accumulate(points, max)},
)
"""How points become a number. An instrument whose result is a rule, not a number, has the method `rule`.

`sum`, `mean` and `max` (the most points of any item) are of the items that were asked; hidden ones are not
among them.
"""


def total(score: Score, counted: Mapping[str, Answer], shown: AbstractSet[str]) -> Decimal | None:
    """A score, unrounded, from the answers to the items that branching shows; none where it has none."""
    points: list[Decimal | None] = []
    for item in score.items:
        if item in shown:
            answer = counted.get(item)
            answered = answer is not None and answer.state is State.ANSWERED
            points.append(answer.points if answer is not None and answered else None)
    points += [total(part, counted, shown) for part in score.parts if not shown.isdisjoint(part.every_item)]
    if not points:
        return None
    with localcontext(CONTEXT):
        filled = MISSING[score.missing](points, score.missing_at_most)
        return None if filled is None else _scaled(score, _last(METHODS[score.method](filled)))


def bounds(
    score: Score,
    items: Mapping[str, Item],
    counted: Mapping[str, Answer],
    spans: Mapping[str, Range] = MappingProxyType({}),
) -> Range:
    """The lowest and the highest that a score can still become, whatever the missing answers are.

    An item that branching may yet show or hide, and one that may be left out, may count or not; so may a part
    of which no item surely counts. `spans` are items that count as asked whatever branching says, each with
    the points that it can have. More answers never widen the range.
    """
    sure: list[Range] = []
    perhaps: list[Range] = []
    for item_id in score.items:
        answer = counted.get(item_id)
        if answer is not None and answer.state is State.ANSWERED and answer.points is not None:
            sure.append((answer.points, answer.points))
        elif (span := spans.get(item_id) or items[item_id].answers.points()) is not None:
            (sure if _counts(item_id, items, counted, spans) else perhaps).append(span)
    for part in score.parts:
        certain = any(_counts(item_id, items, counted, spans) for item_id in part.every_item)
        (sure if certain else perhaps).append(bounds(part, items, counted, spans))
    with localcontext(CONTEXT):
        lowest = min(_outcomes(score, [low for low, _ in sure], sorted(low for low, _ in perhaps)))
        falling = sorted((high for _, high in perhaps), reverse=True)
        highest = max(_outcomes(score, [high for _, high in sure], falling))
        ends = _scaled(score, lowest), _scaled(score, highest)
    return min(ends), max(ends)


def _counts(
    item_id: str, items: Mapping[str, Item], counted: Mapping[str, Answer], asked: Collection[str]
) -> bool:
    """Whether an item surely counts: it is answered, or required and asked."""
    item, answer = items[item_id], counted.get(item_id)
    answered = answer is not None and answer.state is State.ANSWERED
    return answered or (item.required and (item.when is None or item_id in asked))


def _outcomes(score: Score, sure: Filled, perhaps: Filled) -> Iterator[Decimal]:
    """The number with none of those that may count, with the first of them, with the first two, and so on.

    The extreme is among these, `perhaps` being in order: whatever the method, the next one counts for it
    only where those before it do.
    """
    return islice(METHODS[score.method]([*sure, *perhaps]), max(len(sure) - 1, 0), None)


def _last(values: Iterator[Decimal]) -> Decimal:
    *_before, last = values
    return last


def rounded(score: Score, value: Decimal | None) -> int | Decimal | None:
    """A result as it is shown: half up, and an `int` where nothing stands behind the point."""
    if value is None:
        return None
    with localcontext(CONTEXT):
        shown = value.quantize(Decimal(1).scaleb(-score.decimals))
        return int(shown) if shown == shown.to_integral_value() else shown.normalize()


def band(bands: Sequence[Band], value: Decimal | None) -> str | None:
    """The band of a total, compared before it is rounded: the last one that it has reached.

    Bands have no gap between whole totals; a total with a substituted mean can fall between two, and
    has then not reached the upper one.
    """
    found = None
    if value is not None:
        for candidate in bands:
            if value >= candidate.low:
                found = candidate.code
    return found


def _scaled(score: Score, value: Decimal) -> Decimal:
    return value * score.times + score.plus
