# SPDX-License-Identifier: Apache-2.0
"""The console: a notice on standard error, for demonstrations, development and whoever watches a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from peerkit.delivery.channels import NotSent
from peerkit.ports import Message


class Console:
    """Writes the text and the reference, no address."""

    name = "console"
    real = False

    def send(self, message: Message) -> None:
        """Write one line; NotSent if standard error is closed."""
        try:
            behind = f" ({message.reference})" if message.reference else ""
            sys.stderr.write(f"[peerkit] {message.text}{behind}\n")
            sys.stderr.flush()
        except (OSError, ValueError, AttributeError):
            raise NotSent("console", "closed", "standard error cannot be written to") from None


def make(settings: Mapping[str, Any]) -> Console:
    """The console needs no settings."""
    del settings
    return Console()
