# SPDX-License-Identifier: Apache-2.0
"""`peerkit library`: guidelines, values, training and evidence of peer support, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from peerkit.cli import out
from peerkit.cli.app import App, installed
from peerkit.cli.options import as_json
from peerkit.cli.speaking import label, texts
from peerkit.texts import _, joined, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peerkit.library import Resource, Value


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def library(ctx: click.Context) -> None:
    """List what there is to read and learn from: title, publisher, year, link, and what it is for.

    peerkit ships titles and links, nobody's text. What was not seen in a source says so. Plugins that are
    installed here add theirs.
    """
    if ctx.invoked_subcommand is None:
        from peerkit.library import resources

        _show(ctx.ensure_object(App), resources(plugins=installed()))


@library.command()
@click.argument("words", nargs=-1, required=True)
@as_json
@click.pass_obj
def search(app: App, *, words: tuple[str, ...]) -> None:
    """Find resources in whose title, publisher or purpose all WORDS stand."""
    from peerkit.library import search as searching

    _show(app, searching(" ".join(words), locale=texts().locale, plugins=installed()))


@library.command()
@as_json
@click.pass_obj
def values(app: App) -> None:
    """List the guiding values and the principles of practice, with whose they are."""
    from peerkit.library import principles
    from peerkit.library import values as guiding

    if app.as_json:
        out.emit([*guiding(), *principles()])
        return
    out.title(_("Guiding values"))
    _listed(guiding())
    out.title(_("Principles of practice"))
    _listed(principles())


def _listed(found: tuple[Value, ...]) -> None:
    for one in found:
        out.hanging(verbatim(f"{one.number:>2}  "), one.words, indent=2)
    out.line(_("Source: {source}. Seen in: {seen}.", source=found[0].source, seen=found[0].seen), style="dim")


def _show(app: App, found: Iterable[Resource]) -> None:
    resources = list(found)
    if app.as_json:
        out.emit(resources)
        return
    if not resources:
        out.line(_("Nothing was found. Try other words."))
    for one in resources:
        out.title(verbatim(one.title))
        by = [one.publisher or _("publisher not known"), one.year or _("year not known")]
        out.line(joined([*by, label("resource", "about", one.about)], ", "), indent=2, style="dim")
        out.line(one.purpose, indent=2)
        out.pairs(
            [
                (_("link"), verbatim(one.link)),
                (_("languages"), verbatim(", ".join(one.languages))),
                (_("licence"), verbatim(one.licence)),
                (_("seen in"), verbatim(one.seen)),
                (_("verified"), _("yes") if one.verified else _("no")),
                (_("as of"), verbatim(one.as_of)),
                (_("id"), verbatim(one.id)),
            ],
            indent=2,
        )
