# SPDX-License-Identifier: Apache-2.0
"""What people say and are stands in bodies alone: a canary in every private field of every kind is in no
`repr`, error, traceback, log, envelope, index, refusal, read or task."""

from __future__ import annotations

import json
import logging
import traceback
import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import (
    Actor,
    Conflict,
    Decision,
    GoalPlan,
    Malformed,
    NotFound,
    PeerkitError,
    Read,
    Refusal,
    Refused,
    Relationship,
    Task,
    hookimpl,
)
from peerkit.errors import Objection
from peerkit.kit.committing import Receipt
from peerkit.kit.page import Page
from peerkit.kit.steps import stage
from peerkit.model import ids
from peerkit.model.acts import Trail
from peerkit.model.base import Class, Part
from peerkit.ports import Batch, Condition, Message, Query, Rows, Stored
from peerkit.storage import chain
from peerkit.testing import make

CANARY = "canary-Zq7\u2603"
OPEN = {Class.operational, Class.public}
BOT = Actor.system("test")


def planted(owner: type[Any]) -> dict[str, Any]:
    """Values for the fields of a record or part: the canary wherever a private text may stand."""
    hints = typing.get_type_hints(owner)
    found: dict[str, Any] = {}
    for field in attrs.fields(owner):
        if field.name in {"extra", "trail", "id"} or not field.init:
            continue
        hint = hints[field.name]
        if owner.field_classes.get(field.name) not in OPEN and (value := canary_for(hint)) is not None:
            found[field.name] = value
        elif field.name in getattr(owner, "reference_fields", ()):
            found[field.name] = ids.new_id() if hint is str else (ids.new_id(),)
        elif field.default is attrs.NOTHING:
            found[field.name] = PLAIN[typing.get_origin(hint) or hint]
    if "id" in hints and attrs.fields_dict(owner)["id"].default is attrs.NOTHING:
        found["id"] = "an-id"
    found["extra"] = {"later": {CANARY: CANARY}, CANARY: [CANARY]}
    return found


PLAIN: dict[Any, Any] = {
    str: "x",
    int: 1,
    bool: False,
    tuple: (),
    date: date(2026, 3, 2),
    datetime: datetime(2026, 3, 2, tzinfo=UTC),
}


def canary_for(hint: Any) -> Any:
    inner = typing.get_args(hint)
    if hint is str or hint is Any or (str in inner and typing.get_origin(hint) is not tuple):
        return CANARY
    if typing.get_origin(hint) is tuple:
        one = canary_for(inner[0])
        return None if one is None else (one, one)
    for one in (hint, *inner):  # a part, or a part or None
        if isinstance(one, type) and issubclass(one, Part):
            return one(**planted(one))
    return None


def stored_looking(kind: type[Any]) -> Any:
    value = kind(**planted(kind))
    object.__setattr__(value, "trail", Trail(1))
    return value


def private_fields(kind: type[Any]) -> list[str]:
    return [name for name, found in kind.field_classes.items() if found not in OPEN]


def test_the_canary_is_really_in_the_body(kind: type[Any]) -> None:
    """So that a test that finds it nowhere else has looked for something."""
    with peerkit.open("memory:", discover=False) as kit:
        document = kit.codec.encode(stored_looking(kind))
    texts = sum(canary_for(typing.get_type_hints(kind)[name]) is not None for name in private_fields(kind))
    assert document.count(CANARY.encode()) >= 3 + texts


def everything_that_shows(kit: peerkit.Kit, kind: type[Any]) -> Iterator[Any]:
    value = stored_looking(kind)
    yield value
    for name in attrs.fields_dict(kind):
        held = getattr(value, name)
        if isinstance(held, tuple) and held and isinstance(held[0], Part):
            yield held
            yield held[0]
            for deeper in attrs.fields(type(held[0])):
                inner = getattr(held[0], deeper.name)
                if isinstance(inner, tuple) and inner and isinstance(inner[0], Part):
                    yield inner[0]
    made = make(kind)
    object.__setattr__(value, "trail", attrs.evolve(made.trail))
    staged = stage(value, BOT, kit.codec)
    yield from (staged, staged.change, staged.proposed, Batch((staged.change,), kit.clock.now()))
    yield made.trail
    yield Page((value,))
    row = chain.make_row(staged.change, 1, kit.clock.now(), chain.GENESIS)
    yield row
    yield Rows((Stored(chain.read_envelope(row.envelope, row.seal), staged.change.body, staged.change.args),))


def test_nothing_that_is_shown_or_logged_tells_it(kind: type[Any]) -> None:
    with peerkit.open("memory:", discover=False) as kit:
        for shown in everything_that_shows(kit, kind):
            for text in (repr(shown), str(shown), f"{shown}"):
                assert CANARY not in text, type(shown).__name__


def test_envelope_index_and_search_text_are_without_it(kind: type[Any]) -> None:
    with peerkit.open("memory:", discover=False) as kit:
        value = stored_looking(kind)
        object.__setattr__(value, "trail", attrs.evolve(make(kind).trail))
        change = stage(value, BOT, kit.codec).change
        assert CANARY.encode() in change.body
        outside = (change.idx, change.text, change.subjects, change.acts, change.actor, change.id)
        assert CANARY not in repr([dict(one) if isinstance(one, dict) else one for one in outside])
        assert CANARY not in chain.envelope_json(change, 1, kit.clock.now())


def test_values_that_carry_words_do_not_show_them() -> None:
    act = make(Task, note=CANARY).trail.acts[0]
    for shown in (
        act,
        make(Task, note=CANARY).trail,
        Decision.of("x", how="paper", evidence=CANARY),
        Condition("due", "==", CANARY),
        Query("task", (Condition("due", "==", CANARY),)),
        Message(CANARY, CANARY, CANARY),
        Receipt(1, 1, None, "", result=CANARY),
    ):
        assert CANARY not in repr(shown)


def tell(error: BaseException) -> str:
    """All that a log with a traceback would hold, and what an error carries."""
    held = [str(error), repr(error), repr(getattr(error, "where", "")), repr(error.args)]
    held += [repr(one) for one in getattr(error, "objections", ())]
    lines = traceback.format_exception(error)
    quoted = [line for line in lines if "canary" not in line.lower() or CANARY in line]
    return "".join([*held, *quoted, *getattr(error, "__notes__", ())])


HOSTILE: list[Any] = [CANARY, {CANARY: CANARY}, [CANARY], (CANARY, 1), CANARY.encode(), (None, CANARY), -1.5]


def quiet(call: Any, *args: Any, where: str = "") -> bool:
    """Whether the call failed, with an error of peerkit's own in which nothing is quoted."""
    try:
        call(*args)
    except PeerkitError as error:
        told, said = tell(error), getattr(error, "where", "")
        hidden = error.__cause__ is None and (error.__context__ is None or error.__suppress_context__)
    else:
        return False
    assert CANARY not in told
    assert where in said
    assert hidden
    return True


HOSTILE: list[Any] = [CANARY, {CANARY: CANARY}, [CANARY], (CANARY, 1), CANARY.encode(), (None, CANARY), -1.5]


def test_no_act_quotes_its_arguments(kind: type[Any], caplog: pytest.LogCaptureFixture) -> None:
    """Every argument of every act, given nonsense in turn: an error of peerkit's own, or a value."""
    caplog.set_level(logging.DEBUG)
    with peerkit.open("memory:", discover=False) as kit:

        def tried(name: str, argument: str, value: Any) -> None:
            if kind.table[name].creates and argument != "by":
                made = make(kind, through=name, **{argument: value})
            else:
                owner = kind if kind.table[name].creates else stored_looking(kind)
                made = getattr(owner, name)(**{argument: value})
            stage(made, BOT, kit.codec)

        failed = [
            quiet(tried, name, argument, value)
            for name in kind.table
            for argument in arguments_of(kind, name)
            for value in HOSTILE
        ]
    assert any(failed)
    assert CANARY not in caplog.text


def arguments_of(kind: type[Any], act: str) -> tuple[str, ...]:
    code = getattr(kind, act).__wrapped__.__code__
    return code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]


def test_no_unreadable_document_is_quoted(kind: type[Any]) -> None:
    """Every field of every kind in turn of a type that it cannot be, and documents cut short."""
    with peerkit.open("memory:", discover=False) as kit:
        value = stored_looking(kind)
        change = stage(make(kind), BOT, kit.codec).change
        envelope = chain.read_envelope(chain.envelope_json(change, 1, kit.clock.now()), "")
        document = kit.codec.document(value)
        failed = []
        for field in document:
            for wrong in ({CANARY: CANARY}, [[CANARY]], CANARY):
                body = json.dumps(document | {field: wrong}).encode()
                failed.append(quiet(kit.codec.decode, Stored(envelope, body)))
        assert any(failed)
        whole = kit.codec.encode(value)
        for cut in (b"", b"{", whole[:-1], whole.replace(b":", b"", 1), b"[" + whole + b"]"):
            assert quiet(kit.codec.decode, Stored(envelope, cut))


def test_no_value_of_a_wrong_type_is_quoted(kind: type[Any]) -> None:
    with peerkit.open("memory:", discover=False) as kit:
        for field in private_fields(kind):
            for wrong in (object(), type(CANARY, (), {})(), {CANARY: object()}):
                value = attrs.evolve(stored_looking(kind), **{field: wrong})
                assert quiet(kit.codec.encode, value, where="" if field in ANYTHING else field)


ANYTHING = {"asked", "value"}
"""Fields that hold whatever was given, so that nothing said in a screen is lost."""


def test_what_happens_to_a_session_leaves_no_words_outside_bodies(
    world: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused, stale, hidden, read by another, a plugin that quotes: all in one story, then a search."""
    caplog.set_level(logging.DEBUG)
    kai = world.supporter("kai")
    errors: list[PeerkitError] = []

    def failing(actor: Any, what: Any) -> None:
        with pytest.raises(PeerkitError) as caught, world.kit.session(actor=actor) as s:
            what(s)
        errors.append(caught.value)

    pair = world.save(world.match(world.maya, kai).reword(helps=CANARY), actor=world.maya)
    plan = GoalPlan.begin(person=world.maya, hopes=CANARY).add_goal(CANARY).suggest(CANARY, why=CANARY)
    plan = world.save(plan, actor=world.maya)
    goal = plan.goals[1].id
    failing(kai, lambda s: s.save(s.get(GoalPlan, plan.id).adopt(goal)))
    failing(
        kai, lambda s: s.save(s.get(GoalPlan, plan.id).add_goal(CANARY, by=Decision.of(kai, how="spoken")))
    )
    failing(world.theo, lambda s: s.get(GoalPlan, plan.id))
    failing(world.theo, lambda s: s.get(GoalPlan, CANARY))
    failing(kai, lambda s: s.save(attrs.evolve(s.get(GoalPlan, plan.id), hopes=CANARY + "!")))
    failing(world.maya, lambda s: s.find(GoalPlan, hopes=CANARY))
    failing(world.maya, lambda s: s.find(GoalPlan, order=CANARY))
    failing(world.maya, lambda s: s.find(GoalPlan, after=CANARY))
    failing(world.maya, lambda s: s.save(plan.adopt(CANARY)))
    failing(world.maya, lambda s: s.save(GoalPlan.begin(person=CANARY)))
    world.save(plan.reword(hopes=CANARY * 2), actor=world.maya)
    failing(world.maya, lambda s: s.save(plan.reword(hopes=CANARY * 3)))
    failing(kai, lambda s: s.save(Relationship.enquire(person=world.maya, hopes=CANARY)))
    with world.kit.session(actor=kai) as s:
        s.find(GoalPlan)
        s.history(Relationship, pair.id)
    assert {type(one) for one in errors} == {Refused, NotFound, Malformed, Conflict}
    for one in errors:
        assert CANARY not in tell(one)
    assert CANARY not in caplog.text
    rows = world.kit.storage.dump(0, 1000)
    assert CANARY in repr([world.kit.storage.history("goal_plan", plan.id)[0].body.decode()])
    assert CANARY not in repr([(row["envelope"], row["idx"], row["text"]) for row in rows])
    kept = [*world.every(Refusal), *world.every(Read), *world.every(Task)]
    assert len(kept) > 5
    for record in kept:
        assert CANARY.encode() not in world.kit.codec.encode(record)
    assert CANARY not in repr(world.kit.changes(limit=1000))
    assert CANARY not in repr(world.kit.storage.marks())


class Talker:
    """A plugin that quotes people in whatever it raises."""

    name = "talker"

    def __init__(self, where: str) -> None:
        self.where = where

    @hookimpl
    def peerkit_supply(self) -> Any:
        return [peerkit.hooks.Access(reads={"goal_plan"}, writes={"task"})]

    @hookimpl
    def peerkit_check(self, proposal: Any) -> Any:
        return self._talk("check", proposal)

    @hookimpl
    def peerkit_respond(self, proposal: Any) -> Any:
        return self._talk("respond", proposal)

    def _talk(self, where: str, proposal: Any) -> Any:
        for plan, _ in proposal.of(GoalPlan):
            if where == self.where:
                raise LookupError(f"no such hope: {plan.hopes}")
        return ()


@pytest.mark.parametrize("where", ["check", "respond"])
def test_a_plugin_that_quotes_people_in_its_errors_is_not_quoted(
    where: str, watch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with peerkit.open("memory:", plugins=[Talker(where)], discover=False, clock=watch) as kit:
        told: list[str] = []
        try:
            with kit.session() as s:
                s.save(GoalPlan.begin(person=s.actor.person, hopes=CANARY))
        except Refused as refused:
            told.append(tell(refused))
        with kit.session(actor=BOT) as s:
            tasks = s.find(Task, what="plugin-failed")
            refusals = s.find(Refusal)
            told += [repr(kit.codec.document(one)) for one in (*tasks, *refusals)]
        assert (len(tasks), len(refusals)) == ((0, 1) if where == "check" else (1, 0))
        assert CANARY not in "".join(told) + caplog.text
        assert "LookupError" in "".join(told)


def test_an_objection_says_codes_and_ids() -> None:
    assert repr(Objection("a", "b", "c", "d")) == "Objection(code='a', sentence='b', kind='c', record='d')"
