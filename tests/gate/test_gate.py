# SPDX-License-Identifier: Apache-2.0
"""The one way out: asked now, given only that, logged first, asked again for each page and send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import (
    Actor,
    Consent,
    Decision,
    Disclosure,
    GoalPlan,
    NotFound,
    PeerSupporter,
    Person,
    Recipient,
    Referral,
    Refused,
    Relationship,
    Service,
    StorageError,
)
from peerkit.gate import Wanted, let_out
from peerkit.model.base import Class

CANARY = "canary-in-own-words"


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 15, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@attrs.define
class House:
    """A program with a person, a recipient and the watch on its wall."""

    kit: peerkit.Kit
    watch: Watch
    maya: Person
    clinic: Recipient

    def consent(self, *classes: str, purpose: str = "care", until: datetime | None = None) -> Consent:
        with self.kit.session(actor=self.maya) as s:
            return s.save(
                Consent.give(
                    person=self.maya, recipient=self.clinic, classes=classes, purpose=purpose, until=until
                )
            )

    def plans(self, how_many: int) -> None:
        with self.kit.session(actor=self.maya) as s:
            for number in range(how_many):
                s.save(GoalPlan.begin(person=self.maya, hopes=CANARY).add_goal(f"{CANARY} {number}"))

    def disclosures(self) -> list[Disclosure]:
        with self.kit.session(actor=self.maya) as s:
            return list(s.find(Disclosure))

    def out(self, what: object, **details: object) -> list[object]:
        return list(
            self.kit.disclose(what, to=self.clinic, purpose="care", actor=self.maya, **details)  # type: ignore[arg-type]
        )


@pytest.fixture
def house() -> Iterator[House]:
    watch = Watch()
    with peerkit.open("memory:", clock=watch, discover=False) as kit:
        with kit.session() as s:
            maya = s.save(Person.enrol(name="Maya"))
            clinic = s.save(Recipient.add(name="A clinic", address="email:clinic@example.org"))
        yield House(kit, watch, maya, clinic)


def test_nothing_leaves_without_consent_and_the_recipient_hears_that_something_is_withheld(
    house: House,
) -> None:
    house.plans(2)
    (page,) = house.out(GoalPlan)
    assert (page.documents, page.withheld) == ((), 2)
    assert house.disclosures() == []


def test_consent_opens_its_classes_and_no_other(house: House) -> None:
    house.plans(1)
    house.consent("identity")
    (page,) = house.out(GoalPlan)
    assert CANARY not in repr(page.documents)
    house.consent("own")
    (page,) = house.out(GoalPlan)
    assert CANARY in repr(page.documents)


def test_what_is_about_two_people_leaves_with_the_word_of_both(house: House) -> None:
    """An agreement holds the words of two; one of them lets out what is theirs alone, and this is not."""
    robin, maya = house.kit.sandbox_coordinator, house.maya.id
    with house.kit.session() as s:
        kai = s.save(Person.enrol(name="Kai")).id
        s.save(PeerSupporter.welcome(kai, by=Decision.of(kai, how="spoken")))
        asked = s.save(Relationship.enquire(person=maya, hopes=CANARY, by=Decision.of(maya, how="spoken")))
        s.save(asked.propose(kai))

    def out() -> Any:
        [page] = house.kit.disclose(Relationship, to=house.clinic, purpose="care", actor=Actor.of(robin))
        return page

    house.consent("own")
    assert (out().documents, out().withheld) == ((), 1)
    with house.kit.session(actor=kai) as s:
        s.save(Consent.give(person=kai, recipient=house.clinic, classes=("own",), purpose="care"))
    assert CANARY in repr(out().documents)


def test_what_left_is_logged_for_the_person_with_its_basis(house: House) -> None:
    house.plans(1)
    consent = house.consent("own")
    (page,) = house.out(GoalPlan)
    (logged,) = house.disclosures()
    assert logged.id in page.disclosures
    assert (logged.basis, logged.recipient, logged.classes) == (consent.id, house.clinic.id, ("own",))
    assert logged.records == tuple(d["id"] for d in page.documents)


def test_consent_is_asked_again_for_each_page(house: House) -> None:
    house.plans(4)
    consent = house.consent("own")
    pages = house.kit.disclose(Wanted(GoalPlan, size=2), to=house.clinic, purpose="care", actor=house.maya)
    assert len(next(pages)) == 2
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(Consent, consent.id).withdraw())
    second = next(pages)
    assert (len(second), second.withheld) == (0, 2)


def test_consent_ends_by_the_clock_between_page_and_page(house: House) -> None:
    house.plans(4)
    house.consent("own", until=house.watch.at + timedelta(hours=1))
    pages = house.kit.disclose(Wanted(GoalPlan, size=2), to=house.clinic, purpose="care", actor=house.maya)
    assert len(next(pages)) == 2
    house.watch.at += timedelta(hours=1)
    assert next(pages).withheld == 2


def test_an_instruction_not_to_share_beats_every_consent_before_it(house: House) -> None:
    house.plans(1)
    house.consent("own")
    with house.kit.session(actor=house.maya) as s:
        s.save(Consent.refuse(person=house.maya, recipient=house.clinic, classes=("own",), purpose="care"))
    (page,) = house.out(GoalPlan)
    assert page.withheld == 1
    house.consent("own")  # her new word: nobody is bound for ever by having said no
    (page,) = house.out(GoalPlan)
    assert page.withheld == 0


def test_consent_for_one_purpose_or_recipient_is_none_for_another(house: House) -> None:
    house.plans(1)
    house.consent("own", purpose="research")
    with house.kit.session() as s:
        other = s.save(Recipient.add(name="Another"))
    with house.kit.session(actor=house.maya) as s:
        s.save(Consent.give(person=house.maya, recipient=other, classes=("own",), purpose="care"))
    (page,) = house.out(GoalPlan)
    assert page.withheld == 1


def test_the_log_comes_first_and_a_log_that_fails_lets_nothing_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.plans(1)
    house.consent("own")
    real = house.kit.storage.commit

    def full(batch: object, **guard: object) -> object:
        if any(change.kind == "disclosure" for change in batch.changes):  # type: ignore[attr-defined]
            raise StorageError("the disk is full")
        return real(batch, **guard)  # type: ignore[arg-type]

    monkeypatch.setattr(house.kit.storage, "commit", full)
    with pytest.raises(StorageError):
        house.out(GoalPlan)


def test_each_attempt_to_send_asks_again(house: House) -> None:
    with house.kit.session() as s:
        bank = s.save(Service.list(entry={"name": "Food bank"}))
    with house.kit.session(actor=house.maya) as s:
        referral = s.save(
            Referral.begin(person=house.maya, service=bank, recipient=house.clinic, need="food", words=CANARY)
        )
        consent = s.save(
            Consent.give_once(
                person=house.maya,
                recipient=house.clinic,
                referral=referral,
                classes=("identity", "contact", "own"),
            )
        )
    post = Actor.system("delivery")
    sent = let_out(house.kit, referral, to=house.clinic.id, purpose="referral", actor=post)
    assert sent["words"] == CANARY
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(Consent, consent.id).withdraw())
    with pytest.raises(Refused) as refused:
        let_out(house.kit, referral, to=house.clinic.id, purpose="referral", actor=post)
    assert refused.value.codes == ("no-consent",)


def test_consent_for_one_referral_opens_no_other(house: House) -> None:
    with house.kit.session() as s:
        bank = s.save(Service.list(entry={"name": "Food bank"}))
    with house.kit.session(actor=house.maya) as s:
        first, second = (
            s.save(Referral.begin(person=house.maya, service=bank, recipient=house.clinic, need="food"))
            for _ in range(2)
        )
        s.save(
            Consent.give_once(
                person=house.maya,
                recipient=house.clinic,
                referral=first,
                classes=("identity", "contact", "own"),
                by=Decision.of(house.maya, how="spoken"),
            )
        )
        s.save(first.send())
    with pytest.raises(Refused, match="no consent"), house.kit.session(actor=house.maya) as s:
        s.save(second.send())


def test_a_person_takes_out_what_is_theirs_without_anybodys_consent(house: House) -> None:
    house.plans(1)
    pages = list(house.kit.disclose(GoalPlan, to=house.maya, purpose="export", actor=house.maya))
    assert CANARY in repr(pages[0].documents)
    assert [d.basis for d in house.disclosures()] == ["own"]


def test_unknown_fields_do_not_leave(house: House) -> None:
    house.plans(1)
    house.consent(*Class)
    with house.kit.session(actor=house.maya) as s:
        (plan,) = s.find(GoalPlan)
    stored = house.kit.storage.get("goal_plan", plan.id)
    assert stored is not None
    assert stored.body is not None
    newer = attrs.evolve(stored, body=stored.body[:-1] + b',"whisper":"' + CANARY.encode() + b'-new"}')
    record = house.kit.codec.decode(newer)
    assert record.extra
    from peerkit.cutting import cut

    assert "-new" not in repr(cut(house.kit.codec, record, frozenset(Class)))


def test_nothing_goes_to_a_recipient_who_is_closed_or_unknown(house: House) -> None:
    house.plans(1)
    house.consent("own")
    with house.kit.session() as s:
        s.save(s.get(Recipient, house.clinic.id).close())
    with pytest.raises(NotFound):
        house.out(GoalPlan)
    with pytest.raises(NotFound):
        list(house.kit.disclose(GoalPlan, to="nobody", purpose="care", actor=house.maya))


def test_who_may_not_read_lets_nothing_out(house: House) -> None:
    house.plans(1)
    house.consent("own")
    with house.kit.session() as s:
        stranger = s.save(Person.enrol(name="Someone else"))
    pages = list(house.kit.disclose(GoalPlan, to=house.clinic, purpose="care", actor=stranger))
    assert [d for page in pages for d in page.documents] == []
