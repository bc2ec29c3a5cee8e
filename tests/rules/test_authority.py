# SPDX-License-Identifier: Apache-2.0
"""Deciding in somebody's place: within a recorded authority, for what it names, and while it
stands."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pikepdf
import pypdf
import pytest
from authority_house import ALL, GIVEN, House
from spoiling import spoil

import peerkit
from peerkit import (
    Authority,
    Consent,
    Decision,
    Disclosure,
    GoalPlan,
    Malformed,
    Refused,
    Task,
    Wall,
)
from peerkit.printing.letting import print_to
from peerkit.texts import for_locale


@pytest.fixture
def house(world: Any) -> House:
    return House(world)


# -- the yes ---------------------------------------------------------------------------------------


def test_within_a_standing_authority_a_substitute_consents_and_sends(house: House) -> None:
    house.authority()
    consent = house.give()
    assert consent.in_place
    sent = house.world.save(house.referral().send(by=house.word("spoken")), actor=house.kai)
    assert sent.state == "sent"
    [row] = house.world.kit.storage.history(Consent.kind, consent.id)
    [line] = row.envelope.acts
    assert (line.decided_by, line.on_behalf_of) == (house.dana.id, house.maya.id)
    assert (row.envelope.actor, line.how, line.strength) == (house.kai.id, "paper", 3)
    house.world.kit.verify()


def test_it_counts_as_strongly_as_it_was_given(house: House) -> None:
    house.authority()
    assert house.refused(lambda: house.give(by=house.word("spoken"))) == ("too-weak",)
    one = house.referral()
    once = Consent.give_once(
        person=house.maya, recipient=house.clinic, referral=one, classes=ALL, by=house.word("spoken")
    )
    assert house.world.save(once, actor=house.kai).state == "given"
    assert house.refused(lambda: house.give(by=house.word("account"))) == ("not-their-account",)


def test_the_person_reads_who_decided_what_in_their_place(house: House) -> None:
    house.authority()
    consent = house.give(purpose="care", classes=("own",))
    plan = house.world.save(GoalPlan.begin(person=house.maya, hopes="Rest"), actor=house.maya)
    [page] = house.world.kit.disclose(plan, to=house.clinic, purpose="care", actor=house.kai)
    assert page[0]["hopes"] == "Rest"
    assert house.world.every(Disclosure)[0].basis == consent.id
    told = " ".join(one.text for one in house.world.kit.log(actor=house.maya))
    assert "Dana Example (fictional) decided in your place, on paper" in told
    assert "an authority to decide in somebody's place" in told
    assert "with the consent of somebody who may decide in your place" in told
    with house.world.kit.session(actor=house.maya) as s:
        assert [one.human for one in s.find(Authority)] == [house.dana.id]


def test_it_is_in_what_the_person_takes_out(house: House, tmp_path: Any) -> None:
    house.authority()
    path, phrase = tmp_path / "mine.pdf", "a phrase of some words"
    house.world.kit.take_out(path, passphrase=phrase, actor=house.maya)
    with pikepdf.open(path, password=phrase) as pdf:
        found = json.loads(pdf.attachments["take-out.json"].get_file().read_bytes())
    [kept] = [one for one in found["records"] if one["kind"] == "authority"]
    assert kept["paper"] == "the blue folder"


def test_a_print_of_it_says_whose_word_it_is(house: House, tmp_path: Any) -> None:
    house.authority()
    consent = house.give()
    who, say = peerkit.Actor(house.maya.id), for_locale("en")
    print_to(house.world.kit, "consent", consent.id, tmp_path / "c.pdf", actor=who, say=say)
    pages = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "c.pdf").pages)
    assert "Said by somebody who may decide this in their place." in " ".join(pages.split())


# -- the noes --------------------------------------------------------------------------------------


def test_without_an_authority_nobody_decides_for_another(house: House) -> None:
    assert house.refused(house.give) == ("no-authority",)


def test_ended_it_gives_nothing_at_once(house: House) -> None:
    authority = house.authority()
    house.give()
    for actor in (house.maya, house.dana, house.kai, house.world.coordinator):
        again = house.authority()
        house.world.save(again.end(), actor=actor)
    house.world.save(authority.end(), actor=house.maya)
    assert house.refused(house.give) == ("no-authority",)


def test_in_the_commit_that_ends_it_nothing_is_decided_by_it(house: House) -> None:
    authority = house.authority()
    with house.world.kit.session(actor=house.kai) as s:
        s.save(s.get(Authority, authority.id).end())
        with pytest.raises(Refused) as caught:
            s.save(Consent.give(person=house.maya, recipient=house.clinic, by=house.word(), **GIVEN))
    assert caught.value.codes == ("no-authority",)


def test_what_ends_while_a_session_is_open_gives_nothing_when_it_commits(house: House) -> None:
    authority = house.authority()
    with pytest.raises(Refused) as caught, house.world.kit.session(actor=house.kai) as s:
        s.save(Consent.give(person=house.maya, recipient=house.clinic, by=house.word(), **GIVEN))
        house.world.save(authority.end(), actor=house.maya)
    assert caught.value.codes == ("no-authority",)
    assert not house.world.every(Consent)


def test_not_before_it_begins_nor_after_it_is_over(house: House) -> None:
    now = house.world.watch.at
    house.authority(starts=now + timedelta(days=1), until=now + timedelta(days=3))
    assert house.refused(house.give) == ("no-authority",)
    house.world.watch.forward(days=2)
    house.give()
    house.world.watch.forward(days=1)
    assert house.refused(house.give) == ("no-authority",)


def test_nobody_looked_in_time_and_it_gives_nothing_until_somebody_does(house: House) -> None:
    authority = house.authority(look_on=house.today + timedelta(days=30))
    [task] = house.world.every(Task, what="look-at-authority")
    assert task.owner == house.world.coordinator.id
    assert task.due.date() == house.today + timedelta(days=16)
    house.world.watch.forward(days=30)
    house.give()
    house.world.watch.forward(days=1)
    assert house.refused(house.give) == ("no-authority",)
    again = authority.look_again(look_on=house.today + timedelta(days=30))
    assert house.refused(lambda: house.world.save(again, actor=house.kai)) == ("no-right",)
    house.world.save(again)
    house.give()
    assert [one.state for one in house.world.every(Task, what="look-at-authority")] == ["done", "open"]


@pytest.mark.parametrize("days", [-1, 367])
def test_it_is_looked_at_within_a_year(house: House, days: int) -> None:
    day = house.today + timedelta(days=days)
    assert house.refused(lambda: house.authority(look_on=day)) == ("look-again",)


def test_for_no_other_area(house: House) -> None:
    house.authority(areas=("referral",))
    assert house.refused(house.give) == ("no-authority",)


def test_for_no_other_person_and_by_no_other_human(house: House) -> None:
    house.authority()
    assert house.refused(lambda: house.give(by=house.word(whose=house.world.ola))) == ("no-authority",)
    theo = house.world.theo
    for place, codes in ((theo, ("no-authority",)), (house.maya, ("not-theirs",))):
        by = Decision.of(house.dana, how="paper", evidence="x", on_behalf_of=place)
        made = Consent.give(person=theo, recipient=house.clinic, by=by, **GIVEN)
        assert house.refused(lambda made=made: house.world.save(made)) == codes


@pytest.mark.parametrize("what", ["authority", "wall", "concern"])
def test_what_nobody_can_read_gives_nothing_and_takes_away(house: House, what: str) -> None:
    world, authority = house.world, house.authority()
    if what == "authority":
        spoil(world.kit, authority)
    elif what == "wall":
        spoil(world.kit, world.save(Wall.put_up(person=house.maya, human=house.dana)))
    else:
        world.kit.concern("She shouts at her", about=house.maya, names=[house.dana])
        spoil(world.kit, world.every(peerkit.Concern)[0])
    assert house.refused(house.give) == ("no-authority",)


def test_a_part_of_a_program_decides_for_nobody(house: House) -> None:
    house.authority()
    with house.world.kit.session(actor=peerkit.Actor.system("test")) as s, pytest.raises(Refused) as caught:
        s.save(Consent.give(person=house.maya, recipient=house.clinic, by=house.word(), **GIVEN))
    assert caught.value.codes == ("system-decides",)
    by = house.word(whose="system:test")
    assert house.refused(lambda: house.give(by=by)) == ("no-authority",)


def test_while_an_open_concern_names_the_substitute_they_decide_nothing(house: House) -> None:
    house.authority()
    house.world.kit.concern("She takes her money", about=house.maya, names=[house.dana])
    assert house.refused(house.give) == ("no-authority",)
    assert house.refused(lambda: house.give(by=house.word("device"))) == ("no-authority",)


@pytest.mark.parametrize("ends", [("maya", "dana"), ("dana", "maya")])
def test_a_wall_between_the_two_takes_it_away(house: House, ends: tuple[str, str]) -> None:
    house.authority()
    one, other = (getattr(house, end) for end in ends)
    wall = house.world.save(Wall.put_up(person=one, human=other), actor=house.maya)
    assert house.refused(house.give) == ("no-authority",)
    house.world.save(house.world.get(wall).take_down())
    house.give()


def test_whoever_walks_beside_the_person_is_their_peer_and_no_substitute(house: House) -> None:
    house.authority(human=house.kai)
    by = house.word(whose=house.kai)
    assert house.refused(lambda: house.give(by=by, actor=house.world.coordinator)) == ("no-authority",)


def test_who_decides_is_not_who_writes_it_down(house: House) -> None:
    rita = house.world.office("rita", "coordinator")
    assert house.refused(lambda: house.authority(human=rita, actor=rita)) == ("own-authority",)
    authority = house.authority(human=rita)
    by = house.word(whose=rita)
    assert house.refused(lambda: house.give(by=by, actor=rita)) == ("own-authority",)
    own = Decision(how="account", on_behalf_of=house.maya.id)
    assert house.refused(lambda: house.give(by=own, actor=rita)) == ("own-authority",)
    on = house.today + timedelta(days=300)
    assert house.refused(lambda: house.world.save(authority.look_again(look_on=on), actor=rita)) == (
        "own-authority",
    )
    house.give(by=by)


def test_nobody_stands_in_their_own_place(house: House) -> None:
    with pytest.raises(Malformed):
        house.authority(human=house.maya)
    with pytest.raises(Malformed):
        Decision.of(house.maya, how="paper", evidence="x", on_behalf_of=house.maya)
    own = Decision(on_behalf_of=house.maya.id)
    assert house.refused(lambda: house.give(by=own, actor=house.maya)) == ("own-authority",)


@pytest.mark.parametrize("who", ["maya", "dana"])
@pytest.mark.parametrize("gone", ["leave", "mark_died"])
def test_it_ends_with_either_of_the_two(house: House, who: str, gone: str) -> None:
    authority, human = house.authority(), getattr(house, who)
    acting = human if gone == "leave" else house.world.coordinator
    house.world.save(getattr(house.world.get(human), gone)(), actor=acting)
    assert house.world.get(authority).state == "ended"


@pytest.mark.parametrize("details", [{"areas": ()}, {"areas": ("plan",)}, {"basis": "x"}, {"paper": " "}])
def test_it_names_its_areas_its_basis_and_its_paper(house: House, details: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        house.authority(**details)


@pytest.mark.parametrize("when", ["not-yet", "over"])
def test_a_yes_of_their_own_that_is_not_in_force_undoes_no_no_of_theirs(house: House, when: str) -> None:
    house.authority()
    now, day = house.world.watch.now(), timedelta(days=1)
    own = {"person": house.maya, "recipient": house.clinic, **GIVEN}
    house.own(house.own(Consent.give(**own)).withdraw())
    house.give()
    assert not house.opens()
    if when == "not-yet":
        house.own(Consent.give(**own, starts=now + 30 * day))
    else:
        house.own(Consent.give(**own, until=now + day))
        house.world.watch.forward(days=2)
    assert not house.opens()
