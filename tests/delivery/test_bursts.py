# SPDX-License-Identifier: Apache-2.0
"""Alerts of one run that ask the same humans share a notice, never a record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerkit.delivery.bursts import Burst
from peerkit.delivery.sending import FLOOR

YES = True
EVERYBODY = {"sam", "sue", "ola", "cora"}


def burst(world: Any, now: int = 0, today: int = 0) -> None:
    """So many alerts that nobody could be told of, due together."""
    world.wire.broken = set(EVERYBODY)
    for _ in range(now):
        world.screen(by="cora").answer("q5", YES)
        world.clock.forward(seconds=1)
    for _ in range(today):
        world.screen(by="cora").answer("q1", YES)
        world.clock.forward(seconds=1)
    world.clock.forward(minutes=6)
    world.wire.broken = set()
    world.wire.sent.clear()


def handed(world: Any, alert: Any) -> list[Any]:
    return [
        one
        for one in world.all("delivery")
        if one.about == alert.id and one.climb == alert.climbs and one.result == "handed-over"
    ]


def test_the_first_goes_at_once_and_the_others_together_with_their_number(world: Any) -> None:
    burst(world, now=4)
    world.kit.deliver()
    assert world.wire.to == ["sam", "sam"]
    first, second = world.wire.sent
    assert (first.text, first.reference) == (FLOOR, world.alert(0).reference)
    assert second.text == "4 alerts wait for you. Please open your work app."
    assert (second.reference, second.urgent) == ("", True)
    deliveries = [handed(world, alert) for alert in world.alerts]
    assert [len(each) for each in deliveries] == [1, 1, 1, 1]
    alone, carrier, *with_it = [each[0] for each in deliveries]
    assert (alone.went_with, carrier.went_with) == ("", "")
    assert [one.went_with for one in with_it] == [carrier.id, carrier.id]
    assert not world.kit.storage.marks("claim:")


def test_the_number_is_said_in_the_language_of_who_is_told(world: Any) -> None:
    world.change("sam", languages=("fr",))
    burst(world, now=3)
    world.kit.deliver()
    assert world.wire.sent[1].text.startswith("3 alertes vous attendent.")


def test_each_is_acknowledged_by_itself_and_the_others_climb_on(world: Any) -> None:
    burst(world, now=3)
    world.kit.deliver()
    world.acknowledge("sam", 1)
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert [alert.state for alert in world.alerts] == ["open", "acknowledged", "open"]
    assert world.wire.to == ["sam", "sam", "ola", "ola"]


def test_who_acknowledges_the_first_while_the_others_are_held_hears_of_them_all_the_same(world: Any) -> None:
    burst(world, now=3)

    def take(_: Any) -> None:
        world.wire.on_send = None
        world.acknowledge("sam", 0)

    world.wire.on_send = take
    world.kit.deliver()
    assert [one.text for one in world.wire.sent] == [
        FLOOR,
        "2 alerts wait for you. Please open your work app.",
    ]
    assert [len(handed(world, alert)) for alert in world.alerts[1:]] == [1, 1]


def test_what_is_taken_while_it_is_held_is_told_to_nobody_and_given_free(world: Any) -> None:
    burst(world, now=2)
    let_go = Burst.let_go

    def taken(self: Burst, kit: Any) -> Any:
        if self.held:
            world.acknowledge("sam", 1)
        return let_go(self, kit)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Burst, "let_go", taken)
        world.kit.deliver()
    assert world.wire.to == ["sam"]
    assert not world.kit.storage.marks("claim:")


def test_the_urgent_ones_go_first_and_share_nothing_with_the_others_before_them(world: Any) -> None:
    burst(world, now=1, today=2)
    world.kit.deliver()
    assert [(one.to, one.urgent) for one in world.wire.sent] == [
        ("sam", True),
        ("sue", False),
        ("sue", False),
    ]


def test_an_alert_that_comes_a_minute_later_has_a_notice_of_its_own(world: Any) -> None:
    burst(world, now=2)
    world.kit.deliver()
    world.clock.forward(minutes=1)
    world.screen(by="cora").answer("q5", YES)
    assert world.wire.sent[-1].text == FLOOR
    assert world.wire.sent[-1].reference == world.alert(2).reference


def test_where_the_shared_notice_fails_each_climbs_at_once(world: Any) -> None:
    burst(world, now=3)
    world.wire.on_send = lambda _: world.wire.broken.update({"sam"}) if world.wire.sent else None
    world.kit.deliver()
    assert [alert.rung for alert in world.alerts] == ["supporter", "on-call", "on-call"]
    assert all(handed(world, alert) for alert in world.alerts)


def test_what_a_process_that_died_was_holding_is_carried_by_the_next_run(world: Any) -> None:
    burst(world, now=3)

    def killed(*_: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Burst, "let_go", killed)
        with pytest.raises(KeyboardInterrupt):
            world.kit.deliver()
    assert world.wire.to == ["sam"]
    world.clock.forward(minutes=2)
    world.kit.deliver()
    assert all(handed(world, alert) for alert in world.alerts)


def test_a_claim_that_went_to_another_process_is_left_to_it(world: Any) -> None:
    burst(world, now=2)
    let_go = Burst.let_go

    def slow(self: Burst, kit: Any) -> Any:
        if self.held:
            world.clock.forward(minutes=2)
            kit.storage.mark(f"claim:{world.alert(1).id}", "another's")
        return let_go(self, kit)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Burst, "let_go", slow)
        world.kit.deliver()
    assert world.wire.to == ["sam"]
    world.kit.deliver()
    assert len(handed(world, world.alert(1))) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    comes=st.tuples(st.integers(0, 4), st.integers(0, 3)),
    broken=st.sets(st.sampled_from(sorted(EVERYBODY))),
    fails_after=st.integers(0, 4),
    runs=st.integers(1, 3),
)
def test_whatever_comes_each_alert_has_a_delivery_or_is_still_due(
    opened: Any, comes: tuple[int, int], broken: set[str], fails_after: int, runs: int
) -> None:
    world = opened()
    burst(world, *comes)

    def failing(_: Any) -> None:
        if len(world.wire.sent) >= fails_after:
            world.wire.broken = set(broken)

    world.wire.on_send = failing
    for _ in range(runs):
        world.kit.deliver(limit=3)
        for alert in world.alerts:
            told = handed(world, alert)
            soon = alert.due is not None and alert.due - world.clock.now() <= timedelta(minutes=5)
            assert alert.state == "open"
            assert (told and {one.to for one in told} <= set(alert.asked)) or soon
        world.clock.forward(minutes=5)
    assert len(world.alerts) == sum(comes)
    notices = {one.id for one in world.all("delivery") if not one.went_with}
    assert {one.went_with for one in world.all("delivery")} - {""} <= notices
    world.kit.close()
