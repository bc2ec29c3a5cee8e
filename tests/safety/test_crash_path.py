# SPDX-License-Identifier: Apache-2.0
"""SIGKILL along the whole path from an answer to the end of its alert: at every statement and before and
after every send. A fresh process recovers, and nothing that was said is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("crashing_path.py")
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process for each point is forked")


@pytest.mark.crash
@pytest.mark.slow
def test_killed_anywhere_on_the_path_nothing_said_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every point in the nightly run, else of each act the first and the last of each sort."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path), "all" if NIGHTLY else "few"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["wrong"] == []
    phases = report["phases"]
    tried = sum(one["tried"] for one in phases.values())
    with capsys.disabled():
        sys.stdout.write(
            "\nSIGKILL on the path from answer to acknowledgement and on, points tried of those there are:\n"
        )
        for name, one in phases.items():
            sys.stdout.write(f"  {name}: {one['tried']} of {one['points']}, {one['sends']} beside a send\n")
    # A path with fewer points than this has lost a part of it, or its points are not counted.
    assert phases["screen"]["points"] > 100
    assert sum(one["points"] for one in phases.values()) > 500
    assert tried > 150
    for told in (
        "screen",
        "climbs",
        "cannot",
        "handed-on",
        "answered",
        "nothing-happens",
        "concern",
        "drill",
    ):
        assert phases[told]["sends"] >= 4, told  # two channels, before and after each
