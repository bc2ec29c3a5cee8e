# SPDX-License-Identifier: Apache-2.0
"""Where the real directories are, and how a test makes a small one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("hsds-dev", max_examples=60, deadline=None)
settings.register_profile("hsds-ci", max_examples=300, deadline=None, derandomize=True)
settings.load_profile("hsds-ci" if os.environ.get("CI") else "hsds-dev")

ROOT = Path(__file__).resolve().parents[3]
SOURCES: Mapping[str, str] = {
    "baltimore": "github.com/bchd/bahc-ohana-api @8573098, data",
    "illinois-legal-aid": "github.com/openreferral/hsds-transformer @0a86cf6",
    "spec-3.0": "github.com/openreferral/specification, branch 3.0 @279fd2e",
}


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """Give the folder of a real directory; skip, naming its public source, where it is missing."""
    base = Path(os.environ.get("PEERKIT_TEST_DATA") or ROOT.parent / "shared" / "data") / "hsds"

    def path(name: str) -> Path:
        found = base / name
        if not found.exists():
            source = SOURCES[name.split("/", maxsplit=1)[0]]
            told = f"hsds/{name} is not under PEERKIT_TEST_DATA; its public source is {source}"
            if os.environ.get("CI"):
                pytest.fail(told)
            pytest.skip(told)
        return found

    return path


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write files, by name and text (or bytes), into a folder of their own, and give the folder."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        for name, content in files.items():
            file = tmp_path / "directory" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "directory"

    return write
