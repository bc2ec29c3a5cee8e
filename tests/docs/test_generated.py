# SPDX-License-Identifier: Apache-2.0
"""What the documentation says of the classes is what the classes say."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MADE: dict[str, Any] = runpy.run_path(str(Path(__file__).with_name("generate.py")))
PAGES: list[Path] = MADE["pages"]()
filled: Callable[[str], str] = MADE["filled"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_parts_are_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert filled(text) == text, "run: uv run python tests/docs/generate.py"


def test_a_part_that_is_out_of_date_is_seen() -> None:
    [kinds] = [page for page in PAGES if page.name == "kinds.md"]
    text = kinds.read_text(encoding="utf-8")
    assert filled(text.replace("here --> left: leave", "here --> gone: leave")) == text
    assert filled(text.replace("| `adopt(goal)` |", "| `adopt()` |")) == text


def test_every_kind_is_on_a_page() -> None:
    from peerkit.kinds import NAMES

    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in NAMES if f"\n### {name}\n" not in text] == []
