# SPDX-License-Identifier: Apache-2.0
"""A person hears that their record was opened: later where telling endangers, and never never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from spoiling import spoil

from peerkit import BreakGlass, Consent, Decision, GoalPlan, Person, Read, Recipient, Refused, Task

LATEST = timedelta(days=30)

World = Any
DAY = timedelta(days=1)
LATER = "Somebody will tell you about it"


@pytest.fixture
def house(world: World) -> World:
    """Maya, whom Kai supports; Rita, a second coordinator; Noor, who supports somebody else."""
    world.match(world.maya, world.supporter("kai"))
    world.match(world.theo, world.supporter("noor"))
    world.office("rita", "coordinator")
    return world


def broken(world: World, who: Any, whom: Any = None) -> Any:
    return world.kit.break_glass(whom or world.maya, reason="She does not answer", actor=who)


def later(world: World, glass: Any, by: datetime, actor: Any) -> Any:
    return world.save(world.get(glass).tell_later(reason="endangers_person", tell_by=by), actor=actor)


def told(world: World, who: Any) -> list[str]:
    return [one.text for one in world.kit.log(actor=who)]


def seen(world: World, who: Any) -> list[str]:
    with world.kit.session(actor=who) as s:
        return [one.id for one in s.find(BreakGlass)]


def test_who_broke_it_neither_puts_telling_off_nor_says_that_it_was_told(house: World) -> None:
    glass = broken(house, house.rita)
    by = house.watch.now() + DAY
    for made in (glass.tell(), glass.tell_later(reason="endangers_person", tell_by=by)):
        with pytest.raises(Refused) as refused:
            house.save(made, actor=house.rita)
        assert refused.value.codes == ("own-glass",)
    said = glass.tell(by=Decision.of(house.rita, how="spoken"))  # nor somebody else in their name
    with pytest.raises(Refused) as refused:
        house.save(said, actor=house.coordinator)
    assert refused.value.codes == ("own-glass",)
    assert any("opened your record" in one for one in told(house, house.maya))


@pytest.mark.parametrize("by", ["never", "too late", "past"])
def test_telling_is_put_off_for_a_bounded_time(house: World, by: str) -> None:
    now = house.watch.now()
    when = {
        "never": datetime(9999, 1, 1, tzinfo=UTC),
        "too late": now + LATEST + timedelta(minutes=1),
        "past": now,
    }
    with pytest.raises(Refused) as refused:
        later(house, broken(house, house.rita), when[by], house.kai)
    assert refused.value.codes == ("tell-by",)


def test_what_was_put_off_is_shown_when_its_time_is_over(house: World) -> None:
    glass = broken(house, house.noor)
    with house.kit.session(actor=house.noor) as s:
        s.find(Person)
    later(house, glass, house.watch.now() + LATEST, house.kai)
    assert seen(house, house.maya) == []
    assert not any("Noor" in one for one in told(house, house.maya))
    house.watch.forward(days=LATEST.days)
    lines = told(house, house.maya)  # by the clock alone: nothing ran
    assert any("Noor Example (fictional) opened your record" in one for one in lines)
    assert any("after opening your record" in one for one in lines)
    house.kit.tick()
    assert seen(house, house.maya) == [glass.id]
    assert [one.owner for one in house.every(Task, what="tell-of-glass", state="open")] == [house.kai.id]
    assert house.kit.tick() == 0  # found once
    # Where it still endangers, a human says so anew.
    later(house, glass, house.watch.now() + 5 * DAY, house.kai)
    assert seen(house, house.maya) == []
    assert any(LATER in one for one in told(house, house.maya))


def test_the_task_to_tell_is_never_the_readers_where_there_is_anybody_else(house: World) -> None:
    free = house.lou  # nobody walks beside them: a coordinator has them
    holder = house.coordinator
    glass = broken(house, holder, free)
    (task,) = house.every(Task, what="tell-of-glass", about=glass.id)
    assert task.owner == house.rita.id
    later(house, glass, house.watch.now() + DAY, house.rita)
    (task,) = house.every(Task, what="tell-of-glass", about=glass.id, state="open")
    assert task.owner == house.rita.id


def test_what_nobody_can_read_hides_and_is_said(house: World) -> None:
    maya, kit = house.maya, house.kit
    quiet = house.save(Recipient.add(name="Harbour House (fictional)", discreet=True))
    given = Consent.give(person=maya, recipient=quiet, classes=("own",), purpose="care")
    house.save(given, actor=maya)
    house.save(GoalPlan.begin(person=maya, hopes="Sleep"), actor=maya)
    list(kit.disclose(GoalPlan, to=quiet, purpose="care", actor=house.kai))
    glass = broken(house, house.noor)
    with kit.session(actor=house.noor) as s:
        s.find(GoalPlan)
    later(house, glass, house.watch.now() + DAY, house.kai)
    for one in (glass, quiet, given):
        spoil(kit, one)
    house.watch.forward(days=2)
    lines = told(house, maya)
    assert not any("Noor" in one or "Harbour" in one for one in lines)
    assert sum(LATER in one for one in lines) == 2  # that it was opened, and what was read
    assert not any("received" in one or "word on sharing" in one for one in lines)
    problems = {one.code: one.sentence for one in kit.health().problems}
    assert f"break_glass {glass.id}" in problems["unreadable-record"]
    assert any("received" in one.text for one in kit.log(actor=maya, everything=True))


def test_a_line_of_the_log_that_nobody_can_read_is_there(house: World) -> None:
    house.save(GoalPlan.begin(person=house.maya, hopes="Sleep"), actor=house.maya)
    with house.kit.session(actor=house.kai) as s:
        s.find(GoalPlan)
    before = told(house, house.maya)
    (read,) = house.every(Read, of="goal_plan")
    spoil(house.kit, read)
    after = told(house, house.maya)
    assert len(after) == len(before)
    assert any("cannot be read" in one for one in after)
