# SPDX-License-Identifier: Apache-2.0
"""Spreadsheets written by openpyxl, and programs to bring them into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

import peerkit
from peerkit.kit import Kit
from peerkit.model.actor import Actor
from peerkit.sheet.columns import Given
from peerkit.sheet.importing import bring_in
from peerkit.sheet.reading import File
from peerkit.sheet.report import Report

SETTINGS = {
    "name": "Riverside Peer Support (fictional)",
    "coordinator": {"name": "Robin Example"},
    "path": [{"role": "coordinator", "minutes": 15}],
    "timezone": "America/Toronto",
}


@pytest.fixture
def kit(tmp_path: Path) -> Any:
    with peerkit.open(f"sqlite:///{tmp_path / 'riverside.db'}", settings=SETTINGS, discover=False) as opened:
        yield opened


@pytest.fixture
def robin(kit: Kit) -> Actor:
    return Actor(kit.first_coordinator)


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """`workbook([["Name"], ["Maya"]], lambda sheet: sheet.merge_cells("A2:A3"))`."""

    def write(rows: Sequence[Sequence[Any]], change: Callable[[Any], None] | None = None) -> Path:
        book = Workbook()
        for row in rows:
            book.active.append(list(row))
        if change is not None:
            change(book.active)
        path = tmp_path / "people.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """A CSV of this text."""

    def write(text: str, encoding: str = "utf-8", name: str = "people.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def bring(kit: Kit, robin: Actor) -> Callable[..., Report]:
    def run(path: Path, given: Given | None = None, *, dry_run: bool = False, encoding: str = "") -> Report:
        return bring_in(kit, File(path, encoding), given or Given(), actor=robin, dry_run=dry_run)

    return run
