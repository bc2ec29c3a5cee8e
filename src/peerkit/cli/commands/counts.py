# SPDX-License-Identifier: Apache-2.0
"""`peerkit counts`: what a program reports, without anybody's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import attrs
import click

from peerkit.cli import out
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database

NOT_SHOWN = "not shown"


@click.command()
@click.option(
    "--from", "first", required=True, metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="The first day."
)
@click.option(
    "--to", "last", required=True, metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="The last day."
)
@click.option(
    "--own-use",
    is_flag=True,
    help="Show cells below five too, for the program's own use and not to pass on; it is logged.",
)
@click.option(
    "--as-of", type=int, metavar="POSITION", help="As the records were then: the feed position of a count."
)
@acting
@database
@as_json
@click.pass_obj
def counts(app: App, *, first: datetime, last: datetime, own_use: bool, as_of: int | None) -> None:
    """Count people, meetings, calls, groups, hours, waits, referrals, beginnings and endings.

    For a coordinator. DAY is written like 2026-03-31, both days belong to the period, in the program's time
    zone. No cell below five is shown, nor one that would give such a cell away.
    """
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = s.counts(first.date(), last.date(), own_use=own_use, as_of=as_of)
        if app.as_json:
            out.emit({**attrs.asdict(found), "hours": found.hours})
            return
        _title(kit.program.name, found.first, found.last)
        waiting, begun = found.waiting, found.begun
        days = (found.timezone, f"as of position {found.position}")
        out.line(", ".join(days), style="dim")
        if own_use:
            out.line("With small cells: for the program's own use, not to be passed on.", style="bold")
        _table(
            "People and meetings",
            {
                "individuals": found.individuals,
                "meetings": found.meetings,
                "calls, person known": found.calls_named,
                "calls without a name": found.calls_nameless,
                "group sessions": found.sessions,
                "attendances": found.attendances,
                "sessions not counted": found.uncounted,
            },
        )
        _table("Hours", found.hours)
        _table("Support given in", found.support)
        _table("Calls", found.channels)
        _table("Group sessions", found.formats)
        _table(
            "Waits",
            {
                "waiting at the end": waiting.number,
                "days waited, median": _of(waiting.number, waiting.median_days),
                "days waited, longest": _of(waiting.number, waiting.longest_days),
                "relationships begun": begun.number,
                "days until then, median": _of(begun.number, begun.median_days),
                "days until then, longest": _of(begun.number, begun.longest_days),
            },
        )
        _table("Relationships ended", found.ended)
        _table("Referrals", {"sent or gone for alone": found.referrals, **found.outcomes})
        _table("Did you get what you needed?", found.answers)
        if found.unreadable:
            out.line(
                f"{found.unreadable} records could not be read and are not counted: see `peerkit health`.",
                style="bold red",
            )


def _title(name: str, first: date, last: date) -> None:
    out.line(f"{name}, {first.isoformat()} to {last.isoformat()}", style="bold")


def _of(number: int | None, value: float | None) -> float | str | None:
    """Nobody, so no days: a dash and no hidden cell."""
    return "-" if number == 0 else value


def _table(title: str, cells: Mapping[str, float | str | None]) -> None:
    if cells:
        out.title(title)
        out.pairs(
            [
                (name.replace("_", " "), NOT_SHOWN if held is None else str(held))
                for name, held in cells.items()
            ],
            indent=2,
        )
