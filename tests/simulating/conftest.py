# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import peerkit
from peerkit.simulating import Simulated, live


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Simulated]:
    """The smallest program there is: ten people, two years."""
    file = tmp_path_factory.mktemp("simulated") / "ten.db"
    url = f"sqlite:///{file}?synchronous=off"
    return url, live(url, people=10, years=2, seed=7)


@pytest.fixture
def kit(lived: tuple[str, Simulated]) -> Iterator[peerkit.Kit]:
    with peerkit.open(lived[0], discover=False) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
