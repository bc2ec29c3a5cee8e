# SPDX-License-Identifier: Apache-2.0
"""The daily digest: how much is due, to whom, over what, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from due_tasks import away, give

import peerkit
from peerkit import (
    Actor,
    Consent,
    DutyReport,
    Notice,
    Recipient,
)
from peerkit.errors import Refused

DAY = timedelta(days=1)
BOT = Actor.system("test")


def texts(world: Any, to: str) -> list[str]:
    return [message.text for message in world.wire.sent if message.to == to]


@pytest.fixture
def morning(world: Any) -> Any:
    world.clock.wall("2027-01-12 08:00", "America/Toronto")
    with world.kit.session(actor=world.cora) as s:
        s.save(world.kit.program.update(settings={"digest_at": "09:00"}))
    world.kit.deliver()
    return world


def test_once_a_day_everybody_hears_how_much_is_due_and_nothing_else(morning: Any) -> None:
    world = morning
    give(world, "ola", "secret-of-maya")
    give(world, "ola", "later-today", days=0.4)
    give(world, "ola", "tomorrow", days=1)
    assert world.kit.deliver().digests == 0
    world.clock.forward(hours=1)
    assert world.kit.deliver().digests == 1
    assert world.kit.deliver().digests == 0
    (text,) = texts(world, "ola")
    assert text == "2 things are due from you. Please open your work app."
    world.clock.forward(hours=23)
    world.kit.deliver()
    assert len(texts(world, "ola")) == 1
    world.clock.forward(hours=1)
    world.kit.deliver()
    assert texts(world, "ola")[1].startswith("3 things")


def test_whoever_stands_in_hears_of_it_too(morning: Any) -> None:
    give(morning, "sam")
    away(morning, "sam", cover="ola")
    morning.clock.forward(hours=2)
    assert morning.kit.deliver().digests == 2
    assert texts(morning, "ola") == [
        "2 things are due from you. Please open your work app."
    ]  # to cover, and it


def test_whoever_stands_in_hears_nothing_of_what_is_due_in_person(morning: Any) -> None:
    with morning.kit.session(actor=morning.people["sam"]) as s:
        s.save(DutyReport.consider("child-protection", author=morning.people["sam"]))
    away(morning, "sam", cover="ola")
    morning.clock.forward(hours=2)
    morning.kit.deliver()
    assert texts(morning, "sam") == ["1 thing is due from you. Please open your work app."]
    assert texts(morning, "ola") == ["1 thing is due from you. Please open your work app."]  # to cover


def test_what_is_due_in_person_waits_for_no_next_morning(morning: Any) -> None:
    sam = morning.people["sam"]
    morning.clock.forward(hours=4)
    give(morning, "ola")
    morning.kit.deliver()  # today's digest has gone
    with morning.kit.session(actor=sam) as s:
        report = s.save(DutyReport.consider("child-protection", author=sam))
    morning.clock.forward(hours=4)
    assert morning.kit.deliver().digests == 1  # at noon there was nothing for sam: now there is
    morning.clock.forward(hours=1)
    assert morning.kit.deliver().digests == 1  # 17:00, and he has not said what he did
    assert morning.kit.deliver().digests == 0
    assert texts(morning, "sam") == ["1 thing is due from you. Please open your work app."] * 2
    assert len(texts(morning, "ola")) == 1
    morning.clock.forward(hours=24)
    with morning.kit.session(actor=sam) as s:
        s.save(report.not_reported(reason="It was long ago"))
    morning.kit.deliver()
    assert len(texts(morning, "sam")) == 2


def test_a_coordinator_gets_the_head_which_proves_what_was_before(morning: Any) -> None:
    world = morning
    give(world, "cora")
    world.clock.forward(hours=1)
    world.kit.deliver()
    (text,) = texts(world, "cora")
    head = text.rpartition(" ")[2]
    give(world, "cora")
    assert world.kit.verify(head=head).anchored
    assert not world.kit.verify(head="1" * 64).anchored


@pytest.mark.parametrize("how", ["not_by", "hours", "gone", "off"])
def test_it_keeps_to_what_somebody_wants(morning: Any, how: str) -> None:
    world = morning
    give(world, "sam")
    if how == "not_by":
        world.change("sam", not_by=("wire",))
    elif how == "hours":
        world.change("sam", hours="mon-fri 20:00-21:00")
    elif how == "off":
        with world.kit.session(actor=world.cora) as s:
            s.save(world.kit.program.update(settings={"digest_at": ""}))
    else:
        with world.kit.session(actor=world.sam) as s:
            s.save(s.get(peerkit.Person, world.sam).leave())
    world.clock.forward(hours=1)
    world.kit.deliver()
    assert texts(world, "sam") == []
    if how == "hours":
        world.clock.wall("2027-01-12 20:30", "America/Toronto")
        world.kit.deliver()
        assert len(texts(world, "sam")) == 1


def test_a_digest_that_cannot_be_sent_is_written_down_and_holds_up_nobody(morning: Any) -> None:
    world = morning
    world.wire.broken = {"ola"}
    give(world, "ola")
    give(world, "sam")
    world.clock.forward(hours=1)
    report = world.kit.deliver()
    assert (report.digests, report.failed) == (1, 1)
    assert texts(world, "sam")


def test_a_channel_that_hangs_costs_the_digest_one_wait_and_nobody_their_digest(
    morning: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peerkit.delivery import sending

    monkeypatch.setattr(sending.hand_over, "__defaults__", (0.05,))
    world = morning
    world.change("sue", reach=("bell:sue",))
    tried: list[str] = []
    world.wire.on_send = lambda message: tried.append(message.to)
    world.wire.hung = {"ola", "sam"}
    for who in ("ola", "sam", "sue"):
        give(world, who)
    world.clock.forward(hours=1)
    report = world.kit.deliver()
    assert (report.digests, report.failed, len(tried)) == (1, 1, 1)
    assert world.wires.bell.to == ["sue"]
    world.wire.hung = set()
    assert world.kit.deliver().digests == 1
    assert set(tried) == {"ola", "sam"}


def test_a_slow_digest_goes_on_with_the_next_run_and_leaves_the_letters_their_time(morning: Any) -> None:
    world = morning
    names = [f"kim{n}" for n in range(9)]
    for name in names:
        world.enrol(name)
        give(world, name)
    with world.kit.session(actor=world.cora) as s:
        clinic = s.save(Recipient.add(name="Clinic", address="wire:clinic"))
    with world.kit.session(actor=world.maya) as s:
        s.save(Consent.give(person=world.maya, recipient=clinic, classes=("own",), purpose="notice"))
        s.save(Notice.queue(person=world.maya, recipient=clinic, words="I will not come"))
    world.clock.forward(hours=1)
    world.wire.on_send = lambda _message: world.clock.forward(seconds=8)
    began = world.clock.now()
    report = world.kit.deliver()
    assert report.notices == 1
    assert 0 < report.digests < len(names)
    assert world.clock.now() - began < timedelta(minutes=1)
    while world.kit.deliver().digests:
        pass
    assert sorted(to for to in world.wire.to if to.startswith("kim")) == names


@pytest.mark.parametrize("hour", ["tea time", "24:00"])
def test_hours_that_are_none_are_refused(world: Any, hour: str) -> None:
    with pytest.raises(Refused, match=r"settings\.digest_at"), world.kit.session(actor=world.cora) as s:
        s.save(world.kit.program.update(settings={"digest_at": hour}))
    assert world.kit.program.digest_at == ""
