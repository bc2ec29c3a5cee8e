# SPDX-License-Identifier: Apache-2.0
"""What time alone brings, what is due from whom, and the daily digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest

import peerkit
from peerkit import (
    Actor,
    GoalPlan,
    Leave,
    Operational,
    Person,
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


def give(world: Any, owner: str, what: str = "call-back", days: float = 0) -> Task:
    with world.kit.session(actor=world.cora) as s:
        due = world.clock.now() + days * DAY
        return s.save(Task.give(owner=world.people[owner], what=what, due=due))


def due(world: Any, who: str) -> list[str]:
    with world.kit.session(actor=world.people[who]) as s:
        return [task.what for task in s.due() if task.what != "cover"]  # that one says so, once


def away(world: Any, who: str, cover: str, days: float = 7) -> Leave:
    with world.kit.session(actor=world.people[who]) as s:
        now = world.clock.now()
        starts, ends = now + timedelta(hours=1), now + days * DAY
        return s.save(
            Leave.plan(person=world.people[who], cover=world.people[cover], starts=starts, ends=ends)
        )


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


# -- the digest ------------------------------------------------------------------------------------------


def texts(world: Any, to: str) -> list[str]:
    return [message.text for message in world.wire.sent if message.to == to]


@pytest.fixture
def morning(world: Any) -> Any:
    world.clock.wall("2027-01-12 08:00", "America/Toronto")
    with world.kit.session(actor=world.cora) as s:
        s.save(world.kit.program.update(settings={"digest_at": "09:00"}))
    world.kit.deliver()
    return world


def test_once_a_day_everybody_hears_how_much_is_due_and_nothing_else(morning: Any) -> None:
    world = morning
    give(world, "ola", "secret-of-maya")
    give(world, "ola", "later-today", days=0.4)
    give(world, "ola", "tomorrow", days=1)
    assert world.kit.deliver().digests == 0
    world.clock.forward(hours=1)
    assert world.kit.deliver().digests == 1
    assert world.kit.deliver().digests == 0
    (text,) = texts(world, "ola")
    assert text == "2 things are due from you. Please open your work app."
    world.clock.forward(hours=23)
    world.kit.deliver()
    assert len(texts(world, "ola")) == 1
    world.clock.forward(hours=1)
    world.kit.deliver()
    assert texts(world, "ola")[1].startswith("3 things")


def test_whoever_stands_in_hears_of_it_too(morning: Any) -> None:
    give(morning, "sam")
    away(morning, "sam", cover="ola")
    morning.clock.forward(hours=2)
    assert morning.kit.deliver().digests == 2
    assert texts(morning, "ola") == [
        "2 things are due from you. Please open your work app."
    ]  # to cover, and it


def test_a_coordinator_gets_the_head_which_proves_what_was_before(morning: Any) -> None:
    world = morning
    give(world, "cora")
    world.clock.forward(hours=1)
    world.kit.deliver()
    (text,) = texts(world, "cora")
    head = text.rpartition(" ")[2]
    give(world, "cora")
    assert world.kit.verify(head=head).anchored
    assert not world.kit.verify(head="1" * 64).anchored


@pytest.mark.parametrize("how", ["not_by", "hours", "gone", "off"])
def test_it_keeps_to_what_somebody_wants(morning: Any, how: str) -> None:
    world = morning
    give(world, "sam")
    if how == "not_by":
        world.change("sam", not_by=("wire",))
    elif how == "hours":
        world.change("sam", hours="mon-fri 20:00-21:00")
    elif how == "off":
        with world.kit.session(actor=world.cora) as s:
            s.save(world.kit.program.update(settings={"digest_at": ""}))
    else:
        with world.kit.session(actor=world.sam) as s:
            s.save(s.get(peerkit.Person, world.sam).leave())
    world.clock.forward(hours=1)
    world.kit.deliver()
    assert texts(world, "sam") == []
    if how == "hours":
        world.clock.wall("2027-01-12 20:30", "America/Toronto")
        world.kit.deliver()
        assert len(texts(world, "sam")) == 1


def test_a_digest_that_cannot_be_sent_is_written_down_and_holds_up_nobody(morning: Any) -> None:
    world = morning
    world.wire.broken = {"ola"}
    give(world, "ola")
    give(world, "sam")
    world.clock.forward(hours=1)
    report = world.kit.deliver()
    assert (report.digests, report.failed) == (1, 1)
    assert texts(world, "sam")


def test_hours_that_are_none_are_refused(world: Any) -> None:
    with pytest.raises(Refused, match=r"settings\.digest_at"), world.kit.session(actor=world.cora) as s:
        s.save(world.kit.program.update(settings={"digest_at": "tea time"}))
    assert world.kit.program.digest_at == ""
