# SPDX-License-Identifier: Apache-2.0
"""Whom to call, and what to know beforehand, at a keyboard: anybody may read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from terminal import terminal

Run = Callable[..., Any]


def test_anybody_reads_what_happens(run: Run, db: str) -> None:
    shown = run("policy", "--db", db, login="stranger")
    assert shown.exit_code == 0, shown.output
    said = " ".join(shown.stdout.split())
    assert "not by itself a crisis" in said
    assert "9-8-8" in said
    french = run("--lang", "fr", "policy", "--db", db, login="stranger")
    assert "pensées de suicide" in " ".join(french.stdout.split())
    plain = json.loads(run("policy", "--json", "--db", db, login="stranger").stdout)
    assert plain["on_call"] is False  # the console reaches nobody
    assert plain["sentences"]


def test_lines_say_where_they_stand(run: Run, db: str) -> None:
    shown = run("lines", "--db", db, login="stranger")
    assert shown.exit_code == 0, shown.output
    assert "9-8-8 Suicide Crisis Helpline" in shown.stdout
    assert "not seen there: look before you rely on it" in " ".join(shown.stdout.split())
    assert "children's aid society" in " ".join(shown.stdout.split())
    assert json.loads(run("lines", "--json", "--db", db).stdout)["warm"] == []


def test_regions_are_listed_and_shown_without_a_program(run: Run) -> None:
    listed = run("regions")
    begun = [line.split()[0] for line in listed.stdout.splitlines() if line[:1].strip()]
    assert begun == ["CA", "CA-ON", "US"]
    shown = run("regions", "US-NY")
    assert "988 Suicide & Crisis Lifeline" in shown.stdout
    assert "911" in shown.stdout
    assert json.loads(run("regions", "CA-ON", "--json").stdout)["duties"][0]["code"] == "child-protection"
    unknown = run("regions", "ZZ")
    assert unknown.exit_code == 3
    assert "CA-ON" in unknown.output


@pytest.mark.parametrize("command", ["policy", "lines"])
def test_a_store_that_is_damaged_hides_no_number(run: Run, db: str, tmp_path: Path, command: str) -> None:
    (tmp_path / "program.db").write_bytes(b"no database at all" * 1000)
    told = run(command, "--db", db)
    assert (told.exit_code, "9-8-8" in told.stderr, "9-1-1" in told.stderr) == (4, True, True), told.output


def test_nor_does_a_screen_in_it_and_what_is_long_is_wrapped(db: str, tmp_path: Path) -> None:
    (tmp_path / "program.db").write_bytes(b"no database at all" * 1000)
    with terminal("screen", "asq", "--unnamed", "--db", db, width=60, COLUMNS="60") as t:
        t.expect("9-8-8")
        assert t.ended() == 4
    assert max(map(len, t.screen.splitlines())) <= 60
