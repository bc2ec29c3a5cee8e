# SPDX-License-Identifier: Apache-2.0
"""A rule that no answer makes true looks like one that watches: it is refused, by file, rule and field."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from peerkit.errors import Malformed
from peerkit.instruments import parse
from peerkit.levels import Level

Text = Callable[..., str]

HEAD = """
[answers.yes-no]
kind = "yes-no"
[answers.twos]
kind = "choice"
options = [ { value = 0 }, { value = 2, points = 4 }, { value = "none" , points = 0.5 } ]
[answers.text]
kind = "text"
[ages]
unknown = "adult"
groups = { youth = ["under-16", "16-24"], adult = ["25-64", "65+"] }
[[items]]
id = "yes"
answers = "yes-no"
[[items]]
id = "chosen"
answers = "twos"
[[items]]
id = "words"
answers = "text"
[[items]]
id = "other"
answers = "text"
"""


def rule(when: str, more: str = "", kind: str = "triage") -> str:
    where = f'[[triage]]\nid = "r"\nlevel = "now"\nwhen = {when}\n{more}\n'
    if kind == "tasks":
        where = f'[[tasks]]\nid = "r"\nlevel = "today"\nwhen = {when}\n'
    if kind == "branching":
        where = f'[[branching]]\nitem = "words"\nwhen = {when}\n'
    return where + "\n[scoring]"


def q1(op: str, value: int | str) -> str:
    return f'{{ item = "q1", op = "{op}", value = {value} }}'


def all_(*parts: str) -> str:
    return f"{{ all = [{', '.join(parts)}] }}"


def any_(*parts: str) -> str:
    return f"{{ any = [{', '.join(parts)}] }}"


YES = '{ item = "yes", op = "=", value = true }'
NO = YES.replace("true", "false")
SAID = '{ item = "other", state = "answered" }'
Q3 = '{ item = "q3", op = ">", value = 1 }'

# The five numbers go from 0 to 5, and their sum to 25.
NEVER = [
    (q1(">=", 6), "value", "no answer to q1 is so"),
    (q1(">", 5), "value", "no answer to q1 is so"),
    (q1("<", 0), "value", "no answer to q1 is so"),
    (q1("<=", -1), "value", "no answer to q1 is so"),
    (q1("=", 99), "value", "no answer to q1 is so"),
    (q1(">", 5.5), "value", "no answer to q1 is so"),
    (q1(">=", "inf"), "value", "finite"),
    (q1("<", "inf"), "value", "finite"),
    (q1(">=", "nan"), "value", "finite"),
    (q1(">=", "1e400000"), "value", "1000000000"),
    ('{ item = "chosen", op = ">", value = 4 }', "value", "no answer to chosen"),
    ('{ item = "yes", op = ">", value = 1 }', "value", "no answer to yes"),
    ('{ any_of = ["q1", "yes"], op = ">", value = 3 }', "value", "no answer to yes"),
    ('{ all_of = ["q1", "chosen"], op = ">=", value = 5 }', "value", "no answer to chosen"),
    (all_(YES, NO), "all", "contradict"),
    (all_('{ all_of = ["q1", "q2"], op = ">", value = 3 }', q1("<", 4)), "all", "contradict"),
    (all_(q1(">", 3), q1("<", 4)), "all", "contradict"),
    (all_(q1("=", 3), '{ item = "q1", state = "declined" }'), "all", "contradict"),
    (all_(q1("!=", 0), q1("<", 1)), "all", "contradict"),
    (
        all_(SAID, SAID.replace("answered", "declined")),
        "all",
        "contradict",
    ),
    (all_('{ age = "youth" }', '{ age = "adult" }'), "all", "contradict"),
    (all_(YES, any_(NO, all_(q1("=", 1), '{ item = "yes", op = "!=", value = true }'))), "all", "contradict"),
]
FINE = [
    q1(">", 4.5),
    q1("<", 0.5),
    q1("!=", 5),
    '{ item = "chosen", op = ">", value = 3 }',
    '{ item = "chosen", op = "=", value = "none" }',
    all_(q1(">", 3), q1("<", 5)),
    all_(q1("!=", 0), q1("<", 2)),
    all_(YES, '{ any_of = ["yes", "chosen"], op = "<", value = 1 }'),
    all_(any_(YES), any_(q1("=", 1), NO)),
    any_(YES, NO),
    all_('{ age = "youth" }', '{ item = "other", state = "declined" }'),
]


@pytest.mark.parametrize("kind", ["triage", "tasks", "branching"])
@pytest.mark.parametrize(("when", "where", "says"), NEVER)
def test_a_condition_that_never_holds(text: Text, kind: str, when: str, where: str, says: str) -> None:
    made = text("five-numbers", ("[[items]]", HEAD + "\n[[items]]"), ("[scoring]", rule(when, kind=kind)))
    with pytest.raises(Malformed, match=says) as caught:
        parse(made, source="mine.toml")
    place = {"triage": "triage.r", "tasks": "tasks.r", "branching": "branching.[1]"}[kind]
    assert caught.value.where == f"mine.toml: {place}.when.{where}"


@pytest.mark.parametrize("kind", ["triage", "tasks", "branching"])
@pytest.mark.parametrize("when", FINE)
def test_a_condition_that_may_hold(text: Text, kind: str, when: str) -> None:
    made = text("five-numbers", ("[[items]]", HEAD + "\n[[items]]"), ("[scoring]", rule(when, kind=kind)))
    assert parse(made).id == "five-numbers"


@pytest.mark.parametrize(
    ("op", "value", "fits"),
    [
        (">=", "25", True),
        (">=", "26", False),
        (">", "25", False),
        ("<=", "0", True),
        ("<", "0", False),
        ("=", "25", True),
        ("=", "-1", False),
        ("!=", "3", True),
        (">=", "nan", False),
    ],
)
def test_a_score_that_is_never_reached(text: Text, op: str, value: str, *, fits: bool) -> None:
    made = text("five-numbers", ("[scoring]", rule(f'{{ score = "total", op = "{op}", value = {value} }}')))
    if fits:
        assert parse(made).worst is Level.NOW
        return
    with pytest.raises(Malformed, match=r"0 to 25|finite") as caught:
        parse(made, source="mine.toml")
    assert caught.value.where == "mine.toml: triage.r.when.value"


def test_scores_that_contradict_each_other(text: Text) -> None:
    def both(low: int, high: int) -> str:
        return all_(
            *(f'{{ score = "percent", op = "{op}", value = {n} }}' for op, n in ((">", low), ("<", high)))
        )

    assert parse(text("five-numbers", ("[scoring]", rule(both(60, 64)))))
    with pytest.raises(Malformed, match="contradict"):
        parse(text("five-numbers", ("[scoring]", rule(both(60, 60)))))


@pytest.mark.parametrize(
    ("when", "waits", "fits"),
    [
        (q1(">", 0), "q1", False),
        ('{ all_of = ["q1", "q2"], op = ">", value = 0 }', "q2", False),
        ('{ any_of = ["q1"], op = ">", value = 0 }', "q1", False),
        ('{ any_of = ["q1", "q2"], op = ">", value = 0 }', "q2", True),
        ('{ item = "q1", state = "answered" }', "q1", False),
        ('{ item = "q1", state = "declined" }', "q1", True),
        (any_(all_(Q3, q1(">", 0)), Q3), "q3", False),
        (any_(all_(Q3, q1(">", 0)), Q3), "q1", True),
    ],
)
def test_nothing_is_waited_for_that_is_there(text: Text, when: str, waits: str, *, fits: bool) -> None:
    made = text("five-numbers", ("[scoring]", rule(when, f'waits_for = ["{waits}"]\nseconds = 60')))
    if fits:
        assert parse(made).worst is Level.NOW
        return
    with pytest.raises(Malformed, match=f"{waits} is answered where this rule holds") as caught:
        parse(made, source="mine.toml")
    assert caught.value.where == "mine.toml: triage.r.waits_for"


def test_a_wait_is_a_day_at_most(text: Text) -> None:
    wait = rule('{ item = "q1", op = ">", value = 0 }', 'waits_for = ["q2"]\nseconds = %s')
    assert parse(text("five-numbers", ("[scoring]", wait % 86_400)))
    with pytest.raises(Malformed, match="86400 or less") as caught:
        parse(text("five-numbers", ("[scoring]", wait % 86_401)), source="mine.toml")
    assert caught.value.where == "mine.toml: triage.r.seconds"


@pytest.mark.parametrize("youth", ['["16–24"]', '["16 - 24"]', '["12-17"]', "[]"])
def test_an_age_group_that_nobody_is_in(text: Text, youth: str) -> None:
    ages = f'[ages]\nunknown = "adult"\n[ages.groups]\nyouth = {youth}\nadult = ["25-64"]\n\n[scoring]'
    with pytest.raises(Malformed, match="under-16, 16-24, 25-64, 65\\+") as caught:
        parse(text("five-numbers", ("[scoring]", ages)), source="mine.toml")
    assert caught.value.where == "mine.toml: ages.groups.youth"
    assert parse(text("five-numbers", ("[scoring]", ages.replace(youth, '["12-17", "16-24"]'))))


@pytest.mark.parametrize("odd", ["40", "99999999999999999999", "10", "-1"])
def test_decimals_that_nobody_shows(text: Text, odd: str) -> None:
    for place, where in (("[[scores]]", "scoring.decimals"), ("[[bands]]", "scores.percent.decimals")):
        with pytest.raises(Malformed, match=r"9 or less|0 or more") as caught:
            parse(text("five-numbers", (place, f"decimals = {odd}\n\n{place}")), source="mine.toml")
        assert caught.value.where == f"mine.toml: {where}"
    most = parse(text("five-numbers", ("times = 4", "times = 1000000.123456789\ndecimals = 9")))
    most_points = most.score(dict.fromkeys(("q1", "q2", "q3", "q4", "q5"), 5)).scores["percent"]
    assert most_points == Decimal("25000003.086419725")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("times = 4", "times = 1e400000", "scores.percent.times"),
        ("times = 4", "times = 1000000000", "scores.percent"),
        ("times = 4", "plus = -1e10", "scores.percent.plus"),
        ("high = 5", "high = 10000000000", "answers.time.high"),
        ("max = 25", "max = 1e400000", "bands.[2].max"),
    ],
)
def test_numbers_that_nobody_reckons_with(text: Text, old: str, new: str, where: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(text("five-numbers", (old, new)), source="mine.toml")
    assert caught.value.where == f"mine.toml: {where}"


@pytest.mark.parametrize(
    ("yes", "no", "fits"),
    [("Yes", "No", True), ("No", "No", False), ("No", " no\u00a0", False), ("Oh  no", "oh no", False)],
)
def test_two_answers_that_nobody_can_tell_apart(text: Text, yes: str, no: str, *, fits: bool) -> None:
    made = text("asq", ('true = "Yes"', f'true = "{yes}"'), ('false = "No"', f'false = "{no}"'))
    if fits:
        assert parse(made).label("q1", "en", value=False) == no
        return
    with pytest.raises(Malformed, match="true and false have the same words") as caught:
        parse(made, source="mine.toml")
    assert caught.value.where == "mine.toml: texts.[1].answers.yes-no"
