# SPDX-License-Identifier: Apache-2.0
"""An erasure that is pending is said, and finished by whoever comes by."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import peerkit
from peerkit import GoalPlan, Person
from peerkit.cli import main
from peerkit.storage.sqlite import erasing

SETTINGS = {
    "name": "Example (fictional)",
    "coordinator": {"name": "Robin Example"},
    "path": [{"role": "coordinator", "minutes": 30}],
}


def pending(kit: peerkit.Kit) -> list[str]:
    return [one.sentence for one in kit.health().problems if one.code == "erasure-pending"]


def erase(kit: peerkit.Kit) -> Any:
    with kit.session(actor=peerkit.Actor.system("test")) as s:
        robin = s.find(Person)[0]
    with kit.session(actor=robin) as s:
        maya = s.save(Person.enrol(name="Maya Example (fictional)"))
    with kit.session(actor=maya) as s:
        s.save(GoalPlan.begin(person=maya, hopes="CANARY"))
    return kit.erase(maya, basis="wish", asked_by=maya, decided_by=robin)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'kit.db'}?busy_timeout=50"


def test_what_a_reader_holds_back_is_finished_by_any_delivery(url: str, tmp_path: Path) -> None:
    with (
        peerkit.open(url, settings=SETTINGS, discover=False) as kit,
        peerkit.open(url, discover=False) as other,
    ):
        assert pending(other) == []
        reader = sqlite3.connect(tmp_path / "kit.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM change").fetchone()
        assert erase(kit).pending
        [told] = pending(other)  # also in a process that did not erase
        assert "peerkit deliver" in told
        assert kit.health().ok or not any(
            p.grave for p in kit.health().problems if p.code == "erasure-pending"
        )
        other.deliver()
        assert pending(other)
        reader.close()
        other.deliver()
        assert pending(other) == pending(kit) == []


def test_a_large_file_waits_for_its_hour_and_a_command(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "COMPACT_AT_ONCE", 0)
    with peerkit.open(url, settings=SETTINGS, discover=False) as kit:
        assert erase(kit).pending
        kit.deliver()
        [told] = pending(kit)
        assert "peerkit erase --finish" in told
    run = CliRunner()
    for wrong in (["erase", "--finish", "x"], ["erase", "x"], ["erase"]):
        assert run.invoke(main, [*wrong, "--db", url]).exit_code == 2
    done = run.invoke(main, ["erase", "--finish", "--db", url])
    assert done.exit_code == 0, done.output
    assert "Nothing is pending" in done.output
    with peerkit.open(url, discover=False) as kit:
        assert pending(kit) == []
        assert kit.compact()  # once more does nothing
    assert b"CANARY" not in (tmp_path / "kit.db").read_bytes()


def test_a_store_that_holds_no_old_pages_has_nothing_pending() -> None:
    with peerkit.open("memory:", discover=False) as kit:
        assert kit.compact()
        assert pending(kit) == []
