# SPDX-License-Identifier: Apache-2.0
"""What time alone brings (`proposal.tick`): each rule finds what has become due by indexed fields, and
answers with what changes that, so that it finds it once.

Nothing here is needed for reading right: what lapsed by the clock reads as lapsed at once. It is for the
humans who have to hear of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import timedelta

from peerkit.hooks import Proposal
from peerkit.model.base import Record
from peerkit.model.relationship import Relationship
from peerkit.model.route import Route
from peerkit.model.work import Task
from peerkit.rules import caring, glass, lapsing, reviews, routes, safety_plans, sharing
from peerkit.rules.keepers import instead, supervisor_here
from peerkit.rules.readable import find
from peerkit.rules.standing import today_in

MOST = 200
"""So many records all rules together answer with at one tick, so that one commit holds what follows from them
too; the next tick goes on."""

PATIENCE = timedelta(days=2)
"""How long a task lies past its due time before a second human is asked. Own choice, not a published rule."""


def brought(proposal: Proposal) -> Iterator[Record]:
    """What the rules find, each in its turn, so that much of one keeps nothing of another waiting; one answer
    about each stored record."""
    answered: set[str] = set()
    waiting = deque(_found(rule(proposal)) for rule in ALL)
    given = 0
    while waiting and given < MOST:
        turn = waiting.popleft()
        found = next(turn, None)
        if found is None:
            continue
        waiting.append(turn)
        changed = {one.id for one in found if one.version}
        if changed & answered:  # the next tick finds it again, on what this one left
            continue
        answered |= changed
        given += len(found)
        yield from found


def _found(records: Iterator[Record]) -> Iterator[list[Record]]:
    """What a rule answers, finding by finding: up to the change by which the rule finds it no more."""
    finding: list[Record] = []
    for record in records:
        finding.append(record)
        if record.version:
            yield finding
            finding = []
    if finding:
        yield finding


def lapsed(proposal: Proposal) -> Iterator[Record]:
    """Routes that ended by the clock are worked out anew, and whoever has the person now hears of it."""
    now = proposal.now
    for route in find(proposal.view, Route, lambda r: r.until <= now, open=True):
        yield from routes.moved(proposal, route.person)


def planned_days(proposal: Proposal) -> Iterator[Record]:
    """The day until which two rest, or that they planned for their goodbye, has come: somebody asks them."""
    today, view = today_in(proposal.view), proposal.view
    for relation in find(view, Relationship, lambda r: r.rests_until <= today, state="paused"):
        yield _asked(proposal, relation, "how-to-go-on")
        yield relation.rest_over()
    for relation in find(view, Relationship, lambda r: r.ending_on <= today, state=("agreed", "paused")):
        yield _asked(proposal, relation, "goodbye")
        yield relation.goodbye_due()


def _asked(proposal: Proposal, relation: Relationship, what: str) -> Task:
    return Task.give(
        owner=relation.supporter, what=what, due=proposal.now, about=relation, person=relation.person
    )


def lying(proposal: Proposal) -> Iterator[Record]:
    """A task that lies for two days past its due time asks a second human too: who supervises its owner, else
    another coordinator or who is on call. Nothing is taken from anybody."""
    view, long_ago = proposal.view, proposal.now - PATIENCE
    for task in find(view, Task, lambda t: t.due <= long_ago, state="open", asked_too=""):
        if second := instead(view, task, but=(task.owner,), first=supervisor_here(view, task.owner)):
            yield task.ask_too(second)


ALL = (
    lapsed,
    planned_days,
    lying,
    *sharing.CLOCK,
    *reviews.CLOCK,
    *safety_plans.CLOCK,
    *lapsing.CLOCK,
    *caring.CLOCK,
    *glass.CLOCK,
)
