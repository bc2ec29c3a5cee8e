# SPDX-License-Identifier: Apache-2.0
"""The program itself: how it is founded, who works there, what happens with it, and its every day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peerkit.errors import Conflict, NotFound, Refused
from peerkit.model.directory import Service
from peerkit.model.ids import stamp
from peerkit.model.people import Person
from peerkit.model.program import Appointment, Organization, Program
from peerkit.model.questionnaire import Questionnaire
from peerkit.model.sharing import Recipient
from peerkit.model.work import PERSONAL, Task
from peerkit.ports import Condition, Query
from peerkit.simulating import tables, words
from peerkit.simulating.dice import FICTIONAL, Dice
from peerkit.simulating.world import CHANNEL, ZONE, Life, World, days, hours

NAME = "Simulated Peer Support (fictional)"
"""What every simulated program is called."""


def settings(dice: Dice) -> dict[str, Any]:
    """The settings that found it."""
    return {
        "name": NAME,
        "timezone": ZONE,
        "region": "CA-ON",
        "languages": ["en", "fr"],
        "coordinator": {"name": dice.person(), "reach": [f"{CHANNEL}:coordinator"], "languages": ["en"]},
        "on_call": [{"name": dice.person(), "reach": [f"{CHANNEL}:on-call"], "languages": ["en"]}],
        "lines": [
            {
                "name": f"Distress Centre {FICTIONAL}",
                "number": "555-0100",
                "hours": "always",
                "languages": ["en"],
                "source": "made up",
                "as_of": "2020-01-01",
            }
        ],
        "path": [
            {"role": "supporter", "minutes": 10},
            {"role": "supervisor", "minutes": 15},
            {"role": "on-call", "minutes": 15},
            {"role": "coordinator", "minutes": 15},
        ],
        "policy": "We stay with you. We call somebody only with you, or if you might not be there tomorrow.",
        "notifiers": [CHANNEL],
    }


def staff(w: World) -> None:
    """Whoever works there from the first day on, the directory, and whom the program knows outside."""
    cast, dice, first = w.cast, w.dice, w.cast.coordinator
    for office in ("second", "supervisor", "privacy"):
        with w.session(first) as s:
            one = s.save(Person.enrol(name=dice.person(), reach=(f"{CHANNEL}:{office}",), languages=("en",)))
            s.save(Appointment.give(one, "coordinator" if office == "second" else office))
        setattr(cast, office, one.id)
    for what in words.SERVICES:
        name = dice.body(what)
        entry = {
            "name": name,
            "organization": name,
            "needs": ["Food" if "itchen" in what or "Pantry" in what else "Community"],
            "description": "Made up, like everybody here.",
            "languages": ["en"],
            "source": "simulated",
            "source_key": what,
        }
        service = w.save(first, Service.list(entry=entry)).id
        cast.services.append(service)
        address = f"{CHANNEL}:{what}"
        cast.recipients.append(w.save(first, Recipient.add(name=name, address=address, service=service)).id)
    cast.clinic = w.save(first, Recipient.add(name=dice.body("Clinic"), address=f"{CHANNEL}:clinic")).id
    w.save(first, w.head(Recipient, cast.clinic).place(circle=True))
    for version in ("1.0", "1.1"):  # the first one had a slip in it
        brought = w.save(first, Questionnaire.add(words.QUESTIONNAIRE.format(version=version)))
        if version == "1.0":
            w.save(first, brought.withdraw())


def every_day(w: World) -> Life:
    """Delivery runs, and humans do what lay too long. It runs twice a day, so that its clock is believed."""
    while True:
        w.deliver()
        if 8 <= w.clock.local.hour < 20:
            yield from w.tried(_work(w), "every_day", "")
        yield hours(11)


def _work(w: World) -> Life:
    """Most of what lay for a day past its time is done by whoever it is due from."""
    before = stamp(w.clock.now() - timedelta(days=1))
    open_ = (Condition("state", "==", "open"), Condition("due", "<", before))
    found = w.kit.storage.find(Query(Task.kind, open_, limit=100, order="due"))
    owners: dict[str, list[Task]] = {}
    for row in found.rows:
        task = w.kit.codec.decode(row)
        if not isinstance(task, Task) or task.what in PERSONAL:  # these close with what is said elsewhere
            continue
        if w.dice.happens(tables.TASK_DONE):
            owners.setdefault(task.asked_too or task.owner, []).append(task)
    for owner, several in owners.items():
        try:
            with w.session(owner) as s:
                for task in several:
                    s.save(task.done())
        except (Refused, NotFound, Conflict) as fault:
            w.stumble("every_day", fault)
    return
    yield


def every_month(w: World) -> Life:
    """A drill a month, and what happens with the program."""
    number = 0
    while True:
        yield days(w.dice.between(2, 6))
        way = w.deal("drills", tables.DRILLS)
        yield from w.tried(_drill(w, way), "drills", way)
        yield days(w.dice.between(4, 9))
        for way in [w.deal("program", tables.PROGRAM_EVENTS) for _ in range(3 if number < 3 else 1)]:
            yield from w.tried(_event(w, way), "program", way)
        number += 1
        yield days(14)


def _drill(w: World, way: str) -> Life:
    cast = w.cast
    w.clock.go(w.dice.minutes(1, 3))
    with w.hushed():
        made = w.kit.drill(cast.coordinator)
    yield hours(0.2)
    if way == "passed":
        for one in (cast.supervisor, cast.on_call, cast.coordinator):
            with w.hushed(), w.session(one) as s:
                s.acknowledge(made.drill)


def _event(w: World, way: str) -> Life:
    cast, first = w.cast, w.cast.coordinator
    if way == "settings":
        held = w.head(Program, w.kit.program.id)
        digest = "" if held.digest_at else "09:00"
        w.save(first, held.update(settings={"digest_at": digest, "embargo_days": w.dice.whole(7, 21)}))
        if digest:
            yield days(14)
            held = w.head(Program, held.id)
            w.save(first, held.update(settings={"digest_at": ""}))
    elif way == "on_call_changes":
        one = w.dice.pick(w.cast.supporters or [cast.second])
        held_office = w.save(first, Appointment.give(one, "on-call", hours="fri 18:00-23:00"))
        yield days(21)
        w.save(first, w.head(Appointment, held_office.id).end())
    elif way == "recipient":
        made = w.save(
            first, Recipient.add(name=w.dice.body("Shelter"), address=f"{CHANNEL}:old", discreet=True)
        )
        yield days(5)
        made = w.save(first, made.reach(address=f"{CHANNEL}:new"))
        yield days(15)
        w.save(first, made.close())
    elif way == "service_assured":
        service = w.head(Service, w.dice.pick(cast.services))
        room = w.dice.pick(("open", "open", "waiting_list", "full"))
        w.save(first, service.assure(on=w.today, room=room))
    elif way == "service_gone_and_back":
        service = w.head(Service, cast.services[-1])
        service = w.save(first, service.lapse())
        yield days(3)
        w.save(first, service.revise(entry={"description": "Made up, and open again."}))
    else:
        body = w.save(first, Organization.add(name=w.dice.body("Community Centre"), sort="partner"))
        yield days(6)
        body = w.save(first, body.rename(name=w.dice.body("Neighbourhood House")))
        yield days(30)
        w.save(first, body.close())
    yield days(0)
