# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes needs`: asks, and shows services; nothing is kept and nothing is sent."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from peerkit import Malformed, commands
from peerkit.texts import joined, listed, verbatim
from peerkit_diabetes import needs as looking
from peerkit_diabetes.notebook import DiabetesNotebook
from peerkit_diabetes.words import _

if TYPE_CHECKING:
    from peerkit import Kit


@click.command()
@click.argument("person", required=False)
@click.option(
    "--answers",
    "file",
    metavar="FILE",
    help='Take the answers from a JSON file (- for standard input), such as {"food": true}, and ask nothing.',
)
@click.option("--notebook", is_flag=True, help="Ask nothing: look for what PERSON's notebook says is short.")
@click.option("--near", metavar="PLACE", default="", help="Where to look.")
@commands.listing
@click.pass_obj
def needs(app: commands.App, *, person: str | None, file: str | None, notebook: bool, near: str) -> None:
    """Ask PERSON about money, food and housing, if they like, and show services of the directory.

    Nothing is kept and nothing is sent. A question that is left open is as good as an answer.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        if notebook:
            with kit.session(actor) as s:
                wanted = looking.needs_in(commands.pick(s, DiabetesNotebook, person or ""))
        else:
            wanted = looking.needs_of(_asked(kit) if file is None else _from_file(file))
        with kit.session(actor) as s:
            offers = looking.services_for(s, wanted, near=near)
        if app.as_json:
            commands.emit({"needs": wanted, "services": [_plain(one) for one in offers]})
            return
        if not wanted:
            commands.line(_("Nothing is looked for. You can ask again at any time."))
            return
        for need in wanted:
            commands.title(looking.TITLES[need])
            mine = [one for one in offers if one.need == need]
            for one in mine:
                _shown(one)
            if not mine:
                commands.line(_("The directory has nothing for this."), indent=2)
        _how_to_go_on(person or "PERSON", offers)


def _asked(kit: Kit) -> dict[tuple[str, str], object]:
    """The answers as they are given at the keyboard; Enter leaves one open."""
    if not sys.stdin.isatty():
        raise click.UsageError(_("Nobody can be asked here: give --answers FILE, or --notebook."))
    language = commands.texts().locale
    found: dict[tuple[str, str], object] = {}
    commands.line(_("Only if you like: Enter leaves a question open, and nothing is kept."))
    for form, item in looking.questions(kit, language):
        click.echo()
        commands.line(verbatim(form.text(item, language if form.speaks(language) else "en")))
        commands.line(joined([verbatim("1"), _("Yes"), verbatim(" 2"), _("No")], " "), indent=2)
        answer = None
        while (typed := commands.prompted(_("Your answer")).strip()) and (
            answer := commands.means(typed)
        ) is None:
            commands.line(_("1 or 2, or Enter alone:"))
        found[form.id, item] = answer
    return found


def _from_file(file: str) -> dict[tuple[str, str], object]:
    """The answers as a JSON object: a need, and whether somebody said yes to it."""
    known = {one: (looking.OWN, one) for one in looking.TITLES} | {looking.INCOME: (looking.POVERTY, "q1")}
    try:
        given: Any = json.loads(commands.words_of(file, where="--answers"))
    except (ValueError, RecursionError):
        raise Malformed(_("this is no JSON"), where="--answers") from None
    fits = isinstance(given, Mapping) and given.keys() <= known.keys()
    if not fits or not all(one is None or isinstance(one, bool) for one in given.values()):
        names = ", ".join(known)
        told = _("this must be a JSON object of true, false or null, with some of: {names}", names=names)
        raise Malformed(told, where="--answers")
    return {known[name]: value for name, value in given.items()}


def _shown(one: looking.Offer) -> None:
    service = one.service
    commands.line(verbatim(service.name), indent=2, style="bold")
    numbers = [verbatim(phone.number) for phone in service.phones]
    against = [looking.AGAINST[code] for code in one.against if code in looking.AGAINST]
    assured = _("nobody has said") if one.assured is None else verbatim(one.assured.isoformat())
    commands.pairs(
        [
            (_("telephone"), joined(numbers, ", ")),
            (_("how"), verbatim(service.how)),
            (_("for whom"), verbatim(service.eligibility)),
            (_("last assured"), assured),
            (_("to know"), listed(against) if against else None),
            (_("id"), verbatim(service.id)),
        ],
        indent=4,
    )


def _how_to_go_on(person: str, offers: tuple[looking.Offer, ...]) -> None:
    if not offers:
        return
    click.echo()
    commands.line(_("Nothing was sent. Call before you go; to go on from here, if they want that:"))
    for line in ("begin", "go-alone"):
        commands.line(verbatim(f"peerkit referrals {line} {shlex.quote(person)} --service ID"), indent=2)


def _plain(one: looking.Offer) -> dict[str, Any]:
    service = one.service
    return {
        "need": one.need,
        "id": service.id,
        "name": service.name,
        "phones": [phone.number for phone in service.phones],
        "assured": one.assured,
        "against": list(one.against),
    }
