# SPDX-License-Identifier: Apache-2.0
"""Erasing loses no alarm and leaves nobody without a human; and nothing that was erased comes back."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Appointment, Conflict, GoalPlan, NotFound, Person, Refused, Relationship, Task
from peerkit.model.response import NEEDS
from peerkit.safety.lane import derived

CANARY = "canary in own words"


def erase(world: Any, *records: str) -> Any:
    return world.kit.erase(*records, basis="wish", asked_by=world.maya, decided_by=world.cora)


def refusal(world: Any, *records: str) -> set[str]:
    with pytest.raises(Refused) as caught:
        erase(world, *records)
    return set(caught.value.codes)


def closed(world: Any, by: str = "sue") -> None:
    world.acknowledge(by)
    world.respond(by, "act", words="we talked")
    world.respond(by, "close_incomplete", reasons=dict.fromkeys(NEEDS, "done_elsewhere"))


# -- no alarm is lost by it ------------------------------------------------------------------------


def test_an_open_alert_about_nobody_known_is_not_erased_nor_what_it_comes_from(world: Any) -> None:
    world.kit.concern("A man in the park said that he would not be here tomorrow")
    screen = world.screen(about="")
    screen.answer("q5", value=True)
    (concern,), (other,) = ([a for a in world.alerts if bool(a.concern) is both] for both in (True, False))
    with world.kit.session(actor=world.ola) as s:
        s.respond(other.id, "act", words="she went there")
    made = [concern.id, concern.concern, other.id, screen.id, derived(other.id, "response")]
    for one in made:  # an open concern is relied on besides
        assert refusal(world, one) - {"relied-on"} == {"alert-open"}
    assert len(world.kit.alerts()) == 2


def test_a_screen_whose_alert_was_erased_still_alarms(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", value=True)
    closed(world)
    erase(world, world.alert().id)
    assert world.kit.alerts() == ()
    steps = screen.answer("q5", value=True)
    (line,) = world.kit.alerts()
    assert (line.level, line.reference) == ("now", steps.reference)
    assert world.wire.to[-1] == "ola"
    screen.answer("q5-describe", value="still")
    assert len(world.kit.alerts()) == 1


def test_an_alert_whose_response_was_erased_can_still_be_acted_on(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", value=True)
    closed(world)
    erase(world, derived(world.alert().id, "response"))
    screen.answer("q5", value=True)
    world.acknowledge("sue")
    assert world.respond("sue", "act", words="we went to the hospital together").state == "open"
    assert world.alert().state == "acting"


def test_a_screen_that_was_erased_can_be_ended(world: Any) -> None:
    screen = world.screen(about="somebody at the door")
    erase(world, screen.id)
    screen.finish()
    stored = world.kit.storage.get("risk_screen", screen.id)
    assert stored.body is None


# -- nobody is left without a human ----------------------------------------------------------------


def test_what_a_human_still_owes_somebody_is_done_or_dropped_before_it_is_erased(world: Any) -> None:
    """Else a loop would be nobody's, and nothing would tell."""
    with world.kit.session(actor=world.cora) as s:
        task = s.save(Task.give(owner=world.cora, what="call", person=world.maya))
    assert refusal(world, task.id) == {"relied-on"}
    with world.kit.session(actor=world.cora) as s:
        s.save(task.drop())
    assert erase(world, task.id).versions


def test_who_holds_an_office_or_supports_leaves_before_they_are_erased(world: Any) -> None:
    world.enrol("uma")
    for one in (world.cora, world.ola, world.sam):
        assert refusal(world, one) == {"relied-on"}
    (relation,) = world.all("relationship")
    (role,) = world.all("peer_supporter")
    for record in (relation, role):
        assert refusal(world, record.id) == {"relied-on"}
    for kind in ("appointment", "route"):
        assert refusal(world, world.all(kind)[0].id) == {"never-erased"}
    with world.kit.session(actor=world.sam) as s:
        s.save(s.get(Person, world.sam).leave())
    assert erase(world, world.sam).versions
    assert [r.holder != world.sam for r in world.all("route") if r.person == world.maya] == [True]
    assert {office.role for office in world.all("appointment")} == {"coordinator", "on-call"}
    assert all(isinstance(office, Appointment) for office in world.all("appointment"))


# -- nothing comes back ----------------------------------------------------------------------------


def plan_of(world: Any) -> Any:
    with world.kit.session(actor=world.maya) as s:
        return s.save(GoalPlan.begin(person=world.maya, hopes=CANARY))


@pytest.mark.parametrize("held", ["saved", "read"])
def test_a_value_from_before_brings_nothing_back(world: Any, held: str) -> None:
    plan = plan_of(world)
    if held == "read":
        with world.kit.session(actor=world.maya) as s:
            plan = s.get(GoalPlan, plan.id)
    erase(world, plan.id)
    with pytest.raises(Conflict), world.kit.session(actor=world.maya) as s:
        s.save(plan.add_goal("Sleep"))
    stored = world.kit.storage.history("goal_plan", plan.id)
    assert [one.body for one in stored] == [None]


def test_a_session_that_was_open_meanwhile_brings_nothing_back(world: Any) -> None:
    plan = plan_of(world)
    with pytest.raises(Conflict), world.kit.session(actor=world.maya) as s:
        s.save(s.get(GoalPlan, plan.id).add_goal("Sleep"))
        erase(world, plan.id)
    assert [one.body for one in world.kit.storage.history("goal_plan", plan.id)] == [None]


def test_a_run_finds_that_it_is_gone(world: Any) -> None:
    plan = plan_of(world)
    tries = []

    def add(s: Any) -> None:
        held = s.get(GoalPlan, plan.id)
        tries.append(held.version)
        if len(tries) == 1:
            erase(world, plan.id)
        s.save(held.add_goal("Sleep"))

    with pytest.raises(NotFound):
        world.kit.run(add, actor=world.maya)
    assert tries == [1]


def test_what_was_not_erased_goes_on(world: Any) -> None:
    first, second = plan_of(world), plan_of(world)
    erase(world, first.id)
    with world.kit.session(actor=world.maya) as s:
        again = s.save(second.add_goal("Sleep"))
        s.save(again.add_goal("Swim"))
    with world.kit.session(actor=world.sam) as s:
        (relation,) = s.find(Relationship)
        s.save(relation.pause())
    assert len(world.kit.storage.history("goal_plan", second.id)) == 3


# -- what goes along with its person ---------------------------------------------------------------


def test_screens_alerts_responses_and_tasks_go_with_whom_they_are_about(world: Any) -> None:
    """That staff held or answered them is no reason to keep the words; envelopes stay, with the times."""
    screen = world.screen()
    screen.answer("q5", value=True)
    world.acknowledge("sue")
    world.respond("sue", "act", words=CANARY)
    world.respond("sue", "close_incomplete", reasons=dict.fromkeys(NEEDS, "done_elsewhere"))
    alert = world.alert()
    with world.kit.session(actor=world.cora) as s:
        task = s.save(Task.give(owner=world.sam, what="call-back", person=world.maya, note=CANARY))
        mine = s.save(Task.give(owner=world.sam, what="call-back", note=CANARY))
    erased = erase(world, world.maya)
    response = derived(alert.id, "response")
    gone = [("alert", alert.id), ("safety_response", response), ("task", task.id), ("risk_screen", screen.id)]
    for kind, one in gone:
        assert world.kit.storage.get(kind, one).body is None
        assert (kind, one) not in erased.shared
    assert world.kit.storage.get("task", mine.id).body is not None
    acts = [act.name for one in world.kit.storage.history("alert", alert.id) for act in one.envelope.acts]
    assert "acknowledge" in acts
    assert world.kit.verify().intact
    assert {kind for kind, _ in erased.shared} <= {"relationship", "meeting", "concern"}


def test_an_open_alert_about_whoever_has_a_task_keeps_nobody_elses_records(world: Any) -> None:
    with world.kit.session(actor=world.cora) as s:
        s.save(Task.give(owner=world.sam, what="call-back", person=world.maya))
    world.kit.concern("Sam did not come to work", world.sam)
    erase(world, world.maya)
    assert world.kit.storage.get("person", world.maya).body is None


def test_nobody_acts_as_somebody_who_was_erased(world: Any) -> None:
    world.kit.link("https://id.example", "user-7", world.maya)
    erase(world, world.maya)
    with pytest.raises(NotFound):
        world.kit.actor_for("https://id.example", "user-7")
    with pytest.raises(NotFound), world.kit.session(actor=world.maya):
        pass
