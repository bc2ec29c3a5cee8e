# SPDX-License-Identifier: Apache-2.0
"""Everybody who waits, at once: who could walk beside whom, so that as many as there is room for are matched.

It proposes nothing by itself: each match comes with its reasons, a coordinator proposes it or not, and both
may say no.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import PluginError
from peerkit.model.people import PeerSupporter
from peerkit.model.relationship import Relationship

if TYPE_CHECKING:
    from peerkit.kit.session import Session

MATCHED = 1e9
"""One more person who is matched outweighs whatever speaks for single matches."""

LONGER = 1e3
"""Who waits longer comes first, whatever speaks for single matches (a weight is about one a reason)."""


@attrs.frozen
class Match:
    """One enquiry, and who could walk beside that person. `supporter` is empty where nobody is left who has
    room; `reasons` say what speaks for it."""

    relationship: str
    person: str
    supporter: str = ""
    reasons: tuple[str, ...] = attrs.field(default=(), repr=False)
    weight: float = 0.0


@attrs.frozen
class Matches:
    """A match for each enquiry, who waits longest first. `left_out` names plugins that failed to answer."""

    items: tuple[Match, ...]
    left_out: tuple[str, ...] = ()

    @property
    def unmatched(self) -> tuple[Match, ...]:
        """Those for whom there is nobody."""
        return tuple(one for one in self.items if not one.supporter)


def match(session: Session, limit: int) -> Matches:
    """See `Session.match`."""
    waiting = _waiting(session, limit)
    left_out: dict[str, None] = {}
    offers: list[dict[str, Match]] = []
    for enquiry in waiting:
        found = session.suggest("match", about=enquiry)
        left_out |= dict.fromkeys(found.left_out)
        by: dict[str, Match] = {}
        for one in found:
            held = by.get(one.what, Match(enquiry.id, enquiry.person, one.what))
            by[one.what] = attrs.evolve(
                held, reasons=(*held.reasons, one.reason), weight=held.weight + one.weight
            )
        offers.append(by)
    room = _room(session, {supporter for by in offers for supporter in by})
    chosen = assign([{who: m.weight for who, m in by.items()} for by in offers], room)
    items = tuple(
        by[who] if who else Match(enquiry.id, enquiry.person)
        for enquiry, by, who in zip(waiting, offers, chosen, strict=True)
    )
    return Matches(items, tuple(left_out))


def assign(offers: list[Mapping[str, float]], room: Mapping[str, int]) -> list[str]:
    """For each row of weights by supporter the one chosen, or nothing: first as many as possible, then who
    stands further in front, then the greater weights. `room` is how often each may be chosen.

    PluginError names the extra where scipy is not installed.
    """
    slots = [who for who in sorted(room) for _ in range(min(room[who], len(offers)))]
    if not offers or not slots:
        return [""] * len(offers)
    try:
        import numpy as np
        from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]
    except ImportError:
        raise PluginError("matching many at once needs scipy: pip install 'peerkit[matching]'") from None
    gain = np.zeros((len(offers), len(slots)))
    for row, by in enumerate(offers):
        first = MATCHED + LONGER * (len(offers) - row)
        for column, who in enumerate(slots):
            if who in by:
                gain[row, column] = first + by[who]
    rows, columns = linear_sum_assignment(gain, maximize=True)
    chosen = [""] * len(offers)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if gain[row, column]:
            chosen[row] = slots[column]
    return chosen


def _waiting(session: Session, limit: int) -> list[Relationship]:
    found = session.find(Relationship, state=("enquiry", "declined"), order="id", limit=limit)
    return [one for one in found if one.way != "group"]


def _room(session: Session, supporters: set[str]) -> dict[str, int]:
    roles = session.find(PeerSupporter, person=tuple(sorted(supporters)), state="active", limit=1000)
    held = ("proposed", "agreed", "paused")
    return {
        role.person: role.capacity - session.count(Relationship, supporter=role.person, state=held)
        for role in roles
    }
