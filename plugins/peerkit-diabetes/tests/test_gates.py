# SPDX-License-Identifier: Apache-2.0
"""Gates by themselves: which credentials pass them, on which day, in which order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peerkit_diabetes.gates import gates, passage

from peerkit import Credential, Person, Program, training

KAI = Person.enrol(name="Kai (fictional)")
PROGRAM = Program(name="Riverside (fictional)")
DAY = date(2027, 1, 4)
ALL = {
    "foundations": "core-essentials",
    "review": "diabetes-review",
    "session": "diabetes-session",
    "application": "diabetes-application",
    "facilitation": "group-facilitation",
}


def credential(what: str, since: date = DAY, until: date | None = None) -> Credential:
    return Credential.issue(
        person=KAI, what=what, issued_by="Riverside (fictional)", since=since, until=until
    )


def still(held: list[Credential], on: date = DAY, *, groups: bool = False) -> dict[str, str]:
    return {one.gate.id: one.why for one in passage(PROGRAM, held, on, groups=groups).open}


def test_they_come_in_this_order() -> None:
    assert [one.id for one in gates()] == list(ALL)


def test_whoever_has_nothing_misses_all_but_what_groups_need() -> None:
    assert list(still([])) == list(ALL)[:-1]
    assert list(still([], groups=True)) == list(ALL)


@pytest.mark.parametrize("lacking", list(ALL))
def test_each_gate_is_needed(lacking: str) -> None:
    held = [credential(what) for gate, what in ALL.items() if gate != lacking]
    after = {"review": {"session": "order"}, "session": {"application": "order"}}.get(lacking, {})
    assert still(held, groups=True) == {lacking: "missing", **after}


def test_what_ran_out_lapsed_and_the_last_day_counts() -> None:
    held = [credential(what) for what in list(ALL.values())[:3]]
    held.append(credential("diabetes-application", until=DAY + timedelta(days=3)))
    assert passage(PROGRAM, held, DAY).until == DAY + timedelta(days=3)
    assert still(held, DAY + timedelta(days=3)) == {}
    assert still(held, DAY + timedelta(days=4)) == {"application": "lapsed"}


def test_what_was_taken_back_or_rests_is_no_passage() -> None:
    held = [credential(what) for what in list(ALL.values())[:4]]
    assert still([*held[:3], held[3].suspend()]) == {"application": "lapsed"}
    assert still([*held[:3], held[3].withdraw()]) == {"application": "lapsed"}


def test_the_quiz_comes_before_the_session() -> None:
    early = DAY - timedelta(days=1)
    held = [
        credential("core-essentials"),
        credential("diabetes-review"),
        credential("diabetes-session", early),
    ]
    assert still(held) == {"session": "order", "application": "missing"}


def test_a_review_that_was_renewed_keeps_its_first_day() -> None:
    first = credential("diabetes-review", DAY - timedelta(days=400), DAY - timedelta(days=35))
    held = [first, credential("diabetes-review"), credential("diabetes-session", DAY - timedelta(days=300))]
    assert "session" not in still(held)


@given(st.permutations(list(ALL.values())), st.integers(0, 5))
def test_more_credentials_never_open_a_gate_and_their_order_counts_for_nothing(
    whats: list[str], number: int
) -> None:
    held = [credential(what) for what in whats]
    fewer = {gate for gate, why in still(held[:number], groups=True).items() if why == "missing"}
    assert set(still(held, groups=True)) <= fewer
    assert still(held[::-1], groups=True) == still(held, groups=True)


def test_its_course_is_a_rule_with_what_no_source_says() -> None:
    from importlib.resources import files

    text = (files("peerkit_diabetes") / "courses" / "becoming-diabetes-informed.toml").read_text(
        encoding="utf-8"
    )
    rule = training.parse(text)
    assert rule.our_reading
    assert [one.id for one in rule.outcomes] == ["begun", "reviewed", "attended", "completed"]
