# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: T201  # the number of points is printed
"""A process is killed at every statement: what is found afterwards is all of a commit, or nothing of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from peerkit.ports import Query
from peerkit.storage.sqlite import SqliteStorage
from peerkit.testing.storage.finding import ids
from peerkit.testing.storage.parts import everything, put

SCRIPTS = Path(__file__).parent / "scripts"
pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here"),
]


def shown(store: SqliteStorage) -> dict[str, object]:
    """What the store answers, but for salts, which are random."""
    found = everything(store)
    return {
        "marks": found["marks"],
        "feed": [
            (e.id, e.version, e.kind, [(s.body, s.args) for s in store.history(e.kind, e.id)])
            for e in store.changes(limit=100).envelopes
        ],
        "idx": [row["idx"] for row in found["rows"]],
        "soup": ids(store.search("soup", Query("service")).rows),
        "bread": ids(store.search("bread", Query("service")).rows),
        "p1": ids(store.find(Query("note", allow=frozenset({("person", "p1")}))).rows),
        "p2": ids(store.find(Query("note", allow=frozenset({("person", "p2")}))).rows),
        "new": ids(store.find(Query("first_of_its_kind")).rows),
    }


@pytest.mark.parametrize("what", ["commit", "erase", "mark"])
def test_killed_at_every_statement(
    what: str,
    tmp_path: Path,
    opened: Callable[..., SqliteStorage],
    script: Callable[..., subprocess.CompletedProcess[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    origin = tmp_path / "origin.db"
    store = opened(origin)
    put(store, "a", subjects=[("person", "p1")], idx={"state": "open"}, body=b'{"secret":"of-maya"}')
    put(store, "s", kind="service", text="Daily Bread Food Bank", idx={"name": "Daily Bread"})
    store.mark("cursor", "1")
    store.mark("opened", "again")
    before = shown(store)
    store.close()

    copies = tmp_path / "copies"
    copies.mkdir()
    points = int(script("killed.py", origin, copies, what).stdout)
    last = opened(copies / f"{points + 1}.db", options="?synchronous=off")
    whole = shown(last)
    assert whole != before
    last.close()
    nothing = 0
    for number in range(1, points + 1):
        file = copies / f"{number}.db"
        store = opened(file, options="?synchronous=off")
        found = shown(store)
        assert found in (before, whole), f"half of it is there, killed before statement {number}"
        nothing += found == before
        assert put(store, "later") == store.position()
        verdict = store.verify()
        assert verdict.intact, verdict.problems
        store.close()
        assert what != "erase" or found == before or b"of-maya" not in file.read_bytes()
    assert 0 < nothing <= points
    with capsys.disabled():
        print(f"\n{what}: killed before each of {points} statements; {nothing} times nothing was written")


@pytest.mark.parametrize("after", [1, 5, 17, 40])
def test_what_was_said_to_be_committed_survives_a_kill(
    after: int, opened: Callable[..., SqliteStorage], file: Path
) -> None:
    opened().close()
    command = [sys.executable, str(SCRIPTS / "writer.py"), str(file), "w", "100000", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [int(writer.stdout.readline()) for _ in range(after)]
        writer.kill()
        said += [int(line) for line in writer.stdout if line.endswith("\n")]
    store = opened()
    assert store.position() >= max(said)
    there = {e.position for e in store.changes(limit=10_000).envelopes}
    assert there >= set(said)
    verdict = store.verify()
    assert verdict.intact, verdict.problems
    assert put(store, "later")
