# SPDX-License-Identifier: Apache-2.0
"""What ends when somebody goes, and what takes over: facts take effect in the commit that tells them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from peerkit.hooks import Proposal, View
from peerkit.model.activity import Activity, SignUp
from peerkit.model.authority import Authority
from peerkit.model.base import Record
from peerkit.model.meeting import Meeting
from peerkit.model.people import PeerRole, PeerSupporter, Person
from peerkit.model.program import OFFICES, Appointment
from peerkit.model.relationship import Relationship
from peerkit.model.route import Leave, Wall
from peerkit.model.work import Task
from peerkit.rules import presence, routes
from peerkit.rules.keepers import instead, keeper_for, supervisor_here, supervisors
from peerkit.rules.readable import find, get
from peerkit.rules.routes import heads

DEBRIEF, BE_THERE, TELL = "debrief", "be-there-after-death", "tell-of-death"
AFTER_DEATH = frozenset({DEBRIEF, BE_THERE, TELL})
"""Tasks of those who are left when one of two who walked together has died."""


def gone(proposal: Proposal) -> Iterator[Record]:
    """Who left or died: relationships, roles, offices, supervising, and deciding in somebody's place end
    with that, and what was due from them is due from somebody else."""
    for person, _ in heads(proposal, Person):
        if person.state == "here":
            continue
        mine = "died" if person.state == "died" else "stopped_by_person"
        for relation in find(proposal.view, Relationship, subject=person.id):
            theirs = relation.person == person.id
            if mine == "died" and relation.walking:
                yield from _mourned(proposal, relation, theirs=theirs)
            if not relation.over:
                yield relation.end(ending=mine if theirs else "supporter_left")
        for office in find(proposal.view, Appointment, subject=person.id):
            if office.state == "held":
                yield office.end()
        for authority in find(proposal.view, Authority, subject=person.id):
            if authority.state == "standing":
                yield authority.end()
        yield from _roles_over(proposal.view, person.id)
        yield from _handed_on(proposal, person.id)


def _mourned(proposal: Proposal, relation: Relationship, *, theirs: bool) -> Iterator[Record]:
    """One of two who walk together has died. Whoever walked beside a person may wish to talk, and somebody is
    there for them; a person whose supporter died is told by a human, at once, and by no empty chair."""
    view, person, supporter = proposal.view, relation.person, relation.supporter
    if theirs:
        yield routes.task(proposal, supporter, DEBRIEF, relation)
        what, left, due = BE_THERE, supporter, proposal.now + timedelta(days=1)
    else:
        what, left, due = TELL, person, proposal.now
    gone_too = (person, supporter)
    first = supervisor_here(view, supporter)
    shut = {"", *gone_too, *presence.apart_from(view, left)}
    if owner := (first if first not in shut else keeper_for(view, left, but=gone_too)):
        yield Task.give(owner=owner, what=what, due=due, about=relation, person=left)


def not_mourned(proposal: Proposal) -> Iterator[Record]:
    """That somebody died was a mistake: nobody is told of it any more, nor has to be there after it."""
    view = proposal.view
    for person, _ in proposal.of(Person, "not_died"):
        for relation in find(view, Relationship, subject=person.id):
            for left in (relation.person, relation.supporter):
                for task in find(view, Task, subject=left, about=relation.id, state="open") if left else ():
                    if task.what in AFTER_DEATH and left in {task.person, task.owner}:
                        yield task.drop()


def _roles_over(view: View, human: str) -> Iterator[Record]:
    for role in find(view, PeerSupporter, subject=human):
        if role.person == human and role.state == "active":
            yield role.end()
        elif role.supervisor == human and role.state == "active" and presence.here(view, role.person):
            yield role.answer_to(None)  # whoever goes in the same commit has their own role end
    for beyond in find(view, PeerRole, subject=human):
        if beyond.state == "held":
            yield beyond.end()


def fallen(proposal: Proposal) -> Iterator[Record]:
    """What two had planned falls with their relationship. What was to have been before now stays, for
    somebody to say whether it was."""
    for relation, change in heads(proposal, Relationship):
        if relation.state == "ended" and getattr(change.before, "state", "") != "ended":
            for meeting in _ahead(proposal.view, relation.person):
                if meeting.supporter == relation.supporter:
                    yield meeting.cancel()


def expected_nowhere(proposal: Proposal) -> Iterator[Record]:
    """Whoever leaves or dies is expected nowhere, and what only they would lead is called off."""
    view = proposal.view
    for person, change in heads(proposal, Person):
        if person.state not in {"left", "died"} or getattr(change.before, "state", "") != "here":
            continue
        yield from (meeting.cancel() for meeting in _ahead(view, person.id))
        coming = find(view, SignUp, subject=person.id, state="coming")
        yield from (one.withdraw() for one in coming if one.person == person.id)
        for activity in find(view, Activity, subject=person.id, state="planned"):
            if not any(presence.here(view, one) for one in activity.facilitators):
                yield activity.cancel()


def _ahead(view: View, human: str) -> Iterator[Meeting]:
    for meeting in find(view, Meeting, subject=human, state="planned"):
        if meeting.starts > view.now:
            yield meeting


def _handed_on(proposal: Proposal, human: str) -> Iterator[Record]:
    view = proposal.view
    due = [one for one in find(view, Task, subject=human) if one.owner == human and one.state == "open"]
    for one in due[: routes.MOST_MOVED]:
        if whom := instead(view, one, but=(human,)):
            yield one.hand_to(whom)
    for one in find(view, Task, asked_too=human, state="open"):
        yield one.hand_to(one.owner)  # whoever was asked beside its owner is gone: another is asked in time


def stepped_down(proposal: Proposal) -> Iterator[Record]:
    """A supporter who stops: their relationships end with it."""
    for role, _ in heads(proposal, PeerSupporter):
        if role.state == "ended":
            for relation in find(proposal.view, Relationship, subject=role.person):
                if relation.supporter == role.person and relation.state in {"proposed", "agreed", "paused"}:
                    yield relation.end(ending="supporter_left")


def parted(proposal: Proposal) -> Iterator[Record]:
    """A wall between two who walk together ends that, at once and without a reason; also where the two came
    to stand on both sides of it since records of one human were joined."""
    for relation, _ in proposal.of(Relationship, "refile"):
        if relation.supporter in presence.apart_from(proposal.view, relation.person) and not relation.over:
            yield relation.end()
    for wall, _ in proposal.of(Wall, "put_up", "refile"):
        for relation in find(proposal.view, Relationship, subject=wall.person):
            if {relation.person, relation.supporter} == {wall.person, wall.human} and not relation.over:
                yield relation.end()


def handed_over(proposal: Proposal) -> Iterator[Record]:
    """Once somebody else and the person have said yes, the relationship that this one follows ends; if one of
    them says no, it goes on as if nobody had asked."""
    for relation, _ in heads(proposal, Relationship):
        before = get(proposal.view, Relationship, relation.follows) if relation.follows else None
        if before is None or not before.walking or before.person != relation.person:
            continue
        if relation.state == "agreed":
            yield before.end(ending="handed_over")
        elif relation.state == "declined":
            yield relation.end()


def by_whose_word(proposal: Proposal) -> Iterator[Record]:
    """That somebody is ill, whoever walks beside them may tell; who covers, only they themselves, whoever
    supervises them or an office: it opens what their people have told them. Nor does anybody cover who may
    not stand in. Then it is as if nobody had been named."""
    view = proposal.view
    for leave, change in proposal.of(Leave, "fall_ill"):
        says = {change.actor, *change.deciders}
        named = leave.person in says or not says.isdisjoint(supervisors(view, leave.person))
        named = named or any(presence.in_office(view, one, *OFFICES) for one in says)
        if leave.cover and not (named and presence.stands_in_until(view, leave.cover) > view.now):
            yield leave.stand_in(None)


ALL = (gone, not_mourned, stepped_down, parted, handed_over, fallen, expected_nowhere, by_whose_word)
