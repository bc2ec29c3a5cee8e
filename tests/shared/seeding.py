# SPDX-License-Identifier: Apache-2.0
"""A fault put into a copy of the source, which then stands before the real one while tests run against it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "peerkit"


def fits(fault: Mapping[str, Any]) -> None:
    """AssertionError if the source has changed so that the fault cannot be put there any more."""
    text = (SOURCE / fault["file"]).read_text(encoding="utf-8")
    assert text.count(fault["old"]) == 1, "the place is gone, or there are several: choose another"
    compile(text.replace(fault["old"], fault["new"]), fault["file"], "exec")


def run(fault: Mapping[str, Any], tests: list[str], folder: Path, *options: str) -> tuple[int, str]:
    """The exit code and the output of pytest over these tests, with the fault in the source; what runs is
    sure to be that."""
    copy = folder / "peerkit"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    place = copy / fault["file"]
    place.write_text(place.read_text(encoding="utf-8").replace(fault["old"], fault["new"]), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    where = [sys.executable, "-c", "import peerkit; print(peerkit.__file__)"]
    told = subprocess.run(where, env=env, cwd=folder, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str(copy / "__init__.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, *tests]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout
