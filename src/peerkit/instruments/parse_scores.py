# SPDX-License-Identifier: Apache-2.0
"""The scores of a definition and the bands of its total, from TOML."""

from __future__ import annotations

import graphlib
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from peerkit.instruments import scoring
from peerkit.instruments.codes import read_code
from peerkit.instruments.definition import TOTAL, Band, Item, Score
from peerkit.instruments.table import MOST, Table, near, shown
from peerkit.texts import _

_DEEPEST = 16
_MOST_DECIMALS = 9


def read_scores(root: Table, by_id: Mapping[str, Item]) -> tuple[Score, ...]:
    """Every score: the total, where there is one, then the others in the file's order."""
    tables: dict[str, Table] = {}
    main = root.table("scoring")
    if main.one_of("method", (*scoring.METHODS, "rule")) == "rule":
        main.done()
    else:
        tables[TOTAL] = main
    for table in root.tables("scores", optional=True):
        id_ = table.id()
        if id_ == TOTAL or id_ in tables:
            table.fail(_("another score has this id"), "id")
        table.one_of("method", tuple(scoring.METHODS))
        tables[id_] = table
    found: dict[str, Score] = {}
    for id_ in _parts_first(tables):
        found[id_] = _score(tables[id_], id_, by_id, found)
    return tuple(found[id_] for id_ in tables)


def _parts_first(tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Scores, each after those that it is made of."""
    parts = {id_: table.strings("scores", []) for id_, table in tables.items()}
    for id_, named in parts.items():
        for part in named:
            if part not in tables:
                told = _("there is no score {name}{near}", name=shown(part), near=near(part, tables))
                tables[id_].fail(told, "scores")
    try:
        order = tuple(graphlib.TopologicalSorter(parts).static_order())
    except graphlib.CycleError as error:
        circle = error.args[1]
        round_ = " -> ".join(circle[:8])
        told = _("the scores are made of each other, in a circle: {circle}", circle=round_)
        tables[circle[0]].fail(told, "scores")
    deep: dict[str, int] = {}
    for id_ in order:
        deep[id_] = 1 + max((deep[part] for part in parts[id_]), default=0)
        if deep[id_] > _DEEPEST:
            told = _("scores are made of scores {most} levels deep at most", most=_DEEPEST)
            tables[id_].fail(told, "scores")
    return order


def _score(table: Table, id_: str, by_id: Mapping[str, Item], before: Mapping[str, Score]) -> Score:
    parts = tuple(before[part] for part in table.strings("scores", []))
    items = table.strings("items", []) if parts else table.strings("items")
    for item in items:
        if item not in by_id:
            table.fail(_("there is no item {name}{near}", name=shown(item), near=near(item, by_id)), "items")
        if by_id[item].answers.points() is None:
            table.fail(_("the answers to {item} have no points", item=item), "items")
    if not (items or parts):
        table.fail(_("a score needs items"), "items")
    missing = table.one_of("missing", tuple(scoring.MISSING))
    limited = missing == "mean-substitution"
    score = Score(
        id_,
        table.string("method"),
        items,
        missing,
        table.whole("missing_at_most", low=1) if limited else 0,
        table.number("times", Decimal(1)) if id_ != TOTAL else Decimal(1),
        table.number("plus", Decimal(0)) if id_ != TOTAL else Decimal(0),
        table.whole("decimals", 2, high=_MOST_DECIMALS),
        read_code(table),
        parts,
    )
    twice = next((item for item, times in Counter(score.every_item).items() if times > 1), None)
    if twice is not None:
        table.fail(_("{item} counts twice in this score", item=twice), "scores")
    low, high = scoring.bounds(score, by_id, {})
    if max(-low, high) > MOST:
        table.fail(
            _("this score goes from {low} to {high}, beyond what is reckoned with", low=low, high=high)
        )
    ranges = {by_id[item].answers.points() for item in items}
    ranges.update(scoring.bounds(part, by_id, {}) for part in parts)
    if limited and len(ranges) > 1:
        table.fail(_("the mean of others stands in only where all answers have the same range"), "missing")
    table.done()
    return score


def _broken(score: Score) -> bool:
    """Whether a number can have something behind the point."""
    whole = score.times == score.times.to_integral_value() and score.plus == score.plus.to_integral_value()
    return score.method == "mean" or not whole or any(_broken(part) for part in score.parts)


def read_bands(root: Table, by_id: Mapping[str, Item], scores: Iterable[Score]) -> tuple[Band, ...]:
    """The bands of the total: without a gap, and over all that it can be."""
    tables = root.tables("bands", optional=True)
    total = next((score for score in scores if score.id == TOTAL), None)
    if not tables:
        return ()
    if total is None:
        root.fail(_("bands need a total; a rule names its band itself"), "bands")
    # What lies between two totals that there can be: a mean is compared to as many places as it is shown.
    step = Decimal(1).scaleb(-total.decimals) if _broken(total) else Decimal(1)
    bands: list[Band] = []
    codes: set[str] = set()
    for table in tables:
        band = Band(table.number("min"), table.number("max"), table.id("code"))
        if band.high < band.low:
            table.fail(_("max is below min"), "max")
        if band.code in codes:
            table.fail(_("two bands have this code"), "code")
        if bands and band.low <= bands[-1].high:
            table.fail(_("this band overlaps the one before it; bands stand in rising order"), "min")
        if bands and band.low != bands[-1].high + step:
            table.fail(
                _("there is a gap: the band before this one ends at {high}", high=bands[-1].high), "min"
            )
        table.done()
        bands.append(band)
        codes.add(band.code)
    low, high = scoring.bounds(total, by_id, {})
    if (bands[0].low, bands[-1].high) != (low, high):
        root.fail(
            _("the bands must cover the whole range of the total, {low} to {high}", low=low, high=high),
            "bands",
        )
    return tuple(bands)
