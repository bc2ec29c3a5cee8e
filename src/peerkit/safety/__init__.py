# SPDX-License-Identifier: Apache-2.0
"""The safety lane: screens, concerns, alerts, and what is done about them.

It does not wait for a session: each act is one transaction, committed before the call returns. Nothing
vetoes: what stands against it is stored beside it, for a human to look at.
"""

from __future__ import annotations

from peerkit.safety.concerning import concern
from peerkit.safety.handling import AlertLine, acknowledge, alerts, respond
from peerkit.safety.next_steps import NextSteps
from peerkit.safety.screening import Screening, screening

__all__ = ["AlertLine", "NextSteps", "Screening", "acknowledge", "alerts", "concern", "respond", "screening"]
