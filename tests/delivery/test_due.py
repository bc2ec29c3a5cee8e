# SPDX-License-Identifier: Apache-2.0
"""What time alone brings, what is due from whom, and the daily digest."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from due_tasks import away, due, give

import peerkit
from peerkit import (
    Actor,
    Consent,
    GoalPlan,
    Notice,
    Operational,
    Person,
    Recipient,
    Record,
    Relationship,
    Review,
    Task,
    act,
    hookimpl,
    record,
)
from peerkit.errors import Refused
from peerkit.hooks import Access, Kind, Proposal, Supply
from peerkit.testing import TimeMachine

DAY = timedelta(days=1)
BOT = Actor.system("test")


# -- due -------------------------------------------------------------------------------------------------


def test_tasks_follow_cover_while_it_lasts_and_no_longer(world: Any) -> None:
    give(world, "sam", "his-own", days=2)
    give(world, "ola", "hers", days=1)
    away(world, "sam", cover="ola")
    assert due(world, "ola") == ["hers"]
    world.clock.forward(hours=2)
    assert due(world, "ola") == ["hers", "his-own"]
    assert due(world, "sam") == ["his-own"]
    world.clock.forward(days=8)
    assert due(world, "ola") == ["hers"]


def test_who_stands_in_may_do_it_and_hand_it_on_but_not_drop_it(world: Any) -> None:
    task = give(world, "sam", "his-own")
    away(world, "sam", cover="ola")
    world.clock.forward(hours=2)
    with world.kit.session(actor=world.ola) as s, pytest.raises(Refused, match=r"may not record task\.drop"):
        s.save(s.get(Task, task.id).drop())
    with world.kit.session(actor=world.ola) as s:
        s.save(s.get(Task, task.id).done())
    assert due(world, "sam") == []


def test_a_task_that_lies_for_two_days_asks_a_second_human_once(world: Any) -> None:
    task = give(world, "ola", "lies", days=1)
    world.clock.forward(days=2, hours=23)
    assert world.kit.tick() == 0
    assert due(world, "cora") == []
    world.clock.forward(hours=1)
    assert world.kit.tick() == 1
    assert world.kit.tick() == 0
    assert due(world, "cora") == ["lies"]
    assert due(world, "ola") == ["lies"]
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Task, task.id).hand_to(world.sam))
    assert due(world, "cora") == []


def test_the_second_human_is_who_supervises_its_owner(world: Any) -> None:
    world.enrol("sol")
    world.supporter("kim", supervisor="sol")
    give(world, "kim", "lies")
    world.clock.forward(days=2)
    world.kit.tick()
    assert due(world, "sol") == ["lies"]
    assert due(world, "cora") == []


def test_the_last_coordinator_is_not_asked_about_their_own_but_whoever_is_on_call(world: Any) -> None:
    give(world, "cora", "mine")
    world.clock.forward(days=3)
    world.kit.tick()
    assert due(world, "cora") == due(world, "ola") == ["mine"]


# -- what time brings --------------------------------------------------------------------------------------


def test_a_route_that_ends_by_the_clock_reads_so_at_once_and_whoever_has_it_now_hears(world: Any) -> None:
    world.enrol("dan")
    office = world.appoint("dan", "coordinator", ends=world.clock.now() + DAY)
    with world.kit.session(actor=world.dan) as s:
        new = s.save(peerkit.Person.enrol(name="New Example"))
    (route,) = (r for r in world.all("route") if r.person == new.id)
    assert (route.holder, route.until) == (world.dan, office.ends)
    world.clock.forward(days=1)
    assert route.holder_at(world.clock.now()) == world.cora
    assert world.kit.tick() == 2
    (moved,) = (r for r in world.all("route") if r.person == new.id)
    assert (moved.holder, moved.until) == (world.cora, None)
    assert due(world, "cora") == ["yours-now"]
    assert world.kit.tick() == 0


def test_much_of_one_thing_keeps_nothing_else_waiting_and_a_commit_stays_small(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peerkit.rules.clock.MOST", 10)
    for _ in range(12):
        give(world, "sam")
    with world.kit.session(actor=world.maya) as s:
        plan = s.save(GoalPlan.begin(person=world.maya))
    with world.kit.session(actor=world.maya) as s:
        for _ in range(12):
            s.save(Review.plan(plan, on=world.clock.now().date() + DAY))
    world.clock.forward(days=3)

    def come() -> tuple[int, int]:
        with world.kit.session(actor=BOT) as s:
            lying = [task for task in s.find(Task, what="call-back") if task.asked_too]
            return len(lying), len(s.find(Review, state="due"))

    assert world.kit.tick(limit=1) == 15  # ten, and a task for each of the five reviews
    assert come() == (5, 5)
    world.kit.tick()
    assert come() == (12, 12)
    assert world.kit.tick() == 0


def test_a_rest_and_a_goodbye_of_one_day_are_asked_after_once_each(world: Any) -> None:
    with world.kit.session(actor=world.maya) as s:
        (pair,) = s.find(Relationship, state="agreed")
        today = world.clock.now().date()
        s.save(pair.plan_ending(today + DAY).pause(until=today + DAY))
    world.clock.forward(days=2)
    world.kit.tick()
    with world.kit.session(actor=BOT) as s:
        asked = [task.what for task in s.find(Task, about=pair.id) if task.what != "match"]
    assert sorted(asked) == ["goodbye", "how-to-go-on"]


def test_deliver_lets_time_act_but_not_by_a_clock_that_nobody_believes(world: Any) -> None:
    world.kit.deliver()
    give(world, "ola", "lies")
    for _ in range(2):
        world.clock.forward(hours=23)
        world.kit.deliver()
    world.clock.forward(days=2)  # a jump: a coordinator confirms the time first
    assert world.kit.deliver().brought == 0
    from peerkit.delivery import confirm_time

    confirm_time(world.kit, Actor(world.cora))
    assert world.kit.deliver().brought == 1


@record("visit", "of from act to who strength\n- - plan planned anyone none\n- planned lapse over kit none")
class Visit(Record):
    day: Operational[str]
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(cls, day: str, *, by: Any = None) -> Visit:
        return cls(day=day)

    @act
    def lapse(self, *, by: Any = None) -> Visit:
        return self


class Garden:
    """A plugin to which time brings something, and which may fail at that."""

    name = "garden"

    def __init__(self) -> None:
        self.fails = False
        self.owner = ""

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        return [Kind(Visit, rights="role kind read acts\nanyone visit yes plan"), Access(writes={"task"})]

    @hookimpl
    def peerkit_respond(self, proposal: Proposal) -> Iterator[Record]:
        if not proposal.tick:
            return
        if self.fails:
            raise LookupError("whatever")
        today = proposal.now.date().isoformat()
        for visit in proposal.view.find(Visit, lambda v: v.day < today, state="planned"):
            yield Task.give(owner=self.owner, what="was-there", about=visit)


def test_a_plugin_is_asked_what_time_brought(monkeypatch: pytest.MonkeyPatch) -> None:
    garden, clock = Garden(), TimeMachine()
    with peerkit.open("memory:", plugins=[garden], discover=False, clock=clock) as kit:
        garden.owner = kit.sandbox_coordinator
        with kit.session() as s:
            visit = s.save(Visit.plan(clock.now().date().isoformat()))
        assert kit.tick() == 0
        clock.forward(days=1)
        monkeypatch.setattr("peerkit.kit.ticking.CLOCK", Actor.system("clock"))
        assert kit.tick(limit=1) == 1
        (task,) = kit._find_all("task")
        assert (task.what, task.about) == ("was-there", visit.id)


def test_a_plugin_that_fails_at_every_tick_makes_one_task_a_day_and_holds_up_nothing(world: Any) -> None:
    garden, clock = Garden(), TimeMachine()
    garden.fails = True
    with peerkit.open("memory:", plugins=[garden], discover=False, clock=clock) as kit:
        with kit.session() as s:
            lou = s.save(Person.enrol(name="Lou Made-Up"))
            s.save(Task.give(owner=lou, what="lies", due=clock.now()))
        for _ in range(3):
            kit.tick()
            clock.forward(minutes=1)
        assert [t.what for t in kit._find_all("task")].count("plugin-failed") == 1
        clock.forward(days=2)
        kit.tick()
        tasks = kit._find_all("task")
        assert [t.what for t in tasks].count("plugin-failed") == 2
        assert next(t for t in tasks if t.what == "lies").asked_too == kit.sandbox_coordinator


def test_a_responder_that_hangs_when_time_acts_holds_up_no_delivery(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peerkit.delivery import running

    class Hanging:
        name = "hanging"

        @hookimpl
        def peerkit_respond(self, proposal: Proposal) -> Iterator[Record]:
            if proposal.tick:
                threading.Event().wait()
            return iter(())

    monkeypatch.setattr(running, "TICK", 0.05)
    world = opened(plugins=[Hanging()])
    with world.kit.session(actor=world.cora) as s:
        clinic = s.save(Recipient.add(name="Clinic", address="wire:clinic"))
    with world.kit.session(actor=world.maya) as s:
        s.save(Consent.give(person=world.maya, recipient=clinic, classes=("own",), purpose="notice"))
        s.save(Notice.queue(person=world.maya, recipient=clinic, words="I will not come"))
    report = world.kit.deliver()
    assert report.problems == ("tick:timeout",)
    assert report.notices == 1


def test_what_is_no_alarm_goes_on_past_any_failure_which_is_named(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peerkit.delivery import running

    def broken(*_args: Any) -> tuple[int, int]:
        raise ValueError("a sentence with somebody's words in it")

    monkeypatch.setattr(running, "digest", broken)
    assert world.kit.deliver().problems == ("digest:ValueError",)
