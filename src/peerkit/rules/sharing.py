# SPDX-License-Identifier: Apache-2.0
"""Consent acts at once: what it opened closes in the commit that withdraws it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from peerkit.hooks import Proposal, View
from peerkit.model.base import Class, Record
from peerkit.model.people import Person
from peerkit.model.referral import RUNNING, Referral
from peerkit.model.sharing import Consent
from peerkit.rules.readable import find

REFERRAL_CLASSES = frozenset({Class.identity, Class.contact, Class.own})
"""What a referral hands over: who it is, how to reach them, what they want said."""


def ruling(
    consents: Iterable[Consent],
    *,
    recipient: str,
    purpose: str,
    classes: frozenset[str],
    now: datetime,
    referral: str = "",
) -> tuple[str, frozenset[str]]:
    """What a person's consents let this recipient have now: (basis id, classes); ("", nothing) if none.

    For each class the person's latest word counts: an instruction not to share beats every consent
    given before it, and a consent given after it is their new word.
    """
    given: dict[str, str] = {}
    for one in sorted(consents, key=_said):
        if one.recipient != recipient or one.purpose != purpose:
            continue
        if one.state == "refused":
            given = {name: basis for name, basis in given.items() if name not in one.classes}
        elif one.in_force(now) and one.referral in {"", referral}:
            given |= dict.fromkeys(one.classes, one.id)
    open_now = frozenset(given) & classes
    return (given[min(open_now)], open_now) if open_now else ("", frozenset())


def _said(consent: Consent) -> tuple[int, int, str]:
    """When a person said it: where it stands in the feed, whatever the clock said that made its id. What is
    proposed is the latest."""
    envelope = consent.trail.envelope if consent.trail is not None else None
    return (1, 0, consent.id) if envelope is None else (0, envelope.position, consent.id)


def basis_for(referral: Referral, view: View) -> str:
    """The consent that covers a referral whole; empty if none does, or if one cannot be read: it may say
    no."""
    wanted = frozenset(str(c) for c in REFERRAL_CLASSES)
    consents = view.find(Consent, subject=referral.person)
    if not all(isinstance(one, Consent) for one in consents):
        return ""
    basis, classes = ruling(
        consents,
        recipient=referral.recipient,
        purpose="referral",
        classes=wanted,
        now=view.now,
        referral=referral.id,
    )
    return basis if classes == wanted else ""


def recalled(proposal: Proposal) -> Iterator[Record]:
    """Withdrawing or refusing recalls the open referrals that stood on it."""
    for consent, _ in proposal.of(Consent, "withdraw", "refuse"):
        for referral in find(proposal.view, Referral, subject=consent.person):
            if referral.recipient != consent.recipient or referral.state not in RUNNING:
                continue
            if not basis_for(referral, proposal.view):
                yield referral.recall(reason="consent_withdrawn")


def after_death(proposal: Proposal) -> Iterator[Record]:
    """Whoever died is not spoken of to anybody any more: their referrals are recalled."""
    for person, _ in proposal.of(Person, "mark_died"):
        for referral in find(proposal.view, Referral, subject=person.id):
            if referral.open:
                yield referral.recall()


ALL = (recalled, after_death)
