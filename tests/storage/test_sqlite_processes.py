# SPDX-License-Identifier: Apache-2.0
"""Several threads, several processes, and forks."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from peerkit.errors import StorageError
from peerkit.ports import Query
from peerkit.storage.sqlite import SqliteStorage
from peerkit.testing.storage.feeding import walk
from peerkit.testing.storage.parts import put

SCRIPTS = Path(__file__).parent / "scripts"
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


def test_four_threads_and_two_processes_lose_nothing(
    opened: Callable[..., SqliteStorage], file: Path
) -> None:
    store = opened()
    command = [sys.executable, str(SCRIPTS / "writer.py"), str(file)]
    seen: list[int] = []
    with (
        subprocess.Popen([*command, "x", "25", "4"], stdout=subprocess.PIPE, text=True) as one,
        subprocess.Popen([*command, "y", "25", "4"], stdout=subprocess.PIPE, text=True) as two,
    ):
        after = None
        while one.poll() is None or two.poll() is None:  # a third process reads along, page by page
            page = store.changes(after, 20)
            seen += [e.position for e in page.envelopes]
            after = page.cursor
        outputs = [set(map(int, p.stdout)) for p in (one, two) if p.stdout is not None]
    assert (one.returncode, two.returncode) == (0, 0)
    seen += [e.position for e in walk(store, 1000, after)]
    assert seen == list(range(1, 401))
    assert len(store.history("note", "shared")) == 200
    for name in [f"{p}{n}" for p in "xy" for n in range(4)]:
        allow = frozenset({("person", name)})
        assert store.count(Query("note", allow=allow)) == 25
    assert outputs[0].isdisjoint(outputs[1])
    assert len(outputs[0] | outputs[1]) == 200
    verdict = store.verify()
    assert verdict.intact, verdict.problems


def in_child(work: Callable[[], object]) -> int:
    """Fork, do the work in the child, and give back its exit code: 0 if the work raised nothing."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except StorageError:
            code = 3
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@forks
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_store_survives_a_fork_on_both_sides(
    store: SqliteStorage, opened: Callable[..., SqliteStorage]
) -> None:
    put(store, "before")
    assert in_child(lambda: [put(store, f"child{n}") for n in range(20)]) == 0
    put(store, "parent")
    assert in_child(lambda: [put(store, f"second{n}") for n in range(20)]) == 0
    assert store.position() == 42
    store.close()
    again = opened()
    assert again.verify().intact
    assert again.position() == 42


@forks
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_parent_and_child_write_at_once_after_a_fork(store: SqliteStorage) -> None:
    put(store, "before")
    child = os.fork()
    if child == 0:
        try:
            for number in range(50):
                put(store, f"child{number}")
            store.close()
            os._exit(0)
        finally:
            os._exit(1)
    for number in range(50):
        put(store, f"parent{number}")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.position() == 101
    assert store.verify().intact


@forks
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_amid_other_threads_waits_for_them(store: SqliteStorage) -> None:
    stop = threading.Event()
    written: list[int] = []

    def write(name: str) -> None:
        while not stop.is_set():
            written.append(put(store, f"{name}{len(written)}-{name}"))
            store.find(Query("note", limit=5))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    codes = [in_child(lambda n=n: put(store, f"child{n}")) for n in range(5)]  # type: ignore[misc]
    stop.set()
    for thread in threads:
        thread.join()
    assert codes == [0] * 5
    assert store.position() == len(written) + 5
    assert store.verify().intact


@forks
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_in_the_midst_of_a_call_is_refused_in_the_child(
    store: SqliteStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peerkit.storage.sqlite.files._FORK_WAIT", 0.05)
    put(store, "a")
    with store._files.reading() as db:
        assert in_child(lambda: store.get("note", "a")) == 3
        assert in_child(lambda: put(store, "b")) == 3
        assert db.execute("SELECT 1").fetchone() == (1,)
    put(store, "b")
    assert in_child(lambda: put(store, "c")) == 0
    assert store.position() == 3


def test_readers_do_not_wait_for_a_writer(store: SqliteStorage) -> None:
    put(store, "a")
    with store._files.writing():
        assert store.get("note", "a") is not None
        assert store.count(Query("note")) == 1
        assert store.position() == 1


def test_many_threads_share_few_connections(store: SqliteStorage) -> None:
    put(store, "a")

    def read() -> None:
        for _ in range(20):
            assert store.get("note", "a") is not None

    threads = [threading.Thread(target=read) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store._files._idle) <= 8
