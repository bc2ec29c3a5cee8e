# SPDX-License-Identifier: Apache-2.0
"""`peerkit packs`: a folder checked, found, accepted and listed at the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from beside import DISABLED
from made_packs import HEAD, WHO, WHOLE, written


@pytest.fixture
def riverside(tmp_path: Path) -> Path:
    return written(tmp_path / "riverside", WHOLE)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, riverside: Path, run: Any) -> Path:
    """The folder, named in the environment."""
    assert run  # it switches finding off, and this on again
    monkeypatch.delenv("PEERKIT_NO_PLUGIN_AUTOLOAD")
    monkeypatch.setenv("PEERKIT_DISABLE_PLUGINS", DISABLED)
    monkeypatch.setenv("PEERKIT_PACKS", str(riverside))
    return riverside


def test_checking_a_folder_shows_what_is_in_it_and_by_what_right(run: Any, riverside: Path) -> None:
    told = run("packs", "check", str(riverside))
    assert told.exit_code == 0, told.output
    assert told.output.startswith("riverside 1.0: can be used.")
    for said in ("who-5 (fr)", "walk (en)", "garden", "own-words, Walking Together (fictional) (2026-11-22)"):
        assert said in told.output
    assert "letter 7 (fictional)" in told.output
    assert "By permission of nobody (fictional)" in told.output
    assert "no verified wording in French" in told.output  # of week, and not of who-5
    plain = json.loads(run("packs", "check", str(riverside), "--json").output)
    assert {one["sort"] for one in plain["contents"]} == {"instrument", "wording", "goal", "course", "words"}
    assert [(one["ok"], one["what"]) for one in plain["checks"]] == [(True, "definition"), (True, "wording")]


def test_what_is_wrong_ends_with_2_and_says_where(run: Any, riverside: Path) -> None:
    written(riverside, {"goals/en.toml": WHOLE["goals/en.toml"].replace("reason", "because")})
    told = run("packs", "check", str(riverside))
    assert told.exit_code == 2
    assert "riverside/goals/en.toml: goals.walk.reason" in " ".join(told.output.split())

    written(riverside, {"goals/en.toml": WHOLE["goals/en.toml"], "wordings/again.toml": WHO})
    assert run("packs", "check", str(riverside)).exit_code == 2
    assert run("packs", "check", str(riverside.parent / "nowhere")).exit_code == 2


def test_words_for_what_is_not_here_are_told_and_no_fault(run: Any, riverside: Path) -> None:
    written(riverside, {"wordings/who-5-fr.toml": WHO.replace('"who-5"', '"dds-17"')})
    told = run("packs", "check", str(riverside))
    assert told.exit_code == 0, told.output
    assert "its questionnaire is not here" in told.output


def test_found_proposed_accepted_and_listed(run: Any, db: str, found: Path) -> None:
    listed = run("packs")
    assert "loaded    riverside 1.0 (PEERKIT_PACKS)" in listed.output  # what is found here
    proposed = run("packs", "--db", db)
    assert "proposed  riverside 1.0 (PEERKIT_PACKS)" in proposed.output
    assert "peerkit plugins accept riverside" in proposed.output

    accepted = run("plugins", "accept", "riverside", "--db", db)
    assert accepted.exit_code == 0, accepted.output
    assert "who-5 (fr)" in accepted.output  # whoever accepts it sees what is in it, and by what right
    assert "letter 7 (fictional)" in accepted.output
    [plain] = json.loads(run("packs", "list", "--db", db, "--json").output)
    assert (plain["status"], plain["pack"]["title"]) == ("loaded", "Riverside's own (fictional)")
    plugins = json.loads(run("plugins", "--db", db, "--json").output)
    assert [one["pack"]["name"] for one in plugins if one["pack"]] == ["riverside"]
    assert "Made up, number 1" in run("instruments", "show", "who-5", "--language", "fr", "--db", db).output

    written(found, {"goals/en.toml": WHOLE["goals/en.toml"].replace("ten", "five")})
    changed = run("packs", "--db", db)
    assert "failed    riverside 1.0" in changed.output
    assert "give it a new version" in " ".join(changed.output.split())
    assert run("health", "--db", db).exit_code == 6
    written(found, {"pack.toml": HEAD.replace('"1.0"', '"1.1"')})
    assert "loaded    riverside 1.1" in run("packs", "--db", db).output


def test_without_any_it_says_how_one_comes(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEERKIT_PACKS", os.pathsep)
    assert "Name their folders in PEERKIT_PACKS" in run("packs").output


def test_a_screen_whose_questionnaire_is_gone_says_so(
    run: Any, db: str, found: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("plugins", "accept", "riverside", "--db", db)
    answers = tmp_path / "answers.json"
    answers.write_text('{"q1": false, "q2": true}')
    run("screen", "week", "--unnamed", "--answers", str(answers), "--db", db, login="jo")
    [alert] = json.loads(run("alerts", "--db", db, "--json", login="jo").stdout)
    shown = ["screens", "show", alert["reference"], "--db", db]
    assert "Did you have company?" in run(*shown, login="jo").output
    monkeypatch.delenv("PEERKIT_PACKS")
    gone = run(*shown, login="jo")
    assert "This questionnaire is not here" in gone.output
    assert "Did you have company?" not in gone.output
    assert "q1" in gone.output
    assert "reach the people on call now" in " ".join(gone.output.split())  # a human must look
    monkeypatch.setenv("PEERKIT_PACKS", str(found))
    assert "Did you have company?" in run(*shown, login="jo").output
