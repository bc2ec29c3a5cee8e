# SPDX-License-Identifier: Apache-2.0
"""Which login is whose: `peerkit people link`, `unlink` and `whose`."""

from __future__ import annotations

import click

from peerkit.cli import doing, out, people
from peerkit.cli.app import ISSUER, App
from peerkit.errors import Malformed, NotFound
from peerkit.texts import _, verbatim


@click.command()
@click.argument("name")
@click.argument("login")
@doing.listing
@click.pass_obj
def link(app: App, *, name: str, login: str) -> None:
    """Say that LOGIN is the person of NAME. With it they act as themself here.

    LOGIN is one of the operating system's. A coordinator does it. It stands in the person's own log, and
    a login that is somebody's already is refused.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            person = people.person(s, name)
        kit.link(ISSUER, login, person, actor=actor)
    if app.as_json:
        out.emit({"login": login, "person": person.id})
        return
    out.line(
        _("{login} is {name} here from now on. It stands in their log.", login=login, name=person.name),
        style="bold",
    )


@click.command()
@click.argument("login")
@doing.listing
@click.pass_obj
def unlink(app: App, *, login: str) -> None:
    """Say that LOGIN is nobody here any more.

    It was linked to the wrong person, or is not theirs now. A coordinator does it, or the person whose it
    is. It stands in the person's own log.
    """
    if login == app.login:
        sentence = _("it is the login with which you act: somebody else takes it off")
        raise Malformed(sentence, where="LOGIN")
    with app.kit() as kit:
        actor = app.actor(kit)
        kit.unlink(ISSUER, login, actor=actor)
    if app.as_json:
        out.emit({"login": login, "person": None})
        return
    out.line(_("{login} is nobody here any more.", login=login), style="bold")


@click.command()
@click.argument("login")
@doing.listing
@click.pass_obj
def whose(app: App, *, login: str) -> None:
    """Tell whose LOGIN is, among the people whom you may see."""
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        from peerkit import Person

        try:
            person = s.get(Person, kit.actor_for(ISSUER, login).person)
        except NotFound:
            raise NotFound(_("this login is nobody's, or of nobody whom you may see")) from None
    if app.as_json:
        out.emit({"login": login, "person": person.id})
        return
    out.line(verbatim(person.name), style="bold")
    out.pairs([(_("id"), verbatim(f"person/{person.id}"))], indent=2)
