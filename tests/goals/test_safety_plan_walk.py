# SPDX-License-Identifier: Apache-2.0
"""A safety plan through any walk: what stands in it, in which order, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import peerkit
from peerkit import Person, SafetyPlan
from peerkit.model.safety_plan import SECTIONS


class Walk(RuleBasedStateMachine):
    """What somebody does with a plan, beside a list of lists that says what should stand in it."""

    @initialize()
    def begin(self) -> None:
        self.kit = peerkit.open("memory:", discover=False)
        with self.kit.session() as s:
            self.maya = s.save(Person.enrol(name="Maya (fictional)"))
            self.kai = s.save(Person.enrol(name="Kai (fictional)"))
        with self.kit.session(actor=self.maya) as s:
            self.plan = s.save(SafetyPlan.begin(person=self.maya))
        self.held: dict[str, list[str]] = {one: [] for one in SECTIONS}
        self.readers: set[str] = set()
        self.callers = self.first = False

    def teardown(self) -> None:
        if hasattr(self, "kit"):
            self.kit.close()

    def save(self, change: Callable[[SafetyPlan], SafetyPlan], actor: Any = None) -> None:
        with self.kit.session(actor=actor or self.maya) as s:
            self.plan = s.save(change(s.get(SafetyPlan, self.plan.id)))

    def some(self, number: int) -> tuple[str, int]:
        places = [(section, at) for section, held in self.held.items() for at in range(len(held))]
        return places[number % len(places)]

    @rule(section=st.sampled_from(SECTIONS), words=st.text("abc", min_size=1, max_size=4))
    def add(self, section: str, words: str) -> None:
        self.save(lambda p: p.add(section, words))
        self.held[section].append(words)

    @precondition(lambda self: any(self.held.values()))
    @rule(number=st.integers(0, 50), to=st.integers(1, 9))
    def move(self, number: int, to: int) -> None:
        section, at = self.some(number)
        entry = self.plan.of(section)[at].id
        self.save(lambda p: p.move(entry, to))
        words = self.held[section].pop(at)
        self.held[section].insert(to - 1, words)

    @precondition(lambda self: any(self.held.values()))
    @rule(number=st.integers(0, 50))
    def drop(self, number: int) -> None:
        section, at = self.some(number)
        entry = self.plan.of(section)[at].id
        self.save(lambda p: p.drop(entry))
        del self.held[section][at]

    @precondition(lambda self: self.readers)
    @rule(
        section=st.sampled_from(SECTIONS), words=st.text("xyz", min_size=1, max_size=4), wanted=st.booleans()
    )
    def suggested(self, section: str, words: str, *, wanted: bool) -> None:
        self.save(lambda p: p.suggest(section, words, author=self.kai), self.kai)
        idea = self.plan.suggestions[-1].id
        self.save(lambda p: p.adopt(idea) if wanted else p.drop(idea))
        if wanted:
            self.held[section].append(words)

    @rule(yes=st.booleans())
    def share(self, *, yes: bool) -> None:
        self.save(lambda p: p.share(self.kai) if yes else p.unshare(self.kai))
        self.readers = {self.kai.id} if yes else set()

    @rule(yes=st.booleans())
    def wish(self, *, yes: bool) -> None:
        self.save(lambda p: p.open_first() if yes else p.stay_closed())
        self.save(lambda p: p.let_callers() if yes else p.shut_callers())
        self.callers = self.first = yes

    @invariant()
    def it_stands_as_she_said(self) -> None:
        if not hasattr(self, "held"):
            return
        assert {one: [e.words for e in self.plan.of(one)] for one in SECTIONS} == self.held
        assert set(self.plan.shared_with) == self.readers
        assert (self.plan.for_callers, self.plan.opens_first) == (self.callers, self.first)
        with self.kit.session(actor=self.kai) as s:
            assert [one.id for one in s.find(SafetyPlan)] == ([self.plan.id] if self.readers else [])


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)
