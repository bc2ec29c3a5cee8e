# SPDX-License-Identifier: Apache-2.0
"""Every example runs as its first lines say, from any folder, and shows what it promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
SHOWS = {
    "quickstart.py": ("Maya and Sam: agreed", "[not-theirs]", "adopt: Maya's decision, written down by Maya"),
    "django_host/run.py": (
        "Garden room, 2026-11-28 10:00 planned",
        "Kitchen, 2026-11-28 10:00 refused no-right",
        "the view answered 500; open alerts: 1",
    ),
    "sqlalchemy_host.py": ("the attic is being repaired", "Garden room planned", "Kitchen refused no-right"),
    "async_app.py": ("again: {'done': True, 'again': True}", "20 notes", "stranger: {'error': "),
    "diabetes_group.py": ("Diabetes self-management", "4 charts drawn", "open alerts: 0; intact: True"),
    "prefork_workers.py": ("opened before a fork", "3 workers wrote 15 notes", "intact: True"),
}


def commands() -> set[str]:
    """The examples that say how to run them."""
    return {
        path.relative_to(EXAMPLES).as_posix()
        for path in EXAMPLES.rglob("*.py")
        if f"python examples/{path.relative_to(EXAMPLES).as_posix()}" in path.read_text(encoding="utf-8")
    }


def test_every_example_is_run_here() -> None:
    assert commands() == set(SHOWS)


@pytest.mark.parametrize("name", SHOWS)
def test_an_example_runs(name: str, tmp_path: Path) -> None:
    if name == "diabetes_group.py":
        pytest.importorskip("peerkit_diabetes")  # the core is tried without modules too
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / name)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert [line for line in SHOWS[name] if line not in ran.stdout] == []
    assert list(tmp_path.iterdir()) == []  # it cleans up behind itself
