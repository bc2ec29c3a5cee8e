# SPDX-License-Identifier: Apache-2.0
"""What is said to, by or of a record that was joined with another is heard by the other, or refused aloud."""

from __future__ import annotations

from typing import Any

import pytest
from merging_house import clinic, join, out, part, say

from peerkit import Consent, Decision, GoalPlan, NotFound, Refused, Task

World = Any


def test_nobody_goes_on_acting_as_it_however_lately_they_acted(house: World) -> None:
    with house.kit.session(actor=house.zed) as s:  # nothing hangs on it from which a role derives
        assert not s.find(GoalPlan)
    joined = join(house, away=house.zed)
    with pytest.raises(NotFound, match="act as that one"):
        house.kit.session(actor=house.zed).__enter__()
    part(house, joined)
    with house.kit.session(actor=house.zed) as s:
        assert not s.find(GoalPlan)


def test_a_no_to_sharing_that_names_it_is_refused_aloud_and_never_lost(house: World) -> None:
    say(house, house.maya, "give")
    join(house)
    assert out(house) == 2
    no = Consent.refuse(person=house.again, by=Decision.of(house.again, how="spoken"))
    with pytest.raises(Refused, match="joined with another") as caught:
        house.save(no)
    assert caught.value.codes == ("merged-since",)
    house.save(Consent.refuse(person=house.maya, recipient=clinic(house)), actor=house.maya)
    assert out(house) == 0


@pytest.mark.parametrize("named", ["person", "owner"])
def test_nor_does_anything_else_begin_with_it(house: World, named: str) -> None:
    join(house)
    given = {"person": house.maya, "owner": house.coordinator} | {named: house.again}
    with pytest.raises(Refused) as caught:
        house.save(Task.give(what="call", **given))
    assert caught.value.codes == ("merged-since",)
