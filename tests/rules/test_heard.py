# SPDX-License-Identifier: Apache-2.0
"""Whatever a person writes by themselves has a reader and a time by which it is read, and where they write it
says that nobody watches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from peerkit import (
    Decision,
    Feedback,
    GoalPlan,
    Malformed,
    Meeting,
    Progress,
    Referral,
    Reply,
    SafetyPlan,
    Service,
    Task,
    Wall,
)

World = Any
DAY = timedelta(days=1)
BEFORE = datetime.fromisoformat("2026-03-01T10:00")
WORDS = "It was not like that"


@pytest.fixture
def house(world: World) -> World:
    """Maya, whom Kai supports, whom Sol supervises; Ola is on call."""
    world.office("ola", "on-call")
    world.match(world.maya, world.supporter("kai", supervisor=world.sol))
    return world


def asked(house: World) -> list[Task]:
    return list(house.every(Task, what="read-words", state="open"))


def held(house: World) -> Meeting:
    made = Meeting.enter(
        person=house.maya,
        supporter=house.kai,
        local=datetime.fromisoformat("2026-03-01T10:00"),
        timezone="America/Toronto",
    )
    made = house.save(made, actor=house.kai)
    return house.save(made.write_note("He came late", together="no"), actor=house.kai)


def plan(house: World) -> GoalPlan:
    return house.save(GoalPlan.begin(person=house.maya).add_goal("Sleep"), actor=house.maya)


def replied(house: World) -> Any:
    return Reply.give(held(house), person=house.maya, words=WORDS)


def noted(house: World) -> Any:
    made = plan(house)
    return Progress.note(plan=made, goal=made.goals[0].id, words=WORDS, author=house.maya)


def answered(house: World) -> Any:
    service = house.save(Service.list(entry={"name": "Dentist (fictional)"}))
    made = Referral.go_alone(person=house.maya, service=service, need="a dentist")
    return house.save(made, actor=house.maya).answer("no", words=WORDS)


WRITTEN = {
    "reply": replied,
    "feedback": lambda house: Feedback.give(person=house.maya, words=WORDS),
    "answer to a note": lambda house: house.get(held(house)).answer_note(WORDS),
    "progress": noted,
    "answer about a referral": answered,
}


@pytest.mark.parametrize("what", WRITTEN)
def test_what_a_person_writes_has_a_reader_by_tomorrow_and_then_a_second_one(house: World, what: str) -> None:
    made = WRITTEN[what](house)
    saved = house.save(made, actor=house.maya)
    [task] = asked(house)
    assert task.owner == (house.coordinator.id if what == "feedback" else house.kai.id)
    assert (task.person, task.about) == (house.maya.id, saved.id)
    assert task.due == house.watch.at + DAY
    house.watch.forward(days=3, minutes=1)
    house.kit.tick()
    assert house.get(task).asked_too not in {"", task.owner, house.maya.id}


def test_a_place_on_a_scale_is_read_where_it_has_words(house: World) -> None:
    made = plan(house)
    goal = made.goals[0].id
    made = house.save(made.write_scale(goal, ("1", "2", "3", "4", "5")), actor=house.maya)
    house.save(Progress.place(plan=made, goal=goal, level=1), actor=house.maya)
    assert asked(house) == []
    house.save(Progress.place(plan=made, goal=goal, level=-2, words=WORDS), actor=house.maya)
    assert [one.owner for one in asked(house)] == [house.kai.id]


def test_who_wrote_it_down_for_them_has_read_it(house: World) -> None:
    said = Decision.of(house.maya, how="spoken")
    house.save(Reply.give(held(house), person=house.maya, words=WORDS, by=said), actor=house.kai)
    own = plan(house)
    house.save(
        Progress.note(plan=own, goal=own.goals[0].id, words="We walked", author=house.kai), actor=house.kai
    )
    assert asked(house) == []


def test_nobody_is_asked_twice_while_something_of_theirs_waits(house: World) -> None:
    meeting = held(house)
    for _ in range(3):
        house.save(Reply.give(meeting, person=house.maya, words=WORDS), actor=house.maya)
    [task] = asked(house)
    house.save(task.done(), actor=house.kai)
    house.save(Reply.give(meeting, person=house.maya, words=WORDS), actor=house.maya)
    assert len(asked(house)) == 1


def test_words_that_were_taken_back_are_nobodys_to_read(house: World) -> None:
    reply = house.save(Reply.give(held(house), person=house.maya, words=WORDS), actor=house.maya)
    house.save(reply.take_back(), actor=house.maya)
    assert asked(house) == []


def test_what_else_they_wrote_meanwhile_is_still_read_when_some_of_it_is_taken_back(house: World) -> None:
    meeting = held(house)
    first = house.save(Reply.give(meeting, person=house.maya, words="Forget it"), actor=house.maya)
    [task] = asked(house)
    due = task.due
    house.watch.forward(minutes=5)
    second = house.save(Reply.give(meeting, person=house.maya, words=WORDS), actor=house.maya)
    house.save(first.take_back(), actor=house.maya)
    [task] = asked(house)
    assert (task.owner, task.due) == (house.kai.id, due)
    house.save(house.get(second).take_back(), actor=house.maya)
    assert asked(house) == []


def test_a_reply_that_is_taken_back_takes_no_other_words_with_it(house: World) -> None:
    note = noted(house)
    reply = house.save(Reply.give(held(house), person=house.maya, words="Forget it"), actor=house.maya)
    saved = house.save(note, actor=house.maya)
    house.save(reply.take_back(), actor=house.maya)
    assert [one.about for one in asked(house)] == [saved.id]


def test_who_is_spoken_of_is_not_asked_to_read_it(house: World) -> None:
    rita = house.office("rita", "coordinator")
    about = house.coordinator
    house.save(Feedback.give(person=house.maya, words=WORDS, about=about), actor=house.maya)
    assert [one.owner for one in asked(house)] == [rita.id]


def test_whom_an_open_concern_names_is_not_asked(house: World) -> None:
    meeting = held(house)
    house.kit.concern("He frightens me", house.maya, house.maya, names=(house.kai,))
    house.save(Reply.give(meeting, person=house.maya, words=WORDS), actor=house.maya)
    assert [one.owner for one in asked(house)] == [house.coordinator.id]


def test_what_a_supporter_does_not_read_goes_to_an_office_that_does(house: World) -> None:
    wall = house.save(Wall.put_up(person=house.maya, human=house.theo), actor=house.maya)
    house.save(Reply.give(wall, person=house.maya, words=WORDS), actor=house.maya)
    assert [one.owner for one in asked(house)] == [house.coordinator.id]


# -- where it is written -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Reply, "feedback", Meeting, Progress, Referral])
def test_where_a_person_writes_it_says_that_nobody_watches_and_whom_to_call(house: World, kind: Any) -> None:
    asked_to, cannot_wait, *lines = house.kit.unwatched(kind)
    assert "within a day" in asked_to
    assert "nobody watches" in asked_to
    assert "raise a concern" in cannot_wait
    assert any("9-8-8" in line for line in lines)


def test_what_nobody_is_asked_to_read_says_so(house: World) -> None:
    assert house.kit.unwatched(SafetyPlan)[0] == "Nobody is asked to read this, and nobody watches it."
    assert "personne" in house.kit.unwatched(SafetyPlan, "fr")[0].lower()


@pytest.mark.parametrize("kind", ["risk_screen", "concern", "delivery", "poem", ""])
def test_what_is_no_place_to_write_is_an_error(house: World, kind: str) -> None:
    with pytest.raises(Malformed, match="unwatched"):
        house.kit.unwatched(kind)
