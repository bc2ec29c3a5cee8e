# SPDX-License-Identifier: Apache-2.0
"""`peerkit directory`: searching the service directory. Importing one is peerkit-hsds's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import out
from peerkit.cli.app import App
from peerkit.cli.options import as_json, database
from peerkit.cli.root import Group
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.model.directory import Service


@click.group(cls=Group)
def directory() -> None:
    """The service directory: who could help with what.

    `peerkit directory import` comes with peerkit-hsds and reads HSDS (Open Referral) files.
    """


directory.path = "directory"


@directory.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--need", help="Only services for this need, such as food, as the directory names it.")
@click.option("--language", help="Only services in this language, such as fr or French.")
@click.option("--place", help="Only services in this town, postal code or region.")
@click.option(
    "--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many at most."
)
@click.option("--all", "gone_too", is_flag=True, help="Also entries that disappeared from their source.")
@database
@as_json
@click.pass_obj
def search(
    app: App, *, words: tuple[str, ...], need: str, language: str, place: str, limit: int, gone_too: bool
) -> None:
    """Find services by WORDS, best first, typing errors forgiven.

    The directory is public, so anybody may search it. Call before you rely on an entry: it shows when
    somebody last made sure of it.
    """
    from peerkit import Actor, Service

    equal: dict[str, Any] = {"needs": need, "languages": language, "cities": place}
    given = {name: value for name, value in equal.items() if value}
    if not gone_too:
        given["state"] = "listed"
    with app.kit() as kit:
        # The directory is public and reading it is not logged, so it is read as nobody in particular.
        visitor = app.actor_or_none(kit) or Actor.system("directory")
        with kit.session(visitor) as s:
            found = s.search(Service, " ".join(words), limit=limit, **given)
    if app.as_json:
        out.emit([*found])
        return
    for service in found:
        show(service)
    if not found:
        out.line(_("Nothing was found. Try other words, or fewer filters."))


def show(service: Service) -> None:
    """One entry, for reading."""
    out.title(verbatim(service.name))
    out.line(verbatim(service.organization), indent=2, style="dim") if service.organization else None
    if service.state == "gone":
        out.line(_("No longer in its source."), indent=2, style="bold yellow")
    out.pairs(
        [
            (_("for"), verbatim(", ".join(service.needs))),
            (_("where"), joined(_places(service), "\n") or verbatim(", ".join(service.cities))),
            (_("phone"), joined(_phones(service), ", ")),
            (_("web"), verbatim(service.website)),
            (_("languages"), verbatim(", ".join(_spoken(service)))),
            (_("hours"), verbatim("; ".join(service.hours))),
            (_("who"), verbatim(service.eligibility)),
            (_("fees"), verbatim(service.fees)),
            (
                _("assured"),
                verbatim(f"{service.assured_at:%Y-%m-%d}") if service.assured_at else _("nobody knows when"),
            ),
            (_("id"), verbatim(service.id)),
        ],
        indent=2,
    )


MOST_PLACES = 3
"""How many places of an entry are shown; who wants all of them asks for JSON."""


def _places(service: Service) -> list[Message]:
    """Where one goes, a line for each place."""
    said = [", ".join(filter(None, (one.name, one.address, one.city))) for one in service.places]
    shown = [*dict.fromkeys(filter(None, said))]
    over = len(shown) - MOST_PLACES
    more = [many("and {n} more", "and {n} more", over)] if over > 0 else []
    return [*(verbatim(one) for one in shown[:MOST_PLACES]), *more]


def _spoken(service: Service) -> list[str]:
    """Languages by name; by code where the entry has nothing else."""
    return [one for one in service.languages if len(one) > 3] or [*service.languages]


def _phones(service: Service) -> list[Message]:
    """Each number once, with what it is for; a fax answers nobody."""
    said: dict[tuple[str, str], str] = {}
    for one in service.phones:
        if one.sort.casefold() != "fax":
            number = (one.number, one.extension)
            said[number] = said.get(number) or one.words
    return [_phone(*number, words) for number, words in said.items()]


def _phone(number: str, extension: str, words: str) -> Message:
    called = (
        _("{number} ext. {extension}", number=number, extension=extension) if extension else verbatim(number)
    )
    return _("{number} ({words})", number=called, words=words) if words else called
