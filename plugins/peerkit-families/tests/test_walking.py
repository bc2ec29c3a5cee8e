# SPDX-License-Identifier: Apache-2.0
"""Who is proposed to a family member has the track; who walks already is not dropped when it lapses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from peerkit import Activity, Credential, Decision, PeerSupporter, Refused, Relationship, Task


def test_without_the_track_nobody_is_proposed_and_the_refusal_says_what_is_missing(house: Any) -> None:
    with pytest.raises(Refused) as refused:
        house.proposed(house.ana, house.lea)
    assert refused.value.codes == ("families-track",)
    told = str(refused.value)
    assert "lived experience as family" in told
    assert "`family-peer-support`" in told  # how to get it
    assert "leading groups" not in told
    with pytest.raises(Refused) as refused:
        house.proposed(house.ana, house.kai)
    assert "lived experience" not in str(refused.value)


def test_with_it_they_walk_together(house: Any) -> None:
    house.give()
    assert house.walking(house.ana, house.kai).state == "agreed"


def test_whoever_seeks_for_themselves_is_asked_nothing_of_this(house: Any) -> None:
    assert house.walking(house.ben, house.omar, "self").state == "agreed"
    assert house.walking(house.ana, house.lea, "self").state == "agreed"


def test_it_is_looked_at_again_with_the_last_yes(house: Any) -> None:
    held = house.give()
    walk = house.proposed(house.ana, house.kai)
    with house.kit.session(actor=house.ana) as s:
        s.save(s.get(Relationship, walk.id).agree())
    with house.coordinating() as s:
        s.save(s.get(Credential, held.id).suspend())
    with pytest.raises(Refused) as refused, house.kit.session(actor=house.kai) as s:
        s.save(s.get(Relationship, walk.id).take_on())
    assert refused.value.codes == ("families-track",)


def test_a_first_yes_is_nobodys_to_refuse(house: Any) -> None:
    held = house.give()
    walk = house.proposed(house.ana, house.kai)
    with house.coordinating() as s:
        s.save(s.get(Credential, held.id).suspend())
    with house.kit.session(actor=house.ana) as s:
        assert s.save(s.get(Relationship, walk.id).agree()).person_agreed


def test_who_takes_over_has_it_too(house: Any) -> None:
    house.give()
    walk = house.walking(house.ana, house.kai)

    def hand_over() -> Relationship:
        with house.coordinating() as s:
            return s.save(Relationship.hand_over(s.get(Relationship, walk.id), house.lea))

    with pytest.raises(Refused) as refused:
        hand_over()
    assert refused.value.codes == ("families-track",)
    house.give(to=house.lea)
    with house.coordinating() as s:
        role = next(iter(s.find(PeerSupporter, person=house.lea)))
        s.save(role.end())
        by = Decision.of(house.lea, how="spoken")
        s.save(PeerSupporter.welcome(house.lea, experience="both", by=by))
    assert hand_over().state == "proposed"


@pytest.mark.parametrize("what", ["clock", "suspend", "withdraw"])
def test_what_lapses_drops_nobody_and_is_two_humans_task_once(house: Any, what: str) -> None:
    held = house.give(until=date(2027, 3, 9) if what == "clock" else None)
    walk = house.walking(house.ana, house.kai)
    if what == "clock":
        house.time.forward(days=8)  # its last day
        house.kit.tick()
        assert house.tasks(house.kai) == []
        house.time.forward(days=1)
        house.kit.tick()
        house.kit.tick()
    else:
        with house.coordinating() as s:
            s.save(getattr(s.get(Credential, held.id), what)())
    assert house.tasks(house.kai) == ["families-track"]
    assert house.tasks(house.noor) == ["families-track-of-supporter"]
    with house.kit.session(actor=house.ana) as s:
        assert s.get(Relationship, walk.id).state == "agreed"
        s.save(s.get(Relationship, walk.id).pause())
        s.save(s.get(Relationship, walk.id).resume())  # and both go on as ever
    with house.kit.session(actor=house.noor) as s:
        [task] = s.find(Task, what="families-track-of-supporter")
        assert house.ana.id not in repr(task.subjects)
        assert task.about not in {walk.id, house.ana.id}


def test_it_is_done_once_the_track_is_there_again(house: Any) -> None:
    held = house.give()
    house.walking(house.ana, house.kai)
    with house.coordinating() as s:
        s.save(s.get(Credential, held.id).suspend())
    with house.coordinating() as s:
        s.save(s.get(Credential, held.id).reinstate())
    assert house.tasks(house.kai) == house.tasks(house.noor) == []


def test_another_credential_of_the_track_holds_on(house: Any) -> None:
    held = house.give()
    house.give("psc-family-peer-supporter")
    house.walking(house.ana, house.kai)
    with house.coordinating() as s:
        s.save(s.get(Credential, held.id).withdraw())
    assert house.tasks(house.kai) == []


def test_who_walks_beside_no_family_member_has_no_task(house: Any) -> None:
    held = house.give()
    house.walking(house.ben, house.kai, "self")
    with house.coordinating() as s:
        s.save(s.get(Credential, held.id).withdraw())
    assert house.tasks(house.kai) == house.tasks(house.noor) == []


def says(house: Any, human: Any, **more: Any) -> None:
    """A supporter describes their role anew."""
    with house.kit.session(actor=human) as s:
        [role] = s.find(PeerSupporter, person=human)
        s.save(role.update(**more))


def test_who_says_that_it_was_their_own_experience_alone_has_a_task(house: Any) -> None:
    house.give()
    house.walking(house.ana, house.kai)
    says(house, house.kai, languages=("fr",))
    assert house.tasks(house.kai) == []
    says(house, house.kai, experience="own")
    assert house.tasks(house.kai) == ["families-track"]
    assert house.tasks(house.noor) == ["families-track-of-supporter"]
    says(house, house.kai, experience="family")
    assert house.tasks(house.kai) == house.tasks(house.noor) == []


def test_a_task_that_a_human_dropped_comes_back_for_no_other_word_about_the_role(house: Any) -> None:
    house.give()
    house.walking(house.ana, house.kai)
    says(house, house.kai, experience="own")
    with house.coordinating() as s:
        for task in s.find(Task, state="open"):
            if task.what.startswith("families-track"):
                s.save(task.drop())
    says(house, house.kai, languages=("fr",))
    assert house.tasks(house.kai) == house.tasks(house.noor) == []


def test_whoever_they_come_to_answer_to_takes_the_task_over_and_it_is_done_there(house: Any) -> None:
    house.give()
    house.walking(house.ana, house.kai)
    says(house, house.kai, experience="own")
    with house.coordinating() as s:
        [role] = s.find(PeerSupporter, person=house.kai)
        s.save(role.answer_to(house.omar))
    assert house.tasks(house.noor) == []
    assert house.tasks(house.omar) == ["families-track-of-supporter"]
    with house.coordinating() as s:
        [role] = s.find(PeerSupporter, person=house.kai)
        s.save(role.answer_to(None))
    says(house, house.kai, experience="family")
    assert house.tasks(house.kai) == house.tasks(house.omar) == []


# -- groups --------------------------------------------------------------------------------------------


def group(house: Any, *facilitators: Any, format: str = "family_group", act: str = "plan") -> Activity:
    with house.coordinating() as s:
        made = getattr(Activity, act)(
            title="Thursday evening",
            format=format,
            facilitators=facilitators,
            local=datetime(2027, 2, 25, 18),  # noqa: DTZ001  # on the wall, with its zone beside it
            timezone="America/Toronto",
        )
        return s.save(made)


def test_who_leads_a_group_has_the_track_and_facilitation(house: Any) -> None:
    house.give()
    with pytest.raises(Refused) as refused:
        group(house, house.kai)
    assert refused.value.codes == ("families-track",)
    assert "`group-facilitation`" in str(refused.value)
    group(house, house.lea, format="group")  # other groups are none of the module's
    house.give("group-facilitation")
    group(house, house.kai)
    with pytest.raises(Refused):
        group(house, house.kai, house.lea)


def test_a_group_that_is_planned_may_be_changed_after_a_lapse_but_takes_in_nobody_without(house: Any) -> None:
    held = house.give()
    house.give("group-facilitation")
    planned = group(house, house.kai)
    with house.coordinating() as s:
        s.save(s.get(Credential, held.id).suspend())
    with house.coordinating() as s:
        s.save(s.get(Activity, planned.id).change(place="the blue room"))
    with pytest.raises(Refused), house.coordinating() as s:
        s.save(s.get(Activity, planned.id).change(facilitators=(house.kai, house.lea)))


def test_a_group_that_was_led_without_is_written_down_and_is_a_task(house: Any) -> None:
    group(house, house.kai, act="enter")
    assert house.tasks(house.kai) == ["families-track"]
    group(house, house.kai, act="enter")
    assert house.tasks(house.kai) == ["families-track"]
    assert house.tasks(house.noor) == ["families-track-of-supporter"]


def test_the_task_of_a_group_stays_until_facilitation_is_there_too(house: Any) -> None:
    group(house, house.kai, act="enter")
    house.give()
    assert house.tasks(house.kai) == ["families-track"]
    assert house.tasks(house.noor) == ["families-track-of-supporter"]
    house.give("group-facilitation")
    assert house.tasks(house.kai) == house.tasks(house.noor) == []


def test_the_task_of_a_group_is_done_when_the_experience_is_said_that_it_asks_for(house: Any) -> None:
    house.give(to=house.lea)
    house.give("group-facilitation", to=house.lea)
    group(house, house.lea, act="enter")
    assert house.tasks(house.lea) == ["families-track"]
    assert house.tasks(house.noor) == ["families-track-of-supporter"]
    says(house, house.lea, experience="both")
    assert house.tasks(house.lea) == house.tasks(house.noor) == []
