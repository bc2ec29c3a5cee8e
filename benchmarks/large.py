# SPDX-License-Identifier: Apache-2.0
"""A large program: fictional people with their supporters, plans, meetings, notes and tasks.

Real records made by real acts, but written straight to the storage in batches, without rights and checks, so
that a million of them take minutes. Each supporter walks beside fifty people whatever the size, and what
belongs to one person lies all over the file, as it does where many people come and go at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import attrs

from benchmarks.program import coordinator_of, opened, remove
from peerkit import Actor, GoalPlan, Meeting, PeerSupporter, Person, Progress, Relationship, Task
from peerkit.codec import Codec
from peerkit.kinds import core_kind
from peerkit.kit.steps import stage
from peerkit.model import ids
from peerkit.model.base import Record
from peerkit.ports import Batch

FORM = 1
"""The form of the file; another number where what is built here changes."""

BESIDE = 50
A_PERSON = 20
"""Records for each person: themselves, relationship, plan, 2 tasks, 5 notes, 10 meetings."""

_BEGAN = datetime(2024, 1, 1, 9, tzinfo=UTC)
_ENDED = datetime(2026, 1, 1, 9, tzinfo=UTC)
_BATCH = 1000


@attrs.define
class _Time:
    """A clock that goes through two years as the records are made."""

    at: datetime
    step: timedelta

    def now(self) -> datetime:
        """The next instant."""
        self.at += self.step
        return self.at


def large(folder: Path, records: int) -> Path:
    """A program with about so many records, built if it is not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"large-{FORM}-{records}.db"
    if not file.exists():
        building = file.with_suffix(".building")
        remove(building)
        build(building, records)
        building.rename(file)
    return file


def build(file: Path, records: int) -> None:
    """Build it."""
    with opened(file, synchronous="off") as kit:
        robin = coordinator_of(kit)
        time = _Time(_BEGAN, (_ENDED - _BEGAN) / (2 * records))
        codec, actor = Codec(core_kind), Actor(robin.id)
        with ids.using(ids.ClockIds(time.now)):
            made = _everything(robin, max(1, records // A_PERSON), time)
            while batch := list(islice(made, _BATCH)):
                changes = tuple(stage(one, actor, codec).change for one in batch)
                kit.storage.commit(Batch(changes, time.at))
        kit.storage.ensure_indexes({})


def _everything(robin: Person, people: int, time: _Time) -> Iterator[Record]:
    """Supporters first, then people, and then what happens, person after person, again and again."""
    supporters = [
        Person.enrol(name=f"Supporter {n} Example (fictional)") for n in range(-(-people // BESIDE))
    ]
    yield from supporters
    for one in supporters:
        yield PeerSupporter.welcome(one, supervisor=robin, capacity=BESIDE)
    persons = [Person.enrol(name=f"Person {n} Example (fictional)") for n in range(people)]
    yield from persons
    # One after the other over all supporters, so that nobody's people lie side by side.
    pairs = [(person, supporters[n % len(supporters)]) for n, person in enumerate(persons)]
    for person, supporter in pairs:
        yield Relationship.enquire(person=person).propose(supporter).agree().take_on()
    plans = []
    for person, _ in pairs:
        plan = GoalPlan.begin(person=person, hopes="To be out among people again")
        plans.append(plan.add_goal("Walk to the library on Saturdays", importance=8).add_goal("Cook for two"))
        yield plans[-1]
    for turn in range(2):
        for person, supporter in pairs:
            due = time.at + timedelta(days=30)
            task = Task.give(owner=supporter, what="ask-how-it-went", due=due, person=person)
            yield task.done() if turn else task
    for turn in range(10):
        for (person, supporter), plan in zip(pairs, plans, strict=True):
            yield Meeting.plan(
                person=person,
                supporter=supporter,
                local=time.at.replace(tzinfo=None),
                timezone="America/Toronto",
                place="The library's corner by the window",
            )
            if turn % 2:
                words = "She walked there twice this week, once without me"
                yield Progress.note(plan=plan, goal=plan.goals[0].id, words=words, author=supporter)
