# SPDX-License-Identifier: Apache-2.0
"""A commit before it is made, as checks and responders are handed it, and what they may look at beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

import attrs

from peerkit.model.base import Record

R = TypeVar("R", bound=Record)


class View(Protocol):
    """Read-only sight of what is stored and proposed, limited to what the plugin declared.

    What is read here guards the commit: if it changes meanwhile, the checks run again.
    """

    @property
    def now(self) -> datetime:
        """The kit's time."""
        ...

    def get(self, kind: type[R], id: str) -> R | None:
        """The record at its newest version, proposed ones included; None if there is none."""
        ...

    def find(
        self, kind: type[R], *conditions: Callable[[Any], Any], subject: str = "", **equal: Any
    ) -> Sequence[R]:
        """All records of the kind that meet the conditions, proposed ones included.

        Conditions and equalities are those of `Session.find`: `about="…"` asks for the field `about`.
        `subject` is the id of a human: records that hold it in any of the kind's subject fields
        (those named in `@record(…, subjects=…)`). It narrows the guard to that human, and so does
        equality with one subject field (`person="…"`).
        """
        ...


@attrs.frozen
class Proposed:
    """One proposed version: the record, what was stored before it (None: new), and its acts; who decided
    each, and in whose place (empty: in nobody's)."""

    record: Record
    before: Record | None
    acts: tuple[str, ...]
    actor: str
    deciders: tuple[str, ...] = ()
    on_behalf_of: tuple[str, ...] = ()


@attrs.frozen
class Proposal:
    """A commit before it is made. `new` are the versions since the hook was asked last.

    With `tick` nothing happened but time: `new` is empty, and responders are asked what the clock
    brought (see `peerkit_respond`).
    """

    changes: tuple[Proposed, ...]
    new: tuple[Proposed, ...]
    actor: str
    view: View
    tick: bool = False

    @property
    def now(self) -> datetime:
        """The kit's time."""
        return self.view.now

    def of(self, kind: type[R], *acts: str) -> Iterable[tuple[R, Proposed]]:
        """The new versions of a kind, made by any of these acts (any act, if none is named)."""
        for change in self.new:
            if isinstance(change.record, kind) and (not acts or set(acts) & set(change.acts)):
                yield change.record, change
