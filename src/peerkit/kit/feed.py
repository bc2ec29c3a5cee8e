# SPDX-License-Identifier: Apache-2.0
"""How far the feed has gone, as a kit knows it: one look at the store answers for everything that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from peerkit.ports import Committed, Storage


@attrs.frozen
class _Known:
    """The feed's last position, and the last ones of kinds that were asked for, in one value: threads
    swap it whole."""

    position: int
    last: dict[tuple[str, ...], int] = attrs.field(factory=dict)


class Feed:
    """Remembers the last positions of kinds for as long as the feed does not move, and over the kit's own
    commits as long as nobody else's came between.

    Whoever keeps something that derives from records keeps the position of their kinds with it, and
    compares: `look()` when a session begins, `last(kinds)` for each thing kept.
    """

    def __init__(self, storage: Callable[[], Storage]) -> None:
        self._storage = storage
        self._known = _Known(-1)

    @property
    def position(self) -> int:
        """The last position at the latest look."""
        return self._known.position

    def look(self) -> int:
        """Ask the store for its last position."""
        position = self._storage().position()
        if position != self._known.position:
            self._known = _Known(position)
        return position

    def last(self, kinds: tuple[str, ...]) -> int:
        """The last position of these kinds at the latest look, or later."""
        known = self._known.last
        found = known.get(kinds)
        if found is None:
            found = known[kinds] = self._storage().position(kinds)
        return found

    def wrote(self, done: Committed, kinds: Iterable[str]) -> None:
        """The kit wrote a version of each of these kinds, in this order."""
        known = self._known
        if done.first != known.position + 1:  # somebody else wrote in between
            self.look()
            return
        last = dict(known.last)  # a copy: another thread may be filling the one it found
        for position, kind in enumerate(kinds, done.first):
            for group in last:
                if kind in group:
                    last[group] = position
        self._known = _Known(done.last, last)
