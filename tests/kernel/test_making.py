# SPDX-License-Identifier: Apache-2.0
"""`peerkit.testing.make` and the strategies keep their word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import peerkit
from peerkit import Conflict, Consent, Decision, Disclosure, GoalPlan, Malformed, Person, Referral, Task
from peerkit.model.base import Record
from peerkit.testing import make, strategies


def test_every_kind_is_made_through_each_of_its_creation_acts(kind: type[Any]) -> None:
    with peerkit.open("memory:", discover=False) as kit:
        for row in kind.table.values():
            if row.creates:
                made = make(kind, through=row.act)
                assert [act.name for act in made.trail.acts] == [row.act]
                assert (made.version, made.at) == (0, None)
                kit.codec.encode(made)


def test_what_is_made_can_be_saved(world: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        s.save(make(Person, name="Ana Example (fictional)"))
        s.save(make(Task, owner=world.coordinator))
        s.save(make(peerkit.Service))
        s.save(make(peerkit.Organization))
    assert len(s.receipt.records) > 4


def test_what_is_read_looks_read(world: Any) -> None:
    for read in (make(Referral, state="sent"), make(Referral, version=3)):
        assert read.version in {1, 3}
        assert read.at is not None
        assert read.trail.acts == ()
    with pytest.raises(Conflict):
        world.save(make(Task, version=2, owner=world.coordinator.id).done())


def test_arguments_fields_and_decisions_are_taken_and_strange_names_are_not() -> None:
    assert make(GoalPlan, hopes="a garden").hopes == "a garden"
    assert make(Consent, through="refuse").state == "refused"
    assert make(Task, by=Decision.of("maya", how="spoken")).trail.acts[0].decision.by == "maya"
    assert make(Disclosure, by="maya").by == "maya"  # a field of that kind
    for wrong in ({"nosuch": 1}, {"through": "nosuch"}, {"through": "withdraw"}):
        with pytest.raises(Malformed):
            make(Consent, **wrong)
    with pytest.raises(Malformed):
        make(Record)


@given(st.data())
@settings(max_examples=50)
def test_somebody_elses_hand_reads_as_the_same_value(data: st.DataObject) -> None:
    value = data.draw(strategies.jsons())
    assert json.loads(data.draw(strategies.written(value))) == value


def test_texts_reach_the_length_they_promise() -> None:
    seen = set()

    @given(strategies.texts(longest=100_000))
    def look(words: str) -> None:
        words.encode()
        seen.add(len(words))

    look()
    assert max(seen) == 100_000
    assert min(seen) == 0


@given(strategies.not_texts())
def test_what_is_no_text_is_none(words: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        words.encode()
