# SPDX-License-Identifier: Apache-2.0
"""Cursors: opaque texts that say where a page goes on, in which incarnation of the feed."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from peerkit.errors import Malformed, StorageError


def cursor(incarnation: str, *key: Any) -> str:
    """An opaque cursor: the feed's incarnation and a key."""
    raw = json.dumps([incarnation, *key], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def feed_position(key: Sequence[Any], last: int) -> int:
    """The position in a cursor of the feed (what `read_cursor` gave), where `last` is the feed's last one.

    StorageError if it lies behind that: the cursor was given out by a store that has been lost since, and
    whoever reads on from it would miss what takes those positions now.
    """
    if len(key) != 1 or type(key[0]) is not int or key[0] < 0:
        raise Malformed("that is no cursor of the feed", where="after")
    if key[0] > last:
        raise StorageError(
            "the cursor lies behind the end of the feed, as after a restored backup: start from None"
        )
    return key[0]


def read_cursor(incarnation: str, text: str) -> list[Any]:
    """The key in a cursor; StorageError if it is of another feed, Malformed if it is none."""
    try:
        padded = text + "=" * (-len(text) % 4)
        of, *key = list(json.loads(base64.urlsafe_b64decode(padded.encode())))
    except (ValueError, binascii.Error, TypeError, AttributeError):
        raise Malformed("that is no cursor of peerkit's", where="after") from None
    if of != incarnation:
        raise StorageError("the cursor belongs to another incarnation of the store: start from None")
    return key
