# SPDX-License-Identifier: Apache-2.0
"""What every test shares: how hard Hypothesis tries, and where the real directories are."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# `ci` is Hypothesis's own profile. No deadlines anywhere: a slow machine is no defect.
settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile("nightly", max_examples=500, deadline=None, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data() -> Callable[..., Path]:
    """Give the path of a real file or folder, `real_data("hsds/baltimore", source="…")`.

    The data is public and too large for the repository. Where it is missing the test skips and names the
    public source, so that anybody can fetch it; on CI a missing file is a failure, not a gap nobody sees.
    """
    base = Path(os.environ.get("PEERKIT_TEST_DATA") or ROOT.parent / "shared" / "data")

    def path(relative: str, *, source: str) -> Path:
        found = base / relative
        if not found.exists():
            told = f"{relative} is not under PEERKIT_TEST_DATA; its public source is {source}"
            if os.environ.get("CI"):
                pytest.fail(told)
            pytest.skip(told)
        return found

    return path
