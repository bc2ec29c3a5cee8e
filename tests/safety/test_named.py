# SPDX-License-Identifier: Apache-2.0
"""Whom an open concern names hears nothing more about that person or that alert, by whichever door: a notice,
a reminder, a task, a cover, a list. It goes to somebody who may know; where nobody may, `health` says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from own_questionnaires import WEEK, add

from peerkit import Leave, NotFound, Person, Refused, Task
from peerkit.model.response import NEEDS

YES, NO = True, False
DAY = timedelta(days=1)


def run(world: Any, hours: int) -> None:
    for _ in range(hours * 2):
        world.clock.forward(minutes=30)
        world.kit.deliver()


def goes(world: Any, who: str) -> None:
    with world.kit.session(actor=world.people[who]) as s:
        s.save(s.get(Person, world.people[who]).leave())


def away(world: Any, who: str, cover: str) -> None:
    starts = world.clock.now() + timedelta(minutes=1)
    human, other = world.people[who], world.people[cover]
    with world.kit.session(actor=human) as s:
        s.save(Leave.plan(person=human, cover=other, starts=starts, ends=starts + 9 * DAY))
    world.clock.forward(minutes=5)


def owners(world: Any, *what: str, state: str = "open") -> list[str]:
    names = {id_: name for name, id_ in world.people.items()}
    return [names[t.owner] for t in world.all("task") if t.what in what and t.state == state]


def codes(world: Any) -> set[str]:
    return {problem.code for problem in world.kit.health().problems if problem.grave}


# -- an alert that cannot be read ------------------------------------------------------------------------


def told_in_the_dark(world: Any) -> set[str]:
    world.darken()
    world.wire.sent.clear()
    run(world, 2)
    return set(world.wire.to)


def test_a_dark_alert_is_not_carried_to_whom_its_concern_names(world: Any) -> None:
    world.kit.concern("Cora threatened me", world.maya, world.maya, names=[world.cora])
    assert told_in_the_dark(world) == {"ola"}


def test_nor_where_nobody_knows_whom_the_concern_is_about(world: Any) -> None:
    world.kit.concern("Cora takes money from people", names=[world.cora])
    assert told_in_the_dark(world) == {"ola"}


def test_nor_to_whom_another_concern_about_the_person_names(world: Any) -> None:
    world.screen(by="sue").answer("q5", YES)
    world.kit.concern("Cora threatened me", world.maya, world.maya, names=[world.cora])
    assert told_in_the_dark(world) >= {"ola"}
    assert "cora" not in world.wire.to


def test_of_one_who_is_away_their_cover_is_asked(world: Any) -> None:
    world.supporter("bea")
    away(world, "cora", "bea")
    world.screen(by="sue").answer("q5", YES)
    assert told_in_the_dark(world) == {"bea"}


def test_every_coordinator_is_asked_also_outside_their_weekly_hours(world: Any) -> None:
    world.enrol("dan")
    world.appoint("dan", "coordinator", hours="mon 03:00-03:30")
    world.screen(by="sue").answer("q5", YES)
    assert told_in_the_dark(world) == {"cora", "dan"}


# -- reminders and tasks ---------------------------------------------------------------------------------


def test_of_a_complaint_not_the_accused_is_reminded(opened: Any) -> None:
    two = [{"name": name.title(), "reach": [f"wire:{name}"]} for name in ("ola", "oz")]
    world = opened(more={"on_call": two})
    held = [a.person for a in world.all("appointment") if a.role == "on-call"]
    world.people["oz"] = next(one for one in held if one != world.ola)
    world.kit.concern("Cora takes money from people", names=[world.cora])
    world.respond("ola", "act", words="rang the board")
    goes(world, "ola")
    world.kit.deliver()
    assert world.alert().asked == (world.oz,)
    world.acknowledge("oz")
    world.respond("oz", "act", words="I ring them too")
    run(world, 80)  # the reminder lies, and a second human is asked: not her either
    assert set(owners(world, "close-alert")) == {"oz"}
    assert world.cora not in {task.asked_too for task in world.all("task") if task.what == "close-alert"}


def test_nor_whom_another_concern_about_the_person_names(world: Any) -> None:
    world.enrol("dan")
    world.appoint("dan", "coordinator")
    world.screen(by="sue").answer("q5", YES)
    world.respond("ola", "act", words="went there")
    world.kit.concern("Cora threatened me", world.maya, world.maya, names=[world.cora])
    goes(world, "ola")
    run(world, 30)
    assert owners(world, "close-alert") == []
    assert "cora" not in world.wire.to
    assert "dan" in world.wire.to


def test_whoever_has_it_is_not_reminded_once_a_concern_names_them(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    world.respond("sam", "act", words="we sat together")
    world.kit.concern("He hurt me", world.maya, world.maya, names=[world.sam])
    run(world, 30)
    assert owners(world, "close-alert") == []
    assert {alert.holder for alert in world.alerts} == {""}
    assert world.kit.alerts(world.sam) == ()
    assert [alert.person for alert in world.kit.alerts(world.maya)] == [world.maya] * 2


def test_where_nobody_may_know_nobody_is_asked_and_health_says_so(world: Any) -> None:
    world.kit.concern("Cora takes money from people", names=[world.cora])
    world.respond("ola", "act", words="rang the board")
    assert "nobody-may-know" not in codes(world)
    goes(world, "ola")
    world.wire.sent.clear()
    run(world, 30)
    assert owners(world, "close-alert", "settle-concern") == []
    assert world.wire.to == []
    assert codes(world) >= {"nobody-may-know", "unreached-alert"}
    world.enrol("dan")
    world.appoint("dan", "coordinator")
    run(world, 1)
    assert set(world.wire.to) == {"dan"}
    assert not codes(world) & {"nobody-may-know", "unreached-alert"}


@pytest.mark.parametrize("by", ["maya", "sam"])
def test_tasks_about_a_screen_are_not_those_of_whom_a_concern_names(world: Any, by: str) -> None:
    screen = world.screen(by=by)
    world.kit.concern("Sam threatened me", world.maya, world.maya, names=[world.sam])
    screen.answer("q1", "declined")
    run(world, 26)
    assert owners(world, "screen-declined", "screen-unfinished") == ["cora", "cora"]


def test_nor_are_they_given_to_a_coordinator_whom_one_names(world: Any) -> None:
    world.kit.concern("both of them", world.maya, world.maya, names=[world.sam, world.cora])
    world.screen(by="maya").answer("q1", "declined")
    assert owners(world, "screen-declined") == ["ola"]


# -- the path --------------------------------------------------------------------------------------------


def test_who_covers_and_is_named_elsewhere_is_not_asked_either(world: Any) -> None:
    world.supporter("bea", supervisor="sue")
    world.enrol("noor")
    world.match("noor", "bea")
    world.kit.concern("Bea shouted at me", world.noor, world.noor, names=[world.bea])
    world.wire.sent.clear()
    away(world, "sam", "bea")
    world.screen(by="ola").answer("q5", YES)
    assert world.wire.to == ["cora"]


def test_a_talk_does_not_rest_with_a_holder_whom_a_concern_names(world: Any) -> None:
    add(world, WEEK.replace('level = "today"', 'level = "talk"'))
    world.kit.concern("Sam threatened me", world.maya, world.maya, names=[world.sam])
    world.clock.forward(minutes=5)
    world.wire.sent.clear()
    world.screen(by="sam", instrument="week").answer("q1", NO)
    world.kit.deliver()
    alert = world.alert(1)
    assert (alert.level, world.sam in alert.told) == ("talk", False)
    assert world.wire.to == ["sue"]


# -- a human decides -------------------------------------------------------------------------------------


def close(world: Any, by: str = "ola", number: int = 0) -> None:
    world.respond(by, "close_incomplete", number, reasons=dict.fromkeys(NEEDS, "not_applicable"))


def test_closing_the_alert_asks_a_coordinator_to_decide(world: Any) -> None:
    world.kit.concern("He shouted at her", world.maya, names=[world.sam])
    world.acknowledge("ola")
    assert owners(world, "settle-concern") == []
    close(world)
    (task,) = [t for t in world.all("task") if t.what == "settle-concern"]
    assert (task.owner, task.person, task.about) == (world.cora, world.maya, world.alert().id)
    assert (task.due, task.note) == (world.clock.now() + 7 * DAY, "")
    run(world, 2)
    assert owners(world, "settle-concern") == ["cora"]
    world.respond("cora", "settle", words="they talked; he stays")
    run(world, 2)
    assert owners(world, "settle-concern") == []
    with world.kit.session(actor=world.sam) as s:
        assert s.get(Person, world.maya).id == world.maya


def test_one_that_names_nobody_or_is_settled_asks_nobody(world: Any) -> None:
    world.kit.concern("She was very quiet", world.maya)
    close(world)
    world.clock.forward(minutes=5)
    world.kit.concern("He shouted at her", world.maya, names=[world.sam])
    world.acknowledge("ola", 1)
    world.respond("cora", "settle", 1, words="they talked; he stays")
    close(world, number=1)
    run(world, 2)
    assert owners(world, "settle-concern") == []


def test_who_is_named_is_not_asked_to_decide(world: Any) -> None:
    world.enrol("dan")
    world.appoint("dan", "coordinator")
    world.kit.concern("She shouts at us", world.maya, names=[world.cora])
    close(world)
    assert owners(world, "settle-concern") == ["dan"]


def test_whoever_raised_it_decides_only_where_nobody_else_may(world: Any) -> None:
    world.kit.concern("He shouted at her", world.maya, world.cora, names=[world.sam])
    with pytest.raises(Refused):
        world.acknowledge("cora")
    close(world)
    assert owners(world, "settle-concern") == ["cora"]
    world.respond("cora", "settle", words="they talked; he stays")

    world.clock.forward(minutes=5)
    world.enrol("dan")
    world.appoint("dan", "coordinator")
    world.kit.concern("He shouted again", world.maya, world.cora, names=[world.sam])
    close(world, number=1)
    assert owners(world, "settle-concern") == ["dan"]


def test_whom_another_open_concern_names_is_not_asked_to_decide(world: Any) -> None:
    """They may settle none while it is open."""
    world.enrol("dan")
    world.appoint("dan", "coordinator")
    world.kit.concern("Cora takes money", names=[world.cora])
    world.clock.forward(minutes=5)
    world.kit.concern("Sam shouted", world.maya, names=[world.sam])
    close(world, number=1)
    assert owners(world, "settle-concern") == ["dan"]
    world.respond("dan", "settle", 1, words="they talked; he stays")


def test_erasing_waits_until_somebody_has_decided(world: Any) -> None:
    """Else nobody could any more, and whom it names would be shut out for good."""
    world.kit.concern("Sam shouted", world.maya, names=[world.sam])
    close(world)
    with pytest.raises(Refused) as refused:
        world.kit.erase(world.maya, basis="wish", asked_by=world.maya, decided_by=world.cora)
    assert refused.value.codes == ("concern-open",)
    world.respond("cora", "settle", words="they talked; he stays")
    world.kit.erase(world.maya, basis="wish", asked_by=world.maya, decided_by=world.cora)


def test_where_nobody_may_decide_whoever_comes_is_asked_and_health_says_so_until_then(world: Any) -> None:
    world.kit.concern("all of them", world.maya, names=[world.sam, world.cora, world.ola])
    world.kit.deliver()
    close(world, "sue")
    run(world, 2)
    assert owners(world, "settle-concern") == []
    assert "nobody-may-know" in codes(world)
    world.enrol("dan")
    world.appoint("dan", "coordinator")
    world.kit.deliver()
    assert owners(world, "settle-concern") == ["dan"]
    assert "nobody-may-know" not in codes(world)


def test_done_and_not_settled_it_is_asked_again(world: Any) -> None:
    world.kit.concern("He shouted at her", world.maya, names=[world.sam])
    close(world)
    with world.kit.session(actor=world.cora) as s:
        (task,) = s.find(Task, what="settle-concern")
        s.save(task.done())
    world.kit.deliver()
    assert owners(world, "settle-concern") == ["cora"]
    world.respond("cora", "settle", words="they talked; he stays")
    assert owners(world, "settle-concern") == []
    assert owners(world, "settle-concern", state="done") == ["cora"]


# -- a solo organization ---------------------------------------------------------------------------------


ALONE = {
    "on_call": [],
    "path": [
        {"role": "coordinator", "minutes": 10},
        {"role": "outside", "minutes": 10, "name": "Neighbour", "reach": ["wire:neighbour"]},
    ],
}


def test_who_works_alone_takes_and_closes_what_they_raised(opened: Any) -> None:
    world = opened(more=ALONE)
    world.screen(by="cora").answer("q5", YES)
    assert world.wire.to == ["neighbour"]
    assert world.acknowledge("cora").holder == world.cora
    world.respond("cora", "act", words="the neighbour came")
    close(world, "cora")
    assert world.alert().state == "closed"


def test_where_somebody_else_could_they_do_not(opened: Any) -> None:
    world = opened(more=ALONE)
    world.enrol("dan", reach=())
    world.appoint("dan", "coordinator")
    world.screen(by="cora").answer("q5", YES)
    with pytest.raises(Refused) as refused:
        world.acknowledge("cora")
    assert refused.value.codes == ("not-the-author",)
    goes(world, "dan")
    assert world.acknowledge("cora").holder == world.cora


def test_who_is_named_knows_of_no_alert_of_theirs_to_take(opened: Any) -> None:
    world = opened(more=ALONE)
    world.screen(by="cora").answer("q5", YES)
    world.kit.concern("Cora threatened me", world.maya, world.maya, names=[world.cora])
    with pytest.raises(NotFound):
        world.acknowledge("cora")
