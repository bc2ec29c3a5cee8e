# SPDX-License-Identifier: Apache-2.0
"""An alert that was shown on a console, and that perhaps nobody has seen."""

from __future__ import annotations

from typing import Any

import pytest

import peerkit

YES = True


def codes(world: Any) -> set[str]:
    return {problem.code for problem in world.kit.health().problems}


@pytest.fixture
def beside_the_console(opened: Any, tmp_path: Any) -> Any:
    """A program that lasts, whose people have the wire and the console."""
    url = f"sqlite:///{tmp_path / 'program.db'}?synchronous=off"
    world = opened(url, more={"notifiers": ["wire", "console"], "receives": ["phq-2=supervisor"]})
    for name in ("sam", "sue", "ola", "cora"):
        world.change(name, reach=(f"wire:{name}", "console:desk"))
    world.kit.deliver()
    return world, url


def test_an_alert_that_a_console_alone_has_shown_is_grave_on_every_machine(beside_the_console: Any) -> None:
    world, url = beside_the_console
    with peerkit.open(url, discover=False, clock=world.clock) as bare:
        with bare.session(actor=world.ola) as s:
            assert not s.screening("asq", world.maya).answer("q5", YES).reached
        for kit in (bare, world.kit):
            [told] = [one for one in kit.health().problems if one.code == "unseen-alert"]
            assert told.grave
            assert world.alert().reference in told.sentence
    assert not world.kit.health().ok
    world.kit.deliver()  # by the channel that the other has not
    assert world.wire.to == ["sam"]
    assert "unseen-alert" not in codes(world)


def test_whoever_is_there_takes_no_notice_that_could_be_unseen(beside_the_console: Any) -> None:
    world, _url = beside_the_console
    screen = world.screen(instrument="phq-2")
    for item in ("q1", "q2"):
        screen.answer(item, 3)
    assert world.alert().rung == "holder"
    assert "unseen-alert" not in codes(world)
