# SPDX-License-Identifier: Apache-2.0
"""Somebody with an address that works is reached, whichever of theirs that is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from peerkit import Person, hookimpl
from peerkit.delivery import sending
from peerkit.delivery.channels import NotSent
from peerkit.hooks import NotifierChannel, Supply
from peerkit.safety.lane import CLAIM, Lease

YES = True


def reach(world: Any, *addresses: str) -> None:
    world.change("cora", reach=addresses)
    world.wire.broken |= {"sam", "sue", "ola"}


def some_time(world: Any) -> None:
    for _ in range(4):
        world.clock.forward(minutes=6)
        world.kit.deliver()


@pytest.mark.parametrize("item", ["q1", "q5"], ids=["today", "now"])
def test_the_second_channel_is_tried_where_the_first_fails(world: Any, item: str) -> None:
    reach(world, "wire:dead", "bell:cora")
    world.wire.broken.add("dead")
    world.screen().answer(item, YES)
    some_time(world)
    assert "cora" in world.wires.bell.to


@pytest.mark.parametrize("item", ["q1", "q5"], ids=["today", "now"])
def test_the_second_address_of_one_channel_is_tried_where_the_first_fails(world: Any, item: str) -> None:
    reach(world, "wire:old", "wire:cora", "bell:none")
    world.wire.broken.add("old")
    world.wires.bell.broken.add("none")
    world.screen().answer(item, YES)
    some_time(world)
    assert "cora" in world.wire.to


def test_a_channel_that_took_it_is_not_asked_twice(world: Any) -> None:
    world.change("sam", reach=("wire:sam", "wire:sam-at-home", "bell:sam", "bell:sam-at-home"))
    world.screen(by="ola").answer("q5", YES)
    assert (world.wire.to, world.wires.bell.to) == (["sam"], ["sam"])


@pytest.mark.parametrize("code", ["", None, 7, ["x"], "\ud800", " ", "x" * 1000])
def test_a_message_that_was_not_sent_is_never_taken_for_sent(world: Any, code: Any) -> None:
    def fail(message: Any) -> None:
        if message.to == "sam":
            raise NotSent("wire", code, "it did not go")

    world.wire.on_send = fail
    world.screen(by="ola").answer("q5", YES)
    assert world.wire.to == ["cora"]
    assert [(d.result, d.code) for d in world.all("delivery") if d.to == world.sam] == [
        ("failed", "not-sent")
    ]


class Half:
    """A plugin whose channel lacks what every channel says of itself."""

    name = "half"

    def __init__(self, made: object) -> None:
        self.made = made

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        yield NotifierChannel("half", lambda _: self.made)  # type: ignore[arg-type, return-value]


class Bare:
    def send(self, message: object) -> None: ...


class Failing(Bare):
    @property
    def real(self) -> bool:
        raise KeyError("half")


@pytest.mark.parametrize("made", [Bare(), Failing(), None, 7], ids=["bare", "failing", "none", "a number"])
def test_a_channel_that_is_none_takes_no_other_with_it(opened: Any, made: object) -> None:
    world = opened(plugins=[Half(made)], more={"notifiers": ["half", "wire", "bell"]})
    world.screen(by="ola").answer("q5", YES)
    assert world.wire.to == ["sam"]
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.wire.to == ["sam", "cora"]
    assert "channel" in {problem.code for problem in world.kit.health().problems}


def test_who_died_between_the_climb_and_the_notice_gets_none_and_the_next_is_asked(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    world.wire.sent.clear()  # as if the process had died with the alert climbed and the notice unsent
    world.kit.storage.mark(CLAIM + world.alert().id, Lease.take(world.clock.now()).text)
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Person, world.sam).mark_died())
    world.clock.forward(seconds=61)
    world.kit.deliver()
    assert world.wire.to == ["cora"]


def test_a_channel_that_hung_holds_up_the_alerts_behind_once_alone(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending.hand_over, "__defaults__", (0.05,))
    world.change("cora", reach=("wire:cora", "bell:cora"))
    for _ in range(5):
        world.screen(by="sam").answer("q5", YES)
    world.wire.sent.clear()
    world.wires.bell.sent.clear()
    world.wire.hung = {"ola", "cora"}
    world.clock.forward(minutes=11)
    world.kit.deliver()
    came = {one.about for one in world.all("delivery") if (one.to, one.channel) == (world.cora, "bell")}
    assert came == {alert.id for alert in world.alerts}
    assert world.wires.bell.to == ["cora"] * 2  # the first, and the other four in one notice
    waited = [one for one in world.all("delivery") if (one.to, one.code) == (world.cora, "timeout")]
    assert len(waited) == 1
