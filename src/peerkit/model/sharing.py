# SPDX-License-Identifier: Apache-2.0
"""What may leave, to whom, and what left: consent, recipients, disclosures."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.base import Class, Contact, Operational, Public, Record, Ref, one_of, record, ref
from peerkit.model.decision import Decision

PURPOSES = ("referral", "care", "report", "research", "export", "notice")
"""What data may be let out for."""


@record(
    "recipient",
    """
    of  from    act     to      who     strength
    -   -       add     active  anyone  none
    -   active  reach   =       anyone  none
    -   active  close   closed  anyone  none
    """,
)
class Recipient(Record):
    """Somebody outside who may be sent something: a service, a doctor's office, a researcher.

    `address` is `channel:address`; `country` is where it is read (ISO 3166-1 alpha-2).
    """

    name: Public[str]
    address: Contact[str] = ""
    country: Operational[str] = "CA"
    service: Operational[str] = ""
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
        by: Decision | None = None,
    ) -> Self:
        """A recipient becomes known."""
        return cls(name=name, address=address, country=country, service=ref(service))

    @act
    def reach(self, *, address: str, by: Decision | None = None) -> Self:
        """They are reached elsewhere."""
        return attrs.evolve(self, address=address)

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        """Nothing goes there any more."""
        return self


@record(
    "consent",
    """
    of  from   act        to         who     strength
    -   -      give       given      person  signed
    -   -      give_once  given      person  said
    -   -      refuse     refused    person  none
    -   given  withdraw   withdrawn  person  none
    """,
    subjects="person",
)
class Consent(Record):
    """A person's word on what may be shared: with whom, which classes, what for, until when.

    `referral` narrows it to that one referral: a spoken word is enough for that; standing sharing
    needs a signed one. Refused is an instruction not to share, which no consent given earlier or by
    anybody else overrides. Refusing and withdrawing work by any means, at once.
    """

    person: Operational[str]
    recipient: Operational[str]
    classes: Operational[tuple[str, ...]]
    purpose: Operational[str]
    until: Operational[datetime | None] = None
    referral: Operational[str] = ""
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
        until: datetime | None = None,
        by: Decision | None = None,
    ) -> Self:
        """Standing consent: signed, or in the person's own account."""
        return cls(
            person=ref(person),
            recipient=ref(recipient),
            classes=_classes(classes),
            purpose=one_of(purpose, PURPOSES, "consent.purpose"),
            until=until,
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
        )

    @classmethod
    @act
    def refuse(
        cls,
        *,
        person: Ref,
        recipient: Ref,
        classes: tuple[str, ...],
        purpose: str,
        by: Decision | None = None,
    ) -> Self:
        """An instruction not to share."""
        return cls(
            person=ref(person),
            recipient=ref(recipient),
            classes=_classes(classes),
            purpose=one_of(purpose, PURPOSES, "consent.purpose"),
        )

    @act
    def withdraw(self, *, by: Decision | None = None) -> Self:
        """Taken back, by any means, at once: open referrals are recalled, exports and notices stop."""
        return self

    def in_force(self, now: datetime) -> bool:
        """Whether it lets anything out at this instant."""
        return self.state == "given" and (self.until is None or now < self.until)


def _classes(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        one_of(name, tuple(Class), "consent.classes")
    if not names:
        raise Malformed("a consent names the classes of data that it is about", where="consent.classes")
    return tuple(names)


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

    `records` are the ids of what left; `basis` the id of the consent, or `safety`, or `own` for what
    the person took out themselves; `by` who asked for it.
    """

    person: Operational[str]
    recipient: Operational[str]
    purpose: Operational[str]
    classes: Operational[tuple[str, ...]]
    basis: Operational[str]
    by: Operational[str]
    kinds: Operational[tuple[str, ...]] = ()
    records: Operational[tuple[str, ...]] = ()

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
        )
