# SPDX-License-Identifier: Apache-2.0
"""The memory storage: for tests and notebooks. Everything is gone with the process."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

import attrs

from peerkit.errors import Conflict, StorageError
from peerkit.ports import (
    ANY,
    Allow,
    Batch,
    Capabilities,
    Change,
    Committed,
    Envelope,
    Erased,
    FeedPage,
    Query,
    Reads,
    Rows,
    Stored,
    Verdict,
    cursor,
    read_cursor,
)
from peerkit.storage import chain
from peerkit.storage.conditions import holds, sort_key, visible


@attrs.frozen
class _Head:
    position: int
    version: int
    envelope: Envelope
    idx: Mapping[str, Any]
    text: str


class MemoryStorage:
    """Keeps the feed in a list. One lock; every call is atomic."""

    capabilities = Capabilities(name="memory", real_notifiers=False)

    def __init__(self) -> None:
        self.incarnation = secrets.token_hex(8)
        self._lock = threading.RLock()
        self._feed: list[chain.Row] = []
        self._envelopes: list[Envelope] = []
        self._heads: dict[str, _Head] = {}
        self._kinds: dict[str, set[str]] = {}
        self._last: dict[str, int] = {}
        self._marks: dict[str, str] = {}
        self._closed = False

    # -- writing ---------------------------------------------------------------------------------

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """See `ports.Storage.commit`."""
        with self._open():
            self._guard(batch, unless, after)
            return self._append(batch)

    def _guard(self, batch: Batch, unless: Reads, after: int) -> None:
        for envelope in self._envelopes[after:]:
            kind = envelope.kind
            touched = {(kind, ""), (kind, envelope.id), *((kind, s) for _, s in envelope.subjects)}
            if touched & unless:
                raise Conflict(f"a {kind} that the checks read was changed meanwhile", guard=True)
        versions: dict[str, int] = {}
        for change in batch.changes:
            head = self._heads.get(change.id)
            found = versions.get(change.id, head.version if head else 0)
            if found != change.expect or (head and head.envelope.kind != change.kind):
                raise Conflict(f"{change.kind} {change.id} is at version {found}, not {change.expect}")
            versions[change.id] = change.version
        for mark in batch.marks:
            if mark.expect != ANY and self._marks.get(mark.name) != mark.expect:
                raise Conflict("a mark was set by somebody else meanwhile")

    def _append(self, batch: Batch) -> Committed:
        at = max(batch.at, self._envelopes[-1].at) if self._envelopes else batch.at
        first = len(self._feed) + 1
        for change in batch.changes:
            self._write(change, at)
        for mark in batch.marks:
            self._set(mark.name, mark.value)
        head = self._feed[-1].link if self._feed else chain.GENESIS
        return Committed(first, len(self._feed), at, head)

    def _write(self, change: Change, at: datetime) -> None:
        previous = self._feed[-1].link if self._feed else chain.GENESIS
        row = chain.make_row(change, len(self._feed) + 1, at, previous)
        envelope = chain.read_envelope(row.envelope, row.seal)
        self._feed.append(row)
        self._envelopes.append(envelope)
        self._heads[change.id] = _Head(row.position, change.version, envelope, dict(change.idx), change.text)
        self._kinds.setdefault(change.kind, set()).add(change.id)
        self._last[change.kind] = row.position

    def mark(self, name: str, value: str | None, *, expect: str | None = ANY) -> bool:
        """See `ports.Storage.mark`."""
        with self._open():
            if expect != ANY and self._marks.get(name) != expect:
                return False
            self._set(name, value)
            return True

    def _set(self, name: str, value: str | None) -> None:
        if value is None:
            self._marks.pop(name, None)
        else:
            self._marks[name] = value

    def marks(self, prefix: str = "") -> Mapping[str, str]:
        """See `ports.Storage.marks`."""
        with self._open():
            return {k: v for k, v in self._marks.items() if k.startswith(prefix)}

    # -- reading ---------------------------------------------------------------------------------

    def _stored(self, position: int) -> Stored:
        row = self._feed[position - 1]
        return Stored(self._envelopes[position - 1], row.body, row.args)

    def get(self, kind: str, id: str, *, allow: Allow = None) -> Stored | None:  # noqa: A002
        """See `ports.Storage.get`."""
        with self._open():
            head = self._heads.get(id)
            if head is None or head.envelope.kind != kind or not visible(allow, head.envelope.subjects):
                return None
            return self._stored(head.position)

    def _matching(self, query: Query) -> list[_Head]:
        return [
            head
            for one in self._kinds.get(query.kind, ())
            if visible(query.allow, (head := self._heads[one]).envelope.subjects)
            and all(holds(c, {**head.idx, "id": one}) for c in query.conditions)
        ]

    def find(self, query: Query) -> Rows:
        """See `ports.Storage.find`."""
        with self._open():
            down = query.order.startswith("-")
            keyed = sorted(
                ((sort_key(query.order, h.idx, h.envelope.id), h) for h in self._matching(query)),
                key=lambda pair: pair[0],
                reverse=down,
            )
            if query.after is not None:
                last = tuple(read_cursor(self.incarnation, query.after))
                keyed = [(k, h) for k, h in keyed if (k < last if down else k > last)]
            page = keyed[: query.limit]
            after = cursor(self.incarnation, *page[-1][0]) if len(keyed) > query.limit else None
            return Rows(tuple(self._stored(h.position) for _, h in page), after)

    def count(self, query: Query) -> int:
        """See `ports.Storage.count`."""
        with self._open():
            return len(self._matching(query))

    def search(self, words: str, query: Query) -> Rows:
        """See `ports.Storage.search`: each word against the nearest word of the text."""
        wanted = words.casefold().split()
        with self._open():
            scored = [(_likeness(wanted, h.text), h.position) for h in self._matching(query) if h.text]
            best = sorted(((s, p) for s, p in scored if s > 0), key=lambda pair: (-pair[0], pair[1]))
            return Rows(tuple(self._stored(p) for _, p in best[: query.limit]))

    def history(self, kind: str, id: str, *, allow: Allow = None) -> tuple[Stored, ...]:  # noqa: A002
        """See `ports.Storage.history`."""
        with self._open():
            head = self._heads.get(id)
            if head is None or head.envelope.kind != kind or not visible(allow, head.envelope.subjects):
                return ()
            return tuple(self._stored(e.position) for e in self._envelopes if e.id == id)

    def changes(self, after: str | None = None, limit: int = 100) -> FeedPage:
        """See `ports.Storage.changes`."""
        with self._open():
            start = int(read_cursor(self.incarnation, after)[0]) if after is not None else 0
            page = tuple(self._envelopes[start : start + limit])
            end = start + len(page)
            return FeedPage(page, cursor(self.incarnation, end), more=end < len(self._feed))

    def position(self, kinds: Sequence[str] = ()) -> int:
        """See `ports.Storage.position`."""
        with self._open():
            if not kinds:
                return len(self._feed)
            return max((self._last.get(k, 0) for k in kinds), default=0)

    # -- erasing, proving, moving ----------------------------------------------------------------

    def erase(self, ids: Iterable[str], redaction: Batch) -> Erased:
        """See `ports.Storage.erase`."""
        gone = frozenset(ids)
        with self._open():
            self._guard(redaction, frozenset(), 0)
            rows = [e.position for e in self._envelopes if e.id in gone]
            for position in rows:
                row = self._feed[position - 1]
                self._feed[position - 1] = attrs.evolve(row, salt=None, body=None, args=None)
            for one in gone & self._heads.keys():
                self._heads[one] = attrs.evolve(self._heads[one], idx={}, text="")
            self._append(redaction)
            return Erased(len(rows))

    def verify(self, head: str | None = None) -> Verdict:
        """See `ports.Storage.verify`."""
        with self._open():
            return chain.verify(iter(self._feed), head)

    def load(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """See `ports.Storage.load`."""
        with self._open():
            if self._feed:
                raise StorageError("history is loaded into an empty store only")
            for count, raw in enumerate(rows, start=1):  # noqa: B007
                row = chain.undump(raw)
                envelope = chain.read_envelope(row.envelope, row.seal)
                self._feed.append(row)
                self._envelopes.append(envelope)
                idx = raw.get("idx") or {}
                self._heads[envelope.id] = _Head(
                    row.position, envelope.version, envelope, idx, raw.get("text") or ""
                )
                self._kinds.setdefault(envelope.kind, set()).add(envelope.id)
                self._last[envelope.kind] = row.position
            return len(self._feed)

    def dump(self, after: int = 0, limit: int = 1000) -> tuple[Mapping[str, Any], ...]:
        """See `ports.Storage.dump`."""
        with self._open():
            out = []
            for row in self._feed[after : after + limit]:
                head = self._heads[self._envelopes[row.position - 1].id]
                is_head = head.position == row.position
                out.append(chain.dump(row, head.idx if is_head else None, head.text if is_head else ""))
            return tuple(out)

    def migrate(self, reindex: Any, limit: int = 1000) -> int:
        """See `ports.Storage.migrate`."""
        done = 0
        with self._open():
            for one, head in list(self._heads.items()):
                if done >= limit:
                    break
                made = reindex(self._stored(head.position))
                if made is not None and (made[1] != head.idx or made[2] != head.text):
                    self._heads[one] = attrs.evolve(head, idx=made[1], text=made[2])
                    done += 1
        return done

    def snapshot(self, path: str) -> None:
        """See `ports.Storage.snapshot`: memory has no file to copy."""
        raise StorageError("a memory store cannot be copied to a file: use a sqlite:/// one")

    def close(self) -> None:
        """See `ports.Storage.close`."""
        self._closed = True

    def _open(self) -> threading.RLock:
        if self._closed:
            raise StorageError("the store is closed")
        return self._lock


def _likeness(wanted: Sequence[str], text: str) -> float:
    words = set(text.casefold().split())
    total = 0.0
    for one in wanted:
        best = max((SequenceMatcher(None, one, w).ratio() for w in words), default=0.0)
        total += best if best >= 0.7 else 0.0  # noqa: PLR2004  # about one slip in five letters
    return total

