# SPDX-License-Identifier: Apache-2.0
"""Opening a file: what is refused, in which words, and what a warm open costs."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from peerkit.errors import Malformed, StorageError
from peerkit.model.ids import SystemClock
from peerkit.storage.sqlite import SqliteStorage, open_sqlite
from peerkit.storage.sqlite.schema import APPLICATION_ID, SCHEMA
from peerkit.storage.sqlite.url import Options, parse
from peerkit.testing.storage.parts import put


def refused(path: Path | str, *, create: bool = False) -> str:
    """What is said when the store is not opened."""
    with pytest.raises(StorageError) as caught:
        open_sqlite(f"sqlite:///{path}", SystemClock(), create=create)
    assert caught.value.__cause__ is None
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("sqlite:///rel.db", Options("rel.db")),
        ("sqlite:////abs/olute.db", Options("/abs/olute.db")),
        ("sqlite:///a%20b%3F%23.db", Options("a b?#.db")),
        ("sqlite:///x.db?synchronous=normal", Options("x.db", synchronous="NORMAL")),
        ("sqlite:///x.db?synchronous=OFF&busy_timeout=50", Options("x.db", "OFF", 50)),
        ("sqlite:///x.db?mode=660", Options("x.db", mode=0o660)),
    ],
)
def test_what_may_stand_in_a_url(url: str, options: Options) -> None:
    assert parse(url) == options


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:",
        "sqlite://",
        "sqlite:///",
        "sqlite://host/x.db",
        "sqlite:///:memory:",
        "sqlite:///x.db?synchronous=sometimes",
        "sqlite:///x.db?busy_timeout=-1",
        "sqlite:///x.db?mode=abc",
        "sqlite:///x.db?nolock=1",
        "sqlite:///x.db?busy_timeout",
        "postgresql:///x",
    ],
)
def test_what_may_not_stand_in_a_url(url: str) -> None:
    with pytest.raises(Malformed):
        parse(url)


def test_nothing_is_made_unless_asked(file: Path) -> None:
    assert "peerkit init" in refused(file)
    assert not file.exists()
    file.touch()
    assert "peerkit init" in refused(file)
    assert file.stat().st_size == 0


def test_a_folder_or_a_path_without_folder(tmp_path: Path) -> None:
    assert "folder" in refused(tmp_path, create=True)
    missing = tmp_path / "not" / "there" / "x.db"
    assert f"{missing.parent} is not there" in refused(missing, create=True)


def test_something_that_is_no_database(file: Path) -> None:
    file.write_bytes(b"Dear diary, " * 1000)
    assert "is no SQLite database" in refused(file, create=True)
    assert file.read_bytes() == b"Dear diary, " * 1000


def test_another_programs_database_is_left_as_it_is(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE diary (words TEXT)")
    before = file.read_bytes()
    assert "another program's" in refused(file, create=True)
    with closing(sqlite3.connect(file)) as db:
        db.execute("DROP TABLE diary")
        db.execute("PRAGMA application_id=77")
    assert "another program's" in refused(file, create=True)
    assert before[:16] == file.read_bytes()[:16]


def test_a_database_of_a_newer_peerkit(store: SqliteStorage, file: Path) -> None:
    store.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute(f"PRAGMA user_version={SCHEMA + 6}")
        db.execute("UPDATE meta SET value = '9.1' WHERE name = 'peerkit'")
    said = refused(file)
    assert f"peerkit 9.1 (schema {SCHEMA + 6})" in said
    assert f"(schema {SCHEMA})" in said
    assert "install the newer one" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unwritable for root")
def test_a_file_and_a_folder_without_permission(file: Path) -> None:
    open_sqlite(f"sqlite:///{file}", SystemClock(), create=True).close()
    file.chmod(0o400)
    assert "cannot be read and written" in refused(file)
    file.chmod(0o600)
    file.parent.chmod(0o500)
    try:
        assert "cannot be written to" in refused(file.with_name("other.db"), create=True)
    finally:
        file.parent.chmod(0o700)


def test_a_file_that_lies_in_a_file_system_without_writing() -> None:
    """/proc takes no files from anybody, not from root either."""
    if not Path("/proc/self").exists():
        pytest.skip("there is no /proc here")
    assert "/proc" in refused("/proc/peerkit.db", create=True)


def test_a_damaged_file(store: SqliteStorage, file: Path) -> None:
    for number in range(50):
        put(store, f"r{number}", body=b"x" * 2000)
    store.close()
    raw = bytearray(file.read_bytes())
    raw[4096 : 30 * 4096] = os.urandom(29 * 4096)
    file.write_bytes(raw)
    said = refused(file)
    assert "damaged" in said
    assert "backup" in said


def test_only_the_owner_may_read_what_is_written(store: SqliteStorage, file: Path) -> None:
    put(store, "a")
    made = [file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")]
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o600] * 3
    store.snapshot(str(file.with_name("copy.db")))
    assert stat.S_IMODE(file.with_name("copy.db").stat().st_mode) == 0o600


def test_a_file_that_others_may_read_is_closed_to_them(store: SqliteStorage, file: Path) -> None:
    store.close()
    file.chmod(0o666)
    open_sqlite(f"sqlite:///{file}", SystemClock(), create=False).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o660)
    open_sqlite(f"sqlite:///{file}?mode=660", SystemClock(), create=False).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o660


def test_what_the_url_asks_for_is_done(file: Path) -> None:
    for asked, number in (("off", 0), ("normal", 1), ("full", 2)):
        store = open_sqlite(f"sqlite:///{file}?synchronous={asked}", SystemClock(), create=True)
        with store._files.alone() as db:
            assert db.execute("PRAGMA synchronous").fetchone()[0] == number
            assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
            assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
            assert db.execute("PRAGMA secure_delete").fetchone()[0] == 1
            assert db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        store.close()


def test_a_warm_open_imports_no_sqlite_utils(store: SqliteStorage, file: Path) -> None:
    put(store, "a", text="garden")
    store.close()
    code = f"""
import sys
from peerkit.model.ids import SystemClock
from peerkit.storage.sqlite import open_sqlite
from peerkit.ports import Query
store = open_sqlite("sqlite:///{file}", SystemClock(), create=False)
assert store.search("garden", Query("note")).rows
store.ensure_indexes({{"note": ("state",)}})
store.close()
print(*sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "sqlite_utils" not in ran.stdout.split()
    assert "sqlite3" in ran.stdout.split()


def test_two_processes_may_found_one_store(file: Path) -> None:
    code = f"""
from peerkit.model.ids import SystemClock
from peerkit.storage.sqlite import open_sqlite
from peerkit.testing.storage.parts import put
import sys
sys.stdin.readline()
store = open_sqlite("sqlite:///{file}", SystemClock(), create=True)
for n in range(5):
    put(store, sys.argv[1] + str(n))
print(store.incarnation)
store.close()
"""
    work = [
        subprocess.Popen(
            [sys.executable, "-c", code, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in "abc"
    ]
    told = [one.communicate("go\n", timeout=60)[0] for one in work]
    assert [one.returncode for one in work] == [0, 0, 0]
    assert len(set(told)) == 1
    store = open_sqlite(f"sqlite:///{file}", SystemClock(), create=False)
    assert store.position() == 15
    assert store.verify().intact
    store.close()


def test_migrations_are_sqlite_utils_own(store: SqliteStorage, file: Path) -> None:
    from sqlite_utils import Database

    from peerkit.storage.sqlite.schema import migrations

    store.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        seen = Database(db, execute_plugins=False)
        assert [one.name for one in migrations().applied(seen)] == [
            "001-feed-and-heads",
            "002-kinds-and-search",
        ]
        assert migrations().pending(seen) == []
        strict = {table.name for table in seen.tables if table.strict}
        assert strict >= {"change", "record", "subject", "mark", "meta", "kind", "search", "word", "gram"}
