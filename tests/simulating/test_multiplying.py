# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import peerkit
from peerkit import Actor, GoalPlan, Person, Relationship
from peerkit.errors import Malformed, StorageError
from peerkit.model.program import Appointment
from peerkit.model.safety import Alert, Answer, RiskScreen
from peerkit.model.signing import Signature
from peerkit.ports import Condition, Query
from peerkit.safety.screen import alert_id
from peerkit.simulating import Simulated, multiply

RECORDS = 3_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Simulated]:
    url = f"sqlite:///{tmp_path_factory.mktemp('large') / 'large.db'}?synchronous=off"
    return url, multiply(url, records=RECORDS, people=10, years=1, seed=5)


@pytest.fixture
def large(made: tuple[str, Simulated]) -> Iterator[peerkit.Kit]:
    with peerkit.open(made[0], discover=False) as opened:
        yield opened


def heads(kit: peerkit.Kit, kind: str, *conditions: Condition) -> list[Any]:
    found, after = [], None
    while True:
        page = kit.storage.find(Query(kind, conditions, limit=1000, after=after))
        found += [kit.codec.decode(row) for row in page.rows if row.body is not None]
        if (after := page.after) is None:
            return found


def test_there_are_as_many_as_asked_for_and_the_chain_holds(
    made: tuple[str, Simulated], large: peerkit.Kit
) -> None:
    told = made[1]
    verdict = large.verify(told.head)
    assert (verdict.intact, verdict.anchored, told.intact) == (True, True, True)
    assert RECORDS <= told.records == sum(states[""] for states in told.counts.values())
    assert told.people >= 20
    assert verdict.erased > 0


def test_each_copy_has_people_of_its_own_and_the_program_is_there_once(large: peerkit.Kit) -> None:
    assert len(heads(large, "program")) == 1
    people = heads(large, "person")
    assert len({one.id for one in people}) == len(people)
    names = {one.name for one in people}
    assert len(names) > 0.8 * len(people)  # two records of one human, and chance, give a name twice
    offices = [one for one in heads(large, "appointment") if isinstance(one, Appointment)]
    assert len([one for one in offices if one.role == "coordinator"]) == 2


def test_nothing_points_into_another_copy(large: peerkit.Kit) -> None:
    known = {one.id for one in heads(large, "person")}
    erased = {one for held in heads(large, "redaction") for one in held.erased}
    for held in heads(large, "relationship"):
        assert isinstance(held, Relationship)
        assert {held.person, held.supporter} - {""} <= known | erased


def test_signatures_hold_on_what_was_signed_in_each_copy(large: peerkit.Kit) -> None:
    signatures = heads(large, "signature")
    assert len(signatures) > 8
    for one in signatures:
        assert isinstance(one, Signature)
        versions = large.storage.history(one.of, one.signed)
        signed = large.codec.read(versions[one.signed_version - 1])
        assert one.standing(signed) in {"holds", "erased"}


def test_screens_find_their_answers_and_alerts(large: peerkit.Kit) -> None:
    alerts = {one.screen: one for one in heads(large, "alert") if isinstance(one, Alert)}
    screens = [one for one in heads(large, "risk_screen") if isinstance(one, RiskScreen)]
    assert len(screens) > 20
    for one in screens:
        if one.id in alerts and "move" not in _acts(large, one):
            assert alerts[one.id].id == alert_id(one)
    answers = [one for one in heads(large, "answer") if isinstance(one, Answer)]
    assert {one.screen for one in answers} <= {one.id for one in screens}
    references = [one.reference for one in alerts.values()]
    assert len(set(references)) == len(references)


def _acts(kit: peerkit.Kit, screen: RiskScreen) -> set[str]:
    return {a.name for v in kit.storage.history("risk_screen", screen.id) for a in v.envelope.acts}


def test_a_copied_person_lives_on(large: peerkit.Kit) -> None:
    """What was copied is a program like any other: whoever is in it goes on through rights and checks."""
    [walking, *_] = [one for one in reversed(heads(large, "relationship")) if one.state == "agreed"]
    with large.session(Actor(walking.person)) as s:
        assert s.get(Person, walking.person).state == "here"
        s.save(GoalPlan.begin(person=walking.person, hopes="To go on"))
    assert s.receipt is not None
    assert large.verify().intact


def test_a_store_with_history_is_refused_before_anybody_lives(made: tuple[str, Simulated]) -> None:
    with pytest.raises(StorageError, match="an empty store"):
        multiply(made[0], records=RECORDS, people=10, years=1)


def test_fewer_records_than_the_cohort_has_are_malformed(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="records"):
        multiply(f"sqlite:///{tmp_path / 'few.db'}", records=20, people=10, years=1)
