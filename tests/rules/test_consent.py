# SPDX-License-Identifier: Apache-2.0
"""Consent decides at every way out: how strong it must be, what it opens, and that it ends at once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

import peerkit
from peerkit import Actor, Consent, Decision, Person, Recipient, Referral, Refused, Service, Task, hookimpl
from peerkit.model.base import Class

ALL = ("identity", "contact", "own")


class Office:
    """Maya, her supporter Kai, two clinics, and referrals to them."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.kai = world.supporter("kai")
        world.match(world.maya, self.kai)
        self.clinic = world.save(Recipient.add(name="Example clinic (fictional)"))
        self.other = world.save(Recipient.add(name="Another clinic (fictional)"))
        self.library = world.save(Service.list(entry={"name": "Example library (fictional)"}))

    def spoken(self) -> Decision:
        return Decision.of(self.world.maya, how="spoken")

    def referral(self, to: Any = None) -> Referral:
        made = Referral.begin(
            person=self.world.maya,
            service=self.library,
            recipient=to or self.clinic,
            need="food",
            by=self.spoken(),
        )
        return self.world.save(made, actor=self.kai)

    def give(self, *, by: Decision | None = None, actor: Any = None, **details: Any) -> Consent:
        asked = {"recipient": self.clinic, "classes": ALL, "purpose": "referral", **details}
        made = Consent.give(person=self.world.maya, by=by, **asked)
        return self.world.save(made, actor=actor or self.world.maya)

    def once(self, referral: Referral, **details: Any) -> Consent:
        asked = {"recipient": self.clinic, "classes": ALL, **details}
        made = Consent.give_once(person=self.world.maya, referral=referral, by=self.spoken(), **asked)
        return self.world.save(made, actor=self.kai)

    def send(self, referral: Referral) -> Referral:
        return self.world.save(self.world.get(referral).send(by=self.spoken()), actor=self.kai)

    def refused(self, referral: Referral) -> tuple[str, ...]:
        with pytest.raises(Refused) as caught:
            self.send(referral)
        assert self.world.get(referral).state == "draft"
        return caught.value.codes


@pytest.fixture
def office(world: Any) -> Office:
    return Office(world)


# -- how strong ------------------------------------------------------------------------------------


def test_a_spoken_word_sends_this_one_referral_and_opens_nothing_else(office: Office) -> None:
    this, that = office.referral(), office.referral()
    assert office.refused(this) == ("no-consent",)
    office.once(this)
    assert office.refused(that) == ("no-consent",)
    assert office.send(this).state == "sent"
    assert office.refused(that) == ("no-consent",)


@pytest.mark.parametrize(
    "way",
    [{"how": "spoken"}, {"how": "spoken", "witness": "outside:a neighbour"}, {"how": "device"}],
    ids=str,
)
def test_standing_consent_takes_more_than_a_word(office: Office, way: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        office.give(by=Decision.of(office.world.maya, **way), actor=office.kai)
    assert caught.value.codes == ("too-weak",)
    assert office.refused(office.referral()) == ("no-consent",)


def test_standing_consent_is_signed_or_the_persons_own(office: Office) -> None:
    for by, actor in (
        (None, office.world.maya),
        (Decision.of(office.world.maya, how="link"), office.world.maya),
    ):
        office.give(by=by, actor=actor)
        assert office.send(office.referral()).state == "sent"
    paper = Decision.of(office.world.maya, how="paper", evidence="blue folder")
    office.give(by=paper, actor=office.kai, recipient=office.other)
    assert office.send(office.referral(office.other)).state == "sent"
    assert office.send(office.referral(office.other)).state == "sent"


def test_nobody_consents_for_another(office: Office) -> None:
    with pytest.raises(Refused) as caught:
        office.give(actor=office.kai)
    assert caught.value.codes == ("not-theirs",)
    sdm = Decision.of(office.world.sam, how="paper", evidence="x", on_behalf_of=office.world.maya)
    with pytest.raises(Refused) as caught:
        office.give(by=sdm, actor=office.kai)
    assert caught.value.codes == ("no-authority",)


# -- what it opens ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "too_little",
    [{"classes": ("identity", "own")}, {"classes": ("own",)}, {"purpose": "care"}, {"recipient": "other"}],
    ids=str,
)
def test_a_consent_opens_what_it_names_and_no_more(office: Office, too_little: dict[str, Any]) -> None:
    if too_little.get("recipient"):
        too_little = {"recipient": office.other}
    office.give(**too_little)
    assert office.refused(office.referral()) == ("no-consent",)


def test_two_consents_together_may_cover_it(office: Office) -> None:
    office.give(classes=("identity", "contact"))
    assert office.refused(office.referral()) == ("no-consent",)
    office.give(classes=("own",))
    assert office.send(office.referral()).state == "sent"


def test_a_consent_ends_by_the_clock(office: Office) -> None:
    office.give(until=office.world.watch.at + timedelta(days=1))
    early, late = office.referral(), office.referral()
    assert office.send(early).state == "sent"
    office.world.watch.forward(days=1)
    assert office.refused(late) == ("no-consent",)


def test_nothing_goes_to_a_recipient_that_is_closed(office: Office) -> None:
    office.give()
    referral = office.referral()
    office.world.save(office.world.get(office.clinic).close())
    assert office.refused(referral) == ("no-recipient",)
    office.give()  # a word for whoever is closed is still theirs to give
    assert office.refused(referral) == ("no-recipient",)


def test_the_latest_word_counts(office: Office) -> None:
    """Given, refused, given anew: for the classes that each names."""
    world = office.world

    def refuse(*classes: str) -> None:
        made = Consent.refuse(person=world.maya, recipient=office.clinic, classes=classes, purpose="referral")
        world.save(made, actor=world.maya)

    office.give()
    refuse("contact")
    assert office.refused(office.referral()) == ("no-consent",)
    office.give(classes=("identity",))
    assert office.refused(office.referral()) == ("no-consent",)
    office.give(classes=("contact",))
    assert office.send(office.referral()).state == "sent"
    refuse(*ALL)
    assert office.refused(office.referral()) == ("no-consent",)
    one = office.referral()
    office.once(one)
    assert office.send(one).state == "sent"
    assert {str(c) for c in Class} > set(ALL)


# -- that it ends ----------------------------------------------------------------------------------


@pytest.mark.parametrize("means", ["account", "spoken", "device", "paper"])
def test_withdrawing_recalls_in_the_same_commit_by_any_means(office: Office, means: str) -> None:
    world = office.world
    consent = office.give()
    sent, taken, draft, closed = (office.referral() for _ in range(4))
    for one in (sent, taken, closed):
        office.send(one)
    world.save(world.get(taken).accepted(), actor=office.kai)
    world.save(world.get(closed).answer("yes"), actor=world.maya)
    own = means == "account"
    evidence = "blue folder" if means == "paper" else None
    by = None if own else Decision.of(world.maya, how=means, evidence=evidence)
    with world.kit.session(actor=world.maya if own else office.kai) as s:
        s.save(s.get(Consent, consent.id).withdraw(by=by))
    assert [world.get(one).state for one in (sent, taken, draft, closed)] == [
        "recalled",
        "recalled",
        "draft",
        "closed",
    ]
    recalled = [(kind, record) for kind, record, _ in s.receipt.records if kind == "referral"]
    assert recalled == [("referral", sent.id), ("referral", taken.id)]
    assert world.get(sent).reason == "consent_withdrawn"
    assert not [t for t in world.every(Task, what="ask-after-referral", state="open") if t.about != closed.id]
    assert office.refused(draft) == ("no-consent",)


def test_refusing_recalls_too(office: Office) -> None:
    world = office.world
    office.give()
    sent = office.send(office.referral())
    no = Consent.refuse(
        person=world.maya, recipient=office.clinic, classes=("own",), purpose="referral", by=office.spoken()
    )
    world.save(no, actor=office.kai)
    assert world.get(sent).state == "recalled"


def test_withdrawing_and_refusing_at_once_recalls_once(office: Office) -> None:
    world = office.world
    consent = office.give()
    sent = office.send(office.referral())
    with world.kit.session(actor=world.maya) as s:
        s.save(s.get(Consent, consent.id).withdraw())
        s.save(Consent.refuse(person=world.maya, recipient=office.clinic, classes=ALL, purpose="referral"))
    assert (world.get(sent).state, world.get(sent).version) == ("recalled", 3)
    assert not world.every(Task, what="plugin-failed")


def test_what_another_consent_still_covers_goes_on(office: Office) -> None:
    world = office.world
    standing = office.give()
    sent = office.referral()
    office.once(sent)
    office.send(sent)
    world.save(world.get(standing).withdraw(), actor=world.maya)
    assert world.get(sent).state == "sent"


def test_withdrawing_touches_no_other_recipient_and_no_other_person(office: Office) -> None:
    world = office.world
    mine, others = office.give(), office.give(recipient=office.other)
    here, there = office.send(office.referral()), office.send(office.referral(office.other))
    world.save(world.get(mine).withdraw(), actor=world.maya)
    assert [world.get(one).state for one in (here, there)] == ["recalled", "sent"]
    assert world.get(others).state == "given"


# -- at the same moment ----------------------------------------------------------------------------


class Waiting:
    """A plugin that waits once for another, so that two commits look at the same state. It waits where
    responders are asked: what withdraws is asked of no plugin's check."""

    name = "waiting"

    def __init__(self, gate: threading.Barrier) -> None:
        self.gate, self.waited = gate, False

    @hookimpl
    def peerkit_supply(self) -> Any:
        return [peerkit.hooks.Access(reads={"*"})]

    @hookimpl
    def peerkit_respond(self, proposal: Any) -> Any:
        if not self.waited:
            self.waited = True
            self.gate.wait(timeout=30)
        return ()


@pytest.mark.parametrize("turn", range(5))
def test_sent_and_withdrawn_at_one_moment_it_never_stays_out(store: Any, turn: int) -> None:
    with store.open() as kit:
        with kit.session(actor=Actor.system("test")) as s:
            robin = s.find(Person)[0]
        with kit.session(actor=robin) as s:
            maya = s.save(Person.enrol(name="Maya Example"))
            clinic = s.save(Recipient.add(name="Example clinic"))
            library = s.save(Service.list(entry={"name": "Example library"}))
        with kit.session(actor=maya) as s:
            consent = s.save(Consent.give(person=maya, recipient=clinic, classes=ALL, purpose="referral"))
            referral = s.save(Referral.begin(person=maya, service=library, recipient=clinic, need="food"))
    gate = threading.Barrier(2)
    with store.open(Waiting(gate)) as one, store.open(Waiting(gate)) as two:
        answers: list[str] = []

        def send() -> None:
            try:
                with one.session(actor=maya) as s:
                    s.save(s.get(Referral, referral.id).send())
                answers.append("sent")
            except Refused as refused:
                answers.extend(refused.codes)

        def withdraw() -> None:
            with two.session(actor=maya) as s:
                s.save(s.get(Consent, consent.id).withdraw())

        threads = [threading.Thread(target=work) for work in (send, withdraw)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        with one.session(actor=maya) as s:
            state = s.get(Referral, referral.id).state
            assert s.get(Consent, consent.id).state == "withdrawn"
        assert (answers, state) in [(["sent"], "recalled"), (["no-consent"], "draft")]
