# SPDX-License-Identifier: Apache-2.0
"""The page of benchmarks shows every row, and says of each that misses its bound what stands in the way."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from beside import NAMES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"
QUICKEST = ("commit", "get", "directory", "search", "stream")
"""Rows that need no library of their own and take seconds at the smallest size."""


def measured(*arguments: str) -> str:
    """What the command of the benchmarks prints."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300).stdout


def table(text: str) -> list[list[str]]:
    """The cells of the rows under the table's head, as the command prints it."""
    _, _, below = text.partition("| Row | Work |")
    rows = re.findall(r"^\| (`.+) \|$", below, re.MULTILINE)
    return [row.split(" | ") for row in rows]


def named(cells: list[list[str]]) -> list[str]:
    """The names of the rows, each once, in order."""
    return list(dict.fromkeys(row[0].strip("`") for row in cells))


whole = pytest.mark.skipif("hsds" not in NAMES, reason="peerkit-hsds is not installed: a row is its")


@whole
def test_the_page_shows_every_row_that_the_benchmarks_have() -> None:
    rows = [line.split()[0] for line in measured("--rows").splitlines()]
    assert named(table(PAGE.read_text(encoding="utf-8"))) == rows


def test_the_page_says_what_stands_in_the_way_of_each_row_that_misses_its_bound() -> None:
    text = PAGE.read_text(encoding="utf-8")
    missed = {row[0].strip("`") for row in table(text) if "missed" in "".join(row)}
    _, _, reasons = text.partition("\n## What stands in the way\n")
    told = re.findall(r"^- \*\*`(\w+)`", reasons, re.MULTILINE)
    assert missed <= set(told)
    assert set(told) <= set(named(table(text)))


@whole
def test_the_command_prints_the_table(tmp_path: Path) -> None:
    folders = ("--folder", str(tmp_path), "--keep", str(tmp_path / "kept"))
    printed = measured(*QUICKEST, "--size", "tiny", *folders)
    assert named(table(printed)) == list(QUICKEST)
