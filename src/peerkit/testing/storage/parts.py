# SPDX-License-Identifier: Apache-2.0
"""What the storage clauses are made of: a backend that opens stores, and short changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from peerkit.ports import ActLine, Batch, Capabilities, Change, Mark, Storage

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@attrs.define
class Backend:
    """What is tested: `make(name)` opens the store of that name, making it where there is none.

    The same name opens the same store again where stores outlive the object. `raw(name)` gives
    everything that a store keeps at rest, as bytes, read without the storage; it may be left out.
    """

    make: Callable[[str], Storage]
    raw: Callable[[str], Iterable[bytes]] | None = None
    _opened: list[Storage] = attrs.field(factory=list, init=False)
    _names: itertools.count[int] = attrs.field(factory=lambda: itertools.count(1), init=False)

    def open(self, name: str = "main") -> Storage:
        """The store of a name; closed when the clause ends."""
        store = self.make(name)
        self._opened.append(store)
        return store

    def fresh(self) -> Storage:
        """An empty store that nobody opened before."""
        return self.open(f"fresh{next(self._names)}")

    @property
    def capabilities(self) -> Capabilities:
        """What the storage declares."""
        return self.fresh().capabilities

    def close_all(self) -> None:
        """Close what the clause opened."""
        while self._opened:
            self._opened.pop().close()


def change(record: str = "n1", expect: int = 0, kind: str = "note", **more: Any) -> Change:
    """A change, short: `subjects` as pairs, `idx`, `text`, `body`, `args` and so on by name."""
    given: dict[str, Any] = {
        "doc_version": 1,
        "subjects": (),
        "acts": (ActLine("write", "maya", "account", 4),),
        "actor": "maya",
        "body": f'{{"of":"{kind}","step":{expect}}}'.encode(),
    }
    given.update(more)
    given["subjects"] = tuple(tuple(pair) for pair in given["subjects"])
    return Change(kind=kind, id=record, expect=expect, **given)


def batch(*changes: Change, seconds: float = 0, marks: Iterable[Mark] = ()) -> Batch:
    """A batch at a given number of seconds after the start."""
    return Batch(changes, START + timedelta(seconds=seconds), tuple(marks))


def put(store: Storage, record: str, **more: Any) -> int:
    """Write the next version of a record; its position."""
    kind = more.pop("kind", "note")
    held = store.get(kind, record)
    expect = held.envelope.version if held else 0
    return store.commit(batch(change(record, expect, kind, **more))).last


def redaction(*ids: str, record: str = "redaction") -> Batch:
    """The batch that names what an erasure takes away."""
    return batch(change(record, kind="redaction", subjects=[("erased", one) for one in ids]))


def everything(store: Storage) -> Mapping[str, Any]:
    """All that a store shows, to compare before and after."""
    rows = store.dump(0, 10_000)
    return {"rows": rows, "marks": dict(store.marks()), "position": store.position()}
