# SPDX-License-Identifier: Apache-2.0
"""A consent that ends by the clock, and a no that begins by it: what stood on it is recalled and stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from spoiling import spoil

from peerkit import Consent, Notice, Recipient, Referral, Service, Task

World = Any
DAY = timedelta(days=1)
CLASSES = ("identity", "contact", "own")


@pytest.fixture
def house(world: World) -> World:
    world.match(world.maya, world.supporter("kai"))
    world.people["clinic"] = world.save(Recipient.add(name="River Clinic (fictional)", address="console:c"))
    world.people["service"] = world.save(Service.list(entry={"name": "Example library (fictional)"}))
    return world


def consent(world: World, purpose: str, **details: Any) -> Any:
    made = Consent.give(
        person=world.maya, recipient=world.clinic, classes=CLASSES, purpose=purpose, **details
    )
    return world.save(made, actor=world.maya)


def sent(world: World) -> Any:
    referral = Referral.begin(
        person=world.maya, service=world.service, recipient=world.clinic, need="A group"
    )
    return world.save(world.save(referral, actor=world.maya).send(), actor=world.maya)


def queued(world: World) -> Any:
    notice = Notice.queue(person=world.maya, recipient=world.clinic, words="Not on Monday")
    return world.save(notice, actor=world.maya)


@pytest.mark.parametrize("how", ["ends", "no"])
def test_at_the_tick_after_it(house: World, how: str) -> None:
    at = house.watch.now() + 5 * DAY
    for purpose in ("referral", "notice"):
        consent(house, purpose, until=at if how == "ends" else None)
    referral, notice = sent(house), queued(house)
    if how == "no":
        house.save(Consent.refuse(person=house.maya, starts=at), actor=house.maya)
    house.kit.tick()
    assert (house.get(referral).state, house.get(notice).state) == ("sent", "queued")
    house.watch.forward(days=5)
    house.kit.tick()
    found = house.get(referral), house.get(notice)
    assert [(one.state, one.reason) for one in found] == [
        ("recalled", "consent_withdrawn"),
        ("stopped", "consent_withdrawn"),
    ]
    assert house.kit.tick() == 0  # once
    asked = {task.what: task for task in house.every(Task, person=house.maya.id, state="open")}
    assert {"consent-for-referral", "consent-for-notice"} <= asked.keys()
    assert {asked[what].owner for what in asked if what.startswith("consent-for-")} == {house.kai.id}


def test_what_another_consent_carries_goes_on(house: World) -> None:
    for purpose in ("referral", "notice"):
        consent(house, purpose, until=house.watch.now() + DAY)
        consent(house, purpose)
    referral, notice = sent(house), queued(house)
    house.watch.forward(days=2)
    house.kit.tick()
    assert (house.get(referral).state, house.get(notice).state) == ("sent", "queued")


def test_a_word_that_nobody_can_read_recalls_nothing_by_the_clock(house: World) -> None:
    """It lets nothing out, either: each send asks. But what is under way stays the person's to take back."""
    given = consent(house, "referral")
    referral = sent(house)
    spoil(house.kit, given)
    house.watch.forward(days=2)
    house.kit.tick()
    assert house.get(referral).state == "sent"


def test_of_each_that_is_recalled_somebody_hears_however_many_there_are(house: World) -> None:
    consent(house, "referral", until=house.watch.now() + DAY)
    with house.kit.session(actor=house.maya) as s:
        about = {"person": house.maya, "service": house.service, "recipient": house.clinic}
        for made in [s.save(Referral.begin(**about, need="A group")) for _ in range(130)]:
            s.save(made.send())
    house.watch.forward(days=2)
    while house.kit.tick():
        pass
    gone = {one.id for one in house.every(Referral, state="recalled")}
    assert len(gone) == 130
    assert {task.about for task in house.every(Task, what="consent-for-referral")} == gone
