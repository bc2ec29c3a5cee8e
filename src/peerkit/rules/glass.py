# SPDX-License-Identifier: Apache-2.0
"""What follows from a broken glass: who reviews it, and the tasks that close once it is told and reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from peerkit.errors import Objection
from peerkit.hooks import Proposal
from peerkit.model.base import Record
from peerkit.model.glass import BreakGlass
from peerkit.model.work import Task
from peerkit.rules import routes
from peerkit.rules.readable import find


def reviewed_by_another(proposal: Proposal) -> Iterator[Objection]:
    """Nobody reviews a glass that they broke themselves, nor says so for another."""
    for glass, change in proposal.of(BreakGlass, "review"):
        if glass.reader in {glass.reviewer, change.actor, *change.deciders}:
            told = "another human reviews it than the one who broke the glass"
            yield Objection("own-review", told, glass.kind, glass.id)
        elif glass.reviewer not in {change.actor, *change.deciders}:
            told = "who reviewed it says so themselves, or decides it"
            yield Objection("not-their-review", told, glass.kind, glass.id)


def followed(proposal: Proposal) -> Iterator[Record]:
    """Told, its task is done; put off, there is another one for that day; reviewed, its task is done, and a
    reason that did not hold is a coordinator's to look into."""
    view = proposal.view
    for glass, change in proposal.of(BreakGlass, "tell", "tell_later", "review"):
        over = {"tell-of-glass"} if {"tell", "tell_later"} & set(change.acts) else set()
        over |= {"review-glass"} if "review" in change.acts else set()
        held = [t for t in find(view, Task, subject=glass.about) if t.about == glass.id and t.state == "open"]
        again = glass.put_off and not any(t.what == "tell-of-glass" and t.due == glass.tell_by for t in held)
        for task in held:
            if task.what in over and (not glass.put_off or task.due != glass.tell_by):
                yield task.done()
        if again and "tell_later" in change.acts:
            route = routes.route_of(view, glass.about)
            owner = route.holder_at(proposal.now) if route is not None and route.open else change.actor
            yield Task.give(
                owner=owner, what="tell-of-glass", due=glass.tell_by, about=glass, person=glass.about
            )
        if glass.finding == "not_sound" and "review" in change.acts:
            keeper = routes.keeper(view, but=glass.reader) or change.actor
            due = proposal.now + timedelta(days=routes.WELCOME_DAYS)
            yield Task.give(owner=keeper, what="glass-not-sound", due=due, about=glass, person=glass.about)


CHECKS = (reviewed_by_another,)
RESPONSES = (followed,)
