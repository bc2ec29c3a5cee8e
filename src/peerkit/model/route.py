# SPDX-License-Identifier: Apache-2.0
"""Whose each person is: routes, absence and cover, and walls between one human's roles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Part, Record, Ref, one_of, part, record, ref
from peerkit.model.decision import Decision

OPEN_END = datetime.max.replace(tzinfo=UTC)
"""When an absence ends whose end nobody knows."""


@record(
    "leave",
    """
    of  from     act        to       who     strength
    -   -        plan       planned  person  none
    -   -        fall_ill   planned  anyone  none
    -   planned  stand_in   =        anyone  none
    -   planned  come_back  over     person  none
    -   planned  cancel     over     person  none
    """,
    subjects="person cover",
)
class Leave(Record):
    """A supporter's absence and who covers. Only planned leave can be refused for want of cover: illness is a
    fact, it takes effect now whoever covers, or nobody. Why somebody is away is nowhere asked."""

    person: Operational[str]
    cover: Operational[str]
    starts: Operational[datetime]
    ends: Operational[datetime] = OPEN_END
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(
        cls, *, person: Ref, cover: Ref, starts: datetime, ends: datetime, by: Decision | None = None
    ) -> Self:
        """Somebody will be away; `cover` is who stands in."""
        when.window(starts, ends, "leave")
        if ref(cover) == ref(person):
            raise Malformed("nobody covers for themselves", where="leave.cover")
        return cls(person=ref(person), cover=ref(cover), starts=starts, ends=ends)

    @classmethod
    @act
    def fall_ill(
        cls,
        *,
        person: Ref,
        starts: datetime,
        ends: datetime | None = None,
        cover: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """Somebody is away without warning, until `ends` or until they are back. Never refused."""
        until = OPEN_END if ends is None else ends
        when.window(starts, until, "leave")
        if ref(cover) == ref(person):
            raise Malformed("nobody covers for themselves", where="leave.cover")
        return cls(person=ref(person), cover=ref(cover), starts=starts, ends=until)

    @act
    def stand_in(self, cover: Ref | None, *, by: Decision | None = None) -> Self:
        """Somebody else stands in from now on; None: whoever keeps people in between."""
        if ref(cover) == self.person:
            raise Malformed("nobody covers for themselves", where="leave.cover")
        return attrs.evolve(self, cover=ref(cover))

    @act
    def come_back(self, *, by: Decision | None = None) -> Self:
        """They are back; what was due from them is theirs again."""
        return self

    @act
    def cancel(self, *, by: Decision | None = None) -> Self:
        """They will be there after all."""
        return self


@part
class Absence(Part):
    """A time in which somebody stands in for a route's holder."""

    leave: Operational[str]
    cover: Operational[str]
    starts: Operational[datetime]
    ends: Operational[datetime]


@record(
    "route",
    """
    of  from  act       to  who  strength
    -   -     begin     =   kit  none
    -   *     move      =   kit  none
    -   *     stand_in  =   kit  none
    -   *     stop      =   kit  none
    """,
    subjects="person holder",
    kit_only=True,
)
class Route(Record):
    """Whose a person is now: a named human who knows it is theirs. Written by the kit alone.

    `because` is `relationship`, `cover`, `supervisor`, `coordinator` or `on-call`. A route past its
    `until` has lapsed at once, whatever has been written: it then reads as `fallback`'s. While one of
    the holder's `absences` lasts, it reads as the cover's.
    """

    person: Operational[str]
    holder: Operational[str]
    because: Operational[str]
    fallback: Operational[str] = ""
    until: Operational[datetime | None] = None
    absences: tuple[Absence, ...] = ()
    open: Operational[bool] = True

    @classmethod
    @act
    def begin(
        cls,
        *,
        person: Ref,
        holder: Ref,
        because: str,
        fallback: Ref | None = None,
        until: datetime | None = None,
        absences: tuple[Absence, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """A person gets their named human."""
        return cls(
            person=ref(person),
            holder=ref(holder),
            because=because,
            fallback=ref(fallback),
            until=until,
            absences=tuple(absences),
        )

    @act
    def move(
        self,
        *,
        holder: Ref,
        because: str,
        fallback: Ref | None = None,
        until: datetime | None = None,
        absences: tuple[Absence, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """Another human has the person now."""
        return attrs.evolve(
            self,
            holder=ref(holder),
            because=because,
            fallback=ref(fallback),
            until=until,
            absences=tuple(absences),
            open=True,
        )

    @act
    def stand_in(self, *, absences: tuple[Absence, ...], by: Decision | None = None) -> Self:
        """The holder's absences, as they stand now, each with who covers."""
        return attrs.evolve(self, absences=tuple(absences))

    @act
    def stop(self, *, by: Decision | None = None) -> Self:
        """The person says they are done, or has died."""
        return attrs.evolve(self, open=False)

    def holder_at(self, now: datetime) -> str:
        """Whose the person is at this instant."""
        if self.until is not None and now >= self.until:
            return self.fallback
        covers = (a.cover for a in self.absences if a.starts <= now < a.ends)
        return next(covers, self.holder)


WALLS = ("family", "friend", "colleague", "own_supporter", "asked")
"""Why a wall stands, as a word; `asked`: one of the two wishes it, and need not say why."""


@record(
    "wall",
    """
    of  from      act        to        who     strength
    -   -         put_up     standing  anyone  none
    -   standing  take_down  down      anyone  none
    """,
    subjects="person human",
)
class Wall(Record):
    """A wall between two humans who also meet elsewhere (`person` may be a supporter too): while it stands,
    neither is proposed to the other, stands in for whoever has the other, reads or writes what is about the
    other, whatever their office, or hears an alarm about them while anybody else is there.
    """

    person: Operational[str]
    human: Operational[str]
    because: Operational[str] = "asked"
    note: Own[str] = ""
    state: Operational[str] = "standing"

    @classmethod
    @act
    def put_up(
        cls, *, person: Ref, human: Ref, because: str = "asked", note: str = "", by: Decision | None = None
    ) -> Self:
        """A wall is put up: by one of the two, or by a coordinator who knows of a conflict."""
        if ref(person) == ref(human):
            raise Malformed("a wall stands between two", where="wall.human")
        return cls(
            person=ref(person), human=ref(human), because=one_of(because, WALLS, "wall.because"), note=note
        )

    @act
    def take_down(self, *, by: Decision | None = None) -> Self:
        """It is taken down."""
        return self
