# SPDX-License-Identifier: Apache-2.0
"""Who goes can come back without an account of their own, a mistaken death is taken back, and what somebody
else wrote down about either is looked at by a second human."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

import peerkit
from peerkit import (
    Activity,
    Actor,
    Appointment,
    Decision,
    FollowUp,
    Leave,
    Meeting,
    NotFound,
    PeerSupporter,
    Person,
    Refused,
    Relationship,
    Route,
    SignUp,
    Task,
    Wall,
)

World = Any
TOMORROW = datetime.fromisoformat("2026-03-03T10:00")
ZONE = "America/Toronto"


@pytest.fixture
def house(world: World) -> World:
    """Maya, whom Kai supports, whom Sol supervises."""
    world.match(world.maya, world.supporter("kai", supervisor=world.sol))
    return world


def whose(world: World, person: Any) -> Any:
    return next(one for one in world.every(Route) if one.person == person.id)


def looks(world: World, what: str) -> list[str]:
    return [one.owner for one in world.every(Task, what=what, state="open")]


def says(person: Any) -> Decision:
    return Decision.of(person, how="spoken")


# -- coming back -----------------------------------------------------------------------------------


def test_who_has_no_account_comes_back_by_their_word(house: World) -> None:
    house.save(house.get(house.maya).leave(by=says(house.maya)))
    assert not whose(house, house.maya).open
    with pytest.raises(Refused) as caught:
        house.save(house.get(house.maya).come_back())
    assert caught.value.codes == ("not-theirs",)
    house.save(house.get(house.maya).come_back(by=says(house.maya)))
    assert whose(house, house.maya).open
    again = house.save(Relationship.enquire(person=house.maya, by=says(house.maya)))
    assert again.state == "enquiry"


# -- a death ---------------------------------------------------------------------------------------


def test_a_mistaken_death_is_taken_back_and_somebody_is_there_again(house: World) -> None:
    house.save(house.get(house.maya).mark_died(), actor=house.kai)
    house.save(house.get(house.maya).not_died())
    assert house.get(house.maya).state == "here"
    route = whose(house, house.maya)
    assert (route.open, route.holder) == (True, house.coordinator.id)
    assert looks(house, "confirm-death") == []  # there is nothing to confirm any more
    with pytest.raises(Refused):
        house.save(house.get(house.maya).not_died())


def test_they_may_say_so_themselves_and_a_stranger_may_not(house: World) -> None:
    house.save(house.get(house.maya).mark_died(), actor=house.kai)
    with pytest.raises(Refused):
        house.save(house.get(house.maya).not_died(), actor=house.sam)
    house.save(house.get(house.maya).not_died(), actor=house.maya)


@pytest.mark.parametrize(
    ("act", "what"), [("mark_died", "confirm-death"), ("leave", "confirm-leaving")], ids=["death", "leaving"]
)
@pytest.mark.parametrize("who", ["kai", "coordinator"])
def test_what_another_wrote_down_a_second_human_looks_at(house: World, act: str, what: str, who: str) -> None:
    house.office("rita", "coordinator")
    by = {"by": says(house.maya)} if act == "leave" else {}
    actor = getattr(house, who)
    house.save(getattr(house.get(house.maya), act)(**by), actor=actor)
    [owner] = looks(house, what)
    assert owner != actor.id
    assert owner == {"kai": house.sol.id}.get(who, house.rita.id)
    [task] = house.every(Task, what=what)
    assert (task.person, task.about) == (house.maya.id, house.maya.id)


def test_their_own_going_asks_nobody_to_look(house: World) -> None:
    house.save(house.get(house.maya).leave(), actor=house.maya)
    assert looks(house, "confirm-leaving") == []


def test_whoever_walked_beside_somebody_who_died_is_offered_to_talk(house: World) -> None:
    house.save(house.get(house.maya).mark_died())
    [task] = house.every(Task, what="debrief")
    assert task.owner == house.kai.id


def test_somebody_is_there_for_whoever_walked_beside_them(house: World) -> None:
    house.save(house.get(house.maya).mark_died())
    [task] = house.every(Task, what="be-there-after-death")
    assert (task.owner, task.person) == (house.sol.id, house.kai.id)


def test_whoever_loses_their_supporter_is_told_by_a_human_at_once(house: World) -> None:
    house.save(house.get(house.kai).mark_died())
    [task] = house.every(Task, what="tell-of-death")
    assert (task.owner, task.person, task.due) == (house.sol.id, house.maya.id, house.watch.at)


def test_with_the_supervisor_behind_a_wall_a_coordinator_tells_them(house: World) -> None:
    house.save(Wall.put_up(person=house.maya, human=house.sol), actor=house.maya)
    house.save(house.get(house.kai).mark_died())
    assert looks(house, "tell-of-death") == [house.coordinator.id]


@pytest.mark.parametrize("who", ["maya", "kai"])
def test_a_mistaken_death_is_told_to_nobody_any_more(house: World, who: str) -> None:
    house.save(house.get(getattr(house, who)).mark_died())
    left = {"maya": ["be-there-after-death", "debrief"], "kai": ["tell-of-death"]}[who]
    assert all(looks(house, what) for what in left)
    house.save(house.get(getattr(house, who)).not_died())
    assert [looks(house, what) for what in left] == [[]] * len(left)


# -- what was planned ------------------------------------------------------------------------------


def test_what_two_had_planned_falls_with_their_relationship_and_what_was_stays(house: World) -> None:
    planned = house.save(
        Meeting.plan(person=house.maya, supporter=house.kai, local=TOMORROW, timezone=ZONE), actor=house.kai
    )
    earlier = house.save(
        Meeting.plan(
            person=house.maya, supporter=house.kai, local=TOMORROW - timedelta(days=3), timezone=ZONE
        ),
        actor=house.kai,
    )
    [relation] = house.every(Relationship)
    house.save(relation.end(), actor=house.maya)
    assert [house.get(one).state for one in (planned, earlier)] == ["cancelled", "planned"]


@pytest.mark.parametrize("act", ["leave", "mark_died"])
def test_who_goes_is_expected_nowhere(house: World, act: str) -> None:
    meeting = house.save(
        Meeting.plan(person=house.maya, supporter=house.kai, local=TOMORROW, timezone=ZONE), actor=house.kai
    )
    tea = Activity.plan(
        title="Tea", format="drop_in", facilitators=(house.kai,), local=TOMORROW, timezone=ZONE, sign_up=True
    )
    tea = house.save(tea, actor=house.kai)
    coming = house.save(SignUp.sign_up(tea, person=house.maya), actor=house.maya)
    actor = house.maya if act == "leave" else house.coordinator
    house.save(getattr(house.get(house.maya), act)(), actor=actor)
    assert [house.get(one).state for one in (meeting, coming)] == ["cancelled", "over"]


# -- who is asked ----------------------------------------------------------------------------------


def test_without_a_cover_the_supervisor_stands_in_before_an_office(house: World) -> None:
    house.save(Leave.fall_ill(person=house.kai, starts=house.watch.at), actor=house.kai)
    assert whose(house, house.maya).holder_at(house.watch.at) == house.sol.id


def test_a_no_is_not_asked_again_but_by_one_of_the_two(house: World) -> None:
    noor = house.supporter("noor")
    no = house.save(house.proposed(house.theo, noor).decline(), actor=noor)
    with pytest.raises(Refused) as caught:
        house.save(no.propose(noor))
    assert caught.value.codes == ("said-no",)
    house.save(no.propose(noor, by=says(house.theo)))


# -- the last coordinator --------------------------------------------------------------------------


def test_whoever_runs_the_program_names_its_next_coordinator_when_there_is_none(house: World) -> None:
    with pytest.raises(Refused) as caught:
        house.kit.next_coordinator(house.sol)
    assert caught.value.codes == ("in-office",)
    house.save(house.get(house.coordinator).mark_died())
    with pytest.raises(NotFound):
        house.kit.next_coordinator(peerkit.model.ids.new_id())
    with pytest.raises(Refused) as caught:
        house.kit.next_coordinator(house.coordinator)
    assert caught.value.codes == ("not-here",)
    made = house.kit.next_coordinator(house.sol)
    assert (made.person, made.role, made.state) == (house.sol.id, "coordinator", "held")
    assert "coordinator" in house.kit.grants(Actor(house.sol.id)).roles
    assert [one.decided_by for one in house.kit.storage.get("appointment", made.id).envelope.acts] == [
        "system:init"
    ]
    assert not any(one.code == "nobody-in-office" for one in house.kit.health().problems)
    assert len(house.every(Appointment, state="held")) == 1


# -- several at once, and nobody left ----------------------------------------------------------------


@pytest.mark.parametrize("act", ["leave", "mark_died"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_supervisor_and_their_supporter_who_go_in_one_commit_both_go(
    house: World, act: str, first: int
) -> None:
    both = [house.sol, house.kai]
    with house.kit.session(actor=house.coordinator) as s:
        for one in (both[first], both[1 - first]):
            by = {"by": says(one)} if act == "leave" else {}
            s.save(getattr(s.get(Person, one.id), act)(**by))
    assert [one.state for one in house.every(PeerSupporter)] == ["ended"]
    with pytest.raises(Refused):
        house.kit.break_glass(house.maya, reason="She does not answer", actor=house.kai)


def test_whoever_wrote_a_death_down_is_not_the_one_to_look(house: World) -> None:
    house.office("rita", "coordinator")
    house.save(house.get(house.maya).mark_died())
    [task] = house.every(Task, what="confirm-death")
    with pytest.raises(Refused) as caught:
        house.save(task.done())
    assert caught.value.codes == ("own-word",)
    house.watch.forward(days=5)
    house.kit.tick()
    assert house.get(task).asked_too != house.coordinator.id
    house.save(house.get(task).done(), actor=house.rita)


def test_with_nobody_else_it_lies_with_who_wrote_it_until_there_is_somebody(house: World) -> None:
    house.save(house.get(house.theo).mark_died())
    [task] = house.every(Task, what="confirm-death")
    assert task.owner == house.coordinator.id
    rita = house.office("rita", "coordinator")
    house.watch.forward(days=5)
    house.kit.tick()
    assert house.get(task).asked_too == rita.id


def test_who_alone_may_look_looks(house: World) -> None:
    """A wall keeps the one other human there is from the person: then nobody else can be asked."""
    house.save(Wall.put_up(person=house.maya, human=house.sol), actor=house.maya)
    house.save(Wall.put_up(person=house.maya, human=house.coordinator), actor=house.maya)
    house.save(house.get(house.maya).mark_died(), actor=house.kai)
    [task] = house.every(Task, what="confirm-death")
    assert task.owner == house.kai.id
    house.save(task.done(), actor=house.kai)


def test_a_follow_up_waits_for_somebody_whom_no_wall_keeps_away(house: World) -> None:
    house.save(Wall.put_up(person=house.maya, human=house.coordinator), actor=house.maya)
    asked = house.save(
        FollowUp.agree(person=house.maya, on=house.watch.at.date() + timedelta(days=120)), actor=house.maya
    )
    house.watch.forward(days=121)
    house.kit.tick()
    assert house.get(asked).state == "agreed"
    house.office("rita", "coordinator")
    house.kit.tick()
    assert house.get(asked).state == "due"
    assert looks(house, "follow-up") == [house.rita.id]


def test_what_only_who_left_would_lead_is_called_off_and_who_signed_up_hears(house: World) -> None:
    tea = Activity.plan(
        title="Tea", format="drop_in", facilitators=(house.kai,), local=TOMORROW, timezone=ZONE, sign_up=True
    )
    tea = house.save(tea, actor=house.kai)
    house.save(SignUp.sign_up(tea, person=house.theo), actor=house.theo)
    house.save(house.get(house.kai).leave(), actor=house.kai)
    assert house.get(tea).state == "cancelled"
    assert looks(house, "tell-signed-up") == [house.coordinator.id]


def test_who_was_asked_too_and_leaves_is_followed_by_another(house: World) -> None:
    rita = house.office("rita", "coordinator")
    task = house.save(Task.give(owner=house.kai, what="call", person=house.maya, due=house.watch.at))
    house.watch.forward(days=3)
    house.kit.tick()
    second = house.get(task).asked_too
    assert second == house.sol.id
    house.save(house.get(house.sol).leave(), actor=house.sol)
    house.kit.tick()
    assert house.get(task).asked_too in {rita.id, house.coordinator.id}


# -- facts ---------------------------------------------------------------------------------------------


def test_an_illness_and_a_wall_are_facts_whomever_they_name(house: World) -> None:
    gone = house.supporter("noor")
    house.save(house.get(gone).leave(), actor=gone)
    wall = house.save(Wall.put_up(person=house.maya, human=gone), actor=house.maya)
    assert wall.state == "standing"
    for cover in (gone.id, peerkit.model.ids.new_id()):
        leave = Leave.fall_ill(person=house.kai, starts=house.watch.at, cover=cover)
        assert house.get(house.save(leave, actor=house.kai)).cover == ""


def test_who_only_walks_beside_somebody_makes_nobody_their_cover(house: World) -> None:
    noor, vic = house.supporter("noor"), house.supporter("vic")
    house.match(house.kai, noor)
    house.save(Leave.fall_ill(person=house.kai, starts=house.watch.at, cover=vic), actor=noor)
    assert house.kit.grants(Actor(vic.id)).reach("cover") == frozenset()
    by = says(house.kai)
    house.save(Leave.fall_ill(person=house.kai, starts=house.watch.at, cover=vic, by=by), actor=noor)
    assert house.kit.grants(Actor(vic.id)).reach("cover") == {house.maya.id}
