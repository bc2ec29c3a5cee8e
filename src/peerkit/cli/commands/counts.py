# SPDX-License-Identifier: Apache-2.0
"""`peerkit counts`: what a program reports, without anybody's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import attrs
import click

from peerkit.cli import out
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import label
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.kit.counts import Counts

NOT_SHOWN = _("not shown")


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
    zone. No cell below five is shown, nor one that would give such a cell away. Modules add their own
    sections.
    """
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = s.counts(first.date(), last.date(), own_use=own_use, as_of=as_of)
        if app.as_json:
            out.emit({**attrs.asdict(found), "hours": found.hours})
            return
        _shown(kit.program.name, found)


def _shown(name: str, found: Counts) -> None:
    period = _("{name}, {first} to {last}", name=verbatim(name), first=f"{found.first}", last=f"{found.last}")
    out.line(period, style="bold")
    as_of = _("{zone}, as of position {position}", zone=found.timezone, position=found.position)
    out.line(as_of, style="dim")
    if found.own_use:
        out.line(_("With small cells: for the program's own use, not to be passed on."), style="bold")
    waiting, begun = found.waiting, found.begun
    _table(
        _("People and meetings"),
        [
            (_("individuals"), found.individuals),
            (_("meetings"), found.meetings),
            (_("calls, person known"), found.calls_named),
            (_("calls without a name"), found.calls_nameless),
            (_("group sessions"), found.sessions),
            (_("attendances"), found.attendances),
            (_("sessions not counted"), found.uncounted),
        ],
    )
    hours = found.hours
    _table(
        _("Hours"),
        [
            (_("meetings"), hours["meetings"]),
            (_("calls"), hours["interactions"]),
            (_("group sessions"), hours["activities"]),
        ],
    )
    _table(_("Support given in"), _coded("meeting", "support", found.support))
    _table(_("Calls"), _coded("interaction", "channel", found.channels))
    _table(_("Group sessions"), _coded("activity", "format", found.formats))
    _table(
        _("Waits"),
        [
            (_("waiting at the end"), waiting.number),
            (_("days waited, median"), _of(waiting.number, waiting.median_days)),
            (_("days waited, longest"), _of(waiting.number, waiting.longest_days)),
            (_("relationships begun"), begun.number),
            (_("days until then, median"), _of(begun.number, begun.median_days)),
            (_("days until then, longest"), _of(begun.number, begun.longest_days)),
        ],
    )
    _table(_("Relationships ended"), _coded("relationship", "ending", found.ended))
    outcomes = _coded("referral", "outcome", found.outcomes)
    _table(_("Referrals"), [(_("sent or gone for alone"), found.referrals), *outcomes])
    _table(_("Did you get what you needed?"), _coded("referral", "answered", found.answers))
    for section in found.sections:
        _table(joined([section.title]), [(joined([cell.label]), cell.number) for cell in section.cells])
    if found.left_out:
        missing = ", ".join(found.left_out)
        out.line(_("Left out, since it could not be counted: {sections}", sections=missing), style="bold red")
    if found.unreadable:
        lost = many(
            "{n} record could not be read and is not counted: see `peerkit health`.",
            "{n} records could not be read and are not counted: see `peerkit health`.",
            found.unreadable,
        )
        out.line(lost, style="bold red")


Cell = float | str | None


def _coded(kind: str, field: str, cells: Mapping[str, int | None]) -> list[tuple[Message, Cell]]:
    return [(label(kind, field, code), held) for code, held in cells.items()]


def _of(number: int | None, value: float | None) -> Cell:
    """Nobody, so no days: a dash and no hidden cell."""
    return "-" if number == 0 else value


def _table(title: Message, cells: Sequence[tuple[Message, Cell]]) -> None:
    if cells:
        out.title(title)
        out.pairs(
            [(name, NOT_SHOWN if held is None else verbatim(f"{held}")) for name, held in cells], indent=2
        )
