# SPDX-License-Identifier: Apache-2.0
"""`peerkit erase`: removing what records hold, for ever, as an attributable act."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from peerkit.cli import out, people
from peerkit.cli.app import App
from peerkit.cli.doing import agreed
from peerkit.cli.options import acting, as_json, database
from peerkit.texts import _, many, verbatim

if TYPE_CHECKING:
    from peerkit.kit.erasing import Erasure


@click.command()
@click.argument("records", nargs=-1)
@click.option(
    "--basis",
    metavar="CODE",
    help="On what it rests: wish, retention, mistake, or law:CITATION (law:gdpr-art-17). Needed for RECORDS.",
)
@click.option("--asked-by", metavar="NAME", help="Who asks for it; you, if it is left out.")
@click.option("--decided-by", metavar="NAME", help="Who decides it; you, if it is left out.")
@click.option(
    "--finish",
    is_flag=True,
    help="Finish what is pending: write the file anew, whatever its size. Writers wait meanwhile.",
)
@click.option("--yes", is_flag=True, help="Do not ask again. Needed where nobody can be asked.")
@acting
@database
@as_json
@click.pass_obj
def erase(
    app: App,
    *,
    records: tuple[str, ...],
    basis: str | None,
    asked_by: str | None,
    decided_by: str | None,
    finish: bool,
    yes: bool,
) -> None:
    """Remove what RECORDS (ids) hold, in every version, from index and search too.

    A person's id takes what is about them alone along. Two different humans ask and decide, and you
    are one of them. That something was there, who changed it when, and that it was erased, by whom
    and why, stays. It cannot be undone. Refused while an alert about the person is open.

    If it answers *pending*, old pages of the file may still hold copies; `peerkit health` says what it
    waits for. With --finish and no RECORDS it is finished, at an hour at which writers can wait.
    """
    if finish:
        _finish(app, alone=not (records or basis or asked_by or decided_by))
        return
    if not records or basis is None:
        raise click.UsageError(_("Say which RECORDS to erase, and with --basis on what law or wish."))
    if asked_by and decided_by:
        raise click.UsageError(_("You are one of the two: leave out --asked-by or --decided-by."))
    if not asked_by and not decided_by:
        sentence = _("Two humans ask and decide: name the other with --asked-by or --decided-by.")
        raise click.UsageError(sentence)
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            other = people.person(s, asked_by or decided_by or "").id
        if not yes:
            if not sys.stdin.isatty():
                raise click.UsageError(_("It cannot be undone: say --yes."))
            sure = many("Erase {n} record for ever?", "Erase {n} records for ever?", len(records))
            if not agreed(sure):
                raise click.Abort
        done = kit.erase(
            *records,
            basis=basis,
            asked_by=other if asked_by else actor.person,
            decided_by=other if decided_by else actor.person,
        )
    _tell(app, done)


def _tell(app: App, done: Erasure) -> None:
    if app.as_json:
        out.emit(done)
        return
    out.line(many("Erased: {n} version.", "Erased: {n} versions.", done.versions))
    if done.shared:
        out.line(
            _("These are about others too and stay. Look at each, and erase it by its id if it has to go:")
        )
        for kind, one in done.shared:
            out.line(verbatim(f"{kind} {one}"), indent=2)
    if done.pending:
        told = _(
            "Pending: old pages of the file may still hold copies. `peerkit health` says what finishes it."
        )
        out.line(told, style="yellow")


def _finish(app: App, *, alone: bool) -> None:
    if not alone:
        raise click.UsageError(_("--finish goes alone: it finishes what was erased before."))
    with app.kit() as kit:
        done = kit.compact()
    if app.as_json:
        out.emit({"pending": not done})
    elif done:
        out.line(_("Nothing is pending: no old page holds what was erased."))
    else:
        waits = _("A reader still holds old pages of the file: try again when it has let go.")
        out.line(waits, style="yellow")
