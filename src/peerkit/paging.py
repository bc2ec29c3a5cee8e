# SPDX-License-Identifier: Apache-2.0
"""Following pages: everything that a query finds in a storage, one page after another."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from peerkit.ports import Query, Storage, Stored

MOST = 1000
"""The rows of a page at most."""


def every(storage: Storage, query: Query, *, page: int = MOST) -> Iterator[Stored]:
    """Every row that a query finds, page after page of so many."""
    after: str | None = query.after
    while True:
        found = storage.find(attrs.evolve(query, limit=page, after=after))
        yield from found.rows
        if (after := found.after) is None:
            return
