# SPDX-License-Identifier: Apache-2.0
"""An alert that speaks again is dealt with anew."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Refused
from peerkit.model.response import NEEDS


def test_what_was_met_for_the_first_alarm_does_not_close_the_second(world: Any) -> None:
    screen = world.screen()
    screen.answer("q1", value=True)
    world.acknowledge("sue")
    world.respond("sue", "act", words="we talked")
    for need in NEEDS:
        world.respond("sue", "meet", need=need)
    world.respond("sue", "close")
    screen.answer("q5", value=True)
    assert world.alert().state == "open"
    world.acknowledge("sue")
    with pytest.raises(Refused) as refused:
        world.respond("sue", "close")
    assert refused.value.codes == ("needs-unmet",)
    assert world.alert().state == "acknowledged"
    response = world.respond("sue", "act", words="we went to the hospital together")
    assert [action.words for action in response.actions] == ["we talked", "we went to the hospital together"]
    assert set(response.unmet) == {*NEEDS} - {"acted"}
