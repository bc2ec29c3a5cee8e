# SPDX-License-Identifier: Apache-2.0
"""A worker that can tell nobody leaves an alert to whoever has another channel, who does not wait."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import peerkit
from peerkit import Person, hookimpl
from peerkit.delivery import carrying
from peerkit.hooks import NotifierChannel
from peerkit.model.response import NEEDS
from peerkit.safety.lane import Lease

YES = True


@pytest.fixture(params=["nothing", "console"])
def bare(request: pytest.FixtureRequest, opened: Any, tmp_path: Any) -> Iterator[Any]:
    """A world whose kit has two channels, and another worker of its store that has none, or the console."""
    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    world = opened(url, more={"notifiers": ["wire", "bell", "console"]})
    for name in ("sam", "cora", "ola"):
        world.change(name, reach=[f"wire:{name}", *(["console:desk"] if request.param == "console" else [])])
    with peerkit.open(url, discover=False, clock=world.clock) as kit:
        yield world, kit


def urgent(kit: Any, world: Any, by: str = "ola") -> Any:
    with kit.session(actor=world.people[by]) as s:
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


def test_the_path_goes_on_in_its_order_behind_one_that_reaches_nobody(bare: Any) -> None:
    world, kit = bare
    urgent(kit, world, by="sue")
    hour(world, kit, world.kit, minutes=39)
    assert world.wire.to == ["sam", "ola", "cora"]
    hour(world, kit, world.kit, minutes=120)
    assert world.wire.to.count("ola") >= 3


def test_whom_a_concern_reaches_first_is_told_first(bare: Any) -> None:
    world, kit = bare
    world.enrol("fay")
    kit.concern("It has not come down since noon", world.maya, first=world.fay)
    hour(world, kit, world.kit, minutes=30)
    assert world.wire.to[:3] == ["fay", "sam", "ola"]


@pytest.mark.parametrize("every", [7, 15])
def test_nor_is_anybody_passed_over_who_is_asked_by_one_that_runs_seldom(bare: Any, every: int) -> None:
    world, kit = bare
    urgent(kit, world, by="sue")
    for minute in range(4 * 60):
        for one in (kit, world.kit) if minute % every == every - 1 else (kit,):
            one.deliver()
        world.clock.forward(minutes=1)
    assert "ola" in world.wire.to[:3]


def test_two_that_have_the_same_channels_tell_what_is_left_once(
    bare: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where both have seen that it is left before one of them takes it."""
    from peerkit.delivery import running

    world, kit = bare
    urgent(kit, world)
    url, take = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off", running.take
    with peerkit.open(url, plugins=[world.wires], discover=False, clock=world.clock) as third:

        def late(which: Any, *args: Any, **more: Any) -> Any:
            if which is third:
                world.kit.deliver()
            return take(which, *args, **more)

        monkeypatch.setattr(running, "take", late)
        third.deliver()
    assert world.wire.to == ["sam"]


def test_one_whose_only_other_channel_is_dead_undoes_nothing(opened: Any, tmp_path: Any) -> None:
    """Where somebody was told for sure, nothing is left."""

    class Less:
        name = "wires"

        @hookimpl
        def peerkit_supply(self) -> list[Any]:
            return [NotifierChannel("wire", lambda _: world.wire)]

    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    world = opened(url)
    for name in ("ola", "cora"):
        world.change(name, reach=[f"wire:{name}", f"bell:{name}"])
    world.change("sam", reach=[])
    world.wires.bell.broken |= {"ola", "cora"}
    with peerkit.open(url, plugins=[Less()], discover=False, clock=world.clock) as kit:
        urgent(kit, world, by="sue")
        hour(world, kit, world.kit, minutes=29)
    assert world.wire.to == ["ola", "cora"]


def test_whoever_comes_after_one_that_died_with_what_was_left_tells_it(
    bare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the one that had left it: the other one may not come back."""
    world, kit = bare
    urgent(kit, world)
    kit.deliver()

    def dying(*_args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(carrying, "notify", dying)
    with pytest.raises(KeyboardInterrupt):
        world.kit.deliver()
    monkeypatch.undo()
    world.clock.forward(seconds=61)
    (text,) = world.kit.storage.marks("claim:").values()
    assert Lease.read(text).over(world.clock.now())
    kit.deliver()
    (after,) = world.kit.storage.marks("claim:").values()
    assert after != text  # it has tried it anew
    world.kit.deliver()
    assert world.wire.to == ["sam"]


def test_what_is_left_holds_up_no_former_peerkit(bare: Any) -> None:
    """It reads the mark as a lease, which is over."""
    world, kit = bare
    urgent(kit, world)
    kit.deliver()
    (text,) = world.kit.storage.marks("claim:").values()
    held = json.loads(text)
    assert held["until"] == held["at"]


def test_two_that_can_both_tell_nobody_do_not_take_turns(bare: Any) -> None:
    world, kit = bare
    world.wires.wire.broken |= {"sam", "ola", "cora"}
    urgent(kit, world)
    hour(world, kit, world.kit)
    assert world.alert().climbs <= 5 * 13  # no more than each five minutes, and once where it is left


def by_console(world: Any) -> bool:
    with world.kit.session(actor=world.cora) as s:
        return "console:desk" in s.get(Person, world.cora).reach


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


def test_one_that_cannot_be_read_is_told_again_over_a_channel_that_failed_once(bare: Any) -> None:
    world, kit = bare
    urgent(world.kit, world)
    world.darken()
    world.wires.wire.sent.clear()
    world.wires.wire.broken.add("cora")
    hour(world, kit, world.kit, minutes=5)
    world.wires.wire.broken.clear()
    hour(world, kit, world.kit, minutes=180)
    assert world.wire.to.count("cora") >= 1


def test_what_was_left_to_others_and_is_closed_leaves_nothing_behind(bare: Any) -> None:
    world, kit = bare
    urgent(kit, world)
    kit.deliver()
    world.acknowledge("sam")
    world.respond("sam", "close_incomplete", reasons=dict.fromkeys(NEEDS, "unreachable"))
    hour(world, kit, minutes=62)
    assert not world.kit.storage.marks("claim:")


def test_a_worker_alone_does_not_tell_again_what_it_has_left(opened: Any, tmp_path: Any) -> None:
    path = [{"role": "on-call", "minutes": 240}, {"role": "coordinator", "minutes": 240}]
    world = opened(
        f"sqlite:///{tmp_path / 'p.db'}?synchronous=off", more={"notifiers": ["console"], "path": path}
    )
    for name in ("cora", "ola"):
        world.change(name, reach=["console:desk"])
    urgent(world.kit, world, by="sam")
    hour(world, world.kit, minutes=230)
    assert len(world.all("delivery")) == 1


def test_where_the_console_is_everywhere_nothing_is_left(opened: Any) -> None:
    world = opened()
    urgent(world.kit, world)
    world.kit.deliver()
    assert not world.kit.storage.marks("claim:")


def test_what_was_left_before_an_alert_began_anew_passes_nobody_over(opened: Any, tmp_path: Any) -> None:
    """One with the console alone climbed three rungs; then something was done, and there is another yes."""
    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    world = opened(url, more={"notifiers": ["wire", "bell", "console"]})
    for name in ("sam", "cora", "ola", "sue"):
        world.change(name, reach=[f"wire:{name}", "console:desk"])
    with peerkit.open(url, discover=False, clock=world.clock) as kit:
        with kit.session(actor=world.ola) as s:
            screen = s.screening("asq", world.maya)
        screen.answer("q5", not YES)
        screen.answer("q1", YES)
        for _ in range(3):
            kit.deliver()
            world.clock.forward(hours=9)
        world.acknowledge("cora")
        world.respond("cora", "act", words="I rang her")
        screen.answer("q2", YES)
        for _ in range(3):
            kit.deliver()
            world.kit.deliver()
            world.clock.forward(minutes=20)
    assert world.wire.to[0] == "sue"  # the supervisor is the first of `today`
