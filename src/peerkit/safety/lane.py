# SPDX-License-Identifier: Apache-2.0
"""How the lane writes: one transaction an act, tried anew on a conflict, and if the store itself fails an
error that carries what to do now."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar
from uuid import UUID

import attrs

from peerkit.codec import dumps, loads
from peerkit.errors import Conflict, PeerkitError, UnsavedScreen
from peerkit.instruments.answers import whole
from peerkit.levels import Level
from peerkit.model import ids
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.ids import EPOCH, moment, stamp, uuid7
from peerkit.ports import Mark
from peerkit.texts import _
from peerkit.texts.labels import label

if TYPE_CHECKING:
    from peerkit.kit import Kit

T = TypeVar("T")
V = TypeVar("V")
SAFETY = Actor.system("safety")
TRIES = 25
LEASE = timedelta(seconds=60)
"""How long a delivery belongs to whoever claimed it. Longer than the one bounded attempt of a caller."""

LONGEST_LEASE = timedelta(hours=1)
"""What an alert that cannot be read is carried for, and nothing for longer."""

BEHIND = timedelta(minutes=5)
"""How far a clock may be behind what it showed before, and not count as put back: what lies further than that
in what is now the future was written by another time. Own choice."""

LATE = timedelta(hours=1)
"""From how long after it took place on a screen or concern counts as found late. Own choice."""

LONGEST_TEXT = 10_000
DEEPEST = 100
"""How many lists or objects within each other are kept. Own choice: no answer has any."""


# -- ids ---------------------------------------------------------------------------------------------


def derived(base: str, label: str) -> str:
    """An id that follows from another one. Two who write the same thing of one screen at once meet on it,
    so the storage's own version check tells the second to read again."""
    digest = hashlib.sha256(f"{base}\0{label}".encode()).digest()
    milliseconds = base.replace("-", "")[:12]
    try:
        made = int(milliseconds, 16)
    except ValueError:
        made = 0
    return uuid7(made, int.from_bytes(digest[:2]), int.from_bytes(digest[8:16]))


def with_id(id_: str, make: Callable[[], T]) -> T:
    """A record with this id."""
    with ids.using(lambda: id_):
        return make()


# -- leases ------------------------------------------------------------------------------------------


Place = tuple[int, int]
"""A step of the path and a round: what comes behind it is asked next."""


@attrs.frozen
class Left:
    """What is left to whoever has another channel: the channels that were `tried`, and from which place of
    the path on (None: whoever is asked now is told)."""

    tried: frozenset[str]
    place: Place | None = None

    def is_for(self, channels: frozenset[str]) -> bool:
        """Whether it is left to somebody with these channels."""
        return not channels <= self.tried

    def with_tried(self, channels: frozenset[str]) -> Left:
        """The same, after somebody with these has tried it too."""
        return attrs.evolve(self, tried=self.tried | channels)


@attrs.frozen
class Lease:
    """Who delivers an alert at present. `text` is what stands in the mark, for the compare-and-set. With what
    was `left` it is of somebody who does that again; once it is over, of nobody: whoever has another channel
    tries it, and what is due is anybody's."""

    at: datetime
    until: datetime
    text: str = ""
    left: Left | None = None

    @classmethod
    def take(cls, now: datetime, length: timedelta = LEASE, left: Left | None = None) -> Lease:
        """A fresh one."""
        until = now + length
        held: dict[str, Any] = {"by": secrets.token_hex(8), "at": stamp(now), "until": stamp(until)}
        if left is not None:
            held |= {"tried": sorted(left.tried), "place": left.place}
        return cls(now, until, json.dumps(held), left)

    @classmethod
    def read(cls, text: str) -> Lease:
        """The one in a mark; one that cannot be read, or is longer than any that is given, has
        expired."""
        with suppress(Exception):  # whatever stands there
            held = json.loads(text)
            read = cls(moment(held["at"]), moment(held["until"]), text, _left(held))
            if aware(read.at) and aware(read.until) and read.until - read.at <= LONGEST_LEASE:
                return read
        return cls(EPOCH, EPOCH, text)

    def over(self, now: datetime) -> bool:
        """Whether it has expired; also if it was taken in what is now the future, by a clock that was
        put back since."""
        return now >= self.until or self.at > now + BEHIND

    def is_for(self, channels: frozenset[str]) -> bool:
        """Whether, once it is over, somebody with these channels goes on; where its owner died, anybody."""
        return self.left is None or self.until > self.at or self.left.is_for(channels)


def _left(held: dict[str, Any]) -> Left | None:
    if "tried" not in held:
        return None
    place = held.get("place")
    return Left(frozenset(map(str, held["tried"])), None if place is None else (int(place[0]), int(place[1])))


CLAIM = "claim:"
SCREEN = "screen:"


def claim(alert: str, lease: Lease | None, expect: Lease | None) -> Mark:
    """The mark that gives an alert's delivery to a lease, or gives it free."""
    return Mark(CLAIM + alert, None if lease is None else lease.text, None if expect is None else expect.text)


# -- writing -----------------------------------------------------------------------------------------


def again(work: Callable[[], T]) -> T:
    """Do it, and on a conflict read and do it again."""
    for _again in range(TRIES - 1):
        try:
            return work()
        except Conflict:
            continue
    return work()


def kept(
    kit: Kit, what: str, work: Callable[[], T], level: Callable[[], Level], *, alone: bool | None = False
) -> T:
    """Do it, or raise UnsavedScreen with what to do now. Nothing else is raised, whatever went wrong."""
    try:
        return again(work)
    except UnsavedScreen:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it was: whoever is there gets the steps
        steps = kit.net.unsaved(kit.clock.now(), _judged(level), alone=alone)
        own = error if isinstance(error, PeerkitError) else None
        raise UnsavedScreen(
            _(
                "this {what} could not be stored ({why}). Nobody was told: do now what the steps say, "
                "write it down, and enter it again later",
                what=label("", "stored", what),
                why=type(error).__name__,
            ),
            steps,
        ) from own


def _judged(level: Callable[[], Level]) -> Level:
    """What was lost, as far as it can be judged; else the worst."""
    try:
        return level()
    except Exception:  # noqa: BLE001  # the error that is being told about must not be lost for this one
        return Level.NOW


# -- values ------------------------------------------------------------------------------------------
#
# Whatever a host hands over (a proxy outside of its request, a lazy text, an array) may raise when it is only
# looked at. So it is looked at here alone, and what raises is something that cannot be read.


def is_a(value: Any, kind: type[V]) -> TypeGuard[V]:
    """`isinstance`; False for what cannot even be asked."""
    try:
        return isinstance(value, kind)
    except Exception:  # noqa: BLE001  # its own `__class__` raised
        return False


def something(value: Any) -> bool:
    """Whether anything was given: what cannot say whether it is empty is something."""
    try:
        return bool(value)
    except Exception:  # noqa: BLE001
        return True


def text_of(value: Any) -> str | None:
    """A text as plain text, whatever class of its own a host has for it; None for what is no text."""
    return str.__str__(value) if is_a(value, str) else None


def as_given(value: Any) -> tuple[Any, bool]:
    """The value as JSON knows it, and whether it could be kept as it is.

    What is no JSON (NaN, a lone surrogate, an object), or is nested beyond all reading, is kept as its type
    and its text, and cannot be read as an answer, so it alarms.
    """
    try:
        given = loads(dumps(value))
        if not _deep(given):
            return given, True
    except Exception:  # noqa: BLE001  # whatever its own methods raise
        given = value
    if (number := whole(value)) is not None:  # of a type that JSON does not have, and the same number
        return number, True
    return {"unreadable": type(value).__name__, "text": _text(value)}, False


def _deep(value: Any) -> bool:
    """Whether it is nested deeper than a record that holds it could be read back."""
    level = [value]
    for _level in range(DEEPEST):
        inner = [one for one in level if isinstance(one, list | dict)]
        level = [x for one in inner for x in (one.values() if isinstance(one, dict) else one)]
        if not level:
            return False
    return True


def text_as_given(value: Any) -> tuple[str, bool]:
    """Words as a text that can be stored; what is no such text becomes its escaped form."""
    words = text_of(value)
    if words is None:
        return _text(value), False
    try:
        words.encode()
    except UnicodeEncodeError:  # lone surrogates, as of bytes that were no UTF-8: they alone are escaped
        return words.encode(errors="backslashreplace").decode(), False
    return words, True


def _text(value: Any) -> str:
    try:
        return ascii(value)[:LONGEST_TEXT]
    except Exception:  # noqa: BLE001  # its own __repr__ failed: its type must do
        return ""


def aware(value: Any) -> datetime | None:
    """The instant, if it is one with a zone."""
    try:
        return value if isinstance(value, datetime) and value.tzinfo is not None and stamp(value) else None
    except Exception:  # noqa: BLE001  # a zone is a host's own code too
        return None


def identified(value: Any) -> str:
    """The id in what was given for one; empty for anything else.

    A record stands for its id, and hosts hold ids as UUIDs and as their own kinds of text. An id is kept in
    the open, so a text that is none does not become one (`is_id`). It is kept with the record's own words
    instead.
    """
    if is_a(value, Record):
        given: str | None = value.id
    else:
        given = str(value) if is_a(value, UUID) else text_of(value)
    return given if given is not None and ids.is_id(given) else ""


def meant(*values: Any) -> str:
    """What was given where an id was wanted and is none, as text."""
    return "\n".join(text_as_given(one)[0] for one in values if something(one) and not identified(one))
