# SPDX-License-Identifier: Apache-2.0
"""Taking the module into a relationship, going on with it, leaving it; what opens a gate meanwhile."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from peerkit_diabetes import DiabetesEnrolment

from peerkit import (
    Activity,
    Credential,
    Decision,
    NotFound,
    PeerSupporter,
    Person,
    Refused,
    Relationship,
    Task,
)


def joined(house: Any) -> DiabetesEnrolment:
    with house.kit.session(actor=house.maya) as s:
        return s.save(DiabetesEnrolment.join(person=house.maya, relationship=house.walk))


def tasks(house: Any, human: Person) -> list[str]:
    with house.kit.session(actor=human) as s:
        return sorted(task.what for task in s.find(Task, owner=human.id, state="open"))


def test_without_the_gates_nobody_takes_it_up_and_the_refusal_says_what_is_missing(house: Any) -> None:
    house.give("core-essentials", "diabetes-review")
    with pytest.raises(Refused) as refused:
        joined(house)
    assert refused.value.codes == ("diabetes-gates",)
    told = str(refused.value)
    assert "two-day session" in told
    assert "diabetes-session" in told  # how to get it
    assert "application quiz" in told
    assert "self-guided" not in told
    head, *lines = str(refused.value.objections[0].sentence).splitlines()
    assert head.endswith("needs:")
    assert [one.split(" (")[0] for one in lines] == ["  – the two-day session", "  – the application quiz"]
    with house.kit.session(actor=house.maya) as s:
        assert not s.find(DiabetesEnrolment)


def test_with_them_the_person_joins_and_leaves_whenever_they_like(house: Any) -> None:
    house.give(*house.gates)
    enrolment = joined(house)
    with house.kit.session(actor=house.maya) as s:
        left = s.save(s.get(DiabetesEnrolment, enrolment.id).leave())
    assert left.state == "left"
    joined(house)  # and come back


def test_it_is_the_persons_decision(house: Any) -> None:
    house.give(*house.gates)
    with house.kit.session(actor=house.kai) as s:
        with pytest.raises(Refused):
            s.save(DiabetesEnrolment.join(person=house.maya, relationship=house.walk))
        said = Decision.of(house.maya, how="spoken")
        s.save(DiabetesEnrolment.join(person=house.maya, relationship=house.walk, by=said))


def test_any_course_that_the_program_recognizes_is_a_foundation(house: Any) -> None:
    house.give("riverside-foundations", *house.gates[1:])
    with pytest.raises(Refused):
        joined(house)
    with house.coordinating() as s:
        s.save(house.kit.program.update(settings={"recognizes": ("riverside-foundations",)}))
    joined(house)


@pytest.mark.parametrize("state", ["enquiry", "ended"])
def test_it_is_taken_into_a_relationship_that_is_agreed(house: Any, state: str) -> None:
    house.give(*house.gates)
    with house.kit.session(actor=house.maya) as s:
        if state == "ended":
            walk = s.save(s.get(Relationship, house.walk.id).end())
        else:
            walk = s.save(Relationship.enquire(person=house.maya, hopes="somebody else"))
    with pytest.raises(Refused) as refused, house.kit.session(actor=house.maya) as s:
        s.save(DiabetesEnrolment.join(person=house.maya, relationship=walk))
    assert refused.value.codes == ("diabetes-no-relationship",)


def test_it_is_taken_up_once(house: Any) -> None:
    house.give(*house.gates)
    joined(house)
    with pytest.raises(Refused) as refused:
        joined(house)
    assert refused.value.codes == ("diabetes-joined",)


def test_nobody_elses_relationship(house: Any) -> None:
    house.give(*house.gates)
    with house.coordinating() as s:
        omar = s.save(Person.enrol(name="Omar (fictional)"))
    with pytest.raises(Refused), house.kit.session(actor=omar) as s:
        s.save(DiabetesEnrolment.join(person=omar, relationship=house.walk))


def test_a_supporter_who_takes_over_has_passed_the_gates_too(house: Any) -> None:
    house.give(*house.gates)
    enrolment = joined(house)
    with house.coordinating() as s:
        s.save(PeerSupporter.welcome(house.noor, by=Decision.of(house.noor, how="spoken")))
    other = house.walking(house.maya, house.noor)

    def go_on() -> None:
        with house.kit.session(actor=house.maya) as s:
            s.save(s.get(DiabetesEnrolment, enrolment.id).go_on(other))

    with pytest.raises(Refused) as refused:
        go_on()
    assert refused.value.codes == ("diabetes-gates",)
    house.give(*house.gates, to=house.noor)
    go_on()


def test_a_gate_that_runs_out_drops_nobody_and_is_two_humans_task_once(house: Any) -> None:
    house.give(*house.gates[:3])
    house.give(house.gates[3], until=date(2027, 3, 9))
    enrolment = joined(house)
    house.time.forward(days=8)  # its last day
    house.kit.tick()
    assert "diabetes-gates" not in tasks(house, house.kai)
    house.time.forward(days=1)
    house.kit.tick()
    house.kit.tick()
    assert tasks(house, house.kai).count("diabetes-gates") == 1
    assert tasks(house, house.noor).count("diabetes-gates-of-supporter") == 1
    with house.kit.session(actor=house.maya) as s:
        now = s.get(DiabetesEnrolment, enrolment.id)
    assert (now.state, now.gates_open) == ("joined", ("application",))


def test_no_task_for_whoever_they_answer_to_names_the_person(house: Any) -> None:
    house.give(*house.gates[:3])
    (last,) = house.give(house.gates[3])
    joined(house)
    with house.coordinating() as s:
        s.save(s.get(Credential, last.id).suspend())
    with house.kit.session(actor=house.noor) as s:
        (task,) = s.find(Task, what="diabetes-gates-of-supporter")
        assert house.maya.id not in repr(task.subjects)
        assert task.about not in {house.walk.id, house.maya.id}


def test_a_gate_that_is_passed_again_is_noted_and_asks_nobody_anew(house: Any) -> None:
    house.give(*house.gates[:3])
    (last,) = house.give(house.gates[3], until=date(2027, 3, 9))
    enrolment = joined(house)
    house.time.forward(days=10)
    house.kit.tick()
    with house.coordinating() as s:
        s.save(s.get(Credential, last.id).renew(date(2028, 3, 9)))
    with house.kit.session(actor=house.maya) as s:
        now = s.get(DiabetesEnrolment, enrolment.id)
    assert (now.gates_until, now.gates_open) == (date(2028, 3, 9), ())
    assert tasks(house, house.kai).count("diabetes-gates") == 1


def test_only_the_two_read_it(house: Any) -> None:
    house.give(*house.gates)
    enrolment = joined(house)
    with house.kit.session(actor=house.kai) as s:
        assert s.get(DiabetesEnrolment, enrolment.id).state == "joined"
    for other in (house.coordinator, house.noor):
        with house.kit.session(actor=other) as s, pytest.raises((NotFound, Refused)):
            s.get(DiabetesEnrolment, enrolment.id)


def test_who_leads_a_group_needs_to_know_how(house: Any) -> None:
    house.give(*house.gates)

    def plan() -> None:
        with house.coordinating() as s:
            s.save(
                Activity.plan(
                    title="Food and mood",
                    format="diabetes_group",
                    facilitators=(house.kai,),
                    local=datetime.fromisoformat("2027-04-01T18:00"),
                    timezone="America/Toronto",
                )
            )

    with pytest.raises(Refused) as refused:
        plan()
    assert "leading groups" in str(refused.value)
    house.give("group-facilitation")
    plan()


def test_a_group_that_took_place_is_written_down_and_asked_about(house: Any) -> None:
    with house.coordinating() as s:
        s.save(
            Activity.enter(
                title="Food and mood",
                format="diabetes_group",
                facilitators=(house.kai,),
                local=datetime.fromisoformat("2027-02-25T18:00"),
                timezone="America/Toronto",
                headcount=6,
            )
        )
    assert "diabetes-gates" in tasks(house, house.kai)
