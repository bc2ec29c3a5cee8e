# SPDX-License-Identifier: Apache-2.0
"""A screen whose wording is on the organization's own paper is stored and alarms as any other."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Program
from peerkit.errors import NotFound
from peerkit.instruments import load


def test_a_screen_goes_without_a_word_of_ours(world: Any) -> None:
    with pytest.raises(NotFound):
        load("hits").text("q1", "en")
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Program, world.kit.program.id).update(settings={"receives": ("clinical=supervisor",)}))
    screen = world.screen(instrument="hits")
    assert screen.answer("q1", 1) is None
    assert world.alerts == []
    assert [screen.answer(item, 5) for item in ("q2", "q3")][-1].level == "today"
    (alert,) = world.alerts
    assert (alert.level, alert.rules) == ("today", ("positive",))


def test_what_alarms_nobody_gives_a_task_to_offer_help(world: Any) -> None:
    screen = world.screen(instrument="hunger-vital-sign")
    assert screen.answer("q1", "dont-know") is None
    assert screen.answer("q2", "LA6729-3") is None
    screen.finish()
    assert world.alerts == []
    assert "screen-offer-help" in {task.what for task in world.all("task")}
