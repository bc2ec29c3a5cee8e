# SPDX-License-Identifier: Apache-2.0
"""Reads that are written down before they are given, and those that are not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import peerkit
from peerkit import (
    Actor,
    Alert,
    Appointment,
    GoalPlan,
    Malformed,
    Meeting,
    PeerSupporter,
    Person,
    Program,
    Read,
    Service,
)

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_a_read_of_somebodys_words_is_written_before_it_is_given(world: Any) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    plan = world.save(GoalPlan.begin(person=world.maya, hopes="canary"), actor=world.maya)
    with pytest.raises(ZeroDivisionError), world.kit.session(actor=kai) as s:
        assert s.get(GoalPlan, plan.id).version / 0
    [read] = world.every(Read, of="goal_plan")
    assert (read.reader, read.person, read.records) == (kai.id, (world.maya.id,), (plan.id,))
    with world.kit.session(actor=kai) as s:
        s.find(GoalPlan)
        s.history(GoalPlan, plan.id)
        s.count(GoalPlan)  # a number is nobody's words
    assert len(world.every(Read, of="goal_plan")) == 3
    with world.kit.session(actor=world.maya) as s:
        assert len(s.find(Read, of="goal_plan")) == 3  # she sees who read it
        s.get(GoalPlan, plan.id)
    assert len(world.every(Read, of="goal_plan")) == 3  # and leaves no trace with her own


def test_what_is_not_sensitive_is_not_logged(world: Any) -> None:
    with world.kit.session(actor=world.maya) as s:
        s.find(Service)
        s.find(Program)
        s.find(Appointment)
    assert not world.every(Read, reader=world.maya.id)


def test_a_log_that_fails_refuses_the_read(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    plan = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    real = world.kit.storage.commit

    def full(batch: Any, **details: Any) -> Any:
        if any(change.kind == "read" for change in batch.changes):
            raise peerkit.StorageError("the disk is full")
        return real(batch, **details)

    monkeypatch.setattr(world.kit.storage, "commit", full)
    with world.kit.session(actor=kai) as s:
        for ask in (
            lambda: s.get(GoalPlan, plan.id),
            lambda: s.find(GoalPlan),
            lambda: s.history(GoalPlan, plan),
        ):
            with pytest.raises(peerkit.StorageError):
                ask()
        assert s.count(GoalPlan) == 1
    with world.kit.session(actor=world.maya) as s:
        assert s.get(GoalPlan, plan.id).id == plan.id  # one's own record needs no log


def test_search_is_for_public_kinds(world: Any) -> None:
    world.save(Service.list(entry={"name": "Example food bank", "needs": ("food",)}))
    with world.kit.session(actor=world.maya) as s:
        assert [one.name for one in s.search(Service, "fod bank")] == ["Example food bank"]
        for kind in (GoalPlan, Person, Meeting, PeerSupporter, Alert):
            with pytest.raises(Malformed):
                s.search(kind, "x")


def test_a_hosts_own_system_actor_reads_everything_and_is_logged_by_its_name(world: Any) -> None:
    """A report that a program runs at night reads somebody's words as surely as a human does."""
    plan = world.save(GoalPlan.begin(person=world.maya, hopes="Sleep"), actor=world.maya)
    with world.kit.session(actor=Actor.system("report-job")) as s:
        assert len(s.find(GoalPlan)) == 1
        s.history(GoalPlan, plan)
    with world.kit.session(actor=world.maya) as s:
        told = [(one.reader, one.of, one.records) for one in s.find(Read)]
    assert told == [("system:report-job", "goal_plan", (plan.id,))] * 2
