# SPDX-License-Identifier: Apache-2.0
"""`peerkit act`: any act on any record, with whose decision it was. Nothing here goes around a rule."""

from __future__ import annotations

import inspect
import json
import typing
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import doing, out
from peerkit.cli.app import App
from peerkit.cli.commands.records import Found, which
from peerkit.cli.speaking import label
from peerkit.errors import Malformed, NotFound
from peerkit.kit.kinds import unknown
from peerkit.model.base import Record
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session


@click.command()
@click.argument("record")
@click.argument("name", metavar="[ACT]", required=False)
@click.option(
    "--with", "file", metavar="FILE", help="The act's arguments, a JSON object; - is standard input."
)
@doing.deciding
@click.pass_obj
def act(
    app: App,
    *,
    record: str,
    name: str | None,
    file: str | None,
    decided: doing.Decided,
) -> None:
    """Record ACT on RECORD: a kind to create one, an id or kind/id for one that is there.

    Without ACT the acts of the kind are listed, with their arguments and whose decision each is. An
    argument that refers to a record is its id, or kind/id, as commands print it; somebody may be named. It
    is your own decision in your own account unless --decided-by and --how say whose it was and how it was
    given. Screens, alerts and concerns have commands of their own.
    """
    with app.kit() as kit:
        cls = kit.codec.class_of(record)
        record_id = ""
        if cls is None:
            found = _found(kit, record)
            cls, record_id = found.known(), found.id
        if name is None:
            _listed(app, cls)
            return
        method = _method(cls, name, creates=not record_id)
        given = _given(cls, method, file)
        with kit.session(app.actor(kit)) as s:
            arguments = {key: _value(s, hint, value, key) for key, (hint, value) in given.items()}
            by = decided.of(s)
            owner = s.get(cls, record_id) if record_id else cls
            saved = s.save(getattr(owner, name)(**arguments, by=by))
        doing.told(app, saved, name, s.receipt, whole=True)
        doing.unwatched(app, kit, s, saved, name)


def _method(cls: type[Record], name: str, *, creates: bool) -> Callable[..., Any]:
    row = cls.table.get(name)
    fits = [one.act for one in cls.table.values() if one.creates == creates]
    if row is None or row.creates != creates:
        names = ", ".join(fits) or "-"
        if creates:
            raise Malformed(_("an act that creates one is: {names}", names=names), where=f"{cls.kind}: ACT")
        sentence = _("an act that is made on one that is there is: {names}", names=names)
        raise Malformed(sentence, where=f"{cls.kind}: ACT")
    found = getattr(cls, name)
    method: Callable[..., Any] = inspect.unwrap(getattr(found, "__func__", found))
    return method


def _found(kit: Kit, record: str) -> Found:
    if record in unknown(kit):
        return Found(record, "", None)
    try:
        return which(kit, record)
    except NotFound:
        raise NotFound(_("there is no record of that id for you, and no kind of that name")) from None


def _hints(cls: type[Record], method: Callable[..., Any]) -> dict[str, Any]:
    """What each argument of an act is. One that is called like a field for people names a person, or several,
    also where the act says no more than that it is a text."""
    from peerkit.model.people import Person

    hints = {k: v for k, v in typing.get_type_hints(method).items() if k not in {"by", "return"}}
    for key in hints.keys() & set(cls.subject_fields):
        several = typing.get_origin(hints[key]) is tuple
        one = typing.get_args(hints[key])[0] if several else hints[key]
        if one is str or Record in typing.get_args(one):
            hints[key] = tuple[Person | str, ...] if several else Person | str
    return hints


def _given(cls: type[Record], method: Callable[..., Any], file: str | None) -> dict[str, tuple[Any, Any]]:
    """The arguments that were given, each with the type that the act takes."""
    if file is None:
        return {}
    try:
        given = json.loads(doing.words_of(file, where="--with"))
    except ValueError:
        raise Malformed(_("the arguments are no JSON"), where="--with") from None
    hints = _hints(cls, method)
    if not isinstance(given, dict) or not given.keys() <= hints.keys():
        raise Malformed(_("a JSON object with some of: {names}", names=", ".join(hints)), where="--with")
    return {key: (hints[key], value) for key, value in given.items()}


def _value(s: Session, hint: Any, value: Any, key: str) -> Any:
    """An argument as the act takes it: lists as tuples, days, instants and local times read, a record by
    its id, which must be there."""
    where = f"--with: {key}"
    wanted = typing.get_args(hint) or (hint,)
    if isinstance(value, list):
        inner = next((typing.get_args(one) for one in (hint, *wanted) if typing.get_origin(one) is tuple), ())
        return tuple(_value(s, inner[0], one, key) if inner else one for one in value)
    kinds = [one for one in wanted if isinstance(one, type) and issubclass(one, Record)]
    if kinds and value is not None:
        return _record(s, kinds[0], value, where, whole=str not in wanted)
    if isinstance(value, str):
        for kind, read, like in _READ:
            if kind in wanted:
                try:
                    return read(value)
                except (ValueError, ArithmeticError):
                    raise Malformed(like, where=where) from None
    return value


_READ: tuple[tuple[type, Callable[[str], Any], Message], ...] = (
    (datetime, datetime.fromisoformat, _("an instant is written like 2026-11-22T09:30Z")),
    (date, date.fromisoformat, _("a day is written like 2026-11-22")),
    (Decimal, Decimal, _('a number is written like 3 or "3.5"')),
)
"""How a text is read where an act takes something else, and how it is to be written."""


def _record(s: Session, kind: type[Record], value: Any, where: str, *, whole: bool) -> Any:
    """What an act takes where it refers to a record. The reference is an id, or kind/id, as commands print
    them; for a person their name too, among those whom the actor may read. An act that takes ids gets the
    id; one that wants the `whole` record gets it as the actor may read it."""
    if not isinstance(value, str) or not value:
        raise Malformed(_("a record is given by its id, or kind/id"), where=where)
    try:
        found = which(s.kit, _somebody(s, kind, value))
        if not issubclass(found.cls or kind, kind):
            raise NotFound
        return s.get(found.known(), found.id) if whole else found.id
    except (NotFound, Malformed):
        of = kind.kind or "record"
        sentence = _("{where} names a {kind}, and there is none of that id for you", where=where, kind=of)
        raise NotFound(sentence) from None


def _somebody(s: Session, kind: type[Record], value: str) -> str:
    """The reference, where it is one; the id of whoever has that name, where a person is meant."""
    from peerkit.cli import people
    from peerkit.model.ids import is_id

    named = kind.kind == "person" and not is_id(value.rpartition("/")[2])
    return people.person(s, value).id if named else value


def _listed(app: App, cls: type[Record]) -> None:
    acts: list[dict[str, Any]] = []
    for row in cls.table.values():
        method = _method(cls, row.act, creates=row.creates)
        parameters = [one for one in inspect.signature(method).parameters if one not in {"self", "cls", "by"}]
        acts.append(
            {
                "act": row.act,
                "creates": row.creates,
                "from": list(row.sources),
                "to": row.to,
                "who": list(row.who),
                "strength": row.strength.name,
                "arguments": parameters,
            }
        )
    if app.as_json:
        out.emit(acts)
        return
    for one in acts:
        told = _signature(cls, _method(cls, one["act"], creates=one["creates"]))
        arguments = verbatim(told) if told else _("no arguments")
        out.hanging(verbatim(one["act"]), arguments, label_style="bold", width=15)
        out.line(joined([_state(cls, one), _decided(one)], "; "), indent=15, style="dim")


def _state(cls: type[Record], one: dict[str, Any]) -> Message:
    """From which state an act leads on."""
    row = cls.table[one["act"]]
    field = "state" if row.of == "-" else f"{row.of}.state"
    if one["creates"]:
        return _("creates one")
    if row.sources == ("-",):
        return _("adds a part")
    if row.sources == ("*",):
        return _("from any state")
    return _("from {states}", states=joined([label(cls.kind, field, state) for state in row.sources], " / "))


def _decided(one: dict[str, Any]) -> Message:
    """Whose decision an act is, and how strong it must be at least."""
    who = joined(
        [_("the kit itself") if who == "kit" else label("", "role", who) for who in one["who"]], " / "
    )
    if one["strength"] == "none":
        return _("decided by {who}", who=who)
    return _(
        "decided by {who}, at least {strength}", who=who, strength=label("", "strength", one["strength"])
    )


def _signature(cls: type[Record], method: Callable[..., Any]) -> str:
    """The arguments as somebody would write them: what is no text says so, what may be left out stands in
    brackets."""
    hints, told = _hints(cls, method), []
    for name, parameter in inspect.signature(method).parameters.items():
        if name in {"self", "cls", "by"}:
            continue
        form = f"{name}{_form(hints.get(name))}"
        told.append(form if parameter.default is parameter.empty else f"[{form}]")
    return ", ".join(told)


def _form(hint: Any) -> str:
    wanted = typing.get_args(hint) or (hint,)
    if any(isinstance(one, type) and issubclass(one, Record) for one in wanted):
        return " ID"
    if datetime in wanted:
        return " INSTANT"
    if date in wanted:
        return " DAY"
    several = any(typing.get_origin(one) is tuple for one in (hint, *wanted))
    return " LIST" if several else " NUMBER" if int in wanted or float in wanted else ""
