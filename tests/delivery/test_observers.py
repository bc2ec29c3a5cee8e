# SPDX-License-Identifier: Apache-2.0
"""Observers: each from its own cursor, isolated, parked when stuck; and channels of plugins that fail."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from peerkit import NotFound, hookimpl
from peerkit.delivery import unpark
from peerkit.delivery.observing import PATIENCE
from peerkit.hooks import Access, NotifierChannel, Page, Supply, View

YES = True
FLOOR = "Someone needs you. Please open your work app."


def urgent(world: Any, by: str = "ola", about: str = "maya") -> Any:
    return world.screen(by=by, about=about).answer("q5", YES)


def codes(world: Any) -> set[str]:
    return {problem.code for problem in world.kit.health().problems}


class Watcher:
    """Keeps what it is told. Told to fail, it does."""

    def __init__(self, name: str = "watcher") -> None:
        self.name = name
        self.seen: list[int] = []
        self.fail = False

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        yield Access(reads={"person", "alert"})

    @hookimpl
    def peerkit_observe(self, page: Page, view: View) -> None:
        if self.fail:
            raise RuntimeError(str(page))
        self.seen += [e.position for e in page.envelopes]


def test_each_observer_reads_the_feed_from_its_own_cursor(opened: Any) -> None:
    one, other = Watcher("one"), Watcher("other")
    world = opened(plugins=[one, other])
    world.kit.deliver(limit=3)
    assert len(one.seen) <= 3
    other.fail = True
    world.kit.deliver(limit=1000)
    assert other.seen == [p for p in one.seen if p <= max(other.seen)]
    other.fail = False
    world.enrol("noa")
    world.kit.deliver(limit=1000)
    assert one.seen == other.seen == sorted(set(one.seen))
    kinds = {e.position: e.kind for e in world.kit.changes(limit=1000).envelopes}
    assert {kinds[p] for p in one.seen} <= {"person", "alert"}


def test_an_observer_that_stays_stuck_is_parked_visibly_until_somebody_looks(opened: Any) -> None:
    watcher = Watcher()
    world = opened(plugins=[watcher])
    watcher.fail = True
    for _ in range(PATIENCE):
        assert "observer-parked" not in codes(world)
        world.kit.deliver(limit=1000)
    (problem,) = [p for p in world.kit.health().problems if p.code == "observer-parked"]
    assert "watcher" in problem.sentence
    assert "RuntimeError" in problem.sentence
    watcher.fail = False
    world.kit.deliver(limit=1000)
    assert watcher.seen == []
    unpark(world.kit, "watcher")
    world.kit.deliver(limit=1000)
    assert watcher.seen
    with pytest.raises(NotFound):
        unpark(world.kit, "nobody")


def test_an_alarm_goes_although_an_observer_fails(opened: Any) -> None:
    told: list[list[str]] = []

    class Failing(Watcher):
        @hookimpl
        def peerkit_observe(self, page: Page, view: View) -> None:
            told.append(world.wire.to)
            raise RuntimeError(str(page))

    world = opened(plugins=[Failing()])
    urgent(world)
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.wire.to == ["sam", "cora"]
    assert told == [["sam", "cora"]]  # it is fed after alarms went: one that hangs holds up none


def test_a_cursor_of_another_incarnation_starts_again(opened: Any) -> None:
    watcher = Watcher()
    world = opened(plugins=[watcher])
    world.kit.deliver(limit=1000)
    seen = list(watcher.seen)
    held = json.loads(world.kit.storage.marks("observer:watcher")["observer:watcher"])
    from peerkit.ports import cursor

    held["cursor"] = cursor("another", 3)
    world.kit.storage.mark("observer:watcher", json.dumps(held))
    watcher.seen.clear()
    world.kit.deliver(limit=1000)
    assert watcher.seen[: len(seen)] == seen


class Raising:
    """A channel that cannot be made, and one whose notifier raises what it likes."""

    name = "raising"

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        def broken(_: Any) -> Any:
            raise KeyError("wire:a-secret-address")

        yield NotifierChannel("carrier", broken)


def test_a_channel_that_cannot_be_made_is_a_problem_without_its_words(opened: Any) -> None:
    world = opened(plugins=[Raising()], more={"notifiers": ["carrier", "wire"]})
    urgent(world)
    assert world.wire.to == ["sam"]
    (problem,) = [p for p in world.kit.health().problems if p.code == "channel"]
    assert "raising" in problem.sentence
    assert "secret" not in problem.sentence


def test_an_observer_that_hangs_is_left_behind(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from peerkit.delivery import observing

    class Hanging(Watcher):
        @hookimpl
        def peerkit_observe(self, page: Page, view: View) -> None:
            threading.Event().wait()

    monkeypatch.setattr(observing, "SECONDS", 0.05)
    after = Watcher("after")
    world = opened(plugins=[Hanging("hanging"), after])
    for _ in range(PATIENCE):
        world.kit.deliver()
    assert after.seen
    assert world.kit.health().heartbeat == world.clock.now()
    (problem,) = [p for p in world.kit.health().problems if p.code == "observer-parked"]
    assert "hanging" in problem.sentence
