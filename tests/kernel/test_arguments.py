# SPDX-License-Identifier: Apache-2.0
"""Wrong arguments: peerkit's own errors, without the value; and what is stored can be read again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peerkit
from peerkit import (
    Activity,
    Appointment,
    Attendance,
    Consent,
    Course,
    Decision,
    GoalPlan,
    Leave,
    Letter,
    Malformed,
    Meeting,
    Organization,
    PeerkitError,
    PeerSupporter,
    Person,
    Program,
    Recipient,
    Relationship,
    Service,
    Task,
)
from peerkit.testing import make, strategies

NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001
AWARE = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = "canary-zq"
WRONG = {
    "no name": Person.enrol,
    "a name that is none": lambda: Person.enrol(name="  "),
    "a number for a name": lambda: Person.enrol(name=5),
    "an unknown argument": lambda: Person.enrol(name="x", ssn=SECRET),
    "positional": lambda: Person.enrol(SECRET),
    "a text for several": lambda: Person.enrol(name="x", languages=SECRET),
    "bytes for several": lambda: Person.enrol(name="x", languages=SECRET.encode()),
    "a mapping for several": lambda: Person.enrol(name="x", languages={SECRET: 1}),
    "nothing for several": lambda: Person.enrol(name="x", languages=None),
    "an address without channel": lambda: Person.enrol(name="x", reach=(SECRET,)),
    "a number for an address": lambda: Person.enrol(name="x", reach=(5,)),
    "an age": lambda: Person.enrol(name="x", age_band=SECRET),
    "a dict for a person": lambda: GoalPlan.begin(person={SECRET: 1}),
    "no person": lambda: GoalPlan.begin(person=""),
    "a goal of nothing": lambda: make(GoalPlan).add_goal(" "),
    "a goal that is a number": lambda: make(GoalPlan).add_goal(5),
    "importance of eleven": lambda: make(GoalPlan).add_goal(SECRET, importance=11),
    "importance of yes": lambda: make(GoalPlan).add_goal(SECRET, importance=True),
    "a step of no goal": lambda: make(GoalPlan).add_step(SECRET, "x"),
    "a goal that is not there": lambda: make(GoalPlan).adopt(SECRET),
    "one's own supporter": lambda: make(Relationship, person="p").propose("p"),
    "an ending that is none": lambda: make(Relationship).end(ending=SECRET),
    "leave backwards": lambda: make(Leave, starts=NAIVE.replace(month=2), ends=NAIVE),
    "leave in two sorts of time": lambda: make(Leave, starts=NAIVE).plan(
        person="p",
        cover="c",
        starts=NAIVE,
        ends=NAIVE.astimezone(),
    ),
    "a meeting with an offset": lambda: make(Meeting, local=NAIVE.astimezone()),
    "a meeting at no time": lambda: make(Meeting, local=SECRET),
    "a zone that is none": lambda: make(Meeting, timezone=SECRET),
    "a zone outside the folder": lambda: make(Meeting, timezone=f"../../{SECRET}"),
    "consent to nothing": lambda: make(Consent, classes=()),
    "consent to an unknown class": lambda: make(Consent, classes=(SECRET,)),
    "consent for no purpose": lambda: make(Consent, purpose=SECRET),
    "settings that are none": lambda: Program.found(settings={SECRET: 1}),
    "settings in a list": lambda: Program.found(settings=[SECRET]),
    "an entry with strange fields": lambda: Service.list(entry={"name": "x", SECRET: 1}),
    "experience of another sort": lambda: PeerSupporter.welcome("p", experience=SECRET),
    "experience of another sort, later": lambda: PeerSupporter.welcome("p").update(experience=SECRET),
    "a decision by a number": lambda: make(GoalPlan).add_goal("x", by=5),
    "a decision by a dict": lambda: make(GoalPlan).add_goal("x", by={SECRET: 1}),
    "a decision by nobody": lambda: make(GoalPlan).add_goal("x", by=""),
}
NAMING: dict[str, Any] = {
    "course.title": lambda: make(Course).revise(title="  "),
    "organization.name": lambda: Organization.add(name="  "),
    "recipient.name": lambda: Recipient.add(name=""),
    "recipient.country": lambda: Recipient.add(name="Example clinic (fictional)", country=SECRET),
    "service.name": lambda: Service.list(entry={"name": ""}),
    "service.room": lambda: Service.list(entry={"name": "x", "room": SECRET}),
    "peer_supporter.capacity": lambda: PeerSupporter.welcome("p", capacity=-3),
    "peer_supporter.no_contact": lambda: make(PeerSupporter).update(no_contact=SECRET),
    "peer_supporter.languages": lambda: make(PeerSupporter).update(languages=("French",)),
    "relationship.languages": lambda: make(Relationship, languages=("French",)),
    "person.hours": lambda: Person.enrol(name="x", hours=SECRET),
    "appointment.hours": lambda: Appointment.give("p", "on-call", hours=SECRET),
    "appointment.ends": lambda: Appointment.give("p", "on-call", starts=AWARE, ends=AWARE),
    "task.due": lambda: Task.give(owner="p", what="x", due=NAIVE),
    "attendance.day": lambda: make(Attendance, day=AWARE),
    "letter.sha256": lambda: make(Letter, sha256=SECRET),
    "activity.format": lambda: make(Activity, format="drop-in"),
}


@pytest.mark.parametrize(("field", "call"), NAMING.items(), ids=NAMING)
def test_what_does_not_fit_is_refused_and_named(field: str, call: Any) -> None:
    with pytest.raises(Malformed) as caught:
        call()
    assert caught.value.where == field
    assert SECRET not in str(caught.value)


def test_also_where_it_is_said_anew() -> None:
    for call in (
        lambda: make(Organization).rename(name=" "),
        lambda: make(Service).revise(entry={"name": " "}),
        lambda: make(PeerSupporter).update(capacity=True),
        lambda: make(PeerSupporter).update(capacity=1001),
        lambda: make(Person).update(hours=SECRET),
    ):
        with pytest.raises(Malformed):
            call()


def test_a_course_names_a_rule_that_there_is(world: Any) -> None:
    with pytest.raises(Malformed, match="did you mean core-essentials") as caught:
        world.save(Course.offer(title="x", rule="core-esentials"))
    assert caught.value.where == "course.rule"
    course = world.save(Course.offer(title="x", rule="core-essentials"))
    assert world.save(course.close()).state == "closed"


def test_hours_that_were_stored_as_words_stand_in_nobodys_way(world: Any) -> None:
    stored = world.kit.storage.get("person", world.maya.id)
    document = json.loads(stored.body) | {"hours": "after supper"}
    held = world.kit.codec.decode(attrs.evolve(stored, body=json.dumps(document).encode()))
    assert world.save(held.update(pronouns="she"), actor=world.maya).hours == "after supper"


@pytest.mark.parametrize("call", WRONG.values(), ids=WRONG)
def test_wrong_arguments_are_peerkits_own_errors_and_quote_nothing(call: Any) -> None:
    with pytest.raises(PeerkitError) as caught:
        call()
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


UNSTORABLE = {
    "a naive instant": lambda who: Task.give(owner=who, what="x", due=NAIVE),
    "an instant before all years": lambda who: Task.give(
        owner=who, what="x", due=datetime.fromisoformat("0001-01-01T00:00:00+14:00")
    ),
    "half a letter": lambda who: Task.give(owner=who, what="x", note=f"{SECRET}\ud800"),
    "half a letter in an id": lambda who: Task.give(owner=who, what="x", about=f"{SECRET}\udfff"),
    "half a letter in a decision": lambda who: Task.give(
        owner=who, what="x", by=Decision.of("a\ud800", how="spoken")
    ),
    "half a letter in evidence": lambda who: Task.give(
        owner=who, what="x", by=Decision.of(who, how="paper", evidence=f"{SECRET}\ud800")
    ),
    "a number for a text": lambda who: Task.give(owner=who, what=5),
    "a text for a bool": lambda _: Person.enrol(name="x", watched=SECRET),
    "a number for a bool": lambda _: Person.enrol(name="x", watched=1),
    "a bool for a number": lambda who: Meeting.plan(
        person=who,
        supporter=who,
        local=NAIVE,
        timezone="UTC",
        minutes=True,
    ),
    "a number among texts": lambda _: Person.enrol(name="x", languages=("en", 5)),
    "nan": lambda _: Service.list(entry={"name": "x", "extra": {"a": float("nan")}}),
    "infinity": lambda _: Service.list(entry={"name": "x", "extra": {SECRET: [float("inf")]}}),
    "an object": lambda _: Service.list(entry={"name": "x", "extra": {"a": object()}}),
    "bytes": lambda _: Service.list(entry={"name": SECRET.encode()}),
    "a text for several": lambda _: Service.list(entry={"name": "x", "needs": SECRET}),
    "a place that is none": lambda _: Service.list(entry={"name": "x", "places": (SECRET,)}),
}


@pytest.mark.parametrize("call", UNSTORABLE.values(), ids=UNSTORABLE)
def test_what_could_not_be_read_again_is_not_saved(world: Any, call: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s:
        with pytest.raises(Malformed) as caught:
            s.save(call(world.coordinator.id))
        assert SECRET not in str(caught.value)
    assert s.receipt.records == ()


def test_only_an_instant_is_told_that_it_needs_a_zone(world: Any) -> None:
    told = {}
    for kind, field, value in ((Person, "watched", "yes"), (Person, "name", 5), (Task, "due", NAIVE)):
        odd = make(kind)
        object.__setattr__(odd, field, value)
        with pytest.raises(Malformed) as caught:
            world.kit.codec.encode(odd)
        told[caught.value.where] = "zone" in str(caught.value)
    assert told == {"person.watched": False, "person.name": False, "task.due": True}


@given(st.data())
def test_whatever_is_saved_can_be_read(data: st.DataObject) -> None:
    """Wrongly typed values among right ones: either an error of peerkit's, or a record that comes back."""
    odd = st.one_of(strategies.jsons(depth=1), st.dates(), st.binary(max_size=3), strategies.not_texts())
    arguments = {
        name: data.draw(odd)
        for name in data.draw(
            st.sets(st.sampled_from(["pronouns", "languages", "reach", "watched", "age_band"]))
        )
    }
    with peerkit.open("memory:", discover=False) as kit, kit.session() as s:
        try:
            made = s.save(Person.enrol(name=data.draw(strategies.texts().filter(str.strip)), **arguments))
        except PeerkitError:
            return
        document = json.dumps(kit.codec.document(made))
        assert json.loads(document)["name"] == made.name
        stored = peerkit.ports.Stored(
            peerkit.ports.Envelope(1, made.id, "person", 1, 1, (), kit.clock.now(), "", ()),
            kit.codec.encode(made),
        )
        assert kit.codec.decode(stored) == made
