# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of erasing and proof: gone is gone, and erased is not tampered."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from peerkit.errors import Conflict
from peerkit.ports import Condition, Mark, Query, Storage
from peerkit.testing.contract import Contract, clause
from peerkit.testing.storage.parts import Backend, batch, change, everything, put, redaction

MARKER = "zebrafinch42"


def planted(store: Storage, record: str = "a") -> None:
    """Three versions of a record, the marker in everything that erasing has to take away."""
    body = f'{{"words":"{MARKER}"}}'.encode()
    for number in range(3):
        idx = {"name": f"{MARKER} {number}", "tags": [MARKER], "on": number}
        put(store, record, body=body, args=body, idx=idx, text=f"{MARKER}\nsings {MARKER}", kind="service")


class EraseClauses(Contract):
    """STO-050 to STO-069."""

    @clause("STO-050", "erasing takes body and arguments of every version; envelopes stay", group="erase")
    def test_sto_050_bodies_go_envelopes_stay(self, backend: Backend) -> None:
        store = backend.open()
        planted(store)
        before = store.changes().envelopes
        done = store.erase(["a"], redaction("a"))
        assert done.versions == 3
        history = store.history("service", "a")
        assert [(s.body, s.args) for s in history] == [(None, None)] * 3
        got = store.get("service", "a")
        assert got is not None
        assert got.body is None
        assert tuple(s.envelope for s in history) == before
        assert [e.kind for e in store.changes().envelopes] == ["service"] * 3 + ["redaction"]

    @clause("STO-051", "what was erased is found by no condition, order or search", group="erase")
    def test_sto_051_no_index_remembers(self, backend: Backend) -> None:
        store = backend.open()
        store.ensure_indexes({"service": ("name", "on")})
        planted(store)
        put(store, "b", kind="service", idx={"name": "other", "on": 1}, text="another bird")
        store.erase(["a"], redaction("a"))
        for condition in (
            Condition("name", "==", f"{MARKER} 2"),
            Condition("name", ">=", MARKER),
            Condition("tags", "has", MARKER),
            Condition("on", "in", [0, 1, 2]),
        ):
            left = {r.envelope.id for r in store.find(Query("service", (condition,))).rows}
            assert left <= {"b"}
            assert store.count(Query("service", (condition,))) == len(left)
        for words in (MARKER, MARKER[:6], MARKER[:-1] + "3"):
            assert store.search(words, Query("service")).rows == ()
        raw: Any = store.dump(0, 100)
        assert all(row["idx"] in (None, {}) and not row["text"] for row in raw[:3])

    @clause("STO-052", "erasing and its redaction are one commit: both happen, or neither", group="erase")
    def test_sto_052_one_commit(self, backend: Backend) -> None:
        store = backend.open()
        planted(store)
        put(store, "redaction", kind="redaction")
        before = everything(store)
        with pytest.raises(Conflict):
            store.erase(["a"], redaction("a"))
        marked = batch(change("other", kind="redaction"), marks=[Mark("x", "1", "expected")])
        with pytest.raises(Conflict):
            store.erase(["a"], marked)
        assert everything(store) == before
        got = store.get("service", "a")
        assert got is not None
        assert got.body is not None
        assert store.search(MARKER, Query("service")).rows

    @clause("STO-053", "`verify` passes after erasing and counts what was erased", group="erase")
    def test_sto_053_erased_is_intact(self, backend: Backend) -> None:
        store = backend.open()
        planted(store)
        put(store, "b")
        head = store.verify().head
        store.erase(["a"], redaction("a"))
        verdict = store.verify(head)
        assert (verdict.intact, verdict.anchored, verdict.erased, verdict.positions) == (True, True, 3, 5)

    @clause("STO-054", "a blank body that no later redaction names is tampering", group="erase")
    def test_sto_054_blank_is_not_erased(self, backend: Backend) -> None:
        store = backend.fresh()
        planted(store)
        store.erase(["a"], redaction("a"))
        put(store, "b")
        put(store, "a", kind="service")
        for position in (5, 6):
            rows: list[Any] = [dict(row) for row in store.dump()]
            rows[position - 1] |= {"body": None, "salt": None, "args": None}
            copy = backend.fresh()
            copy.load(rows)
            verdict = copy.verify()
            assert not verdict.intact
            assert f"position {position}" in verdict.problems[0]

    @clause("STO-055", "nothing of what was erased is left at rest", group="erase")
    def test_sto_055_nothing_at_rest(self, backend: Backend) -> None:
        if backend.raw is None:
            pytest.skip("the backend gives no `raw`: prove it in another way")
        store = backend.open()
        store.ensure_indexes({"service": ("name",)})
        planted(store)
        put(store, "b", kind="service", text="another bird", body=b'{"words":"still here"}')
        assert any(MARKER.encode() in part for part in backend.raw("main"))
        assert not store.erase(["a"], redaction("a")).pending
        left = b"".join(backend.raw("main"))
        assert b"still here" in left
        assert MARKER.encode() not in left
        assert MARKER[:8].encode() not in left

    @clause("STO-056", "erasing again, or an id that is not there, erases nothing more", group="erase")
    def test_sto_056_erasing_again(self, backend: Backend) -> None:
        store = backend.open()
        planted(store)
        assert store.erase(["a"], redaction("a")).versions == 3
        assert store.erase(["a", "nobody"], redaction("a", record="again")).versions == 0
        assert store.erase([], redaction(record="none")).versions == 0
        assert store.verify().intact

    @clause("STO-057", "erasing touches no other record", group="erase")
    def test_sto_057_nothing_else(self, backend: Backend) -> None:
        store = backend.open()
        planted(store, "a")
        planted(store, "b")
        before = store.history("service", "b")
        store.erase(["a"], redaction("a"))
        assert store.history("service", "b") == before
        assert [r.envelope.id for r in store.search(MARKER, Query("service")).rows] == ["b"]
        assert store.count(Query("service", (Condition("tags", "has", MARKER),))) == 1

    @clause("STO-058", "an erased record keeps its place: scope, count and version", group="erase")
    def test_sto_058_its_place_is_kept(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "a", subjects=[("person", "p1")])
        store.erase(["a"], redaction("a"))
        allow = frozenset({("person", "p1")})
        assert store.count(Query("note", allow=allow)) == 1
        assert store.get("note", "a", allow=allow) is not None
        with pytest.raises(Conflict):
            store.commit(batch(change("a", 0)))
        assert store.commit(batch(change("a", 1))).last == 3

    @clause("STO-060", "`verify` finds whatever is edited in a row of the feed", group="erase")
    def test_sto_060_every_edit_is_found(self, backend: Backend) -> None:
        store = backend.fresh()
        for number in range(4):
            put(store, f"r{number}", args=b'{"why":1}')
        put(store, "r1")
        good: list[Any] = [dict(row) for row in store.dump()]
        copy = backend.fresh()
        copy.load(good)
        assert copy.verify().intact
        other = base64.b64encode(b"other").decode()
        for number in (0, 2, 4):
            row = good[number]
            for edit in (
                {"body": other},
                {"args": other},
                {"salt": other},
                {"salt": None},
                {"seal": "0" * 64},
                {"link": "0" * 64},
                {"envelope": row["envelope"].replace('"actor":"maya"', '"actor":"ada"')},
                {"envelope": row["envelope"].replace('"kind":"note"', '"kind":"redaction"')},
                {"body": None, "salt": None, "args": None},
            ):
                rows = [dict(one) for one in good]
                rows[number] |= edit
                copy = backend.fresh()
                copy.load(rows)
                assert not copy.verify().intact, (number, edit)

    @clause("STO-061", "`verify` with a kept head finds that the end was cut off", group="erase")
    def test_sto_061_a_cut_end_is_found(self, backend: Backend) -> None:
        store = backend.fresh()
        for number in range(4):
            put(store, f"r{number}")
        head = store.verify().head
        copy = backend.fresh()
        copy.load(store.dump()[:3])
        assert copy.verify().intact
        assert not copy.verify(head).intact
