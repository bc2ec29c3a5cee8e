# SPDX-License-Identifier: Apache-2.0
"""The promises 1, 2, 3, 5, 6 and 8 of the design as plain functions over what is stored. They ask none of the
rules that keep them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs

import peerkit
from peerkit import (
    Actor,
    Appointment,
    BreakGlass,
    Consent,
    Credential,
    Disclosure,
    GoalPlan,
    Leave,
    PeerRole,
    PeerSupporter,
    Person,
    Program,
    Recipient,
    Referral,
    Refused,
    Relationship,
    Route,
    Task,
    Wall,
)
from peerkit.kinds import core_kind

BOT = Actor.system("test")


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
    *("goal_plan", "safety_plan", "relationship", "consent", "referral", "notice", "disclosure"),
    *("withheld", "task", "review", "reply", "feedback", "measure", "meeting", "progress", "route"),
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


def open_at(book: Book, person: str, recipient: str, purpose: str, name: str, *, at: Any, fits: Any) -> bool:
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
            assert open_at(book, one.person, one.recipient, one.purpose, name, at=envelope, fits=covers)
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


def lacks(book: Book, human: str, at: datetime, *, had: bool = False) -> bool:
    """Whether somebody lacks what the program needs of supporters, on the day that it is there then; with
    `had`, something that they had before."""
    [program] = book.all(Program)
    day = at.astimezone(ZoneInfo(program.timezone)).date()
    for need in program.needs:
        theirs = [c for c in book.all(Credential) if c.person == human and c.what in need.split("|")]
        holds = any(
            c.state == "valid" and c.since <= day and (c.until is None or day <= c.until) for c in theirs
        )
        if not holds and (not had or any(c.state != "valid" or c.since <= day for c in theirs)):
            return True
    return False


def nobody_without_what_is_needed(book: Book, new: list[Any], last: datetime) -> None:
    """Promise 5, where a program needs something of supporters: nobody is proposed without it; who lacks it
    and holds no office covers nobody; and who has it no longer has nobody by a relationship. The clock may
    have been set back: what is told is both of now and of when something was written last."""
    for envelope in new:
        acts = {act.name for act in envelope.acts}
        if envelope.kind == "relationship" and acts & {"propose", "hand_over"}:
            assert not lacks(book, dict(envelope.subjects)["supporter"], envelope.at), "proposed without"
    now, here = book.now, book.here()
    offices = {a.person for a in book.all(Appointment) if a.state == "held" and a.in_effect(now)}
    supporters = {one.person for one in book.all(PeerSupporter) if one.state == "active"}
    for route in book.all(Route):
        if not route.open or route.person not in here:
            continue
        lapsed = route.until is not None and route.until <= now
        covers = [a.cover for a in route.absences if a.starts <= now < a.ends]
        if covers and not lapsed and covers[0] not in offices:
            able = not all(lacks(book, covers[0], at) for at in (now, last))
            assert covers[0] in supporters and able, "who may not stand in does"  # noqa: PT018
        holder = route.holder_at(now)
        if route.because == "relationship" and holder == route.holder:
            assert not all(lacks(book, holder, at, had=True) for at in (now, last)), "they are still theirs"


def a_wall_holds(book: Book) -> None:
    """Promise 2: neither of two whom a wall keeps apart reads the other's plan, whatever they are."""
    here = book.here()
    for wall in book.all(Wall):
        if wall.state == "standing" and {wall.person, wall.human} <= here:
            for reader, other in ((wall.person, wall.human), (wall.human, wall.person)):
                assert not _reads(book, reader, other), "a wall is read through"


def who_may_not_stand_in_reads_nothing(book: Book) -> None:
    """Promise 2: whom an illness names, and who is nothing else in this program, reads nothing by it."""
    here = book.here()
    others = {
        end
        for kind in (Relationship, PeerSupporter, Appointment, PeerRole, BreakGlass)
        for one in book.all(kind)
        for _, end in one.subjects
    }
    for leave in book.all(Leave):
        if leave.state == "planned" and leave.cover in here - others:
            for route in book.all(Route):
                if route.holder == leave.person and route.person != leave.cover:
                    assert not _reads(book, leave.cover, route.person), "who may not stand in reads"


def _reads(book: Book, reader: str, person: str) -> bool:
    with book.kit.session(actor=reader) as s:
        try:
            return bool(s.find(GoalPlan, person=person))
        except Refused:
            return False


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
