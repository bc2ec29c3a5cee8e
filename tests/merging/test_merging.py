# SPDX-License-Identifier: Apache-2.0
"""Two records of one human become one, and two again where that was wrong."""

from __future__ import annotations

from typing import Any

import pytest
from merging_house import SAME, documents, full, join, named, part

from peerkit import (
    Actor,
    Alert,
    Appointment,
    GoalPlan,
    Malformed,
    Merge,
    NotFound,
    Person,
    Progress,
    Refused,
    Relationship,
    RiskScreen,
    Route,
    Task,
    Wall,
)
from peerkit.kit import merging

World = Any


def test_everything_that_hung_on_the_second_hangs_on_the_first(house: World) -> None:
    before = named(house, house.again)
    joined = join(house)
    assert joined.merge.state == "merged"
    after = named(house, house.maya)
    for kind, ids in before.items():
        assert ids <= after.get(kind, set()) or kind == "route", kind
    assert named(house, house.again).keys() <= {"route"}
    assert (house.get(house.again).state, house.get(house.again).into) == ("merged", house.maya.id)
    with house.kit.session(actor=house.maya) as s:
        assert len(s.find(GoalPlan)) == 2
        assert len(s.find(Progress)) == 2
    assert house.kit.verify().intact


def test_history_shows_where_it_stood_and_what_moved_it(house: World) -> None:
    plan = house.every(GoalPlan, person=house.again.id)[0]
    join(house)
    with house.kit.session(actor=house.maya) as s:
        versions = s.history(GoalPlan, plan.id)
    assert [one.person for one in versions] == [house.again.id, house.maya.id]
    envelope = versions[-1].trail.envelope
    assert ([act.name for act in envelope.acts], envelope.actor) == (["refile"], "system:merge")


def test_who_walks_beside_either_walks_beside_the_one_and_a_human_looks_at_it(house: World) -> None:
    join(house)
    with house.kit.session(actor=house.noor) as s:
        assert {plan.person for plan in s.find(GoalPlan)} == {house.maya.id}
    (route,) = [one for one in house.every(Route) if one.person == house.maya.id]
    assert route.open
    (old,) = [one for one in house.every(Route) if one.person == house.again.id]
    assert not old.open
    tasks = {task.what: task for task in house.every(Task, person=house.maya.id)}
    assert tasks["finish-merge"].state == "done"
    assert tasks["look-at-merged"].owner == route.holder


def test_a_supporter_enrolled_twice_keeps_everybody_they_walk_beside(house: World) -> None:
    theo = house.theo
    other = house.supporter("kai2")
    house.match(theo, other)
    assert [r.holder for r in house.every(Route) if r.person == theo.id] == [other.id]
    join(house, kept=house.kai, away=other)
    assert [r.holder for r in house.every(Route) if r.person == theo.id] == [house.kai.id]
    with house.kit.session(actor=house.kai) as s:
        assert {one.person for one in s.find(Relationship)} == {house.maya.id, theo.id}
    assert house.every(Task, what="reassign") == []


def test_a_coordinator_enrolled_twice_keeps_the_office(house: World) -> None:
    two = house.office("rob2", "coordinator")
    join(house, kept=house.rob3, away=two)
    assert [a.person for a in house.every(Appointment) if a.person == house.rob3.id] == [house.rob3.id]
    house.save(Person.enrol(name="New (fictional)"), actor=house.rob3)


# -- what may not be -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["same-person", "one-died", "seen-together", "own-merge", "no-right"])
def test_what_is_not_joined(house: World, code: str) -> None:
    kept, away, actor = house.maya, house.again, house.coordinator
    if code == "same-person":
        away = kept
    elif code == "one-died":
        house.save(away.mark_died())
    elif code == "seen-together":
        away = house.kai
    elif code == "own-merge":
        actor = house.office("maya", "coordinator")
    else:
        actor = house.kai
    with pytest.raises(Refused) as refused:
        join(house, kept, away, actor)
    assert code in {one.code for one in refused.value.objections}
    assert house.every(Merge) == []
    assert house.get(house.again).state in {"here", "died"}


def test_nobody_and_no_reason(house: World) -> None:
    with pytest.raises(NotFound):
        house.kit.merge(house.maya, "nobody", reason=SAME, actor=house.coordinator)
    with pytest.raises(Malformed, match="reason"):
        house.kit.merge(house.maya, house.again, reason=" ", actor=house.coordinator)


def test_two_who_both_died_are_joined(house: World) -> None:
    for one in (house.maya, house.again):
        house.save(house.get(one).mark_died())
    assert join(house).merge.state == "merged"
    assert house.get(house.maya).state == "died"


def test_whom_a_concern_names_is_not_who_it_is_about(house: World) -> None:
    house.kit.concern("He frightens her", about=house.again, names=(house.theo,))
    with pytest.raises(Refused, match="somebody in danger"):
        join(house, kept=house.theo)


def test_a_record_that_was_joined_begins_and_joins_nothing_more(house: World) -> None:
    join(house)
    with pytest.raises(Refused, match="joined with another"):
        house.save(Appointment.give(house.again, "on-call"))
    with pytest.raises(Refused, match="joined with another"):
        join(house, kept=house.theo)
    with pytest.raises(NotFound, match="joined with another"):
        house.kit.session(actor=house.again).__enter__()


def test_a_hosts_user_who_was_linked_to_the_second_is_the_one_now(house: World) -> None:
    house.kit.link("idp", "maya@example.org", house.again)
    join(house)
    assert house.kit.actor_for("idp", "maya@example.org").person == house.maya.id


def test_no_session_files_anything_anew(house: World) -> None:
    plan = house.every(GoalPlan, person=house.again.id)[0]
    moved = merging.refiled(plan, house.again.id, house.theo.id)
    for actor in (house.coordinator, house.again, Actor.system("x")):
        with pytest.raises(Refused, match="kit's own"):
            house.save(moved, actor=actor)


# -- alarms ----------------------------------------------------------------------------------------


def test_open_alerts_stay_open_one_a_screen_and_go_on_climbing(house: World) -> None:
    with house.kit.session(actor=house.kai) as s:
        mine = s.screening("asq", house.maya)
        mine.answer("q5", "yes")
    with house.kit.session(actor=house.noor) as s:
        theirs = s.screening("asq", house.again)
        theirs.answer("q1", "yes")
    before = {one.id: (one.state, one.level, one.reference) for one in house.every(Alert)}
    assert len(before) == 2
    join(house)
    after = {one.id: (one.state, one.level, one.reference) for one in house.every(Alert)}
    assert after == before
    assert {one.person for one in house.every(Alert)} == {house.maya.id}
    with house.kit.session(actor=house.noor) as s:
        s.screening("asq", house.maya, screen=theirs.id).answer("q5", "yes")
    assert {one.id: one.level for one in house.every(Alert)} == dict.fromkeys(
        before, "now"
    )  # raised, no other
    house.watch.forward(hours=2)
    climbs = {one.id: one.climbs for one in house.every(Alert)}
    house.kit.deliver()
    assert all(one.climbs > climbs[one.id] for one in house.every(Alert))
    assert len(house.every(RiskScreen, person=house.maya.id)) == 2


def test_a_concern_and_a_screen_for_the_record_that_was_are_the_persons(house: World) -> None:
    join(house)
    house.kit.concern("She is not well", about=house.again, by=house.noor)
    with house.kit.session(actor=house.noor) as s:
        s.screening("asq", house.again).answer("q5", "yes")
    assert {one.person for one in house.every(Alert)} == {house.maya.id}
    assert house.every(RiskScreen)[0].obstacles == ()


# -- parting ---------------------------------------------------------------------------------------


def test_parting_gives_back_exactly_what_hung_on_each(house: World) -> None:
    full(house)
    before, mine, theirs = documents(house), named(house, house.maya), named(house, house.again)
    joined = join(house)
    parted = part(house, joined)
    assert parted.merge.state == "parted"
    after = documents(house)
    assert {one: after[one] for one in before} == before
    for held, who in ((mine, house.maya), (theirs, house.again)):
        found = named(house, who)
        assert {kind: ids & found.get(kind, set()) for kind, ids in held.items()} == held
    assert house.get(house.again).state == "here"
    routes = {one.person: one.holder for one in house.every(Route) if one.open}
    assert (routes[house.maya.id], routes[house.again.id]) == (house.kai.id, house.noor.id)
    assert house.kit.verify().intact


def test_parted_each_is_somebodys_who_is_there_for_them(house: World) -> None:
    """Whoever had no supporter of their own is not left with the other's (a whole program found it)."""
    alone = house.alone
    joined = join(house, kept=alone)
    [route] = house.every(Route, person=alone.id)
    assert route.holder == house.noor.id
    part(house, joined)
    [route] = house.every(Route, person=alone.id)
    assert route.holder == house.coordinator.id
    [route] = house.every(Route, person=house.again.id)
    assert route.holder == house.noor.id


@pytest.mark.parametrize("walled_in_the_one_kept", [True, False])
def test_a_wall_of_one_record_ends_walking_together_in_the_other(
    house: World, *, walled_in_the_one_kept: bool
) -> None:
    """She is kept apart from Kai in one, and walks beside him in the other: the stricter holds, and somebody
    else has her (a whole program found it)."""
    alone = house.alone
    house.save(Wall.put_up(person=alone, human=house.kai))
    kept, away = (alone, house.maya) if walled_in_the_one_kept else (house.maya, alone)
    join(house, kept=kept, away=away)
    [both] = [one for one in house.every(Relationship) if one.supporter == house.kai.id]
    assert both.state == "ended"
    [route] = house.every(Route, person=kept.id)
    assert route.holder == house.coordinator.id


def test_parted_nobody_walks_beside_somebody_who_is_no_supporter(house: World) -> None:
    """Kai supported under a second record of his, and met Lou under the first while the two were one: parted,
    the first supports nobody, and Lou is somebody's who can (a whole program found it)."""
    joined = join(house, kept=house.alone, away=house.kai)
    met = house.match(house.lou, house.alone)
    part(house, joined)
    assert house.get(met).state == "ended"
    [route] = house.every(Route, person=house.lou.id)
    assert route.holder == house.coordinator.id
    [still] = house.every(Relationship, person=house.maya.id)
    assert (still.supporter, still.state) == (house.kai.id, "agreed")


def test_what_came_since_stays_and_is_listed_for_a_human(house: World) -> None:
    plan = house.every(GoalPlan, person=house.again.id)[0]
    joined = join(house)
    with house.kit.session(actor=house.maya) as s:
        fresh = s.save(GoalPlan.begin(person=house.maya, hopes="Since"))
        changed = s.save(s.get(GoalPlan, plan.id).add_goal("Also since"))
    parted = part(house, joined)
    assert {("goal_plan", fresh.id), ("goal_plan", changed.id)} <= set(parted.look)
    assert (house.get(fresh).person, house.get(changed).person) == (house.maya.id, house.again.id)
    assert f"goal_plan {fresh.id}" in parted.merge.look
    assert [t.what for t in house.every(Task, what="look-at-parted", state="open")] == ["look-at-parted"]


def test_a_later_merge_is_parted_first(house: World) -> None:
    first = join(house)
    second = join(house, kept=house.theo, away=house.maya)
    with pytest.raises(Refused, match="part that first"):
        part(house, first)
    part(house, second)
    part(house, first)
    assert {one.person for one in house.every(GoalPlan)} == {house.maya.id, house.again.id}


def test_joined_and_parted_and_joined_again(house: World) -> None:
    before = named(house, house.again)
    for _ in range(3):
        part(house, join(house))
    found = named(house, house.again)
    assert {kind: ids & found.get(kind, set()) for kind, ids in before.items()} == before


# -- walls and broken glasses ----------------------------------------------------------------------


@pytest.mark.parametrize("way", ["kept", "away"])
@pytest.mark.parametrize("shows", ["wall", "taken down", "glass"])
def test_between_whom_a_wall_or_a_glass_stands_are_two(house: World, shows: str, way: str) -> None:
    """A wall keeps a human from another; who broke a glass opened another's record."""
    one, other = (house.kai, house.theo) if way == "kept" else (house.theo, house.kai)
    if shows == "glass":
        house.kit.break_glass(house.theo, reason="She does not answer", actor=house.kai)
    else:
        wall = house.save(Wall.put_up(person=one, human=other))
        if shows == "taken down":
            house.save(wall.take_down())
    with pytest.raises(Refused) as refused:
        join(house, kept=house.kai, away=house.theo)
    assert refused.value.codes == ("seen-together",)


def test_what_was_opened_of_either_record_closes_when_they_are_joined(house: World) -> None:
    """Who broke the glass of one record did not give a reason for the other."""
    lee = house.supporter("lee")
    glasses = [house.kit.break_glass(one, reason="No answer", actor=lee) for one in (house.maya, house.again)]
    join(house)
    assert [house.get(glass).state for glass in glasses] == ["closed", "closed"]
    with house.kit.session(actor=lee) as s:
        assert list(s.find(GoalPlan)) == []
    house.kit.break_glass(house.maya, reason="Still none", actor=lee)
    with house.kit.session(actor=lee) as s:
        assert len(s.find(GoalPlan)) == 2


def test_a_glass_of_the_record_that_was_is_the_persons(house: World) -> None:
    lee = house.supporter("lee")
    join(house)
    glass = house.kit.break_glass(house.again, reason="No answer", actor=lee)
    assert glass.about == house.maya.id
    with house.kit.session(actor=lee) as s:
        assert len(s.find(GoalPlan)) == 2
