# SPDX-License-Identifier: Apache-2.0
"""The core's rules as a plugin: what every commit is checked for, and what peerkit adds to it.

The rules, and the kinds that they look at, are imported when the first commit asks for them: opening a
program to read in it does not wait for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from peerkit.errors import Objection
from peerkit.hooks import (
    Access,
    Proposal,
    Question,
    Suggestion,
    Supply,
    WordList,
    WordRow,
    hookimpl,
)
from peerkit.model.base import Record

__version__ = "1"


def _guide() -> Iterable[WordRow]:
    from peerkit.rules.wording import guide

    return guide()


GUIDE = WordList(
    "recovery-oriented language", "en", "46 pairs, each with the guide that it is from", rows=_guide
)
"""The list that ships. There is none in French: no source for one was found."""


@hookimpl
def peerkit_supply() -> Iterable[Supply]:
    """The core's rules read and write every kind of the core; its list of words suggests other ones."""
    return [Access(reads={"*"}, writes={"*"}), GUIDE]


@hookimpl
def peerkit_suggest(question: Question) -> Iterator[Suggestion]:
    """Who could walk beside somebody, and why."""
    from peerkit.rules.suggesting import match

    yield from match(question)


@hookimpl
def peerkit_check(proposal: Proposal) -> Iterator[Objection]:
    """Every core check."""
    from peerkit.rules.checks import ALL, KINDS

    if _holds_any(proposal, KINDS):
        for check in ALL:
            yield from check(proposal)


@hookimpl
def peerkit_respond(proposal: Proposal) -> Iterator[Record]:
    """Every core response; one about each stored record a round, since the next round sees what it left."""
    if proposal.tick:
        from peerkit.rules.clock import brought

        yield from brought(proposal)
        return
    from peerkit.rules.responses import ALL, KINDS

    if not _holds_any(proposal, KINDS):
        return
    answered: set[str] = set()
    for respond in ALL:
        for record in respond(proposal):
            if record.version == 0 or record.id not in answered:
                answered.add(record.id)
                yield record


def _holds_any(proposal: Proposal, kinds: frozenset[type[Record]]) -> bool:
    return any(type(change.record) in kinds for change in proposal.new)
