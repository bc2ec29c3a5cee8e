# SPDX-License-Identifier: Apache-2.0
"""Who also works here has a record as anybody has; no colleague opens it by an office, only who they let."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Actor, Alert, Answer, Appointment, Feedback, NotFound, Person, RiskScreen

World = Any


@pytest.fixture
def house(world: World) -> World:
    """Kai supports Maya, and is himself supported by Noor, whom Rita supervises; Ola is on call."""
    world.office("ola", "on-call")
    world.office("rita", "supervisor")
    world.match(world.maya, world.supporter("kai", supervisor=world.sol))
    world.match(world.kai, world.supporter("noor", supervisor=world.rita))
    return world


def screened(house: World, person: Any, by: Any) -> str:
    with house.kit.session(actor=by) as s:
        screen = s.screening("asq", person=person)
        screen.answer("q1", False)  # noqa: FBT003  # an answer
        return str(screen.id)


def sees(house: World, who: Any, screen: str, **role: Any) -> bool:
    """Whether somebody sees the screen and its answers, by id, in a list and in a count alike."""
    with house.kit.session(actor=Actor(who.id, **role)) as s:
        found = screen in {one.id for one in s.find(RiskScreen)}
        assert bool([one for one in s.find(Answer) if one.screen == screen]) is found
        assert (s.count(RiskScreen, person=s.find(RiskScreen)[0].person) > 0) if found else True
        if found:
            assert s.get(RiskScreen, screen).id == screen
        else:
            with pytest.raises(NotFound):
                s.get(RiskScreen, screen)
        return found


def test_no_office_opens_the_record_of_somebody_who_works_here(house: World) -> None:
    screen = screened(house, house.kai, house.noor)
    assert not any(sees(house, who, screen) for who in (house.ola, house.rita, house.sol))
    assert sees(house, house.kai, screen)
    assert sees(house, house.noor, screen)  # with whom he walks


def test_nothing_changes_for_who_only_comes_here(house: World) -> None:
    screen = screened(house, house.maya, house.kai)
    assert sees(house, house.ola, screen)


def test_nobody_counts_what_is_closed_to_them(house: World) -> None:
    screened(house, house.kai, house.noor)
    with house.kit.session(actor=house.ola) as s:
        assert (s.count(RiskScreen), len(s.find(RiskScreen))) == (0, 0)
    with house.kit.session(actor=house.noor) as s:
        assert s.count(RiskScreen) == 1


def test_no_alarm_about_them_is_hidden(house: World) -> None:
    with house.kit.session(actor=house.noor) as s:
        s.screening("asq", person=house.kai).answer("q5", True)  # noqa: FBT003  # an answer
    for who in (house.ola, house.coordinator):
        assert [one.id for one in house.kit.alerts(who.id)] == [one.id for one in house.every(Alert)]


def test_a_broken_glass_opens_it_and_is_told(house: World) -> None:
    screen = screened(house, house.kai, house.noor)
    house.kit.break_glass(house.kai, reason="He does not answer his door", actor=house.ola)
    assert sees(house, house.ola, screen)


def test_what_they_say_of_their_support_is_theirs_to_share(house: World) -> None:
    given = house.save(Feedback.give(person=house.kai, words="It helps me"), actor=house.kai)
    with house.kit.session(actor=house.coordinator) as s, pytest.raises(NotFound):
        s.get(Feedback, given.id)
    house.save(house.get(given).share(house.coordinator), actor=house.kai)
    with house.kit.session(actor=house.coordinator) as s:
        assert s.get(Feedback, given.id).words == "It helps me"


def test_an_office_given_in_the_meantime_closes_it_at_once(house: World) -> None:
    screen = screened(house, house.maya, house.kai)
    assert sees(house, house.ola, screen)
    office = house.save(Appointment.give(house.maya, "privacy"))
    assert not sees(house, house.ola, screen)
    house.save(house.get(office).end())
    assert sees(house, house.ola, screen)


def test_who_they_are_and_their_role_stay_in_the_open(house: World) -> None:
    with house.kit.session(actor=house.coordinator) as s:
        assert s.get(Person, house.kai.id).state == "here"
