# SPDX-License-Identifier: Apache-2.0
"""A store that was put back from an older copy, or turned up in another place: what it has forgotten, and
what humans decided about each part of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.errors import Objection, Refused
from peerkit.model.acts import act
from peerkit.model.base import Operational, Part, Record, one_of, part, record
from peerkit.model.decision import Decision

CAUSES = ("restored", "moved")
"""By what it was noticed: the side journal knows of changes that are not here; or the side journal that there
was is not here, and the store is not where it was."""

OUTCOMES = ("again", "asked", "closed", "entered", "mistaken", "erased")
"""What became of something forgotten: it was done again from the side journal (`again`); the person was
asked, and what they said now stands (`asked`); it was over already before it was lost (`closed`); somebody
did or wrote it anew by hand (`entered`); it never was as the side journal says (`mistaken`); an erasure was
repeated (`erased`, by the kit alone, before anybody could look)."""


@part
class Gap(Part):
    """One record of which the side journal knows more than the store. Its id is the record's.

    `acts` were done in the lost time, the first of them at `at`. `people` are the ids of those whom it was
    about. `here` says that the store has the record, from before; `level` is an alert's last level. `who`
    decided what became of it.
    """

    id: Operational[str]
    of: Operational[str]
    acts: Operational[tuple[str, ...]]
    at: Operational[datetime | None] = None
    level: Operational[str] = ""
    people: Operational[tuple[str, ...]] = ()
    here: Operational[bool] = False
    outcome: Operational[str] = ""
    who: Operational[str] = ""
    state: Operational[str] = "open"


@record(
    "restoration",
    """
    of    from  act      to       who     strength
    -     -     notice   held     kit     none
    gaps  open  settle   settled  anyone  none
    -     held  release  =        kit     none
    -     held  finish   walked   anyone  none
    """,
    lane=True,
)
class Restoration(Record):
    """The store was put back from an older copy, or moved. It is held until a human has walked the gaps.

    `position` is where the feed stood when it was noticed: alerts on which nothing has happened since are the
    backlog, which waits until `until` at most. `lost` is how far the feed had gone before (0: nobody knows).
    `released` says that the backlog went out because nobody had walked the gaps by then.
    """

    cause: Operational[str]
    since: Operational[datetime]
    until: Operational[datetime]
    position: Operational[int]
    lost: Operational[int] = 0
    gaps: tuple[Gap, ...] = ()
    released: Operational[bool] = False
    state: Operational[str] = "held"

    @classmethod
    @act
    def notice(
        cls,
        *,
        cause: str,
        since: datetime,
        until: datetime,
        position: int,
        lost: int = 0,
        gaps: tuple[Gap, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """It is noticed, and the store is held from now on."""
        return cls(
            cause=one_of(cause, CAUSES, "restoration.cause"),
            since=since,
            until=until,
            position=position,
            lost=lost,
            gaps=gaps,
        )

    @act
    def settle(self, gap: str, *, outcome: str, who: str, by: Decision | None = None) -> Self:
        """Somebody says what became of one of the gaps, as one of `OUTCOMES`."""
        said = one_of(outcome, OUTCOMES, "restoration.outcome")
        return attrs.evolve(
            self,
            gaps=tuple(attrs.evolve(g, outcome=said, who=who) if g.id == gap else g for g in self.gaps),
        )

    @act
    def release(self, *, by: Decision | None = None) -> Self:
        """Nobody has walked the gaps in time: the backlog goes out. Nothing else does."""
        return attrs.evolve(self, released=True)

    @act
    def finish(self, *, by: Decision | None = None) -> Self:
        """A human has walked every gap: the store is as any other again."""
        if self.open:
            told = f"{len(self.open)} gaps are still to be walked: say of each what became of it"
            raise Refused([Objection("gaps-open", told, self.kind, self.id)])
        return self

    @property
    def open(self) -> tuple[Gap, ...]:
        """The gaps that nobody has decided about."""
        return tuple(gap for gap in self.gaps if gap.state == "open")
