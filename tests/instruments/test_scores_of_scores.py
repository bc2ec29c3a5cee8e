# SPDX-License-Identifier: Apache-2.0
"""Scores that are made of other scores, worked by hand."""

from __future__ import annotations

import pytest

from peerkit.errors import Malformed
from peerkit.instruments import Instrument, parse
from peerkit.instruments.scoring import bounds
from peerkit.instruments.triage import reading

HEAD = """
format = 1
id = "parents"
version = "1"
title = "Two points, and the higher of two"
[licence]
status = "own-words"
holder = "us"
basis = "ours"
checked_on = 2026-11-28
redistribution_permitted = true
item_text_included = false
[answers.points]
kind = "choice"
options = [{ value = 0 }, { value = 3 }, { value = 11 }]
[[items]]
id = "q1"
answers = "points"
[[items]]
id = "mother"
answers = "points"
[[items]]
id = "father"
answers = "points"
"""
TOTAL = """
[scoring]
method = "sum"
items = ["q1"]
scores = ["origin"]
missing = "strict"
"""
ORIGIN = """
[[scores]]
id = "origin"
method = "max"
items = ["mother", "father"]
missing = "strict"
"""
ITSELF = ORIGIN.replace("items =", 'scores = ["origin"]\nitems =')
BANDS = """
[[bands]]
min = 0
max = 13
code = "low"
[[bands]]
min = 14
max = 22
code = "high"
[[triage]]
id = "told"
level = "today"
when = { score = "total", op = ">=", value = 14 }
"""


def read(*parts: str) -> Instrument:
    return parse(HEAD + "".join(parts), source="parents.toml")


@pytest.mark.parametrize(
    ("mother", "father", "origin", "total"),
    [(0, 0, 0, 3), (3, 0, 3, 6), (0, 3, 3, 6), (3, 3, 3, 6), (3, 11, 11, 14), (11, 11, 11, 14)],
)
def test_the_higher_of_two_counts_once(mother: int, father: int, origin: int, total: int) -> None:
    result = read(TOTAL, ORIGIN, BANDS).score({"q1": 3, "mother": mother, "father": father})
    assert (result.score, result.scores["origin"]) == (total, origin)
    assert result.band == ("high" if total >= 14 else "low")


@pytest.mark.parametrize("missing", [{}, {"father": None}, {"father": "declined"}])
def test_a_part_without_a_result_leaves_none(missing: dict[str, object]) -> None:
    result = read(TOTAL, ORIGIN, BANDS).score({"q1": 3, "mother": 11, **missing})
    assert (result.score, result.scores["origin"], result.band) == (None, None, None)
    assert result.level == "today"  # 14 at least, whatever the father's points: whoever must know does


def test_a_part_of_which_nothing_was_asked_does_not_count() -> None:
    hidden = "".join(
        f"""
[[branching]]
item = "{item}"
when = {{ item = "q1", op = "=", value = 3 }}
"""
        for item in ("mother", "father")
    )
    instrument = read(TOTAL, ORIGIN, BANDS, hidden)
    assert instrument.score({"q1": 11}).score == 11
    assert instrument.score({"q1": 3, "mother": 3, "father": 0}).score == 6
    assert instrument.score({"q1": 3}).score is None


def test_what_it_can_still_become_narrows_with_each_answer() -> None:
    instrument = read(TOTAL, ORIGIN, BANDS)
    [total] = [score for score in instrument.scores if score.id == "total"]
    given = {"q1": 3, "mother": 3, "father": 0}
    ranges = []
    for number in range(4):
        taken = reading(instrument, dict(list(given.items())[:number]), "")
        ranges.append(tuple(map(int, bounds(total, instrument.by_id, taken.counted))))
    assert ranges == [(0, 22), (3, 14), (6, 14), (6, 6)]


def test_an_answer_that_cannot_be_read_makes_every_score_above_it_unsure() -> None:
    judged = read(TOTAL, ORIGIN, BANDS).judge({"q1": 3, "mother": "?", "father": 0}, ended=True)
    assert (judged.level, judged.unreadable) == ("today", ("mother",))


def test_a_score_may_stand_before_what_it_is_made_of_and_keeps_its_place() -> None:
    doubled = """
[[scores]]
id = "doubled"
method = "sum"
scores = ["origin"]
missing = "strict"
times = 2
"""
    instrument = read(TOTAL, doubled, ORIGIN, BANDS)
    assert [score.id for score in instrument.scores] == ["total", "doubled", "origin"]
    assert instrument.score({"q1": 0, "mother": 3, "father": 11}).scores["doubled"] == 22


@pytest.mark.parametrize(
    ("pieces", "where", "says"),
    [
        ((TOTAL.replace('"origin"', '"orgin"'), ORIGIN), "scoring.scores", "did you mean origin?"),
        ((TOTAL, ITSELF), "scores.origin.scores", "origin -> origin"),
        ((TOTAL, ITSELF.replace('["origin"]', '["total"]')), "scoring.scores", "circle: total -> origin"),
        ((TOTAL.replace('["q1"]', '["q1", "father"]'), ORIGIN), "scoring.scores", "father counts twice"),
        ((TOTAL.replace('["origin"]', '["origin", "origin"]'), ORIGIN), "scoring.scores", "twice"),
        (
            (TOTAL.replace("items", "#").replace('["origin"]', "[]"), ORIGIN),
            "scoring.items",
            "this must be given",
        ),
        (
            (
                TOTAL.replace('"strict"', '"mean-substitution"\nmissing_at_most = 1'),
                ORIGIN + "plus = 1",
            ),
            "scoring.missing",
            "the same range",
        ),
    ],
)
def test_what_is_refused_names_the_score_and_the_field(
    pieces: tuple[str, ...], where: str, says: str
) -> None:
    with pytest.raises(Malformed) as refused:
        read(*pieces)
    assert (refused.value.where or "").startswith(f"parents.toml: {where}")
    assert says in str(refused.value)


def test_scores_that_hang_on_each_other_too_deeply_are_refused() -> None:
    chain = "".join(
        f"""
[[scores]]
id = "s{number}"
method = "sum"
scores = ["s{number + 1}"]
missing = "strict"
"""
        for number in range(2000)
    )
    with pytest.raises(Malformed, match="levels deep"):
        read(TOTAL, chain, ORIGIN.replace("origin", "s2000"), ORIGIN)


def test_a_total_with_a_mean_in_it_has_bands_to_its_places() -> None:
    total = TOTAL.replace('missing = "strict"', 'missing = "strict"\ndecimals = 1')
    bands = BANDS.replace("min = 14", "min = 13.1")
    instrument = read(total, ORIGIN.replace('"max"', '"mean"'), bands)
    assert instrument.score({"q1": 11, "mother": 3, "father": 3}).band == "high"
    assert instrument.score({"q1": 11, "mother": 3, "father": 0}).band == "low"
