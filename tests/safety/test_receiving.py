# SPDX-License-Identifier: Apache-2.0
"""Who receives what a questionnaire finds: off until somebody does, and no answer is lost for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from own_questionnaires import CLINICAL, add, lines, receive, tasks

from peerkit import Appointment, Leave, Malformed, Refused, Wall


def test_one_of_a_pack_is_off_until_somebody_receives_it(world: Any) -> None:
    add(world, CLINICAL)
    assert lines(world) == [("week", "1.0", "off")]
    with pytest.raises(Refused, match=r"receives.*kit\.concern") as caught:
        world.screen(instrument="week")
    assert caught.value.codes == ("instrument-off",)
    assert world.all("risk_screen") == []
    assert world.kit.instrument("week").score({"q1": True, "q2": True}).complete
    receive(world, "clinical=supervisor")
    assert lines(world) == [("week", "1.0", "on")]
    screen = world.screen(instrument="week")
    assert "Your answers are looked at by a supervisor, whatever they are." in screen.before
    screen.answer("q1", value=True)
    assert tasks(world) == []
    screen.answer("q2", value=True)  # everything that was to be asked
    assert tasks(world) == ["sue"]
    screen.finish()
    world.screen(screen=screen.id).finish()
    assert tasks(world) == ["sue"]
    assert world.alerts == []


def test_an_alarm_goes_its_own_way_beside_the_result(world: Any) -> None:
    add(world, CLINICAL.replace('level = "today"', 'level = "now"'))
    receive(world, "clinical=supervisor")
    screen = world.screen(instrument="week")
    assert screen.answer("q1", value=False).level == "now"
    assert world.wire.to == ["ola"]
    assert tasks(world) == []
    screen.finish()
    assert tasks(world) == ["sue"]


def test_an_abandoned_screen_is_received_too_and_one_without_an_answer_is_not(world: Any) -> None:
    add(world, CLINICAL)
    receive(world, "clinical=on-call")
    screen = world.screen(instrument="week")
    screen.answer("q1", "declined")
    world.screen(instrument="week").finish()
    assert tasks(world) == []
    world.clock.forward(hours=25)
    world.kit.deliver()
    assert tasks(world) == ["ola"]


def test_an_instruments_own_line_wins_over_its_packs(world: Any) -> None:
    add(world, CLINICAL)
    receive(world, "clinical=supervisor", "week=on-call")
    screen = world.screen(instrument="week")
    screen.answer("q1", value=True)
    screen.finish()
    assert tasks(world) == ["ola"]


def test_who_holds_the_office_is_found_as_everywhere(world: Any) -> None:
    add(world, CLINICAL)
    receive(world, "clinical=supervisor")

    def received() -> str:
        screen = world.screen(instrument="week")
        screen.answer("q1", value=True)
        screen.finish()
        return tasks(world, about=screen.id)[0]

    assert received() == "sue"  # who supervises the supporter
    world.enrol("sol")
    world.appoint("sol", "supervisor")
    assert received() == "sue"
    with world.kit.session(actor=world.sue) as s:
        now = world.clock.now()
        s.save(Leave.plan(person=world.sue, cover=world.sol, starts=now, ends=now + timedelta(days=7)))
    world.clock.forward(minutes=1)
    assert received() == "sol"  # she is away
    with world.kit.session(actor=world.cora) as s:
        s.save(Wall.put_up(person=world.maya, human=world.sol))
    assert received() == "sue"  # the other one is behind a wall: hers follows her cover
    world.kit.concern("I worry", about=world.maya, names=(world.sue,))
    assert received() in {"cora", "ola"}
    with world.kit.session(actor=world.cora) as s:
        for held in s.find(Appointment, role="supervisor"):
            s.save(held.end())
    assert received() in {"cora", "ola"}


def test_what_was_given_already_is_taken_though_nobody_receives_it_any_more(world: Any) -> None:
    add(world, CLINICAL)
    receive(world, "clinical=supervisor")
    begun = world.screen(instrument="week")
    begun.answer("q2", value=True)
    receive(world)
    assert world.screen(screen=begun.id).answer("q1", value=False).level == "today"
    answers = sorted(world.all("answer"), key=lambda a: a.number)
    assert [a.obstacles for a in answers] == [(), ("instrument-off",)]
    assert tasks(world, "look-at-screen") == ["cora"]
    late = world.screen(instrument="week", occurred=world.clock.now())
    assert late.answer("q1", value=False).level == "today"
    late.finish()
    assert "instrument-off" in world.all("risk_screen")[-1].obstacles
    assert tasks(world, "look-at-screen") == ["cora", "cora"]
    assert tasks(world) == []


def test_settings_that_cannot_be_read_refuse_nothing(opened: Any) -> None:
    world = opened()
    add(world, CLINICAL)
    program = world.kit.program
    world.kit.write([program.update(settings={"receives": ("whoever is there",)})])
    screen = world.screen(instrument="week")
    assert screen.answer("q1", value=False).level == "today"
    screen.finish()
    (held,) = world.all("risk_screen")
    assert held.obstacles == ("receives-unreadable",)
    assert tasks(world) == ["cora"]
    assert tasks(world, "look-at-screen") == ["cora"]


def test_a_key_that_comes_again_gives_the_screen_that_it_gave(world: Any) -> None:
    add(world, CLINICAL)
    receive(world, "clinical=supervisor")

    def ask(s: Any) -> None:
        s.screening("week", world.maya).answer("q1", value=False)

    world.kit.run(ask, actor=world.sam, key="once")
    receive(world)
    world.kit.run(ask, actor=world.sam, key="once")
    assert (len(world.all("risk_screen")), len(world.all("answer"))) == (1, 1)


def test_a_moved_screens_result_is_received_for_the_right_person(world: Any) -> None:
    add(world, CLINICAL)
    receive(world, "clinical=supervisor")
    world.enrol("theo", age_band="25-64")
    screen = world.screen(instrument="week")
    screen.answer("q1", value=True)
    screen.finish()
    with world.kit.session(actor=world.cora) as s:
        s.screening("week", screen=screen.id).move(world.theo)
    found = {t.person for t in world.all("task") if t.what == "screen-result"}
    assert found == {world.maya, world.theo}


@pytest.mark.parametrize(
    ("lines_given", "place"),
    [
        (("clinical",), 0),
        (("clinical=supervisor", "phq-9=coordinator"), 1),
        (("clinical=nobody",), 0),
        (("Clinical=supervisor",), 0),
        (("clinical=supervisor", "clinical=on-call"), 1),
        ((7,), 0),
    ],
)
def test_a_line_of_receives_that_does_not_fit_is_named(opened: Any, lines_given: Any, place: int) -> None:
    with pytest.raises(Malformed, match=rf"settings\.receives\[{place}\]"):
        opened(more={"receives": lines_given})
