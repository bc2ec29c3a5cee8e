# SPDX-License-Identifier: Apache-2.0
"""Who says which login is whose, and where it is told."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Actor, NotFound, Read, Refused
from peerkit.kit.kit import Kit

World = Any


def told(world: World, person: Any) -> list[str]:
    return [one.text for one in world.kit.log(actor=person) if one.what == "linked"]


def test_a_link_made_at_the_keyboard_is_told_to_the_person_whom_it_opens(world: World) -> None:
    kit: Kit = world.kit
    kit.link("login", "maya", world.maya, actor=Actor(world.coordinator.id))
    assert kit.actor_for("login", "maya").person == world.maya.id
    [line] = told(world, world.maya)
    assert line.endswith("linked a login to your record: whoever signs in with it acts as you here.")
    kit.link("login", "maya", world.maya, actor=Actor(world.coordinator.id))
    assert len(told(world, world.maya)) == 1
    kit.unlink("login", "maya", actor=Actor(world.coordinator.id))
    assert told(world, world.maya)[0].endswith("nobody acts as you with it any more.")
    with pytest.raises(NotFound):
        kit.actor_for("login", "maya")
    with pytest.raises(NotFound):
        kit.unlink("login", "maya")


def test_nobody_takes_a_login_over(world: World) -> None:
    kit: Kit = world.kit
    boss = Actor(world.coordinator.id)
    kit.link("login", "robin", world.coordinator)
    with pytest.raises(Refused) as refused:
        kit.link("login", "robin", world.maya, actor=boss)
    assert [one.code for one in refused.value.objections] == ["linked"]
    assert kit.actor_for("login", "robin").person == world.coordinator.id
    assert told(world, world.maya) == []


def test_only_who_may_enrol_links_and_whom_a_wall_keeps_away_does_not(world: World) -> None:
    kit: Kit = world.kit
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    for actor in (Actor(kai.id), Actor(world.maya.id), Actor.system("x")):
        with pytest.raises(Refused):
            kit.link("login", "spare", world.maya, actor=actor)
    with pytest.raises(NotFound):
        kit.actor_for("login", "spare")
    kit.concern("canary", about=world.maya, by=kai, names=[world.coordinator])
    with pytest.raises(Refused):
        kit.link("login", "spare", world.maya, actor=Actor(world.coordinator.id))
    assert told(world, world.maya) == []


def test_whoever_it_is_takes_a_login_off_themself_and_nobody_else_without_a_right(world: World) -> None:
    kit: Kit = world.kit
    kai = world.supporter("kai")
    kit.link("login", "maya", world.maya)
    with pytest.raises(Refused):
        kit.unlink("login", "maya", actor=Actor(kai.id))
    kit.unlink("login", "maya", actor=Actor(world.maya.id))
    assert told(world, world.maya) == [
        "You took a login off your record: nobody acts as you with it any more."
    ]
    assert [one.why for one in world.every(Read, of="login")] == ["unlinked"]
