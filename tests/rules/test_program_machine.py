# SPDX-License-Identifier: Apache-2.0
"""A whole program, in which anything happens in any order, and after each step the promises are looked at.

What may happen stands in `tests/shared/program_people.py` and `program_sharing.py`, the promises in
`program_promises.py`. `HYPOTHESIS_PROFILE=nightly` runs long, and then demands that each transition was
really made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from program_needs import NeedsProgram
from program_people import HITS, LONG, REFUSED
from program_promises import (
    BOT,
    a_loop_is_closed_by_an_answer,
    a_wall_holds,
    consent_at_every_way_out,
    nobody_falls_out,
    nobody_without_what_is_needed,
    nothing_about_me_without_me,
    the_person_decides,
    who_may_not_stand_in_reads_nothing,
    whole_history,
)

import peerkit
from peerkit import (
    Task,
)
from peerkit.kinds import PLACES, core_kind


class Whole(NeedsProgram):
    """Time goes by in it, and after each step the promises are looked at."""

    lived = st.sampled_from([False] * 39 + [True]) if LONG else st.just(value=False)

    # -- time ----------------------------------------------------------------------------------------

    @rule(hours=st.integers(1, 24 * 8))
    def forward(self, hours: int) -> None:
        self.watch.at += timedelta(hours=hours)
        HITS["forward"] += 1

    @rule(hours=st.integers(1, 30))
    def back(self, hours: int) -> None:
        self.watch.at -= timedelta(hours=hours)
        HITS["back"] += 1

    @rule()
    def deliver(self) -> None:
        before = len(self.post.taken)
        self.kit.deliver()
        HITS["deliver"] += 1
        HITS["something left"] += len(self.post.taken) > before

    @rule()
    def tick(self) -> None:
        self.kit.tick()
        HITS["tick"] += 1

    # -- the promises --------------------------------------------------------------------------------

    @invariant()
    def the_promises(self) -> None:
        if not hasattr(self, "kit"):
            return
        book = self.book()
        new = list(self.news())
        taken, self.seen = self.post.taken[self.seen :], len(self.post.taken)
        the_person_decides(book, new)
        nothing_about_me_without_me(book, new)
        consent_at_every_way_out(book, new, taken)
        a_wall_holds(book)
        who_may_not_stand_in_reads_nothing(book)
        nobody_falls_out(book)
        self.last = max([self.last, *(envelope.at for envelope in new)])
        nobody_without_what_is_needed(book, new, self.last)
        a_loop_is_closed_by_an_answer(book)
        self.remember(new)
        whole_history(book, self.kept[-8:], self.heads)
        assert not [t for t in book.all(Task) if t.what == "plugin-failed"]

    def news(self) -> Iterator[Any]:
        more = True
        while more:
            page = self.kit.changes(after=self.cursor, limit=1000)
            self.cursor, more = page.cursor, page.more
            yield from page.envelopes

    def remember(self, new: list[Any]) -> None:
        for envelope in new[-1:]:
            kind = core_kind(envelope.kind) if envelope.kind in PLACES else None
            if kind is not None:
                with self.kit.session(actor=BOT) as s:
                    try:
                        then = s.get(kind, envelope.id)
                    except (peerkit.NotFound, peerkit.Malformed):
                        continue
                self.kept.append((kind, envelope.id, envelope.position, then))


def let_it_happen(program: type[Whole], *, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        program,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=[Phase.reuse, Phase.generate] + [Phase.shrink] * ("SHRINK" in os.environ),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_the_promises_hold() -> None:
    HITS.clear()
    REFUSED.clear()
    let_it_happen(Whole, examples=360 if LONG else 12, steps=50 if LONG else 25)
    print("\n" + "\n".join(f"{name:<24}{HITS[name]:>6}" for name in sorted(HITS)))  # noqa: T201
    print("refused: " + "; ".join(f"{name} {times}" for name, times in sorted(REFUSED.items())))  # noqa: T201
    assert len(HITS) > 25  # a program that stands still proves nothing
    assert {"send", "deliver", "begin_plan"} <= HITS.keys()
    if LONG:
        assert min(HITS.values()) >= 20, HITS
        steps = {
            name
            for name in dir(Whole)
            if hasattr(getattr(Whole, name), "hypothesis_stateful_rule")
            and not name.startswith(("way_of", "service"))
        }
        others = {"goal", "refer", "review_glass", "send_once", "everybody_has_it", "stop_or_go_on"}
        assert steps - others <= HITS.keys(), steps - HITS.keys()


class Lived(Whole):
    """A year was lived in it before: everything that there is has a history."""

    lived = st.just(value=True)


@pytest.mark.slow
def test_they_hold_after_a_year_that_was_lived() -> None:
    let_it_happen(Lived, examples=2, steps=12)
