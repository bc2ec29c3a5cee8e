# SPDX-License-Identifier: Apache-2.0
"""A whole program in which anything happens: coming, walking together, going, being away."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from program_opening import Post, Watch, begun
from program_promises import BOT, Book

from peerkit import (
    Appointment,
    Decision,
    GoalPlan,
    Leave,
    PeerSupporter,
    Person,
    Recipient,
    Refused,
    Relationship,
    Service,
    Wall,
)

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
HITS: Counter[str] = Counter()
REFUSED: Counter[str] = Counter()
EVERYTHING = ("identity", "contact", "own")
FACTS = {
    "decline",
    "die",
    "end",
    "fall_ill",
    "leave",
    "pause",
    "recall",
    "refuse",
    "step_down",
    "wall",
    "withdraw",
}
"""What is never refused."""


class Program(RuleBasedStateMachine):
    """Robin and Dana keep the program, and stay; everybody else comes and goes."""

    lived: st.SearchStrategy[bool] = st.just(value=False)
    """Whether it begins after a year that was lived."""

    @initialize(data=st.data())
    def open(self, data: st.DataObject) -> None:
        self.watch, self.post = Watch(), Post()
        self.start = begun(self.watch, self.post, lived=data.draw(self.lived))
        self.kit, self.robin = self.start.kit, self.start.coordinator
        self.seen = 0
        self.kept: list[tuple[Any, str, int, Any]] = []
        self.heads: list[str] = []
        self.cursor, self.last = self.start.cursor, self.watch.at
        self.begin(data)

    def begin(self, data: st.DataObject) -> None:
        """Who is there."""
        self.dana = self.quietly(self.robin, lambda: Person.enrol(name="Dana Example (fictional)")).id
        self.quietly(self.robin, lambda: Appointment.give(self.dana, "coordinator"))
        people = [
            self.quietly(self.robin, lambda n=n: Person.enrol(name=f"P{n} Example (fictional)")).id
            for n in range(7)
        ]
        for one in people[:3]:
            self.quietly(
                self.robin,
                lambda one=one: PeerSupporter.welcome(
                    one, supervisor=self.dana, by=Decision.of(one, how="spoken")
                ),
            )
        self.clinics = [
            self.quietly(
                self.robin,
                lambda n=n: Recipient.add(name=f"Clinic {n} (fictional)", address=f"post:clinic{n}"),
            ).id
            for n in range(2)
        ]
        self.services = [
            self.quietly(self.robin, lambda n=n: Service.list(entry={"name": f"Service {n} (fictional)"})).id
            for n in range(2)
        ]
        for person, supporter in ((people[3], people[0]), (people[4], people[1])):
            self.walk(person, supporter)
            self.quietly(person, lambda p=person: GoalPlan.begin(person=p).suggest("Water the beans"))
        for purpose in ("referral", "notice", "export"):
            self.quietly(people[3], lambda purpose=purpose: self.consent(people[3], self.clinics[0], purpose))
        for service in self.services:
            self.referred(people[3], self.clinics[0], service)

    def teardown(self) -> None:
        if hasattr(self, "start"):
            self.start.close()

    # -- looking and saving ----------------------------------------------------------------------

    def book(self) -> Book:
        return Book(self.kit, self.watch.at)

    def every(self, kind: Any, *states: str) -> list[Any]:
        return [one for one in self.book().all(kind) if not states or one.state in states]

    def pick(self, data: st.DataObject, some: list[Any]) -> Any:
        return data.draw(st.sampled_from(some)) if some else None

    def anybody(self, data: st.DataObject, *, but: Any = ()) -> str:
        some = [one.id for one in self.every(Person, "here") if one.id not in {self.robin, self.dana, *but}]
        found: str = self.pick(data, some) or ""
        return found

    def quietly(self, actor: Any, make: Callable[[], Any]) -> Any:
        with self.kit.session(actor=actor) as s:
            return s.save(make())

    def save(self, name: str, actor: Any, make: Callable[[], Any]) -> Any:
        """A step; a refusal is an answer, but not to a fact."""
        try:
            with self.kit.session(actor=actor) as s:
                made = s.save(make())
        except Refused as no:
            REFUSED[f"{name}: {', '.join(no.codes)}"] += 1
            if name in FACTS:
                raise
            return None
        HITS[name] += 1
        self.heads.append(s.receipt.head)
        return made

    def step(
        self, data: st.DataObject, name: str, found: list[Any], act: Callable[[Any], Any], who: Any = None
    ) -> Any:
        """An act on one of these records, by its person unless told."""
        here = self.book().here()
        one = self.pick(data, [r for r in found if (who or (lambda r: r.person))(r) in here])
        return one and self.save(name, (who or (lambda r: r.person))(one), lambda: act(one))

    # -- coming and walking together ---------------------------------------------------------------

    @rule()
    def enrol(self) -> None:
        self.save("enrol", self.robin, lambda: Person.enrol(name="Somebody Example (fictional)"))

    @rule(data=st.data())
    def welcome(self, data: st.DataObject) -> None:
        held = {one.person for one in self.every(PeerSupporter, "active")}
        if one := self.anybody(data, but=held):
            boss = self.pick(data, [self.dana, *sorted(held)])
            self.save(
                "welcome",
                self.robin,
                lambda: PeerSupporter.welcome(one, supervisor=boss, by=Decision.of(one, how="spoken")),
            )

    @rule(data=st.data())
    def enquire(self, data: st.DataObject) -> None:
        if one := self.anybody(data):
            self.save("enquire", one, lambda: Relationship.enquire(person=one))

    def supporters(self, *, but: Any = ()) -> list[str]:
        return [one.person for one in self.every(PeerSupporter, "active") if one.person not in but]

    @rule(data=st.data())
    def propose(self, data: st.DataObject) -> None:
        one = self.pick(data, self.every(Relationship, "enquiry", "declined"))
        supporter = one and self.pick(data, self.supporters(but={one.person}))
        if supporter:
            self.save("propose", self.robin, lambda: one.propose(supporter))

    @rule(data=st.data())
    def agree(self, data: st.DataObject) -> None:
        self.step(data, "agree", self.every(Relationship, "proposed"), lambda r: r.agree())

    @rule(data=st.data())
    def take_on(self, data: st.DataObject) -> None:
        found = self.every(Relationship, "proposed")
        self.step(data, "take_on", found, lambda r: r.take_on(), lambda r: r.supporter)

    @rule(data=st.data())
    def match(self, data: st.DataObject) -> None:
        supporter = self.pick(data, self.supporters())
        person = supporter and self.anybody(data, but={supporter})
        if person and self.walk(person, supporter):
            HITS["match"] += 1

    def walk(self, person: str, supporter: str) -> bool:
        try:
            with self.kit.session(actor=self.robin) as s:
                asked = s.save(Relationship.enquire(person=person, by=Decision.of(person, how="spoken")))
                one = s.save(asked.propose(supporter))
            with self.kit.session(actor=person) as s:
                one = s.save(one.agree())
            with self.kit.session(actor=supporter) as s:
                s.save(one.take_on())
        except Refused as no:
            REFUSED[f"match: {', '.join(no.codes)}"] += 1
            return False
        return True

    def either(self, data: st.DataObject, name: str, states: tuple[str, ...], act: Any) -> None:
        side = data.draw(st.booleans())
        found = [r for r in self.every(Relationship, *states) if r.supporter or not side]
        self.step(data, name, found, act, (lambda r: r.supporter) if side else None)

    @rule(data=st.data())
    def decline(self, data: st.DataObject) -> None:
        self.either(data, "decline", ("enquiry", "proposed"), lambda r: r.decline())

    @rule(data=st.data(), days=st.none() | st.integers(1, 20))
    def pause(self, data: st.DataObject, days: int | None) -> None:
        until = None if days is None else (self.watch.at + timedelta(days=days)).date()
        self.either(data, "pause", ("agreed",), lambda r: r.pause(until=until))

    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        self.either(data, "resume", ("paused",), lambda r: r.resume())

    @rule(data=st.data(), days=st.integers(0, 20))
    def plan_goodbye(self, data: st.DataObject, days: int) -> None:
        on = (self.watch.at + timedelta(days=days)).date()
        self.either(data, "plan_goodbye", ("agreed", "paused"), lambda r: r.plan_ending(on))

    @rule(data=st.data())
    def hand_over(self, data: st.DataObject) -> None:
        one = self.pick(data, self.every(Relationship, "agreed", "paused"))
        other = one and self.pick(data, self.supporters(but={one.person, one.supporter}))
        if other:
            self.save("hand_over", self.dana, lambda: Relationship.hand_over(one, other))

    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        self.either(data, "end", ("enquiry", "proposed", "agreed", "paused"), lambda r: r.end())

    # -- going, being away ---------------------------------------------------------------------------

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        if one := self.anybody(data):
            with self.kit.session(actor=BOT) as s:
                held = s.get(Person, one)
            gone = self.save("leave", one, held.leave)
            if gone and data.draw(st.integers(0, 3)) == 3:
                self.save("come_back", one, gone.come_back)

    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        one = self.pick(data, self.every(Person, "left"))
        if one is not None:
            self.save("come_back", one, one.come_back)

    @rule(data=st.data())
    def die(self, data: st.DataObject) -> None:
        if one := self.anybody(data):
            with self.kit.session(actor=BOT) as s:
                held = s.get(Person, one)
            self.save("die", self.dana, held.mark_died)

    @rule(data=st.data())
    def step_down(self, data: st.DataObject) -> None:
        self.step(data, "step_down", self.every(PeerSupporter, "active"), lambda r: r.step_down())

    @rule(data=st.data(), role=st.sampled_from(["coordinator", "on-call", "supervisor", "privacy"]))
    def appoint(self, data: st.DataObject, role: str) -> None:
        days = data.draw(st.none() | st.integers(1, 20))
        ends = None if days is None else self.watch.at + timedelta(days=days)
        if one := self.anybody(data):
            held = self.save("appoint", self.robin, lambda: Appointment.give(one, role, ends=ends))
            if held and data.draw(st.integers(0, 3)) == 3:
                self.save("end_office", self.robin, held.end)

    @rule(data=st.data())
    def end_office(self, data: st.DataObject) -> None:
        kept = {self.robin, self.dana}
        office = self.pick(data, [a for a in self.every(Appointment, "held") if a.person not in kept])
        if office is not None:
            self.save("end_office", self.robin, office.end)

    @rule(data=st.data(), begins=st.integers(0, 5), lasts=st.integers(1, 10))
    def plan_leave(self, data: st.DataObject, begins: int, lasts: int) -> None:
        one = self.anybody(data)
        cover = one and self.pick(data, [self.dana, *self.supporters(but={one})])
        if cover:
            starts = self.watch.at + timedelta(days=begins)
            ends = starts + timedelta(days=lasts)
            self.save(
                "plan_leave", one, lambda: Leave.plan(person=one, cover=cover, starts=starts, ends=ends)
            )

    @rule(data=st.data(), lasts=st.none() | st.integers(1, 10))
    def fall_ill(self, data: st.DataObject, lasts: int | None) -> None:
        if one := self.anybody(data):
            cover = self.pick(data, [None, self.dana, *self.supporters(but={one})])
            ends = None if lasts is None else self.watch.at + timedelta(days=lasts)
            self.save(
                "fall_ill",
                self.dana,
                lambda: Leave.fall_ill(person=one, starts=self.watch.at, ends=ends, cover=cover),
            )

    @rule(data=st.data())
    def be_back(self, data: st.DataObject) -> None:
        act = data.draw(st.sampled_from(["come_back", "cancel"]))
        self.step(data, "be_back", self.every(Leave, "planned"), lambda one: getattr(one, act)())

    @rule(data=st.data())
    def stand_in(self, data: st.DataObject) -> None:
        one = self.pick(data, self.every(Leave, "planned"))
        cover = one and self.pick(data, [self.dana, *self.supporters(but={one.person})])
        if cover:
            self.save("stand_in", self.robin, lambda: one.stand_in(cover))

    @rule(data=st.data())
    def wall(self, data: st.DataObject) -> None:
        one = self.anybody(data)
        other = one and self.pick(data, [self.robin, *[x for x in self.supporters() if x != one]])
        if other:
            self.save("wall", one, lambda: Wall.put_up(person=one, human=other))

    @rule(data=st.data())
    def wall_down(self, data: st.DataObject) -> None:
        self.step(data, "wall_down", self.every(Wall, "standing"), lambda one: one.take_down())
