# SPDX-License-Identifier: Apache-2.0
"""The memory storage: for tests and notebooks. Everything is gone with the process."""

from __future__ import annotations

import json
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import attrs

from peerkit.errors import Conflict, Malformed, StorageError
from peerkit.ports import (
    ANY,
    Allow,
    Batch,
    Capabilities,
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
    cursor,
    feed_position,
    read_cursor,
)
from peerkit.storage import chain, words
from peerkit.storage.conditions import MOST, checked, holds, normal, projection, sort_key, visible


@attrs.frozen
class _Head:
    """The newest version of a record. `idx` is a copy of its own, and never handed out."""

    position: int
    version: int
    doc: int
    envelope: Envelope
    idx: Mapping[str, Any]
    text: str

    def fields(self) -> dict[str, Any]:
        """The index projection, and the id."""
        return {**self.idx, "id": self.envelope.id}


class MemoryStorage:
    """Keeps the feed in a list. One lock; every call is atomic."""

    capabilities = Capabilities(name="memory", real_notifiers=False)

    def __init__(self) -> None:
        self.incarnation = secrets.token_hex(8)
        self._lock = threading.RLock()
        self._feed: list[chain.Row] = []
        self._envelopes: list[Envelope] = []
        self._versions: dict[str, list[int]] = {}
        self._heads: dict[str, _Head] = {}
        self._kinds: dict[str, set[str]] = {}
        self._last: dict[str, int] = {}
        self._marks: dict[str, str] = {}
        self._closed = False

    @contextmanager
    def _open(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise StorageError("the store is closed: open it again")
            yield

    # -- writing ---------------------------------------------------------------------------------

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """See `ports.Storage.commit`."""
        with self._open():
            self._guard(batch, unless, after)
            return self._append(*self._prepared(batch), batch.marks)

    def _guard(self, batch: Batch, unless: Reads, after: int) -> None:
        for envelope in self._envelopes[after:] if unless else ():
            kind = envelope.kind
            touched = {(kind, ""), (kind, envelope.id), *((kind, s) for _, s in envelope.subjects)}
            if envelope.version > 1:  # whoever it was taken away from read it too
                touched |= {(kind, s) for _, s in self._before(envelope).subjects}
            if touched & unless:
                raise Conflict(f"a {kind} that the checks read was changed meanwhile", guard=True)
        versions: dict[str, tuple[str, int]] = {}
        for change in batch.changes:
            head = self._heads.get(change.id)
            kind, found = versions.get(change.id, (head.envelope.kind, head.version) if head else ("", 0))
            if found != change.expect or kind not in {"", change.kind}:
                told = f"{change.kind} {change.id} is at version {found}, not {change.expect}"
                raise Conflict(f"{told}: read it again and decide anew (kit.run does)")
            versions[change.id] = (change.kind, change.version)
        for mark in batch.marks:
            if mark.expect != ANY and self._marks.get(mark.name) != mark.expect:
                raise Conflict("a mark was set by somebody else meanwhile")

    def _before(self, envelope: Envelope) -> Envelope:
        return self._envelopes[self._versions[envelope.id][envelope.version - 2] - 1]

    def _prepared(self, batch: Batch) -> tuple[list[chain.Row], list[_Head], datetime]:
        """The rows and heads of a batch, all made before any is written."""
        if batch.at.tzinfo is None:
            raise Malformed("an instant needs a time zone", where="batch.at")
        at = max(batch.at, self._envelopes[-1].at) if self._envelopes else batch.at
        previous = self._feed[-1].link if self._feed else chain.GENESIS
        rows: list[chain.Row] = []
        heads: list[_Head] = []
        for change in batch.changes:
            row = chain.make_row(change, len(self._feed) + len(rows) + 1, at, previous)
            idx, _ = projection(change)
            envelope = chain.read_envelope(row.envelope, row.seal)
            fields = json.loads(idx)
            heads.append(
                _Head(row.position, change.version, change.doc_version, envelope, fields, change.text)
            )
            rows.append(row)
            previous = row.link
        for mark in batch.marks:
            _sound(mark)
        return rows, heads, at

    def _append(
        self, rows: list[chain.Row], heads: list[_Head], at: datetime, marks: Iterable[Mark]
    ) -> Committed:
        first = len(self._feed) + 1
        self._write(rows, heads)
        for mark in marks:
            self._set(mark)
        link = self._feed[-1].link if self._feed else chain.GENESIS
        return Committed(first, len(self._feed), at, link)

    def _write(self, rows: list[chain.Row], heads: list[_Head]) -> None:
        self._feed += rows
        for head in heads:
            envelope = head.envelope
            self._envelopes.append(envelope)
            self._versions.setdefault(envelope.id, []).append(head.position)
            self._heads[envelope.id] = head
            self._kinds.setdefault(envelope.kind, set()).add(envelope.id)
            self._last[envelope.kind] = head.position

    def mark(self, name: str, value: str | None, *, expect: str | None = ANY) -> bool:
        """See `ports.Storage.mark`."""
        made = Mark(name, value, expect)
        with self._open():
            _sound(made)
            if expect != ANY and self._marks.get(name) != expect:
                return False
            self._set(made)
            return True

    def _set(self, mark: Mark) -> None:
        if mark.value is None:
            self._marks.pop(mark.name, None)
        else:
            self._marks[mark.name] = mark.value

    def marks(self, prefix: str = "") -> Mapping[str, str]:
        """See `ports.Storage.marks`."""
        with self._open():
            return {k: v for k, v in self._marks.items() if k.startswith(prefix)}

    def ensure_indexes(self, wanted: Mapping[str, Sequence[str]]) -> None:
        """See `ports.Storage.ensure_indexes`: memory is searched whole."""

    # -- reading ---------------------------------------------------------------------------------

    def _stored(self, position: int) -> Stored:
        row = self._feed[position - 1]
        return Stored(self._envelopes[position - 1], row.body, row.args)

    def _head(self, kind: str, record_id: str, allow: Allow) -> _Head | None:
        head = self._heads.get(record_id)
        if head is None or head.envelope.kind != kind or not visible(allow, head.envelope.subjects):
            return None
        return head

    def get(self, kind: str, id: str, *, allow: Allow = None) -> Stored | None:
        """See `ports.Storage.get`."""
        with self._open():
            head = self._head(kind, id, allow)
            return None if head is None else self._stored(head.position)

    def _matching(self, query: Query) -> list[tuple[_Head, dict[str, Any]]]:
        heads = (self._heads[one] for one in self._kinds.get(query.kind, ()))
        seen = [(h, h.fields()) for h in heads if visible(query.allow, h.envelope.subjects)]
        return [(h, fields) for h, fields in seen if all(holds(c, fields) for c in query.conditions)]

    def find(self, query: Query) -> Rows:
        """See `ports.Storage.find`."""
        query = checked(query)
        with self._open():
            down = query.order.startswith("-")
            found = self._matching(query)
            keyed = [(sort_key(query.order, fields, h.envelope.id), h) for h, fields in found]
            keyed.sort(key=lambda pair: pair[0], reverse=down)
            if query.after is not None:
                last = self._key(query, len(keyed[0][0]) if keyed else 0)
                keyed = [(k, h) for k, h in keyed if (k < last if down else k > last)]
            page = keyed[: query.limit]
            more = len(keyed) > query.limit
            after = cursor(self.incarnation, query.order, *page[-1][0]) if more else None
            return Rows(tuple(self._stored(h.position) for _, h in page), after)

    def _key(self, query: Query, width: int) -> tuple[Any, ...]:
        order, *key = read_cursor(self.incarnation, query.after or "")
        if order != query.order or (width and len(key) != width):
            raise Malformed("the cursor belongs to another query", where="after")
        return tuple(key)

    def count(self, query: Query) -> int:
        """See `ports.Storage.count`."""
        query = checked(query)
        with self._open():
            return len(self._matching(query))

    def search(self, words: str, query: Query) -> Rows:
        """See `ports.Storage.search`: every text is looked at."""
        query = checked(query)
        with self._open():
            heads = [h for h, _ in self._matching(query) if h.text]
            groups = _groups(words, [h.text for h in heads])
            scored = [(_score(groups, h), h.position) for h in heads]
            best = sorted(((s, p) for s, p in scored if s > 0), key=lambda pair: (-pair[0], pair[1]))
            start = int(self._key(attrs.evolve(query, order="search"), 1)[0]) if query.after else 0
            end = start + query.limit
            after = cursor(self.incarnation, "search", end) if end < len(best) else None
            return Rows(tuple(self._stored(p) for _, p in best[start:end]), after)

    def history(self, kind: str, id: str, *, allow: Allow = None) -> tuple[Stored, ...]:
        """See `ports.Storage.history`."""
        with self._open():
            if self._head(kind, id, allow) is None:
                return ()
            return tuple(self._stored(position) for position in self._versions[id])

    def changes(self, after: str | None = None, limit: int = 100) -> FeedPage:
        """See `ports.Storage.changes`."""
        if not 0 < limit <= MOST:
            raise Malformed(f"a page holds 1 to {MOST} rows", where="limit")
        with self._open():
            start = 0 if after is None else self._start(after)
            page = tuple(self._envelopes[start : start + limit])
            end = start + len(page)
            return FeedPage(page, cursor(self.incarnation, end), more=end < len(self._feed))

    def _start(self, after: str) -> int:
        key = read_cursor(self.incarnation, after)
        return feed_position(key, len(self._feed))

    def position(self, kinds: Sequence[str] = ()) -> int:
        """See `ports.Storage.position`."""
        with self._open():
            if not kinds:
                return len(self._feed)
            return max((self._last.get(k, 0) for k in kinds), default=0)

    def renew(self) -> str:
        """See `ports.Storage.renew`."""
        with self._open():
            self.incarnation = secrets.token_hex(8)
            return self.incarnation

    # -- erasing, proving, moving ----------------------------------------------------------------

    def erase(self, ids: Iterable[str], redaction: Batch) -> Erased:
        """See `ports.Storage.erase`."""
        gone = frozenset(ids)
        with self._open():
            self._guard(redaction, frozenset(), 0)
            prepared = self._prepared(redaction)
            blank = [
                p for one in gone for p in self._versions.get(one, ()) if self._feed[p - 1].body is not None
            ]
            for position in blank:
                row = self._feed[position - 1]
                self._feed[position - 1] = attrs.evolve(row, salt=None, body=None, args=None)
            for one in gone & self._heads.keys():
                self._heads[one] = attrs.evolve(self._heads[one], idx={}, text="")
            self._append(*prepared, redaction.marks)
            return Erased(len(blank))

    def verify(self, head: str | None = None) -> Verdict:
        """See `ports.Storage.verify`."""
        with self._open():
            return chain.verify(self._feed, head)

    def load(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """See `ports.Storage.load`."""
        with self._open():
            if self._feed:
                raise StorageError("history is loaded into an empty store only")
            made: list[tuple[chain.Row, _Head]] = []
            for raw in rows:
                found = chain.undump(raw)
                row, e = found.row, found.envelope
                if row.position != len(made) + 1:
                    where = f"load: row {len(made) + 1}"
                    raise Malformed("the rows of a dump follow one another", where=where)
                fields = json.loads(normal(found.idx or {})[0])
                made.append((row, _Head(row.position, e.version, e.doc_version, e, fields, found.text)))
            self._write([row for row, _ in made], [head for _, head in made])
            return len(made)

    def dump(self, after: int = 0, limit: int = 1000) -> tuple[Mapping[str, Any], ...]:
        """See `ports.Storage.dump`."""
        with self._open():
            out = []
            for row in self._feed[after : after + limit]:
                head = self._heads[self._envelopes[row.position - 1].id]
                is_head = head.position == row.position
                idx = json.loads(json.dumps(head.idx)) if is_head else None
                out.append(chain.dump(row, idx, head.text if is_head else ""))
            return tuple(out)

    def migrate(
        self,
        reindex: Callable[[Stored], tuple[int, Mapping[str, Any], str] | None],
        limit: int = 1000,
    ) -> int:
        """See `ports.Storage.migrate`."""
        done = 0
        with self._open():
            for one, head in list(self._heads.items()):
                if done >= limit:
                    break
                stored = self._stored(head.position)
                made = None if stored.body is None else reindex(stored)
                if made is None:
                    continue
                new = attrs.evolve(head, doc=made[0], idx=json.loads(normal(made[1])[0]), text=made[2])
                done += new != head
                self._heads[one] = new
        return done

    def snapshot(self, path: str) -> None:
        """See `ports.Storage.snapshot`: memory has no file to copy."""
        del path
        raise StorageError("a memory store cannot be copied to a file: use a sqlite:/// one")

    def close(self) -> None:
        """See `ports.Storage.close`."""
        with self._lock:
            self._closed = True


def _sound(mark: Mark) -> None:
    try:
        mark.name.encode()
        (mark.value or "").encode()
    except UnicodeEncodeError:
        raise Malformed("lone surrogates cannot be stored", where="mark") from None


def _groups(wanted: str, texts: Sequence[str]) -> list[words.Group]:
    """The typed words with their neighbours among the words of these texts."""
    known: Counter[str] = Counter()
    for text in texts:
        known.update(set(words.tokens(text)))
    typed = [half for word in words.tokens(wanted) for half in words.parted(word, known.__contains__)][
        : words.MOST_WORDS
    ]

    def beginning(root: str) -> words.Known:
        return {word: number for word, number in known.items() if word.startswith(root)}

    return [words.group(word, known, len(texts), beginning) for word in typed]


def _score(groups: Sequence[words.Group], head: _Head) -> float:
    return words.score(groups, head.text)
