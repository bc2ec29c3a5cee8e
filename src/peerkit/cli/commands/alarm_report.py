# SPDX-License-Identifier: Apache-2.0
"""`peerkit alerts report`: how alarms went, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import click

from peerkit.cli import out, people
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import label
from peerkit.levels import Level
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session
    from peerkit.kit.alarm_report import AlarmReport, Figures, Load, Times

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("report")
@click.option(
    "--since", metavar="DAY", type=_DAY, help="The first day; else the Monday of three weeks before."
)
@click.option("--until", metavar="DAY", type=_DAY, help="The last day; else today.")
@click.option(
    "--to-pass-on",
    is_flag=True,
    help="Only what may leave the program: no week, no human, no cell below five.",
)
@acting
@database
@as_json
@click.pass_obj
def report(app: App, *, since: datetime | None, until: datetime | None, to_pass_on: bool) -> None:
    """Say how alarms went: how many, how fast, how many were none, whom they woke.

    For a coordinator or a supervisor; reading it is logged. DAY is written like 2026-03-31, both days belong
    to it, in the program's time zone. How often somebody was called is shown to themselves, and to a
    coordinator of everybody.
    """
    with app.kit() as kit, kit.session(actor := app.actor(kit)) as s:
        found = kit.alarm_report(
            since.date() if since else None, until.date() if until else None, actor=actor
        )
        if app.as_json:
            out.emit(found.to_pass_on() if to_pass_on else found)
        elif to_pass_on:
            _to_pass_on(kit, found)
        else:
            _shown(kit, s, found)


def _shown(kit: Kit, s: Session, found: AlarmReport) -> None:
    _headed(kit, found)
    out.line(_("For the program's own use, not to be passed on."), style="bold")
    out.title(_("Week by week"))
    for week in found.weeks:
        out.hanging(verbatim(week.first), _week(week.figures), indent=2, width=12)
    out.title(_("In all"))
    _all(found.whole)
    _coded(_("Where they came from"), "", "source", found.whole.sources)
    _plainly(_("Rules that spoke"), found.whole.rules)
    _coded(
        _("What it came to, in the words of who closed it"),
        "safety_response",
        "outcome",
        found.whole.outcomes,
    )
    _coded(_("Closed with something left undone"), "safety_response", "reason", found.whole.incomplete)
    for title, held in (
        (_("From the alarm until somebody took it"), found.whole.to_acknowledge),
        (_("From the alarm until something was done"), found.whole.to_act),
    ):
        if held:
            out.title(title)
            out.pairs([(_level(level), _took(one)) for level, one in held.items()], indent=2)
    if found.whole.asked:
        out.title(_("Who was called"))
        out.pairs([(_role(role), _called(one)) for role, one in found.whole.asked.items()], indent=2)
    if found.humans:
        called = people.names(s, set(found.humans))
        out.title(_("How often each was called"))
        ordered = sorted(
            found.humans.items(), key=lambda pair: (-pair[1].at_night, -pair[1].notices, pair[0])
        )
        out.pairs([(called[id_], _called(one)) for id_, one in ordered], indent=2)
    elif found.mine.asked:
        out.title(_("How often you were called"))
        out.line(_called(found.mine), indent=2)
    if found.unreadable:
        lost = many(
            "{n} alert could not be read and is not counted: see `peerkit health`.",
            "{n} alerts could not be read and are not counted: see `peerkit health`.",
            found.unreadable,
        )
        out.line(lost, style="bold red")


def _headed(kit: Kit, found: AlarmReport) -> None:
    name = verbatim(kit.program.name)
    out.line(
        _("{name}: alarms, {first} to {last}", name=name, first=f"{found.first}", last=f"{found.last}"),
        style="bold",
    )
    out.line(verbatim(found.timezone), style="dim")


def _week(one: Figures) -> Message:
    at_night = sum(each.at_night for each in one.asked.values())
    parts = [
        many("{n} alert", "{n} alerts", sum(one.opened.values())),
        _("{n} taken", n=one.acknowledged),
        _("{n} closed", n=one.closed),
        many("{n} was none", "{n} were none", one.false_alarms),
        _("{n} open at the end", n=sum(one.open_at_end.values())),
        many("{n} notice at night", "{n} notices at night", at_night),
    ]
    return joined(parts, ", ")


def _all(one: Figures) -> None:
    out.pairs(
        [
            (_("opened"), _levels(one.opened)),
            (_("became more urgent, or spoke again"), _levels(one.raised)),
            (_("since a question was left open"), one.by_time),
            (_("found late"), one.found_late),
            (_("taken"), one.acknowledged),
            (_("acted on"), one.acted),
            (_("closed"), one.closed),
            (_("of these no alarm"), one.false_alarms),
            (_("of these without a word on what it came to"), one.unsaid),
            (_("open at the end"), _levels(one.open_at_end)),
            (_("steps of the path asked"), one.climbs),
            (_("reached nobody"), one.nobody),
            (_("began anew at the first step"), one.rounds),
            (_("went on since nothing happened"), one.resumed),
            (_("handed back"), one.cannot),
        ],
        indent=2,
    )


def _level(code: str) -> Message:
    """A level that nobody takes for a time: in a table, `now` and `today` alone say when."""
    return _("level {level}", level=label("", "level", code))


def _levels(held: Mapping[str, int]) -> Message:
    """By level, the most urgent first."""
    ordered = [level.value for level in reversed(Level) if level in held]
    said = [_("{n} of {level}", n=held[code], level=_level(code)) for code in ordered]
    return joined(said, ", ") if said else verbatim("0")


def _took(one: Times) -> Message:
    counted = _(
        "{n} in time, {late} late, {waiting} still waiting", n=one.in_time, late=one.late, waiting=one.waiting
    )
    if one.median is None:
        return counted
    took = _(
        "minutes: median {median}, nine in ten {ninetieth}, longest {longest}",
        median=one.median,
        ninetieth=one.ninetieth,
        longest=one.longest,
    )
    return joined([counted, took], "; ")


def _called(one: Load) -> Message:
    asked = many("asked {n} time", "asked {n} times", one.asked)
    notices = many("by {n} notice", "by {n} notices", one.notices)
    if not one.at_night:
        return joined([asked, notices])
    nights = many(
        "{at_night} of them in {n} night",
        "{at_night} of them in {n} nights",
        one.nights,
        at_night=one.at_night,
    )
    return joined([asked, joined([notices, nights], ", ")])


def _role(role: str) -> Message:
    return label("", "role", role) if role else _("nobody knows as what")


def _coded(title: Message, kind: str, field: str, cells: Mapping[str, int | None]) -> None:
    if cells:
        out.title(title)
        out.pairs([(_code(kind, field, code), _cell(n)) for code, n in cells.items()], indent=2)


def _code(kind: str, field: str, code: str) -> Message:
    """A code as a person reads it; an instrument's id is what it is."""
    if field == "level":
        return _level(code)
    named = field == "source" and code not in {"concern", "unknown"}
    return verbatim(code) if named else label(kind, field, code)


def _plainly(title: Message, cells: Mapping[str, int]) -> None:
    if cells:
        out.title(title)
        out.pairs([(verbatim(code), n) for code, n in cells.items()], indent=2)


def _cell(n: int | None) -> Message:
    return _("not shown") if n is None else verbatim(n)


def _to_pass_on(kit: Kit, found: AlarmReport) -> None:
    _headed(kit, found)
    for title, kind, field, name in (
        (_("Opened"), "", "level", "opened"),
        (_("Where they came from"), "", "source", "sources"),
        (_("What it came to, in the words of who closed it"), "safety_response", "outcome", "outcomes"),
        (_("Closed with something left undone"), "safety_response", "reason", "incomplete"),
        (_("Open at the end"), "", "level", "open_at_end"),
    ):
        _coded(title, kind, field, found.to_pass_on()[name])  # type: ignore[arg-type]
