# SPDX-License-Identifier: Apache-2.0
"""Screens and concerns: what alarms, climbs, is taken by a human, acted on and closed; and safety plans."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peerkit.model.decision import Decision
from peerkit.model.duty_report import DutyReport
from peerkit.model.people import Person
from peerkit.model.response import NEEDS
from peerkit.model.safety import Alert, RiskScreen
from peerkit.model.safety_plan import SafetyPlan
from peerkit.safety.screen import alert_id
from peerkit.simulating import words
from peerkit.simulating.walking import Pair
from peerkit.simulating.world import Life, World, days, minutes, spoken

CALM = {"q1": False, "q2": False, "q3": False, "q4": False}
GRAVE = {"q1": True, "q2": False, "q3": True, "q4": False, "q5": True}
LESS_GRAVE = {"q1": True, "q2": False, "q3": False, "q4": False, "q5": False}


def screen(w: World, pair: Pair, way: str) -> Life:
    """A check-in that the person wished for, answer by answer."""
    about = pair.person
    if way == "wrong_person":
        about = w.save(w.cast.coordinator, Person.enrol(name=w.dice.person())).id
    said = CALM if way in {"quiet", "abandoned"} else LESS_GRAVE if way == "today" else GRAVE
    with w.hushed(), w.session(w.cast.supervisor if way == "wrong_person" else pair.supporter) as s:
        held = s.screening("asq", about)
        for number, (item, value) in enumerate(said.items()):
            w.clock.go(w.dice.minutes(0.3, 1))
            if (way == "abandoned" and number) or (way == "answered_in_hand" and item == "q5"):
                break
            held.answer(item, value)
        if way not in {"abandoned", "speaks_again", "wrong_person", "answered_in_hand"}:
            held.finish()
    if way == "abandoned":
        yield days(2)
        w.deliver()
        return
    if way == "quiet":
        return
    alert = alert_id(w.head(RiskScreen, held.id))
    yield minutes(16)
    w.deliver()
    if way == "wrong_person":
        yield from handled(w, alert, "now")
        with w.hushed(), w.session(w.cast.supervisor) as s:
            s.screening("asq", screen=held.id).move(pair.person)
        alert = alert_id(w.head(RiskScreen, held.id))
        yield minutes(10)
        w.deliver()
    if way == "answered_in_hand":  # a question stayed open, and is answered once somebody has taken it
        yield minutes(20)
        w.deliver()
        with w.hushed(), w.session(w.cast.coordinator) as s:
            s.acknowledge(alert)
        yield minutes(4)
        _goes_on(w, pair, held.id)
        yield minutes(2)
    yield from handled(w, alert, way)
    if way == "speaks_again":
        _goes_on(w, pair, held.id)
        yield minutes(16)
        w.deliver()
        yield from handled(w, alert, "now")


def _goes_on(w: World, pair: Pair, screen: str) -> None:
    with w.hushed(), w.session(pair.supporter) as s:
        again = s.screening("asq", screen=screen)
        again.answer("q5", value=True)
        again.finish()


def handled(w: World, alert: str, way: str) -> Life:
    """Humans see an alert, take it, act, and close it."""
    who = w.cast.coordinator
    if way == "raised":
        yield minutes(16)
        w.deliver()
    if way == "cannot":
        with w.hushed(), w.session(w.cast.on_call) as s:
            s.acknowledge(alert, can_come=False)
        yield minutes(5)
        w.deliver()
    with w.hushed(), w.session(who) as s:
        s.acknowledge(alert)
    if way == "lapsed":  # taken, and then nothing
        yield minutes(70)
        w.deliver()
        with w.hushed(), w.session(w.cast.second) as s:
            s.acknowledge(alert)
        who = w.cast.second
    if way == "handed_on":
        with w.hushed(), w.session(who) as s:
            s.hand_on(alert, to=w.cast.second)
        yield minutes(3)
        with w.hushed(), w.session(w.cast.second) as s:
            s.acknowledge(alert)
        who = w.cast.second
    yield minutes(25)
    with w.session(who) as s:
        s.respond(alert, "act", words=w.dice.pick(words.DONE), consent=True)
        if w.head(Alert, alert).level != "talk":
            for need in NEEDS[:1] if way == "incomplete" else NEEDS:
                if need != "acted":
                    s.respond(alert, "meet", need=need)
    if way == "reminded":
        yield days(1.3)
        w.deliver()
    yield minutes(50)
    with w.session(who) as s:
        if way == "incomplete":
            s.respond(alert, "close_incomplete", reasons=dict.fromkeys(NEEDS, "unreachable"))
        else:
            s.respond(alert, "close")


def concern(w: World, pair: Pair, way: str) -> Life:
    """Somebody is worried, with or without an account."""
    w.clock.go(w.dice.minutes(1, 3))
    with w.hushed():
        if way == "about_a_supporter":
            steps = w.kit.concern(w.dice.pick(words.COMPLAINTS), names=[pair.supporter], level="today")
        elif way == "anonymous":
            steps = w.kit.concern(w.dice.pick(words.CONCERNS), pair.person)
        else:
            steps = w.kit.concern(w.dice.pick(words.CONCERNS), pair.person, by=pair.supporter)
    yield minutes(12)
    w.deliver()
    with w.hushed(), w.session(w.cast.coordinator) as s:
        s.acknowledge(steps.alert)
        s.respond(steps.alert, "settle", words="Talked with everybody.")
    yield from handled(w, steps.alert, "now")


def duty(w: World, pair: Pair, way: str) -> Life:
    """A supporter thinks that a duty may be theirs in person, and writes down what they did."""
    who = pair.supporter
    made = w.save(who, DutyReport.consider("child-protection", author=who, about=pair.person))
    made = w.save(who, made.share(w.cast.supervisor))
    yield minutes(40)
    made = w.head(DutyReport, made.id)
    if way == "not_reported":
        w.save(who, made.not_reported(reason="It was about a long time ago, and nobody is a child any more."))
        return
    told: dict[str, Any] = {"told": "before"}
    if way == "told_later":
        told = {"told": "later", "put_off": "endangers_other", "look_on": w.today + timedelta(days=7)}
    made = w.save(who, made.reported(body="Example society (fictional)", how="phone", **told))
    yield days(6)
    made = w.save(who, w.head(DutyReport, made.id).unshare(w.cast.supervisor))
    if way == "told_later":
        w.save(who, made.tell_later(put_off="endangers_other", look_on=w.today + timedelta(days=7)))
        yield days(7)
        w.save(who, w.head(DutyReport, made.id).tell())


def plan(w: World, pair: Pair, way: str) -> Life:
    """What the person writes for hard hours, for themselves or for others too."""
    me, other = pair.person, pair.supporter
    if way == "spoken":
        w.save(other, _for_hard_hours(w, SafetyPlan.begin(person=me, by=spoken(me)), by=spoken(me)))
        return
    made = w.save(me, _for_hard_hours(w, SafetyPlan.begin(person=me)))
    yield days(1)
    if way == "own":
        made = w.save(me, made.open_first().move(made.entries[1].id, 1))
        made = w.save(me, made.change(made.entries[0].id, reach="555-0100").stay_closed())
    elif way == "shared":
        made = w.save(me, made.share(other).let_callers().open_first())
        made = w.save(other, made.suggest("company", w.dice.pick(words.STEPS), author=other))
        made = w.save(other, made.suggest("company", w.dice.pick(words.STEPS), author=other))
        yield days(2)
        made = w.head(SafetyPlan, made.id)
        wanted, other_one = made.suggestions[-2:]
        made = w.save(me, made.adopt(wanted.id).drop(other_one.id))
        made = w.save(me, made.unshare(other).shut_callers())
    elif way == "reviewed":
        made = w.save(me, made.review(w.today + timedelta(days=3)))
        yield days(6)
        made = w.save(me, w.head(SafetyPlan, made.id).look_again(on=w.today + timedelta(days=90)))
        w.save(me, made.stop_review())
    else:
        made = w.save(me, made.set_aside())
        yield days(1)
        w.save(me, made.take_up())


def _for_hard_hours(w: World, begun: SafetyPlan, by: Decision | None = None) -> SafetyPlan:
    held = begun.add("signs", w.dice.pick(words.NOTES), by=by)
    held = held.add("alone", w.dice.pick(words.STEPS), by=by).add("alone", w.dice.pick(words.GOALS), by=by)
    return held.add("help", w.dice.pick(words.STRENGTHS), reach="555-0111", by=by)
