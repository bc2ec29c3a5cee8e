# SPDX-License-Identifier: Apache-2.0
"""A document's bytes are its own: kept as they came until an act changes it, and then nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import peerkit
from peerkit import Actor, GoalPlan, Person, Service
from peerkit.kinds import core_kind
from peerkit.kit.steps import stage
from peerkit.ports import Batch
from peerkit.testing import make, strategies

SYSTEM = Actor.system("somebody-else")


def put(kit: peerkit.Kit, record: Any, body: bytes) -> None:
    """Store a document as another peerkit would have written it."""
    change = attrs.evolve(stage(record, SYSTEM, kit.codec).change, body=body)
    kit.storage.commit(Batch((change,), kit.clock.now()))


def body(kit: peerkit.Kit, record: Any) -> bytes:
    stored = kit.storage.get(record.kind, record.id)
    assert stored is not None
    assert stored.body is not None
    return stored.body


ODD = (
    b'{ "state":"active", "hopes" : "\\u0061 garden",\t"hopes":"a garden \\ud83c\\udf31",\n'
    b'"person":"%s","goals":[{"words":"w","id":"g","state":"suggested","later":{"x":[1e2,12345678901234567890123]}}],'
    b'"strengths":[],"zz":null,"1":{"deep":{"er":[true,-0.0,1E-7]}} }'
)


def test_bytes_are_kept_to_the_letter_until_an_act(world: Any) -> None:
    odd = ODD % world.maya.id.encode()
    plan = GoalPlan.begin(person=world.maya)
    put(world.kit, plan, odd)
    with world.kit.session(actor=world.maya) as s:
        read = s.get(GoalPlan, plan.id)
        assert (read.hopes, read.goals[0].state) == ("a garden 🌱", "suggested")
        s.find(GoalPlan)
    assert body(world.kit, plan) == odd
    with world.kit.session(actor=world.maya) as s:
        s.save(s.get(GoalPlan, plan.id).adopt("g").add_goal("mine"))
    after = json.loads(body(world.kit, plan))
    assert after["goals"][0]["later"] == {"x": [1e2, 12345678901234567890123]}
    assert after["goals"][0]["state"] == "adopted"
    assert (after["zz"], after["1"]) == (None, {"deep": {"er": [True, -0.0, 1e-7]}})
    first, second = world.kit.storage.history("goal_plan", plan.id)
    assert first.body == odd
    assert second.body == body(world.kit, plan)
    assert world.kit.verify().intact


@settings(max_examples=15)
@given(data=st.data())
@pytest.mark.parametrize("name", ["goal_plan", "service", "person", "program", "meeting"])
def test_unknown_fields_at_every_depth_survive_an_act(name: str, data: st.DataObject) -> None:
    kind = core_kind(name)
    acts: dict[str, Any] = {
        "goal_plan": lambda one: one.add_goal("x"),
        "service": lambda one: one.revise(entry={"fees": "none"}),
        "person": lambda one: one.mark_died(),
        "program": lambda one: one.update(settings={"today_by": "16:00"}),
        "meeting": lambda one: one.cancel(),
    }
    fixed = {"service": "listed", "person": "here", "meeting": "planned"}
    state = {"state": st.just(fixed[name])} if name in fixed else {}
    document = data.draw(strategies.documents(kind, **state))
    with peerkit.open("memory:", discover=False) as kit:
        before = make(kind)
        put(kit, before, document)
        assert body(kit, before) == document
        read = kit.codec.decode(kit.storage.get(name, before.id))
        changed = acts[name](read)
        assert kit.codec.document(read) == json.loads(json.dumps(kit.codec.document(read)))
        after = json.loads(stage(changed, SYSTEM, kit.codec).change.body)
        old = json.loads(document)
        assert list(lost(old, after)) == []


def lost(old: Any, new: Any, path: str = "$") -> Any:
    """Every field of the old document that the new one has no more."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key not in new:
                yield f"{path}.{key}"
            else:
                yield from lost(value, new[key], f"{path}.{key}")
    elif isinstance(old, list) and isinstance(new, list):
        for number, (one, other) in enumerate(zip(old, new, strict=False)):
            yield from lost(one, other, f"{path}[{number}]")


def test_dumping_and_loading_history_keeps_bytes_positions_and_proof(world: Any) -> None:
    plan = GoalPlan.begin(person=world.maya)
    put(world.kit, plan, ODD % world.maya.id.encode())
    rows = world.kit.storage.dump(0, 1000)
    from peerkit.storage.memory import MemoryStorage

    copy = MemoryStorage()
    assert copy.load(rows) == len(rows)
    head = world.kit.verify().head
    assert copy.verify(head).intact
    assert copy.get("goal_plan", plan.id).body == ODD % world.maya.id.encode()


@pytest.mark.parametrize("words", strategies.SAMPLES, ids=range(len(strategies.SAMPLES)))
def test_what_people_write_comes_back_letter_by_letter(world: Any, words: str) -> None:
    entry = Service.list(
        entry={"name": f"{words}x", "description": words, "needs": (words,), "hours": (words, "")}
    )
    world.save(entry)
    plan = world.save(
        GoalPlan.begin(person=world.maya, hopes=words, strengths=(words, words)), actor=world.maya
    )
    person = world.save(Person.enrol(name=f"{words}x", pronouns=words))
    assert world.get(entry).description == words
    assert world.get(entry).hours == (words, "")
    assert (world.get(plan).hopes, world.get(plan).strengths) == (words, (words, words))
    assert world.get(person).name == f"{words}x"
    if words:
        with world.kit.session(actor=world.coordinator) as s:
            assert [one.id for one in s.find(Service, needs=words)] == [entry.id]
            assert [one.id for one in s.find(Service, name=f"{words}x")] == [entry.id]


def test_a_long_letter_is_stored_whole(world: Any) -> None:
    words = "Ünïcödé 🌱 " * 10_000
    plan = world.save(GoalPlan.begin(person=world.maya, hopes=words), actor=world.maya)
    assert world.get(plan).hopes == words
