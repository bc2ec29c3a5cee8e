# SPDX-License-Identifier: Apache-2.0
"""Who answers for the program's records: joins and parts them, decides on erasing, prints a person's log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.model.actor import Actor
from peerkit.model.program import ANSWERING

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit


def answers_for(kit: Kit, actor: Actor, *persons: str) -> bool:
    """Whether an actor answers for what is about these people: in one of the offices, with no wall between
    them and any of the people, and named in no open concern, which might be what they would tidy away."""
    if actor.is_system:
        return False
    grants = kit.grants(actor)
    in_office = not ANSWERING.isdisjoint(grants.roles)
    return in_office and not grants.named and grants.walled.isdisjoint(persons)
