# SPDX-License-Identifier: Apache-2.0
"""A small program with an escalation path, on both storages, with a clock that the test moves and a channel
that keeps what it was handed. Everybody is made up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import Actor, Alert, Appointment, Decision, PeerSupporter, Person, Relationship, hookimpl
from peerkit.hooks import NotifierChannel, Supply
from peerkit.kit import Kit
from peerkit.kit.steps import stage
from peerkit.ports import Batch, Message
from peerkit.testing import TimeMachine


class Wire:
    """A channel whose other end is a list. `broken` addresses fail, `hung` ones never come back."""

    real = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent: list[Message] = []
        self.broken: set[str] = set()
        self.hung: set[str] = set()
        self.on_send: Callable[[Message], None] | None = None

    def send(self, message: Message) -> None:
        if self.on_send is not None:
            self.on_send(message)
        if message.to in self.hung:
            threading.Event().wait()
        if message.to in self.broken:
            raise ConnectionError(f"no route to {message.to}")
        self.sent.append(message)

    @property
    def to(self) -> list[str]:
        return [message.to for message in self.sent]


class Wires:
    """A plugin that supplies two channels."""

    name = "wires"

    def __init__(self) -> None:
        self.wire, self.bell = Wire("wire"), Wire("bell")

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        return [
            NotifierChannel("wire", lambda _: self.wire),
            NotifierChannel("bell", lambda _: self.bell),
        ]


PATH = [
    {"role": "supporter", "minutes": 10},
    {"role": "on-call", "minutes": 10},
    {"role": "coordinator", "minutes": 20},
]


@attrs.define
class World:
    """The program and its people, by first name."""

    kit: Kit
    clock: TimeMachine
    wires: Wires
    people: dict[str, str] = attrs.field(factory=dict)

    def __getattr__(self, name: str) -> str:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def wire(self) -> Wire:
        return self.wires.wire

    def alert(self, number: int = 0) -> Alert:
        """The alerts in the order in which they began, straight from the store."""
        rows = sorted(self.kit._find_all("alert"), key=lambda a: a.id)
        return rows[number]

    @property
    def alerts(self) -> list[Alert]:
        return sorted(self.kit._find_all("alert"), key=lambda a: a.id)

    def all(self, kind: str) -> list[Any]:
        return self.kit._find_all(kind)

    def screen(self, by: str = "sam", about: str = "maya", instrument: Any = "asq", **details: Any) -> Any:
        with self.kit.session(actor=self.people[by]) as s:
            return s.screening(instrument, self.people.get(about, about) or None, **details)

    def enrol(self, name: str, *, reach: tuple[str, ...] | None = None, **details: Any) -> str:
        with self.kit.session(actor=self.people["cora"]) as s:
            given = (f"wire:{name}",) if reach is None else reach
            made = s.save(Person.enrol(name=name.title(), reach=given, **details))
        self.people[name] = made.id
        return made.id

    def change(self, name: str, **details: Any) -> None:
        """They say something anew about themselves."""
        with self.kit.session(actor=self.people[name]) as s:
            s.save(s.get(Person, self.people[name]).update(**details))

    def supporter(self, name: str, *, supervisor: str = "") -> str:
        id_ = self.enrol(name)
        with self.kit.session(actor=self.people["cora"]) as s:
            given = self.people.get(supervisor)
            s.save(PeerSupporter.welcome(id_, supervisor=given, by=Decision.of(id_, how="spoken")))
        return id_

    def match(self, person: str, supporter: str) -> str:
        """Two people agree to walk together."""
        one, other = self.people[person], self.people[supporter]
        with self.kit.session(actor=one) as s:
            relation = s.save(Relationship.enquire(person=one))
        with self.kit.session(actor=self.people["cora"]) as s:
            s.save(s.get(Relationship, relation.id).propose(other))
        with self.kit.session(actor=one) as s:
            s.save(s.get(Relationship, relation.id).agree())
        with self.kit.session(actor=other) as s:
            s.save(s.get(Relationship, relation.id).take_on())
        return relation.id

    def appoint(self, name: str, role: str, **details: Any) -> Appointment:
        with self.kit.session(actor=self.people["cora"]) as s:
            return s.save(Appointment.give(self.people[name], role, **details))

    def darken(self, number: int = 0) -> None:
        """The alert's next version is one of a newer peerkit's, which this one cannot read."""
        alert = self.alert(number)
        touched = alert.raise_level(level="now", since=alert.since)
        change = stage(touched, Actor.system("tomorrow"), self.kit.codec).change
        newer = attrs.evolve(change, doc_version=99, body=b'{"level": "a word of tomorrow"}')
        self.kit.storage.commit(Batch((newer,), self.clock.now()))

    def acknowledge(self, by: str, number: int = 0, **details: Any) -> Any:
        with self.kit.session(actor=self.people[by]) as s:
            return s.acknowledge(self.alert(number).id, **details)

    def respond(self, by: str, act: str, number: int = 0, **details: Any) -> Any:
        with self.kit.session(actor=self.people[by]) as s:
            return s.respond(self.alert(number).id, act, **details)


def settings(**more: Any) -> dict[str, Any]:
    return {
        "name": "Walking Together (fictional)",
        "coordinator": {"name": "Cora", "reach": ["wire:cora"]},
        "on_call": [{"name": "Ola", "reach": ["wire:ola"]}],
        "path": PATH,
        "notifiers": ["wire", "bell"],
        "debrief_days": 0,
        "digest_at": "",  # what is sent here is sent by alarms; test_due.py turns it on
        "policy": "We stay with you, and we tell you before we tell anybody else.",
        **more,
    }


def build(kit: Kit, clock: TimeMachine, wires: Wires) -> World:
    world = World(kit, clock, wires)
    held = {a.role: a.person for a in kit._find_all("appointment")}
    world.people["cora"], world.people["ola"] = held["coordinator"], held.get("on-call", "")
    world.enrol("sue")
    world.supporter("sam", supervisor="sue")
    world.enrol("maya", age_band="25-64")
    world.match("maya", "sam")
    return world


Open = Callable[..., World]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens programs; closes them again."""
    kits: list[Kit] = []

    def open_(
        url: str = "memory:",
        *,
        plugins: Iterable[object] = (),
        more: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> World:
        clock, wires = TimeMachine(), Wires()
        kit = peerkit.open(
            url,
            settings=settings(**(more or {})),
            plugins=[wires, *plugins],
            discover=False,
            clock=clock,
            **options,
        )
        kits.append(kit)
        return build(kit, clock, wires)

    yield open_
    for kit in kits:
        kit.close()


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, opened: Open, tmp_path: Path) -> World:
    """The program on each storage."""
    if request.param == "memory":
        return opened()
    return opened(f"sqlite:///{tmp_path / 'program.db'}?synchronous=off")
