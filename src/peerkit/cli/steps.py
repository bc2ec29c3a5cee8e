# SPDX-License-Identifier: Apache-2.0
"""`NextSteps` in lines of text: what to do now, whom to call."""

from __future__ import annotations

from typing import Any

from peerkit.cli.speaking import texts
from peerkit.texts import Message, verbatim


def lines(steps: Any, language: str = "") -> list[Message]:
    """The steps as short lines, the most urgent first; in this language, else in that of who reads here."""
    if not hasattr(steps, "sentences"):
        return [verbatim(steps)]
    return [verbatim(one) for one in steps.in_language(language or texts().locale).sentences]
