# SPDX-License-Identifier: Apache-2.0
"""Measures and feedback: voluntary, in own words, and not for the eyes of whom they speak of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit import Appointment, Decision, Feedback, Malformed, Measure, NotFound, Read, Refused
from peerkit.codec import Codec
from peerkit.model.reliable_change import Reliability
from peerkit.ports import Stored
from peerkit.testing import make


@pytest.fixture
def kai(world: Any) -> Any:
    found = world.supporter("kai")
    world.match(world.maya, found)
    return found


def told(world: Any, kai: Any) -> Any:
    return world.save(Feedback.give(person=world.maya, words="He listens", about=kai), actor=world.maya)


def reads(world: Any, who: Any, record: Any) -> bool:
    with world.kit.session(actor=who) as s:
        try:
            s.get(type(record), record.id)
            assert record.id in [one.id for one in s.find(type(record))]
            s.history(type(record), record.id)
        except (NotFound, Refused):
            return False
    return True


# -- feedback --------------------------------------------------------------------------------------


def test_whom_it_speaks_of_reads_it_only_if_the_person_shares_it(world: Any, kai: Any) -> None:
    said = told(world, kai)
    assert reads(world, world.maya, said)
    assert reads(world, world.coordinator, said)
    assert not reads(world, kai, said)
    said = world.save(said.share(kai), actor=world.maya)
    assert reads(world, kai, said)
    said = world.save(world.get(said).unshare(kai), actor=world.maya)
    assert not reads(world, kai, said)


def test_an_office_opens_it_to_nobody_whom_it_speaks_of(world: Any, kai: Any) -> None:
    world.save(Appointment.give(kai, "coordinator"))
    said, other = (
        told(world, kai),
        world.save(Feedback.give(person=world.maya, words="All well"), actor=world.maya),
    )
    assert not reads(world, kai, said)
    assert reads(world, kai, other)
    with world.kit.session(actor=kai) as s:
        assert [one.id for one in s.find(Feedback)] == [other.id]


def test_the_log_of_reads_tells_it_to_the_person_alone(world: Any, kai: Any) -> None:
    said = told(world, kai)
    assert reads(world, world.coordinator, said)
    with world.kit.session(actor=kai) as s:
        assert not [one for one in s.find(Read) if one.of == "feedback"]
    with world.kit.session(actor=world.maya) as s:
        assert [one for one in s.find(Read) if one.of == "feedback"]


def test_to_be_quoted_is_a_decision_of_its_own_that_is_taken_back_at_once(world: Any, kai: Any) -> None:
    said = told(world, kai)
    assert (said.quoting, said.quotable) == ("not_asked", None)
    with pytest.raises(Refused) as caught:
        spoken = Decision.of(world.maya, how="spoken")
        world.save(world.get(said).let_quote("Somebody", by=spoken))
    assert caught.value.codes == ("too-weak",)
    said = world.save(said.let_quote("Somebody"), actor=world.maya)
    assert said.quotable == ("He listens", "Somebody")
    said = world.save(world.get(said).stop_quoting(by=Decision.of(world.maya, how="spoken")))
    assert (said.quoting, said.quotable, said.quoted_as) == ("withdrawn", None, "")
    assert world.get(said).refuse_quotes().quoting == "no"


def test_it_can_be_given_after_the_end_and_of_somebody_who_left(world: Any, kai: Any) -> None:
    world.save(world.get(kai).leave(), actor=kai)
    world.save(world.get(world.maya).leave(), actor=world.maya)
    assert told(world, kai).state == "given"


def test_to_decline_is_no_empty_feedback(world: Any) -> None:
    declined = world.save(Feedback.decline(person=world.maya), actor=world.maya)
    assert (declined.state, declined.words, declined.quotable) == ("declined", "", None)
    with pytest.raises(Refused):
        declined.let_quote("x")
    with pytest.raises(Malformed):
        Feedback.give(person=world.maya, words=" ")
    with pytest.raises(Refused) as caught:
        world.save(
            Feedback.give(person=world.maya, words="x", about="0192f3a0-0000-7000-8000-000000000000"),
            actor=world.maya,
        )
    assert caught.value.codes == ("unknown-person",)


def test_support_hangs_on_nothing_of_it(world: Any, kai: Any) -> None:
    """Whoever declined everything is supported as before."""
    from peerkit import GoalPlan, Route

    world.save(Feedback.decline(person=world.maya), actor=world.maya)
    world.save(Measure.decline(person=world.maya, instrument="who-5", round="baseline"), actor=world.maya)
    world.save(GoalPlan.begin(person=world.maya).add_goal("Library"), actor=world.maya)
    assert [one.holder for one in world.every(Route) if one.person == world.maya.id] == [kai.id]


# -- measures --------------------------------------------------------------------------------------


def test_declined_and_not_asked_are_two_things_and_no_nought(world: Any, kai: Any) -> None:
    asked = {"person": world.maya, "instrument": "who-5", "round": "baseline"}
    taken = world.save(Measure.take(**asked, score=0), actor=world.maya)
    declined = world.save(Measure.decline(**asked), actor=world.maya)
    not_asked = world.save(Measure.not_ask(**asked), actor=kai)
    assert [(one.state, one.score) for one in (taken, declined, not_asked)] == [
        ("taken", 0),
        ("declined", None),
        ("not_asked", None),
    ]
    with world.kit.session(actor=world.maya) as s:
        assert s.count(Measure, state="declined") == 1
        assert s.count(Measure, instrument="who-5", round="baseline") == 3


KNOWN = Reliability(Decimal(5), Decimal("0.8"), "higher", "by hand")


def test_a_change_is_worked_out_where_its_reliability_is_known(world: Any) -> None:
    before = make(Measure, score=Decimal(10))
    after = make(Measure, person=before.person, round="follow-up", score=Decimal(18))
    assert before.change_to(after, None) is None
    found = before.change_to(after, KNOWN)
    assert found is not None
    assert (str(found.index), found.reliable, found.direction) == ("2.53", True, "better")
    declined = make(Measure, through="decline", person=before.person)
    assert before.change_to(declined, KNOWN) is None
    for other in ({"person": "theo"}, {"instrument": "k6"}, {"edition": "2"}):
        with pytest.raises(Malformed):
            before.change_to(make(Measure, **{"person": before.person, **other}), KNOWN)


@pytest.mark.parametrize(
    "score", [Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), 1.5, "3", True, None]
)
def test_what_is_no_score_is_malformed(score: Any) -> None:
    with pytest.raises(Malformed):
        Measure.take(person="maya", instrument="who-5", round="baseline", score=score)


@pytest.mark.parametrize("wrong", [{"round": "sometime"}, {"instrument": " "}])
def test_a_measure_names_its_instrument_and_round(wrong: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        Measure.decline(**{"person": "maya", "instrument": "who-5", "round": "baseline", **wrong})


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_score_comes_back_digit_by_digit(score: Decimal) -> None:
    codec = Codec(lambda _: Measure)
    taken = make(Measure, score=score, version=1)
    assert taken.trail is not None
    back = codec.decode(Stored(taken.trail.envelope, codec.encode(taken)))
    assert isinstance(back, Measure)
    assert str(back.score) == str(score)
    assert back == taken


@pytest.mark.parametrize("text", ['"NaN"', '"Infinity"', "1.5", "2", '"many"', "true"])
def test_a_document_with_no_score_in_it_is_malformed(text: str) -> None:
    codec = Codec(lambda _: Measure)
    taken = make(Measure, score=Decimal("1.50"), version=1)
    assert taken.trail is not None
    body = codec.encode(taken).replace(b'"1.50"', text.encode())
    with pytest.raises(Malformed) as caught:
        codec.decode(Stored(taken.trail.envelope, body))
    assert "score" in str(caught.value)
