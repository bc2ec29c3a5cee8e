# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of the guard: a commit fails if what its checks read was changed meanwhile."""

from __future__ import annotations

import pytest

from peerkit.errors import Conflict
from peerkit.ports import Committed, Mark, Query, Reads, Storage
from peerkit.testing.contract import Contract, clause
from peerkit.testing.storage.committing import race
from peerkit.testing.storage.parts import Backend, batch, change, everything, put


def guarded(store: Storage, unless: Reads, after: int) -> bool:
    """Whether a commit goes through under this guard."""
    record = f"try{store.position()}"
    try:
        store.commit(batch(change(record, kind="attempt")), unless=unless, after=after)
    except Conflict as conflict:
        if not conflict.guard:
            raise
        return False
    return True


class GuardClauses(Contract):
    """STO-020 to STO-029."""

    @clause(
        "STO-020", "a change above `after` of a kind in `unless` is a Conflict, guard=True", group="guard"
    )
    def test_sto_020_a_kind_that_was_read(self, backend: Backend) -> None:
        store = backend.open()
        seen = put(store, "a")
        put(store, "b")
        before = everything(store)
        assert not guarded(store, frozenset({("note", "")}), seen)
        assert not guarded(store, frozenset({("task", ""), ("note", "")}), 0)
        assert everything(store) == before

    @clause("STO-021", "what lies at or below `after` guards nothing", group="guard")
    def test_sto_021_what_was_seen_is_no_conflict(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a")
        seen = put(store, "a")
        assert guarded(store, frozenset({("note", ""), ("note", "a")}), seen)

    @clause("STO-022", "a guard on a subject concerns records about that subject alone", group="guard")
    def test_sto_022_a_subject_that_was_read(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a", subjects=[("person", "p1"), ("supporter", "s1")])
        for one in ("p1", "s1"):
            assert not guarded(store, frozenset({("note", one)}), 0)
        for one in ("p2", "person", "aa"):
            assert guarded(store, frozenset({("note", one), ("task", "p1")}), 0)

    @clause("STO-023", "a record's own id counts as one of its subjects", group="guard")
    def test_sto_023_a_record_that_was_read(self, backend: Backend) -> None:
        store = backend.open()
        seen = put(store, "a")
        put(store, "b")
        assert guarded(store, frozenset({("note", "a")}), seen)
        put(store, "a")
        assert not guarded(store, frozenset({("note", "a")}), seen)

    @clause("STO-024", "a record that was taken away from a subject counts for that subject", group="guard")
    def test_sto_024_what_a_subject_lost(self, backend: Backend) -> None:
        store = backend.open()
        seen = put(store, "a", subjects=[("supporter", "s1")])
        put(store, "a", subjects=[("supporter", "s2")])
        assert not guarded(store, frozenset({("note", "s1")}), seen)
        assert not guarded(store, frozenset({("note", "s2")}), seen)

    @clause("STO-025", "other kinds, and an empty guard, are no conflict", group="guard")
    def test_sto_025_what_was_not_read(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a", kind="task", subjects=[("person", "p1")])
        assert guarded(store, frozenset({("note", ""), ("note", "p1")}), 0)
        assert guarded(store, frozenset(), 0)

    @clause("STO-026", "of two commits that each break what the other read, one is refused", group="guard")
    def test_sto_026_no_write_skew(self, backend: Backend) -> None:
        for round_ in range(10):
            store = backend.fresh()
            put(store, "cover", subjects=[("person", "x")])
            seen = store.position()

            def leave(name: str, store: Storage = store, seen: int = seen) -> Committed:
                one = change(f"leave-{name}", kind="leave", subjects=[("person", name)])
                return store.commit(batch(one), unless=frozenset({("leave", "")}), after=seen)

            results = race(lambda: leave("ada"), lambda: leave("ben"))
            assert sum(isinstance(one, Conflict) and one.guard for one in results) == 1, (round_, results)
            assert store.count(Query("leave")) == 1

    @clause(
        "STO-027", "a mark that does not hold what is expected is a Conflict, without guard", group="guard"
    )
    def test_sto_027_marks_guard_too(self, backend: Backend) -> None:
        store = backend.open()
        store.commit(batch(change("a"), marks=[Mark("lease", "me")]))
        for expect in (None, "you"):
            with pytest.raises(Conflict) as caught:
                store.commit(batch(change("b"), marks=[Mark("lease", "you", expect)]))
            assert not caught.value.guard
        store.commit(batch(change("b"), marks=[Mark("lease", None, "me")]))
        assert store.marks() == {}
