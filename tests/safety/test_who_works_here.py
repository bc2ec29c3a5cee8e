# SPDX-License-Identifier: Apache-2.0
"""Who works here may be in danger too: they raise an alarm for themselves, and who is told of it sees what it
is about, which no office does (`tests/rights/test_colleagues.py`)."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import NotFound, RiskScreen

YES, NO = True, False


def sees(world: Any, who: str, screen: str) -> bool:
    with world.kit.session(actor=world.people[who]) as s:
        try:
            return bool(s.get(RiskScreen, screen).id == screen)
        except NotFound:
            return False


def test_a_supporter_takes_a_screen_about_themselves(world: Any) -> None:
    steps = world.screen(by="sam", about="sam").answer("q5", YES)
    assert steps.alone
    assert steps.call
    assert "sam" not in world.wire.to
    assert world.wire.to


@pytest.mark.parametrize("who", ["ola", "cora"])
def test_who_holds_an_office_of_the_path_raises_an_alarm_for_themselves(world: Any, who: str) -> None:
    me = world.people[who]
    assert "alone" in world.kit.concern("I cannot go on", me, me, actor=me).stay
    assert world.wire.to == [{"ola": "cora", "cora": "ola"}[who]]
    for _ in range(8):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    assert who not in world.wire.to


def test_who_is_told_of_their_alert_sees_the_screen_and_who_is_not_does_not(world: Any) -> None:
    world.supporter("noa")
    world.match("sam", "noa")
    quiet = world.screen(by="noa", about="sam")
    quiet.answer("q1", NO)
    loud = world.screen(by="noa", about="sam")
    loud.answer("q5", YES)
    assert world.wire.to == ["ola"]
    assert sees(world, "ola", loud.id)
    assert not sees(world, "ola", quiet.id)
    assert not sees(world, "sue", loud.id)  # who supervises him
