# SPDX-License-Identifier: Apache-2.0
"""`peerkit screen` and `peerkit screens`: a screen with somebody, at the terminal or as a file of answers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import doing, exits, out, people, taking, voicing
from peerkit.cli.app import App, Before
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.root import Group
from peerkit.cli.speaking import label
from peerkit.errors import NotFound
from peerkit.texts import _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.safety import NextSteps


@click.command()
@click.argument("instrument", required=False, default="")
@click.argument("person", required=False, default="")
@click.option("--alone", is_flag=True, help="You answer by yourself, about yourself: no PERSON then.")
@click.option("--unnamed", is_flag=True, help="With somebody whom the program does not know: no PERSON then.")
@click.option("--resume", metavar="ID", default="", help="Go on with a screen: its id, or last.")
@click.option(
    "--language", metavar="TAG", default="", help="Of the questions; else the one that peerkit speaks."
)
@click.option("--paper", is_flag=True, help="Type in one that was answered on paper.")
@click.option(
    "--occurred",
    metavar="WHEN",
    default="",
    help="When it took place, as 2026-11-22T14:30 on the wall's clock.",
)
@click.option("--answers", metavar="FILE", help="All answers as a JSON object (- is standard input).")
@acting
@database
@as_json
@click.pass_obj
def screen(app: App, /, **given: Any) -> None:
    """Ask PERSON (name or id) the questions of INSTRUMENT, one at a time, at a terminal.

    First it shows which answers tell whom, and how fast; all of it may be declined. Each answer is
    stored before the next question, so whatever happens, --resume goes on there. Where an answer concerns
    somebody, what to do now is shown at once. In the place of an answer: skip, decline, back (or back ITEM,
    to correct it), stop; where the answer is in words, with a / before it.

    Questions are shown in a wording that was verified in that language, and in no other. With --paper a
    wording is not needed, and every question of the form is gone through: Enter alone where nothing is
    marked.

    --answers stores a set of answers one after the other, as they stand, and finishes the screen. What
    cannot be read is stored and alarms.

    Ends with 6 if something could not be stored, and if nobody could be told yet.
    """
    wish = taking.Wish(**given)
    _fitting(app, wish)
    if wish.answers is not None:
        found = taking.from_file(app, wish)
    else:
        app.before = Before.them_alone if wish.alone else Before.a_person
        with voicing.whom_to_call(), app.kit() as kit:
            found = taking.asked(app, kit, wish)
    if found is not None and found.reached is False:
        raise click.exceptions.Exit(exits.ALARM)


def _fitting(app: App, wish: taking.Wish) -> None:
    whom = [bool(wish.person), wish.alone, wish.unnamed]
    if wish.resume:
        if wish.instrument or any(whom) or wish.occurred:
            raise click.UsageError(_("--resume goes without INSTRUMENT, PERSON and --occurred."))
    elif not wish.instrument:
        raise click.UsageError(_("Which INSTRUMENT? `peerkit instruments` lists them. Or --resume last."))
    elif sum(whom) != 1:
        raise click.UsageError(_("With whom? PERSON, or --alone, or --unnamed."))
    if wish.answers is None and not sys.stdin.isatty():
        raise click.UsageError(_("Nobody can be asked here: give all answers with --answers FILE."))
    if wish.answers is None and app.as_json:
        raise click.UsageError(_("--json goes with --answers."))


# -- screens that are under way ----------------------------------------------------------------------


@click.group(cls=Group, invoke_without_command=True)
@doing.listing
@click.pass_context
def screens(ctx: click.Context) -> None:
    """List the screens that you hold and have not finished."""
    if ctx.invoked_subcommand is not None:
        return
    from peerkit.safety.reading import screens_of

    app: App = ctx.find_object(App) or App()
    with app.kit() as kit:
        actor = app.actor(kit)
        found = screens_of(kit, actor.person)
        if app.as_json:
            out.emit([one for one, _at in found])
            return
        if not found:
            out.line(_("None."))
        with kit.session(actor) as s:
            called = people.names(s, {one.person for one, _at in found if one.person})
        for one, at in found:
            who = called.get(one.person, _("somebody the program does not know"))
            since = _("since {when}", when=people.when(kit, at))
            out.line(joined([verbatim(one.instrument), who, since], ", "), style="bold")
            out.pairs(
                [(_("id"), verbatim(one.id)), (_("to go on"), verbatim(taking.resume(one.id)))],
                indent=2,
            )


screens.path = "screens"


@screens.command()
@click.argument("screen", metavar="SCREEN")
@acting
@database
@as_json
@click.pass_obj
def show(app: App, *, screen: str) -> None:
    """Show SCREEN (its id, or the reference of its alert): what was asked and answered, and what it means.

    Whoever holds it may read it, whoever was told of its alert while that is open, and whoever has a task
    about it. Reading it is logged; the person it is about can read that.
    """
    from peerkit.cli import looking
    from peerkit.safety.looking import look, screen_of

    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        found = look(s, screen_of(s, screen))
        if app.as_json:
            out.emit(looking.plain(found))
        else:
            looking.shown(kit, s, found)


@screens.command()
@click.argument("screen_id", metavar="SCREEN")
@click.argument("person")
@acting
@database
@as_json
@click.pass_obj
def move(app: App, *, screen_id: str, person: str) -> None:
    """SCREEN was filed under the wrong person: file it under PERSON (name or id).

    A coordinator may, and a supervisor of whoever walks with the person whose it was. What alarmed alarms
    again, about them, also where the answer was corrected since. The first alert stays until a human closes
    it.
    """
    from peerkit import RiskScreen

    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = kit.storage.get(RiskScreen.kind, screen_id.removeprefix("risk_screen/"))
            if found is None:
                raise NotFound(_("there is no screen of that id"))
            steps: NextSteps | None = s.screening("", screen=found.envelope.id).move(people.person(s, person))
        if app.as_json:
            out.emit({"screen": found.envelope.id, "steps": steps})
        else:
            rang = (
                _("Nothing in it had alarmed.")
                if steps is None
                else _("An alert about them was opened: {level}.", level=label("", "level", str(steps.level)))
            )
            out.line(joined([_("It is filed under them now."), rang]), style="bold")
            if steps is not None:
                from peerkit.cli.questions import show

                show(steps)
    if steps is not None and steps.reached is False:
        raise click.exceptions.Exit(exits.ALARM)
