# SPDX-License-Identifier: Apache-2.0
"""What follows from a broken glass: who tells of it and reviews it, until when telling may wait, and the
tasks that close once it is told and reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from peerkit.errors import Objection
from peerkit.hooks import Proposal
from peerkit.model.base import Record
from peerkit.model.glass import BreakGlass
from peerkit.model.work import Task
from peerkit.rules import routes
from peerkit.rules.keepers import asked_about, keeper_for
from peerkit.rules.readable import find

LATEST = timedelta(days=30)
"""So long telling is put off at most; a human may put it off anew. Within thirty days a custodian gives
somebody access to their own record (Ontario, Personal Health Information Protection Act, 2004, s. 54 (2)):
what they may ask for by law is not kept from them for longer than that without another look."""


# -- what is checked -------------------------------------------------------------------------------


def told_by_another(proposal: Proposal) -> Iterator[Objection]:
    """Nobody says of a glass that they broke that the person was told, or is to be told later."""
    for glass, change in proposal.of(BreakGlass, "tell", "tell_later"):
        if glass.reader in {change.actor, *change.deciders}:
            told = "another human tells the person, or puts that off, than the one who broke the glass"
            yield Objection("own-glass", told, glass.kind, glass.id)


def told_in_time(proposal: Proposal) -> Iterator[Objection]:
    """Telling is put off to an instant that comes, and soon enough."""
    for glass, _ in proposal.of(BreakGlass, "tell_later"):
        if glass.tell_by is not None and not proposal.now < glass.tell_by <= proposal.now + LATEST:
            told = f"telling is put off for {LATEST.days} days at most; if it endangers then, say so anew"
            yield Objection("tell-by", told, glass.kind, glass.id)


def reviewed_by_another(proposal: Proposal) -> Iterator[Objection]:
    """Nobody reviews a glass that they broke themselves, nor says so for another."""
    for glass, change in proposal.of(BreakGlass, "review"):
        if glass.reader in {glass.reviewer, change.actor, *change.deciders}:
            told = "another human reviews it than the one who broke the glass"
            yield Objection("own-review", told, glass.kind, glass.id)
        elif glass.reviewer not in {change.actor, *change.deciders}:
            told = "who reviewed it says so themselves, or decides it"
            yield Objection("not-their-review", told, glass.kind, glass.id)


CHECKS = (told_by_another, told_in_time, reviewed_by_another)


# -- by the clock ----------------------------------------------------------------------------------


def shown(proposal: Proposal) -> Iterator[Record]:
    """What telling was put off to has come: the person is shown it, whether somebody told them or not."""
    for glass in find(proposal.view, BreakGlass, lambda g: g.tell_by <= proposal.now):
        yield glass.show()


CLOCK = (shown,)
"""What `rules.clock` asks at every tick."""


# -- by what is done -------------------------------------------------------------------------------


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
            owner = asked_about(view, glass.about, but=(glass.reader,)) or change.actor
            yield Task.give(
                owner=owner, what="tell-of-glass", due=glass.tell_by, about=glass, person=glass.about
            )
        if glass.finding == "not_sound" and "review" in change.acts:
            keeper = keeper_for(view, glass.about, but=(glass.reader,)) or change.actor
            due = proposal.now + timedelta(days=routes.WELCOME_DAYS)
            yield Task.give(owner=keeper, what="glass-not-sound", due=due, about=glass, person=glass.about)


RESPONSES = (followed,)
