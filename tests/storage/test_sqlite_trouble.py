# SPDX-License-Identifier: Apache-2.0
"""Locked, full, vanished, closed: peerkit's own error, what to do, and nothing half-written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from peerkit.errors import Malformed, PeerkitError, StorageError
from peerkit.ports import Query
from peerkit.storage.sqlite import SqliteStorage
from peerkit.storage.sqlite.trouble import told
from peerkit.testing.storage.parts import batch, change, everything, put, redaction

CANARY = "canary-in-the-words"


def said(call: Callable[[], object]) -> str:
    """What a call that fails says; never a value, never SQLite's own error behind it."""
    with pytest.raises(StorageError) as caught:
        call()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert CANARY not in str(caught.value)
    return str(caught.value)


def test_a_file_that_another_process_writes_to(opened: Callable[..., SqliteStorage], file: Path) -> None:
    store = opened(options="?busy_timeout=60")
    put(store, "a")
    before = everything(store)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for call in (
            lambda: put(store, "b", body=CANARY.encode()),
            lambda: store.mark("x", CANARY),
            lambda: store.erase(["a"], redaction("a")),
            lambda: store.ensure_indexes({"note": ("state",)}),
        ):
            told_so = said(call)
            assert "locked" in told_so
            assert "nothing was written" in told_so
            assert str(file) in told_so
        assert store.get("note", "a") is not None
    assert everything(store) == before
    assert put(store, "b") == 2


def test_other_threads_that_write_are_waited_for_no_longer_than_asked(
    opened: Callable[..., SqliteStorage],
) -> None:
    store = opened(options="?busy_timeout=30")
    with store._files.writing():
        assert "other threads" in said(lambda: put(store, "a"))
    assert put(store, "a") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB, really full when it is full."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)]
    if (
        os.name != "posix"
        or os.geteuid() != 0
        or subprocess.run(command, capture_output=True, check=False).returncode
    ):
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_full(small_disk: Path, opened: Callable[..., SqliteStorage]) -> None:
    store = opened(small_disk / "x.db")
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 400_000)
    done = 0

    def fill() -> None:
        nonlocal done
        while True:
            done = put(store, f"r{done}", body=CANARY.encode() * 200, text=f"garden {done}", idx={"on": done})

    assert "full" in said(fill)
    assert store.position() == done > 3
    assert store.count(Query("note")) == done
    assert store.verify().intact
    assert "full" in said(lambda: put(store, "more", body=b"y" * 50_000))
    ballast.unlink()
    assert put(store, "after") == done + 1
    assert store.verify().intact
    store.close()


def test_founding_a_store_on_a_full_disk_leaves_none(
    small_disk: Path, opened: Callable[..., SqliteStorage]
) -> None:
    (small_disk / "ballast").write_bytes(b"x" * (1024 * 1024 - 8192))
    path = small_disk / "x.db"
    assert "space" in said(lambda: opened(path))
    (small_disk / "ballast").unlink()
    store = opened(path)
    assert put(store, "a") == 1
    store.close()


def test_a_file_that_may_not_grow(
    store: SqliteStorage, file: Path, script: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """A quota, as far as it can be had without root: RLIMIT_FSIZE."""
    put(store, "a")
    store.close()
    ran = script("full.py", file, 400_000).stdout.splitlines()
    done, sentence, position, after, intact = ran
    assert int(done) == int(position) > 3
    assert "nothing was written" in sentence
    assert "disk" in sentence
    assert (int(after), intact) == (int(done) + 1, "True")


def test_a_file_that_became_another(store: SqliteStorage, file: Path) -> None:
    put(store, "a")
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        db.execute("ALTER TABLE change RENAME TO exchange")
        db.commit()
    assert "another program" in said(lambda: put(store, "b"))
    assert "another program" in said(lambda: store.find(Query("note")))


def test_a_snapshot_that_does_not_fit_leaves_nothing(small_disk: Path, store: SqliteStorage) -> None:
    put(store, "a", body=b"x" * 2_000_000)
    target = small_disk / "copy.db"
    told_so = said(lambda: store.snapshot(str(target)))
    assert "full" in told_so
    assert str(target) in told_so
    assert list(small_disk.iterdir()) == []


def test_a_snapshot_is_a_store_and_says_where_it_was_taken(
    store: SqliteStorage, opened: Callable[..., SqliteStorage], file: Path
) -> None:
    put(store, "a", text="garden", idx={"state": "open"})
    put(store, "b")
    path = file.with_name("copy.db")
    store.snapshot(str(path))
    put(store, "c")
    copy = opened(path, create=False)
    assert copy.position() == 2
    assert copy.verify(copy.verify().head).anchored
    assert copy.search("gardn", Query("note")).rows
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT value FROM meta WHERE name = 'copied_at'").fetchone() == ("2",)


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError(f"near {CANARY}"),
        sqlite3.IntegrityError(f"UNIQUE constraint failed: {CANARY}"),
        sqlite3.ProgrammingError(f"Error binding parameter {CANARY}"),
        UnicodeEncodeError("utf-8", CANARY, 0, 1, CANARY),
        OverflowError(CANARY),
        OSError(28, CANARY, CANARY),
    ],
)
def test_no_error_passes_on_what_somebody_wrote(error: Exception) -> None:
    made = told(error, "x.db")
    assert isinstance(made, PeerkitError)
    assert CANARY not in str(made)


def test_a_batch_that_cannot_be_bound_is_malformed(store: SqliteStorage) -> None:
    for odd in (change("a", body=object()), change("a", doc_version=2**70)):
        with pytest.raises(Malformed):
            store.commit(batch(odd))
    assert store.position() == 0
