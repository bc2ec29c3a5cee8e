# SPDX-License-Identifier: Apache-2.0
"""Only acts change records: what carries no act, or somebody else's, is not saved."""

from __future__ import annotations

import copy
import pickle
from typing import Any, Self

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peerkit
from peerkit import (
    Conflict,
    Decision,
    GoalPlan,
    Leave,
    Malformed,
    Program,
    Refusal,
    Refused,
    Relationship,
    Service,
    Task,
    hookimpl,
)
from peerkit.model.acts import act, replay
from peerkit.model.base import Operational, Own, Record, record
from peerkit.testing import make, strategies


def refused(save: Any, value: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        save(value)
    return caught.value.codes


# -- values that no act explains -------------------------------------------------------------------


def test_what_no_act_explains_is_refused(world: Any) -> None:
    stored = world.save(GoalPlan.begin(person=world.maya, hopes="a garden"), actor=world.maya)
    with world.kit.session(actor=world.maya) as s:
        read = s.get(GoalPlan, stored.id)
        by_hand = GoalPlan(person=world.maya.id)
        strange = [
            read,  # unchanged
            stored,
            attrs.evolve(read, hopes="x"),
            attrs.evolve(read.add_goal("y"), hopes="x"),
            attrs.evolve(read, hopes="x").add_goal("y"),
            attrs.evolve(GoalPlan.begin(person=world.maya), person=world.maya.id),
            by_hand,
            by_hand.add_goal("y"),
            GoalPlan(id=read.id, person=world.maya.id).add_goal("y"),
        ]
        for value in strange:
            assert refused(s.save, value) == ("unexplained",)
        assert s.count(GoalPlan) == 1
    assert s.receipt.records == ()
    assert world.get(stored).hopes == "a garden"


@pytest.mark.parametrize(
    "wrong", [None, "text", {"kind": "task"}, 5, Task, object()], ids=lambda one: repr(one)[:9]
)
def test_only_records_are_saved(world: Any, wrong: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s, pytest.raises(Malformed):
        s.save(wrong)


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_copy_is_the_same_value_and_is_saved_once(world: Any, again: Any) -> None:
    stored = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    with world.kit.session(actor=world.maya) as s:
        original = s.get(GoalPlan, stored.id).add_goal("Walk to the library")
        twin = again(original)
        assert twin == original
        saved = s.save(twin)
        with pytest.raises(Conflict):
            s.save(original)
    assert world.get(saved).goals == original.goals
    assert world.get(saved).version == 2


def test_one_creation_is_saved_once(world: Any) -> None:
    plan = GoalPlan.begin(person=world.maya)
    with world.kit.session(actor=world.maya) as s:
        s.save(plan)
        with pytest.raises(Conflict):
            s.save(plan)
    with pytest.raises(Conflict):
        world.save(plan, actor=world.maya)
    assert len(world.every(GoalPlan)) == 1


def test_an_act_on_an_older_version_is_a_conflict_and_writes_nothing(world: Any) -> None:
    first = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    second = world.save(first.add_goal("a"), actor=world.maya)
    position = world.kit.storage.position()
    with pytest.raises(Conflict) as caught, world.kit.session(actor=world.maya) as s:
        s.save(first.reword(hopes="too late"))
        s.save(GoalPlan.begin(person=world.maya))
    assert not caught.value.guard
    assert world.kit.storage.position() == position
    assert world.get(first).goals == second.goals


def test_a_version_that_was_never_stored_is_a_conflict(world: Any) -> None:
    phantom = None
    with pytest.raises(ZeroDivisionError), world.kit.session(actor=world.maya) as s:
        phantom = s.save(GoalPlan.begin(person=world.maya))
        1 / 0  # noqa: B018  # the host fails
    with pytest.raises(Conflict):
        world.save(phantom.add_goal("a"), actor=world.maya)


def test_each_act_is_judged_on_what_is_stored_not_on_what_the_one_before_made_of_it(world: Any) -> None:
    """Otherwise the first act could give its actor the right to the second."""
    due = world.save(Task.give(owner=world.coordinator, what="call", person=world.maya))
    with world.kit.session(actor=world.maya) as s:
        grabbed = s.get(Task, due.id).hand_to(world.maya).done()
        assert refused(s.save, grabbed) == ("no-right", "no-right")


def test_several_acts_on_one_value_are_one_version_and_all_stand_in_the_feed(world: Any) -> None:
    with world.kit.session(actor=world.maya) as s:
        s.save(GoalPlan.begin(person=world.maya).add_goal("a").suggest("b").reword(hopes="c"))
    [envelope] = [e for e in world.kit.changes(limit=1000).envelopes if e.kind == "goal_plan"]
    assert [line.name for line in envelope.acts] == ["begin", "add_goal", "suggest", "reword"]
    assert {line.decided_by for line in envelope.acts} == {world.maya.id}


# -- acts are pure and whole -----------------------------------------------------------------------


def test_an_act_leaves_the_value_it_was_called_on(world: Any) -> None:
    plan = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    before = attrs.asdict(plan, recurse=False)
    plan.add_goal("a")
    assert attrs.asdict(plan, recurse=False) == before
    assert plan.trail.acts == ()


def test_an_act_that_changes_nothing_still_leaves_its_owner(world: Any) -> None:
    """A plugin's act may give back what it was called on: the owner must not carry the act then."""

    @record(
        "bell",
        """
        of  from  act   to  who     strength
        -   -     hang  =   anyone  none
        -   *     ring  =   anyone  none
        """,
    )
    class Bell(Record):
        name: Operational[str] = ""

        @classmethod
        @act
        def hang(cls, *, by: Decision | None = None) -> Self:
            return cls()

        @act
        def ring(self, *, by: Decision | None = None) -> Self:
            return self

    bell = make(Bell, version=1)
    rung = bell.ring()
    assert bell.trail.acts == ()
    assert [one.name for one in rung.trail.acts] == ["ring"]
    assert [one.name for one in rung.ring().trail.acts] == ["ring", "ring"]


@given(st.data())
def test_an_act_made_again_gives_the_same_value(data: st.DataObject) -> None:
    """Fresh ids are recorded with the act, so nothing in it is chance."""
    words = data.draw(strategies.texts().filter(str.strip))
    plan = make(GoalPlan, version=1).add_goal("first")
    changed = plan.add_goal(words, why=words).suggest(words).add_step(plan.goals[0].id, words)
    start = attrs.evolve(plan)
    object.__setattr__(start, "trail", plan.trail)
    assert replay(changed.trail.acts[1:], start) == changed


def test_an_id_cannot_be_given_to_another_record(world: Any) -> None:
    listed = world.save(Service.list(entry={"name": "a"}))
    other = world.save(Service.list(entry={"name": "b"}))
    for entry in ({"id": other.id}, {"id": other.id, "name": "c"}):
        with pytest.raises(Malformed):
            listed.revise(entry=entry)
    program = world.every(Program)[0]
    with pytest.raises(Malformed):
        program.update(settings={"id": other.id})


# -- what is refused leaves a row, and no more -----------------------------------------------------

SECRET = "canary-zq"


def test_a_refusal_is_written_without_content_whatever_becomes_of_the_session(world: Any) -> None:
    plan = world.save(GoalPlan.begin(person=world.maya).suggest(SECRET), actor=world.maya)
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    with pytest.raises(Refused), world.kit.session(actor=kai) as s:
        s.save(s.get(GoalPlan, plan.id).adopt(plan.goals[0].id))
    [row] = world.every(Refusal)
    assert (row.who, row.codes, row.acts) == (kai.id, ("not-theirs",), ("goal_plan.adopt",))
    assert (row.kinds, row.records) == (("goal_plan",), (plan.id,))
    body = next(
        world.kit.storage.get("refusal", e.id)
        for e in world.kit.changes(limit=1000).envelopes
        if e.kind == "refusal"
    )
    assert SECRET.encode() not in body.body + body.args


def test_all_objections_come_at_once(world: Any) -> None:
    """Of one record at its line, of the whole commit at its end."""
    kai = world.supporter("kai")
    plan = GoalPlan.begin(person=world.maya).add_goal("x")
    with world.kit.session(actor=kai) as s:
        assert refused(s.save, plan) == ("not-theirs", "not-theirs")
    with pytest.raises(Refused) as caught, world.kit.session(actor=world.coordinator) as s:
        for supporter in (world.noor, world.theo):
            spoken = Decision.of(world.maya, how="spoken")
            s.save(s.save(Relationship.enquire(person=world.maya, by=spoken)).propose(supporter))
        week = {"starts": world.watch.at, "ends": world.watch.forward(days=7)}
        s.save(
            Leave.plan(
                person=kai,
                cover="0192f3a0-0000-7000-8000-000000000000",
                **week,
                by=Decision.of(kai, how="spoken"),
            )
        )
    assert sorted(caught.value.codes) == ["no-supporter", "no-supporter", "unknown-person"]
    assert {one.kind for one in caught.value.objections} == {"relationship", "leave"}
    assert not world.every(Relationship)
    assert world.every(Refusal)[-1].codes


def test_a_class_of_ones_own_under_a_known_name_is_not_saved(world: Any) -> None:
    @record(
        "goal_plan",
        """
        of  from  act    to  who     strength
        -   -     begin  =   anyone  none
        """,
        subjects="person",
    )
    class Forged(Record):
        person: Operational[str]
        hopes: Own[str] = ""

        @classmethod
        @act
        def begin(cls, *, person: str, by: Decision | None = None) -> Self:
            return cls(person=person, hopes="not hers")

    with world.kit.session(actor=world.maya) as s, pytest.raises(Malformed):
        s.save(Forged.begin(person=world.maya.id))


def test_a_responder_cannot_bring_such_a_class_either(url: str, watch: Any) -> None:
    @record(
        "task",
        """
        of  from  act   to  who     strength
        -   -     give  =   anyone  none
        """,
        subjects="owner",
    )
    class Forged(Record):
        """With every field of a task, so that its documents would pass for a task's."""

        owner: Operational[str]
        what: Operational[str] = "forged"
        due: Operational[None] = None
        about: Operational[str] = ""
        person: Operational[str] = ""
        note: Own[str] = ""
        state: Operational[str] = "open"

        @classmethod
        @act
        def give(cls, *, owner: str, by: Decision | None = None) -> Self:
            return cls(owner=owner)

    class Plugin:
        __name__ = "forger"

        @hookimpl
        def peerkit_supply(self) -> Any:
            return [peerkit.hooks.Access(reads={"task"}, writes={"task"})]

        @hookimpl
        def peerkit_respond(self, proposal: Any) -> Any:
            return [Forged.give(owner=one.owner) for one, _ in proposal.of(Task) if one.what == "call"]

    with peerkit.open("memory:", plugins=[Plugin()], discover=False, clock=watch) as kit:
        with kit.session() as s:
            s.save(Task.give(owner=s.actor.person, what="call"))
        with kit.session() as s:
            assert sorted(one.what for one in s.find(Task)) == ["call", "plugin-failed"]
