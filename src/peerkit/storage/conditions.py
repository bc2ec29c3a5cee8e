# SPDX-License-Identifier: Apache-2.0
"""Conditions, order and scope in Python: the memory storage's, and a session's for its own writes.

Other storages translate them; the storage clauses hold all to the same answers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from peerkit.ports import Allow, Condition

_OPS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPERATORS = frozenset({"==", "!=", "in", "has", *_OPS})


def holds(condition: Condition, idx: Mapping[str, Any]) -> bool:
    """Whether an index projection meets the condition. A missing value meets none but `!=`."""
    found = idx.get(condition.field)
    if condition.op == "==":
        return bool(found == condition.value)
    if condition.op == "!=":
        return bool(found != condition.value)
    if condition.op == "in":
        return found in condition.value
    if condition.op == "has":
        return isinstance(found, list) and condition.value in found
    if found is None or condition.value is None:
        return False
    try:
        return _OPS[condition.op](found, condition.value)
    except TypeError:
        return False


def visible(allow: Allow, subjects: Iterable[tuple[str, str]]) -> bool:
    """Whether the scope lets a record with these subjects be seen."""
    return allow is None or any(pair in allow for pair in subjects)


def sort_key(order: str, idx: Mapping[str, Any], record_id: str) -> tuple[Any, ...]:
    """The key a page is ordered by: the field (missing values first), then the id."""
    name = order.lstrip("-")
    if not name:
        return (record_id,)
    value = idx.get(name)
    return (value is not None, "" if value is None else value, record_id)
