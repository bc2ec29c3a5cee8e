# SPDX-License-Identifier: Apache-2.0
"""`peerkit simulate`: a made-up program in an empty database."""

from __future__ import annotations

import shlex
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from peerkit.cli import exits, out
from peerkit.cli.app import ISSUER, App
from peerkit.cli.options import as_json, database
from peerkit.texts import _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.simulating import Simulated


@click.command()
@click.option("--people", default=50, show_default=True, help="How many seek support: 10 or more.")
@click.option("--years", default=3.0, show_default=True, help="How long they live: 1 to 50 years.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same program.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day on which it ends (2026-10-01 unless told otherwise).",
)
@click.option(
    "--records",
    type=int,
    help="Write what the people lived again and again, about others, until there are so many records.",
)
@database
@as_json
@click.pass_obj
def simulate(
    app: App, /, *, people: int, years: float, seed: int, until: datetime | None, records: int | None
) -> None:
    """Fill an empty database with a made-up program: years of people who come, walk together and go.

    Everything is tried for real: what they do goes through rights and checks, refusals included, under a
    clock that is moved. Every kind, state and act is there. Names say that they are fictional. Your login
    is linked to the coordinator, so that you can look at everything.

    With --records, for large databases, a history that was lived is copied as it was, with other people in
    each copy. Add `?synchronous=off` to the URL for speed: a power cut may then cost the file.

    Ends with 6 if `verify` finds anything wrong.
    """
    from peerkit.simulating import live, multiply
    from peerkit.simulating.living import UNTIL

    url, ends = app.database(), until.date() if until is not None else UNTIL
    tell = _Telling()
    if records is None:
        made = live(url, people=people, years=years, seed=seed, until=ends, progress=tell)
    else:
        made = multiply(
            url, records=records, people=people, years=years, seed=seed, until=ends, progress=tell
        )
    tell.over()
    _link(app, made.coordinator)
    if app.as_json:
        out.emit({"database": url, "rate": made.rate, "made": made})
    else:
        _show(made, url, ends)
    if not made.intact:
        click.get_current_context().exit(exits.ALARM)


class _Telling:
    """How far it is, on standard error, if somebody sits there."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, versions: int, at: datetime) -> None:
        if sys.stderr.isatty():
            self._shown = True
            click.echo(f"\r{versions} versions, {at.date()} ", nl=False, err=True)

    def over(self) -> None:
        """Leave the line."""
        if self._shown:
            click.echo(err=True)


def _link(app: App, coordinator: str) -> None:
    import peerkit

    with peerkit.open(app.database()) as kit:
        kit.link(ISSUER, app.login, coordinator)


def _show(made: Simulated, url: str, ends: date) -> None:
    people = many("{n} person", "{n} people", made.people)
    told = _(
        "{people}, {years} years until {day}. Everybody is made up.",
        people=people,
        years=f"{made.years:g}",
        day=ends.isoformat(),
    )
    out.line(told, style="bold")
    for kind, states in made.counts.items():
        listed = ", ".join(f"{state} {count}" for state, count in states.items() if state and count)
        total = str(states[""])
        out.pairs([(verbatim(f"{kind:<16}"), verbatim(f"{total}: {listed}" if listed else total))], indent=2)
    click.echo()
    fine = _("Nothing was changed outside peerkit.")
    proof = fine if made.intact else _("SOMETHING WAS CHANGED OUTSIDE PEERKIT.")
    counted = [
        many("{n} record", "{n} records", made.records),
        many("{n} version", "{n} versions", made.versions),
        many("{n} refused", "{n} refused", made.refusals),
        _("{n} versions a second", n=round(made.rate)),
    ]
    out.line(_("{counts}. {proof}", counts=joined(counted, ", "), proof=proof), style="bold")
    out.pairs([(_("head"), verbatim(made.head))])
    out.title(_("It is all there to look at"))
    for command in ("due", "alerts", "verify"):
        click.echo(f"  peerkit {command} --db {shlex.quote(url)}")  # not wrapped: it is copied
