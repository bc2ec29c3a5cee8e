# SPDX-License-Identifier: Apache-2.0
"""What a program has stored of the screens that were taken in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peerkit.kit import Kit

Opened = Callable[[], Kit]


def kept(opened: Opened) -> list[tuple[str, Any]]:
    """What is stored of the program's screens, in its order."""
    with opened() as kit:
        found = sorted(kit._find_all("answer"), key=lambda one: (one.screen, one.number))
    return [(one.item, one.value) for one in found]


def only(opened: Opened, kind: str) -> Any:
    with opened() as kit:
        [found] = kit._find_all(kind)
    return found
