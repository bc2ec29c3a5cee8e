# SPDX-License-Identifier: Apache-2.0
"""Seeing, taking, handing back, acting, closing: by humans, in their own sessions, at the kit's times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import Actor, Malformed, NotFound, Refused
from peerkit.model.response import NEEDS, SafetyResponse

YES = True


def urgent(world: Any, by: str = "ola", about: str = "maya") -> Any:
    return world.screen(by=by, about=about).answer("q5", YES)


def test_without_an_actor_alerts_are_references_levels_due_and_step_only(world: Any) -> None:
    urgent(world)
    (line,) = world.kit.alerts()
    alert = world.alert()
    assert (line.reference, line.level, line.due, line.step) == (
        alert.reference,
        "now",
        alert.due,
        "supporter",
    )
    assert {"reference", "level", "due", "step"} == {a.name for a in type(line).__attrs_attrs__}
    assert world.maya not in repr(line)


def test_an_actor_sees_the_alerts_they_may_know_of_and_that_is_logged(world: Any) -> None:
    urgent(world)
    world.enrol("noa")
    assert [a.id for a in world.kit.alerts(world.sam)] == [world.alert().id]
    assert world.kit.alerts(world.noa) == ()
    assert [a.id for a in world.kit.alerts(world.cora)] == [world.alert().id]
    assert any(r.reader == world.cora and r.of == "alert" for r in world.all("read"))


def test_the_most_urgent_comes_first(world: Any) -> None:
    world.screen(by="ola").answer("q1", YES)
    world.clock.forward(minutes=1)
    urgent(world, by="cora")
    assert [line.level for line in world.kit.alerts()] == ["now", "today"]


def test_acknowledging_stops_the_escalation_and_starts_the_action_deadline(world: Any) -> None:
    urgent(world)
    alert = world.acknowledge("sam")
    assert (alert.state, alert.holder) == ("acknowledged", world.sam)
    assert alert.due - world.clock.now() == timedelta(minutes=60)
    world.clock.forward(minutes=59)
    world.kit.deliver()
    assert world.wire.to == ["sam"]


def test_acknowledged_and_then_nothing_resumes_the_escalation(world: Any) -> None:
    urgent(world)
    world.acknowledge("sam")
    world.clock.forward(minutes=60)
    world.kit.deliver()
    alert = world.alert()
    assert (alert.state, alert.holder) == ("open", "")
    assert world.wire.to == ["sam", "cora"]


def test_taking_it_again_and_again_wins_no_time(world: Any) -> None:
    """A page may acknowledge whenever it is opened."""
    urgent(world)
    due = world.acknowledge("sam").due
    for _ in range(2):
        world.clock.forward(minutes=25)
        assert world.acknowledge("sam").due == due
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert (world.alert().state, world.wire.to) == ("open", ["sam", "cora"])


def test_i_cannot_climbs_at_once(world: Any) -> None:
    urgent(world)
    alert = world.acknowledge("sam", can_come=False)
    assert world.wire.to == ["sam", "cora"]
    assert (alert.state, alert.rung) == ("open", "coordinator")
    world.acknowledge("cora")
    world.acknowledge("cora", can_come=False)  # they had taken it, and something came up
    assert world.alert().state == "open"


def test_whoever_cannot_is_asked_again_only_when_nobody_else_is_left(world: Any) -> None:
    urgent(world)
    world.acknowledge("sam", can_come=False)
    world.acknowledge("cora", can_come=False)
    assert world.wire.to[2] in {"sam", "ola", "cora"}
    assert world.alert().asked != ()


def test_only_humans_who_may_know_take_it(world: Any) -> None:
    urgent(world, by="sam")
    world.enrol("noa")
    with pytest.raises(NotFound):
        world.acknowledge("noa")
    with pytest.raises(Refused) as refused:
        world.acknowledge("maya")
    assert refused.value.codes == ("not-theirs",)
    with pytest.raises(Refused) as refused:
        world.acknowledge("sam")
    assert refused.value.codes == ("not-the-author",)
    from peerkit.safety import acknowledge

    with pytest.raises(Refused) as refused:
        acknowledge(world.kit, Actor.system("auto-reply"), world.alert().id)
    assert refused.value.codes == ("not-a-human",)
    assert world.alert().state == "open"


def test_what_the_author_did_is_noted_beside_whoever_has_it_in_hand(world: Any) -> None:
    urgent(world, by="cora")
    with pytest.raises(Refused):
        world.respond("cora", "act", words="nobody has it yet")
    world.acknowledge("sam")
    before = world.alert()
    world.clock.forward(minutes=5)
    response = world.respond("cora", "act", words="called 9-1-1")
    assert [(one.who, one.words) for one in response.actions] == [(world.cora, "called 9-1-1")]
    assert (response.holder, response.unmet) == (world.sam, NEEDS)
    assert world.alert() == before  # the same holder, and the same time
    for act in ("meet", "close", "close_incomplete"):
        with pytest.raises(Refused) as refused:
            world.respond("cora", act, need="acted" if act == "meet" else "")
        assert refused.value.codes == ("not-the-author",)
    world.clock.forward(minutes=55)
    world.kit.deliver()
    assert world.alert().state == "open"  # the note was no action of whoever has it
    world.acknowledge("sam")
    response = world.respond("sam", "act", words="went there")
    assert ([one.who for one in response.actions], "acted" in response.unmet) == (
        [world.cora, world.sam],
        False,
    )


def test_what_who_raised_a_concern_did_is_noted_nowhere_that_the_person_reads(world: Any) -> None:
    world.kit.concern("she is in danger", about=world.maya, by=world.cora)
    world.acknowledge("sam")
    with pytest.raises(Refused) as refused:
        world.respond("cora", "act", words="called the school")
    assert refused.value.codes == ("not-the-author",)
    assert world.all("safety_response") == []


def test_the_debrief_is_of_whoever_had_it_in_hand_at_the_end(world: Any) -> None:
    urgent(world, by="cora")
    world.acknowledge("sam")
    world.respond("cora", "act", words="stayed on the phone")
    world.clock.forward(minutes=61)
    world.kit.deliver()
    world.acknowledge("ola")
    world.respond("ola", "act", words="went there")
    world.respond("ola", "close_incomplete", reasons=dict.fromkeys(NEEDS, "not_applicable"))
    assert [task.owner for task in world.all("task") if task.what == "debrief"] == [world.ola]


def test_the_caller_cannot_set_a_deadline(world: Any) -> None:
    urgent(world)
    with world.kit.session(actor=world.sam) as s, pytest.raises(TypeError):
        s.acknowledge(world.alert().id, due=world.clock.now() + timedelta(days=365))


def test_whose_it_is_already_stays(world: Any) -> None:
    urgent(world)
    world.acknowledge("sam")
    assert world.acknowledge("cora").holder == world.sam


def test_a_reference_from_a_notice_names_the_alert_too(world: Any) -> None:
    urgent(world)
    reference = world.wire.sent[0].reference
    with world.kit.session(actor=world.sam) as s:
        assert s.acknowledge(reference).state == "acknowledged"


def test_an_act_keeps_it_quiet_and_open(world: Any) -> None:
    urgent(world)
    world.acknowledge("sam")
    response = world.respond("sam", "act", words="I sat with her", consent=True)
    assert (response.state, response.unmet) == ("open", tuple(n for n in NEEDS if n != "acted"))
    world.clock.forward(hours=23)
    world.kit.deliver()
    assert world.alert().state == "acting"
    assert world.wire.to == ["sam"]


@pytest.mark.parametrize("need", NEEDS)
def test_a_condition_that_is_met_without_a_word_stops_no_clock(world: Any, need: str) -> None:
    urgent(world)
    world.acknowledge("sam")
    due = world.alert().due
    world.clock.forward(minutes=59)
    world.respond("sam", "meet", need=need, words=" ")
    assert (world.alert().state, world.alert().due) == ("acknowledged", due)
    world.clock.forward(minutes=2)
    world.kit.deliver()
    assert world.alert().state == "open"
    assert world.wire.to == ["sam", "cora"]


def test_only_what_was_done_is_something_done(world: Any) -> None:
    """That the person was told, or a debrief offered, is no action, with words or without."""
    urgent(world)
    world.respond("sam", "meet", need="debrief_offered", words="On Thursday")
    assert world.alert().state == "acknowledged"  # and theirs, for the time that the program gives
    world.respond("sam", "meet", need="acted", words="I sat with her")
    assert world.alert().state == "acting"
    due = world.alert().due
    world.clock.forward(hours=1)
    world.respond("sam", "meet", need="person_told")
    assert (world.alert().state, world.alert().due) == ("acting", due)
    world.respond("sam", "act", words="I went there again")
    assert world.alert().due > due


def test_a_condition_is_not_met_for_what_the_alert_became_meanwhile(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is met without the alert's changing is written only while the alert stands as it was seen."""
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    world.acknowledge("cora")
    begin = SafetyResponse.begin

    def later(**details: Any) -> SafetyResponse:
        monkeypatch.setattr(SafetyResponse, "begin", begin)
        screen.answer("q5", YES)
        return begin(**details)

    monkeypatch.setattr(SafetyResponse, "begin", later)
    with pytest.raises(Refused) as refused:
        world.respond("cora", "meet", need="person_told")
    assert refused.value.codes == ("speaks-again",)
    assert world.all("safety_response") == []


def test_acted_on_and_not_closed_for_a_day_brings_a_task(world: Any) -> None:
    urgent(world)
    world.respond("sam", "act", words="I sat with her")
    for _ in range(2):
        world.clock.forward(hours=24, seconds=1)
        world.kit.deliver()
        world.kit.deliver()
    assert [t.owner for t in world.all("task") if t.what == "close-alert"] == [world.sam] * 2


def test_closing_as_complete_needs_every_condition(world: Any) -> None:
    urgent(world)
    world.respond("sam", "act", words="we called together")
    with pytest.raises(Refused) as refused:
        world.respond("sam", "close")
    assert refused.value.codes == ("needs-unmet",)
    for need in NEEDS:
        if need != "acted":
            world.respond("sam", "meet", need=need)
    assert world.respond("sam", "close").state == "complete"
    assert world.alert().state == "closed"
    assert world.kit.alerts() == ()


def test_whoever_closes_what_another_has_closed_hears_that_and_not_of_what_is_still_to_do(world: Any) -> None:
    urgent(world)
    world.respond("cora", "act", words="Went there.")
    world.respond("cora", "close_incomplete", reasons=dict.fromkeys(NEEDS, "unreachable"))
    with pytest.raises(Refused) as refused:
        world.respond("sam", "close")
    assert [one.code for one in refused.value.objections] == ["lifecycle"]


def test_closing_as_incomplete_needs_a_coded_reason_for_each(world: Any) -> None:
    urgent(world)
    with pytest.raises(Refused) as refused:
        world.respond("sam", "close_incomplete", reasons={"acted": "unreachable"})
    assert refused.value.codes == ("needs-reasons",)
    with pytest.raises(Malformed):
        world.respond("sam", "close_incomplete", reasons=dict.fromkeys(NEEDS, "was tired"))
    assert world.alert().state == "open"
    response = world.respond("sam", "close_incomplete", reasons=dict.fromkeys(NEEDS, "anonymous"))
    assert {n.reason for n in response.needs} == {"anonymous"}
    closing = world.kit.storage.history("safety_response", response.id)[-1].envelope
    assert (closing.actor, closing.acts[-1].name) == (world.sam, "close_incomplete")


def test_ending_the_relationship_leaving_and_dying_close_nothing(world: Any) -> None:
    from peerkit import Person, Relationship

    urgent(world)
    relation = world.all("relationship")[0]
    with world.kit.session(actor=world.sam) as s:
        s.save(s.get(Relationship, relation.id).end())
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Person, world.maya).mark_died())
    assert world.alert().state == "open"
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.wire.to == ["sam", "cora"]


def test_erasing_waits_for_the_alert(world: Any) -> None:
    urgent(world)
    with pytest.raises(Refused) as refused:
        world.kit.erase(world.maya, basis="wish", asked_by=world.maya, decided_by=world.cora)
    assert refused.value.codes == ("alert-open",)


@pytest.mark.parametrize("act", ["", "acknowledge", "delete", "Close"])
def test_an_act_that_there_is_not_is_named(world: Any, act: str) -> None:
    urgent(world)
    with pytest.raises(Malformed, match="act, meet, close, close_incomplete, settle"):
        world.respond("sam", act)


def test_a_later_concern_opens_its_own_alert(world: Any) -> None:
    urgent(world)
    world.acknowledge("sam")
    world.kit.concern("still worried", world.maya)
    assert sorted(a.state for a in world.alerts) == ["acknowledged", "open"]


def test_closing_an_alert_asks_whoever_had_it_in_hand_to_debrief(world: Any) -> None:
    """Debrief the supporter (domain.md 7): in the commit that closes it, and nothing of its content."""
    world.screen().answer("5", "yes")
    world.acknowledge("ola")
    world.respond("ola", "act", words="We sat together")
    assert [t.what for t in world.all("task") if t.what == "debrief"] == []
    reasons = dict.fromkeys(NEEDS, "not_applicable")
    world.respond("ola", "close_incomplete", reasons=reasons)
    (task,) = [t for t in world.all("task") if t.what == "debrief"]
    assert (task.owner, task.person, task.note, task.state) == (world.ola, "", "", "open")
    assert task.due == world.clock.now() + timedelta(days=1)
