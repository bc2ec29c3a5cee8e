# SPDX-License-Identifier: Apache-2.0
"""What came of a concern is read by nobody whom it names or may be about, whatever their office."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Alert, Delivery, NotFound, SafetyResponse, Task
from peerkit.model.response import NEEDS

CAME_OF_IT = (Alert, SafetyResponse, Task, Delivery)


def seen(world: Any, who: str) -> dict[str, int]:
    """How many of each somebody finds; a count, a page and one by its id agree."""
    found = {}
    with world.kit.session(actor=world.people[who]) as s:
        for kind in CAME_OF_IT:
            there = [one.id for one in s.find(kind, limit=1000)]
            assert s.count(kind) == len(there)
            for stored in world.all(kind.kind):
                if stored.id in there:
                    assert s.get(kind, stored.id).id == stored.id
                    assert s.history(kind, stored.id)
                else:
                    for door in (s.get, s.history):
                        with pytest.raises(NotFound):
                            door(kind, stored.id)
            found[kind.kind] = len(there)
    return found


def test_whom_it_names_finds_nothing_of_what_came_of_it_in_office_too(world: Any) -> None:
    world.enrol("dan")
    world.appoint("dan", "coordinator")
    before = seen(world, "dan")
    world.kit.concern("She threatened me", world.maya, world.maya, names=[world.cora])
    world.kit.deliver()
    world.acknowledge("ola")
    world.respond("ola", "close_incomplete", reasons=dict.fromkeys(NEEDS, "not_applicable"))
    came = {kind: count - before[kind] for kind, count in seen(world, "dan").items()}
    assert min(came.values()) > 0
    assert seen(world, "cora") == before
    world.respond("dan", "settle", words="they talked; she stays")
    assert seen(world, "cora") == before


def test_nor_does_any_of_several_whom_it_may_be_about(world: Any) -> None:
    before = seen(world, "cora")
    world.kit.concern("Cora threatened me", [world.cora, world.sam])
    world.kit.deliver()
    assert world.alert().asked == (world.ola,)
    assert seen(world, "cora") == before


def test_a_task_that_is_theirs_stays_theirs(world: Any) -> None:
    """What somebody gave them before, or by hand, is not lost with it."""
    world.enrol("dan")
    world.appoint("dan", "coordinator")
    world.kit.concern("She threatened me", world.maya, world.maya, names=[world.cora])
    alert = world.alert()
    with world.kit.session(actor=world.dan) as s:
        mine = s.save(Task.give(owner=world.cora, what="call-back", about=alert))
    with world.kit.session(actor=world.cora) as s:
        assert s.get(Task, mine.id).id == mine.id


def test_what_is_about_themselves_stays_theirs(world: Any) -> None:
    """Else naming somebody would keep from them what is written about them."""
    world.kit.concern("She hurts herself, and others", world.cora, world.maya, names=[world.cora])
    with world.kit.session(actor=world.cora) as s:
        assert [one.person for one in s.find(Alert)] == [world.cora]
    assert "alerted" in {entry.what for entry in world.kit.log(actor=world.cora)}


def test_of_others_alerts_they_see_what_their_office_sees(world: Any) -> None:
    world.kit.concern("Cora shouts", names=[world.cora])
    before = seen(world, "cora")
    world.screen(by="sue").answer("q5", value=True)
    assert seen(world, "cora")["alert"] == before["alert"] + 1
