# SPDX-License-Identifier: Apache-2.0
"""The hand-written cells of rights: enough of them, both answers among them, none twice."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

PATH = Path(__file__).resolve().parents[1] / "truth" / "rights.toml"
CELLS: list[dict[str, Any]] = tomllib.loads(PATH.read_text(encoding="utf-8"))["cells"]


ALSO = ("decided", "instead", "when", "role")


def test_there_are_enough_cells_and_both_answers_among_them() -> None:
    assert len(CELLS) >= 250
    assert 100 <= sum(cell["may"] for cell in CELLS) <= len(CELLS) - 100
    assert {cell["kind"] for cell in CELLS} >= {
        "person",
        "goal_plan",
        "consent",
        "referral",
        "answer",
        "read",
    }
    assert len(
        {(*(c[one] for one in ("who", "does", "kind", "of")), *(c.get(one) for one in ALSO)) for c in CELLS}
    ) == len(CELLS)
