# SPDX-License-Identifier: Apache-2.0
"""A referral's loop: what must be asked before it is written, and who is asked when it falls silent.

Each wait is a task with a due time of its own, given by the step that begins it and dropped by the step that
ends it: what is overdue is a task past its due time, with a named human, and climbs like every task.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import attrs

from peerkit.errors import Objection
from peerkit.hooks import Proposal
from peerkit.model.base import Record
from peerkit.model.directory import Service
from peerkit.model.referral import RUNNING, Referral
from peerkit.model.work import Task
from peerkit.rules import routes
from peerkit.rules.readable import find, get


@attrs.frozen
class Wait:
    """Something that is waited for: the task's code, in which states, and how long it may take."""

    what: str
    states: frozenset[str]
    days: int


WAITS = (
    Wait("hear-from-service", frozenset({"sent", "received"}), 3),
    Wait("look-after-referral", frozenset({"accepted", "under_way", "on_hold"}), 30),
    Wait("ask-after-referral", frozenset({*RUNNING, "going", "outcome"}), 14),
    Wait("find-another-service", frozenset({"declined"}), 2),
)
"""What a referral waits for. The days are own choices; GetHelpOC, a public referral service, promises an
answer in two working days and fourteen at most."""

GO_ALONG_DAYS = 7
"""By when somebody goes along, once the service said yes. Own choice."""


def askable(proposal: Proposal) -> Iterator[Objection]:
    """Room and eligibility are asked before anything is written: no referral to a service that is gone, nor
    to one that is full unless the person wants to wait; and where the directory says whom a service is for,
    somebody has read that with the person."""
    for referral, change in proposal.of(Referral, "begin", "reroute", "go_alone"):
        service = get(proposal.view, Service, referral.service)
        why = service.why_not(proposal.now.date()) if service is not None else ()
        before = get(proposal.view, Referral, referral.follows) if referral.follows else None
        if before is not None and before.open:
            told = "the referral that it goes on from is still open: it is declined, recalled or done first"
            yield Objection("referral-open", told, referral.kind, referral.id)
        if "gone" in why:
            told = "the directory says that this service is gone: look for another"
            yield Objection("service-gone", told, referral.kind, referral.id)
        elif "full" in why and not referral.queue:
            told = "the directory says that this service is full: queue=True if the person wants to wait"
            yield Objection("service-full", told, referral.kind, referral.id)
        alone = "go_alone" in change.acts  # nothing is written to anybody
        asked = alone or referral.eligible != "not_asked"
        if service is not None and service.eligibility.strip() and not asked:
            told = (
                "the directory says whom this service is for: read it with the person, then say eligible=yes "
                "or unsure; if it is not for them, look for another"
            )
            yield Objection("eligibility-not-asked", told, referral.kind, referral.id)


def waited_for(proposal: Proposal) -> Iterator[Record]:
    """What each referral waits for after this commit is due from whoever the person is with; what it waits
    for no longer is nobody's any more."""
    for referral, change in proposal.of(Referral):
        given = {
            one.what: one
            for one in find(proposal.view, Task, subject=referral.person)
            if one.about == referral.id and one.state == "open"
        }
        entered = change.before is None or getattr(change.before, "state", "") != referral.state
        for wait in WAITS:
            held = given.get(wait.what)
            if referral.state not in wait.states:
                if held is not None:
                    yield held.drop()
            elif held is None and entered:
                yield _task(proposal, referral, change.actor, wait.what, wait.days)
        held = given.get("go-along")
        wanted = referral.warm and referral.introduced is None and referral.state in {"accepted", "under_way"}
        if wanted and held is None and entered:
            yield _task(proposal, referral, change.actor, "go-along", GO_ALONG_DAYS)
        elif not wanted and held is not None:
            yield held.done() if referral.introduced is not None else held.drop()


def asked_again(proposal: Proposal) -> Iterator[Record]:
    """Whoever did such a task, or let it go, while the referral still waits, is asked again in time: only an
    answer closes the loop."""
    for task, change in proposal.of(Task, "done", "drop"):
        wait = next((one for one in WAITS if one.what == task.what), None)
        referral = get(proposal.view, Referral, task.about) if wait is not None else None
        if wait is None or referral is None or _taken_on(proposal, referral):
            continue
        if referral.state in wait.states:
            yield _task(proposal, referral, change.actor, wait.what, wait.days)


def _taken_on(proposal: Proposal, referral: Referral) -> bool:
    """Whether another referral goes on from it."""
    theirs = find(proposal.view, Referral, subject=referral.person)
    return any(one.follows == referral.id for one in theirs)


def taken_on(proposal: Proposal) -> Iterator[Record]:
    """A referral that goes on from another one: what that one waited for is done."""
    for referral, _ in proposal.of(Referral, "reroute"):
        for one in find(proposal.view, Task, subject=referral.person):
            if one.about == referral.follows and one.what == "find-another-service" and one.state == "open":
                yield one.done()


def _task(proposal: Proposal, referral: Referral, actor: str, what: str, days: int) -> Task:
    route = routes.route_of(proposal.view, referral.person)
    owner = route.holder_at(proposal.now) if route is not None else actor
    due = proposal.now + timedelta(days=days)
    return Task.give(owner=owner, what=what, due=due, about=referral, person=referral.person)


ALL = (waited_for, taken_on, asked_again)
