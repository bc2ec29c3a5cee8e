# SPDX-License-Identifier: Apache-2.0
"""What a query finds inside an actor's scope and stays hidden all the same, so that nobody counts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from peerkit.model.base import Record
from peerkit.paging import every
from peerkit.ports import Condition, Query
from peerkit.rights import HIDING, Grants

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit


AT_ONCE = 100
"""Rows at once: one of the log of reading may name a thousand records and as many people."""


def hidden(kit: Kit, grants: Grants, kind: type[Record], query: Query) -> frozenset[str]:
    """The ids of the stored records that a query finds and that stay hidden.

    Only those are looked at that may be: what is shut, what is about somebody behind a wall or somebody
    who works here, and the kinds of which some hide by themselves.
    """
    asked: list[Query] = []
    if kind.kind in HIDING:
        asked.append(query)
    if shut := kit.rights.shut(kind.kind, grants):
        one_of = Condition("id", "in", sorted(shut))
        asked.append(attrs.evolve(query, conditions=(*query.conditions, one_of)))
    if grants.walled:
        about = frozenset((relation, one) for relation in kind.subject_fields for one in grants.walled)
        asked.append(attrs.evolve(query, allow=about))
    if apart := kit.rights.apart(kind.kind, grants):
        asked.append(attrs.evolve(query, allow=apart))
    return frozenset(
        row.envelope.id
        for each in asked
        for row in every(kit.storage, each, page=AT_ONCE)
        if kit.rights.hides(row.envelope, grants)
        and (query.allow is None or not query.allow.isdisjoint(row.envelope.subjects))
    )
