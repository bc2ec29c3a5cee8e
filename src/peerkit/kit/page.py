# SPDX-License-Identifier: Apache-2.0
"""A page of records, as `find` and `search` give it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

import attrs

from peerkit.codec import Opaque
from peerkit.model.base import Record

R = TypeVar("R", bound=Record)


@attrs.frozen
class Page(Sequence[R]):
    """A page of records, in order. `after` goes on behind it (None: that was the last page).

    A record that this peerkit cannot read stands in its place as an `Opaque`, whatever the page's type says:
    `readable` leaves those out, `unreadable` are they.
    """

    items: tuple[R, ...]
    after: str | None = None

    @property
    def readable(self) -> tuple[R, ...]:
        """The records that can be read, in order."""
        return tuple(one for one in self.items if not isinstance(one, Opaque))

    @property
    def unreadable(self) -> tuple[Opaque, ...]:
        """Those that cannot: a human should know that they are there."""
        return tuple(one for one in self.items if isinstance(one, Opaque))

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[R, ...]: ...
    def __getitem__(self, index: int | slice) -> R | tuple[R, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[R]:
        return iter(self.items)
