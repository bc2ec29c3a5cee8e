# SPDX-License-Identifier: Apache-2.0
"""Who is told what: by what stands at the end of a commit, not by what stood in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peerkit import Decision, Leave, Person, Relationship, Task


def test_an_enquiry_that_is_answered_at_once_is_nobodys_to_look_for(world: Any) -> None:
    kai = world.supporter("kai")
    spoken = Decision.of(world.maya, how="spoken")
    with world.kit.session(actor=world.coordinator) as s:
        s.save(s.save(Relationship.enquire(person=world.maya, by=spoken)).propose(kai))
    assert not world.every(Task, what="match")
    world.save(Relationship.enquire(person=world.theo, by=Decision.of(world.theo, how="spoken")))
    [told] = world.every(Task, what="match")
    assert (told.owner, told.person, told.state) == (world.coordinator.id, world.theo.id, "open")


def test_who_is_enrolled_and_asks_in_one_commit_is_somebodys_to_look_for(world: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        lou = s.save(Person.enrol(name="Lou Made-Up"))
        s.save(Relationship.enquire(person=lou, by=Decision.of(lou, how="spoken")))
    [told] = world.every(Task, what="match")
    assert (told.owner, told.person, told.state) == (world.coordinator.id, lou.id, "open")


def test_leave_that_is_planned_and_cancelled_at_once_tells_nobody(world: Any) -> None:
    kai, noor = world.supporter("kai"), world.supporter("noor")
    world.match(world.maya, kai)
    week = {"starts": world.watch.at, "ends": world.watch.at + timedelta(days=7)}
    with world.kit.session(actor=kai) as s:
        s.save(s.save(Leave.plan(person=kai, cover=noor, **week)).cancel())
    assert not world.every(Task, what="cover")
    world.save(Leave.plan(person=kai, cover=noor, **week), actor=kai)
    assert [(one.owner, one.person) for one in world.every(Task, what="cover")] == [(noor.id, world.maya.id)]


def test_what_was_due_from_somebody_who_went_is_due_from_somebody_else(world: Any) -> None:
    kai = world.supporter("kai")
    mine = world.save(Task.give(owner=kai, what="call", person=world.maya))
    done = world.save(world.save(Task.give(owner=kai, what="write", person=world.maya)).done())
    world.save(world.get(kai).mark_died())
    assert [world.get(one).owner for one in (mine, done)] == [world.coordinator.id, kai.id]
