# SPDX-License-Identifier: Apache-2.0
"""Numbers from answers: methods, missing-answer policies, bands.

A new method is a function and a line in `METHODS`; a new policy likewise in `MISSING`. A method must
not fall when one item's points rise, since `bounds` takes its value at the fewest and the most points
for what the total can still become.

Arithmetic is `Decimal`, rounded half up, in a context of its own: the host program's may round otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from types import MappingProxyType

from peerkit.instruments.answers import Answer, State
from peerkit.instruments.definition import Band, Item, Score

CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP)
"""How peerkit reckons, whatever the host program's own context is."""
_ZERO = Decimal(0)

Points = Sequence[Decimal | None]
"""One entry for each scored item that was asked; none where its answer is missing."""


def _strict(points: Points, _limit: int) -> Points | None:
    return None if None in points else points


def _mean_substitution(points: Points, limit: int) -> Points | None:
    given = [p for p in points if p is not None]
    if not given or len(points) - len(given) > limit:
        return None
    mean = sum(given, _ZERO) / len(given)
    return [mean if p is None else p for p in points]


MISSING: Mapping[str, Callable[[Points, int], Points | None]] = MappingProxyType(
    {"strict": _strict, "mean-substitution": _mean_substitution},
)
"""What becomes of missing answers: filled in, or none, and then there is no score. None counts them as 0.

`strict`: any missing answer, no score. `mean-substitution`: up to `missing_at_most` of them take the
mean of the answered ones (NHS Data Dictionary, for the PHQ-9).
"""


def _sum(points: Points) -> Decimal:
    return sum((p for p in points if p is not None), _ZERO)


METHODS: Mapping[str, Callable[[Points], Decimal]] = MappingProxyType({"sum": _sum})
"""How points become a number. An instrument whose result is a rule, not a number, has the method `rule`."""


def total(score: Score, counted: Mapping[str, Answer], shown: AbstractSet[str]) -> Decimal | None:
    """A score, unrounded, from the answers to the items that branching shows; none where it has none."""
    points: list[Decimal | None] = []
    for item in score.items:
        if item in shown:
            answer = counted.get(item)
            answered = answer is not None and answer.state is State.ANSWERED
            points.append(answer.points if answer is not None and answered else None)
    if not points:
        return None
    with localcontext(CONTEXT):
        filled = MISSING[score.missing](points, score.missing_at_most)
        return None if filled is None else _scaled(score, METHODS[score.method](filled))


def bounds(
    score: Score,
    items: Mapping[str, Item],
    counted: Mapping[str, Answer],
) -> tuple[Decimal, Decimal]:
    """The lowest and the highest that a score can still become, whatever the missing answers are.

    An item that branching may yet show or hide may count nothing, or anything. More answers never
    widen the range.
    """
    low: list[Decimal] = []
    high: list[Decimal] = []
    for item_id in score.items:
        item = items[item_id]
        answer = counted.get(item_id)
        if answer is not None and answer.state is State.ANSWERED and answer.points is not None:
            least = most = answer.points
        else:
            least, most = item.answers.points() or (_ZERO, _ZERO)
            if item.when is not None or not item.required:
                least, most = min(_ZERO, least), max(_ZERO, most)
        low.append(least)
        high.append(most)
    with localcontext(CONTEXT):
        ends = (_scaled(score, METHODS[score.method](low)), _scaled(score, METHODS[score.method](high)))
    return min(ends), max(ends)


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
