# SPDX-License-Identifier: Apache-2.0
"""Whom a person names beside what is theirs alone: readers, and whoever is told first. They are in the
program when they are named, and whoever leaves it or dies reads nothing of others any more."""

from __future__ import annotations

from collections.abc import Iterator

from peerkit import Objection, Person, Record
from peerkit.hooks import Proposal, View, find_readable, get_readable
from peerkit_diabetes.log import DiabetesLog
from peerkit_diabetes.notebook import DiabetesNotebook
from peerkit_diabetes.pages import DiabetesPage
from peerkit_diabetes.risk import DiabetesRiskCheck
from peerkit_diabetes.words import _

SHARED: tuple[type[DiabetesNotebook | DiabetesRiskCheck | DiabetesPage], ...] = (
    DiabetesNotebook,
    DiabetesRiskCheck,
    DiabetesPage,
)
"""The kinds that open to whom the person names (`shared_with`)."""

READS = frozenset({"person"})


def check(proposal: Proposal) -> Iterator[Objection]:
    """Whoever is named now is in the program."""
    told = _("it names nobody who is in the program now")
    for kind in SHARED:
        for held, change in proposal.of(kind, "share", "show"):
            named = {*held.shared_with} - {*getattr(change.before, "shared_with", ())}
            if not all(_here(proposal.view, one) for one in named):
                yield Objection("unknown-person", told, held.kind, held.id)
    for log, _change in proposal.of(DiabetesLog, "watch_over"):
        if log.first and not _here(proposal.view, log.first):
            yield Objection("unknown-person", told, log.kind, log.id)


def _here(view: View, human: str) -> bool:
    person = get_readable(view, Person, human)
    return person is not None and person.state == "here"


def respond(proposal: Proposal) -> Iterator[Record]:
    """Whoever leaves or dies reads nothing of others any more."""
    for person, _change in proposal.of(Person, "leave", "mark_died"):
        for kind in SHARED:
            for held in find_readable(proposal.view, kind, subject=person.id):
                if person.id in held.shared_with:
                    yield held.reader_gone(person.id)
