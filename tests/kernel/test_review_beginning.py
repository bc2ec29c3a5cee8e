# SPDX-License-Identifier: Apache-2.0
"""Two processes that begin at once: one program, and one version of a kind's documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Self

import pytest

import peerkit
from peerkit import Decision, Person, StorageError, hookimpl
from peerkit.hooks import Kind
from peerkit.model.acts import act
from peerkit.model.base import Operational, Record, record
from peerkit.testing import TimeMachine

SETTINGS = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
}


def test_a_program_is_founded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process founds its program between this one's look and its writing."""
    url = f"sqlite:///{tmp_path / 'program.db'}"
    from peerkit.kit import founding

    real = founding.found

    def late(*args: Any) -> None:
        monkeypatch.setattr(founding, "found", real)
        peerkit.open(url, settings={**SETTINGS, "name": "The other (fictional)"}, discover=False).close()
        real(*args)

    monkeypatch.setattr(founding, "found", late)
    with pytest.raises(StorageError, match="already"):
        peerkit.open(url, settings=SETTINGS, discover=False)
    with peerkit.open(url, discover=False) as kit:
        assert kit.program.name == "The other (fictional)"
        assert len(kit._find_all("program")) == 1
        assert len(kit._find_all("person")) == 1


TABLE = """
    of  from  act    to  who     strength
    -   -     plant  =   anyone  none
    """
RIGHTS = """
role    kind  read  acts
anyone  bed   yes   *
"""


@record("bed", TABLE)
class Old(Record):
    """As it was."""

    what: Operational[str]

    @classmethod
    @act
    def plant(cls, *, what: str, by: Decision | None = None) -> Self:
        return cls(what=what)


@record("bed", TABLE, version=2)
class New(Record):
    """As it is."""

    what: Operational[str]
    number: Operational[int] = 1

    @classmethod
    @act
    def plant(cls, *, what: str, by: Decision | None = None) -> Self:
        return cls(what=what)


class Garden:
    """A plugin in one edition or another."""

    name: ClassVar[str] = "garden"

    def __init__(self, cls: type[Record]) -> None:
        self.kind = Kind(cls, {1: lambda document: document}, RIGHTS)

    @hookimpl
    def peerkit_supply(self) -> Any:
        return [self.kind]


def test_older_code_writes_nothing_beside_the_first_newer_documents(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'program.db'}", TimeMachine()
    older = peerkit.open(url, settings=SETTINGS, plugins=[Garden(Old)], clock=clock, discover=False)
    newer = peerkit.open(url, plugins=[Garden(New)], clock=clock, discover=False)
    with older, newer:
        robin = older._find_all("appointment")[0].person
        with older.session(actor=robin) as s:
            s.save(Person.enrol(name="Maya (fictional)"))  # now it knows which versions there are
        with newer.session(actor=robin) as s:
            s.save(New.plant(what="beans"))
        with pytest.raises(StorageError, match="newer"), older.session(actor=robin) as s:
            s.save(Old.plant(what="peas"))
        with newer.session(actor=robin) as s:
            assert [bed.number for bed in s.find(New, number=1)] == [1]
            assert s.count(New) == 1
