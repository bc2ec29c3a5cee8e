# SPDX-License-Identifier: Apache-2.0
"""The folder that `peerkit new-plugin` makes: its own tests pass, and its command runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    made = run("new-plugin", "garden-club", "--in", str(tmp_path))
    assert made.exit_code == 0, made.output
    return tmp_path / "peerkit-garden-club"


def _python(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "PEERKIT_"))}
    return subprocess.run(
        [sys.executable, "-m", *args], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def test_its_tests_pass_as_they_are(folder: Path) -> None:
    ran = _python(folder, "pytest", "-q", "-p", "no:cacheprovider")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "35 passed" in ran.stdout


def test_its_tests_fail_when_its_check_is_gone(folder: Path) -> None:
    rules = folder / "src" / "peerkit_garden_club" / "rules.py"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("if not any(", "if False and any("), "utf-8")
    ran = _python(folder, "pytest", "-q", "-p", "no:cacheprovider")
    assert "FAILED tests/test_garden_club.py::test_an_entry_needs_two_who_agreed" in ran.stdout


def test_it_is_clean_in_style_and_types(folder: Path) -> None:
    assert _python(folder, "mypy", "--strict", "src").returncode == 0
    styled = _python(folder, "ruff", "check", "--select", "E,F,W,UP,B", "--line-length", "110", ".")
    assert styled.returncode == 0, styled.stdout


def test_its_command_runs_where_it_is_installed(folder: Path, process: Run, tmp_path: Path) -> None:
    info = folder / "src" / "peerkit_garden_club-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: peerkit-garden-club\nVersion: 0.1.0\n", "utf-8"
    )
    points = (folder / "pyproject.toml").read_text(encoding="utf-8")
    assert 'garden-club = "peerkit_garden_club"' in points
    (info / "entry_points.txt").write_text("[peerkit.plugins]\ngarden-club = peerkit_garden_club\n", "utf-8")
    env = {"PYTHONPATH": str(folder / "src")}
    url = f"sqlite:///{tmp_path / 'club.db'}"
    founded = process("init", "--db", url, "--name", "Club", "--coordinator", "Robin", env=env)
    assert founded.returncode == 0, founded.stderr
    assert process("garden-club", "list", "--db", url, env=env).returncode == 0
    assert b"garden_club_entry" in process("plugins", "--db", url, env=env).stdout


def test_nothing_is_overwritten(run: Run, folder: Path) -> None:
    again = run("new-plugin", "garden-club", "--in", str(folder.parent))
    assert (again.exit_code, "already" in again.stderr) == (2, True)


@pytest.mark.parametrize("name", ["Garden", "../garden", "garden_club", "-garden", "1garden", "garden--club"])
def test_a_name_that_cannot_be_one_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    assert run("new-plugin", "--in", str(tmp_path), "--", name).exit_code == 2
    assert list(tmp_path.iterdir()) == []
