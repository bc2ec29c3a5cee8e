# SPDX-License-Identifier: Apache-2.0
"""The path as a pure function: promises that hold for every set of facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from hypothesis import example, given
from hypothesis import strategies as st

from peerkit import Appointment, Leave, Level
from peerkit.model.program import Step
from peerkit.model.when import parse
from peerkit.safety.ladder import FIRST, Facts, Human, climb, resolve, rungs

NOW = datetime(2027, 1, 11, 15, tzinfo=UTC)
ZONE = ZoneInfo("America/Toronto")
NAMES = ("ann", "bo", "cy", "di", "ed")
ROLES = ("supporter", "supervisor", "on-call", "coordinator")

people = st.builds(
    Human,
    st.just(""),
    st.sampled_from([(), ("wire:x",)]),
    here=st.booleans(),
    quiet=st.booleans(),
)
offices = st.builds(
    lambda who, role, hours: (Appointment.give(who, role, hours=hours), parse(hours)),
    st.sampled_from(NAMES),
    st.sampled_from(ROLES[1:]),
    st.sampled_from(["", "mon-fri 09:00-17:00", "sat-sun 00:00-24:00"]),
)
leaves = st.builds(
    lambda cover: Leave(
        person="x", cover=cover, starts=NOW - timedelta(days=1), ends=NOW + timedelta(days=1)
    ),
    st.sampled_from(NAMES),
)
some = st.lists(st.sampled_from(NAMES), max_size=2).map(tuple)
facts = st.builds(
    Facts,
    st.just((NOW,)),
    st.just(ZONE),
    path=st.lists(
        st.builds(lambda role: Step(role=role, minutes=10), st.sampled_from(ROLES)), min_size=1, max_size=4
    ).map(tuple),
    subject=st.sampled_from(["", *NAMES]),
    author=st.sampled_from(["", *NAMES]),
    barred=some.map(frozenset),
    resting=some.map(frozenset),
    unable=some.map(frozenset),
    supporters=some,
    supervisors=some,
    offices=st.lists(offices, max_size=4).map(tuple),
    leaves=st.dictionaries(st.sampled_from(NAMES), leaves.map(lambda one: (one,)), max_size=3),
    humans=st.fixed_dictionaries(
        {name: people.map(lambda h, name=name: attrs.evolve(h, id=name)) for name in NAMES}
    ),
    channels=st.just(frozenset({"wire"})),
)
levels = st.sampled_from([Level.TALK, Level.TODAY, Level.NOW])


ann = Facts(
    (NOW,),
    ZONE,
    supporters=("ann",),
    humans={name: Human(name, ("wire:x",)) for name in NAMES},
    channels=frozenset({"wire"}),
)


@example(attrs.evolve(ann, barred=frozenset({"ann"})), Level.NOW, -1, 0)
@example(attrs.evolve(ann, subject="ann"), Level.NOW, -1, 0)
@example(attrs.evolve(ann, humans={"ann": Human("ann", ("wire:x",), here=False)}), Level.NOW, -1, 0)
@example(attrs.evolve(ann, humans={"ann": Human("ann")}), Level.NOW, -1, 0)
@given(facts, levels, st.integers(-1, 6), st.integers(0, 3))
def test_never_the_subject_nor_who_is_named_nor_who_is_not_there(
    found: Facts, level: Level, step: int, round_: int
) -> None:
    rung = climb(level, found, step, round_)
    for one in rung.asked:
        assert one != found.subject
        assert one not in found.barred
        human = found.humans[one]
        assert human.here
        assert human.addresses


@given(facts, levels)
def test_the_author_only_while_nobody_else_is_there(found: Facts, level: Level) -> None:
    rung = climb(level, found, -1, 0)
    if found.author and found.author in rung.asked and rung.role != "holder":
        others = attrs.evolve(found, author="", barred=found.barred | {found.author})
        again = climb(level, others, -1, 0)
        assert set(again.asked) <= found.unable


@given(facts, levels)
def test_it_goes_on_for_ever_and_visits_every_step_that_reaches_somebody(found: Facts, level: Level) -> None:
    step, round_, seen = -1, 0, set()
    first = climb(level, found, step, round_)
    for _ in range(3 * (len(rungs(level, found.path)) + 1)):
        rung = climb(level, found, step, round_)
        assert bool(rung.asked) == bool(first.asked)
        assert (rung.round, rung.step) > (round_, step) or not rung.asked
        assert rung.minutes >= 1
        step, round_ = rung.step, rung.round
        seen.add(rung.role)
    steps = rungs(level, found.path)
    if level is Level.TALK and resolve(steps[1], found, quiet=True)[0]:
        steps = steps[:2]  # a coordinator only where no supervisor can be asked
    for one in steps:
        if resolve(one, found)[0]:
            assert one.role in seen


@given(facts, levels)
def test_from_the_second_round_on_every_coordinator_is_there(found: Facts, level: Level) -> None:
    rung = climb(level, found, 99, 0)
    if not rung.asked or level is Level.TALK:
        return
    assert rung.round == 1
    live = {
        office.person
        for office, _ in found.offices
        if office.role == "coordinator" and office.person not in found.leaves
    }
    plain = {
        one
        for one in live
        if one not in found.barred | found.unable | {found.subject, found.author}
        and found.humans[one].here
        and found.humans[one].addresses
        and not found.humans[one].quiet
    }
    assert plain <= set(rung.asked)


def test_two_who_cover_each_other_leave_nobody() -> None:
    def away(cover: str) -> tuple[Leave, ...]:
        return (Leave(person="x", cover=cover, starts=NOW - timedelta(days=1), ends=NOW + timedelta(days=1)),)

    found = Facts(
        moments=(NOW,),
        zone=ZONE,
        path=(Step(role="supporter", minutes=5), Step(role="on-call", minutes=5)),
        supporters=("ann",),
        offices=((Appointment.give("cy", "on-call"), parse("")),),
        leaves={"ann": away("bo"), "bo": away("ann")},
        humans={name: Human(name, ("wire:x",)) for name in NAMES},
        channels=frozenset({"wire"}),
    )
    assert resolve(found.path[0], found) == ((), "away")
    assert climb(Level.NOW, found, -1, 0).asked == ("cy",)


def test_hours_of_a_wrong_clock_take_nobody_off(caplog: Any) -> None:
    office = Appointment.give("cy", "on-call", ends=NOW)
    found = Facts(
        moments=(NOW + timedelta(days=30),),
        zone=ZONE,
        path=(Step(role="on-call", minutes=5),),
        offices=((office, parse("")),),
        humans={"cy": Human("cy", ("wire:x",))},
        channels=frozenset({"wire"}),
    )
    assert climb(Level.NOW, found, -1, 0).asked == ()
    trusted = attrs.evolve(found, moments=(NOW + timedelta(days=30), NOW - timedelta(days=1)))
    assert climb(Level.NOW, trusted, -1, 0).asked == ("cy",)


@given(facts, st.integers(-1, 6), st.integers(0, 3))
def test_talk_rings_nobody_on_call_while_somebody_keeps_it(found: Facts, step: int, round_: int) -> None:
    rung = climb(Level.TALK, found, step, round_)
    if any(resolve(one, found, quiet=True)[0] for one in rungs(Level.TALK, ())):
        assert rung.role in {"holder", "supervisor", "coordinator"}
        assert rung.minutes == 24 * 60


@given(facts, st.sampled_from(NAMES))
def test_the_path_begins_one_step_later_at_most_and_asks_whom_it_would_have_asked(
    known: Any, first: str
) -> None:
    plain = climb(Level.NOW, known, -1, 0)
    chosen = attrs.evolve(known, first=first)
    rung = climb(Level.NOW, chosen, -1, 0)
    if rung.role == FIRST:
        assert rung.asked == (first,)
        assert first != known.subject
        assert first not in known.barred | known.resting | known.unable | {known.author}
        assert rung.minutes == known.path[0].minutes
        rung = climb(Level.NOW, chosen, rung.step, 0)
        assert rung.role != FIRST
    assert rung.asked == plain.asked
    assert climb(Level.TALK, chosen, -1, 0).asked == climb(Level.TALK, known, -1, 0).asked
