# SPDX-License-Identifier: Apache-2.0
"""The demo's notifier: it takes notices and hands them to nobody. It comes in as a plugin would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from peerkit.demo.cast import CHANNEL
from peerkit.hooks import NotifierChannel, Supply, hookimpl
from peerkit.ports import Message


class Outbox:
    """Keeps what it was handed, so that a test can look at it."""

    name = CHANNEL
    real = False

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        """Take the message."""
        self.sent.append(message)


class StoryPlugin:
    """Supplies the demo's channel."""

    name = "story-notices"

    def __init__(self) -> None:
        self.outbox = Outbox()

    def _make(self, settings: Mapping[str, Any]) -> Outbox:
        del settings
        return self.outbox

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        """One channel."""
        return [NotifierChannel(CHANNEL, self._make)]
