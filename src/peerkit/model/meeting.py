# SPDX-License-Identifier: Apache-2.0
"""Meetings of two. Notes are written together, or not at all; groups are an `Activity`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
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
"""Whether a note was written with the person: yes, no, or they were asked and would rather not."""

PRESENT = ("interpreter", "adult_interpreting", "companion", "family", "colleague", "child", "other")
"""Who else was there, by their part. Two parts interpret: who is trained for it, and an adult who helped out.
There is none for a child who interprets: a child never does (privacy.md, people)."""


@record(
    "meeting",
    """
    of  from          act           to            who     strength
    -   -             plan          planned       anyone  none
    -   -             enter         held          anyone  none
    -   planned       move          planned       anyone  none
    -   planned       cancel        cancelled     anyone  none
    -   planned,held  hold          held          anyone  none
    -   planned,held  fall_through  fell_through  anyone  none
    -   held          write_note    =             anyone  none
    -   held          no_note       =             anyone  none
    -   held          answer_note   =             person  none
    """,
    subjects="person supporter",
)
class Meeting(Record):
    """One meeting. `local` is the wall-clock time it was agreed for, in the IANA zone `timezone`:
    an appointment follows the clock on the wall, also when that is changed: a time that the clocks leave out
    is refused, and one that comes twice is the first of the two. Entered afterwards, `local` is
    when it took place and `at` when that was written down.

    `support` are kinds of support (`SUPPORT`). `present` says who else was there, each by a part of
    `PRESENT`, with words after a colon if the person wants them said: `interpreter`, `companion: my sister`.

    `note` is shared; `together` says whether it was written with the person (`TOGETHER`), `none` that the
    two want no note, empty that nobody has written or asked yet. `answer` is the person's own reply, never
    edited; it stays beside a note that is put in other words, and history shows which words it answered.

    What fell through did not take place. It is nobody's fault, and nobody asks why.
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
            local=when.wall(local, "meeting.local", timezone),
            timezone=timezone,
            minutes=when.minutes(minutes, "meeting.minutes"),
            place=place,
        )

    @classmethod
    @act
    def enter(
        cls,
        *,
        person: Ref,
        supporter: Ref,
        local: datetime,
        timezone: str,
        minutes: int = 60,
        place: str = "",
        support: tuple[str, ...] = (),
        present: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """They met, and it is written down now, on that day or another: nobody had planned it here."""
        return cls(
            person=ref(person),
            supporter=ref(supporter),
            local=when.wall(local, "meeting.local", timezone),
            timezone=timezone,
            minutes=when.minutes(minutes, "meeting.minutes"),
            place=place,
            support=supported(support, "meeting"),
            present=_others(present),
        )

    @act
    def move(self, local: datetime, *, timezone: str | None = None, by: Decision | None = None) -> Self:
        """Another time."""
        return attrs.evolve(
            self,
            local=when.wall(local, "meeting.local", timezone or self.timezone),
            timezone=timezone or self.timezone,
        )

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
        local: datetime | None = None,
        by: Decision | None = None,
    ) -> Self:
        """It took place; `minutes` and `local` are as it was, where that is not as planned."""
        return attrs.evolve(
            self,
            support=supported(support, "meeting"),
            present=_others(present),
            minutes=self.minutes if minutes is None else when.minutes(minutes, "meeting.minutes"),
            local=self.local if local is None else when.wall(local, "meeting.local", self.timezone),
        )

    @act
    def fall_through(self, *, by: Decision | None = None) -> Self:
        """It did not take place, also where it was written down as held by mistake. Nobody asks why."""
        return self

    @act
    def write_note(self, note: str, *, together: str, by: Decision | None = None) -> Self:
        """A shared note; `together` is yes, no or offered_declined."""
        return attrs.evolve(self, note=note, together=one_of(together, TOGETHER, "meeting.together"))

    @act
    def no_note(self, *, by: Decision | None = None) -> Self:
        """The two want no note of it, or none any more; what one said stands in history. They may change
        their minds."""
        return attrs.evolve(self, note="", together="none")

    @act
    def answer_note(self, words: str, *, by: Decision | None = None) -> Self:
        """The person's own words beside the note."""
        return attrs.evolve(self, answer=words)

    @property
    def starts(self) -> datetime:
        """When it starts, with its zone."""
        return when.in_zone(self.local, self.timezone)


def supported(support: Iterable[str], kind: str) -> tuple[str, ...]:
    """Kinds of support; Malformed for one that is none of `SUPPORT`."""
    return tuple(one_of(one, SUPPORT, f"{kind}.support") for one in support)


def _others(present: Iterable[str]) -> tuple[str, ...]:
    given = tuple(present)
    for one in given:
        if one.partition(":")[0].strip() not in PRESENT:
            raise Malformed(
                f"who was there is said by a part, one of {', '.join(PRESENT)}, and words after a colon if "
                "need be; a child who was there is child, and interprets for nobody",
                where="meeting.present",
            )
    return given
