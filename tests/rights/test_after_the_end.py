# SPDX-License-Identifier: Apache-2.0
"""A supporter reads a relationship that is over for a set time, by the clock, and no longer."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Actor, Alert, Malformed, NotFound, Refused, Relationship, Task

DAYS = 30


def sees(world: Any, who: Any, relation: Any) -> bool:
    """Whether they read it, at every door alike."""
    with world.kit.session(actor=who) as s:
        try:
            s.get(Relationship, relation.id)
            found = True
        except NotFound:
            found = False
        assert (relation.id in [one.id for one in s.find(Relationship)]) is found
        assert s.count(Relationship) == len(s.find(Relationship))
        for past in (None, world.watch.now()):
            if past is not None and not found:
                with pytest.raises(NotFound):
                    s.get(Relationship, relation.id, at=past)
        if found:
            assert s.history(Relationship, relation.id)
        else:
            with pytest.raises(NotFound):
                s.history(Relationship, relation.id)
        seen = s.count(Relationship)
    pages = world.kit.disclose(Relationship, to=who.id, purpose="export", actor=who)
    assert sum(len(page.documents) + page.withheld for page in pages) == seen
    return found


def over(world: Any, relation: Any, how: str) -> Any:
    if how == "ended":
        return world.save(world.get(relation).end(), actor=world.maya)
    return world.save(world.get(relation).decline(), actor=world.maya)


@pytest.mark.parametrize("how", ["ended", "declined"])
def test_it_closes_by_the_clock(world: Any, how: str) -> None:
    kai = world.supporter("kai")
    make = world.match if how == "ended" else world.proposed
    relation = make(world.maya, kai)
    other = world.match(world.zoe, kai)
    over(world, relation, how)
    assert sees(world, kai, relation)
    world.watch.forward(days=DAYS, seconds=-1)
    assert sees(world, kai, relation)
    world.watch.forward(seconds=1)
    assert not sees(world, kai, relation)
    assert sees(world, kai, other)  # who they still walk with
    assert sees(world, world.maya, relation)  # whose it is
    with world.kit.session(actor=world.coordinator) as s:
        assert s.get(Relationship, relation.id).id == relation.id


def test_a_session_that_began_in_time_does_not_commit_behind_it(world: Any) -> None:
    kai = world.supporter("kai")
    relation = over(world, world.match(world.maya, kai), "ended")
    world.watch.forward(days=DAYS, seconds=-1)
    with pytest.raises(Refused) as caught, world.kit.session(actor=kai) as s:
        s.save(s.get(Relationship, relation.id).end())
        world.watch.forward(seconds=2)
    assert "no-right" in caught.value.codes
    with pytest.raises(Refused), world.kit.session(actor=kai) as s:
        s.save(world.get(relation).end())


def test_to_end_it_once_more_puts_nothing_off(world: Any) -> None:
    kai = world.supporter("kai")
    relation = over(world, world.match(world.maya, kai), "ended")
    world.watch.forward(days=DAYS - 1)
    world.save(world.get(relation).end(), actor=kai)
    world.watch.forward(days=1)
    assert not sees(world, kai, relation)


def test_the_program_sets_the_time_and_a_change_holds_at_once(world: Any) -> None:
    kai = world.supporter("kai")
    relation = over(world, world.match(world.maya, kai), "ended")
    world.save(world.kit.program.update(settings={"supporter_reads_days": 0}))
    assert not sees(world, kai, relation)
    world.save(world.kit.program.update(settings={"supporter_reads_days": 60}))
    world.watch.forward(days=59)
    assert sees(world, kai, relation)
    for wrong in (-1, 367, 1.5, True, "30"):
        with pytest.raises((Malformed, Refused)):
            world.save(world.kit.program.update(settings={"supporter_reads_days": wrong}))


def test_an_office_reaches_further(world: Any) -> None:
    kai = world.supporter("kai")
    relation = over(world, world.match(world.maya, kai), "ended")
    world.office("kai", "coordinator")
    world.watch.forward(days=DAYS)
    assert sees(world, kai, relation)
    with world.kit.session(actor=Actor.of(kai, role="supporter")) as s, pytest.raises(NotFound):
        s.get(Relationship, relation.id)


def test_somebody_new_walks_with_them_again(world: Any) -> None:
    kai = world.supporter("kai")
    first = over(world, world.match(world.maya, kai), "ended")
    world.watch.forward(days=DAYS)
    again = world.match(world.maya, kai)
    assert not sees(world, kai, first)
    assert sees(world, kai, again)


def test_what_is_theirs_to_do_stays_theirs(world: Any) -> None:
    kai = world.supporter("kai")
    relation = world.match(world.maya, kai)
    task = world.save(Task.give(owner=kai, what="call", person=world.maya))
    world.kit.concern("worried", about=world.maya)
    [alert] = world.every(Alert)
    with world.kit.session(actor=kai) as s:
        s.acknowledge(alert.id)
    over(world, relation, "ended")
    world.watch.forward(days=DAYS)
    assert not sees(world, kai, relation)
    with world.kit.session(actor=kai) as s:
        assert task.id in [one.id for one in s.due()]
        assert s.get(Alert, alert.id).holder == kai.id
        s.respond(alert.id, "act", words="called")
        s.save(s.get(Task, task.id).done())
    assert world.get(task).state == "done"
