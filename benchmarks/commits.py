# SPDX-License-Identifier: Apache-2.0
"""Durable commits against hand-written sqlite3 that writes the same rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta

from benchmarks.lines import Line, Setup, line
from benchmarks.measuring import Compared, Side, compare
from benchmarks.program import Cast, copies, fresh_folder, small
from benchmarks.raw import Sample, Store
from peerkit import GoalPlan, Meeting, Progress
from peerkit.model.base import Record

FLOOR = "hand-written sqlite3, the same rows"
_FIRST = datetime(2026, 3, 7, 10)  # noqa: DTZ001  # a wall clock's time


def times() -> Iterator[datetime]:
    """Times for meetings, each week's."""
    return (_FIRST + timedelta(weeks=n % 5000) for n in itertools.count())


def meetings(cast: Cast) -> Callable[[], Meeting]:
    """Sam plans a meeting with Maya: rights through their relationship, checks that look up both people."""
    weeks = times()

    def once() -> Meeting:
        with cast.kit.session(actor=cast.sam) as s:
            return s.save(
                Meeting.plan(
                    person=cast.maya,
                    supporter=cast.sam,
                    local=next(weeks),
                    timezone="America/Toronto",
                    place="The library's corner by the window",
                )
            )

    return once


def meetings_by_hand(store: Store, sample: Sample) -> Callable[[], None]:
    """The same rows by hand."""
    weeks = times()
    [[given, ids]] = sample.args

    def once() -> None:
        time = next(weeks)
        local = time.isoformat(timespec="minutes")
        body, idx = {**sample.body, "local": local}, {**sample.idx, "local": local}
        args = [[{**given, "local": time.isoformat()}, ids]]
        store.insert(sample, body=body, args=args, idx=idx)

    return once


def notes(cast: Cast) -> Callable[[], Progress]:
    """Sam notes how a goal goes: rights through the relationship, and no check that looks anything up."""
    goal = cast.plan.goals[0].id

    def once() -> Progress:
        with cast.kit.session(actor=cast.sam) as s:
            words = "She walked there twice this week, once without me"
            return s.save(Progress.note(plan=cast.plan, goal=goal, words=words, author=cast.sam))

    return once


def notes_by_hand(store: Store, sample: Sample) -> Callable[[], None]:
    """The same rows by hand."""

    def once() -> None:
        store.insert(sample, body=sample.body, args=sample.args, idx=sample.idx)

    return once


def one_record(setup: Setup) -> list[Line]:
    """A durable commit of one record."""
    work = "durable commit of one record"
    return [
        _one(setup, f"{work}: a note on how a goal goes", notes, notes_by_hand),
        _one(setup, f"{work}: a meeting (the checks look up both people)", meetings, meetings_by_hand),
    ]


def _one(
    setup: Setup,
    work: str,
    ours: Callable[[Cast], Callable[[], Record]],
    theirs: Callable[[Store, Sample], Callable[[], None]],
) -> Line:
    cast = small(fresh_folder(setup.folder, ours.__name__) / "peerkit.db")
    once = ours(cast)
    sample = Sample.of(cast.file, once().id)
    with cast.kit:
        return line(work, FLOOR, 1.6, by_hand(setup, cast, once, lambda store: theirs(store, sample)))


def by_hand(
    setup: Setup,
    cast: Cast,
    once: Callable[[], object],
    theirs: Callable[[Store], Callable[[], object]],
) -> Compared:
    """Compare what is done in the program with what is done by hand on two copies of its file."""
    files = copies(cast, "raw", "again")
    with closing(Store(files[0])) as one, closing(Store(files[1])) as two:
        return compare(
            Side("peerkit", once, cast.file),
            Side("raw", theirs(one), files[0]),
            Side("again", theirs(two), files[1]),
            setup.size.rounds,
        )


def plan(setup: Setup) -> list[Line]:
    """Read a plan with three goals, act on it, save it."""
    cast = small(fresh_folder(setup.folder, "plan") / "peerkit.db")
    goal = cast.plan.goals[1].id
    numbers = itertools.cycle(range(1, 10))

    def once() -> GoalPlan:
        with cast.kit.session(actor=cast.maya) as s:
            held = s.get(GoalPlan, cast.plan.id)
            return s.save(held.change_goal(goal, confidence=next(numbers)))

    once()
    sample = Sample.of(cast.file, cast.plan.id)

    def theirs(store: Store) -> Callable[[], None]:
        numbers = itertools.cycle(range(1, 10))
        [[given, ids]] = sample.args

        def change() -> None:
            version, _, body = store.get(cast.plan.id)
            number = next(numbers)
            for one in body["goals"]:
                if one["id"] == goal:
                    one["confidence"] = number
            args = [[{**given, "confidence": number}, ids]]
            store.update(sample, cast.plan.id, version + 1, body=body, args=args, idx=sample.idx)

        return change

    with cast.kit:
        found = by_hand(setup, cast, once, theirs)
    return [line("read, act, save: a plan with three goals", FLOOR, 2.5, found)]
