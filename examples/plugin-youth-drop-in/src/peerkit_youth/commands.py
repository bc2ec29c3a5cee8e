# SPDX-License-Identifier: Apache-2.0
"""`peerkit youth …`. peerkit adds --db and --as, and hands each an object that opens the program."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import click

from peerkit import Activity, NotFound, Session, commands, texts
from peerkit_youth.kinds import DROP_IN, Visit
from peerkit_youth.words import TOPICS, _

topics = click.option("--topic", "topics", multiple=True, type=click.Choice(list(TOPICS)), help="What for.")


def of_today(kit: Any, s: Session) -> list[Activity]:
    """Today's shifts, but those that do not take place."""
    day = commands.today(kit)
    first, last = day.isoformat(), (day + timedelta(days=1)).isoformat()
    return commands.every(
        s,
        Activity,
        lambda one: one.local >= first,
        lambda one: one.local < last,
        lambda one: one.state != "cancelled",
        lambda one: one.state != "fell_through",
        format=DROP_IN,
    )


def mine(kit: Any, s: Session, worker: str) -> Activity:
    """Today's shift that the worker is on."""
    for one in of_today(kit, s):
        if worker in one.facilitators:
            return one
    raise NotFound(_("You are on no shift today."))


@click.command()
@click.pass_obj
def shift(app: Any) -> None:
    """Show today's shift: who is there, how many came, how many would like a call."""
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        today = of_today(kit, s)
        names = commands.names(s, {worker for one in today for worker in one.facilitators})
        for one in today:
            visits = commands.every(s, Visit, lambda visit: visit.state != "struck", shift=one.id)
            commands.title(texts.verbatim(f"{one.local[11:16]}  {one.title}"))
            commands.pairs(
                (
                    (_("on shift"), texts.listed(names[worker] for worker in one.facilitators)),
                    (_("came"), sum(visit.heads for visit in visits)),
                    (_("would like a call"), sum(visit.state == "waiting" for visit in visits)),
                )
            )
        if not today:
            commands.line(_("No shift today."))


@click.command()
@click.argument("workers", nargs=-1, required=True, metavar="WORKER…")
@click.option("--on", metavar="DAY", help="Its day, such as 2026-12-04; else today.")
@click.option(
    "--at",
    type=click.DateTime(["%H:%M"]),
    default="16:00",
    show_default=True,
    help="When it begins, on the program's clock.",
)
@click.option("--title", default="Drop-in", show_default=True, help="What it is called.")
@commands.deciding
@click.pass_obj
def plan(
    app: Any, *, workers: tuple[str, ...], on: str | None, at: datetime, title: str, decided: Any
) -> None:
    """Plan a shift with these WORKERs, two adults at least."""
    with app.kit() as kit:
        day = commands.day(on, "--on") if on else commands.today(kit)
        commands.make(
            app,
            decided,
            lambda s, by: Activity.plan(
                title=title,
                format=DROP_IN,
                facilitators=tuple(commands.person(s, worker) for worker in workers),
                local=datetime.combine(day, at.time()),
                timezone=kit.program.timezone,
                by=by,
            ),
            "plan",
        )


@click.command()
@click.argument("heads", type=click.IntRange(min=1))
@topics
@commands.deciding
@click.pass_obj
def count(app: Any, *, heads: int, topics: tuple[str, ...], decided: Any) -> None:
    """Count HEADS who came to the shift that you are on. Who they are is nowhere asked."""
    with app.kit() as kit:
        me = app.actor(kit).person
        commands.make(
            app,
            decided,
            lambda s, by: Visit.count(shift=mine(kit, s, me), worker=me, heads=heads, topics=topics, by=by),
            "count",
        )


@click.command()
@click.argument("name")
@click.option("--call", is_flag=True, help="They would like a call.")
@topics
@commands.deciding
@click.pass_obj
def hello(app: Any, *, name: str, call: bool, topics: tuple[str, ...], decided: Any) -> None:
    """NAME leaves a first name. How they like to be reached is read from the keyboard, and may be empty."""
    with app.kit() as kit:
        me = app.actor(kit).person
        way = commands.words(_("How would they like to be reached?"), needed=False)
        commands.make(
            app,
            decided,
            lambda s, by: Visit.leave_name(
                shift=mine(kit, s, me),
                worker=me,
                person=commands.person(s, name),
                first_name=name,
                way=way,
                call=call,
                topics=topics,
                by=by,
            ),
            "leave_name",
        )
