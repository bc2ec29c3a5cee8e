# SPDX-License-Identifier: Apache-2.0
"""`NextSteps` in lines of text: what to do now, whom to call."""

from __future__ import annotations

from typing import Any


def lines(steps: Any) -> list[str]:
    """The steps as short lines, the most urgent first."""
    return [str(one) for one in getattr(steps, "sentences", (steps,))]
