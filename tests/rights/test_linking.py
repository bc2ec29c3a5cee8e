# SPDX-License-Identifier: Apache-2.0
"""Who says which login is whose, and where it is told."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Actor, Conflict, NotFound, Read, Refused, Wall
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


def test_a_link_is_to_whom_the_person_is_now_and_a_wall_counts_as_it_does_there(world: World) -> None:
    kit: Kit = world.kit
    maya, twin, wes = world.maya, world.twin, world.office("wes", "coordinator")
    kit.merge(maya, twin, reason="same", actor=Actor(world.coordinator.id))
    world.save(Wall.put_up(person=maya, human=wes))
    with pytest.raises(Refused):
        kit.link("login", "spare", twin, actor=Actor(wes.id))
    with pytest.raises(NotFound):
        kit.actor_for("login", "spare")
    kit.link("login", "maya", twin, actor=Actor(world.coordinator.id))
    assert kit.actor_for("login", "maya").person == maya.id
    assert len(told(world, maya)) == 1


def test_a_login_of_a_record_that_was_joined_since_is_linked_to_the_same_person(world: World) -> None:
    kit: Kit = world.kit
    kit.link("login", "maya", world.twin)
    kit.merge(world.maya, world.twin, reason="same", actor=Actor(world.coordinator.id))
    for either in (world.twin, world.maya):
        kit.link("login", "maya", either, actor=Actor(world.coordinator.id))


def test_what_another_changed_meanwhile_is_not_told_as_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit: Kit = world.kit
    kit.link("login", "maya", world.maya)
    seen = kit.storage.marks

    def marks(prefix: str) -> dict[str, str]:
        held = dict(seen(prefix))
        for name in held if prefix.startswith("link:") else ():
            monkeypatch.undo()
            kit.storage.mark(name, None, expect=held[name])  # another takes it off, just after it was read
        return held

    monkeypatch.setattr(kit.storage, "marks", marks)
    with pytest.raises(Conflict):
        kit.unlink("login", "maya", actor=Actor(world.coordinator.id))
    assert told(world, world.maya) == []
