# SPDX-License-Identifier: Apache-2.0
"""A small town with everybody in it whom a right may be about, and an interpreter of rights tables.

The interpreter reads rows as they are written and what `ROLES` says of the town in words. It asks nothing of
the code whose answers it is held against: no grants, no scope, no compiled table. Everybody is made up.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import attrs

import peerkit
from peerkit.errors import Refused
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.decision import Decision
from peerkit.model.ids import new_id
from peerkit.ports import Stored

ALL = None
"""The reach of an office: everybody."""

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

SETTINGS: Mapping[str, Any] = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
}
TEST = Actor.system("test")


class Town:
    """A program, and the people in it: `ids` gives the id of each by name, `kit` is the opened program.

    Maya is the person, Kai supports her, Robin coordinates, Dana is on call, Pat answers for privacy, Ula is
    whoever else a record has a place for. Unless `troubled`, that is all: nobody is away, nothing is open. A
    troubled town has everybody of `ROLES`.
    """

    def __init__(self, url: str, *, troubled: bool = True, **details: Any) -> None:
        self.url = url
        self.kit = peerkit.open(url, discover=False, **details)
        self.values: dict[tuple[str, ...], Any] = {}
        with self.kit.session(actor=TEST) as s:
            [first] = s.find(peerkit.Person)
        self.ids = {"robin": first.id, "g": new_id(), "s": new_id()}  # also a goal and a step
        self._settle()
        if troubled:
            self._trouble()
        for name in ROLES:
            self.kit.link("login", name, self.ids[name])

    def reopen(self, *plugins: object, **details: Any) -> None:
        """Close the program and open it again, with these plugins and no others."""
        self.kit.close()
        self.kit = peerkit.open(self.url, discover=False, plugins=plugins, **details)

    def said(self, name: str) -> Decision:
        """The spoken word of somebody."""
        return Decision.of(self.ids[name], how="spoken")

    def save(self, record: Record, *, by: str = "robin") -> Any:
        """Save a record as somebody of the town, by name, in a commit of its own."""
        with self.kit.session(actor=self.ids[by]) as s:
            return s.save(record)

    def every(self, kind: str | type[Record]) -> list[Any]:
        """Every record of a kind, whoever may read it; what cannot be read as an `Opaque`."""
        return self.kit._heads_of(kind if isinstance(kind, str) else kind.kind)

    def stored(self, record: Record) -> Stored:
        """What is stored of a record now: its envelope, and its body unless it was erased."""
        found = self.kit.storage.get(record.kind, record.id)
        assert found is not None
        return found

    def _settle(self) -> None:
        with self.kit.session(actor=self.ids["robin"]) as s:
            for name in [*ROLES, "tom"]:
                if name != "robin":
                    told = f"{name.title()} Example (fictional)"
                    self.ids[name] = s.save(peerkit.Person.enrol(name=told)).id
        with self.kit.session(actor=self.ids["robin"]) as s:
            for name in ("kai", "noor", "lee", "vic", "gil", "tom"):
                boss = self.ids["sol"] if name == "kai" else None
                s.save(peerkit.PeerSupporter.welcome(self.ids[name], supervisor=boss, by=self.said(name)))
            for name, office in (("dana", "on-call"), ("pat", "privacy"), ("wes", "coordinator")):
                s.save(peerkit.Appointment.give(self.ids[name], office))
            s.save(peerkit.Appointment.give(self.ids["zed"], "on-call"))
            self.ids["clinic"] = s.save(peerkit.Recipient.add(name="Clinic (fictional)")).id
            self.ids["library"] = s.save(peerkit.Service.list(entry={"name": "Library (fictional)"})).id
        self._walk("kai", "agreed")

    def _trouble(self) -> None:
        for supporter, until in (("vic", "ended"), ("lee", "proposed")):
            self._walk(supporter, until)
        now, (maya, kai) = self.kit.clock.now(), (self.ids["maya"], self.ids["kai"])
        week: dict[str, Any] = {"starts": now - timedelta(days=1), "ends": now + timedelta(days=7)}
        self.save(peerkit.Leave.plan(person=kai, cover=self.ids["noor"], **week), by="kai")
        self.save(peerkit.Wall.put_up(person=maya, human=self.ids["wes"]))
        self.kit.concern("Something is not right.", about=self.ids["tom"], names=(self.ids["zed"],))
        self.kit.concern("She did not come.", about=maya, by=self.ids["sam"])
        with self.kit.session(actor=self.ids["dana"]) as s:
            s.acknowledge(next(a for a in s.find(peerkit.Alert) if a.person == maya))
        self.kit.break_glass(maya, reason="the phone rings and rings", actor=self.ids["gil"])

    def _walk(self, supporter: str, until: str) -> None:
        with self.kit.session(actor=self.ids["robin"]) as s:
            asked = s.save(peerkit.Relationship.enquire(person=self.ids["maya"], by=self.said("maya")))
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

    def actor(self, ids: Mapping[str, str]) -> Actor:
        """The actor of a session."""
        return TEST if self.name == "system" else Actor(ids[self.name], role=self.role)


PEOPLE = [Who(*one) for one in ACTORS]


# -- the interpreter -------------------------------------------------------------------------------


@attrs.frozen
class Line:
    """One row of a rights table, as it is written."""

    role: str
    kind: str
    reads: bool
    acts: frozenset[str]


def lines(text: str) -> list[Line]:
    """The rows of a rights table below its heading."""
    found = (line.split() for line in text.strip().splitlines()[1:] if line.strip())
    return [Line(role, kind, read == "yes", frozenset(acts.split(","))) for role, kind, read, acts in found]


def subjects_of(ids: Mapping[str, str], record: Record) -> set[tuple[str, str]]:
    """Whom a record is about, by name; a stranger to the town keeps their id."""
    names = {one: name for name, one in ids.items()}
    return {(field, names.get(one, one)) for field, one in record.subjects}


def reaches(role: str, kind: Any, who: Who, subjects: set[tuple[str, str]]) -> bool:
    """Whether a line of the table with this role is somebody's, for a record with these subjects."""
    name, _, field = role.partition(":")
    roles = {"anyone": ALL, **({} if who.name == "system" else ROLES[who.name])}
    if name == "own":
        narrowed = who.role not in {"", "person"} and field in {"person", "id"}
        return not narrowed and (field, who.name) in subjects
    if name == "alone":  # the record is nobody else's
        return (field, who.name) in subjects and {one for _, one in subjects} == {who.name}
    if name not in roles or (who.role and name not in {"anyone", who.role, "break-glass", "called"}):
        return False
    if who.role == "person" and name in {"break-glass", "called"}:
        return False
    if field:
        return any((field, one) in subjects for one in roles[name] or ())
    if roles[name] is ALL or not kind.subject_fields:
        return True
    return any((kind.subject_fields[0], one) in subjects for one in roles[name] or ())


def behind_a_wall(who: Who, subjects: set[tuple[str, str]]) -> bool:
    """Whether a wall keeps somebody from a record, whatever their office."""
    persons = {one for field, one in subjects if field != "shared_with"}
    return who.name in WALLED and "maya" in persons and who.name not in persons


def rests(kind: Any, role: str, who: Who) -> bool:
    """What an open concern that names them takes from somebody until a human decided."""
    office = kind.kind == "concern" and not role.startswith("own:")
    return who.name in NAMED and (office or role == "own:shared_with")


def records(rows: Iterable[Line], kind: Any, act: str, who: Who, subjects: set[tuple[str, str]]) -> bool:
    """Whether the actor may write the act down."""
    if who.name == "system":
        return True
    return not behind_a_wall(who, subjects) and any(
        row.kind == kind.kind
        and (act in row.acts or "*" in row.acts)
        and not rests(kind, row.role, who)
        and reaches(row.role, kind, who, subjects)
        for row in rows
    )


def reads(rows: Iterable[Line], kind: Any, who: Who, subjects: set[tuple[str, str]]) -> bool:
    """Whether the actor may read the record, by the rows alone."""
    if who.name == "system":
        return True
    return not behind_a_wall(who, subjects) and any(
        row.kind == kind.kind
        and row.reads
        and not rests(kind, row.role, who)
        and reaches(row.role, kind, who, subjects)
        for row in rows
    )


def placed(town: Town, kind: type[Record], other: str = "ula", whose: str = "") -> dict[str, Any]:
    """Who stands in which place of a record: Maya in the first, or in `whose` where the kind has such a
    field; somebody else in every other."""
    hers = whose if whose in kind.subject_fields else next(iter(kind.subject_fields), "")
    hints = typing.get_type_hints(kind)
    found: dict[str, Any] = {}
    for field in kind.subject_fields:
        one = town.ids["maya" if field == hers else other]
        found[field] = (one,) if typing.get_origin(hints[field]) is tuple else one
    return found


def judged(town: Town, who: Who, record: Record) -> tuple[str, ...]:
    """What is said of a record at the line where it is saved: codes of refusal, none if it goes through. It
    is not committed."""
    codes: tuple[str, ...] = ()
    with town.kit.session(actor=who.actor(town.ids)) as s:
        try:
            s.save(record)
        except Refused as no:
            codes = no.codes
        s._staged.clear()
    return codes


__all__ = [
    "ACTORS", "ALL", "NAMED", "PEOPLE", "ROLES", "SETTINGS", "WALLED", "Line", "Town", "Who", "behind_a_wall",
    "judged", "lines", "placed", "reaches", "reads", "records", "rests", "subjects_of",
]  # fmt: skip
