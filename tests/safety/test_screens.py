# SPDX-License-Identifier: Apache-2.0
"""Screens: every answer is durable, and each that concerns somebody alarms, whatever else is wrong."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, Never

import pytest

from peerkit import Level
from peerkit.errors import StorageError

YES, NO = True, False


def test_an_answer_gives_next_steps_at_once_and_one_alert(world: Any) -> None:
    screen = world.screen()
    assert screen.answer("q1", NO) is None
    assert world.alerts == []

    steps = screen.answer("q2", YES)
    assert steps.level == "today"
    assert [line.number for line in steps.call][:2] == ["9-8-8", "9-1-1"]
    assert steps.on_call is True
    assert any(duty.code == "child-protection" and "yourself" in duty.words for duty in steps.duties)
    assert steps.policy == "We stay with you, and we tell you before we tell anybody else."
    (alert,) = world.alerts
    assert (alert.level, alert.state, alert.person) == ("today", "open", world.maya)

    steps = screen.answer("q5", YES)
    assert steps.level == "now"
    (alert,) = world.alerts
    assert alert.level == "now"
    assert steps.reference == alert.reference


def test_a_later_answer_raises_the_level_and_starts_the_escalation_anew(world: Any) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    world.kit.deliver()
    assert world.wire.to == ["sue"]
    world.acknowledge("sue")
    assert world.alert().state == "acknowledged"

    screen.answer("q5", YES)
    alert = world.alert()
    assert (alert.level, alert.state, alert.holder, alert.step) == ("now", "open", "", 0)
    assert world.wire.to == ["sue", "sam"]


def test_a_lower_answer_never_lowers(world: Any) -> None:
    screen = world.screen()
    screen.answer("q5", YES)
    assert screen.answer("q5", NO) is None
    screen.answer("q1", NO)
    screen.answer("q2", YES)  # which speaks again, and for less
    screen.finish()
    assert [(a.level, a.state) for a in world.alerts] == [("now", "open")]


def test_each_screen_and_each_concern_has_its_own_alert(world: Any) -> None:
    world.screen().answer("q5", YES)
    world.screen().answer("q5", YES)
    world.kit.concern("I am worried", world.maya)
    assert len({a.id for a in world.alerts}) == 3


def test_an_abandoned_screen_has_alerted_already_and_every_answer_is_there(world: Any) -> Never:
    with pytest.raises(RuntimeError), world.kit.session(actor=world.sam) as s:
        screen = s.screening("asq", world.maya)
        screen.answer("q1", NO)
        screen.answer("q3", YES)
        raise RuntimeError
    assert [(a.item, a.value) for a in sorted(world.all("answer"), key=lambda a: a.number)] == [
        ("q1", False),
        ("q3", True),
    ]
    assert world.alert().level == "today"


def test_q5_unanswered_for_half_an_hour_makes_it_urgent(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", YES)
    world.clock.forward(minutes=29)
    world.kit.deliver()
    assert world.alert().level == "today"
    world.clock.forward(minutes=1, seconds=1)
    world.kit.deliver()
    alert = world.alert()
    assert (alert.level, alert.rung) == ("now", "on-call")  # the supporter raised it, so they are spared


def test_the_half_hour_runs_from_the_first_yes(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", YES)
    world.clock.forward(minutes=20)
    screen.answer("q2", YES)
    world.clock.forward(minutes=10, seconds=1)
    world.kit.deliver()
    assert world.alert().level == "now"


def test_q5_answered_no_ends_the_wait(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", YES)
    screen.answer("q5", NO)
    world.clock.forward(hours=2)
    world.kit.deliver()
    assert world.alert().level == "today"


@pytest.mark.parametrize("given", [None, "declined"])
def test_q5_skipped_or_declined_is_no_answer(world: Any, given: Any) -> None:
    screen = world.screen()
    screen.answer("q1", YES)
    screen.answer("q5", given)
    assert screen.finish().level == "now"
    assert world.alert().level == "now"


def test_a_correction_of_the_yes_does_not_end_the_wait(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", YES)
    screen.answer("q1", NO)
    world.clock.forward(minutes=31)
    world.kit.deliver()
    assert world.alert().level == "now"


def test_ending_the_screen_with_q5_open_makes_it_urgent_at_once(world: Any) -> None:
    screen = world.screen()
    screen.answer("q4", YES)
    assert screen.finish().level == "now"
    assert world.alert().level == "now"


def test_a_screen_that_nobody_goes_on_with_is_ended_and_its_tasks_go_out(world: Any) -> None:
    world.screen().answer("q1", NO)
    world.clock.forward(hours=25)
    world.kit.deliver()
    assert [s.state for s in world.all("risk_screen")] == ["abandoned"]
    assert [(t.what, t.owner) for t in world.all("task") if t.what.startswith("screen-")] == [
        ("screen-unfinished", world.sam)
    ]
    assert world.alerts == []


def test_declining_is_a_task_for_the_supporter_of_an_adult_and_an_alert_for_youth(world: Any) -> None:
    world.screen().answer("q1", "declined")
    assert world.alerts == []
    assert [(t.what, t.owner) for t in world.all("task") if t.what.startswith("screen-")] == [
        ("screen-declined", world.sam)
    ]
    world.enrol("kim")  # nobody knows Kim's age, so Kim counts as youth
    world.screen(by="ola", about="kim").answer("q1", "declined")
    assert [(a.level, a.person) for a in world.alerts] == [("today", world.kim)]


UNREADABLE = [
    1,
    "yes",
    "q1: yes",
    {"q1": True},
    [True],
    3.5,
    math.nan,
    math.inf,
    "\ud800",
    object(),
    dt.datetime(2027, 1, 1, tzinfo=dt.UTC),
    b"true",
    {1: {2, 3}},
    10**5000,
]


@pytest.mark.parametrize("value", UNREADABLE, ids=range(len(UNREADABLE)))
def test_an_answer_that_cannot_be_read_is_stored_and_alarms(world: Any, value: Any) -> None:
    steps = world.screen().answer("q5", value)
    assert steps is not None
    assert world.alert().level == "now"  # the worst that its question could give
    (answer,) = world.all("answer")
    assert answer.item == "q5"


class Hostile:
    """Raises whatever is done with it."""

    def __repr__(self) -> str:
        raise ValueError("q5 yes, said Maya")

    __str__ = __eq__ = __hash__ = __bool__ = __repr__  # type: ignore[assignment]


def test_a_value_that_raises_when_it_is_looked_at_is_stored_by_its_type(world: Any) -> None:
    assert world.screen().answer("q5", Hostile()).level == "now"
    (answer,) = world.all("answer")
    assert answer.value == {"unreadable": "Hostile", "text": ""}


NO_ITEMS = ["q9", "", None, 7, ["q1"], "q1\ud800", "words that somebody said", Hostile]


@pytest.mark.parametrize("item", NO_ITEMS, ids=range(len(NO_ITEMS)))
def test_an_answer_to_no_question_is_stored_and_alarms(world: Any, item: Any) -> None:
    steps = world.screen().answer(Hostile() if item is Hostile else item, "something")
    assert steps.level == "now"
    (answer,) = world.all("answer")
    assert (answer.item, answer.obstacles[0]) == ("", "unknown-item")


@pytest.mark.parametrize("instrument", ["asqq", "", None, 5, "phq-99"])
def test_an_instrument_that_nobody_knows_alarms_with_any_answer(world: Any, instrument: Any) -> None:
    screen = world.screen(instrument=instrument)
    assert screen.next == ()
    assert screen.answer("q1", NO).level == "now"
    (record,) = world.all("risk_screen")
    assert "unknown-instrument" in record.obstacles
    assert [t.owner for t in world.all("task") if t.what == "look-at-screen"] == [world.cora]


def test_an_unknown_person_or_none_is_no_reason_not_to_alarm(world: Any) -> None:
    unknown = "01890000-0000-7000-8000-000000000000"
    world.screen(about=unknown).answer("q5", YES)
    world.screen(about="").answer("q5", YES)
    world.screen(about="the woman in the red coat").answer("q5", YES)
    assert [a.level for a in world.alerts] == ["now", "now", "now"]
    assert world.wire.to == ["ola", "ola", "ola"]
    records = {(r.person, r.meant): r.obstacles for r in world.all("risk_screen")}
    assert records == {
        (unknown, ""): ("unknown-person", "no-right"),
        ("", ""): (),
        ("", "the woman in the red coat"): ("no-id",),
    }


def test_answers_to_a_finished_screen_are_stored_and_alarm(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", NO)
    screen.finish()
    steps = world.screen(screen=screen.id).answer("q2", YES)
    assert steps.level == "now"  # it is over, and nobody knows how acute
    late = max(world.all("answer"), key=lambda a: a.number)
    assert late.obstacles == ("closed-screen",)


def _looks(world: Any) -> list[tuple[str, str]]:
    return [(t.owner, t.note) for t in world.all("task") if t.what == "look-at-screen"]


@pytest.mark.parametrize("label", ["", "closed-screen"])
def test_a_look_that_nobody_could_be_asked_for_is_asked_for_again_and_told(
    world: Any, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    def nobody(_what: str) -> str:
        raise StorageError("nobody holds an office")

    with monkeypatch.context() as patch:
        patch.setattr(world.kit, "whose", nobody)
        screen = world.screen(about="maya" if label else "the woman in the red coat")
        screen.finish()
        if label:
            screen.answer("q1", NO)
        assert _looks(world) == []
        assert world.kit.deliver().problems == (f"screen:{screen.id}:nobody-looks",)
    assert world.kit.deliver().problems == ()
    assert _looks(world) == [(world.cora, label)]
    assert world.kit.storage.marks("screen:") == {}
    assert world.kit.deliver().screens == 0


def test_a_screen_goes_on_in_another_process_by_its_id(world: Any) -> None:
    first = world.screen()
    first.answer("q1", YES)
    second = world.screen(screen=first.id)
    assert second.next == ("q2", "q3", "q4", "q5")
    assert [a.level for a in world.alerts] == ["today"]
    second.answer("q2", NO)
    first.answer("q3", NO)  # whose number the other one has taken
    assert [a.number for a in sorted(world.all("answer"), key=lambda a: a.number)] == [1, 2, 3]
    assert world.screen(screen=first.id).next == ("q4", "q5")


def test_going_on_with_a_screen_that_is_not_there_begins_one(world: Any) -> None:
    screen = world.screen(screen="01890000-0000-7000-8000-000000000000")
    screen.answer("q5", YES)
    (record,) = world.all("risk_screen")
    assert "unknown-screen" in record.obstacles
    assert world.alert().screen == record.id


def test_a_yes_after_a_human_closed_the_alert_opens_it_again(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", YES)
    world.kit.deliver()
    world.respond("sue", "act", words="we talked")
    world.respond(
        "sue",
        "close_incomplete",
        reasons=dict.fromkeys(
            ("supervisor_knows", "person_told", "handed_over", "followed_up", "debrief_offered"),
            "not_applicable",
        ),
    )
    assert world.alert().state == "closed"
    screen.answer("q2", NO)
    assert world.alert().state == "closed"
    screen.answer("q3", YES)
    assert world.alert().state == "open"


def test_a_screen_written_down_days_later_runs_from_now_and_says_so(world: Any) -> None:
    long_ago = world.clock.now() - dt.timedelta(days=3)
    world.screen(occurred=long_ago).answer("q1", YES)
    alert = world.alert()
    assert alert.found_late
    assert alert.due == world.clock.now()
    (screen,) = world.all("risk_screen")
    assert screen.occurred == long_ago


def test_what_is_asked_before_the_first_question_says_who_is_told(world: Any) -> None:
    told = " ".join(world.screen().before)
    assert "tell a supervisor" in told
    assert "at once" in told
    assert "decline any question" in told
    assert "before we tell anybody else" in told


def test_levels_may_be_raised_by_the_program(opened: Any) -> None:
    world = opened(more={"raised": ["asq.declined-by-adult=today"]})
    world.screen().answer("q1", "declined")
    assert world.alert().level == Level.TODAY
