# SPDX-License-Identifier: Apache-2.0
"""What an edition changes: the listings of a directory against those that were imported before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from attrs import frozen

from peerkit_hsds.values import Listing

Action = Literal["new", "changed", "same", "gone"]


@frozen
class Step:
    """One entry and what is to be done about it; `listing` is None where the entry is gone."""

    action: Action
    key: str
    listing: Listing | None = None
    digest: str = ""


def plan(previous: Mapping[str, str], listings: Iterable[Listing]) -> Iterator[Step]:
    """Every listing as a step, in its order, then every key that was there before and is not any more, in
    order.

    `previous` maps the keys of what was imported from this source and is not already marked as gone to the
    digests. Nothing is kept but keys, so that a directory of any size can pass. An entry that was gone and is
    back is new. Whether to mark anything as gone is the caller's to decide, by `Report.whole`, when all
    listings have passed.
    """
    left = dict.fromkeys(previous)
    for listing in listings:
        digest = listing.digest
        left.pop(listing.key, None)
        before = previous.get(listing.key)
        action: Action = "new" if before is None else "same" if before == digest else "changed"
        yield Step(action, listing.key, listing, digest)
    for key in left:
        yield Step("gone", key)
