# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of marks, of moving history, and of a store's life."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from peerkit.errors import Conflict, Malformed, StorageError
from peerkit.ports import API, Condition, Query, Storage, Stored
from peerkit.testing.contract import Contract, clause
from peerkit.testing.storage.committing import race
from peerkit.testing.storage.finding import ids
from peerkit.testing.storage.parts import Backend, batch, change, everything, put, redaction


def varied(store: Storage) -> Storage:
    """A store with a bit of everything, an erased record among it."""
    put(store, "a", subjects=[("person", "p1")], idx={"state": "open", "on": 1})
    put(store, "a", subjects=[("person", "p2")], idx={"state": "shut", "on": 2})
    put(store, "s", kind="service", text="Daily Bread Food Bank", idx={"name": "Daily Bread"})
    put(store, "gone", subjects=[("person", "p1")], idx={"state": "open"})
    store.erase(["gone"], redaction("gone"))
    return store


def upper(stored: Stored) -> tuple[int, Mapping[str, Any], str] | None:
    """A newer projection of notes; services are left alone."""
    if stored.envelope.kind != "note":
        return None
    return 2, {"state": "NEW", "version": stored.envelope.version}, ""


class KeepingClauses(Contract):
    """STO-090 to STO-119."""

    @clause("STO-090", "a mark is set by compare-and-set, and deleted by None", group="marks")
    def test_sto_090_compare_and_set(self, backend: Backend) -> None:
        store = backend.open()
        assert store.mark("lease", "me", expect=None)
        assert not store.mark("lease", "you", expect=None)
        assert not store.mark("lease", "you", expect="you")
        assert store.mark("lease", "you", expect="me")
        assert store.mark("lease", "me")
        assert store.marks() == {"lease": "me"}
        assert not store.mark("lease", None, expect="you")
        assert store.mark("lease", None, expect="me")
        assert store.marks() == {}
        assert store.mark("lease", None)
        assert store.position() == 0

    @clause("STO-091", "`marks` gives those whose names start with the prefix", group="marks")
    def test_sto_091_prefixes(self, backend: Backend) -> None:
        store = backend.open()
        names = ["a", "a/1", "a/2", "a%", "A", "b", "é", "ä/👩🏽‍🤝‍👩🏻", ""]
        for name in names:
            store.mark(name, f"of {name}")
        for prefix in ("", "a", "a/", "%", "ä", "c", "a/1"):
            assert store.marks(prefix) == {n: f"of {n}" for n in names if n.startswith(prefix)}

    @clause("STO-092", "of those who set one mark at the same moment, one wins", group="marks")
    def test_sto_092_one_wins(self, backend: Backend) -> None:
        store = backend.open()
        for round_ in range(10):
            name = f"lease{round_}"
            work = [lambda n=n, name=name: store.mark(name, str(n), expect=None) for n in range(4)]
            results = race(*work)
            assert results.count(True) == 1
            assert results.count(False) == 3
            assert store.marks(name)[name] == str(results.index(True))

    @clause(
        "STO-100", "history moves between stores with every link, and answers there the same", group="moving"
    )
    def test_sto_100_dump_and_load(self, backend: Backend) -> None:
        store = varied(backend.fresh())
        rows: list[Mapping[str, Any]] = []
        while page := store.dump(len(rows), 2):
            rows += page
        copy = backend.fresh()
        assert copy.load(iter(rows)) == 5 == len(rows)
        assert copy.dump() == store.dump()
        assert copy.verify(store.verify().head) == store.verify(store.verify().head)
        assert copy.history("note", "a") == store.history("note", "a")
        assert copy.changes().envelopes == store.changes().envelopes
        for query in (
            Query("note", (Condition("state", "==", "shut"),)),
            Query("note", (Condition("state", "==", "open"),)),
            Query("note", allow=frozenset({("person", "p1")})),
            Query("note", allow=frozenset({("person", "p2")})),
        ):
            assert ids(copy.find(query).rows) == ids(store.find(query).rows)
        assert ids(copy.search("bred", Query("service")).rows) == ["s"]
        assert put(copy, "a") == 6
        assert copy.verify().intact

    @clause("STO-101", "history is loaded into an empty store only, and all of it or nothing", group="moving")
    def test_sto_101_load_is_whole(self, backend: Backend) -> None:
        store = varied(backend.fresh())
        rows: list[Any] = list(store.dump())
        with pytest.raises(StorageError):
            store.load(rows)
        copy = backend.fresh()
        for bad in (
            [*rows[:2], {}],
            [*rows[:2], {**rows[2], "body": "%"}],
            [*rows[:2], {**rows[2], "envelope": "{}"}],
            [*rows[:2], rows[3]],
            rows[1:],
            [*rows[:2], None],
        ):
            with pytest.raises(Malformed):
                copy.load(bad)
            assert (copy.position(), copy.count(Query("note"))) == (0, 0)
        assert copy.load(rows) == 5

    @clause(
        "STO-102", "`migrate` rewrites projections, piece by piece, until nothing is left", group="moving"
    )
    def test_sto_102_migrate(self, backend: Backend) -> None:
        store = varied(backend.open())
        for number in range(7):
            put(store, f"r{number}", idx={"state": "open"})
        done = [store.migrate(upper, 3)]
        while done[-1] and len(done) < 20:
            done.append(store.migrate(upper, 3))
        assert sum(done) == 8
        assert max(done) <= 3
        assert store.count(Query("note", (Condition("state", "==", "NEW"),))) == 8
        assert ids(store.find(Query("note", (Condition("version", "==", 2),))).rows) == ["a"]
        assert ids(store.search("bread", Query("service")).rows) == ["s"]
        verdict = store.verify()
        assert verdict.intact, verdict.problems

    @clause("STO-103", "`migrate` changes no row of the feed", group="moving")
    def test_sto_103_migrate_leaves_the_feed(self, backend: Backend) -> None:
        store = varied(backend.open())
        head, feed = store.verify().head, store.changes().envelopes
        got = store.history("note", "a")
        store.migrate(lambda stored: (9, {"x": 1}, "new text") if stored.envelope.kind == "service" else None)
        assert (store.verify().head, store.changes().envelopes) == (head, feed)
        assert store.history("note", "a") == got
        assert ids(store.search("new text", Query("service")).rows) == ["s"]
        assert ids(store.search("bread", Query("service")).rows) == []

    @clause(
        "STO-104", "a snapshot is a whole store of its own, in a new file", group="moving", requires="durable"
    )
    def test_sto_104_snapshot(self, backend: Backend) -> None:
        store = varied(backend.open())
        with TemporaryDirectory() as folder:
            path = Path(folder) / "copy"
            store.snapshot(str(path))
            assert path.stat().st_size > 0
            with pytest.raises(StorageError):
                store.snapshot(str(path))
            with pytest.raises(StorageError):
                store.snapshot(str(Path(folder) / "not there" / "copy"))
        assert put(store, "a") == 6

    @clause("STO-105", "asking for indexes changes no answer, and may be repeated", group="moving")
    def test_sto_105_indexes_change_no_answer(self, backend: Backend) -> None:
        store = backend.open()
        wanted = {"note": ("on", "state on"), "nothing": ("x",)}
        store.ensure_indexes(wanted)
        for number in range(6):
            put(store, f"r{number}", idx={"on": number % 3, "state": "open" if number % 2 else "shut"})
        found = ids(store.find(Query("note", (Condition("state", "==", "open"),), order="-on")).rows)
        assert found == ["r5", "r1", "r3"]
        store.ensure_indexes(wanted)
        store.ensure_indexes({"note": ("state",), "new": ("x", "y x")})
        assert ids(store.find(Query("note", (Condition("state", "==", "open"),), order="-on")).rows) == found

    @clause("STO-110", "after `close` every call is a StorageError, and closing again is none", group="life")
    def test_sto_110_close(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a")
        page = store.find(Query("note"))
        store.close()
        store.close()
        assert page.rows[0].envelope.id == "a"
        for call in (
            lambda: store.commit(batch(change("b"))),
            lambda: store.get("note", "a"),
            lambda: store.find(Query("note")),
            lambda: store.count(Query("note")),
            lambda: store.search("x", Query("note")),
            lambda: store.history("note", "a"),
            store.changes,
            store.position,
            lambda: store.mark("x", "1"),
            store.marks,
            lambda: store.erase(["a"], redaction("a")),
            store.verify,
            lambda: store.load([]),
            store.dump,
            lambda: store.migrate(upper),
            lambda: store.snapshot("nowhere"),
        ):
            with pytest.raises(StorageError):
                call()

    @clause(
        "STO-111", "what was committed outlives the object that wrote it", group="life", requires="durable"
    )
    def test_sto_111_it_lasts(self, backend: Backend) -> None:
        store = varied(backend.open("lasting"))
        store.mark("cursor", "1")
        before, name = everything(store), store.incarnation
        store.close()
        again = backend.open("lasting")
        assert (everything(again), again.incarnation) == (before, name)
        assert ids(again.search("bred", Query("service")).rows) == ["s"]
        assert put(again, "a") == 6

    @clause(
        "STO-112",
        "several may open it at once, and none loses what another wrote",
        group="life",
        requires="shared",
    )
    def test_sto_112_shared(self, backend: Backend) -> None:
        one, two = backend.open("shared"), backend.open("shared")
        put(one, "a", idx={"state": "open", "new": 1}, text="garden gate")
        assert one.incarnation == two.incarnation
        assert ids(two.find(Query("note", (Condition("new", "==", 1),))).rows) == ["a"]
        assert ids(two.search("gardn", Query("note")).rows) == ["a"]

        def write(store: Storage, name: str) -> None:
            for number in range(20):
                put(store, f"{name}{number}", kind=f"kind{number % 4}", idx={f"f{number % 3}": name})
                while True:
                    try:
                        put(store, "both")
                    except Conflict:
                        continue
                    break

        assert race(lambda: write(one, "x"), lambda: write(two, "y")) == [None, None]
        for store in (one, two):
            assert store.position() == 81
            assert len(store.history("note", "both")) == 40
            verdict = store.verify()
            assert verdict.intact, verdict.problems

    @clause(
        "STO-113", "the capabilities name the storage and the version of the port it speaks", group="life"
    )
    def test_sto_113_capabilities(self, backend: Backend) -> None:
        store = backend.open()
        assert isinstance(store, Storage)
        assert store.capabilities.name
        assert store.capabilities.api == API
        assert store.incarnation

    @clause("STO-114", "a store is empty when it is new", group="life")
    def test_sto_114_new_is_empty(self, backend: Backend) -> None:
        store = backend.fresh()
        assert everything(store) == {"rows": (), "marks": {}, "position": 0}
        assert store.find(Query("note")).rows == ()
        assert store.search("garden", Query("note")).rows == ()
        assert store.verify().intact
