# SPDX-License-Identifier: Apache-2.0
"""What came of concerns: their alerts, what was done about those, the notices of them, and tasks about any of
it. Whom a concern names, or may be about, reads none of it (`rights.Grants.complaints`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from peerkit.model.safety import Concern
from peerkit.paging import every
from peerkit.ports import Condition, Query
from peerkit.rights import CAME_OF
from peerkit.safety.lane import derived

if TYPE_CHECKING:
    from peerkit.kit import Kit

MOST = 1_000
"""So many answers are kept: a bound, not a tuning."""


def against(kit: Kit, human: str) -> frozenset[str]:
    """The concerns, open or settled, that name somebody or may be about them; erased ones too."""
    allow = frozenset({("names", human), ("maybe", human)})
    return frozenset(one.envelope.id for one in every(kit.storage, Query(Concern.kind, allow=allow)))


class CameOf:
    """The ids of what came of concerns, as of a position of the feed."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, frozenset[str]], tuple[int, frozenset[str]]] = {}

    def ids(self, kit: Kit, kind: str, concerns: frozenset[str]) -> frozenset[str]:
        """The ids of a kind's records (one of `CAME_OF`) that came of these concerns, whoever wrote them."""
        kit.feed.look()  # one that is written while a session is open came of it too
        position = kit.feed.last(tuple(CAME_OF))
        held = self._held.get((kind, concerns))
        if held is not None and held[0] == position:
            return held[1]
        found = _came_of(kit, kind, concerns)
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[kind, concerns] = (position, found)
        return found


def _came_of(kit: Kit, kind: str, concerns: frozenset[str]) -> frozenset[str]:
    alerts = _linked(kit, "alert", concerns) | _following(concerns, "alert")
    if kind == "alert":
        return alerts
    responses = _linked(kit, "safety_response", alerts) | _following(alerts, "response")
    if kind == "safety_response":
        return responses
    return _linked(kit, kind, alerts if kind == "delivery" else concerns | alerts | responses)


def _linked(kit: Kit, kind: str, about: Iterable[str]) -> frozenset[str]:
    """The records of a kind that say by their index what they came of."""
    condition = Condition(CAME_OF[kind], "in", sorted(about))
    return frozenset(one.envelope.id for one in every(kit.storage, Query(kind, (condition,))))


def _following(bases: Iterable[str], label: str) -> frozenset[str]:
    """The ids that follow from others: what is erased has no index any more, and what it led to is there."""
    first = {derived(base, label) for base in bases}
    return frozenset(first | {derived(one, "again") for one in first})
