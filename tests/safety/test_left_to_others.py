# SPDX-License-Identifier: Apache-2.0
"""A worker that can tell nobody leaves an alert to whoever has another channel, who does not wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import peerkit
from peerkit import Person
from peerkit.model.response import NEEDS

YES = True


@pytest.fixture(params=["nothing", "console"])
def bare(request: pytest.FixtureRequest, opened: Any, tmp_path: Any) -> Iterator[Any]:
    """A world whose kit has two channels, and another worker of its store that has none, or the console."""
    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    world = opened(url, more={"notifiers": ["wire", "bell", "console"]})
    for name in ("sam", "cora", "ola"):
        world.change(name, reach=[f"wire:{name}", *(["console:"] if request.param == "console" else [])])
    with peerkit.open(url, discover=False, clock=world.clock) as kit:
        yield world, kit


def urgent(kit: Any, world: Any) -> Any:
    with kit.session(actor=world.ola) as s:
        screen = s.screening("asq", world.maya)
    screen.answer("q5", YES)
    return screen


def hour(world: Any, *kits: Any, minutes: int = 60) -> None:
    """The one that can tell nobody is always the first."""
    for _ in range(minutes):
        for kit in kits:
            kit.deliver()
        world.clock.forward(minutes=1)


def test_what_one_worker_can_tell_nobody_another_tells_with_its_next_run(bare: Any) -> None:
    world, kit = bare
    urgent(kit, world)
    assert world.wire.to == []
    hour(world, kit, world.kit, minutes=1)
    assert "sam" in world.wire.to
    hour(world, kit, world.kit, minutes=59)
    assert "cora" in world.wire.to
    assert world.alert().climbs <= 16
    assert len(world.wire.to) <= 16


def test_two_that_can_both_tell_nobody_do_not_take_turns(bare: Any) -> None:
    world, kit = bare
    world.wires.wire.broken |= {"sam", "ola", "cora"}
    urgent(kit, world)
    hour(world, kit, world.kit)
    assert world.alert().climbs <= 4 * 13  # sam, cora, nobody, each five minutes, and once where left


def by_console(world: Any) -> bool:
    with world.kit.session(actor=world.cora) as s:
        return "console:" in s.get(Person, world.cora).reach


@pytest.mark.parametrize("how", ["handed on", "spoken again"])
def test_nor_does_whoever_an_alert_is_handed_on_to_wait(bare: Any, how: str) -> None:
    world, kit = bare
    screen = urgent(kit, world)
    hour(world, kit, world.kit, minutes=2)
    world.acknowledge("sam")
    world.wires.wire.sent.clear()
    world.clock.forward(minutes=1)
    if how == "spoken again":
        screen.answer("q5", YES)
    else:
        there = kit if by_console(world) else world.kit  # else it can name nobody
        with there.session(actor=world.sam) as s:
            s.hand_on(world.alert().id, to=world.cora)
    hour(world, kit, world.kit, minutes=1)
    assert ("cora" if how == "handed on" else "sam") in world.wire.to


def test_nor_does_one_that_cannot_be_read(bare: Any) -> None:
    world, kit = bare
    urgent(world.kit, world)
    world.darken()
    world.wires.wire.sent.clear()
    hour(world, kit, world.kit, minutes=1)
    assert world.wire.to == ["cora"]
    hour(world, kit, world.kit, minutes=58)
    assert world.wire.to == ["cora"]  # hourly


def test_what_was_left_to_others_and_is_closed_leaves_nothing_behind(bare: Any) -> None:
    world, kit = bare
    urgent(kit, world)
    kit.deliver()
    world.acknowledge("sam")
    world.respond("sam", "close_incomplete", reasons=dict.fromkeys(NEEDS, "unreachable"))
    hour(world, kit, minutes=62)
    assert not world.kit.storage.marks("claim:")


def test_where_the_console_is_everywhere_nothing_is_left(opened: Any) -> None:
    world = opened()
    urgent(world.kit, world)
    world.kit.deliver()
    assert not world.kit.storage.marks("claim:")
