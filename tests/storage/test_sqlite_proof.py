# SPDX-License-Identifier: Apache-2.0
"""Whatever is edited behind peerkit's back is found by `verify`: column by column, row by row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from peerkit.ports import Verdict
from peerkit.storage.sqlite import SqliteStorage
from peerkit.testing.storage.parts import put, redaction

EDITS = {
    "change.position": "UPDATE change SET position = 99 WHERE position = 2",
    "change.id": "UPDATE change SET id = 'zoe' WHERE position = 2",
    "change.kind": "UPDATE change SET kind = 'task' WHERE position = 2",
    "change.version": "UPDATE change SET version = 7 WHERE position = 2",
    "change.erased": "UPDATE change SET erased = 1 WHERE position = 2",
    "change.erased, back": "UPDATE change SET erased = 0 WHERE position = 4",
    "change.envelope": "UPDATE change SET envelope = replace(envelope, 'maya', 'zoe') WHERE position = 2",
    "change.envelope, no JSON": "UPDATE change SET envelope = 'x' WHERE position = 2",
    "change.salt": "UPDATE change SET salt = zeroblob(32) WHERE position = 2",
    "change.salt, gone": "UPDATE change SET salt = NULL WHERE position = 2",
    "change.body": "UPDATE change SET body = CAST('{}' AS BLOB) WHERE position = 2",
    "change.body, gone": "UPDATE change SET body = NULL, salt = NULL, erased = 1 WHERE position = 2",
    "change.body, filled": "UPDATE change SET body = CAST('{}' AS BLOB) WHERE position = 4",
    "change.args": "UPDATE change SET args = CAST('{\"x\":1}' AS BLOB) WHERE position = 2",
    "change.seal": "UPDATE change SET seal = link WHERE position = 2",
    "change.link": "UPDATE change SET link = seal WHERE position = 2",
    "change, first row gone": "DELETE FROM change WHERE position = 1",
    "change, a row gone": "DELETE FROM change WHERE position = 2",
    "change, last row gone": "DELETE FROM change WHERE position = 6",
    "record.id": "UPDATE record SET id = 'zoe' WHERE id = 'a'",
    "record.kind": "UPDATE record SET kind = 'task' WHERE id = 'a'",
    "record.version": "UPDATE record SET version = 1 WHERE id = 'a'",
    "record.position": "UPDATE record SET position = 1 WHERE id = 'a'",
    "record.position, another's": "UPDATE record SET position = 3 WHERE id = 'a'",
    "record, an older version": "UPDATE record SET position = 1, version = 1 WHERE id = 'a'",
    "record.doc": "UPDATE record SET doc = 9 WHERE id = 'a'",
    "record.subjects": "UPDATE record SET subjects = '[[\"person\",\"zoe\"]]' WHERE id = 'a'",
    "record.subjects, no JSON": "UPDATE record SET subjects = 'x' WHERE id = 'a'",
    "record.idx, no JSON": "UPDATE record SET idx = 'x' WHERE id = 'a'",
    "record.idx": "UPDATE record SET idx = '{\"state\":\"done\"}' WHERE id = 'a'",
    "record.proof": "UPDATE record SET proof = 'x' WHERE id = 'a'",
    "record, gone": "DELETE FROM record WHERE id = 'a'",
    "subject.subject": "UPDATE subject SET subject = 'zoe' WHERE subject = 'p1'",
    "subject.relation": "UPDATE subject SET relation = 'zoe' WHERE subject = 'p1'",
    "subject.kind": "UPDATE subject SET kind = 'task' WHERE subject = 'p1'",
    "subject.record": "UPDATE subject SET record = 2 WHERE subject = 'p1'",
    "subject, gone": "DELETE FROM subject WHERE subject = 'p1'",
    "subject, one more": "INSERT INTO subject VALUES ('zoe', 'person', 'note', 1)",
    "search.name": "UPDATE search SET name = 'Another Place' WHERE text LIKE 'Daily%'",
    "search.text": "UPDATE search SET text = 'Another Place' WHERE text LIKE 'Daily%'",
    "search.tags": "UPDATE search SET tags = 'tdeadbeef' WHERE text LIKE 'Daily%'",
    "search, gone": "DELETE FROM search",
    "search, one more": "INSERT INTO search (key, name, text, tags) VALUES (1, '', 'a story', '')",
}


@pytest.fixture
def head(store: SqliteStorage) -> str:
    """A kept head of a store with two versions of a note, a service, an erased note and more."""
    put(store, "a", subjects=[("person", "p1")], idx={"state": "open"})
    put(store, "a", subjects=[("person", "p1")], idx={"state": "open"})
    put(store, "s", kind="service", text="Daily Bread Food Bank", idx={"name": "Daily Bread"})
    put(store, "gone", body=b"a story of maya's")
    store.erase(["gone"], redaction("gone"))
    put(store, "b")
    return store.verify().head


def edited(store: SqliteStorage, file: Path, *statements: str) -> Verdict:
    """The verdict after somebody edited the file with another tool."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            assert db.execute(statement).rowcount == 1, statement
        db.commit()
    return store.verify()


def test_untouched_it_is_intact(store: SqliteStorage, head: str) -> None:
    verdict = store.verify(head)
    assert (verdict.intact, verdict.anchored, verdict.positions, verdict.erased) == (True, True, 6, 1)


def test_in_what_order_a_projection_names_its_fields_is_no_edit(store: SqliteStorage) -> None:
    lists = {"needs": ["food"], "cities": ["Port Fable"], "languages": ["en", "fr"]}
    put(store, "s", kind="service", text="Daily Bread", idx=lists)
    put(store, "t", kind="service", text="Daily Bread", idx=dict(reversed(lists.items())))
    assert store.verify().problems == ()


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_every_edit_is_found(store: SqliteStorage, file: Path, head: str, edit: str) -> None:
    verdict = edited(store, file, edit)
    assert not verdict.intact
    assert verdict.problems
    assert not any(
        "story" in problem or "Bread" in problem or "p1" in problem for problem in verdict.problems
    )


def test_every_column_of_the_feed_and_the_heads_is_among_the_edits(store: SqliteStorage, file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        for table in ("change", "record", "subject", "search"):
            columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")} - {"key"}
            assert columns == {
                edit.split(",")[0].split(".")[1] for edit in EDITS if edit.startswith(f"{table}.")
            }


def test_a_row_with_a_body_of_its_own_making_is_found(store: SqliteStorage, file: Path, head: str) -> None:
    """Somebody who knows the chain can seal a row anew, but not the rows behind it without the kept head."""
    from peerkit.storage import chain

    with closing(sqlite3.connect(file)) as db:
        rows = db.execute(
            "SELECT position, envelope, salt, body, args FROM change ORDER BY position"
        ).fetchall()
        previous = chain.GENESIS
        for position, envelope, salt, body, args in rows:
            words = b'{"words":"never said"}' if position == 2 else body
            seal = chain.seal_of(salt, words, args)
            old = db.execute("SELECT erased, seal FROM change WHERE position = ?", (position,)).fetchone()
            seal = old[1] if old[0] else seal
            previous = chain.link_of(previous, position, envelope, seal)
            db.execute(
                "UPDATE change SET body = ?, seal = ?, link = ? WHERE position = ?",
                (words, seal, previous, position),
            )
        db.commit()
    assert store.verify().intact  # the file agrees with itself, and says no more than that
    assert not store.verify().anchored
    assert not store.verify(head).intact


def test_rows_cut_off_at_the_end_are_missed_and_their_places_never_given_again(
    store: SqliteStorage, file: Path, head: str
) -> None:
    cursor = store.changes(limit=100).cursor
    verdict = edited(
        store, file, "DELETE FROM record WHERE id = 'b'", "DELETE FROM change WHERE position = 6"
    )
    assert "position 5: rows behind it were deleted" in verdict.problems
    assert put(store, "c") == 7
    assert [e.id for e in store.changes(cursor).envelopes] == ["c"]
    assert not store.verify().intact


def test_problems_are_counted_where_there_are_too_many_to_name(store: SqliteStorage, file: Path) -> None:
    for number in range(130):
        put(store, f"r{number}")
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE change SET seal = 'x'")
        db.commit()
    problems = store.verify().problems
    assert len(problems) == 101
    assert problems[-1].startswith("and ")
