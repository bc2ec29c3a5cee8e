# SPDX-License-Identifier: Apache-2.0
"""A program in a real file that is closed, copied, put back and opened again, as an operator does it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from safety_program import Wires, World, build
from safety_program import settings as program

import peerkit
from peerkit import (
    Consent,
    GoalPlan,
    Recipient,
)
from peerkit.testing import TimeMachine


@attrs.define
class House:
    """A program in a file, opened and closed as often as a test likes; its backup, put back over it."""

    folder: Path
    clock: TimeMachine = attrs.field(factory=TimeMachine)
    wires: Wires = attrs.field(factory=Wires)
    plugins: list[Any] = attrs.field(factory=list)
    world: World | None = None
    opened: list[Any] = attrs.field(factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "program.db"

    @property
    def journal(self) -> Path:
        return self.folder / "program.db.places"

    def open(self, query: str = "", file: Path | None = None, **more: Any) -> World:
        url = f"sqlite:///{file or self.file}{query}"
        founding = {} if self.world is not None else {"settings": program()}
        kit = peerkit.open(
            url, plugins=[self.wires, *self.plugins], discover=False, clock=self.clock, **founding, **more
        )
        self.opened.append(kit)
        if self.world is None:
            self.world = build(kit, self.clock, self.wires)
        self.world.kit = kit
        return self.world

    def backup(self, name: str = "backup") -> None:
        """Copied while nobody has it open."""
        self.world.kit.close()
        shutil.copytree(self.folder, self.folder.parent / name, ignore=shutil.ignore_patterns("*.places"))

    def put_back(self, name: str = "backup") -> None:
        """The older file over the newer one, with what belongs to it."""
        self.world.kit.close()
        for end in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)
        for one in (self.folder.parent / name).iterdir():
            shutil.copy(one, self.folder / one.name)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "data"
    folder.mkdir()
    made = House(folder)
    yield made
    for kit in made.opened:
        kit.close()


def codes(world: World) -> set[str]:
    return {problem.code for problem in world.kit.health().problems}


def consented(world: World) -> tuple[Any, Any]:
    """A plan of Maya's, and her word that a clinic may have it."""
    with world.kit.session(actor=world.cora) as s:
        clinic = s.save(Recipient.add(name="Example clinic"))
    with world.kit.session(actor=world.maya) as s:
        plan = s.save(GoalPlan.begin(person=world.maya, hopes="To sleep"))
        given = Consent.give(person=world.maya, recipient=clinic, classes=("own",), purpose="care")
        return (clinic, plan), s.save(given)


def leaves(world: World, clinic: Any, plan: Any) -> int:
    pages = world.kit.disclose(plan, to=clinic, purpose="care", actor=world.sam)
    return sum(len(page) for page in pages)
