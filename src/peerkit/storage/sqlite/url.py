# SPDX-License-Identifier: Apache-2.0
"""What may stand in a `sqlite:` URL."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import attrs

from peerkit.errors import Malformed

_SYNCHRONOUS = {"full": "FULL", "normal": "NORMAL", "off": "OFF"}


@attrs.frozen
class Options:
    """Where the file is, and how to treat it.

    `synchronous`: `FULL` survives a power cut, `NORMAL` may then lose the last commits, `OFF` may
    lose the file (tests only). `busy_timeout`: how many milliseconds to wait for another process
    that is writing. `mode`: the file's permissions, and its companions'.
    """

    path: str
    synchronous: str = "FULL"
    busy_timeout: int = 1000
    mode: int = 0o600


def parse(url: str) -> Options:
    """The options in `sqlite:///relative.db`, `sqlite:////absolute.db`, with `?synchronous=normal`,
    `?busy_timeout=1000` (milliseconds) and `?mode=660` behind them; Malformed for anything else."""
    parts = urlsplit(url)
    path = unquote(parts.path.removeprefix("/"))
    if parts.scheme != "sqlite" or parts.netloc or not path or "\0" in path or path == ":memory:":
        raise Malformed("write sqlite:///relative.db or sqlite:////absolute.db", where="url")
    made = Options(path)
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name == "synchronous" and value.lower() in _SYNCHRONOUS:
            made = attrs.evolve(made, synchronous=_SYNCHRONOUS[value.lower()])
        elif name == "busy_timeout" and value.isdecimal():
            made = attrs.evolve(made, busy_timeout=int(value))
        elif name == "mode" and value.isdecimal() and set(value) <= set("01234567"):
            made = attrs.evolve(made, mode=int(value, 8) & 0o666)
        else:
            raise Malformed(
                "behind the path may stand synchronous=full|normal|off, busy_timeout=milliseconds, mode=660",
                where=f"url: {name}",
            )
    return made
