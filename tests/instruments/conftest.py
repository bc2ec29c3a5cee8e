# SPDX-License-Identifier: Apache-2.0
"""Definitions to try the engine with: those that ship, and one made up, in the folder beside this."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from peerkit.instruments import Instrument, load, parse

FOLDER = Path(__file__).parent / "definitions"
SHIPPED = resources.files("peerkit.instruments") / "data"


@pytest.fixture(scope="session")
def text() -> Callable[..., str]:
    """Give a definition's text, with pieces of it replaced: `text("phq-9", ("max = 4", "max = 3"))`."""

    def read(name: str, *changes: tuple[str, str]) -> str:
        folder = FOLDER if (FOLDER / f"{name}.toml").exists() else SHIPPED
        found = (folder / f"{name}.toml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in found, f"{name} has no such piece"
            found = found.replace(old, new, 1)
        return found

    return read


@pytest.fixture(scope="session")
def definition(text: Callable[..., str]) -> Callable[..., Instrument]:
    def read(name: str, *changes: tuple[str, str]) -> Instrument:
        return parse(text(name, *changes), source=f"{name}.toml")

    return read


@pytest.fixture(scope="session")
def asq() -> Instrument:
    return load("asq")
