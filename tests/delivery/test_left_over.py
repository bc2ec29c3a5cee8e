# SPDX-License-Identifier: Apache-2.0
"""Marks and alerts that something left behind: a process that died, a newer peerkit, a hand in the file."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import attrs
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from spoiling import spoil

from peerkit import Actor
from peerkit.delivery.timekeeping import BEFORE, CLOCK, HEARTBEAT, confirm_time
from peerkit.kit.steps import stage
from peerkit.model.ids import stamp
from peerkit.model.response import NEEDS
from peerkit.ports import Batch
from peerkit.safety.lane import CLAIM, SCREEN, Lease

YES = True
REASONS = dict.fromkeys(NEEDS, "unreachable")
OFTEN = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

INSTANTS = st.one_of(
    st.datetimes().map(lambda at: at.isoformat()),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
    st.sampled_from(["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-01-01T00:00:00"]),
    st.text(max_size=5),
    st.none() | st.integers() | st.lists(st.text(max_size=2), max_size=2),
)
WAIT = st.tuples(
    st.text(max_size=3), st.lists(st.just("q5")) | st.integers(), st.sampled_from(["now", "soon"]), INSTANTS
)
MARKS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["[" * 100_000, "null", "5", "{}", "[]"]),
    st.recursive(st.none() | st.integers() | st.text(max_size=3), st.lists, max_leaves=5).map(json.dumps),
    st.fixed_dictionaries({"at": INSTANTS, "until": INSTANTS}).map(json.dumps),
    st.fixed_dictionaries({"since": INSTANTS, "idle": INSTANTS, "pending": st.lists(WAIT, max_size=2)}).map(
        json.dumps
    ),
    INSTANTS.filter(lambda one: isinstance(one, str)),
)


ENDLESS = json.dumps({"at": "2026-01-01T00:00:00Z", "until": "9999-12-31T23:59:59Z"})


NAMES = [CLAIM, "dark:", CLOCK, BEFORE, HEARTBEAT, "path-checked", "screens-looked-at", "digest:"]


@OFTEN
@example(text=ENDLESS, name=CLAIM)
@example(text="[]", name=CLAIM)
@example(text="2026-01-01T00:00:00", name=CLOCK)
@given(text=MARKS, name=st.sampled_from(NAMES))
def test_no_mark_holds_up_an_alert(opened: Any, text: str, name: str) -> None:
    world = opened()
    world.screen(by="ola").answer("q5", YES)
    world.kit.storage.mark(name + world.alert().id if name.endswith(":") else name, text)
    world.kit.storage.mark(CLAIM + "an-alert-that-is-gone", text)
    world.clock.forward(minutes=11)
    world.kit.health()
    world.kit.warnings()
    world.kit.deliver()
    assert "cora" in world.wire.to
    world.kit.deliver()  # and it is as if the mark had never been there
    confirm_time(world.kit, Actor(world.cora))  # an instant to come reads as a clock that was put back
    assert [p for p in world.kit.health().problems if p.code in {"deaf", "clock-behind"}] == []


@OFTEN
@example(text="[]")
@given(text=MARKS)
def test_no_mark_keeps_a_screen_from_becoming_urgent(opened: Any, text: str) -> None:
    """It may be over too early, and never later than a screen is left lying at all."""
    world = opened()
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    world.kit.storage.mark(SCREEN + screen.id, text)
    for _ in range(2):
        world.clock.forward(hours=24, minutes=1)
        world.kit.deliver()
    assert world.alert().level == "now"


def test_an_open_screen_whose_mark_is_gone_becomes_urgent_within_a_day(world: Any) -> None:
    """A hand in the file, or a copy that held records alone: nothing says any more that it waits."""
    world.kit.deliver()  # today was looked through before it began
    screen, over = world.screen(by="ola"), world.screen(by="ola")
    screen.answer("q1", YES)
    over.finish()
    world.kit.storage.mark(SCREEN + screen.id, None)
    assert world.kit.storage.marks(SCREEN) == {}
    world.clock.forward(hours=24)
    world.kit.deliver()
    assert list(world.kit.storage.marks(SCREEN)) == [SCREEN + screen.id]  # what is over stays so
    world.clock.forward(minutes=1)
    world.kit.deliver()
    assert world.alert().level == "now"
    assert "sam" in world.wire.to
    assert world.kit.storage.marks(SCREEN) == {}


def test_what_a_dead_process_had_claimed_is_given_free_and_nobody_is_pestered(world: Any) -> None:
    """It was acted on before the claim had run out: so long as that holds, nothing is due."""
    world.screen(by="ola").answer("q5", YES)
    world.respond("sam", "act", words="we sat together")
    name = CLAIM + world.alert().id
    world.kit.storage.mark(name, Lease.take(world.clock.now()).text)
    for _ in range(5):
        world.clock.forward(minutes=1, seconds=1)
        world.kit.deliver()
    assert [task for task in world.all("task") if task.what == "close-alert"] == []
    assert world.kit.storage.marks(CLAIM) == {}
    assert world.wire.to == ["sam"]


def test_a_claim_on_an_alert_that_was_closed_and_erased_asks_nobody(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    world.respond("sam", "close_incomplete", reasons=REASONS)
    world.kit.storage.mark(CLAIM + world.alert().id, Lease.take(world.clock.now()).text)
    world.kit.erase(world.alert().id, basis="mistake", asked_by=world.sam, decided_by=world.cora)
    world.clock.forward(minutes=2)
    assert world.kit.deliver().problems == ()
    assert world.wire.to == ["sam"]
    assert world.kit.storage.marks(CLAIM) == {}


def test_an_alert_that_cannot_be_read_asks_others_in_office_where_no_coordinator_takes_it(world: Any) -> None:
    world.screen(by="sam").answer("q5", YES)
    world.darken()
    world.wire.sent.clear()
    world.wire.broken = {"cora", "ola"}
    assert world.kit.deliver().failed == 2
    world.wire.broken = {"cora"}
    world.clock.forward(minutes=6)  # not after an hour: nobody has heard of it
    world.kit.deliver()
    assert world.wire.to == ["ola"]


def test_whom_an_alert_that_cannot_be_read_is_about_is_not_asked(world: Any) -> None:
    world.screen(by="sam", about="cora").answer("q5", YES)
    world.darken()
    world.wire.sent.clear()
    world.kit.deliver()
    assert world.wire.to == ["ola"]


def test_a_level_that_nobody_knows_holds_up_no_other_alert(world: Any) -> None:
    world.screen(by="sam").answer("q5", YES)
    alert = world.alert()
    raised = stage(
        alert.raise_level(level="now", since=alert.since), Actor.system("hand"), world.kit.codec
    ).change
    odd = attrs.evolve(raised, body=raised.body.replace(b'"now"', b'"soon"'))
    world.kit.storage.commit(Batch((odd,), world.clock.now()))
    world.clock.forward(seconds=1)
    world.screen(by="ola").answer("q5", YES)
    world.clock.forward(minutes=11)
    world.wire.sent.clear()
    report = world.kit.deliver()
    assert report.problems == (f"alert:{alert.id}:unreadable",)
    assert report.climbed == 1
    assert "unreadable-alert" in {problem.code for problem in world.kit.health().problems}
    assert "unreadable" in {line.step for line in world.kit.alerts()}


def test_a_concern_that_cannot_be_read_keeps_whom_it_names_off_the_path(world: Any) -> None:
    world.kit.concern("they shout at her", about=world.maya, names=[world.sam, world.ola])
    spoil(world.kit, world.all("concern")[0], doc=99)
    world.wire.sent.clear()
    world.clock.forward(seconds=1)
    world.screen(by="sue").answer("q5", YES)
    assert world.wire.to == ["cora"]
    world.kit.concern("she did not come", about=world.maya)
    assert not {"sam", "ola"} & set(world.wire.to)


def test_nor_is_a_supporter_asked_whom_one_about_somebody_else_names(world: Any) -> None:
    world.enrol("noa")
    world.kit.concern("he shouts at her", about=world.noa, names=[world.sam])
    spoil(world.kit, world.all("concern")[0], doc=99)
    world.wire.sent.clear()
    world.clock.forward(seconds=1)
    world.screen(by="sue").answer("q5", YES)
    assert world.wire.to == ["ola"]


def test_a_storm_is_carried_a_little_at_a_time_and_the_one_that_waits_longest_first(opened: Any) -> None:
    world = opened()
    for _ in range(40):
        world.screen(by="ola").answer("q1", YES)
        world.clock.forward(seconds=1)
    reports = []
    while not reports or reports[-1].more:
        reports.append(world.kit.deliver(limit=1))
        world.clock.forward(seconds=1)
    assert (len(reports), sum(report.climbed for report in reports)) == (40, 40)
    assert {alert.climbs for alert in world.alerts} == {1}


def test_an_outside_body_that_is_the_only_step_is_tried_again_until_it_takes_the_notice(opened: Any) -> None:
    body = {"role": "outside", "name": "Distress Centre (fictional)", "reach": ["wire:centre"], "minutes": 10}
    world = opened(more={"path": [body]})
    world.wire.broken = {"centre", "cora"}  # where the path has nobody, every coordinator is asked
    world.screen(by="sam").answer("q5", YES)
    for _ in range(3):
        world.clock.forward(minutes=6)
        assert f"alert:{world.alert().id}:nobody-reached" in world.kit.deliver().problems
        assert "unreached-alert" in {problem.code for problem in world.kit.health().problems}
    world.wire.broken = set()
    world.clock.forward(minutes=6)
    assert world.kit.deliver().problems == ()
    assert world.wire.to == ["centre", "cora"]  # from the second round on, every coordinator is asked as well


def test_a_beat_from_the_future_is_no_beat(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    later = world.clock.now() + timedelta(days=365)
    world.kit.storage.mark(HEARTBEAT, json.dumps({"at": stamp(later)}))
    world.clock.forward(minutes=11)
    assert "deaf" in {problem.code for problem in world.kit.health().problems}
    assert world.kit.warnings() != ()
