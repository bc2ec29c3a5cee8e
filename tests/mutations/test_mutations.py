# SPDX-License-Identifier: Apache-2.0
"""Faults seeded into the core: each breaks a promise, and the tests that say they hold it have to notice.

    PEERKIT_MUTATIONS=1 uv run pytest tests/mutations          # minutes: each fault runs its tests
    PEERKIT_MUTATIONS=1 uv run pytest tests/mutations -k promise-5

Without that variable only the list is checked: each fault still fits the source as it is.
"""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from seeding import ROOT, fits, run

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
    fits(fault)


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
    code, output = run(fault, fault["tests"], tmp_path, "-x", "--tb=no")
    assert code == 1, f"nobody noticed (exit code {code}):\n{output[-2000:]}"
    assert "failed" in output
