# SPDX-License-Identifier: Apache-2.0
"""Every known way to lose an alarm: each has a test, and each test notices a fault that loses the alarm so.

    PEERKIT_MUTATIONS=1 uv run pytest tests/mutations/test_alarms.py

Without that variable only the list is checked: each way has its test, and each fault still fits the source.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from seeding import ROOT, fits, run

LIST: dict[str, Any] = tomllib.loads((Path(__file__).parent / "alarms.toml").read_text(encoding="utf-8"))
FAULTS: list[dict[str, Any]] = LIST["fault"]
NAMES = [one["fault"] for one in FAULTS]
WAYS: list[dict[str, str]] = [way for one in FAULTS for way in one["ways"]]


def test_every_row_has_a_way_and_every_way_a_row() -> None:
    assert {way["row"] for way in WAYS} == {row["lost"] for row in LIST["row"]}
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("way", WAYS, ids=[way["way"] for way in WAYS])
def test_the_way_has_its_test(way: dict[str, str]) -> None:
    path, _, name = way["test"].partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_a_fault_still_fits_the_source(fault: dict[str, Any]) -> None:
    fits(fault)


@pytest.mark.slow
@pytest.mark.skipif(
    "PEERKIT_MUTATIONS" not in os.environ, reason="minutes: PEERKIT_MUTATIONS=1 uv run pytest tests/mutations"
)
@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_each_test_notices(fault: dict[str, Any], tmp_path: Path) -> None:
    tests = [way["test"] for way in fault["ways"]]
    _code, output = run(fault, tests, tmp_path, "-rf", "--tb=no")
    deaf = [test for test in tests if f"FAILED {test}" not in output]
    assert deaf == [], output[-2000:]
