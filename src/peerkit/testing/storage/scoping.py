# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of scope: what an actor may not see is not there, in every way of reading."""

from __future__ import annotations

from peerkit.ports import Allow, Query, Storage
from peerkit.testing.contract import Contract, clause
from peerkit.testing.storage.parts import Backend, put


def seen(store: Storage, allow: Allow) -> dict[str, set[str]]:
    """Ids of notes that are seen, by each way of reading."""
    ids = ("a", "b", "c", "d")
    query = Query("note", allow=allow)
    return {
        "get": {one for one in ids if store.get("note", one, allow=allow) is not None},
        "history": {one for one in ids if store.history("note", one, allow=allow)},
        "find": {r.envelope.id for r in store.find(query).rows},
        "find in order": {r.envelope.id for r in store.find(Query("note", order="-x", allow=allow)).rows},
        "search": {r.envelope.id for r in store.search("garden", query).rows},
        "search with slips": {r.envelope.id for r in store.search("gardne", query).rows},
    }


def filled(store: Storage) -> Storage:
    """Notes about different people: `a` and `b` about p1, `c` about p2 for s1, `d` about nobody."""
    put(store, "a", subjects=[("person", "p1")], text="garden gate", idx={"x": 1})
    put(store, "b", subjects=[("person", "p1"), ("supporter", "s1")], text="garden bench", idx={"x": 2})
    put(store, "c", subjects=[("person", "p2"), ("supporter", "s1")], text="garden path", idx={"x": None})
    put(store, "d", text="garden shed", idx={})
    return store


class ScopeClauses(Contract):
    """STO-040 to STO-049."""

    @clause("STO-040", "`get` shows what the scope reaches, and nothing else", group="scope")
    def test_sto_040_get(self, backend: Backend) -> None:
        store = filled(backend.open())
        assert seen(store, frozenset({("person", "p1")}))["get"] == {"a", "b"}
        assert seen(store, None)["get"] == {"a", "b", "c", "d"}

    @clause("STO-041", "`find` shows what the scope reaches, each record once, in any order", group="scope")
    def test_sto_041_find(self, backend: Backend) -> None:
        store = filled(backend.open())
        both = frozenset({("person", "p1"), ("supporter", "s1")})
        assert [r.envelope.id for r in store.find(Query("note", allow=both)).rows] == ["a", "b", "c"]
        down = Query("note", order="-x", allow=both)
        assert [r.envelope.id for r in store.find(down).rows] == ["b", "a", "c"]

    @clause("STO-042", "`count` counts what the scope reaches", group="scope")
    def test_sto_042_count(self, backend: Backend) -> None:
        store = filled(backend.open())
        for allow, number in (
            (None, 4),
            (frozenset({("supporter", "s1")}), 2),
            (frozenset({("person", "p1"), ("supporter", "s1")}), 3),
            (frozenset(), 0),
        ):
            assert store.count(Query("note", allow=allow)) == number

    @clause("STO-043", "`search` shows what the scope reaches, with typing errors too", group="scope")
    def test_sto_043_search(self, backend: Backend) -> None:
        found = seen(filled(backend.open()), frozenset({("supporter", "s1")}))
        assert found["search"] == found["search with slips"] == {"b", "c"}

    @clause("STO-044", "`history` shows all of a record that the scope reaches now", group="scope")
    def test_sto_044_history(self, backend: Backend) -> None:
        store = filled(backend.open())
        put(store, "a", subjects=[("person", "p3")])
        assert seen(store, frozenset({("person", "p1")}))["history"] == {"b"}
        assert len(store.history("note", "a", allow=frozenset({("person", "p3")}))) == 2

    @clause("STO-045", "an empty scope reaches nothing", group="scope")
    def test_sto_045_an_empty_scope(self, backend: Backend) -> None:
        store = filled(backend.open())
        assert all(found == set() for found in seen(store, frozenset()).values())

    @clause("STO-046", "the scope follows the newest version's subjects", group="scope")
    def test_sto_046_scope_follows_the_head(self, backend: Backend) -> None:
        store = filled(backend.open())
        put(store, "a", subjects=[("person", "p2")], text="garden gate", idx={"x": 1})
        assert all(found == {"b"} for found in seen(store, frozenset({("person", "p1")})).values())
        assert all(found == {"a", "c"} for found in seen(store, frozenset({("person", "p2")})).values())

    @clause("STO-047", "relation and subject have to fit together", group="scope")
    def test_sto_047_relation_and_subject(self, backend: Backend) -> None:
        store = filled(backend.open())
        for allow in ({("supporter", "p1")}, {("p1", "person")}, {("", "p1")}, {("person", "")}):
            assert all(found == set() for found in seen(store, frozenset(allow)).values())
        odd = ("per'son\"", "p'1\"; DROP TABLE change; --👩🏽‍🤝‍👩🏻")
        put(store, "a", subjects=[odd], text="garden", idx={"x": 1})
        assert all(found == {"a"} for found in seen(store, frozenset({odd})).values())
