# SPDX-License-Identifier: Apache-2.0
"""What a take-out takes, what states and times alone are worth, and a consent that cannot be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from peerkit import (
    Actor,
    Consent,
    Disclosure,
    GoalPlan,
    Leave,
    Person,
    Recipient,
    Relationship,
    Route,
    Service,
    Task,
)
from peerkit.kit.steps import stage
from peerkit.ports import Batch

CANARY = "canary-in-own-words"


def out(kit: Any, kind: Any, to: Any, actor: Any, **details: Any) -> tuple[list[Any], int]:
    """What left, and how much was withheld."""
    given = {"purpose": "export", **details}
    pages = list(kit.disclose(kind, to=to, actor=actor, **given))
    return [one for page in pages for one in page.documents], sum(page.withheld for page in pages)


@pytest.fixture
def pair(world: Any) -> Any:
    world.match(world.maya, world.supporter("kai"))
    plan = GoalPlan.begin(person=world.maya, hopes=CANARY)
    world.save(plan, actor=world.maya)
    return world


def test_a_take_out_takes_what_is_about_oneself_and_nothing_of_others(pair: Any) -> None:
    robin = pair.coordinator
    left, withheld = out(pair.kit, Person, robin.id, robin)
    assert [one["id"] for one in left] == [robin.id]
    assert withheld == 2
    assert out(pair.kit, GoalPlan, pair.kai.id, pair.kai) == ([], 1)
    assert out(pair.kit, Relationship, pair.kai.id, pair.kai) == ([], 1)
    (mine,), withheld = out(pair.kit, Relationship, pair.maya.id, pair.maya)
    assert (mine["person"], withheld) == (pair.maya.id, 0)
    assert CANARY in repr(out(pair.kit, GoalPlan, pair.maya.id, pair.maya))
    with pair.kit.session(actor=pair.maya) as s:
        assert {one.by for one in s.find(Disclosure)} == {pair.maya.id}


def test_no_part_of_a_program_takes_anything_out_for_itself(pair: Any) -> None:
    bot = Actor.system("nightly")
    for kind in (Person, GoalPlan, Relationship, Route):
        assert out(pair.kit, kind, bot.person, bot)[0] == []


def test_states_and_times_about_a_person_are_no_reason_to_leave(pair: Any, watch: Any) -> None:
    clinic = pair.save(Recipient.add(name="Clinic (fictional)"))
    pair.supporter("lee")
    starts, ends = watch.at, watch.at + timedelta(days=2)
    pair.save(Leave.plan(person=pair.kai, cover=pair.lee, starts=starts, ends=ends), actor=pair.kai)
    for kind in (Route, Leave, Task):
        left, withheld = out(pair.kit, kind, clinic.id, pair.coordinator, purpose="care")
        assert (left, withheld > 0) == ([], True)


def test_consent_to_a_class_that_a_record_does_not_hold_opens_nothing_of_it(pair: Any) -> None:
    clinic = pair.save(Recipient.add(name="Clinic (fictional)"))
    health = Consent.give(person=pair.maya, recipient=clinic, classes=("health",), purpose="care")
    pair.save(health, actor=pair.maya)
    assert out(pair.kit, GoalPlan, clinic.id, pair.maya, purpose="care") == ([], 1)
    assert out(pair.kit, Route, clinic.id, pair.maya, purpose="care") == ([], 1)
    states = Consent.give(person=pair.maya, recipient=clinic, classes=("operational",), purpose="care")
    pair.save(states, actor=pair.maya)
    (plan,), withheld = out(pair.kit, GoalPlan, clinic.id, pair.maya, purpose="care")
    assert (plan["person"], withheld) == (pair.maya.id, 0)
    assert CANARY not in repr(plan)


def test_what_is_about_nobody_leaves_freely(pair: Any) -> None:
    clinic = pair.save(Recipient.add(name="Clinic (fictional)"))
    pair.save(Service.list(entry={"name": "Food bank (fictional)"}))
    left, withheld = out(pair.kit, Service, clinic.id, pair.coordinator, purpose="care")
    assert ([one["name"] for one in left], withheld) == (["Food bank (fictional)"], 0)


def test_what_was_erased_does_not_leave_as_a_shadow(pair: Any) -> None:
    with pair.kit.session(actor=pair.maya) as s:
        (plan,) = s.find(GoalPlan)
    pair.kit.erase(plan, basis="wish", asked_by=pair.maya, decided_by=pair.coordinator)
    assert out(pair.kit, GoalPlan, pair.maya.id, pair.maya) == ([], 0)


def test_a_consent_of_a_newer_peerkit_closes_since_it_may_say_no(pair: Any) -> None:
    clinic = pair.save(Recipient.add(name="Clinic (fictional)"))
    given = {"person": pair.maya, "recipient": clinic, "classes": ("own",), "purpose": "care"}
    pair.save(Consent.give(**given), actor=pair.maya)
    assert len(out(pair.kit, GoalPlan, clinic.id, pair.maya, purpose="care")[0]) == 1
    newer = stage(Consent.refuse(**given), Actor(pair.maya.id), pair.kit.codec).change
    newer = attrs.evolve(newer, doc_version=Consent.doc_version + 1)
    pair.kit.storage.commit(Batch((newer,), pair.kit.clock.now()))
    assert out(pair.kit, GoalPlan, clinic.id, pair.maya, purpose="care") == ([], 1)
