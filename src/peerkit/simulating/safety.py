# SPDX-License-Identifier: Apache-2.0
"""Screens and concerns: what alarms, climbs, is taken by a human, acted on and closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peerkit.model.duty_report import DutyReport
from peerkit.model.people import Person
from peerkit.model.response import NEEDS
from peerkit.model.safety import Alert, RiskScreen
from peerkit.safety.screen import alert_id
from peerkit.simulating import words
from peerkit.simulating.walking import Pair
from peerkit.simulating.world import Life, World, days, minutes

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
            if way == "abandoned" and number:
                break
            held.answer(item, value)
        if way not in {"abandoned", "speaks_again", "wrong_person"}:
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
    yield from handled(w, alert, way)
    if way == "speaks_again":
        with w.hushed(), w.session(pair.supporter) as s:
            again = s.screening("asq", screen=held.id)
            again.answer("q5", value=True)
            again.finish()
        yield minutes(16)
        w.deliver()
        yield from handled(w, alert, "now")


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
