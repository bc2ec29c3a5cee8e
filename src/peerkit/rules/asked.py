# SPDX-License-Identifier: Apache-2.0
"""What a sheet said of somebody and no paper attested: asking them is done once they have said it."""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.hooks import Proposal
from peerkit.model.base import Record
from peerkit.model.people import PeerSupporter
from peerkit.model.relationship import Relationship
from peerkit.model.work import Task
from peerkit.rules.readable import find

ASK_SUPPORT = "ask-about-support"
ASK_ROLE = "ask-about-role"
"""Tasks of whoever brought a sheet in."""


def answered(proposal: Proposal) -> Iterator[Record]:
    """They asked for support, or took on the role: whoever was to ask them has their answer."""
    for enquiry, _ in proposal.of(Relationship, "enquire"):
        yield from _done(proposal, enquiry.person, ASK_SUPPORT)
    for role, _ in proposal.of(PeerSupporter, "welcome"):
        yield from _done(proposal, role.person, ASK_ROLE)


def _done(proposal: Proposal, person: str, what: str) -> Iterator[Record]:
    for task in find(proposal.view, Task, subject=person, what=what, state="open"):
        if task.person == person:
            yield task.done()


RESPONSES = (answered,)
