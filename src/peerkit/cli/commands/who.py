# SPDX-License-Identifier: Apache-2.0
"""`peerkit people`: who is there, among those whom one may see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import doing, gathering, out
from peerkit.cli import people as people_
from peerkit.cli.app import App
from peerkit.cli.commands import logins
from peerkit.cli.root import Group
from peerkit.cli.speaking import label
from peerkit.errors import Malformed
from peerkit.model.base import fold
from peerkit.texts import _, joined, verbatim
from peerkit.texts.dates import weekly

if TYPE_CHECKING:
    from peerkit.kit import Session
    from peerkit.model.decision import Decision
    from peerkit.model.people import PeerSupporter, Person


@click.group(cls=Group, invoke_without_command=True)
@click.option(
    "--name", metavar="PART", help="Only those with this in their name; capitals and accents aside."
)
@doing.listing
@click.pass_context
def people(ctx: click.Context, name: str | None) -> None:
    """List the people whom you may see, and what to know before you reach them."""
    if ctx.invoked_subcommand is not None:
        return
    app: App = ctx.find_object(App) or App()
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        found = sorted(_all(s, name), key=lambda one: fold(one.name))
    if app.as_json:
        out.emit(found)
        return
    if not found:
        out.line(_("Nobody."))
    for one in found:
        _shown(one)


people.path = "people"


def _all(s: Session, name: str | None) -> list[Person]:
    from peerkit import Person

    wanted = fold(name) if name else ""
    return [one for one in gathering.every(s, Person) if one.state != "merged" and wanted in fold(one.name)]


def _shown(one: Person) -> None:
    state = [label("person", "state", one.state)] if one.state != "here" else []
    pronouns = [verbatim(one.pronouns)] if one.pronouns else []
    out.line(joined([verbatim(one.name), *pronouns, *state], ", "), style="bold")
    out.pairs(
        [
            (_("id"), verbatim(f"person/{one.id}")),
            (_("languages"), verbatim(", ".join(one.languages))),
            (_("reach"), verbatim(", ".join(one.reach))),
            (_("not by"), verbatim(", ".join(one.not_by))),
            (_("hours"), weekly(one.hours)),
            (_("needs"), verbatim(one.access_needs)),
        ],
        indent=2,
    )
    if one.watched:
        out.line(_("Assume that somebody else reads this person's device."), indent=2, style="bold yellow")


@people.command()
@click.argument("name")
@click.option("--pronouns", default="", help="As they say them.")
@click.option(
    "--language", "languages", multiple=True, metavar="CODE", help="Such as en or fr; may be repeated."
)
@click.option(
    "--with", "file", metavar="FILE", help="More, as a JSON object (reach, hours …); - is standard input."
)
@doing.deciding
@click.pass_obj
def add(
    app: App,
    *,
    name: str,
    pronouns: str,
    languages: tuple[str, ...],
    file: str | None,
    decided: doing.Decided,
) -> None:
    """Enrol somebody of NAME. Everything but the name may be left out; `peerkit act person` lists it."""
    from peerkit import Person

    given: dict[str, Any] = {"pronouns": pronouns, "languages": languages, **_more(file)}
    doing.make(app, decided, lambda _s, by: Person.enrol(name=name, **given, by=by), "enrol")


def _more(file: str | None) -> dict[str, Any]:
    if file is None:
        return {}
    allowed = {"age_band", "reach", "not_by", "hours", "watched", "access_needs"}
    try:
        found = json.loads(doing.words_of(file, where="--with"))
    except ValueError:
        raise Malformed(_("the arguments are no JSON"), where="--with") from None
    if not isinstance(found, dict) or not found.keys() <= allowed:
        told = _("a JSON object with some of: {names}", names=", ".join(sorted(allowed)))
        raise Malformed(told, where="--with")
    return {key: tuple(held) if isinstance(held, list) else held for key, held in found.items()}


@people.command()
@click.argument("name")
@click.option(
    "--experience", required=True, type=click.Choice(("own", "family", "both")), help="As they say."
)
@click.option("--supervisor", metavar="NAME", help="Who supervises them.")
@doing.deciding
@click.pass_obj
def welcome(app: App, *, name: str, experience: str, supervisor: str | None, decided: doing.Decided) -> None:
    """NAME takes on the role of a peer supporter. It is their decision: say how they gave it. Whoever has the
    role already says anew whose experience it is.
    """
    from peerkit import PeerSupporter as Supporter

    def create(s: Session, by: Decision | None) -> PeerSupporter:
        above = None if supervisor is None else people_.person(s, supervisor)
        who = people_.person(s, name)
        held = s.find(Supporter, person=who.id, state="active", limit=1)
        if not held:
            return Supporter.welcome(who, experience=experience, supervisor=above, by=by)
        anew = held[0].update(experience=experience, by=by)
        return anew if above is None else anew.answer_to(above)

    doing.make(app, decided, create)


@people.command()
@click.argument("name")
@click.option("--name", "called", metavar="NAME", help="Another name, as they say it.")
@click.option("--pronouns", help="As they say them.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="All of them, such as en or fr.")
@click.option(
    "--with", "file", metavar="FILE", help="More, as a JSON object (reach, hours …); - is standard input."
)
@doing.deciding
@click.pass_obj
def update(
    app: App,
    *,
    name: str,
    called: str | None,
    pronouns: str | None,
    languages: tuple[str, ...],
    file: str | None,
    decided: doing.Decided,
) -> None:
    """Something about the person of NAME is said anew; what is left out stays. It is theirs to say."""
    given: dict[str, Any] = {"name": called, "pronouns": pronouns, "languages": languages or None}
    given = {key: held for key, held in given.items() if held is not None} | _more(file)
    if not given:
        raise click.UsageError(_("Say what is new: an option, or --with FILE."))
    _theirs(app, name, "update", decided, given)


@people.command()
@click.argument("name")
@doing.deciding
@click.pass_obj
def leave(app: App, *, name: str, decided: doing.Decided) -> None:
    """The person of NAME says that they are done. The door stays open: see `come-back`."""
    _theirs(app, name, "leave", decided, {})


@people.command("come-back")
@click.argument("name")
@doing.deciding
@click.pass_obj
def come_back(app: App, *, name: str, decided: doing.Decided) -> None:
    """The person of NAME, who had left, is back."""
    _theirs(app, name, "come_back", decided, {})


@people.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask again. Needed where nobody can be asked.")
@doing.deciding
@click.pass_obj
def died(app: App, *, name: str, yes: bool, decided: doing.Decided) -> None:
    """The person of NAME has died. Every message to them or about them stops at once."""
    doing.sure(_("Has this person died?"), yes=yes)
    _theirs(app, name, "mark_died", decided, {})


def _theirs(app: App, name: str, act: str, decided: doing.Decided, given: dict[str, Any]) -> None:
    doing.make(app, decided, lambda s, by: getattr(people_.person(s, name), act)(**given, by=by), act)


for command in (logins.link, logins.unlink, logins.whose):
    people.add_command(command)


@people.command()
@click.argument("name")
@click.pass_obj
@doing.listing
def show(app: App, *, name: str) -> None:
    """Show one person, by name or id."""
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        found = people_.person(s, name)
    if app.as_json:
        out.emit(found)
        return
    _shown(found)
