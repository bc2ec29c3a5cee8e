# SPDX-License-Identifier: Apache-2.0
"""What every commit is checked for, over and above each record's own table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from peerkit.errors import Malformed, Objection
from peerkit.hooks import Proposal, Proposed, View
from peerkit.model.activity import Interaction, SignUp
from peerkit.model.authority import Authority
from peerkit.model.base import Record
from peerkit.model.credential import Credential, Letter
from peerkit.model.directory import Service
from peerkit.model.duty_report import DutyReport
from peerkit.model.glass import BreakGlass
from peerkit.model.meeting import Meeting
from peerkit.model.merge import Merge
from peerkit.model.notice import Notice
from peerkit.model.people import PeerRole, PeerSupporter, Person
from peerkit.model.plan import GoalPlan
from peerkit.model.program import Appointment, Program
from peerkit.model.referral import Referral
from peerkit.model.relationship import Relationship
from peerkit.model.reply import Reply
from peerkit.model.review import FollowUp, Review
from peerkit.model.route import Leave, Route, Wall
from peerkit.model.safety_plan import SafetyPlan
from peerkit.model.sharing import Consent, Recipient
from peerkit.model.training import Attendance, Practicum
from peerkit.model.work import Task
from peerkit.rules import (
    authority,
    confirming,
    duties,
    gathering,
    glass,
    goals,
    merging,
    presence,
    questionnaires,
    referrals,
    reviews,
    safety_plans,
    training,
)
from peerkit.rules.readable import find, get
from peerkit.rules.sharing import basis_for, may_go


def _against(code: str, sentence: str, record: Record) -> Objection:
    return Objection(code, sentence, record.kind, record.id)


_NAMED: dict[type[Record], Mapping[str, type[Record]]] = {
    PeerSupporter: {"person": Person, "supervisor": Person},
    PeerRole: {"person": Person},
    Relationship: {"person": Person, "supporter": Person, "cover": Person},
    Appointment: {"person": Person},
    Leave: {"person": Person, "cover": Person},
    Wall: {"person": Person, "human": Person},
    Meeting: {"person": Person, "supporter": Person},
    SignUp: {"person": Person},
    Interaction: {"person": Person, "supporter": Person},
    GoalPlan: {"person": Person},
    SafetyPlan: {"person": Person},
    Referral: {"person": Person, "recipient": Recipient, "service": Service},
    Authority: {"person": Person, "human": Person},
    DutyReport: {"author": Person, "about": Person},
    Consent: {"person": Person, "recipient": Recipient},
    Review: {"person": Person},
    Notice: {"person": Person},
    Reply: {"person": Person},
    Task: {"person": Person, "owner": Person},
}

_ALSO_GONE = frozenset({Consent, DutyReport, Reply, Task, Wall})
"""Kinds that may name somebody who left or died: there is still something to do, to be said no to, or to
answer, and a wall is a fact."""

AFTERWARDS = frozenset({"enter", "note", "refile"})
"""Acts that write down what was, or whose it was: also of somebody who has left or died since."""


def _may_be_gone(record: Record, change: Proposed) -> bool:
    return type(record) in _ALSO_GONE or not AFTERWARDS.isdisjoint(change.acts)


def _names(record: Record, change: Proposed) -> Iterator[tuple[str, type[Record]]]:
    """The fields that name somebody. An illness is a fact: whom it names as a cover counts for nothing if
    they may not be one (`departures`)."""
    for name, kind in _NAMED.get(type(record), {}).items():
        if name != "cover" or "fall_ill" not in change.acts:
            yield name, kind


def _asks_nothing(record: Record) -> bool:
    """An instruction not to share is a fact: it holds whomever the program knows."""
    return isinstance(record, Consent) and record.state == "refused"


def named_exist(proposal: Proposal) -> Iterator[Objection]:
    """A record names persons, recipients and services that the program knows, and nothing begins with
    somebody who left or died. A record that was joined with another is nobody's: what names it, a no to
    sharing too, would be heard by nobody, so it is refused aloud."""
    for record, change in proposal.of(Record):
        if isinstance(record, Task) and change.actor.startswith("system:"):
            continue  # answers to something: what is to be done about a record nobody can read is to be done
        for name, kind in _names(record, change):
            held = getattr(record, name)
            fresh = change.before is None or getattr(change.before, name) != held
            if not held or not fresh:
                continue
            found = get(proposal.view, kind, held)
            told = f"{record.kind}.{name}"
            if isinstance(found, Person) and found.state == "merged" and "refile" not in change.acts:
                yield _against(
                    "merged-since",
                    f"{told} names a record that was joined with another: name that one",
                    record,
                )
            elif _asks_nothing(record):
                continue
            elif found is None and kind is Person:
                yield _against("unknown-person", f"{told} names nobody the program knows", record)
            elif found is None:
                yield _against("unknown-record", f"{told} names no {kind.kind} the program knows", record)
            elif isinstance(found, Person) and found.state != "here" and not _may_be_gone(record, change):
                yield _against("not-here", f"{told} names somebody who left or died", record)


def routes_live(proposal: Proposal) -> Iterator[Objection]:
    """Everybody who is here has a named human."""
    for person, _ in proposal.of(Person):
        if person.state == "here" and not any(
            r.open and r.person == person.id for r in find(proposal.view, Route, subject=person.id)
        ):
            yield _against("no-route", "nobody is there for this person: appoint a coordinator first", person)


def supporter_ready(proposal: Proposal) -> Iterator[Objection]:
    """A match is proposed with an active supporter who has room and whom no wall keeps apart. Where one of
    the two said no, it is not brought up again but by one of the two."""
    for relation, change in proposal.of(Relationship, "propose", "hand_over"):
        asks = {relation.person, relation.supporter} & {*change.deciders}
        if relation.supporter in relation.declined_with and not asks:
            told = "one of the two said no before: propose somebody else, unless one of them asks for it"
            yield _against("said-no", told, relation)
        if relation.supporter in presence.apart_from(proposal.view, relation.person):
            yield _against("walled", "a wall stands between these two: propose somebody else", relation)
        person = get(proposal.view, Person, relation.person)
        if person is not None and person.state != "here":
            yield _against(
                "not-here", "the person left or died; if they are back, they say so first", relation
            )
        roles = [
            r
            for r in find(proposal.view, PeerSupporter, subject=relation.supporter)
            if r.person == relation.supporter
        ]
        active = next((r for r in roles if r.state == "active"), None)
        if active is None:
            yield _against("no-supporter", "this person is no active peer supporter", relation)
            continue
        held = [
            r
            for r in find(proposal.view, Relationship, subject=relation.supporter)
            if r.supporter == relation.supporter and r.state in {"proposed", "agreed", "paused"}
        ]
        if len(held) > active.capacity:
            yield _against(
                "no-room", "the supporter walks beside as many people as they wish already", relation
            )


def covered(proposal: Proposal) -> Iterator[Objection]:
    """Planned leave has a cover who is there: a supporter or somebody in office, not away at the same
    time; and whoever stands in for somebody does not go away meanwhile. Illness is a fact: whom it names and
    who may not stand in counts for nothing (`routes.stands_in`)."""
    view = proposal.view
    for leave, _ in proposal.of(Leave, "plan", "stand_in"):
        cover = get(view, Person, leave.cover)
        if cover is None:
            continue  # `named_exist` says so
        if presence.stands_in_until(view, leave.cover) <= view.now:
            told = (
                "who should cover is not here, neither supports others nor holds an office, or lacks what the"
                " program needs"
            )
        elif any(one.person == leave.cover for one in _meanwhile(view, leave, leave.cover)):
            told = "who should cover is away at that time"
        elif any(one.cover == leave.person for one in _meanwhile(view, leave, leave.person)):
            told = "they stand in for somebody at that time: find another cover for that first"
        else:
            continue
        yield _against("no-cover", told, leave)


def _meanwhile(view: View, leave: Leave, about: str) -> Iterator[Leave]:
    """Other planned leave at the same time that this human is part of."""
    for other in find(view, Leave, subject=about):
        overlaps = other.starts < leave.ends and leave.starts < other.ends
        if other.id != leave.id and other.state == "planned" and overlaps:
            yield other


def last_coordinator(proposal: Proposal) -> Iterator[Objection]:
    """The last coordinator hands over before they go: an office is no fact of life, it can wait. One who
    leaves or has died is a fact; then their office ended by itself, and `health` says that nobody has it."""
    view = proposal.view
    for office, change in proposal.of(Appointment, "end"):
        held = isinstance(change.before, Appointment) and change.before.in_effect(view.now)
        if office.role != "coordinator" or not held or not presence.here(view, office.person):
            continue
        if not presence.keeper(view, roles=("coordinator",)):
            yield _against("last-coordinator", "appoint another coordinator first", office)


def consented(proposal: Proposal) -> Iterator[Objection]:
    """A referral or a notice goes out only on a consent that is in force when it goes."""
    view = proposal.view
    sent = [(one, basis_for(one, view)) for one, _ in proposal.of(Referral, "send")]
    queued = [(one, may_go(one, view)) for one, _ in proposal.of(Notice, "queue")]
    letters: list[tuple[Referral | Notice, object]] = [*sent, *queued]
    for letter, basis in letters:
        if not basis:
            told = f"no consent lets this recipient have this {letter.kind}"
            yield _against("no-consent", told, letter)
        recipient = get(view, Recipient, letter.recipient)
        if recipient is None or recipient.state != "active":
            told = f"the {letter.kind} goes to nobody the program knows, or nothing goes there any more"
            yield _against("no-recipient", told, letter)


def settings_hold(proposal: Proposal) -> Iterator[Objection]:
    """Changed settings fit, and still let an alarm reach somebody at every hour of the year."""
    for program, change in proposal.of(Program, "update"):
        from peerkit.safety.settings import check

        if program.sandbox is not getattr(change.before, "sandbox", program.sandbox):
            told = "a sandbox stays one, and a program never becomes one: nobody real is told from a sandbox"
            yield _against("settings", told, program)

        try:
            check(program, find(proposal.view, Appointment), proposal.now)
        except Malformed as fault:
            yield _against("settings", str(fault), program)


KINDS: frozenset[type[Record]] = frozenset(
    {
        *_NAMED,
        *goals.KINDS,
        *gathering.KINDS,
        *questionnaires.KINDS,
        Appointment,
        Attendance,
        BreakGlass,
        Credential,
        FollowUp,
        Leave,
        Letter,
        Merge,
        Person,
        Practicum,
        Program,
        Referral,
        Relationship,
    }
)
"""The kinds that any check looks for among what is new, as `responses.KINDS`."""

ALL = (
    settings_hold,
    named_exist,
    routes_live,
    supporter_ready,
    covered,
    last_coordinator,
    consented,
    *goals.ALL,
    *reviews.CHECKS,
    *safety_plans.CHECKS,
    *authority.CHECKS,
    referrals.askable,
    *glass.CHECKS,
    *duties.CHECKS,
    *merging.CHECKS,
    *gathering.CHECKS,
    *confirming.CHECKS,
    *training.ALL,
    *questionnaires.CHECKS,
)
