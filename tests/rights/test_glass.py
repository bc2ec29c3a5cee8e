# SPDX-License-Identifier: Apache-2.0
"""Breaking the glass: what it opens, for how long, who hears of it, and who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import (
    Actor,
    BreakGlass,
    GoalPlan,
    Malformed,
    NotFound,
    Person,
    Read,
    Refused,
    Relationship,
    StorageError,
    Task,
)

World = Any
DAY = timedelta(days=1)


@pytest.fixture
def house(world: World) -> World:
    """Maya, whom Kai supports; Noor, who supports somebody else; Pat, the privacy contact."""
    world.match(world.maya, world.supporter("kai"))
    world.match(world.theo, world.supporter("noor"))
    world.office("pat", "privacy")
    for person in (world.maya, world.theo):
        world.save(GoalPlan.begin(person=person, hopes="Sleep"), actor=person)
    return world


def broken(world: World, who: Any = None, whom: Any = None) -> BreakGlass:
    found: BreakGlass = world.kit.break_glass(
        whom or world.maya, reason="She does not answer", actor=who or world.noor
    )
    return found


def hopes(world: World, who: Any) -> list[str]:
    with world.kit.session(actor=who) as s:
        return [plan.person for plan in s.find(GoalPlan)]


def test_it_opens_one_person_for_a_while_and_ends_by_itself(house: World) -> None:
    assert hopes(house, house.noor) == [house.theo.id]
    glass = broken(house)
    assert glass.until == house.watch.now() + timedelta(minutes=house.kit.program.glass_minutes)
    assert set(hopes(house, house.noor)) == {house.theo.id, house.maya.id}
    with house.kit.session(actor=house.noor) as s:
        assert s.get(Person, house.maya.id).name
        assert [one.person for one in s.find(Relationship) if one.person == house.maya.id]
        with pytest.raises(NotFound):
            s.get(Person, house.kai.id)  # another person's record stays shut
        house.watch.forward(minutes=60)
        assert [plan.person for plan in s.find(GoalPlan)] == [house.theo.id]  # also within a session
    assert hopes(house, house.noor) == [house.theo.id]


def test_it_opens_reading_and_no_act(house: World) -> None:
    broken(house)
    with house.kit.session(actor=house.noor) as s:
        (plan,) = [one for one in s.find(GoalPlan) if one.person == house.maya.id]
        with pytest.raises(Refused, match="may not record"):
            s.save(plan.suggest("Something"))


def test_whatever_is_read_behind_it_is_logged_with_it(house: World) -> None:
    glass = broken(house)
    hopes(house, house.noor)
    with house.kit.session(actor=house.noor) as s:
        s.find(Relationship)
    house.kit.concern("She does not open", about=house.maya)
    assert [one.person for one in house.kit.alerts(Actor(house.noor.id))] == [house.maya.id]
    reads = [one for one in house.every(Read) if one.reader == house.noor.id]
    behind = {one.of: one for one in reads if one.why == f"break_glass:{glass.id}"}
    assert {"alert", "goal_plan", "relationship"} <= behind.keys()
    assert {one.person for one in behind.values()} == {(house.maya.id,)}
    assert [one.why for one in reads if one.person == (house.theo.id,) and one.of == "goal_plan"] == [""]


def test_a_named_human_tells_and_another_one_reviews(house: World) -> None:
    glass = broken(house)
    tasks = {task.what: task for task in house.every(Task, about=glass.id)}
    assert (tasks["tell-of-glass"].owner, tasks["review-glass"].owner) == (house.kai.id, house.pat.id)
    with pytest.raises(Refused, match="another human"):
        house.save(
            glass.review(reviewer=house.noor, finding="sound"), actor=house.office("noor", "coordinator")
        )
    house.save(glass.tell(), actor=house.kai)
    house.save(house.get(glass).review(reviewer=house.pat, finding="not_sound"), actor=house.pat)
    states = {task.what: task.state for task in house.every(Task, about=glass.id)}
    assert states == {"tell-of-glass": "done", "review-glass": "done", "glass-not-sound": "open"}
    (look,) = house.every(Task, what="glass-not-sound")
    assert look.owner == house.coordinator.id


def test_nobody_reviews_in_anothers_name(house: World) -> None:
    glass = broken(house)
    with pytest.raises(Refused, match="says so themselves"):
        house.save(glass.review(reviewer=house.pat, finding="sound"))


def test_telling_is_put_off_where_it_endangers_and_comes_back_as_a_task(house: World) -> None:
    glass = broken(house)
    with house.kit.session(actor=house.maya) as s:
        assert [one.id for one in s.find(BreakGlass)] == [glass.id]
    when = house.watch.now() + 7 * DAY
    house.save(glass.tell_later(reason="endangers_person", tell_by=when), actor=house.kai)
    with house.kit.session(actor=house.maya) as s:
        assert list(s.find(BreakGlass)) == []
    with house.kit.session(actor=house.pat) as s:
        s.get(BreakGlass, glass.id)
    with house.kit.session(actor=house.maya) as s:
        assert "break_glass" not in {one.of for one in s.find(Read)}  # nor does the log of reading tell it
    (task,) = house.every(Task, what="tell-of-glass", state="open")
    assert (task.owner, task.due) == (house.kai.id, when)
    house.save(house.get(glass).tell(), actor=house.kai)
    assert house.every(Task, what="tell-of-glass", state="open") == []
    with house.kit.session(actor=house.maya) as s:
        assert s.get(BreakGlass, glass.id).told


def test_breaking_it_again_gives_the_same_and_afterwards_a_new_one(house: World) -> None:
    first = broken(house)
    assert broken(house).id == first.id
    house.watch.forward(hours=2)
    assert broken(house).id != first.id


def test_the_reader_closes_it_early(house: World) -> None:
    house.save(broken(house).close(), actor=house.noor)
    assert hopes(house, house.noor) == [house.theo.id]


def test_who_only_receives_support_breaks_no_glass(house: World) -> None:
    for who in (house.theo, house.sam, Actor.system("night")):
        with pytest.raises(Refused):
            broken(house, who=who)
    with pytest.raises(Refused):
        broken(house, who=Actor(house.noor.id, role="person"))
    assert house.every(BreakGlass) == []


def test_whom_an_open_concern_names_opens_nothing_and_what_they_opened_closes(house: World) -> None:
    broken(house)
    house.kit.concern("He frightens me", about=house.maya, names=(house.noor,))
    assert hopes(house, house.noor) == []
    with pytest.raises(Refused):
        broken(house)


@pytest.mark.parametrize("reason", ["", "  "])
def test_it_needs_a_reason(house: World, reason: str) -> None:
    with pytest.raises(Malformed, match="reason"):
        house.kit.break_glass(house.maya, reason=reason, actor=house.noor)


def test_of_nobody_and_of_oneself(house: World) -> None:
    with pytest.raises(NotFound):
        house.kit.break_glass("nobody", reason="Look", actor=house.noor)
    with pytest.raises(Refused, match="own record"):
        broken(house, whom=house.noor)


def test_no_session_saves_one(house: World) -> None:
    made = BreakGlass.begin(
        about=house.maya, reader=house.noor, until=house.watch.now() + DAY, reason="I like to know"
    )
    for who in (house.noor, house.coordinator, Actor.system("x")):
        with pytest.raises(Refused):
            house.save(made, actor=who)


def test_a_log_that_fails_refuses_ordinary_reads_and_not_one_behind_a_broken_glass(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    glass = broken(house)
    real = house.kit.storage.commit

    def full(*_: Any, **__: Any) -> Any:
        raise StorageError("the disk is full")

    monkeypatch.setattr(house.kit._storage, "commit", full)
    with house.kit.session(actor=house.noor) as s:
        plans = s.find(GoalPlan, person=house.maya.id)
        assert len(plans) == 1
        with pytest.raises(StorageError):
            s.find(GoalPlan, person=house.theo.id)
    assert "reads-unlogged" in {one.code for one in house.kit.health().problems}
    monkeypatch.setattr(house.kit._storage, "commit", real)
    house.kit.deliver()
    why = f"break_glass:{glass.id}"
    assert [one.records for one in house.every(Read) if one.why == why] == [(plans[0].id,)]
    assert house.kit.unlogged == []
