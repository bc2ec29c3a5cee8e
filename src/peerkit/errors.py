# SPDX-License-Identifier: Apache-2.0
"""One family of errors.

Every error that leaves peerkit is a `PeerkitError`. Its text says what was wrong, where, and what
to do, in kinds, ids and paths; it never quotes what a person wrote or is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs


@attrs.frozen
class Objection:
    """One reason against a commit: a code to test for, a sentence to show, and the record meant.

    The sentence holds no value of the record: it is shown, logged and kept.
    """

    code: str
    sentence: str
    kind: str = ""
    record: str = ""


class PeerkitError(Exception):
    """The root of the family: catch this to catch everything that peerkit raises on purpose."""


class Malformed(PeerkitError):
    """A value, document, file or setting has a shape that peerkit cannot take.

    `where` is a path (`$.goals[2].state`, `asq.toml: items.q3`), never the value itself; `sentence` is the
    text without it.
    """

    def __init__(self, sentence: str, *, where: str = "") -> None:
        super().__init__(f"{sentence} (at {where})" if where else sentence)
        self.sentence, self.where = sentence, where


class NotFound(PeerkitError):  # the design's name: it reads as what happened
    """Nothing of that kind and id is there *for this actor*: what is hidden is not found either."""


class Refused(PeerkitError):
    """The commit breaks rules; `objections` has all of them, each with code, sentence and record.

    Nothing was written but one `Refusal` without content.
    """

    def __init__(self, objections: Iterable[Objection]) -> None:
        self.objections = tuple(objections)
        super().__init__("; ".join(f"{o.sentence} [{o.code}]" for o in self.objections))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all objections, in the order they were raised."""
        return tuple(o.code for o in self.objections)


class Conflict(PeerkitError):
    """The record was changed since it was read. Read it again and decide anew; `kit.run` does so.

    `guard` is True if not the record but something that the checks had read was changed; the kit
    then checks again by itself.
    """

    def __init__(self, sentence: str, *, guard: bool = False) -> None:
        super().__init__(sentence)
        self.guard = guard


class StorageError(PeerkitError):
    """The store cannot be opened, read or written: missing, locked, full, foreign, newer, damaged."""


class PluginError(PeerkitError):
    """A plugin cannot be used; the text names the plugin, its version and what to do."""


class UnsavedScreen(PeerkitError):
    """An answer or concern could not be stored. `steps` says what to do now and whom to phone.

    The steps were read when the program was opened, so they are there although the store is not.
    """

    def __init__(self, sentence: str, steps: Any) -> None:
        super().__init__(sentence)
        self.steps = steps
