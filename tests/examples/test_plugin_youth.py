# SPDX-License-Identifier: Apache-2.0
"""The example of a plugin: it imports public names alone, and its README is followed from its wheel.

Its own tests lie in its folder and run with all others.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
from pathlib import Path

import page_console as console
import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "plugin-youth-drop-in"
PUBLIC = {"peerkit", "peerkit.hooks", "peerkit.instruments", "peerkit.testing"}


def imported(path: Path) -> set[str]:
    """The modules of peerkit that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return {name for name in found if name.partition(".")[0] == "peerkit"}


def test_it_imports_what_is_public_and_nothing_else() -> None:
    files = sorted(FOLDER.rglob("*.py"))
    assert len(files) > 5
    assert set().union(*map(imported, files)) <= PUBLIC


def lines() -> list[console.Typed]:
    """What its README types, in order."""
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    blocks = readme.split("```console\n")[1:]
    return [one for block in blocks for one in console.typed(block.partition("```")[0])]


@pytest.mark.slow
def test_its_readme_is_followed_from_its_wheel(tmp_path: Path) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    assert uv, "uv builds the wheels: run the tests by `uv run pytest`"
    hidden = ("PEERKIT_", "PYTEST_", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    env |= {"COLUMNS": "100", "LC_ALL": "C.UTF-8"}

    def ran(*command: str | Path, reads: str | None = None, ends: int = 0) -> str:
        done = subprocess.run(
            list(map(str, command)),
            cwd=tmp_path,
            env=env,
            input=reads,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == ends, f"$ {command}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    for folder in (ROOT, FOLDER):
        ran(uv, "build", "--wheel", "--out-dir", tmp_path / "wheels", folder)
    ran(uv, "venv", "--no-project", tmp_path / "venv")
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    wheels = [f"{one}[cli]" for one in (tmp_path / "wheels").glob("*.whl") if one.name.startswith("peerkit-")]
    wheels += map(str, (tmp_path / "wheels").glob("peerkit_youth-*.whl"))
    ran(uv, "pip", "install", "--no-config", "--python", python, *wheels)

    read = lines()
    assert len(read) == 12
    for one in read:
        words = console.shlex.split(one.line)
        if words[0] == "export":
            env |= dict([words[1].split("=", 1)])
            continue
        refused = one.shown.startswith(("Refused", "Refusé"))
        told = ran(python.parent / words[0], *words[1:], reads=one.reads, ends=1 if refused else 0)
        assert not one.shown or console.fits(one.shown, told), f"$ {one.line}\n{told}"
