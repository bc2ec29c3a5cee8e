# SPDX-License-Identifier: Apache-2.0
"""What is in a store: records by kind and state, as they stand now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from peerkit.kinds import PLACES, core_kind
from peerkit.model.base import Record
from peerkit.ports import Condition, Query

if TYPE_CHECKING:
    from peerkit.ports import Storage


def states_of(kind: type[Record], of: str = "-") -> tuple[str, ...]:
    """The states of a kind (of its parts `of`), in the order in which its lifecycle table names them."""
    named: list[str] = []
    for row in kind.table.values():
        if row.of == of:
            named += [*row.sources, *row.to.split("|")]
    field = next((one for one in attrs.fields(kind) if one.name == "state"), None)
    first = [field.default] if of == "-" and field is not None else []
    return tuple(dict.fromkeys(one for one in [*first, *named] if one not in {"-", "*", "="}))


def by_kind(storage: Storage) -> Mapping[str, Mapping[str, int]]:
    """How many records there are of each of the core's kinds, in all (`""`) and by state."""
    return {kind: dict(_of(storage, kind)) for kind in PLACES}


def _of(storage: Storage, kind: str) -> Iterator[tuple[str, int]]:
    yield "", storage.count(Query(kind))
    cls = core_kind(kind)
    for state in states_of(cls) if cls is not None else ():
        yield state, storage.count(Query(kind, (Condition("state", "==", state),)))
