# SPDX-License-Identifier: Apache-2.0
"""The plugin of docs/tutorial/plugin.md, as the page has it: tests pass, wheel installs, command runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "tutorial" / "plugin.md"
FILE = re.compile(
    r"^```(?:python|toml) title=\"(?P<path>[^\"]+)\"\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


def write(folder: Path) -> list[str]:
    """Write every file of the page into an empty folder."""
    page = PAGE.read_text(encoding="utf-8")
    for found in FILE.finditer(page):
        path = folder / found["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["text"], encoding="utf-8")
    return [found["path"] for found in FILE.finditer(page)]


def ran(*command: str | Path, cwd: Path, **env: str) -> str:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PEERKIT_", "PYTEST_"))
    }
    clean.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"$ {shlex.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_its_tests_pass_and_its_types_hold(tmp_path: Path) -> None:
    assert write(tmp_path) == [
        "pyproject.toml",
        "src/peerkit_garden/kinds.py",
        "src/peerkit_garden/rules.py",
        "src/peerkit_garden/commands.py",
        "src/peerkit_garden/__init__.py",
        "tests/test_garden.py",
    ]
    told = ran(sys.executable, "-m", "pytest", "-q", "tests", cwd=tmp_path, PYTHONPATH="src")
    assert "34 passed" in told
    ran(sys.executable, "-m", "mypy", "--strict", "src", cwd=tmp_path)


def test_a_misspelt_responder_fails_its_tests_as_the_page_says(tmp_path: Path) -> None:
    write(tmp_path)
    rules = tmp_path / "src" / "peerkit_garden" / "rules.py"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("owner=visit.gardener", "owner=visit.gardner"), encoding="utf-8")
    env = {"PYTHONPATH": "src", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "pytest", "-q", "tests"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    [promised] = re.findall(
        r"peerkit.errors.PluginError: .* at peerkit_garden.rules:\d+", PAGE.read_text(encoding="utf-8")
    )
    assert done.returncode == 1
    assert promised in done.stdout


@pytest.mark.slow
def test_its_wheel_works_beside_peerkits(tmp_path: Path) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    assert uv, "uv builds the wheels: run the tests by `uv run pytest`"
    folder = tmp_path / "peerkit-garden"
    folder.mkdir()
    write(folder)
    wheels = tmp_path / "wheels"
    ran(uv, "build", "--wheel", "--out-dir", wheels, cwd=folder)
    ran(uv, "build", "--package", "peerkit", "--wheel", "--out-dir", wheels, cwd=ROOT)
    ran(uv, "venv", "--no-project", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    installed = [
        *wheels.glob("peerkit_garden-*.whl"),
        *(f"{one}[cli]" for one in wheels.glob("peerkit-*.whl")),
    ]
    ran(uv, "pip", "install", "--no-config", "--python", python, *installed, cwd=tmp_path)

    commands = re.findall(r"^\$ (peerkit .*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = [ran(python.parent / "peerkit", *shlex.split(one)[1:], cwd=tmp_path) for one in commands]

    assert len(told) == 4
    for listing in (told[0], told[2]):
        assert re.search(r"loaded\s+garden", listing)
        assert "peerkit garden visits" in listing
    assert told[3] == "0 planned\n"
