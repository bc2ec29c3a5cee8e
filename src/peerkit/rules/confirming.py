# SPDX-License-Identifier: Apache-2.0
"""Nobody is let go on one other human's word alone: a second one looks whether it is so."""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.errors import Objection
from peerkit.hooks import Proposal, View
from peerkit.model.base import Record
from peerkit.model.people import Person
from peerkit.model.work import Task
from peerkit.rules import presence, routes
from peerkit.rules.keepers import CONFIRMING, keeper_for, supervisor_here, written_by
from peerkit.rules.readable import find, get

LOOK = {"mark_died": "confirm-death", "leave": "confirm-leaving"}
"""The task of a second human where somebody else wrote down that a person died, or wished to go."""


def looked_at(proposal: Proposal) -> Iterator[Record]:
    """Whoever else can be asked is; where nobody can, it lies with who wrote it down until somebody comes
    (`clock.lying`). Whoever is back, or did not die, is nobody's to look at."""
    view = proposal.view
    for person, change in proposal.of(Person, *LOOK):
        what = next(what for act, what in LOOK.items() if act in change.acts)
        if change.actor != person.id:
            owner = _second(view, person.id, change.actor)
            if not owner and not change.actor.startswith("system:"):
                owner = change.actor
            if owner:
                yield routes.task(proposal, owner, what, person)
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
        if _second(view, task.person, wrote):
            told = "who wrote it down is not the one to look whether it is so: hand it to somebody else"
            yield Objection("own-word", told, task.kind, task.id)


def _second(view: View, person: str, wrote: str) -> str:
    """Who else may be asked whether it is so: whoever supervises who wrote it down, else somebody in office;
    empty if there is nobody."""
    above = supervisor_here(view, wrote)
    shut = {"", person, wrote, *presence.apart_from(view, person)}
    return above if above not in shut else keeper_for(view, person, but=(wrote,))


CHECKS = (second_human,)
RESPONSES = (looked_at,)
