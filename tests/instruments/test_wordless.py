# SPDX-License-Identifier: Apache-2.0
"""Definitions whose wording an organization supplies: their rules whole, and how that wording comes in."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from importlib import resources
from typing import Any

import pytest

from peerkit.errors import Malformed, NotFound
from peerkit.instruments import Instrument, Todo, Wait, installed, load, parse, with_wording
from peerkit.levels import Level

WORDLESS = ("audit-c", "c-ssrs-screener", "dast-10", "hits", "hunger-vital-sign", "who-5")
C_SSRS = ("q1", "q2", "q3", "q4", "q5", "q6", "q6_3m")
YES, NO, DECLINED, SKIPPED = True, False, "declined", None


def given(items: tuple[str, ...], *values: object) -> dict[str, object]:
    """Answers to the items in order; `...` where a question was not asked."""
    return {item: value for item, value in zip(items, values, strict=False) if value is not ...}


def nine(*values: object) -> dict[str, object]:
    return given(tuple(f"q{place}" for place in range(1, len(values) + 1)), *values)


# ---- Wording -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", WORDLESS)
def test_without_wording_there_are_no_words_and_there_is_a_score(id_: str) -> None:
    instrument = load(id_)
    assert instrument.languages == ()
    assert not instrument.licence.item_text_included
    assert not instrument.licence.redistribution_permitted
    assert instrument.licence.holder
    assert instrument.licence.basis
    assert instrument.licence.source.startswith("https://")
    item = instrument.items[0]
    for call in (
        lambda: instrument.text(item.id, "en"),
        lambda: instrument.label(item.id, "en", value=item.answers.options[0].value),
        lambda: instrument.wording("fr"),
    ):
        with pytest.raises(NotFound, match=r"has no verified wording.*none in any language"):
            call()
    whole = {one.id: one.answers.options[-1].value for one in instrument.items}
    assert instrument.score(whole).complete
    assert instrument.judge(whole).level >= Level.NONE


def pack(instrument: Instrument, *, permission: str = "letter of 2 November 2026 (fictional)") -> str:
    """A wording pack of a fictional organization, in words of its own."""
    sets = {item.answers.id: item.answers for item in instrument.items}
    lines = [
        f'format = 1\ninstrument = "{instrument.id}"\nversion = "{instrument.version}"',
        '[licence]\nstatus = "permission-required"\nholder = "Somebody Else (fictional)"',
        f'basis = "They let us, for our own program."\npermission = "{permission}"',
        "checked_on = 2026-11-28\nredistribution_permitted = false\nitem_text_included = true",
        '[[texts]]\nlanguage = "en"\nverified = true\nsource = "Made up for a test"\ntitle = "Made up"',
        "[texts.items]",
        *(f'{item.id} = "Made-up question {item.id}"' for item in instrument.items),
    ]
    for id_, answers in sets.items():
        labels = {str(option.value).lower(): f"Made-up answer {option.value}" for option in answers.options}
        lines += [f"[texts.answers.{id_}]", *(f'{value} = "{label}"' for value, label in labels.items())]
    return "\n".join(lines)


@pytest.mark.parametrize("id_", WORDLESS)
def test_an_organization_supplies_its_wording_with_the_permission_that_it_holds(id_: str) -> None:
    bare = load(id_)
    worded = with_wording(bare, pack(bare), source="ours.toml")
    item = bare.items[0]
    assert worded.text(item.id, "en-CA") == f"Made-up question {item.id}"
    option = item.answers.options[0].value
    assert worded.label(item.id, "en", value=option) == f"Made-up answer {option}"
    assert (worded.sha256, worded.triage, worded.scores) == (bare.sha256, bare.triage, bare.scores)
    assert worded.pack == bare.pack
    # What ships stays as it is.
    assert load(id_).languages == ()


@pytest.mark.parametrize("id_", WORDLESS)
def test_wording_without_a_permission_is_refused(id_: str) -> None:
    for nothing in ("", "  "):
        with pytest.raises(Malformed, match="nothing permits it") as caught:
            with_wording(load(id_), pack(load(id_), permission=nothing), source="ours.toml")
        assert caught.value.where == "ours.toml: licence.item_text_included"


def test_nobody_ships_a_milder_one_of_the_same_name() -> None:
    for id_ in WORDLESS:
        assert id_ in installed()
        with pytest.raises(Malformed, match="peerkit ships an instrument of this id"):
            load("asq", [load(id_)])


def test_those_that_find_something_for_clinicians_wait_until_somebody_receives_it() -> None:
    assert {id_: load(id_).pack for id_ in WORDLESS} == {
        **dict.fromkeys(WORDLESS, "clinical"),
        "hunger-vital-sign": "",
    }


# ---- C-SSRS screener ---------------------------------------------------------------------------------------


def c_ssrs(answers: Mapping[str, object], *, over: bool, youth: bool) -> Level:
    """The rows one after the other, written without the engine."""
    said = answers.get
    if YES in (said("q4"), said("q5"), said("q6_3m")):
        return Level.NOW
    if over and said("q6") is YES and said("q6_3m") is not NO:
        return Level.NOW  # an act, and nobody knows when
    if over and said("q2") is YES and not (said("q4") is NO and said("q5") is NO):
        return Level.NOW  # thoughts, and nobody knows whether with intention
    if YES in answers.values():
        return Level.TODAY
    if youth and DECLINED in [said(item) for item in C_SSRS[:6]]:
        return Level.TODAY
    return Level.NONE


def test_c_ssrs_on_every_set_of_yes_no_and_nothing() -> None:
    screener = load("c-ssrs-screener")
    for values in itertools.product((..., YES, NO), repeat=7):
        answers = given(C_SSRS, *values)
        judged = screener.judge(answers)
        assert judged.level == c_ssrs(answers, over=judged.ended, youth=True), answers
        assert screener.score(answers).level == c_ssrs(answers, over=True, youth=True), answers
        if answers.get("q1") is answers.get("q2") is answers.get("q6") is NO and YES not in answers.values():
            assert screener.score(answers).band == "none-reported"


@pytest.mark.parametrize(("age", "youth"), [(None, True), ("16-24", True), ("25-64", False), ("65+", False)])
def test_c_ssrs_when_some_questions_are_declined(age: str | None, *, youth: bool) -> None:
    screener = load("c-ssrs-screener")
    for values in itertools.product((DECLINED, YES, NO), repeat=3):
        for deeper in itertools.product((..., DECLINED, SKIPPED, YES), repeat=2):
            answers = given(("q1", "q2", "q6", "q5", "q6_3m"), *values, *deeper)
            expected = c_ssrs(answers, over=True, youth=youth)
            assert screener.score(answers, age_band=age).level == expected, answers
            assert screener.score(answers, age_band=age).band != "none-reported" or DECLINED not in values


def test_c_ssrs_never_falls_when_a_no_becomes_a_yes() -> None:
    screener = load("c-ssrs-screener")
    for values in itertools.product((YES, NO), repeat=7):
        answers = given(C_SSRS, *values)
        level = screener.score(answers).level
        for item in C_SSRS:
            assert screener.score({**answers, item: YES}).level >= level, (answers, item)


def test_c_ssrs_asks_in_its_order() -> None:
    screener = load("c-ssrs-screener")
    assert screener.judge({}).next == ("q1", "q2", "q6")
    assert screener.judge(given(C_SSRS, NO, YES)).next == ("q3", "q4", "q5", "q6")
    assert screener.judge(given(C_SSRS, NO, NO)).next == ("q6",)
    assert screener.judge(given(C_SSRS, NO, NO, ..., ..., ..., YES)).next == ("q6_3m",)


def test_c_ssrs_an_act_of_unknown_date_is_high_five_minutes_later_or_at_the_end() -> None:
    judged = load("c-ssrs-screener").judge({"q1": NO, "q2": NO, "q6": YES})
    assert (judged.level, judged.alerts) == ("today", ("moderate",))
    assert judged.wait == Wait(("q6_3m",), 300, Level.NOW, "act-of-unknown-date")
    for unanswered in (SKIPPED, DECLINED):
        answers = {"q1": NO, "q2": NO, "q6": YES, "q6_3m": unanswered}
        assert load("c-ssrs-screener").judge(answers).level == "now"


def test_c_ssrs_rows_may_be_raised_and_the_high_one_cannot_be_lowered() -> None:
    screener = load("c-ssrs-screener")
    stricter = screener.raised({"moderate": "now", "low": "now"})
    assert stricter.score({"q1": YES, "q2": NO, "q6": NO}).level == "now"
    for lower in ("today", "talk", "none"):
        with pytest.raises(Malformed, match="raised only"):
            screener.raised({"high": lower})


@pytest.mark.parametrize("age", [None, "16-24", "25-64"])
def test_c_ssrs_the_date_of_no_act_that_was_asked_for_and_declined_is_talked_about(age: str | None) -> None:
    answers = {"q1": NO, "q2": NO, "q6": NO, "q6_3m": DECLINED}
    judged = load("c-ssrs-screener").judge(answers, age_band=age)
    assert judged.tasks == (Todo("declined", Level.TALK, ("q6_3m",)),)


def test_c_ssrs_an_adult_who_declines_makes_a_task() -> None:
    judged = load("c-ssrs-screener").judge({"q1": DECLINED, "q2": NO, "q6": NO}, age_band="25-64")
    assert (judged.level, judged.alerts) == ("none", ())
    assert judged.tasks == (Todo("declined", Level.TALK, ("q1",)),)
    left = load("c-ssrs-screener").judge({"q1": NO, "q2": SKIPPED}, ended=True, age_band="25-64")
    assert left.tasks == (Todo("unfinished", Level.TALK, ("q2", "q6")),)


# ---- The others --------------------------------------------------------------------------------------------


def test_audit_c_asks_whoever_never_drinks_nothing_more() -> None:
    audit = load("audit-c")
    assert audit.judge({}).next == ("q1",)
    assert audit.judge({"q1": 1}).next == ("q2", "q3")
    assert audit.judge({"q1": 0}).ended
    assert audit.judge({"q1": 0}).next == ()
    assert audit.score({"q1": 0}).plain() == {
        "score": 0,
        "scores": {},
        "band": "negative",
        "level": "none",
        "complete": True,
        "alerts": [],
    }


def test_audit_c_on_every_set_of_answers() -> None:
    audit = load("audit-c")
    for q1, q2, q3 in itertools.product(range(5), repeat=3):
        result = audit.score({"q1": q1, "q2": q2, "q3": q3})
        total = q1 + q2 + q3 if q1 else 0
        assert result.score == total
        assert result.band == ("positive" if total >= 3 else "negative")
        assert ("from-frequency-alone" in result.alerts) is (q1 >= 3 and q2 == q3 == 0)
        assert result.level == ("talk" if total >= 3 or (not q1 and q2 + q3) else "none")


def test_audit_c_without_its_first_answer_is_nobody_who_never_drinks() -> None:
    audit = load("audit-c")
    rest = (..., None, "declined", *range(5))
    for first, q2, q3 in itertools.product((..., None, "declined"), rest, rest):
        answers = {item: one for item, one in nine(..., q2, q3).items() if one is not ...}
        result = audit.score(answers if first is ... else {"q1": first, **answers})
        assert (result.score, result.band, result.complete) == (None, None, False)
        known = [audit.score({"q1": q1, **answers}).level for q1 in range(5)]
        assert result.level >= min(known)
        # Who was asked the second or third question drinks monthly at least: that is a point.
        points = [one for one in (q2, q3) if isinstance(one, int)]
        assert (result.level == "talk") is (sum(points) >= 2)


def test_audit_c_more_points_never_lower_a_level_but_where_they_end_a_contradiction() -> None:
    audit = load("audit-c")
    for values in itertools.product(range(5), repeat=3):
        before = audit.score(nine(*values))
        for place in (place for place in range(3) if values[place] < 4):
            more = audit.score(nine(*(v + (n == place) for n, v in enumerate(values))))
            fell = more.level < before.level
            ends = place == 0 and values[0] == 0 and sum(values) == 1
            assert fell is ends
            assert not fell or before.alerts == ("inconsistent",)


def test_who_5_below_13_is_a_talk_and_an_offer() -> None:
    who5 = load("who-5")
    for raw in range(26):
        answers = {f"q{n}": raw // 5 + (n <= raw % 5) for n in range(1, 6)}
        result, judged = who5.score(answers), who5.judge(answers)
        assert (result.score, result.scores["percentage"]) == (raw, 4 * raw)
        assert (result.band, result.level) == (("poor", "talk") if raw < 13 else ("not-poor", "none"))
        assert judged.tasks == ((Todo("offer-more", Level.TALK, ()),) if raw < 13 else ())


def test_dast_10_reverses_question_3_and_counts_the_rest() -> None:
    dast = load("dast-10")
    for values in itertools.product((YES, NO), repeat=10):
        total = sum(values) - values[2] + (not values[2])
        result = dast.score(nine(*values))
        assert result.score == total
        bands = ((0, "none"), (2, "low"), (5, "moderate"), (8, "substantial"), (10, "severe"))
        assert result.band == next(name for most, name in bands if total <= most)
        assert result.level == ("talk" if total >= 3 else "none")


def test_dast_10_asks_whoever_uses_nothing_nothing_more() -> None:
    dast = load("dast-10")
    assert dast.judge({}).next[0] == "uses"
    nothing = dast.judge({"uses": NO})
    assert nothing.ended
    assert (nothing.next, nothing.level, nothing.incomplete) == ((), "none", False)
    for other in (YES, SKIPPED, DECLINED):
        assert dast.judge({"uses": other}).next == tuple(f"q{n}" for n in range(1, 11))
    unreadable = dast.judge({"uses": "no"})
    assert len(unreadable.next) == 10
    assert unreadable.level == "talk"


def test_dast_10_a_late_no_to_the_lead_in_takes_no_level_back() -> None:
    dast = load("dast-10")
    for values in itertools.product((..., YES, NO), repeat=5):
        answers = nine(*values)
        assert dast.judge({**answers, "uses": NO}).level >= dast.judge(answers).level
        assert dast.score({**answers, "uses": NO}).score is None


def test_what_is_unanswered_stands_in_branching_alone() -> None:
    # It becomes false again when the answer comes: a level could fall by it.
    text = (resources.files("peerkit.instruments") / "data" / "dast-10.toml").read_text(encoding="utf-8")
    rule = 'when = { score = "total", op = ">=", value = 9 }'
    assert rule in text
    with pytest.raises(Malformed, match="one of answered, declined, skipped") as caught:
        parse(text.replace(rule, 'when = { item = "uses", state = "unanswered" }'), source="dast-10.toml")
    assert caught.value.where == "dast-10.toml: triage.severe.when.state"


def test_hits_above_ten_tells_the_supervisor_today() -> None:
    hits = load("hits")
    for values in itertools.product(range(1, 6), repeat=4):
        result = hits.score(nine(*values))
        assert result.score == sum(values)
        assert (result.band, result.level) == (
            ("positive", "today") if sum(values) > 10 else ("negative", "none")
        )
    assert hits.judge({"q1": DECLINED}).tasks == (Todo("declined", Level.TALK, ("q1",)),)


ANSWERS: list[Any] = ["often", "sometimes", "never", "dont-know", SKIPPED, DECLINED, ...]


def test_hunger_vital_sign_on_every_set_of_answers() -> None:
    hunger = load("hunger-vital-sign")
    for pair in itertools.product(ANSWERS, repeat=2):
        result = hunger.score(nine(*pair))
        at_risk = "often" in pair or "sometimes" in pair
        assert (result.level, result.alerts) == ("none", ())  # an offer, and no alarm
        tasks = [todo.rule for todo in hunger.judge(nine(*pair)).tasks]
        assert tasks == (["offer-help"] if at_risk else [])
        assert result.band == ("at-risk" if at_risk else "no-risk" if pair == ("never", "never") else None)
