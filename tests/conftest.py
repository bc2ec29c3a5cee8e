# SPDX-License-Identifier: Apache-2.0
"""What every test shares: how hard Hypothesis tries, where the real directories are, a small program."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import settings

import peerkit
from peerkit.kinds import PLACES, core_kind
from peerkit.ports import Query
from peerkit.storage.memory import MemoryStorage
from peerkit.views import conditions_of

# `ci` is Hypothesis's own profile. No deadlines anywhere: a slow machine is no defect.
settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile("nightly", max_examples=500, deadline=None, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data() -> Callable[..., Path]:
    """Give the path of a real file or folder, `real_data("hsds/baltimore", source="…")`.

    The data is public and too large for the repository. Where it is missing the test skips and names the
    public source, so that anybody can fetch it; on CI a missing file is a failure, not a gap nobody sees.
    """
    base = Path(os.environ.get("PEERKIT_TEST_DATA") or ROOT.parent / "shared" / "data")

    def path(relative: str, *, source: str) -> Path:
        found = base / relative
        if not found.exists():
            told = f"{relative} is not under PEERKIT_TEST_DATA; its public source is {source}"
            if os.environ.get("CI"):
                pytest.fail(told)
            pytest.skip(told)
        return found

    return path


# -- a program with people in it -------------------------------------------------------------------

SETTINGS: Mapping[str, Any] = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
    "debrief_days": 0,  # tests count what a tick writes; test_caring.py turns it on
}


class Watch:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 15, tzinfo=UTC)  # a Monday morning in Ontario

    def now(self) -> datetime:
        return self.at

    def forward(self, **how_far: float) -> datetime:
        self.at += timedelta(**how_far)
        return self.at


def storages() -> list[str]:
    """The storages that come with peerkit and exist in this checkout."""
    return ["memory", *(["sqlite"] if find_spec("peerkit.storage.sqlite.store") else [])]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture(params=storages())
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, for each storage in turn."""
    return "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'kit.db'}"


@pytest.fixture
def kit(url: str, watch: Watch) -> Iterator[peerkit.Kit]:
    with peerkit.open(url, settings=SETTINGS, clock=watch, discover=False) as opened:
        yield opened


@attrs.define
class World:
    """A program with fictional people in it, and short ways to what tests do all the time."""

    kit: peerkit.Kit
    watch: Watch
    coordinator: peerkit.Person
    people: dict[str, peerkit.Person] = attrs.field(factory=dict)

    @classmethod
    def begin(cls, kit: peerkit.Kit, watch: Watch) -> World:
        found = kit.codec.decode(kit.storage.find(Query("person")).rows[0])
        assert isinstance(found, peerkit.Person)
        return cls(kit, watch, found)

    def __getattr__(self, name: str) -> peerkit.Person:
        """`world.maya` enrols Maya when she is first spoken of."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self.people:
            self.people[name] = self.save(peerkit.Person.enrol(name=f"{name.title()} Example (fictional)"))
        return self.people[name]

    def save(self, record: Any, *, actor: Any = None) -> Any:
        """Save one record in a session of its own, the coordinator's unless told."""
        with self.kit.session(actor=actor or self.coordinator) as s:
            return s.save(record)

    def get(self, record: Any) -> Any:
        """The record as it is stored now, whoever may read it."""
        stored = self.kit.storage.get(record.kind, record.id)
        assert stored is not None
        return self.kit.codec.decode(stored)

    def every(self, kind: Any, *, order: str = "", **equal: Any) -> list[Any]:
        """Every record of a kind as it is stored now, whoever may read it."""
        conditions = conditions_of(kind, (), equal)
        rows = self.kit.storage.find(Query(kind.kind, conditions, order, limit=1000)).rows
        return [self.kit.codec.decode(row) for row in rows if row.body is not None]

    def supporter(self, name: str, *, supervisor: Any = None, capacity: int = 5) -> peerkit.Person:
        """Somebody who supports others."""
        person = getattr(self, name)
        role = peerkit.PeerSupporter.welcome(
            person, supervisor=supervisor, capacity=capacity, by=peerkit.Decision.of(person, how="spoken")
        )
        self.save(role)
        return person

    def office(self, name: str, role: str, **details: Any) -> peerkit.Person:
        """Somebody who holds an office."""
        person = getattr(self, name)
        self.save(peerkit.Appointment.give(person, role, **details))
        return person

    def proposed(self, person: Any, supporter: Any, **details: Any) -> Any:
        """A match that has been proposed."""
        enquiry = peerkit.Relationship.enquire(person=person, by=peerkit.Decision.of(person, how="spoken"))
        return self.save(self.save(enquiry).propose(supporter, **details))

    def match(self, person: Any, supporter: Any, **details: Any) -> Any:
        """Two people who have both said yes."""
        yes = self.save(self.proposed(person, supporter, **details).agree(), actor=person)
        return self.save(yes.take_on(), actor=supporter)


@pytest.fixture
def world(kit: peerkit.Kit, watch: Watch) -> World:
    return World.begin(kit, watch)


def kinds() -> list[type[Any]]:
    """Every kind of the core."""
    return [core_kind(kind) for kind in PLACES]


@pytest.fixture(params=kinds(), ids=lambda kind: kind.kind)
def kind(request: pytest.FixtureRequest) -> type[Any]:
    """Each kind of the core in turn."""
    return request.param


class Lasting(MemoryStorage):
    """A memory store that outlives its kit, so that other code can open it again."""

    def close(self) -> None:
        pass


class Shelf:
    """A plugin with one store under `shelf:`."""

    name = "shelf"

    def __init__(self) -> None:
        self.store = Lasting()

    @peerkit.hookimpl
    def peerkit_supply(self) -> Any:
        yield peerkit.hooks.StorageBackend("shelf", lambda *_: self.store, Lasting.capabilities)


class Store:
    """One store, opened as often as a test likes, with other plugins each time."""

    def __init__(self, url: str, watch: Watch) -> None:
        self.shelf = Shelf() if url == "memory:" else None
        self.url = "shelf:" if self.shelf else url
        self.watch = watch
        self._founded = False

    def open(self, *plugins: Any, **details: Any) -> peerkit.Kit:
        settings = None if self._founded else SETTINGS
        given = (*plugins, self.shelf) if self.shelf else plugins
        kit = peerkit.open(
            self.url, settings=settings, plugins=given, clock=self.watch, discover=False, **details
        )
        self._founded = True
        return kit


@pytest.fixture
def store(url: str, watch: Watch) -> Store:
    return Store(url, watch)
