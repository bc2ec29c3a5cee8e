# SPDX-License-Identifier: Apache-2.0
"""`peerkit instruments`: questionnaires as data, with who is told of which answer, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import out
from peerkit.cli.app import App, installed
from peerkit.cli.commands import scoring
from peerkit.cli.options import as_json, database
from peerkit.cli.speaking import label
from peerkit.errors import NotFound
from peerkit.texts import _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.instruments import Instrument


@click.group(invoke_without_command=True)
@database
@as_json
@click.pass_context
def instruments(ctx: click.Context) -> None:
    """List questionnaires: peerkit's own, and those of plugins (of the program, with a database)."""
    if ctx.invoked_subcommand is None:
        _list(ctx.ensure_object(App))


@instruments.command("list")
@database
@as_json
@click.pass_obj
def list_(app: App) -> None:
    """The same as `peerkit instruments`."""
    _list(app)


def _list(app: App) -> None:
    found = _all(app)
    if app.as_json:
        out.emit([_plain(one) for one in found])
        return
    for one in found:
        size = many("{n} question", "{n} questions", len(one.items))
        edition = _("version {version}", version=one.version)
        out.hanging(verbatim(one.id), joined([one.title, size, edition], ", "), width=12)


@instruments.command()
@click.argument("instrument")
@click.option("--language", default="en", show_default=True, help="The language of the wording.")
@database
@as_json
@click.pass_obj
def show(app: App, instrument: str, language: str) -> None:
    """Show INSTRUMENT: its questions, what is said before the first one, and which rules alarm whom.

    A level says who must know and how soon, never how somebody is: talk is whoever is there, today
    the supervisor, now the people on call, at once.
    """
    from peerkit.instruments import load

    found = load(instrument, _supplied(app))
    if app.as_json:
        out.emit(_plain(found, language))
        return
    out.line(verbatim(f"{found.title} ({found.id} {found.version})"), style="bold")
    wording = _wording(found, language)
    for item in found.items:
        said = wording.get(item.id)
        words = verbatim(said) if said else _("(no verified wording in this language)")
        out.hanging(verbatim(item.id), words, indent=2, width=13)
    out.title(_("Shown before the first question"))
    for sentence in _beforehand(app, found):
        out.line(joined([sentence]), indent=2)
    out.title(_("Which rules make whom know"))
    levels = dict.fromkeys(str(rule.level) for rule in found.triage)
    out.pairs(
        [
            (
                label("", "level", level),
                verbatim(", ".join(rule.id for rule in found.triage if rule.level == level)),
            )
            for level in levels
        ],
        indent=2,
    )
    out.title(_("Where it comes from"))
    out.pairs(
        [(_("licence"), verbatim(found.licence.status)), (_("source"), verbatim(found.source))], indent=2
    )


def _beforehand(app: App, instrument: Instrument) -> tuple[str, ...]:
    """What the person sees first, with the program's own policy where a program is named."""
    from peerkit.safety.asking import beforehand

    if not app.url:
        return beforehand(instrument, None)
    with app.kit() as kit:
        return beforehand(instrument, kit.program)


def _all(app: App) -> list[Instrument]:
    from peerkit.instruments import installed, load

    supplied = _supplied(app)
    names = sorted({*installed(), *(one.id for one in supplied)})
    return [load(name, supplied) for name in names]


def _supplied(app: App) -> list[Instrument]:
    from peerkit.hooks import Instrument as Supplied
    from peerkit.instruments import parse

    if app.url:
        with app.kit() as kit:
            found = kit.plugins.supplies(Supplied)
    else:
        found = installed().supplies(Supplied)
    return [parse(one.text, one.source or record.name) for record, one in found]


def _wording(instrument: Instrument, language: str) -> dict[str, str]:
    try:
        return dict(instrument.wording(language).items)
    except NotFound:
        return {}


def _plain(one: Instrument, language: str = "") -> dict[str, Any]:
    wording = _wording(one, language) if language else {}
    return {
        "id": one.id,
        "version": one.version,
        "title": one.title,
        "languages": list(one.languages),
        "items": [{"id": item.id, "text": wording.get(item.id)} for item in one.items],
        "triage": [{"id": rule.id, "level": str(rule.level)} for rule in one.triage],
    }


instruments.add_command(scoring.validate)
instruments.add_command(scoring.score)
instruments.add_command(scoring.import_)
