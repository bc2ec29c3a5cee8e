# SPDX-License-Identifier: Apache-2.0
"""Nothing of what was erased is left in the file, its log, an index or the search: looked for in bytes."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from peerkit.ports import Query
from peerkit.storage.sqlite import SqliteStorage, erasing
from peerkit.testing.storage.parts import batch, change, put, redaction


def at_rest(file: Path) -> bytes:
    """Everything on disk: the file, the write-ahead log and its index."""
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


def mark(number: int) -> str:
    """A marker of its own for each record, as one word."""
    return f"zq{number:05d}finch"


def plant(store: SqliteStorage, numbers: range, seed: int) -> None:
    """Records of all sizes, in several versions, in an order that makes pages split and merge."""
    dice = random.Random(seed)
    for number in numbers:
        for _ in range(dice.choice([1, 1, 2, 3])):
            fill = "x" * dice.choice([0, 10, 90, 700, 2500, 9000])
            put(
                store,
                f"{dice.random() if number % 2 else ''}r{number}",
                kind="service",
                body=f"{mark(number)} {fill}".encode(),
                args=f"{fill} {mark(number)}".encode(),
                idx={"name": f"{mark(number)} {fill[:300]}", "on": number, "tags": [mark(number)]},
                text=f"{mark(number)}\nfood {fill[:200]}" if number % 3 == 0 else "",
                subjects=[("person", f"p{number % 7}")],
            )


def names_of(store: SqliteStorage, numbers: set[int]) -> list[str]:
    """The ids of the records with these numbers."""
    page = store.find(Query("service", limit=10_000))
    return [r.envelope.id for r in page.rows if int(r.envelope.id.rpartition("r")[2]) in numbers]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_marker_is_left_among_hundreds_of_others(
    opened: Callable[..., SqliteStorage], file: Path, seed: int
) -> None:
    store = opened(options="?synchronous=off")
    store.ensure_indexes({"service": ("name", "on name")})
    plant(store, range(300), seed)
    gone = set(random.Random(seed).sample(range(300), 100))
    assert all(mark(number).encode() in at_rest(file) for number in gone)
    for part in (sorted(gone)[:50], sorted(gone)[50:]):
        names = names_of(store, set(part))
        assert not store.erase(names, redaction(*names, record=f"redaction{part[0]}")).pending
        plant(store, range(300 + part[0] * 10, 300 + part[0] * 10 + 5), seed)
    left = at_rest(file)
    assert [number for number in gone if mark(number).encode() in left] == []
    assert [n for n in set(range(300)) - gone if mark(n).encode() not in left] == []
    verdict = store.verify()
    assert verdict.intact, verdict.problems
    blank = [s for r in names_of(store, gone) for s in store.history("service", r)]
    assert verdict.erased == len(blank) == sum(s.body is None for s in blank)


@pytest.mark.parametrize("seed", [1, 2])
def test_bodies_are_gone_from_large_files_too_without_writing_them_anew(
    opened: Callable[..., SqliteStorage], file: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bodies, arguments and salts are overwritten where they stand; only projections may leave copies
    in unused parts of pages, and for those the answer says *pending* until the file is compacted."""
    monkeypatch.setattr(erasing, "COMPACT_AT_ONCE", 0)
    store = opened(options="?synchronous=off")
    for number in range(400):
        put(store, f"r{number}", kind="service", body=f"body-{mark(number)}".encode() * (1 + number % 90))
    gone = set(random.Random(seed).sample(range(400), 150))
    names = names_of(store, gone)
    assert store.erase(names, redaction(*names)).pending
    left = at_rest(file)
    assert [number for number in gone if f"body-{mark(number)}".encode() in left] == []
    put(store, "later")
    assert store.compact()
    assert not store.erase([], redaction(record="another")).pending or store.compact()


def test_salts_go_with_the_bodies(store: SqliteStorage, file: Path) -> None:
    put(store, "a", body=b'{"q5":"yes"}')
    with closing(sqlite3.connect(file)) as db:
        salt = db.execute("SELECT salt FROM change").fetchone()[0]
    assert salt in at_rest(file)
    store.erase(["a"], redaction("a"))
    assert salt not in at_rest(file)


def test_words_of_erased_texts_are_forgotten_but_those_of_others_kept(
    store: SqliteStorage, file: Path
) -> None:
    put(store, "a", kind="service", text="Zebrafinch Bank\nfood")
    put(store, "b", kind="service", text="Daily Bread\nfood and more food")
    store.erase(["a"], redaction("a"))
    with closing(sqlite3.connect(file)) as db:
        words = dict(db.execute("SELECT word, records FROM word"))
        assert words == {"daily": 1, "bread": 1, "food": 1, "and": 1, "more": 1}
        grams = {word for (word,) in db.execute("SELECT DISTINCT word FROM gram")}
        assert grams == set(words)
        db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'search_fts', 'row')")
        assert {term for (term,) in db.execute("SELECT term FROM temp.terms")} == set(words)
    assert b"zebrafinch" not in at_rest(file).lower()


def test_a_reader_holds_it_back_and_the_next_write_completes_it(store: SqliteStorage, file: Path) -> None:
    put(store, "a", body=b"secret-of-maya", idx={"name": "secret-of-maya"})
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM change").fetchone()
        assert store.erase(["a"], redaction("a")).pending
        got = store.get("note", "a")
        assert got is not None
        assert got.body is None
        assert b"secret-of-maya" in at_rest(file)
        put(store, "b")  # writing goes on meanwhile
        assert b"secret-of-maya" in at_rest(file)
        reader.execute("COMMIT")
    store.mark("heartbeat", "1")
    assert b"secret-of-maya" not in at_rest(file)
    assert store.verify().intact


def test_what_a_reader_held_back_is_completed_after_the_process_ended(
    opened: Callable[..., SqliteStorage], file: Path
) -> None:
    store = opened()
    put(store, "a", body=b"secret-of-maya")
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM change").fetchone()
        assert store.erase(["a"], redaction("a")).pending
        store.close()
        assert b"secret-of-maya" in at_rest(file)
    again = opened()
    put(again, "b")
    assert b"secret-of-maya" not in at_rest(file)


def test_closing_completes_it_too(store: SqliteStorage, file: Path) -> None:
    put(store, "a", body=b"secret-of-maya")
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM change").fetchone()
        assert store.erase(["a"], redaction("a")).pending
        reader.execute("COMMIT")
    store.close()
    assert b"secret-of-maya" not in at_rest(file)


def test_one_page_of_a_find_pins_nothing(store: SqliteStorage, file: Path) -> None:
    """A page that was read in part, or a feed walked half, leaves the log free to be moved."""
    for number in range(30):
        put(store, f"r{number}", idx={"on": number}, text="garden")
    half = store.find(Query("note", limit=3, order="on")), store.changes(None, 5), store.dump(0, 2)
    store.search("garden", Query("note", limit=2))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        busy, _, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0
    assert file.with_name(f"{file.name}-wal").stat().st_size == 0
    assert half[0].after is not None


def test_a_large_batch_is_erased_as_one(store: SqliteStorage, file: Path) -> None:
    store.commit(batch(*[change(f"r{n}", body=f"secret-{n:04d}".encode()) for n in range(500)]))
    names = [f"r{n}" for n in range(500)]
    assert store.erase(iter(names), redaction(*names)).versions == 500
    assert b"secret-" not in at_rest(file)
