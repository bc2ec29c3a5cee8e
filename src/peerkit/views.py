# SPDX-License-Identifier: Apache-2.0
"""Conditions from typed lambdas, and the read-only sight of stored and proposed records together."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol, TypeVar, cast

import attrs

from peerkit.codec import Codec, Opaque
from peerkit.errors import Malformed
from peerkit.model.base import Record, fold
from peerkit.model.ids import stamp
from peerkit.paging import every
from peerkit.ports import Allow, Condition, Query, Reads, Rows, Storage, Stored
from peerkit.storage.conditions import holds, sort_key, visible

R = TypeVar("R", bound=Record)


_ONE = "a condition is one comparison of one field, as in lambda t: t.due <= now; give several lambdas"


class _Comparison(Condition):
    """A condition in the making. Joined with and, or, not or a chain, half of it would be lost."""

    def __bool__(self) -> bool:
        raise Malformed(_ONE, where="condition")


class _Field:
    """Stands for an indexed field inside a condition; comparing it makes a `Condition`."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str, *, folded: bool) -> None:
        self._name = name
        self._folded = folded

    def _make(self, op: str, value: object) -> Condition:
        target = plain(value)
        return _Comparison(self._name, op, fold(target) if self._folded else target)

    def __bool__(self) -> bool:
        raise Malformed(_ONE, where="condition")

    def __contains__(self, _: object) -> bool:
        raise Malformed(f"which {self._name} holds a value is asked as {self._name}=value", where="condition")

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
        return _Field(name, folded=name in self._kind.folded)


def plain(value: Any) -> Any:
    """A condition's value as it stands in the index."""
    if isinstance(value, Record):
        return value.id
    if isinstance(value, datetime):
        try:
            return stamp(value)
        except (ValueError, OverflowError):
            raise Malformed("an instant needs a time zone", where="condition") from None
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
        told = f"{name} is no indexed field" if name in kind.field_classes else "that is no field"
        raise Malformed(f"{told}; indexed are {', '.join(kind.indexed)}", where=kind.kind)


def conditions_of(
    kind: type[Record], lambdas: Sequence[Callable[[Any], Any]], equal: Mapping[str, Any]
) -> tuple[Condition, ...]:
    """Conditions from lambdas (`lambda t: t.due <= now`) and equalities (`state="open"`).

    For a field that holds several values, an equality means *has this one*; for another, a tuple
    means *any of these*. Malformed if a field is not indexed or a lambda does something else.
    """
    made: list[Condition] = []
    for one in lambdas:
        try:
            found = one(_Fields(kind))
        except (TypeError, AttributeError):
            raise Malformed(_ONE, where=kind.kind) from None
        if not isinstance(found, _Comparison):
            raise Malformed(_ONE, where=kind.kind)
        made.append(Condition(found.field, found.op, found.value))
    for name, value in equal.items():
        _indexed(kind, name)
        target = plain(value)
        if name in kind.folded:
            target = fold(target)
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
    """Stored records with the proposed ones laid over them. Keeps account of what was read.

    `fetch` gives the newest stored version by kind and id; left out, the store is asked.
    """

    def __init__(
        self,
        storage: Storage,
        codec: Codec,
        now: datetime,
        pending: Mapping[str, Pending],
        *,
        fetch: Callable[[str, str], Record | None] | None = None,
    ) -> None:
        self.now = now
        self._fetch = fetch or self._ask
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
        held = self._pending.get(id)
        if held is not None and held.record.kind == kind.kind:
            return cast("R", held.record)
        return cast("R | None", self._fetch(kind.kind, id))

    def find(
        self, kind: type[R], *conditions: Callable[[Any], Any], subject: str = "", **equal: Any
    ) -> Sequence[R]:
        """All records of the kind that meet the conditions, proposed ones included."""
        found = conditions_of(kind, conditions, equal)
        self._reads.add((kind.kind, subject or _subject(kind, equal)))
        allow = None if not subject else frozenset((name, subject) for name in kind.subject_fields)
        rows: list[Record] = [
            self._codec.read(one)
            for one in every(self._storage, Query(kind.kind, found, allow=allow))
            if one.body is not None and one.envelope.id not in self._pending  # erased: nothing to judge
        ]
        rows += [p.record for p in overlay(self._pending.values(), kind.kind, found, allow)]
        return cast("list[R]", rows)

    def _ask(self, kind: str, id: str) -> Record | None:
        stored = self._storage.get(kind, id)
        return None if stored is None or stored.body is None else self._codec.read(stored)


def _subject(kind: type[Record], equal: Mapping[str, Any]) -> str:
    """The one human whom the equalities ask for in a subject field: what is found changes only by a version
    that names them, or that stands on one that does, and the guard sees both. Empty if there is none."""
    asked = (plain(equal[name]) for name in kind.subject_fields if name in equal)
    return next((one for one in asked if isinstance(one, str) and one), "")


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


# -- a page with the session's own writes in it ----------------------------------------------------

_Key = tuple[Any, ...]


def read_page(
    storage: Storage, codec: Codec, query: Query, pending: Collection[Pending]
) -> tuple[list[Stored], list[Record], str | None]:
    """A page as a session sees it: the stored rows in it, all its records in order, the cursor.

    Proposed records stand where they belong in the order, on one page only, and a page is never longer
    than its limit. The cursor is the storage's own, with the place in the order beside it.
    """
    behind, last, over = _place(query.after)
    found = Rows(()) if over else storage.find(attrs.evolve(query, after=behind))
    stored = [(one, codec.read(one)) for one in found.rows]
    keys = _keys(query.order, codec, stored, last) if pending or found.after is not None else []
    if found.after is not None:
        end = keys[-1]
        after = _cursor(found.after, end, over=False)
    else:
        end, after = None, None
    hidden = {one.record.id for one in pending}
    ours = _between(last, end, query, pending)
    if not ours:
        kept = [pair for pair in stored if pair[0].envelope.id not in hidden and pair[0].body is not None]
        return [one for one, _ in kept], [record for _, record in kept], after
    rows: list[tuple[_Key, Stored | None, Record]] = [*ours]
    rows += [
        (key, one, record)
        for key, (one, record) in zip(keys, stored, strict=True)
        if one.envelope.id not in hidden and one.body is not None
    ]
    rows.sort(key=lambda row: row[0], reverse=query.order.startswith("-"))
    if len(rows) > query.limit:
        left = {one.envelope.id for _, one, _ in rows[query.limit :] if one is not None}
        rows = rows[: query.limit]
        last = rows[-1][0]
        taken = next((n for n, (one, _) in enumerate(stored) if one.envelope.id in left), len(stored))
        if taken == len(stored):
            behind, over = found.after, found.after is None
        elif taken:
            behind = storage.find(attrs.evolve(query, after=behind, limit=taken)).after
        after = _cursor(behind, last, over=over)
    return [one for _, one, _ in rows if one is not None], [record for _, _, record in rows], after


def _between(
    last: _Key | None, end: _Key | None, query: Query, pending: Iterable[Pending]
) -> list[tuple[_Key, None, Record]]:
    """The proposed records that belong behind `last` and not behind `end`."""
    keyed = [
        (sort_key(query.order, one.idx, one.record.id), None, one.record)
        for one in overlay(pending, query.kind, query.conditions, query.allow)
    ]
    return [
        row
        for row in keyed
        if (last is None or _beyond(row[0], last, query.order))
        and (end is None or not _beyond(row[0], end, query.order))
    ]


def _beyond(key: _Key, mark: _Key, order: str) -> bool:
    return key < mark if order.startswith("-") else key > mark


def _keys(
    order: str, codec: Codec, stored: Sequence[tuple[Stored, Record]], before: _Key | None
) -> list[_Key]:
    """Each row's place in the order. One that cannot be read stands where the store put it, right behind the
    one before it (`before`: the page before this one), since what it is ordered by is inside it."""
    by_id = order.lstrip("-") in {"", "id"}
    key: _Key = ("\U0010ffff",) if by_id else (3,)  # greater than every key
    key = before if before is not None else key if order.startswith("-") else ()
    keys: list[_Key] = []
    for _, record in stored:
        if by_id:
            key = sort_key(order, {}, record.id)
        elif not isinstance(record, Opaque):
            key = sort_key(order, codec.index(record), record.id)
        keys.append(key)
    return keys


def _cursor(behind: str | None, last: _Key | None, *, over: bool) -> str:
    """Where the next page goes on: behind which stored row, whether those are over, behind which key."""
    raw = json.dumps([behind, over, last], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode()


def _place(after: str | None) -> tuple[str | None, _Key | None, bool]:
    if after is None:
        return None, None, False
    try:
        behind, over, last = json.loads(base64.urlsafe_b64decode(after.encode()))
        return behind, None if last is None else tuple(last), bool(over)
    except (ValueError, TypeError, AttributeError):
        raise Malformed("that is no cursor of peerkit's", where="after") from None
