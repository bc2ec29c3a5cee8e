# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at every statement and every send of "answer a screen"; a fresh process recovers: one open alert
each time, delivered at least once."""

from __future__ import annotations

import importlib.util
import json
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import peerkit
from peerkit import Person
from peerkit.testing import TimeMachine

PROGRAM = Path(__file__).with_name("crashing.py")
BATCH = 20


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROGRAM), *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture
def founded(tmp_path: Path) -> tuple[Path, str, str]:
    """A program on disk with a person and whoever holds the screen."""
    spec = importlib.util.spec_from_file_location("crashing", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    crashing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(crashing)
    store = tmp_path / "program.db"
    settings = {
        "name": "Small (fictional)",
        "coordinator": {"name": "Cora", "reach": ["outbox:cora"]},
        "on_call": [{"name": "Ola", "reach": ["outbox:ola"]}],
        "path": [{"role": "on-call", "minutes": 10}, {"role": "coordinator", "minutes": 10}],
        "notifiers": ["outbox"],
    }
    plugin = crashing.OutboxPlugin(str(tmp_path / "unused"), crashing.Points(0))
    with peerkit.open(
        f"sqlite:///{store}", settings=settings, plugins=[plugin], discover=False, clock=TimeMachine()
    ) as kit:
        cora = next(a.person for a in kit._find_all("appointment") if a.role == "coordinator")
        with kit.session(actor=cora) as s:
            maya = s.save(Person.enrol(name="Maya"))
    return store, maya.id, cora


@pytest.mark.crash
def test_killed_at_every_point_one_open_alert_is_there_and_was_delivered(
    founded: tuple[Path, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, maya, cora = founded

    def place(name: str) -> tuple[str, str]:
        copy = tmp_path / f"{name}.db"
        shutil.copyfile(store, copy)
        return str(copy), str(tmp_path / f"{name}.outbox")

    counted = run("count", *place("count"), maya, cora)
    assert counted.returncode == 0, counted.stderr
    points = int(counted.stdout)
    assert points > 20

    places = [place(f"killed-{number}") for number in range(1, points + 1)]

    def kill(number: int) -> int:
        return run("kill", str(number), *places[number - 1], maya, cora).returncode

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(kill, range(1, points + 1)))
    assert ended == [-signal.SIGKILL] * points

    found: list[dict[str, Any]] = []
    for first in range(0, points, BATCH):
        recovered = run(
            "recover", maya, cora, *(one for pair in places[first : first + BATCH] for one in pair)
        )
        assert recovered.returncode == 0, recovered.stderr
        found += json.loads(recovered.stdout)

    twice = 0
    for number, one in enumerate(found, start=1):
        assert one["alerts"] == int(one["answered"]), f"point {number}: the answer without its alert"
        assert one["open"] == [["now", "open"]], f"point {number}"
        assert one["sent"] >= 1, f"point {number}: never delivered"
        assert one["claims"] == 0, f"point {number}"
        assert one["intact"], f"point {number}"
        twice += one["sent"] > 1
    before = sum(1 for one in found if not one["answered"])
    with capsys.disabled():
        sys.stdout.write(
            f"\nSIGKILL at {points} points of answering a screen: {points} times one open alert, delivered "
            f"({before} times before the answer was stored, {twice} times delivered twice)\n"
        )
