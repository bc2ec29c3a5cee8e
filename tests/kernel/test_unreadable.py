# SPDX-License-Identifier: Apache-2.0
"""One document that cannot be read hides no other, gives nobody a role, and does not go unnoticed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from spoiling import BODY, spoil

import peerkit
from peerkit import (
    Actor,
    Appointment,
    Consent,
    Leave,
    Malformed,
    NotFound,
    Opaque,
    PeerSupporter,
    Person,
    Refused,
    Relationship,
    Route,
    Task,
    Wall,
    hookimpl,
)

SYSTEM = Actor.system("test")
NO_JSON = b"\xff{"


def tasks(world: Any, *days: int) -> list[Task]:
    due = [world.watch.now() + timedelta(days=day) for day in days]
    return [world.save(Task.give(owner=world.coordinator, what="call", due=one)) for one in due]


# -- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [BODY, NO_JSON, b"[]", b'{"owner":1e999}'], ids=["types", "bytes", "list", "inf"]
)
@pytest.mark.parametrize("bad", [0, 1, 2])
def test_a_page_gives_the_others_and_the_unreadable_one_in_its_place(
    world: Any, bad: int, body: bytes
) -> None:
    made = tasks(world, 1, 2, 3)
    spoil(world.kit, made[bad], body)
    with world.kit.session(actor=world.coordinator) as s:
        for page in (s.find(Task, order="due"), s.due()):
            assert [one.id for one in page] == [one.id for one in made]
            assert [type(one) for one in page].count(Opaque) == 1
            dark = page[bad]
            assert isinstance(dark, Opaque)
            assert (dark.of, dark.version, dark.body) == ("task", 2, body)
            assert dark.fault
            assert page.unreadable == (dark,)
            assert [one.id for one in page.readable] == [one.id for one in made if one.id != dark.id]
        assert s.count(Task) == 3
        assert [type(one) for one in s.history(Task, made[bad])] == [Task, Opaque]
        with pytest.raises(Malformed):
            s.get(Task, made[bad].id)
        with pytest.raises(Malformed):
            s.get(Task, made[bad].id, at=world.watch.now())
        with pytest.raises(Refused) as caught:
            s.save(dark)
        assert caught.value.codes == ("opaque",)


@pytest.mark.parametrize("order", ["due", "-due", "", "-id"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_with_own_writes_lose_and_double_nothing(world: Any, order: str, limit: int) -> None:
    made = tasks(world, 1, 3, 5, 7)
    for one in made[1:3]:
        spoil(world.kit, one)
    with world.kit.session(actor=world.coordinator) as s:
        own = [
            s.save(
                Task.give(owner=world.coordinator, what="own", due=world.watch.now() + timedelta(days=day))
            )
            for day in (0, 4, 8)
        ]
        seen: list[str] = []
        after = None
        while True:
            page = s.find(Task, order=order, limit=limit, after=after)
            seen += [one.id for one in page]
            if (after := page.after) is None:
                break
    assert sorted(seen) == sorted(one.id for one in [*made, *own])


def test_no_fault_quotes_a_value(world: Any) -> None:
    [one] = tasks(world, 1)
    spoil(world.kit, one, b'{"owner":"CANARY","what":["CANARY"]}')
    with world.kit.session(actor=world.coordinator) as s:
        [dark] = s.find(Task)
        assert "CANARY" not in dark.fault + repr(dark)


# -- views handed to plugins -----------------------------------------------------------------------


class Looker:
    """Looks at every task in each hook that is handed a view."""

    name = "looker"

    def __init__(self) -> None:
        self.seen: list[list[type]] = []

    @hookimpl
    def peerkit_supply(self) -> Any:
        yield peerkit.hooks.Access(reads=frozenset({"task"}))

    @hookimpl
    def peerkit_check(self, proposal: Any) -> Any:
        self.seen.append([type(one) for one in proposal.view.find(Task)])
        return ()

    @hookimpl
    def peerkit_observe(self, page: Any, view: Any) -> None:
        self.seen.append([type(view.get(Task, e.id)) for e in page.envelopes if e.kind == "task"])


def test_a_plugin_sees_it_as_opaque_in_checks_and_on_the_feed(store: Any) -> None:
    looker = Looker()
    with store.open(looker) as kit:
        with kit.session(actor=SYSTEM) as s:
            robin = s.find(Person)[0]
        with kit.session(actor=robin) as s:
            one = s.save(Task.give(owner=robin, what="call"))
        spoil(kit, one)
        looker.seen.clear()
        with kit.session(actor=robin) as s:
            s.save(Task.give(owner=robin, what="write"))
        assert sorted(kind.__name__ for kind in looker.seen[-1]) == ["Opaque", "Task"]
        looker.seen.clear()
        report = kit.deliver()
        assert not report.problems
        assert {kind for some in looker.seen for kind in some} == {Opaque, Task}


# -- no right from what cannot be read -------------------------------------------------------------


def codes(world: Any) -> set[str]:
    return {problem.code for problem in world.kit.health().problems}


@pytest.mark.parametrize("doc", [None, 99], ids=["damaged", "newer"])
def test_an_unreadable_appointment_gives_no_office_and_takes_none_from_others(
    world: Any, doc: int | None
) -> None:
    world.office("kai", "coordinator")
    [mine] = [one for one in world.every(Appointment) if one.person == world.kai.id]
    assert "unreadable-record" not in codes(world)
    spoil(world.kit, mine, doc=doc)
    assert "coordinator" not in world.kit.grants(Actor(world.kai.id)).roles
    assert "coordinator" in world.kit.grants(Actor(world.coordinator.id)).roles
    with world.kit.session(actor=world.kai) as s, pytest.raises(Refused):
        s.find(peerkit.Refusal)
    [problem] = [one for one in world.kit.health().problems if one.code == "unreadable-record"]
    assert problem.grave
    assert f"appointment {mine.id}" in problem.sentence
    world.save(Task.give(owner=world.coordinator, what="call"))  # the others go on
    assert world.kit.whose("a test") == world.coordinator.id


def test_an_unreadable_relationship_opens_nothing_and_stops_nobody(world: Any) -> None:
    kai = world.supporter("kai")
    relation = world.match(world.maya, kai)
    other = world.match(world.zoe, kai)
    spoil(world.kit, relation)
    assert world.kit.grants(Actor(kai.id)).roles["supporter"] == {world.zoe.id}
    with world.kit.session(actor=kai) as s:
        with pytest.raises(NotFound):
            s.get(Person, world.maya.id)
        assert s.get(Person, world.zoe.id).id == world.zoe.id
    assert "unreadable-record" in codes(world)
    world.save(world.get(other).end(), actor=kai)  # a fact of somebody else's is not held up by it
    world.save(world.get(world.maya).leave(), actor=world.maya)
    assert world.get(world.maya).state == "left"
    assert [one.note for one in world.every(Task) if one.what == "plugin-failed"] == []  # the rules went on
    [route] = [one for one in world.every(Route) if one.person == world.zoe.id]
    assert route.holder != kai.id


def test_nothing_begins_with_somebody_who_cannot_be_read(world: Any) -> None:
    spoil(world.kit, world.maya)
    with pytest.raises(Refused) as caught:
        world.save(Relationship.enquire(person=world.maya), actor=world.maya)
    assert caught.value.codes == ("unknown-person",)
    world.save(Relationship.enquire(person=world.zoe), actor=world.zoe)


def test_an_unreadable_leave_or_role_gives_no_cover_and_no_supervisor(world: Any) -> None:
    lee, kai = world.supporter("lee"), world.supporter("kai", supervisor=world.sue)
    world.match(world.maya, kai)
    now = world.watch.now()
    plan = Leave.plan(person=kai, cover=lee, starts=now, ends=now + timedelta(days=3))
    leave = world.save(plan, actor=kai)
    assert world.kit.grants(Actor(lee.id)).reach("cover") == {world.maya.id}
    assert world.kit.grants(Actor(world.sue.id)).reach("supervisor") == {kai.id, world.maya.id}
    spoil(world.kit, leave)
    [role] = [one for one in world.every(PeerSupporter) if one.person == kai.id]
    spoil(world.kit, role)
    assert world.kit.grants(Actor(lee.id)).reach("cover") == frozenset()
    assert world.kit.grants(Actor(world.sue.id)).reach("supervisor") == frozenset()
    [problem] = [one for one in world.kit.health().problems if one.code == "unreadable-record"]
    assert leave.id in problem.sentence
    assert role.id in problem.sentence


def test_whom_an_unreadable_concern_names_rests_all_the_same(world: Any) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    world.kit.concern("he shouts", about=world.maya, names=[kai])
    [concern] = world.every(peerkit.Concern)
    spoil(world.kit, concern)
    grants = world.kit.grants(Actor(kai.id))
    assert grants.named
    assert grants.reach("supporter") == frozenset()


def test_a_referral_does_not_go_where_a_consent_cannot_be_read(world: Any) -> None:
    recipient = world.save(peerkit.Recipient.add(name="Food bank (fictional)"))
    library = world.save(peerkit.Service.list(entry={"name": "Example library (fictional)"}))
    details = {"purpose": "referral", "classes": ("identity", "contact", "own")}
    consent = world.save(Consent.give(person=world.maya, recipient=recipient, **details), actor=world.maya)
    draft = world.save(
        peerkit.Referral.begin(person=world.maya, service=library, recipient=recipient, need="food"),
        actor=world.maya,
    )
    no = world.save(
        Consent.refuse(
            person=world.maya, recipient=world.save(peerkit.Recipient.add(name="Other")), **details
        ),
        actor=world.maya,
    )
    spoil(world.kit, no)
    with pytest.raises(Refused) as caught:
        world.save(draft.send(), actor=world.maya)
    assert "no-consent" in caught.value.codes
    assert consent.state


def test_a_wall_that_cannot_be_read_stands(world: Any) -> None:
    kai, noor, rita = world.supporter("kai"), world.supporter("noor"), world.office("rita", "coordinator")
    world.match(world.maya, kai)
    for one in (noor, rita):
        spoil(world.kit, world.save(Wall.put_up(person=world.maya, human=one), actor=world.maya))
    down = world.save(Wall.put_up(person=world.maya, human=world.theo), actor=world.maya)
    spoil(world.kit, world.save(down.take_down(), actor=world.maya))
    assert world.kit.grants(Actor(rita.id)).walled == {world.maya.id}
    assert world.kit.grants(Actor(world.theo.id)).walled == frozenset()
    assert world.kit.grants(Actor(world.maya.id)).walled == {noor.id, rita.id}
    with world.kit.session(actor=rita) as s, pytest.raises(NotFound):
        s.get(Person, world.maya.id)
    with pytest.raises(Refused) as caught:
        world.proposed(world.maya, noor)
    assert "walled" in caught.value.codes
