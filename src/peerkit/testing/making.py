# SPDX-License-Identifier: Apache-2.0
"""One valid record of any kind, with no more said than the test cares about."""

from __future__ import annotations

import enum
import functools
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import attrs

from peerkit.codec import Codec
from peerkit.errors import Malformed
from peerkit.model.acts import Trail
from peerkit.model.base import Record
from peerkit.model.decision import Decision
from peerkit.model.ids import new_id
from peerkit.ports import ActLine, Envelope

R = TypeVar("R", bound=Record)

AT = datetime(2026, 1, 5, 15, tzinfo=UTC)
"""The instant of whatever `make` fills in: a Monday morning in Ontario."""


def _plan_with_a_goal() -> Record:
    from peerkit.model.plan import GoalPlan

    plan = make(GoalPlan).add_goal("Walk to the library on Saturdays")
    levels = ("not at all", "once a month", "every second week", "every week", "twice a week")
    return plan.write_scale(plan.goals[0].id, levels)


def _stored_plan() -> Record:
    from peerkit.model.plan import GoalPlan

    return make(GoalPlan, version=1)


def _noted_goal(given: Mapping[str, Any]) -> str:
    return str(given["plan"].goals[0].id)


def _questionnaire() -> str:
    from peerkit.simulating.words import QUESTIONNAIRE  # with it comes all of the simulation

    return QUESTIONNAIRE.format(version="1.0")


_EXAMPLES: dict[str, dict[str, Callable[[Mapping[str, Any]], Any]]] = {
    "person": {"name": lambda _: "Maya Example (fictional)"},
    "peer_supporter": {"experience": lambda _: "own"},
    "program": {"settings": lambda _: {"name": "Example program (fictional)"}},
    "appointment": {"role": lambda _: "coordinator"},
    "letter": {"of": lambda _: "hours", "sha256": lambda _: "0" * 64},
    "leave": {"starts": lambda _: AT, "ends": lambda given: given["starts"] + timedelta(days=7)},
    "meeting": {
        "local": lambda _: AT.replace(tzinfo=None),
        "timezone": lambda _: "America/Toronto",
    },
    "activity": {
        "format": lambda _: "drop_in",
        "facilitators": lambda _: (new_id(),),
        "local": lambda _: AT.replace(tzinfo=None),
        "timezone": lambda _: "America/Toronto",
    },
    "interaction": {
        "channel": lambda _: "call",
        "local": lambda _: AT.replace(tzinfo=None),
        "timezone": lambda _: "America/Toronto",
    },
    "progress": {"plan": lambda _: _plan_with_a_goal(), "goal": _noted_goal},
    "signature": {"what": lambda _: _stored_plan(), "signed_as": lambda _: "person"},
    "reply": {"about": lambda _: _stored_plan()},
    "questionnaire": {"text": lambda _: _questionnaire()},
    "measure": {"round": lambda _: "baseline"},
    "consent": {"classes": lambda _: ("identity", "contact", "own"), "purpose": lambda _: "referral"},
    "authority": {
        "areas": lambda _: ("sharing",),
        "basis": lambda _: "guardian",
        "look_on": lambda _: AT.date() + timedelta(days=90),
    },
    "alert": {"level": lambda _: "today"},
    "break_glass": {"reason": lambda _: "example"},
    "duty_report": {"duty": lambda _: "child-protection"},
    "restoration": {"cause": lambda _: "restored"},
    "withheld": {"cause": lambda _: "refused"},
    "service": {"entry": lambda _: {"name": "Example library (fictional)"}},
}
"""For kinds whose arguments have a form of their own; the rest is made from the arguments' types."""


def make(kind: type[R], /, *, through: str = "", version: int | None = None, **fields: Any) -> R:
    """A valid record of any kind, the core's or a plugin's, with sensible fictional values.

    With arguments of its creation act alone it is as that act made it: it carries the act, and `save`
    takes it. `through` names the creation act where a kind has several (`make(Consent,
    through="refuse")`; otherwise the first of its table), and `by` may be its `Decision`.

    Other fields of the record (`make(Referral, state="sent")`), or a `version` above 0, give a value as
    if read from a store at that version (1 unless told): acts can be made on it, and `save` will say
    Conflict, since no store holds it.

    Malformed for a name that is neither an argument nor a field, and for a kind without a creation act.
    """
    creation = _creation(kind, through)
    arguments = _arguments(inspect.unwrap(creation))
    ours = {name: value for name, value in fields.items() if name in arguments}
    if isinstance(fields.get("by"), Decision):  # some kinds have a field of this name
        ours["by"] = fields["by"]
    rest = {name: value for name, value in fields.items() if name not in ours}
    known = {field.name for field in attrs.fields(kind) if field.init}
    if strange := sorted(rest.keys() - known):
        raise Malformed(f"{kind.kind} has no field or argument of this name", where=strange[0])
    for name, (hint, needed) in arguments.items():
        if needed and name not in ours:
            ours[name] = _argument(kind.kind, name, hint, ours)
    made: R = creation(**ours)
    if not rest and not version:
        return made
    return _as_stored(attrs.evolve(made, **rest), made, version or 1)


def _argument(kind: str, name: str, hint: Any, given: Mapping[str, Any]) -> Any:
    example = _EXAMPLES.get(kind, {}).get(name)
    if example is None:
        return _example(name, hint)
    try:
        return example(given)
    except (TypeError, AttributeError, LookupError):
        raise Malformed("give this argument too: it goes with another one", where=name) from None


def _creation(kind: type[Record], through: str) -> Callable[..., Any]:
    names = [row.act for row in kind.table.values() if row.creates]
    if through and through not in names:
        raise Malformed(f"{kind.kind} is created by {' or '.join(names) or 'no act'}", where="make.through")
    if not names:
        raise Malformed(f"no act creates a {kind.kind}", where="make")
    found: Callable[..., Any] = getattr(kind, through or names[0])
    return found


@functools.cache
def _arguments(method: Callable[..., Any]) -> Mapping[str, tuple[Any, bool]]:
    """The arguments of a creation act's method: name → its type, and whether it must be given."""
    hints = typing.get_type_hints(method)
    return {
        name: (hints.get(name, Any), parameter.default is parameter.empty)
        for name, parameter in list(inspect.signature(method).parameters.items())[1:]
        if name != "by"
    }


_BY_TYPE: dict[Any, Callable[[], Any]] = {
    str: lambda: "example",
    int: lambda: 1,
    float: lambda: 1.0,
    Decimal: lambda: Decimal(1),
    bool: lambda: False,
    bytes: lambda: b"",
    datetime: lambda: AT,
    date: AT.date,
    timedelta: lambda: timedelta(hours=1),
}


def _example(name: str, hint: Any) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        if Record in inner:
            return new_id()  # a record or its id: nobody in particular
        if type(None) in inner:
            return None
        return _example(name, inner[0])
    if origin is tuple or hint is tuple:
        return ()
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {}
    if hint in _BY_TYPE:
        return _BY_TYPE[hint]()
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return next(iter(hint))
    if isinstance(hint, type) and issubclass(hint, Record):
        return make(hint)
    raise Malformed("make knows no example for an argument of this type: give one", where=name)


def _as_stored(value: R, made: Record, version: int) -> R:
    acts = tuple(
        ActLine(
            act.name,
            act.decision.by or "",
            act.decision.how.value,
            int(act.decision.strength),
            act.decision.on_behalf_of or "",
        )
        for act in (made.trail.acts if made.trail is not None else ())
    )
    envelope = Envelope(
        version, value.id, value.kind, version, value.doc_version, value.subjects, AT, "example", acts
    )
    body = Codec(lambda _: type(value)).encode(value)
    object.__setattr__(value, "trail", Trail(version, (), envelope, None, body))
    return value
