# SPDX-License-Identifier: Apache-2.0
"""The channels that come with peerkit, and what a channel raises when it could not hand a message over."""

from __future__ import annotations

from peerkit.errors import PluginError


class NotSent(PluginError):
    """A message was not handed over. `code` says why in a word; neither holds an address or a text."""

    def __init__(self, channel: str, code: str, sentence: str) -> None:
        super().__init__(f"{channel}: {sentence}")
        self.code = code


__all__ = ["NotSent"]
