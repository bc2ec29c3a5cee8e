# SPDX-License-Identifier: Apache-2.0
"""A search for words that every second record holds answers without ranking every record that holds one."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from peerkit.model.ids import SystemClock
from peerkit.ports import Query
from peerkit.storage.sqlite import open_sqlite, searching
from peerkit.testing.storage.parts import batch, change

WORDS = ("help", "care", "people", "county", "offers", "program", "home", "visits", "needed", "available")
MANY = 42_000
QUERY = Query("service", limit=10)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each record holds six of the words, so each word is in 25,200 of them, and no record holds all."""
    file = tmp_path_factory.mktemp("common") / "program.db"
    sixes = itertools.cycle(itertools.combinations(WORDS, 6))
    texts = [f"Entry {n}\n{' '.join(next(sixes))}" for n in range(MANY)]
    with closing(open_sqlite(f"sqlite:///{file}?synchronous=off", SystemClock(), create=True)) as store:
        for at in range(0, MANY, 6000):
            many = range(at, at + 6000)
            store.commit(batch(*[change(f"r{n}", kind="service", text=texts[n]) for n in many]))
    return file


def looked_at(file: Path, words: str) -> tuple[list[str], int]:
    """The texts found, and how many steps SQLite took for it, in thousands."""
    steps = itertools.count()
    with closing(sqlite3.connect(file)) as db:
        db.set_progress_handler(lambda: next(steps) and 0, 1000)
        rows = searching.search(db, words, QUERY).rows
        db.set_progress_handler(None, 0)
        text = "SELECT text FROM search JOIN record USING (key) WHERE id = ?"
        found = [db.execute(text, (row.envelope.id,)).fetchone()[0] for row in rows]
    return found, next(steps)


def test_words_that_narrow_nothing_are_let_go_until_those_left_answer(directory: Path) -> None:
    found, steps = looked_at(directory, " ".join(WORDS))
    assert len(found) == QUERY.limit
    assert all(len(set(text.split()) & set(WORDS)) == 6 for text in found)
    _, one = looked_at(directory, WORDS[0])  # which ranks the records of one word alone
    assert steps < one, (steps, one)
