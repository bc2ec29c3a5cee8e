# SPDX-License-Identifier: Apache-2.0
"""Where two records of one human are joined, the stricter of what was said on either counts."""

from __future__ import annotations

from typing import Any

import pytest
from merging_house import CLASSES, clinic, join, out, say

from peerkit import Consent, GoalPlan, Person, Recipient, Referral, Service, Task

World = Any


def library(house: Any) -> Any:
    """A service that anybody may be referred to."""
    made = house.kit.new(lambda: Service.list(entry={"name": "Example dentist (fictional)"}))
    house.kit.write([made])
    return made


@pytest.fixture
def house(world: World) -> World:
    """Maya was enrolled twice, and began a plan each time."""
    world.save(Recipient.add(name="Clinic (fictional)", address="console:clinic"))
    for one in (world.maya, world.again):
        world.save(GoalPlan.begin(person=one, hopes="Sleep"), actor=one)
    return world


@pytest.mark.parametrize("first", ["maya", "again"])
@pytest.mark.parametrize("refuses", ["maya", "again"])
def test_an_instruction_not_to_share_survives_whoever_said_it_and_when(
    house: World, first: str, refuses: str
) -> None:
    for name in dict.fromkeys((first, "maya", "again")):
        who = getattr(house, name)
        say(house, who, "refuse" if name == refuses else "give")
    join(house)
    assert out(house) == 0
    say(house, house.maya, "give")  # their new word, said as the one they are
    assert out(house) == 2


def test_consent_from_either_holds_where_nothing_speaks_against_it(house: World) -> None:
    say(house, house.again, "refuse")
    say(house, house.again, "give")  # their latest word
    join(house)
    assert out(house) == 2


def test_an_open_referral_that_the_other_record_refuses_is_recalled(house: World) -> None:
    def refer(who: Any) -> Any:
        referral = Referral.begin(
            person=who, service=library(house), recipient=clinic(house), need="a dentist"
        )
        with house.kit.session(actor=who) as s:
            saved = s.save(referral)
            s.save(Consent.give_once(person=who, recipient=clinic(house), referral=saved, classes=CLASSES))
            return s.save(saved.send())

    mine, theirs = refer(house.maya), refer(house.again)
    join(house)
    assert [house.get(one).state for one in (mine, theirs)] == ["sent", "sent"]  # two open ones go on
    assert any(task.what == "look-at-merged" for task in house.every(Task))
    third = house.third
    house.save(Consent.refuse(person=third), actor=third)
    join(house, away=third)
    assert {house.get(one).reason for one in (mine, theirs)} == {"consent_withdrawn"}


def test_what_one_record_says_for_their_safety_holds(world: World) -> None:
    other = world.save(Person.enrol(name="Maya (fictional)", watched=True, not_by=("sms",)))
    join(world, away=other)
    kept = world.get(world.maya)
    assert (kept.watched, kept.not_by) == (True, ("sms",))
