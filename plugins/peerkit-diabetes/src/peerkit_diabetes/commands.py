# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes …`: loaded when one of them is called."""

from __future__ import annotations

from typing import Any

import click

from peerkit import Credential, Decision, Relationship, Session, commands
from peerkit_diabetes.enrolment import DiabetesEnrolment
from peerkit_diabetes.gates import gates as every_gate
from peerkit_diabetes.gates import passage, title, told
from peerkit_diabetes.walking import WALKING
from peerkit_diabetes.words import _


@click.command()
@click.argument("supporter", required=False)
@click.option("--groups", is_flag=True, help="To lead a group of the module.")
@commands.listing
@click.pass_obj
def gates(app: commands.App, *, supporter: str | None, groups: bool) -> None:
    """Show what the module asks, and what of it SUPPORTER has (yourself, if you name nobody)."""
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            who = commands.person(s, supporter).id if supporter else actor.person
            held = s.find(Credential, person=who).readable
            found = passage(kit.program, held, commands.today(kit), groups=groups)
    still = {one.gate.id: one for one in found.open}
    shown = [one for one in every_gate() if groups or not one.groups_only]
    if app.as_json:
        commands.emit([{"gate": one.id, "open": one.id in still} for one in shown])
        return
    for one in shown:
        if one.id in still:
            commands.hanging(_("open"), told(still[one.id]), width=9)
        else:
            commands.hanging(_("passed"), title(one), width=9)


@click.command()
@click.argument("person", required=False)
@click.option("--relationship", metavar="ID", help="In which relationship, if they have several.")
@commands.deciding
@click.pass_obj
def join(
    app: commands.App, *, person: str | None, relationship: str | None, decided: commands.Decided
) -> None:
    """Take the module into the relationship of PERSON, who decides it."""

    def create(s: Session, by: Decision | None) -> DiabetesEnrolment:
        walk = commands.pick(s, Relationship, relationship or person or "", states=WALKING)
        return DiabetesEnrolment.join(person=walk.person, relationship=walk, by=by)

    commands.make(app, decided, create, "join")


@click.command()
@click.argument("person")
@click.argument("relationship")
@commands.deciding
@click.pass_obj
def go_on(app: commands.App, *, person: str, relationship: str, decided: commands.Decided) -> None:
    """Go on with the module in another RELATIONSHIP of PERSON's (its id)."""

    def arguments(s: Session, _record: Any) -> dict[str, Any]:
        return {"relationship": commands.pick(s, Relationship, relationship, states=WALKING)}

    commands.do(app, DiabetesEnrolment, person, "go_on", decided, arguments=arguments, states={"joined"})


@click.command()
@click.argument("person", required=False)
@commands.deciding
@click.pass_obj
def leave(app: commands.App, *, person: str | None, decided: commands.Decided) -> None:
    """Leave the module. What PERSON (yourself, if you name nobody) wrote stays theirs."""
    commands.do(app, DiabetesEnrolment, person or "", "leave", decided, states={"joined"})
