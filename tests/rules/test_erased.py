# SPDX-License-Identifier: Apache-2.0
"""What was erased stands in nobody's way: rules and rights go on without its words."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Consent, GoalPlan, NotFound, PeerSupporter, Relationship, Task


def test_rules_go_on_after_an_erasure(world: Any) -> None:
    kai, pat = world.supporter("kai"), world.office("pat", "privacy")
    relation = world.match(world.maya, kai)
    plan = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    world.save(world.get(relation).end(), actor=world.maya)
    world.kit.erase(relation, plan, basis="wish", asked_by=world.maya, decided_by=pat)
    again = world.match(world.maya, kai)
    assert again.state == "agreed"
    [role] = world.every(PeerSupporter)
    world.save(role.step_down(), actor=kai)
    assert [one.state for one in world.every(Relationship)] == ["ended"]
    with world.kit.session(actor=world.maya) as s:
        assert list(s.find(GoalPlan)) == []
        assert [type(one).__name__ for one in s.history(GoalPlan, plan.id)] == ["Opaque"]
    assert not world.every(Task, what="plugin-failed")
    assert world.kit.verify().intact


def test_nobody_goes_on_acting_as_somebody_erased(world: Any) -> None:
    pat = world.office("pat", "privacy")
    with world.kit.session(actor=world.maya) as s:
        assert list(s.find(GoalPlan)) == []
    world.kit.erase(world.maya, basis="wish", asked_by=world.maya, decided_by=pat)
    with pytest.raises(NotFound, match="erased"):
        world.save(Consent.refuse(person=world.maya), actor=world.maya)
