# SPDX-License-Identifier: Apache-2.0
"""Operational fields stand in indexes and envelopes, which nothing erases: no act of any kind takes words
into one. A field that is new is in here by itself."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest
from act_arguments import ARGUMENTS, KAI, MAYA, ROBIN

from peerkit import (
    Decision,
    Malformed,
    Operational,
    PeerkitError,
    Program,
    Record,
    Refused,
    Service,
    act,
    record,
)
from peerkit.kinds import PLACES, core_kind
from peerkit.model import ids
from peerkit.model.base import Class
from peerkit.model.plan import Goal, TakenStep
from peerkit.model.safety_plan import Entry
from peerkit.testing import make

WORDS = "Maya hides at her sister's"
IDS = {name: ids.new_id() for name in (MAYA, KAI, ROBIN)}


def mentions_text(hint: Any) -> bool:
    return hint is str or any(mentions_text(one) for one in typing.get_args(hint))


def open_texts(kind: type[Any]) -> list[str]:
    """The fields of a kind in which words would stay for ever. What refers to others is looked at by `save`
    (`test_in_the_open`), which takes ids there and nothing else."""
    hints = typing.get_type_hints(kind)
    return [
        name
        for name, one in kind.field_classes.items()
        if one is Class.operational
        and mentions_text(hints[name])
        and name not in {"id", *kind.reference_fields}
    ]


def written_by_people(kind: type[Any]) -> Iterator[str]:
    """The acts that take what people give. What the kit alone writes it takes from what is stored; the lane
    refuses nobody, and sorts words out itself (`tests/safety/test_canary.py`)."""
    if not (kind.lane or kind.kit_only):
        yield from (row.act for row in kind.table.values() if row.who != ("kit",))


ACTS = [(kind, act) for kind in map(core_kind, PLACES) if kind for act in written_by_people(kind)]


def taken(kind: type[Any], name: str, words: dict[str, Any]) -> Any:
    """The record that the act leaves on one in which it is due, given these arguments beside plain ones."""
    row = kind.table[name]
    if row.creates:
        if kind.kind in signature(kind, name):  # goes on from another one
            words = {kind.kind: make(kind, version=1)} | words
        return make(kind, through=name, **words)
    fields: dict[str, Any] = {}
    if row.of == "goals":
        state = row.sources[0] if row.sources[0] not in {"*", "-"} else "adopted"
        fields = {"goals": (Goal(id="g", words="w", state=state, steps=(TakenStep(id="s", words="w"),)),)}
    elif row.of == "entries":
        state = row.sources[0] if row.sources[0] != "-" else "adopted"
        fields = {"entries": (Entry(id="g", section="alone", words="w", state=state),)}
    elif row.sources[0] != "*" and "state" in kind.field_classes:
        fields = {"state": row.sources[0]}
    owner = make(kind, **({"version": 1} | fields))
    plain = {k: IDS.get(v, v) if isinstance(v, str) else v for k, v in _plain(kind, name).items()}
    return getattr(owner, name)(**(plain | words))


def _plain(kind: type[Any], name: str) -> dict[str, Any]:
    return ARGUMENTS.get(f"{kind.kind}.{name}", {})


def signature(kind: type[Any], name: str) -> dict[str, Any]:
    method = inspect.unwrap(getattr(kind, name))
    hints = typing.get_type_hints(method)
    return {one: hints[one] for one in list(inspect.signature(method).parameters)[1:] if one != "by"}


def unless_refused(call: Callable[..., Any], *args: Any) -> Any:
    """What it gives, or None where it is refused, which quotes nothing."""
    told = ""
    try:
        return call(*args)
    except PeerkitError as error:
        told = str(error)
    assert WORDS not in told
    return None


@pytest.mark.parametrize(("kind", "name"), ACTS, ids=lambda one: getattr(one, "kind", one))
def test_no_act_takes_words_into_what_is_never_erased(kind: type[Any], name: str) -> None:
    taken(kind, name, {})  # with what it asks for it is done: what refuses it below is the words
    fields = open_texts(kind)
    for argument, hint in signature(kind, name).items():
        if not mentions_text(hint):
            continue
        words = (WORDS,) if "tuple" in str(hint) else WORDS
        if (value := unless_refused(taken, kind, name, {argument: words})) is None:
            continue
        kept = [field for field in fields if WORDS in repr(getattr(value, field))]
        assert kept == [], argument


@pytest.mark.parametrize("field", open_texts(Service))
def test_no_entry_of_the_directory_does(field: str) -> None:
    if field == "state":
        return  # the kit's own
    for words in (WORDS, (WORDS,)):
        with pytest.raises(Malformed):
            Service.list(entry={"name": "Example library (fictional)", field: words})


@pytest.mark.parametrize("field", open_texts(Program))
def test_no_setting_does(world: Any, field: str) -> None:
    hint = typing.get_type_hints(Program)[field]
    with pytest.raises((Malformed, Refused)) as caught:
        world.save(world.kit.program.update(settings={field: WORDS if hint is str else (WORDS,)}))
    assert WORDS not in str(caught.value)


@record("example", "of from act to who strength\n- - begin = anyone none")
class Example(Record):
    """A kind as somebody would write it who thinks of nothing."""

    said: Operational[str]

    @classmethod
    @act
    def begin(cls, *, said: str, by: Decision | None = None) -> Self:
        return cls(said=said)


def test_the_test_sees_a_field_that_takes_words() -> None:
    assert open_texts(Example) == ["said"]
    with pytest.raises(AssertionError, match="said"):
        test_no_act_takes_words_into_what_is_never_erased(Example, "begin")
