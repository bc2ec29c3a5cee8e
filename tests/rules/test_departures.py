# SPDX-License-Identifier: Apache-2.0
"""Departures take effect at once, and in the same commit somebody else knows that the person is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import (
    Actor,
    Appointment,
    Credential,
    Decision,
    Leave,
    PeerSupporter,
    Person,
    Program,
    Recipient,
    Refused,
    Relationship,
    Route,
    Task,
)
from peerkit.testing import TimeMachine


@attrs.define
class House:
    kit: peerkit.Kit
    clock: TimeMachine
    robin: str
    maya: Person
    sam: Person
    kim: Person
    relation: Relationship

    def route(self) -> Route:
        with self.kit.session(actor=self.maya) as s:
            (found,) = (r for r in s.find(Route) if r.person == self.maya.id)
            return found

    def tasks(self, who: str) -> list[str]:
        with self.kit.session(actor=who) as s:
            return [task.what for task in s.due()]


@pytest.fixture
def house() -> Iterator[House]:
    clock = TimeMachine()
    with peerkit.open("memory:", clock=clock, discover=False) as kit:
        with kit.session() as s:
            maya, sam, kim = (s.save(Person.enrol(name=name)) for name in ("Maya", "Sam", "Kim"))
            for one in (sam, kim):
                s.save(PeerSupporter.welcome(one, by=Decision.of(one, how="paper", evidence="binder 3")))
            asked = Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken"))
            relation = s.save(asked.propose(sam))
        with kit.session(actor=maya) as s:
            s.save(s.get(Relationship, relation).agree())
        with kit.session(actor=sam) as s:
            relation = s.save(s.get(Relationship, relation).take_on())
        yield House(kit, clock, kit.sandbox_coordinator, maya, sam, kim, relation)


def test_an_agreed_relationship_takes_the_route(house: House) -> None:
    assert (house.route().holder, house.route().because) == (house.sam.id, "relationship")


def test_either_ends_it_at_once_and_somebody_else_has_the_person(house: House) -> None:
    with house.kit.session(actor=house.sam) as s:
        s.save(s.get(Relationship, house.relation).end())
    assert (house.route().holder, house.route().because) == (house.robin, "coordinator")
    assert "reassign" in house.tasks(house.robin)


def test_a_supporters_death_ends_all_that_was_theirs_in_one_commit(house: House) -> None:
    with house.kit.session() as s:
        s.save(s.get(Person, house.sam).mark_died())
    with house.kit.session() as s:
        assert s.get(Relationship, house.relation).state == "ended"
        (role,) = (r for r in s.find(PeerSupporter) if r.person == house.sam.id)
        assert role.state == "ended"
    assert house.route().holder == house.robin


def test_a_supporter_who_stops_walks_beside_nobody_any_more(house: House) -> None:
    """The relationship ends with the role, in the same commit; it is not only somebody else's person."""
    with house.kit.session(actor=house.sam) as s:
        mine = next(role for role in s.find(PeerSupporter) if role.person == house.sam.id)
        s.save(mine.step_down())
    with house.kit.session(actor=house.maya) as s:
        ended = s.get(Relationship, house.relation.id)
    assert (ended.state, ended.ending) == ("ended", "supporter_left")
    assert house.route().holder == house.robin


def test_what_was_due_from_somebody_who_left_is_due_from_somebody_who_is_here(house: House) -> None:
    with house.kit.session(actor=house.sam) as s:
        s.save(Task.give(owner=house.sam, what="call", person=house.maya))
        s.save(s.get(Person, house.sam.id).leave())
    assert "call" in house.tasks(house.robin)


def test_a_route_whose_holder_holds_office_for_a_time_reads_as_anothers_from_that_minute(
    house: House,
) -> None:
    """Before anything is written, ticked or delivered."""
    with house.kit.session(actor=house.robin) as s:
        until = house.clock.now() + timedelta(days=3)
        s.save(Appointment.give(house.kim, "coordinator", ends=until))
    with house.kit.session(actor=house.kim) as s:
        lou = s.save(Person.enrol(name="Lou"))
    with house.kit.session(actor=house.robin) as s:
        [route] = [one for one in s.find(Route) if one.person == lou.id]
    assert (route.holder, route.until) == (house.kim.id, until)
    assert route.holder_at(until - timedelta(seconds=1)) == house.kim.id
    assert route.holder_at(until) == house.robin


def test_while_a_supporter_is_away_the_route_reads_as_the_covers_from_the_first_minute(house: House) -> None:
    starts = house.clock.now() + timedelta(days=1)
    with house.kit.session(actor=house.sam) as s:
        leave = s.save(
            Leave.plan(person=house.sam, cover=house.kim, starts=starts, ends=starts + timedelta(days=2))
        )
    route = house.route()
    whose = [route.holder_at(starts + timedelta(hours=hours)) for hours in (-1, 0, 47, 48)]
    assert whose == [house.sam.id, house.kim.id, house.kim.id, house.sam.id]
    assert "cover" in house.tasks(house.kim.id)
    with house.kit.session(actor=house.sam) as s:
        s.save(s.get(Leave, leave).cancel())
    assert house.route().holder_at(starts) == house.sam.id


def test_leave_whose_cover_is_away_too_is_refused(house: House) -> None:
    starts = house.clock.now() + timedelta(days=1)
    with house.kit.session(actor=house.kim) as s:
        s.save(Leave.plan(person=house.kim, cover=house.sam, starts=starts, ends=starts + timedelta(days=2)))
    with pytest.raises(Refused) as refused, house.kit.session(actor=house.sam) as s:
        s.save(Leave.plan(person=house.sam, cover=house.kim, starts=starts, ends=starts + timedelta(days=1)))
    assert refused.value.codes == ("no-cover",)


def test_an_office_that_ends_hands_its_persons_on_and_the_last_one_waits(house: House) -> None:
    with house.kit.session() as s:
        lee = s.save(Person.enrol(name="Lee"))
        (office,) = (a for a in s.find(Appointment) if a.role == "coordinator")
    with pytest.raises(Refused, match="appoint another"), house.kit.session() as s:
        s.save(s.get(Appointment, office).end())
    with house.kit.session() as s:
        s.save(Appointment.give(house.kim, "coordinator"))
        s.save(s.get(Appointment, office).end())
    with house.kit.session(actor=lee) as s:
        (route,) = (r for r in s.find(Route) if r.person == lee.id)
    assert route.holder == house.kim.id


def test_the_death_of_the_last_coordinator_is_a_fact_and_not_refused(house: House) -> None:
    with house.kit.session() as s:
        s.save(s.get(Person, house.robin).mark_died())
    with house.kit.session(actor=house.maya) as s:
        assert s.get(Relationship, house.relation).state == "agreed"
        assert [a.state for a in s.find(Appointment)] == ["over"]


def test_a_person_who_leaves_is_let_go_and_may_come_back(house: House) -> None:
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(Person, house.maya).leave())
    assert not house.route().open
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(Person, house.maya).come_back())
    assert house.route().open
    assert house.route().holder == house.robin


def test_tasks_of_a_referral_and_of_an_enquiry_go_to_whoever_the_person_is_with(house: House) -> None:
    with house.kit.session(actor=house.kim) as s:
        s.save(Relationship.enquire(person=house.kim))
    with house.kit.session() as s:
        assert [t.owner for t in s.find(Task, what="match") if t.person == house.kim.id] == [house.robin]


def test_nobody_has_to_look_for_a_match_once_somebody_is_proposed(house: House) -> None:
    with house.kit.session(actor=house.kim) as s:
        asked = s.save(Relationship.enquire(person=house.kim))
    assert "match" in house.tasks(house.robin)
    with house.kit.session() as s:
        s.save(s.get(Relationship, asked).propose(house.sam))
    assert "match" not in house.tasks(house.robin)


def test_whoever_supports_somebody_may_note_a_recipient_and_a_stranger_may_not(house: House) -> None:
    with house.kit.session(actor=house.sam) as s:
        s.save(Recipient.add(name="Fable Clinic"))
    with pytest.raises(Refused, match="no-right"), house.kit.session(actor=house.kim) as s:
        s.save(Recipient.add(name="Fable Clinic"))


def test_who_would_have_somebody_next_is_somebody_who_is_here(world: Any) -> None:
    """Kai's check runs out in three days; who would have Maya then leaves before, and no tick runs after."""
    kai, dana = world.supporter("kai"), world.office("dana", "coordinator")
    day = world.watch.at.date()
    [program] = world.every(Program)
    world.save(program.update(settings={"needs": ("cpr",)}))
    ends = day + timedelta(days=3)
    world.save(Credential.issue(person=kai, what="cpr", issued_by="red-cross", since=day, until=ends))
    world.match(world.maya, kai)

    def route() -> Any:
        return next(one for one in world.every(Route) if one.person == world.maya.id)

    coordinators = {world.coordinator.id: world.coordinator, dana.id: dana}
    first = coordinators.pop(route().fallback)
    [other] = coordinators.values()
    world.save(world.get(first).leave(), actor=first)
    world.watch.forward(days=5)
    assert route().holder_at(world.watch.at) == other.id


def office_of(world: Any, person: Any) -> Any:
    return next(one for one in world.every(Appointment) if one.person == person.id)


@pytest.mark.parametrize("actor", [None, Actor.system("host")])
def test_the_last_coordinator_in_office_does_not_end_it_whoever_asks(world: Any, actor: Any) -> None:
    """One whose time is over, or has not come, is none."""
    world.office("rita", "coordinator", ends=world.watch.at + timedelta(days=1))
    world.office("dana", "coordinator", starts=world.watch.at + timedelta(days=30))
    world.watch.forward(days=3)
    with pytest.raises(Refused) as caught:
        world.save(office_of(world, world.coordinator).end(), actor=actor)
    assert caught.value.codes == ("last-coordinator",)
    world.save(office_of(world, world.rita).end())  # it was over anyway
    world.watch.forward(days=30)
    world.save(office_of(world, world.coordinator).end(), actor=actor)
