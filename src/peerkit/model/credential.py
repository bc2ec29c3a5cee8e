# SPDX-License-Identifier: Apache-2.0
"""Credentials with their last day, what a program needs of supporters, and the letters given out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Self

import attrs

from peerkit.codes import is_code
from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Identity, Operational, Public, Record, Ref, coded, one_of, record, ref
from peerkit.model.decision import Decision
from peerkit.model.program import Program

RECOGNIZED = "recognized-course"
"""The need that any course meets which the program recognizes (`Program.recognizes`)."""


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
    issued_by: Identity[str]
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
            what=coded(what, "credential.what"),
            issued_by=issued_by,
            since=since,
            until=until,
            level=level and coded(level, "credential.level"),
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
        what = coded(what, "credential.what")
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
    when.day(since, "credential.since")
    when.day(until, "credential.until")
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
            if not shaped or not all(map(is_code, words)):
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

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)

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
    refs="rests_on",
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
            sha256=_hash(sha256),
        )

    @act
    def void(self, *, by: Decision | None = None) -> Self:
        """It should not be relied on any more."""
        return self


def _hash(given: str) -> str:
    if type(given) is not str or not _HASH.fullmatch(given):
        raise Malformed("a hash is 64 digits of SHA-256 (hex)", where="letter.sha256")
    return given
