# SPDX-License-Identifier: Apache-2.0
"""Safety plans: whose words, in which order, read by whom, looked at again when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

import peerkit
from peerkit import (
    Actor,
    Consent,
    Decision,
    Malformed,
    NotFound,
    Person,
    Recipient,
    Refused,
    Relationship,
    SafetyPlan,
    Task,
    Wall,
)
from peerkit.codec import Codec
from peerkit.model.program import Line
from peerkit.model.safety_plan import SECTIONS
from peerkit.testing import make, strategies

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture
def kai(world: Any) -> Any:
    """Who walks beside Maya."""
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    return kai


@pytest.fixture
def plan(world: Any, kai: Any) -> SafetyPlan:
    """A plan of hers that she has shared with nobody."""
    return world.save(SafetyPlan.begin(person=world.maya).add("alone", "Tea"), actor=world.maya)


def reads(world: Any, who: Any, plan: SafetyPlan, role: str = "") -> bool:
    with world.kit.session(actor=Actor(who.id, role=role)) as s:
        try:
            return s.get(SafetyPlan, plan.id).id == plan.id
        except (NotFound, Refused):
            return False


def tasks(world: Any, state: str = "open") -> list[Any]:
    return [one for one in world.every(Task, state=state) if one.what == "look-again"]


def spoken(who: Any) -> Decision:
    return Decision.of(who, how="spoken")


# -- whose it is -----------------------------------------------------------------------------------


def test_nobody_reads_it_but_the_person_not_even_who_walks_beside_them(
    world: Any, kai: Any, plan: SafetyPlan
) -> None:
    world.office("theo", "supervisor")
    assert reads(world, world.maya, plan)
    for who in (kai, world.coordinator, world.theo, world.noor):
        assert not reads(world, who, plan)
    with world.kit.session(actor=world.coordinator) as s:
        assert (list(s.find(SafetyPlan)), s.count(SafetyPlan)) == ([], 0)


def test_shared_it_is_read_by_whom_she_named_until_she_says_otherwise(
    world: Any, kai: Any, plan: SafetyPlan
) -> None:
    plan = world.save(plan.share(kai), actor=world.maya)
    assert reads(world, kai, plan)
    assert reads(world, kai, plan, role="supporter")
    assert not reads(world, world.noor, plan)
    assert [one.what for one in world.kit.log(actor=world.maya)].count("read") >= 1
    plan = world.save(world.get(plan).unshare(kai), actor=world.maya)
    assert not reads(world, kai, plan)


def test_who_reads_it_by_her_word_finds_nothing_of_it_in_their_own_log(
    world: Any, kai: Any, plan: SafetyPlan
) -> None:
    world.save(plan.share(kai), actor=world.maya)
    told = [one for one in world.kit.log(actor=kai) if "safety_plan" in one.kinds]
    assert told == []
    assert [one for one in world.kit.log(actor=world.maya) if "safety_plan" in one.kinds]


def test_a_supporter_writes_at_her_word_and_reads_on_only_if_she_shares_it(world: Any, kai: Any) -> None:
    said = spoken(world.maya)
    alone = SafetyPlan.begin(person=world.maya, by=said).add("alone", "Tea", by=said)
    alone = world.save(alone, actor=kai)
    assert not reads(world, kai, alone)
    by_hand = Decision.of(world.maya, how="device")
    plan = SafetyPlan.begin(person=world.maya, by=said).share(kai, by=by_hand)
    plan = world.save(plan, actor=kai)
    plan = world.save(world.get(plan).add("help", "Ana", by=said), actor=kai)
    assert [one.words for one in plan.of("help")] == ["Ana"]
    with pytest.raises(Refused) as caught:
        world.save(world.get(plan).add("help", "Ben"), actor=kai)
    assert caught.value.codes == ("not-theirs",)


def test_a_suggestion_is_no_part_of_it_until_the_person_adopts_it(
    world: Any, kai: Any, plan: SafetyPlan
) -> None:
    plan = world.save(plan.share(kai), actor=world.maya)
    plan = world.save(world.get(plan).suggest("alone", "Walk to the river", author=kai), actor=kai)
    [idea] = plan.suggestions
    assert [one.words for one in plan.of("alone")] == ["Tea"]
    with pytest.raises(Refused) as caught:
        world.save(world.get(plan).adopt(idea.id), actor=kai)
    assert caught.value.codes == ("not-theirs",)
    plan = world.save(world.get(plan).adopt(idea.id, words="To the river, slowly"), actor=world.maya)
    assert [one.words for one in plan.of("alone")] == ["Tea", "To the river, slowly"]
    held = plan.entry(idea.id)
    assert (held.suggested, held.suggested_by) == ("Walk to the river", kai.id)


@pytest.mark.parametrize("author", ["maya", "noor", ""])
def test_nobody_suggests_in_anothers_name(world: Any, kai: Any, plan: SafetyPlan, author: str) -> None:
    plan = world.save(plan.share(kai), actor=world.maya)
    whose = getattr(world, author) if author else None
    with pytest.raises(Refused) as caught:
        world.save(world.get(plan).suggest("alone", "Walk", author=whose), actor=kai)
    assert caught.value.codes == ("whose-suggestion",)


def test_it_is_shared_only_with_somebody_who_is_in_the_program(
    world: Any, kai: Any, plan: SafetyPlan
) -> None:
    stranger = make(Person).id
    world.save(world.get(world.noor).leave(), actor=world.noor)
    for nobody in (stranger, world.noor):
        for act in (lambda p, one=nobody: p.share(one), lambda p, one=nobody: p.review(TODAY, asks=one)):
            with pytest.raises(Refused) as caught:
                world.save(act(world.get(plan)), actor=world.maya)
            assert caught.value.codes == ("unknown-person",)
    with pytest.raises(Malformed):
        plan.share(world.maya)


def test_who_leaves_reads_it_no_more(world: Any, kai: Any, plan: SafetyPlan) -> None:
    plan = world.save(plan.share(kai), actor=world.maya)
    world.save(world.get(kai).leave(), actor=kai)
    assert world.get(plan).shared_with == ()
    assert not reads(world, kai, plan)


def test_a_wall_keeps_from_it_whom_she_had_named_and_nobody_else(
    world: Any, kai: Any, plan: SafetyPlan
) -> None:
    plan = world.save(plan.share(kai).share(world.noor), actor=world.maya)
    world.save(Wall.put_up(person=world.noor, human=kai))  # which is none of hers
    assert reads(world, kai, plan)
    assert reads(world, world.noor, plan)
    world.save(Wall.put_up(person=world.maya, human=kai))
    assert not reads(world, kai, plan)
    assert reads(world, world.noor, plan)


def test_whom_a_concern_names_does_not_read_it_until_a_human_decided(
    world: Any, kai: Any, plan: SafetyPlan
) -> None:
    plan = world.save(plan.share(kai), actor=world.maya)
    world.kit.concern("He shouts", about=world.maya, names=(kai,))
    assert not reads(world, kai, plan)


def test_it_leaves_only_with_her_consent_to_what_is_about_safety_and_nobody_elses(
    world: Any, kai: Any, plan: SafetyPlan
) -> None:
    plan = world.save(plan.share(kai).add("help", "Ana", reach="555-0100"), actor=world.maya)
    clinic = world.save(Recipient.add(name="Example clinic (fictional)"))

    def out() -> list[Any]:
        pages = world.kit.disclose(world.get(plan), to=clinic, purpose="care", actor=kai)
        return [one for page in pages for one in page.documents]

    share = {"person": world.maya, "recipient": clinic, "purpose": "care"}
    world.save(Consent.give(**share, classes=("own", "contact", "identity")), actor=world.maya)
    assert "Ana" not in str(out())
    world.save(Consent.give(**share, classes=("safety",)), actor=world.maya)
    assert "555-0100" in str(out())


def test_breaking_the_glass_opens_it_as_everything(world: Any, kai: Any, plan: SafetyPlan) -> None:
    world.kit.break_glass(world.maya, reason="nobody answers", actor=kai)
    assert reads(world, kai, plan)


def test_it_goes_with_its_person_whoever_was_let_read_it(world: Any, kai: Any, plan: SafetyPlan) -> None:
    plan = world.save(plan.share(kai).let_callers(), actor=world.maya)
    [walk] = world.every(Relationship)
    world.save(walk.end(), actor=world.maya)
    world.office("theo", "privacy")
    world.kit.erase(world.maya, basis="wish", asked_by=world.maya, decided_by=world.theo)
    stored = world.kit.storage.get("safety_plan", plan.id)
    assert stored is not None
    assert stored.body is None


def test_two_records_of_hers_become_one_with_what_she_wished(world: Any, kai: Any, plan: SafetyPlan) -> None:
    double = world.save(Person.enrol(name="Maya E. (fictional)"))
    other = SafetyPlan.begin(person=double).add("alone", "Radio").let_callers().share(kai)
    other = world.save(other, actor=double)
    world.kit.merge(world.maya, double, reason="the same bicycle", actor=world.coordinator)
    held = world.get(other)
    assert (held.person, held.callers, held.shared_with) == (world.maya.id, world.maya.id, (kai.id,))
    assert reads(world, world.maya, other)


# -- what is in it ---------------------------------------------------------------------------------


def test_it_need_not_be_whole_and_what_is_not_there_is_only_mentioned() -> None:
    line = Line(name="A line", number="9-8-8", text="988")
    empty = make(SafetyPlan)
    missing = [f"empty:{one}" for one in SECTIONS if one != "worth"]
    assert empty.mentions([line]) == (*missing, "no-line", "no-review")
    assert empty.mentions() == (*missing, "no-review")
    far = empty.add("services", "The desk", reach="555-9881")
    assert far.lacks([line]) == (line,)  # 988 does not stand in another number
    there = empty.add("services", "The line, 9 8 8, at night").review(TODAY)
    assert there.lacks([line]) == ()
    assert there.mentions([line]) == tuple(one for one in missing if one != "empty:services")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda p: p.add("elsewhere", "x"),
        lambda p: p.add("alone", "  "),
        lambda p: p.add("alone", None),
        lambda p: p.move(p.entries[0].id, 0),
        lambda p: p.move(p.entries[0].id, to=True),
        lambda p: p.review("tomorrow"),
        lambda p: p.of("elsewhere"),
        lambda p: p.share(""),
    ],
    ids=["part", "blank", "none", "place", "truth", "day", "no part", "nobody"],
)
def test_what_does_not_fit_is_said_with_its_place_and_without_the_words(
    wrong: Callable[[Any], Any],
) -> None:
    plan = make(SafetyPlan).add("alone", "A secret place")
    with pytest.raises(Malformed) as caught:
        wrong(plan)
    assert "safety_plan" in str(caught.value) or "ref" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_an_entry_that_is_not_there_is_refused() -> None:
    plan = make(SafetyPlan).add("alone", "Tea")
    for act in ("adopt", "change", "drop"):
        with pytest.raises((Refused, Malformed)):
            getattr(plan, act)("nothing")


@settings(max_examples=40)
@given(strategies.records(SafetyPlan, longest=100))
def test_a_plan_comes_back_from_its_document(plan: SafetyPlan) -> None:
    codec = Codec(lambda _: SafetyPlan)
    envelope = make(SafetyPlan, id=plan.id, version=1).trail.envelope  # type: ignore[union-attr]
    assert codec.decode(peerkit.ports.Stored(envelope, codec.encode(plan))) == plan


# -- looked at again -------------------------------------------------------------------------------


def test_on_its_day_the_person_is_reminded_and_nobody_else_hears_of_it(
    world: Any, kai: Any, plan: SafetyPlan
) -> None:
    plan = world.save(plan.review(TODAY + DAY), actor=world.maya)
    world.kit.tick()
    assert tasks(world) == []
    world.watch.forward(days=2)
    world.kit.tick()
    world.kit.tick()
    [task] = tasks(world)
    assert (task.owner, task.person, task.due, task.note) == (world.maya.id, "", None, "")
    with world.kit.session(actor=kai) as s:
        assert task.id not in {one.id for one in s.find(Task)}
    world.watch.forward(days=30)
    world.kit.tick()
    assert [one.asked_too for one in tasks(world)] == [""]  # it never becomes overdue


def test_whom_she_names_is_reminded_unless_they_cannot_be(world: Any, kai: Any, plan: SafetyPlan) -> None:
    plan = world.save(plan.review(TODAY, asks=kai), actor=world.maya)
    world.kit.tick()
    assert [one.owner for one in tasks(world)] == [kai.id]
    plan = world.save(world.get(plan).look_again(on=TODAY + DAY), actor=world.maya)
    assert [one.owner for one in tasks(world, "done")] == [kai.id]
    world.save(Wall.put_up(person=world.maya, human=kai))
    world.watch.forward(days=2)
    world.kit.tick()
    assert [one.owner for one in tasks(world)] == [world.maya.id]


@pytest.mark.parametrize("act", ["stop_review", "set_aside", "review"])
def test_stopped_put_off_or_set_aside_nothing_waits(world: Any, kai: Any, plan: SafetyPlan, act: str) -> None:
    plan = world.save(plan.review(TODAY), actor=world.maya)
    world.kit.tick()
    given = {"on": TODAY + 9 * DAY} if act == "review" else {}
    world.save(getattr(world.get(plan), act)(**given), actor=world.maya)
    assert (tasks(world), len(tasks(world, "over"))) == ([], 1)


def test_whoever_is_done_is_reminded_of_nothing(world: Any, kai: Any, plan: SafetyPlan) -> None:
    plan = world.save(plan.review(TODAY), actor=world.maya)
    world.kit.tick()
    world.save(world.get(world.maya).leave(), actor=world.maya)
    assert (tasks(world), world.get(plan).review_on) == ([], None)
