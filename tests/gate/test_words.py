# SPDX-License-Identifier: Apache-2.0
"""What a person's words open and close: instructions, times, silence within the circle, the first days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import Consent, Decision, Disclosure, GoalPlan, Malformed, NotFound, Recipient, Refused, Withheld
from peerkit.gate import Wanted

World = Any
OWN = ("own",)
DAY = timedelta(days=1)


@pytest.fixture
def clinic(world: World) -> Recipient:
    world.save(GoalPlan.begin(person=world.maya, hopes="Sleep"), actor=world.maya)
    return world.save(Recipient.add(name="Clinic (fictional)"))  # type: ignore[no-any-return]


def say(world: World, act: str, who: Any = None, **given: Any) -> Consent:
    person = who or world.maya
    made: Consent = world.save(getattr(Consent, act)(person=person, **given), actor=person)
    return made


def left(world: World, to: Recipient, purpose: str = "care", actor: Any = None) -> int:
    pages = world.kit.disclose(GoalPlan, to=to, purpose=purpose, actor=actor or world.maya)
    return sum(len(page) for page in pages)


# -- instructions not to share -----------------------------------------------------------------------


def test_an_instruction_to_everybody_closes_every_recipient_and_purpose(
    world: World, clinic: Recipient
) -> None:
    other = world.save(Recipient.add(name="Another (fictional)"))
    for to in (clinic, other):
        say(world, "give", recipient=to, classes=OWN, purpose="care")
        assert left(world, to) == 1
    say(world, "refuse")
    assert [left(world, to) for to in (clinic, other)] == [0, 0]


def test_what_somebody_gives_after_their_instruction_is_their_new_word(
    world: World, clinic: Recipient
) -> None:
    say(world, "refuse")
    say(world, "give", recipient=clinic, classes=OWN, purpose="care")
    assert left(world, clinic) == 1


def test_an_instruction_with_an_end_suspends_what_was_given(world: World, clinic: Recipient) -> None:
    say(world, "give", recipient=clinic, classes=OWN, purpose="care")
    now = world.watch.now()
    say(world, "refuse", recipient=clinic, starts=now + DAY, until=now + 3 * DAY)
    found = []
    for _ in range(4):
        found.append(left(world, clinic))
        world.watch.forward(days=1)
    assert found == [1, 0, 0, 1]


def test_lifting_is_signed_and_brings_back_what_stood_before(world: World, clinic: Recipient) -> None:
    say(world, "give", recipient=clinic, classes=OWN, purpose="care")
    no = say(world, "refuse", recipient=clinic)
    with pytest.raises(Refused, match="signed"):
        world.save(no.lift(by=Decision.of(world.maya, how="spoken")))
    assert left(world, clinic) == 0
    world.save(world.get(no).lift(), actor=world.maya)
    assert left(world, clinic) == 1


def test_a_consent_has_a_time(world: World, clinic: Recipient) -> None:
    now = world.watch.now()
    say(world, "give", recipient=clinic, classes=OWN, purpose="care", starts=now + DAY, until=now + 2 * DAY)
    found = []
    for _ in range(3):
        found.append(left(world, clinic))
        world.watch.forward(days=1)
    assert found == [0, 1, 0]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"until": -1}, "consent.until"),
        ({"purpose": "*"}, "consent.purpose"),
        ({"recipient": "*"}, "consent.recipient"),
        ({"classes": ()}, "consent.classes"),
    ],
)
def test_a_consent_that_makes_no_sense_is_malformed(
    world: World, clinic: Recipient, given: dict[str, Any], where: str
) -> None:
    now = world.watch.now()
    whole: dict[str, Any] = {"recipient": clinic, "classes": OWN, "purpose": "care", "starts": now, **given}
    if "until" in given:
        whole["until"] = now - DAY
    with pytest.raises(Malformed) as fault:
        Consent.give(person=world.maya, **whole)
    assert fault.value.where == where


def test_a_consent_that_ends_between_page_and_page_lets_out_no_second_page(
    world: World, clinic: Recipient
) -> None:
    world.save(GoalPlan.begin(person=world.maya, hopes="Walk"), actor=world.maya)
    until = world.watch.now() + DAY
    say(world, "give", recipient=clinic, classes=OWN, purpose="care", until=until)
    pages = world.kit.disclose(Wanted(GoalPlan, size=1), to=clinic, purpose="care", actor=world.maya)
    first = next(pages)
    world.watch.forward(days=1)
    second = next(pages)
    assert [(len(p), p.withheld) for p in (first, second)] == [(1, 0), (0, 1)]
    (held,) = world.every(Withheld)
    assert (held.cause, held.recipient, held.by) == ("ended", clinic.id, world.maya.id)


def test_a_recipient_closed_between_page_and_page_gets_no_second_page(
    world: World, clinic: Recipient
) -> None:
    world.save(GoalPlan.begin(person=world.maya, hopes="Walk"), actor=world.maya)
    say(world, "give", recipient=clinic, classes=OWN, purpose="care")
    pages = world.kit.disclose(Wanted(GoalPlan, size=1), to=clinic, purpose="care", actor=world.maya)
    assert len(next(pages)) == 1
    world.save(clinic.close())
    with pytest.raises(NotFound):
        next(pages)


# -- the recipient hears, and the person reads -------------------------------------------------------


def test_a_part_that_stays_is_named_by_its_class(world: World, clinic: Recipient) -> None:
    say(world, "give", recipient=clinic, classes=("contact",), purpose="care")
    (page,) = world.kit.disclose(world.maya, to=clinic, purpose="care", actor=world.maya)
    assert page[0]["withheld"] == ["identity", "own"]
    assert "name" not in page[0]


def test_the_person_reads_who_asked_and_which_word_of_theirs_held_it_back(
    world: World, clinic: Recipient
) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    no = say(world, "refuse", recipient=clinic)
    assert left(world, clinic, actor=kai) == 0
    with world.kit.session(actor=world.maya) as s:
        (held,) = s.find(Withheld)
    assert (held.cause, held.word, held.by, held.kinds) == ("refused", no.id, kai.id, ("goal_plan",))
    assert "Sleep" not in repr(held)


def test_who_said_nothing_gets_no_row_for_each_export(world: World, clinic: Recipient) -> None:
    assert left(world, clinic) == 0
    assert world.every(Withheld) == []


# -- silence -----------------------------------------------------------------------------------------


def allow(world: World, *classes: str) -> None:
    world.save(world.kit.program.update(settings={"implied": classes}))


def test_silence_lets_out_only_what_the_settings_name_and_only_within_the_circle(
    world: World, clinic: Recipient
) -> None:
    assert left(world, clinic) == 0
    allow(world, "own")
    assert left(world, clinic) == 0  # not of the circle
    clinic = world.save(clinic.place(circle=True))
    assert left(world, clinic) == 1
    assert left(world, clinic, purpose="report") == 0
    (row,) = world.every(Disclosure)
    assert (row.basis, row.policy, row.classes) == ("implied", world.kit.program.version, ("own",))


@pytest.mark.parametrize("word", ["less", "withdrawn", "refused", "everybody", "ended"])
def test_any_word_of_the_persons_ends_what_silence_let_out(
    world: World, clinic: Recipient, word: str
) -> None:
    allow(world, "own")
    clinic = world.save(clinic.place(circle=True))
    assert left(world, clinic) == 1
    if word == "less":
        say(world, "give", recipient=clinic, classes=("contact",), purpose="care")
    elif word == "withdrawn":
        given = say(world, "give", recipient=clinic, classes=OWN, purpose="care")
        world.save(given.withdraw(), actor=world.maya)
    elif word == "refused":
        say(world, "refuse", recipient=clinic, classes=("contact",), purpose="care")
    elif word == "everybody":
        say(world, "refuse")
    else:
        until = world.watch.now() + DAY
        say(world, "give", recipient=clinic, classes=OWN, purpose="care", until=until)
        world.watch.forward(days=2)
    assert left(world, clinic) == 0


def test_settings_name_classes_that_there_are(world: World) -> None:
    with pytest.raises(Refused, match=r"settings\.implied"):
        allow(world, "everything")


# -- the first days ----------------------------------------------------------------------------------


def reader(world: World) -> Any:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    return kai


@pytest.mark.parametrize("purpose", ["report", "research", "export"])
def test_whoever_is_new_stays_out_of_what_leaves_in_bulk(
    world: World, clinic: Recipient, purpose: str
) -> None:
    kai = reader(world)
    say(world, "give", recipient=clinic, classes=OWN, purpose=purpose)
    (page,) = world.kit.disclose(GoalPlan, to=clinic, purpose=purpose, actor=kai)
    assert (len(page), page.withheld) == (0, 1)
    world.watch.forward(days=world.kit.program.embargo_days)
    assert left(world, clinic, purpose, kai) == 1


def test_the_first_days_hold_back_nothing_that_the_person_asks_for(world: World, clinic: Recipient) -> None:
    kai = reader(world)
    plan = world.every(GoalPlan)[0]
    say(world, "give", recipient=clinic, classes=OWN, purpose="export")
    (page,) = world.kit.disclose(GoalPlan, to=clinic, purpose="export", actor=world.maya)
    assert len(page) == 1
    (page,) = world.kit.disclose(GoalPlan, to=world.maya, purpose="export", actor=world.maya)
    assert len(page) == 1
    (page,) = world.kit.disclose(plan, to=clinic, purpose="export", actor=kai)  # one record, by name
    assert len(page) == 1
    say(world, "give", recipient=clinic, classes=OWN, purpose="referral")
    assert left(world, clinic, "referral", kai) == 1
