# SPDX-License-Identifier: Apache-2.0
"""`peerkit health`: whether alarms reach anybody."""

from __future__ import annotations

import click

from peerkit.cli import exits, out, people
from peerkit.cli.app import App
from peerkit.cli.options import as_json, database


@click.command()
@database
@as_json
@click.pass_context
def health(ctx: click.Context) -> None:
    """Say whether alarms reach anybody: due alerts, deliveries, the path, channels, drills, the clock.

    Ends with 6 if an alarm may be lost or late as things are, above all when alerts are due and nobody
    delivers. A program that was never drilled is told so, and ends with 0.
    """
    app: App = ctx.ensure_object(App)
    with app.kit() as kit:
        found = kit.health()
        if app.as_json:
            out.emit({"ok": found.ok, "ready": found.ready, "deaf": found.deaf, **out.plain(found)})
        else:
            words = (
                "Ready." if found.ready else "Alarms reach somebody." if found.ok else "AN ALARM MAY BE LOST."
            )
            out.line(words, style="bold green" if found.ok else "bold red")
            for problem in found.problems:
                style = "bold red" if problem.grave else "yellow"
                out.hanging("  ! " if problem.grave else "  - ", problem.sentence, label_style=style)
            out.pairs(
                [
                    ("open alerts", found.open_alerts),
                    ("of them due", found.due_alerts),
                    ("last delivery", people.when(kit, found.heartbeat) if found.heartbeat else "never"),
                    ("last drill", people.when(kit, found.drilled) if found.drilled else "never passed"),
                ],
                indent=2,
            )
    if not found.ok:
        ctx.exit(exits.ALARM)
