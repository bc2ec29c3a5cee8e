# SPDX-License-Identifier: Apache-2.0
"""What a program needs of supporters, and that a lapse acts at once, is told in time and drops nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import peerkit
from peerkit import (
    Credential,
    Decision,
    Malformed,
    PeerSupporter,
    Program,
    Refused,
    Relationship,
    Route,
    Task,
)
from peerkit.model.credential import standing, trained
from peerkit.testing import make

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)  # where the tests' clock stands, in Ontario
CHECK = "vulnerable-sector-check"


def need(world: Any, *needs: str, **settings: Any) -> None:
    [program] = world.every(Program)
    world.save(program.update(settings={"needs": needs, **settings}))


def check(world: Any, who: Any, until: date | None) -> Any:
    on = TODAY - 30 * DAY
    done = Credential.check_done(person=who, what=CHECK, done_by="Example police", on=on, until=until)
    return world.save(done)


def route(world: Any, person: Any) -> Any:
    return next(r for r in world.every(Route) if r.person == person.id)


def holder(world: Any, person: Any) -> str:
    return str(route(world, person).holder_at(world.watch.at))


def tasks(world: Any, what: str, state: str = "open") -> list[Any]:
    return [one for one in world.every(Task, state=state) if one.what == what]


def codes(world: Any, record: Any, **details: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        world.save(record, **details)
    return caught.value.codes


@pytest.fixture
def sol(world: Any) -> Any:
    return world.sol


@pytest.fixture
def kai(world: Any, sol: Any) -> Any:
    return world.supporter("kai", supervisor=sol)


@pytest.fixture
def walking(world: Any, kai: Any) -> Any:
    """Maya and Kai walk together; the program needs a check that Kai has had done, until the 31st."""
    need(world, CHECK)
    done = check(world, kai, TODAY + 40 * DAY)
    relation = world.match(world.maya, kai)
    return relation, done


def at_midnight_after(day: date) -> datetime:
    """Ontario is four hours behind in April."""
    return datetime.combine(day + DAY, datetime.min.time(), UTC) + timedelta(hours=4)


# -- who is proposed -----------------------------------------------------------------------------------


def enquiry(world: Any, person: Any) -> Any:
    asked = Relationship.enquire(person=person, by=Decision.of(person, how="spoken"))
    return world.save(asked)


def test_a_program_that_needs_nothing_asks_for_nothing(world: Any, kai: Any) -> None:
    world.match(world.maya, kai)
    assert holder(world, world.maya) == kai.id
    assert route(world, world.maya).until is None


def test_without_what_is_needed_nobody_is_proposed(world: Any, kai: Any) -> None:
    need(world, CHECK, "recognized-course")
    asked = enquiry(world, world.maya)
    with pytest.raises(Refused) as caught:
        world.save(asked.propose(kai))
    assert caught.value.codes == ("needs-credential",)
    assert CHECK in str(caught.value)
    assert "recognized-course" in str(caught.value)
    assert "Credential.check_done" in str(caught.value)
    with world.kit.session(actor=world.coordinator) as s:
        assert [one.what for one in s.suggest("match", about=asked)] == []
    check(world, kai, None)
    assert codes(world, asked.propose(kai)) == ("needs-credential",)
    world.save(Credential.issue(person=kai, what="core-essentials", issued_by="Example body", since=TODAY))
    with world.kit.session(actor=world.coordinator) as s:
        assert [one.what for one in s.suggest("match", about=asked)] == [kai.id]
    world.save(asked.propose(kai))


@pytest.mark.parametrize("off", ["suspend", "withdraw"])
def test_nor_with_what_holds_no_more(world: Any, kai: Any, off: str) -> None:
    need(world, CHECK)
    done = check(world, kai, None)
    world.save(getattr(done, off)())
    assert codes(world, enquiry(world, world.maya).propose(kai)) == ("needs-credential",)


def test_its_last_day_is_a_whole_day_in_the_programs_zone(world: Any, kai: Any) -> None:
    need(world, CHECK)
    check(world, kai, TODAY)
    asked = enquiry(world, world.maya)
    world.watch.at = datetime(2026, 3, 3, 4, 59, tzinfo=UTC)  # a minute to midnight
    world.save(asked.propose(kai))
    world.watch.at = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    assert codes(world, enquiry(world, world.theo).propose(kai)) == ("needs-credential",)


def test_handing_over_is_to_somebody_who_has_it(world: Any, walking: Any) -> None:
    noor = world.supporter("noor")
    relation = world.get(walking[0])
    assert codes(world, Relationship.hand_over(relation, noor)) == ("needs-credential",)
    check(world, noor, None)
    world.save(Relationship.hand_over(relation, noor))


# -- a lapse -------------------------------------------------------------------------------------------


def test_a_lapse_takes_effect_at_the_instant_by_reading(world: Any, walking: Any, kai: Any, sol: Any) -> None:
    lapse = at_midnight_after(TODAY + 40 * DAY)
    assert route(world, world.maya).until == lapse
    world.watch.at = lapse - timedelta(seconds=1)
    assert holder(world, world.maya) == kai.id
    world.watch.at = lapse
    assert holder(world, world.maya) == sol.id  # nobody has ticked


def test_it_is_told_thirty_days_before_and_on_the_day(world: Any, walking: Any, kai: Any, sol: Any) -> None:
    done = walking[1]
    world.watch.forward(days=9)
    world.kit.tick()
    assert tasks(world, "credential-soon") == []
    world.watch.forward(days=1)
    for _ in range(3):
        world.kit.tick()
    soon = tasks(world, "credential-soon")
    assert {one.owner for one in soon} == {kai.id, sol.id}
    assert {(one.about, one.person) for one in soon} == {(done.id, kai.id)}
    assert all(one.due == world.watch.at + 31 * DAY for one in soon)
    assert len(soon) == 2
    assert tasks(world, "credential-lapsed") == []
    world.watch.at = at_midnight_after(TODAY + 40 * DAY)
    for _ in range(3):
        world.kit.tick()
    assert sorted(one.owner for one in tasks(world, "credential-lapsed")) == sorted([kai.id, sol.id])
    assert tasks(world, "credential-soon") == []  # the one stands in the other's place


def test_meanwhile_the_person_is_the_supervisors_and_nothing_ends(
    world: Any, walking: Any, kai: Any, sol: Any
) -> None:
    relation, done = walking
    world.watch.at = at_midnight_after(TODAY + 40 * DAY)
    for _ in range(2):
        world.kit.tick()
    assert (holder(world, world.maya), route(world, world.maya).because) == (sol.id, "supervisor")
    [meanwhile] = tasks(world, "yours-meanwhile")
    assert (meanwhile.owner, meanwhile.about, meanwhile.person) == (sol.id, relation.id, world.maya.id)
    assert tasks(world, "reassign") == []
    assert world.get(relation).state == "agreed"
    world.save(world.get(relation).pause(), actor=kai)  # facts are never refused
    world.save(world.get(relation).resume(), actor=kai)
    assert holder(world, world.maya) == sol.id
    world.save(world.get(done).renew(TODAY + 400 * DAY))
    assert holder(world, world.maya) == kai.id
    for what in ("yours-meanwhile", "credential-soon", "credential-lapsed"):
        assert tasks(world, what) == []
    assert world.get(done).told == ""


def test_renewed_in_time_nothing_moves(world: Any, walking: Any, kai: Any) -> None:
    world.watch.forward(days=20)
    world.kit.tick()
    world.save(world.get(walking[1]).renew(TODAY + 400 * DAY))
    assert len(tasks(world, "credential-soon", "done")) == 2
    world.watch.at = at_midnight_after(TODAY + 40 * DAY)
    world.kit.tick()
    assert holder(world, world.maya) == kai.id
    assert tasks(world, "yours-meanwhile") + tasks(world, "yours-now") == []


def test_without_a_supervisor_it_is_a_coordinators(world: Any) -> None:
    kai = world.supporter("kai")
    need(world, CHECK)
    check(world, kai, TODAY + DAY)
    world.match(world.maya, kai)
    world.watch.forward(days=3)
    assert holder(world, world.maya) == world.coordinator.id
    world.kit.tick()
    assert tasks(world, "yours-meanwhile")[0].owner == world.coordinator.id


@pytest.mark.parametrize("off", ["suspend", "withdraw"])
def test_suspended_or_withdrawn_acts_with_the_commit(
    world: Any, walking: Any, kai: Any, sol: Any, off: str
) -> None:
    relation, done = walking
    world.save(getattr(world.get(done), off)())
    assert holder(world, world.maya) == sol.id
    assert {one.owner for one in tasks(world, "credential-lapsed")} == {kai.id, sol.id}
    assert world.get(relation).state == "agreed"
    if off == "suspend":
        world.save(world.get(done).reinstate())
        assert tasks(world, "credential-lapsed") == []
    else:
        check(world, kai, None)
    assert holder(world, world.maya) == kai.id


def test_another_one_that_holds_on_moves_and_tells_nothing(world: Any, walking: Any, kai: Any) -> None:
    later = Credential.check_done(
        person=kai, what=CHECK, done_by="Example police", on=TODAY, until=TODAY + 300 * DAY
    )
    world.save(later)
    world.watch.forward(days=60)
    world.kit.tick()
    assert holder(world, world.maya) == kai.id
    assert tasks(world, "credential-soon") + tasks(world, "credential-lapsed") == []


def test_an_ending_meanwhile_is_somebodys_to_follow_up(world: Any, walking: Any, kai: Any, sol: Any) -> None:
    """Also where whoever has the person has ticked off that they have them."""
    relation = walking[0]
    world.watch.at = at_midnight_after(TODAY + 40 * DAY)
    world.kit.tick()
    world.save(tasks(world, "yours-meanwhile")[0].done(), actor=sol)
    world.save(world.get(relation).end(), actor=world.maya)
    [task] = tasks(world, "reassign")
    assert (task.owner, task.person) == (sol.id, world.maya.id)
    assert tasks(world, "yours-meanwhile") == []


def test_a_new_need_takes_nobody_from_anybody(world: Any, kai: Any) -> None:
    """Who never had it is not proposed to more people; those whom they walk beside stay theirs."""
    world.match(world.maya, kai)
    need(world, CHECK)
    assert holder(world, world.maya) == kai.id
    assert codes(world, enquiry(world, world.theo).propose(kai)) == ("needs-credential",)


def test_a_need_that_goes_gives_back_too(world: Any, walking: Any, kai: Any, sol: Any) -> None:
    world.watch.at = at_midnight_after(TODAY + 40 * DAY)
    world.kit.tick()
    assert holder(world, world.maya) == sol.id
    need(world)
    assert holder(world, world.maya) == kai.id
    assert tasks(world, "yours-meanwhile") == []


def test_two_supporters_of_whom_one_lapses(world: Any, walking: Any, kai: Any) -> None:
    noor = world.supporter("noor")
    check(world, noor, None)
    world.match(world.maya, noor)
    assert holder(world, world.maya) == kai.id
    world.watch.at = at_midnight_after(TODAY + 40 * DAY)
    world.kit.tick()
    assert holder(world, world.maya) == noor.id


def test_who_left_hears_of_nothing(world: Any, kai: Any) -> None:
    check(world, kai, TODAY + 10 * DAY)
    world.save(world.get(kai).leave(), actor=kai)
    world.watch.forward(days=40)
    world.kit.tick()
    assert tasks(world, "credential-soon") + tasks(world, "credential-lapsed") == []


def test_who_supports_nobody_hears_alone(world: Any) -> None:
    check(world, world.theo, TODAY)
    world.watch.forward(days=2)
    world.kit.tick()
    assert [one.owner for one in tasks(world, "credential-lapsed")] == [world.theo.id]


# -- pure ----------------------------------------------------------------------------------------------


def held(what: str, since: int, until: int | None, **fields: Any) -> Credential:
    last = None if until is None else TODAY + until * DAY
    return make(Credential, what=what, since=TODAY + since * DAY, until=last, **fields)


def test_needs_are_met_by_any_of_their_alternatives() -> None:
    program = make(
        Program, needs=("a:high|b", "recognized-course"), recognizes=("core-essentials:level-1r", "c")
    )
    assert standing(program, [], TODAY).missing == program.needs
    assert standing(program, [], TODAY).lapsed == ()
    low = held("a", -9, None, level="low")
    assert standing(program, [low, held("c", -9, None)], TODAY).missing == ("a:high|b",)
    assert standing(program, [held("b", -9, 3), held("c", -9, 5)], TODAY).until == TODAY + 3 * DAY
    old = standing(program, [held("a", -9, -1, level="high"), held("c", 1, None)], TODAY)
    assert old.missing == program.needs
    assert old.lapsed == ("a:high|b",)  # the other one has not begun


def test_one_that_follows_without_a_gap_goes_on() -> None:
    program = make(Program, needs=("a",))
    assert standing(program, [held("a", -9, 3), held("a", 4, 8)], TODAY).until == TODAY + 8 * DAY
    assert standing(program, [held("a", -9, 3), held("a", 5, 8)], TODAY).until == TODAY + 3 * DAY
    assert standing(program, [held("a", -9, 3), held("a", 2, None)], TODAY).until is None
    suspended = held("a", 2, 8, state="suspended")
    assert standing(program, [held("a", -9, 3), suspended], TODAY).until == TODAY + 3 * DAY


def test_trained_says_so_to_formality() -> None:
    program = make(Program)
    assert program.recognizes == ("core-essentials",)
    course = held("core-essentials", -9, None, level="level-1")
    assert trained(program, [course], TODAY)
    assert not trained(program, [held("first-aid", -9, None)], TODAY)
    assert not trained(make(Program, recognizes=("core-essentials:certified",)), [course], TODAY)
    relation = make(Relationship, supporter="kai", person_agreed=True, hopes="h")
    role = make(PeerSupporter, person="kai", state="active")
    found = peerkit.formality(relation, role, trained=trained(program, [course], TODAY))
    assert found.level == "formal"


def test_a_check_has_no_field_for_its_result() -> None:
    done = Credential.check_done(person="kai", what=CHECK, done_by="Example police", on=TODAY)
    assert done.sort == "check"
    assert not {name for name in Credential.field_classes if "result" in name or "outcome" in name}
    with pytest.raises(Malformed):
        Credential.check_done(person="kai", what=CHECK, done_by="x", on=TODAY, until=TODAY - DAY)
    with pytest.raises(Malformed):
        done.renew(TODAY - DAY)
    with pytest.raises(Malformed, match=r"credential\.what"):
        Credential.issue(person="kai", what="A secret, 1999", issued_by="x", since=TODAY)


@pytest.mark.parametrize(
    "settings",
    [
        {"needs": ("",)},
        {"needs": ("a:b:c",)},
        {"needs": ("A",)},
        {"recognizes": ("a|b",)},
        {"recognizes": ("recognized-course",)},
        {"needs": (7,)},
    ],
)
def test_settings_that_do_not_fit_are_refused(world: Any, settings: Any) -> None:
    [program] = world.every(Program)
    with pytest.raises((Refused, Malformed)):
        world.save(program.update(settings=settings))
