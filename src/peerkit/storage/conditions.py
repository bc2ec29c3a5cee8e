# SPDX-License-Identifier: Apache-2.0
"""Conditions, order and scope in Python: the memory storage's, and a session's for its own writes.

Other storages translate them; the storage clauses hold all to the same answers.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from peerkit.errors import Malformed
from peerkit.ports import Allow, Change, Condition, Query

_OPS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPERATORS = frozenset({"==", "!=", "in", "has", *_OPS})
MOST = 10_000
"""The longest page that a storage gives: every page is held in memory whole."""

_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"), sort_keys=True
).encode


def holds(condition: Condition, idx: Mapping[str, Any]) -> bool:
    """Whether an index projection meets the condition. A missing value meets none but `!=`.

    Numbers compare with numbers and texts with texts (by code point); `has` asks whether a list
    holds the value, `in` whether the value is one of a list.
    """
    found = idx.get(condition.field)
    if condition.op == "==":
        return bool(found == condition.value)
    if condition.op == "!=":
        return bool(found != condition.value)
    if condition.op == "in":
        return any(found == one for one in condition.value)
    if condition.op == "has":
        return isinstance(found, list) and condition.value in found
    if isinstance(found, str) is not isinstance(condition.value, str):
        return False
    if not isinstance(found, str | int | float) or not isinstance(condition.value, str | int | float):
        return False
    return _OPS[condition.op](found, condition.value)


def visible(allow: Allow, subjects: Iterable[tuple[str, str]]) -> bool:
    """Whether the scope lets a record with these subjects be seen."""
    return allow is None or not allow.isdisjoint(subjects)


def sort_key(order: str, idx: Mapping[str, Any], record_id: str) -> tuple[Any, ...]:
    """The key a page is ordered by: missing values, then numbers, then texts; last the id."""
    name = order.lstrip("-")
    if name in {"", "id"}:
        return (record_id,)
    value = idx.get(name)
    if value is None:
        return (0, "", record_id)
    if isinstance(value, int | float):
        return (1, value, record_id)
    return (2, value if isinstance(value, str) else _encode(value), record_id)


def normal(idx: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """An index projection as JSON text and as plain values; Malformed for what no storage can hold.

    The character NUL ends a text for some databases, so in projections it stands as U+FFFD.
    """
    try:
        text = _encode(dict(idx))
        text.encode()
    except (ValueError, TypeError, RecursionError):
        raise Malformed("an index projection holds plain JSON values", where="idx") from None
    if "\\u0000" in text:
        idx = {name: _normal_value(value) for name, value in idx.items()}
        text = _encode(idx)
    return text, idx


def projection(change: Change) -> tuple[str, Mapping[str, Any]]:
    """The change's index projection, `normal`; its text for search is looked at too."""
    try:
        change.text.encode()
    except UnicodeEncodeError:
        raise Malformed("lone surrogates cannot be stored", where=f"{change.kind}: text") from None
    return normal(change.idx)


def checked(query: Query) -> Query:
    """The query with values as they stand in projections; Malformed for what cannot be asked."""
    if not 0 < query.limit <= MOST:
        raise Malformed(f"a page holds 1 to {MOST} rows", where="limit")
    for name in (query.order.removeprefix("-"), *(c.field for c in query.conditions)):
        if '"' in name or "\0" in name:
            raise Malformed("that is no name of a field", where=query.kind)
    if not query.conditions:
        return query
    made = tuple([_checked(condition) for condition in query.conditions])
    return Query(query.kind, made, query.order, query.limit, query.after, query.allow)


def _checked(condition: Condition) -> Condition:
    if condition.op not in OPERATORS:
        known = " ".join(sorted(OPERATORS))
        raise Malformed(f"a condition's operator is one of {known}", where=condition.field)
    value = _normal_value(condition.value)
    if condition.op == "in" and not isinstance(value, list):
        raise Malformed("`in` takes a list of values", where=condition.field)
    return Condition(condition.field, condition.op, value)


def _normal_value(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Malformed("lone surrogates cannot be stored or asked for", where="condition") from None
        return value.replace("\0", "\ufffd")
    if isinstance(value, float) and (value != value or value in {float("inf"), float("-inf")}):  # noqa: PLR0124
        raise Malformed("NaN and infinity cannot be stored or asked for", where="condition")
    if isinstance(value, Mapping):
        return {str(name): _normal_value(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_normal_value(one) for one in value]
    if value is None or isinstance(value, int | float):
        return value
    raise Malformed("a condition compares with texts, numbers and lists of them", where="condition")
