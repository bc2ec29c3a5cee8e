# SPDX-License-Identifier: Apache-2.0
"""Where ids and instants come from: the one place that reads the machine's clock and dice.

Ids are UUID version 7 (RFC 9562): they sort by time, which keeps index pages close together. A v7
id tells when it was made, so it never goes into a link or a notice (`reference()` is for those).
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MASK_A, _MASK_B = 0xFFF, (1 << 62) - 1

IdSource = Callable[[], str]

Dice = Callable[[int], int]
"""So many random bits, as a number."""

_dice: ContextVar[Dice] = ContextVar("peerkit_dice", default=secrets.randbits)


def random_bits(many: int) -> int:
    """So many random bits, from the machine's own source; inside `throwing`, from the one given there."""
    return _dice.get()(many)


class throwing:  # noqa: N801  # reads as what it is: with throwing(dice)
    """Take randomness from `dice` inside the block, so that a made-up program is made the same again: its
    ids, references and salts can then be told from the seed. For programs about nobody alone."""

    def __init__(self, dice: Dice) -> None:
        self._given = dice

    def __enter__(self) -> None:
        self._token = _dice.set(self._given)

    def __exit__(self, *_: object) -> None:
        _dice.reset(self._token)


class SystemClock:
    """The machine's own clock; the `Clock` port's default implementation."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return EPOCH + timedelta(microseconds=time.time_ns() // 1000)


def uuid7(milliseconds: int, sequence: int, rand: int) -> str:
    """A version 7 UUID of the given instant, a 12-bit sequence and 62 random bits."""
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | (sequence & _MASK_A) << 64 | 0b10 << 62 | (rand & _MASK_B)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


def is_id(value: object) -> bool:
    """Whether it is written as an id is. Ids stand in the open and are never erased (envelope, index), so no
    other text is taken for one: it may be a name, or what somebody said."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def made_at(id_: str) -> datetime:
    """When an id was made, by the clock that there was: its first 48 bits are milliseconds. Where the feed's
    own instants stand still, as after a machine that was ahead, this one does not. For what is no id: 1970.
    """
    try:
        return EPOCH + timedelta(milliseconds=int(id_.replace("-", "")[:12], 16))
    except (ValueError, OverflowError):
        return EPOCH


class ClockIds:
    """Ids from a clock: ascending within a process, also when the clock stands still or jumps back."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        """The next id."""
        stamp = int((self._now() - EPOCH).total_seconds() * 1000) << 12
        with self._lock:
            self._last = max(stamp, self._last + 1)
            return uuid7(self._last >> 12, self._last & _MASK_A, random_bits(62))


class KeyedIds:
    """Ids that derive from an idempotency key, so that a retried run makes the same records."""

    def __init__(self, key: str, now: Callable[[], datetime]) -> None:
        self._key = key
        self._stamp = int((now() - EPOCH).total_seconds() * 1000)
        self._count = 0

    def __call__(self) -> str:
        """The next id: the same for the same key, instant and place in the order."""
        self._count += 1
        digest = hashlib.sha256(f"{self._key}\0{self._count}".encode()).digest()
        return uuid7(self._stamp, self._count, int.from_bytes(digest[:8]))


_fallback = ClockIds(SystemClock().now)
_source: ContextVar[IdSource] = ContextVar("peerkit_ids", default=_fallback)


def new_id() -> str:
    """A fresh id, for a part of a kind of one's own. It comes from the source in use: the open session's
    clock, else the machine's."""
    return _source.get()()


class using:  # noqa: N801  # reads as what it is: with using(source)
    """Take ids from `source` inside the block. A class, since every act passes here."""

    __slots__ = ("_given", "_token")

    def __init__(self, source: IdSource) -> None:
        self._given = source

    def __enter__(self) -> None:
        self._token = _source.set(self._given)

    def __exit__(self, *_: object) -> None:
        _source.reset(self._token)


def recording(into: list[str]) -> using:
    """Write down the ids that are made inside the block: an act keeps them with its arguments."""
    source = _source.get()

    def noted() -> str:
        made = source()
        into.append(made)
        return made

    return using(noted)


def replaying(recorded: Iterable[str]) -> IdSource:
    """A source that gives recorded ids again, in their order."""
    return iter(tuple(recorded)).__next__


def reference() -> str:
    """A random reference for links and notices: it tells nothing, not even when it was made. Digits and
    letters a to f only: it is typed by hand, read out on the phone, and is never taken for an option."""
    return f"{random_bits(64):016x}"


def stamp(moment: datetime) -> str:
    """The instant as fixed-width UTC text (`2026-11-22T09:37:31.000000Z`), which sorts as time."""
    if moment.tzinfo is None:
        raise ValueError("naive")
    m = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return m.isoformat(timespec="microseconds")[:-6] + "Z"  # without +00:00


def moment(text: str) -> datetime:
    """The instant that `stamp` wrote."""
    return datetime.fromisoformat(text)
