# SPDX-License-Identifier: Apache-2.0
"""`peerkit families …`: loaded when one of them is called. None asks whom a family member loves."""

from __future__ import annotations

import click

from peerkit import Credential, Decision, PeerSupporter, Relationship, Session, commands
from peerkit_families.track import EXPERIENCE, gates, lacking, title
from peerkit_families.walking import FAMILY
from peerkit_families.words import _

WAYS = ("one_to_one", "group", "either")

HOPES = _(
    "What do you hope for, for yourself? Leave out the name of whoever you "
    "care about, what they have and what "
    "happened to them: this record is yours, not theirs"
)
"""What is asked where an enquiry begins."""

WORRY = _("What worries you? What you saw or heard, in your own words")

BEFOREHAND = (
    _("If they are in danger now, call first: 9-1-1 in Canada and the United States."),
    _("What you write here goes at once to people of this program, until somebody comes."),
    _("It makes no record about whoever you are worried about. Name them if somebody has to find them."),
    _("The program does not tell you whether they are in it, nor anything about them."),
    _("If they are in it, they may see that somebody was worried, and not that it was you."),
)
"""What is said before anything is asked."""


@click.command()
@click.argument("supporter", required=False)
@click.option("--groups", is_flag=True, help="To lead a group for families.")
@commands.listing
@click.pass_obj
def track(app: commands.App, *, supporter: str | None, groups: bool) -> None:
    """Show what it takes to walk beside a family member, and what of it SUPPORTER has (yourself, if you name
    nobody)."""
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            who = commands.person(s, supporter).id if supporter else actor.person
            roles = s.find(PeerSupporter, person=who).readable
            held = s.find(Credential, person=who).readable
            gone = lacking(kit.program, roles, held, commands.today(kit), groups=groups)
    still = {one.id: one for one in gone}
    shown = [EXPERIENCE, *(one.id for one in gates() if groups or not one.groups_only)]
    if app.as_json:
        commands.emit([{"gate": one, "open": one in still} for one in shown])
        return
    for one in shown:
        if one in still:
            commands.hanging(_("open"), still[one].told, width=9)
        else:
            commands.hanging(_("there"), title(one), width=9)


@click.command()
@click.argument("person")
@click.option(
    "--way", type=click.Choice(WAYS), default="one_to_one", show_default=True, help="How they wish it."
)
@click.option(
    "--words",
    "asked",
    is_flag=True,
    help="Read what they hope for, for themselves, from standard input. Leave out whom they care about.",
)
@commands.deciding
@click.pass_obj
def enquire(app: commands.App, *, person: str, way: str, asked: bool, decided: commands.Decided) -> None:
    """PERSON asks for support for themselves, as family of somebody or as a caregiver.

    Nothing is asked about whoever they care about, and nothing of theirs is opened by it.
    """
    hopes = commands.words(HOPES) if asked else ""

    def create(s: Session, by: Decision | None) -> Relationship:
        who = commands.person(s, person)
        return Relationship.enquire(person=who, way=way, seeking_as=FAMILY, hopes=hopes, by=by)

    commands.make(app, decided, create, "enquire")


@click.command(cls=commands.Voice)
@click.option(
    "--about", metavar="NAME", help="Who it is, if they may be in this program too: a name or an id."
)
@click.option("--words", metavar="FILE", help="What worries you, in a file; without it, standard input.")
@click.option("--today", is_flag=True, help="It can wait until somebody looks today; else it is now.")
@commands.listing
@click.pass_obj
def worry(app: commands.App, *, about: str | None, words: str | None, today: bool) -> None:
    """Say that you are worried about the life of somebody whom you care about.

    Anyone may. What happens with it is said first; then it is asked what worries you. It goes to people of
    the program at once, makes no record about whoever it is about, and tells you nothing about them. What
    you can do meanwhile, and whom to call, is printed.

    Ends with 6 if it could not be stored, and also if it is stored and nobody could be told yet.
    """
    if not app.as_json:
        for sentence in BEFOREHAND:
            commands.line(sentence)
    commands.voice(app, about=about, words=words, today=today, ask=WORRY)
