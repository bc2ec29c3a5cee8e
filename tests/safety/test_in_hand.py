# SPDX-License-Identifier: Apache-2.0
"""What a human does about an alert is about the alert as it was: one that speaks again is taken anew."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Refused
from peerkit.model.response import NEEDS

YES = True
REASONS = dict.fromkeys(NEEDS, "unreachable")


def refused(world: Any, by: str, act: str, **details: Any) -> None:
    with pytest.raises(Refused) as raised:
        world.respond(by, act, **details)
    assert raised.value.codes == ("speaks-again",)
    assert world.alert().state == "open"


@pytest.mark.parametrize("act", ["act", "meet", "close", "close_incomplete"])
def test_what_was_done_before_it_became_more_urgent_silences_nothing(world: Any, act: str) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    for need in NEEDS:
        world.respond("cora", "meet", need=need)
    screen.answer("q5", YES)
    details = {"meet": {"need": "acted"}, "close_incomplete": {"reasons": REASONS}}.get(act, {})
    refused(world, "cora", act, **details)
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.wire.to[-1] == "cora"  # it climbs on
    world.acknowledge("cora")
    world.respond("cora", "close")
    assert world.alert().state == "closed"


def test_what_was_handed_back_is_not_closed_in_passing(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    world.respond("sam", "act", words="we sat together")
    world.acknowledge("sam", can_come=False)
    refused(world, "sam", "close_incomplete", reasons=REASONS)
    world.acknowledge("cora")
    assert world.respond("cora", "close_incomplete", reasons=REASONS).state == "incomplete"


@pytest.mark.parametrize("act", ["act", "close_incomplete"])
def test_raised_between_reading_and_writing_it_is_taken_anew(
    world: Any, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    commit, waiting = world.kit.storage.commit, [lambda: screen.answer("q5", YES)]

    def interrupted(*args: Any, **details: Any) -> Any:
        if waiting:
            waiting.pop()()
        return commit(*args, **details)

    monkeypatch.setattr(world.kit.storage, "commit", interrupted)
    refused(world, "cora", act, **({"reasons": REASONS} if act == "close_incomplete" else {}))
    assert world.alert().level == "now"
    assert world.all("safety_response") == []


def test_raised_while_it_is_acknowledged_whoever_takes_it_learns_how_urgent_it_is(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    commit, waiting = world.kit.storage.commit, [lambda: screen.answer("q5", YES)]

    def interrupted(*args: Any, **details: Any) -> Any:
        if waiting:
            waiting.pop()()
        return commit(*args, **details)

    monkeypatch.setattr(world.kit.storage, "commit", interrupted)
    taken = world.acknowledge("cora")
    assert (taken.level, taken.state, taken.holder) == ("now", "acknowledged", world.cora)
    world.clock.forward(minutes=60)
    world.kit.deliver()
    assert world.alert().state == "open"  # and nothing done about it, it goes on
