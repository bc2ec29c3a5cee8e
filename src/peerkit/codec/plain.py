# SPDX-License-Identifier: Apache-2.0
"""Plain values to JSON bytes and back, strictly: no NaN, no infinity, no lone surrogates."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from peerkit.errors import Malformed


def _constant(_: str) -> Any:
    raise Malformed("NaN and infinity are no JSON", where="document")


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        _constant(text)  # 1e999 is a number to JSON and none to anybody else
    return value


_decoder = json.JSONDecoder(parse_constant=_constant, parse_float=_finite)
_encoder = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"), sort_keys=True
)


def loads(raw: bytes) -> Any:
    """JSON bytes to plain values; Malformed for what is no JSON or holds NaN or a lone surrogate."""
    try:
        found = _decoder.decode(raw.decode())
    except (ValueError, RecursionError):
        raise Malformed("the document is no JSON in UTF-8", where="document") from None
    if b"\\ud" in raw or b"\\uD" in raw:
        dumps(found)  # only an escape can bring in half a pair
    return found


def dumps(value: Any) -> bytes:
    """Plain values to JSON bytes, keys sorted; Malformed for NaN and lone surrogates."""
    try:
        return _encoder.encode(value).encode()
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise Malformed(
            "NaN, lone surrogates and foreign objects cannot be stored", where="document"
        ) from None
