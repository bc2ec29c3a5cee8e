# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a kind is said when its class is made, with the place, before anything is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import attrs
import pytest

from peerkit import Decision, Malformed, Refused
from peerkit.kinds import NAMES, PLACES, core_kind, named
from peerkit.model.acts import act, parse_table
from peerkit.model.base import (
    Class,
    Identity,
    Operational,
    Own,
    Part,
    Public,
    Record,
    part,
    record,
)
from peerkit.testing import make

HEADER = "of  from  act  to  who  strength"


def fields_only(**details: Any) -> Callable[[type[Any]], type[Any]]:
    return record("odd", HEADER, **details)


def table(*rows: str, **details: Any) -> Callable[[type[Any]], type[Any]]:
    return record("odd", "\n".join([HEADER, *rows]), **details)


def no_class() -> None:
    @fields_only()
    class Odd(Record):
        name: str


def no_class_in_a_union() -> None:
    @fields_only()
    class Odd(Record):
        name: str | None = None


def no_class_in_a_part() -> None:
    @part
    class Odd(Part):
        name: str


def no_class_in_several() -> None:
    @fields_only()
    class Odd(Record):
        names: tuple[str, ...] = ()


def a_method_without_a_row() -> None:
    @fields_only()
    class Odd(Record):
        @act
        def ring(self, *, by: Decision | None = None) -> Self:
            return self


def a_row_without_a_method() -> None:
    @table("-  *  ring  =  anyone  none")
    class Odd(Record):
        pass


def a_row_whose_method_is_no_act() -> None:
    @table("-  *  ring  =  anyone  none")
    class Odd(Record):
        def ring(self, *, by: Decision | None = None) -> Self:
            return self


def an_act_without_by() -> None:
    @table("-  *  ring  =  anyone  none")
    class Odd(Record):
        @act
        def ring(self) -> Self:
            return self


def an_act_with_a_private_name() -> None:
    @table("-  *  _ring  =  anyone  none")
    class Odd(Record):
        @act
        def _ring(self, *, by: Decision | None = None) -> Self:
            return self


def a_row_twice() -> None:
    table("-  *  ring  =  anyone  none", "-  *  ring  =  anyone  said")(type("Odd", (Record,), {}))


def a_row_too_short() -> None:
    table("-  *  ring  =  anyone")(type("Odd", (Record,), {}))


def a_strength_of_another_sort() -> None:
    table("-  *  ring  =  anyone  strong")(type("Odd", (Record,), {}))


def a_table_without_a_header() -> None:
    record("odd", "-  *  ring  =  anyone  none")(type("Odd", (Record,), {}))


def an_empty_table() -> None:
    record("odd", "")(type("Odd", (Record,), {}))


def who_is_no_field() -> None:
    @table("-  *  ring  =  ringer  none")
    class Odd(Record):
        @act
        def ring(self, *, by: Decision | None = None) -> Self:
            return self


def a_collection_that_is_no_field() -> None:
    @table("bells  -  ring  =  anyone  none")
    class Odd(Record):
        @act
        def ring(self, *, by: Decision | None = None) -> Self:
            return self


@part
class Loose(Part):
    id: Operational[str] = ""


def parts_without_a_state() -> None:
    @table("bells  hung  ring  rung  anyone  none")
    class Odd(Record):
        bells: tuple[Loose, ...] = ()

        @act
        def ring(self, bell: str, *, by: Decision | None = None) -> Self:
            return self


def a_state_that_nothing_leads_to() -> None:
    @table("-  hugn  ring  rung  anyone  none")
    class Odd(Record):
        state: Operational[str] = "hung"

        @act
        def ring(self, *, by: Decision | None = None) -> Self:
            return self


def states_without_a_field() -> None:
    @table("-  *  ring  rung  anyone  none")
    class Odd(Record):
        @act
        def ring(self, *, by: Decision | None = None) -> Self:
            return self


def a_field_that_every_record_has() -> None:
    @fields_only()
    class Odd(Record):
        version: Operational[int] = 1


def a_searched_field_that_is_not_public() -> None:
    @fields_only(searched="words")
    class Odd(Record):
        words: Own[str] = ""


def a_searched_field_that_is_not_there() -> None:
    @fields_only(searched="words")
    class Odd(Record):
        name: Public[str] = ""


def a_subject_that_is_no_field() -> None:
    @fields_only(subjects="person")
    class Odd(Record):
        name: Public[str] = ""


def a_subject_that_is_somebodys_name() -> None:
    @fields_only(subjects="name")
    class Odd(Record):
        name: Identity[str] = ""


CASES = {
    no_class: "odd.name",
    no_class_in_a_union: "odd.name",
    no_class_in_a_part: "Odd.name",
    no_class_in_several: "odd.names",
    a_method_without_a_row: "odd",
    a_row_without_a_method: "odd",
    a_row_whose_method_is_no_act: "odd",
    an_act_without_by: "odd.ring",
    an_act_with_a_private_name: "odd._ring",
    a_row_twice: "odd: line 2",
    a_row_too_short: "odd: line 1",
    a_strength_of_another_sort: "odd: line 1",
    a_table_without_a_header: "odd",
    an_empty_table: "odd",
    who_is_no_field: "odd.ring",
    a_collection_that_is_no_field: "odd.ring",
    parts_without_a_state: "odd.ring",
    a_state_that_nothing_leads_to: "odd.ring",
    states_without_a_field: "odd.ring",
    a_field_that_every_record_has: "odd.version",
    a_searched_field_that_is_not_public: "odd.words",
    a_searched_field_that_is_not_there: "odd.words",
    a_subject_that_is_no_field: "odd.person",
    a_subject_that_is_somebodys_name: "odd.name",
}


@pytest.mark.parametrize(("making", "where"), CASES.items(), ids=[case.__name__ for case in CASES])
def test_what_is_wrong_with_a_kind_is_said_at_once(making: Callable[[], None], where: str) -> None:
    with pytest.raises(Malformed) as caught:
        making()
    assert caught.value.where == where


# -- what the table promises, the wrapper keeps ------------------------------------------------------


@part
class Bell(Part):
    id: Operational[str]
    state: Operational[str] = "hung"


@record(
    "tower",
    """
    of     from       act     to          who     strength
    -      -          build   open        anyone  none
    -      open       close   closed      anyone  none
    -      open       settle  open|quiet  anyone  none
    -      *          paint   =           anyone  none
    bells  -          hang    =           anyone  none
    bells  hung,rung  ring    rung        anyone  none
    bells  *          take    gone        anyone  none
    """,
)
class Tower(Record):
    bells: tuple[Bell, ...] = ()
    colour: Public[str] = ""
    state: Operational[str] = "open"

    @classmethod
    @act
    def build(cls, *, by: Decision | None = None) -> Self:
        return cls(state="closed")  # the table knows better

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        return self

    @act
    def settle(self, state: str, *, by: Decision | None = None) -> Self:
        return attrs.evolve(self, state=state)

    @act
    def paint(self, colour: str, *, by: Decision | None = None) -> Self:
        return attrs.evolve(self, colour=colour)

    @act
    def hang(self, *, by: Decision | None = None) -> Self:
        return attrs.evolve(self, bells=(*self.bells, Bell(id=f"b{len(self.bells)}")))

    @act
    def ring(self, bell: str, *, by: Decision | None = None) -> Self:
        return self

    @act
    def take(self, bell: str, *, by: Decision | None = None) -> Self:
        return self


def test_the_table_sets_the_state_not_the_method() -> None:
    assert Tower.build().state == "open"
    assert Tower.build().close().state == "closed"


def test_where_the_table_names_several_states_the_method_chooses_one_of_them() -> None:
    assert Tower.build().settle("quiet").state == "quiet"
    with pytest.raises(Malformed):
        Tower.build().settle("loud")
    with pytest.raises(Refused):
        Tower.build().close().settle("quiet")


def test_an_act_on_a_part_moves_that_part_alone() -> None:
    tower = Tower.build().hang().hang().ring("b1").ring("b1")
    assert [bell.state for bell in tower.bells] == ["hung", "rung"]
    with pytest.raises(Refused) as caught:
        tower.ring("b7")
    assert caught.value.codes == ("unknown-part",)
    gone = tower.take(bell="b0").take("b1")
    assert [bell.state for bell in gone.bells] == ["gone", "gone"]
    with pytest.raises(Refused) as caught:
        gone.ring("b0")
    assert caught.value.codes == ("lifecycle",)


def test_a_refusal_by_the_table_names_states_and_no_more() -> None:
    with pytest.raises(Refused) as caught:
        Tower.build().paint("canary-zq").close().close()
    assert str(caught.value) == "tower.close is for open; this is closed [lifecycle]"


def test_the_row_of_a_table_reads_as_it_was_written() -> None:
    rows = parse_table("x", f"{HEADER}\n goals  a,b  adopt  c|d  person|kit  witnessed")
    row = rows["adopt"]
    assert (row.of, row.sources, row.to, row.who) == ("goals", ("a", "b"), "c|d", ("person", "kit"))
    assert row.strength.name == "witnessed"
    assert not row.creates


# -- the core's own --------------------------------------------------------------------------------


def test_every_kind_has_a_place_and_one_name(kind: type[Any]) -> None:
    assert core_kind(kind.kind) is kind
    assert named(kind.__name__) is kind
    assert PLACES[kind.kind] == (NAMES[kind.__name__], kind.__name__)
    assert make(kind).kind == kind.kind
    assert core_kind("no such kind") is None


def test_every_field_of_every_kind_has_a_class_and_every_text_about_people_a_private_one(
    kind: type[Any],
) -> None:
    """Names of fields that hold what people say or are, wherever they stand."""
    private = {"words", "note", "hopes", "why", "answer", "own_answer", "reach", "address", "name"}
    outside = {("service", "name"), ("organization", "name"), ("recipient", "name"), ("program", "name")}
    for field, found in kind.field_classes.items():
        assert found in set(Class)
        if field in private and (kind.kind, field) not in outside:
            assert found not in {Class.operational, Class.public}, f"{kind.kind}.{field}"


def test_every_act_says_what_it_means(kind: type[Any]) -> None:
    assert kind.__doc__
    for name in kind.table:
        assert (getattr(kind, name).__doc__ or "").strip(), f"{kind.kind}.{name}"


def test_records_are_frozen_and_hashable(kind: type[Any]) -> None:
    made = make(kind)
    for field in attrs.fields(kind):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(made, field.name, None)
