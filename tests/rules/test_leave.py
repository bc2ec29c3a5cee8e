# SPDX-License-Identifier: Apache-2.0
"""Planned leave is the one thing that can be refused for want of cover, and only for that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import (
    Actor,
    Credential,
    Decision,
    Leave,
    Malformed,
    PeerSupporter,
    Program,
    Refused,
    Route,
    Task,
)

DAY = timedelta(days=1)


def plan(world: Any, who: Any, cover: Any, *days: int) -> Any:
    first, last = days or (1, 8)
    now = world.watch.at
    leave = Leave.plan(person=who, cover=cover, starts=now + first * DAY, ends=now + last * DAY)
    return world.save(leave, actor=who)


def refused(world: Any, who: Any, cover: Any, *days: int) -> str:
    with pytest.raises(Refused) as caught:
        plan(world, who, cover, *days)
    assert set(caught.value.codes) <= {"no-cover", "unknown-person", "not-here"}
    return str(caught.value)


@pytest.fixture
def three(world: Any) -> tuple[Any, Any, Any]:
    return world.supporter("kai"), world.supporter("noor"), world.supporter("lee")


def test_a_cover_is_a_supporter_or_somebody_in_office(world: Any, three: Any) -> None:
    kai, noor, _ = three
    world.office("dana", "on-call", ends=world.watch.at + DAY / 2)
    assert "neither supports" in refused(world, kai, world.maya)
    assert "names nobody" in refused(world, kai, "0192f3a0-0000-7000-8000-000000000000")
    plan(world, kai, noor, 1, 2)
    plan(world, kai, world.coordinator, 2, 3)
    plan(world, kai, world.dana, 3, 4)
    world.watch.forward(days=1)
    assert "neither supports" in refused(world, kai, world.dana, 4, 5)


def test_a_cover_is_here_then(world: Any, three: Any) -> None:
    kai, noor, lee = three
    plan(world, noor, lee, 3, 5)
    assert "away at that time" in refused(world, kai, noor, 1, 4)
    assert "away at that time" in refused(world, kai, noor, 4, 9)
    assert "away at that time" in refused(world, kai, noor, 1, 9)
    plan(world, kai, noor, 1, 3)  # back to back is no overlap
    plan(world, kai, noor, 5, 7)
    world.save(world.get(noor).leave(), actor=noor)
    assert "not here" in refused(world, kai, noor, 8, 9)


def test_whoever_covers_stays(world: Any, three: Any) -> None:
    kai, noor, lee = three
    covered = plan(world, kai, noor, 1, 8)
    assert "stand in for somebody" in refused(world, noor, lee, 7, 9)
    plan(world, noor, lee, 8, 9)
    world.save(covered.cancel(), actor=kai)
    plan(world, noor, lee, 2, 3)


def test_leave_that_makes_no_sense_is_malformed(world: Any, three: Any) -> None:
    kai, noor, _ = three
    for days in ((2, 2), (3, 2)):
        with pytest.raises(Malformed):
            plan(world, kai, noor, *days)
    with pytest.raises(Malformed):
        plan(world, kai, kai)


def test_an_illness_is_written_down_by_another_in_the_persons_words(world: Any, three: Any) -> None:
    """Starting now, recorded by the coordinator: it takes effect at once."""
    kai, noor, _ = three
    world.match(world.maya, kai)
    now = world.watch.at
    world.save(
        Leave.plan(person=kai, cover=noor, starts=now, ends=now + DAY, by=Decision.of(kai, how="spoken"))
    )
    [route] = [one for one in world.every(Route) if one.person == world.maya.id]
    assert (route.holder, route.holder_at(now)) == (kai.id, noor.id)
    [told] = world.every(Task, what="cover")
    assert (told.owner, told.person) == (noor.id, world.maya.id)


def test_a_cover_who_goes_is_replaced_at_once(world: Any, three: Any) -> None:
    """A departure is a fact: nobody refuses it, and somebody else stands in."""
    kai, noor, _ = three
    world.match(world.maya, kai)
    plan(world, kai, noor, 0, 8)
    world.save(world.get(noor).mark_died())
    [route] = [one for one in world.every(Route) if one.person == world.maya.id]
    assert route.holder_at(world.watch.at) == world.coordinator.id


# -- who may stand in ------------------------------------------------------------------------------


def whose(world: Any, person: Any) -> str:
    [route] = [one for one in world.every(Route) if one.person == person.id]
    return str(route.holder_at(world.watch.at))


def ill(world: Any, who: Any, cover: Any) -> Any:
    return world.save(Leave.fall_ill(person=who, starts=world.watch.at, cover=cover), actor=who)


def covers(world: Any, human: Any) -> frozenset[str] | None:
    reach: frozenset[str] | None = world.kit.grants(Actor(human.id)).reach("cover")
    return reach


def test_illness_is_never_refused_and_makes_a_cover_of_nobody_who_may_not_be_one(
    world: Any, three: Any
) -> None:
    kai, noor, _ = three
    world.match(world.maya, kai)
    leave = ill(world, kai, world.zed)
    assert whose(world, world.maya) == world.coordinator.id
    assert [one.owner for one in world.every(Task, what="cover")] == [world.coordinator.id]
    assert covers(world, world.zed) == frozenset()
    leave = world.get(leave)
    with pytest.raises(Refused) as caught:
        world.save(leave.stand_in(world.yan), actor=kai)
    assert caught.value.codes == ("no-cover",)
    world.save(leave.stand_in(noor), actor=kai)
    assert whose(world, world.maya) == noor.id
    assert covers(world, noor) == {world.maya.id}


def test_nobody_stands_in_any_more_who_supports_nobody_any_more(world: Any, three: Any) -> None:
    kai, noor, _ = three
    world.match(world.maya, kai)
    plan(world, kai, noor, 1, 8)
    [role] = [one for one in world.every(PeerSupporter) if one.person == noor.id]
    world.save(role.step_down(), actor=noor)
    world.watch.forward(days=2)
    assert covers(world, noor) == frozenset()
    assert whose(world, world.maya) == world.coordinator.id


def test_who_has_not_what_the_program_needs_does_not_stand_in(world: Any, three: Any) -> None:
    kai, noor, lee = three
    for one, until in ((kai, None), (noor, world.watch.at.date() + 3 * DAY)):
        world.save(
            Credential.issue(
                person=one, what="cpr", issued_by="red-cross", since=world.watch.at.date(), until=until
            )
        )
    [program] = world.every(Program)
    world.save(program.update(settings={"needs": ("cpr",)}))
    world.match(world.maya, kai)
    assert "lacks what the program needs" in refused(world, kai, lee)
    plan(world, kai, noor, 0, 8)
    assert whose(world, world.maya) == noor.id
    world.watch.forward(days=5)  # and nothing has run meanwhile
    assert whose(world, world.maya) == world.coordinator.id
    [held] = [one for one in world.every(Credential) if one.person == noor.id]
    world.save(held.renew(world.watch.at.date() + 90 * DAY))
    assert whose(world, world.maya) == noor.id


def test_nobody_makes_themselves_the_cover_of_somebody_else(world: Any, three: Any) -> None:
    """Lee supports Kai, who supports Maya: that Kai is ill Lee may tell, and comes to read nothing by it."""
    kai, noor, lee = three
    world.match(world.maya, kai)
    world.match(kai, lee)
    leave = world.save(Leave.fall_ill(person=kai, starts=world.watch.at, cover=lee), actor=lee)
    assert covers(world, lee) == frozenset()
    assert world.get(leave).cover == ""
    assert whose(world, world.maya) == world.coordinator.id
    world.save(world.get(leave).stand_in(noor), actor=kai)
    assert covers(world, noor) == {world.maya.id}


def test_an_office_may_cover_by_its_own_word(world: Any, three: Any) -> None:
    kai, _, _ = three
    dana = world.office("dana", "on-call")
    world.match(world.maya, kai)
    world.save(Leave.fall_ill(person=kai, starts=world.watch.at, cover=dana), actor=dana)
    assert covers(world, dana) == {world.maya.id}
