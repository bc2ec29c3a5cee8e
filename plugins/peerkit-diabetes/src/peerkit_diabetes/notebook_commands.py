# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes notebook …`: the person's own. Words come from the keyboard or standard input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from peerkit import Decision, Malformed, NotFound, Service, Session, commands
from peerkit.texts import Message, joined, listed, verbatim
from peerkit_diabetes.notebook import CODES, PAGES, DiabetesNotebook, named, no_such
from peerkit_diabetes.words import _

SORTS: Mapping[str, tuple[str, str]] = {
    "question": ("questions", "drop_question"),
    "support": ("supports", "drop_support"),
    "place": ("resources", "drop_resource"),
}
"""What may be added, the parts that it becomes, and the act that takes it out."""

TITLES: Mapping[str, Message] = {
    "feelings": _("How it is to live with it"),
    "medicines": _("What I take"),
    "sick_day": _("My own plan for sick days"),
    "in_the_way": _("What else is in the way"),
    "questions": _("Questions for my care team"),
    "supports": _("Who and what helps me"),
    "resources": _("Places nearby"),
}

_ASKED = {
    "question": _("The question, in their words"),
    "support": _("Who or what helps, and with what: Ana | comes along to visits"),
    "place": _("The place, in their words"),
}


@click.command()
@click.argument("person", required=False)
@commands.deciding
@click.pass_obj
def begin(app: commands.App, *, person: str | None, decided: commands.Decided) -> None:
    """Begin a notebook of your own; or PERSON's with them, as they decide it."""

    def create(s: Session, by: Decision | None) -> DiabetesNotebook:
        whose = commands.person(s, person).id if person else s.actor.person
        return DiabetesNotebook.begin(person=whose, by=by)

    commands.make(app, decided, create, "begin")


@click.command()
@click.argument("person", required=False)
@commands.listing
@click.pass_obj
def show(app: commands.App, *, person: str | None) -> None:
    """Show your notebook; PERSON's, if they let you read it."""
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            held = commands.pick(s, DiabetesNotebook, person or "")
            services = {one.service: _service(s, one.service) for one in held.resources if one.service}
            readers = commands.names(s, set(held.shared_with))
            if held.person == actor.person:  # they chose them, and so may know who they are
                readers |= commands.unread(s, held.shared_with)
        if app.as_json:
            commands.emit(held)
            return
        short = [commands.label("", "barrier", code) for code in held.barriers]
        commands.pairs(
            [
                (_("what is short"), listed(short) if short else None),
                (_("read by"), joined(list(readers.values()), ", ")),
            ]
        )
        for name, lines in shown(held, services):
            commands.title(TITLES[name])
            for number, one in enumerate(lines, start=1):
                if name in PAGES:
                    commands.line(one, indent=2)
                else:
                    commands.hanging(verbatim(f"{number:>3}  "), one)


def shown(held: DiabetesNotebook, services: Mapping[str, Message]) -> Iterator[tuple[str, list[Message]]]:
    """What stands in a notebook, page by page; empty ones are left out. `services` are names by their ids."""
    pages = {page: [verbatim(getattr(held, page))] for page in PAGES if getattr(held, page)}
    asked = held.questions
    parts = {
        "questions": [joined([one.words, one.answer] if one.answer else [one.words], " → ") for one in asked],
        "supports": [named(one.who, one.helps) for one in held.supports],
        "resources": [named(services.get(one.service, ""), one.words) for one in held.resources],
    }
    yield from pages.items()
    yield from ((name, lines) for name, lines in parts.items() if lines)


def _service(s: Session, id_: str) -> Message:
    try:
        found = s.get(Service, id_)
    except NotFound:
        return _("an entry that is not in the directory any more")
    numbers = [phone.number for phone in found.phones]
    return joined([found.name, *numbers], ", ")


@click.command()
@click.argument("page", type=click.Choice(PAGES))
@click.argument("person", required=False)
@commands.deciding
@click.pass_obj
def write(app: commands.App, *, page: str, person: str | None, decided: commands.Decided) -> None:
    """Write a PAGE anew: feelings, medicines, sick_day or in_the_way, in your own words or PERSON's.

    Nothing typed makes it empty.
    """
    said = {"page": page, "words": commands.words(TITLES[page], needed=False)}
    commands.do(app, DiabetesNotebook, person or "", "write", decided, arguments=lambda _s, _n: said)


@click.command()
@click.argument("person", required=False)
@click.option("--barrier", "codes", multiple=True, metavar="CODE", help="Can be repeated.")
@commands.deciding
@click.pass_obj
def short(
    app: commands.App, *, person: str | None, codes: tuple[str, ...], decided: commands.Decided
) -> None:
    """Say what is short, by code, in place of what stood there: income, housing, food, transport, access, or
    a need such as kitchen. Goals and services are looked for by it."""
    given = {"codes": commands.shortages(codes)}
    if not set(given["codes"]) <= set(CODES):
        raise Malformed(no_such(commands.label("", "shortage", one) for one in CODES), where="--barrier")
    commands.do(app, DiabetesNotebook, person or "", "say_barriers", decided, arguments=lambda _s, _n: given)


@click.command()
@click.argument("sort", type=click.Choice(tuple(SORTS)))
@click.argument("person", required=False)
@click.option("--service", metavar="ID", help="For a place: its entry in the directory, by id.")
@commands.deciding
@click.pass_obj
def add(
    app: commands.App, *, sort: str, person: str | None, service: str | None, decided: commands.Decided
) -> None:
    """Add a question, a support or a place, in your own words or PERSON's.

    With whom or what somebody helps stands behind a bar: `Ana | comes along to visits`.
    """
    if service is not None and sort != "place":
        raise Malformed(_("only a place is an entry of the directory"), where="--service")
    typed = commands.words(_ASKED[sort]) if service is None else ""

    def arguments(s: Session, _held: DiabetesNotebook) -> dict[str, Any]:
        if sort == "question":
            return {"words": typed}
        if sort == "support":
            who, _bar, helps = typed.partition("|")
            return {"who": who.strip(), "helps": helps.strip()}
        return {"words": typed} if service is None else {"service": s.get(Service, service)}

    act = {"question": "ask", "support": "add_support", "place": "add_resource"}[sort]
    commands.do(app, DiabetesNotebook, person or "", act, decided, arguments=arguments)


@click.command()
@click.argument("number")
@click.argument("person", required=False)
@commands.deciding
@click.pass_obj
def answer(app: commands.App, *, number: str, person: str | None, decided: commands.Decided) -> None:
    """Note what you were told to question NUMBER, as `show` lists them."""
    typed = commands.words(_("What they said, as you heard it"))

    def arguments(_s: Session, held: DiabetesNotebook) -> dict[str, Any]:
        return {"question": _part(held, "questions", number), "answer": typed}

    commands.do(app, DiabetesNotebook, person or "", "note_answer", decided, arguments=arguments)


@click.command()
@click.argument("sort", type=click.Choice(tuple(SORTS)))
@click.argument("number")
@click.argument("person", required=False)
@commands.deciding
@click.pass_obj
def drop(app: commands.App, *, sort: str, number: str, person: str | None, decided: commands.Decided) -> None:
    """Take a question, a support or a place out, by its NUMBER, as `show` lists them."""
    parts, act = SORTS[sort]

    def arguments(_s: Session, held: DiabetesNotebook) -> dict[str, Any]:
        return {sort if sort != "place" else "resource": _part(held, parts, number)}

    commands.do(app, DiabetesNotebook, person or "", act, decided, arguments=arguments)


def _part(held: DiabetesNotebook, parts: str, number: str) -> str:
    if found := commands.part_of(getattr(held, parts), number):
        return found
    raise Malformed(_("the notebook has none of that number"), where="NUMBER")


def _reading(app: commands.App, act: str, reader: str, person: str | None, decided: commands.Decided) -> None:
    def arguments(s: Session, held: DiabetesNotebook) -> dict[str, Any]:
        return {"reader": commands.chosen(s, reader, held.person)}

    commands.do(app, DiabetesNotebook, person or "", act, decided, arguments=arguments)


@click.command()
@click.argument("reader")
@click.argument("person", required=False)
@commands.deciding
@click.pass_obj
def share(app: commands.App, *, reader: str, person: str | None, decided: commands.Decided) -> None:
    """Let READER, who is in the program, read your notebook, until you say otherwise."""
    _reading(app, "share", reader, person, decided)


@click.command()
@click.argument("reader")
@click.argument("person", required=False)
@commands.deciding
@click.pass_obj
def unshare(app: commands.App, *, reader: str, person: str | None, decided: commands.Decided) -> None:
    """READER may no longer read your notebook."""
    _reading(app, "unshare", reader, person, decided)
