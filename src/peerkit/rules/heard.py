# SPDX-License-Identifier: Apache-2.0
"""Words that a person writes by themselves: somebody is asked to read them, by when, and only who may.

A note made together at a meeting was heard when it was said. What a person writes alone, at night, is read by
nobody unless somebody is asked to. Words of the safety lane (a concern, a conversation about safety) go
another way, and at once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from peerkit.hooks import Proposal, View
from peerkit.model.base import Record
from peerkit.model.meeting import Meeting
from peerkit.model.outcomes import Feedback
from peerkit.model.plan import Progress
from peerkit.model.referral import Referral
from peerkit.model.reply import Reply
from peerkit.model.work import Task
from peerkit.rights import CORE, parse
from peerkit.rules.keepers import ROLES, asked_about, keeper_for
from peerkit.rules.readable import find, get

READ = "read-words"
"""What the task is called that asks somebody to read what a person wrote."""

WITHIN = timedelta(days=1)
"""By when it is to be read. Own choice: the next day somebody has looked, also after a night or a holiday's
eve; what cannot wait for that long is a concern."""

Words = Callable[[Any], str]
INBOUND: dict[tuple[type[Record], str], Words] = {
    (Reply, "give"): lambda one: one.words,
    (Feedback, "give"): lambda one: one.words,
    (Meeting, "answer_note"): lambda one: one.answer,
    (Progress, "note"): lambda one: one.words if one.author == one.person else "",
    (Progress, "place"): lambda one: one.words,
    (Referral, "answer"): lambda one: one.own_answer,
}
"""The acts by which a person writes to the program, and what they wrote by it."""


def inbound(kind: type[Record], act: str = "") -> bool:
    """Whether somebody is asked to read what a person writes by this act; without one, by any act of the
    kind."""
    return any(one is kind and act in {"", name} for one, name in INBOUND)


def asked_to_read(proposal: Proposal) -> Iterator[Record]:
    """Somebody is asked to read it, unless they wrote it down themselves; for whom some waits already from
    that person, not twice. Words that were taken back are nobody's to read; what else waited with them is."""
    for (kind, act), words in INBOUND.items():
        for record, change in proposal.of(kind, act):
            if not words(record).strip():
                continue
            person: str = getattr(record, "person", "")
            owner = _reader(proposal.view, record, person)
            if owner and owner != change.actor and not _waits(proposal.view, owner, person, record):
                due = proposal.now + WITHIN
                yield Task.give(owner=owner, what=READ, due=due, about=record, person=person)
    for reply, _ in proposal.of(Reply, "take_back"):
        for task in find(proposal.view, Task, subject=reply.person, what=READ, state="open"):
            if task.about == reply.id:
                yield task.drop()
                yield from _left(proposal.view, reply, task)


def _left(view: View, reply: Reply, task: Task) -> Iterator[Task]:
    """Who is asked to read the replies that came while a task about this one waited, by when it was due."""
    asked: set[str] = set()
    for other in sorted(find(view, Reply, person=reply.person, state="given"), key=lambda one: one.id):
        if other.id > reply.id and (owner := _reader(view, other, other.person)) and owner not in asked:
            asked.add(owner)
            if not _waits(view, owner, other.person, other, but=task.id):
                yield Task.give(owner=owner, what=READ, due=task.due, about=other, person=other.person)


def _reader(view: View, record: Record, person: str) -> str:
    """Whoever has the person now, if that role reads it and it does not speak of them; else somebody in an
    office that reads it. Nobody whom an open concern about the person names; empty if there is nobody."""
    shut = {record.about} if isinstance(record, Feedback) else set()
    reading = _reading(record.of if isinstance(record, Reply) else record.kind)
    if "supporter" in reading and (found := asked_about(view, person, but=tuple(shut))):
        return found
    offices = tuple(role for role in ROLES if role in reading) or ROLES
    return keeper_for(view, person, but=tuple(shut), roles=offices)


@functools.cache
def _reading(kind: str) -> frozenset[str]:
    """The roles that read a kind; of a plugin's, whoever has the person is asked, and sees what they may."""
    rows = [row for row in parse(CORE) if row.kind == kind]
    return frozenset(row.role for row in rows if row.read) if rows else frozenset({"supporter"})


def _waits(view: View, owner: str, person: str, record: Record, but: str = "") -> bool:
    """Whether somebody is asked already to read what a person wrote. A task about a reply is gone if that is
    taken back: it waits for replies alone, which are looked at then (`_left`)."""
    waiting = find(view, Task, subject=owner, what=READ, state="open")
    mine = [one for one in waiting if one.owner == owner and one.person == person and one.id != but]
    return any(isinstance(record, Reply) or get(view, Reply, one.about) is None for one in mine)


RESPONSES = (asked_to_read,)
