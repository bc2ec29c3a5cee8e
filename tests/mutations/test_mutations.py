# SPDX-License-Identifier: Apache-2.0
"""Faults seeded into the core: each breaks a promise, and the tests that say they hold it have to notice.

    PEERKIT_MUTATIONS=1 uv run pytest tests/mutations          # minutes: each fault runs its tests
    PEERKIT_MUTATIONS=1 uv run pytest tests/mutations -k promise-5

Without that variable only the list is checked: each fault still fits the source as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "peerkit"
FAULTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "mutations.toml").read_text(encoding="utf-8")
)["mutation"]
NAMES = [f"promise-{one['promise']}: {one['fault']}" for one in FAULTS]


def test_every_promise_of_these_has_five_faults_and_each_tests_that_must_notice() -> None:
    assert all(Counter(one["promise"] for one in FAULTS)[promise] >= 5 for promise in (1, 2, 3, 5, 6, 8))
    assert len(set(NAMES)) == len(NAMES)
    assert all((ROOT / path).exists() for one in FAULTS for path in one["tests"])


@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_a_fault_still_fits_the_source(fault: dict[str, Any]) -> None:
    text = (SOURCE / fault["file"]).read_text(encoding="utf-8")
    assert text.count(fault["old"]) == 1, "the place is gone, or there are several: choose another"
    compile(text.replace(fault["old"], fault["new"]), fault["file"], "exec")


def test_the_page_of_proofs_names_each_of_them() -> None:
    page = (ROOT / "docs" / "explanation" / "promises" / "how-they-are-proved.md").read_text(encoding="utf-8")
    named = {line.rsplit(" | ", 1)[0] for line in page.splitlines() if line.startswith("| ")}
    assert {f"| {one['promise']} | {one['fault']} | `{one['file']}`" for one in FAULTS} <= named


@pytest.mark.slow
@pytest.mark.skipif(
    "PEERKIT_MUTATIONS" not in os.environ, reason="minutes: PEERKIT_MUTATIONS=1 uv run pytest tests/mutations"
)
@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_the_tests_notice(fault: dict[str, Any], tmp_path: Path) -> None:
    """A copy of the source with the fault in it stands before the real one; what runs is sure to be that."""
    copy = tmp_path / "peerkit"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    place = copy / fault["file"]
    place.write_text(place.read_text(encoding="utf-8").replace(fault["old"], fault["new"]), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    where = [sys.executable, "-c", "import peerkit; print(peerkit.__file__)"]
    told = subprocess.run(where, env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str(copy / "__init__.py")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", *fault["tests"]],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, f"nobody noticed (exit code {run.returncode}):\n{run.stdout[-2000:]}"
    assert "failed" in run.stdout
