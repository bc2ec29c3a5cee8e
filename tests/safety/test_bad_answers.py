# SPDX-License-Identifier: Apache-2.0
"""Answers of the wrong shape. `score()` says an error, `answer()` stores and alarms, and neither says "no".

A form that sends `1`, `"yes"` or an object where `true` belongs has made published screens answer "no risk".
Hosts hand over worse: proxies outside of their request, lazy texts, arrays. Nothing of that may raise on the
way of an alarm, and nothing of it may be read as an answer.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn

import pytest

from peerkit import Malformed
from peerkit.instruments import load

YES, NO = True, False


class Wrong(Exception):
    """Not peerkit's, and no ValueError: nobody expects it."""


class Proxy:
    """As a web framework has for "the current request", looked at outside of one."""

    @property  # type: ignore[misc]
    def __class__(self) -> NoReturn:
        raise Wrong


class Array:
    """As numbers have that are many: neither true nor false."""

    def __bool__(self) -> NoReturn:
        raise Wrong

    def __eq__(self, _: object) -> NoReturn:
        raise Wrong

    __hash__ = None  # type: ignore[assignment]


class Sealed(str):
    """A text that lets nobody compare it."""

    __slots__ = ()

    def __eq__(self, _: object) -> NoReturn:
        raise Wrong

    def __hash__(self) -> NoReturn:
        raise Wrong


class Lazy(str):
    """A text that is made when it is shown, and fails."""

    __slots__ = ()

    def __str__(self) -> NoReturn:
        raise Wrong

    def __repr__(self) -> NoReturn:
        raise Wrong


class Closed(dict[str, Any]):
    """A mapping whose source is gone."""

    def items(self) -> NoReturn:
        raise Wrong

    def __iter__(self) -> NoReturn:
        raise Wrong


class NoZone(tzinfo):
    """A zone that somebody did not finish."""


def nested(levels: int) -> Any:
    made: Any = YES
    for _ in range(levels):
        made = [made]
    return made


SHAPES: dict[str, Any] = {
    "one": 1,
    "zero": 0,
    "yes": "yes",
    "true as text": "true",
    "False as text": "False",
    "one and a half": 1.5,
    "a list": [YES],
    "an empty list": [],
    "an object": {"value": YES},
    "an empty object": {},
    "in a tuple": (YES,),
    "a set": {YES},
    "a number beyond all": 10**30,
    "a number too long to write": 10**5000,
    "no number": float("nan"),
    "infinite": float("inf"),
    "a decimal": Decimal(1),
    "a fraction": Fraction(1, 2),
    "bytes": b"yes",
    "half of a letter": "\ud800",
    "a zero byte": "\x00",
    "very long": "y" * 2_000_000,
    "very wide": [YES] * 100_000,
    "nested": nested(90),
    "nested deeper than it can be read": nested(400),
    "nested near the end of the stack": nested(950),
    "nested beyond the stack": nested(5000),
    "an object of the host's": object(),
    "a class": Wrong,
    "an error": Wrong("no"),
    "a function": load,
    "a proxy": Proxy(),
    "an array": Array(),
    "a lazy text": Lazy("yes"),
    "a sealed text": Sealed("yes"),
    "a closed mapping": Closed(value=YES),
}
shapes = pytest.mark.parametrize("name", SHAPES)  # the names alone: pytest looks at what it is given


# -- from score(): an error ----------------------------------------------------------------------------------


@shapes
@pytest.mark.parametrize("instrument", ["asq", "phq-9"])
def test_a_value_that_is_no_answer_is_an_error_of_score(instrument: str, name: str) -> None:
    if instrument == "phq-9" and name in {"one", "zero", "a decimal"}:
        pytest.skip("that is an answer there")
    with pytest.raises(Malformed) as raised:
        load(instrument).score({"q1": SHAPES[name]})
    assert raised.value.where == f"{instrument}: q1"


@shapes
def test_what_is_no_item_is_an_error_of_score(name: str) -> None:
    asq, shape = load("asq"), SHAPES[name]
    if name != "an empty object":  # that is a screen without an answer
        with pytest.raises(Malformed):
            asq.score(shape)
    try:
        answers = {shape: YES}
    except (TypeError, Wrong):
        return  # no key of anything
    with pytest.raises(Malformed):
        asq.score(answers)


# -- from answer(): stored, and an alarm ---------------------------------------------------------------------


@shapes
def test_a_value_that_is_no_answer_is_stored_and_alarms(world: Any, name: str) -> None:
    screen = world.screen(by="ola")
    steps = screen.answer("q5", SHAPES[name])
    assert steps is not None
    assert steps.level == "now"  # it may have been a yes
    (answer,) = world.all("answer")
    assert (answer.item, answer.number, answer.person) == ("q5", 1, world.maya)
    assert (world.alert().level, world.alert().rules) == ("now", ("unreadable",))
    assert world.wire.to == ["sam"]
    again = world.screen(by="cora", screen=screen.id)  # read again from the store, it is no "no" either
    assert again.level == "now"
    assert "q5" not in again.next


@shapes
def test_what_is_no_item_is_stored_and_alarms(opened: Any, name: str) -> None:
    world = opened()
    screen = world.screen(by="ola")
    steps = screen.answer(SHAPES[name], NO)
    assert steps is not None
    assert steps.level == "now"  # whatever was asked, somebody looks
    (answer,) = world.all("answer")
    assert (answer.item, "unknown-item" in answer.obstacles) == ("", True)
    assert world.alert().rules == ("unknown-item",)
    assert world.screen(by="cora", screen=screen.id).level == "now"


def test_a_screen_begins_whatever_stands_for_its_instrument_its_person_or_itself(world: Any) -> None:
    for shape in SHAPES.values():
        world.screen(by="ola", instrument=shape).answer("q1", YES)
        with world.kit.session(actor=world.ola) as s:
            s.screening("asq", shape).answer("q5", YES)
            s.screening("asq", world.maya, screen=shape).answer("q5", YES)
            s.screening("asq", world.maya, occurred=shape).answer("q5", YES)
    assert [alert.level for alert in world.alerts] == ["now"] * 4 * len(SHAPES)


@pytest.mark.parametrize("place", ["words", "about", "by", "names", "level", "occurred"])
def test_a_concern_is_stored_whatever_stands_in_it(world: Any, place: str) -> None:
    for shape in SHAPES.values():
        steps = world.kit.concern(**{"words": "I am worried", "about": world.maya, place: shape})
        assert steps.level == "now"
    assert [alert.level for alert in world.alerts] == ["now"] * len(SHAPES)


@pytest.mark.parametrize("zone", [NoZone(), UTC], ids=["no zone", "the end of time"])
def test_an_instant_that_cannot_be_reckoned_with_is_an_obstacle(world: Any, zone: tzinfo) -> None:
    at = datetime(9999, 12, 31, 23, tzinfo=zone) if zone is UTC else datetime(2026, 11, 1, tzinfo=zone)
    world.screen(by="ola", occurred=at).answer("q5", YES)
    world.kit.concern("I am worried", occurred=at)
    assert [alert.level for alert in world.alerts] == ["now", "now"]
    if zone is not UTC:
        assert "no-instant" in world.all("risk_screen")[0].obstacles
        assert "no-instant" in world.all("concern")[0].obstacles


class Index:
    """An integer of another library's."""

    def __index__(self) -> int:
        return 3


@pytest.mark.parametrize("same", [Decimal(3), Index(), 3.0, Decimal("3.0")])
def test_a_whole_number_of_another_type_is_that_answer(world: Any, same: Any) -> None:
    screen = world.screen(instrument="readiness")
    assert screen.answer("q1", same) is None
    (answer,) = world.all("answer")
    assert (answer.value, answer.obstacles) == (3, ())
    assert world.alerts == []


# -- the right shape, at the wrong time ----------------------------------------------------------------------


def test_in_the_wrong_order_a_yes_to_the_last_question_alone_is_acute(world: Any) -> None:
    assert world.screen().answer("q5", YES).level == "now"


def test_a_yes_to_the_last_with_a_no_to_all_others_is_acute(world: Any) -> None:
    screen = world.screen(by="ola")
    assert [screen.answer(item, NO) for item in ("q1", "q2", "q3", "q4")] == [None] * 4
    assert screen.answer("q5", YES).level == "now"
    assert load("asq").score(dict.fromkeys(("q1", "q2", "q3", "q4"), NO) | {"q5": YES}).level == "now"


def test_a_later_no_takes_nothing_back(world: Any) -> None:
    screen = world.screen(by="ola")
    screen.answer("q5", YES)
    assert screen.answer("q5", NO) is None
    assert screen.finish().level == "now"
    assert [a.value for a in sorted(world.all("answer"), key=lambda a: a.number)] == [YES, NO]
    assert (world.alert().level, world.alert().state) == ("now", "open")


def test_the_same_answer_twice_is_two_answers_and_one_alert(world: Any) -> None:
    screen = world.screen(by="ola")
    assert screen.answer("q5", YES) is not None
    assert screen.answer("q5", YES) is not None
    assert [a.number for a in sorted(world.all("answer"), key=lambda a: a.number)] == [1, 2]
    assert len(world.alerts) == 1


def test_after_the_end_an_answer_is_heard(world: Any) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", NO)
    screen.finish()
    assert screen.answer("q5", YES).level == "now"
    assert [a.obstacles for a in world.all("answer") if a.number == 2] == [("closed-screen",)]
    assert "look-at-screen" in {task.what for task in world.all("task")}


def test_all_declined_is_a_task_for_an_adult_and_an_alert_where_nobody_knows_the_age(world: Any) -> None:
    world.enrol("noa")
    for who in ("maya", "noa"):
        screen = world.screen(about=who)
        for item in ("q1", "q2", "q3", "q4"):
            screen.answer(item, "declined")
        screen.finish()
    assert [(alert.person, alert.level) for alert in world.alerts] == [(world.noa, "today")]
    assert {task.person for task in world.all("task") if task.what.startswith("screen-")} == {world.maya}


def test_a_great_many_answers_are_all_heard(opened: Any) -> None:
    world = opened()
    screen = world.screen(by="ola")
    for number in range(300):
        screen.answer(("q1", "q2", "q3", "q4")[number % 4], NO)
    assert screen.answer("q5", YES).level == "now"
    again = world.screen(screen=screen.id)
    assert (again.level, len(world.all("answer"))) == ("now", 301)
