# SPDX-License-Identifier: Apache-2.0
"""What the matrix of rights is told by hand: lifecycles, and the table. Its town is `peerkit.testing`'s."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from peerkit.rights import CORE
from peerkit.testing.town import NAMED, PEOPLE, ROLES, Town, Who, lines

TESTS = Path(__file__).parent.parent
LIFE: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    (TESTS / "truth" / "lifecycle.toml").read_text(encoding="utf-8")
)
TABLE = lines(CORE)

__all__ = ["LIFE", "NAMED", "PEOPLE", "ROLES", "TABLE", "Town", "Who"]
