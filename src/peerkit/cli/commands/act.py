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

from peerkit.cli import out, people
from peerkit.cli.app import App
from peerkit.cli.options import HOW, acting, as_json, database
from peerkit.errors import Malformed

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session
    from peerkit.model.base import Record


@click.command()
@click.argument("record")
@click.argument("name", metavar="[ACT]", required=False)
@click.option(
    "--with", "file", metavar="FILE", help="The act's arguments, a JSON object; - is standard input."
)
@click.option("--decided-by", metavar="NAME", help="Whose decision it was, if it was not yours.")
@click.option("--how", type=click.Choice(HOW), help="How they gave it; it counts as strongly as that.")
@click.option("--evidence", metavar="PLACE", help="For paper: where the paper is kept.")
@click.option(
    "--witness",
    metavar="NAME",
    help="For spoken: who else heard it (outside:WHO for somebody the program does not know).",
)
@acting
@database
@as_json
@click.pass_obj
def act(
    app: App,
    *,
    record: str,
    name: str | None,
    file: str | None,
    decided_by: str | None,
    how: str | None,
    evidence: str | None,
    witness: str | None,
) -> None:
    """Record ACT on RECORD: a kind to create one, an id or kind/id for one that is there.

    Without ACT the acts of the kind are listed, with their arguments and whose decision each is. It
    is your own decision in your own account unless --decided-by and --how say whose it was and how it
    was given. Screens, alerts and concerns have commands of their own.
    """
    from peerkit.cli.commands.records import which

    with app.kit() as kit:
        cls = kit.codec.class_of(record)
        record_id = ""
        if cls is None:
            cls, record_id = which(kit, record)
        if name is None:
            _listed(app, cls)
            return
        method = _method(cls, name, creates=not record_id)
        given = _arguments(method, file)
        with kit.session(app.actor(kit)) as s:
            arguments = {key: _record(kit, s, method, key, value) for key, value in given.items()}
            by = people.decision(s, decided_by, how, evidence=evidence, witness=witness)
            owner = s.get(cls, record_id) if record_id else cls
            saved = s.save(getattr(owner, name)(**arguments, by=by))
        _told(app, kit, saved, name, s.receipt)


def _told(app: App, kit: Kit, saved: Record, name: str, receipt: Any) -> None:
    del kit
    if app.as_json:
        found = {"kind": saved.kind, "id": saved.id, "version": saved.version, "act": name}
        out.emit({**found, "position": receipt.last, "head": receipt.head})
        return
    out.line(f"Recorded: {saved.kind} {saved.id}, version {saved.version}, {name}.", style="bold")
    others = [
        f"{kind} {record} version {version}"
        for kind, record, version in receipt.records
        if record != saved.id
    ]
    out.pairs([("with it", ", ".join(others)), ("head", receipt.head)], indent=2)


def _method(cls: type[Record], name: str, *, creates: bool) -> Callable[..., Any]:
    row = cls.table.get(name)
    fits = [one.act for one in cls.table.values() if one.creates == creates]
    if row is None or row.creates != creates:
        what = "creates one" if creates else "is made on one that is there"
        raise Malformed(f"an act that {what} is: {', '.join(fits) or 'none'}", where=f"{cls.kind}: ACT")
    found = getattr(cls, name)
    method: Callable[..., Any] = inspect.unwrap(getattr(found, "__func__", found))
    return method


def _arguments(method: Callable[..., Any], file: str | None) -> dict[str, Any]:
    """The arguments as the act takes them: lists as tuples, instants and local times read."""
    from peerkit.cli.commands.alerts import words_of

    if file is None:
        return {}
    try:
        given = json.loads(words_of(file, where="--with"))
    except ValueError:
        raise Malformed("the arguments are no JSON", where="--with") from None
    hints = {k: v for k, v in typing.get_type_hints(method).items() if k not in {"by", "return"}}
    if not isinstance(given, dict) or not given.keys() <= hints.keys():
        raise Malformed(f"a JSON object with some of: {', '.join(hints)}", where="--with")
    return {key: _value(hints[key], value, key) for key, value in given.items()}


def _record(kit: Kit, s: Session, method: Callable[..., Any], key: str, value: Any) -> Any:
    """The record that an argument names by its id (or kind/id), where the act takes the record itself."""
    from peerkit.cli.commands.records import which
    from peerkit.model.base import Record

    hint = typing.get_type_hints(method)[key]
    if not (isinstance(hint, type) and issubclass(hint, Record) and isinstance(value, str)):
        return value
    cls, record_id = which(kit, value)
    return s.get(cls, record_id)


def _value(hint: Any, value: Any, key: str) -> Any:
    if isinstance(value, list):
        return tuple(value)
    wanted = {hint, *typing.get_args(hint)}
    if date in wanted and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Malformed("a day is written like 2026-11-22", where=f"--with: {key}") from None
    if Decimal in wanted and isinstance(value, str):
        try:
            return Decimal(value)
        except ArithmeticError:
            raise Malformed('a number is written like 3 or "3.5"', where=f"--with: {key}") from None
    if datetime in wanted and isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise Malformed("an instant is written like 2026-11-22T09:30Z", where=f"--with: {key}") from None
    return value


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
        who = " or ".join("the kit itself" if w == "kit" else w for w in one["who"])
        strength = "" if one["strength"] == "none" else f", at least {one['strength']}"
        before = " or ".join("any state" if state == "*" else state for state in one["from"])
        state = "creates one" if one["creates"] else f"from {before}" if before != "-" else "adds a part"
        out.hanging(
            f"{one['act']:<14} ", f"{', '.join(one['arguments']) or 'no arguments'}", label_style="bold"
        )
        out.line(f"{state}; decided by {who}{strength}", indent=15, style="dim")
