# SPDX-License-Identifier: Apache-2.0
"""Reviews and follow-ups: the day comes, somebody hears of it once, and a no ends it at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit import FollowUp, GoalPlan, Malformed, Refused, Review, Signature, Task
from peerkit.rules.reviews import months_after

TODAY = date(2026, 3, 2)  # where the tests' clock stands, in Ontario
DAY = timedelta(days=1)


@pytest.fixture
def kai(world: Any) -> Any:
    found = world.supporter("kai")
    world.match(world.maya, found)
    return found


@pytest.fixture
def plan(world: Any, kai: Any) -> Any:
    return world.get(world.save(GoalPlan.begin(person=world.maya).add_goal("Library"), actor=world.maya))


def tasks(world: Any, what: str, state: str = "open") -> list[Any]:
    return [one for one in world.every(Task, state=state) if one.what == what]


def test_whoever_walks_beside_them_hears_of_it_once(world: Any, kai: Any, plan: Any) -> None:
    review = world.save(Review.plan(plan, on=TODAY + 14 * DAY), actor=world.maya)
    world.watch.forward(days=13)
    world.kit.tick()
    assert tasks(world, "review") == []
    assert not review.is_due(TODAY + 13 * DAY)
    world.watch.forward(days=1)
    assert world.get(review).is_due(TODAY + 14 * DAY)  # reads as due before anybody ticks
    for _ in range(3):
        world.kit.tick()
    [task] = tasks(world, "review")
    assert (task.owner, task.about, task.person) == (kai.id, review.id, world.maya.id)
    assert world.get(review).state == "due"
    with world.kit.session(actor=kai) as s:
        assert [one.what for one in s.due()].count("review") == 1


def test_the_day_is_the_programs(world: Any, kai: Any, plan: Any) -> None:
    """Eleven at night in Ontario is the next day in UTC."""
    world.save(Review.plan(plan, on=TODAY + DAY), actor=world.maya)
    world.watch.at = datetime(2026, 3, 3, 4, tzinfo=UTC)
    world.kit.tick()
    assert tasks(world, "review") == []
    world.watch.at = datetime(2026, 3, 3, 5, tzinfo=UTC)
    world.kit.tick()
    assert len(tasks(world, "review")) == 1


@pytest.mark.parametrize(("answer", "state"), [("hold", "done"), ("decline", "over")])
def test_held_or_declined_the_rhythm_goes_on(
    world: Any, kai: Any, plan: Any, answer: str, state: str
) -> None:
    review = world.save(Review.plan(plan, on=TODAY + DAY, every=30), actor=world.maya)
    world.watch.forward(days=3)
    world.kit.tick()
    world.save(getattr(world.get(review), answer)(), actor=world.maya)
    assert len(tasks(world, "review", state)) == 1
    assert tasks(world, "review") == []
    [following] = world.every(Review, state="planned")
    assert (following.on, following.every, following.plan_id) == (TODAY + 33 * DAY, 30, plan.id)
    assert world.get(plan).version == plan.version


def test_once_is_once(world: Any, kai: Any, plan: Any) -> None:
    review = world.save(Review.plan(plan, on=TODAY + DAY), actor=world.maya)
    world.save(review.hold(), actor=world.maya)
    assert world.every(Review, state="planned") == []


def test_a_review_leaves_signatures_as_they_are(world: Any, kai: Any, plan: Any) -> None:
    hers = world.save(Signature.sign(plan, signer=world.maya, signed_as="person"), actor=world.maya)
    review = world.save(Review.plan(plan, on=TODAY), actor=world.maya)
    world.kit.tick()
    world.save(world.get(review).hold(), actor=world.maya)
    assert hers.holds(world.get(plan))


def test_moved_and_stopped_nothing_is_due(world: Any, kai: Any, plan: Any) -> None:
    review = world.save(Review.plan(plan, on=TODAY, every=7), actor=world.maya)
    world.kit.tick()
    moved = world.save(world.get(review).move(TODAY + 9 * DAY), actor=world.maya)
    assert (moved.state, moved.every, tasks(world, "review")) == ("planned", 7, [])
    world.watch.forward(days=9)
    world.kit.tick()
    assert len(tasks(world, "review")) == 1
    world.save(world.get(review).stop(), actor=world.maya)
    world.watch.forward(days=100)
    world.kit.tick()
    assert tasks(world, "review") == []
    assert [one.state for one in world.every(Review)] == ["stopped"]


def test_it_goes_to_whoever_the_route_names(world: Any, plan: Any, kai: Any) -> None:
    from peerkit import Relationship

    [relation] = world.every(Relationship)
    world.save(relation.end(), actor=world.maya)
    world.save(Review.plan(plan, on=TODAY), actor=world.maya)
    world.kit.tick()
    assert [one.owner for one in tasks(world, "review")] == [world.coordinator.id]


def test_whoever_is_done_has_no_reviews_and_keeps_their_follow_up(world: Any, kai: Any, plan: Any) -> None:
    review = world.save(Review.plan(plan, on=TODAY, every=7), actor=world.maya)
    ahead = world.save(FollowUp.agree(person=world.maya, on=months_after(TODAY, 3)), actor=world.maya)
    world.kit.tick()
    world.save(world.get(world.maya).leave(), actor=world.maya)
    assert (world.get(review).state, tasks(world, "review")) == ("stopped", [])
    assert world.get(ahead).state == "agreed"
    world.watch.forward(days=100)
    world.kit.tick()
    assert [one.owner for one in tasks(world, "follow-up")] == [world.coordinator.id]


def test_to_look_back_and_be_done_is_one_commit(world: Any, kai: Any, plan: Any) -> None:
    review = world.save(Review.plan(plan, on=TODAY, every=7), actor=world.maya)
    with world.kit.session(actor=world.maya) as s:
        s.save(review.hold())
        s.save(s.get(type(world.maya), world.maya.id).leave())
    assert (world.get(world.maya).state, world.every(Review, state="planned")) == ("left", [])


def test_nobody_asks_the_dead(world: Any, kai: Any, plan: Any) -> None:
    review = world.save(Review.plan(plan, on=TODAY), actor=world.maya)
    ahead = world.save(FollowUp.agree(person=world.maya, on=months_after(TODAY, 3)), actor=world.maya)
    world.save(world.get(world.maya).mark_died(), actor=kai)
    assert (world.get(review).state, world.get(ahead).state) == ("stopped", "withdrawn")
    world.watch.forward(days=200)
    world.kit.tick()
    assert tasks(world, "review") + tasks(world, "follow-up") == []


def test_only_the_person_chooses(world: Any, kai: Any, plan: Any) -> None:
    with pytest.raises(Refused) as caught:
        world.save(Review.plan(plan, on=TODAY), actor=kai)
    assert caught.value.codes == ("not-theirs",)


@pytest.mark.parametrize("wrong", [{"every": -1}, {"every": 732}, {"every": True}, {"on": "2026-03-02"}])
def test_a_rhythm_has_a_length(plan: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        Review.plan(plan, **{"on": TODAY, **wrong})
    with pytest.raises(Malformed):
        Review.plan(plan, on=datetime(2026, 3, 2, tzinfo=UTC))


# -- asked again, by consent -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "fits"),
    [
        (date(2026, 6, 1), False),
        (date(2026, 6, 2), True),
        (date(2026, 9, 2), True),
        (date(2026, 9, 3), False),
        (date(2025, 6, 2), False),
    ],
)
def test_it_is_three_to_six_months_away(world: Any, on: date, *, fits: bool) -> None:
    ahead = FollowUp.agree(person=world.maya, on=on)
    if fits:
        assert world.save(ahead, actor=world.maya).state == "agreed"
        return
    with pytest.raises(Refused) as caught:
        world.save(ahead, actor=world.maya)
    assert caught.value.codes == ("follow-up-time",)


def test_withdrawn_it_is_dropped_in_the_same_commit(world: Any, kai: Any) -> None:
    ahead = world.save(FollowUp.agree(person=world.maya, on=months_after(TODAY, 4)), actor=world.maya)
    world.watch.forward(days=130)
    world.kit.tick()
    assert [one.owner for one in tasks(world, "follow-up")] == [world.coordinator.id]
    with world.kit.session(actor=world.maya) as s:
        s.save(s.get(FollowUp, ahead.id).withdraw())
    assert (tasks(world, "follow-up"), len(tasks(world, "follow-up", "over"))) == ([], 1)
    assert s.receipt is not None
    assert {kind for kind, _, _ in s.receipt.records} == {"follow_up", "task"}
    world.watch.forward(days=30)
    world.kit.tick()
    assert tasks(world, "follow-up") == []


def test_withdrawn_before_its_day_nobody_ever_hears_of_it(world: Any) -> None:
    ahead = world.save(FollowUp.agree(person=world.maya, on=months_after(TODAY, 3)), actor=world.maya)
    world.save(ahead.withdraw(), actor=world.maya)
    world.watch.forward(days=200)
    world.kit.tick()
    assert tasks(world, "follow-up") == []


def test_asked_it_is_done(world: Any) -> None:
    ahead = world.save(FollowUp.agree(person=world.maya, on=months_after(TODAY, 3)), actor=world.maya)
    world.watch.forward(days=92)
    world.kit.tick()
    world.save(world.get(ahead).ask())
    assert len(tasks(world, "follow-up", "done")) == 1


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 6, date(2027, 6, 1)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


@given(st.dates(max_value=date(9998, 1, 1)), st.integers(1, 6))
def test_a_month_later_is_later_and_in_that_month(day: date, months: int) -> None:
    after = months_after(day, months)
    assert after > day
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
