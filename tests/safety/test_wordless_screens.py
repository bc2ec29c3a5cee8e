# SPDX-License-Identifier: Apache-2.0
"""A screen whose wording is on the organization's own paper is stored and alarms as any other."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit.errors import NotFound
from peerkit.instruments import load


def test_a_screen_goes_without_a_word_of_ours(world: Any) -> None:
    with pytest.raises(NotFound):
        load("hunger-vital-sign").text("q1", "en")
    screen = world.screen(instrument="hunger-vital-sign")
    assert screen.answer("q1", "dont-know") is None
    assert world.alerts == []
    assert screen.answer("q2", "LA6729-3").level == "talk"
    (alert,) = world.alerts
    assert (alert.level, alert.rules) == ("talk", ("short-of-food",))
