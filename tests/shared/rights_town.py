# SPDX-License-Identifier: Apache-2.0
"""The town of the matrix of rights: who lives in it, and what anybody is there to whom, in words."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

import peerkit
from peerkit import (
    Actor,
    Alert,
    Appointment,
    Decision,
    Leave,
    PeerSupporter,
    Person,
    Recipient,
    Relationship,
    Service,
    Wall,
)
from peerkit.model.ids import new_id
from peerkit.rights import CORE

TESTS = Path(__file__).parent.parent
LIFE: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    (TESTS / "truth" / "lifecycle.toml").read_text(encoding="utf-8")
)
TABLE: list[tuple[str, str, bool, frozenset[str]]] = [
    (role, kind, read == "yes", frozenset(acts.split(",")))
    for role, kind, read, acts in (line.split() for line in CORE.strip().splitlines()[1:])
]
ALL = None
"""The reach of an office: everybody."""

# -- the town --------------------------------------------------------------------------------------

ROLES: dict[str, dict[str, frozenset[str] | None]] = {
    "maya": {},  # the person whom every record is about
    "kai": {"supporter": frozenset({"maya"})},  # walks beside her; is away this week
    "noor": {"cover": frozenset({"maya"}), "stand-in": frozenset({"kai"})},  # covers for him
    "sol": {"supervisor": frozenset({"maya", "kai"})},  # supervises him
    "robin": {"coordinator": ALL},
    "dana": {"on-call": ALL, "called": frozenset({"maya"})},  # has taken an alert about her
    "pat": {"privacy": ALL},
    "sam": {},  # has enrolled and nothing more
    "lee": {},  # is proposed to her, who has not said yes
    "vic": {},  # walked beside her once
    "wes": {"coordinator": ALL},  # a wall stands between her and him, whatever his office
    "zed": {"on-call": ALL},  # an open concern names him
    "gil": {"break-glass": frozenset({"maya"})},  # has broken the glass of her record
    "ula": {},  # stands in whatever other places a record has for people
}
WALLED = {"wes"}
NAMED = {"zed"}
ACTORS: list[tuple[str, str]] = [
    *((name, "") for name in ROLES),
    ("kai", "person"),
    ("robin", "person"),
    ("maya", "supporter"),
    ("system", ""),
]
"""Who acts, and narrowed to which of their roles."""


class Town:
    """The program that every cell is asked in."""

    def __init__(self, url: str, **details: Any) -> None:
        self.kit = peerkit.open(url, discover=False, **details)
        self.values: dict[tuple[str, ...], Any] = {}
        now = datetime.now(UTC)
        with self.kit.session(actor=Actor.system("test")) as s:
            [first] = s.find(Person)
        self.ids = {"robin": first.id, "g": new_id(), "s": new_id()}  # also a goal and a step
        with self.kit.session(actor=self.ids["robin"]) as s:
            for name in [*ROLES, "tom"]:
                if name != "robin":
                    self.ids[name] = s.save(Person.enrol(name=f"{name.title()} Example (fictional)")).id
        with self.kit.session(actor=self.ids["robin"]) as s:
            for name in ("kai", "noor", "lee", "vic", "gil", "tom"):
                boss = self.ids["sol"] if name == "kai" else None
                s.save(PeerSupporter.welcome(self.ids[name], supervisor=boss, by=self.said(name)))
            for name, office in (("dana", "on-call"), ("pat", "privacy"), ("wes", "coordinator")):
                s.save(Appointment.give(self.ids[name], office))
            s.save(Appointment.give(self.ids["zed"], "on-call"))
        for supporter, until in (("vic", "ended"), ("kai", "agreed"), ("lee", "proposed")):
            self._walk(supporter, until)
        week = {"starts": now - timedelta(days=1), "ends": now + timedelta(days=7)}
        with self.kit.session(actor=self.ids["kai"]) as s:
            s.save(Leave.plan(person=self.ids["kai"], cover=self.ids["noor"], **week))
        with self.kit.session(actor=self.ids["robin"]) as s:
            s.save(Wall.put_up(person=self.ids["maya"], human=self.ids["wes"]))
        with self.kit.session(actor=self.ids["robin"]) as s:
            self.ids["clinic"] = s.save(Recipient.add(name="Clinic (fictional)")).id
            self.ids["library"] = s.save(Service.list(entry={"name": "Library (fictional)"})).id
        self.kit.concern("Something is not right.", about=self.ids["tom"], names=(self.ids["zed"],))
        self.kit.concern("She did not come.", about=self.ids["maya"], by=self.ids["sam"])
        with self.kit.session(actor=self.ids["dana"]) as s:
            s.acknowledge(next(a for a in s.find(Alert) if a.person == self.ids["maya"]))
        self.kit.break_glass(self.ids["maya"], reason="the phone rings and rings", actor=self.ids["gil"])
        for name in ROLES:
            self.kit.link("login", name, self.ids[name])

    def said(self, name: str) -> Decision:
        return Decision.of(self.ids[name], how="spoken")

    def _walk(self, supporter: str, until: str) -> None:
        with self.kit.session(actor=self.ids["robin"]) as s:
            asked = s.save(Relationship.enquire(person=self.ids["maya"], by=self.said("maya")))
            both = s.save(asked.propose(self.ids[supporter]))
            if until != "proposed":
                both = s.save(both.agree(by=self.said("maya")))
                both = s.save(both.take_on(by=self.said(supporter)))
            if until == "ended":
                s.save(both.end())


@attrs.frozen
class Who:
    """Somebody who acts, as the host would say it."""

    name: str
    role: str = ""

    def actor(self, ids: dict[str, str]) -> Actor:
        return Actor.system("test") if self.name == "system" else Actor(ids[self.name], role=self.role)


PEOPLE = [Who(*one) for one in ACTORS]
