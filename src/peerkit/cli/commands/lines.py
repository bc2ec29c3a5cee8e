# SPDX-License-Identifier: Apache-2.0
"""Whom to call, and what to know before anything is asked: `lines`, `regions`, `policy`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from peerkit.cli import out
from peerkit.cli.app import App, Before
from peerkit.cli.options import as_json, database
from peerkit.cli.speaking import say, texts
from peerkit.cli.voicing import whom_to_call
from peerkit.model.program import Duty, Line
from peerkit.texts import Message, _, joined, verbatim


@click.command()
@database
@as_json
@click.pass_obj
def policy(app: App) -> None:
    """Tell what happens when somebody may be in danger: who is told, how fast, whom to call.

    Anybody may read it, without an account, before anything is asked.
    """
    app.before = Before.a_person
    with whom_to_call(), app.kit() as kit:
        found = kit.safety_policy().in_language(texts().locale)
        if app.as_json:
            held = {name: getattr(found, name) for name in ("on_call", "uncovered", "policy", "call", "warm")}
            out.emit({**held, "duties": found.duties, "sentences": found.sentences})
            return
        for sentence in found.sentences:
            out.line(sentence)


@click.command()
@database
@as_json
@click.pass_obj
def lines(app: App) -> None:
    """List whom a program calls, its own lines first, with where each number stands.

    A warm line is for talking. It is no crisis line, and is listed apart.
    """
    app.before = Before.a_person
    with whom_to_call(), app.kit() as kit:
        found = kit.safety_policy()
        if app.as_json:
            out.emit({"call": found.call, "warm": found.warm, "duties": found.duties})
            return
        _lines(_("In danger, or beside somebody who is"), found.call)
        _lines(_("For talking, not for emergencies"), found.warm)
        _duties(found.duties)


@click.command()
@click.argument("region", required=False)
@as_json
@click.pass_obj
def regions(app: App, *, region: str | None) -> None:
    """Show the lines and duties that peerkit ships for REGION (such as CA-ON), or list the regions.

    Where peerkit has nothing for a province or state, the country's are shown. Each says where it stands, and
    whether somebody saw it there: look again before a program begins.
    """
    from peerkit.errors import NotFound
    from peerkit.safety.regions import installed
    from peerkit.safety.regions import region as of

    if region is None:
        if app.as_json:
            out.emit([of(code) for code in installed()])
            return
        for code in installed():
            named = joined([line.name for line in of(code).lines], ", ")
            out.hanging(verbatim(of(code).code), named, width=8)
        return
    found = of(region)
    if not found.lines:
        known = ", ".join(code.upper() for code in installed())
        raise NotFound(_("peerkit has nothing for that region; it has {regions}", regions=known))
    if app.as_json:
        out.emit(found)
        return
    out.line(verbatim(found.code), style="bold")
    _lines(_("In danger, or beside somebody who is"), (one for one in found.lines if one.sort != "warm"))
    _lines(_("For talking, not for emergencies"), (one for one in found.lines if one.sort == "warm"))
    _duties(found.duties)


def _lines(title: Message, found: Iterable[Line]) -> None:
    from peerkit.safety.next_steps import line_said

    for number, line in enumerate(found):
        if not number:
            out.title(title)
        out.line(line_said(_named(line)), indent=2)
        _origin(line)


def _named(line: Line) -> Line:
    import attrs

    return attrs.evolve(line, name=say(line.name))


def _duties(found: Iterable[Duty]) -> None:
    for number, duty in enumerate(found):
        if not number:
            out.title(_("What the law asks of whoever is there"))
        out.line(joined([say(duty.words)]), indent=2)
        _origin(duty)


def _origin(one: Line | Duty) -> None:
    seen = _("seen there") if one.verified else _("not seen there: look before you rely on it")
    when = _("as of {day}", day=one.as_of) if one.as_of else out.NOTHING
    parts = [verbatim(one.source) if one.source else _("no source is given"), when, seen]
    out.line(joined([part for part in parts if part], "; "), style="dim", indent=4)
