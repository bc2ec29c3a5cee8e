# SPDX-License-Identifier: Apache-2.0
"""What the matrix of rights is made of: a town with everybody in it, every act as a cell, and an interpreter.

The interpreter reads two texts, the rights table as it is written and the lifecycles as `tests/truth` tells
them by hand, and knows of the town what `ROLES` says in words. It asks nothing of the code whose answers it
is held against: no grants, no scope, no compiled table, no decision judged. A kind that is new comes in by
itself, with the lines that its own slice brings.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
from act_arguments import ARGUMENTS
from rights_town import LIFE, PEOPLE, ROLES, TABLE, Town, Who  # noqa: F401  # ROLES is asked for here

from peerkit import (
    Decision,
    GoalPlan,
    Person,
    Referral,
)
from peerkit.errors import Refused
from peerkit.kinds import PLACES, core_kind
from peerkit.model.acts import with_trail
from peerkit.model.base import Record
from peerkit.model.plan import Goal, Scale, TakenStep
from peerkit.model.response import Need
from peerkit.model.restoration import Gap
from peerkit.model.safety_plan import Entry
from peerkit.testing import make
from peerkit.testing import town as towns

# -- records in any state --------------------------------------------------------------------------


OTHERWISE: dict[str, dict[str, Any]] = {
    "relationship.propose": {"supporter": "tom"},
    "relationship.hand_over": {"supporter": "tom"},
    "leave.stand_in": {"cover": "noor"},
    "feedback.unshare": {"reader": "ula"},
    "safety_plan.unshare": {"reader": "ula"},
    "appointment.give": {"role": "supervisor"},
    "feedback.give": {"about": "ula"},
}
"""Arguments that name people of this town."""

OWN = {"reflection", "duty_report"}
"""What is for its author, and for those who stand in it as its readers."""

PLACES_OUTSIDE = {"recipient": "clinic", "service": "library"}
"""Who is outside, for acts that name them."""


def whom(kind: Any) -> dict[str, str]:
    """Who stands in which place of a record: Maya in the first, Ula in every other; but `callers` is whose
    plan they may read, and nobody reports about themselves."""
    also = {"callers", *(("about",) if kind.kind == "duty_report" else ())}
    fields = enumerate(kind.subject_fields)
    return {field: "ula" if number and field not in also else "maya" for number, field in fields}


def states(kind: str, line: dict[str, Any]) -> list[str]:
    """Every state that the truth names for what this act is about; one nameless one if there is none."""
    same = [one for one in LIFE[kind].values() if one.get("part") == line.get("part")]
    to = [state for one in same for state in ([one["to"]] if isinstance(one["to"], str) else one["to"])]
    found = {state for one in same for state in one["from"]} | set(to)
    return sorted(found - {"new", "same", "*"}) or [""]


def begun(line: dict[str, Any]) -> bool:
    """Whether the act makes the record."""
    return line["from"] == ["new"] and "part" not in line


def record_of(town: Town, kind: Any, state: str = "", part: str = "", *, stored: bool = False) -> Any:
    """A record of the kind about Maya in this state: as if read, or (`stored`) to be written as it is."""
    several = typing.get_type_hints(kind)
    held: dict[str, Any] = {}
    for field, name in whom(kind).items():
        one = town.ids[name]
        held[field] = (one,) if typing.get_origin(several[field]) is tuple else one
    if part in ("needs", "gaps"):
        plain = record_of(town, kind, "", stored=stored)
        return with_trail(attrs.evolve(plain, **part_of(town, part, state)), plain.trail)
    if part:
        held |= part_of(town, part, state or "adopted")
    elif state:
        held["state"] = state
    if kind.kind == "safety_response":
        held["needs"] = ()
    if kind.kind == "reply":
        own = make(Person, version=1, id=town.ids["maya"])  # what it answers: her own record
        held |= {"about": own.id, "of": own.kind} if stored else {"about": own}
    if not stored:
        return make(kind, version=1, **held)
    if kind.kind == "appointment":
        held["role"] = "guest"  # an office that there is would give Maya its rights
    made = make(kind)
    return with_trail(attrs.evolve(made, **held), made.trail)


def part_of(town: Town, part: str, state: str) -> dict[str, Any]:
    """The one part of a record, in this state, under the name of its field."""
    g = town.ids["g"]
    if part == "needs":
        return {"needs": (Need(id="acted", state=state),)}
    if part == "gaps":
        return {"gaps": (Gap(id=g, of="alert", acts=("open",), state=state),)}
    if part == "entries":
        return {"entries": (Entry(id=g, section="alone", words="w", state=state),)}
    scale, steps = Scale(levels=("1", "2", "3", "4", "5")), (TakenStep(id=town.ids["s"], words="w"),)
    return {"goals": (Goal(id=g, words="w", state=state, steps=steps, scale=scale),)}


def arguments(town: Town, kind: Any, act: str) -> dict[str, Any]:
    """What the act is given."""
    name = f"{kind.kind}.{act}"
    code = getattr(kind, act).__wrapped__.__code__
    takes = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    ids = town.ids
    given = {k: ids.get(v, v) if isinstance(v, str) else v for k, v in ARGUMENTS.get(name, {}).items()}
    row = kind.table[act]
    if row.creates:
        given |= {field: town.ids[who] for field, who in whom(kind).items() if field in takes}
        hints = typing.get_type_hints(getattr(kind, act).__wrapped__)
        several = {field for field in given if typing.get_origin(hints.get(field)) is tuple}
        given |= {field: (given[field],) for field in several & set(whom(kind))}
        given |= {field: ids[one] for field, one in PLACES_OUTSIDE.items() if field in takes}
        if "plan" in takes:
            given["plan"] = record_of(town, GoalPlan, "adopted", "goals")
            given |= {"goal": ids["g"]} if "goal" in takes else {}
        if kind.kind == "signature":
            given["what"] = record_of(town, GoalPlan, "adopted", "goals")
        if "referral" in takes and kind.kind != "referral":
            given["referral"] = record_of(town, Referral)
        if kind.kind == "reply":
            given["about"] = make(Person, version=1, id=ids["maya"])
        if kind.kind in takes:
            given[kind.kind] = record_of(town, kind)
    return given | {k: town.ids.get(v, v) for k, v in OTHERWISE.get(name, {}).items() if k in takes}


@attrs.frozen
class Cell:
    """One cell: an act on a kind in a state, by somebody, with whose word."""

    kind: str
    act: str
    state: str
    who: Who
    way: str

    @property
    def line(self) -> dict[str, Any]:
        return LIFE[self.kind][self.act]


WAYS = ("own", "spoken", "paper", "claim")
STRENGTH = {"own": 4, "spoken": 1, "paper": 3, "claim": 4}
NEEDS = {"nothing": 0, "said": 1, "witnessed": 2, "signed": 3, "own account": 4}


def cells(kind: str, *, legal: bool | None = None) -> Iterator[Cell]:
    """Every cell of a kind; with `legal` only those in (or out of) a state from which the act may happen."""
    for act, line in LIFE[kind].items():
        for state in [""] if line["from"] == ["new"] else states(kind, line):
            if legal is not None and lawful(line, state) is not legal:
                continue
            for who in PEOPLE:
                for way in WAYS:
                    yield Cell(kind, act, state, who, way)


def made(town: Town, cell: Cell, on: Any = None) -> Any:
    """The act of the cell, made on a record of its kind, or on this one. Refused where its state forbids. It
    is the same value whoever saves it, so it is made once."""
    if on is not None:
        return _made(town, cell, on)
    key = (cell.kind, cell.act, cell.state, cell.way)
    if key not in town.values:
        try:
            town.values[key] = _made(town, cell, None)
        except Refused as no:
            town.values[key] = no
    if isinstance(held := town.values[key], Refused):
        raise held
    return held


def _made(town: Town, cell: Cell, on: Any) -> Any:
    kind = core_kind(cell.kind)
    decision = spoken_by(town, cell)
    details: dict[str, Any] = {} if decision is None else {"by": decision}
    given = arguments(town, kind, cell.act)
    if begun(cell.line):
        return make(kind, through=cell.act, **given, **details)
    if on is None:
        on = record_of(town, kind, cell.state, cell.line.get("part", ""))
    return getattr(on, cell.act)(**given, **details)


def decider(cell: Cell) -> str:
    """Whose word it is, where it is not the actor's own: the first whose it may be."""
    return next(iter(sorted(deciders(cell), key=lambda name: name != "maya")), "maya")


def spoken_by(town: Town, cell: Cell) -> Decision | None:
    """The decision that the cell is recorded with."""
    whose = town.ids[decider(cell)]
    return {
        "own": lambda: None,
        "spoken": lambda: Decision.of(whose, how="spoken"),
        "paper": lambda: Decision.of(whose, how="paper", evidence="the blue binder"),
        "claim": lambda: Decision.of(whose),
    }[cell.way]()


# -- the interpreter -------------------------------------------------------------------------------


def lawful(line: dict[str, Any], state: str) -> bool:
    """Whether the act may happen in this state."""
    return line["from"] == ["new"] or "*" in line["from"] or state in line["from"]


def deciders(cell: Cell) -> set[str]:
    """Whose decision the act is, by name; nobody's, if it is the kit's own or anybody's."""
    places = whom(core_kind(cell.kind))
    found: set[str] = set()
    for who in cell.line["who"].replace("either", "person or supporter").split(" or "):
        if who in {"anyone", "kit"}:
            continue
        found.add("maya" if who == "person" else places.get(who, "ula"))
    return found


def decided(cell: Cell) -> bool:
    """Whether the decision is by whom it must be, and strong enough."""
    who, line = cell.who.name, cell.line
    whose = who if cell.way == "own" else decider(cell)
    if whose != who and (cell.who.name == "system" or cell.way == "claim"):
        return False  # a part of a program decides for nobody; another's account is nobody else's to claim
    anyone = "anyone" in line["who"].split(" or ")
    if not anyone and (whose not in deciders(cell) or who == "system"):
        return False
    return anyone or STRENGTH[cell.way] >= NEEDS[line["needs"]]


def recorded(kind: Any, act: str, who: Who, subjects: set[tuple[str, str]]) -> bool:
    """Whether the actor may write the act down."""
    return towns.records(TABLE, kind, act, who, subjects)


REPLIED = {("id", "maya")}
"""What the town's replies answer: Maya's own record."""


def readable(kind: Any, who: Who, subjects: set[tuple[str, str]]) -> bool:
    """Whether the actor may read the record."""
    if who.name == "system":
        return kind.kind not in OWN
    if towns.behind_a_wall(who, subjects):
        return False
    mine = {field for field, one in subjects if one == who.name}
    if kind.kind == "feedback" and "about" in mine and not mine & {"person", "shared_with"}:
        return False  # of whom it speaks, unless it is shared with them
    if kind.kind == "concern" and mine and "author" not in mine:
        return False  # whom it is about or names
    if kind.kind == "reply" and ("person", who.name) not in subjects and not readable(Person, who, REPLIED):
        return False  # who may not read what it answers
    return towns.reads(TABLE, kind, who, subjects)


def subjects_of(town: Town, record: Record) -> set[tuple[str, str]]:
    """Whom a record is about, by name; a stranger to the town keeps their id."""
    return towns.subjects_of(town.ids, record)


def allowed(town: Town, cell: Cell) -> bool:
    """Whether the cell goes through at the line where it is saved."""
    kind = core_kind(cell.kind)
    if kind.kit_only or kind.lane or not lawful(cell.line, cell.state):
        return False
    if "kit" in cell.line["who"].split(" or ") and cell.who.name == "system":
        return False  # the kit's own rules write it, not any part of a program
    if not decided(cell):
        return False
    value = made(town, cell)
    about = subjects_of(town, value if begun(cell.line) else value.trail.before)
    return recorded(kind, cell.act, cell.who, about)


def refused_early(town: Town, cell: Cell) -> bool:
    """Whether the act itself says no, before anybody is asked: its state forbids."""
    try:
        made(town, cell)
    except Refused as no:
        return no.codes == ("lifecycle",)
    return False


def as_json(value: Any) -> Any:
    """An argument as the command line takes it."""
    if isinstance(value, Record):
        return f"{value.kind}/{value.id}"
    if isinstance(value, tuple | list):
        return [as_json(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


KINDS = list(PLACES)
