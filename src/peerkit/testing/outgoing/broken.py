# SPDX-License-Identifier: Apache-2.0
"""Notifiers and exporters broken on purpose, each in one way, and a sound one of each that they are made of.

`NOTIFIERS` and `EXPORTERS` name for each the clauses that have to catch it, as `faults.FAULTS` does for
storages.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from peerkit.errors import PeerkitError, PluginError
from peerkit.ports import Message

Pages = Iterable[Sequence[Mapping[str, Any]]]


class Pigeons:
    """A sound notifier: its messages arrive in a list. With `lost` its channel cannot be reached."""

    name = "pigeons"
    real = False

    def __init__(self, loft: list[str], *, secret: str = "", lost: bool = False) -> None:
        self.loft, self.secret, self.lost = loft, secret, lost

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def send(self, message: Message) -> None:
        """Hand it over, or raise."""
        if self.lost:
            raise PluginError("pigeons: there is no wind today")
        self.loft.append(f"{message.text} {message.reference}")


class Nameless(Pigeons):
    """Has a sentence for a name."""

    name = "Our Pigeons"


class Twice(Pigeons):
    """Sends for good measure once more."""

    def send(self, message: Message) -> None:
        """Twice."""
        super().send(message)
        super().send(message)


class Ascii(Pigeons):
    """Knows the letters of English only."""

    def send(self, message: Message) -> None:
        """Other letters are question marks."""
        plain = message.text.encode("ascii", "replace").decode()
        super().send(Message(message.to, message.subject, plain, message.reference))


class NeedsReference(Pigeons):
    """Sends nothing that has no reference."""

    def send(self, message: Message) -> None:
        """Without one it does nothing."""
        if message.reference:
            super().send(message)


class OneAtATime(Pigeons):
    """Keeps the message in hand in a field of its own."""

    def __init__(self, loft: list[str], **details: Any) -> None:
        super().__init__(loft, **details)
        self._meeting = threading.Barrier(8)

    def send(self, message: Message) -> None:
        """Whoever comes in between is sent in this one's place."""
        self._held = message
        with suppress(threading.BrokenBarrierError):
            self._meeting.wait(0.2)
        super().send(self._held)


class Silent(Pigeons):
    """Says that all went well, whatever happened."""

    def send(self, message: Message) -> None:
        """Every error is swallowed."""
        with suppress(PeerkitError):
            super().send(message)


class Quoting(Pigeons):
    """Says in its error what was to be sent, and to whom."""

    def send(self, message: Message) -> None:
        """The error quotes the message."""
        if self.lost:
            raise PluginError(f"no wind for {message.to}: {message.text}")
        super().send(message)


class Chaining(Pigeons):
    """Its own error is quiet; the one that it came from is not."""

    def send(self, message: Message) -> None:
        """The context quotes the secret."""
        if self.lost:
            try:
                raise OSError(f"login {self.secret} refused")
            except OSError as error:
                raise PluginError("pigeons: not sent") from error
        super().send(message)


class Showing(Pigeons):
    """Shows its settings."""

    def __repr__(self) -> str:
        return f"Showing(secret={self.secret!r})"


NOTIFIERS: Mapping[type[Pigeons], frozenset[str]] = {
    Nameless: frozenset({"NOT-001"}),
    Twice: frozenset({"NOT-002", "NOT-003", "NOT-004", "NOT-005"}),
    Ascii: frozenset({"NOT-003"}),
    NeedsReference: frozenset({"NOT-004"}),
    OneAtATime: frozenset({"NOT-005"}),
    Silent: frozenset({"NOT-006"}),
    Quoting: frozenset({"NOT-007"}),
    Chaining: frozenset({"NOT-007"}),
    Showing: frozenset({"NOT-008"}),
}


class Lines:
    """A sound exporter: one line of JSON a document."""

    name = "lines"

    def export(self, pages: Pages) -> Iterable[bytes]:
        """The lines, page by page."""
        gone: set[str] = set()
        for page in pages:
            yield b"".join(self.line(one) for one in page if not self.dropped(one, gone))

    def dropped(self, one: Mapping[str, Any], gone: set[str]) -> bool:
        """Whether a redaction names it; what one names is noted."""
        gone |= set(one.get("erased", ())) if one["kind"] == "redaction" else set()
        return one["id"] in gone

    def line(self, one: Mapping[str, Any]) -> bytes:
        """A document."""
        return json.dumps(one, ensure_ascii=False).encode() + b"\n"


class Untitled(Lines):
    """Has no name."""

    name = ""


class Texts(Lines):
    """Gives texts."""

    def export(self, pages: Pages) -> Iterable[bytes]:
        """Not bytes."""
        for one in super().export(pages):
            yield one.decode()  # type: ignore[misc]  # that is what is wrong with it


class FirstPage(Lines):
    """Stops behind the first page."""

    def export(self, pages: Pages) -> Iterable[bytes]:
        """One page."""
        for one in super().export(pages):
            yield one
            return


class NeedsSomething(Lines):
    """Looks at the first document without asking whether there is one."""

    def export(self, pages: Pages) -> Iterable[bytes]:
        """IndexError for nothing."""
        held = iter(pages)
        first = list(next(held, ()))
        yield self.line(first[0])
        yield from super().export([first[1:], *held])


class Hoarding(Lines):
    """Reads everything before it writes anything."""

    def export(self, pages: Pages) -> Iterable[bytes]:
        """All in memory."""
        return [b"".join(super().export(pages))]


class Quiet(Lines):
    """Ends where consent ended, as if that were the end of it."""

    def export(self, pages: Pages) -> Iterable[bytes]:
        """An error ends the export without a word."""
        with suppress(PeerkitError):
            yield from super().export(pages)


class Keeping(Lines):
    """Knows nothing of redactions."""

    def dropped(self, one: Mapping[str, Any], gone: set[str]) -> bool:
        """Nothing is."""
        del one, gone
        return False


class Remembering(Lines):
    """Writes what it saw last time once more."""

    def __init__(self) -> None:
        self._seen: list[bytes] = []

    def export(self, pages: Pages) -> Iterator[bytes]:
        """Old and new."""
        for one in super().export(pages):
            self._seen.append(one)
        yield b"".join(self._seen)


EXPORTERS: Mapping[type[Lines], frozenset[str]] = {
    Untitled: frozenset({"EXP-001"}),
    Texts: frozenset({"EXP-002", "EXP-003", "EXP-004", "EXP-007", "EXP-008"}),
    FirstPage: frozenset({"EXP-003", "EXP-006", "EXP-007"}),
    NeedsSomething: frozenset({"EXP-004", "EXP-007"}),
    Hoarding: frozenset({"EXP-005"}),
    Quiet: frozenset({"EXP-006"}),
    Keeping: frozenset({"EXP-007"}),
    Remembering: frozenset({"EXP-005", "EXP-007", "EXP-008"}),
}
