# SPDX-License-Identifier: Apache-2.0
"""Conditions from typed lambdas, and the read-only sight of stored and proposed records together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol, TypeVar, cast

from peerkit.codec import Codec
from peerkit.errors import Malformed
from peerkit.model.base import Record
from peerkit.model.ids import stamp
from peerkit.ports import Allow, Condition, Query, Reads, Storage, Stored
from peerkit.storage.conditions import holds, sort_key, visible

R = TypeVar("R", bound=Record)


class _Field:
    """Stands for an indexed field inside a condition; comparing it makes a `Condition`."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        self._name = name

    def _make(self, op: str, value: object) -> Condition:
        return Condition(self._name, op, plain(value))

    def __eq__(self, other: object) -> Any:
        return self._make("==", other)

    def __ne__(self, other: object) -> Any:
        return self._make("!=", other)

    def __lt__(self, other: object) -> Any:
        return self._make("<", other)

    def __le__(self, other: object) -> Any:
        return self._make("<=", other)

    def __gt__(self, other: object) -> Any:
        return self._make(">", other)

    def __ge__(self, other: object) -> Any:
        return self._make(">=", other)


class _Fields:
    def __init__(self, kind: type[Record]) -> None:
        self._kind = kind

    def __getattr__(self, name: str) -> _Field:
        _indexed(self._kind, name)
        return _Field(name)


def plain(value: Any) -> Any:
    """A condition's value as it stands in the index."""
    if isinstance(value, Record):
        return value.id
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Malformed("an instant needs a time zone", where="condition")
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(one) for one in value]
    raise Malformed("a condition compares with texts, numbers, instants and ids", where="condition")


def _indexed(kind: type[Record], name: str) -> None:
    if name not in kind.indexed and name != "id":
        raise Malformed(f"{name} is no indexed field; indexed are {', '.join(kind.indexed)}", where=kind.kind)


def conditions_of(
    kind: type[Record], lambdas: Sequence[Callable[[Any], Any]], equal: Mapping[str, Any]
) -> tuple[Condition, ...]:
    """Conditions from lambdas (`lambda t: t.due <= now`) and equalities (`state="open"`).

    For a field that holds several values, an equality means *has this one*; for another, a tuple
    means *any of these*. Malformed if a field is not indexed or a lambda does something else.
    """
    made: list[Condition] = []
    for one in lambdas:
        found = one(_Fields(kind))
        if not isinstance(found, Condition):
            raise Malformed(
                "a condition is one comparison of one field, as in lambda t: t.due <= now", where=kind.kind
            )
        made.append(found)
    for name, value in equal.items():
        _indexed(kind, name)
        target = plain(value)
        several = "tuple" in str(kind.__annotations__.get(name, ""))
        op = "has" if several and not isinstance(target, list) else "in" if isinstance(target, list) else "=="
        made.append(Condition(name, op, target))
    return tuple(made)


class Pending(Protocol):
    """A proposed version, as the view sees it."""

    @property
    def record(self) -> Record:
        """The proposed value."""
        ...

    @property
    def idx(self) -> Mapping[str, Any]:
        """Its index projection."""
        ...


class Sight:
    """Stored records with the proposed ones laid over them. Keeps account of what was read."""

    def __init__(self, storage: Storage, codec: Codec, now: datetime, pending: Mapping[str, Pending]) -> None:
        self.now = now
        self._storage = storage
        self._codec = codec
        self._pending = pending
        self._reads: set[tuple[str, str]] = set()

    @property
    def reads(self) -> Reads:
        """What was read so far, for the guard."""
        return frozenset(self._reads)

    def get(self, kind: type[R], id: str) -> R | None:
        """The newest version of a record, proposed ones included."""
        self._reads.add((kind.kind, id))
        return cast("R | None", self.fetch(kind.kind, id))

    def find(
        self, kind: type[R], *conditions: Callable[[Any], Any], about: str = "", **equal: Any
    ) -> Sequence[R]:
        """All records of the kind that meet the conditions, proposed ones included."""
        self._reads.add((kind.kind, about))
        found = conditions_of(kind, conditions, equal)
        allow = None if not about else frozenset((name, about) for name in kind.subject_fields)
        rows: list[Record] = []
        after: str | None = None
        while True:
            page = self._storage.find(Query(kind.kind, found, limit=1000, after=after, allow=allow))
            rows += [self._codec.decode(one) for one in page.rows if one.envelope.id not in self._pending]
            if (after := page.after) is None:
                break
        rows += [p.record for p in overlay(self._pending.values(), kind.kind, found, allow)]
        return cast("list[R]", rows)

    def fetch(self, kind: str, id: str) -> Record | None:
        """A record by kind name, without account of the read."""
        held = self._pending.get(id)
        if held is not None and held.record.kind == kind:
            return held.record
        stored = self._storage.get(kind, id)
        return None if stored is None or stored.body is None else self._codec.decode(stored)


def overlay(
    pending: Iterable[Pending], kind: str, conditions: Sequence[Condition], allow: Allow
) -> list[Pending]:
    """The proposed records of a kind that meet the conditions and the scope."""
    return [
        p
        for p in pending
        if p.record.kind == kind
        and visible(allow, p.record.subjects)
        and all(holds(c, {**p.idx, "id": p.record.id}) for c in conditions)
    ]


def merged(stored: Sequence[Stored], ours: Sequence[Pending], order: str, codec: Codec) -> list[Record]:
    """Stored and proposed records in one order."""
    decoded = [codec.decode(one) for one in stored]
    if not ours:
        return decoded
    keyed = [(sort_key(order, codec.index(r), r.id), r) for r in decoded]
    keyed += [(sort_key(order, p.idx, p.record.id), p.record) for p in ours]
    return [r for _, r in sorted(keyed, key=lambda pair: pair[0], reverse=order.startswith("-"))]
