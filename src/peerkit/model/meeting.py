# SPDX-License-Identifier: Apache-2.0
"""Meetings: one to one, in a group, by phone. Notes are written together, or not at all."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, one_of, record, ref
from peerkit.model.decision import Decision

SUPPORT = (
    "mentorship",
    "emotional",
    "problem_solving",
    "goal_setting",
    "social",
    "practical",
    "accompaniment",
    "navigation",
)
"""Kinds of support, after MHRC, *What is peer support?*."""

TOGETHER = ("yes", "no", "offered_declined")


@record(
    "meeting",
    """
    of  from          act          to         who     strength
    -   -             plan         planned    anyone  none
    -   planned       move         planned    anyone  none
    -   planned       cancel       cancelled  anyone  none
    -   planned,held  hold         held       anyone  none
    -   held          write_note   =          anyone  none
    -   held          answer_note  =          person  none
    """,
    subjects="person supporter",
)
class Meeting(Record):
    """One meeting. `local` is the wall-clock time it was agreed for, in the IANA zone `timezone`:
    an appointment follows the clock on the wall, also when that is changed.

    `note` is shared; `together` says whether it was written with the person; `answer` is the
    person's own reply to it, never edited.
    """

    person: Operational[str]
    supporter: Operational[str]
    local: Operational[str]
    timezone: Operational[str]
    minutes: Operational[int] = 60
    place: Own[str] = ""
    support: Operational[tuple[str, ...]] = ()
    present: Own[tuple[str, ...]] = ()
    note: Own[str] = ""
    together: Operational[str] = ""
    answer: Own[str] = ""
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(
        cls,
        *,
        person: Ref,
        supporter: Ref,
        local: datetime,
        timezone: str,
        minutes: int = 60,
        place: str = "",
        by: Decision | None = None,
    ) -> Self:
        """The two agree on a time: a wall-clock time (no offset) and a zone."""
        return cls(
            person=ref(person),
            supporter=ref(supporter),
            local=_wall(local),
            timezone=_zone(timezone),
            minutes=minutes,
            place=place,
        )

    @act
    def move(self, local: datetime, *, timezone: str | None = None, by: Decision | None = None) -> Self:
        """Another time."""
        return attrs.evolve(self, local=_wall(local), timezone=_zone(timezone or self.timezone))

    @act
    def cancel(self, *, by: Decision | None = None) -> Self:
        """It does not take place. Nobody asks why."""
        return self

    @act
    def hold(
        self,
        *,
        support: tuple[str, ...] = (),
        present: tuple[str, ...] = (),
        minutes: int | None = None,
        by: Decision | None = None,
    ) -> Self:
        """It took place. `present` names others who were there by their part (interpreter, companion)."""
        for one in support:
            one_of(one, SUPPORT, "meeting.support")
        return attrs.evolve(
            self,
            support=tuple(support),
            present=tuple(present),
            minutes=self.minutes if minutes is None else minutes,
        )

    @act
    def write_note(self, note: str, *, together: str, by: Decision | None = None) -> Self:
        """A shared note; `together` is yes, no or offered_declined."""
        return attrs.evolve(self, note=note, together=one_of(together, TOGETHER, "meeting.together"))

    @act
    def answer_note(self, words: str, *, by: Decision | None = None) -> Self:
        """The person's own words beside the note."""
        return attrs.evolve(self, answer=words)

    @property
    def starts(self) -> datetime:
        """When it starts, with its zone."""
        return datetime.fromisoformat(self.local).replace(tzinfo=zoneinfo.ZoneInfo(self.timezone))


def _wall(local: datetime) -> str:
    if local.tzinfo is not None:
        raise Malformed(
            "a meeting's time is the wall clock's, without an offset; the zone stands apart",
            where="meeting.local",
        )
    return local.replace(microsecond=0).isoformat()


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Malformed(
            "it is no IANA time zone, such as America/Toronto", where="meeting.timezone"
        ) from None
    return name
