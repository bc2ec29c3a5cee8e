# SPDX-License-Identifier: Apache-2.0
"""What can be read of what a view finds: a record that is damaged, or of a newer version, is passed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from peerkit import Opaque, Record

R = TypeVar("R", bound=Record)


def readable(found: Iterable[R]) -> Iterator[R]:
    """Those that can be read."""
    return (one for one in found if not isinstance(one, Opaque))
