# SPDX-License-Identifier: Apache-2.0
"""A credential that lapses between the proposal and the last yes: nobody is handed to somebody without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import peerkit
from peerkit import Credential, Refused, Relationship, Route

World = Any


@pytest.fixture
def kit(url: str, watch: Any) -> Iterator[peerkit.Kit]:
    settings = {
        "name": "Example program (fictional)",
        "coordinator": {"name": "Robin Example (fictional)"},
        "path": [{"role": "coordinator", "minutes": 30}],
        "debrief_days": 0,
        "needs": ("cpr",),
    }
    with peerkit.open(url, settings=settings, clock=watch, discover=False) as opened:
        yield opened


@pytest.fixture
def house(world: World) -> World:
    """Kai, who walks with Maya; Noor, whose certificate lapses on 4 March, two days from now."""
    for name, until in (("kai", None), ("noor", date(2026, 3, 4))):
        human = world.supporter(name)
        world.save(
            Credential.issue(person=human, what="cpr", issued_by="x", since=date(2026, 1, 1), until=until)
        )
    return world


def holder(world: World) -> str:
    (route,) = [one for one in world.every(Route) if one.person == world.maya.id and one.open]
    return route.holder_at(world.watch.now())


@pytest.mark.parametrize("last", ["person", "supporter"])
def test_the_last_yes_waits_and_the_person_stays_where_they_are(house: World, last: str) -> None:
    walk = house.match(house.maya, house.kai)
    to = house.save(Relationship.hand_over(walk, house.noor))
    yes = [("agree", house.maya), ("take_on", house.noor)]
    (first, one), (second, two) = yes if last == "supporter" else yes[::-1]
    to = house.save(getattr(to, first)(), actor=one)
    house.watch.forward(days=4)
    house.kit.tick()
    with pytest.raises(Refused) as refused:
        house.save(getattr(house.get(to), second)(), actor=two)
    assert refused.value.codes == ("needs-credential",)
    assert house.get(walk).state == "agreed"
    assert holder(house) == house.kai.id
    (held,) = [one for one in house.every(Credential) if one.person == house.noor.id]
    house.save(held.renew(date(2027, 1, 1)))
    house.save(getattr(house.get(to), second)(), actor=two)
    assert (house.get(walk).state, holder(house)) == ("ended", house.noor.id)


def test_one_who_is_matched_so_stays_the_coordinators_until_then(house: World) -> None:
    to = house.save(house.proposed(house.maya, house.noor).agree(), actor=house.maya)
    house.watch.forward(days=4)
    with pytest.raises(Refused) as refused:
        house.save(to.take_on(), actor=house.noor)
    assert refused.value.codes == ("needs-credential",)
    assert holder(house) == house.coordinator.id
