# SPDX-License-Identifier: Apache-2.0
"""A whole program, in which anything happens in any order, and after each step the promises are looked at.

The promises (1, 2, 3, 5, 6 and 8 of the design) stand below as plain functions over what is stored. They ask
none of the rules that keep them. `HYPOTHESIS_PROFILE=nightly` runs long, and then demands that each
transition was really made.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import peerkit
from peerkit import (
    Actor,
    Appointment,
    BreakGlass,
    Consent,
    Decision,
    Disclosure,
    GoalPlan,
    Leave,
    Merge,
    Notice,
    PeerSupporter,
    Person,
    Recipient,
    Referral,
    Refused,
    Relationship,
    Route,
    Service,
    Task,
    Wall,
)
from peerkit.hooks import NotifierChannel
from peerkit.kinds import PLACES, core_kind

BOT = Actor.system("test")
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

SETTINGS = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
    "embargo_days": 0,
    "notifiers": ["post"],
}


class Watch:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 15, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Post:
    """A channel to the outside: it takes everything, and keeps what it took."""

    name = "post"
    real = False

    def __init__(self) -> None:
        self.taken: list[Any] = []

    @peerkit.hookimpl
    def peerkit_supply(self) -> Any:
        yield NotifierChannel("post", lambda _: self)

    def send(self, message: Any) -> None:
        self.taken.append(message)


# -- what is stored, as the promises look at it ----------------------------------------------------


@attrs.define
class Book:
    """Everything that is stored, read by a part of the program that reads all."""

    kit: peerkit.Kit
    now: datetime
    held: dict[Any, list[Any]] = attrs.field(factory=dict)

    def all(self, kind: Any) -> list[Any]:
        if kind not in self.held:
            found, after = [], None
            with self.kit.session(actor=BOT) as s:
                while True:
                    page = s.find(kind, limit=1000, order="id", after=after)
                    found += page
                    if (after := page.after) is None:
                        break
            self.held[kind] = found
        return self.held[kind]

    def here(self) -> set[str]:
        return {one.id for one in self.all(Person) if one.state == "here"}

    def versions(self, kind: Any, id: str) -> tuple[Any, ...]:
        with self.kit.session(actor=BOT) as s:
            return s.history(kind, id)


THEIRS = {
    "goal_plan": {"begin", "add_goal", "adopt", "change_goal", "set_aside", "achieve"},
    "relationship": {"enquire", "agree", "wish"},
    "consent": {"give", "give_once", "refuse", "withdraw", "lift"},
    "referral": {"begin", "go_alone", "reroute", "send", "answer", "change_words"},
    "notice": {"queue"},
}
"""Steps that are the person's and nobody else's (design, 1.1)."""


def the_person_decides(book: Book, new: list[Any]) -> None:
    """Promise 1: no such step by anybody else's decision; no match without both."""
    for envelope in new:
        persons = {one for relation, one in envelope.subjects if relation == "person"}
        for act in envelope.acts:
            if act.name in THEIRS.get(envelope.kind, ()):
                assert act.decided_by in persons, (envelope.kind, act.name)
                assert act.strength >= (3 if act.name in {"give", "lift"} else 0), (envelope.kind, act.name)
    for one in book.all(Relationship):
        if one.state in {"agreed", "paused"}:
            said: dict[str, bool] = {"agree": False, "take_on": False}
            for version in book.versions(Relationship, one.id):
                about = dict(version.trail.envelope.subjects)
                for act in version.trail.envelope.acts:
                    said |= {name: False for name in said if act.name == "propose"}
                    whose = {"agree": "person", "take_on": "supporter"}.get(act.name)
                    said |= {act.name: act.decided_by == about[whose]} if whose else {}
            assert all(said.values()), "it takes both"


ABOUT_ME = (
    *("goal_plan", "relationship", "consent", "referral", "notice", "disclosure"),
    *("withheld", "task", "review", "feedback", "measure", "meeting", "progress", "route"),
)


def nothing_about_me_without_me(book: Book, new: list[Any]) -> None:
    """Promise 2: whoever is here reads what was just written about them; their log tells who read."""
    here = book.here()
    for envelope in new:
        for relation, person in envelope.subjects:
            if relation == "person" and person in here and envelope.kind in ABOUT_ME:
                kind = core_kind(envelope.kind)
                head = next((one for one in book.all(kind) if one.id == envelope.id), None)
                if head is not None and (relation, person) in head.subjects:
                    with book.kit.session(actor=person) as s:
                        assert s.get(kind, envelope.id).id == envelope.id
    for envelope in new:
        if envelope.kind == "disclosure":
            for _, person in envelope.subjects:
                if person in here:
                    book.kit.log(actor=person)  # it can be read, whatever happened


def _words(book: Book, person: str) -> list[tuple[int, Any, list[Any]]]:
    """What a person said on sharing: where in the feed it was said, as it stands, and its versions."""
    found = []
    for one in book.all(Consent):
        if one.person == person:
            versions = list(book.versions(Consent, one.id))
            found.append((versions[0].trail.envelope.position, one, versions))
    return found


def _as_of(versions: list[Any], position: int) -> Any:
    held = [v for v in versions if v.trail.envelope.position <= position]
    return held[-1] if held else None


def _open_at(book: Book, person: str, recipient: str, purpose: str, name: str, *, at: Any, fits: Any) -> bool:
    """Whether the person's own words opened this class to this recipient, at that place of the feed."""
    words = _words(book, person)
    for said, _, versions in words:
        yes = _as_of(versions, at.position)
        if yes is None or yes.state != "given" or name not in yes.classes:
            continue
        if (yes.recipient, yes.purpose) != (recipient, purpose) or (yes.referral and not fits(yes.referral)):
            continue
        if (yes.starts and at.at < yes.starts) or (yes.until and yes.until <= at.at):
            continue
        noes = [_as_of(v, at.position) for s, _, v in words if s > said]
        if not any(
            no is not None
            and no.forbids(at.at)
            and no.recipient in {recipient, "*"}
            and no.purpose in {purpose, "*"}
            and name in no.classes
            for no in noes
        ):
            return True
    return False


def consent_at_every_way_out(book: Book, new: list[Any], taken: list[Any]) -> None:
    """Promise 3: each disclosure had its basis when it was made; and nothing left without a disclosure."""
    logged: Counter[str] = Counter()
    for envelope in new:
        if envelope.kind != "disclosure":
            continue
        [one] = [d for d in book.all(Disclosure) if d.id == envelope.id]
        logged[one.recipient] += 1
        if one.basis == "own":
            assert one.recipient == one.person
            assert one.purpose == "export"
            continue
        for name in set(one.classes) - {"operational", "public"}:
            covers = lambda referral, one=one: set(one.records) <= {referral, one.person}  # noqa: E731
            assert _open_at(book, one.person, one.recipient, one.purpose, name, at=envelope, fits=covers)
    sent = Counter(m.to for m in taken)
    places = {r.address.partition(":")[2]: r.id for r in book.all(Recipient)}
    for address, times in sent.items():
        if address in places:
            assert logged[places[address]] >= times, "something left that no disclosure tells of"


def nobody_falls_out(book: Book) -> None:
    """Promise 5: everybody here has a named human, who is here, is not away, and may be asked for them."""
    now, here = book.now, book.here()
    routes: dict[str, list[Any]] = {}
    for route in book.all(Route):
        routes.setdefault(route.person, []).append(route)
    held = [a for a in book.all(Appointment) if a.state == "held" and a.in_effect(now) and a.person in here]
    away = {o.person for o in book.all(Leave) if o.state == "planned" and o.starts <= now < o.ends}
    covers = {o.cover for o in book.all(Leave) if o.state == "planned" and o.starts <= now < o.ends}
    roles = [one for one in book.all(PeerSupporter) if one.state == "active"]
    walls = {(w.person, w.human) for w in book.all(Wall) if w.state == "standing"}
    walls |= {(human, person) for person, human in walls}
    for person in book.all(Person):
        theirs = routes.get(person.id, [])
        assert len(theirs) == 1, "one route each"
        assert theirs[0].open == (person.state == "here"), person.state
        if person.state != "here":
            continue
        holder = theirs[0].holder_at(now)
        assert holder in here, "the named human is here"
        assert holder not in away, f"and not away ({theirs[0].because})"
        assert (person.id, holder) not in walls, "and no wall stands between the two"
        coordinates = any(a.person == person.id and a.role == "coordinator" for a in held)
        assert holder != person.id or coordinates, "and is somebody else"
        beside = {r.supporter for r in book.all(Relationship) if r.person == person.id and r.walking}
        may = beside | {a.person for a in held if a.role != "privacy"} | covers
        may |= {role.supervisor for role in roles}
        may |= {r.cover for r in book.all(Relationship) if r.person == person.id and r.walking}
        assert holder in may, f"and may be asked ({theirs[0].because})"
    for one in book.all(Relationship):
        if one.state in {"enquiry", "proposed", "agreed", "paused"}:
            assert one.person in here
        if one.state in {"proposed", "agreed", "paused"}:
            assert one.supporter in here & {role.person for role in roles}
            assert one.state == "proposed" or (one.person, one.supporter) not in walls


SAYS = {
    "sent": ("received", "accepted", "start", "declined"),
    "received": ("accepted", "start", "hold", "declined"),
    "accepted": ("start", "hold", "declined"),
    "under_way": ("hold",),
    "on_hold": ("start", "declined"),
}
"""What a service may say next, by the state that a referral is in."""

WAITS = {"sent", "received", "accepted", "under_way", "on_hold", "going", "outcome", "declined"}


def a_loop_is_closed_by_an_answer(book: Book) -> None:
    """Promise 6: what is not closed is due from a named human who is here."""
    here = book.here()
    followed = {one.follows for one in book.all(Referral)}
    for one in book.all(Referral):
        if one.state in WAITS and one.person in here and one.id not in followed:
            due = [t for t in book.all(Task) if t.about == one.id and t.state == "open"]
            assert due, f"a referral that is {one.state} is nobody's"
            assert any(t.owner in here for t in due), "and somebody's who is here"
        if one.state == "closed":
            assert one.outcome or one.answered or one.reason, "closed without an answer"
    for task in book.all(Task):
        assert task.state != "open" or task.owner in here, f"{task.what} is due from somebody who is gone"


def whole_history(book: Book, kept: list[tuple[Any, str, int, Any]], heads: list[str]) -> None:
    """Promise 8: intact, also since heads that were kept; and each past moment reads as it did then."""
    assert book.kit.verify().intact
    for head in heads[:1] + heads[-1:]:
        assert book.kit.verify(head=head).intact
    with book.kit.session(actor=BOT) as s:
        for kind, id_, position, then in kept:
            assert s.get(kind, id_, at=position) == then


# -- the program -----------------------------------------------------------------------------------


class Program(RuleBasedStateMachine):
    """Robin and Dana keep the program, and stay; everybody else comes and goes."""

    @initialize()
    def open(self) -> None:
        self.watch, self.post = Watch(), Post()
        self.kit = peerkit.open(
            "memory:", settings=SETTINGS, clock=self.watch, plugins=[self.post], discover=False
        )
        self.cursor: str | None = None
        self.seen = 0
        self.kept: list[tuple[Any, str, int, Any]] = []
        self.heads: list[str] = []
        self.watch.at += timedelta(seconds=1)
        [robin] = self.book().all(Person)
        self.robin = robin.id
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
        if hasattr(self, "kit"):
            self.kit.close()

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
            self.save("leave", one, held.leave)

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

    # -- two records of one human ----------------------------------------------------------------------

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        kept = self.anybody(data)
        away = kept and self.anybody(data, but={kept})
        if away:
            try:
                self.kit.merge(kept, away, reason="the same bicycle", actor=self.dana)
            except Refused as no:
                REFUSED[f"merge: {', '.join(no.codes)}"] += 1
            else:
                HITS["merge"] += 1
                if data.draw(st.booleans()):
                    self.parted(self.pick(data, self.every(Merge, "merged")))

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        self.parted(self.pick(data, self.every(Merge, "merged")))

    def parted(self, one: Any) -> None:
        if one is not None:
            try:
                self.kit.split(one, reason="two bicycles", actor=self.dana)
            except Refused as no:
                REFUSED[f"split: {', '.join(no.codes)}"] += 1
            else:
                HITS["split"] += 1

    # -- sharing -------------------------------------------------------------------------------------

    def consent(self, person: str, clinic: str, purpose: str, **details: Any) -> Any:
        return Consent.give(person=person, recipient=clinic, classes=EVERYTHING, purpose=purpose, **details)

    @rule(
        data=st.data(),
        purpose=st.sampled_from(["referral", "notice", "export"]),
        days=st.none() | st.integers(1, 15),
    )
    def give(self, data: st.DataObject, purpose: str, days: int | None) -> None:
        until = None if days is None else self.watch.at + timedelta(days=days)
        clinic = self.pick(data, self.clinics)
        if one := self.anybody(data):
            self.save("give", one, lambda: self.consent(one, clinic, purpose, until=until))

    def uncovered(self, person: str) -> set[str]:
        """Referrals under way, and waiting notices, for which no word of the person's stands now."""
        book = self.book()
        at = attrs.make_class("Now", ["position", "at"])(10**9, self.watch.at)
        found = set()
        for one in [*book.all(Referral), *book.all(Notice)]:
            running = one.state in {"sent", "received", "accepted", "under_way", "on_hold", "queued"}
            if one.person == person and running:
                purpose = "referral" if isinstance(one, Referral) else "notice"
                wanted = EVERYTHING if purpose == "referral" else ("own",)
                this = one.id.__eq__
                if not all(
                    _open_at(book, person, one.recipient, purpose, name, at=at, fits=this) for name in wanted
                ):
                    found.add(one.id)
        return found

    @rule(data=st.data(), by_word=st.booleans())
    def withdraw(self, data: st.DataObject, *, by_word: bool) -> None:
        here = self.book().here()
        one = self.pick(data, [c for c in self.every(Consent, "given") if c.person in here])
        if one is None:
            return
        before = self.uncovered(one.person)
        if by_word:
            spoken = Decision.of(one.person, how="spoken")
            self.save("withdraw", self.dana, lambda: one.withdraw(by=spoken))
        else:
            self.save("withdraw", one.person, one.withdraw)
        assert self.uncovered(one.person) <= before, "what stood on it goes on"

    @rule(data=st.data(), purpose=st.sampled_from(["*", "referral", "export"]), wide=st.booleans())
    def refuse(self, data: st.DataObject, purpose: str, *, wide: bool) -> None:
        if one := self.anybody(data):
            clinic = None if wide else self.pick(data, self.clinics)
            before = self.uncovered(one)
            self.save("refuse", one, lambda: Consent.refuse(person=one, recipient=clinic, purpose=purpose))
            assert self.uncovered(one) <= before, "what stood on it goes on"

    @rule(data=st.data())
    def lift(self, data: st.DataObject) -> None:
        self.step(data, "lift", self.every(Consent, "refused"), lambda one: one.lift())

    def referred(self, person: str, clinic: str, service: str) -> Any:
        made = self.save(
            "refer",
            person,
            lambda: Referral.begin(person=person, service=service, recipient=clinic, need="a bed", warm=True),
        )
        return made and self.save("send", person, made.send)

    @rule(data=st.data())
    def refer(self, data: st.DataObject) -> None:
        clinic, service = self.pick(data, self.clinics), self.pick(data, self.services)
        if one := self.anybody(data):
            self.referred(one, clinic, service)

    @rule(data=st.data())
    def send_once(self, data: st.DataObject) -> None:
        """The supporter writes down a spoken word for this one referral."""
        one = self.pick(data, [r for r in self.every(Referral, "draft") if r.person in self.book().here()])
        if one is None:
            return
        spoken = Decision.of(one.person, how="spoken")
        once = {"person": one.person, "recipient": one.recipient, "referral": one, "classes": EVERYTHING}
        if self.save("give_once", self.dana, lambda: Consent.give_once(**once, by=spoken)):
            self.save("send", one.person, one.send)

    @rule(data=st.data())
    def go_alone(self, data: st.DataObject) -> None:
        service = self.pick(data, self.services)
        if one := self.anybody(data):
            self.save("go_alone", one, lambda: Referral.go_alone(person=one, service=service, need="a coat"))

    @rule(data=st.data())
    def service_says(self, data: st.DataObject) -> None:
        """Whatever fits the state that one of them is in."""
        here = self.book().here()
        pairs = [(r, act) for r in self.every(Referral) for act in SAYS.get(r.state, ()) if r.person in here]
        if pairs:
            one, act = self.pick(data, pairs)
            self.says(one, act)

    def says(self, one: Any, act: str) -> Any:
        reasons = {"hold": "papers", "declined": "full"}
        details = {"reason": reasons[act]} if act in reasons else {}
        return self.save(f"service {act}", self.dana, lambda: getattr(one, act)(**details))

    @rule(data=st.data(), far=st.integers(0, 4), ends=st.sampled_from(["outcome", "declined", "answer", ""]))
    def way_of_a_referral(self, data: st.DataObject, far: int, ends: str) -> None:
        """One goes its way, as far as it does."""
        one = self.pick(data, [r for r in self.every(Referral, "sent") if r.person in self.book().here()])
        for act in ("received", "accepted", "hold", "start")[:far]:
            one = one and self.says(one, act)
        if one is None:
            return
        if ends == "declined":
            one = self.says(one, "declined") if "declined" in SAYS[one.state] else None
        elif ends == "outcome":
            one = self.save("outcome", self.dana, lambda: one.record_outcome(outcome="partly"))
        elif ends == "answer":
            self.save("answer", one.person, lambda: one.answer("partly"))
        if one is not None and one.state in {"outcome", "declined"} and data.draw(st.booleans()):
            self.save("close", self.dana, one.close)

    @rule(data=st.data(), far=st.integers(0, 5))
    def way_of_two(self, data: st.DataObject, far: int) -> None:
        """Two are proposed to each other, and then what happens between two people."""
        supporter = self.pick(data, self.supporters())
        person = supporter and self.anybody(data, but={supporter})
        if not person:
            return
        one = self.save("enquire", person, lambda: Relationship.enquire(person=person))
        one = one and self.save("propose", self.dana, lambda: one.propose(supporter))
        steps = [(person, "agree"), (supporter, "take_on"), (person, "pause"), (supporter, "resume")]
        for who, act in steps[:far]:
            one = one and self.save(act, who, getattr(one, act))
        if one and one.state == "proposed" and data.draw(st.booleans()):
            self.save("decline", supporter, one.decline)

    @rule(data=st.data(), far=st.integers(1, 4))
    def way_of_a_goal(self, data: st.DataObject, far: int) -> None:
        """What was suggested is adopted, achieved, wanted again, set aside."""
        one = self.anybody(data)
        plan = one and self.save(
            "begin_plan", one, lambda: GoalPlan.begin(person=one).suggest("Water the beans")
        )
        for act in ("adopt", "achieve", "adopt", "set_aside")[:far] if plan else ():
            plan = self.save(act, one, lambda plan=plan, act=act: getattr(plan, act)(plan.goals[0].id))

    @rule(data=st.data())
    def outcome(self, data: st.DataObject) -> None:
        found = self.every(Referral, "sent", "accepted", "under_way", "going")
        self.step(
            data, "outcome", found, lambda r: r.record_outcome(outcome="received"), lambda _: self.robin
        )

    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        found = self.every(Referral, "outcome", "declined")
        self.step(data, "close", found, lambda r: r.close(), lambda _: self.robin)

    @rule(data=st.data(), answer=st.sampled_from(["yes", "no", "prefer_not_to_say"]))
    def answer(self, data: st.DataObject, answer: str) -> None:
        found = self.every(
            Referral, "sent", "received", "accepted", "under_way", "on_hold", "going", "outcome"
        )
        self.step(data, "answer", found, lambda r: r.answer(answer))

    @rule(data=st.data())
    def recall(self, data: st.DataObject) -> None:
        found = self.every(Referral, "draft", "sent", "received", "accepted", "under_way", "going")
        self.step(data, "recall", found, lambda r: r.recall())

    @rule(data=st.data())
    def reroute(self, data: st.DataObject) -> None:
        clinic, service = self.pick(data, self.clinics), self.pick(data, self.services)
        found = self.every(Referral, "declined", "recalled")
        self.step(data, "reroute", found, lambda r: Referral.reroute(r, service=service, recipient=clinic))

    @rule(data=st.data(), days=st.integers(0, 5))
    def queue(self, data: st.DataObject, days: int) -> None:
        clinic, due = self.pick(data, self.clinics), self.watch.at + timedelta(days=days)
        words = [c.person for c in self.every(Consent, "given") if c.purpose == "notice"]
        one = self.pick(data, sorted(set(words) & self.book().here()))
        if one:
            notice = {"person": one, "recipient": clinic, "words": "Not on Monday", "due": due}
            self.save("queue", one, lambda: Notice.queue(**notice))

    @rule(data=st.data())
    def export(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from([Person, GoalPlan, Relationship, Referral]))
        actor = self.robin if kind is Person else self.anybody(data) or self.robin
        try:
            pages = list(self.kit.disclose(kind, to=self.clinics[0], purpose="export", actor=actor))
        except Refused:
            return
        HITS["export"] += bool(pages and any(len(page) for page in pages))

    @rule(data=st.data())
    def break_glass(self, data: st.DataObject) -> None:
        reader = self.pick(data, [*[s for s in self.supporters() if s in self.book().here()], self.dana])
        person = reader and self.anybody(data, but={reader})
        if not person:
            return
        try:
            self.kit.break_glass(person, reason="nobody answers", actor=reader)
        except Refused as no:
            REFUSED[f"break_glass: {', '.join(no.codes)}"] += 1
            return
        HITS["break_glass"] += 1
        with self.kit.session(actor=reader) as s:
            list(s.find(GoalPlan))

    @rule(data=st.data())
    def review_glass(self, data: st.DataObject) -> None:
        found = [one for one in self.every(BreakGlass) if one.reader != self.dana]
        one = self.pick(data, found)
        if one is not None:
            self.save("tell_glass", self.dana, one.tell)
            with self.kit.session(actor=BOT) as s:
                told = s.get(BreakGlass, one.id)
            self.save("review_glass", self.dana, lambda: told.review(reviewer=self.dana, finding="sound"))

    # -- the plan ------------------------------------------------------------------------------------

    @rule(data=st.data())
    def suggest(self, data: st.DataObject) -> None:
        here = self.book().here()
        pairs = [(r.person, r.supporter) for r in self.every(Relationship, "agreed", "paused")]
        plan = self.pick(data, [p for p in self.every(GoalPlan) if p.person in {a for a, _ in pairs}])
        who = plan and self.pick(data, [b for a, b in pairs if a == plan.person and b in here])
        if who:
            self.save("suggest", who, lambda: plan.suggest("Walk to the library", author=who))

    @rule(data=st.data(), act=st.sampled_from(["adopt", "achieve", "set_aside"]), own=st.booleans())
    def goal(self, data: st.DataObject, act: str, *, own: bool) -> None:
        """The person decides on a goal; or their supporter tries to, and may not."""
        fits = {"adopt": {"suggested"}, "achieve": {"adopted"}, "set_aside": {"suggested", "adopted"}}[act]
        here = self.book().here()
        plans = [
            p for p in self.every(GoalPlan) if p.person in here and any(g.state in fits for g in p.goals)
        ]
        plan = self.pick(data, plans)
        if plan is None:
            return
        goal = next(g for g in plan.goals if g.state in fits)
        if own:
            self.save(act, plan.person, lambda: getattr(plan, act)(goal.id))
        elif self.save("another decides", self.dana, lambda: getattr(plan, act)(goal.id)):
            raise AssertionError("somebody else decided")

    @rule(data=st.data())
    def begin_plan(self, data: st.DataObject) -> None:
        if one := self.anybody(data):
            self.save("begin_plan", one, lambda: GoalPlan.begin(person=one).suggest("Water the beans"))

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        plan = self.pick(data, self.every(GoalPlan))
        if plan is None:
            return
        try:
            self.kit.erase(plan, basis="wish", asked_by=self.robin, decided_by=self.dana)
        except Refused as no:
            REFUSED[f"erase: {', '.join(no.codes)}"] += 1
            return
        HITS["erase"] += 1
        self.kept = [one for one in self.kept if one[1] != plan.id]

    # -- time ----------------------------------------------------------------------------------------

    @rule(hours=st.integers(1, 24 * 8))
    def forward(self, hours: int) -> None:
        self.watch.at += timedelta(hours=hours)
        HITS["forward"] += 1

    @rule(hours=st.integers(1, 30))
    def back(self, hours: int) -> None:
        self.watch.at -= timedelta(hours=hours)
        HITS["back"] += 1

    @rule()
    def deliver(self) -> None:
        before = len(self.post.taken)
        self.kit.deliver()
        HITS["deliver"] += 1
        HITS["something left"] += len(self.post.taken) > before

    @rule()
    def tick(self) -> None:
        self.kit.tick()
        HITS["tick"] += 1

    # -- the promises --------------------------------------------------------------------------------

    @invariant()
    def the_promises(self) -> None:
        if not hasattr(self, "kit"):
            return
        book = self.book()
        new = list(self.news())
        taken, self.seen = self.post.taken[self.seen :], len(self.post.taken)
        the_person_decides(book, new)
        nothing_about_me_without_me(book, new)
        consent_at_every_way_out(book, new, taken)
        nobody_falls_out(book)
        a_loop_is_closed_by_an_answer(book)
        self.remember(new)
        whole_history(book, self.kept[-8:], self.heads)
        assert not [t for t in book.all(Task) if t.what == "plugin-failed"]

    def news(self) -> Iterator[Any]:
        more = True
        while more:
            page = self.kit.changes(after=self.cursor, limit=1000)
            self.cursor, more = page.cursor, page.more
            yield from page.envelopes

    def remember(self, new: list[Any]) -> None:
        for envelope in new[-1:]:
            kind = core_kind(envelope.kind) if envelope.kind in PLACES else None
            if kind is not None:
                with self.kit.session(actor=BOT) as s:
                    try:
                        then = s.get(kind, envelope.id)
                    except (peerkit.NotFound, peerkit.Malformed):
                        continue
                self.kept.append((kind, envelope.id, envelope.position, then))


def test_whatever_happens_the_promises_hold() -> None:
    HITS.clear()
    REFUSED.clear()
    run_state_machine_as_test(
        Program,
        settings=settings(
            max_examples=320 if LONG else 12,
            stateful_step_count=50 if LONG else 25,
            phases=[Phase.reuse, Phase.generate] + [Phase.shrink] * ("SHRINK" in os.environ),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print("\n" + "\n".join(f"{name:<24}{HITS[name]:>6}" for name in sorted(HITS)))  # noqa: T201
    print("refused: " + "; ".join(f"{name} {times}" for name, times in sorted(REFUSED.items())))  # noqa: T201
    assert len(HITS) > 25  # a program that stands still proves nothing
    assert {"send", "deliver", "begin_plan"} <= HITS.keys()
    if LONG:
        assert min(HITS.values()) >= 20, HITS
        steps = {
            name
            for name, held in vars(Program).items()
            if hasattr(held, "hypothesis_stateful_rule") and not name.startswith(("way_of", "service"))
        }
        others = {"goal", "refer", "review_glass", "send_once"}
        assert steps - others <= HITS.keys(), steps - HITS.keys()
