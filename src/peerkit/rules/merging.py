# SPDX-License-Identifier: Apache-2.0
"""Joining two records of one human: when it may not be, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from peerkit.errors import Objection
from peerkit.hooks import Proposal, View
from peerkit.model.authority import Authority
from peerkit.model.base import Record
from peerkit.model.duty_report import DutyReport
from peerkit.model.glass import BreakGlass
from peerkit.model.meeting import Meeting
from peerkit.model.merge import Merge
from peerkit.model.people import Person
from peerkit.model.referral import Referral
from peerkit.model.relationship import Relationship
from peerkit.model.route import Wall
from peerkit.model.work import Task
from peerkit.rules import presence, routes
from peerkit.rules.keepers import asked_about
from peerkit.rules.readable import find, get


def joinable(proposal: Proposal) -> Iterator[Objection]:
    """Two records may be of one human: neither is joined already, and nobody died in one of them alone."""
    view = proposal.view
    for merge, change in proposal.of(Merge, "begin"):
        kept, away = get(view, Person, merge.kept), get(view, Person, merge.away)
        code = told = ""
        if merge.kept == merge.away:
            code, told = "same-person", "the two are one record already"
        elif kept is None or away is None:
            code, told = "unknown-person", "a merge names nobody the program knows"
        elif {change.actor, *change.deciders} & {merge.kept, merge.away}:
            code, told = "own-merge", "nobody joins their own record with another: somebody else does"
        elif "merged" in {kept.state, away.state}:
            code, told = "merged-already", "one of them was joined with another record: use that one"
        elif (kept.state == "died") != (away.state == "died"):
            code, told = "one-died", "one of them has died: mark the other first, if that is who it was"
        elif _unfinished(view, merge):
            code, told = "merge-running", "a merge of one of them is not finished: finish that first"
        if code:
            yield Objection(code, told, merge.kind, merge.id)
        else:
            yield from _together(view, merge)


def _unfinished(view: View, merge: Merge) -> bool:
    return any(
        one.id != merge.id and one.state in {"running", "parting"}
        for person in (merge.kept, merge.away)
        for one in find(view, Merge, subject=person)
    )


def _together(view: View, merge: Merge) -> Iterator[Objection]:
    """Whoever walks beside somebody, meets them, is kept from them by a wall, opened their record without
    their word, decides in their place, or reports about them, is another human."""
    for kind in (Relationship, Meeting, Wall, BreakGlass, Authority, DutyReport):
        for one in find(view, kind, subject=merge.away):
            if {merge.kept, merge.away} <= {subject for _, subject in one.subjects}:
                told = "this shows the two together, as two humans"
                yield Objection("seen-together", told, one.kind, one.id)


def followed(proposal: Proposal) -> Iterator[Record]:
    """Whoever joins or parts two records is asked to finish it, should it stop half-way; and a human looks at
    what came of it. What one record says for the person's safety holds for both at once; what somebody opened
    of one without the person's word closes, since that was no reason to open the other."""
    view, due = proposal.view, proposal.now + timedelta(days=routes.WELCOME_DAYS)
    for merge, change in proposal.of(Merge):
        kept, away = get(view, Person, merge.kept), get(view, Person, merge.away)
        if "begin" in change.acts and kept is not None and away is not None and _safer(kept, away):
            yield kept.guard(watched=away.watched, not_by=away.not_by)
        if "begin" in change.acts:
            yield from _closed(view, merge)
        if {"begin", "part"} & set(change.acts):
            yield Task.give(owner=change.actor, what="finish-merge", due=due, about=merge, person=merge.kept)
            continue
        for task in find(view, Task, subject=merge.kept):
            if task.about == merge.id and task.what == "finish-merge" and task.state == "open":
                yield task.done()
        owner = asked_about(view, merge.kept)
        if owner and (merge.state == "parted" or _twice(view, merge)):
            what = "look-at-parted" if merge.state == "parted" else "look-at-merged"
            yield Task.give(owner=owner, what=what, due=due, about=merge, person=merge.kept)


def left_without_role(proposal: Proposal) -> Iterator[Record]:
    """Parted, one of the two may support nobody any more who did while they were one: who met them since is
    somebody else's, as when a supporter stops. Asked at the end of the run, when each has back what was
    theirs."""
    view = proposal.view
    for merge, _ in proposal.of(Merge, "parted"):
        for human in (merge.kept, merge.away):
            if not presence.supports(view, human):
                for relation in find(view, Relationship, subject=human):
                    if relation.supporter == human and relation.state in {"proposed", "agreed", "paused"}:
                        yield relation.end(ending="supporter_left")


def _closed(view: View, merge: Merge) -> Iterator[Record]:
    for person in (merge.kept, merge.away):
        for glass in find(view, BreakGlass, subject=person, state="open"):
            if glass.about == person:
                yield glass.close()


def _safer(kept: Person, away: Person) -> bool:
    return (away.watched and not kept.watched) or bool(set(away.not_by) - set(kept.not_by))


def _twice(view: View, merge: Merge) -> bool:
    """Whether two of what somebody has one of came together: relationships, open referrals to one place."""
    relations = [
        one.id
        for one in find(view, Relationship, subject=merge.kept)
        if one.person == merge.kept and not one.over
    ]
    places = [
        one.recipient
        for one in find(view, Referral, subject=merge.kept)
        if one.state in {"draft", "sent", "accepted"}
    ]
    return len(relations) > 1 or len(places) > len(set(places))


CHECKS = (joinable,)
RESPONSES = (followed, left_without_role)
