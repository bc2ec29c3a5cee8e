# SPDX-License-Identifier: Apache-2.0
"""An older file is put back: it is held, and what it has forgotten is listed and walked."""

from __future__ import annotations

from typing import Any

import pytest
from restored_house import House, codes, consented, house, leaves

from peerkit import (
    Actor,
    Consent,
    DutyReport,
    GoalPlan,
    Malformed,
    NotFound,
    Person,
    Refused,
    Restoration,
    SafetyPlan,
    StorageError,
    Task,
    Wall,
    hookimpl,
)
from peerkit.hooks import Access
from peerkit.model.response import NEEDS

__all__ = ["house"]


# -- the row of the list -----------------------------------------------------------------------------


def test_a_store_put_back_is_held_until_a_human_has_walked_what_it_forgot(house: House) -> None:
    world = house.open()
    (clinic, plan), consent = consented(world)
    house.backup()
    world = house.open()
    assert leaves(world, clinic, plan) == 1
    world.kit.concern("She said goodbye to the cat", about=world.maya, by=world.sam)
    lost = world.alert()
    with world.kit.session(actor=world.maya) as s:
        s.save(s.get(Consent, consent.id).withdraw())
    cursor = world.kit.changes().cursor
    house.put_back()

    world = house.open()
    assert "held" in codes(world)
    assert world.kit.health().ok is False
    assert {(one.of, one.id, one.level) for one in world.kit.gaps()} == {
        ("alert", lost.id, "now"),
        ("consent", consent.id, ""),
    }
    with pytest.raises(Refused) as caught:  # the consent counts again, but nothing leaves
        leaves(world, clinic, plan)
    assert caught.value.codes == ("held",)
    with pytest.raises(StorageError):
        world.kit.changes(cursor)
    with world.kit.session(actor=world.cora) as s:
        assert [task.owner for task in s.find(Task, what="walk-gaps")] == [world.cora]
    with pytest.raises(Refused) as caught:
        world.kit.walk_gaps(by=world.cora, done=True)
    assert caught.value.codes == ("gaps-open",)

    left = world.kit.walk_gaps({lost.id: "again"}, by=world.cora)
    assert [one.id for one in left] == [consent.id]
    assert (world.alert().id, world.alert().state, world.alert().person) == (lost.id, "open", world.maya)
    assert world.wire.to[-1] == "sam"
    assert world.kit.walk_gaps({consent.id: "again"}, by=world.cora, done=True) == ()
    assert "held" not in codes(world)
    with world.kit.session(actor=world.cora) as s:
        [made] = s.find(Restoration)
        assert {(one.id, one.outcome, one.who) for one in made.gaps} == {
            (lost.id, "again", world.cora),
            (consent.id, "again", world.cora),
        }
        assert not s.find(Task, what="walk-gaps", state="open")
        decided = s.history(Consent, consent.id)[-1].trail.envelope.acts[-1]
    assert (decided.name, decided.decided_by) == ("withdraw", world.maya)
    assert leaves(world, clinic, plan) == 0


def test_what_was_erased_stays_erased_before_anybody_can_look(house: House) -> None:
    world = house.open()
    world.enrol("omar")
    with world.kit.session(actor=world.omar) as s:
        plan = s.save(GoalPlan.begin(person=world.omar, hopes="Canary"))
    house.backup()
    world = house.open()
    world.kit.erase(world.omar, basis="wish", asked_by=world.omar, decided_by=world.cora)
    house.put_back()
    world = house.open()
    assert all(row.body is None for row in world.kit.storage.history("goal_plan", plan.id))
    assert b"Canary" not in house.file.read_bytes()
    [again] = [one for one in world.all("redaction") if plan.id in one.erased]
    assert (again.asked_by, again.decided_by, again.basis) == (world.omar, world.cora, "wish")
    assert world.kit.verify().intact
    with world.kit.session(actor=world.cora) as s:
        [made] = s.find(Restoration)
    assert [(one.of, one.outcome, one.state) for one in made.gaps] == [("redaction", "erased", "settled")]
    house.put_back()  # and once more
    world = house.open()
    assert all(row.body is None for row in world.kit.storage.history("goal_plan", plan.id))


def forgotten_in_hand(house: House) -> Any:
    """A copy that was put back, and has forgotten that somebody took its open alert and acted."""
    world = house.open()
    world.kit.concern("Before", about=world.maya, by=world.sam)
    house.backup()
    world = house.open()
    world.acknowledge("ola")
    world.respond("ola", "act", words="I am with her")
    house.put_back()
    return house.open()


def test_the_backlog_waits_and_new_alarms_go(house: House) -> None:
    world = forgotten_in_hand(house)
    world.wire.sent.clear()
    world.clock.forward(minutes=11)
    report = world.kit.deliver()
    assert (report.waiting, world.wire.sent) == (1, [])
    assert len(world.kit.alerts()) == 1  # listed all the same
    [known] = world.kit.gaps()
    assert (known.here, known.acts) == (True, ("acknowledge", "act_on"))
    world.kit.concern("After", about=world.maya, by=world.sam)
    assert world.wire.sent
    with world.kit.session(actor=world.cora) as s:
        assert any("put back" in one for one in world.kit.warnings())
        s.save(Person.enrol(name="Somebody"))
    assert any("put back" in one for one in s.receipt.warnings)


def test_closed_takes_an_alert_that_rang_already(house: House) -> None:
    world = forgotten_in_hand(house)
    [known] = world.kit.gaps()
    world.kit.walk_gaps({known.id: "closed"}, by=world.cora, done=True)
    assert (world.alert().state, world.alert().holder) == ("acknowledged", world.cora)
    world.wire.sent.clear()
    world.clock.forward(minutes=11)
    world.kit.deliver()
    assert world.wire.sent == []


def test_nobody_walks_it_within_the_hour_and_everything_goes_all_the_same(house: House) -> None:
    world = house.open()
    world.kit.concern("Before", about=world.maya, by=world.sam)
    before = world.alert().id
    house.backup()
    world = house.open()
    world.kit.concern("In the lost time", about=world.maya, by=world.sam)
    [lost] = [one.id for one in world.alerts if one.id != before]
    over = world.kit.concern("Lost, and over", about=world.maya, by=world.sam).alert
    with world.kit.session(actor=world.ola) as s:
        s.respond(over, "act", words="I was there")
        s.respond(over, "close_incomplete", reasons=dict.fromkeys(NEEDS, "declined"))
    house.put_back()
    world = house.open()
    world.wire.sent.clear()
    world.clock.forward(minutes=59)
    world.kit.deliver()
    assert (world.wire.sent, len(world.alerts)) == ([], 1)
    world.clock.forward(minutes=2)
    report = world.kit.deliver()
    assert (report.waiting, {one.id for one in world.alerts}) == (0, {before, lost})
    assert len(world.wire.sent) >= 2
    assert "held" in codes(world)
    assert [one.id for one in world.kit.gaps()] == [over]  # over, as the journal knows: a human says so


def test_a_clock_put_back_lets_nothing_wait(house: House) -> None:
    world = house.open()
    world.kit.concern("Before", about=world.maya, by=world.sam)
    house.backup()
    world = house.open()
    world.enrol("omar")
    world.kit.deliver()
    house.put_back()
    world = house.open()
    assert "held" in codes(world)
    world.wire.sent.clear()
    world.clock.back(hours=2)
    assert world.kit.deliver().waiting == 0
    assert world.wire.sent


def test_observers_stop_while_it_is_held_and_then_hear_everything(house: House) -> None:
    seen: list[tuple[str, int]] = []

    class Ear:
        name = "ear"

        @hookimpl
        def peerkit_supply(self) -> Any:
            yield Access(reads={"person"})

        @hookimpl
        def peerkit_observe(self, page: Any, view: Any) -> None:
            seen.extend((one.id, one.version) for one in page.envelopes)

    house.plugins = [Ear()]
    world = house.open()
    world.kit.deliver()
    house.backup()
    world = house.open()
    world.enrol("lost")
    world.kit.deliver()
    house.put_back()
    world = house.open()
    seen.clear()
    world.enrol("found")  # takes the place in the feed that the lost one had
    world.kit.deliver()
    assert seen == []
    world.kit.walk_gaps(by=world.cora, done=True)
    world.kit.deliver()
    assert (world.found, 1) in seen


def test_a_death_a_wall_and_a_refusal_are_done_again(house: House) -> None:
    world = house.open()
    world.enrol("omar")
    house.backup()
    world = house.open()
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Person, world.omar).mark_died())
        s.save(Wall.put_up(person=world.maya, human=world.ola))
    with world.kit.session(actor=world.maya) as s:
        s.save(Consent.refuse(person=world.maya))
    house.put_back()
    world = house.open()
    assert {one.of for one in world.kit.gaps()} == {"person", "wall", "consent"}
    world.kit.walk_gaps({one.id: "again" for one in world.kit.gaps()}, by=world.cora, done=True)
    assert [one.state for one in world.all("person") if one.id == world.omar] == ["died"]
    assert [(one.person, one.human, one.state) for one in world.all("wall")] == [
        (world.maya, world.ola, "standing")
    ]
    assert [(one.person, one.state, one.recipient) for one in world.all("consent")] == [
        (world.maya, "refused", "*")
    ]


def test_who_may_walk_and_what_is_said(house: House) -> None:
    world = house.open()
    house.backup()
    world = house.open()
    world.kit.break_glass(world.maya, reason="It cannot wait", actor=world.ola)
    house.put_back()
    world = house.open()
    [one] = world.kit.gaps()
    for actor in (world.maya, world.sam, Actor.system("host")):
        with pytest.raises(Refused) as caught:
            world.kit.walk_gaps({one.id: "mistaken"}, by=actor)
        assert caught.value.codes == ("no-right",)
    with pytest.raises(Refused) as caught:
        world.kit.walk_gaps({one.id: "again"}, by=world.cora)
    assert caught.value.codes == ("by-hand",)
    for outcome in ("erased", "whatever", ""):
        with pytest.raises(Malformed):
            world.kit.walk_gaps({one.id: outcome}, by=world.cora)
    with pytest.raises(NotFound):
        world.kit.walk_gaps({world.maya: "asked"}, by=world.cora)
    with pytest.raises(Malformed):
        world.kit.walk_gaps([one.id], by=world.cora)
    assert world.kit.walk_gaps({one.id: "asked"}, by=world.cora, done=True) == ()


def test_who_should_no_longer_read_is_listed_and_done_by_hand(house: House) -> None:
    world = house.open()
    with world.kit.session(actor=world.maya) as s:
        plan = s.save(SafetyPlan.begin(person=world.maya).share(world.sam).let_callers())
    with world.kit.session(actor=world.sam) as s:
        report = s.save(DutyReport.consider("child-protection", author=world.sam, about=world.maya))
        report = s.save(report.reported(body="CANARY", how="phone", told="after").share(world.ola))
    house.backup()
    world = house.open()
    with world.kit.session(actor=world.maya) as s:
        s.save(plan.unshare(world.sam).shut_callers())
    with world.kit.session(actor=world.sam) as s:
        later = {"put_off": "endangers_other", "look_on": world.clock.now().date()}
        s.save(report.unshare(world.ola).tell_later(**later))
        s.save(DutyReport.consider("child-protection", author=world.sam))
    house.put_back()
    world = house.open()
    assert [(one.of, one.acts, one.people) for one in world.kit.gaps()] == [
        ("safety_plan", ("unshare", "shut_callers"), (world.maya,)),
        ("duty_report", ("unshare", "tell_later"), (world.sam,)),
        ("duty_report", ("consider",), (world.sam,)),  # nobody would be reminded of it any more
    ]
    for gap in world.kit.gaps():
        with pytest.raises(Refused) as caught:
            world.kit.walk_gaps({gap.id: "again"}, by=world.cora)
        assert caught.value.codes == ("by-hand",), gap.of
    assert "CANARY" not in house.journal.read_text()
