# SPDX-License-Identifier: Apache-2.0
"""A view without what cannot be read: rules go on where one document is damaged or newer.

What that may cost is decided where it is asked: nobody counts as here, in office or as a supporter because
of a record that nobody can read, and a consent that cannot be read opens nothing (it may say no).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from peerkit.hooks.proposals import View
from peerkit.model.base import Record

R = TypeVar("R", bound=Record)


def get_readable(view: View, kind: type[R], id: str) -> R | None:  # as `View.get`
    """`view.get` for who can do without what cannot be read: the record, or None also where it cannot be."""
    found = view.get(kind, id)
    return found if isinstance(found, kind) else None


def find_readable(
    view: View, kind: type[R], *conditions: Callable[[Any], Any], subject: str = "", **equal: Any
) -> list[R]:
    """`view.find` for who can do without what cannot be read: the records that can."""
    return [one for one in view.find(kind, *conditions, subject=subject, **equal) if isinstance(one, kind)]
