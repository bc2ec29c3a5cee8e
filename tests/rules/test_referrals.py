# SPDX-License-Identifier: Apache-2.0
"""A loop that is closed by an answer: room is asked before, silence has a name and a day, a no goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import Consent, Decision, Malformed, Recipient, Referral, Refused, Service, Task

DAY = timedelta(days=1)


@attrs.define
class Town:
    """Maya, who walks with Kai, and a food bank that may be referred to."""

    world: Any
    kai: Any
    bank: Any
    clinic: Any

    def begin(self, **details: Any) -> Any:
        wanted = {"service": self.bank, "recipient": self.clinic, "need": "food", **details}
        return self.world.save(Referral.begin(person=self.world.maya, **wanted), actor=self.world.maya)

    def sent(self, **details: Any) -> Any:
        return self.world.save(self.begin(**details).send(), actor=self.world.maya)

    def step(self, referral: Any, act: str, *args: Any, actor: Any = None, **details: Any) -> Any:
        now = self.world.get(referral)
        return self.world.save(getattr(now, act)(*args, **details), actor=actor or self.kai)

    def waits(self) -> dict[str, tuple[str, float]]:
        """Code → who, and in how many days, of what is due about referrals."""
        codes = {"hear-from-service", "look-after-referral", "ask-after-referral", "find-another-service"}
        now = self.world.watch.at
        return {
            one.what: (one.owner, (one.due - now) / DAY)
            for one in self.world.every(Task, state="open")
            if one.what in {*codes, "go-along"}
        }


@pytest.fixture
def town(world: Any) -> Town:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    bank = world.save(Service.list(entry={"name": "Food bank (fictional)"}))
    clinic = world.save(Recipient.add(name="Food bank (fictional)"))
    given = Consent.give(
        person=world.maya, recipient=clinic, classes=("identity", "contact", "own"), purpose="referral"
    )
    world.save(given, actor=world.maya)
    return Town(world, kai, bank, clinic)


# -- before it is written ----------------------------------------------------------------------------


def test_no_referral_to_a_service_that_is_full_unless_the_person_wants_to_wait(town: Town) -> None:
    world = town.world
    world.save(town.bank.assure(on=date(2026, 3, 1), room="full"), actor=town.kai)
    with pytest.raises(Refused, match="is full"):
        town.begin()
    assert town.begin(queue=True).state == "draft"
    world.save(world.get(town.bank).assure(on=date(2026, 3, 2), room="open"))
    assert town.begin().queue is False


def test_where_the_directory_says_whom_it_is_for_that_is_read_with_the_person_first(town: Town) -> None:
    world = town.world
    assert town.begin().eligible == "not_asked"  # it says nothing of whom it is for
    world.save(town.bank.revise(entry={"eligibility": "Families with children"}))
    with pytest.raises(Refused, match="whom this service is for") as caught:
        town.begin()
    assert caught.value.codes == ("eligibility-not-asked",)
    with pytest.raises(Malformed, match="one of yes, unsure"):
        town.begin(eligible="no")  # then it is no referral
    first = town.sent(eligible="unsure")
    no = town.step(first, "declined", reason="not_eligible")
    again = Referral.reroute(no, service=town.bank, recipient=town.clinic)
    with pytest.raises(Refused, match="whom this service is for"):
        world.save(again, actor=world.maya)
    asked = Referral.reroute(no, service=town.bank, recipient=town.clinic, eligible="yes")
    assert world.save(asked, actor=world.maya).eligible == "yes"
    alone = Referral.go_alone(person=world.maya, service=town.bank, need="food")
    assert world.save(alone, actor=world.maya).state == "going"  # nothing is written to anybody


def test_nobody_is_sent_to_a_closed_door_though_they_go_alone(town: Town) -> None:
    world = town.world

    def alone(**given: Any) -> Any:
        going = Referral.go_alone(person=world.maya, service=town.bank, need="food", **given)
        return world.save(going, actor=world.maya)

    world.save(town.bank.assure(on=date(2026, 3, 1), room="full"), actor=town.kai)
    with pytest.raises(Refused, match="is full"):
        alone()
    assert alone(queue=True).state == "going"
    world.save(world.get(town.bank).lapse())
    with pytest.raises(Refused, match="is gone"):
        alone(queue=True)


def test_none_to_one_that_is_gone(town: Town) -> None:
    town.world.save(town.bank.lapse())
    with pytest.raises(Refused, match="is gone"):
        town.begin(queue=True)


def test_the_directory_says_why_not_and_how_old_that_is(town: Town) -> None:
    today = date(2026, 9, 1)
    bank = town.bank
    assert bank.why_not(today) == ("stale",)
    seen = town.world.save(bank.assure(on=today - timedelta(days=182), room="waiting_list"))
    assert seen.why_not(today) == ("waiting_list",)
    assert seen.why_not(today + DAY) == ("waiting_list", "stale")
    source = datetime(2026, 8, 31, tzinfo=UTC)
    newer = town.world.save(seen.revise(entry={"assured_at": source}))
    assert newer.why_not(today + DAY) == ("waiting_list",)
    with pytest.raises(Malformed, match="one of not_asked"):
        bank.assure(on=today, room="perhaps")


# -- silence -----------------------------------------------------------------------------------------


def test_each_step_says_what_is_waited_for_and_by_when(town: Town) -> None:
    world, kai = town.world, town.kai.id
    referral = town.begin(warm=True)
    assert town.waits() == {}
    town.step(referral, "send", actor=world.maya)
    assert town.waits() == {"hear-from-service": (kai, 3), "ask-after-referral": (kai, 14)}
    world.watch.at += DAY
    town.step(referral, "received")
    assert town.waits() == {"hear-from-service": (kai, 2), "ask-after-referral": (kai, 13)}
    town.step(referral, "accepted")
    assert town.waits() == {
        "look-after-referral": (kai, 30),
        "ask-after-referral": (kai, 13),
        "go-along": (kai, 7),
    }
    town.step(referral, "introduce", on=date(2026, 3, 4))
    assert set(town.waits()) == {"look-after-referral", "ask-after-referral"}
    town.step(referral, "hold", reason="papers")
    town.step(referral, "start")
    town.step(referral, "record_outcome", outcome="received")
    assert set(town.waits()) == {"ask-after-referral"}
    closed = town.step(referral, "answer", "partly", words="the bread was old", actor=world.maya)
    assert (closed.state, closed.answered) == ("closed", "partly")
    assert town.waits() == {}


def test_silence_is_overdue_asks_a_second_human_and_asks_again_until_there_is_an_answer(town: Town) -> None:
    world = town.world
    town.sent()
    world.watch.at += 5 * DAY
    assert world.kit.tick() == 1
    (silent,) = world.every(Task, what="hear-from-service")
    assert silent.asked_too == world.coordinator.id
    world.save(silent.done())
    assert town.waits()["hear-from-service"] == (town.kai.id, 3)
    (again,) = world.every(Task, what="hear-from-service", state="open")
    world.save(again.drop(), actor=town.kai)
    assert town.waits()["hear-from-service"] == (town.kai.id, 3)


def test_a_no_goes_on_to_another_service_with_the_same_words(town: Town) -> None:
    world = town.world
    referral = town.sent(words="no pork")
    with pytest.raises(Refused, match="still open"):
        world.save(Referral.reroute(referral, service=town.bank, recipient=town.clinic), actor=world.maya)
    no = town.step(referral, "declined", reason="out_of_area")
    assert town.waits() == {"find-another-service": (town.kai.id, 2)}
    kitchen = world.save(Service.list(entry={"name": "Kitchen (fictional)"}))
    then = Referral.reroute(no, service=kitchen, recipient=town.clinic)
    then = world.save(then, actor=world.maya)
    assert (then.need, then.words, then.follows, then.state) == ("food", "no pork", referral.id, "draft")
    assert town.waits() == {}
    with pytest.raises(Refused, match="decided by the person"):
        world.save(Referral.reroute(no, service=kitchen, recipient=town.clinic), actor=town.kai)


# -- going alone -------------------------------------------------------------------------------------


def test_who_goes_alone_sends_nothing_needs_no_consent_and_is_asked_after(town: Town) -> None:
    world = town.world
    alone = world.save(Referral.go_alone(person=world.theo, service=town.bank, need="food"), actor=world.theo)
    assert alone.state == "going"
    assert town.waits() == {"ask-after-referral": (world.coordinator.id, 14)}
    assert world.kit.deliver().referrals == 0
    assert world.every(peerkit.Disclosure, person=world.theo) == []
    world.save(alone.answer("yes"), actor=world.theo)
    assert town.waits() == {}


@pytest.mark.parametrize("state", ["draft", "sent", "received", "accepted", "under_way", "on_hold"])
def test_withdrawing_recalls_it_in_every_state_in_which_it_is_open(town: Town, state: str) -> None:
    world = town.world
    referral = town.begin() if state == "draft" else town.sent()
    for act in {"received": ["received"], "accepted": ["accepted"], "under_way": ["start"]}.get(state, []):
        referral = town.step(referral, act)
    if state == "on_hold":
        referral = town.step(town.step(referral, "accepted"), "hold", reason="waiting_list")
    (consent,) = world.every(Consent)
    world.save(consent.withdraw(), actor=world.maya)
    now = world.get(referral)
    assert (now.state, now.reason) == (
        ("draft", "") if state == "draft" else ("recalled", "consent_withdrawn")
    )
    assert town.waits() == {}


@pytest.mark.parametrize(
    ("act", "details"),
    [
        ("declined", {"reason": "too-much"}),
        ("hold", {"reason": "because"}),
        ("record_outcome", {"outcome": "great"}),
    ],
)
def test_reasons_are_codes(town: Town, act: str, details: dict[str, str]) -> None:
    accepted = town.step(town.sent(), "accepted")
    with pytest.raises((Malformed, Refused)) as caught:
        getattr(accepted, act)(**details)
    assert not any(value in str(caught.value) for value in details.values())


def test_a_supporter_records_what_the_service_said_and_never_the_persons_answer_as_their_own(
    town: Town,
) -> None:
    accepted = town.step(town.sent(), "accepted")
    with pytest.raises(Refused, match="decided by the person"):
        town.world.save(accepted.answer("yes"), actor=town.kai)
    told = accepted.answer("yes", by=Decision.of(town.world.maya, how="spoken"))
    assert town.world.save(told, actor=town.kai).state == "closed"
