# SPDX-License-Identifier: Apache-2.0
"""Withdrawing with a referral open, a notice queued and an export running: all three stop, and why."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from aiosmtpd.controller import Controller

import peerkit
from peerkit import (
    Consent,
    Decision,
    GoalPlan,
    Notice,
    Person,
    Recipient,
    Referral,
    Refused,
    Service,
    Task,
    Withheld,
)
from peerkit.gate import Wanted
from peerkit.testing import TimeMachine

SETTINGS = {
    "name": "River House (fictional)",
    "coordinator": {"name": "Ana (fictional)", "reach": ["email:ana@example.org"]},
    "path": [{"role": "coordinator", "minutes": 30}],
    "notifiers": ["email"],
    "embargo_days": 0,
}
PURPOSES = ("referral", "notice", "export")
CLASSES = ("identity", "contact", "own")


def library(house: Any) -> Any:
    """A service that anybody may be referred to."""
    made = house.kit.new(lambda: Service.list(entry={"name": "Example dentist (fictional)"}))
    house.kit.write([made])
    return made


class Mailbox:
    """Takes everything."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if envelope.rcpt_tos == ["clinic@example.org"]:  # the coordinator's daily digest is another thing
            self.taken.append(envelope)
        return "250 taken"


@attrs.define
class House:
    """A program with a mailbox beside it that takes everything."""

    kit: peerkit.Kit
    clock: TimeMachine
    mailbox: Any
    ana: str
    maya: Person
    clinic: Recipient

    def save(self, record: Any, actor: Any = None) -> Any:
        with self.kit.session(actor=actor or self.maya) as s:
            return s.save(record)

    def give(self, purpose: str) -> Any:
        return self.save(
            Consent.give(person=self.maya, recipient=self.clinic, classes=CLASSES, purpose=purpose)
        )

    def every(self, kind: Any) -> list[Any]:
        with self.kit.session(actor=self.maya) as s:
            return list(s.find(kind))

    def queue(self, **details: Any) -> Any:
        return self.save(
            Notice.queue(person=self.maya, recipient=self.clinic, words="Not on Monday.", **details)
        )


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mail: Any) -> Iterator[House]:
    mailbox, port = mail
    for key, value in {"HOST": "127.0.0.1", "PORT": port, "TLS": "none", "SENDER": "us@example.org"}.items():
        monkeypatch.setenv(f"PEERKIT_EMAIL_{key}", value)
    clock = TimeMachine()
    url = f"sqlite:///{tmp_path / 'house.db'}"
    with peerkit.open(url, settings=SETTINGS, clock=clock, discover=False) as kit:
        ana = kit._find_all("appointment")[0].person
        with kit.session(actor=ana) as s:
            maya = s.save(Person.enrol(name="Maya (fictional)"))
            clinic = s.save(Recipient.add(name="Clinic (fictional)", address="email:clinic@example.org"))
        yield House(kit, clock, mailbox, ana, maya, clinic)


@pytest.fixture
def mail() -> Iterator[tuple[Any, str]]:
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    yield mailbox, str(port)
    server.stop()


@pytest.mark.parametrize("how", ["withdraw", "refuse", "refuse everybody"])
def test_all_three_stop_and_the_log_says_why(house: House, how: str) -> None:
    given = [house.give(purpose) for purpose in PURPOSES]
    for hopes in ("Sleep", "Walk"):
        house.save(GoalPlan.begin(person=house.maya, hopes=hopes))
    referral = house.save(
        Referral.begin(
            person=house.maya, service=library(house), recipient=house.clinic, need="a dentist"
        ).send()
    )
    notice = house.queue()
    export = house.kit.disclose(Wanted(GoalPlan, size=1), to=house.clinic, purpose="export", actor=house.maya)
    assert len(next(export)) == 1  # it runs

    with house.kit.session(actor=house.maya) as s:
        if how == "withdraw":
            for one in given:
                s.save(s.get(Consent, one.id).withdraw())
        elif how == "refuse":
            for purpose in PURPOSES:
                s.save(
                    Consent.refuse(
                        person=house.maya, recipient=house.clinic, classes=CLASSES, purpose=purpose
                    )
                )
        else:
            s.save(Consent.refuse(person=house.maya))

    rest = list(export)
    report = house.kit.deliver()
    assert [(len(page), page.withheld) for page in rest] == [(0, 1)]
    assert (report.referrals, report.notices, house.mailbox.taken) == (0, 0, [])
    (recalled,), (stopped,), (held,) = house.every(Referral), house.every(Notice), house.every(Withheld)
    assert (recalled.id, recalled.state, recalled.reason) == (referral.id, "recalled", "consent_withdrawn")
    assert (stopped.id, stopped.state, stopped.reason) == (notice.id, "stopped", "consent_withdrawn")
    assert held.cause == ("withdrawn" if how == "withdraw" else "refused")
    assert held.word in {one.id for one in house.every(Consent)}
    told = [one.text for one in house.kit.log(actor=house.maya)]  # and in plain words
    why = "you took your consent back" if how == "withdraw" else "you said that it is not to be shared"
    assert f"Clinic (fictional) did not receive your goal plan, for export: {why}." in told
    assert "peerkit itself decided: recall (your referral)." in told
    assert "peerkit itself decided: stop (your notice)." in told


def test_a_notice_goes_when_it_is_due_with_the_words_and_nothing_more(house: House) -> None:
    house.save(Consent.give(person=house.maya, recipient=house.clinic, classes=("own",), purpose="notice"))
    house.queue(due=house.clock.now() + timedelta(hours=2))
    assert house.kit.deliver().notices == 0
    house.clock.forward(hours=2)
    assert [house.kit.deliver().notices for _ in range(2)] == [1, 0]
    (mail,) = house.mailbox.taken
    text = mail.content.decode()
    assert "Not on Monday." in text
    assert "Maya" not in text
    assert house.every(Notice)[0].state == "gone"


def test_a_notice_needs_consent_when_it_is_written_and_when_it_goes(house: House) -> None:
    with pytest.raises(Refused, match="no consent lets this recipient have this notice"):
        house.queue()
    until = house.clock.now() + timedelta(days=1)
    house.save(
        Consent.give(
            person=house.maya, recipient=house.clinic, classes=CLASSES, purpose="notice", until=until
        )
    )
    with pytest.raises(Refused, match="no consent"):
        house.queue(due=until)
    house.queue()
    house.clock.forward(days=2)
    for _ in range(3):
        assert house.kit.deliver().notices == 0
        house.clock.forward(hours=1)
    assert house.mailbox.taken == []
    assert [one.state for one in house.every(Notice)] == ["stopped"]  # and somebody hears of it, once
    with house.kit.session(actor=house.ana) as s:
        (task,) = s.find(Task, what="consent-for-notice")
    assert task.person == house.maya.id


def test_the_person_stops_a_notice_by_any_means_and_nobody_else_does(house: House) -> None:
    house.give("notice")
    notice = house.queue()
    with pytest.raises(Refused, match="decided by the person"):
        house.save(notice.stop(), house.ana)
    said = Decision.of(house.maya, how="spoken")
    assert house.save(notice.stop(by=said), house.ana).state == "stopped"
    assert house.kit.deliver().notices == 0


def test_nothing_of_somebody_who_died_goes_out(house: House) -> None:
    house.give("notice")
    house.queue()
    with house.kit.session(actor=house.ana) as s:
        s.save(s.get(Person, house.maya.id).mark_died())
    assert house.kit.deliver().notices == 0
    with house.kit.session(actor=peerkit.Actor.system("test")) as s:
        assert [one.reason for one in s.find(Notice)] == ["person_died"]
