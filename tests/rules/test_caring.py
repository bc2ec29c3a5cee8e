# SPDX-License-Identifier: Apache-2.0
"""Care for the peer: debriefs in a rhythm, and limits that a supporter set for themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

import peerkit
from peerkit import Activity, Interaction, Malformed, Meeting, PeerSupporter, Refused, Task

DAY = timedelta(days=1)
ZONE = "America/Toronto"


def open_tasks(world: Any, what: str) -> list[tuple[str, str]]:
    return sorted((one.owner, one.note) for one in world.every(Task, what=what, state="open"))


def rhythm(world: Any, days: int) -> None:
    world.save(world.kit.program.update(settings={"debrief_days": days}))


# -- debriefs --------------------------------------------------------------------------------------


def test_who_walks_beside_somebody_is_asked_every_week_and_once_at_a_time(world: Any) -> None:
    kai, _idle = world.supporter("kai"), world.supporter("noor")
    world.match(world.maya, kai)
    rhythm(world, 7)
    assert world.kit.tick() == 2  # a first day for each of the two
    assert world.kit.tick() == 0
    world.watch.at += 6 * DAY
    assert world.kit.tick() == 0
    world.watch.at += DAY
    world.kit.tick()
    assert open_tasks(world, "debrief") == [(kai.id, "")]
    assert world.kit.tick() == 0
    world.watch.at += 7 * DAY
    world.kit.tick()
    (waiting,) = world.every(Task, what="debrief")  # it waits still: not asked twice
    world.save(waiting.done(), actor=kai)
    world.watch.at += 7 * DAY
    world.kit.tick()
    assert len(world.every(Task, what="debrief")) == 2


def test_the_day_is_the_programs_and_the_rhythm_is_its_setting(world: Any) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    world.kit.tick()
    assert world.every(PeerSupporter)[0].debrief_on is None
    rhythm(world, 1)
    world.watch.at = world.watch.at.replace(hour=3)  # still the evening before, in Toronto
    world.kit.tick()
    (role,) = world.every(PeerSupporter)
    assert role.debrief_on == world.watch.at.date()
    world.watch.at = world.watch.at.replace(hour=6)
    world.kit.tick()
    assert open_tasks(world, "debrief") == [(kai.id, "")]
    for wrong in (-1, 367):
        with pytest.raises(Refused, match="debrief_days"):
            rhythm(world, wrong)


def test_it_is_the_kits_to_say_and_a_supporter_who_stopped_is_not_asked(world: Any) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    rhythm(world, 7)
    world.kit.tick()
    (role,) = world.every(PeerSupporter)
    with pytest.raises(Refused, match="decided by the kit"):
        world.save(role.debrief_next(on=world.watch.at.date()), actor=kai)
    world.save(role.step_down(), actor=kai)
    world.watch.at += 8 * DAY
    world.kit.tick()
    assert open_tasks(world, "debrief") == []


# -- what they wish at most ------------------------------------------------------------------------

MONDAY = datetime.fromisoformat("2026-03-02T15:00")


@pytest.fixture
def kai(world: Any) -> Any:
    """Kai, whom Sol supervises, walks beside Maya and wishes three hours a week."""
    kai = world.supporter("kai", supervisor=world.sol)
    world.match(world.maya, kai)
    (role,) = world.every(PeerSupporter)
    world.save(role.update(hours_a_week=3, no_contact="mon-sun 21:00-08:00"), actor=kai)
    return kai


def meets(world: Any, kai: Any, local: datetime, minutes: int = 60, **details: Any) -> Any:
    given = {"person": world.maya, "supporter": kai, "local": local, "timezone": ZONE, "minutes": minutes}
    return world.save(Meeting.plan(**given, **details), actor=kai)


def test_more_hours_than_they_wish_stand_and_two_hear_of_it_once_a_week(world: Any, kai: Any) -> None:
    meets(world, kai, MONDAY, 120)
    one = meets(world, kai, MONDAY + 2 * DAY)
    assert open_tasks(world, "care-for-the-peer") == []
    world.watch.at += 6 * DAY
    call = Interaction.note(supporter=kai, channel="call", local=MONDAY + 6 * DAY, timezone=ZONE, minutes=1)
    world.save(call, actor=kai)
    told = sorted([(kai.id, "2026-W10"), (world.sol.id, "2026-W10")])
    assert open_tasks(world, "care-for-the-peer") == told
    world.save(one.hold(minutes=90), actor=kai)
    assert open_tasks(world, "care-for-the-peer") == told
    meets(world, kai, MONDAY + 7 * DAY, 180)
    assert open_tasks(world, "care-for-the-peer") == told
    group = Activity.plan(
        title="Tea", format="group", facilitators=(kai,), local=MONDAY + 8 * DAY, timezone=ZONE, minutes=1
    )
    world.save(group, actor=kai)
    assert [note for _, note in open_tasks(world, "care-for-the-peer")].count("2026-W11") == 2


def test_what_was_called_off_or_is_anothers_does_not_count(world: Any, kai: Any) -> None:
    world.save(meets(world, kai, MONDAY, 180).cancel(), actor=kai)
    meets(world, kai, MONDAY + DAY, 180)
    assert open_tasks(world, "care-for-the-peer") == []


@pytest.mark.parametrize(
    ("hour", "minutes", "told"),
    [(20, 60, False), (20, 61, True), (21, 5, True), (7, 30, True), (8, 60, False)],
)
def test_hours_without_contact_are_on_the_programs_clock(
    world: Any, kai: Any, hour: int, minutes: int, *, told: bool
) -> None:
    meets(world, kai, MONDAY.replace(hour=hour), minutes)
    expected = sorted([(kai.id, "2026-03-02"), (world.sol.id, "2026-03-02")]) if told else []
    assert open_tasks(world, "care-for-the-peer") == expected


def test_without_a_supervisor_a_coordinator_hears(world: Any) -> None:
    noor = world.supporter("noor")
    for person in (world.maya, world.theo):
        world.match(person, noor)
    (role,) = world.every(PeerSupporter)
    world.save(role.update(capacity=1), actor=noor)
    told = sorted([(noor.id, "people"), (world.coordinator.id, "people")])
    assert open_tasks(world, "care-for-the-peer") == told
    assert len([r for r in world.every(peerkit.Relationship) if r.state == "agreed"]) == 2


def test_limits_are_theirs_to_set_and_have_a_form(world: Any, kai: Any) -> None:
    (role,) = world.every(PeerSupporter)
    with pytest.raises(Refused, match="decided by the person"):
        world.save(role.update(hours_a_week=40))
    for wrong in (-1, 169, 2.5, True):
        with pytest.raises(Malformed, match="hours a week"):
            role.update(hours_a_week=wrong)
    with pytest.raises(Malformed, match=r"mon-fri 09:00-17:00.*no_contact") as caught:
        role.update(no_contact="after supper")
    assert "supper" not in str(caught.value)
    told = world.save(role.update(languages=("en", "fr"), paid=True), actor=kai)
    assert (told.languages, told.paid) == (("en", "fr"), True)
    none = world.save(told.update(hours_a_week=0, no_contact=""), actor=kai)
    assert (none.hours_a_week, none.no_contact) == (0, "")
