# SPDX-License-Identifier: Apache-2.0
"""What time alone brings: expiry, what lies too long, what is to be asked after. Responders are asked for it
with `proposal.tick`, through the same five steps as for anybody's act; only nobody acted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.kit.committing import Receipt, commit
from peerkit.model import ids
from peerkit.model.actor import Actor

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

CLOCK = Actor.system("clock")


def tick(kit: Kit, limit: int) -> int:
    """See `Kit.tick`."""
    done = 0
    while done < limit:
        with ids.using(kit.ids):
            receipt = _once(kit)
        if not receipt.records:
            break
        done += len(receipt.records)
    return done


def _once(kit: Kit) -> Receipt:
    grants, since = kit.grants_since(CLOCK)
    return kit.in_turn(lambda: commit(kit, CLOCK, (), grants, (), since=since, tick=True))
