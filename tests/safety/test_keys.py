# SPDX-License-Identifier: Apache-2.0
"""Acts of the lane inside `kit.run`: a key swallows none, a retry doubles none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import Actor, Malformed, Task
from peerkit.errors import Conflict, StorageError
from peerkit.ports import ActLine, Batch, Change

YES, NO = True, False
CALM = {"q1": NO, "q2": NO, "q3": NO, "q4": NO}
ALARM = {"q1": NO, "q2": NO, "q3": YES, "q4": NO, "q5": YES}


def asks(answers: Any, *, finish: bool = False, note: str = "note") -> Any:
    """A function as hosts write it: a screen, and something beside it."""

    def work(s: Any) -> Any:
        screen = s.screening("asq", MAYA[0])
        steps = [screen.answer(item, value) for item, value in answers.items()]
        if finish:
            screen.finish()
        s.save(Task.give(owner=s.actor.person, what=note))
        return [one for one in steps if one is not None]

    return work


MAYA: list[str] = []


@pytest.fixture(autouse=True)
def maya(world: Any) -> None:
    MAYA[:] = [world.maya]


def counted(world: Any) -> tuple[int, int, int]:
    return len(world.all("risk_screen")), len(world.all("answer")), len(world.alerts)


def reused(world: Any) -> list[Any]:
    return [one for one in world.all("risk_screen") if "key-reused" in one.obstacles]


# -- the same once more ----------------------------------------------------------------------------


def test_a_retry_doubles_nothing_and_gives_the_steps_again(world: Any) -> None:
    first = world.kit.run(asks(ALARM, finish=True), actor=world.sam, key="k")
    before = (*counted(world), world.kit.storage.position())
    world.clock.forward(minutes=59)
    again = world.kit.run(asks(ALARM, finish=True), actor=world.sam, key="k")
    assert again.replayed
    assert (*counted(world), world.kit.storage.position()) == before
    assert [one.level for one in first.result] == ["today", "now"]
    assert [one.level for one in again.result] == ["now", "now"]  # as the screen stands by now
    assert [one.alert for one in again.result] == [one.alert for one in first.result]
    assert not reused(world)


def test_a_run_that_failed_half_way_goes_on_where_it_was(world: Any) -> None:
    def breaks(s: Any) -> None:
        screen = s.screening("asq", world.maya)
        screen.answer("q1", NO)
        screen.answer("q3", YES)
        raise ZeroDivisionError

    def goes_on(s: Any) -> None:
        screen = s.screening("asq", world.maya)
        for item, value in (("q1", NO), ("q3", YES), ("q5", YES)):
            screen.answer(item, value)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            world.kit.run(breaks, actor=world.sam, key="k")
    assert counted(world) == (1, 2, 1)
    world.kit.run(goes_on, actor=world.sam, key="k")
    assert counted(world) == (1, 3, 1)
    assert world.alert().level == "now"
    assert not reused(world)


@pytest.mark.parametrize("key", [None, "k"])
def test_a_conflict_doubles_nothing(world: Any, key: str | None) -> None:
    with world.kit.session(actor=world.cora) as s:
        shared = s.save(Task.give(owner=world.cora, what="shared"))
    tries = []

    def work(s: Any) -> None:
        mine = s.get(Task, shared.id)
        screen = s.screening("asq", world.maya)
        for item, value in ALARM.items():
            screen.answer(item, value)
        world.kit.concern("I am worried", about=world.maya, names=[world.sam])
        tries.append(1)
        if len(tries) < 3:
            with world.kit.session(actor=world.cora) as other:
                other.save(other.get(Task, shared.id).hand_to(world.cora))
        s.save(mine.done())

    world.kit.run(work, actor=world.cora, key=key)
    assert len(tries) == 3
    assert counted(world) == (1, 5, 2)
    assert len(world.all("concern")) == 1


def test_two_alike_in_one_run_are_two_and_stay_two(world: Any) -> None:
    def work(s: Any) -> None:
        for _ in range(2):
            s.screening("asq", world.maya).answer("q5", YES)
            world.kit.concern("again")

    for _ in range(2):
        world.kit.run(work, actor=world.sam, key="k")
    assert counted(world) == (2, 2, 4)
    assert not reused(world)


def test_a_screen_that_is_gone_on_with_by_its_id(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", NO)

    def work(s: Any) -> None:
        there = s.screening("asq", world.maya, screen=screen.id)
        there.answer("q2", NO)
        there.answer("q3", YES)

    for _ in range(3):
        world.kit.run(work, actor=world.sam, key="k")
    assert counted(world) == (1, 3, 1)


# -- something else under the same key --------------------------------------------------------------


@pytest.mark.parametrize("first", [CALM, {"q1": NO}, {}, None], ids=["calm", "one", "none", "no screen"])
def test_a_key_that_is_too_coarse_swallows_no_screen(world: Any, first: Any) -> None:
    def calm(s: Any) -> None:
        s.save(Task.give(owner=s.actor.person, what="note"))

    world.kit.run(calm if first is None else asks(first), actor=world.sam, key=f"asq {world.maya}")
    tasks = len(world.all("task"))
    with pytest.raises(Malformed) as caught:
        world.kit.run(asks(ALARM, note="second"), actor=world.sam, key=f"asq {world.maya}")
    assert caught.value.where == "run.key"
    [alert] = world.alerts
    assert alert.level == "now"
    screen = next(one for one in world.all("risk_screen") if one.id == alert.screen)
    told = {a.item: a.value for a in world.all("answer") if a.screen == screen.id}
    assert told == ALARM  # whole, in a screen of its own
    if first not in ({}, {"q1": NO}):
        assert [one.id for one in reused(world)] == [screen.id]
        assert [t.what for t in world.all("task") if t.about == screen.id] == ["look-at-screen"]
    assert not [t for t in world.all("task") if t.what == "second"]
    assert len(world.all("task")) <= tasks + 1


def test_other_answers_that_come_again_are_the_other_screens_own(world: Any) -> None:
    world.kit.run(asks(CALM), actor=world.sam, key="k")
    with pytest.raises(Malformed):
        world.kit.run(asks(ALARM), actor=world.sam, key="k")
    for answers in (ALARM, CALM, ALARM):
        assert world.kit.run(asks(answers), actor=world.sam, key="k").replayed
    assert counted(world) == (2, 9, 1)


def test_the_same_answers_later_are_another_screen(world: Any) -> None:
    """Without a date of their own, what was said an hour ago is not what is said now."""
    world.kit.run(asks(ALARM), actor=world.sam, key="k")
    world.acknowledge("ola")
    world.respond("ola", "act", words="talked")
    world.clock.forward(minutes=61)
    with pytest.raises(Malformed):
        world.kit.run(asks(ALARM), actor=world.sam, key="k")
    assert counted(world) == (2, 10, 2)
    assert [alert.state for alert in world.alerts] == ["acting", "open"]


def test_what_has_a_date_of_its_own_is_the_same_at_any_time(world: Any) -> None:
    at = world.clock.now() - timedelta(days=2)

    def work(s: Any) -> None:
        s.screening("asq", world.maya, occurred=at).answer("q5", YES)
        world.kit.concern("worried", occurred=at)

    world.kit.run(work, actor=world.sam, key="k")
    world.clock.forward(days=9)
    assert world.kit.run(work, actor=world.sam, key="k").replayed
    assert counted(world) == (1, 1, 2)


@pytest.mark.parametrize(
    "other",
    [{"words": "other words"}, {"about": ""}, {"names": ["sam"]}, {"level": "today"}, {"by": "ola"}],
    ids=lambda one: next(iter(one)),
)
def test_another_concern_under_the_key_is_heard(world: Any, other: dict[str, Any]) -> None:
    def voice(words: str = "worried", about: str = "maya", names: Any = (), by: str = "", **more: Any) -> Any:
        of = world.people.get
        return lambda _: world.kit.concern(
            words, about=of(about), by=of(by), names=[of(one) for one in names], **more
        )

    world.kit.run(voice(), actor=world.cora, key="k")
    world.kit.run(voice(), actor=world.cora, key="k")
    assert len(world.alerts) == 1
    with pytest.raises(Malformed):
        world.kit.run(voice(**other), actor=world.cora, key="k")
    assert len(world.alerts) == 2
    assert ["key-reused" in one.obstacles for one in sorted(world.all("concern"), key=lambda c: c.id)] == [
        False,
        True,
    ]


def test_who_asks_is_part_of_the_key(world: Any) -> None:
    world.kit.run(asks(ALARM), actor=world.sam, key="k")
    world.kit.run(asks(ALARM), actor=world.ola, key="k")
    assert counted(world)[0] == 2


def test_a_replay_that_cannot_be_followed_to_the_lane_says_so(world: Any) -> None:
    stop: list[int] = []

    def work(s: Any) -> None:
        if stop:
            raise ZeroDivisionError
        s.screening("asq", world.maya).answer("q5", YES)

    world.kit.run(work, actor=world.sam, key="k")
    stop.append(1)
    with pytest.raises(Malformed) as caught:
        world.kit.run(work, actor=world.sam, key="k")
    assert caught.value.where == "run.key"


def test_acts_that_are_legal_no_more_do_not_hide_the_lane_behind_them(world: Any) -> None:
    with world.kit.session(actor=world.sam) as s:
        task = s.save(Task.give(owner=world.sam, what="call"))

    def work(answers: Any) -> Any:
        def inner(s: Any) -> None:
            s.save(s.get(Task, task.id).done())
            screen = s.screening("asq", world.maya)
            for item, value in answers.items():
                screen.answer(item, value)

        return inner

    world.kit.run(work(CALM), actor=world.sam, key="k")
    assert world.kit.run(work(CALM), actor=world.sam, key="k").replayed
    with pytest.raises(Malformed):
        world.kit.run(work(ALARM), actor=world.sam, key="k")
    assert world.alert().level == "now"


# -- what humans do with an alert ------------------------------------------------------------------


def test_responses_are_recorded_once_and_others_are_heard(world: Any) -> None:
    world.screen().answer("q5", YES)
    alert = world.alert()

    def work(words: str) -> Any:
        def inner(s: Any) -> None:
            s.acknowledge(alert.id)
            s.respond(alert.id, "act", words=words)
            s.respond(alert.id, "meet", need="person_told", words=words)

        return inner

    for _ in range(3):
        world.kit.run(work("called"), actor=world.ola, key="k")
    [response] = world.all("safety_response")
    assert [one.words for one in response.actions] == ["called"]
    with pytest.raises(Malformed):
        world.kit.run(work("went there"), actor=world.ola, key="k")
    [response] = world.all("safety_response")
    assert [one.words for one in response.actions] == ["called", "went there"]


def test_i_cannot_climbs_once(world: Any) -> None:
    world.screen(by="cora").answer("q5", YES)
    assert world.wire.to == ["sam"]

    def work(s: Any) -> None:
        s.acknowledge(world.alert().id, can_come=False)

    for _ in range(3):
        world.kit.run(work, actor=world.sam, key="k")
    assert world.wire.to == ["sam", "ola"]


def test_a_replay_does_not_silence_an_alert_that_speaks_again(world: Any) -> None:
    screen = world.screen(by="cora")
    screen.answer("q1", YES)
    alert = world.alert()

    def work(s: Any) -> None:
        s.acknowledge(alert.id)

    world.kit.run(work, actor=world.ola, key="k")
    assert world.alert().state == "acknowledged"
    screen.answer("q5", YES)
    assert world.alert().state == "open"
    world.kit.run(work, actor=world.ola, key="k")
    assert world.alert().state == "open"


# -- nothing that is said is kept beside ------------------------------------------------------------


def test_the_mark_holds_no_words(world: Any) -> None:
    def work(_: Any) -> None:
        world.kit.concern("CANARY-1", about=world.maya)

    world.kit.run(work, actor=world.cora, key="CANARY-2")
    marks = world.kit.storage.marks("once:")
    assert marks
    assert "CANARY" not in repr(marks)


def test_a_mark_that_cannot_be_read_swallows_nothing(world: Any) -> None:
    world.kit.run(asks(ALARM), actor=world.sam, key="k")
    [(name, _)] = world.kit.storage.marks("once:").items()
    world.kit.storage.mark(name, "no json")
    with pytest.raises(Malformed):
        world.kit.run(asks(ALARM), actor=world.sam, key="k")
    assert counted(world)[0] == 2


def test_an_erased_screen_is_not_taken_for_the_one_said_now(world: Any) -> None:
    world.kit.run(asks(CALM), actor=world.sam, key="k")
    [screen] = world.all("risk_screen")
    stored = world.kit.storage.get("risk_screen", screen.id)
    change = Change(
        "risk_screen", screen.id, 1, 1, stored.envelope.subjects, (ActLine("damage"),), "system:damage", b"{}"
    )
    world.kit.storage.commit(Batch((change,), world.clock.now()))
    with pytest.raises(Malformed):
        world.kit.run(asks(CALM), actor=world.sam, key="k")


@pytest.mark.parametrize("can_come", [True, False])
def test_what_was_not_stored_is_not_taken_for_said_when_the_run_is_tried_again(
    world: Any, monkeypatch: pytest.MonkeyPatch, can_come: Any
) -> None:
    world.screen().answer("q5", YES)
    asked = world.alert().asked[0]
    tries = []

    def locked(*_args: Any, **_options: Any) -> None:
        raise StorageError("locked")

    def answers(s: Any) -> None:
        tries.append(1)
        if len(tries) > 1:
            s.acknowledge(world.alert().id, can_come=can_come)
            return
        with monkeypatch.context() as patch, pytest.raises(StorageError):
            patch.setattr(world.kit, "write", locked)
            s.acknowledge(world.alert().id, can_come=can_come)
        raise Conflict("somebody was quicker")

    world.kit.run(answers, actor=Actor(asked))
    alert = world.alert()
    assert (alert.holder, alert.unable) == ((asked, ()) if can_come else ("", (asked,)))
    assert can_come or asked not in alert.asked
