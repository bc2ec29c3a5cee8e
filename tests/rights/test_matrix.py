# SPDX-License-Identifier: Apache-2.0
"""Every act of every kind, by everybody, in every state, with every way of deciding: through, or refused,
exactly as the tables say, by an interpreter that knows nothing of the code (`rights_matrix`)."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rights_matrix as matrix

import peerkit
from peerkit import Actor, Conflict, Malformed, NotFound, Refused
from peerkit.kinds import core_kind

SETTINGS = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
}
AT_ONCE = {
    "kit-only",
    "lane",
    "lifecycle",
    "no-right",
    "not-their-account",
    "not-theirs",
    "system-decides",
    "too-weak",
}
"""What is said at the line of `save`, from the record alone."""

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SIZE: Counter[str] = Counter()


@pytest.fixture(scope="module")
def town() -> Iterator[Any]:
    built = matrix.Town("memory:", settings=SETTINGS)
    yield built
    built.kit.close()


def _feed(kit: Any, after: str | None) -> tuple[list[Any], str | None]:
    """Everything in the feed behind a cursor, and where it ends now."""
    found: list[Any] = []
    while True:
        page = kit.changes(after=after, limit=1000)
        found += page.envelopes
        if not page.envelopes:
            return found, after
        after = page.cursor


@pytest.mark.parametrize("name", matrix.KINDS)
def test_every_cell_is_as_the_tables_say(town: Any, name: str) -> None:
    """At the line where it is saved; what is refused leaves one row without content, and nothing else."""
    kit = town.kit
    _, cursor = _feed(kit, None)
    refusals, wrong = 0, []
    for cell in matrix.cells(name):
        SIZE[name] += 1
        if not matrix.lawful(cell.line, cell.state):
            assert matrix.refused_early(town, cell)
            continue
        expected = matrix.allowed(town, cell)
        record = matrix.made(town, cell)
        codes: tuple[str, ...] = ()
        with kit.session(actor=cell.who.actor(town.ids)) as s:
            try:
                s.save(record)
            except Refused as no:
                codes, refusals = no.codes, refusals + 1
            s._staged.clear()  # looked at, not committed: every cell meets the same town
        assert set(codes) <= AT_ONCE, cell
        if expected is bool(codes):
            wrong.append((cell, codes))
    assert not wrong, f"{len(wrong)} of {SIZE[name]}: {wrong[:5]}"
    left, _ = _feed(kit, cursor)
    assert Counter(one.kind for one in left) == Counter({"refusal": refusals} if refusals else {})


@pytest.mark.parametrize("name", matrix.KINDS)
def test_everybody_reads_what_the_table_says_and_nothing_else(name: str, planted: Callable[..., Any]) -> None:
    kind = core_kind(name)
    town, record = planted(kind)
    about = matrix.subjects_of(town, record)
    for who in matrix.PEOPLE:
        seen: dict[str, bool] = {}
        for way in ("get", "find", "history"):
            with town.kit.session(actor=who.actor(town.ids)) as s:
                try:
                    if way == "find":
                        seen[way] = record.id in {one.id for one in s.find(kind, limit=1000)}
                    else:
                        seen[way] = bool(getattr(s, way)(kind, record.id))
                except (NotFound, Refused):
                    seen[way] = False
        assert set(seen.values()) == {matrix.readable(kind, who, about)}, (name, who, seen)


# -- committed for real ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The town in a file, to be copied."""
    path = tmp_path_factory.mktemp("town") / "town.db"
    built = matrix.Town(f"sqlite:///{path}", settings=SETTINGS)
    built.kit.close()
    built.path = path
    return built


@pytest.fixture
def planted(template: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """A copy of the town with one record of a kind in it, in whatever state."""
    held: list[Any] = []

    def plant(kind: Any, state: str = "", part: str = "") -> Any:
        path = tmp_path / f"{len(held)}.db"
        shutil.copy(template.path, path)
        town = object.__new__(matrix.Town)
        town.ids, town.values = template.ids, {}
        town.kit = peerkit.open(f"sqlite:///{path}", discover=False)
        held.append(town)
        return town, stand(town, kind, state, part)

    yield plant
    for town in held:
        town.kit.close()


def stand(town: Any, kind: Any, state: str, part: str) -> Any:
    """The record of the kind that the town has (Maya herself, the program), else one written as it is."""
    with town.kit.session(actor=Actor.system("test")) as s:
        if kind.kind == "program":
            return s.find(kind)[0]
        if kind.kind == "person":
            maya = s.get(kind, town.ids["maya"])
            gone = {"left": "leave", "died": "mark_died"}.get(state)
            if gone:
                town.kit.write([getattr(maya, gone)()])
            return s.get(kind, town.ids["maya"])
    record = matrix.record_of(town, kind, state, part, stored=True)
    town.kit.write([record])
    with town.kit.session(actor=reader(town, kind)) as s:
        return s.get(kind, record.id)


def reader(town: Any, kind: Any) -> Actor:
    """Who reads whatever there is: a part of the program, but for what only its author ever reads."""
    if kind.kind in matrix.OWN:
        return Actor(town.ids[matrix.whom(kind)["author"]])
    return Actor.system("test")


def offered(name: str) -> list[Any]:
    """For each act in each state from which it may happen, those cells that go through."""
    kind = core_kind(name)
    return [] if kind.lane or kind.kit_only else list(matrix.cells(name, legal=True))


@pytest.mark.parametrize("name", [n for n in matrix.KINDS if offered(n)])
def test_what_may_be_saved_is_committed_or_refused_by_a_rule_of_the_whole(
    name: str, planted: Callable[..., Any], town: Any
) -> None:
    """Stored, acted on and committed: the state is as the truth says; or a rule over the whole commit says
    no, in words that are none of the table's, and leaves nothing but its one row."""
    kind, done = core_kind(name), set()
    for cell in offered(name):
        key = (cell.act, cell.state, cell.who.name if LONG else "")
        if key in done or cell.state == "merged" or not matrix.allowed(town, cell):
            continue
        done.add(key)
        there, record = planted(kind, cell.state, cell.line.get("part", ""))
        _, cursor = _feed(there.kit, None)
        saved, codes = commit(there, cell, record)
        if saved is None:
            assert not codes & AT_ONCE, cell
            left, _ = _feed(there.kit, cursor)
            assert {one.kind for one in left} <= {"refusal"}, cell
            assert len(left) == bool(codes), cell
            SIZE["refused by a rule of the whole"] += 1
            continue
        with there.kit.session(actor=reader(there, kind)) as s:
            now = s.get(kind, saved.id)
        after = [cell.line["to"]] if isinstance(cell.line["to"], str) else cell.line["to"]
        SIZE["committed"] += 1
        if (part := cell.line.get("part")) in {"goals", "entries"}:
            assert after == ["same"] or getattr(now, part)[-1].state in after, cell
        elif after != ["same"]:
            assert now.state in after or there_is_more(there, now, cell), (cell, now)


def commit(town: Any, cell: Any, record: Any) -> tuple[Any, set[str]]:
    """What the cell's act on this record gave; or nothing, and the codes of the refusal."""
    try:
        with town.kit.session(actor=cell.who.actor(town.ids)) as s:
            return s.save(matrix.made(town, cell, record)), set()
    except Refused as no:
        return None, set(no.codes)
    except (Conflict, Malformed):
        return None, set()


def there_is_more(town: Any, now: Any, cell: Any) -> bool:
    """Whether a rule went on from there in the same commit: the version of the act itself is as the truth
    says."""
    with town.kit.session(actor=Actor.system("test")) as s:
        return any(
            one.state in cell.line["to"]
            for one in s.history(type(now), now.id)
            if one.trail.envelope.acts[-1].name == cell.act
        )


def test_the_matrix_is_no_small_one() -> None:
    """Counted by kind, so that a kind which gives no cells is noticed. Runs on what ran before it."""
    cells = {name: sum(1 for _ in matrix.cells(name)) for name in matrix.KINDS}
    assert min(cells.values()) >= len(matrix.PEOPLE) * len(matrix.WAYS)
    assert {who.name for who in matrix.PEOPLE} >= set(matrix.ROLES)
    print(f"\nmatrix: {sum(cells.values())} cells of {len(cells)} kinds; committed: {SIZE['committed']}")  # noqa: T201  # shown with -s
    assert sum(cells.values()) > 20_000
