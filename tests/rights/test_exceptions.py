# SPDX-License-Identifier: Apache-2.0
"""What is kept from people about whom it is: rows with a reason, each of which does what it says, no more."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Actor, Concern, DutyReport, Feedback, NotFound, Reflection
from peerkit.kinds import OWN_ONLY, core_kind
from peerkit.rights import BECAUSE, EXCEPTIONS

World = Any

# Written by hand: who stands where in the records that `kept` makes, and what each may read of them.
READS = {
    "concern": {"maya": False, "kai": False, "noor": True, "coordinator": True},
    "duty_report": {"maya": False, "kai": True, "noor": False, "coordinator": False},
    "feedback": {"maya": True, "kai": False, "noor": False, "coordinator": True},
    "reflection": {"maya": False, "kai": True, "noor": False, "coordinator": False},
}


@pytest.fixture
def kept(world: World) -> dict[str, Any]:
    """Noor raised a concern about Maya that names Kai; Maya spoke of Kai; Kai wrote down how he
    is, and that he reported what the law may ask of him, of which Maya is told later."""
    world.match(world.maya, world.supporter("kai"))
    world.match(world.theo, world.supporter("noor"))
    feedback = world.save(Feedback.give(person=world.maya, words="Well", about=world.kai), actor=world.maya)
    reflection = world.save(Reflection.write(author=world.kai, words="Tired"), actor=world.kai)
    world.kit.concern("He shouts", about=world.maya, by=world.noor, names=(world.kai,))
    [concern] = world.every(Concern)
    duty = DutyReport.consider("child-protection", author=world.kai, about=world.maya)
    later = {"told": "later", "put_off": "endangers_other", "look_on": world.watch.at.date()}
    report = world.save(duty.reported(body="Society (fictional)", how="phone", **later), actor=world.kai)
    return {"concern": concern, "duty_report": report, "feedback": feedback, "reflection": reflection}


@pytest.mark.parametrize("kind", READS)
@pytest.mark.parametrize("who", ["maya", "kai", "noor", "coordinator"])
def test_each_row_keeps_what_it_says_from_whom_it_says_and_from_nobody_else(
    world: World, kept: dict[str, Any], kind: str, who: str
) -> None:
    with world.kit.session(actor=Actor(getattr(world, who).id)) as s:
        if READS[kind][who]:
            assert s.get(core_kind(kind), kept[kind].id).id == kept[kind].id
        else:
            with pytest.raises(NotFound):
                s.get(core_kind(kind), kept[kind].id)


def test_every_row_names_fields_a_reason_and_a_day_and_every_kind_of_ones_own_has_one() -> None:
    assert {one.kind for one in EXCEPTIONS} >= OWN_ONLY
    assert {one.because for one in EXCEPTIONS} == set(BECAUSE)
    for one in EXCEPTIONS:
        fields = {*core_kind(one.kind).subject_fields}
        assert one.kept_from - {"*"} <= fields
        assert one.unless | one.shown <= fields
        assert one.review.year >= 2027


def test_a_log_shows_that_there_is_something_and_no_more(world: World, kept: dict[str, Any]) -> None:
    entries = [one for one in world.kit.log(actor=world.maya) if one.what == "hidden"]
    assert [one.text for one in entries] == ["Something is not shown here, since it protects somebody else."]
    his = [one.text for one in world.kit.log(actor=world.kai) if one.what == "hidden"]
    assert his == ["Something is not shown on this page. Ask for everything to see it."]  # his own report
