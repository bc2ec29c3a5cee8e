# SPDX-License-Identifier: Apache-2.0
"""A referral that cannot go stands in nobody's way, and one that was taken back meanwhile does not go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import Actor, Consent, Person, Recipient, Referral, Service, hookimpl
from peerkit.hooks import NotifierChannel, Supply
from peerkit.kit.steps import stage
from peerkit.ports import Batch, Message
from peerkit.testing import TimeMachine

SETTINGS = {
    "name": "River House (fictional)",
    "coordinator": {"name": "Ana (fictional)", "reach": ["wire:ana"]},
    "path": [{"role": "coordinator", "minutes": 30}],
    "notifiers": ["wire"],
}


class Wire:
    """A channel whose other end is a list; making it is a moment in which something else can happen."""

    name = "wire"
    real = False

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, message: Message) -> None:
        self.sent.append(message.to)

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        yield NotifierChannel("wire", lambda _: self)


@attrs.define
class House:
    kit: peerkit.Kit
    clock: TimeMachine
    wire: Wire
    ana: str
    maya: Person
    service: Service

    def recipient(self, address: str) -> Recipient:
        with self.kit.session(actor=self.ana) as s:
            return s.save(Recipient.add(name="Clinic (fictional)", address=address, service=self.service))

    def send(self, recipient: Recipient, person: Person | None = None) -> Referral:
        whose = person or self.maya
        with self.kit.session(actor=whose) as s:
            referral = s.save(
                Referral.begin(person=whose, service=self.service, recipient=recipient, need="a dentist")
            )
            given: Mapping[str, Any] = {"person": whose, "recipient": recipient, "referral": referral}
            s.save(Consent.give_once(**given, classes=("identity", "contact", "own")))
            return s.save(referral.send())


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'house.db'}?synchronous=off"
    wire, clock = Wire(), TimeMachine()
    with peerkit.open(url, settings=SETTINGS, plugins=[wire], clock=clock, discover=False) as kit:
        ana = kit._find_all("appointment")[0].person
        with kit.session(actor=ana) as s:
            maya = s.save(Person.enrol(name="Maya (fictional)", reach=("phone:555-0100",)))
            dentist = s.save(Service.list(entry={"name": "Dentist (fictional)"}))
        yield House(kit, clock, wire, ana, maya, dentist)


def test_many_that_cannot_go_do_not_hold_up_one_that_can(house: House) -> None:
    by_post = house.recipient("")
    for _ in range(4):
        house.send(by_post)
    for _ in range(2):
        house.kit.deliver(limit=2)
    house.send(house.recipient("wire:clinic"))
    for _ in range(3):
        house.kit.deliver(limit=2)
    assert [to for to in house.wire.sent if to != "ana"] == ["clinic"]  # ana hears once that tasks are due


def test_one_that_cannot_be_read_does_not_hold_up_the_others(house: House) -> None:
    clinic = house.recipient("wire:clinic")
    made = stage(
        Referral.begin(person=house.maya, service=house.service, recipient=clinic, need="x"),
        Actor.system("damage"),
        house.kit.codec,
    ).change
    damaged = attrs.evolve(made, body=b'{"need":7}', idx={**made.idx, "state": "sent"})
    house.kit.storage.commit(Batch((damaged,), house.clock.now()))
    house.send(clinic)
    house.kit.deliver()
    assert house.wire.sent == ["clinic"]


def _meanwhile(house: House, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen between looking for what is to go and taking its lease."""
    real = house.kit.storage.mark
    waiting = [happens]

    def mark(name: str, value: str | None, **expect: Any) -> bool:
        if name.startswith("post:") and waiting:
            waiting.pop()()
        return real(name, value, **expect)

    monkeypatch.setattr(house.kit.storage, "mark", mark)


def test_one_that_the_person_took_back_meanwhile_does_not_go(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = house.send(house.recipient("wire:clinic"))

    def recall() -> None:
        with house.kit.session(actor=house.maya) as s:
            s.save(s.get(Referral, referral.id).recall(reason="person_asked"))

    _meanwhile(house, monkeypatch, recall)
    house.kit.deliver()
    assert house.wire.sent == []
    assert house.kit.storage.marks("post:") == {}


def test_one_that_another_delivery_has_handed_over_meanwhile_does_not_go_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.send(house.recipient("wire:clinic"))
    _meanwhile(house, monkeypatch, house.kit.deliver)
    house.kit.deliver()
    assert house.wire.sent == ["clinic"]


def test_what_somebody_asks_for_on_their_first_day_goes_that_day(house: House) -> None:
    """People who are new stay out of what leaves in bulk, and of nothing that they asked for."""
    assert house.kit.program.embargo_days > 0
    house.send(house.recipient("wire:clinic"))
    house.kit.deliver()
    assert house.wire.sent == ["clinic"]


def test_after_a_death_that_was_taken_back_what_they_ask_for_goes_again(house: House) -> None:
    house.send(house.recipient("wire:clinic"))
    with house.kit.session(actor=house.ana) as s:
        s.save(s.get(Person, house.maya).mark_died())
    with house.kit.session(actor=house.ana) as s:
        s.save(s.get(Person, house.maya).not_died())
    house.kit.deliver()
    assert house.wire.sent == []  # what was recalled stays so, until they ask for it again
    house.send(house.recipient("wire:other"))
    house.kit.deliver()
    assert house.wire.sent == ["other"]


def test_nothing_about_somebody_who_died_goes_out(house: House) -> None:
    house.send(house.recipient("wire:clinic"))
    draft = house.recipient("wire:other")
    with house.kit.session(actor=house.maya) as s:
        s.save(Referral.begin(person=house.maya, service=house.service, recipient=draft, need="a dentist"))
    with house.kit.session(actor=house.ana) as s:
        s.save(s.get(Person, house.maya).mark_died())
    house.kit.deliver()
    assert house.wire.sent == []
    with house.kit.session(actor=Actor.system("test")) as s:
        assert {one.state for one in s.find(Referral)} == {"recalled"}
