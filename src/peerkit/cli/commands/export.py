# SPDX-License-Identifier: Apache-2.0
"""`peerkit export`: letting records out through the gate."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from peerkit.cli import out
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import say
from peerkit.errors import Malformed, NotFound, PluginError
from peerkit.paper import new_file
from peerkit.texts import _

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session

PURPOSES = ("referral", "care", "report", "research", "export", "notice")
CLASSES = ("identity", "contact", "own", "safety", "health", "operational", "public")


@click.command()
@click.argument("kind")
@click.option(
    "--to", required=True, metavar="RECIPIENT", help="A recipient's id or name; `me` takes out your own."
)
@click.option("--purpose", required=True, type=click.Choice(PURPOSES), help="What it is let out for.")
@click.option(
    "--where", multiple=True, metavar="FIELD=VALUE", help="Only records with this value of an indexed field."
)
@click.option(
    "--only", multiple=True, type=click.Choice(CLASSES), help="Let out these classes of data at most."
)
@click.option("--format", "form", default="jsonl", show_default=True, help="jsonl, or a format of a plugin.")
@click.option("--output", metavar="FILE", help="A new file, readable by you alone. Else standard output.")
@acting
@database
@as_json
@click.pass_obj
def export(
    app: App,
    *,
    kind: str,
    to: str,
    purpose: str,
    where: tuple[str, ...],
    only: tuple[str, ...],
    form: str,
    output: str | None,
) -> None:
    """Let records of KIND (such as goal_plan) out to a recipient, as far as consent goes now.

    The gate asks for each page whether this recipient may have this class of data of this person for
    this purpose, gives only that, and first writes down what leaves: the person can read it. What is
    withheld is counted on standard error.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        cls = kit.codec.class_of(kind)
        if cls is None:
            raise Malformed(_("there is no such kind here"), where="KIND")
        from peerkit.gate import Wanted

        with kit.session(actor) as s:
            recipient = actor.person if to == "me" else _recipient(s, to)
        wanted = Wanted(cls, equal=dict(_equal(one) for one in where))
        tally, bodies = Tally(), kit.program.governance
        pages = tally.count(kit.disclose(wanted, to=recipient, purpose=purpose, actor=actor, classes=only))
        with _sink(output) as sink:
            for piece in _written(kit, form, pages):
                sink.write(piece)
    if app.as_json:
        told_of = {"governance": [one.body for one in bodies]} if bodies else {}
        click.echo(
            json.dumps({"left": tally.left, "withheld": tally.withheld, **told_of}), err=output is None
        )
    else:
        told = _(
            "{left} left, {withheld} withheld: no consent opens it now, or they are still new.",
            left=tally.left,
            withheld=tally.withheld,
        )
        click.echo(say(told), err=True)
        for one in bodies:
            asked = _("{body} decides too about data of {community}.", body=one.body, community=one.community)
            click.echo(say(asked), err=True)


class Tally:
    """Counts what left and what was withheld, while the pages go by."""

    def __init__(self) -> None:
        self.left = 0
        self.withheld = 0

    def count(self, pages: Iterable[Any]) -> Iterator[Sequence[Mapping[str, Any]]]:
        """The pages, counted."""
        for page in pages:
            self.left += len(page)
            self.withheld += page.withheld
            yield page


def _equal(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise Malformed(_("it is written FIELD=VALUE"), where="--where")
    return name, value


def _recipient(s: Session, to: str) -> str:
    from peerkit import Recipient

    try:
        return s.get(Recipient, to).id
    except NotFound:
        named = s.find(Recipient, name=to, state="active")
    if len(named) != 1:
        raise NotFound(_("there is no active recipient of that id or name, or more than one of that name"))
    return named[0].id


def _written(kit: Kit, form: str, pages: Iterator[Sequence[Mapping[str, Any]]]) -> Iterator[bytes]:
    from peerkit.hooks import ExportFormat

    formats = {supply.name: supply for _, supply in kit.plugins.supplies(ExportFormat)}
    if form in formats:
        yield from formats[form].make().export(pages)
    elif form == "jsonl":
        for page in pages:
            for document in page:
                yield json.dumps(out.plain(document), ensure_ascii=False, sort_keys=True).encode() + b"\n"
    else:
        names = ", ".join(sorted({"jsonl", *formats}))
        raise PluginError(_("nobody supplies this export format; there are {names}", names=names))


@contextmanager
def _sink(output: str | None) -> Iterator[BinaryIO]:
    if output is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with os.fdopen(new_file(Path(output), "--output"), "wb") as file:
        yield file
