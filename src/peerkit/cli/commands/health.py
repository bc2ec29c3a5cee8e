# SPDX-License-Identifier: Apache-2.0
"""`peerkit health`: whether alarms reach anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from peerkit.cli import exits, out, people
from peerkit.cli.app import App
from peerkit.cli.options import as_json, database
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.delivery import Health


@click.command()
@database
@as_json
@click.pass_context
def health(ctx: click.Context) -> None:
    """Say whether alarms reach anybody: due alerts, deliveries, the path, channels, drills, the clock.

    Ends with 6 if an alarm may be lost or late as things are, above all when alerts are due and nobody
    delivers, or an alert has reached nobody. A program that was never drilled is told so, and ends with 0.
    """
    app: App = ctx.ensure_object(App)
    with app.kit() as kit:
        found = kit.health()
        if app.as_json:
            out.emit(
                {
                    "ok": found.ok,
                    "shown": found.shown,
                    "ready": found.ready,
                    "deaf": found.deaf,
                    **out.plain(found),
                }
            )
        else:
            out.line(_headline(found), style=_style(found))
            for problem in found.problems:
                style = "bold red" if problem.grave else "yellow"
                mark = verbatim("! " if problem.grave else "- ")
                out.hanging(mark, joined([problem.sentence]), label_style=style, indent=2)
            out.pairs(
                [
                    (_("open alerts"), found.open_alerts),
                    (_("of them due"), found.due_alerts),
                    (
                        _("last delivery"),
                        people.when(kit, found.heartbeat) if found.heartbeat else _("never"),
                    ),
                    (
                        _("last drill"),
                        people.when(kit, found.drilled) if found.drilled else _("never passed"),
                    ),
                ],
                indent=2,
            )
    if not found.ok:
        ctx.exit(exits.ALARM)


def _headline(found: Health) -> Message:
    if found.ready:
        return _("Ready.")
    if found.shown:
        return _("Alarms reach somebody.")
    unshown = _("NOT SHOWN YET that an alarm reaches somebody.")
    return unshown if found.ok else _("AN ALARM MAY BE LOST.")


def _style(found: Health) -> str:
    return "bold red" if not found.ok else "bold green" if found.shown else "bold yellow"
