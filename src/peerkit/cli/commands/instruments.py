# SPDX-License-Identifier: Apache-2.0
"""`peerkit instruments`: questionnaires as data, with who is told of which answer, and how fast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import crediting, doing, out, people
from peerkit.cli.app import App
from peerkit.cli.commands import scoring
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import label, speaking, texts
from peerkit.errors import Malformed, NotFound
from peerkit.model.program import Program
from peerkit.model.questionnaire import Questionnaire
from peerkit.safety.settings import RECEIVING
from peerkit.texts import Message, _, joined, locales, many, verbatim
from peerkit.texts.catalogue import language as spoken

if TYPE_CHECKING:
    from peerkit.instruments import Instrument
    from peerkit.instruments.definition import TextSet
    from peerkit.kit import Kit
    from peerkit.safety.shelf import InstrumentLine


@click.group(invoke_without_command=True)
@database
@as_json
@click.pass_context
def instruments(ctx: click.Context) -> None:
    """List questionnaires: peerkit's, and those of plugins; with a database those of the program.

    Each with what there is to know before it is used: whether it is on, off (and who would have to be
    named), has no wording, was replaced by a newer version or withdrawn, or cannot be read.
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.ensure_object(App))


@instruments.command("list")
@database
@as_json
@click.pass_obj
def list_(app: App) -> None:
    """The same as `peerkit instruments`."""
    _list(app)


def _list(app: App) -> None:
    found = app.shelf().lines()
    if app.as_json:
        out.emit([_plain(one.instrument) | _standing(one) for one in found])
        return
    _show(found)


def _show(found: Sequence[InstrumentLine]) -> None:
    """The lines of some, and behind them how those that are off are turned on."""
    width = max((len(one.id) for one in found), default=0) + 2
    for one in found:
        out.hanging(verbatim(one.id or "?"), joined(list(_told(one)), ", "), width=width)
    for pack in dict.fromkeys(one.pack for one in found if one.state == "off"):
        out.line(
            _(
                "Off until it is said who receives what it finds: `peerkit instruments receive {pack} "
                "supervisor`",
                pack=pack,
            )
        )


def _told(line: InstrumentLine) -> Iterator[Message]:
    """What a line of the list says: what it is, and what there is to know before using it."""
    if line.instrument is None:
        if line.version:
            yield _("version {version}", version=line.version)
        yield _("cannot be read: {why}", why=line.why)
        return
    yield verbatim(line.title)
    yield many("{n} question", "{n} questions", len(line.instrument.items))
    yield _("version {version}", version=line.version)
    if line.state == "off":
        yield _("off")
    elif line.state != "on":
        yield label("instrument", "state", line.state)
    elif line.receiver:
        yield _("received by: {role}", role=label("", "role", line.receiver))
    if not line.languages:
        yield _("wording not yet verified") if line.instrument.texts else _("no wording")
    if not scoring.alarms(line.instrument):
        yield _("no answer alarms anybody")


@instruments.command()
@click.argument("instrument")
@click.option(
    "--language", metavar="TAG", help="The language of the wording; else the one that peerkit speaks."
)
@click.option("--version", help="Another version than the one that screens begin with.")
@database
@as_json
@click.pass_obj
def show(app: App, instrument: str, language: str | None, version: str | None) -> None:
    """Show INSTRUMENT: its questions, what is said before the first one, and which rules alarm whom.

    A level says who must know and how soon, never how somebody is: talk is whoever is there, today
    the supervisor, now the people on call, at once.
    """
    shelf = app.shelf()
    found, tag = shelf.instrument(instrument, version), language or texts().locale
    wording = found.wording(tag) if found.speaks(tag) else None
    if app.as_json:
        out.emit(_plain(found) | _worded(found, wording))
        return
    origin = next((one for one in shelf.lines() if one.instrument == found), None)
    # One page is in one language, that of the wording where peerkit speaks it.
    with speaking(tag if spoken(tag) in locales() else texts().locale):
        _page(app, found, wording, tag, None if origin is None else origin.record)


def _page(app: App, found: Instrument, wording: TextSet | None, tag: str, record: str | None) -> None:
    title = found.title if wording is None else wording.title
    out.line(verbatim(f"{title} ({found.id} {found.version})"), style="bold")
    items = {} if wording is None else wording.items
    for item in found.items:
        said = items.get(item.id)
        words = verbatim(said) if said else _("(no verified wording in this language)")
        out.hanging(verbatim(item.id), words, indent=2, width=13)
    out.pairs([crediting.to_know(found), *crediting.credits_of(wording)], indent=2)
    if wording is None:
        _in_its_place(app, found, tag)
    out.title(_("Shown before the first question"))
    for sentence in _beforehand(app, found):
        out.line(joined([sentence]), indent=2)
    out.title(_("Which rules make whom know"))
    levels = dict.fromkeys(str(rule.level) for rule in found.triage)
    out.pairs(
        [
            (
                label("", "level", level),
                verbatim(", ".join(rule.id for rule in found.triage if rule.level == level)),
            )
            for level in levels
        ],
        indent=2,
    )
    out.title(_("Where it comes from"))
    file = verbatim(f"{Questionnaire.kind}/{record}") if record else verbatim(found.source)
    out.pairs(
        [
            (_("licence"), verbatim(found.licence.status)),
            (_("of"), verbatim(found.licence.source or found.licence.holder)),
            (_("definition"), file),
        ],
        indent=2,
    )


def _in_its_place(app: App, found: Instrument, tag: str) -> None:
    """Who may be in danger is not left without words that they read, if there are any, nor without a line to
    call."""
    from peerkit.instruments import in_language
    from peerkit.safety.next_steps import in_force, line_said

    try:
        instead = in_language(found, tag).id
        told = _(
            "Ask the questions of {instrument} in its place, whose words are in this language: {command}",
            instrument=instead,
            command=f"peerkit instruments show {instead} --language {tag}",
        )
        out.line(told, indent=2)
    except NotFound as none:
        if any(one.lower().startswith(f"{tag.lower()}-") for one in found.languages):
            raise none from None  # two regions have one each: it names them
        if not scoring.alarms(found):
            return
    for one in in_force(_program(app))[0]:
        out.line(line_said(one), indent=2)


def _program(app: App) -> Program | None:
    if not app.url:
        return None
    with app.kit() as kit:
        return kit.program


@instruments.command()
@click.argument("file")
@click.option("--no-alerts", is_flag=True, help="Bring it in though no answer to it alarms anybody.")
@database
@acting
@as_json
@click.pass_obj
def add(app: App, *, file: str, no_alerts: bool) -> None:
    """Bring in a questionnaire of the program's own from FILE (- is standard input).

    FILE is a definition, or the wording for one that has none in a language; both are TOML. A version
    is never changed once it was brought in: give the changed file a new version.

    What is worth knowing of it is told, as by `peerkit instruments validate`. One without any alert rule
    is not taken unless you say --no-alerts: nobody would be told of any answer, whatever it says.
    """
    text = _text(file)
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            check = _check(app, file, text)
            saved = s.save(Questionnaire.add(text, no_alerts=no_alerts))
        doing.told(app, saved, "add", s.receipt)
        if not app.as_json:
            of = (saved.instrument, saved.edition)
            _show([one for one in app.shelf().lines() if (one.id, one.version) == of])
            scoring.noted(check)


def _check(app: App, file: str, text: str) -> scoring.Check:
    """What the file is, read as it would be in use. What cannot be read is told by the file's own name; what
    else stands against it, the program's checks say."""
    name, data = "FILE" if file == scoring.STDIN else file, text.encode()
    one = None if scoring.is_pack(data) else scoring.parsed(data, name)
    [check] = scoring.checked(app, {name: data})
    if one is None and isinstance(check.error, Malformed) and check.error.where.startswith(name):
        raise check.error
    return check


@instruments.command()
@click.argument("instrument")
@click.option("--version", help="This version only.")
@click.option("--wording", is_flag=True, help="The program's wording for it, and not the questionnaire.")
@database
@acting
@as_json
@click.pass_obj
def withdraw(app: App, *, instrument: str, version: str | None, wording: bool) -> None:
    """Withdraw INSTRUMENT, which the program brought in: no screen begins with it any more.

    What was answered to it is kept, and is judged by it.
    """
    sort = "wording" if wording else "definition"
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = s.find(Questionnaire, instrument=instrument, sort=sort, state="standing").readable
            meant = [one for one in found if version in {None, one.edition}]
            if not meant:
                raise NotFound(
                    _("the program has brought in nothing like that, or withdrew it: `peerkit instruments`")
                )
            saved = [s.save(one.withdraw()) for one in meant]
        if app.as_json:
            names = ("kind", "id", "version", "instrument", "edition", "state")
            out.emit([{name: getattr(one, name) for name in names} for one in saved])
            return
        for one in saved:
            doing.told(app, one, "withdraw", s.receipt)


@instruments.command()
@click.argument("what")
@click.argument("office", type=click.Choice([*RECEIVING, "nobody"]))
@database
@acting
@as_json
@click.pass_obj
def receive(app: App, *, what: str, office: str) -> None:
    """Say which OFFICE receives what WHAT finds: a pack such as clinical, or one questionnaire of its own.

    Whoever holds the office gets a task when such a screen is over; who is asked reads that before the
    first question. A questionnaire of a pack that nobody receives is off. The office nobody takes a line
    back.
    """
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            program = s.get(Program, kit.program.id)
            kept = [one for one in program.receives if one.partition("=")[0].strip() != what]
            named = [] if office == "nobody" else [f"{what}={office}"]
            saved = s.save(program.update(settings={"receives": (*kept, *named)}))
        doing.told(app, saved, "update", s.receipt)
        if not app.as_json:
            found = [one for one in app.shelf().lines() if what in {one.id, one.pack}]
            _show([one for one in found if one.state in {"on", "off"}])
            if not found:
                out.line(_("There is no questionnaire of this id or pack yet."))
            elif office != "nobody":
                out.line(REACHES[office])
                _in_office(app, kit, office)


def _in_office(app: App, kit: Kit, office: str) -> None:
    now = kit.clock.now()
    held = {
        one.person for one, _hours in kit.net.fresh(kit).offices if one.role == office and one.in_effect(now)
    }
    with kit.session(app.actor(kit)) as s:
        called = people.names(s, held)
    if held:
        names = joined([called.get(one) or verbatim(one) for one in sorted(held)], ", ")
        out.line(joined([_("In that office now:"), names], " "))
    else:
        out.line(_("Nobody is in that office now: until somebody is, a coordinator is asked."))


REACHES = {
    "supervisor": _(
        "When such a screen is over, a task reaches the supervisor of whoever walks beside the person, else "
        "another supervisor."
    ),
    "on-call": _("When such a screen is over, a task reaches whoever is on call."),
}
"""Whom an office that receives is, to read."""


def _text(file: str) -> str:
    """A file's text to the last sign: its hash is kept with every screen."""
    try:
        return scoring.read(file, where="FILE").decode()
    except UnicodeDecodeError:
        raise Malformed(_("the file cannot be read: is it there, and in UTF-8?"), where="FILE") from None


def _beforehand(app: App, instrument: Instrument) -> tuple[str, ...]:
    """What the person sees first, with the program's own policy where a program is named."""
    from peerkit.safety.asking import beforehand, receiver

    mine = (texts().locale,)
    if not app.url:
        return beforehand(instrument, None, languages=mine)
    with app.kit() as kit:
        return beforehand(instrument, kit.program, languages=mine, receiver=receiver(kit, instrument) or "")


def _worded(one: Instrument, wording: TextSet | None) -> dict[str, Any]:
    """The questions with their words, and what goes with the words wherever they go."""
    items = {} if wording is None else wording.items
    return {
        "items": [{"id": item.id, "text": items.get(item.id)} for item in one.items],
        "wording": crediting.plain(wording),
    }


def _plain(one: Instrument | None) -> dict[str, Any]:
    if one is None:
        return {"title": "", "languages": [], "items": [], "triage": []}
    return {
        "id": one.id,
        "version": one.version,
        "title": one.title,
        "languages": list(one.languages),
        "items": [{"id": item.id} for item in one.items],
        "triage": [{"id": rule.id, "level": str(rule.level)} for rule in one.triage],
    }


def _standing(line: InstrumentLine) -> dict[str, Any]:
    """How it stands with a questionnaire in the program."""
    names = ("id", "version", "state", "pack", "receiver", "origin", "record", "why")
    return {name: getattr(line, name) for name in names}


instruments.add_command(scoring.validate)
instruments.add_command(scoring.score)
instruments.add_command(scoring.import_)
