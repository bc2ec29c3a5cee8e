# SPDX-License-Identifier: Apache-2.0
"""Breaking the glass where a wall stands, where nobody is in office, and where a record was joined."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import BreakGlass, GoalPlan, Person, Refusal, Refused, Task, Wall

World = Any


@pytest.fixture
def house(world: World) -> World:
    """Maya, whom Kai supports; Noor, who supports somebody else."""
    world.match(world.maya, world.supporter("kai"))
    world.match(world.theo, world.supporter("noor"))
    world.save(GoalPlan.begin(person=world.maya, hopes="canary"), actor=world.maya)
    return world


def broken(world: World, who: Any, whom: Any = None) -> Any:
    return world.kit.break_glass(whom or world.maya, reason="She does not answer", actor=who)


def owners(world: World) -> dict[str, str]:
    return {task.what: task.owner for task in world.every(Task) if "glass" in task.what}


@pytest.mark.parametrize("by", ["person", "human"])
def test_whom_a_wall_keeps_away_breaks_nothing_and_is_told_so(house: World, by: str) -> None:
    sides = (house.maya, house.noor) if by == "person" else (house.noor, house.maya)
    house.save(Wall.put_up(person=sides[0], human=sides[1], because="asked", note="canary"))
    with pytest.raises(Refused) as refused:
        broken(house, house.noor)
    assert refused.value.codes == ("walled",)
    assert "canary" not in str(refused.value)
    assert "somebody else" in str(refused.value)
    assert house.every(BreakGlass) == []
    assert owners(house) == {}
    assert [one.codes for one in house.every(Refusal)] == [("walled",)]


def test_nobody_whom_a_wall_keeps_away_tells_or_reviews(house: World) -> None:
    pat = house.office("pat", "privacy")
    house.save(Wall.put_up(person=house.maya, human=pat), actor=house.maya)
    broken(house, house.noor)
    assert owners(house) == {"tell-of-glass": house.kai.id, "review-glass": house.coordinator.id}


def test_nobody_reviews_the_glass_of_their_own_record(house: World) -> None:
    maya = house.office("maya", "privacy")
    broken(house, house.noor, whom=maya)
    assert owners(house)["review-glass"] == house.coordinator.id


def test_with_nobody_in_office_it_opens_and_whoever_comes_is_asked(house: World) -> None:
    house.save(house.get(house.coordinator).leave(), actor=house.coordinator)
    glass = broken(house, house.noor)
    with house.kit.session(actor=house.noor) as s:
        assert s.get(Person, house.maya.id).name
    # There is nobody else whose the review could be: it is the reader's, who may not do it.
    assert owners(house) == {"tell-of-glass": house.kai.id, "review-glass": house.noor.id}
    assert "nobody-in-office" in {one.code for one in house.kit.health().problems}
    with house.kit.session(actor=house.noor) as s, pytest.raises(Refused):
        s.save(s.get(BreakGlass, glass.id).review(reviewer=house.noor, finding="sound"))
