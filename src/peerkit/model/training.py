# SPDX-License-Identifier: Apache-2.0
"""Training: courses, who was there, and the ledger of hours."""

from __future__ import annotations

from datetime import date
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Public, Record, Ref, coded, named, one_of, record, ref
from peerkit.model.decision import Decision

MODES = ("in_person", "online", "phone", "own_time")
"""How somebody took part in a session; `own_time`: by themselves, with its material or a recording."""

WORKS = ("one_to_one", "group", "drop_in", "warm_line", "accompanying", "supervision", "training", "other")
"""Kinds of work in the ledger of hours. An open list: a program writes its own beside these."""


@record(
    "course",
    """
    of  from     act     to       who     strength
    -   -        offer   offered  anyone  none
    -   offered  revise  =        anyone  none
    -   offered  close   closed   anyone  none
    """,
)
class Course(Record):
    """A course that people take to support others, or that supporters take.

    `rule` is the id of its course rule (`peerkit.training`): how many sessions, which must not be missed,
    what comes of it. Empty: attendance is written down and nothing follows from it. `developed_by`,
    `delivered_by` and `endorsed_by` name bodies, each by the id of its `Organization` or in words.
    `peer_developed` and `peer_delivered` say whether people with lived experience did that; None: nobody
    said. Training is best developed and delivered by peers and endorsed by consumer/survivor initiatives,
    peer organizations or patient councils (OPDI, *Peer Support*).
    """

    title: Public[str]
    rule: Public[str] = ""
    developed_by: Public[tuple[str, ...]] = ()
    delivered_by: Public[tuple[str, ...]] = ()
    endorsed_by: Public[tuple[str, ...]] = ()
    peer_developed: Public[bool | None] = None
    peer_delivered: Public[bool | None] = None
    state: Operational[str] = "offered"

    @classmethod
    @act
    def offer(
        cls,
        *,
        title: str,
        rule: str = "",
        developed_by: tuple[str, ...] = (),
        delivered_by: tuple[str, ...] = (),
        endorsed_by: tuple[str, ...] = (),
        peer_developed: bool | None = None,
        peer_delivered: bool | None = None,
        by: Decision | None = None,
    ) -> Self:
        """A course becomes known: one's own, or another body's that people come from."""
        return cls(
            title=named(title, "course.title"),
            rule=rule and coded(rule, "course.rule"),
            developed_by=tuple(developed_by),
            delivered_by=tuple(delivered_by),
            endorsed_by=tuple(endorsed_by),
            peer_developed=peer_developed,
            peer_delivered=peer_delivered,
        )

    @act
    def revise(
        self,
        *,
        title: str | None = None,
        developed_by: tuple[str, ...] | None = None,
        delivered_by: tuple[str, ...] | None = None,
        endorsed_by: tuple[str, ...] | None = None,
        peer_developed: bool | None = None,
        peer_delivered: bool | None = None,
        by: Decision | None = None,
    ) -> Self:
        """Something about it is said anew; what is left out stays. Its rule stays too: with another rule it
        is another course."""
        return attrs.evolve(
            self,
            title=self.title if title is None else named(title, "course.title"),
            developed_by=self.developed_by if developed_by is None else tuple(developed_by),
            delivered_by=self.delivered_by if delivered_by is None else tuple(delivered_by),
            endorsed_by=self.endorsed_by if endorsed_by is None else tuple(endorsed_by),
            peer_developed=self.peer_developed if peer_developed is None else peer_developed,
            peer_delivered=self.peer_delivered if peer_delivered is None else peer_delivered,
        )

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        """It is not offered any more. What people took of it stays."""
        return self


@record(
    "attendance",
    """
    of  from                          act      to       who     strength
    -   -                             attend   there    anyone  none
    -   -                             make_up  made_up  anyone  none
    -   -                             excuse   excused  anyone  none
    -   -                             miss     missed   anyone  none
    -   there,made_up,excused,missed  strike   struck   anyone  none
    """,
    subjects="person trainer",
    refs="course",
)
class Attendance(Record):
    """Whether somebody was at one session of a course. It only adds: a session that is made up for is another
    record beside the missed one, and what was written down wrongly is struck, not changed.

    `session` counts from 1, as the course numbers them. `minutes` is how long; 0: as long as the course's
    rule says. `trainer` is who gave it, if the program knows them. Whether made-up sessions count stands in
    the course's rule; an excused one is a missed one that somebody announced.
    """

    person: Operational[str]
    course: Operational[str]
    session: Operational[int]
    day: Operational[date]
    mode: Operational[str] = "in_person"
    minutes: Operational[int] = 0
    trainer: Operational[str] = ""
    state: Operational[str] = "there"

    @classmethod
    def _made(
        cls,
        person: Ref,
        course: Ref,
        session: int,
        *,
        day: date,
        trainer: Ref | None,
        mode: str = MODES[0],
        minutes: int = 0,
    ) -> Self:
        if type(session) is not int or session < 1:
            raise Malformed("sessions are counted from 1", where="attendance.session")
        return cls(
            person=ref(person),
            course=ref(course),
            session=session,
            day=when.day(day, "attendance.day"),
            mode=one_of(mode, MODES, "attendance.mode"),
            minutes=when.minutes(minutes, "attendance.minutes"),
            trainer=ref(trainer),
        )

    @classmethod
    @act
    def attend(
        cls,
        *,
        person: Ref,
        course: Ref,
        session: int,
        day: date,
        mode: str = "in_person",
        minutes: int = 0,
        trainer: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """They were there."""
        return cls._made(person, course, session, day=day, trainer=trainer, mode=mode, minutes=minutes)

    @classmethod
    @act
    def make_up(
        cls,
        *,
        person: Ref,
        course: Ref,
        session: int,
        day: date,
        mode: str = "own_time",
        minutes: int = 0,
        trainer: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """They made up for a session that they had missed."""
        return cls._made(person, course, session, day=day, trainer=trainer, mode=mode, minutes=minutes)

    @classmethod
    @act
    def excuse(
        cls,
        *,
        person: Ref,
        course: Ref,
        session: int,
        day: date,
        trainer: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """They were not there and had said so. Why is nowhere asked."""
        return cls._made(person, course, session, day=day, trainer=trainer)

    @classmethod
    @act
    def miss(
        cls,
        *,
        person: Ref,
        course: Ref,
        session: int,
        day: date,
        trainer: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """They were not there."""
        return cls._made(person, course, session, day=day, trainer=trainer)

    @act
    def strike(self, *, by: Decision | None = None) -> Self:
        """It was written down wrongly."""
        return self


@record(
    "practicum",
    """
    of  from                         act       to          who            strength
    -   -                            log       logged      person         said
    -   logged,questioned            confirm   confirmed   mentor         said
    -   logged                       question  questioned  mentor         none
    -   logged,questioned,confirmed  strike    struck      person|mentor  none
    """,
    subjects="person mentor",
    refs="course",
)
class Practicum(Record):
    """One entry of the ledger of hours: on which day, how long, what kind of work. It only adds: what is
    wrong is struck and written anew.

    The person writes it, paid or volunteer alike; the mentor named confirms it, and only confirmed hours
    count. `course` is whose practicum it belongs to, if any. `note` is the person's own and names nobody;
    `asked` is what the mentor asks about the entry.
    """

    person: Operational[str]
    mentor: Operational[str]
    day: Operational[date]
    minutes: Operational[int]
    work: Operational[str] = "one_to_one"
    course: Operational[str] = ""
    paid: Operational[bool] = False
    note: Own[str] = ""
    asked: Own[str] = ""
    state: Operational[str] = "logged"

    @classmethod
    @act
    def log(
        cls,
        *,
        person: Ref,
        mentor: Ref,
        day: date,
        minutes: int,
        work: str = "one_to_one",
        course: Ref | None = None,
        paid: bool = False,
        note: str = "",
        by: Decision | None = None,
    ) -> Self:
        """Somebody writes down hours of theirs, for a mentor to confirm."""
        if ref(person) == ref(mentor):
            raise Malformed("nobody confirms their own hours", where="practicum.mentor")
        return cls(
            person=ref(person),
            mentor=ref(mentor),
            day=when.day(day, "practicum.day"),
            minutes=when.minutes(minutes, "practicum.minutes", low=1),
            work=coded(work, "practicum.work"),
            course=ref(course),
            paid=paid,
            note=note,
        )

    @act
    def confirm(self, *, by: Decision | None = None) -> Self:
        """The mentor says that it was so."""
        return self

    @act
    def question(self, words: str = "", *, by: Decision | None = None) -> Self:
        """The mentor cannot say so yet, and asks."""
        return attrs.evolve(self, asked=words)

    @act
    def strike(self, *, by: Decision | None = None) -> Self:
        """It was not so. It stays readable, and counts no more."""
        return self
