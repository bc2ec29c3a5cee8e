# SPDX-License-Identifier: Apache-2.0
"""What came of a concern is read by nobody whom it names or may be about, whatever their office."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Alert, Delivery, NotFound, Person, SafetyResponse, Task
from peerkit.model.response import NEEDS
from peerkit.safety import complaints

CAME_OF_IT = (Alert, SafetyResponse, Task, Delivery)


def seen(world: Any, who: str, *, erased: bool = False) -> dict[str, int]:
    """How many of each somebody finds; a page, one by its id and, where nothing is erased, a count agree."""
    found = {}
    with world.kit.session(actor=world.people[who]) as s:
        for kind in CAME_OF_IT:
            there = [one.id for one in s.find(kind, limit=1000)]
            assert erased or s.count(kind) == len(there)
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


def settled_against_cora(world: Any, by: str = "maya") -> None:
    """Cora was complained of, Ola saw to it and closed it, and Dan decided that she stays."""
    world.enrol("dan")
    world.appoint("dan", "coordinator")
    who = world.people[by]
    world.kit.concern("She threatened me", who, who, names=[world.cora])
    world.kit.deliver()
    world.acknowledge("ola")
    world.respond("ola", "close_incomplete", reasons=dict.fromkeys(NEEDS, "not_applicable"))
    world.respond("dan", "settle", words="they talked; she stays")


@pytest.mark.parametrize("erased", [("concern",), ("safety_response",), ("safety_response", "alert")])
def test_nor_where_what_leads_there_was_erased(world: Any, erased: tuple[str, ...]) -> None:
    before = seen(world, "cora")
    settled_against_cora(world)
    for kind in erased:
        (one,) = world.all(kind)
        world.kit.erase(one.id, basis="retention", asked_by=world.ola, decided_by=world.dan)
    assert seen(world, "cora") == before


def test_nor_where_whoever_complained_was_erased(world: Any) -> None:
    world.enrol("leo")
    before = seen(world, "cora")
    settled_against_cora(world, by="leo")
    world.kit.erase(world.leo, basis="wish", asked_by=world.leo, decided_by=world.dan)
    assert seen(world, "cora", erased=True) == before


@pytest.mark.parametrize("erased", ["", "concern"])
def test_the_talk_afterwards_becomes_nobodys_whom_it_names(world: Any, erased: str) -> None:
    """Neither when it lies too long, nor when whoever has it leaves."""
    settled_against_cora(world)
    for one in world.all(erased) if erased else ():
        world.kit.erase(one.id, basis="retention", asked_by=world.ola, decided_by=world.dan)

    def whose() -> set[str]:
        open_ = [task for task in world.all("task") if (task.what, task.state) == ("debrief", "open")]
        return {one for task in open_ for one in (task.owner, task.asked_too)}

    assert whose() == {world.ola, ""}
    for _ in range(6):
        world.clock.forward(days=1)
        world.kit.deliver()
    assert whose() == {world.ola, "" if erased else world.dan}
    world.enrol("eve")
    world.appoint("eve", "on-call")
    with world.kit.session(actor=world.ola) as s:
        s.save(s.get(Person, world.ola).leave())
    assert whose()
    assert world.cora not in whose()


def test_what_came_of_it_is_looked_up_once_for_all_that_is_read(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled_against_cora(world)
    with world.kit.session(actor=world.dan) as s:
        for _ in range(20):
            s.save(Task.give(owner=world.dan, what="call-back", person=world.maya))
    asked: list[str] = []
    real = complaints._came_of

    def came_of(kit: Any, kind: str, concerns: frozenset[str]) -> frozenset[str]:
        asked.append(kind)
        return real(kit, kind, concerns)

    monkeypatch.setattr(complaints, "_came_of", came_of)
    with world.kit.session(actor=world.cora) as s:
        assert len(s.find(Task, what="call-back")) == s.count(Task, what="call-back") == 20
    assert asked == ["task"]


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
