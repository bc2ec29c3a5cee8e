# SPDX-License-Identifier: Apache-2.0
"""The pack of docs/how-to/packs.md as a wheel, built and installed as the page says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from beside import DISABLED

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "packs.md"
FILE = re.compile(
    r"^```(?:python|toml) title=\"(?P<path>[^\"]+)\"\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


def write(folder: Path) -> list[str]:
    """Write the files of the page, those of the pack beside its one line of code."""
    written = []
    for found in FILE.finditer(PAGE.read_text(encoding="utf-8")):
        path = folder / re.sub(r"^riverside/", "src/peerkit_riverside/", found["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["text"], encoding="utf-8")
        written.append(found["path"])
    return written


def ran(*command: str | Path, cwd: Path, ends: int = 0, **env: str) -> str:
    clean = {one: value for one, value in os.environ.items() if not one.startswith(("PEERKIT_", "PYTEST_"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, "PEERKIT_DISABLE_PLUGINS": DISABLED, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ends, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_the_wheel_of_the_page_is_found_accepted_taken_away_and_installed_again(tmp_path: Path) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    assert uv, "uv builds the wheel: run the tests by `uv run pytest`"
    source, site = tmp_path / "peerkit-riverside", tmp_path / "site"
    assert len(write(source)) == 5
    ran(uv, "build", "--wheel", "--out-dir", tmp_path, cwd=source)
    [wheel] = tmp_path.glob("peerkit_riverside-*.whl")
    db = f"sqlite:///{tmp_path}/program.db"

    def peerkit(*typed: str, installed: bool = True, ends: int = 0, **env: str) -> str:
        if installed:
            env["PYTHONPATH"] = str(site)
        return ran(sys.executable, "-m", "peerkit", *typed, cwd=tmp_path, ends=ends, **env)

    def state(**env: Any) -> list[tuple[str, str, str]]:
        listed = json.loads(peerkit("plugins", "--db", db, "--json", **env))
        return [(one["name"], one["dist"], one["status"]) for one in listed if one["name"] == "riverside"]

    founding = ["--name", "Riverside", "--coordinator", "Robin", "--uncovered", "always"]
    place = ["--timezone", "America/Toronto", "--region", "CA-ON"]
    peerkit("init", "--db", db, *founding, *place, installed=False)
    ran(uv, "pip", "install", "--no-config", "--no-deps", "--target", site, wheel, cwd=tmp_path)
    assert state() == [("riverside", "peerkit-riverside", "proposed")]
    peerkit("plugins", "accept", "riverside", "--db", db)
    assert state() == [("riverside", "peerkit-riverside", "loaded")]
    answers = tmp_path / "answers.json"
    answers.write_text('{"q1": "never", "q2": "sometimes"}')
    peerkit("screen", "hunger-vital-sign", "--unnamed", "--answers", str(answers), "--db", db)
    words = ["instruments", "show", "hunger-vital-sign", "--db", db]
    assert "What the first statement says" in peerkit(*words)

    assert state(installed=False) == [("riverside", "peerkit-riverside", "failed")]
    assert "What the first" not in peerkit(*words, installed=False)
    assert state() == [("riverside", "peerkit-riverside", "loaded")]

    # the same files as a folder: to be accepted once more, and they say what they said
    folder = {"PEERKIT_PACKS": str(source / "src" / "peerkit_riverside")}
    assert state(installed=False, **folder) == [("riverside", "PEERKIT_PACKS", "proposed")]
    goals = source / "src" / "peerkit_riverside" / "goals" / "en.toml"
    text = goals.read_text(encoding="utf-8")
    goals.write_text(text.replace("ten", "five"), encoding="utf-8")
    peerkit("plugins", "accept", "riverside", "--db", db, installed=False, ends=5, **folder)
    goals.write_text(text, encoding="utf-8")
    peerkit("plugins", "accept", "riverside", "--db", db, installed=False, **folder)
    assert state(installed=False, **folder) == [("riverside", "PEERKIT_PACKS", "loaded")]
