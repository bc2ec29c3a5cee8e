# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from peerkit_families import plugin

import peerkit
from peerkit import Credential, Decision, Kit, PeerSupporter, Person, Relationship, Session, Task
from peerkit.testing import TimeMachine

DAY = date(2027, 1, 4)
TRACK = "family-peer-support"
SETTINGS = {
    "name": "Riverside (fictional)",
    "timezone": "America/Toronto",
    "region": "CA-ON",
    "coordinator": {"name": "Robin (fictional)"},
    "uncovered": "Mon-Sun 00:00-24:00",
}


@attrs.define
class House:
    """A program with the module. Ana comes as family; Ben, whom she loves, is in the program too, and Omar
    walks beside him. Kai has lived experience as family, Lea only her own; Noor supervises both."""

    kit: Kit
    url: str
    time: TimeMachine
    coordinator: str
    ana: Person
    ben: Person
    kai: Person
    lea: Person
    omar: Person
    noor: Person

    def coordinating(self) -> Session:
        """A session of the coordinator's."""
        return self.kit.session(actor=self.coordinator)

    def give(self, what: str = TRACK, *, to: Person | None = None, **more: Any) -> Credential:
        """A credential, Kai's unless said otherwise, as the coordinator writes it down."""
        given: dict[str, Any] = {"issued_by": "Riverside (fictional)", "since": DAY, **more}
        with self.coordinating() as s:
            return s.save(Credential.issue(person=to or self.kai, what=what, **given))

    def asks(self, person: Person, seeking_as: str = "family") -> Relationship:
        """Somebody asks for support."""
        with self.coordinating() as s:
            by = Decision.of(person, how="spoken")
            asked = Relationship.enquire(person=person, hopes="sleep", seeking_as=seeking_as, by=by)
            return s.save(asked)

    def proposed(self, person: Person, supporter: Person, seeking_as: str = "family") -> Relationship:
        """And somebody is proposed."""
        asked = self.asks(person, seeking_as)
        with self.coordinating() as s:
            return s.save(s.get(Relationship, asked.id).propose(supporter))

    def walking(self, person: Person, supporter: Person, seeking_as: str = "family") -> Relationship:
        """Two who agreed to walk together."""
        walk = self.proposed(person, supporter, seeking_as)
        with self.kit.session(actor=person) as s:
            s.save(s.get(Relationship, walk.id).agree())
        with self.kit.session(actor=supporter) as s:
            return s.save(s.get(Relationship, walk.id).take_on())

    def tasks(self, human: Person) -> list[str]:
        """What of the module's a human has to do."""
        with self.kit.session(actor=human) as s:
            found = s.find(Task, owner=human.id, state="open")
            return sorted(one.what for one in found if one.what.startswith("families-"))


def opened(url: str, time: TimeMachine, **more: Any) -> Kit:
    """The program with the module and nothing else that is installed."""
    return peerkit.open(url, clock=time, plugins=[plugin], discover=False, strict=url == "memory:", **more)


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    time = TimeMachine(datetime(2027, 3, 1, 15, tzinfo=UTC))
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/riverside.db"
    with opened(url, time, settings=SETTINGS) as kit:
        robin = kit.first_coordinator
        with kit.session(actor=robin) as s:
            names = ("Ana", "Ben", "Kai", "Lea", "Omar", "Noor")
            people = [s.save(Person.enrol(name=f"{one} (fictional)")) for one in names]
            _ana, _ben, kai, lea, omar, noor = people
            for one, experience in ((kai, "family"), (lea, "own"), (omar, "own")):
                by = Decision.of(one, how="spoken")
                s.save(PeerSupporter.welcome(one, experience=experience, supervisor=noor, by=by))
        yield House(kit, url, time, robin, *people)
