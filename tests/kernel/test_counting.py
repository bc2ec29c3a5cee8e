# SPDX-License-Identifier: Apache-2.0
"""Counts of a period: what belongs to it, what is shown of it, and that it stays the same."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import (
    Activity,
    Actor,
    Consent,
    Decision,
    Interaction,
    Malformed,
    Meeting,
    Person,
    Read,
    Recipient,
    Referral,
    Refused,
    Relationship,
    Service,
)
from peerkit.kit.steps import stage
from peerkit.ports import Batch

BOT = Actor.system("test")
ZONE = "America/Toronto"
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
DAY = timedelta(days=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def come(world: Any, when: str) -> datetime:
    """That wall-clock time, which has come when it is written down."""
    found = local(when)
    world.watch.at = max(world.watch.at, found.replace(tzinfo=UTC) + DAY)
    return found


def people(world: Any, many: int) -> list[Any]:
    with world.kit.session(actor=BOT) as s:
        return [s.save(Person.enrol(name=f"P{number} Example (fictional)")) for number in range(many)]


def given(world: Any, *records: Any) -> list[Any]:
    with world.kit.session(actor=BOT) as s:
        return [s.save(one) for one in records]


def meeting(world: Any, person: Any, when: str, minutes: int = 60, **details: Any) -> Meeting:
    known = {"person": person, "supporter": world.kai, "local": come(world, when), "timezone": ZONE}
    return Meeting.enter(**{**known, "minutes": minutes, **details})


def call(world: Any, when: str, **details: Any) -> Interaction:
    known = {"supporter": world.kai, "channel": "call", "local": come(world, when), "timezone": ZONE}
    return Interaction.note(**{**known, **details})


def group(world: Any, when: str, **details: Any) -> Activity:
    known = {"title": "Tea", "format": "drop_in", "facilitators": (world.kai,), "timezone": ZONE}
    return Activity.enter(**{**known, "local": come(world, when), **details})


def counted(world: Any, first: date = MARCH[0], last: date = MARCH[1], **details: Any) -> Any:
    with world.kit.session(actor=world.coordinator) as s:
        return s.counts(first, last, **details)


@pytest.fixture
def kai(world: Any) -> Any:
    return world.supporter("kai", capacity=100)


# -- what is counted -------------------------------------------------------------------------------


def test_people_meetings_calls_groups_and_hours(world: Any, kai: Any) -> None:
    known = people(world, 6)
    given(
        world,
        *(meeting(world, one, "2026-03-10T10:00", support=("social",)) for one in known),
        meeting(world, known[0], "2026-03-11T10:00", 30),
        *(call(world, "2026-03-12T19:00", minutes=10, support=("social",)) for _ in range(7)),
        *(call(world, "2026-03-12T19:00", minutes=10, person=one, channel="text") for one in known[:5]),
        *(group(world, "2026-03-13T19:00", headcount=9, minutes=90) for _ in range(5)),
        *(group(world, "2026-03-13T19:00", format="patient_council") for _ in range(5)),
    )
    found = counted(world)
    assert (found.individuals, found.meetings, found.calls_named, found.calls_nameless) == (6, 7, 5, 7)
    assert (found.sessions, found.attendances, found.uncounted) == (10, 45, 5)
    assert found.formats == {"drop_in": 5, "patient_council": 5}
    assert found.channels == {"call": 7, "text": 5}
    assert found.support == {"social": 13}
    assert found.minutes == {"meetings": 390, "interactions": 120, "activities": 1050}
    assert found.hours == {"meetings": 6.5, "interactions": 2.0, "activities": 17.5}
    assert counted(world, date(2026, 4, 1), date(2026, 4, 30)).meetings == 0


def test_what_did_not_take_place_or_was_struck_is_not_counted(world: Any, kai: Any) -> None:
    known = people(world, 6)
    made = given(world, *(meeting(world, one, "2026-03-10T10:00") for one in known))
    plan = Meeting.plan(person=known[0], supporter=kai, local=local("2026-03-10T10:00"), timezone=ZONE)
    calls = given(world, plan, *(call(world, "2026-03-10T10:00") for _ in range(6)))
    given(world, made[0].fall_through(), calls[1].strike())
    found = counted(world)
    assert (found.individuals, found.meetings, found.calls_nameless) == (5, 5, 5)


def test_days_are_the_programs_also_in_nights_in_which_the_clock_is_changed(world: Any, kai: Any) -> None:
    """In Toronto the clock is set forward at two on 8 March 2026, back at two on 1 November: days of 23 and
    25 hours. A meeting elsewhere counts for the day that it is in Toronto."""
    known = people(world, 6)
    times = [
        "2026-03-08T00:00",
        "2026-03-08T23:59",
        "2026-11-01T00:00",
        "2026-11-01T01:30",
        "2026-11-01T23:59",
    ]
    given(world, *(meeting(world, one, when) for one in known for when in times))
    given(world, *(meeting(world, one, "2026-03-09T12:59", timezone="Asia/Tokyo") for one in known))
    given(world, *(meeting(world, one, "2026-03-09T13:00", timezone="Asia/Tokyo") for one in known))

    def on(day: date) -> int:
        return counted(world, day, day).meetings

    assert [on(date(2026, 3, day)) for day in (7, 8, 9)] == [0, 18, 6]
    assert [on(date(2026, month, day)) for month, day in ((10, 31), (11, 1), (11, 2))] == [0, 18, 0]


def test_waits_beginnings_and_endings(world: Any, kai: Any) -> None:
    """Enquiries on 2 March; five agree after ten days, five wait on; of the first, five end in April."""
    known = people(world, 10)
    asked = [world.save(Relationship.enquire(person=one, by=Decision.of(one, how="spoken"))) for one in known]
    world.watch.at += 10 * DAY
    agreed = []
    for one in asked[:5]:
        proposed = world.save(one.propose(kai))
        yes = world.save(proposed.agree(by=Decision.of(one.person, how="spoken")))
        agreed.append(world.save(yes.take_on(), actor=kai))
    world.watch.at += 30 * DAY
    for number, one in enumerate(agreed):
        world.save(one.end(ending="" if number else "moved_on"))
    world.save(asked[5].end())
    march = counted(world)
    assert attrs.astuple(march.begun) == (5, 10.0, 10)
    assert attrs.astuple(march.waiting) == (5, 29.0, 29)
    assert march.ended == {}
    april = counted(world, date(2026, 4, 1), date(2026, 4, 30), own_use=True)
    assert april.ended == {"moved_on": 1, "none_given": 4}
    assert attrs.astuple(april.waiting) == (4, 40.0, 40)  # today is 11 April
    assert april.begun.number == 0
    assert counted(world, date(2026, 2, 1), date(2026, 2, 28)).waiting.number == 0


def test_referrals_by_what_came_of_them_each_once(world: Any, kai: Any) -> None:
    clinic = world.save(Recipient.add(name="Example clinic (fictional)"))
    service = world.save(Service.list(entry={"name": "Example library (fictional)"}))
    made = []
    for one in people(world, 6):
        begun = world.save(
            Referral.begin(person=one, service=service, recipient=clinic, need="food"), actor=one
        )
        whole = ("identity", "contact", "own")
        world.save(Consent.give_once(person=one, recipient=clinic, referral=begun, classes=whole), actor=one)
        made.append(world.save(begun.send(), actor=one))
    for one in made:
        held = world.save(world.get(one).accepted())
        held = world.save(held.record_outcome(outcome="received"))
        world.save(held.answer("yes"), actor=held.person)
    found = counted(world)
    assert (found.referrals, found.outcomes, found.answers) == (6, {"received": 6}, {"yes": 6})


# -- what is shown ---------------------------------------------------------------------------------


def test_no_cell_below_five_is_shown_nor_one_that_gives_it_away(world: Any, kai: Any) -> None:
    known = people(world, 4)
    given(
        world,
        *(meeting(world, one, "2026-03-10T10:00") for one in known for _ in range(3)),
        *(call(world, "2026-03-12T19:00") for _ in range(9)),
        call(world, "2026-03-12T19:00", person=known[0]),
        *(group(world, "2026-03-13T19:00", headcount=9) for _ in range(8)),
        *(group(world, "2026-03-13T19:00", format="advocacy", headcount=1) for _ in range(2)),
        *(group(world, "2026-03-13T19:00", format="network", headcount=1) for _ in range(6)),
    )
    found = counted(world)
    assert found.individuals is None
    assert (found.meetings, found.minutes["meetings"]) == (None, None)  # twelve, of four people
    assert (found.calls_named, found.calls_nameless, found.channels) == (None, None, {"call": None})
    assert found.sessions == 16
    assert found.formats == {"advocacy": None, "drop_in": 8, "network": None}
    assert found.ended == {}
    own = counted(world, own_use=True)
    assert (own.individuals, own.meetings, own.calls_named, own.calls_nameless) == (4, 12, 1, 9)
    assert own.formats == {"advocacy": 2, "drop_in": 8, "network": 6}
    (logged,) = [one for one in world.every(Read) if one.of == "counts"]
    assert (logged.reader, logged.records, logged.person) == (world.coordinator.id, (), ())
    assert "name" not in {field.name for field in attrs.fields(type(found))}


def test_a_coordinator_sees_counts_and_nobody_else_does(world: Any, kai: Any) -> None:
    for office in ("privacy", "on-call", "supervisor"):
        world.office(office.replace("-", ""), office)
    others = [kai, world.maya, world.privacy, world.oncall, world.supervisor]
    for actor in [*others, Actor(world.coordinator.id, role="person")]:
        with world.kit.session(actor=actor) as s, pytest.raises(Refused) as caught:
            s.counts(*MARCH)
        assert caught.value.codes == ("no-right",)
    with world.kit.session(actor=BOT) as s:
        assert s.counts(*MARCH).meetings == 0
        with pytest.raises(Refused):
            s.counts(*MARCH, own_use=True)


@pytest.mark.parametrize(
    ("days", "details"),
    [
        ((MARCH[1], MARCH[0]), {}),
        (("2026-03-01", MARCH[1]), {}),
        ((datetime(2026, 3, 1, tzinfo=UTC), MARCH[1]), {}),
        (MARCH, {"as_of": 0}),
        (MARCH, {"as_of": 10**9}),
        (MARCH, {"as_of": True}),
    ],
)
def test_days_and_positions_that_do_not_fit(world: Any, days: Any, details: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        counted(world, *days, **details)


# -- that it stays the same ------------------------------------------------------------------------


def test_a_past_count_comes_out_the_same_whatever_was_written_since(world: Any, kai: Any) -> None:
    known = people(world, 8)
    made = given(world, *(meeting(world, one, "2026-03-10T10:00") for one in known))
    come(world, "2026-03-11T10:00")
    asked = [world.save(Relationship.enquire(person=one), actor=one) for one in known]
    before = counted(world)
    assert (before.meetings, before.waiting.number) == (8, 8)
    given(
        world,
        made[0].fall_through(),
        made[1].hold(minutes=10),
        made[2].hold(local=local("2026-02-10T10:00")),
        meeting(world, known[0], "2026-03-11T10:00"),
    )
    for one in asked[:3]:
        world.save(one.end(), actor=one.person)
    after = counted(world)
    assert (after.meetings, after.minutes["meetings"], after.waiting.number) == (7, 370, 5)
    assert counted(world, as_of=before.position) == before
    assert counted(world, as_of=after.position) == after


def test_what_was_erased_is_counted_no_more(world: Any, kai: Any) -> None:
    known = people(world, 6)
    made = given(world, *(meeting(world, one, "2026-03-10T10:00") for one in known))
    world.office("pat", "privacy")
    world.kit.erase(made[0], basis="wish", asked_by=world.maya, decided_by=world.pat)
    assert counted(world).meetings == 5


def test_memory_stays_flat_however_much_there_is(world: Any, kai: Any, url: str) -> None:
    if url == "memory:":
        pytest.skip("a memory store holds everything in memory")
    known = people(world, 5)

    def peak() -> int:
        tracemalloc.start()
        assert counted(world).meetings is not None
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    def more(many: int) -> None:
        for begin in range(0, many, 1000):
            with peerkit.model.ids.using(world.kit.ids):
                made = [meeting(world, known[n % 5], "2026-03-10T10:00") for n in range(begin, begin + 1000)]
                changes = [stage(one, BOT, world.kit.codec).change for one in made]
            world.kit.storage.commit(Batch(tuple(changes), world.watch.at))

    more(3000)
    peak()
    first = peak()
    more(9000)
    assert peak() < 1.3 * first + 100_000


# -- warm lines ------------------------------------------------------------------------------------


def test_a_warm_line_says_that_it_is_no_crisis_line_and_names_those_that_are(world: Any) -> None:
    ours = {"name": "Riverside line (fictional)", "number": "555-0100"}
    world.save(world.kit.program.update(settings={"lines": (peerkit.model.program.Line(**ours),)}))
    told = world.kit.warm_line()
    assert "not a crisis line" in told.sentences[0]
    assert told.sentences[1] == "Riverside line (fictional): 555-0100"
    assert any("988" in one.replace("-", "") for one in told.sentences)
    assert str(told) == "\n".join(told.sentences)
