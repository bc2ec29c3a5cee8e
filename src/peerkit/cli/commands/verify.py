# SPDX-License-Identifier: Apache-2.0
"""`peerkit verify` and `peerkit migrate`: the operator's doors that read no story."""

from __future__ import annotations

import click

from peerkit.cli import exits, out
from peerkit.cli.app import App
from peerkit.cli.options import as_json, database
from peerkit.texts import Message, _, joined, many, verbatim


@click.command()
@click.option(
    "--head", metavar="HEX", help="A head of the chain that was kept elsewhere: a receipt's, a digest's."
)
@database
@as_json
@click.pass_context
def verify(ctx: click.Context, head: str | None) -> None:
    """Walk the chain of commitments and say whether anything was changed outside peerkit.

    With --head, a head kept from an earlier receipt or digest, it proves that nothing before it was
    changed. Without one it shows only that the database agrees with itself.

    Ends with 6 if something was changed.
    """
    app: App = ctx.ensure_object(App)
    with app.kit() as kit:
        verdict = kit.verify(head)
    if app.as_json:
        out.emit(verdict)
    else:
        fine = _("Nothing was changed outside peerkit.")
        words = fine if verdict.intact else _("SOMETHING WAS CHANGED OUTSIDE PEERKIT.")
        out.line(words, style="bold green" if verdict.intact else "bold red")
        for problem in verdict.problems:
            out.line(joined([problem]), indent=2)
        out.pairs(
            [
                (_("versions"), verdict.positions),
                (_("erased"), verdict.erased),
                (_("head"), verbatim(verdict.head)),
                (_("proof"), _proof(anchored=verdict.anchored)),
            ]
        )
    if not verdict.intact:
        ctx.exit(exits.ALARM)


def _proof(*, anchored: bool) -> Message:
    if anchored:
        return _("the head given stands in the chain: nothing before it was changed")
    return _("the database agrees with itself; keep the head elsewhere, and --head proves more later")


@click.command()
@click.option(
    "--page", default=1000, show_default=True, type=click.IntRange(1, 10_000), help="Rows at a time."
)
@database
@as_json
@click.pass_obj
def migrate(app: App, page: int) -> None:
    """Bring the database's indexes up to this version of peerkit and its plugins.

    Documents stay as they were written; only what searches and conditions use is made anew. It can be
    stopped and started again.
    """
    done = 0
    with app.kit() as kit:
        while rows := kit.migrate(limit=page):
            done += rows
    if app.as_json:
        out.emit({"rewritten": done})
    else:
        rewritten = many("{n} index row rewritten.", "{n} index rows rewritten.", done)
        out.line(rewritten if done else _("Everything is up to date."))
