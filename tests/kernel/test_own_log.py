# SPDX-License-Identifier: Apache-2.0
"""A person asks who has seen what about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import Actor, Concern, Consent, Decision, GoalPlan, Malformed, Read, Recipient, Refused

World = Any


@pytest.fixture
def house(world: World) -> World:
    world.match(world.maya, world.supporter("kai"))
    world.save(GoalPlan.begin(person=world.maya, hopes="canary").add_goal("canary"), actor=world.maya)
    return world


def told(world: World, **details: Any) -> list[tuple[str, str]]:
    return [(one.what, one.text) for one in world.kit.log(actor=world.maya, **details)]


def clinic(world: World, **details: Any) -> Any:
    to = world.save(Recipient.add(name="River Clinic (fictional)", **details))
    for act, purpose in (("give", "care"), ("refuse", "report")):
        made = getattr(Consent, act)(person=world.maya, recipient=to, classes=("own",), purpose=purpose)
        world.save(made, actor=world.maya)
    for purpose in ("care", "report"):
        list(world.kit.disclose(GoalPlan, to=to, purpose=purpose, actor=world.kai))
    return to


def test_it_tells_who_read_what_left_and_what_was_held_back_in_plain_words(house: World) -> None:
    clinic(house)
    with house.kit.session(actor=house.kai) as s:
        s.find(GoalPlan)
    found = told(house)
    assert found[0] == ("read", "Kai Example (fictional) read your goal plan.")
    assert ("left", "River Clinic (fictional) received your goal plan, for care: with your consent.") in found
    why = "you said that it is not to be shared"
    assert (
        "held_back",
        f"River Clinic (fictional) did not receive your goal plan, for report: {why}.",
    ) in found
    assert "canary" not in repr(found)


def test_it_tells_whose_decision_it_was_and_who_wrote_it_down(house: World) -> None:
    house.save(Consent.refuse(person=house.maya, by=Decision.of(house.maya, how="spoken")), actor=house.kai)
    line = "You decided, spoken: refuse (your word on sharing), written down by "
    line += "Kai Example (fictional)."
    assert told(house)[0] == ("decided", line)


def test_a_concern_is_there_and_says_nothing(house: World) -> None:
    house.kit.concern("canary", about=house.maya, by=house.kai)
    with house.kit.session(actor=house.coordinator) as s:
        s.find(Concern)
    found = house.kit.log(actor=house.maya)
    hidden = [one for one in found if one.what == "hidden"]
    assert hidden
    assert {(one.by, one.records, one.text) for one in hidden} == {
        ("", (), "Something is not shown here, since it protects somebody else.")
    }
    assert house.kai.id not in {one.by for one in found if "concern" in one.kinds}


def test_a_broken_glass_is_told_unless_telling_now_endangers(house: World) -> None:
    house.supporter("noor")
    glass = house.kit.break_glass(house.maya, reason="No answer", actor=house.noor)
    with house.kit.session(actor=house.noor) as s:
        s.find(GoalPlan)
    texts = [text for _, text in told(house)]
    assert any("opened your record without asking you. The reason given: No answer" in one for one in texts)
    assert any("read your goal plan after opening your record" in one for one in texts)
    when = house.watch.now() + timedelta(days=3)
    house.save(glass.tell_later(reason="endangers_person", tell_by=when), actor=house.kai)
    texts = [text for _, text in told(house)]
    assert not any("Noor" in one for one in texts)
    assert sum("Somebody will tell you" in one for one in texts) == 2


def test_recipients_kept_quiet_about_are_shown_when_everything_is_asked_for(house: World) -> None:
    clinic(house, discreet=True)
    assert "River Clinic" not in repr(told(house))
    assert any(what == "hidden" for what, _ in told(house))
    assert any("River Clinic" in text for _, text in told(house, everything=True))


def test_it_is_theirs_and_an_office_prints_it_for_them_which_it_tells(house: World) -> None:
    for actor in (house.kai, house.theo, Actor.system("x")):
        with pytest.raises(Refused):
            house.kit.log(actor=actor, person=house.maya)
    with pytest.raises(Refused):
        house.kit.log(actor=Actor(house.kai.id, role="supporter"))
    assert house.kit.log(actor=house.coordinator, person=house.maya)
    assert [one.reader for one in house.every(Read, of="log")] == [house.coordinator.id]


def test_pages_follow_each_other_without_a_gap(house: World) -> None:
    clinic(house)
    whole = house.kit.log(actor=house.maya, limit=1000)
    before, pages = None, []
    while page := house.kit.log(actor=house.maya, before=before, limit=2):
        pages += page
        before = page[-1].position
    assert {one.position for one in pages} == {one.position for one in whole}
    house.watch.forward(days=1)
    assert told(house, since=house.watch.now()) == []
    for bad in ({"limit": 0}, {"since": house.watch.now().replace(tzinfo=None)}):
        with pytest.raises(Malformed):
            told(house, **bad)


def test_one_look_is_one_line_and_the_log_itself_keeps_every_read(house: World) -> None:
    plan = house.every(GoalPlan)[0]
    with house.kit.session(actor=house.kai) as s:
        s.find(GoalPlan)
        s.find(GoalPlan)
        s.get(GoalPlan, plan.id)
    line = ("read", "Kai Example (fictional) read your goal plan.")
    assert told(house).count(line) == 1
    assert len(house.every(Read, of="goal_plan")) == 3
    [folded] = [one for one in house.kit.log(actor=house.maya) if one.text == line[1]]
    assert folded.records == (plan.id,)
    assert told(house, before=folded.position + 1)[0] == line
    assert line not in told(house, before=folded.position)
    house.watch.forward(minutes=1)
    with house.kit.session(actor=house.kai) as s:
        s.find(GoalPlan)
    assert told(house).count(line) == 2
    with house.kit.session(actor=house.coordinator) as s:
        s.find(GoalPlan)
    assert told(house).count(line) == 2


def test_a_line_does_not_go_with_the_first_read_of_its_minute(house: World) -> None:
    with house.kit.session(actor=house.kai) as s:
        s.find(GoalPlan)
    house.watch.forward(seconds=1)
    since = house.watch.now()
    with house.kit.session(actor=house.kai) as s:
        s.find(GoalPlan)
    assert [what for what, _ in told(house, since=since)] == ["read"]
