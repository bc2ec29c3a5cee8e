# SPDX-License-Identifier: Apache-2.0
"""One human, enrolled twice."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import GoalPlan, Progress, Recipient

World = Any


@pytest.fixture
def house(world: World) -> World:
    """Maya was enrolled twice: once supported by Kai, once by Noor."""
    world.match(world.maya, world.supporter("kai"))
    world.match(world.again, world.supporter("noor"))
    world.save(Recipient.add(name="Clinic (fictional)", address="console:clinic"))
    for one in (world.maya, world.again):
        plan = world.save(GoalPlan.begin(person=one, hopes="Sleep").add_goal("Walk"), actor=one)
        world.save(Progress.note(plan=plan, goal=plan.goals[0].id, author=one, words="A little"), actor=one)
    return world
