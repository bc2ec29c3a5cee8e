# SPDX-License-Identifier: Apache-2.0
"""The safety lane at a keyboard: `alerts`, `ack`, `concern`; `alerts report` and `respond` are in modules of
their own."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import looking, out, people, voicing
from peerkit.cli.app import App
from peerkit.cli.commands.alarm_report import report
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import label
from peerkit.errors import Refused
from peerkit.texts import Message, _, joined, verbatim
from peerkit.texts.labels import DESCRIBED

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session


@click.group(invoke_without_command=True)
@acting
@database
@as_json
@click.pass_context
def alerts(ctx: click.Context) -> None:
    """List open alerts, the most urgent first: those you may see, with whom they are about.

    A login that is linked to nobody sees references, levels and due times of all, and nothing else.
    """
    if ctx.invoked_subcommand is None:
        _open(ctx.ensure_object(App))


alerts.add_command(report)


@alerts.command(name="hand-on")
@click.argument("alert")
@click.option("--to", "name", required=True, metavar="NAME", help="Who is to take it: a name or an id.")
@acting
@database
@as_json
@click.pass_obj
def hand_on(app: App, *, alert: str, name: str) -> None:
    """Hand ALERT (its reference or id), which you have in hand, on to somebody by name.

    They are told at once, and take it with `peerkit ack`. Until they have, it is yours. If they cannot come,
    or say nothing in time, it climbs on to the next.
    """
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        to = people.colleague(kit, name)
        made = s.hand_on(alert, to=to)
        if app.as_json:
            out.emit(made)
        elif made.offered != to:
            out.line(_("No notice came to them, so it climbs on to the next."))
        else:
            called = people.unread(s, {to})[to]
            until = people.when(kit, made.due)
            out.line(_("{name} is asked to take it, by {when}.", name=called, when=until), style="bold")
            out.line(_("Until they have, it is yours. If they cannot, or say nothing, it climbs on."))


def _open(app: App) -> None:
    with app.kit() as kit:
        actor = app.actor_or_none(kit)
        found = kit.alerts(actor)
        # Whoever is asked about an alert that nobody can read must not find an empty list.
        dark = [] if actor is None else [line for line in kit.alerts() if line.step == "unreadable"]
        if app.as_json:
            out.emit([*dark, *found])
            return
        for line in dark:
            _line(kit, line, _step(line.step))
        if not found and not dark:
            out.line(_("No alert is open.") if actor is None else _("No alert is open that you may see."))
            return
        if actor is None:
            for line in found:
                _line(kit, line, _step(line.step))
            return
        with kit.session(actor) as s:
            for alert in found:
                _shown(kit, s, alert)


WIDTH = 7


def _step(step: str) -> Message | None:
    """A step of the path, or what became of an alert, in words; None where nobody was asked yet."""
    became = step in DESCRIBED["alert", "step"]
    return label("alert" if became else "", "step" if became else "role", step) if step else None


def _line(kit: Kit, alert: Any, step: Message | None) -> None:
    where = step or _("not asked yet")
    if alert.due:
        where = _("{step}, due {when}", step=where, when=people.when(kit, alert.due))
    level = label("", "level", str(alert.level))
    out.hanging(level, joined([alert.reference, where], "  "), label_style="bold", width=WIDTH)


def _shown(kit: Kit, s: Session, alert: Any) -> None:
    ids = {one for one in (alert.person, alert.holder, alert.offered, *alert.asked) if one and ":" not in one}
    called = people.names(s, ids)
    anew = alert.unheard and alert.state != "open"
    _line(kit, alert, _step(alert.rung) if alert.state == "open" else label("alert", "state", alert.state))
    out.pairs(
        [
            (_("about"), called.get(alert.person, looking.NOBODY)),
            *(looking.asked_by(s, alert) if not alert.person or alert.holder == s.actor.person else ()),
            (_("raised by"), looking.module_of(kit, alert)),
            (_("asked"), joined([called.get(one, verbatim(one)) for one in alert.asked], ", ")),
            (_("taken by"), called.get(alert.holder)),
            (_("handed on to"), called.get(alert.offered)),
            (_("answered since"), _("something urgent: take it anew with `peerkit ack`") if anew else None),
            (_("passed over"), looking.passed_over(alert.skipped)),
            (_("since"), people.when(kit, alert.since) if alert.since else None),
            (_("took place"), looking.found_late(kit, alert)),
        ],
        indent=WIDTH,
    )
    if (shut := looking.unread(kit, s, alert)) is not None:
        out.line(shut, indent=WIDTH)


@click.command()
@click.argument("alert")
@click.option("--cannot", is_flag=True, help="Say that you cannot come: it climbs to the next at once.")
@acting
@database
@as_json
@click.pass_obj
def ack(app: App, *, alert: str, cannot: bool) -> None:
    """Say of ALERT (its reference or id, or a drill's): I have seen it, and I take it.

    From then on something has to be done within the time that the program gives itself; if nothing is
    recorded by then, it climbs on. `peerkit respond` records it.
    """
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        try:
            taken = s.acknowledge(alert, can_come=not cannot)
        except Refused:
            looking.not_closed(kit, s.actor, alert, "acknowledge")
            raise
        if app.as_json:
            out.emit(taken)
        elif taken.kind == "drill":
            waiting = joined([label("", "role", one) for one in taken.waiting], ", ")
            still = _("Seen. Still waiting for: {steps}.", steps=waiting)
            out.line(still if waiting else _("Seen. The drill is passed."))
        elif cannot:
            out.line(_("It climbs on. Thank you for saying so."))
        else:
            mine = taken.holder == s.actor.person
            name = people.names(s, {taken.holder})[taken.holder]
            said = _("You have taken it.") if mine else _("{name} has taken it.", name=name)
            until = (
                _("Something has to be done by {when}.", when=people.when(kit, taken.due))
                if taken.due
                else ""
            )
            out.line(joined([said, until]), style="bold")
            if mine:
                looking.tell(kit, s, taken)
                _own_plan(s, taken.person)
                out.line(_("Then: {command}", command=f"peerkit respond {alert} act"))


def _own_plan(s: Session, person: str) -> None:
    """That the person left a plan for whoever takes their alert, if they did. It costs the taking nothing."""
    from peerkit.model.safety_plan import SafetyPlan

    with suppress(Exception):
        if person and s.count(SafetyPlan, person=person, state="kept"):
            command = f"peerkit safety-plan show person/{person}"
            out.line(_("They have a safety plan that you may read: {command}", command=command))


@click.command(cls=voicing.Voice)
@click.option("--about", metavar="NAME", help="Whom it is about: a name or an id; me for yourself.")
@click.option(
    "--names", multiple=True, metavar="NAME", help="Who works here and is meant: they are not told."
)
@click.option("--first", metavar="NAME", help="Whom it is to reach first: a name or an id.")
@click.option("--words", metavar="FILE", help="What worries you, in a file; without it, standard input.")
@click.option("--today", is_flag=True, help="It can wait until somebody looks today; else it is now.")
@click.option(
    "--occurred",
    metavar="WHEN",
    help="When it took place, if that was not now, as 2026-11-22T14:30 on the wall's clock.",
)
@database
@as_json
@click.pass_context
def concern(
    ctx: click.Context,
    *,
    about: str | None,
    names: tuple[str, ...],
    first: str | None,
    words: str | None,
    today: bool,
    occurred: str | None,
) -> None:
    """Raise a concern: about yourself, about somebody, about somebody who works here.

    Anyone may, without an account. What worries you is read from standard input. People of the
    program are told at once, one after the other, until somebody comes; whoever is named with --names
    is not among them, nor is whom it is about: of several who have the name, none of them. Somebody named
    with --first is told before the others, if they can be. What you can do yourself meanwhile is printed.

    Ends with 6 if it could not be stored, and also if it is stored and nobody could be told yet.
    """
    app: App = ctx.ensure_object(App)
    voicing.voice(app, about=about, names=names, first=first, words=words, today=today, occurred=occurred)
