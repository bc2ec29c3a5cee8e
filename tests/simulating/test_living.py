# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import peerkit
from peerkit import Person
from peerkit.errors import Malformed, StorageError
from peerkit.ports import Query
from peerkit.simulating import Simulated, live

ONE = """
import sys
from peerkit.simulating import live
print(live(sys.argv[1], people=10, years=1, seed=int(sys.argv[2])).head)
"""


def head_in_a_process(folder: Path, name: str, seed: int, hashing: str) -> str:
    """The chain's head, from a process of its own that hashes texts otherwise."""
    url = f"sqlite:///{folder / name}?synchronous=off"
    environ = {**os.environ, "PYTHONHASHSEED": hashing}
    done = subprocess.run(
        [sys.executable, "-c", ONE, url, str(seed)], env=environ, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_the_same_seed_gives_the_same_chain(folder: Path) -> None:
    first = head_in_a_process(folder, "a.db", 5, "1")
    assert head_in_a_process(folder, "b.db", 5, "2") == first
    assert head_in_a_process(folder, "c.db", 6, "1") != first


def test_what_came_of_it_is_what_is_there(lived: tuple[str, Simulated], kit: peerkit.Kit) -> None:
    told = lived[1]
    assert told.intact
    assert kit.verify().head == told.head
    assert kit.storage.position() == told.versions
    assert told.records == sum(states[""] for states in told.counts.values())
    assert told.refusals == told.counts["refusal"][""] > 0
    assert told.counts["goal_plan"][""] > 0


def test_nobody_can_be_taken_for_real(kit: peerkit.Kit) -> None:
    assert "fictional" in kit.program.name
    rows = kit.storage.find(Query("person", limit=1000)).rows  # a session would write that it reads
    people = [one for row in rows if isinstance(one := kit.codec.read(row), Person)]
    assert len(people) > 10
    assert all(one.name.endswith("(fictional)") for one in people)


def test_the_time_is_over_when_it_should_be(kit: peerkit.Kit) -> None:
    envelopes = [*kit.changes(limit=1).envelopes]
    assert date(2024, 9, 20) < envelopes[0].at.date() < date(2024, 10, 10)
    last = kit.storage.dump(kit.storage.position() - 1)
    assert "2026-09-" in last[0]["envelope"] or "2026-10-01" in last[0]["envelope"]


def test_a_store_that_holds_a_program_is_refused(lived: tuple[str, Simulated], kit: peerkit.Kit) -> None:
    before = kit.storage.position()
    with pytest.raises(StorageError, match="a program here already"):
        live(lived[0], people=10, years=1)
    assert kit.storage.position() == before


@pytest.mark.parametrize(
    ("people", "years", "where"), [(9, 2.0, "people"), (10, 0.5, "years"), (10, 51.0, "years")]
)
def test_too_few_or_too_short_is_malformed(folder: Path, people: int, years: float, where: str) -> None:
    with pytest.raises(Malformed, match=where):
        live(f"sqlite:///{folder / 'x.db'}", people=people, years=years)
    assert not (folder / "x.db").exists()


def test_outside_of_a_simulation_nothing_is_guessed() -> None:
    heads = set()
    for _ in range(2):
        with peerkit.open("memory:") as kit:
            heads.add(kit.verify().head)
    assert len(heads) == 2
