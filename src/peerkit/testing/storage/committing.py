# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of commits: whole or not at all, each record at its version."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from peerkit.errors import Conflict, Malformed
from peerkit.ports import Batch, Condition, Mark, Query, Storage
from peerkit.testing.contract import Contract, clause
from peerkit.testing.storage.parts import START, Backend, batch, change, everything, put

BODIES = (
    b"",
    b"{}",
    b'{"b":1,"a":1e2,"a":2}',  # key order, 1e2 and a key twice: not as peerkit would write it
    b'{"n":12345678901234567890123,"x":0.1}',
    '{"words":"👩🏽‍🤝‍👩🏻 ᐃᓄᒃᑎᑐᑦ \u2028 \\u0000"}'.encode(),
    b"\x00\xff not even JSON",
    b"x" * 2**20,
)


def race(*work: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; what each returned or raised."""
    barrier = threading.Barrier(len(work))
    results: list[Any] = [None] * len(work)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = work[number]()
        except Exception as error:  # noqa: BLE001  # what it is, the clause looks at
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class CommitClauses(Contract):
    """STO-001 to STO-019."""

    @clause("STO-001", "what was committed is there at once, whole and in its order", group="atomic")
    def test_sto_001_a_commit_is_there_at_once(self, backend: Backend) -> None:
        store = backend.open()
        done = store.commit(
            batch(
                change("a", subjects=[("person", "p1")], idx={"state": "open"}),
                change("b", kind="task", idx={"state": "open"}),
                marks=[Mark("cursor", "7")],
            )
        )
        assert (done.first, done.last) == (1, 2)
        assert done.at == START
        assert [e.id for e in store.changes().envelopes] == ["a", "b"]
        got = store.get("task", "b")
        assert got is not None
        assert (got.envelope.version, got.envelope.position) == (1, 2)
        assert [r.envelope.id for r in store.find(Query("note")).rows] == ["a"]
        assert store.marks() == {"cursor": "7"}
        assert store.verify(done.head).anchored

    @clause(
        "STO-002", "a commit that is refused leaves nothing behind, whatever it failed on", group="atomic"
    )
    def test_sto_002_a_refused_commit_leaves_nothing(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a", idx={"state": "open"}, subjects=[("person", "p1")], text="library card")
        store.mark("held", "by me")
        before = everything(store)
        good = change("b", idx={"state": "open"}, subjects=[("person", "p1")], text="library bus")
        bad: list[tuple[Batch, frozenset[tuple[str, str]]]] = [
            (batch(good, change("a", 0)), frozenset()),
            (batch(good, change("a", 5)), frozenset()),
            (batch(good), frozenset({("note", "p1")})),
            (batch(good, marks=[Mark("new", "1"), Mark("held", "2", "somebody else")]), frozenset()),
            (batch(good, change("c", idx={"x": float("nan")}), marks=[Mark("new", "1")]), frozenset()),
            (batch(good, change("c", actor="\ud800")), frozenset()),
        ]
        for one, unless in bad:
            with pytest.raises((Conflict, Malformed)):
                store.commit(one, unless=unless, after=0)
            assert everything(store) == before
            assert store.get("note", "b") is None
            assert store.count(Query("note", allow=frozenset({("person", "p1")}))) == 1
            assert [r.envelope.id for r in store.search("library", Query("note")).rows] == ["a"]
        assert store.commit(batch(good)).last == 2

    @clause(
        "STO-003", "a batch may hold several versions of one record; the last is its head", group="atomic"
    )
    def test_sto_003_several_versions_in_one_batch(self, backend: Backend) -> None:
        store = backend.open()
        store.commit(
            batch(
                change("a", 0, idx={"state": "open"}, subjects=[("person", "p1")], text="first words"),
                change("a", 1, idx={"state": "shut"}, subjects=[("person", "p2")], text="other words"),
            )
        )
        assert [s.envelope.version for s in store.history("note", "a")] == [1, 2]
        assert store.count(Query("note", (Condition("state", "==", "open"),))) == 0
        assert store.count(Query("note", allow=frozenset({("person", "p1")}))) == 0
        assert store.count(Query("note", allow=frozenset({("person", "p2")}))) == 1
        assert store.search("first", Query("note")).rows == ()

    @clause("STO-004", "what no storage could hold is Malformed, and nothing is written", group="atomic")
    def test_sto_004_malformed_content_is_refused(self, backend: Backend) -> None:
        store = backend.open()
        bad = [
            batch(change("a", idx={"x": float("inf")})),
            batch(change("a", idx={"x": "\udfff"})),
            batch(change("a", idx={"x": object()})),
            batch(change("a", text="\ud800")),
            batch(change("\ud800")),
            batch(change("")),
            batch(change("a\0b")),
            batch(change("a", kind="")),
            batch(change("a", subjects=[("person", "p\0")])),
            Batch((change("a"),), START.replace(tzinfo=None)),
            batch(marks=[Mark("\ud800", "1")]),
        ]
        for one in bad:
            with pytest.raises(Malformed):
                store.commit(one)
        assert store.position() == 0
        assert store.marks() == {}

    @clause(
        "STO-005", "nothing handed in or out is shared: changing it later changes nothing", group="atomic"
    )
    def test_sto_005_nothing_is_shared(self, backend: Backend) -> None:
        store = backend.open()
        idx: dict[str, Any] = {"tags": ["garden"], "state": "open"}
        store.commit(batch(change("a", idx=idx)))
        idx["tags"].append("kitchen")
        idx["state"] = "shut"
        assert store.count(Query("note", (Condition("tags", "has", "kitchen"),))) == 0
        assert store.count(Query("note", (Condition("state", "==", "open"),))) == 1
        dumped: Any = store.dump()[0]
        dumped["idx"]["tags"].append("kitchen")
        assert store.count(Query("note", (Condition("tags", "has", "kitchen"),))) == 0
        marks: Any = store.marks()
        assert marks == {}
        store.mark("a", "1")
        assert marks == {}

    @clause("STO-006", "a batch without changes sets its marks and takes no position", group="atomic")
    def test_sto_006_marks_alone(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a")
        done = store.commit(batch(marks=[Mark("x", "1")]))
        assert done.last == store.position() == 1
        assert store.marks() == {"x": "1"}

    @clause("STO-007", "bodies and arguments come back byte for byte", group="atomic")
    def test_sto_007_bytes_are_kept(self, backend: Backend) -> None:
        store = backend.open()
        for number, body in enumerate(BODIES):
            store.commit(batch(change(f"r{number}", body=body, args=body[::-1])))
        for number, body in enumerate(BODIES):
            got = store.get("note", f"r{number}")
            assert got is not None
            assert (got.body, got.args) == (body, body[::-1])
        assert store.verify().intact

    @clause("STO-008", "time in the feed never runs backwards", group="atomic")
    def test_sto_008_time_never_runs_backwards(self, backend: Backend) -> None:
        store = backend.open()
        times = [store.commit(batch(change(str(n)), seconds=s)).at for n, s in enumerate((0, 60, -3600, 61))]
        assert times == sorted(times)
        assert times[2] == times[1]
        assert [e.at for e in store.changes().envelopes] == times

    @clause("STO-010", "a new record expects version 0; making it twice is a Conflict", group="version")
    def test_sto_010_made_twice(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a")
        with pytest.raises(Conflict) as caught:
            store.commit(batch(change("a", 0)))
        assert not caught.value.guard
        with pytest.raises(Conflict):
            store.commit(batch(change("b", 0), change("b", 0)))
        assert store.position() == 1

    @clause("STO-011", "a change made on an old version, or on one to come, is a Conflict", group="version")
    def test_sto_011_stale_or_ahead(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a")
        put(store, "a")
        for expect in (0, 1, 3, 9):
            with pytest.raises(Conflict) as caught:
                store.commit(batch(change("a", expect)))
            assert not caught.value.guard
        assert store.commit(batch(change("a", 2))).last == 3

    @clause("STO-012", "an id belongs to one kind for ever", group="version")
    def test_sto_012_an_id_has_one_kind(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a", kind="note")
        for expect in (0, 1):
            with pytest.raises(Conflict):
                store.commit(batch(change("a", expect, "task")))
        with pytest.raises(Conflict):
            store.commit(batch(change("b", 0, "note"), change("b", 1, "task")))
        assert store.get("task", "a") is None
        assert store.history("task", "a") == ()

    @clause("STO-013", "of those who change one version at the same moment, one wins", group="version")
    def test_sto_013_one_wins(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a")
        for expect in range(1, 6):
            work = [
                lambda n=n, e=expect: store.commit(batch(change("a", e, body=b"%d" % n))) for n in range(4)
            ]
            results = race(*work)
            won = [n for n, one in enumerate(results) if not isinstance(one, Exception)]
            assert len(won) == 1, results
            assert all(isinstance(r, Conflict) for n, r in enumerate(results) if n not in won), results
            got = store.get("note", "a")
            assert got is not None
            assert got.body == b"%d" % won[0]
        assert store.position() == 6

    @clause("STO-014", "writing from several threads loses nothing and keeps the chain", group="version")
    def test_sto_014_threads_lose_nothing(self, backend: Backend) -> None:
        store = backend.open()

        def write(name: str) -> Callable[[], None]:
            def run() -> None:
                for number in range(25):
                    put(store, f"{name}{number}", subjects=[("person", name)])
                    _add(store, "shared")

            return run

        results = race(*[write(name) for name in "abcd"])
        assert results == [None] * 4
        assert store.position() == 200
        assert len(store.history("note", "shared")) == 100
        assert all(store.count(Query("note", allow=frozenset({("person", n)}))) == 25 for n in "abcd")
        assert store.verify().intact


def _add(store: Storage, record: str) -> None:
    """One version more, trying again for as long as others are quicker."""
    while True:
        try:
            put(store, record)
        except Conflict:
            continue
        return
