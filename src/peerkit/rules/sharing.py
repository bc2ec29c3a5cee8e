# SPDX-License-Identifier: Apache-2.0
"""Consent acts at once: what it opened closes in the commit that withdraws it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from peerkit.hooks import Proposal, View
from peerkit.model.base import Class, Record
from peerkit.model.notice import Notice
from peerkit.model.people import Person
from peerkit.model.referral import RUNNING, Referral
from peerkit.model.sharing import Consent
from peerkit.model.work import Task
from peerkit.rules.keepers import asked_about
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
    given before it, and a consent given after it is their new word. Where two records of one human were
    joined, the stricter of what was said on either counts, until they say a new word. What a substitute gave
    opens nothing that the person themselves said no to.
    """
    words = [one for one in sorted(consents, key=_said) if one.speaks_of(recipient, purpose)]
    noes = [one for one in words if one.forbids(now)]
    given: dict[str, str] = {}
    for one in words:
        if one.in_force(now) and one.referral in {"", referral}:
            shut = {name for no in noes if not _unsays(one, no) for name in no.classes}
            shut |= _own_noes(words, noes, now) if one.in_place else set()
            given |= {name: one.id for name in one.classes if name not in shut}
    open_now = frozenset(given) & classes
    return (given[min(open_now)], open_now) if open_now else ("", frozenset())


def _own_noes(words: list[Consent], noes: list[Consent], now: datetime) -> set[str]:
    """The classes to which the person themselves says no, be it by an instruction or by having taken back
    what was given, unless what they gave anew is in force now; another's yes undoes none of it."""
    shut: set[str] = set()
    for one in sorted((one for one in words if not one.in_place), key=_stands):
        if one.state == "withdrawn":
            shut.update(one.classes)
        elif one.in_force(now) and not one.referral:
            shut.difference_update(one.classes)
    return shut.union(*(no.classes for no in noes if not no.in_place))


def spoken(consents: Iterable[Consent], *, recipient: str, purpose: str) -> bool:
    """Whether the person ever said a word of their own about this: then nothing is implied any more, be it
    that they consented to less, refused, or took back what they had given."""
    return any(one.speaks_of(recipient, purpose) and one.state != "lifted" for one in consents)


def held_back(consents: Iterable[Consent], *, recipient: str, purpose: str, now: datetime) -> tuple[str, str]:
    """Which word of the person's keeps something in, and how: (why, its id); empty if they said nothing."""
    found = ("", "")
    for one in sorted(consents, key=_said):
        if not one.speaks_of(recipient, purpose) or one.state == "lifted":
            continue
        if one.forbids(now):
            found = ("refused", one.id)
        elif one.state == "withdrawn":
            found = ("withdrawn", one.id)
        elif one.state == "given" and one.until is not None and one.until <= now:
            found = ("ended", one.id)
        elif one.state == "given" and one.starts is not None and now < one.starts:
            found = ("not_yet", one.id)
    return found


_Moment = tuple[int, int, str]


def _said(consent: Consent) -> _Moment:
    """When a person said it: where it stood in the feed, whatever the clock said that made its id. What is
    proposed is the latest."""
    return (0, consent.said, consent.id) if consent.said else _stands(consent)


def _stands(consent: Consent) -> _Moment:
    """Where it stands in the feed now."""
    envelope = consent.trail.envelope if consent.trail is not None else None
    return (1, 0, consent.id) if envelope is None else (0, envelope.position, consent.id)


def _unsays(yes: Consent, no: Consent) -> bool:
    """Whether a consent is the person's new word over an instruction not to share: said after it. One from
    another record of theirs never is; their own is, if it was said after that instruction came to them."""
    if yes.voice == no.voice:
        return _said(yes) > _said(no)
    return not yes.voice and _said(yes) > _stands(no)


def basis_for(referral: Referral, view: View) -> str:
    """The consent that covers a referral whole; empty if none does, or if one cannot be read: it may say
    no."""
    wanted = frozenset(str(c) for c in REFERRAL_CLASSES)
    consents = view.find(Consent, subject=referral.person)
    if not _readable(consents):
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


def _readable(consents: Iterable[Record]) -> bool:
    return all(isinstance(one, Consent) for one in consents)


def recalled(proposal: Proposal) -> Iterator[Record]:
    """Withdrawing or refusing recalls the open referrals that stood on it, and stops waiting notices."""
    for consent, _ in proposal.of(Consent, "withdraw", "refuse", "refile"):
        for referral in find(proposal.view, Referral, subject=consent.person):
            open_ = referral.state in RUNNING and consent.speaks_of(referral.recipient, "referral")
            if open_ and not basis_for(referral, proposal.view):
                yield referral.recall(reason="consent_withdrawn")
        for notice in find(proposal.view, Notice, subject=consent.person):
            waits = notice.state == "queued" and consent.speaks_of(notice.recipient, "notice")
            if waits and not may_go(notice, proposal.view):
                yield notice.stop(reason="consent_withdrawn")
    for referral, _ in proposal.of(Referral, "refile"):
        if referral.state in RUNNING and not basis_for(referral, proposal.view):
            yield referral.recall(reason="consent_withdrawn")
    for notice, _ in proposal.of(Notice, "refile"):
        if notice.state == "queued" and not may_go(notice, proposal.view):
            yield notice.stop(reason="consent_withdrawn")


def may_go(notice: Notice, view: View) -> bool:
    """Whether a consent lets a notice's words go now, or when it is due; not if one cannot be read."""
    consents = view.find(Consent, subject=notice.person)
    if not _readable(consents):
        return False
    basis, _ = ruling(
        consents,
        recipient=notice.recipient,
        purpose="notice",
        classes=frozenset({str(Class.own)}),
        now=max(view.now, notice.due or view.now),
    )
    return bool(basis)


def after_death(proposal: Proposal) -> Iterator[Record]:
    """Whoever died is not spoken of to anybody any more: their referrals are recalled."""
    for person, _ in proposal.of(Person, "mark_died"):
        for referral in find(proposal.view, Referral, subject=person.id):
            if referral.open:
                yield referral.recall()
        for notice in find(proposal.view, Notice, subject=person.id):
            if notice.state == "queued":
                yield notice.stop(reason="person_died")


def ended(proposal: Proposal) -> Iterator[Record]:
    """A consent that is over by the clock, or a no that begins by it, does what withdrawing does.

    Asked of what is open, not of the consents: those would have to be marked, and a mark would move a word
    to another place among the person's words. Where one of these cannot be read, nothing goes out
    (`basis_for`), and nothing is recalled that may still be covered. Nobody did it, so somebody hears of it:
    the task stands before the change that ends a finding (`rules.clock`), so that none goes without.
    """
    view = proposal.view
    for referral in find(view, Referral, state=RUNNING):
        if not basis_for(referral, view) and _readable(view.find(Consent, subject=referral.person)):
            yield from _heard(proposal, referral, "consent-for-referral")
            yield referral.recall(reason="consent_withdrawn")
    for notice in find(view, Notice, state="queued"):
        if not may_go(notice, view) and _readable(view.find(Consent, subject=notice.person)):
            yield from _heard(proposal, notice, "consent-for-notice")
            yield notice.stop(reason="consent_withdrawn")


def _heard(proposal: Proposal, letter: Referral | Notice, what: str) -> Iterator[Record]:
    """Whoever has the person is asked about it, unless somebody was already (`delivery.letters`)."""
    view = proposal.view
    asked = any(task.about == letter.id for task in find(view, Task, subject=letter.person, what=what))
    if not asked and (owner := asked_about(view, letter.person)):
        yield Task.give(owner=owner, what=what, due=proposal.now, about=letter, person=letter.person)


CLOCK = (ended,)
"""What `rules.clock` asks at every tick."""

ALL = (recalled, after_death)
