# SPDX-License-Identifier: Apache-2.0
"""A small program with fictional people in a file of its own, as every comparison starts from."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

import peerkit
from peerkit import Actor, Decision, GoalPlan, PeerSupporter, Person, Relationship

SETTINGS: Mapping[str, Any] = {
    "name": "Benchmark (fictional)",
    "coordinator": {"name": "Robin Example (fictional)", "reach": ["counting:robin"]},
    "notifiers": ["console"],
    "path": [{"role": "coordinator", "minutes": 30}],
    "uncovered": "always",
}


@attrs.frozen
class Cast:
    """An opened program, and who is in it."""

    kit: peerkit.Kit
    file: Path
    coordinator: Person
    maya: Person
    sam: Person
    plan: GoalPlan
    """Maya's, with three goals."""


def opened(file: Path, *, synchronous: str = "full", plugins: Sequence[object] = ()) -> peerkit.Kit:
    """The program in a file, founded if there is none yet. Only the given plugins are loaded."""
    url = f"sqlite:///{file}?synchronous={synchronous}"
    channels = [name for one in plugins if (name := getattr(one, "channel", ""))]
    settings = None if file.exists() else {**SETTINGS, "notifiers": [*SETTINGS["notifiers"], *channels]}
    return peerkit.open(url, settings=settings, discover=False, plugins=plugins)


def coordinator_of(kit: peerkit.Kit) -> Person:
    """Whom `opened` made the first coordinator."""
    with kit.session(actor=Actor.system("benchmark")) as s:
        return s.find(Person, limit=1)[0]


def small(file: Path, *, synchronous: str = "full", plugins: Sequence[object] = ()) -> Cast:
    """A new program in which Sam walks beside Maya, who has a plan with three goals."""
    kit = opened(file, synchronous=synchronous, plugins=plugins)
    robin = coordinator_of(kit)
    with kit.session(actor=robin) as s:
        maya = s.save(Person.enrol(name="Maya Example (fictional)"))
        sam = s.save(Person.enrol(name="Sam Example (fictional)"))
        s.save(PeerSupporter.welcome(sam, capacity=100, by=Decision.of(sam, how="spoken")))
    match(kit, robin, maya, sam)
    plan = GoalPlan.begin(person=maya, hopes="To be out among people again", strengths=("patient", "funny"))
    for words in ("Walk to the library on Saturdays", "Cook for somebody once a month", "Sleep before one"):
        plan = plan.add_goal(words, why="It did me good before", importance=8, confidence=5)
    with kit.session(actor=maya) as s:
        plan = s.save(plan)
    return Cast(kit, file, robin, maya, sam, plan)


def match(kit: peerkit.Kit, coordinator: Person, person: Person, supporter: Person) -> Relationship:
    """Bring two people together, each of whom says yes."""
    with kit.session(actor=coordinator) as s:
        asked = s.save(Relationship.enquire(person=person, by=Decision.of(person, how="spoken")))
        asked = s.save(asked.propose(supporter))
    with kit.session(actor=person) as s:
        asked = s.save(asked.agree())
    with kit.session(actor=supporter) as s:
        return s.save(asked.take_on())


def copies(cast: Cast, *names: str) -> tuple[Path, ...]:
    """Copies of the program's file for other sides, with the same rows in it."""
    made = []
    for name in names:
        copy = cast.file.with_name(f"{cast.file.stem}-{name}.db")
        cast.kit.storage.snapshot(str(copy))
        made.append(copy)
    return tuple(made)


def remove(file: Path) -> None:
    """Remove a database file and its companions."""
    for end in ("", "-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)


def fresh_folder(folder: Path, name: str) -> Path:
    """An empty folder of this name."""
    path = folder / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path
