# SPDX-License-Identifier: Apache-2.0
"""The safety lane: screens, concerns, alerts, and what is done about them.

It does not wait for a session: each act is one transaction, committed before the call returns. Nothing
vetoes: what stands against it is stored beside it, for a human to look at.

The names here are imported when they are used; `screening` is in the module of that name.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peerkit.safety.concerning import concern
    from peerkit.safety.handing_on import hand_on
    from peerkit.safety.handling import AlertLine, acknowledge, alerts, respond
    from peerkit.safety.next_steps import NextSteps
    from peerkit.safety.screening import Screening

__all__ = ["AlertLine", "NextSteps", "Screening", "acknowledge", "alerts", "concern", "hand_on", "respond"]

_PLACES = {
    "AlertLine": "handling",
    "NextSteps": "next_steps",
    "Screening": "screening",
    "acknowledge": "handling",
    "alerts": "handling",
    "concern": "concerning",
    "hand_on": "handing_on",
    "respond": "handling",
}


@functools.cache
def load() -> None:
    """Import the whole lane, once. A session does it when it begins, so that no alarm looks for files of
    code when the disk, or the number of open files, has come to its end."""
    import peerkit.delivery.urgent
    import peerkit.safety.concerning
    import peerkit.safety.handing_on
    import peerkit.safety.handling
    import peerkit.safety.moving
    import peerkit.safety.own_plan
    import peerkit.safety.screening  # noqa: F401


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    found = getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found
