# SPDX-License-Identifier: Apache-2.0
"""A person asks who has seen what, takes everything along; somebody opens, joins, parts records."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

import peerkit
from peerkit import GoalPlan, Merge, Person

Run = Callable[..., Any]
Opened = Callable[[], peerkit.Kit]
PHRASE = "four words are enough"


@pytest.fixture
def again(opened: Opened) -> str:
    """A second record of Maya's, under another spelling."""
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        return s.save(Person.enrol(name="Mayah (fictional)")).id


def test_a_person_asks_who_has_seen_what(run: Run, db: str, maya: str, opened: Opened) -> None:
    with opened() as kit:
        with kit.session(maya) as s:
            s.save(GoalPlan.begin(person=maya, hopes="canary"))
        robin = kit.actor_for("login", "robin")
        with kit.session(robin) as s:
            s.get(Person, maya)
    told = run("log", "--db", db, login="maya")
    assert told.exit_code == 0, told.output
    assert "read your name and how to reach you" in " ".join(told.stdout.split())
    assert "canary" not in told.output
    as_json = json.loads(run("log", "--db", db, "--json", "--limit", "2", login="maya").stdout)
    assert len(as_json) == 2
    other = run("log", maya, "--db", db, login="tomas")
    assert other.exit_code != 0
    assert run("log", maya, "--db", db, login="robin").exit_code == 0
    assert "read this log" in " ".join(run("log", "--db", db, login="maya").stdout.split())
    for odd in ("yesterday", "2026-11-22T09:30", "2026-11-22"):  # without its zone nobody knows which it is
        bad = run("log", "--since", odd, "--db", db, login="maya")
        assert (bad.exit_code, "like 2026-11-22T09:30Z" in bad.stderr) == (2, True)


def test_the_passphrase_comes_from_standard_input_and_stands_on_no_command_line(
    run: Run, db: str, maya: str, tmp_path: Path
) -> None:
    file = tmp_path / "mine.pdf"
    args = ("take-out", str(file), "--db", db)
    asked = run(*args, login="maya")
    assert (asked.exit_code, "--passphrase-stdin" in asked.stderr) == (2, True)
    short = run(*args, "--passphrase-stdin", login="maya", input="short\n")
    assert (short.exit_code, "15 characters" in short.stderr, file.exists()) == (2, True, False)
    done = run(*args, "--passphrase-stdin", login="maya", input=f"{PHRASE}\n")
    assert done.exit_code == 0, done.output
    assert PHRASE not in done.output
    with pikepdf.open(file, password=PHRASE) as pdf:
        found = json.loads(pdf.attachments["take-out.json"].get_file().read_bytes())
    assert found["person"] == maya


def test_breaking_the_glass_by_name(run: Run, db: str, maya: str, opened: Opened) -> None:
    with opened() as kit:
        name = kit._find_all("person", id=maya)[0].name
    opens = run("break-glass", name, "--reason", "No answer", "--db", db, "--json", login="robin")
    assert opens.exit_code == 0, opens.output
    assert json.loads(opens.stdout)["person"] == maya
    nobody = run("break-glass", "Nobody Here", "--reason", "No answer", "--db", db, login="robin")
    assert (nobody.exit_code, "nobody has that name" in nobody.stderr) == (2, True)
    for given in (name, "Nobody Here"):  # who may not is told the same of both
        refused = run("break-glass", given, "--reason", "x", "--db", db, login="maya")
        assert "breaks no glass" in refused.stderr


def test_joining_and_parting(run: Run, db: str, maya: str, again: str, opened: Opened) -> None:
    args = ("merge", maya, again, "--reason", "She says so", "--db", db)
    assert run(*args, login="robin").exit_code == 2  # nobody can be asked
    joined = run(*args, "--yes", "--json", login="robin")
    assert joined.exit_code == 0, joined.output
    merge = json.loads(joined.stdout)["merge"]
    with opened() as kit:
        assert kit._find_all("person", id=again)[0].into == maya
    parted = run("split", merge, "--reason", "Cousins", "--yes", "--db", db, login="robin")
    assert parted.exit_code == 0, parted.output
    assert "Parted" in parted.stdout
    with opened() as kit:
        assert kit._find_all(Merge.kind)[0].state == "parted"
    refused = run("merge", maya, maya, "--reason", "x", "--yes", "--db", db, login="robin")
    assert "one record already" in refused.stderr
