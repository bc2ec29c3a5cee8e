# SPDX-License-Identifier: Apache-2.0
"""The file as other tools see it: a view per kind, nobody's story, and plans that use the indexes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from peerkit.ports import Condition, Query
from peerkit.storage.sqlite import SqliteStorage
from peerkit.storage.sqlite.conditions import Sql
from peerkit.storage.sqlite.kinds import plural
from peerkit.storage.sqlite.reading import Phase, page, phases
from peerkit.testing.storage.parts import batch, change, put

STORY = "nobody-may-read-this-story"


@pytest.fixture
def tool(store: SqliteStorage, file: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection to the file of a store with something in it."""
    story = json.dumps({"words": STORY}).encode()
    for number in range(3):
        idx = {
            "state": "open",
            "on": f"2026-12-0{number + 1}",
            "select": number,
            "tags": ["a", "b"],
            "Id": number,
        }
        put(store, f"t{number}", kind="task", idx=idx, body=story, args=story, subjects=[("person", "p1")])
    put(store, "t0", kind="task", idx={"state": "done", "on": None}, body=story, args=story)
    put(store, "p1", kind="person", idx={"state": "here"}, body=story)
    with closing(sqlite3.connect(file)) as db:
        db.row_factory = sqlite3.Row
        yield db


def test_each_kind_has_a_view_in_columns(tool: sqlite3.Connection) -> None:
    rows = [dict(row) for row in tool.execute("SELECT * FROM tasks ORDER BY id")]
    assert rows[0] == {
        "id": "t0",
        "version": 2,
        "changed_at": "2026-11-22T09:30:00.000000Z",
        "state": "done",
        "on": None,
        "select": None,
        "tags": None,
        "Id_": None,
    }
    assert (rows[1]["on"], rows[1]["select"], rows[1]["tags"]) == ("2026-12-02", 1, '["a","b"]')
    assert [row["state"] for row in tool.execute("SELECT * FROM people")] == ["here"]


def test_a_view_grows_with_its_kind(store: SqliteStorage, tool: sqlite3.Connection) -> None:
    put(store, "t1", kind="task", idx={"state": "open", "owner": "p1"})
    assert tool.execute('SELECT "on", owner FROM tasks WHERE id = ?', ("t1",)).fetchone()[1] == "p1"


def test_views_cannot_be_written_to(tool: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="cannot modify tasks because it is a view"):
        tool.execute("UPDATE tasks SET state = 'done'")


def test_no_text_anywhere_tells_a_story(tool: sqlite3.Connection) -> None:
    """What a tool shows of people's words are blobs: Datasette and sqlite-utils print their size."""
    names = [row[0] for row in tool.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    blobs = 0
    for name in names:
        for row in tool.execute(f'SELECT * FROM "{name}"'):
            assert not any(isinstance(value, str) and STORY in value for value in row), name
            blobs += sum(isinstance(value, bytes) and STORY.encode() in value for value in row)
    assert blobs > 0


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("person", "people"),
        ("activity", "activities"),
        ("day", "days"),
        ("goal_plan", "goal_plans"),
        ("access", "accesses"),
        ("drill_box", "drill_boxes"),
        ("y", "ies"),
    ],
)
def test_plurals(kind: str, name: str) -> None:
    assert plural(kind) == name


def test_kinds_named_like_tables_or_like_each_other(opened: Callable[..., SqliteStorage], file: Path) -> None:
    store = opened()
    kinds = [
        "record",
        "change",
        "mark",
        "kind",
        "people",
        "person",
        "sqlite_thing",
        'odd "kind"',
        "k'ind",
        "Task",
        "task",
    ]
    for kind in kinds:
        put(store, f"of {kind}", kind=kind, idx={"state": kind, "it's": 1, 'quo"te': 2})
    with closing(sqlite3.connect(file)) as db:
        views = dict(db.execute("SELECT name, view FROM kind"))
        assert set(views) == set(kinds)
        assert len({view.lower() for view in views.values()}) == len(kinds)
        for kind, view in views.items():
            quoted = view.replace('"', '""')
            assert db.execute(f'SELECT id, state, "it\'s" FROM "{quoted}"').fetchall() == [
                (f"of {kind}", kind, 1)
            ]
    assert all(store.count(Query(kind)) == 1 for kind in kinds)


def test_the_command_of_sqlite_utils_understands_the_file(tool: sqlite3.Connection, file: Path) -> None:
    def run(*args: str) -> str:
        command = [sys.executable, "-m", "sqlite_utils", *args]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    views = json.loads(run("views", str(file), "--counts"))
    assert {one["view"]: one["count"] for one in views} == {"tasks": 3, "people": 1}
    rows = json.loads(run("rows", str(file), "tasks", "--limit", "1"))
    assert rows[0]["version"] in {1, 2}
    assert STORY not in run("dump", str(file)).replace("x'", "")
    assert '"on"' in run("schema", str(file), "tasks")


def plan(db: sqlite3.Connection, sql: Sql) -> list[str]:
    """How SQLite goes about a statement."""
    return [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql.text}", sql.values)]


def test_a_scoped_page_starts_from_the_subjects(tool: sqlite3.Connection) -> None:
    """Whatever the size of the kind: first the subject's rows, then their heads, then their bodies."""
    query = Query(
        "task",
        (Condition("on", "<=", "2027"), Condition("state", "==", "open")),
        order="on",
        allow=frozenset({("person", "p1"), ("owner", "p1")}),
    )
    steps = plan(tool, page(query, Phase(), "", 50))
    wanted = [
        "SEARCH s USING PRIMARY KEY (subject=? AND relation=? AND kind=?)",
        "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)",
    ]
    assert [step for step in steps if step in wanted] == wanted
    assert not [step for step in steps if step.startswith(("SCAN r", "SCAN s", "SCAN c"))]


@pytest.mark.parametrize(  # each row: conditions and order, the index, whether the rest is sorted
    ("asked", "index", "sorts"),
    [
        (Query("task", (Condition("on", "<=", "2027"),), "on"), "task by on", False),
        (Query("task", (Condition("on", ">", "2025"),), "-on"), "task by on", False),
        (Query("task", (), "on"), "task by on", False),
        (Query("task", (Condition("state", "==", "open"),), "on"), "task by state on", False),
        (
            Query("task", (Condition("state", "==", "open"), Condition("on", "<", "2027")), "on"),
            "task by state on",
            False,
        ),
        (Query("task", (Condition("state", "in", ["open", "done"]),)), "task by state on", True),
        (Query("task", (Condition("state", "!=", "open"),), "on"), "task by on", False),
        (Query("task", (Condition("tags", "has", "a"),)), "", False),
    ],
)
def test_a_page_of_everybody_uses_the_index_that_was_asked_for(
    store: SqliteStorage, tool: sqlite3.Connection, asked: Query, index: str, *, sorts: bool
) -> None:
    store.ensure_indexes({"task": ("on", "state on")})
    assert store._hint(asked) == index
    steps = plan(tool, page(asked, Phase(), index, 50))
    if index:
        assert any(f"USING INDEX {index}" in step for step in steps)
    inner = steps[: steps.index("SCAN p")]
    assert ("USE TEMP B-TREE FOR ORDER BY" in inner) == sorts
    assert store.find(asked).rows is not None


def test_a_page_behind_a_cursor_uses_the_index_too(store: SqliteStorage, tool: sqlite3.Connection) -> None:
    store.ensure_indexes({"task": ("on",)})
    query = Query("task", order="on", limit=1)
    after = Query("task", order="on", limit=1, after=store.find(query).after)

    for phase in phases(after, store.incarnation):
        steps = plan(tool, page(after, phase, "task by on", 2))
        assert any("r USING INDEX task by on" in step for step in steps)
        assert "USE TEMP B-TREE FOR ORDER BY" not in steps[: steps.index("SCAN p")]


def test_a_view_uses_the_index_as_well(store: SqliteStorage, tool: sqlite3.Connection) -> None:
    store.ensure_indexes({"task": ("state",)})
    steps = plan(tool, Sql("SELECT * FROM tasks WHERE state = 'open'"))
    assert any("INDEX task by state" in step for step in steps)


def test_positions_are_looked_up_not_counted(store: SqliteStorage, tool: sqlite3.Connection) -> None:
    store.commit(batch(*[change(f"n{n}") for n in range(20)]))
    steps = plan(tool, Sql("SELECT max(position) FROM change WHERE kind = ?", ("task",)))
    assert steps == ["SEARCH change USING COVERING INDEX idx_change_kind_position (kind=?)"]
