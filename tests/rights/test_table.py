# SPDX-License-Identifier: Apache-2.0
"""The rights table fits the kinds, compiles to one scope for every way of asking, and says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import peerkit
from peerkit import Actor, Decision, Malformed, PluginError, hookimpl
from peerkit.hooks import Kind
from peerkit.kinds import PLACES, core_kind
from peerkit.model.acts import act
from peerkit.model.base import Operational, Record, record
from peerkit.model.program import OFFICES
from peerkit.rights import CORE, Grants, Rights, parse
from peerkit.storage.conditions import visible
from peerkit.testing import make

ROWS = parse(CORE, "peerkit")
RIGHTS = Rights(ROWS)
DERIVED = {"anyone", "break-glass", "alerted", "called", "supporter", "cover", "supervisor", *OFFICES}

KIT_ONLY = {
    ("program", "found"),
    ("referral", "hand_over"),
    ("relationship", "rest_over"),
    ("relationship", "goodbye_due"),
    ("credential", "run_low"),
    ("credential", "run_out"),
    ("task", "ask_too"),
    ("peer_supporter", "debrief_next"),
    ("review", "follow"),
    ("review", "fall_due"),
    ("follow_up", "fall_due"),
    ("safety_plan", "fall_due"),
    ("notice", "hand_over"),
    ("break_glass", "begin"),
    ("break_glass", "show"),
    *(("merge", act) for act in ("begin", "finish", "part", "parted")),
    *(("person", act) for act in ("guard", "merge", "part")),
    *((kind, act) for kind in PLACES if core_kind(kind).kit_only for act in core_kind(kind).table),
}
"""What the kit alone writes: no row may give it to anybody."""


def test_every_row_names_a_kind_its_acts_and_a_role_that_there_is() -> None:
    for row in ROWS:
        if row.kind == peerkit.Opaque.kind:  # what no code here knows: read by envelope, by two offices
            assert (row.role in OFFICES, row.read, row.acts) == (True, True, frozenset())
            continue
        kind = core_kind(row.kind)
        assert kind is not None, row
        assert row.acts <= {*kind.table, "*"}, row
        role, _, field = row.role.partition(":")
        assert not field or field in kind.subject_fields, row
        assert role in ({"own", "alone", "stand-in", "called", "alerted"} if field else DERIVED), row


def test_every_act_can_be_recorded_by_somebody_or_is_the_kits_alone() -> None:
    for name in PLACES:
        kind = core_kind(name)
        if kind.lane:
            continue
        for one, row in kind.table.items():
            somebody = any(r.kind == name and r.may(one) for r in ROWS)
            assert somebody is ((name, one) not in KIT_ONLY), f"{name}.{one}"
            if row.who == ("kit",):
                assert (name, one) in KIT_ONLY


def test_every_kind_is_read_by_somebody() -> None:
    assert {row.kind for row in ROWS if row.read} == {*PLACES, peerkit.Opaque.kind}


def test_whose_decision_it_is_can_be_recorded_by_themselves() -> None:
    """Nobody needs another to decide what is theirs, but to say that they want it."""
    through_others = {("peer_supporter", "welcome"), ("peer_role", "take_on")}  # the program gives a role
    through_others |= {("progress", "note"), ("person", "enrol")}
    for name in PLACES:
        kind = core_kind(name)
        for one, row in kind.table.items():
            if kind.lane or (name, one) in through_others or "person" not in row.who:
                continue
            assert any(r.kind == name and r.role == "own:person" and r.may(one) for r in ROWS), (
                f"{name}.{one}"
            )


@pytest.mark.parametrize(
    "line",
    [
        "coordinator person yes",
        "coordinator person maybe -",
        "coordinator person yes - more",
        "coordinator",
        "coordinator person YES -",
    ],
)
def test_a_line_that_does_not_fit_is_named(line: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(f"role kind read acts\nanyone person yes -\n{line}", "garden")
    assert caught.value.where == "garden: line 3"


def test_rows_read_as_they_were_written() -> None:
    first, second = parse("role kind read acts\nown:person bed no *\nsupporter bed yes plant,water")
    assert (first.role, first.kind, first.read, first.may("anything")) == ("own:person", "bed", False, True)
    assert (second.may("plant"), second.may("dig"), second.acts) == (
        True,
        False,
        frozenset({"plant", "water"}),
    )


# -- one scope for every way of asking -------------------------------------------------------------

IDS = st.sampled_from(["a", "b", "c", "me"])


@given(
    roles=st.dictionaries(st.sampled_from(sorted(DERIVED)), st.none() | st.frozensets(IDS), max_size=4),
    kind=st.sampled_from(sorted(PLACES)),
    role=st.sampled_from(["", "person", "supporter", "coordinator"]),
    data=st.data(),
)
def test_what_may_be_found_is_what_may_be_got(roles: Any, kind: str, role: str, data: st.DataObject) -> None:
    """The compiled scope and the judgement of one record agree, for any grants and any record."""
    cls = core_kind(kind)
    grants = Grants(Actor("me", role=role), {"anyone": None, **roles})
    relation = cls.subject_fields[0] if cls.subject_fields else ""
    subjects = tuple((name, data.draw(IDS)) for name in cls.subject_fields)
    allowed = visible(RIGHTS.allow(kind, relation, grants), subjects)
    assert allowed == any(
        row.read and reaches(row, relation, grants, subjects) for row in ROWS if row.kind == kind
    )
    if allowed:
        assert RIGHTS.knows(kind, grants)


def reaches(row: Any, relation: str, grants: Grants, subjects: Any) -> bool:
    """The table's own words, told once more without compiling anything."""
    name = row.role.removeprefix("own:")
    if row.role.startswith("own:"):
        narrowed = name in {"person", "id"} and grants.actor.role not in {"", "person"}
        return not narrowed and (name, grants.actor.person) in subjects
    role, _, field = row.role.partition(":")
    persons = grants.reach(role)
    if field:
        return any(r == field and who in (persons or ()) for r, who in subjects)
    if not subjects and persons:
        return True  # a kind about nobody: having the role at all is enough
    return persons is None or any(r == relation and who in persons for r, who in subjects)


@given(persons=st.frozensets(IDS), act_name=st.sampled_from(["suggest", "adopt", "begin"]), of=IDS)
def test_what_may_be_recorded_follows_the_same_reach(persons: frozenset[str], act_name: str, of: str) -> None:
    grants = Grants(Actor("x"), {"anyone": None, "supporter": persons})
    assert RIGHTS.may(act_name, make(peerkit.GoalPlan, person=of), grants) is (of in persons)


# -- plugins' rows ---------------------------------------------------------------------------------


@record(
    "bed",
    """
    of  from  act    to  who     strength
    -   -     plant  =   anyone  none
    """,
    subjects="person",
)
class Bed(Record):
    person: Operational[str]

    @classmethod
    @act
    def plant(cls, *, person: str, by: Decision | None = None) -> Any:
        return cls(person=person)


class Garden:
    name = "garden"

    def __init__(self, rights: str) -> None:
        self.rights = rights

    @hookimpl
    def peerkit_supply(self) -> Any:
        return [Kind(Bed, rights=self.rights)]


def test_a_plugin_brings_rows_for_its_own_kind() -> None:
    rows = "role kind read acts\ncoordinator bed yes plant\nown:person bed yes -"
    with peerkit.open("memory:", plugins=[Garden(rows)], discover=False) as kit:
        with kit.session() as s:
            maya = s.save(peerkit.Person.enrol(name="Maya"))
            bed = s.save(Bed.plant(person=maya.id))
        with kit.session(actor=maya) as s:
            assert s.get(Bed, bed.id).person == maya.id
            with pytest.raises(peerkit.Refused):
                s.save(Bed.plant(person=maya.id))


def test_a_plugin_gives_nobody_rights_over_a_kind_of_the_core() -> None:
    rows = "role kind read acts\nanyone goal_plan yes *"
    with pytest.raises(PluginError, match="garden"):
        peerkit.open("memory:", plugins=[Garden(rows)], discover=False)


def test_a_kind_without_rows_is_nobodys() -> None:
    with peerkit.open("memory:", plugins=[Garden("")], discover=False) as kit, kit.session() as s:
        with pytest.raises(peerkit.Refused):
            s.find(Bed)
        with pytest.raises(peerkit.Refused):
            s.save(Bed.plant(person=s.actor.person))
