# SPDX-License-Identifier: Apache-2.0
"""Delivery: what is sent, who claims it, and what becomes of what fails."""

from __future__ import annotations

from typing import Any

import pytest

import peerkit
from peerkit import Malformed, hookimpl
from peerkit.delivery.carrying import take
from peerkit.delivery.timekeeping import tell
from peerkit.hooks import NotifierChannel

YES = True
FLOOR = "Someone needs you. Please open your work app."


def urgent(world: Any, by: str = "ola", about: str = "maya") -> Any:
    return world.screen(by=by, about=about).answer("q5", YES)


# -- what is sent ----------------------------------------------------------------------------------------


def test_a_notice_is_the_floor_and_a_reference(world: Any) -> None:
    urgent(world)
    (message,) = world.wire.sent
    assert (message.text, message.subject) == (FLOOR, "Please open your work app")
    assert message.reference == world.alert().reference
    assert message.urgent
    assert world.maya not in repr(vars(type(message))) + message.reference


def test_what_became_of_it_is_written_without_address_or_text(world: Any) -> None:
    world.wire.broken = {"sam"}
    urgent(world)
    deliveries = sorted(world.all("delivery"), key=lambda d: d.climb)
    assert [(d.to, d.channel, d.result, d.code) for d in deliveries] == [
        (world.sam, "wire", "failed", "raised:ConnectionError"),
        (world.cora, "wire", "handed-over", ""),
    ]
    for delivery in deliveries:
        (stored,) = world.kit.storage.history("delivery", delivery.id)
        text = (stored.body or b"") + (stored.args or b"")
        assert b"wire:" not in text
        assert FLOOR.encode() not in text


def test_the_console_writes_the_floor_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with peerkit.open("memory:", discover=False) as kit:
        with kit.session() as s:
            s.screening("asq").answer("q5", YES)
        (line,) = kit.alerts()
        assert capsys.readouterr().err == f"[peerkit] {FLOOR} ({line.reference})\n"


def test_a_channel_that_hangs_is_left_behind_and_the_next_rung_is_asked(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peerkit.delivery import sending
    from peerkit.delivery import urgent as trying

    world = opened()
    world.wire.hung = {"sam"}
    monkeypatch.setattr(trying, "SECONDS", 0.0)
    monkeypatch.setattr(sending.hand_over, "__defaults__", (0.05,))
    steps = urgent(world)
    assert steps.level == "now"  # the caller did not wait for it
    for _ in range(100):  # the attempt goes on behind, and may hold the lease when delivery looks
        world.clock.forward(minutes=2)
        world.kit.deliver()
        if "cora" in world.wire.to:
            break
    assert "cora" in world.wire.to
    assert ("timeout", world.sam) in {(d.code, d.to) for d in world.all("delivery")}


# -- claims ----------------------------------------------------------------------------------------------


def test_an_urgent_alert_is_born_claimed_and_free_once_it_is_sent(world: Any) -> None:
    seen: list[dict[str, str]] = []
    world.wire.on_send = lambda _: seen.append(dict(world.kit.storage.marks("claim:")))
    urgent(world)
    assert list(seen[0]) == [f"claim:{world.alert().id}"]
    assert world.kit.storage.marks("claim:") == {}


def test_one_claim_is_held_by_one_process_until_it_expires(world: Any) -> None:
    urgent(world)
    alert = world.alert()
    first = take(world.kit, alert.id, tell(world.kit))
    assert first is not None
    assert take(world.kit, alert.id, tell(world.kit)) is None
    world.clock.forward(seconds=61)
    second = take(world.kit, alert.id, tell(world.kit))
    assert second is not None
    assert second.text != first.text


def test_who_dies_between_climbing_and_sending_is_followed_by_another(world: Any) -> None:
    class Killed(BaseException):
        pass

    def die(_: Any) -> None:
        raise Killed

    from peerkit.delivery import sending

    real = sending.notify
    try:
        from peerkit.delivery import carrying

        carrying.notify = die  # type: ignore[assignment]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("peerkit.delivery.urgent.within", lambda work, _: _swallow(work, Killed))
            urgent(world)
    finally:
        carrying.notify = real
    assert world.wire.to == []
    assert world.alert().asked == (world.sam,)
    world.kit.deliver()
    assert world.wire.to == []  # the lease still runs
    world.clock.forward(seconds=61)
    world.kit.deliver()
    assert world.wire.to == ["sam"]
    assert world.alert().climbs == 1


def _swallow(work: Any, kind: type[BaseException]) -> bool:
    try:
        work()
    except kind:
        return False
    return True


def test_somebody_acknowledges_while_it_is_being_sent(world: Any) -> None:
    world.wire.on_send = lambda _: world.acknowledge("sam") and None
    urgent(world)
    assert world.alert().state == "acknowledged"
    assert world.kit.storage.marks("claim:") == {}
    world.wire.on_send = None
    world.kit.deliver()
    assert world.wire.to == ["sam"]


def test_a_limit_takes_the_most_urgent_first_and_says_that_there_is_more(world: Any) -> None:
    world.screen(by="ola").answer("q1", YES)
    world.screen(by="ola").answer("q1", YES)
    urgent(world)
    world.clock.forward(minutes=10)
    world.wire.sent.clear()
    report = world.kit.deliver(limit=1)
    assert report.more
    assert world.wire.to == ["cora"]  # the urgent one; the two of today wait for the next run
    report = world.kit.deliver(limit=5)
    assert not report.more
    assert world.wire.to == ["cora", "sue", "sue"]


def test_running_it_again_sends_nothing_twice(world: Any) -> None:
    urgent(world)
    for _ in range(3):
        world.kit.deliver()
    assert world.wire.to == ["sam"]


# -- what is not ours to carry takes nobody's place ---------------------------------------------------------


def test_an_alert_that_cannot_be_read_does_not_starve_the_others(world: Any) -> None:
    world.kit.concern("dark one")
    world.darken()
    world.clock.forward(minutes=1)
    world.kit.concern("readable", level="today")
    world.clock.forward(minutes=10)
    first = world.kit.deliver(limit=1)
    assert (first.more, first.climbed) == (True, 0)  # the unreadable one, which comes first
    second = world.kit.deliver(limit=1)
    assert (second.more, second.climbed) == (False, 1)
    assert world.kit.deliver(limit=1).more is False


def test_an_alert_that_somebody_else_carries_does_not_count(world: Any) -> None:
    from peerkit.ports import ANY, Mark
    from peerkit.safety.lane import CLAIM, Lease

    world.kit.concern("first", level="today")
    world.clock.forward(seconds=1)
    world.kit.concern("second", level="today")
    held = Mark(CLAIM + world.alert(0).id, Lease.take(world.clock.now()).text, ANY)
    world.kit.write([], marks=[held])
    report = world.kit.deliver(limit=1)
    assert (report.climbed, report.more) == (1, False)
    assert world.alert(1).step >= 0


@pytest.mark.parametrize("limit", [0, -1, 10_001, True, "5", None, 1.0])
def test_a_limit_that_is_none_is_said_and_leaves_no_heartbeat(world: Any, limit: Any) -> None:
    world.kit.concern("worried", level="today")
    with pytest.raises(Malformed, match="from 1 to 10000"):
        world.kit.deliver(limit=limit)
    assert world.kit.health().heartbeat is None
    assert world.alert().step == -1


def test_a_plugin_that_hangs_while_it_makes_its_channel_holds_up_nobody(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    monkeypatch.setattr("peerkit.delivery.sending.MAKING", 0.05)

    class Hangs:
        name = "hangs"

        @hookimpl
        def peerkit_supply(self) -> Any:
            return [NotifierChannel("hangs", lambda _: threading.Event().wait())]  # type: ignore[arg-type, return-value]

    world = opened(plugins=[Hangs()], more={"notifiers": ["hangs", "wire"]})
    steps = world.screen(by="ola").answer("q5", YES)
    assert steps.reached is True
    assert any("could not make it (timeout)" in one.sentence for one in world.kit.health().problems)
