# SPDX-License-Identifier: Apache-2.0
"""One session, one commit: all of it or nothing, once, for whoever acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

import peerkit
from peerkit import (
    Actor,
    Alert,
    Concern,
    Conflict,
    Disclosure,
    GoalPlan,
    Malformed,
    NotFound,
    Person,
    Read,
    Redaction,
    Refusal,
    Refused,
    Relationship,
    RiskScreen,
    Route,
    StorageError,
    Task,
)
from peerkit.testing import make

NOBODY = "0192f3a0-0000-7000-8000-000000000000"


def task(owner: Any, what: str = "call", **details: Any) -> Task:
    return Task.give(owner=owner, what=what, **details)


# -- all or nothing --------------------------------------------------------------------------------


def test_nothing_is_written_when_the_block_raises(world: Any) -> None:
    position, marks = world.kit.storage.position(), dict(world.kit.storage.marks())
    with pytest.raises(ZeroDivisionError), world.kit.session(actor=world.coordinator) as s:
        s.save(task(world.coordinator))
        s.save(Person.enrol(name="Nobody Example"))
        1 / 0  # noqa: B018  # the host fails
    assert s.receipt is None
    assert (world.kit.storage.position(), dict(world.kit.storage.marks())) == (position, marks)


def test_nothing_is_written_when_the_commit_is_refused_but_its_refusal(world: Any) -> None:
    position = world.kit.storage.position()
    with pytest.raises(Refused), world.kit.session(actor=world.coordinator) as s:
        s.save(task(world.coordinator))
        enquiry = s.save(Relationship.enquire(person=world.coordinator))
        s.save(enquiry.propose(NOBODY))
    assert s.receipt is None
    assert not world.every(Task, what="call")
    assert world.kit.storage.position() == position + 1
    [refusal] = world.every(Refusal)
    assert refusal.kinds == ("task", "relationship")
    assert refusal.acts == ("task.give", "relationship.enquire", "relationship.propose")


def test_a_refusal_that_is_caught_leaves_the_rest_of_the_session(world: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        kept = s.save(task(world.coordinator))
        with pytest.raises(Refused):
            s.save(GoalPlan.begin(person=world.maya))
    assert world.get(kept).what == "call"
    assert not world.every(GoalPlan)


def test_a_commit_is_one_place_in_the_feed(world: Any) -> None:
    before = world.kit.storage.position()
    with world.kit.session(actor=world.coordinator) as s:
        first = s.save(task(world.coordinator))
        s.save(first.done())
        second = s.save(task(world.coordinator, "write"))
    receipt = s.receipt
    assert (receipt.first, receipt.last) == (before + 1, before + 3)
    assert receipt.records == (("task", first.id, 1), ("task", first.id, 2), ("task", second.id, 1))
    assert receipt.at == world.watch.at
    assert receipt.head == world.kit.verify().head
    assert world.kit.verify(receipt.head).anchored
    envelopes = world.kit.changes(limit=1000).envelopes[before:]
    assert [(e.id, e.version, e.at) for e in envelopes] == [
        (record, version, receipt.at) for _, record, version in receipt.records
    ]
    assert world.get(first).state == "done"


def test_a_session_without_writes_leaves_the_feed_alone(world: Any) -> None:
    before = world.kit.storage.position()
    with world.kit.session(actor=world.coordinator) as s:
        s.count(Task)
    assert s.receipt.records == ()
    assert (s.receipt.first, s.receipt.last) == (before, before)
    assert world.kit.storage.position() == before


def test_a_commit_holds_a_thousand_records(world: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        for number in range(1000):
            s.save(task(world.coordinator, f"w{number}"))
    assert len(s.receipt.records) == 1000
    with pytest.raises(Refused) as caught, world.kit.session(actor=world.coordinator) as s:
        for number in range(1001):
            s.save(task(world.coordinator, f"v{number}"))
    assert caught.value.codes == ("too-big",)
    with world.kit.session(actor=world.coordinator) as s:
        assert s.count(Task) == 1000


def test_what_is_due_is_not_hidden_behind_what_has_no_time(world: Any) -> None:
    for number in range(3):
        world.save(Task.give(owner=world.coordinator, what=f"whenever-{number}"))
    late = world.kit.clock.now() - timedelta(days=1)
    world.save(Task.give(owner=world.coordinator, what="late", due=late))
    with world.kit.session(actor=world.coordinator) as s:
        assert [one.what for one in s.due(limit=2)] == ["late", "whenever-0"]
        assert [one.what for one in s.due()] == ["late", "whenever-0", "whenever-1", "whenever-2"]


# -- once, and inside its block --------------------------------------------------------------------


def test_a_session_is_used_once_and_inside_its_block(world: Any) -> None:
    s = world.kit.session(actor=world.coordinator)
    calls = (
        lambda: s.save(task(world.coordinator)),
        lambda: s.get(Task, "x"),
        lambda: s.find(Task),
        lambda: s.count(Task),
        lambda: s.search(peerkit.Service, "x"),
        lambda: s.history(Task, "x"),
        s.due,
        lambda: s.screening("asq", "x"),
        lambda: s.acknowledge("x"),
        lambda: s.respond("x", "called"),
    )
    for call in calls:
        with pytest.raises(Malformed):
            call()
    with s:
        s.save(task(world.coordinator))
    for call in calls:
        with pytest.raises(Malformed):
            call()
    with pytest.raises(Malformed), s:
        pass
    assert len(world.every(Task)) == 1


def test_a_session_that_failed_is_over_too(world: Any) -> None:
    s = world.kit.session(actor=world.coordinator)
    with pytest.raises(ZeroDivisionError), s:
        1 / 0  # noqa: B018
    with pytest.raises(Malformed):
        s.find(Task)


def test_sessions_nest_and_are_each_their_own_commit(world: Any) -> None:
    with world.kit.session(actor=world.coordinator) as outer:
        first = outer.save(task(world.coordinator, "outer"))
        with world.kit.session(actor=world.coordinator) as inner:
            second = inner.save(task(world.coordinator, "inner"))
        third = outer.save(task(world.coordinator, "outer-again"))
        with pytest.raises(NotFound):
            outer_sees_only_committed(world, first)
        assert outer.get(Task, second.id).what == "inner"
    assert [one.what for one in world.every(Task, order="id")] == ["outer", "inner", "outer-again"]
    assert first.id < second.id < third.id
    assert inner.receipt.last < outer.receipt.first


def outer_sees_only_committed(world: Any, record: Any) -> None:
    with world.kit.session(actor=world.coordinator) as other:
        other.get(Task, record.id)


def test_the_outer_session_may_fail_and_the_inner_one_stands(world: Any) -> None:
    with pytest.raises(ZeroDivisionError), world.kit.session(actor=world.coordinator) as outer:
        outer.save(task(world.coordinator, "outer"))
        with world.kit.session(actor=world.coordinator) as inner:
            inner.save(task(world.coordinator, "inner"))
        1 / 0  # noqa: B018
    assert [one.what for one in world.every(Task)] == ["inner"]


# -- who acts --------------------------------------------------------------------------------------


def test_a_session_needs_somebody_whom_the_program_knows(world: Any) -> None:
    with pytest.raises(Malformed):
        world.kit.session()
    for nobody in ("nobody", "019caf10-3180-7001-9120-7f93a1b1515a"):
        with pytest.raises(NotFound):
            world.kit.session(actor=nobody)
    for wrong in ("", 5, {}, object()):
        with pytest.raises(Malformed):
            world.kit.session(actor=wrong)


def test_an_id_from_outside_makes_no_system_actor(world: Any) -> None:
    for pretended in ("system:kit", "system:init", "system:"):
        with pytest.raises(Malformed):
            world.kit.session(actor=pretended)


def test_a_sandbox_has_a_coordinator_of_its_own() -> None:
    with peerkit.open("memory:", discover=False) as kit:
        with kit.session() as s:
            assert s.actor == Actor(kit.sandbox_coordinator, via="sandbox")
            assert "fictional" in s.get(Person, s.actor.person).name
        assert kit.program.sandbox


def test_a_person_is_an_actor_by_record_id_or_actor(world: Any) -> None:
    for maya in (world.maya, world.maya.id, Actor(world.maya.id, assurance="aal2")):
        with world.kit.session(actor=maya) as s:
            assert s.actor.person == world.maya.id
            s.save(GoalPlan.begin(person=world.maya))
    vias = [e.via for e in world.kit.changes(limit=1000).envelopes if e.kind == "goal_plan"]
    assert vias == ["host", "host", "host aal2"]


# -- what save does not take -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "lane", [RiskScreen, Concern, Alert, peerkit.Answer, peerkit.SafetyResponse], ids=str
)
def test_the_safety_lane_is_not_saved_but_called(world: Any, lane: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        with pytest.raises(Refused) as caught:
            s.save(make(lane))
        assert caught.value.codes == ("lane",)
        assert "s.screening" in str(caught.value)


@pytest.mark.parametrize("own", [Route, Read, Refusal, Redaction, Disclosure], ids=str)
def test_what_the_kit_writes_itself_nobody_saves(world: Any, own: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        with pytest.raises(Refused) as caught:
            s.save(make(own))
        assert caught.value.codes == ("kit-only",)


# -- decisions in the feed -------------------------------------------------------------------------


# -- time ------------------------------------------------------------------------------------------


def test_commit_time_never_runs_backwards(world: Any) -> None:
    first = world.save(task(world.coordinator))
    noon = world.watch.at
    world.watch.forward(hours=-3)
    second = world.save(task(world.coordinator))
    world.watch.forward(hours=6)
    third = world.save(task(world.coordinator))
    assert [world.get(one).at for one in (first, second, third)] == [noon, noon, world.watch.at]
    assert first.id < second.id < third.id


def test_the_callers_clock_is_nobodys(world: Any) -> None:
    """What a caller says about time goes nowhere but into fields that are theirs to say."""
    due = datetime(3000, 1, 1).astimezone()
    one = world.save(task(world.coordinator, due=due))
    assert world.get(one).due == due
    assert world.get(one).at == world.watch.at


# -- after the end ---------------------------------------------------------------------------------


def test_a_closed_kit_says_so(store: Any) -> None:
    kit = store.open()
    kit.close()
    kit.close()
    if not store.shelf:
        for call in (lambda: kit.session(actor="x"), kit.changes, kit.verify, lambda: kit.program):
            with pytest.raises(StorageError):
                call()


def test_two_saves_of_one_read_conflict_at_the_line(world: Any) -> None:
    stored = world.save(task(world.coordinator))
    with world.kit.session(actor=world.coordinator) as s:
        read = s.get(Task, stored.id)
        s.save(read.hand_to(world.maya))
        with pytest.raises(Conflict):
            s.save(read.done())
    assert (world.get(stored).owner, world.get(stored).state) == (world.maya.id, "open")
