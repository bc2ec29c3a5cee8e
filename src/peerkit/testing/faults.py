# SPDX-License-Identifier: Apache-2.0
"""Storages broken on purpose, each in one way: they prove that the clauses can fail.

`FAULTS` names for each the clauses that have to catch it. A kit of clauses that lets one of these
through proves nothing about a storage that passes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import attrs

from peerkit.errors import Conflict
from peerkit.ports import (
    ANY,
    Allow,
    Batch,
    Committed,
    Envelope,
    Erased,
    FeedPage,
    Mark,
    Query,
    Reads,
    Rows,
    Stored,
    Verdict,
    read_cursor,
)
from peerkit.storage.memory import MemoryStorage


class LostUpdate(MemoryStorage):
    """Writes whatever version the change was made on."""

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """Take the version that is there for the one that was read."""
        versions: dict[str, int] = {}
        changes = []
        for one in batch.changes:
            head = self._heads.get(one.id)
            held = versions.get(one.id, head.version if head else 0)
            changes.append(attrs.evolve(one, expect=held))
            versions[one.id] = held + 1
        return super().commit(attrs.evolve(batch, changes=tuple(changes)), unless=unless, after=after)


class RacyVersions(MemoryStorage):
    """Looks at the version, and writes a moment later."""

    def __init__(self) -> None:
        super().__init__()
        self._meeting = threading.Barrier(2)

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """Let another commit in between the look and the write."""
        with self._open():
            self._guard(batch, unless, after)
        with suppress(threading.BrokenBarrierError):
            self._meeting.wait(0.02)
        if self._meeting.broken:
            self._meeting.reset()
        with self._open():
            return self._append(*self._prepared(batch), batch.marks)


class LeakyRollback(MemoryStorage):
    """Sets the marks of a commit before it knows whether the commit goes through."""

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """Marks first."""
        with self._open():
            for mark in batch.marks:
                if mark.expect == ANY or self._marks.get(mark.name) == mark.expect:
                    self._set(mark)
            free = tuple(attrs.evolve(mark, expect=ANY) for mark in batch.marks)
            return super().commit(attrs.evolve(batch, marks=free), unless=unless, after=after)


class HalfBatch(MemoryStorage):
    """Writes change by change, each in a transaction of its own."""

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """One commit for each change."""
        if len(batch.changes) < 2:
            return super().commit(batch, unless=unless, after=after)
        parts = [attrs.evolve(batch, changes=(one,), marks=()) for one in batch.changes]
        done = [super(HalfBatch, self).commit(one, unless=unless, after=after) for one in parts]
        last = super().commit(attrs.evolve(batch, changes=()))
        return attrs.evolve(last, first=done[0].first)


class WrongError(MemoryStorage):
    """Lets its own errors out instead of peerkit's."""

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """A conflict becomes a KeyError."""
        try:
            return super().commit(batch, unless=unless, after=after)
        except Conflict:
            raise KeyError("version") from None


class GuardIgnored(MemoryStorage):
    """Checks versions and nothing else."""

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """Forget what the checks read."""
        del unless
        return super().commit(batch, after=after)


class GuardForgetsLoss(MemoryStorage):
    """Guards only those whom a record is about now, not those whom it was taken away from."""

    def _before(self, envelope: Envelope) -> Envelope:
        return attrs.evolve(envelope, subjects=())


class Aliasing(MemoryStorage):
    """Keeps the caller's own objects."""

    def _prepared(self, batch: Batch) -> Any:
        rows, heads, at = super()._prepared(batch)
        shared = [attrs.evolve(h, idx=one.idx) for h, one in zip(heads, batch.changes, strict=True)]
        return rows, shared, at


class TimeRunsBack(MemoryStorage):
    """Takes every clock at its word."""

    def _prepared(self, batch: Batch) -> Any:
        rows, heads, _ = super()._prepared(batch)
        moved = [attrs.evolve(h, envelope=attrs.evolve(h.envelope, at=batch.at)) for h in heads]
        return rows, moved, batch.at


class RewrittenBytes(MemoryStorage):
    """Reads documents and writes them anew, as a column for JSON does."""

    def _stored(self, position: int) -> Stored:
        found = super()._stored(position)
        with suppress(ValueError, TypeError):
            return attrs.evolve(found, body=json.dumps(json.loads(found.body or b"")).encode())
        return found


class GapSkippingFeed(MemoryStorage):
    """Gives out a cursor that lies beyond what it has shown."""

    def changes(self, after: str | None = None, limit: int = 100) -> FeedPage:
        """A page that lacks its last envelope if there is more behind it."""
        page = super().changes(after, limit)
        if page.more and len(page.envelopes) > 1:
            return attrs.evolve(page, envelopes=page.envelopes[:-1])
        return page


class LateArrivals(MemoryStorage):
    """Shows every third change only when something else was written behind it."""

    def changes(self, after: str | None = None, limit: int = 100) -> FeedPage:
        """A page without its newest envelope, and a cursor behind it all the same."""
        page = super().changes(after, limit)
        newest = page.envelopes[-1].position if page.envelopes else 0
        if newest == self.position() and newest % 3 == 0:
            return attrs.evolve(page, envelopes=page.envelopes[:-1])
        return page


class CountsAll(MemoryStorage):
    """Counts what the actor may not see."""

    def count(self, query: Query) -> int:
        """Forget the scope."""
        return super().count(attrs.evolve(query, allow=None))


class SearchesAll(MemoryStorage):
    """Finds by words what the actor may not see."""

    def search(self, words: str, query: Query) -> Rows:
        """Forget the scope."""
        return super().search(words, attrs.evolve(query, allow=None))


class OpenHistory(MemoryStorage):
    """Shows the past of what the actor may not see."""

    def history(self, kind: str, id: str, *, allow: Allow = None) -> tuple[Stored, ...]:
        """Forget the scope."""
        del allow
        return super().history(kind, id)


class SubjectsWithoutRelation(MemoryStorage):
    """Compares subjects, and forgets in which relation they stand."""

    def get(self, kind: str, id: str, *, allow: Allow = None) -> Stored | None:
        """Any relation will do."""
        found = super().get(kind, id)
        wanted = None if allow is None else {subject for _, subject in allow}
        held = set() if found is None else {subject for _, subject in found.envelope.subjects}
        return found if wanted is None or held & wanted else None


class EraseLeavesIndex(MemoryStorage):
    """Erases bodies, and leaves what conditions and search find them by."""

    def erase(self, ids: Iterable[str], redaction: Batch) -> Erased:
        """Put projection and text back."""
        gone = list(ids)
        kept = {one: self._heads[one] for one in gone if one in self._heads}
        done = super().erase(gone, redaction)
        self._heads.update(kept)
        return done


class EraseLeavesHistory(MemoryStorage):
    """Erases the newest version only."""

    def erase(self, ids: Iterable[str], redaction: Batch) -> Erased:
        """Put older bodies back."""
        gone = list(ids)
        old = {p: self._feed[p - 1] for one in gone for p in self._versions.get(one, ())[:-1]}
        done = super().erase(gone, redaction)
        for position, row in old.items():
            self._feed[position - 1] = row
        return done


class EraseBeforeRedaction(MemoryStorage):
    """Erases, and then sees whether the redaction can be written."""

    def erase(self, ids: Iterable[str], redaction: Batch) -> Erased:
        """Blank first, in a step of its own."""
        gone = list(ids)
        with self._open():
            rows = [p for one in gone for p in self._versions.get(one, ())]
            blank = sum(self._feed[p - 1].body is not None for p in rows)
            for p in rows:
                self._feed[p - 1] = attrs.evolve(self._feed[p - 1], salt=None, body=None, args=None)
        return attrs.evolve(super().erase(gone, redaction), versions=blank)


class BlindVerify(MemoryStorage):
    """Says that all is well."""

    def verify(self, head: str | None = None) -> Verdict:
        """Whatever was found."""
        return attrs.evolve(super().verify(head), intact=True, problems=())


class ErasedIsTampered(MemoryStorage):
    """Cannot tell erased from tampered."""

    def verify(self, head: str | None = None) -> Verdict:
        """Every blank row is a problem."""
        found = super().verify(head)
        return attrs.evolve(found, intact=found.intact and not found.erased)


class CarelessMarks(MemoryStorage):
    """Sets marks whatever stands there."""

    def mark(self, name: str, value: str | None, *, expect: str | None = ANY) -> bool:
        """Forget what was expected."""
        del expect
        return super().mark(name, value)

    def _guard(self, batch: Batch, unless: Reads, after: int) -> None:
        free: tuple[Mark, ...] = tuple(attrs.evolve(mark, expect=ANY) for mark in batch.marks)
        super()._guard(attrs.evolve(batch, marks=free), unless, after)


class NewLinks(MemoryStorage):
    """Loads history by committing it again, with links and salts of its own."""

    def load(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """A chain that nobody's kept head is in."""
        count = super().load(rows)
        self._feed = [attrs.evolve(row, link=f"{row.position:064x}") for row in self._feed]
        return count


class EndlessMigration(MemoryStorage):
    """Counts what it looked at, not what it rewrote."""

    def migrate(self, reindex: Any, limit: int = 1000) -> int:
        """Never 0."""
        super().migrate(reindex, limit)
        return min(limit, len(self._heads))


class OpenForEver(MemoryStorage):
    """Answers after it was closed."""

    def close(self) -> None:
        """Do nothing."""


class TrustingCursors(MemoryStorage):
    """Takes a cursor of a store that was lost, and goes on from there without a word."""

    def changes(self, after: str | None = None, limit: int = 100) -> FeedPage:
        """A cursor behind the end gives an empty page."""
        if after is not None:
            key = read_cursor(self.incarnation, after)
            if len(key) == 1 and type(key[0]) is int and key[0] > len(self._feed):
                return FeedPage((), after)
        return super().changes(after, limit)


class StaysTheSame(MemoryStorage):
    """Says that a new incarnation began, and goes on with the old one."""

    def renew(self) -> str:
        """A name that nothing carries."""
        return self.incarnation


FAULTS: Mapping[type[MemoryStorage], frozenset[str]] = {
    LostUpdate: frozenset({"STO-010", "STO-011"}),
    RacyVersions: frozenset({"STO-013"}),
    LeakyRollback: frozenset({"STO-002"}),
    HalfBatch: frozenset({"STO-002"}),
    WrongError: frozenset({"STO-002", "STO-010", "STO-011", "STO-020"}),
    GuardIgnored: frozenset({"STO-020", "STO-022", "STO-023", "STO-024", "STO-026"}),
    GuardForgetsLoss: frozenset({"STO-024"}),
    Aliasing: frozenset({"STO-005"}),
    TimeRunsBack: frozenset({"STO-008"}),
    RewrittenBytes: frozenset({"STO-007"}),
    GapSkippingFeed: frozenset({"STO-031", "STO-032"}),
    LateArrivals: frozenset({"STO-032"}),
    TrustingCursors: frozenset({"STO-039"}),
    StaysTheSame: frozenset({"STO-121"}),
    CountsAll: frozenset({"STO-042"}),
    SearchesAll: frozenset({"STO-043"}),
    OpenHistory: frozenset({"STO-044"}),
    SubjectsWithoutRelation: frozenset({"STO-047"}),
    EraseLeavesIndex: frozenset({"STO-051"}),
    EraseLeavesHistory: frozenset({"STO-050", "STO-053"}),
    EraseBeforeRedaction: frozenset({"STO-052"}),
    BlindVerify: frozenset({"STO-038", "STO-054", "STO-060"}),
    ErasedIsTampered: frozenset({"STO-053"}),
    CarelessMarks: frozenset({"STO-027", "STO-090", "STO-092"}),
    NewLinks: frozenset({"STO-060", "STO-100"}),
    EndlessMigration: frozenset({"STO-102"}),
    OpenForEver: frozenset({"STO-110"}),
}
"""Every broken storage, and the clauses that must fail on it."""
