# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of the feed: one order, nothing missed, nothing later below a cursor, and its proof."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerkit.errors import Malformed, StorageError
from peerkit.ports import ActLine, Envelope, Query, Storage, cursor
from peerkit.storage import chain
from peerkit.testing.contract import Contract, clause
from peerkit.testing.storage.committing import race
from peerkit.testing.storage.parts import START, Backend, batch, change, put


def walk(store: Storage, limit: int, after: str | None = None) -> list[Envelope]:
    """The whole feed, page by page."""
    found: list[Envelope] = []
    while True:
        page = store.changes(after, limit)
        found += page.envelopes
        after = page.cursor
        if not page.more:
            return found


class FeedClauses(Contract):
    """STO-030 to STO-039, STO-121."""

    @clause("STO-030", "the feed gives every change once, in the order of commits, from 1 on", group="feed")
    def test_sto_030_every_change_once(self, backend: Backend) -> None:
        store = backend.open()
        store.commit(batch(change("a"), change("b"), change("a", 1)))
        store.commit(batch(change("c")))
        feed = walk(store, 100)
        assert [(e.position, e.id, e.version) for e in feed] == [
            (1, "a", 1),
            (2, "b", 1),
            (3, "a", 2),
            (4, "c", 1),
        ]

    @clause("STO-031", "pages of any size, from any cursor, give each change exactly once", group="feed")
    def test_sto_031_pages_of_any_size(self, backend: Backend) -> None:
        store = backend.open()
        for size in (1, 3, 2, 1, 5, 1):
            first = store.position()
            store.commit(batch(*[change(f"r{first + n}") for n in range(size)]))

        @settings(deadline=None)
        @given(st.lists(st.integers(1, 5), min_size=1, max_size=20))
        def pages(limits: list[int]) -> None:
            after: str | None = None
            found: list[Envelope] = []
            for limit in limits:
                page = store.changes(after, limit)
                assert len(page.envelopes) <= limit
                assert page.more == (len(found) + len(page.envelopes) < 13)
                found += page.envelopes
                after = page.cursor
            found += walk(store, 4, after)
            assert [e.position for e in found] == list(range(1, 14))

        pages()

    @clause("STO-032", "nothing ever appears at or below a cursor that was given out", group="feed")
    def test_sto_032_nothing_below_a_cursor(self, backend: Backend) -> None:
        store = backend.open()
        stop = threading.Event()
        seen: list[int] = []

        def tail() -> None:
            after = None
            while True:
                last = stop.is_set()
                page = store.changes(after, 7)
                seen.extend(e.position for e in page.envelopes)
                after = page.cursor
                if last and not page.more:
                    return

        def write(name: str) -> None:
            for number in range(40):
                store.commit(batch(*[change(f"{name}{number}.{n}") for n in range(1 + number % 3)]))

        def writers() -> None:
            results = race(*[lambda name=name: write(name) for name in "abc"])
            stop.set()
            assert results == [None] * 3

        assert race(tail, writers) == [None, None]
        assert seen == list(range(1, store.position() + 1))

    @clause("STO-033", "a cursor of another feed is a StorageError, nonsense is Malformed", group="feed")
    def test_sto_033_foreign_cursors(self, backend: Backend) -> None:
        store, other = backend.fresh(), backend.fresh()
        put(store, "a")
        put(other, "a")
        assert store.incarnation != other.incarnation
        with pytest.raises(StorageError):
            store.changes(other.changes().cursor)
        for nonsense in ("", "x", "%%%", "W10", "\ud800", "1"):
            with pytest.raises(Malformed):
                store.changes(nonsense)
        for key in ("x", None, [1]):
            with pytest.raises(Malformed):
                store.changes(cursor(store.incarnation, key))
        for limit in (0, -1, 10_001):
            with pytest.raises(Malformed):
                store.changes(None, limit)

    @clause("STO-034", "`position` is the last one, of the feed or of the kinds named", group="feed")
    def test_sto_034_positions(self, backend: Backend) -> None:
        store = backend.open()
        assert store.position() == store.position(("note",)) == 0
        put(store, "a", kind="note")
        put(store, "b", kind="task")
        put(store, "a", kind="note")
        put(store, "c", kind="alert")
        assert store.position() == 4
        assert store.position(("note",)) == 3
        assert store.position(("task", "note")) == 3
        assert store.position(("task", "nothing")) == 2
        assert store.position(("nothing",)) == 0

    @clause("STO-035", "an envelope says all that a change said, and no body", group="feed")
    def test_sto_035_the_whole_envelope(self, backend: Backend) -> None:
        store = backend.open()
        made = change(
            "a",
            doc_version=3,
            subjects=[("person", "p1"), ("person", "p2"), ("supporter", "ß👩🏽‍🤝‍👩🏻")],
            acts=(ActLine("adopt", "p1", "spoken", 2, "p2"), ActLine("note")),
            actor="s1",
            role="supporter",
            via="link:https://host.example",
            module="garden",
            module_version="1.2",
            body=b"secret",
            args=b"secret too",
        )
        store.commit(batch(made))
        [envelope] = store.changes().envelopes
        got = store.get("note", "a")
        assert got is not None
        assert got.envelope == envelope
        assert envelope == Envelope(
            position=1,
            id="a",
            kind="note",
            version=1,
            doc_version=3,
            subjects=made.subjects,
            at=START,
            actor="s1",
            acts=made.acts,
            role="supporter",
            via="link:https://host.example",
            module="garden",
            module_version="1.2",
            commitment=envelope.commitment,
        )
        assert len(envelope.commitment) == 64
        assert "secret" not in repr(envelope) + repr(got)

    @clause("STO-036", "the last page has a cursor too, and what comes later is behind it", group="feed")
    def test_sto_036_the_end_has_a_cursor(self, backend: Backend) -> None:
        store = backend.open()
        empty = store.changes()
        assert (empty.envelopes, empty.more) == ((), False)
        put(store, "a")
        page = store.changes(empty.cursor)
        assert [e.id for e in page.envelopes] == ["a"]
        again = store.changes(page.cursor)
        assert again.envelopes == ()
        put(store, "b")
        assert [e.id for e in store.changes(again.cursor).envelopes] == ["b"]

    @clause("STO-037", "the chain is the one that `peerkit.storage.chain` describes", group="feed")
    def test_sto_037_the_chain_is_the_same_everywhere(self, backend: Backend) -> None:
        store = backend.open()
        heads = [store.commit(batch(change(str(n)), change(str(n), 1), seconds=n)).head for n in range(3)]
        previous = chain.GENESIS
        links = []
        for raw in store.dump():
            row = chain.undump(raw).row
            assert row.salt is not None
            assert row.body is not None
            assert row.args is not None
            assert len(row.salt) == chain.SALT_BYTES
            assert row.seal == chain.seal_of(row.salt, row.body, row.args)
            previous = chain.link_of(previous, row.position, row.envelope, row.seal)
            assert row.link == previous
            links.append(previous)
        assert heads == [links[1], links[3], links[5]]
        assert len({raw["salt"] for raw in store.dump()}) == 6

    @clause("STO-039", "a cursor behind the end of the feed is a StorageError", group="feed")
    def test_sto_039_a_cursor_of_what_was_lost(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a")
        put(store, "b")
        end = store.changes().cursor
        assert store.changes(end).envelopes == ()
        with pytest.raises(StorageError):  # as one that a store gave out before its backup was restored
            store.changes(cursor(store.incarnation, 3))
        with pytest.raises(Malformed):
            store.changes(cursor(store.incarnation, -1))
        put(store, "c")
        assert [e.id for e in store.changes(end).envelopes] == ["c"]

    @clause(
        "STO-121",
        "behind `renew`, a cursor given out before is a StorageError, also for others",
        group="feed",
    )
    def test_sto_121_a_new_incarnation(self, backend: Backend) -> None:
        store = backend.open()
        for name in ("a", "b"):
            put(store, name)
        feed, page = store.changes(limit=1).cursor, store.find(Query("note", limit=1)).after
        other = backend.open() if store.capabilities.shared else store
        old = store.incarnation
        assert store.renew() == store.incarnation != old
        for one in (store, other):
            assert one.incarnation == store.incarnation
            with pytest.raises(StorageError):
                one.changes(feed)
            with pytest.raises(StorageError):
                one.find(Query("note", limit=1, after=page))
            assert [e.id for e in one.changes().envelopes] == ["a", "b"]
            assert one.changes(one.changes(limit=1).cursor).envelopes[0].id == "b"

    @clause("STO-038", "`verify` finds any head that was ever given out, and no other", group="feed")
    def test_sto_038_kept_heads(self, backend: Backend) -> None:
        store = backend.open()
        assert store.verify().intact
        heads = [chain.GENESIS] + [store.commit(batch(change(str(n)))).head for n in range(4)]
        for head in heads:
            verdict = store.verify(head)
            assert (verdict.intact, verdict.anchored) == (True, True)
        assert store.verify().anchored is False
        assert (store.verify().positions, store.verify().head) == (4, heads[-1])
        lost = store.verify("f" * 64)
        assert (lost.intact, lost.anchored) == (False, False)
        assert lost.problems
