# SPDX-License-Identifier: Apache-2.0
"""What a reply answers: whether the person may read that, and who else may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.errors import Objection
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.reply import Reply
from peerkit.storage.conditions import visible

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit
    from peerkit.ports import Envelope


def answered(kit: Kit, reply: str) -> tuple[str, Envelope] | None:
    """What a reply (its id) answers, with the first subject field of that kind; None if nobody can tell, or
    it was erased."""
    found = kit.heads.get(Reply.kind, reply)
    if not isinstance(found, Reply):
        return None
    cls = kit.codec.class_of(found.of)
    stored = None if cls is None else kit.storage.get(found.of, found.about)
    if cls is None or stored is None or stored.body is None:
        return None
    return _relation(cls), stored.envelope


def answerable(kit: Kit, reply: Reply, fresh: Record | None) -> list[Objection]:
    """What stands against a reply: it answers a record about this person, which they may read. `fresh` is
    what the session has of that record, not committed yet. What is hidden from them is as what is not
    there."""
    told = "it answers no record about this person that they may read"
    objection = [Objection("nothing-answered", told, reply.kind, reply.id)]
    cls = kit.codec.class_of(reply.of)
    if cls is None or cls is Reply or not kit.heads.get("person", reply.person):
        return objection
    mine = kit.grants(Actor(reply.person, role="person"))
    stored = kit.storage.get(reply.of, reply.about)
    if stored is not None and (stored.body is None or kit.rights.hides(stored.envelope, mine)):
        return objection
    subjects = fresh.subjects if fresh is not None else stored.envelope.subjects if stored else ()
    theirs = tuple(pair for pair in subjects if pair[1] == reply.person)
    allow = kit.rights.allow(reply.of, _relation(cls), mine)
    return [] if theirs and visible(allow, theirs) else objection


def _relation(cls: type[Record]) -> str:
    return cls.subject_fields[0] if cls.subject_fields else ""
