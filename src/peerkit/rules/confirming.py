# SPDX-License-Identifier: Apache-2.0
"""Nobody is let go on one other human's word alone: a second one looks whether it is so."""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.errors import Objection
from peerkit.hooks import Proposal
from peerkit.model.base import Record
from peerkit.model.people import Person
from peerkit.model.work import Task
from peerkit.rules import presence, routes
from peerkit.rules.keepers import CONFIRMING, keeper_for, supervisor_here, written_by
from peerkit.rules.readable import find, get

LOOK = {"mark_died": "confirm-death", "leave": "confirm-leaving"}
"""The task of a second human where somebody else wrote down that a person died, or wished to go."""


def looked_at(proposal: Proposal) -> Iterator[Record]:
    """Nobody is let go on one other human's word alone: a second one looks whether it is so."""
    view = proposal.view
    for person, change in proposal.of(Person, *LOOK):
        what = next(what for act, what in LOOK.items() if act in change.acts)
        if change.actor != person.id:
            first = supervisor_here(view, change.actor)
            shut = {person.id, change.actor, *presence.apart_from(view, person.id)}
            second = first if first not in {"", *shut} else keeper_for(view, person.id, but=(change.actor,))
            if not second and not change.actor.startswith("system:"):
                second = change.actor  # it lies with them until there is somebody else to ask (`clock.lying`)
            if second:
                yield routes.task(proposal, second, what, person)
    for person, _ in proposal.of(Person, "not_died", "come_back"):
        for task in find(view, Task, subject=person.id, state="open"):
            if task.what in CONFIRMING and task.about == person.id:
                yield task.done()


def second_human(proposal: Proposal) -> Iterator[Objection]:
    """Whoever wrote down that somebody died or wished to go is not the one to look whether it is so, while
    another human can be asked."""
    view = proposal.view
    for task, change in proposal.of(Task, "done", "drop"):
        if task.what not in CONFIRMING or change.actor.startswith("system:"):
            continue
        person = get(view, Person, task.person)
        wrote = written_by(view, task)
        if person is None or person.state == "here" or change.actor != wrote:
            continue
        if supervisor_here(view, wrote) not in {"", task.person} or keeper_for(
            view, task.person, but=(wrote,)
        ):
            told = "who wrote it down is not the one to look whether it is so: hand it to somebody else"
            yield Objection("own-word", told, task.kind, task.id)


CHECKS = (second_human,)
RESPONSES = (looked_at,)
