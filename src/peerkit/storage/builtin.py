# SPDX-License-Identifier: Apache-2.0
"""The storages that come with peerkit, supplied as plugins' are. Each is imported when it is opened."""

from __future__ import annotations

from collections.abc import Iterable

from peerkit.hooks import StorageBackend, Supply, hookimpl
from peerkit.ports import Capabilities, Clock, Storage


def _memory(url: str, clock: Clock, create: bool) -> Storage:  # noqa: FBT001  # the port's form
    from peerkit.storage.memory import MemoryStorage

    del url, clock, create
    return MemoryStorage()


def _sqlite(url: str, clock: Clock, create: bool) -> Storage:  # noqa: FBT001  # likewise
    from peerkit.storage.sqlite import open_sqlite

    return open_sqlite(url, clock, create=create)


@hookimpl
def peerkit_supply() -> Iterable[Supply]:
    """`memory:` and `sqlite:`."""
    yield StorageBackend("memory", _memory, Capabilities(name="memory", real_notifiers=False))
    yield StorageBackend("sqlite", _sqlite, Capabilities(name="sqlite", durable=True, shared=True))
