# SPDX-License-Identifier: Apache-2.0
"""What nobody decides in a person's place, whatever a paper says: their own no stands. And what is left once
an authority has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from authority_house import GIVEN, House
from hypothesis import given, settings
from hypothesis import strategies as st

import peerkit
from peerkit import (
    Authority,
    Consent,
    Decision,
    GoalPlan,
    Notice,
    Person,
    Recipient,
    Refused,
    Relationship,
    Task,
)
from peerkit.kinds import PLACES, core_kind
from peerkit.model.authority import AREAS, area_of


@pytest.fixture
def house(world: Any) -> House:
    return House(world)


# -- what no substitute decides --------------------------------------------------------------------

NEVER = (
    *("goal_plan", "progress", "review", "measure", "follow_up", "signature"),
    *("risk_screen", "answer", "concern", "alert"),
    *("feedback", "meeting", "reflection", "relationship", "person", "peer_supporter", "sign_up"),
)
"""Written by hand, from the documents: a goal is the person's (design, 1.1); substitutes never adopt a goal,
answer a screen or read own words (privacy.md, people)."""


def every_act() -> Iterator[tuple[str, str]]:
    for name in PLACES:
        cls = core_kind(name)
        assert cls is not None
        yield from ((name, act) for act in cls.table)


def test_the_areas_name_acts_that_there_are_and_none_of_what_is_the_persons_alone() -> None:
    known = {f"{kind}.{act}" for kind, act in every_act()}
    assert set().union(*AREAS.values()) <= known
    assert not [f"{kind}.{act}" for kind, act in every_act() if kind in NEVER and area_of(kind, act)]
    assert not any(area_of("referral", act) for act in ("begin", "change_words", "answer", "go_alone"))
    assert not area_of("notice", "queue")


def test_a_goal_is_adopted_by_nobody_in_the_persons_place(house: House) -> None:
    house.authority()
    plan = house.world.save(GoalPlan.begin(person=house.maya), actor=house.maya)
    plan = house.world.save(house.world.get(plan).suggest("Walk", author=house.kai), actor=house.kai)
    adopted = house.world.get(plan).adopt(plan.goals[0].id, by=house.word())
    assert house.refused(lambda: house.world.save(adopted, actor=house.kai)) == ("persons-own",)
    asked = Relationship.enquire(person=house.maya, by=house.word())
    assert house.refused(lambda: house.world.save(asked)) == ("persons-own",)
    left = house.world.get(house.maya).leave(by=house.word())
    assert house.refused(lambda: house.world.save(left)) == ("persons-own",)


# -- the person's own no ---------------------------------------------------------------------------


def test_the_persons_no_stands_against_a_later_yes_in_their_place(house: House) -> None:
    house.authority()
    no = house.own(Consent.refuse(person=house.maya))
    house.give()
    assert not house.opens()
    lifted = house.world.get(no).lift(by=house.word())
    assert house.refused(lambda: house.world.save(lifted, actor=house.kai)) == ("persons-own",)
    house.own(house.world.get(no).lift())
    assert house.opens()


@pytest.mark.parametrize("how", ["account", "spoken"])
def test_what_the_person_takes_back_is_not_given_in_their_place_again(house: House, how: str) -> None:
    house.authority()
    given_in_place = house.give()
    sent = house.referral()
    house.world.save(sent.send(by=house.word("spoken")), actor=house.kai)
    by = Decision.of(house.maya, how="spoken") if how == "spoken" else None
    taken = house.world.get(given_in_place).withdraw(by=by)
    house.world.save(taken, actor=house.kai if how == "spoken" else house.maya)
    assert house.world.get(sent).state == "recalled"
    house.give()
    assert not house.opens()
    house.own(Consent.give(person=house.maya, recipient=house.clinic, **GIVEN))
    assert house.opens()


def test_a_no_in_their_place_closes_and_the_persons_new_word_opens(house: House) -> None:
    house.authority()
    house.own(Consent.give(person=house.maya, recipient=house.clinic, **GIVEN))
    house.world.save(Consent.refuse(person=house.maya, by=house.word("spoken")), actor=house.kai)
    assert not house.opens()
    [_] = house.world.kit.disclose(
        house.world.get(house.referral()), to=house.clinic, purpose="referral", actor=house.kai
    )
    told = " ".join(one.text for one in house.world.kit.log(actor=house.maya))
    assert "somebody who may decide in your place wanted it so" in told
    house.own(Consent.give(person=house.maya, recipient=house.clinic, **GIVEN))
    assert house.opens()


def test_a_substitute_lifts_what_a_substitute_said(house: House) -> None:
    house.authority()
    house.give()
    no = house.world.save(Consent.refuse(person=house.maya, by=house.word("spoken")), actor=house.kai)
    assert not house.opens()
    house.world.save(house.world.get(no).lift(by=house.word()), actor=house.kai)
    assert house.opens()


def test_a_notice_is_stopped_but_not_worded_in_their_place(house: House) -> None:
    house.authority()
    house.give(purpose="notice", classes=("own",))
    queued = Notice.queue(person=house.maya, recipient=house.clinic, words="Not on Monday", by=house.word())
    assert house.refused(lambda: house.world.save(queued, actor=house.kai)) == ("persons-own",)
    own = house.own(Notice.queue(person=house.maya, recipient=house.clinic, words="Not on Monday"))  # type: ignore[arg-type]
    stopped = house.world.get(own).stop(by=house.word("spoken"))
    assert house.world.save(stopped, actor=house.kai).state == "stopped"


WORDS = st.lists(
    st.tuples(st.sampled_from(["give", "refuse", "withdraw", "lift"]), st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=25, deadline=None)
@given(WORDS)
def test_in_whatever_order_nothing_goes_out_over_the_persons_own_no(words: list[tuple[str, bool]]) -> None:
    """What the person said last themselves, if it was a no, holds; told by a model that knows no more than
    that."""
    with peerkit.open("memory:", discover=False) as kit:
        from peerkit.rules.sharing import ruling

        with kit.session() as s:
            maya, dana = (s.save(Person.enrol(name=f"{name} (fictional)")) for name in ("Maya", "Dana"))
            clinic = s.save(Recipient.add(name="Clinic (fictional)"))
            day = kit.clock.now().date() + timedelta(days=90)
            s.save(
                Authority.record(
                    person=maya, human=dana, areas=("sharing",), basis="guardian", paper="x", look_on=day
                )
            )
        says_no, made = False, list[Consent]()
        for act, own in words:
            by = None if own else Decision.of(dana, how="paper", evidence="x", on_behalf_of=maya)
            state = {"withdraw": "given", "lift": "refused"}.get(act)
            held = [kit.codec.decode(row) for one in made if (row := kit.storage.get("consent", one.id))]
            found = [one for one in held if isinstance(one, Consent) and one.state == state]
            asked: dict[str, Any] = {"person": maya, "recipient": clinic, "classes": ("own",), "by": by}
            asked["purpose"] = "care"
            if act in {"give", "refuse"}:
                value = getattr(Consent, act)(**asked)
            elif found:
                value = getattr(found[-1], act)(by=by)
            else:
                continue
            try:
                with kit.session(actor=maya if own else None) as s:
                    made.append(s.save(value))
            except Refused:
                continue
            if own:
                says_no = act in {"refuse", "withdraw"}
        now = kit.clock.now()
        rows = [kit.storage.get("consent", one) for one in {one.id for one in made}]
        consents = [one for row in rows if row and isinstance(one := kit.codec.decode(row), Consent)]
        wanted = frozenset({"own"})
        _, opened = ruling(consents, recipient=clinic.id, purpose="care", classes=wanted, now=now)
        stands = [one for one in consents if one.forbids(now) and not one.in_place]
        own_yes = [one for one in consents if one.in_force(now) and not one.in_place]
        if says_no and not own_yes:
            assert not opened
        if stands and not own_yes:
            assert not opened


# -- afterwards ------------------------------------------------------------------------------------


def test_once_it_ends_somebody_looks_at_what_still_stands(house: House) -> None:
    authority = house.authority()
    house.world.save(house.authority(basis="other").end())
    assert not house.world.every(Task, what="look-at-consents")
    consent = house.give()
    house.world.save(house.world.get(authority).end(), actor=house.dana)
    [task] = house.world.every(Task, what="look-at-consents")
    assert (task.owner, task.about) == (house.kai.id, authority.id)
    assert house.world.get(consent).state == "given"
    assert {one.state for one in house.world.every(Task, what="look-at-authority")} == {"over"}
    house.own(house.world.get(consent).withdraw())
    assert not house.opens()


def test_the_two_are_two_humans(house: House) -> None:
    house.authority()
    with pytest.raises(Refused) as caught:
        house.world.kit.merge(house.maya, house.dana, reason="one name", actor=house.world.coordinator)
    assert "seen-together" in caught.value.codes


def test_it_follows_the_person_whose_records_are_joined(house: House) -> None:
    twin = house.world.save(Person.enrol(name="Maya E. (fictional)"))
    authority = house.authority(person=twin)
    assert house.refused(house.give) == ("no-authority",)
    house.world.kit.merge(house.maya, twin, reason="one bicycle", actor=house.world.coordinator)
    assert house.world.get(authority).person == house.maya.id
    house.give()


def test_erasing_the_person_takes_the_paper_along(house: House) -> None:
    authority = house.authority(person=house.world.theo)
    pat = house.world.office("pat", "privacy")
    house.world.kit.erase(house.world.theo, basis="wish", asked_by=house.world.theo, decided_by=pat)
    stored = house.world.kit.storage.get(Authority.kind, authority.id)
    assert stored is not None
    assert stored.body is None
