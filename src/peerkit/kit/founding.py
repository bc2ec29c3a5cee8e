# SPDX-License-Identifier: Apache-2.0
"""Founding a program: its settings, its first coordinator, whoever is on call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import attrs

from peerkit.errors import Conflict, Malformed, NotFound, Objection, Refused, StorageError
from peerkit.kit.channels import channels_fit
from peerkit.kit.kit import Kit
from peerkit.model import ids
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.people import Person
from peerkit.model.program import Appointment, Duty, Governance, Line, Program, Step
from peerkit.ports import Clock, Mark
from peerkit.rules.routes import first_route
from peerkit.safety.settings import check
from peerkit.texts import _

FOUNDER = Actor.system("init")
SANDBOX: Mapping[str, Any] = {
    "name": "Sandbox (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
    "uncovered": "This is a sandbox: nobody is on call.",
    "sandbox": True,
}
"""The settings of `memory:` without settings, and what others with `sandbox` leave out."""

_PARTS = {"lines": Line, "duties": Duty, "path": Step, "governance": Governance}
_PEOPLE = frozenset({"coordinator", "on_call"})


@attrs.frozen
class Beginning:
    """What founding writes, in one commit: made and validated before anything is touched."""

    records: tuple[Record, ...]
    coordinator: str
    sandbox: bool


def beginning(settings: Mapping[str, Any] | None, *, name: str | None, clock: Clock) -> Beginning:
    """The program, its first coordinator and whoever is on call, as records.

    `settings` are the fields of `Program`, and `coordinator` = {name, reach, languages} and
    `on_call` = a list of {name, reach, hours}; None makes a sandbox, and so does `sandbox` among them.
    Malformed names the setting that does not fit.
    """
    given = dict(SANDBOX if settings is None else settings)
    if name is not None:
        given.setdefault("name", name)
    if given.get("sandbox") is True:
        given = {**SANDBOX, **given}
    people_given = {key: given.pop(key) for key in _PEOPLE & given.keys()}
    fields = settings_of(given)
    coordinator = _person(people_given.get("coordinator"), "coordinator")
    on_call = [_person(one, f"on_call[{n}]") for n, one in enumerate(people_given.get("on_call", ()))]
    with ids.using(ids.ClockIds(clock.now)):
        program = Program.found(settings=fields)
        people = [_enrolled(one, where) for one, where in _named(coordinator, on_call)]
        offices = [Appointment.give(people[0], "coordinator")]
        for number, (person, one) in enumerate(zip(people[1:], on_call, strict=True)):
            with _placed(f"on_call[{number}]"):
                offices.append(Appointment.give(person, "on-call", hours=str(one.get("hours", ""))))
        check(program, offices, clock.now())
        routes = [first_route(person, people[0].id) for person in people]
    records = (program, *people, *offices, *routes)
    return Beginning(records, people[0].id, sandbox=program.sandbox)


def found(kit: Kit, start: Beginning, once: Mark) -> None:
    """Write the beginning. The one act that nobody in the program decided; the log shows it as `init`.

    `once` is a mark that no store has yet. StorageError if another process founded a program meanwhile,
    Malformed for a channel that nothing here supplies.
    """
    for record in start.records:
        if isinstance(record, Program):
            channels_fit(record, kit.plugins)
    try:
        kit.write(start.records, actor=FOUNDER, marks=[once])
    except Conflict:
        raise StorageError("there is a program here already: open it without settings") from None
    kit.first_coordinator = start.coordinator
    if start.sandbox:
        kit.sandbox_coordinator = start.coordinator


def next_coordinator(kit: Kit, person: str) -> Appointment:
    """See `Kit.next_coordinator`."""
    against: Objection | None = None
    stored = kit.storage.get(Person.kind, person)
    held = kit.codec.read(stored) if stored is not None and stored.body is not None else None
    if stored is None:
        raise NotFound("there is no person of that id")
    if kit.in_office("coordinator"):
        against = Objection("in-office", "the program has a coordinator in office: they appoint the next one")
    elif not isinstance(held, Person) or held.state != "here":
        against = Objection("not-here", "a coordinator is somebody who is here", Person.kind, person)
    if against is not None:
        kit.note_refusal(FOUNDER, [against], [(Appointment.kind, "", ("give",))])
        raise Refused([against])
    given = kit.new(lambda: Appointment.give(person, "coordinator"))
    kit.write([given], actor=FOUNDER)
    kit.first_coordinator = kit.first_coordinator or person
    return given


def _named(
    coordinator: dict[str, Any], on_call: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], str]]:
    yield coordinator, "coordinator"
    for number, one in enumerate(on_call):
        yield one, f"on_call[{number}]"


@contextmanager
def _placed(where: str) -> Iterator[None]:
    """What is wrong with one of several humans is said of that one, as the settings name them."""
    try:
        yield
    except Malformed as error:
        field = error.where.partition(".")[2]
        raise Malformed(error.sentence, where=f"settings.{where}" + (field and f".{field}")) from None


def _enrolled(one: dict[str, Any], where: str) -> Person:
    fields = {key: value for key, value in one.items() if key != "hours"}
    try:
        with _placed(where):
            return Person.enrol(**fields)
    except TypeError:
        raise Malformed(
            _("a human here has name, reach, languages, hours"), where=f"settings.{where}"
        ) from None


def settings_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as the program's fields, parts made; Malformed names what does not fit."""
    known = {f.name: f for f in attrs.fields(Program) if f.name not in {"id", "extra", "trail"}}
    made: dict[str, Any] = {}
    for key, value in given.items():
        if key not in known:
            raise Malformed(
                _("there is no such setting; there are {known}", known=", ".join([*known, *_PEOPLE])),
                where=f"settings.{key}",
            )
        if key in _PARTS:
            made[key] = tuple(_part(_PARTS[key], one, f"settings.{key}[{n}]") for n, one in enumerate(value))
        elif isinstance(value, list):
            made[key] = tuple(value)
        else:
            made[key] = value
    if not str(made.get("name", "")).strip():
        raise Malformed(_("a program has a name"), where="settings.name")
    return made


def _part(cls: Any, value: Any, where: str) -> Any:
    if isinstance(value, cls):
        return value
    try:
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in dict(value).items()})
    except (TypeError, ValueError):
        fields = ", ".join(f.name for f in attrs.fields(cls) if f.name != "extra")
        raise Malformed(_("it has the fields {known}", known=fields), where=where) from None


def _person(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not value.get("name"):
        raise Malformed(
            _("a program needs a named human here: {shape}", shape='{name = …, reach = ["channel:address"]}'),
            where=f"settings.{where}",
        )
    return {k: tuple(v) if isinstance(v, list) else v for k, v in cast("Mapping[str, Any]", value).items()}
