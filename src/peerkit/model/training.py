# SPDX-License-Identifier: Apache-2.0
"""Training: courses, who was there, the ledger of hours, and credentials with their last day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.base import Identity, Operational, Own, Public, Record, Ref, one_of, record, ref
from peerkit.model.decision import Decision
from peerkit.model.program import Program

MODES = ("in_person", "online", "phone", "own_time")
"""How somebody took part in a session; `own_time`: by themselves, with its material or a recording."""

WORKS = ("one_to_one", "group", "drop_in", "warm_line", "accompanying", "supervision", "training", "other")
"""Kinds of work in the ledger of hours. An open list: a program writes its own beside these."""

RECOGNIZED = "recognized-course"
"""The need that any course meets which the program recognizes (`Program.recognizes`)."""

DAY_MINUTES = 24 * 60
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def a_code(value: str, where: str) -> str:
    """The value, if it can stand for something in settings and rules; Malformed otherwise."""
    if type(value) is not str or not _CODE.fullmatch(value):
        raise Malformed("a code has lower-case letters, digits, '.', '-' and '_', at most 64", where=where)
    return value


def _minutes(value: int, where: str, low: int = 1) -> int:
    if type(value) is not int or not low <= value <= DAY_MINUTES:
        raise Malformed(f"minutes are a whole number from {low} to {DAY_MINUTES}", where=where)
    return value


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
        if not title.strip():
            raise Malformed("a course has a title", where="course.title")
        return cls(
            title=title,
            rule=rule and a_code(rule, "course.rule"),
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
            title=self.title if title is None else title,
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
            day=day,
            mode=one_of(mode, MODES, "attendance.mode"),
            minutes=_minutes(minutes, "attendance.minutes", low=0),
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
            day=day,
            minutes=_minutes(minutes, "practicum.minutes"),
            work=a_code(work, "practicum.work"),
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


@record(
    "credential",
    """
    of  from             act         to         who     strength
    -   -                issue       valid      anyone  none
    -   -                check_done  valid      anyone  none
    -   valid,suspended  renew       =          anyone  none
    -   valid            suspend     suspended  anyone  none
    -   suspended        reinstate   valid      anyone  none
    -   valid,suspended  withdraw    withdrawn  anyone  none
    -   valid            run_low     =          kit     none
    -   valid            run_out     =          kit     none
    """,
    subjects="person",
)
class Credential(Record):
    """What somebody completed or was certified in, or a check that was done: what, by whom, until when.

    `what` is a code that settings and rules name (`core-essentials`, `vulnerable-sector-check`), `level` the
    outcome where there are several, `issued_by` the body in words. `until` is the last day on which it holds,
    in the program's zone (None: for good). It lapses by reading the calendar; nothing has to be written for
    it.

    Of a check (`sort` is `check`) it is kept that it was done, on which day, by whom and until when it
    counts. Its result has no field, here or anywhere: whoever may read it does so where it was issued.

    `told` says who knows: `soon` once the holder heard that it will lapse, `lapsed` that it did.
    """

    person: Operational[str]
    what: Operational[str]
    issued_by: Operational[str]
    since: Operational[date]
    until: Operational[date | None] = None
    level: Operational[str] = ""
    sort: Operational[str] = "training"
    number: Identity[str] = ""
    told: Operational[str] = ""
    state: Operational[str] = "valid"

    @classmethod
    @act
    def issue(
        cls,
        *,
        person: Ref,
        what: str,
        issued_by: str,
        since: date,
        until: date | None = None,
        level: str = "",
        number: str = "",
        by: Decision | None = None,
    ) -> Self:
        """Somebody completed a course, or a body certified them. `number` is what their paper bears."""
        _in_order(since, until)
        return cls(
            person=ref(person),
            what=a_code(what, "credential.what"),
            issued_by=issued_by,
            since=since,
            until=until,
            level=level and a_code(level, "credential.level"),
            number=number,
        )

    @classmethod
    @act
    def check_done(
        cls,
        *,
        person: Ref,
        what: str,
        done_by: str,
        on: date,
        until: date | None = None,
        by: Decision | None = None,
    ) -> Self:
        """A check was done, such as a vulnerable sector check. Never what came of it."""
        _in_order(on, until)
        what = a_code(what, "credential.what")
        return cls(person=ref(person), what=what, issued_by=done_by, since=on, until=until, sort="check")

    @act
    def renew(self, until: date | None, *, by: Decision | None = None) -> Self:
        """It holds until another day (None: for good)."""
        _in_order(self.since, until)
        return attrs.evolve(self, until=until, told="")

    @act
    def suspend(self, *, by: Decision | None = None) -> Self:
        """It does not hold for the time being."""
        return self

    @act
    def reinstate(self, *, by: Decision | None = None) -> Self:
        """It holds again."""
        return self

    @act
    def withdraw(self, *, by: Decision | None = None) -> Self:
        """It does not hold any more. Another one may be issued."""
        return self

    @act
    def run_low(self, *, by: Decision | None = None) -> Self:
        """It will lapse soon: whoever has to know is told."""
        return attrs.evolve(self, told="soon")

    @act
    def run_out(self, *, by: Decision | None = None) -> Self:
        """It lapsed: whoever has to know is told."""
        return attrs.evolve(self, told="lapsed")

    def holds(self, on: date) -> bool:
        """Whether it holds on a day of the program's."""
        return self.state == "valid" and self.since <= on and (self.until is None or on <= self.until)


def _in_order(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise Malformed("it holds until a day that is not before its first", where="credential.until")


# -- what a program needs of supporters ----------------------------------------------------------------


@attrs.frozen
class Standing:
    """How somebody stands to what the program needs of supporters, on a day.

    `missing` are the needs that nothing of theirs meets that day, `lapsed` those among them that something
    met before (it ran out, was suspended or withdrawn). `until` is the last day on which all that they have
    goes on holding as it does now (None: for good)."""

    missing: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    until: date | None = None


def alternatives(need: str, program: Program) -> tuple[str, ...]:
    """What meets a need, each as `what` or `what:level`: alternatives stand beside each other with `|`, and
    `recognized-course` stands for all that the program recognizes."""
    found: list[str] = []
    for one in need.split("|"):
        found += program.recognizes if one.strip() == RECOGNIZED else [one.strip()]
    return tuple(found)


def standing(program: Program, credentials: Iterable[Credential], on: date) -> Standing:
    """How somebody with these credentials stands to the program's `needs` on a day. Pure."""
    held = tuple(credentials)
    missing, lapsed, ends = [], [], []
    for need in program.needs:
        wanted = alternatives(need, program)
        meeting = [one for one in held if any(_meets(one, each) for each in wanted)]
        if any(one.holds(on) for one in meeting):
            ends.append(_until(meeting, on))
        else:
            missing.append(need)
            if any(one.state in {"suspended", "withdrawn"} or one.since <= on for one in meeting):
                lapsed.append(need)
    return Standing(tuple(missing), tuple(lapsed), min((e for e in ends if e is not None), default=None))


def trained(program: Program, credentials: Iterable[Credential], on: date) -> bool:
    """Whether somebody with these credentials completed a course that the program recognizes, and it holds:
    what `peerkit.formality(…, trained=)` asks for. Pure."""
    held = [one for one in credentials if one.holds(on)]
    return any(_meets(one, each) for one in held for each in program.recognizes)


def needs_fault(program: Program) -> str:
    """The setting among `needs` and `recognizes` that does not fit, or an empty text."""
    for name in ("needs", "recognizes"):
        for number, need in enumerate(getattr(program, name)):
            parts = need.split("|") if isinstance(need, str) and name == "needs" else [need]
            words = [word for one in parts if isinstance(one, str) for word in one.strip().split(":")]
            shaped = all(isinstance(one, str) and one.count(":") <= 1 for one in parts)
            if not shaped or not all(_CODE.fullmatch(word) for word in words):
                return f"settings.{name}[{number}]"
            if name == "recognizes" and need == RECOGNIZED:
                return f"settings.{name}[{number}]"
    return ""


def _meets(credential: Credential, wanted: str) -> bool:
    what, _, level = wanted.partition(":")
    return credential.what == what and level in {"", credential.level}


def _until(meeting: Iterable[Credential], on: date) -> date | None:
    """The last day of an unbroken time from a day on in which one of these holds."""
    end = on - timedelta(days=1)
    for one in sorted((c for c in meeting if c.state == "valid"), key=lambda c: c.since):
        if one.since <= end + timedelta(days=1) or one.holds(on):
            if one.until is None or one.until == date.max:
                return None
            end = max(end, one.until)
    return end


# -- what is given out ---------------------------------------------------------------------------------

LETTERS = ("hours", "certificate")
"""What is given out: a letter of hours, and a certificate."""


@record(
    "letter",
    """
    of  from    act    to      who     strength
    -   -       issue  issued  anyone  none
    -   issued  void   void    anyone  none
    """,
    subjects="person",
)
class Letter(Record):
    """That a letter of hours or a certificate was given out, so that whoever is shown it can ask whether it
    still agrees with the records (`peerkit.training.verify`).

    `name` and `program` are as they stand on it, whatever changed since; `rests_on` are the ids of the
    entries of hours, or of the credential, that it is made of. `sha256` is the hash that it bears: of all
    that it says and of those records (`peerkit.training.letters`). It does not give a name away: the ids
    that it covers are no guess.
    """

    person: Operational[str]
    of: Operational[str]
    name: Identity[str]
    program: Public[str]
    on: Operational[date]
    rests_on: Operational[tuple[str, ...]]
    sha256: Operational[str]
    state: Operational[str] = "issued"

    @classmethod
    @act
    def issue(
        cls,
        *,
        person: Ref,
        of: str,
        name: str,
        program: str,
        on: date,
        rests_on: tuple[str, ...],
        sha256: str,
        by: Decision | None = None,
    ) -> Self:
        """It is given out. `peerkit.training.issue` says all of this from the content."""
        return cls(
            person=ref(person),
            of=one_of(of, LETTERS, "letter.of"),
            name=name,
            program=program,
            on=on,
            rests_on=tuple(rests_on),
            sha256=sha256,
        )

    @act
    def void(self, *, by: Decision | None = None) -> Self:
        """It should not be relied on any more."""
        return self
