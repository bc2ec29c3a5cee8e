# SPDX-License-Identifier: Apache-2.0
"""What a session reads: its own writes in their place, in order, page by page; limits; wrong questions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import peerkit
from peerkit import (
    GoalPlan,
    Malformed,
    NotFound,
    Opaque,
    Person,
    Refusal,
    Refused,
    Task,
)
from peerkit.model.base import Operational, Own, Record, record

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def task(owner: Any, what: str = "call", days: int | None = None, person: Any = None) -> Task:
    return Task.give(
        owner=owner, what=what, due=None if days is None else NOW + timedelta(days=days), person=person
    )


# -- own writes ------------------------------------------------------------------------------------


def test_a_session_sees_what_it_saved_and_others_do_not(world: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        made = s.save(task(world.coordinator))
        assert s.get(Task, made.id) is made
        assert [one.id for one in s.find(Task, what="call")] == [made.id]
        assert s.count(Task, what="call") == 1
        changed = s.save(made.done())
        assert s.get(Task, made.id).state == "done"
        assert list(s.find(Task, what="call", state="open")) == []
        assert [one.id for one in s.find(Task, what="call", state="done")] == [changed.id]
        assert s.count(Task, what="call", state="open") == 0
        with world.kit.session(actor=world.coordinator) as other:
            assert other.count(Task, what="call") == 0
            with pytest.raises(NotFound):
                other.get(Task, made.id)
    assert world.get(made).state == "done"


def test_a_session_reads_its_own_later_version_of_a_stored_record(world: Any) -> None:
    stored = world.save(task(world.coordinator, "first", 1))
    with world.kit.session(actor=world.coordinator) as s:
        moved = s.save(s.get(Task, stored.id).hand_to(world.maya))
        assert s.get(Task, stored.id).owner == world.maya.id
        assert [one.version for one in s.find(Task, what="first")] == [2]
        assert s.count(Task, what="first", owner=world.coordinator) == 0
        assert s.count(Task, what="first", owner=world.maya) == 1
        assert moved.version == 2
    assert world.get(stored).version == 2


CHANGES = st.lists(
    st.tuples(st.sampled_from(["new", "done", "hand"]), st.integers(0, 11), st.integers(-2, 2) | st.none()),
    max_size=12,
)


@settings(max_examples=60)
@given(
    stored=st.lists(st.integers(-2, 2) | st.none(), max_size=12),
    own=CHANGES,
    order=st.sampled_from(["", "due", "-due", "what", "-what", "id", "-id", "state", "-state"]),
    limit=st.integers(1, 5),
    equal=st.sampled_from([{}, {"state": "open"}, {"what": "w1"}]),
)
def test_pages_hold_each_record_once_and_in_order(
    stored: list[int | None],
    own: list[tuple[str, int, int | None]],
    order: str,
    limit: int,
    equal: dict[str, str],
) -> None:
    with peerkit.open("memory:", discover=False) as kit:
        with kit.session() as s:
            me = s.actor.person
            for number, days in enumerate(stored):
                s.save(task(me, f"w{number % 3}", days))
        with kit.session() as s:
            for what, which, days in own:
                there = list(s.find(Task, limit=1000))
                if what == "new" or not there:
                    s.save(task(me, f"w{which % 3}", days))
                elif there[which % len(there)].state == "open":
                    one = there[which % len(there)]
                    s.save(one.done() if what == "done" else one.hand_to(me))
            seen: list[Task] = []
            after = None
            while True:
                page = s.find(Task, order=order, limit=limit, after=after, **equal)
                assert len(page) <= limit
                seen += page
                if (after := page.after) is None:
                    break
            assert len({one.id for one in seen}) == len(seen) == s.count(Task, **equal)
            heads = {one.id: one for one in seen}
            assert seen == sorted(seen, key=lambda one: key(one, order), reverse=order.startswith("-"))
            assert all(s.get(Task, one.id) == one for one in seen)
            if not equal:
                for state in ("open", "done"):
                    assert s.count(Task, state=state) == sum(o.state == state for o in heads.values())


def key(one: Task, order: str) -> Any:
    name = order.lstrip("-")
    value = getattr(one, name) if name else None
    return (value is not None, "" if value is None else value, one.id)


def test_an_own_record_waits_for_its_page(world: Any) -> None:
    """What was changed away makes room on a page; a later own record must not move up into it."""
    stored = [world.save(task(world.coordinator, "x", days)) for days in (1, 2, 3, 4)]
    with world.kit.session(actor=world.coordinator) as s:
        s.save(s.get(Task, stored[0].id).done())
        s.save(task(world.coordinator, "x", 10))
        first = s.find(Task, what="x", state="open", order="due", limit=2)
        second = s.find(Task, what="x", state="open", order="due", limit=2, after=first.after)
        days = [[(one.due - NOW).days for one in page] for page in (first, second)]
        assert days == [[2], [3, 4]]
        third = s.find(Task, what="x", state="open", order="due", limit=2, after=second.after)
        assert [(one.due - NOW).days for one in third] == [10]
        assert third.after is None


def test_paging_through_what_one_changes_on_the_way_ends(world: Any) -> None:
    for number in range(7):
        world.save(task(world.coordinator, "round", number))
    with world.kit.session(actor=world.coordinator) as s:
        seen = []
        after = None
        while True:
            page = s.find(Task, what="round", order="due", limit=2, after=after)
            for one in page:
                seen.append(one.id)
                s.save(one.done())
            if (after := page.after) is None:
                break
        assert len(seen) == len(set(seen)) == 7


# -- conditions ------------------------------------------------------------------------------------


def test_conditions_of_every_sort(world: Any) -> None:
    tasks = [
        world.save(task(world.coordinator, what, days))
        for what, days in zip("abc", (1, 2, None), strict=True)
    ]
    with world.kit.session(actor=world.coordinator) as s:

        def found(*conditions: Any, **equal: Any) -> str:
            return "".join(sorted(one.what for one in s.find(Task, *conditions, **equal)))

        assert found(what="b") == "b"
        assert found(what=("a", "c")) == "ac"
        assert found(what=["b"]) == "b"
        assert found(what=()) == ""
        assert found(lambda t: t.due <= NOW + timedelta(days=1)) == "a"
        assert found(lambda t: t.due < NOW + timedelta(days=1)) == ""
        assert (
            found(lambda t: t.due > NOW + timedelta(days=1), lambda t: t.due < NOW + timedelta(days=3)) == "b"
        )
        assert found(lambda t: t.due >= NOW + timedelta(days=1)) == "ab"
        assert found(lambda t: t.what != "b") == "ac"
        assert found(lambda t: t.due == None) == "c"  # noqa: E711  # the field, not a value
        assert found(lambda t: t.due != None) == "ab"  # noqa: E711
        assert found(due=None) == "c"
        assert found(id=tasks[0].id) == "a"
        assert found(id=(tasks[0].id, tasks[2].id)) == "ac"
        assert found(owner=world.coordinator) == "abc"
        assert found(owner=world.coordinator.id, state="open") == "abc"
        assert found(lambda t: t.due <= "nonsense", what="c") == ""


def test_a_field_with_several_values_is_asked_for_one_of_them(world: Any) -> None:
    french = world.save(Person.enrol(name="Luc Example", languages=("fr", "en")))
    world.save(Person.enrol(name="Ana Example", languages=("en",)))
    with world.kit.session(actor=world.coordinator) as s:
        own = s.save(Person.enrol(name="Zoé Example", languages=("fr",)))
        assert {one.id for one in s.find(Person, languages="fr")} == {french.id, own.id}
        assert s.count(Person, languages="fr") == 2
        assert list(s.find(Person, languages="f")) == []


WRONG = {
    "a field that is not indexed": lambda t: t.note == "x",
    "a field that is not there": lambda t: t.nosuch == "x",
    "and": lambda t: t.state == "open" and t.what == "x",
    "or": lambda t: t.state == "open" or t.what == "x",
    "not": lambda t: not t.state,
    "no comparison": lambda t: t.state,
    "a chain": lambda t: "a" < t.state < "z",
    "in values": lambda t: t.state in ("open", "done"),
    "in the field": lambda t: "x" in t.what,
    "a method": lambda t: t.due.date() == "x",
    "a naive instant": lambda t: t.due <= datetime(2026, 1, 1),  # noqa: DTZ001
    "an object": lambda t: t.due <= object(),
    "always": lambda _: True,
    "never": lambda _: None,
    "nothing to ask of": lambda: None,
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_condition_that_would_lose_a_part_of_itself_is_malformed(world: Any, wrong: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        with pytest.raises(Malformed):
            s.find(Task, wrong)
        with pytest.raises(Malformed):
            s.count(Task, wrong)


@pytest.mark.parametrize(
    "question",
    [
        {"note": "x"},
        {"nosuch": "x"},
        {"order": "note"},
        {"order": "nosuch"},
        {"order": "-"},
        {"limit": 0},
        {"limit": -1},
        {"limit": 1001},
        {"limit": True},
        {"limit": 1.5},
        {"limit": "10"},
        {"after": "nonsense"},
        {"after": ""},
        {"after": "bnVsbA=="},
        {"due": datetime(2026, 1, 1)},  # noqa: DTZ001
        {"what": object()},
    ],
    ids=lambda question: repr(question)[:20],
)
def test_a_wrong_question_is_malformed(world: Any, question: dict[str, Any]) -> None:
    with world.kit.session(actor=world.coordinator) as s, pytest.raises(Malformed):
        s.find(Task, **question)


@pytest.mark.parametrize("limit", [1, 1000])
def test_limits_at_their_bounds(world: Any, limit: int) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        assert len(s.find(Person, limit=limit)) == 1


# -- kinds and rights ------------------------------------------------------------------------------


@record(
    "garden_visit",
    "of  from  act  to  who  strength",
    subjects="person",
)
class GardenVisit(Record):
    person: Operational[str]
    words: Own[str] = ""


@pytest.mark.parametrize("wrong", [Record, Opaque, GardenVisit, str, "task", None, 5])
def test_a_kind_that_the_kit_does_not_know_is_malformed(world: Any, wrong: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        for ask in (s.find, s.count, lambda kind: s.get(kind, "x"), lambda kind: s.history(kind, "x")):
            with pytest.raises(Malformed):
                ask(wrong)


def test_finding_without_any_right_is_refused_not_empty(world: Any) -> None:
    with world.kit.session(actor=world.maya) as s:
        for ask in (s.find, s.count):
            with pytest.raises(Refused) as caught:
                ask(Refusal)
            assert caught.value.codes == ("no-right",)
    refusals = world.every(Refusal)
    assert [(one.who, one.codes) for one in refusals] == [(world.maya.id, ("no-right",))] * 2


def test_what_is_hidden_is_not_found_either(world: Any) -> None:
    plan = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    with world.kit.session(actor=world.theo) as s:
        messages = []
        for one in (plan.id, "no such id", "<script>'; DROP", world.maya.id):
            for ask in (s.get, s.history):
                with pytest.raises(NotFound) as caught:
                    ask(GoalPlan, one)
                messages.append(str(caught.value))
        assert len(set(messages)) == 1  # nothing in the answer tells one from the other


@pytest.mark.parametrize("wrong", [None, 5, "", {}, ["x"], b"x"])
def test_an_id_is_a_text(world: Any, wrong: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s, pytest.raises(Malformed):
        s.get(Task, wrong)


# -- the past --------------------------------------------------------------------------------------


def test_get_at_an_instant_or_a_position(world: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        one = s.save(task(world.coordinator))
    first = s.receipt
    before = world.watch.at
    world.watch.forward(days=1)
    with world.kit.session(actor=world.coordinator) as s:
        s.save(s.get(Task, one.id).done())
    second = s.receipt
    with world.kit.session(actor=world.coordinator) as s:
        assert s.get(Task, one.id, at=before).state == "open"
        assert s.get(Task, one.id, at=first.last).state == "open"
        assert s.get(Task, one.id, at=second.first - 1).state == "open"
        assert s.get(Task, one.id, at=second.last).state == "done"
        assert s.get(Task, one.id, at=world.watch.at).state == "done"
        assert s.get(Task, one.id, at=world.watch.at.astimezone()).version == 2
        assert [(v.version, v.state) for v in s.history(Task, one.id)] == [(1, "open"), (2, "done")]
        assert [v.at for v in s.history(Task, one)] == [before, world.watch.at]
        for too_early in (before - timedelta(microseconds=1), first.first - 1, 0, -1):
            with pytest.raises(NotFound):
                s.get(Task, one.id, at=too_early)
        for wrong in (datetime(2026, 1, 1), "2026-01-01", 1.5, True, object()):  # noqa: DTZ001
            with pytest.raises(Malformed):
                s.get(Task, one.id, at=wrong)
