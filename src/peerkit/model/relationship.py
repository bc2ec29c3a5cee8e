# SPDX-License-Identifier: Apache-2.0
"""Two people who walk together for a while, absence and cover, and whose each person is now."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Part, Record, Ref, one_of, part, record, ref
from peerkit.model.decision import Decision

ENDINGS = ("goals_met", "moved_on", "moved_away", "stopped_by_person", "supporter_left", "died", "lost_touch")
"""Neutral reasons for an ending. None is needed: ended is not failed."""


@record(
    "relationship",
    """
    of  from              act      to        who                  strength
    -   -                 enquire  enquiry   person               said
    -   enquiry,declined  propose  proposed  anyone               none
    -   proposed          agree    proposed|agreed  person      said
    -   proposed          take_on  proposed|agreed  supporter   said
    -   enquiry,proposed  decline  declined  person|supporter     none
    -   agreed            pause    paused    person|supporter     none
    -   paused            resume   agreed    person|supporter     said
    -   agreed,paused     reword   =         person|supporter     said
    -   *                 end      ended     anyone               none
    """,
    subjects="person supporter",
)
class Relationship(Record):
    """A person and a supporter. It takes both to begin, and either ends it any time, without a reason.

    `helps` and `does_not_help` are the agreement in both people's words. It is agreed once the
    person (`agree`) and the supporter (`take_on`) both have. `seeking_as` is `self` or `family`; a
    loved one is never a record. `policy` is the version of the crisis policy that was shown.
    """

    person: Operational[str]
    supporter: Operational[str] = ""
    seeking_as: Operational[str] = "self"
    hopes: Own[str] = ""
    reasons: Own[tuple[str, ...]] = ()
    helps: Own[str] = ""
    does_not_help: Own[str] = ""
    boundaries: Own[str] = ""
    rhythm: Own[str] = ""
    policy: Operational[str] = ""
    cover: Operational[str] = ""
    person_agreed: Operational[bool] = False
    supporter_agreed: Operational[bool] = False
    ending: Operational[str] = ""
    state: Operational[str] = "enquiry"

    @classmethod
    @act
    def enquire(
        cls, *, person: Ref, hopes: str = "", seeking_as: str = "self", by: Decision | None = None
    ) -> Self:
        """A person asks for support, for themselves or as family of somebody."""
        return cls(
            person=ref(person),
            hopes=hopes,
            seeking_as=one_of(seeking_as, ("self", "family"), "relationship.seeking_as"),
        )

    @act
    def propose(
        self,
        supporter: Ref,
        *,
        reasons: tuple[str, ...] = (),
        cover: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """A match is proposed, with its reasons. Either may say no without penalty."""
        if ref(supporter) == self.person:
            raise Malformed("nobody is their own supporter", where="relationship.supporter")
        return attrs.evolve(
            self,
            supporter=ref(supporter),
            reasons=tuple(reasons),
            cover=ref(cover),
            person_agreed=False,
            supporter_agreed=False,
        )

    @act
    def agree(
        self, *, helps: str = "", does_not_help: str = "", policy: str = "", by: Decision | None = None
    ) -> Self:
        """The person says yes. Words given go into the agreement under those already there."""
        return attrs.evolve(
            self,
            person_agreed=True,
            helps=_joined(self.helps, helps),
            does_not_help=_joined(self.does_not_help, does_not_help),
            policy=policy or self.policy,
            state="agreed" if self.supporter_agreed else "proposed",
        )

    @act
    def take_on(
        self,
        *,
        helps: str = "",
        does_not_help: str = "",
        boundaries: str = "",
        rhythm: str = "",
        by: Decision | None = None,
    ) -> Self:
        """The supporter says yes. Words given go into the agreement under those already there."""
        return attrs.evolve(
            self,
            supporter_agreed=True,
            helps=_joined(self.helps, helps),
            does_not_help=_joined(self.does_not_help, does_not_help),
            boundaries=_joined(self.boundaries, boundaries),
            rhythm=_joined(self.rhythm, rhythm),
            state="agreed" if self.person_agreed else "proposed",
        )

    @act
    def reword(
        self, *, helps: str | None = None, does_not_help: str | None = None, by: Decision | None = None
    ) -> Self:
        """The agreement is put in other words."""
        return attrs.evolve(
            self,
            helps=self.helps if helps is None else helps,
            does_not_help=self.does_not_help if does_not_help is None else does_not_help,
        )

    @act
    def decline(self, *, by: Decision | None = None) -> Self:
        """One of the two says no. No reason is asked."""
        return self

    @act
    def pause(self, *, by: Decision | None = None) -> Self:
        """A rest."""
        return self

    @act
    def resume(self, *, by: Decision | None = None) -> Self:
        """On again."""
        return self

    @act
    def end(self, *, ending: str = "", by: Decision | None = None) -> Self:
        """It ends now. This is never refused; the route moves in the same commit."""
        return attrs.evolve(self, ending=one_of(ending, ("", *ENDINGS), "relationship.ending"))


@record(
    "leave",
    """
    of  from     act     to       who     strength
    -   -        plan    planned  person  none
    -   planned  cancel  over     person  none
    """,
    subjects="person cover",
)
class Leave(Record):
    """A supporter's absence and who covers. Only planned leave can be refused for want of cover."""

    person: Operational[str]
    cover: Operational[str]
    starts: Operational[datetime]
    ends: Operational[datetime]
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(
        cls, *, person: Ref, cover: Ref, starts: datetime, ends: datetime, by: Decision | None = None
    ) -> Self:
        """Somebody will be away; `cover` is who stands in."""
        if starts >= ends:
            raise Malformed("leave ends after it starts", where="leave.ends")
        if ref(cover) == ref(person):
            raise Malformed("nobody covers for themselves", where="leave.cover")
        return cls(person=ref(person), cover=ref(cover), starts=starts, ends=ends)

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


def _joined(before: str, more: str) -> str:
    return f"{before}\n{more}" if before and more else before or more
