# SPDX-License-Identifier: Apache-2.0
"""A referral really goes out: through the gate, over SMTP, asked anew at each attempt."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from aiosmtpd.controller import Controller

import peerkit
from peerkit import Appointment, Consent, Disclosure, Person, Recipient, Referral, Service, Task
from peerkit.delivery import confirm_time
from peerkit.model.actor import Actor
from peerkit.testing import TimeMachine

SETTINGS = {
    "name": "River House",
    "coordinator": {"name": "Ana", "reach": ["email:ana@example.org"]},
    "path": [{"role": "coordinator", "minutes": 30}],
    "notifiers": ["email"],
}


class Mailbox:
    """What a real server took; it can say no."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []
        self.refusing = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusing:
            return "451 not now"
        self.mails.append((envelope.rcpt_tos[0], envelope.content.decode()))
        return "250 taken"


@attrs.define
class House:
    kit: peerkit.Kit
    clock: TimeMachine
    mailbox: Mailbox
    ana: str
    maya: Person
    clinic: Recipient

    def send(self) -> Referral:
        with self.kit.session(actor=self.maya) as s:
            referral = s.save(
                Referral.begin(
                    person=self.maya,
                    service=self.clinic.service,
                    recipient=self.clinic,
                    need="a dentist",
                    words="Mornings are best.",
                )
            )
            s.save(
                Consent.give_once(
                    person=self.maya,
                    recipient=self.clinic,
                    referral=referral,
                    classes=("identity", "contact", "own"),
                )
            )
            return s.save(referral.send())

    def get(self, referral: Referral) -> Referral:
        with self.kit.session(actor=self.maya) as s:
            return s.get(Referral, referral.id)

    def tasks(self) -> list[str]:
        with self.kit.session(actor=self.ana) as s:
            return [task.what for task in s.find(Task, state="open")]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    mailbox, clock = Mailbox(), TimeMachine()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    for key, value in {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TLS": "none",
        "SENDER": "us@example.org",
    }.items():
        monkeypatch.setenv(f"PEERKIT_EMAIL_{key}", value)
    try:
        url = f"sqlite:///{tmp_path / 'house.db'}"
        with peerkit.open(url, settings=SETTINGS, clock=clock, discover=False) as kit:
            ana = kit._find_all("appointment")[0].person
            with kit.session(actor=ana) as s:
                maya = s.save(Person.enrol(name="Maya", reach=("phone:555-0100",), access_needs="a ramp"))
                dentist = s.save(Service.list(entry={"name": "Dentist"}))
                clinic = s.save(
                    Recipient.add(name="Clinic", address="email:clinic@example.org", service=dentist)
                )
            yield House(kit, clock, mailbox, ana, maya, clinic)
    finally:
        server.stop()


def test_it_goes_out_once_with_what_consent_opens(house: House) -> None:
    referral = house.send()
    assert house.kit.deliver().referrals == 1
    assert house.kit.deliver().referrals == 0
    ((to, mail),) = house.mailbox.mails
    assert to == "clinic@example.org"
    for expected in ("Maya", "a dentist", "Mornings are best.", "phone: 555-0100"):
        assert expected in mail
    assert "Subject: A referral" in mail
    assert house.get(referral).handed_over


def test_the_person_sees_what_left(house: House) -> None:
    referral = house.send()
    house.kit.deliver()
    with house.kit.session(actor=house.maya) as s:
        left = {record for one in s.find(Disclosure) for record in one.records}
    assert left == {referral.id, house.maya.id}


def test_a_consent_withdrawn_before_it_went_keeps_it_here(house: House) -> None:
    referral = house.send()
    with house.kit.session(actor=house.maya) as s:
        (consent,) = s.find(Consent)
        s.save(consent.withdraw())
    house.kit.deliver()
    assert house.mailbox.mails == []
    assert house.get(referral).state == "recalled"


def test_a_server_that_refuses_makes_a_task_and_it_is_tried_again(house: House) -> None:
    house.mailbox.refusing = True
    referral = house.send()
    assert house.kit.deliver().failed == 1
    assert "hand-over-referral" in house.tasks()
    house.mailbox.refusing = False
    assert house.kit.deliver().referrals == 0, "it waits a while before the next attempt"
    house.clock.forward(minutes=11)
    assert house.kit.deliver().referrals == 1
    assert house.get(referral).handed_over
    assert house.tasks().count("hand-over-referral") == 1


def _told(house: House) -> list[str]:
    """What the person's own log says of the recipient."""
    return [one.text for one in house.kit.log(actor=house.maya.id) if one.text.startswith("Clinic")]


def test_the_person_hears_that_it_arrived_only_when_it_did_and_once(house: House) -> None:
    house.mailbox.refusing = True
    house.send()
    for _ in range(3):
        house.kit.deliver()
        house.clock.forward(minutes=11)
    before = _told(house)
    assert before
    assert all("was to receive" in one for one in before)
    house.mailbox.refusing = False
    house.kit.deliver()
    after = _told(house)
    assert len(after) == len(before)
    assert all("Clinic received" in one for one in after)


def done_and_again_after_a_day(house: House) -> None:
    """The task is done, the letter does not go: nobody is asked for half a day, and somebody after one."""
    with house.kit.session(actor=house.ana) as s:
        (task,) = s.find(Task, what="hand-over-referral", state="open")
        s.save(task.done())
    house.clock.forward(hours=12)
    house.kit.deliver()
    assert "hand-over-referral" not in house.tasks()
    house.clock.forward(hours=13)
    house.kit.deliver()


def test_a_letter_that_still_does_not_go_when_its_task_is_done_is_a_task_again(house: House) -> None:
    house.mailbox.refusing = True
    house.send()
    house.kit.deliver()
    done_and_again_after_a_day(house)
    house.clock.forward(hours=20)
    house.kit.deliver()
    assert house.tasks().count("hand-over-referral") == 1


def test_it_is_also_where_the_feeds_own_time_stands_still(house: House) -> None:
    """A clock that was ahead for a while: the feed's instants wait for it, and a day goes by all the same."""
    house.clock.forward(days=40)
    with house.kit.session(actor=house.ana) as s:
        s.save(Recipient.add(name="Another"))
    house.clock.back(days=40)
    confirm_time(house.kit, Actor(house.ana))
    house.mailbox.refusing = True
    house.send()
    house.kit.deliver()
    for _ in range(2):
        done_and_again_after_a_day(house)


def test_its_task_is_not_of_whom_the_person_complained_about(house: House) -> None:
    house.mailbox.refusing = True
    house.send()
    with house.kit.session(actor=house.ana) as s:
        other = s.save(Person.enrol(name="Ben", reach=("email:ben@example.org",)))
    with house.kit.session(actor=house.ana) as s:
        s.save(Appointment.give(other, "coordinator"))
    house.kit.concern("Ana hurt me", house.maya, house.maya, names=[house.ana])
    house.kit.deliver()
    [task] = [one for one in house.kit._find_all("task") if one.what == "hand-over-referral"]
    assert task.owner == other.id


def test_a_recipient_without_an_address_is_a_task_for_whoever_the_person_is_with(house: House) -> None:
    with house.kit.session(actor=house.ana) as s:
        house.clinic = s.save(Recipient.add(name="By hand", service=house.clinic.service))
    house.send()
    house.kit.deliver()
    assert "hand-over-referral" in house.tasks()
