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

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from program_people import HITS, LONG, REFUSED
from program_promises import (
    BOT,
    a_loop_is_closed_by_an_answer,
    consent_at_every_way_out,
    nobody_falls_out,
    nothing_about_me_without_me,
    the_person_decides,
    whole_history,
)
from program_sharing import SharingProgram

import peerkit
from peerkit import (
    Task,
)
from peerkit.kinds import PLACES, core_kind


class Whole(SharingProgram):
    """Time goes by in it, and after each step the promises are looked at."""

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
        nobody_falls_out(book)
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


def test_whatever_happens_the_promises_hold() -> None:
    HITS.clear()
    REFUSED.clear()
    run_state_machine_as_test(
        Whole,
        settings=settings(
            max_examples=320 if LONG else 12,
            stateful_step_count=50 if LONG else 25,
            phases=[Phase.reuse, Phase.generate] + [Phase.shrink] * ("SHRINK" in os.environ),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
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
        others = {"goal", "refer", "review_glass", "send_once"}
        assert steps - others <= HITS.keys(), steps - HITS.keys()
