# SPDX-License-Identifier: Apache-2.0
"""Training: what a supporter needs, who gives a session, who may confirm hours."""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.errors import Objection
from peerkit.hooks import Proposal, View
from peerkit.model.base import Record
from peerkit.model.credential import Credential, Letter
from peerkit.model.people import PeerRole, Person
from peerkit.model.relationship import Relationship
from peerkit.model.training import Attendance, Course, Practicum
from peerkit.rules import presence
from peerkit.rules.keepers import supervisors
from peerkit.rules.readable import find, get
from peerkit.rules.standing import program_of, standing_of, today_in
from peerkit.training.letters import agrees

TRAINERS = frozenset({"trainer", "facilitator"})


def ready(proposal: Proposal) -> Iterator[Objection]:
    """Who is proposed has what the program needs of supporters today; and still has it when the last yes
    makes it a match, so that nobody is handed over to somebody without it. Until then all stays as it was."""
    for relation, change in proposal.of(Relationship, "propose", "hand_over", "agree", "take_on"):
        if not {"propose", "hand_over"} & set(change.acts) and relation.state != "agreed":
            continue
        if missing := standing_of(proposal.view, relation.supporter).missing:
            told = (
                f"the program needs of a supporter what this one has not today: {', '.join(missing)}. "
                "Renew it, or record it with Credential.issue or Credential.check_done, or propose another"
            )
            yield _against("needs-credential", told, relation)


def known(proposal: Proposal) -> Iterator[Objection]:
    """What is written down is about somebody and about a course that there is, on a day that has come. Who
    left in between was there all the same."""
    view = proposal.view
    today = today_in(view)
    for entry in _fresh(proposal):
        if get(view, Person, entry.person) is None:
            yield _against("unknown-person", f"{entry.kind}.person names nobody the program knows", entry)
        if isinstance(entry, Credential):
            continue
        if entry.course and get(view, Course, entry.course) is None:
            yield _against("unknown-course", f"{entry.kind}.course names no course: offer it first", entry)
        if entry.day > today:
            yield _against("not-yet", f"{entry.kind}.day has not come yet", entry)


def _fresh(proposal: Proposal) -> Iterator[Attendance | Practicum | Credential]:
    for attendance, _ in proposal.of(Attendance, "attend", "make_up", "excuse", "miss"):
        yield attendance
    for entry, _ in proposal.of(Practicum, "log"):
        yield entry
    for credential, _ in proposal.of(Credential, "issue", "check_done"):
        yield credential


def led(proposal: Proposal) -> Iterator[Objection]:
    """Whoever is named as having given a session is a trainer or a facilitator, or a coordinator; nobody
    writes down their own attendance as its trainer."""
    view = proposal.view
    for one, _ in proposal.of(Attendance, "attend", "make_up", "excuse", "miss"):
        if one.trainer and (
            one.trainer == one.person
            or not (_has_role(view, one.trainer, TRAINERS) or _coordinates(view, one.trainer))
        ):
            told = "who gave the session is no trainer or facilitator here, or was there to learn"
            yield _against("no-trainer", told, one)


def mentored(proposal: Proposal) -> Iterator[Objection]:
    """Hours are confirmed by a mentor, by whoever supervises the person, or by a coordinator."""
    view = proposal.view
    for entry, _ in proposal.of(Practicum, "confirm"):
        if not (
            _has_role(view, entry.mentor, frozenset({"mentor"}))
            or entry.mentor in supervisors(view, entry.person)
            or _coordinates(view, entry.mentor)
        ):
            told = "who is named is no mentor here, nor supervises this person: give them the role first"
            yield _against("no-mentor", told, entry)


def true(proposal: Proposal) -> Iterator[Objection]:
    """A letter or certificate says what the records say when it is given out."""
    view = proposal.view
    program = program_of(view)
    for letter, _ in proposal.of(Letter, "issue"):
        person = get(view, Person, letter.person)
        names = "" if person is None else person.name, "" if program is None else program.name
        kind: type[Practicum | Credential] = Practicum if letter.of == "hours" else Credential
        found = (get(view, kind, one) for one in letter.rests_on)
        there = [one for one in found if one is not None]
        if names != (letter.name, letter.program) or not agrees(letter, there, letter.on):
            told = "the records do not say what it says: make its content anew from them"
            yield _against("letter-differs", told, letter)


def _has_role(view: View, human: str, roles: frozenset[str]) -> bool:
    return any(one.state == "held" and one.role in roles for one in find(view, PeerRole, subject=human))


def _coordinates(view: View, human: str) -> bool:
    return presence.in_office(view, human, "coordinator")


def _against(code: str, sentence: str, record: Record) -> Objection:
    return Objection(code, sentence, record.kind, record.id)


ALL = (ready, known, led, mentored, true)
