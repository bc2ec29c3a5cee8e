# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, settings
from peerkit_diabetes import plugin

import peerkit
from peerkit import Credential, Decision, Kit, PeerSupporter, Person, Relationship, Session
from peerkit.testing import TimeMachine

settings.register_profile("diabetes", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("diabetes")

DAY = date(2027, 1, 4)
GATES = ("core-essentials", "diabetes-review", "diabetes-session", "diabetes-application")
SETTINGS = {
    "name": "Riverside (fictional)",
    "timezone": "America/Toronto",
    "region": "CA-ON",
    "coordinator": {"name": "Robin (fictional)"},
    "uncovered": "Mon-Sun 00:00-24:00",
}


@attrs.define
class House:
    """A program with the module: Maya, whom Kai walks beside, Kai's supervisor Noor, and a coordinator."""

    kit: Kit
    url: str
    time: TimeMachine
    coordinator: str
    maya: Person
    kai: Person
    noor: Person
    walk: Relationship
    gates: tuple[str, ...] = GATES

    def coordinating(self) -> Session:
        """A session of the coordinator's."""
        return self.kit.session(actor=self.coordinator)

    def give(self, *whats: str, to: Person | None = None, **more: Any) -> list[Credential]:
        """Credentials, Kai's unless said otherwise, as the coordinator writes them down."""
        given: dict[str, Any] = {"issued_by": "Riverside (fictional)", "since": DAY, **more}
        with self.coordinating() as s:
            return [s.save(Credential.issue(person=to or self.kai, what=what, **given)) for what in whats]

    def walking(self, person: Person, supporter: Person) -> Relationship:
        """Two who agreed to walk together."""
        with self.coordinating() as s:
            by = Decision.of(person, how="spoken")
            walk = s.save(Relationship.enquire(person=person, hopes="company", by=by).propose(supporter))
        with self.kit.session(actor=person) as s:
            s.save(s.get(Relationship, walk.id).agree())
        with self.kit.session(actor=supporter) as s:
            return s.save(s.get(Relationship, walk.id).take_on())


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
            maya, kai, noor = (
                s.save(Person.enrol(name=f"{one} (fictional)")) for one in ("Maya", "Kai", "Noor")
            )
            s.save(PeerSupporter.welcome(kai, supervisor=noor, by=Decision.of(kai, how="spoken")))
        made = House(kit, url, time, robin, maya, kai, noor, None)  # type: ignore[arg-type]  # the next line
        made.walk = made.walking(maya, kai)
        yield made


@pytest.fixture
def again(house: House) -> Callable[..., Kit]:
    """Open the same program anew, later."""
    return lambda **more: opened(house.url, house.time, **more)


@pytest.fixture(name="peerkit")
def keyboard(tmp_path: Path) -> Any:
    """The same people at a keyboard, one process a command."""
    from riverside_keyboard import at_riverside

    return at_riverside(tmp_path)
