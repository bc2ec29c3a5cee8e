# SPDX-License-Identifier: Apache-2.0
"""What a family member says opens nobody else's record: by no way there is, asked through the public API.

Ana comes as family, Kai walks beside her. Ben, whom she loves, is in the program too, Omar walks beside him.
Whatever is tried, Ben's plan and its words stay his.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import attrs
import pytest

from peerkit import (
    Authority,
    Consent,
    Decision,
    GoalPlan,
    Meeting,
    NotFound,
    PeerkitError,
    Person,
    Recipient,
    Refused,
    Relationship,
    SafetyPlan,
)

CANARY = "canary-of-ben"
CLASSES = ("own", "contact", "identity")


@attrs.frozen
class Both:
    """The two, each with a plan, and a clinic outside."""

    house: Any
    hers: GoalPlan
    his: GoalPlan
    walk: Relationship
    his_walk: Relationship
    clinic: Recipient

    def gives(self, person: Person, **more: Any) -> Consent:
        """Somebody lets the clinic have everything of theirs."""
        with self.house.kit.session(actor=person) as s:
            given = {"recipient": self.clinic, "classes": CLASSES, "purpose": "care", **more}
            return s.save(Consent.give(person=person, **given))

    def sends(self, plan: GoalPlan, actor: Any) -> list[Any]:
        """The plan goes to the clinic."""
        pages = self.house.kit.disclose(plan, to=self.clinic, purpose="care", actor=actor)
        return [one for page in pages for one in page]

    def let_out(self, actor: Any) -> bool:
        """Whether anything that Ben wrote goes to the clinic, if this human sends it."""
        try:
            return CANARY in repr(self.sends(self.his, actor))
        except PeerkitError:
            return False

    def closed(self, *actors: Any) -> None:
        """None of these reads anything of Ben's, nor lets it out."""
        for actor in actors:
            with self.house.kit.session(actor=actor) as s:
                for one in (self.his, self.his_walk):
                    with pytest.raises(NotFound):
                        s.get(type(one), one.id)
                    with pytest.raises(NotFound):
                        s.history(type(one), one.id)
                    assert one.id not in {found.id for found in s.find(type(one))}
                assert not s.find(GoalPlan, person=self.house.ben)
            assert not self.let_out(actor)


@pytest.fixture
def both(house: Any) -> Both:
    house.give()
    walk = house.walking(house.ana, house.kai)
    his_walk = house.walking(house.ben, house.omar, "self")
    plans = []
    for person, hopes in ((house.ana, "to sleep"), (house.ben, CANARY)):
        with house.kit.session(actor=person) as s:
            plans.append(s.save(GoalPlan.begin(person=person, hopes=hopes)))
    with house.coordinating() as s:
        clinic = s.save(Recipient.add(name="Clinic (fictional)"))
    return Both(house, *plans, walk, his_walk, clinic)


def refused(what: Callable[[], Any]) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        what()
    return caught.value.codes


def test_by_being_there(both: Both) -> None:
    both.closed(both.house.ana, both.house.kai)


def test_by_her_own_consent(both: Both) -> None:
    both.gives(both.house.ana)
    [sent] = both.sends(both.hers, both.house.kai)
    assert sent["hopes"] == "to sleep"  # hers goes
    both.closed(both.house.ana, both.house.kai)
    assert not both.let_out(both.house.omar)  # nor does whoever may read it let it out on her word
    both.gives(both.house.ben)
    assert both.let_out(both.house.omar)  # on his it goes


def test_by_a_consent_in_his_name(both: Both) -> None:
    house = both.house
    given = {"person": house.ben, "recipient": both.clinic, "classes": CLASSES, "purpose": "care"}

    def says(actor: Any, by: Decision | None) -> None:
        with house.kit.session(actor=actor) as s:
            s.save(Consent.give(by=by, **given))

    assert refused(lambda: says(house.ana, None))
    her = Decision.of(house.ana, how="paper", evidence="folder 3")
    assert refused(lambda: says(house.kai, her))
    assert refused(lambda: says(house.omar, her))
    place = Decision.of(house.ana, how="paper", evidence="folder 3", on_behalf_of=house.ben)
    assert refused(lambda: says(house.omar, place)) == ("no-authority",)
    assert not both.let_out(house.omar)


def test_by_an_authority_beyond_what_it_says(both: Both) -> None:
    """With the paper she may say what the paper gives her, in his place; it lets her read nothing, her own
    yes stays about herself, and his no stands against hers."""
    house = both.house
    with house.coordinating() as s:
        authority = Authority.record(
            person=house.ben,
            human=house.ana,
            areas=("referral",),
            basis="family",
            paper="folder 3",
            look_on=date(2027, 9, 1),
        )
        s.save(authority)
    both.gives(house.ana)
    both.closed(house.ana, house.kai)
    place = Decision.of(house.ana, how="paper", evidence="folder 3", on_behalf_of=house.ben)

    def shares() -> None:
        with house.kit.session(actor=house.omar) as s:
            given = {"recipient": both.clinic, "classes": CLASSES, "purpose": "care"}
            s.save(Consent.give(person=house.ben, by=place, **given))

    assert refused(shares) == ("no-authority",)  # sharing is no referral
    with pytest.raises(Refused), house.kit.session(actor=house.omar) as s:
        s.save(s.get(GoalPlan, both.his.id).add_goal("what she wants", by=place))


def test_by_what_she_shares_with_whoever_walks_beside_her(both: Both) -> None:
    house = both.house
    with house.kit.session(actor=house.ana) as s:
        plan = s.save(SafetyPlan.begin(person=house.ana))
        s.save(plan.share(house.kai))
    both.closed(house.ana, house.kai)


def test_by_having_been_there(both: Both) -> None:
    """That family was there is noted of a meeting as a part, not as somebody: it opens nothing to her."""
    house = both.house
    with house.kit.session(actor=house.omar) as s:
        meeting = Meeting.enter(
            person=house.ben,
            supporter=house.omar,
            local=datetime(2027, 2, 25, 18),  # noqa: DTZ001  # on the wall, with its zone beside it
            timezone="America/Toronto",
            present=("family",),
        )
        held = s.save(meeting)
    for actor in (house.ana, house.kai):
        with house.kit.session(actor=actor) as s, pytest.raises(NotFound):
            s.get(Meeting, held.id)


def test_by_breaking_the_glass(both: Both) -> None:
    """A glass that is broken for her opens hers; she herself breaks none."""
    house = both.house
    house.kit.break_glass(house.ana, reason="she cannot be reached", actor=house.lea)
    with house.kit.session(actor=house.lea) as s:
        assert s.get(GoalPlan, both.hers.id).hopes == "to sleep"
    both.closed(house.lea)
    assert refused(lambda: house.kit.break_glass(house.ben, reason="I must know", actor=house.ana))
    both.closed(house.ana)


def test_by_a_merge_of_the_two(both: Both) -> None:
    """What shows them as two stands against it: a worry of hers about him, a wall, a paper."""
    house = both.house
    house.kit.concern("he has not come home", about=house.ben, by=house.ana)
    for kept, away in ((house.ana, house.ben), (house.ben, house.ana)):
        with pytest.raises(Refused) as caught:
            house.kit.merge(kept, away, reason="one surname", actor=house.coordinator)
        assert "seen-together" in caught.value.codes


@pytest.mark.parametrize("order", ["into-hers", "into-his"])
def test_by_a_merge_of_two_of_one_surname(both: Both, order: str) -> None:
    """Nothing shows them as two but their names. Joined, her yes would be his: so somebody who comes as
    family is joined with a record that bears the same name, or with none."""
    house = both.house
    both.gives(house.ana)
    pair = (house.ana, house.ben) if order == "into-hers" else (house.ben, house.ana)

    def merge() -> Any:
        return house.kit.merge(*pair, reason="one surname, one telephone", actor=house.coordinator)

    assert refused(merge) == ("families-other-name",)
    assert not both.let_out(house.omar)
    both.closed(house.ana, house.kai)


def test_two_records_of_a_family_member_become_one(both: Both) -> None:
    house = both.house
    with house.coordinating() as s:
        again = s.save(Person.enrol(name="ana  (FICTIONAL)"))
    assert house.kit.merge(house.ana, again, reason="she said so", actor=house.coordinator)
    with house.coordinating() as s:  # where she was written down otherwise, that is mended first
        other = s.save(Person.enrol(name="Anna (fictional)"))

    def merge() -> Any:
        return house.kit.merge(house.ana, other, reason="she said so", actor=house.coordinator)

    assert refused(merge) == ("families-other-name",)
    with house.coordinating() as s:
        by = Decision.of(other, how="spoken")
        s.save(s.get(Person, other.id).update(name="Ana (fictional)", by=by))
    assert merge()


def test_who_comes_for_themselves_is_merged_as_ever(both: Both) -> None:
    house = both.house
    with house.coordinating() as s:
        again = s.save(Person.enrol(name="Benjamin (fictional)"))
    assert house.kit.merge(house.ben, again, reason="he said so", actor=house.coordinator)


def test_by_a_worry(both: Both) -> None:
    """She learns nothing of him by it: not from what comes back, nor from what she may read afterwards."""
    house = both.house
    known = house.kit.concern("worried", about=house.ben, by=house.ana, actor=house.ana)
    nobody = house.kit.concern("worried", by=house.ana, actor=house.ana)
    assert known.sentences == nobody.sentences
    both.closed(house.ana, house.kai)
    assert house.kit.alerts(actor=house.ana) == house.kit.alerts(actor=house.kai) == ()
