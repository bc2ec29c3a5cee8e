# SPDX-License-Identifier: Apache-2.0
"""Who hears of it: a task for the human who has to look, as it stands at the end of a commit."""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.hooks import Proposal
from peerkit.model.base import Record
from peerkit.model.relationship import Relationship
from peerkit.model.route import Leave, Route
from peerkit.model.work import Task
from peerkit.rules import routes
from peerkit.rules.readable import find
from peerkit.rules.routes import heads


def asked(proposal: Proposal) -> Iterator[Record]:
    """Who waits for a match is somebody's to look at, also after a no; once somebody is proposed, or it ends,
    nobody's any more."""
    view = proposal.view
    for relation, change in heads(proposal, Relationship):
        given = _looked_for(proposal, relation)
        proposed = getattr(change.before, "state", "") == "proposed"
        route = routes.route_of(view, relation.person)
        if relation.waiting and route is not None and (change.before is None or proposed):
            if not given:
                yield routes.task(proposal, route.holder_at(proposal.now), "match", relation)
        elif not relation.waiting:
            for one in given:
                yield one.done()
    # Who is enrolled and asks in one commit has nobody yet in its first round: the answer to it is the route.
    for route, _ in proposal.of(Route, "begin"):
        for relation in find(view, Relationship, subject=route.person):
            if relation.person == route.person and relation.waiting and not _looked_for(proposal, relation):
                yield routes.task(proposal, route.holder_at(proposal.now), "match", relation)


def _looked_for(proposal: Proposal, relation: Relationship) -> list[Task]:
    """The open tasks to find somebody for whoever waits."""
    theirs = find(proposal.view, Task, subject=relation.person, what="match", state="open")
    return [one for one in theirs if one.about == relation.id]


def away(proposal: Proposal) -> Iterator[Record]:
    """Who stands in hears of each person: when leave is planned, when somebody falls ill, when another one
    stands in. Who is back has nobody stand in any more."""
    view = proposal.view
    for leave, _ in heads(proposal, Leave):
        theirs = [r for r in find(view, Relationship, subject=leave.person) if r.supporter == leave.person]
        for person in dict.fromkeys(relation.person for relation in theirs):
            given = [
                one
                for one in find(view, Task, subject=person)
                if one.what == "cover" and one.about == leave.id and one.state == "open"
            ]
            needed = leave.state == "planned" and any(r.person == person and r.walking for r in theirs)
            who = routes.stands_in(view, leave, person) if needed else ""
            if who and all(one.owner != who for one in given):
                yield Task.give(owner=who, what="cover", due=leave.starts, about=leave, person=person)
            for one in given:
                if one.owner != who:
                    yield one.drop()


ALL = (asked, away)
