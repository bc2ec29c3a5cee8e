# SPDX-License-Identifier: Apache-2.0
"""Meetings, groups, calls and reflections, from planning to what nobody else reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import (
    Activity,
    Actor,
    Consent,
    Decision,
    Interaction,
    Malformed,
    Meeting,
    NotFound,
    Recipient,
    Reflection,
    Refused,
    SignUp,
    Task,
)
from peerkit.gate import Wanted
from peerkit.hooks import Access
from peerkit.model.ids import new_id

MONDAY = datetime.fromisoformat("2026-03-02T15:00")
ZONE = "America/Toronto"
BOT = Actor.system("test")


def walk(world: Any) -> tuple[Any, Any]:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    return world.maya, kai


def met(world: Any, **details: Any) -> Any:
    return Meeting.enter(person=world.maya, supporter=world.kai, local=MONDAY, timezone=ZONE, **details)


def group(world: Any, **details: Any) -> Activity:
    known = {"title": "Tea", "format": "drop_in", "facilitators": (world.kai,)}
    return Activity.plan(**{**known, "local": MONDAY, "timezone": ZONE, **details})


# -- meetings of two -------------------------------------------------------------------------------


def test_what_took_place_is_written_down_on_another_day(world: Any) -> None:
    _, kai = walk(world)
    late = world.save(met(world, minutes=40, support=("social",)), actor=kai)
    assert (late.state, late.local, late.minutes) == ("held", "2026-03-02T15:00:00", 40)
    planned = world.save(
        Meeting.plan(person=world.maya, supporter=kai, local=MONDAY, timezone=ZONE), actor=kai
    )
    world.watch.at += timedelta(days=1)
    held = world.save(planned.hold(local=MONDAY + timedelta(hours=19)), actor=kai)
    assert held.starts.isoformat() == "2026-03-03T10:00:00-05:00"


def test_it_is_written_down_also_once_the_person_has_died(world: Any) -> None:
    walk(world)
    world.save(world.get(world.maya).mark_died())
    with world.kit.session(actor=BOT) as s:  # the right to it ends with the relationship; the fact does not
        assert s.save(met(world)).state == "held"
    with pytest.raises(Refused, match="left or died"), world.kit.session(actor=BOT) as s:
        s.save(Meeting.plan(person=world.maya, supporter=world.kai, local=MONDAY, timezone=ZONE))


def test_what_fell_through_is_asked_no_reason_and_a_wrong_entry_is_put_right(world: Any) -> None:
    maya, kai = walk(world)
    held = world.save(met(world), actor=kai)
    gone = world.save(held.fall_through(), actor=maya)
    assert gone.state == "fell_through"
    with pytest.raises(Refused, match="this is fell_through"):
        gone.hold()


def test_the_two_want_no_note_and_may_change_their_minds(world: Any) -> None:
    maya, kai = walk(world)
    one = world.save(met(world).write_note("We talked", together="yes"), actor=kai)
    none = world.save(one.no_note(), actor=maya)
    assert (none.note, none.together) == ("", "none")
    with world.kit.session(actor=maya) as s:
        assert [v.note for v in s.history(Meeting, none)] == ["We talked", ""]
    assert none.write_note("All the same", together="offered_declined").together == "offered_declined"


def test_others_who_were_there_are_said_by_their_part_and_a_child_never_interprets(world: Any) -> None:
    walk(world)
    there = ("interpreter", "companion: my sister", "child")
    assert met(world, present=there).present == there
    for wrong in ("child interpreter", "Ana", ": words", "interpreting_child: my daughter"):
        with pytest.raises(Malformed, match="interprets for nobody") as caught:
            met(world, present=(wrong,))
        assert "Ana" not in str(caught.value)
        assert "daughter" not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"minutes": -1}, "meeting.minutes"),
        ({"minutes": 1441}, "meeting.minutes"),
        ({"minutes": 1.5}, "meeting.minutes"),
        ({"support": ("therapy",)}, "meeting.support"),
        ({"timezone": "Ontario"}, "meeting.timezone"),
        ({"local": MONDAY.replace(year=9999, month=12, day=28)}, "meeting.local"),
        ({"local": MONDAY.replace(year=1)}, "meeting.local"),
    ],
)
def test_a_meeting_that_does_not_fit_is_told_where(world: Any, wrong: dict[str, Any], where: str) -> None:
    given = {"person": world.maya, "supporter": world.theo, "local": MONDAY, "timezone": ZONE}
    with pytest.raises(Malformed) as caught:
        Meeting.enter(**{**given, **wrong})
    assert caught.value.where == where


# -- more than two ---------------------------------------------------------------------------------


def test_everybody_knows_of_a_group_and_who_came_is_a_number(world: Any) -> None:
    walk(world)
    one = world.save(group(world), actor=world.kai)
    with world.kit.session(actor=world.theo) as s:
        assert s.get(Activity, one).title == "Tea"
        s.find(Activity, format="drop_in")
        assert not s.find(SignUp)
    held = world.save(one.hold(headcount=7, topics=("sleep",)), actor=world.kai)
    assert (held.headcount, held.topics) == (7, ("sleep",))
    assert world.every(peerkit.Read) == []


def test_a_format_is_of_the_list_or_the_programs_own(world: Any) -> None:
    world.supporter("kai")
    assert group(world, format="garden_crew_2").format == "garden_crew_2"
    for wrong in ("Garden crew", "", "_x", "a__b", "é"):
        with pytest.raises(Malformed, match="patient_council"):
            group(world, format=wrong)
    for details in ({"title": " "}, {"facilitators": ()}):
        with pytest.raises(Malformed):
            group(world, **details)
    for count in (-1, 2.5, True, 100_001):
        with pytest.raises(Malformed, match="headcount"):
            group(world).hold(headcount=count)


def test_somebody_who_answers_for_it_leads_it(world: Any) -> None:
    world.supporter("kai")
    with pytest.raises(Refused) as caught:
        world.save(group(world, facilitators=(world.theo,)), actor=world.theo)
    assert caught.value.codes == ("no-supporter",)
    with pytest.raises(Refused) as caught:  # in another's name they would read who signs up
        world.save(group(world, facilitators=(world.theo, world.kai)), actor=world.theo)
    assert caught.value.codes == ("no-supporter",)
    both = world.save(group(world, facilitators=(world.theo, world.kai)), actor=world.kai)
    world.save(both.change(facilitators=(world.kai, world.theo)), actor=world.theo)  # named before
    with pytest.raises(Refused) as caught:
        world.save(group(world, facilitators=(new_id(), world.kai)), actor=world.kai)
    assert caught.value.codes == ("unknown-person",)


def test_people_sign_themselves_up_once_and_take_it_back(world: Any) -> None:
    walk(world)
    one = world.save(group(world, sign_up=True), actor=world.kai)
    coming = world.save(SignUp.sign_up(one, person=world.maya), actor=world.maya)
    with pytest.raises(Refused) as caught:
        world.save(SignUp.sign_up(one, person=world.maya), actor=world.maya)
    assert caught.value.codes == ("signed-up",)
    with world.kit.session(actor=world.kai) as s:
        assert [c.person for c in s.find(SignUp, activity=one.id)] == [world.maya.id]
    world.save(coming.withdraw(), actor=world.maya)
    world.save(SignUp.sign_up(one, person=world.maya), actor=world.maya)
    with pytest.raises(Refused, match="decided by the person"):
        world.save(SignUp.sign_up(one, person=world.theo), actor=world.kai)
    world.save(
        SignUp.sign_up(one, person=world.theo, by=Decision.of(world.theo, how="spoken")), actor=world.kai
    )


def test_whoever_leads_it_as_it_is_stored_reads_who_comes(world: Any) -> None:
    walk(world)
    one = world.save(group(world, sign_up=True), actor=world.kai)
    spoken = Decision.of(world.maya, how="spoken")
    made_up = SignUp.sign_up(attrs.evolve(one, facilitators=(world.theo.id,)), person=world.maya, by=spoken)
    with pytest.raises(Refused) as caught:
        world.save(made_up, actor=world.theo)
    assert caught.value.codes == ("activity-differs",)
    assert world.every(SignUp) == []


def test_nobody_signs_up_for_what_is_over_or_takes_no_names(world: Any) -> None:
    walk(world)
    open_, shut = (
        world.save(group(world, sign_up=True), actor=world.kai),
        world.save(group(world), actor=world.kai),
    )
    world.save(open_.cancel(), actor=world.kai)
    for one in (open_, shut):
        with pytest.raises(Refused) as caught:
            world.save(SignUp.sign_up(one, person=world.maya), actor=world.maya)
        assert caught.value.codes == ("no-sign-up",)


def test_whoever_signed_up_hears_that_it_is_off_or_at_another_time(world: Any) -> None:
    walk(world)
    simply, named = (world.save(group(world, sign_up=yes), actor=world.kai) for yes in (False, True))
    for one in (simply, named):
        world.save(one.move(MONDAY + timedelta(days=1)), actor=world.kai)
    assert world.every(Task, what="tell-signed-up") == []  # nobody has
    world.save(SignUp.sign_up(named, person=world.maya), actor=world.maya)
    for act in ("move", "cancel"):
        given = {"local": MONDAY + timedelta(days=2)} if act == "move" else {}
        world.save(getattr(world.get(named), act)(**given), actor=world.kai)
        [told] = world.every(Task, what="tell-signed-up")  # once, until somebody has told them
        assert (told.owner, told.about, told.person) == (world.kai.id, named.id, "")


# -- warm lines ------------------------------------------------------------------------------------


def call(world: Any, **details: Any) -> Interaction:
    known = {"supporter": world.kai, "channel": "call", "local": MONDAY, "timezone": ZONE}
    return Interaction.note(**{**known, **details})


def test_a_call_without_a_name_is_about_nobody(world: Any) -> None:
    walk(world)
    one = world.save(call(world, minutes=12, support=("emotional",)), actor=world.kai)
    assert one.subjects == (("supporter", world.kai.id),)
    named = world.save(call(world, person=world.maya), actor=world.kai)
    with world.kit.session(actor=world.maya) as s:
        assert [i.id for i in s.find(Interaction)] == [named.id]
    assert world.save(one.strike(), actor=world.kai).state == "struck"
    with pytest.raises(Refused) as caught:
        world.save(call(world, supporter=world.theo), actor=world.theo)
    assert caught.value.codes == ("no-supporter",)
    with pytest.raises(Malformed):
        call(world, channel="telepathy")


# -- reflections -----------------------------------------------------------------------------------


@pytest.fixture
def reflection(world: Any) -> Any:
    walk(world)
    return world.save(Reflection.write(author=world.kai, words="I listened more today"), actor=world.kai)


def test_a_reflection_is_read_by_its_author_alone(world: Any, reflection: Any) -> None:
    for office in ("coordinator", "privacy", "on-call"):
        world.office(office.replace("-", ""), office)
    others = [world.coordinator, world.coordinator.id, world.privacy, world.oncall, world.maya, BOT]
    for actor in others:
        with world.kit.session(actor=actor) as s:
            with pytest.raises(NotFound):
                s.get(Reflection, reflection)
            with pytest.raises(NotFound):
                s.history(Reflection, reflection)
            assert not s.find(Reflection)
    with world.kit.session(actor=world.kai) as s:
        assert s.get(Reflection, reflection).words == "I listened more today"
    assert all(one.of != "reflection" for one in world.every(peerkit.Read))
    with pytest.raises(Refused, match="decided by the author"):
        world.save(Reflection.write(author=world.kai, words="His"), actor=world.maya)


def test_it_leaves_with_its_authors_own_take_out_and_not_otherwise(world: Any, reflection: Any) -> None:
    kit, kai = world.kit, world.kai
    (page,) = kit.disclose(Reflection, to=kai, purpose="export", actor=kai)
    assert [one["words"] for one in page] == ["I listened more today"]
    clinic = world.save(Recipient.add(name="Example clinic (fictional)"))
    paper = Decision.of(kai, how="paper", evidence="blue folder")
    for purpose in ("export", "care"):
        world.save(
            Consent.give(person=kai, recipient=clinic, classes=("own",), purpose=purpose, by=paper), actor=kai
        )
        (page,) = kit.disclose(Wanted(Reflection), to=clinic, purpose=purpose, actor=kai)
        assert (page.documents, page.withheld) == ((), 1)
    assert not list(kit.disclose(Reflection, to=clinic, purpose="export", actor=BOT))


def test_its_author_erases_it_alone_and_nothing_else_with_it(world: Any, reflection: Any) -> None:
    kit, kai = world.kit, world.kai
    note = world.save(met(world), actor=kai)
    for asked, decided in ((world.maya, world.maya), (kai, world.maya), (world.maya, kai)):
        with pytest.raises(Refused):
            kit.erase(reflection, basis="wish", asked_by=asked, decided_by=decided)
    with pytest.raises(Refused) as caught:
        kit.erase(reflection, note, basis="wish", asked_by=kai, decided_by=kai)
    assert caught.value.codes == ("two-humans",)
    assert kit.erase(reflection, basis="wish", asked_by=kai, decided_by=kai).versions == 1
    with kit.session(actor=kai) as s, pytest.raises(NotFound):
        s.get(Reflection, reflection)
    assert kit.verify().intact


class Nosy:
    """A plugin that declared everything, and looks."""

    name = "nosy"

    def __init__(self) -> None:
        self.met: set[str] = set()
        self.asks = False

    @peerkit.hookimpl
    def peerkit_supply(self) -> Any:
        return [Access(reads={"*"}, writes={"*"})]

    @peerkit.hookimpl
    def peerkit_check(self, proposal: Any) -> Any:
        self.met |= {one.record.kind for one in (*proposal.new, *proposal.changes)}
        self.met |= {record.kind for record, _ in proposal.of(peerkit.Record)}
        if self.asks:
            proposal.view.find(Reflection)
        return []

    @peerkit.hookimpl
    def peerkit_observe(self, page: Any, view: Any) -> None:
        self.met |= {one.kind for one in page.envelopes}


def test_no_plugin_is_handed_one_whatever_it_declared() -> None:
    nosy = Nosy()
    with peerkit.open("memory:", discover=False, plugins=[nosy]) as kit:
        with kit.session() as s:
            kai = s.save(peerkit.Person.enrol(name="Kai Example (fictional)"))
        with kit.session(actor=kai) as s:
            s.save(Reflection.write(author=kai, words="mine"))
            s.save(peerkit.GoalPlan.begin(person=kai))
        kit.deliver()
        assert {"person", "goal_plan"} <= nosy.met
        assert "reflection" not in nosy.met
        nosy.asks = True
        with pytest.raises(Refused, match="nobody but its author reads"), kit.session(actor=kai) as s:
            s.save(peerkit.GoalPlan.begin(person=kai))
