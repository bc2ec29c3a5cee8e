# SPDX-License-Identifier: Apache-2.0
"""The channels that come with peerkit, supplied as plugins' are. Each is imported when it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from peerkit.hooks import NotifierChannel, Supply, hookimpl
from peerkit.ports import Notifier


def _console(settings: Mapping[str, Any]) -> Notifier:
    from peerkit.delivery.channels.console import make

    return make(settings)


def _email(settings: Mapping[str, Any]) -> Notifier:
    from peerkit.delivery.channels.email import make

    return make(settings)


@hookimpl
def peerkit_supply() -> Iterable[Supply]:
    """`console` and `email`."""
    yield NotifierChannel("console", _console)
    yield NotifierChannel("email", _email)
