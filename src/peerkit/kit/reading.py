# SPDX-License-Identifier: Apache-2.0
"""Reading for a count: records as they were at one place in the feed, page by page, and a period's days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from peerkit.codec import Opaque
from peerkit.model.base import Record
from peerkit.model.program import program_zone
from peerkit.model.when import midnight
from peerkit.paging import every
from peerkit.ports import Condition, Query, Stored, cursor

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

R = TypeVar("R", bound=Record)
PAGE = 1000


class Reading:
    """A period as instants, and the records as they were at one place in the feed. `kinds` are those that may
    be read; `unreadable` counts what could not be."""

    def __init__(self, kit: Kit, first: date, last: date, position: int, kinds: Collection[str]) -> None:
        self.kit, self.first, self.last, self.position = kit, first, last, position
        self._kinds = frozenset(kinds)
        self.zone = program_zone(kit.program)
        self.start = midnight(first, self.zone)
        self.end = midnight(last + timedelta(days=1), self.zone)
        self.unreadable = 0
        self._later: dict[str, set[str]] | None = None

    def heads(self, kind: type[R], *conditions: Condition, order: str = "") -> Iterator[tuple[Stored, bool]]:
        """Newest versions that were written by then, page by page, each with True; and, with False, what
        each record was by then that has been changed since, which the conditions are not asked of."""
        for row in every(self.kit.storage, Query(kind.kind, tuple(conditions), order=order)):
            if row.envelope.position <= self.position:
                yield row, True
        for id_ in self._changed_since(kind.kind):
            if versions := self.versions(kind.kind, id_):
                yield versions[-1], False

    def _changed_since(self, kind: str) -> Iterable[str]:
        """Records of a kind that were changed behind the position."""
        if self._later is None:
            self._later = {}
            behind = cursor(self.kit.storage.incarnation, self.position)
            while True:
                page = self.kit.storage.changes(behind, PAGE)
                for one in page.envelopes:
                    if one.kind in self._kinds:
                        self._later.setdefault(one.kind, set()).add(one.id)
                behind = page.cursor
                if not page.more:
                    break
        return sorted(self._later.get(kind, ()))

    def versions(self, kind: str, id_: str) -> list[Stored]:
        """What was written by then of one record, oldest first."""
        return [one for one in self.kit.storage.history(kind, id_) if one.envelope.position <= self.position]

    def read(self, kind: type[R], stored: Stored) -> R | None:
        """The version; None if it is erased, or cannot be read (that is counted)."""
        if stored.body is None:
            return None
        found = self.kit.codec.read(stored)
        if isinstance(found, Opaque) or not isinstance(found, kind):
            self.unreadable += 1
            return None
        return found

    def within(self, moment: datetime) -> bool:
        """Whether an instant is in the period."""
        return self.start <= moment < self.end

    def day(self, moment: datetime) -> date:
        """The day of an instant in the program's zone."""
        return moment.astimezone(self.zone).date()
