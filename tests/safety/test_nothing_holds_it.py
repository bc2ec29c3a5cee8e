# SPDX-License-Identifier: Apache-2.0
"""What may stop anything else that goes out stops no safety notice: its floor says nothing about anybody."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import pytest

import peerkit.gate
from peerkit import Actor, Consent, Wall
from peerkit.delivery import sending
from peerkit.delivery.sending import FLOOR

YES = True


def test_a_no_to_everything_that_leaves_holds_no_safety_notice(world: Any) -> None:
    with world.kit.session(actor=world.maya) as s:
        s.save(Consent.refuse(person=world.maya))
    world.screen().answer("q5", YES)
    assert [(m.to, m.text) for m in world.wire.sent] == [("ola", FLOOR)]


def test_the_first_days_of_somebody_hold_no_safety_notice(world: Any) -> None:
    """An embargo is for what leaves in bulk: it has nothing to do with an alarm about who came today."""
    assert world.kit.program.embargo_days > 0
    world.enrol("noa")
    world.screen(by="cora", about="noa").answer("q5", YES)
    assert [(m.to, m.text) for m in world.wire.sent] == [("ola", FLOOR)]


def test_a_gate_that_raises_holds_no_safety_notice(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the gate is broken")

    for one in vars(peerkit.gate).values():
        if isinstance(one, FunctionType) and one.__module__ == peerkit.gate.__name__:
            monkeypatch.setattr(one, "__code__", broken.__code__)  # also for whoever has imported it
    with pytest.raises(RuntimeError, match="broken"):
        peerkit.gate.let_out(
            world.kit, world.kit.program, to=world.ola, purpose="care", actor=Actor(world.ola)
        )
    world.screen().answer("q5", YES)
    assert [(m.to, m.text) for m in world.wire.sent] == [("ola", FLOOR)]


def test_texts_that_cannot_be_made_leave_the_floor_as_it_stands(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("no catalogue")

    monkeypatch.setattr(sending, "for_locale", broken)
    world.screen().answer("q5", YES)
    assert [(m.to, m.text) for m in world.wire.sent] == [("ola", FLOOR)]
    assert world.kit.deliver().problems == ()


def test_who_is_kept_apart_by_a_wall_is_asked_last(world: Any) -> None:
    with world.kit.session(actor=world.maya) as s:
        s.save(Wall.put_up(person=world.maya, human=world.ola))
    world.screen().answer("q5", YES)
    assert world.wire.to == ["cora"]
