# SPDX-License-Identifier: Apache-2.0
"""Records that checks look up again and again (the person, the supporter), kept while nobody writes one."""

from __future__ import annotations

from collections.abc import Callable

from peerkit.codec import Codec
from peerkit.kit.feed import Feed
from peerkit.model.base import Record
from peerkit.ports import Storage

MOST = 1000
"""So many are kept; more, and it begins anew."""


class Heads:
    """The newest versions as of the feed's latest look. What came since is the guard's to find.

    Each is kept with the position that its kind, and erasing, stood at before it was read, and counts for
    as long as that stays.
    """

    def __init__(self, feed: Feed, storage: Callable[[], Storage], codec: Codec) -> None:
        self._feed = feed
        self._storage = storage
        self._codec = codec
        self._held: dict[tuple[str, str], tuple[int, Record | None]] = {}

    def get(self, kind: str, id: str) -> Record | None:
        """The record; None if there is none, or if it was erased."""
        position = self._feed.last((kind, "redaction"))
        held = self._held.get((kind, id))
        if held is not None and held[0] == position:
            return held[1]
        stored = self._storage().get(kind, id)
        found = None if stored is None or stored.body is None else self._codec.read(stored)
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[kind, id] = (position, found)
        return found

    def clear(self) -> None:
        """Forget them all."""
        self._held.clear()
