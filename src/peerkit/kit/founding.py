# SPDX-License-Identifier: Apache-2.0
"""Founding a program: its settings, its first coordinator, whoever is on call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import attrs

from peerkit.errors import Malformed
from peerkit.kit.kit import Kit
from peerkit.model import ids
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.people import Person
from peerkit.model.program import Appointment, Duty, Line, Program, Step
from peerkit.rules.routes import first_route

FOUNDER = Actor.system("init")
SANDBOX: Mapping[str, Any] = {
    "name": "Sandbox (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
    "uncovered": "This is a sandbox: nobody is on call.",
    "sandbox": True,
}
"""The settings of `memory:` without settings."""

_PARTS = {"lines": Line, "duties": Duty, "path": Step}
_PEOPLE = frozenset({"coordinator", "on_call"})


def found(kit: Kit, settings: Mapping[str, Any] | None, *, name: str | None = None) -> None:
    """Write the program, its first coordinator and whoever is on call, in one commit.

    `settings` are the fields of `Program`, and `coordinator` = {name, reach, languages} and
    `on_call` = a list of {name, reach, hours}. Malformed names the setting that does not fit.
    """
    given = dict(SANDBOX if settings is None else settings)
    if name is not None:
        given.setdefault("name", name)
    coordinator = _person(given.pop("coordinator", None), "coordinator")
    on_call = [_person(one, f"on_call[{n}]") for n, one in enumerate(given.pop("on_call", ()))]
    fields = settings_of(given)
    with ids.using(kit.ids):  # founding is the kit's own beginning
        program = Program.found(settings=fields)
        people = [
            Person.enrol(**{k: v for k, v in one.items() if k != "hours"}) for one in (coordinator, *on_call)
        ]
        offices = [Appointment.give(people[0], "coordinator")]
        offices += [
            Appointment.give(person, "on-call", hours=str(one.get("hours", "")))
            for person, one in zip(people[1:], on_call, strict=True)
        ]
        _check_path(program, offices)
        routes = [first_route(person, people[0].id, kit.clock.now()) for person in people]
        records: list[Record] = [program, *people, *offices, *routes]
    kit.write(records, actor=FOUNDER)
    if settings is None:
        kit.sandbox_coordinator = people[0].id


def settings_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as the program's fields, parts made; Malformed names what does not fit."""
    known = {f.name: f for f in attrs.fields(Program) if f.name not in {"id", "extra", "trail"}}
    made: dict[str, Any] = {}
    for key, value in given.items():
        if key not in known:
            raise Malformed(
                f"there is no such setting; there are {', '.join([*known, *_PEOPLE])}",
                where=f"settings.{key}",
            )
        if key in _PARTS:
            made[key] = tuple(_part(_PARTS[key], one, f"settings.{key}[{n}]") for n, one in enumerate(value))
        elif isinstance(value, list):
            made[key] = tuple(value)
        else:
            made[key] = value
    if not str(made.get("name", "")).strip():
        raise Malformed("a program has a name", where="settings.name")
    return made


def _part(cls: Any, value: Any, where: str) -> Any:
    if isinstance(value, cls):
        return value
    try:
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in dict(value).items()})
    except (TypeError, ValueError):
        fields = ", ".join(f.name for f in attrs.fields(cls) if f.name != "extra")
        raise Malformed(f"it has the fields {fields}", where=where) from None


def _person(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not value.get("name"):
        raise Malformed(
            'a program needs a named human here: {name = …, reach = ["channel:address"]}',
            where=f"settings.{where}",
        )
    return {k: tuple(v) if isinstance(v, list) else v for k, v in cast("Mapping[str, Any]", value).items()}


def _check_path(program: Program, offices: list[Appointment]) -> None:
    try:
        from peerkit.safety.settings import check
    except ImportError:
        return
    check(program, offices)
