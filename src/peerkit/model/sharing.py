# SPDX-License-Identifier: Apache-2.0
"""What may leave, to whom, and what left: consent, recipients, disclosures."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import (
    Class,
    Contact,
    Operational,
    Public,
    Record,
    Ref,
    named,
    one_of,
    record,
    ref,
)
from peerkit.model.decision import Decision

PURPOSES = ("referral", "care", "report", "research", "export", "notice")
"""What data may be let out for."""

PERSONAL = tuple(str(c) for c in Class if c not in {Class.operational, Class.public})
"""The classes that tell of somebody: all but operational and public ones."""


_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)

EVERYBODY = "*"
"""Stands for the recipient in an instruction not to share with anybody."""

ANY = "*"
"""Stands for the purpose in an instruction not to share for whatever purpose."""


@record(
    "recipient",
    """
    of  from    act     to      who     strength
    -   -       add     active  anyone  none
    -   active  reach   =       anyone  none
    -   active  place   =       anyone  none
    -   active  close   closed  anyone  none
    """,
    refs="service",
)
class Recipient(Record):
    """Somebody outside who may be sent something: a service, a doctor's office, a researcher.

    `address` is `channel:address`; `country` is where it is read (ISO 3166-1 alpha-2). `circle` says that
    they belong to the circle of care, towards whom the program's policy may take consent to be implied
    (Ontario, Personal Health Information Protection Act, 2004, s. 20). `discreet` are those of whom the
    person's own log says nothing unless they ask for it: a shelter, a children's aid society.
    """

    name: Public[str]
    address: Contact[str] = ""
    country: Operational[str] = "CA"
    service: Operational[str] = ""
    circle: Operational[bool] = False
    discreet: Operational[bool] = False
    state: Operational[str] = "active"

    @classmethod
    @act
    def add(
        cls,
        *,
        name: str,
        address: str = "",
        country: str = "CA",
        service: Ref | None = None,
        circle: bool = False,
        discreet: bool = False,
        by: Decision | None = None,
    ) -> Self:
        """A recipient becomes known."""
        return cls(
            name=named(name, "recipient.name"),
            address=address,
            country=_country(country),
            service=ref(service),
            circle=circle,
            discreet=discreet,
        )

    @act
    def reach(self, *, address: str, by: Decision | None = None) -> Self:
        """They are reached elsewhere."""
        return attrs.evolve(self, address=address)

    @act
    def place(
        self, *, circle: bool | None = None, discreet: bool | None = None, by: Decision | None = None
    ) -> Self:
        """They belong to the circle of care, or no longer; they are kept quiet about, or no longer."""
        return attrs.evolve(
            self,
            circle=self.circle if circle is None else circle,
            discreet=self.discreet if discreet is None else discreet,
        )

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        """Nothing goes there any more."""
        return self


def _country(code: str) -> str:
    if type(code) is not str or not _COUNTRY.fullmatch(code):
        raise Malformed("a country is written as its two letters: CA, US", where="recipient.country")
    return code


@record(
    "consent",
    """
    of  from     act        to         who     strength
    -   -        give       given      person  signed
    -   -        give_once  given      person  said
    -   -        refuse     refused    person  none
    -   given    withdraw   withdrawn  person  none
    -   refused  lift       lifted     person  signed
    """,
    subjects="person",
    refs="recipient referral",
)
class Consent(Record):
    """A person's word on what may be shared: with whom, which classes, what for, from when, until when.

    `referral` narrows it to that one referral: a spoken word is enough for that; standing sharing
    needs a signed one. Refused is an instruction not to share (a "lock-box"), with one recipient or with
    everybody (`*`), for one purpose or whatever purpose (`*`), which no consent given earlier or by
    anybody else overrides while it stands. Refusing and withdrawing work by any means, at once; lifting
    an instruction opens what was given before it, and so is signed like that. `in_place` says that a
    substitute (`Authority`) said what it says now, and not the person: no such yes opens what the person
    themselves said no to, and they alone lift that. `voice` and `said` are set where two records of one human
    were joined: whose word it was, and where in the feed it was said.
    """

    person: Operational[str]
    recipient: Operational[str]
    classes: Operational[tuple[str, ...]]
    purpose: Operational[str]
    starts: Operational[datetime | None] = None
    until: Operational[datetime | None] = None
    referral: Operational[str] = ""
    in_place: Operational[bool] = False
    voice: Operational[str] = ""
    said: Operational[int] = 0
    state: Operational[str] = "given"

    @classmethod
    @act
    def give(
        cls,
        *,
        person: Ref,
        recipient: Ref,
        classes: tuple[str, ...],
        purpose: str,
        starts: datetime | None = None,
        until: datetime | None = None,
        by: Decision | None = None,
    ) -> Self:
        """Standing consent: signed, or in the person's own account. Always to somebody in particular."""
        if ref(recipient) == EVERYBODY:
            raise Malformed("consent is given to somebody in particular", where="consent.recipient")
        return cls(
            person=ref(person),
            recipient=ref(recipient),
            classes=_classes(classes),
            purpose=one_of(purpose, PURPOSES, "consent.purpose"),
            starts=_window(starts, until),
            until=until,
            in_place=_in_place(by),
        )

    @classmethod
    @act
    def give_once(
        cls,
        *,
        person: Ref,
        recipient: Ref,
        referral: Ref,
        classes: tuple[str, ...],
        by: Decision | None = None,
    ) -> Self:
        """Consent to send this one referral."""
        return cls(
            person=ref(person),
            recipient=ref(recipient),
            classes=_classes(classes),
            purpose="referral",
            referral=ref(referral),
            in_place=_in_place(by),
        )

    @classmethod
    @act
    def refuse(
        cls,
        *,
        person: Ref,
        recipient: Ref | None = None,
        classes: tuple[str, ...] = PERSONAL,
        purpose: str = ANY,
        starts: datetime | None = None,
        until: datetime | None = None,
        by: Decision | None = None,
    ) -> Self:
        """An instruction not to share. Left out: with nobody, nothing personal, for no purpose at all.

        One with an end suspends what was given before it; afterwards that holds again.
        """
        return cls(
            person=ref(person),
            recipient=EVERYBODY if recipient is None else ref(recipient),
            classes=_classes(classes),
            purpose=one_of(purpose, (*PURPOSES, ANY), "consent.purpose"),
            starts=_window(starts, until),
            until=until,
            in_place=_in_place(by),
        )

    @act
    def withdraw(self, *, by: Decision | None = None) -> Self:
        """Taken back, by any means, at once: open referrals are recalled, exports and notices stop."""
        return attrs.evolve(self, in_place=_in_place(by))

    @act
    def lift(self, *, by: Decision | None = None) -> Self:
        """The instruction no longer holds; what was given before it counts again."""
        return attrs.evolve(self, in_place=_in_place(by))

    def carried(self, away: str, to: str, stood: int) -> Self:
        """It keeps whose word it was and when it was said, so that the stricter of two words can win."""
        voice = "" if self.voice == to else self.voice or away
        return attrs.evolve(self, voice=voice, said=self.said or stood)

    def in_force(self, now: datetime) -> bool:
        """Whether it lets anything out at this instant."""
        return self.state == "given" and self._within(now)

    def forbids(self, now: datetime) -> bool:
        """Whether it is an instruction not to share that stands at this instant."""
        return self.state == "refused" and self._within(now)

    def speaks_of(self, recipient: str, purpose: str) -> bool:
        """Whether it is about sharing with this recipient for this purpose."""
        return self.recipient in {recipient, EVERYBODY} and self.purpose in {purpose, ANY}

    def _within(self, now: datetime) -> bool:
        return (self.starts is None or self.starts <= now) and (self.until is None or now < self.until)


def _in_place(by: Decision | None) -> bool:
    return by is not None and by.on_behalf_of is not None


def _classes(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        one_of(name, tuple(Class), "consent.classes")
    if not names:
        raise Malformed("a consent names the classes of data that it is about", where="consent.classes")
    return tuple(names)


def _window(starts: datetime | None, until: datetime | None) -> datetime | None:
    when.window(starts, until, "consent", end="until")
    return starts


@record(
    "disclosure",
    """
    of  from  act   to  who  strength
    -   -     log   =   kit  none
    """,
    subjects="person",
    kit_only=True,
)
class Disclosure(Record):
    """What left, to whom, for what, on what basis. The person reads it. Written by the gate alone,
    in a transaction of its own, before anything leaves.

    `records` are the ids of what left; `basis` the id of the consent, `own` for what the person took out
    themselves, or `implied`: then `policy` is the version of the program's settings that says so; `by` who
    asked for it. `letter` is the id of the referral or notice that it goes with: that it arrived is said by a
    `Delivery` about that one; attempts that let out the same on the same basis are one disclosure.
    """

    person: Operational[str]
    recipient: Operational[str]
    purpose: Operational[str]
    classes: Operational[tuple[str, ...]]
    basis: Operational[str]
    by: Operational[str]
    kinds: Operational[tuple[str, ...]] = ()
    records: Operational[tuple[str, ...]] = ()
    policy: Operational[int] = 0
    letter: Operational[str] = ""

    @classmethod
    @act
    def log(
        cls,
        *,
        person: Ref,
        recipient: str,
        purpose: str,
        classes: tuple[str, ...],
        basis: str,
        asked_by: str,
        kinds: tuple[str, ...],
        records: tuple[str, ...],
        policy: int = 0,
        letter: str = "",
        by: Decision | None = None,
    ) -> Self:
        """Something is about to leave."""
        return cls(
            person=ref(person),
            recipient=recipient,
            purpose=purpose,
            classes=tuple(classes),
            basis=basis,
            by=asked_by,
            kinds=tuple(kinds),
            records=tuple(records),
            policy=policy,
            letter=letter,
        )


HELD_BACK = ("refused", "withdrawn", "ended", "not_yet")
"""Why something did not leave: an instruction not to share, a consent that was taken back, that is over, or
that has not begun."""


@record(
    "withheld",
    """
    of  from  act   to  who  strength
    -   -     log   =   kit  none
    """,
    subjects="person",
    kit_only=True,
)
class Withheld(Record):
    """What did not leave since the person's own word held it back. The person reads it: their log says who
    asked, and why it stopped. Written by the gate alone, once for each time that somebody asked.

    `cause` is one of `refused`, `withdrawn`, `ended`, `not_yet`; `word` the consent or instruction it rests
    on, `by` who asked.
    """

    person: Operational[str]
    recipient: Operational[str]
    purpose: Operational[str]
    cause: Operational[str]
    by: Operational[str]
    word: Operational[str] = ""
    kinds: Operational[tuple[str, ...]] = ()

    @classmethod
    @act
    def log(
        cls,
        *,
        person: Ref,
        recipient: str,
        purpose: str,
        cause: str,
        asked_by: str,
        word: str = "",
        kinds: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """Something was asked for and does not leave."""
        return cls(
            person=ref(person),
            recipient=recipient,
            purpose=purpose,
            cause=one_of(cause, HELD_BACK, "withheld.cause"),
            by=asked_by,
            word=word,
            kinds=tuple(kinds),
        )
