# SPDX-License-Identifier: Apache-2.0
"""Decisions in the feed: who decided, how, how strongly, and before whom."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from peerkit import (
    Decision,
    GoalPlan,
    Malformed,
    Person,
    Refused,
    Relationship,
)


def test_the_envelope_says_who_decided_how_and_how_strongly_and_the_body_holds_the_words(world: Any) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    plan = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    ways = [
        ({"how": "spoken"}, "spoken", 1),
        ({"how": "spoken", "witness": world.noor}, "spoken", 2),
        ({"how": "device"}, "device", 2),
        ({"how": "paper", "evidence": "blue folder"}, "paper", 3),
    ]
    for way, _, _ in ways:
        plan = world.save(plan.add_goal("x", by=Decision.of(world.maya, **way)), actor=kai)
    plan = world.save(plan.add_goal("x"), actor=world.maya)
    feed = [e for e in world.kit.changes(limit=1000).envelopes if e.id == plan.id][1:]
    assert [(e.acts[0].how, e.acts[0].strength) for e in feed[:-1]] == [(how, much) for _, how, much in ways]
    assert {e.acts[0].decided_by for e in feed} == {world.maya.id}
    assert [e.actor for e in feed] == [kai.id] * 4 + [world.maya.id]
    assert (feed[-1].acts[0].how, feed[-1].acts[0].strength) == ("account", 4)
    assert "blue folder" not in repr(feed)
    args = b"".join(one.args for one in world.kit.storage.history("goal_plan", plan.id))
    assert b"blue folder" in args
    assert world.noor.id.encode() in args


@pytest.mark.parametrize(
    "wrong",
    [
        {"how": "telepathy"},
        {"how": None},
        {"how": "paper"},
        {"how": "paper", "evidence": " "},
        {"how": "paper", "evidence": 5},
        {"how": "spoken", "witness": ""},
        {"how": "spoken", "witness": 5},
        {"how": "spoken", "witness": "maya"},
        {"how": "spoken", "supported_by": {}},
    ],
    ids=repr,
)
def test_a_decision_that_is_none_is_malformed(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        Decision.of("maya", **wrong)
    with pytest.raises(Malformed):
        Decision(by="maya", **wrong)


def test_a_recorder_is_not_the_witness(world: Any) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    plan = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    with world.kit.session(actor=kai) as s:
        with pytest.raises(Refused) as caught:
            s.save(plan.add_goal("x", by=Decision.of(world.maya, how="spoken", witness=kai)))
        assert caught.value.codes == ("own-witness",)
        with pytest.raises(Refused) as caught:
            s.save(plan.add_goal("x", by=Decision.of(world.maya, how="spoken", witness=f"outside: {kai.id}")))
        assert caught.value.codes == ("own-witness",)
    with pytest.raises(Refused) as caught:
        world.save(plan.add_goal("x", by=Decision(how="spoken", witness=world.maya.id)), actor=world.maya)
    assert caught.value.codes == ("own-witness",)
    for witness in (world.maya.id, f"outside:{world.maya.id}", "outside:", "outside: - "):
        with pytest.raises(Malformed):
            Decision.of(world.maya, how="spoken", witness=witness)


@pytest.mark.parametrize("kind", ["text", "id", "other record", "system"])
def test_a_witness_is_somebody(world: Any, kind: str) -> None:
    """Any text used to lift a spoken word to a witnessed one."""
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    plan = world.save(GoalPlan.begin(person=world.maya).suggest("walk"), actor=world.maya)
    nobody = {
        "text": "CANARY the neighbour",
        "id": "01900000-0000-7000-8000-000000000000",
        "other record": plan.id,
        "system": "system:bot",
    }[kind]
    with world.kit.session(actor=kai) as s:
        with pytest.raises(Refused) as caught:
            s.save(plan.adopt(plan.goals[0].id, by=Decision.of(world.maya, how="spoken", witness=nobody)))
        assert caught.value.codes == ("unknown-witness",)
        assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("who", ["known", "new", "outside"])
def test_a_known_witness_and_an_outsider_count_alike(world: Any, who: str) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    plan = world.save(GoalPlan.begin(person=world.maya).suggest("walk"), actor=world.maya)
    with world.kit.session(actor=world.coordinator if who == "new" else kai) as s:
        witness = {"known": world.noor, "outside": "outside:her sister Ana"}.get(who)
        witness = witness or s.save(Person.enrol(name="Ana Example (fictional)"))
        by = Decision.of(world.maya, how="spoken", witness=witness)
        assert "Ana" not in repr(by)
        if who == "new":  # in the same session, before it is stored
            s.save(Relationship.enquire(person=world.zoe, by=attrs.evolve(by, by=world.zoe.id)))
        else:
            plan = s.save(plan.adopt(plan.goals[0].id, by=by))
    if who != "new":
        assert world.get(plan).goals[0].state == "adopted"
        feed = [e for e in world.kit.changes(limit=1000).envelopes if e.id == plan.id]
        assert feed[-1].acts[0].strength == 2
        assert "Ana" not in repr(feed)
