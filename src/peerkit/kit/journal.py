# SPDX-License-Identifier: Apache-2.0
"""The side journal's file: lines of JSON beside the store, or better on another disk, which say how far the
feed has gone and which acts must not be forgotten. Ids, codes and times; no content, and nobody's name.

It is opened for each line and closed again, so any number of processes write to it, and a disk that comes
back is written to again. Nothing waits for it to reach the disk.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from peerkit.model.ids import EPOCH, moment, stamp

if sys.platform != "win32":  # where the file is not folded, and grows
    import fcntl

Line = Mapping[str, Any]

LARGE = 4_000_000
"""From how many bytes on the file is folded: some ten thousand acts. Own choice."""

KEPT = timedelta(days=400)
"""How long acts are kept, erasures excepted: longer than a year's backups, which is as old a copy as anybody
should still put back. Erasures are kept for good, since what was erased stays erased. Own choice."""

GROWN = 1_000_000
"""By how many bytes it has grown when it is folded anew. Not by the clock: two machines may have two. Own
choice."""

LEFT = "left"
"""In the file's first line: how many bytes the last folding left."""

_TAIL = 65_536


class Journal:
    """The side journal at a path. Reading and writing raise OSError; a line that cannot be read is passed
    over, since a power cut may have torn it."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def first(self) -> Line | None:
        """What the file says of itself; None where there is no file."""
        try:
            with self.path.open("rb") as file:
                return _read(file.readline(_TAIL)) or {}
        except FileNotFoundError:
            return None

    def last(self) -> Line | None:
        """The last line that says how far the feed had gone."""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            tail = reversed(file.read().split(b"\n"))
        found = next((line for raw in tail if (line := _read(raw)) and "to" in line), None)
        if found is not None or size <= _TAIL:
            return found
        return next(reversed([line for line in self.lines() if "to" in line]), None)

    def lines(self) -> Iterator[Line]:
        """Every line, oldest first."""
        with self.path.open("rb") as file:
            for raw in file:
                if line := _read(raw):
                    yield line

    def begin(self, header: Line, line: Line) -> None:
        """Make the file with its first lines; leave the one that another process was quicker to make."""
        text = _written(header, line)
        with suppress(FileExistsError):
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
            file = os.open(self.path, flags, 0o600)
            try:
                _whole(file, text)
            finally:
                os.close(file)

    def append(self, lines: Iterable[Line]) -> None:
        """More lines, at once. BlockingIOError while another process folds the file."""
        with self._shared() as file:
            _whole(file, b"\n" + _written(*lines))  # behind one that was torn, too

    def fold(self, now: datetime) -> None:
        """Make a large file small again: what is too old to matter goes, and so do lines that only said how
        far the feed had gone, but for the last. Then not before it has `GROWN`: in a large program most lines
        matter, and each look would write all of them anew."""
        if sys.platform == "win32":
            return
        size, left = self.path.stat().st_size, _left(self.first())
        if size < LARGE or (left and size < left + GROWN):
            return
        with self.path.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if not os.path.samestat(os.fstat(held.fileno()), self.path.stat()):
                return  # another process has just folded it
            header, *rest = [line for raw in held if (line := _read(raw))]
            text = _written(*(line for line in rest[:-1] if _matters(line, now)), *rest[-1:])
            fresh = self.path.with_name(self.path.name + ".new")
            file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                _whole(file, _written({**header, LEFT: len(text)}) + b"\n" + text)
                os.fsync(file)
            finally:
                os.close(file)
            fresh.replace(self.path)

    @contextmanager
    def _shared(self) -> Iterator[int]:
        """The file, opened to append; never one that is just being folded."""
        while True:
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND)
            try:
                if sys.platform != "win32":
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    if not _same(file, self.path):
                        continue
                yield file
                return
            finally:
                os.close(file)


def _left(header: Line | None) -> int:
    """How many bytes the last folding left; none, if whatever stands there is no number."""
    left = (header or {}).get(LEFT)
    return left if isinstance(left, int) else 0


def _same(file: int, path: Path) -> bool:
    return os.path.samestat(os.fstat(file), path.stat())


def _whole(file: int, text: bytes) -> None:
    """Write it, or raise; a part that fits is a torn line, which nobody reads."""
    if os.write(file, text) != len(text):
        raise OSError("the side journal's disk is full")


def _written(*lines: Line) -> bytes:
    return b"\n".join(json.dumps(line, separators=(",", ":")).encode() for line in lines)


def _read(raw: bytes) -> Line | None:
    with suppress(ValueError):
        found = json.loads(raw)
        return found if isinstance(found, dict) else None
    return None


def _matters(line: Line, now: datetime) -> bool:
    rows = line.get("rows") or ()
    return any("erased" in row for row in rows) or bool(rows and said_at(line) > now - KEPT)


def said_at(line: Line) -> datetime:
    """When a line was written; long ago if it does not say so."""
    with suppress(ValueError, TypeError, KeyError):
        return moment(line["at"])
    return EPOCH


def line(at: datetime, position: int, head: str, rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A line: how far the feed has gone, the chain's head there, and the acts that must not be forgotten."""
    return {"at": stamp(at), "to": position, "head": head, **({"rows": rows} if rows else {})}
