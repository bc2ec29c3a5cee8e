# SPDX-License-Identifier: Apache-2.0
"""Goal attainment scaling (GAS): how far the goals of one person came, on scales that they wrote.

Each goal has five levels in words, from -2 (much less than expected) over 0 (what is expected) to +2 (much
more); the person says where they are. Several goals come to one number, T:

    T = 50 + 10 · Σ(wᵢxᵢ) / √((1 - ρ)·Σwᵢ² + ρ·(Σwᵢ)²),  ρ = 0.3

Source: Thomas J. Kiresuk and Robert E. Sherman, *Goal attainment scaling: A general method for evaluating
comprehensive community mental health programs*, Community Mental Health Journal 4, 1968. Where a later paper
prints it otherwise, that one counts: Lynne Turner-Stokes, *Goal attainment scaling (GAS) in rehabilitation: a
practical guide*, Clinical Rehabilitation, 2009, has an erratum on its formulas (pages 364 and 367).

It tells a person how their own goals went. It rates no supporter: nothing of it is indexed, so no count, no
condition and no report can reach it, and no record that holds it names who walks beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import attrs

from peerkit.errors import Malformed

LEVELS = (-2, -1, 0, 1, 2)
"""The five levels: much less than expected, less, as expected, more, much more."""

RHO = Decimal("0.3")
"""The correlation among goals that Kiresuk and Sherman assume."""

MOST_WEIGHT = 1000
"""The greatest weight of a goal. Own choice: importance times difficulty, each up to ten, is a hundred."""

EXACT = Context(prec=50, rounding=ROUND_HALF_UP)
"""How it is worked out: far beyond what is shown, whatever the host's own context is."""

_HUNDREDTH = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """To two places, half up (away from zero)."""
    return value.quantize(_HUNDREDTH, context=EXACT)


def level_of(level: int, where: str) -> int:
    """The level, if it is one of the five; Malformed otherwise."""
    if type(level) is not int or level not in LEVELS:
        raise Malformed("a level is a whole number from -2 to 2", where=where)
    return level


def number(value: Decimal | int, where: str) -> Decimal:
    """A number that is exact and finite; Malformed for a float, a text, a truth value, NaN and infinity."""
    if type(value) not in {int, Decimal} or not Decimal(value).is_finite():
        raise Malformed("a whole number or a Decimal is needed, and a finite one", where=where)
    return Decimal(value)


def weight_of(weight: Decimal | int, where: str) -> Decimal:
    """The weight, from 0 to `MOST_WEIGHT`; Malformed otherwise."""
    found = number(weight, where)
    if not 0 <= found <= MOST_WEIGHT:
        raise Malformed(f"a weight is from 0 to {MOST_WEIGHT}", where=where)
    return found


def t_score(placed: Iterable[tuple[int, Decimal | int]], *, rho: Decimal = RHO) -> Decimal:
    """T of the goals that were placed, each as its level (-2 to 2) and its weight, to two places, half up.

    50 means: as expected. A goal that nobody placed is left out by the caller, never counted as 0.
    Malformed without any goal, if every weight is 0 (T is undefined then), and for levels, weights and ρ
    (0 to 1) out of their range.
    """
    return rounded(_exact(placed, rho))


def _exact(placed: Iterable[tuple[int, Decimal | int]], rho: Decimal = RHO) -> Decimal:
    where = "attainment"
    pairs = [(level_of(level, where), weight_of(weight, where)) for level, weight in placed]
    if not 0 <= number(rho, where) <= 1:
        raise Malformed("ρ is from 0 to 1", where=where)
    with localcontext(EXACT):
        spread = (1 - rho) * sum(w * w for _, w in pairs) + rho * sum(w for _, w in pairs) ** 2
        if not spread:
            raise Malformed("T needs a goal with a weight above 0", where=where)
        return 50 + 10 * Decimal(sum(x * w for x, w in pairs)) / spread.sqrt()


@attrs.frozen
class Attainment:
    """How far the goals of one plan came.

    `t` is T of the goals that were placed, `baseline` T of where those of them that have a baseline began,
    `change` the difference between then and now for just those; each None where there is none. `placed`,
    `not_placed` and `declined` are the ids of goals: a goal that has a scale and was never placed, and one
    for which the person declined scaling, count for nothing and are told.
    """

    t: Decimal | None
    baseline: Decimal | None
    change: Decimal | None
    placed: tuple[str, ...] = ()
    not_placed: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()


@attrs.frozen
class Scaled:
    """A goal as the sum sees it: its id, its weight, where it began (None: not said)."""

    goal: str
    weight: Decimal
    baseline: int | None


def attainment(
    scaled: Iterable[Scaled], levels: Mapping[str, int], declined: Iterable[str] = ()
) -> Attainment:
    """What the scales of a plan come to, with the latest level for each goal's id."""
    goals = tuple(scaled)
    placed = [one for one in goals if one.goal in levels]
    began = [(one, one.baseline) for one in placed if one.baseline is not None]
    before = _exact([(level, one.weight) for one, level in began]) if began else None
    after = _exact([(levels[one.goal], one.weight) for one, _ in began]) if began else None
    return Attainment(
        t=t_score([(levels[one.goal], one.weight) for one in placed]) if placed else None,
        baseline=None if before is None else rounded(before),
        change=None if before is None or after is None else rounded(after - before),
        placed=tuple(one.goal for one in placed),
        not_placed=tuple(one.goal for one in goals if one.goal not in levels),
        declined=tuple(declined),
    )
