# SPDX-License-Identifier: Apache-2.0
"""Sums, missing answers and bands, on any definition, and the defects that code has had there."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal

import pytest

from peerkit.errors import Malformed
from peerkit.instruments import Instrument, parse

Definition = Callable[..., Instrument]

PUBLISHED = "published: HL7 us-behavioral-health-profiles, phq-9-example-1"
ASBI = "published: uwcirg asbi-screening-app, all answers alike (there GAD-7, the same 0 to 3)"
RULE = "rule: worked by hand, band edges"


def nine(*values: object) -> dict[str, object]:
    return {f"q{number}": value for number, value in enumerate(values, start=1) if value is not ...}


VECTORS = [
    (PUBLISHED, (2, 2, 2, 2, 1, 1, 2, 0, 0), (12, "moderate", "talk")),
    (ASBI, (0,) * 9, (0, "minimal", "none")),
    (ASBI, (1,) * 9, (9, "mild", "now")),
    (ASBI, (2,) * 9, (18, "moderately-severe", "now")),
    (ASBI, (3,) * 9, (27, "severe", "now")),
    (RULE, (1, 1, 1, 1, 0, 0, 0, 0, 0), (4, "minimal", "none")),
    (RULE, (1, 1, 1, 1, 1, 0, 0, 0, 0), (5, "mild", "none")),
    (RULE, (2, 2, 2, 2, 1, 0, 0, 0, 0), (9, "mild", "none")),
    (RULE, (2, 2, 2, 2, 2, 0, 0, 0, 0), (10, "moderate", "talk")),
    (RULE, (3, 3, 3, 3, 2, 0, 0, 0, 0), (14, "moderate", "talk")),
    (RULE, (3, 3, 3, 3, 3, 0, 0, 0, 0), (15, "moderately-severe", "talk")),
    (RULE, (3, 3, 3, 3, 3, 3, 1, 0, 0), (19, "moderately-severe", "talk")),
    (RULE, (3, 3, 3, 3, 3, 3, 2, 0, 0), (20, "severe", "today")),
    (RULE, (0, 0, 0, 0, 0, 0, 0, 0, 1), (1, "minimal", "now")),  # item 9, whatever the total
]


@pytest.mark.parametrize(("source", "values", "expected"), VECTORS)
def test_phq_9(
    definition: Definition, source: str, values: tuple[int, ...], expected: tuple[int, str, str]
) -> None:
    result = definition("phq-9").score(nine(*values))
    assert (result.score, result.band, result.level) == expected
    assert type(result.score) is int
    assert result.complete
    assert result.scores["with-mean"] == result.score


def test_an_answer_may_come_as_its_code(definition: Definition) -> None:
    coded = nine(*["LA6570-1"] * 8, "LA6568-5")
    assert definition("phq-9").score(coded).score == 16
    with pytest.raises(Malformed):
        definition("phq-9").score(nine("LA6572-7"))  # a code of another question
    with pytest.raises(Malformed):
        definition("phq-9").score(nine("2"))  # not its code, and not its number


@pytest.mark.parametrize("absent", [..., None, "declined"])
def test_defect_a_missing_item_counted_as_0(definition: Definition, absent: object) -> None:
    # asbi-screening-app and lforms do, which under-reports.
    result = definition("phq-9").score(nine(2, 2, 2, 2, 2, 2, 2, 2, absent))
    assert result.score is None
    assert result.band is None
    assert not result.complete
    assert result.scores["with-mean"] == 18


def test_mean_substitution_takes_two_missing_answers_and_not_three(definition: Definition) -> None:
    # 10 points over 7 answers: 10 * 9 / 7 = 12.857…, half up to one place.
    assert definition("phq-9").score(nine(2, 2, 2, 2, 1, 1, 0)).scores["with-mean"] == Decimal("12.9")
    assert definition("phq-9").score(nine(2, 2, 2, 2, 1, 1)).scores["with-mean"] is None
    assert definition("phq-9").score({}).scores["with-mean"] is None


def test_item_9_alarms_under_every_policy(definition: Definition) -> None:
    assert definition("phq-9").judge({"q9": 1}).level == "now"
    assert definition("phq-9").score({"q9": 1}).level == "now"


def test_a_total_alarms_as_soon_as_no_answer_can_undo_it(definition: Definition) -> None:
    phq9 = definition("phq-9")
    assert phq9.judge(nine(3, 3, 3)).level == "none"
    assert phq9.judge(nine(3, 3, 3, 3, 3, 3, 1)).alerts == ("ten-or-more",)
    judged = phq9.judge(nine(3, 3, 3, 3, 3, 3, 2))
    assert (judged.level, judged.alerts) == ("today", ("severe", "ten-or-more"))
    assert judged.incomplete


def test_an_unreadable_answer_alarms_with_the_worst_that_it_could_give(definition: Definition) -> None:
    assert definition("phq-9").judge({"q9": "often"}).level == "now"
    assert definition("phq-9").judge({"q1": "often"}).level == "today"  # it may make the total severe
    assert definition("phq-9").judge({"q10": 4}).level == "talk"  # no rule asks for it: a human still looks


def test_bands_are_compared_before_the_total_is_rounded(definition: Definition) -> None:
    mean = ('missing = "strict"', 'missing = "mean-substitution"\nmissing_at_most = 2\ndecimals = 0')
    result = definition("phq-9", mean).score(nine(2, 2, 1, 1, 1, 1, 1))  # 9 * 9 / 7 = 11.57
    assert (result.score, result.band) == (12, "moderate")
    result = definition("phq-9", mean).score(nine(2, 1, 1, 1, 1, 1, 1, 0))  # 8 * 9 / 8 = 9
    assert (result.score, result.band) == (9, "mild")
    result = definition("phq-9", mean).score(nine(1, 1, 1, 0, 0, 0, 0, 1))  # 4 * 9 / 8 = 4.5
    assert (result.score, result.band) == (5, "minimal")  # shown half up, not in the band of 5 and more


def test_the_host_programs_decimal_context_changes_nothing(definition: Definition) -> None:
    with decimal.localcontext(decimal.Context(prec=1, rounding=decimal.ROUND_DOWN)):
        assert definition("phq-9").score(nine(2, 2, 2, 2, 1, 1, 0)).scores["with-mean"] == Decimal("12.9")


def test_a_hidden_item_never_counts(definition: Definition) -> None:
    branch = '[[branching]]\nitem = "q5"\nwhen = { item = "q1", op = ">", value = 0 }\n\n[scoring]'
    changed = definition("five-numbers", ("[scoring]", branch))
    assert changed.score(nine(0, 5, 5, 5)).score == 15
    assert changed.score(nine(0, 5, 5, 5, 5)).score == 15
    assert changed.score(nine(1, 5, 5, 5, 5)).score == 21
    assert changed.score(nine(1, 5, 5, 5)).score is None
    assert changed.judge(nine(0, 5, 5, 5, 5)).inconsistent == ("q5",)


LEAD = (
    "[scoring]",
    """\
[[items]]
id = "lead"
answers = "yes-no"

[[branching]]
item = "q5"
when = { item = "lead", op = "=", value = true }

[answers.yes-no]
kind = "yes-no"

[scoring]""",
)


def today(op: str, value: int) -> tuple[str, str]:
    when = f'{{ score = "total", op = "{op}", value = {value} }}'
    return "[scoring]", f'[[triage]]\nid = "r"\nlevel = "today"\nwhen = {when}\n\n[scoring]'


@pytest.mark.parametrize("missing", [..., None, "declined"])
def test_a_lead_in_without_an_answer_is_no_no(definition: Definition, missing: object) -> None:
    lead = {} if missing is ... else {"lead": missing}
    asked = definition("five-numbers", LEAD)
    few = nine(3, 3, 3, 3)
    assert (asked.score({**few, "lead": False}).score, asked.score({**few, "lead": True}).score) == (12, None)
    for answers in (few, {**few, "q5": 0}, {**few, "q5": 5}):
        result = asked.score({**answers, **lead})
        assert (result.score, result.scores, result.band) == (None, {"percent": None}, None)
        assert not result.complete
    assert asked.judge({**few, "q5": 5, **lead}).inconsistent == ()
    assert asked.judge({**few, "q5": 5, "lead": False}).inconsistent == ("q5",)


@pytest.mark.parametrize("missing", [..., None, "declined"])
@pytest.mark.parametrize(
    ("op", "value", "q5"), [(">=", 13, 5), ("<", 13, 5), ("<", 13, ...), (">=", 12, ...)]
)
def test_a_level_behind_an_open_lead_in_is_that_of_the_worse_reading(
    definition: Definition, missing: object, op: str, value: int, q5: object
) -> None:
    rule = (
        f'[[triage]]\nid = "r"\nlevel = "today"\nwhen = {{ score = "total", op = "{op}", value = {value} }}\n'
    )
    asked = definition("five-numbers", LEAD, ("[scoring]", rule + "\n[scoring]"))
    answers = nine(3, 3, 3, 3, q5)
    by_lead = [asked.score({**answers, "lead": lead}).level for lead in (True, False)]
    assert "today" in by_lead
    answers |= {} if missing is ... else {"lead": missing}
    assert asked.score(answers).level == "today"


def test_an_answer_behind_a_declined_lead_in_alarms_before_the_end(definition: Definition) -> None:
    asked = definition("five-numbers", LEAD, today(">=", 13))
    answers = nine(..., 3, 3, 3, 5)
    assert asked.judge({**answers, "lead": "declined"}).level == "today"
    assert not asked.judge({**answers, "lead": "declined"}).ended
    # Nobody has come to it: it may still be a "no", and no level falls while a screen goes on.
    assert asked.judge(answers).level == "none"
    assert asked.judge(answers, ended=True).level == "today"


def test_lead_ins_behind_lead_ins(definition: Definition) -> None:
    inner = '[[branching]]\nitem = "q4"\nwhen = { item = "q5", op = ">", value = 2 }\n\n[scoring]'
    asked = definition("five-numbers", LEAD, ("[scoring]", inner))
    few = {**nine(3, 3, 3), "lead": None}
    assert asked.score(few).score is None
    assert asked.score({**few, "lead": False}).score == 9
    assert asked.judge({**few, "q5": 3, "q4": 3}).inconsistent == ()
    assert asked.judge({**few, "q5": 2, "q4": 3}).inconsistent == ("q4",)  # hidden, whatever the lead-in is
    assert asked.judge({**few, "q4": 3, "lead": False}).inconsistent == ("q4",)


HIDES_Q5 = (
    "[scoring]",
    '[[branching]]\nitem = "q5"\nwhen = { item = "q1", op = ">", value = 1 }\n\n[scoring]',
)


def test_an_item_that_branching_may_hide_counts_nothing_or_anything(definition: Definition) -> None:
    from_one = ("low = 0", "low = 1")
    assert definition("five-numbers", HIDES_Q5, from_one, ("min = 0", "min = 4")).bands[0].low == 4
    with pytest.raises(Malformed, match="4 to 25"):
        definition("five-numbers", HIDES_Q5, from_one, ("min = 0", "min = 5"))


def test_an_unreadable_answer_that_may_hide_others_leaves_the_total_open(definition: Definition) -> None:
    without_q1 = ('["q1", "q2", "q3", "q4", "q5"]', '["q2", "q3", "q4", "q5"]')
    five_numbers = definition(
        "five-numbers", HIDES_Q5, without_q1, ("max = 25", "max = 20"), ('level = "talk"', 'level = "today"')
    )
    rest = {"q2": 3, "q3": 3, "q4": 3, "q5": 5}
    assert five_numbers.judge({"q1": 2, **rest}).level == "none"  # 14
    assert five_numbers.judge({"q1": 1, **rest}).level == "today"  # 9, q5 is hidden
    assert five_numbers.judge({"q1": "?", **rest}).level == "today"


@pytest.mark.parametrize("odd", [True, False, 6, -1, 1.5, "3"])
def test_a_number_is_whole_and_in_range(definition: Definition, odd: object) -> None:
    with pytest.raises(Malformed, match="from 0 to 5"):
        definition("five-numbers").score({"q1": odd})
    assert definition("five-numbers").judge({"q1": odd}).unreadable == ("q1",)


def test_on_a_scale_where_low_is_worse_a_total_alarms_when_nothing_can_undo_it(
    definition: Definition,
) -> None:
    five_numbers = definition("five-numbers")
    assert five_numbers.judge(nine(0, 0)).level == "none"  # 15 is still possible
    assert five_numbers.judge(nine(0, 0, 2)).level == "talk"  # 12 at most


def test_defect_loinc_scores_reversed_against_the_scale(definition: Definition) -> None:
    # LL1257-6 scores "all" 1 … "none" 5: points are what the definition says, never a place in a list.
    reverse = (
        'kind = "whole-number"\nlow = 0\nhigh = 5',
        'kind = "choice"\noptions = [{ value = "all", points = 5 }, { value = "none", points = 0 }]',
    )
    kessler = definition("five-numbers", reverse)
    assert kessler.score(nine("all", "all", "none", "none", "none")).score == 10


def five(method: str, *bands: tuple[str, str], missing: str = '"strict"', more: str = "") -> str:
    """Five questions of 0 to 5, with another method, other bands, and nothing that alarms."""
    parts = [
        'format = 1\nid = "five"\nversion = "1"\ntitle = "Five"',
        '[licence]\nstatus = "own-words"\nholder = "us"\nbasis = "ours"\nchecked_on = 2026-01-01',
        "redistribution_permitted = true\nitem_text_included = false",
        '[answers.time]\nkind = "whole-number"\nlow = 0\nhigh = 5',
        *(f'[[items]]\nid = "q{i}"\nanswers = "time"' for i in range(1, 6)),
        more,
        f'[scoring]\nmethod = "{method}"\nitems = ["q1", "q2", "q3", "q4", "q5"]\nmissing = {missing}',
        "decimals = 1",
        *(f'[[bands]]\nmin = {low}\nmax = {high}\ncode = "b{low}"' for low, high in bands),
    ]
    return "\n".join(parts)


def test_a_mean_and_a_greatest() -> None:
    answers = nine(0, 5, 1, 1, 0)
    assert parse(five("mean")).score(answers).score == Decimal("1.4")
    assert parse(five("max")).score(answers).score == 5
    assert parse(five("sum")).score(answers).score == 7
    for method in ("mean", "max", "sum"):
        assert parse(five(method)).score(nine(0, 5, 1, 1)).score is None
    lenient = '"mean-substitution"\nmissing_at_most = 2'
    some = parse(five("mean", missing=lenient))
    assert some.score(nine(1, 2, 3)).score == 2  # the mean of those that were answered
    assert some.score(nine(1, 2)).score is None
    whole = parse(five("mean", missing=lenient).replace("decimals = 1", "decimals = 0"))
    assert whole.score(nine(2, 2, 3, 3)).score == 3  # 2.5, half up


def test_a_hidden_item_is_in_no_mean_and_no_greatest() -> None:
    hides = '[[branching]]\nitem = "q5"\nwhen = { item = "q1", op = ">", value = 0 }'
    hidden = nine(0, 4, 4, 4, 5)
    assert parse(five("mean", more=hides)).score(hidden).score == 3
    assert parse(five("max", more=hides)).score(hidden).score == 4
    assert parse(five("mean", more=hides)).score(nine(1, 4, 4, 4, 5)).score == Decimal("3.6")


def test_bands_of_a_mean_follow_each_other_in_its_last_place_and_compare_before_rounding() -> None:
    means = parse(five("mean", ("0", "1.9"), ("2.0", "2.9"), ("3.0", "5")))
    result = means.score(nine(2, 3, 3, 3, 3))
    assert (result.score, result.band) == (Decimal("2.8"), "b2.0")
    # 59 over 20 answers is 2.95: shown as 3, and not there yet.
    more = [f'[[items]]\nid = "q{i}"\nanswers = "time"' for i in range(6, 21)]
    twenty = parse(
        five("mean", ("0", "2.9"), ("3.0", "5"))
        .replace("[scoring]", "\n".join((*more, "[scoring]")))
        .replace('"q5"]', ", ".join(('"q5"', *(f'"q{i}"' for i in range(6, 21)))) + "]")
    )
    result = twenty.score(nine(*[3] * 19, 2))
    assert (result.score, result.band) == (Decimal("3.0"), "b0")
    for bands in ((("0", "1.8"), ("2.0", "5")), (("0", "2"), ("3", "5")), (("0", "2.0"), ("2.0", "5"))):
        with pytest.raises(Malformed, match=r"gap|overlaps"):
            parse(five("mean", *bands))
    with pytest.raises(Malformed, match="0 to 5"):
        parse(five("mean", ("0", "2.9"), ("3.0", "25")))


def test_a_mean_stands_in_only_for_answers_of_the_same_range() -> None:
    # Else a missing yes or no could be taken for more than any answer to it.
    yes_no = five("sum", missing='"mean-substitution"\nmissing_at_most = 2').replace(
        'id = "q5"\nanswers = "time"', 'id = "q5"\nanswers = "yes-no"'
    )
    with pytest.raises(Malformed, match="same range") as caught:
        parse(yes_no.replace("[answers.time]", '[answers.yes-no]\nkind = "yes-no"\n[answers.time]'))
    assert caught.value.where == "definition: scoring.missing"


def test_a_result_goes_into_json(definition: Definition) -> None:
    result = definition("phq-9").score(nine(2, 2, 2, 2, 1, 1, 0))
    assert result.plain() == {
        "score": None,
        "scores": {"with-mean": 12.9},
        "band": None,
        "level": "talk",
        "complete": False,
        "alerts": ["ten-or-more"],
    }
