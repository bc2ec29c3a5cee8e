# SPDX-License-Identifier: Apache-2.0
"""The gates where they count: nobody takes the module into a relationship, or plans a group, without them.

Gates that run out while somebody is enrolled drop nobody: the supporter, and whoever they answer to, get a
task.
"""

from __future__ import annotations

from collections.abc import Iterator

from peerkit import (
    Activity,
    Credential,
    Objection,
    PeerSupporter,
    Program,
    Record,
    Relationship,
    Task,
    training,
)
from peerkit.hooks import Proposal, View, find_readable, get_readable
from peerkit.texts import Message
from peerkit.training import Passage
from peerkit_diabetes.enrolment import DiabetesEnrolment
from peerkit_diabetes.gates import passage, told
from peerkit_diabetes.words import _

FORMAT = "diabetes_group"
"""The format of an activity that is a group of this module."""

WALKING = frozenset({"agreed", "paused"})
READS = frozenset({"relationship", "credential", "program", "activity", "peer_supporter"})
WRITES = frozenset({"task"})


def check(proposal: Proposal) -> Iterator[Objection]:
    """What stands against a beginning in this module, or against a group that is planned."""
    for enrolment, change in proposal.of(DiabetesEnrolment, "join", "go_on"):
        yield from _against(proposal.view, enrolment, new=change.before is None)
    for activity, _change in proposal.of(Activity, "plan", "change"):
        if activity.format == FORMAT and (why := _unready(proposal.view, activity)):
            yield Objection("diabetes-gates", why, "activity", activity.id)


def _against(view: View, enrolment: DiabetesEnrolment, *, new: bool) -> Iterator[Objection]:
    walk = walk_of(view, enrolment)
    kind, id_ = enrolment.kind, enrolment.id
    if walk is None or walk.person != enrolment.person or walk.state not in WALKING:
        why = _("the module is taken into a relationship of the person's own that is agreed")
        yield Objection("diabetes-no-relationship", why, kind, id_)
        return
    others = view.find(DiabetesEnrolment, person=enrolment.person, state="joined")
    if new and any(one.id != id_ for one in others):
        why = _("they are in the module already: they can go on with it in another relationship")
        yield Objection("diabetes-joined", why, kind, id_)
    found = passage_of(view, walk.supporter)
    if found.open:
        head = _("before the module is taken up, whoever walks beside them needs:")
        yield Objection("diabetes-gates", _told(head, found), kind, id_)


def _unready(view: View, activity: Activity) -> Message | None:
    """What somebody who leads the group lacks; None if nobody lacks anything."""
    for one in activity.facilitators:
        found = passage_of(view, one, groups=True)
        if found.open:
            return _told(_("whoever leads a group of this module needs:"), found)
    return None


def _told(head: Message, found: Passage) -> Message:
    """What is missing, and how to get it: a line for each gate."""
    return training.all_needed(head, map(told, found.open))


def walk_of(view: View, enrolment: DiabetesEnrolment) -> Relationship | None:
    """The relationship that the module was taken into; None if it cannot be read."""
    return get_readable(view, Relationship, enrolment.relationship)


def passage_of(view: View, human: str, *, groups: bool = False) -> Passage:
    """How a supporter stands to the gates today. What cannot be read meets nothing."""
    program = program_of(view)
    held = find_readable(view, Credential, person=human)
    return passage(program, held, program.day(view.now), groups=groups)


def program_of(view: View) -> Program:
    """The program; where its settings cannot be read, one that recognizes nothing but what ships."""
    return next(iter(find_readable(view, Program)), Program(name="-"))


# -- what follows --------------------------------------------------------------------------------------


def respond(proposal: Proposal) -> Iterator[Record]:
    """How long the gates hold is noted with each beginning, and looked at when a credential changes or runs
    out; a group that was led without them is somebody's task, never refused."""
    view = proposal.view
    for enrolment in _stirred(proposal):
        yield from _looked_at(view, enrolment)
    for activity, _change in proposal.of(Activity, "enter", "hold"):
        for one in activity.facilitators if activity.format == FORMAT else ():
            if passage_of(view, one, groups=True).open:
                yield from _tasks(view, one, about=activity)


def _stirred(proposal: Proposal) -> Iterator[DiabetesEnrolment]:
    """The enrolments whose supporter may stand otherwise to the gates now."""
    view = proposal.view
    for enrolment, _change in proposal.of(DiabetesEnrolment, "join", "go_on"):
        yield enrolment
    for human in sorted({one.person for one, _change in proposal.of(Credential)}):
        for walk in find_readable(view, Relationship, supporter=human):
            if walk.state in WALKING:
                yield from find_readable(view, DiabetesEnrolment, relationship=walk.id, state="joined")
    if proposal.tick:
        day = program_of(view).day(view.now)
        yield from find_readable(view, DiabetesEnrolment, lambda e: e.gates_until < day, state="joined")


def _looked_at(view: View, enrolment: DiabetesEnrolment) -> Iterator[Record]:
    """The enrolment as its supporter stands now, if that is news; and tasks where a gate opened."""
    walk = walk_of(view, enrolment)
    if walk is None or not walk.supporter:
        return
    found = passage_of(view, walk.supporter)
    still = tuple(one.gate.id for one in found.open)
    if (found.until, still) == (enrolment.gates_until, enrolment.gates_open):
        return
    yield enrolment.look_again(found.until, open=still)
    if set(still) - set(enrolment.gates_open):
        yield from _tasks(view, walk.supporter, about=enrolment, person=enrolment.person)


def _tasks(view: View, human: str, *, about: Record, person: str = "") -> Iterator[Task]:
    """One for whoever lacks a gate, and one, without the person's name, for whoever they answer to."""
    yield Task.give(owner=human, what="diabetes-gates", about=about, person=person or None)
    for role in find_readable(view, PeerSupporter, person=human, state="active"):
        if role.supervisor:
            yield Task.give(owner=role.supervisor, what="diabetes-gates-of-supporter", about=role)
