# SPDX-License-Identifier: Apache-2.0
"""`peerkit next-coordinator`: the door of whoever runs a program that has no coordinator left."""

from __future__ import annotations

import click

from peerkit.cli import out, people
from peerkit.cli.app import ISSUER, App
from peerkit.cli.options import as_json, database
from peerkit.texts import _


@click.command("next-coordinator")
@click.argument("name")
@click.option("--login", metavar="LOGIN", help="Who they are on this machine, if they will work here.")
@database
@as_json
@click.pass_obj
def next_coordinator(app: App, *, name: str, login: str | None) -> None:
    """Name the program's next coordinator, when it has none.

    The last one died, left, or their time is over: then nobody in the program can appoint anybody. NAME is
    somebody whom the program knows. Like `peerkit init` this is nobody's decision in the program, and it
    stands in the log as that. While there is a coordinator, they appoint the next one themselves.
    """
    from peerkit.model.actor import Actor

    with app.kit() as kit:
        with kit.session(actor=Actor.system("init")) as s:
            person = people.person(s, name)
        office = kit.next_coordinator(person)
        if login:
            kit.link(ISSUER, login, person)
        if app.as_json:
            out.emit({"appointment": office.id, "person": person.id, "login": login or ""})
            return
        out.line(_("{name} is the program's coordinator now.", name=person.name))
