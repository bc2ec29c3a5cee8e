# SPDX-License-Identifier: Apache-2.0
"""Course rules: held against truths written by hand and by properties, read with errors that say where."""

from __future__ import annotations

import itertools
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peerkit
from peerkit import Attendance, Course, Malformed, NotFound, Practicum, hooks, training
from peerkit.testing import make

TRUTH: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent.parent / "truth" / "courses.toml").read_text(encoding="utf-8")
)
CELLS = [(rule, cell) for rule, cells in TRUTH.items() for cell in cells]
DAY = date(2026, 3, 2)
HOUR = 60


def hours(work: str, minutes: int, state: str = "confirmed") -> list[Practicum]:
    """Entries of at most ten hours that come to so many minutes."""
    parts = [min(600, minutes - done) for done in range(0, minutes, 600)]
    return [make(Practicum, person="kai", work=work, minutes=part, state=state) for part in parts]


def at(session: int, state: str = "there", **details: Any) -> Attendance:
    return make(Attendance, person="kai", course="c", session=session, minutes=0, state=state, **details)


# -- the truths ----------------------------------------------------------------------------------------


def test_there_is_a_truth_for_every_rule_and_every_outcome() -> None:
    assert set(TRUTH) == set(training.installed())
    for name in training.installed():
        outcomes = {one.id for one in training.load(name).outcomes}
        assert {cell["outcome"] for cell in TRUTH[name]} == outcomes


@pytest.mark.parametrize(("name", "cell"), CELLS, ids=[f"{n} {i}" for i, (n, _) in enumerate(CELLS)])
def test_the_cell_holds(name: str, cell: dict[str, Any]) -> None:
    there = []
    if "missed" in cell:
        there += [at(n) for n in range(1, 18) if n not in cell["missed"]]
        there += [at(n, "missed") for n in cell["missed"]]
        there += [at(n, "made_up") for n in cell.get("made_up", ())]
    there += [
        make(Attendance, person="kai", course="other", session=n, minutes=HOUR)
        for n in range(1, cell.get("training", 0) + 1)
    ]
    work = [one for kind, many in cell.get("hours", {}).items() for one in hours(kind, many * HOUR)]
    work += hours("one_to_one", cell.get("waiting", 0) * HOUR, "logged")
    found = training.evaluate(training.load(name), there, work)
    assert found.outcome == cell["outcome"], cell["because"]
    assert [f"{one.what} {one.amount}" for one in found.missing] == cell["missing"], cell["because"]
    assert found.waiting_minutes == cell.get("waiting", 0) * HOUR
    if "missed" in cell:
        assert found.missed == tuple(cell["missed"])


def test_every_rule_says_where_it_comes_from_and_what_is_our_own() -> None:
    for name in training.installed():
        rule = training.load(name)
        assert rule.sources
        for source in rule.sources:
            assert source.title
            assert source.publisher
            assert source.seen in {"seen", "partly", "mirror", "unverified"}
        assert any(source.year for source in rule.sources)


# -- properties ----------------------------------------------------------------------------------------

STATES = ("there", "made_up", "excused", "missed", "struck")
records = st.lists(st.builds(at, st.integers(1, 20), st.sampled_from(STATES)), max_size=30)
entries = st.lists(
    st.builds(
        lambda work, minutes, state: make(Practicum, person="kai", work=work, minutes=minutes, state=state),
        st.sampled_from(["one_to_one", "group", "supervision"]),
        st.integers(1, 1440),
        st.sampled_from(["logged", "questioned", "confirmed", "struck"]),
    ),
    max_size=12,
)
AT_ONCE = """
format = 1
id = "at-once"
version = "1"
title = "All at once (fictional)"
sources = [{ title = "t", publisher = "p", seen = "seen", says = "s" }]
sessions = { count = 5, minutes = 60, made_up_counts = true }
hours = { works = ["one_to_one"] }
[[outcomes]]
id = "begun"
[[outcomes]]
id = "done"
most_missed = 2
must = [2, 3]
practicum_minutes = 90
"""
rules = st.sampled_from([*map(training.load, training.installed()), training.parse(AT_ONCE)])


def rank(rule: training.Rule, found: training.Evaluation) -> int:
    return [one.id for one in rule.outcomes].index(found.outcome)


@given(rules, records, entries, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_twice_is_once(
    rule: training.Rule, there: Any, work: Any, random: Any
) -> None:
    found = training.evaluate(rule, there, work)
    mixed = [*there, *there]
    random.shuffle(mixed)
    shuffled = list(work)
    random.shuffle(shuffled)
    assert training.evaluate(rule, mixed, shuffled) == found


@given(rules, records, entries, records, entries)
def test_more_never_gives_less(
    rule: training.Rule, there: Any, work: Any, more_there: Any, more_work: Any
) -> None:
    before = training.evaluate(rule, there, work)
    after = training.evaluate(rule, [*there, *more_there], [*work, *more_work])
    assert rank(rule, after) >= rank(rule, before)
    assert set(after.attended) >= set(before.attended)
    assert after.practicum_minutes >= before.practicum_minutes


@given(rules, records, entries)
def test_what_is_missing_is_enough_and_nothing_of_it_too_much(
    rule: training.Rule, there: Any, work: Any
) -> None:
    """Whoever does all that is missing reaches the next outcome; whoever leaves one thing out does not."""
    found = training.evaluate(rule, there, work)
    if not found.next:
        assert found.missing == ()
        return
    assert found.missing

    def done(missing: Any) -> training.Evaluation:
        more, extra = [], []
        named = {one.amount for one in found.missing if one.what == "session"}
        free = (n for n in range(1, 18) if n not in found.attended and n not in named)
        for one in missing:
            if one.what == "session":
                more.append(at(one.amount))
            elif one.what == "sessions":
                more += [at(n) for n in itertools.islice(free, one.amount)]
            elif one.what == "training_minutes":
                full, rest = divmod(one.amount, 1440)
                sizes = [1440] * full + [rest] * bool(rest)
                more += [
                    make(Attendance, person="kai", course="new", session=n, minutes=size)
                    for n, size in enumerate(sizes, start=1)
                ]
            else:
                extra += hours("one_to_one", one.amount)
        return training.evaluate(rule, [*there, *more], [*work, *extra])

    assert rank(rule, done(found.missing)) > rank(rule, found)
    for left_out in found.missing:
        assert done([one for one in found.missing if one != left_out]).outcome == found.outcome


def test_records_of_two_people_are_no_ones_outcome() -> None:
    rule = training.load("core-essentials")
    with pytest.raises(Malformed, match="one person"):
        training.evaluate(rule, [at(1)], [make(Practicum, person="noor")])


# -- from a program ------------------------------------------------------------------------------------

OURS = """
format = 1
id = "riverside"
version = "1"
title = "Riverside foundations (fictional)"
[[sources]]
title = "Handbook"
publisher = "Riverside (fictional)"
year = 2026
seen = "seen"
says = "Three evenings."
[sessions]
count = 3
minutes = 150
made_up_counts = true
[[outcomes]]
id = "begun"
[[outcomes]]
id = "completed"
most_missed = 0
"""


def plugin(*texts: str) -> Any:
    class Ours:
        name = "ours"

        @peerkit.hookimpl
        def peerkit_supply(self) -> Any:
            return [hooks.CourseRule(text, "ours.toml") for text in texts]

    return Ours()


def test_an_organization_adds_a_rule_as_data(watch: Any) -> None:
    with peerkit.open("memory:", plugins=[plugin(OURS)], discover=False, clock=watch) as kit:
        with kit.session() as s:
            kai = s.save(peerkit.Person.enrol(name="Kai Example (fictional)"))
            course = s.save(Course.offer(title="Riverside foundations", rule="riverside"))
            other = s.save(Course.offer(title="Something else"))
        with kit.session() as s:
            for n in (1, 2):
                s.save(Attendance.attend(person=kai, course=course, session=n, day=DAY))
            s.save(Attendance.attend(person=kai, course=other, session=3, day=DAY, minutes=30))
            s.save(Attendance.miss(person=kai, course=course, session=3, day=DAY))
        with kit.session() as s:
            found = training.assess(s, kai, "riverside")
            assert (found.outcome, found.attended, found.missed) == ("begun", (1, 2), (3,))
            assert found.missing == (training.Missing("sessions", 1),)
            assert training.assess(s, kai, "samhsa-2023").training_minutes == 330
            s.save(Attendance.make_up(person=kai, course=course, session=3, day=DAY))
        with kit.session(actor=kai) as s:
            assert training.assess(s, kai, "riverside").outcome == "completed"
            with pytest.raises(NotFound, match="did you mean riverside"):
                training.assess(s, kai, "riversid")


def test_peerkits_own_rules_are_not_replaced(watch: Any) -> None:
    text = OURS.replace('"riverside"', '"core-essentials"')
    with pytest.raises(peerkit.PluginError, match="core-essentials"):
        peerkit.open("memory:", plugins=[plugin(text)], discover=False, clock=watch)
    with peerkit.open("memory:", plugins=[plugin("= 3")], discover=False, clock=watch) as kit:
        [record] = [one for one in kit.plugins if one.name == "ours"]
        assert record.status == "failed"


# -- what is wrong with a file -------------------------------------------------------------------------

WRONG = [
    (OURS.replace("format = 1", "format = 2"), "format"),
    (OURS.replace('version = "1"', 'version = "one"'), "version"),
    (OURS.replace('title = "Riverside f', 'titel = "Riverside f'), "title"),
    (OURS.replace("count = 3", "count = 0"), "sessions.count"),
    (OURS.replace("count = 3", "count = 100000"), "sessions.count"),
    (OURS.replace("minutes = 150", 'minutes = "150"'), "sessions.minutes"),
    (OURS.replace("most_missed = 0", "most_missed = 3"), "outcomes.completed.most_missed"),
    (OURS.replace("most_missed = 0", "must = [4]"), "outcomes.completed.must"),
    (OURS.replace("most_missed = 0", "must = [true]"), "outcomes.completed.must"),
    (OURS.replace("most_missed = 0", ""), "outcomes.completed"),
    (OURS.replace("most_missed = 0", "practicum_minutes = 60"), "outcomes.completed.practicum_minutes"),
    (OURS.replace("most_missed = 0", "most_mised = 0"), "outcomes.completed"),
    (OURS.replace('id = "begun"', 'id = "begun"\nmost_missed = 1'), "outcomes.begun"),
    (OURS.replace('id = "completed"', 'id = "begun"'), "outcomes.begun.id"),
    (OURS.replace('seen = "seen"', 'seen = "hearsay"'), "seen"),
    (OURS.replace("[sessions]\ncount = 3\nminutes = 150\nmade_up_counts = true\n", ""), "completed"),
    (OURS.partition("[[outcomes]]")[0], "outcomes"),
    ("= 3", "ours.toml"),
    (b"\xff", "ours.toml"),
]


@pytest.mark.parametrize(("text", "where"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_file_says_where(text: Any, where: str) -> None:
    with pytest.raises(Malformed) as caught:
        training.parse(text, "ours.toml")
    assert "ours.toml" in str(caught.value)
    assert where in str(caught.value)


def test_a_rule_of_sessions_alone_asks_for_all_of_what_came_before() -> None:
    rule = training.load("core-essentials")
    lowest, *others = rule.outcomes
    assert lowest == training.Outcome("incomplete")
    for before, after in itertools.pairwise(others):
        assert set(before.must) <= set(after.must)
        assert attrs.evolve(after, id=before.id) != before


def test_sessions_that_are_named_are_not_asked_for_twice() -> None:
    rule = training.parse(AT_ONCE)
    found = training.evaluate(rule, [at(1), at(4)])
    assert [(one.what, one.amount) for one in found.missing] == [
        ("session", 2),
        ("session", 3),
        ("practicum_minutes", 90),
    ]
    found = training.evaluate(rule, [])
    assert [(one.what, one.amount) for one in found.missing][2] == ("sessions", 1)
