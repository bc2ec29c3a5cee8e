# SPDX-License-Identifier: Apache-2.0
"""What holds of every definition and every set of answers, answers being drawn from the definition itself.

That last matters: a published suite was green while a real "yes" gave "no risk", since its tests used a
shape of answer that the form never produced.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from peerkit.errors import Malformed
from peerkit.instruments import Instrument, installed, load, parse, scoring, triage
from peerkit.instruments.answers import Kind, State, read
from peerkit.instruments.conditions import items_in
from peerkit.instruments.definition import TOTAL
from peerkit.instruments.triage import FAILED
from peerkit.levels import Level
from peerkit.testing import strategies

ASQ = load("asq")
BANDS = st.sampled_from([None, "under-16", "16-24", "25-64", "65+", "another"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


# ---- Answers from a definition ------------------------------------------------------------------------


def unreadable(instrument: Instrument, item: str) -> st.SearchStrategy[Any]:
    answers = instrument.item(item).answers
    return JSON.filter(lambda value: read(answers, value).state is State.UNREADABLE)


# ---- Definitions --------------------------------------------------------------------------------------


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


@st.composite
def conditions(
    draw: Callable[..., Any], items: list[str], kinds: Mapping[str, str], *, triage: bool, deep: int = 2
) -> dict[str, Any]:
    heads = ["compare", "state", "age", *(["all", "any"] if deep else [])]
    if triage and set(kinds.values()) != {"text"}:
        heads.append("score")
    head = draw(st.sampled_from(heads))
    if head in ("all", "any"):
        inner = conditions(items, kinds, triage=triage, deep=deep - 1)
        return {head: draw(st.lists(inner, min_size=1, max_size=2))}
    if head == "score":
        op = draw(st.sampled_from([">=", ">", "<", "<=", "=", "!="]))
        return {"score": "total", "op": op, "value": draw(st.integers(0, 9) | st.integers(0, 2))}
    if head == "age":
        return {"age": draw(st.sampled_from(["young", "old"]))}
    item = draw(st.sampled_from(items))
    if head == "state" or kinds[item] == "text":
        states = ["answered", "declined", *(["skipped"] if triage else [])]
        return {"item": item, "state": draw(st.sampled_from(states))}
    if kinds[item] == "yes-no":
        return {"item": item, "op": draw(st.sampled_from(["=", "!="])), "value": draw(st.booleans())}
    op = draw(st.sampled_from(["=", "!=", ">", ">=", "<", "<="]))
    least, most = {">": (0, 2), "<": (1, 3)}.get(op, (0, 3))
    return {"item": item, "op": op, "value": draw(st.integers(least, most))}


@st.composite
def definitions(draw: Callable[..., Any]) -> Instrument:
    """Any definition of up to six items, with branching, a total, triage of every kind."""
    ids = [f"q{i}" for i in range(1, draw(st.integers(1, 6)) + 1)]
    kinds = {item: draw(st.sampled_from(["yes-no", "choice", "number", "text"])) for item in ids}
    lines = [
        'format = 1\nid = "made-up"\nversion = "1"\ntitle = "Made up"',
        '[licence]\nstatus = "own-words"\nholder = "us"\nbasis = "ours"\nchecked_on = 2026-01-01',
        "redistribution_permitted = true\nitem_text_included = false",
        '[ages]\nunknown = "young"\ngroups = { young = ["under-16", "16-24"], old = ["25-64", "65+"] }',
        '[answers]\nyes-no = { kind = "yes-no" }\ntext = { kind = "text" }',
        'number = { kind = "whole-number", low = 0, high = 3 }',
        '[answers.choice]\nkind = "choice"\noptions = [{ value = 0 }, { value = 2 }, { value = 3 },',
        '{ value = 1, code = { system = "own", value = "one", verified = false } }]',
    ]
    lines += [f'[[items]]\nid = "{item}"\nanswers = "{kinds[item]}"' for item in ids]
    always = [ids[0]]
    for place, item in enumerate(ids[1:], start=1):
        if draw(st.booleans()):
            when = draw(conditions(ids[:place], kinds, triage=False))
            lines.append(f'[[branching]]\nitem = "{item}"\nwhen = {toml(when)}')
        else:
            always.append(item)
    numeric = [item for item in ids if kinds[item] != "text"]
    if numeric:
        scored = draw(st.lists(st.sampled_from(numeric), min_size=1, unique=True))
        ranges = {kinds[item] == "yes-no" for item in scored}
        policies = ['"strict"', *(['"mean-substitution"\nmissing_at_most = 2'] if len(ranges) == 1 else [])]
        method, policy = draw(st.sampled_from(["sum", "mean", "max"])), draw(st.sampled_from(policies))
        own = scored[: draw(st.integers(0, len(scored)))]
        if own == scored:
            lines.append(f'[scoring]\nmethod = "{method}"\nitems = {toml(scored)}\nmissing = {policy}')
        else:  # some of the items through a score of their own, and through one of that
            inner, again = draw(st.sampled_from(["sum", "mean", "max"])), draw(st.sampled_from([1, 2, -1]))
            lines.append(
                f'[scoring]\nmethod = "{method}"\nitems = {toml(own)}\nscores = ["b"]\nmissing = "strict"\n'
                f'[[scores]]\nid = "b"\nmethod = "max"\nscores = ["a"]\ntimes = {again}\nplus = 1\n'
                f'missing = "strict"\n[[scores]]\nid = "a"\nmethod = "{inner}"\n'
                f"items = {toml(scored[len(own) :])}\nmissing = {policy}"
            )
    else:
        lines.append('[scoring]\nmethod = "rule"')
    rules = draw(st.lists(st.sampled_from(list(Level)), max_size=5))
    for number, level in enumerate(sorted(rules, reverse=True)):
        when = draw(conditions(ids, kinds, triage=True))
        lines.append(f'[[triage]]\nid = "r{number}"\nlevel = "{level}"\nwhen = {toml(when)}')
        if draw(st.booleans()):
            # An item that branching may hide is nothing to wait for; see the rule's own words.
            waits = draw(st.lists(st.sampled_from(always), min_size=1, max_size=2, unique=True))
            lines.append(f"waits_for = {toml(waits)}\nseconds = {draw(st.integers(1, 9999))}")
    try:
        return parse("\n".join(lines))
    except Malformed as refused:
        assert NEVER.search(str(refused)), refused  # noqa: PT017  # anything else would be a fault of this file
        reject()


NEVER = re.compile("never holds?|nothing is waited for")
"""What is drawn may contradict itself; such a definition is refused."""
SHIPPED = [load(name) for name in installed()]
KNOWN = st.sampled_from(SHIPPED) | definitions()
SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


# ---- Properties ---------------------------------------------------------------------------------------


@SLOW
@given(st.data())
def test_more_answers_never_lower_a_level_that_was_given(data: st.DataObject) -> None:
    instrument = data.draw(KNOWN)
    age, more = data.draw(BANDS), data.draw(strategies.answers(instrument))
    fewer = {item: value for item, value in more.items() if data.draw(st.booleans())}
    for ended in (False, True):
        before = instrument.judge(fewer, age_band=age)
        after = instrument.judge(more, age_band=age, ended=ended)
        assert after.level >= before.level


@SLOW
@given(st.data())
def test_the_end_never_lowers_a_level(data: st.DataObject) -> None:
    instrument = data.draw(KNOWN)
    age, answers = data.draw(BANDS), data.draw(strategies.answers(instrument))
    before, after = (
        instrument.judge(answers, age_band=age),
        instrument.judge(answers, age_band=age, ended=True),
    )
    assert after.level >= before.level
    if before.wait is not None:
        assert before.wait.level > before.level
        assert after.level >= before.wait.level
        assert before.wait.rule in after.alerts


@SLOW
@given(st.data())
def test_score_and_judge_agree(data: st.DataObject) -> None:
    instrument = data.draw(KNOWN)
    age, answers = data.draw(BANDS), data.draw(strategies.answers(instrument))
    result, judged = (
        instrument.score(answers, age_band=age),
        instrument.judge(answers, age_band=age, ended=True),
    )
    assert (result.level, result.alerts) == (judged.level, judged.alerts)
    assert result.complete is not judged.incomplete
    assert judged.unreadable == ()
    assert judged.unknown == 0
    assert FAILED not in judged.alerts


@SLOW
@given(st.data())
def test_a_score_lies_where_fewer_answers_said_it_would(data: st.DataObject) -> None:
    instrument = data.draw(KNOWN)
    more = data.draw(strategies.answers(instrument))
    fewer = {item: value for item, value in more.items() if data.draw(st.booleans())}
    now, before = (triage.reading(instrument, stored, "") for stored in (more, fewer))
    for score in instrument.scores:
        low, high = scoring.bounds(score, instrument.by_id, now.counted)
        lower, higher = scoring.bounds(score, instrument.by_id, before.counted)
        if before.counted.items() <= now.counted.items():
            assert lower <= low <= high <= higher
        value = scoring.total(score, now.counted, now.shown)
        assert value is None or low <= value <= high


@SLOW
@given(st.data())
def test_a_hidden_item_never_counts(data: st.DataObject) -> None:
    instrument = data.draw(KNOWN)
    age, answers = data.draw(BANDS), data.draw(strategies.answers(instrument))
    hidden = instrument.judge(answers, age_band=age).inconsistent
    without = {item: value for item, value in answers.items() if item not in hidden}
    full, bare = instrument.score(answers, age_band=age), instrument.score(without, age_band=age)
    assert (full.score, full.scores, full.complete) == (bare.score, bare.scores, bare.complete)
    # It can escalate; it never makes anything milder.
    assert full.level >= bare.level or any(
        item in rule.waits_for for rule in instrument.triage for item in hidden
    )


def led(instrument: Instrument) -> list[str]:
    """Items that others wait for, and that no rule and no score asks about themselves."""
    named = {item for rule in instrument.triage for item in (*items_in(rule.when), *rule.waits_for)}
    named.update(item for score in instrument.scores for item in score.every_item)
    leads = {item for one in instrument.items if one.when is not None for item in items_in(one.when)}
    return sorted(leads - named)


@SLOW
@given(st.data())
def test_a_lead_in_without_an_answer_is_no_no(data: st.DataObject) -> None:
    """Whatever it would have been: the level is at least that, and there is no score where it matters."""
    instrument = data.draw(KNOWN.filter(led))
    age, lead = data.draw(BANDS), data.draw(st.sampled_from(led(instrument)))
    answers = {**data.draw(strategies.answers(instrument)), lead: None}
    if data.draw(st.booleans()):
        del answers[lead]
    missing = instrument.score(answers, age_band=age)
    without = triage.reading(instrument, answers, instrument.ages.group(age))
    undecided = without.undecided(instrument, over=True).keys()
    for value in possible(instrument, lead):
        given = {**answers, lead: value}
        taken = triage.reading(instrument, given, instrument.ages.group(age))
        still = taken.undecided(instrument, over=True).keys()
        assert without.shown <= taken.shown <= without.shown | undecided
        assert still <= undecided
        result = instrument.score(given, age_band=age)
        for id_, score in {**missing.scores, TOTAL: missing.score}.items():
            assert score is None or score == {**result.scores, TOTAL: result.score}[id_]
        # One that shows some of what is undecided and hides the rest is a third way, and is not looked at.
        if undecided & taken.shown in (set(), undecided) and still in (set(), undecided):
            assert missing.level >= result.level


def possible(instrument: Instrument, item: str) -> list[Any]:
    answers = instrument.item(item).answers
    if answers.kind is Kind.TEXT:
        return ["words"]
    if answers.kind is Kind.WHOLE_NUMBER:
        return [*range(answers.low, min(answers.high, answers.low + 20) + 1)]
    return [option.value for option in answers.options]


@SLOW
@given(st.data())
def test_an_answer_behind_an_open_lead_in_makes_nothing_milder(data: st.DataObject) -> None:
    instrument = data.draw(KNOWN)
    age, answers = data.draw(BANDS), data.draw(strategies.answers(instrument))
    group = instrument.ages.group(age)
    undecided = triage.reading(instrument, answers, group).undecided(instrument, over=True)
    fewer = {item: value for item, value in answers.items() if item not in undecided}
    waits = {item for rule in instrument.triage for item in rule.waits_for}
    if waits.isdisjoint(undecided):
        assert instrument.score(answers, age_band=age).level >= instrument.score(fewer, age_band=age).level


@SLOW
@given(st.data())
def test_what_cannot_be_read_alarms_at_least_as_any_answer_in_its_place(data: st.DataObject) -> None:
    instrument = data.draw(KNOWN)
    age, answers = data.draw(BANDS), data.draw(strategies.answers(instrument))
    item = data.draw(
        st.sampled_from([i.id for i in instrument.items if i.answers.kind is not Kind.TEXT] or ["q1"])
    )
    junk = data.draw(unreadable(instrument, item))
    judged = instrument.judge({**answers, item: junk}, age_band=age, ended=True)
    assert item in judged.unreadable
    assert judged.level >= "talk"
    for value in (None, "declined", data.draw(strategies.answered(instrument.item(item).answers))):
        assert judged.level >= instrument.judge({**answers, item: value}, age_band=age, ended=True).level


@SLOW
@given(st.data())
def test_judging_never_raises_and_never_stays_silent_about_what_it_cannot_read(data: st.DataObject) -> None:
    instrument = data.draw(KNOWN)
    keys = st.sampled_from([item.id for item in instrument.items]) | st.text(max_size=4)
    stored = data.draw(st.dictionaries(keys, JSON, max_size=6))
    judged = instrument.judge(
        stored, ended=data.draw(st.booleans()), age_band=data.draw(st.text() | st.none())
    )
    assert FAILED not in judged.alerts
    odd = [key for key in stored if key not in instrument.by_id]
    assert judged.unknown == len(odd)
    if odd:
        assert judged.level >= max(instrument.worst, Level.TALK)
    if judged.unreadable:
        assert judged.level >= "talk"
        assert "unreadable" in judged.alerts
    assert set(judged.next) <= set(instrument.by_id) - set(stored)


@given(JSON | st.lists(JSON))
def test_what_is_no_set_of_answers_alarms(stored: Any) -> None:
    judged = ASQ.judge(stored)
    assert judged.level == "now" or isinstance(stored, dict)


@SLOW
@given(st.data())
def test_raising_a_level_never_makes_anything_milder(data: st.DataObject) -> None:
    instrument = data.draw(KNOWN)
    higher = {
        rule.id: data.draw(st.sampled_from([level for level in Level if level >= rule.level]))
        for rule in instrument.triage
        if data.draw(st.booleans())
    }
    stricter = instrument.raised(higher)
    age, answers = data.draw(BANDS), data.draw(strategies.answers(instrument))
    for ended in (False, True):
        assert (
            stricter.judge(answers, age_band=age, ended=ended).level
            >= instrument.judge(answers, age_band=age, ended=ended).level
        )


def test_a_yes_in_place_of_anything_else_never_lowers_the_level() -> None:
    questions = ("q1", "q2", "q3", "q4", "q5")
    for values in itertools.product((..., None, "declined", True, False), repeat=5):
        answers = {item: value for item, value in zip(questions, values, strict=True) if value is not ...}
        for ended, age in itertools.product((False, True), (None, "25-64")):
            level = ASQ.judge(answers, ended=ended, age_band=age).level
            for item in questions[:4]:
                # A yes can only reopen the question of how acute it is: until that is answered, it waits.
                assert ASQ.judge({**answers, item: True}, ended=ended, age_band=age).level >= level
            assert ASQ.judge({**answers, "q5": True}, ended=ended, age_band=age).level == "now"
