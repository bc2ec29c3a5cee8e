# SPDX-License-Identifier: Apache-2.0
"""Lifecycle tables, and the acts that a value carries to `save`.

A table has one line an act, beside the class whose methods are the acts:

    of     from             act    to       who     strength
    goals  suggested,aside  adopt  adopted  person  witnessed

`of` names the part collection whose state changes (`-`: the record itself); `from` lists the states
it may be in (`-`: it is created, `*`: any); `to` is the state after (`=`: unchanged; `a|b`: the
method itself sets one of these); `who` is
whose decision it is: the name of a field that holds a person's id, several joined by `|` (any one
of them), `anyone`, or `kit` (peerkit's own rules only); `strength` is the least strength.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import attrs

from peerkit.errors import Malformed, Objection, PeerkitError, Refused
from peerkit.model.decision import OWN_DECISION, Decision, Strength
from peerkit.model.ids import recording, replaying, using

F = TypeVar("F", bound=Callable[..., Any])
_HEADER = ("of", "from", "act", "to", "who", "strength")


@attrs.frozen
class Row:
    """One line of a lifecycle table."""

    of: str
    sources: tuple[str, ...]
    act: str
    to: str
    who: tuple[str, ...]
    strength: Strength

    @property
    def creates(self) -> bool:
        """Whether the act makes a new record."""
        return self.of == "-" and self.sources == ("-",)


@attrs.frozen
class Act:
    """One act on a value: its name, its arguments (body), whose decision it is (envelope).

    `ids` are the fresh ids that it made: with them the act gives the same value again (`replay`).
    """

    name: str
    args: Mapping[str, Any] = attrs.field(repr=False)
    decision: Decision
    creates: bool
    ids: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Trail:
    """What explains a value: the stored version it stands on, and the acts since."""

    base: int
    acts: tuple[Act, ...] = ()
    envelope: Any = attrs.field(default=None, repr=False)
    before: Any = attrs.field(default=None, repr=False)
    """The stored value that the first of the acts was made on (None for a creation)."""
    body: bytes | None = attrs.field(default=None, repr=False)
    """The document's own bytes, while no act has been made on it: what a signature is about."""


def parse_table(kind: str, text: str) -> dict[str, Row]:
    """The rows of a lifecycle table by act name; Malformed where a line does not fit."""
    lines = [line.split() for line in text.strip().splitlines() if line.strip()]
    if not lines or tuple(lines[0]) != _HEADER:
        raise Malformed(f"a lifecycle table starts with the line: {' '.join(_HEADER)}", where=kind)
    rows: dict[str, Row] = {}
    for number, cells in enumerate(lines[1:], start=1):
        where = f"{kind}: line {number}"
        if len(cells) != len(_HEADER):
            raise Malformed(f"a lifecycle line has {len(_HEADER)} columns", where=where)
        of, sources, name, to, who, strength = cells
        if name in rows:
            raise Malformed(f"the act {name} stands twice in the table", where=where)
        if strength not in Strength.__members__:
            raise Malformed(f"strength is one of {', '.join(Strength.__members__)}", where=where)
        rows[name] = Row(of, tuple(sources.split(",")), name, to, tuple(who.split("|")), Strength[strength])
    return rows


def act(method: F) -> F:
    """Marks a method as an act of the record's lifecycle table.

    The method returns the value after the act, without the state, which the table sets. `by=` is a
    `Decision`; left out, the session's actor decides. Calling the method is pure.
    """
    method.__peerkit_act__ = True  # type: ignore[attr-defined]
    return method


def is_act(method: Any) -> bool:
    """Whether `act` marked the method."""
    return getattr(method, "__peerkit_act__", False) is True


def wrap(method: Callable[..., Any], row: Row, kind: str) -> Callable[..., Any]:
    """The method as callers get it: it applies the table's states and carries the act on the result."""
    code = method.__code__
    names = code.co_varnames[1 : code.co_argcount]
    takes_by = "by" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    where = f"{kind}.{row.act}"
    if not takes_by:
        raise Malformed("an act takes by= (a Decision)", where=where)
    several = tuple(n for n, hint in method.__annotations__.items() if str(hint).startswith("tuple"))

    def call(owner: Any, /, *args: Any, **kwargs: Any) -> Any:
        decision = kwargs.get("by")
        if not isinstance(decision, Decision):
            decision = OWN_DECISION if decision is None else Decision.of(decision)
        kwargs["by"] = decision
        given = dict(zip(names, args, strict=False)) | kwargs
        fresh: list[str] = []
        try:
            for name in several:
                _several(given.get(name), f"{where}.{name}")
            with recording(fresh):
                result = method(owner, *args, **kwargs)
        except PeerkitError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever a wrong argument led to; it may quote it
            raise Malformed(_misuse(error, method, (owner, *args), kwargs), where=where) from None
        recorded = {k: v for k, v in given.items() if v is not None and k != "by"}
        made = Act(row.act, recorded, decision, row.creates, tuple(fresh))
        if row.creates:
            return _carry(_left(result, row, where), Trail(0, (made,)))
        result = _after(owner, result, row, given.get(names[0]) if names else None, kind)
        trail: Trail | None = owner.trail
        if trail is None:
            return result  # stands on nothing that was read or created: save will say so
        before = trail.before if trail.acts else owner
        return _carry(result, Trail(trail.base, (*trail.acts, made), trail.envelope, before))

    for name in ("__name__", "__qualname__", "__doc__", "__module__", "__annotations__"):
        setattr(call, name, getattr(method, name))
    call.__wrapped__ = method  # type: ignore[attr-defined]
    call.__peerkit_act__ = True  # type: ignore[attr-defined]
    call.__peerkit_row__ = row  # type: ignore[attr-defined]
    return call


def _state(owner: Any, row: Row, target: Any, kind: str) -> str | None:
    """The state that the act leaves, checked against the table."""
    where = f"{kind}.{row.act}"
    if row.of == "-":
        state = cast("str | None", getattr(owner, "state", None))
    elif row.sources == ("-",):
        return None  # adds a part
    else:
        part = next((p for p in getattr(owner, row.of) if p.id == target), None)
        if part is None:
            raise Refused(
                [Objection("unknown-part", f"{where}: {row.of} has none of that id", kind, owner.id)]
            )
        state = part.state
    if row.sources != ("*",) and state not in row.sources:
        sentence = f"{where} is for {' or '.join(row.sources)}; this is {state}"
        raise Refused([Objection("lifecycle", sentence, kind, owner.id)])
    return state


def replay(acts: Iterable[Act], on: Any) -> Any:
    """The acts made anew on another version of their record: same arguments, decisions and ids.

    Refused or Malformed where they do not hold for it.
    """
    for one in acts:
        with using(replaying(one.ids)):
            on = getattr(on, one.name)(**one.args, by=one.decision)
    return on


def _after(owner: Any, result: Any, row: Row, target: Any, kind: str) -> Any:
    """What the method gave, in the state that the table sends it, or the part meant, to."""
    where = f"{kind}.{row.act}"
    state = _state(owner, row, target if row.of != "-" else None, kind)
    if type(result) is not type(owner) or result.id != owner.id:
        raise Malformed("an act gives the record that it was called on", where=where)
    if row.of == "-":
        result = _left(result, row, where)
    elif state is not None and row.to != "=":
        parts = tuple(attrs.evolve(p, state=row.to) if p.id == target else p for p in getattr(result, row.of))
        result = attrs.evolve(result, **{row.of: parts})
    return with_trail(owner, None) if result is owner else result  # the owner itself stays without the act


def _left(result: Any, row: Row, where: str) -> Any:
    """The record in the state that the table sends it to; where it names several, the method chose."""
    if row.to in {"=", "-"} or not hasattr(result, "state"):
        return result
    if "|" in row.to:
        if result.state not in row.to.split("|"):
            raise Malformed("the act left a state that its table does not name", where=where)
        return result
    return result if result.state == row.to else attrs.evolve(result, state=row.to)


def _carry(value: Any, trail: Trail | None) -> Any:
    object.__setattr__(value, "trail", trail)
    return value


@functools.cache
def _slots(cls: type[Any]) -> tuple[Any, ...]:
    return tuple(getattr(cls, field.name) for field in attrs.fields(cls) if field.name != "trail")


def with_trail(value: Any, trail: Trail | None) -> Any:
    """A copy of a record with this trail. Its fields are known to fit, so they are taken over as they are;
    `attrs.evolve` would judge them again."""
    cls = type(value)
    made = object.__new__(cls)
    for slot in _slots(cls):  # type: ignore[arg-type]  # a class is hashable
        slot.__set__(made, slot.__get__(value))
    return _carry(made, trail)


def _several(value: Any, where: str) -> None:
    if isinstance(value, str | bytes | Mapping):  # tuple("en") is ("e", "n")
        raise Malformed("several values are needed, as in (one, another)", where=where)


def _misuse(error: Exception, method: Callable[..., Any], args: Any, kwargs: Any) -> str:
    """What is wrong with a call: its form, in Python's words (they name arguments only), or a value."""
    try:
        inspect.signature(method).bind(*args, **kwargs)
    except TypeError as form:
        return f"the act is called otherwise: {form}"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace is not None else ""
    return f"an argument does not fit: {type(error).__name__}{place}"
