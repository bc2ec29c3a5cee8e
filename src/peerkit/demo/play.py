# SPDX-License-Identifier: Apache-2.0
"""The journey, played: what each human does, in their own session, while the clock is moved.

Nothing of the story is written here; `tell` reads it from the feed afterwards. Where a step is meant
to be refused, it is tried for real.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stderr, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

import peerkit
from peerkit import Decision, GoalPlan, Meeting, PeerSupporter, Person, Progress, Refused, Relationship
from peerkit.demo import alarm, cast, referring, shelf
from peerkit.demo.clock import StoryClock
from peerkit.model.actor import Actor
from peerkit.model.ids import SystemClock
from peerkit.model.program import Appointment

if TYPE_CHECKING:
    from peerkit.kit import Kit


@attrs.define
class Stage:
    """The opened program, its clock, and the ids of who plays."""

    kit: Kit
    clock: StoryClock
    robin: str = ""
    jo: str = ""
    ines: str = ""
    tomas: str = ""
    maya: str = ""

    def as_(self, person: str, role: str = "") -> Actor:
        """Somebody, in their own account, as a host of peerkit would vouch for them."""
        return Actor(person, role=role, via="demo")

    def later(self, hour: int, minute: int = 0, *, days: int = 1) -> None:
        """Some days pass; somebody delivers all the while."""
        self.until(self.clock.day_at(hour, minute, days=days))

    def until(self, moment: datetime) -> None:
        """Time passes until this instant; somebody delivers all the while."""
        while (now := self.clock.now()) < moment:
            self.clock.move_to(min(moment, now + RUN))
            self.deliver()

    def deliver(self) -> None:
        """What is due is sent. The console's notices go nowhere: the feed says that they went."""
        with self.hushed():
            self.kit.deliver()

    @staticmethod
    def hushed() -> AbstractContextManager[Any]:
        """Standard error, on which the console writes its notices, is not shown."""
        return redirect_stderr(io.StringIO())

    def spoken(self, person: str) -> Decision:
        """What somebody said aloud, recorded by another."""
        return Decision.of(person, how="spoken")


WEEKS = 4
"""How long ago the journey begins, so that it is over now and its drill still counts."""

RUN = timedelta(hours=12)
"""How far apart deliveries are in the story. A real program delivers every minute."""


@contextmanager
def open_stage(url: str, *, discover: bool = False) -> Iterator[Stage]:
    """The demo's program, founded in an empty database, on a clock of its own."""
    clock = StoryClock.weeks_before(SystemClock().now(), WEEKS, ZoneInfo(cast.ZONE))
    with peerkit.open(url, settings=cast.SETTINGS, clock=clock, discover=discover) as kit:
        people = {one.name: one.id for one in kit._find_all("person")}
        yield Stage(kit, clock, robin=people[cast.ROBIN], jo=people[cast.JO])


def play(stage: Stage, fill: Callable[[Kit, Actor], Any] = shelf.load) -> None:
    """The whole journey, over four weeks, and on to the present. `fill` loads the directory."""
    people(stage)
    stage.clock.pass_minutes(20)
    fill(stage.kit, stage.as_(stage.robin))
    alarm.drill(stage)
    stage.later(10)
    match(stage)
    stage.later(14, days=2)
    first_meeting(stage)
    stage.later(16, days=5)
    plan(stage)
    stage.later(15, days=2)
    alarm.answer_climbs(stage)
    stage.later(13, days=3)
    referring.withdrawn(stage)
    stage.later(11, days=4)
    referring.answered(stage)
    stage.later(10)
    ending(stage)
    stage.until(SystemClock().now())


def people(stage: Stage) -> None:
    """Robin, the coordinator, brings in those who work here."""
    kit = stage.kit
    with kit.session(stage.as_(stage.robin)) as s:
        ines = s.save(Person.enrol(name=cast.INES, reach=(f"{cast.CHANNEL}:ines",), languages=("en",)))
        s.save(Appointment.give(ines, "supervisor"))
    with kit.session(stage.as_(stage.robin)) as s:
        tomas = s.save(Person.enrol(name=cast.TOMAS, reach=(f"{cast.CHANNEL}:tomas",), languages=("en",)))
        paper = Decision.of(tomas, how="paper", evidence="the green binder, page 1")
        s.save(PeerSupporter.welcome(tomas, experience="own", supervisor=ines, languages=("en",), by=paper))
    stage.ines, stage.tomas = ines.id, tomas.id


def match(stage: Stage) -> None:
    """Maya asks; Robin proposes; both say yes, each for themselves."""
    kit, clock = stage.kit, stage.clock
    with kit.session(stage.as_(stage.robin)) as s:
        stage.maya = s.save(
            Person.enrol(name=cast.MAYA, age_band="25-64", languages=("en",), reach=("phone:555-0199",))
        ).id
    clock.pass_minutes(25)
    with kit.session(stage.as_(stage.maya)) as s:
        asked = s.save(
            Relationship.enquire(
                person=stage.maya, hopes="Somebody who has been through a long winter and came out of it."
            )
        )
    stage.later(9, 30)
    with kit.session(stage.as_(stage.robin)) as s:
        reasons = ("both walk a lot", "evenings suit both", "Tomas has been through something like it")
        s.save(s.get(Relationship, asked).propose(stage.tomas, reasons=reasons))
    clock.pass_minutes(55)
    with kit.session(stage.as_(stage.tomas)) as s:
        yes = s.get(Relationship, asked).take_on(
            helps="Walking while we talk.",
            boundaries="I answer messages until nine in the evening.",
            rhythm="An hour a week, on a Friday.",
        )
        s.save(yes)
    clock.pass_minutes(180)
    with kit.session(stage.as_(stage.maya)) as s:
        yes = s.get(Relationship, asked).agree(
            helps="Being asked before advice is given.",
            does_not_help="Being told that it will pass.",
            policy="2026-10",
        )
        s.save(yes)


def first_meeting(stage: Stage) -> None:
    """They agree on a time, meet, and write the note together. Maya adds her own words."""
    kit, clock = stage.kit, stage.clock
    with kit.session(stage.as_(stage.tomas)) as s:
        meeting = s.save(
            Meeting.plan(
                person=stage.maya,
                supporter=stage.tomas,
                local=clock.local.replace(hour=16, minute=0, second=0),
                timezone=cast.ZONE,
                place="at the bench by the lighthouse",
            )
        )
    stage.later(17, 5, days=0)
    with kit.session(stage.as_(stage.tomas)) as s:
        held = s.get(Meeting, meeting).hold(support=("emotional", "goal_setting"))
        note = (
            "We walked to the lighthouse and back. Winter is the hard part; mornings are better than nights."
        )
        s.save(held.write_note(note, together="yes"))
    clock.pass_minutes(90)
    with kit.session(stage.as_(stage.maya)) as s:
        words = "I would add: I laughed twice."
        s.save(s.get(Meeting, meeting).answer_note(words))


def plan(stage: Stage) -> None:
    """Maya makes a plan. What others put into it stays theirs until she says otherwise."""
    kit, clock = stage.kit, stage.clock
    with kit.session(stage.as_(stage.maya)) as s:
        begun = GoalPlan.begin(
            person=stage.maya,
            hopes="To recognise myself again.",
            strengths=("I notice things", "I keep promises to others"),
        )
        made = s.save(
            begun.add_goal("Walk to the library on Saturdays", why="It is warm there", confidence=7)
        )
    clock.pass_minutes(15)
    with kit.session(stage.as_(stage.tomas)) as s:
        made = s.save(s.get(GoalPlan, made).suggest("Call my sister once a week", author=stage.tomas))
    suggested = made.goals[-1].id
    clock.pass_minutes(2)
    with suppress(Refused), kit.session(stage.as_(stage.tomas)) as s:
        s.save(s.get(GoalPlan, made).adopt(suggested))
    clock.pass_minutes(2)
    with suppress(Refused), kit.session(stage.as_(stage.tomas)) as s:
        held = s.get(GoalPlan, made)
        s.save(attrs.evolve(held, hopes="To get back to work."))
    clock.pass_minutes(30)
    with kit.session(stage.as_(stage.maya)) as s:
        adopted = s.get(GoalPlan, made).change_goal(made.goals[0].id, importance=9)
        s.save(adopted.adopt(suggested).add_step(suggested, "Find her new number"))
    clock.pass_minutes(3)
    with kit.session(stage.as_(stage.maya)) as s:
        words = "Went twice. The second time I stayed until it closed."
        own = s.get(GoalPlan, made)
        s.save(Progress.note(plan=own, goal=own.goals[0].id, words=words, author=stage.maya))


def ending(stage: Stage) -> None:
    """In the end: what Maya says of her goals, and of walking with Tomas."""
    kit, clock = stage.kit, stage.clock
    with kit.session(stage.as_(stage.maya)) as s:
        [held] = s.find(GoalPlan)
        s.save(held.achieve(held.goals[0].id))
    clock.pass_minutes(10)
    with kit.session(stage.as_(stage.maya)) as s:
        [relation] = s.find(Relationship)
        s.save(
            relation.reword(helps="Walking while we talk. Being asked before advice is given. Silence, too.")
        )
