# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of find and count: the same answers on every storage."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerkit.errors import Malformed
from peerkit.ports import Condition, Query, Storage, Stored, cursor
from peerkit.storage.conditions import OPERATORS, holds, sort_key
from peerkit.testing.contract import Contract, clause
from peerkit.testing.storage.parts import Backend, batch, change, put

FIELDS = ("state", "on", "order", "due by", "it's")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.5, -1.25, 1e300, 2**53, 2**63, -(2**70)]),
    st.sampled_from(
        [
            "",
            "a",
            "A",
            "á",
            "b",
            "ab",
            "1",
            "0.5",
            "null",
            '["a"]',
            "{}",
            "'",
            '"',
            "👩🏽‍🤝‍👩🏻",
            "\x00",
            "a\x00b",
        ]
    ),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
CONDITIONS = st.one_of(
    st.builds(Condition, st.sampled_from(FIELDS), st.sampled_from(sorted(OPERATORS - {"in", "has"})), VALUES),
    st.builds(Condition, st.sampled_from(FIELDS), st.just("in"), st.lists(VALUES, max_size=3)),
    st.builds(Condition, st.sampled_from(FIELDS), st.just("has"), SCALARS),
)


def plain(value: Any) -> Any:
    """A value as it stands in a projection (see `peerkit.storage.conditions.normal`)."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    return [plain(one) for one in value] if isinstance(value, list) else value


def pages(store: Storage, query: Query) -> list[Stored]:
    """All rows, page by page."""
    found: list[Stored] = []
    after = query.after
    while True:
        page = store.find(Query(query.kind, query.conditions, query.order, query.limit, after, query.allow))
        assert len(page.rows) <= query.limit
        found += page.rows
        if (after := page.after) is None:
            return found


def ids(rows: list[Stored] | tuple[Stored, ...]) -> list[str]:
    """The ids of rows."""
    return [row.envelope.id for row in rows]


class FindClauses(Contract):
    """STO-070 to STO-079."""

    @clause("STO-070", "conditions answer as `peerkit.storage.conditions.holds` does", group="find")
    def test_sto_070_conditions(self, backend: Backend) -> None:
        @settings(deadline=None)
        @given(
            st.lists(st.dictionaries(st.sampled_from(FIELDS), VALUES), min_size=1, max_size=6),
            st.lists(CONDITIONS, min_size=1, max_size=2),
            st.booleans(),
        )
        def same(projections: list[dict[str, Any]], conditions: list[Condition], indexed: bool) -> None:  # noqa: FBT001
            store = backend.fresh()
            if indexed:
                store.ensure_indexes({"note": ("state", "on", "order state")})
            store.commit(batch(*[change(f"r{n}", idx=idx) for n, idx in enumerate(projections)]))
            query = Query("note", tuple(conditions))
            wanted = [Condition(c.field, c.op, plain(c.value)) for c in conditions]
            expected = [
                f"r{n}"
                for n, idx in enumerate(projections)
                if all(holds(c, {k: plain(v) for k, v in idx.items()}) for c in wanted)
            ]
            assert ids(store.find(query).rows) == expected
            assert store.count(query) == len(expected)
            backend.close_all()

        same()

    @clause(
        "STO-071", "pages put together are the whole, in order: missing, numbers, texts, by id", group="find"
    )
    def test_sto_071_order_and_pages(self, backend: Backend) -> None:
        @settings(deadline=None)
        @given(
            st.lists(st.fixed_dictionaries({}, optional={"on": SCALARS}), max_size=9),
            st.sampled_from(["", "-", "on", "-on", "id", "-id", "state"]),
            st.integers(1, 4),
            st.booleans(),
        )
        def ordered(projections: list[dict[str, Any]], order: str, limit: int, indexed: bool) -> None:  # noqa: FBT001
            store = backend.fresh()
            if indexed:
                store.ensure_indexes({"note": ("on",)})
            made = [change(f"r{n}", idx=idx, subjects=[("person", "p")]) for n, idx in enumerate(projections)]
            store.commit(batch(*made))
            keys = {
                f"r{n}": sort_key(order, {k: plain(v) for k, v in idx.items()}, f"r{n}")
                for n, idx in enumerate(projections)
            }
            expected = sorted(keys, key=lambda one: keys[one], reverse=order.startswith("-"))
            for allow in (None, frozenset({("person", "p"), ("x", "y")})):
                assert ids(pages(store, Query("note", order=order, limit=limit, allow=allow))) == expected
            backend.close_all()

        ordered()

    @clause("STO-072", "a cursor of another query, or of another store, is refused", group="find")
    def test_sto_072_foreign_cursors(self, backend: Backend) -> None:
        store = backend.fresh()
        store.commit(batch(*[change(f"r{n}", idx={"on": n}) for n in range(4)]))
        page = store.find(Query("note", order="on", limit=2))
        assert page.after is not None
        for query in (
            Query("note", order="-on", after=page.after),
            Query("note", after=page.after),
            Query("note", after="x"),
            Query("note", after=cursor(store.incarnation, "on")),
            Query("note", order="on", after=store.changes().cursor),
        ):
            with pytest.raises(Malformed):
                store.find(query)

    @clause(
        "STO-073",
        "a page has 1 to 10,000 rows; unknown operators and impossible fields are Malformed",
        group="find",
    )
    def test_sto_073_impossible_queries(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a")
        bad = [
            Query("note", limit=0),
            Query("note", limit=-1),
            Query("note", limit=10_001),
            Query("note", (Condition("state", "like", "x"),)),
            Query("note", (Condition("state", "in", "x"),)),
            Query("note", (Condition('sta"te', "==", "x"),)),
            Query("note", (Condition("state", "==", float("nan")),)),
            Query("note", (Condition("state", "==", "\ud800"),)),
            Query("note", (Condition("state", "==", object()),)),
            Query("note", order='"'),
        ]
        for query in bad:
            for read in (store.find, store.count, lambda q: store.search("x", q)):
                with pytest.raises(Malformed):
                    read(query)

    @clause("STO-074", "`find` and `count` know the newest versions only, and one kind only", group="find")
    def test_sto_074_heads_only(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a", idx={"state": "open"})
        put(store, "a", idx={"state": "shut"})
        put(store, "b", kind="task", idx={"state": "open"})
        for state, number in (("open", 0), ("shut", 1)):
            query = Query("note", (Condition("state", "==", state),))
            assert store.count(query) == len(store.find(query).rows) == number
        [row] = store.find(Query("note")).rows
        assert row.envelope.version == 2
        assert store.find(Query("nothing")).rows == ()

    @clause("STO-075", "what is not there is None or empty, however its name is written", group="find")
    def test_sto_075_hostile_names(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a")
        for one in ("", "b", "a\0", "\ud800", "a' OR '1'='1", "%", "A", "a "):
            assert store.get("note", one) is None
            assert store.history("note", one) == ()
        for kind in ("", "Note", "note' --", "no\0te", "\ud800", "task"):
            assert store.get(kind, "a") is None
            assert store.find(Query(kind)).rows == ()
            assert store.count(Query(kind)) == 0
            assert store.position((kind,)) == 0

    @clause("STO-076", "history gives every version with its own bytes, oldest first", group="find")
    def test_sto_076_history(self, backend: Backend) -> None:
        store = backend.open()
        for number in range(4):
            put(store, "a", body=b'{"n":%d}' % number, actor=f"actor{number}")
            put(store, "b")
        found = store.history("note", "a")
        assert [(s.envelope.version, s.body, s.envelope.actor) for s in found] == [
            (n + 1, b'{"n":%d}' % n, f"actor{n}") for n in range(4)
        ]

    @clause("STO-077", "conditions and order on `id` are about the record's id", group="find")
    def test_sto_077_conditions_on_the_id(self, backend: Backend) -> None:
        store = backend.open()
        for one in ("a", "b", "c"):
            put(store, one, idx={"state": "open"})
        for condition, expected in (
            (Condition("id", "==", "b"), ["b"]),
            (Condition("id", "!=", "b"), ["a", "c"]),
            (Condition("id", "in", ["c", "a", 1]), ["a", "c"]),
            (Condition("id", ">", "a"), ["b", "c"]),
            (Condition("id", "==", 1), []),
        ):
            assert ids(store.find(Query("note", (condition,), order="id")).rows) == expected
