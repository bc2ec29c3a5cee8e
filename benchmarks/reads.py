# SPDX-License-Identifier: Apache-2.0
"""Reads by id inside a session, against a select and JSON decoding by hand."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing

from benchmarks.commits import by_hand, meetings
from benchmarks.lines import Line, Setup, line
from benchmarks.measuring import Compared, Side, compare
from benchmarks.program import Cast, copies, fresh_folder, small
from benchmarks.raw import Sample, Store
from peerkit import GoalPlan, Meeting
from peerkit.model.base import Record

SEVERAL = 200
FLOOR = "the same select, both documents decoded"


def unlogged(setup: Setup) -> list[Line]:
    """Maya reads what is about herself, which no log notes: a flat record, and one three goals deep."""
    cast = small(fresh_folder(setup.folder, "get") / "peerkit.db")
    once = meetings(cast)
    flat = [once().id for _ in range(min(SEVERAL, setup.size.few))]
    with cast.kit.session(actor=cast.maya) as s:
        deep = [s.save(_plan(cast)).id for _ in range(min(SEVERAL, setup.size.few))]
    with cast.kit:
        return [
            line("get by id, unlogged, flat", FLOOR, 2.5, _gets(setup, cast, Meeting, flat)),
            line("get by id, unlogged, three goals deep", FLOOR, 3.5, _gets(setup, cast, GoalPlan, deep)),
        ]


def _plan(cast: Cast) -> GoalPlan:
    made = GoalPlan.begin(person=cast.maya, hopes=cast.plan.hopes, strengths=cast.plan.strengths)
    for goal in cast.plan.goals:
        made = made.add_goal(goal.words, why=goal.why, importance=8, confidence=5)
    return made


def _gets(setup: Setup, cast: Cast, kind: type[Record], ids: Sequence[str]) -> Compared:
    with (
        closing(Store(copies(cast, kind.kind)[0])) as store,
        cast.kit.session(actor=cast.maya) as s,
    ):
        ours, theirs, again = itertools.cycle(ids), itertools.cycle(ids), itertools.cycle(ids)
        return compare(
            Side("peerkit", lambda: s.get(kind, next(ours))),
            Side("raw", lambda: store.get(next(theirs))),
            Side("again", lambda: store.get(next(again))),
            setup.size.rounds,
        )


def logged(setup: Setup) -> list[Line]:
    """Sam reads Maya's plan; who read it is noted, durably, before it is shown."""
    cast = small(fresh_folder(setup.folder, "logged") / "peerkit.db")
    with cast.kit, cast.kit.session(actor=cast.sam) as s:

        def once() -> GoalPlan:
            return s.get(GoalPlan, cast.plan.id)

        once()
        with closing(sqlite3.connect(cast.file)) as db:
            last = "SELECT id FROM record WHERE kind = 'read' ORDER BY key DESC LIMIT 1"
            sample = Sample.of(cast.file, db.execute(last).fetchone()[0])

        def theirs(store: Store) -> Callable[[], None]:
            def get() -> None:
                store.insert(sample, body=sample.body, args=sample.args, idx=sample.idx)
                store.get(cast.plan.id)

            return get

        found = by_hand(setup, cast, once, theirs)
    return [
        line("get by id, logged durably before it is shown", f"{FLOOR}, and a durable insert", 1.5, found)
    ]
