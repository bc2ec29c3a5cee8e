# SPDX-License-Identifier: Apache-2.0
"""From the enquiry to the goodbye: waiting, a no without penalty, handing over, illness, walls."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

import peerkit
from peerkit import Actor, Decision, Leave, Malformed, NotFound, Refused, Relationship, Route, Task, Wall
from peerkit.model.route import OPEN_END

DAY = timedelta(days=1)


def asks(world: Any, who: Any, **details: Any) -> Any:
    return world.save(Relationship.enquire(person=who, by=Decision.of(who, how="spoken"), **details))


def holder(world: Any, who: Any) -> str:
    (route,) = world.every(Route, person=who)
    return str(route.holder_at(world.watch.at))


def open_tasks(world: Any, what: str) -> list[tuple[str, str]]:
    return sorted((one.owner, one.person) for one in world.every(Task, what=what, state="open"))


# -- waiting ---------------------------------------------------------------------------------------


def test_a_no_brings_the_person_back_to_those_who_wait_and_the_two_are_not_matched_again(world: Any) -> None:
    kai, noor = world.supporter("kai"), world.supporter("noor")
    asked = asks(world, world.maya)
    proposed = world.save(asked.propose(kai))
    assert open_tasks(world, "match") == []
    no = world.save(world.get(proposed).decline(), actor=world.maya)
    assert no.waiting
    assert no.declined_with == (kai.id,)
    assert open_tasks(world, "match") == [(world.coordinator.id, world.maya.id)]
    with world.kit.session(actor=world.coordinator) as s:
        assert [one.what for one in s.suggest("match", about=no)] == [noor.id]
    world.save(no.end(), actor=world.maya)
    assert open_tasks(world, "match") == []


def test_a_no_of_the_supporter_counts_as_much_and_no_reason_is_asked(world: Any) -> None:
    kai = world.supporter("kai")
    no = world.save(world.get(world.proposed(world.maya, kai)).decline(), actor=kai)
    assert (no.state, no.declined_with) == ("declined", (kai.id,))


def test_the_person_says_more_while_they_wait_and_only_they(world: Any) -> None:
    asked = asks(world, world.maya, hopes="to sleep", interests=("Gardening",))
    more = world.save(asked.wish(wishes="somebody older", languages=("fr",)), actor=world.maya)
    assert (more.hopes, more.wishes, more.interests) == ("to sleep", "somebody older", ("Gardening",))
    with pytest.raises(Refused, match="decided by the person"):
        world.save(more.wish(wishes="anybody"))
    kai = world.supporter("kai")
    world.save(world.get(kai).update(name="Kai"), actor=kai)
    role = world.every(peerkit.PeerSupporter)[0]
    world.save(role.update(specialisms=("gardening!", "jail")), actor=kai)
    with world.kit.session(actor=world.coordinator) as s:
        (found,) = s.suggest("match", about=more)
    assert "both told of gardening!" in found.reason
    assert "jail" not in found.reason


def test_who_comes_back_begins_anew_and_says_after_what(world: Any) -> None:
    ended = world.save(world.match(world.maya, world.supporter("kai")).end(), actor=world.maya)
    again = asks(world, world.maya, follows=ended)
    assert (again.state, again.follows) == ("enquiry", ended.id)


# -- handing over ----------------------------------------------------------------------------------


@pytest.fixture
def walking(world: Any) -> tuple[Any, Any, Any]:
    kai, noor = world.supporter("kai"), world.supporter("noor")
    return world.match(world.maya, kai), kai, noor


def test_handing_over_changes_nothing_until_both_have_said_yes(world: Any, walking: Any) -> None:
    before, kai, noor = walking
    then = world.save(Relationship.hand_over(before, noor), actor=kai)
    then = world.save(then.take_on(), actor=noor)
    assert world.get(before).state == "agreed"
    assert holder(world, world.maya) == kai.id
    with world.kit.session(actor=noor) as s, pytest.raises(NotFound):
        s.get(peerkit.Person, world.maya)
    then = world.save(then.agree(helps="tea"), actor=world.maya)
    assert (world.get(before).state, world.get(before).ending) == ("ended", "handed_over")
    assert holder(world, world.maya) == noor.id
    assert open_tasks(world, "reassign") == []
    with world.kit.session(actor=noor) as s:
        assert s.get(peerkit.Person, world.maya).id == world.maya.id


def test_a_no_to_handing_over_leaves_the_two_as_they_were(world: Any, walking: Any) -> None:
    before, kai, noor = walking
    then = world.save(Relationship.hand_over(before, noor), actor=kai)
    world.save(then.decline(), actor=world.maya)
    assert world.get(then).state == "ended"
    assert world.get(before).state == "agreed"
    assert holder(world, world.maya) == kai.id
    assert open_tasks(world, "match") == []


def test_it_is_handed_over_by_those_who_may_and_to_somebody_else(world: Any, walking: Any) -> None:
    before, kai, noor = walking
    with pytest.raises(Malformed, match="somebody else"):
        Relationship.hand_over(before, kai)
    with pytest.raises(Refused, match="may not record"):
        world.save(Relationship.hand_over(before, noor), actor=noor)
    with pytest.raises(Refused, match="no active peer supporter"):
        world.save(Relationship.hand_over(before, world.theo))


# -- rests and goodbyes ----------------------------------------------------------------------------


def test_on_the_day_that_two_have_planned_somebody_asks_and_nothing_else_happens(
    world: Any, walking: Any
) -> None:
    before, kai, _ = walking
    resting = world.save(before.pause(until=date(2026, 3, 9)), actor=world.maya)
    planned = world.save(resting.plan_ending(date(2026, 3, 16), goodbye="a walk"), actor=world.maya)
    assert world.kit.tick() == 0
    world.watch.at += 6 * DAY
    assert world.kit.tick() == 0
    world.watch.at += timedelta(hours=12, minutes=30)  # half an hour before midnight in Toronto
    assert world.kit.tick() == 0
    world.watch.at += timedelta(hours=1)
    assert world.kit.tick() == 2
    assert world.kit.tick() == 0
    assert open_tasks(world, "how-to-go-on") == [(kai.id, world.maya.id)]
    world.watch.at += 7 * DAY
    world.kit.tick()
    assert open_tasks(world, "goodbye") == [(kai.id, world.maya.id)]
    now = world.get(planned)
    assert (now.state, now.goodbye, now.ending_on) == ("paused", "a walk", None)


# -- falling ill -----------------------------------------------------------------------------------


def test_illness_is_a_fact_with_cover_or_without(world: Any, walking: Any) -> None:
    _, kai, _ = walking
    ill = world.save(Leave.fall_ill(person=kai, starts=world.watch.at), actor=kai)
    assert ill.ends == OPEN_END
    assert holder(world, world.maya) == world.coordinator.id
    assert open_tasks(world, "cover") == [(world.coordinator.id, world.maya.id)]
    noor = world.noor
    ill = world.save(world.get(ill).stand_in(noor))
    assert holder(world, world.maya) == noor.id
    assert open_tasks(world, "cover") == [(noor.id, world.maya.id)]
    world.save(ill.come_back(), actor=kai)
    assert holder(world, world.maya) == kai.id
    assert open_tasks(world, "cover") == []


def test_a_cover_who_falls_ill_is_covered_while_that_lasts(world: Any, walking: Any) -> None:
    _, kai, noor = walking
    at = world.watch.at
    world.save(Leave.plan(person=kai, cover=noor, starts=at + DAY, ends=at + 9 * DAY), actor=kai)
    world.save(Leave.fall_ill(person=noor, starts=at + 2 * DAY, ends=at + 4 * DAY), actor=noor)
    seen = []
    for _ in range(10):
        seen.append(holder(world, world.maya))
        world.watch.at += DAY
    k, n, c = kai.id, noor.id, world.coordinator.id
    assert seen == [k, n, c, c, n, n, n, n, n, k]


def test_two_who_cover_each_other_and_both_fall_ill_leave_nobody_alone(world: Any, walking: Any) -> None:
    _, kai, noor = walking
    for one, other in ((kai, noor), (noor, kai)):
        world.save(Leave.fall_ill(person=one, cover=other, starts=world.watch.at), actor=one)
    assert holder(world, world.maya) == world.coordinator.id


def test_a_supervisor_or_who_is_on_call_may_say_that_somebody_is_ill_and_not_just_anybody(
    world: Any, walking: Any
) -> None:
    _, kai, _ = walking
    dana = world.office("dana", "on-call")
    ill = Leave.fall_ill(person=kai, starts=world.watch.at)
    with pytest.raises(Refused, match="may not record"):
        world.save(ill, actor=world.theo)
    world.save(ill, actor=dana)
    assert holder(world, world.maya) == world.coordinator.id


# -- walls -----------------------------------------------------------------------------------------


def test_a_wall_keeps_two_apart_whatever_their_office(world: Any, walking: Any) -> None:
    before, _, noor = walking
    world.save(Wall.put_up(person=world.maya, human=noor, because="family"), actor=world.maya)
    with pytest.raises(Refused, match="a wall stands"):
        world.save(Relationship.hand_over(before, noor))
    rita = world.office("rita", "coordinator")
    with world.kit.session(actor=rita) as s:
        assert s.get(Relationship, before).id == before.id
    world.save(Wall.put_up(person=world.maya, human=rita), actor=rita)
    with world.kit.session(actor=rita) as s:
        with pytest.raises(NotFound):
            s.get(Relationship, before)
        with pytest.raises(NotFound):
            s.get(peerkit.Person, world.maya)
        assert before.id not in [one.id for one in s.find(Relationship)]
        with pytest.raises(NotFound):
            s.history(Relationship, before)
    with pytest.raises(Refused, match="may not record"):
        world.save(before.end(), actor=rita)


def test_a_wall_between_two_who_walk_together_parts_them_at_once(world: Any, walking: Any) -> None:
    before, kai, _ = walking
    world.save(Wall.put_up(person=world.maya, human=kai), actor=world.maya)
    assert world.get(before).state == "ended"
    assert holder(world, world.maya) == world.coordinator.id


def test_a_wall_moves_whose_somebody_is_and_comes_down_only_by_who_may(world: Any, walking: Any) -> None:
    _, kai, noor = walking
    world.save(Leave.fall_ill(person=kai, cover=noor, starts=world.watch.at), actor=kai)
    assert holder(world, world.maya) == noor.id
    wall = world.save(Wall.put_up(person=world.maya, human=noor), actor=noor)
    assert holder(world, world.maya) == world.coordinator.id
    with pytest.raises(Refused, match="may not record"):
        world.save(wall.take_down(), actor=noor)
    world.save(wall.take_down(), actor=world.maya)
    assert holder(world, world.maya) == noor.id


def test_nobody_is_walled_off_from_themselves(world: Any) -> None:
    with pytest.raises(Malformed, match="between two"):
        Wall.put_up(person=world.maya, human=world.maya)


def test_the_last_one_who_can_come_is_asked_in_spite_of_a_wall(kit: Any, world: Any) -> None:
    world.save(world.coordinator.update(reach=("console:c",)), actor=world.coordinator)
    world.save(Wall.put_up(person=world.maya, human=world.coordinator), actor=world.maya)
    with kit.session(actor=world.maya) as s:
        s.screening("asq", world.maya).answer("q5", True)  # noqa: FBT003
    (alert,) = kit._find_all("alert")
    assert alert.asked == (world.coordinator.id,)
    with kit.session(actor=Actor(world.coordinator.id)) as s:
        assert s.get(peerkit.Alert, alert.id).id == alert.id


def test_a_yes_to_one_supporter_is_none_to_the_next(world: Any) -> None:
    """A match takes both, each time: Maya said yes to Kai, who said no."""
    proposed = world.proposed(world.maya, world.supporter("kai"))
    yes = world.save(proposed.agree(), actor=world.maya)
    no = world.save(yes.decline(), actor=world.kai)
    again = world.save(no.propose(world.supporter("noor")))
    assert (again.person_agreed, again.supporter_agreed) == (False, False)
    assert world.save(again.take_on(), actor=world.noor).state == "proposed"
