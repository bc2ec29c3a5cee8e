# SPDX-License-Identifier: Apache-2.0
"""Rights end at once with what gave them, by an act or by the clock; and links say who a host's user is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import peerkit
from peerkit import (
    Actor,
    Concern,
    GoalPlan,
    Leave,
    Malformed,
    NotFound,
    PeerSupporter,
    Person,
    Refused,
    Relationship,
)


def reads(world: Any, who: Any, plan: Any, **actor: Any) -> bool:
    with world.kit.session(actor=Actor.of(who, **actor)) as s:
        try:
            s.get(GoalPlan, plan.id)
        except NotFound:
            return False
    return True


@pytest.fixture
def pair(world: Any) -> Any:
    """Maya and Kai, and a plan of hers."""
    kai = world.supporter("kai")
    relation = world.match(world.maya, kai)
    plan = world.save(GoalPlan.begin(person=world.maya).suggest("x"), actor=world.maya)
    assert reads(world, kai, plan)
    return relation, plan


def ended_by_the_person(world: Any, relation: Any) -> None:
    world.save(relation.end(), actor=world.maya)


def ended_by_the_supporter(world: Any, relation: Any) -> None:
    world.save(relation.end(), actor=world.kai)


def stepped_down(world: Any, relation: Any) -> None:
    [role] = world.every(PeerSupporter)
    world.save(role.step_down(), actor=world.kai)


def role_ended(world: Any, relation: Any) -> None:
    [role] = world.every(PeerSupporter)
    world.save(role.end())


def left(world: Any, relation: Any) -> None:
    world.save(world.get(world.kai).leave(), actor=world.kai)


def person_left(world: Any, relation: Any) -> None:
    world.save(world.get(world.maya).leave(), actor=world.maya)


def died(world: Any, relation: Any) -> None:
    world.save(world.get(world.maya).mark_died())


def named_in_a_concern(world: Any, relation: Any) -> None:
    world.kit.concern("It is about him.", about=world.maya, names=(world.kai.id,))


@pytest.mark.parametrize(
    "departure",
    [
        ended_by_the_person,
        ended_by_the_supporter,
        stepped_down,
        role_ended,
        left,
        person_left,
        died,
        named_in_a_concern,
    ],
)
def test_a_departure_ends_rights_at_once(world: Any, pair: Any, departure: Any) -> None:
    relation, plan = pair
    with world.kit.session(actor=world.kai) as s:
        read = s.get(GoalPlan, plan.id)
    departure(world, relation)
    assert not reads(world, world.kai, plan)
    with world.kit.session(actor=world.kai) as s:
        for ask in (lambda: s.history(GoalPlan, plan.id), lambda: s.get(Person, world.maya.id)):
            with pytest.raises(NotFound):
                ask()
        with pytest.raises(Refused) as caught:
            s.save(read.suggest("one more"))
        assert caught.value.codes == ("no-right",)


def test_a_pause_ends_nothing(world: Any, pair: Any) -> None:
    relation, plan = pair
    world.save(relation.pause(), actor=world.maya)
    assert reads(world, world.kai, plan)


def test_a_proposal_opens_nothing(world: Any, pair: Any) -> None:
    _, plan = pair
    noor = world.supporter("noor")
    asked = world.proposed(world.maya, noor)
    assert not reads(world, noor, plan)
    with world.kit.session(actor=noor) as s:
        assert s.get(Relationship, asked.id).state == "proposed"  # what was proposed to them, they see
    world.save(world.get(asked).take_on(), actor=noor)
    assert not reads(world, noor, plan)  # a match takes both
    world.save(world.get(asked).agree(), actor=world.maya)
    assert reads(world, noor, plan)


def test_a_settled_concern_gives_access_back(world: Any, pair: Any) -> None:
    _, plan = pair
    named_in_a_concern(world, None)
    assert not reads(world, world.kai, plan)
    [concern] = world.every(Concern)
    world.kit.write([concern.settle(outcome="They talked.")], actor=Actor(world.coordinator.id))
    assert reads(world, world.kai, plan)


def supervisor_left(world: Any) -> None:
    world.save(world.get(world.sol).leave(), actor=world.sol)
    world.save(world.get(world.sol).come_back(), actor=world.sol)


def supervisor_died(world: Any) -> None:
    world.save(world.get(world.sol).mark_died())


@pytest.mark.parametrize("departure", [supervisor_left, supervisor_died])
def test_who_left_supervises_nobody_any_more_though_they_come_back(world: Any, departure: Any) -> None:
    kai = world.supporter("kai", supervisor=world.sol)
    world.match(world.maya, kai)
    assert world.kit.grants(Actor(world.sol.id)).reach("supervisor") == {kai.id, world.maya.id}
    departure(world)
    [role] = world.every(PeerSupporter)
    assert (role.state, role.supervisor) == ("active", "")
    assert world.kit.grants(Actor(world.sol.id)).reach("supervisor") == frozenset()


# -- by the clock ----------------------------------------------------------------------------------


def test_a_cover_reads_while_the_supporter_is_away_and_no_longer(world: Any, pair: Any) -> None:
    _, plan = pair
    noor = world.supporter("noor")
    starts = world.watch.at + timedelta(days=1)
    week = {"starts": starts, "ends": starts + timedelta(days=7)}
    world.save(Leave.plan(person=world.kai, cover=noor, **week), actor=world.kai)
    seen = []
    for hours in (0, 23, 24, 24 * 7, 24 * 8 - 1, 24 * 8, 24 * 30):
        world.watch.at = starts - timedelta(days=1) + timedelta(hours=hours)
        seen.append(reads(world, noor, plan))
    assert seen == [False, False, True, True, True, False, False]


def test_a_leave_that_is_cancelled_covers_nothing(world: Any, pair: Any) -> None:
    _, plan = pair
    noor = world.supporter("noor")
    week = {"starts": world.watch.at, "ends": world.watch.at + timedelta(days=7)}
    leave = world.save(Leave.plan(person=world.kai, cover=noor, **week), actor=world.kai)
    assert reads(world, noor, plan)
    world.save(leave.cancel(), actor=world.kai)
    assert not reads(world, noor, plan)


def test_an_office_begins_and_ends_by_the_clock(world: Any) -> None:
    begins, ends = world.watch.at + timedelta(days=1), world.watch.at + timedelta(days=2)
    world.office("kim", "coordinator", starts=begins, ends=ends)
    can = []
    for _ in range(4):
        with world.kit.session(actor=world.kim) as s:
            try:
                s.save(Person.enrol(name="Somebody Example (fictional)"))
                can.append(True)
            except Refused:
                can.append(False)
            s._staged.clear()
        world.watch.forward(hours=16)
    assert can == [False, False, True, False]


def test_a_right_that_lapses_while_the_session_is_open_lapses_for_it(world: Any) -> None:
    world.office("kim", "coordinator", ends=world.watch.at + timedelta(hours=1))
    with pytest.raises(Refused) as caught, world.kit.session(actor=world.kim) as s:
        s.save(Person.enrol(name="Late Example (fictional)"))
        world.watch.forward(hours=2)
    assert caught.value.codes == ("no-right",)


def test_a_role_narrows_and_never_widens(world: Any, pair: Any) -> None:
    _, plan = pair
    assert reads(world, world.kai, plan, role="supporter")
    for role in ("person", "coordinator", "supervisor", "cover"):
        assert not reads(world, world.kai, plan, role=role)
    assert reads(world, world.maya, plan, role="person")
    assert not reads(world, world.maya, plan, role="supporter")
    assert not reads(world, world.coordinator, plan, role="supporter")


def test_a_role_that_is_not_held_is_refused_and_one_that_is_none_is_malformed(
    world: Any,
) -> None:
    with world.kit.session(actor=Actor(world.maya.id, role="coordinator")) as s:
        for kind in (GoalPlan, Person):
            with pytest.raises(Refused) as caught:
                s.find(kind)
            assert caught.value.codes == ("no-right",)
    with pytest.raises(Malformed, match="a role is one of"):
        world.kit.session(actor=Actor(world.maya.id, role="nonsense"))


# -- links -----------------------------------------------------------------------------------------


def test_a_linked_user_acts_as_that_person(world: Any) -> None:
    world.kit.link("https://id.example", "user-7", world.maya)
    actor = world.kit.actor_for("https://id.example", "user-7")
    assert actor == Actor(world.maya.id, via="link:https://id.example")
    with world.kit.session(actor=actor) as s:
        plan = s.save(GoalPlan.begin(person=world.maya))
    [envelope] = [e for e in world.kit.changes(limit=1000).envelopes if e.id == plan.id]
    assert (envelope.actor, envelope.via) == (world.maya.id, "link:https://id.example")
    world.kit.link("https://id.example", "user-7", world.maya)  # said twice is no harm
    world.kit.link("https://other.example", "user-7", world.maya)  # one human, two ways in


def test_a_user_is_linked_to_one_person(world: Any) -> None:
    world.kit.link("i", "s", world.maya)
    with pytest.raises(Refused) as caught:
        world.kit.link("i", "s", world.theo)
    assert caught.value.codes == ("linked",)
    assert world.kit.actor_for("i", "s").person == world.maya.id


def test_links_never_run_together(world: Any) -> None:
    world.kit.link("a:b", "c", world.maya)
    for issuer, subject in (
        ("a", "b:c"),
        ("a", "b\0c"),
        ("a", "b"),
        ("a:", "bc"),
        ('a","b', "c"),
        ("A:B", "c"),
    ):
        with pytest.raises(NotFound):
            world.kit.actor_for(issuer, subject)
        world.kit.link(issuer, subject, world.theo)
        assert world.kit.actor_for(issuer, subject).person == world.theo.id
    assert world.kit.actor_for("a:b", "c").person == world.maya.id


def test_links_tell_nobody_who_the_hosts_users_are(world: Any) -> None:
    world.kit.link("https://id.example", "canary-user", world.maya)
    assert "canary-user" not in repr(dict(world.kit.storage.marks()))
    assert "canary-user" not in repr(world.kit.storage.dump(0, 1000))


def test_what_is_no_link_is_said(world: Any) -> None:
    for issuer, subject in (("", "s"), ("i", ""), (None, "s"), ("i", 5), (b"i", "s")):
        for call in (world.kit.actor_for, lambda i, s: world.kit.link(i, s, world.maya)):
            with pytest.raises(Malformed):
                call(issuer, subject)
    for nobody in ("nobody", world.save(peerkit.Organization.add(name="Example")).id):
        with pytest.raises(NotFound):
            world.kit.link("i", "s", nobody)
    with pytest.raises(NotFound):
        world.kit.actor_for("i", "unknown")
    world.kit.link("i", "half a letter \ud800", world.maya)
    assert world.kit.actor_for("i", "half a letter \ud800").person == world.maya.id
