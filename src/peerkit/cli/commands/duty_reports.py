# SPDX-License-Identifier: Apache-2.0
"""`peerkit duty-reports`: what the law may ask of you in person, and what you did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import doing, gathering, options, out, people
from peerkit.cli.app import App
from peerkit.cli.picking import pick
from peerkit.cli.root import Group
from peerkit.cli.speaking import label
from peerkit.errors import Malformed
from peerkit.model.duty_report import HOW, TOLD, DutyReport
from peerkit.model.glass import PUT_OFF
from peerkit.texts import Message, _, verbatim
from peerkit.texts.dates import day

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session

TEXTS: dict[str, Message] = {
    "body": _("To whom you reported"),
    "reference": _("The reference that they gave you, if they gave one"),
    "words": _("What you reported, in your own words"),
}
"""What goes with a report, and how each is asked for at a keyboard."""

NOTHING_FOLLOWS = _(
    "Whether one is yours now is for you to say: peerkit does not decide it, and sends no report. That "
    "somebody of the program knows is no report."
)


@click.group(cls=Group, invoke_without_command=True)
@doing.listing
@click.pass_context
def duty_reports(ctx: click.Context) -> None:
    """List what you wrote down about duties of yours, and what others let you read.

    REPORT, in the commands below, is the id of one; left out, the only one of yours that waits.
    """
    if ctx.invoked_subcommand is not None:
        return
    app: App = ctx.find_object(App) or App()
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = gathering.every(s, DutyReport)
            called = people.names(s, {who for one in found for who in (one.author, one.about) if who})
        if app.as_json:
            out.emit(found)
            return
        if not found:
            out.line(_("None."))
        for one in found:
            _shown(kit, one, called)


duty_reports.path = "duty-reports"


def _shown(kit: Kit, one: DutyReport, called: dict[str, Message]) -> None:
    state = label("duty_report", "state", one.state)
    out.line(_("{duty}: {state}", duty=one.duty, state=state), style="bold")
    out.pairs(
        [
            (_("id"), verbatim(f"duty_report/{one.id}")),
            (_("by"), called[one.author]),
            (_("about"), called.get(one.about, _("nobody the program knows"))),
            (_("to"), verbatim(one.body)),
            (_("how"), label("duty_report", "how", one.how) if one.how else None),
            (_("when"), people.when(kit, one.occurred) if one.occurred else None),
            (_("reference"), verbatim(one.reference)),
            (_("words"), verbatim(one.words)),
            (_("why not"), verbatim(one.reason)),
            (_("told"), label("duty_report", "told", one.told) if one.told else None),
            (_("look again"), day(one.look_on) if one.look_on else None),
            (_("where it stands"), _stands(one.region, one.source, one.as_of)),
        ],
        indent=2,
    )


def _stands(region: str, source: str, as_of: str) -> Message:
    return _("{region}: {source}, as of {as_of}", region=region, source=source, as_of=as_of or "?")


@duty_reports.command()
@doing.listing
@click.pass_obj
def show(app: App) -> None:
    """Show the duties of the program and its region, each with where it stands and as of when."""
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = s.duties()
        if app.as_json:
            out.emit([{"region": kit.program.region, "duty": one} for one in found])
            return
        if not found:
            out.line(_("The program knows of none, for itself or for its region."))
        for one in found:
            out.line(verbatim(one.code), style="bold")
            out.line(one.words if isinstance(one.words, Message) else verbatim(one.words), indent=2)
            stands = _stands(kit.program.region, one.source, one.as_of)
            out.pairs(
                [
                    (_("where it stands"), stands),
                    (_("seen there"), _("yes") if one.verified else _("no")),
                ],
                indent=2,
            )
        out.line(NOTHING_FOLLOWS, style="dim")


def _concerning(function: Any) -> Any:
    """The options that say what a report that begins is about."""
    for option in (
        click.option("--follows", metavar="REPORT", default="", help="An earlier one: you learned more."),
        click.option("--from", "arose_from", metavar="ALERT", default="", help="The alert or concern."),
        click.option("--about", metavar="NAME", help="Whom it concerns, if the program knows them."),
    ):
        function = option(function)
    return function


OWN = doing.Decided(None, None, None, None, None, None)
"""Nobody decides another's duty, so no command here has an option for that."""


def _begun(s: Session, duty: str, about: str | None, arose_from: str, follows: str) -> DutyReport:
    return DutyReport.consider(
        duty,
        author=s.actor.person,
        about=None if about is None else people.person(s, about),
        arose_from=arose_from.rpartition("/")[2] or None,
        follows=follows.rpartition("/")[2] or None,
    )


@duty_reports.command()
@click.argument("duty")
@_concerning
@doing.listing
@click.pass_obj
def consider(app: App, *, duty: str, about: str | None, arose_from: str, follows: str) -> None:
    """Say: this may be one. DUTY is its code, as `show` lists it. You, and only you, are reminded."""

    def create(s: Session, _by: Any) -> DutyReport:
        return _begun(s, duty, about, arose_from, follows)

    doing.make(app, OWN, create, "consider")


@duty_reports.command()
@click.argument("report", default="")
@click.option("--duty", metavar="DUTY", help="Its code, where you did not write down before that it may be.")
@_concerning
@click.option("--how", type=click.Choice(HOW), required=True, help="How you reported.")
@click.option("--at", metavar="INSTANT", help="When, such as 2026-11-22T09:30Z; left out, now.")
@click.option("--told", type=click.Choice(TOLD), default=None, help="When the person hears of it.")
@click.option("--why", type=click.Choice(PUT_OFF), default=None, help="For later: why it has to wait.")
@click.option("--look-on", metavar="DAY", help="For later: on which day you look again.")
@doing.listing
@click.pass_obj
def reported(
    app: App,
    *,
    report: str,
    duty: str | None,
    about: str | None,
    arose_from: str,
    follows: str,
    how: str,
    at: str | None,
    told: str | None,
    why: str | None,
    look_on: str | None,
) -> None:
    """You reported, yourself. To whom, their reference and your words come from standard input.

    Each begins on a line of its own with its name: body, reference, words.
    """
    if duty is None and (about is not None or arose_from or follows):
        raise click.UsageError(_("What it is about was said when you began: these go with --duty."))
    if duty is not None and report:
        raise click.UsageError(_("Name REPORT, or begin one with --duty."))
    given: dict[str, Any] = {
        **doing.several(TEXTS, first="words"),
        "how": how,
        "occurred": None if at is None else options.instant(at, "--at"),
        "told": told or "",
        "put_off": why or "",
        "look_on": None if look_on is None else options.day(look_on, "--look-on"),
    }
    if not given.get("body"):
        raise Malformed(_("to whom you reported is missing: a line that begins with body:"), where="-")

    def create(s: Session, _by: Any) -> DutyReport:
        if duty is not None:
            return _begun(s, duty, about, arose_from, follows).reported(**given)
        return _waiting(s, report).reported(**given)

    doing.make(app, OWN, create, "reported")


@duty_reports.command("not-reported")
@click.argument("report", default="")
@doing.listing
@click.pass_obj
def not_reported(app: App, *, report: str) -> None:
    """You did not report, for a reason of your own, from standard input. Nobody judges it here."""
    reason = doing.words(_("Why you did not"))

    def create(s: Session, _by: Any) -> DutyReport:
        return _waiting(s, report).not_reported(reason=reason)

    doing.make(app, OWN, create, "not_reported")


def _waiting(s: Session, report: str) -> DutyReport:
    return pick(s, DutyReport, report, states=("considered",), mine="author")
