# SPDX-License-Identifier: Apache-2.0
"""Records to documents and back: nothing is lost, nothing is guessed, nothing foreign is taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerkit import Decision, GoalPlan, Malformed, Operational, Own, Person, Service, Task, act, record
from peerkit.codec import Codec, dumps, loads
from peerkit.kinds import core_kind
from peerkit.model.base import Part, Record
from peerkit.ports import Envelope, Stored
from peerkit.testing import make, strategies

CODEC = Codec(core_kind)


def stored(record: Record, body: bytes) -> Stored:
    """A version with these bytes, as a store gives it."""
    envelope = Envelope(
        1, record.id, record.kind, max(record.version, 1), record.doc_version, (), datetime.now(UTC), "x", ()
    )
    return Stored(envelope, body)


def test_every_kind_comes_back_as_it_was(kind: type[Any]) -> None:
    @given(strategies.records(kind))
    def proof(record: Record) -> None:
        back = CODEC.decode(stored(record, CODEC.encode(record)))
        assert back == record
        assert back.extra == record.extra
        assert CODEC.encode(back) == CODEC.encode(record)

    proof()


def test_every_kind_is_read_whoever_wrote_it(kind: type[Any]) -> None:
    """Key order, escapes, duplicate keys, 1e2 and 23-digit numbers: the same value."""

    @given(strategies.documents(kind))
    def proof(document: bytes) -> None:
        record = CODEC.decode(stored(make(kind), document))
        assert type(record) is kind
        value = json.loads(document)
        assert CODEC.decode(stored(record, dumps(value))) == record
        known = {field.name for field in attrs.fields(kind)}
        assert dict(record.extra) == {key: one for key, one in value.items() if key not in known}
        assert value.items() <= CODEC.document(record).items()

    proof()


@given(strategies.texts(longest=100_000))
@settings(max_examples=30)
def test_a_long_letter_in_any_script_comes_back(words: str) -> None:
    plan = make(GoalPlan, hopes=words)
    assert CODEC.decode(stored(plan, CODEC.encode(plan))).hopes == words


@given(strategies.jsons(depth=4))
def test_json_comes_back_as_it_was(value: Any) -> None:
    assert loads(dumps(value)) == value


@pytest.mark.parametrize(
    "raw",
    [
        b"NaN",
        b"[1, Infinity]",
        b"-Infinity",
        b"1e999",
        b'{"a": -1e999}',
        b'"\\ud800"',
        b'{"\\udfff": 1}',
        b'["\\uD83D x"]',
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b"",
        b"{",
        b"{'a': 1}",
        b"[1,]",
        b"01",
        b"[" * 100_000,
        b"9" * 5000,
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_what_is_no_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        loads(raw)


def test_a_pair_of_surrogates_is_one_letter() -> None:
    assert loads(b'"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        [{"a": -float("inf")}],
        {"\ud800": 1},
        ["\udfff"],
        object(),
        {1: 2, "1": 2},
        b"x",
    ],
    ids=lambda value: repr(value)[:12],
)
def test_what_no_document_can_hold_is_malformed(value: Any) -> None:
    with pytest.raises(Malformed):
        dumps(value)


def test_a_value_that_holds_itself_is_malformed() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(Malformed):
        dumps(loop)


SECRET = "canary-zq"


@pytest.mark.parametrize(
    ("kind", "field", "wrong"),
    [
        (Person, "name", 5),
        (Person, "name", None),
        (Person, "watched", 1),
        (Person, "watched", SECRET),
        (Person, "languages", SECRET),
        (Person, "languages", {"en": SECRET}),
        (Person, "languages", [SECRET, 5]),
        (Person, "age_band", 16),
        (GoalPlan, "goals", SECRET),
        (GoalPlan, "goals", [SECRET]),
        (GoalPlan, "goals", [{"why": SECRET}]),
        (GoalPlan, "goals", [{"words": SECRET, "importance": True}]),
        (GoalPlan, "goals", [{"words": SECRET, "importance": "7"}]),
        (GoalPlan, "goals", [{"words": SECRET, "importance": 7.5}]),
        (GoalPlan, "goals", [{"words": SECRET, "steps": [{"words": [SECRET]}]}]),
        (Task, "due", "2026-03-02T15:00:00"),
        (Task, "due", SECRET),
        (Task, "due", 1),
        (Task, "due", True),
        (Service, "places", [{"latitude": SECRET}]),
        (Service, "places", [{"latitude": True}]),
        (Service, "more", [[SECRET, 1]]),
    ],
    ids=repr,
)
def test_reading_is_strict_and_its_errors_tell_no_value(kind: type[Record], field: str, wrong: Any) -> None:
    document = json.loads(CODEC.encode(make(kind))) | {field: wrong}
    with pytest.raises(Malformed) as caught:
        CODEC.decode(stored(make(kind), json.dumps(document).encode()))
    told = f"{caught.value} {caught.value.where}"
    assert SECRET not in told
    assert field in caught.value.where


@record("shelf", "of from act to who strength\n- - put there anyone none", module="shelf")
class Shelf(Record):
    """A plugin's kind, with words by words."""

    cards: Own[Mapping[str, str]] = attrs.field(factory=dict)
    state: Operational[str] = "there"

    @classmethod
    @act
    def put(cls, *, by: Decision | None = None) -> Self:
        """There it is."""
        return cls()


@pytest.mark.parametrize("key", [SECRET, f"@ {SECRET}", "beans"])
def test_an_error_tells_no_key_either(key: str) -> None:
    with pytest.raises(Malformed) as caught:
        Codec(lambda _: Shelf).decode(stored(make(Shelf), json.dumps({"cards": {key: [1]}}).encode()))
    assert caught.value.where == "shelf $.cards[…]"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"5", b"null", b"{}"], ids=repr)
def test_a_body_that_is_no_document_of_the_kind_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        CODEC.decode(stored(make(Task), body))


@given(st.data())
def test_any_field_of_the_wrong_type_is_malformed(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([GoalPlan, Person, Service, Task]))
    document = json.loads(CODEC.encode(data.draw(strategies.records(kind, extra=False))))
    field = data.draw(st.sampled_from(sorted(document)))
    document[field] = data.draw(st.sampled_from([{"x": SECRET}, [[[SECRET]]], -7.25]))
    with pytest.raises(Malformed) as caught:
        CODEC.decode(stored(make(kind), json.dumps(document).encode()))
    assert SECRET not in str(caught.value)


def test_parts_keep_what_they_do_not_know_through_an_act() -> None:
    plan = make(GoalPlan).add_goal("a").add_goal("b")
    body = json.loads(CODEC.encode(plan))
    body["later"] = {"deep": [1, {"er": 10**23}]}
    body["goals"][0]["shared_with"] = ["aunt"]
    body["goals"][0]["steps"] = [{"id": "s", "words": "first", "done": False, "by_bus": True}]
    read = CODEC.decode(stored(plan, json.dumps(body).encode()))
    assert isinstance(read, GoalPlan)
    changed = read.take_step(read.goals[0].id, "s").set_aside(read.goals[1].id).add_goal("c")
    after = json.loads(CODEC.encode(changed))
    assert after["later"] == body["later"]
    assert after["goals"][0]["shared_with"] == ["aunt"]
    assert after["goals"][0]["steps"] == [{"id": "s", "words": "first", "done": True, "by_bus": True}]
    assert [goal["state"] for goal in after["goals"]] == ["adopted", "aside", "adopted"]


def test_a_part_of_the_right_shape_is_no_part_of_another_kind() -> None:
    with pytest.raises(Malformed):
        CODEC.encode(make(GoalPlan, goals=(Part(),)))
