# SPDX-License-Identifier: Apache-2.0
"""Delivery: who claims what, what fails, who is fed, and that it says when nobody delivers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

import peerkit
from peerkit import NotFound, Refused, hookimpl
from peerkit.delivery import unpark
from peerkit.delivery.carrying import take
from peerkit.delivery.observing import PATIENCE
from peerkit.delivery.timekeeping import tell
from peerkit.hooks import Access, NotifierChannel, Page, Supply, View

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
    world.clock.forward(minutes=2)
    world.kit.deliver()
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


# -- health and warnings ---------------------------------------------------------------------------------


def codes(world: Any) -> set[str]:
    return {problem.code for problem in world.kit.health().problems}


def test_every_receipt_says_loudly_when_alerts_are_due_and_nobody_delivers(world: Any) -> None:
    urgent(world)
    assert world.kit.warnings() == ()
    world.clock.forward(minutes=11)
    assert "1 alert is due and nobody delivers" in world.kit.warnings()[0]
    world.enrol("noa")
    with world.kit.session(actor=world.noa) as s:
        pass
    assert s.receipt.warnings == world.kit.warnings()
    health = world.kit.health()
    assert health.deaf
    assert not health.ok
    assert (health.open_alerts, health.due_alerts) == (1, 1)
    world.kit.deliver()
    assert world.kit.warnings() == ()
    assert not world.kit.health().deaf


def test_a_heartbeat_that_stopped_is_noticed(world: Any) -> None:
    world.kit.deliver()
    urgent(world)
    assert "no-delivery" not in codes(world)
    world.clock.forward(minutes=6)
    assert "no-delivery" in codes(world)
    assert world.kit.health().heartbeat == world.clock.now() - timedelta(minutes=6)


def test_no_live_step_now_is_grave_unless_declared(opened: Any) -> None:
    hours = "mon-fri 09:00-17:00"
    path = [{"role": "on-call", "minutes": 5}]
    with pytest.raises(peerkit.Malformed):
        opened(more={"on_call": [{"name": "Ola", "hours": hours}], "path": path})
    world = opened(
        more={
            "on_call": [{"name": "Ola", "reach": ["wire:ola"], "hours": hours}],
            "path": path,
            "uncovered": "always",
        }
    )
    assert "no-live-step" not in codes(world)
    world.clock.wall("2027-01-16 12:00", "America/Toronto")
    assert "uncovered-now" in codes(world)
    assert "no-live-step" not in codes(world)


def test_a_path_whose_people_left_is_grave(world: Any) -> None:
    for name in ("ola", "cora"):
        world.change(name, reach=("pigeon:x",))
    assert "no-live-step" in codes(world)
    assert not world.kit.health().ok


def test_a_hole_in_the_coming_week_makes_a_task(world: Any) -> None:
    with world.kit.session(actor=world.cora) as s:
        from peerkit import Appointment

        (office,) = s.find(Appointment, role="on-call")
        s.save(office.end())
    world.change("cora", reach=())
    world.kit.deliver()
    assert not [t for t in world.all("task") if t.what == "path-hole"]  # Cora is in office at every hour
    world.enrol("carl")
    world.appoint("carl", "coordinator", hours="mon-fri 09:00-17:00")
    with world.kit.session(actor=world.carl) as s:
        for one in s.find(Appointment, role="coordinator"):
            if one.person == world.cora:
                s.save(one.end())
    world.clock.forward(days=1)
    world.kit.deliver()
    world.kit.deliver()
    assert [t.owner for t in world.all("task") if t.what == "path-hole"] == [world.carl]


def test_an_alert_that_cannot_be_read_reaches_every_coordinator(world: Any) -> None:
    import attrs

    from peerkit import Actor
    from peerkit.kit.steps import stage
    from peerkit.ports import Batch

    urgent(world)
    alert = world.alert()
    touched = alert.raise_level(level="now", since=alert.since)
    change = stage(touched, Actor.system("tomorrow"), world.kit.codec).change
    newer = attrs.evolve(change, doc_version=99, body=b'{"level": "a word of tomorrow"}')
    world.kit.storage.commit(Batch((newer,), world.clock.now()))
    world.clock.forward(minutes=11)
    world.wire.sent.clear()
    report = world.kit.deliver()
    assert any(problem.endswith("unreadable") for problem in report.problems)
    assert world.wire.to == ["cora"]
    assert "unreadable-alert" in codes(world)
    assert world.kit.alerts()[0].step == "unreadable"
    world.kit.deliver()
    assert world.wire.to == ["cora"]  # hourly, no storm
    world.clock.forward(minutes=61)
    world.kit.deliver()
    assert world.wire.to == ["cora", "cora"]


# -- drills ----------------------------------------------------------------------------------------------


def test_a_drill_received_and_acknowledged_on_every_step_makes_a_program_ready(world: Any) -> None:
    world.kit.deliver()
    assert codes(world) == {"no-drill"}
    report = world.kit.drill(world.cora)
    assert report.steps == ("on-call", "coordinator")
    assert (report.handed_over, report.unreached) == (2, ())
    assert {m.text for m in world.wire.sent} == {"This is a drill. Please open your work app."}
    with world.kit.session(actor=world.ola) as s:
        assert s.acknowledge(report.reference).state == "running"
    assert codes(world) == {"no-drill"}
    with world.kit.session(actor=world.cora) as s:
        assert s.acknowledge(report.drill).state == "passed"
    assert world.kit.health().ready
    world.clock.forward(days=30, minutes=1)
    world.kit.deliver()
    assert "old-drill" in codes(world)


def test_a_drill_that_does_not_come_to_a_step_says_so(world: Any) -> None:
    world.wire.broken = {"ola"}
    assert world.kit.drill(world.cora).unreached == ("on-call",)
    world.kit.drill(world.cora)
    assert sorted(d.state for d in world.all("drill")) == ["failed", "running"]


def test_only_who_may_starts_a_drill_and_only_who_was_asked_acknowledges_it(world: Any) -> None:
    with pytest.raises(Refused):
        world.kit.drill(world.sam)
    report = world.kit.drill(world.cora)
    with world.kit.session(actor=world.sam) as s, pytest.raises(NotFound):
        s.acknowledge(report.drill)


# -- observers -------------------------------------------------------------------------------------------


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
    watcher = Watcher()
    watcher.fail = True
    world = opened(plugins=[watcher])
    urgent(world)
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.wire.to == ["sam", "cora"]


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


def test_a_reminder_goes_to_a_coordinator_if_who_had_the_alert_left(world: Any) -> None:
    from peerkit import Person

    urgent(world)
    with world.kit.session(actor=world.sam) as s:
        s.respond(world.alert().id, "act", words="we talked")
    with world.kit.session(actor=world.sam) as s:
        s.save(s.get(Person, world.sam).leave())
    world.clock.forward(hours=25)
    world.kit.deliver()
    assert [t.owner for t in world.all("task") if t.what == "close-alert"] == [world.cora]
