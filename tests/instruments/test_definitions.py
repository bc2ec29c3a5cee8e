# SPDX-License-Identifier: Apache-2.0
"""A definition that says something else than its author meant is refused, with file, item and field."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from peerkit.errors import Malformed, NotFound
from peerkit.instruments import parse

Text = Callable[..., str]

WORDED = """
[[texts]]
language = "en"
verified = true
source = "the form"
title = "Form"
"""

# (definition, what is replaced, by what, where the error points, what it says)
BAD = [
    # items
    ("five-numbers", 'id = "q2"', 'id = "q1"', "five-numbers.toml: items.q1.id", "two items have this id"),
    ("five-numbers", 'id = "q2"', 'id = "Q 2"', "five-numbers.toml: items.[2].id", "small letters"),
    (
        "five-numbers",
        'id = "q2"\nanswers = "time"',
        'id = "q2"\nanswers = "tme"',
        "five-numbers.toml: items.q2.answers",
        "mean time",
    ),
    (
        "five-numbers",
        'id = "q2"\nanswers',
        'id = "q2"\nreqired = false\nanswers',
        "five-numbers.toml: items.q2",
        "reqired is no field",
    ),
    (
        "five-numbers",
        'id = "q2"\nanswers',
        'id = "q2"\nrequired = 1\nanswers',
        "five-numbers.toml: items.q2.required",
        "true or false",
    ),
    ("five-numbers", "high = 5", "high = 0", "five-numbers.toml: answers.time.high", "more than low"),
    ("five-numbers", "high = 5", "high = true", "five-numbers.toml: answers.time.high", "whole number"),
    ("five-numbers", "high = 5", "", "five-numbers.toml: answers.time.high", "must be given"),
    ("phq-9", "value = 1,", "value = 0,", "phq-9.toml: answers.how-often.options", "same value or code"),
    ("phq-9", '"LA6569-3"', '"LA6568-5"', "phq-9.toml: answers.how-often.options", "same value or code"),
    (
        "phq-9",
        'value = 2, code = { system = "loinc", value = "LA6575-0"',
        'value = "declined", code = { system = "loinc", value = "LA6575-0"',
        "phq-9.toml: answers.difficulty.options.[3].value",
        "declined",
    ),
    ("phq-9", 'kind = "choice"', 'kind = "scale"', "phq-9.toml: answers.how-often.kind", "one of"),
    # codes
    ("phq-9", "44250-9", "44250-8", "phq-9.toml: items.q1.code.value", "check digit"),
    ("phq-9", "44249-1", "93267-4", "phq-9.toml: code.value", "check digit"),
    (
        "phq-9",
        '"LA6570-1"',
        '"LA6570-2"',
        "phq-9.toml: answers.how-often.options.[3].code.value",
        "check digit",
    ),
    (
        "phq-9",
        '"44250-9", verified = true',
        '"44250-9"',
        "phq-9.toml: items.q1.code.verified",
        "must be given",
    ),
    # branching
    (
        "c-ssrs-screener",
        'item = "q6_3m"',
        'item = "q7"',
        "c-ssrs-screener.toml: branching.[4].item",
        "no such item",
    ),
    (
        "c-ssrs-screener",
        'item = "q4"\n',
        'item = "q3"\n',
        "c-ssrs-screener.toml: branching.[2].item",
        "already",
    ),
    ("c-ssrs-screener", 'item = "q6", op', 'item = "q6_3m", op', "c-ssrs-screener.toml: branching", "circle"),
    (
        "phq-9",
        '{ any_of = ["q1",',
        '{ any_of = ["q0",',
        "phq-9.toml: branching.[1].when.any_of",
        "no such item",
    ),
    ("phq-9", 'op = ">", value = 0', 'op = "=>", value = 0', "phq-9.toml: branching.[1].when.op", "one of"),
    (
        "phq-9",
        'op = ">", value = 0',
        'op = ">", value = true',
        "phq-9.toml: branching.[1].when.value",
        "compares points",
    ),
    ("phq-9", 'op = ">", value = 0', 'state = "skipped"', "phq-9.toml: branching.[1].when.state", "one of"),
    # conditions
    (
        "c-ssrs-screener",
        'q6_3m"], op = "=", value = true',
        'q6_3m"], op = "=", value = 1',
        "triage.high.when.value",
        "none of",
    ),
    (
        "c-ssrs-screener",
        'q6_3m"], op = "=", value = true',
        'q6_3m"], state = "open"',
        "triage.high.when.state",
        "one of",
    ),
    (
        "c-ssrs-screener",
        'when = { any_of = ["q3"',
        'when = { item = "q1", any_of = ["q3"',
        "triage.moderate.when",
        "has one of",
    ),
    (
        "c-ssrs-screener",
        '{ any_of = ["q3", "q6"], op = "=", value = true }',
        "{ any = [] }",
        "triage.moderate.when.any",
        "in it",
    ),
    (
        "c-ssrs-screener",
        '{ any_of = ["q3", "q6"], op = "=", value = true }',
        '{ age = "child" }',
        "triage.moderate.when.age",
        "",
    ),
    (
        "c-ssrs-screener",
        '{ any_of = ["q3", "q6"]',
        '{ any_of = ["q3", "q3"]',
        "triage.moderate.when.any_of",
        "twice",
    ),
    ("phq-9", 'score = "total"', 'score = "totals"', "triage.severe.when.score", "did you mean total"),
    # triage
    ("phq-9", 'id = "severe"', 'id = "item-9"', "phq-9.toml: triage.item-9.id", "two rules"),
    ("phq-9", 'id = "severe"', 'id = "failed"', "phq-9.toml: triage.failed.id", "itself"),
    ("phq-9", 'level = "now"', 'level = "talk"', "phq-9.toml: triage.severe.level", "the worst first"),
    ("phq-9", 'level = "now"', 'level = "urgent"', "phq-9.toml: triage.item-9.level", "one of"),
    ("phq-9", 'level = "now"', 'levle = "now"', "phq-9.toml: triage.item-9.level", "must be given"),
    ("phq-9", 'item = "q9", op', 'item = "q11", op', "phq-9.toml: triage.item-9.when.item", "no such item"),
    (
        "c-ssrs-screener",
        'waits_for = ["q6_3m"]',
        'waits_for = ["q8"]',
        "triage.act-of-unknown-date.waits_for",
        "no item q8",
    ),
    ("c-ssrs-screener", "seconds = 300", "seconds = 0", "triage.act-of-unknown-date.seconds", "1 or more"),
    ("c-ssrs-screener", "seconds = 300", "", "triage.act-of-unknown-date.seconds", "must be given"),
    # scores
    (
        "safety-conversation",
        'method = "rule"',
        'method = "sum"\nitems = ["q1"]\nmissing = "strict"',
        "safety-conversation.toml: scoring.items",
        "no points",
    ),
    (
        "readiness",
        'items = ["q1"]\nmissing = "strict"',
        'items = ["q1", "q1-why"]\nmissing = "strict"',
        "readiness.toml: scores.importance.items",
        "no points",
    ),
    ("phq-9", '"44261-6"', '"44261-7"', "phq-9.toml: scoring.code.value", "check digit"),
    ("phq-9", '"q9"]\nmissing', '"q11"]\nmissing', "phq-9.toml: scoring.items", "no item q11"),
    ("phq-9", 'missing = "strict"', 'missing = "zero"', "phq-9.toml: scoring.missing", "one of"),
    ("phq-9", 'missing = "strict"\n', "", "phq-9.toml: scoring.missing", "must be given"),
    (
        "phq-9",
        "missing_at_most = 2",
        "missing_at_most = 0",
        "phq-9.toml: scores.with-mean.missing_at_most",
        "1 or more",
    ),
    ("phq-9", 'id = "with-mean"', 'id = "total"', "phq-9.toml: scores.total.id", "another score"),
    ("phq-9", 'method = "sum"', 'method = "average"', "phq-9.toml: scoring.method", "one of"),
    ("five-numbers", "times = 4", "times = inf", "five-numbers.toml: scores.percent.times", "number"),
    # bands
    ("phq-9", "max = 4", "max = 5", "phq-9.toml: bands.[2].min", "overlaps"),
    ("phq-9", "max = 4", "max = 3", "phq-9.toml: bands.[2].min", "gap"),
    ("phq-9", "max = 27", "max = 26", "phq-9.toml: bands", "0 to 27"),
    ("phq-9", "min = 0", "min = 1", "phq-9.toml: bands", "0 to 27"),
    ("phq-9", "min = 20\nmax = 27", "min = 20\nmax = 19", "phq-9.toml: bands.[5].max", "below min"),
    ("phq-9", 'code = "mild"', 'code = "minimal"', "phq-9.toml: bands.[2].code", "two bands"),
    (
        "c-ssrs-screener",
        "[[triage]]",
        '[[bands]]\nmin = 0\nmax = 1\ncode = "x"\n\n[[triage]]',
        "c-ssrs-screener.toml: bands",
        "total",
    ),
    (
        "phq-9",
        'when = { any_of = ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9"], op = ">", value = 0 }',
        'when = { age = "youth" }',
        ".when.age",
        "names no age groups",
    ),
    # licence
    (
        "c-ssrs-screener",
        "item_text_included = false",
        "item_text_included = true",
        "licence.item_text_included",
        "permits it",
    ),
    (
        "five-numbers",
        "item_text_included = false",
        "item_text_included = true\npermission = 'a letter'",
        "five-numbers.toml: texts",
        "there is none",
    ),
    (
        "phq-9",
        "item_text_included = true",
        "item_text_included = false",
        "phq-9.toml: texts",
        "none is included",
    ),
    (
        "phq-9",
        "redistribution_permitted = true",
        "redistribution_permitted = false",
        "phq-9.toml: licence.item_text_included",
        "nothing permits it",
    ),
    ("phq-9", 'without = ["q10"]', 'without = ["q9"]', "phq-9.toml: texts.[2].without", "required = false"),
    ("phq-9", 'without = ["q10"]', 'without = ["q11"]', "phq-9.toml: texts.[2].without", "required = false"),
    ("phq-9", 'without = ["q10"]', "", "phq-9.toml: texts.[2].items.q10", "must be given"),
    (
        "phq-9",
        "checked_on = 2026-11-28",
        "checked_on = 2026-11-28T08:00:00",
        "phq-9.toml: licence.checked_on",
        "date",
    ),
    ("phq-9", 'holder = "Pfizer Inc."', 'holder = " "', "phq-9.toml: licence.holder", "blank"),
    (
        "phq-9",
        "redistribution_permitted = true\n",
        "",
        "phq-9.toml: licence.redistribution_permitted",
        "given",
    ),
    # the file
    ("phq-9", "format = 1", "format = 2", "phq-9.toml: format", "format 1"),
    ("phq-9", 'version = "1.0"', 'version = "new"', "phq-9.toml: version", "numbers"),
    ("phq-9", 'version = "1.0"', "version = 1.0", "phq-9.toml: version", "text"),
    ("phq-9", 'pack = "clinical"', 'pack = "The Clinic"', "phq-9.toml: pack", "small letters"),
    ("phq-9", "[scoring]", "[scorign]", "phq-9.toml: scoring", "must be given"),
    ("phq-9", "[scoring]", "extra = 1\n[scoring]", "phq-9.toml: branching.[1]", "extra is no field"),
    ("phq-9", "format = 1", "format = ", "phq-9.toml", "not TOML"),
]


@pytest.mark.parametrize("bad", BAD, ids=[f"{bad[3]}-{number}" for number, bad in enumerate(BAD)])
def test_refused(text: Text, bad: tuple[str, str, str, str, str]) -> None:
    name, old, new, where, says = bad
    with pytest.raises(Malformed) as caught:
        parse(text(name, (old, new)), source=f"{name}.toml")
    assert caught.value.where.startswith(f"{name}.toml")
    assert caught.value.where.endswith(where)
    assert says in str(caught.value)


def test_the_definitions_that_these_start_from_are_good(text: Text) -> None:
    for name in {bad[0] for bad in BAD}:
        assert parse(text(name)).id == name


def test_a_longer_circle_is_found_and_shown(text: Text) -> None:
    ring = "".join(
        f'[[branching]]\nitem = "q{i}"\nwhen = {{ item = "q{i % 5 + 1}", op = "=", value = 1 }}\n\n'
        for i in range(1, 6)
    )
    with pytest.raises(Malformed, match="goes in a circle: q"):
        parse(text("five-numbers", ("[scoring]", ring + "[scoring]")))


def test_text_without_permission(text: Text) -> None:
    labels = "".join(f'q{i} = "x"\n' for i in range(1, 6))
    worded = ("[scoring]", WORDED + "[texts.items]\n" + labels + "\n[scoring]")
    with pytest.raises(Malformed, match="none is included"):
        parse(text("five-numbers", worded))
    included = ("item_text_included = false", "item_text_included = true")
    with pytest.raises(Malformed, match="nothing permits it"):
        parse(text("five-numbers", worded, included))
    permitted = (
        "item_text_included = false",
        'item_text_included = true\npermission = "letter of 2026-03-01"',
    )
    assert parse(text("five-numbers", worded, permitted)).text("q1", "en") == "x"
    blank = ("item_text_included = false", 'item_text_included = true\npermission = "  "')
    with pytest.raises(Malformed, match="nothing permits it"):
        parse(text("five-numbers", worded, blank))


def test_a_text_set_is_whole(text: Text) -> None:
    included = ("item_text_included = false", "item_text_included = true\npermission = 'a letter'")
    labels = "".join(f'q{i} = "x"\n' for i in range(1, 5))
    for items, where in ((labels, "items.q5"), (labels + 'q5 = "x"\nq6 = "x"', "items")):
        with pytest.raises(Malformed) as caught:
            parse(
                text("five-numbers", included, ("[scoring]", f"{WORDED}[texts.items]\n{items}\n[scoring]")),
                source="w.toml",
            )
        assert caught.value.where == f"w.toml: texts.[1].{where}"


def test_two_text_sets_in_one_language_are_refused(text: Text) -> None:
    included = ("item_text_included = false", "item_text_included = true\npermission = 'a letter'")
    labels = "[texts.items]\n" + "".join(f'q{i} = "x"\n' for i in range(1, 6))
    twice = WORDED + labels + WORDED.replace('"en"', '"EN"') + labels
    with pytest.raises(Malformed, match="never mixed"):
        parse(text("five-numbers", included, ("[scoring]", twice + "[scoring]")))


def test_unverified_wording_is_not_shown(text: Text) -> None:
    included = ("item_text_included = false", "item_text_included = true\npermission = 'a letter'")
    labels = "[texts.items]\n" + "".join(f'q{i} = "x"\n' for i in range(1, 6))
    draft = parse(
        text("five-numbers", included, ("[scoring]", WORDED.replace("true", "false") + labels + "[scoring]"))
    )
    assert draft.languages == ()
    with pytest.raises(NotFound):
        draft.text("q1", "en")


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"",
        "a = 1",
        "[" * 5000,
        "x = " + "[" * 5000,
        "\ud800",
        "format = 1e999999999999",
        "x = " + "9" * 5000,
    ],
)
def test_a_file_that_is_no_definition(data: str | bytes) -> None:
    with pytest.raises(Malformed) as caught:
        parse(data, source="odd.toml")
    assert caught.value.where.startswith("odd.toml")


def test_conditions_are_not_endless(text: Text) -> None:
    deep = "{ any = [" * 40 + '{ item = "q9", op = ">=", value = 1 }' + "] }" * 40
    with pytest.raises(Malformed, match="deep"):
        parse(text("phq-9", ('{ item = "q9", op = ">=", value = 1 }', deep)))
