# SPDX-License-Identifier: Apache-2.0
"""Safety plans: with whom one is shared, and the day on which somebody wants to look at it again.

No rule here looks at what stands in one. A reminder is a task without a due time, and names nobody but its
owner: nothing becomes overdue, and no second human is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.errors import Objection
from peerkit.hooks import Proposal
from peerkit.model.base import Record
from peerkit.model.people import Person
from peerkit.model.safety_plan import SafetyPlan
from peerkit.model.work import Task
from peerkit.rules import presence
from peerkit.rules.readable import find
from peerkit.rules.standing import today_in

LOOK_AGAIN = "look-again"
"""The task of whoever is reminded."""


def due(proposal: Proposal) -> Iterator[Record]:
    """Plans whose day has come, and whose person is here."""
    today, view = today_in(proposal.view), proposal.view
    for plan in find(view, SafetyPlan, lambda p: p.review_on <= today, state="kept", review_due=False):
        if presence.here(view, plan.person):
            yield plan.fall_due()


CLOCK = (due,)


def reminded(proposal: Proposal) -> Iterator[Record]:
    """Whom the person named is reminded, if they are here and no wall stands between the two; else the person
    themselves."""
    view = proposal.view
    for plan, _ in proposal.of(SafetyPlan, "fall_due"):
        asks = plan.asks
        if asks and (not presence.here(view, asks) or asks in presence.apart_from(view, plan.person)):
            asks = ""
        yield Task.give(owner=asks or plan.person, what=LOOK_AGAIN, about=plan)


def settled(proposal: Proposal) -> Iterator[Record]:
    """Looked at, put off, stopped or set aside: nobody is asked any more, in the same commit."""
    for plan, change in proposal.of(SafetyPlan):
        before = change.before
        asked = isinstance(before, SafetyPlan) and before.review_due and before.state == "kept"
        if asked and not (plan.review_due and plan.state == "kept"):
            for task in find(proposal.view, Task, about=plan.id, state="open"):
                yield task.done() if "look_again" in change.acts else task.drop()


def gone(proposal: Proposal) -> Iterator[Record]:
    """Whoever leaves or dies reads no plan of others any more, and nobody is reminded of their own."""
    view = proposal.view
    for person, _ in proposal.of(Person, "leave", "mark_died"):
        for plan in find(view, SafetyPlan, subject=person.id):
            if plan.person == person.id and plan.review_on is not None:
                yield plan.stop_review()
            elif person.id in plan.shared_with:
                yield plan.unshare(person.id)


RESPONSES = (reminded, settled, gone)


def somebody_here(proposal: Proposal) -> Iterator[Objection]:
    """Whom a plan is shared with, and whom it reminds, is in the program."""
    for plan, change in proposal.of(SafetyPlan, "share", "review"):
        before = (*getattr(change.before, "shared_with", ()), getattr(change.before, "asks", ""))
        if not presence.all_here(proposal.view, (*plan.shared_with, plan.asks), before):
            told = "it names nobody who is in the program now"
            yield Objection("unknown-person", told, plan.kind, plan.id)


CHECKS = (somebody_here,)
