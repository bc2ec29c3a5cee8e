# SPDX-License-Identifier: Apache-2.0
"""Delivery: what is due is sent, observers are fed, and it is said when nobody does that.

There is no background thread: a host runs `kit.deliver()` (or `peerkit deliver`) every minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peerkit.delivery.drilling import DrillReport, drill
    from peerkit.delivery.observing import unpark
    from peerkit.delivery.problem import Problem
    from peerkit.delivery.running import Report, deliver
    from peerkit.delivery.timekeeping import confirm_time
    from peerkit.delivery.watching import Health, health, warnings

__all__ = [
    "DrillReport",
    "Health",
    "Problem",
    "Report",
    "confirm_time",
    "deliver",
    "drill",
    "health",
    "unpark",
    "warnings",
]

_PLACES = {
    "DrillReport": "drilling",
    "Health": "watching",
    "Problem": "problem",
    "Report": "running",
    "confirm_time": "timekeeping",
    "deliver": "running",
    "drill": "drilling",
    "health": "watching",
    "unpark": "observing",
    "warnings": "watching",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    found = getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found
