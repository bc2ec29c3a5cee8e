# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""A state machine: any sequence of calls against a model of a few dicts, always the same answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from peerkit.errors import Conflict
from peerkit.ports import ANY, Condition, Mark, Query, Reads, Storage
from peerkit.testing.contract import Contract, clause
from peerkit.testing.storage.finding import ids
from peerkit.testing.storage.parts import Backend, batch, change

IDS = st.sampled_from(["a", "b", "c", "d"])
PEOPLE = st.sampled_from(["p1", "p2", "p3"])
STATES = st.sampled_from(["open", "shut", None])
TEXTS = st.sampled_from(["", "garden gate", "food bank"])
VERSIONS = st.integers(0, 3)


def machine(  # noqa: C901  # one rule for each thing that may happen
    fresh: Callable[[], Storage], hits: Counter[str]
) -> type[RuleBasedStateMachine]:
    """A machine over stores from `fresh`; `hits` counts what really happened."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.store = fresh()
            self.versions: dict[str, list[tuple[str, bytes | None]]] = {}
            self.idx: dict[str, tuple[dict[str, Any], str]] = {}
            self.feed: list[tuple[str, int, str]] = []
            self.marks: dict[str, str] = {}
            self.erased = 0
            self.cursor: str | None = None
            self.tailed = 0
            self.commit("a", "p1", "open", "garden gate", 0, b"{}")

        def _write(self, one: str, person: str, state: str | None, text: str, body: bytes) -> None:
            self.versions.setdefault(one, []).append((person, body))
            self.idx[one] = ({"state": state, "n": len(self.versions[one])}, text)
            self.feed.append((one, len(self.versions[one]), person))

        @rule(one=IDS, person=PEOPLE, state=STATES, text=TEXTS, expect=VERSIONS, body=st.binary(max_size=20))
        def commit(  # noqa: PLR0917
            self, one: str, person: str, state: str | None, text: str, expect: int, body: bytes
        ) -> None:
            made = change(
                one,
                expect,
                subjects=[("person", person)],
                idx={"state": state, "n": expect + 1},
                text=text,
                body=body,
            )
            held = len(self.versions.get(one, []))
            try:
                done = self.store.commit(batch(made, seconds=len(self.feed)))
            except Conflict:
                assert held != expect
                hits["conflict"] += 1
            else:
                assert held == expect
                self._write(one, person, state, text, body)
                assert done.last == len(self.feed)
                hits["commit"] += 1

        @rule(who=st.one_of(PEOPLE, IDS, st.just("")), back=st.integers(0, 3))
        def guarded(self, who: str, back: int) -> None:
            after = max(0, len(self.feed) - back)
            touched = set()
            for one, version, person in self.feed[after:]:
                if one.startswith("redaction"):
                    continue
                touched |= {"", one, person}
                if version > 1:
                    touched.add(self.versions[one][version - 2][0])
            unless: Reads = frozenset({("note", who)})
            try:
                self.store.commit(batch(marks=[Mark("guarded", "1", ANY)]), unless=unless, after=after)
            except Conflict as conflict:
                assert (conflict.guard, who in touched) == (True, True)  # noqa: PT017
                hits["guarded"] += 1
            else:
                assert who not in touched
                self.marks["guarded"] = "1"

        @rule(name=st.sampled_from(["x", "y"]), value=st.sampled_from(["1", "2", None]), seen=st.booleans())
        def mark(self, name: str, value: str | None, seen: bool) -> None:  # noqa: FBT001
            held = self.marks.get(name)
            expect = held if seen else "something else"
            assert self.store.mark(name, value, expect=expect) == seen
            if seen:
                self.marks.pop(name, None)
                if value is not None:
                    self.marks[name] = value
            hits["mark"] += 1

        @rule(one=IDS)
        def erase(self, one: str) -> None:
            name = f"redaction{len(self.feed)}"
            named = change(name, kind="redaction", subjects=[("erased", one)])
            held = self.versions.get(one, [])
            count = sum(body is not None for _, body in held)
            assert self.store.erase([one], batch(named, seconds=len(self.feed))).versions == count
            self.versions[one] = [(person, None) for person, _ in held]
            if not held:
                del self.versions[one]
            else:
                self.idx[one] = ({}, "")
            self.feed.append((name, 1, one))
            self.versions[name] = [(one, named.body)]
            self.erased += count
            hits["erase"] += count > 0

        @rule(state=STATES, person=st.one_of(PEOPLE, st.none()), down=st.booleans(), limit=st.integers(1, 5))
        def find(self, state: str | None, person: str | None, down: bool, limit: int) -> None:  # noqa: FBT001
            allow = None if person is None else frozenset({("person", person)})
            wanted = [
                (idx.get("n", 0), one)
                for one, (idx, _) in self.idx.items()
                if idx.get("state") == state and person in {None, self.versions[one][-1][0]}
            ]
            order = "-n" if down else "n"
            query = Query("note", (Condition("state", "==", state),), order, limit, allow=allow)
            expected = [one for _, one in sorted(wanted, reverse=down)]
            assert ids(self.store.find(query).rows) == expected[:limit]
            assert self.store.count(query) == len(expected)
            hits["find"] += len(expected) > 0

        @rule(word=st.sampled_from(["garden", "gardn", "food", "nothing"]))
        def search(self, word: str) -> None:
            stem = {"gardn": "garden"}.get(word, word)
            expected = {one for one, (_, text) in self.idx.items() if stem in text}
            assert set(ids(self.store.search(word, Query("note")).rows)) == expected
            hits["search"] += len(expected) > 0

        @rule(limit=st.integers(1, 3))
        def tail(self, limit: int) -> None:
            page = self.store.changes(self.cursor, limit)
            expected = self.feed[self.tailed : self.tailed + limit]
            assert [(e.id, e.version, e.subjects[0][1]) for e in page.envelopes] == expected
            self.cursor = page.cursor
            self.tailed += len(expected)
            hits["tail"] += len(expected)

        @invariant()
        def every_record_is_as_it_was_left(self) -> None:
            for one, versions in self.versions.items():
                kind = "redaction" if one.startswith("redaction") else "note"
                got = self.store.get(kind, one)
                assert got is not None
                assert (got.envelope.version, got.body) == (len(versions), versions[-1][1])
                assert [s.body for s in self.store.history(kind, one)] == [body for _, body in versions]
            assert self.store.marks() == self.marks
            assert self.store.position() == len(self.feed)

        def teardown(self) -> None:
            verdict = self.store.verify()
            assert verdict.intact, verdict.problems
            assert (verdict.positions, verdict.erased) == (len(self.feed), self.erased)
            self.store.close()

    return Machine


class ModelClauses(Contract):
    """STO-120."""

    @clause("STO-120", "any sequence of calls gives the answers of a model made of dicts", group="model")
    def test_sto_120_as_the_model(self, backend: Backend) -> None:
        hits: Counter[str] = Counter()
        machine_type = machine(backend.fresh, hits)
        run_state_machine_as_test(machine_type, settings=settings(deadline=None, stateful_step_count=30))
        missed = {"commit", "conflict", "guarded", "mark", "erase", "find", "search", "tail"} - set(+hits)
        assert not missed, f"steps that never did anything: {missed}"
