# SPDX-License-Identifier: Apache-2.0
"""`peerkit youth shift`. peerkit adds --db and --as, and hands it an object that opens the program."""

from __future__ import annotations

from typing import Any

import click

from peerkit import Activity, commands, texts

from peerkit_youth.kinds import DROP_IN, Visit
from peerkit_youth.words import _


@click.command()
@click.pass_obj
def shift(app: Any) -> None:
    """Show today's shift: who is there, how many came, who would like a call."""
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        day = commands.today(kit).isoformat()
        today = commands.every(
            s, Activity, lambda one: one.local.startswith(day), format=DROP_IN, state="planned"
        )
        names = commands.names(s, {worker for one in today for worker in one.facilitators})
        for one in today:
            visits = commands.every(s, Visit, lambda visit: visit.state != "struck", shift=one.id)
            came = sum(visit.heads for visit in visits)
            waiting = sum(visit.state == "waiting" for visit in visits)
            there = texts.listed(names[worker] for worker in one.facilitators)
            commands.title(texts.verbatim(f"{one.local[11:16]}  {one.title}"))
            commands.pairs(
                (
                    (_("on shift"), there),
                    (_("came"), came),
                    (_("would like a call"), waiting),
                )
            )
        if not today:
            app.say(_("No shift today."))
