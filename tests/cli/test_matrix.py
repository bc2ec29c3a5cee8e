# SPDX-License-Identifier: Apache-2.0
"""The matrix of rights at a keyboard: `peerkit act`, in this process, and a sample as processes of their own.

The town and the interpreter are those of `rights_matrix`. The command line can only act on what its user
may read, so its answer is the interpreter's, narrowed by that.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rights_matrix as matrix

import peerkit
from peerkit import Actor, Person
from peerkit.kinds import core_kind
from peerkit.model.base import Record

Run = Callable[..., Any]
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SETTINGS = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
}
TABLES = ("kit-only", "lane", "lifecycle", "no-right", "not-their-account", "not-theirs", "too-weak")
"""What the tables refuse with; a rule over the whole commit has other words."""
SAID = {"own": (), "spoken": ("--how", "spoken"), "paper": ("--how", "paper", "--evidence", "binder")}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("town") / "town.db"
    built = matrix.Town(f"sqlite:///{path}", settings=SETTINGS)
    built.kit.close()
    built.path = path
    return built


@pytest.fixture
def town(template: Any, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """A copy of the town each time, with its kit open to prepare what the command is to meet."""
    made: list[Any] = []

    def copy() -> Any:
        path = tmp_path / f"{len(made)}.db"
        shutil.copy(template.path, path)
        there = object.__new__(matrix.Town)
        there.ids, there.values, there.url = template.ids, {}, f"sqlite:///{path}"
        there.kit = peerkit.open(there.url, discover=False)
        made.append(there)
        return there

    yield copy
    for there in made:
        there.kit.close()


def write(town: Any, record: Any) -> Any:
    """The record as it is, stored."""
    town.kit.write([record])
    own = record.kind in matrix.OWN
    with town.kit.session(actor=Actor(record.author) if own else Actor.system("test")) as s:
        return s.get(type(record), record.id)


def target(town: Any, cell: Any) -> Any:
    """What the act is made on: stored, in the state of the cell. None where it creates."""
    kind = core_kind(cell.kind)
    if matrix.begun(cell.line):
        return None
    with town.kit.session(actor=Actor.system("test")) as s:
        if kind.kind == "program":
            return s.find(kind)[0]
        if kind.kind == "person":
            maya = s.get(kind, town.ids["maya"])
            gone = {"left": "leave", "died": "mark_died"}.get(cell.state)
            return maya if gone is None else write(town, getattr(maya, gone)())
    return write(town, matrix.record_of(town, kind, cell.state, cell.line.get("part", ""), stored=True))


def told(town: Any, cell: Any) -> dict[str, Any]:
    """The act's arguments as JSON; the records that they speak of are stored first."""
    kind, given = core_kind(cell.kind), {}
    known = matrix.arguments(town, kind, cell.act)
    if matrix.begun(cell.line):
        known = dict(matrix.made(town, cell).trail.acts[-1].args) | known
    people = {*matrix.whom(kind), *matrix.PLACES_OUTSIDE}
    for name, value in known.items():
        held = value
        if isinstance(value, Person):
            held = value  # who lives here is stored already
        elif isinstance(value, Record) or (name in matrix.KINDS and name not in people):
            of = type(value) if isinstance(value, Record) else core_kind(name)
            part = "goals" if hasattr(value, "goals") else ""
            held = write(town, matrix.record_of(town, of, "", part, stored=True))
        given[name] = matrix.as_json(held)
    return given


GIVES = {
    ("relationship", "agreed"): {"supporter": frozenset({"maya"})},
    ("relationship", "paused"): {"supporter": frozenset({"maya"})},
    ("peer_supporter", "active"): {"supervisor": frozenset({"maya"})},
}
"""What Ula may do since the record that the cell is about stands in the town."""


def expected(town: Any, cell: Any, record: Any) -> bool:
    """Whether it goes through at a keyboard: the interpreter's answer, of what the actor may read."""
    stands = () if record is None else (record.kind, cell.state)
    matrix.ROLES["ula"] = GIVES.get(stands, {})
    try:
        return _expected(town, cell, record)
    finally:
        matrix.ROLES["ula"] = {}


def _expected(town: Any, cell: Any, record: Any) -> bool:
    if cell.kind == "wall" and cell.state == "standing" and cell.who.name == "ula" and cell.way != "own":
        return False  # behind this wall she reads nothing about whose word it is
    if not matrix.allowed(town, cell):
        return False
    whose = {("id", matrix.decider(cell))}
    if cell.way != "own" and not matrix.readable(core_kind("person"), cell.who, whose):
        return False
    if record is not None:
        return matrix.readable(type(record), cell.who, matrix.subjects_of(town, record))
    spoken_of = list(matrix.arguments(town, core_kind(cell.kind), cell.act).values())
    return all(
        matrix.readable(type(v), cell.who, matrix.subjects_of(town, v))
        for v in spoken_of
        if isinstance(v, Record)
    )


def words(town: Any, cell: Any, record: Any) -> tuple[str, ...]:
    on = cell.kind if record is None else f"{record.kind}/{record.id}"
    who = () if cell.way == "own" else ("--decided-by", town.ids[matrix.decider(cell)], *SAID[cell.way])
    role = ("--as", cell.who.role) if cell.who.role else ()
    return ("act", on, cell.act, "--with", "-", "--db", town.url, *who, *role)


def chosen() -> list[Any]:
    """For each act its cells, in an order that is the same each time: the first of each answer are met."""
    chance, found = random.Random("the matrix at a keyboard"), []
    for name in matrix.KINDS:
        if core_kind(name).lane:
            continue  # commands of their own
        cells = [
            c
            for c in matrix.cells(name, legal=True)
            if c.way in SAID and c.who.name != "system" and c.state != "merged"
        ]
        chance.shuffle(cells)
        found += [[c for c in cells if c.act == act] for act in matrix.LIFE[name]]
    return [one for one in found if one]


ACTS = chosen()


COUNT: Counter[str] = Counter()


def check(town: Any, cell: Any, code: int, error: str, record: Any) -> bool:
    """Whether the answer fits; True if it went through."""
    fits = expected(town, cell, record)
    refused_by_tables = any(f"[{one}]" in error for one in TABLES) or code == 3
    if fits:
        assert not refused_by_tables, (cell, error)
        assert code in {0, 1, 2, 6}, (cell, code, error)
    else:
        assert code in {1, 3}, (cell, code, error)
        assert refused_by_tables or "no such role" in error, (cell, code, error)
    went = code in {0, 6}
    COUNT["through" if went else "refused" if not fits else "refused by a rule of the whole"] += 1
    return went


def position(town: Any) -> int:
    return town.kit.feed.look()


@pytest.mark.parametrize(
    ("number", "cells"), list(enumerate(ACTS)), ids=[f"{c[0].kind}.{c[0].act}" for c in ACTS]
)
def test_at_a_keyboard_an_act_goes_through_as_the_tables_say(
    run: Run, town: Callable[[], Any], template: Any, number: int, cells: list[Any]
) -> None:
    """In a town of its own, a yes where there is one, and for every third act a no too; at night forty of
    each. A refusal leaves its row and nothing else."""
    may = any(matrix.allowed(template, cell) for cell in cells)
    left = {True: 40, False: 40} if LONG else {True: 1, False: int(not may or number % 3 == 0)}
    for cell in cells:
        allowed = matrix.allowed(template, cell)
        if not left[allowed]:
            if not any(left.values()):
                break
            continue
        left[allowed] -= 1
        there = town()
        record = target(there, cell)
        given = json.dumps(told(there, cell))
        before = position(there)
        result = run(*words(there, cell, record), login=cell.who.name, input=given)
        went = check(there, cell, result.exit_code, result.output, record)
        page = there.kit.changes(limit=1000)
        new = [one for one in page.envelopes if one.position > before]
        assert not page.more
        if not went:
            assert {one.kind for one in new} <= {"refusal", "read"}, (cell, new)


@pytest.fixture(scope="module")
def fifty(template: Any) -> list[Any]:
    """Half of them go through, half do not; the same fifty each time."""
    chance, whole = random.Random("fifty"), [c for cells in ACTS for c in cells]
    found: dict[bool, list[Any]] = {True: [], False: []}
    while min(map(len, found.values())) < 25:
        cell = chance.choice(whole)
        found[matrix.allowed(template, cell)].append(cell)
    return [*found[True][:25], *found[False][:25]]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(5))
def test_fifty_of_them_as_processes_of_their_own(
    process: Run, town: Callable[[], Any], fifty: list[Any], number: int
) -> None:
    """The same with `python -m peerkit`: its human is the login of whoever runs it, linked to the actor."""
    from peerkit.cli.app import login

    for cell in fifty[number::5]:
        there = town()
        there.kit.link("login", login(), there.ids[cell.who.name])
        record = target(there, cell)
        given = json.dumps(told(there, cell)).encode()
        result = process(*words(there, cell, record), input=given, stdin=None)
        check(there, cell, result.returncode, (result.stdout + result.stderr).decode(), record)


def test_both_answers_were_met_often() -> None:
    """Counted over what ran before it, where that was all of it."""
    print(f"\nat a keyboard: {dict(COUNT)}")  # noqa: T201  # shown with -s
    if sum(COUNT.values()) >= 150:
        assert COUNT["through"] >= 60
        assert COUNT["refused"] >= 40
