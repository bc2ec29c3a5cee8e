# SPDX-License-Identifier: Apache-2.0
"""What a program reports of the module: no cell of fewer than five people, nor what would give one away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from peerkit_diabetes import DiabetesEnrolment, suggested

from peerkit import Activity, Decision, GoalPlan, PeerSupporter, Person, Referral, Service

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 31)


def enrolled(house: Any, several: int) -> list[Person]:
    """So many people who joined, five beside Kai and the others beside Noor."""
    house.give(*house.gates)
    house.give(*house.gates, to=house.noor)
    with house.coordinating() as s:
        s.save(PeerSupporter.welcome(house.noor, by=Decision.of(house.noor, how="spoken")))
        people = [house.maya, *(s.save(Person.enrol(name=f"P{n} (fictional)")) for n in range(several - 1))]
    for number, one in enumerate(people):
        beside = house.kai if number < 5 else house.noor
        walk = house.walk if one is house.maya else house.walking(one, beside)
        with house.kit.session(actor=one) as s:
            s.save(DiabetesEnrolment.join(person=one, relationship=walk))
    return people


def leave(house: Any, people: list[Person]) -> None:
    for one in people:
        with house.kit.session(actor=one) as s:
            [held] = s.find(DiabetesEnrolment, person=one.id)
            s.save(held.leave())


def cells(house: Any, first: date = FIRST, last: date = LAST, **more: Any) -> dict[str, int | None]:
    with house.coordinating() as s:
        [section] = s.counts(first, last, **more).sections
    assert section.name == "diabetes"
    return {cell.code: cell.number for cell in section.cells}


@pytest.mark.parametrize("several", [4, 5])
def test_four_are_not_told_and_five_are(house: Any, several: int) -> None:
    enrolled(house, several)
    told = None if several < 5 else several
    found = cells(house)
    assert (found["enrolled"], found["joined"]) == (told, told)
    assert cells(house, own_use=True)["enrolled"] == several


def test_nobody_is_worked_out_by_what_is_left(house: Any) -> None:
    people = enrolled(house, 7)
    leave(house, people[:2])
    found = cells(house)
    assert cells(house, own_use=True)["left"] == 2
    assert found["left"] is None
    # joined less enrolled would be two
    assert None in {found["enrolled"], found["joined"]}


def test_as_it_was_at_the_end_of_the_period(house: Any) -> None:
    people = enrolled(house, 6)
    house.time.forward(days=40)
    leave(house, people)
    march = cells(house, own_use=True)
    assert (march["enrolled"], march["joined"], march["left"]) == (6, 6, 0)
    april = cells(house, date(2027, 4, 1), date(2027, 4, 30), own_use=True)
    assert (april["enrolled"], april["joined"], april["left"]) == (0, 0, 6)


@pytest.mark.parametrize(("several", "shown"), [(6, 6), (5, None), (4, None)])
def test_goals_that_people_made_their_own(house: Any, several: int, shown: int | None) -> None:
    """Of six people in the module; where five did, it would be told of one that they did not."""
    for number, one in enumerate(enrolled(house, 6)):
        with house.kit.session(actor=one) as s:
            plan = s.save(GoalPlan.begin(person=one).add_goal("something else"))
            plan = s.save(suggested(s, plan, ["water", "shoes"]))
            if number < several:
                s.save(plan.adopt(plan.goals[1].id, words="a bottle in my bag"))
    mine = cells(house, own_use=True)
    assert (mine["intending"], mine["intentions"]) == (several, several)
    assert cells(house)["intending"] == shown
    house.time.forward(days=40)
    assert cells(house, date(2027, 4, 1), date(2027, 4, 30), own_use=True)["intentions"] == 0


def test_needs_referred_by_what_the_service_says_else_by_the_need(house: Any) -> None:
    people = enrolled(house, 6)
    with house.coordinating() as s:
        pantry = s.save(Service.list(entry={"name": "Pantry (fictional)", "needs": ("Food",)}))
        plain = s.save(Service.list(entry={"name": "Office (fictional)"}))
        omar = s.save(Person.enrol(name="Omar (fictional)"))
    for one in (*people, omar):  # Omar is not in the module
        with house.kit.session(actor=one) as s:
            s.save(Referral.go_alone(person=one, service=pantry, need="a choir"))
    with house.kit.session(actor=house.maya) as s:
        s.save(Referral.go_alone(person=house.maya, service=plain, need="mon logement"))
        s.save(Referral.go_alone(person=house.maya, service=plain, need="a choir"))
    mine = cells(house, own_use=True)
    names = ("referred", "referred-food", "referred-housing", "referred-income")
    assert [mine[one] for one in names] == [6, 6, 1, 0]
    found = cells(house)
    assert (found["referred-food"], found["referred-housing"], found["referred"]) == (6, None, None)


def test_supporters_with_every_gate_and_groups(house: Any) -> None:
    house.give(*house.gates, "group-facilitation")
    with house.coordinating() as s:
        others = [s.save(Person.enrol(name=f"S{n} (fictional)")) for n in range(5)]
        for one in others:
            s.save(PeerSupporter.welcome(one, by=Decision.of(one, how="spoken")))
    for one in others[:4]:
        house.give(*house.gates, to=one)
    house.give(*house.gates[:3], to=others[4])
    with house.coordinating() as s:
        for day, heads, form in ((3, 6, "diabetes_group"), (10, 8, "diabetes_group"), (4, 20, "drop_in")):
            s.save(
                Activity.enter(
                    title="Food and mood",
                    format=form,
                    facilitators=(house.kai,),
                    local=datetime.fromisoformat(f"2027-02-{day:02}T18:00"),
                    timezone="America/Toronto",
                    headcount=heads,
                )
            )
    found = cells(house, date(2027, 2, 1), date(2027, 3, 31), own_use=True)
    assert (found["gates"], found["groups"], found["heads"]) == (5, 2, 14)
    assert cells(house, date(2027, 2, 4), date(2027, 3, 31), own_use=True)["heads"] == 8
    shown = cells(house, date(2027, 2, 1), date(2027, 3, 31))
    assert (shown["gates"], shown["groups"]) == (5, None)


def test_it_speaks_french(house: Any) -> None:
    with house.coordinating() as s:
        [section] = s.counts(FIRST, LAST).sections
    say = house.kit.plugins.texts("fr")
    assert say(section.title) == "Autogestion du diabète"
    assert all(say(cell.label) != str(cell.label) for cell in section.cells)
