# SPDX-License-Identifier: Apache-2.0
"""The two outputs of a command, where one of them cannot be written, as on a full disk.

Errors and warnings go on in the other one, and so does what to do now, which is needed most where something
is out of order. Anything else does not: it may be people's words, and the other one may be a log.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from peerkit.cli.speaking import say
from peerkit.texts import _

BROKEN = _("The output cannot be written (is a disk full?). What was stored before is stored.")


class UnwritableError(OSError):
    """What was to be shown is not: nothing else went wrong."""


@attrs.define(eq=False)
class Output:
    """A standard stream. `urgent`: what it cannot show is shown by the `other`; else it is an
    `UnwritableError`. Where neither can be written nothing can be said, and the exit code remains."""

    stream: Any
    other: Any
    urgent: bool
    failed: bool = False
    _waiting: list[str] = attrs.field(factory=list)

    def write(self, text: Any) -> int:
        """Write it; whether that can be done may show only when it is flushed."""
        if not isinstance(text, str):  # click tries whether bytes are taken
            raise TypeError
        self._waiting.append(text)
        self._try(lambda: self.stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Write what waits."""
        self._try(lambda: self.stream.flush())  # noqa: PLW0108  # there may be no stream
        self._waiting.clear()

    def _try(self, work: Any) -> None:
        if self.stream is not None and not self.failed:
            try:
                work()
            except BrokenPipeError:  # its reader went away, and wants no more
                raise
            except OSError:
                silence(self.stream)
            else:
                return
        text = "".join(self._waiting)
        self._waiting.clear()
        if self.urgent:
            self._over(text)
        elif text:
            self.failed = True
            raise UnwritableError

    def _over(self, text: str) -> None:
        text, self.failed = text if self.failed else f"{say(BROKEN)}\n{text}", True
        try:
            self.other.write(text)
            self.other.flush()
        except (OSError, AttributeError, ValueError):
            silence(self.other)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def outputs() -> Iterator[None]:
    """Inside, the standard streams are such outputs; standard error is always urgent."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Output(out, err, urgent=False), Output(err, out, urgent=True)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


@contextmanager
def heard() -> Iterator[None]:
    """What is shown inside must be heard: what to do now."""
    held: Any = sys.stdout
    if not isinstance(held, Output):
        yield
        return
    before, held.urgent = held.urgent, True
    try:
        yield
    finally:
        held.urgent = before


def unwritable() -> bool:
    """Whether something could not be shown where it belongs."""
    return any(isinstance(one, Output) and one.failed for one in (sys.stdout, sys.stderr))


def silence(stream: Any) -> None:
    """Give a stream somewhere to go, so that what is left in it fails no more."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError, AttributeError):  # no real file behind it: nothing will be flushed there
        return
