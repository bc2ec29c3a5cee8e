# SPDX-License-Identifier: Apache-2.0
"""Taking a screen: asked question by question at the terminal, or stored from a file of answers."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import TYPE_CHECKING

import attrs
import click

from peerkit.cli import crediting, exits, options, out, people, streams
from peerkit.cli.app import App, Before
from peerkit.cli.doing import agreed
from peerkit.cli.speaking import language_named, say, texts
from peerkit.errors import Malformed, NotFound, PeerkitError, UnsavedScreen
from peerkit.texts import Message, _, joined, many, verbatim
from peerkit.texts.refusals import explained

if TYPE_CHECKING:
    from peerkit.instruments import Instrument
    from peerkit.instruments.definition import TextSet
    from peerkit.kit import Kit, Session
    from peerkit.safety import NextSteps, Screening

LAST = "last"


@attrs.frozen
class Wish:
    """What was asked for on the command line. `resume` is the id of a screen, or `last`."""

    instrument: str
    person: str
    alone: bool
    unnamed: bool
    resume: str
    language: str
    paper: bool
    occurred: str
    answers: str | None


# -- one question at a time --------------------------------------------------------------------------


def asked(app: App, kit: Kit, wish: Wish) -> NextSteps | None:
    """Take a screen at the terminal; the last next steps that it gave."""
    from peerkit.cli.questions import Talk

    wording, language = None, wish.language
    if not wish.resume:
        whom = shlex.quote(wish.person) if wish.person else "--alone" if wish.alone else "--unnamed"
        wording = _wording(kit, app.shelf().instrument(wish.instrument), wish, whom)
        if wording is not None and not wish.paper:  # what is on paper was asked in the paper's words
            language = wording.language
    screening = _begun(app, kit, attrs.evolve(wish, language=language))
    if screening.alone:
        app.before = Before.them_alone
    instrument = screening.instrument
    if instrument is None:
        raise NotFound(
            _("nobody here knows the questions of this screen any more; answers are taken by --answers")
        )
    kept = screening.occurred is not None
    paper = wish.paper or kept
    if wish.resume:
        wish = attrs.evolve(wish, paper=paper)
        wording = _going_on(kit, screening, instrument, wish)
    talk = Talk(screening, instrument, wording, paper)
    _heading(kit, app, screening, instrument, wording)
    language = "" if screening.language else _said_in(wording)
    command = resume(screening.id, language) + (" --paper" if paper and not kept else "")
    try:
        goes_on = talk.again() if screening.answered else wish.paper or talk.begin()
        whole = goes_on and talk.ask()
        if not whole and not screening.over:
            out.line(_stopped(command))
    except UnsavedScreen as error:
        told, how = exits.told(error), _stopped(command, LOST)
        raise exits.Told(f"{told.message}\n{say(how)}", told.exit_code) from None
    except (KeyboardInterrupt, EOFError, click.Abort):
        click.echo()
        click.secho(say(_stopped(command)), err=True)
        raise
    return talk.shown


def _going_on(kit: Kit, screening: Screening, instrument: Instrument, wish: Wish) -> TextSet | None:
    """The wording in which a screen goes on: in its own language, and in no other one."""
    whom = "--alone" if screening.alone else screening.person or "--unnamed"
    wording = _wording(
        kit, instrument, attrs.evolve(wish, language=wish.language or screening.language), whom
    )
    if wording is None or wish.paper:  # what stands on a paper already is typed in, and looked at
        return wording
    if screening.language not in {"", wording.language}:
        told = _(
            "this screen was begun in {language}, and two wordings are never mixed: go on without "
            "--language, or begin a new one: {command}. What was answered stands",
            language=language_named(screening.language),
            command=f"peerkit screen {instrument.id} {whom} --language {wording.language}",
        )
        raise Malformed(told, where="--language")
    return wording


def _said_in(wording: TextSet | None) -> str:
    """The language to go on in, blank where it would be that one anyway."""
    if wording is None or wording.language == texts().locale:
        return ""
    return wording.language


STOPPED = _("What was answered is stored. To go on:")
LOST = _("What was typed last is NOT stored: enter it again. To go on:")
LEFT_OUT = _("What is not among them is NOT stored: enter it again. To go on:")


def _stopped(command: str, what: Message = STOPPED) -> Message:
    """What is stored, and how to go on, with the command on a line of its own, to be copied."""
    return joined([what, verbatim(command)], "\n  ")


def resume(screen_id: str, language: str = "") -> str:
    """The command that goes on with a screen, in this language."""
    return f"peerkit screen --resume {screen_id}" + (f" --language {language}" if language else "")


def _heading(
    kit: Kit, app: App, screening: Screening, instrument: Instrument, wording: TextSet | None
) -> None:
    out.line(verbatim((wording.title if wording is not None else "") or instrument.title), style="bold")
    with kit.session(app.actor(kit)) as s:
        name = people.names(s, {screening.person}).get(screening.person) if screening.person else None
    out.pairs(
        [
            crediting.to_know(instrument),
            *crediting.credits_of(wording),
            (
                _("with"),
                _("yourself") if screening.alone else name or _("somebody the program does not know"),
            ),
            (_("id"), verbatim(screening.id)),
            (
                _("over"),
                _("what is answered now is stored, and a human looks at it") if screening.over else None,
            ),
        ],
        indent=2,
    )


def _wording(kit: Kit, instrument: Instrument, wish: Wish, whom: str) -> TextSet | None:
    """The verified wording in the language; on paper it may be lacking. Where there is none, `Told` says what
    to do in its place: nobody translates a question by themselves."""
    language = wish.language or texts().locale
    try:
        found: TextSet = instrument.wording(language)
    except NotFound:
        if wish.paper:
            return None
        told = [_lacking(instrument, language)]
        if conversation := _instead(instrument, language):
            command = f"peerkit screen {conversation} {whom} --language {language}"
            told.append(_("There are questions in own words in that language: {command}", command=command))
        else:
            told.append(_("Talk with them in your own words; `peerkit concern` tells somebody."))
        told += _lines(kit)
        raise exits.Told("\n".join(say(one) for one in told), exits.NOT_FOUND) from None
    return found


def _lacking(instrument: Instrument, language: str) -> Message:
    has = joined([language_named(one) for one in instrument.languages], ", ")
    what = _("it has {languages}", languages=has) if has else _("it has none in any language")
    return _(
        "{instrument} has no verified wording in {language} ({has}). A question that somebody translates "
        "asks something else. If they read another language: --language; if they answered on paper: --paper.",
        instrument=instrument.id,
        language=language_named(language),
        has=what,
    )


def _instead(instrument: Instrument, language: str) -> str:
    """What can be asked in this language in the place of an instrument; blank for nothing."""
    from peerkit.instruments import in_language

    try:
        return in_language(instrument, language).id
    except NotFound:
        return ""


def _lines(kit: Kit) -> list[Message]:
    from peerkit.safety.next_steps import in_force, line_said

    return [line_said(one) for one in in_force(kit.net.fresh(kit).program)[0]]


# -- all at once -------------------------------------------------------------------------------------


def from_file(app: App, wish: Wish) -> NextSteps | None:
    """Store a set of answers, each by itself, and finish; the most urgent next steps. Whatever stops it on
    the way carries what to do now: the answers were given, and are not stored."""
    from peerkit.cli.voicing import without_a_program

    try:
        with app.kit() as kit:
            return _stored(app, kit, wish)
    except UnsavedScreen:
        raise
    except PeerkitError as error:  # the program cannot be opened
        raise UnsavedScreen(explained(error), without_a_program()) from None


def _stored(app: App, kit: Kit, wish: Wish) -> NextSteps | None:
    from peerkit.cli.commands.scoring import read
    from peerkit.instruments import strict

    screening: Screening | None = None
    stored = 0
    try:
        entries = strict.entries(read(wish.answers or "", where="--answers"), "--answers")
        screening = _begun(app, kit, wish)
        for item, value in entries:
            screening.answer(item, value)
            stored += 1
        found = screening.finish()
    except PeerkitError as error:
        told = exits.told(_unsaved(kit, error))
        after = (
            []
            if screening is None
            else [
                many("{n} answer is stored", "{n} answers are stored", stored),
                _stopped(resume(screening.id), LEFT_OUT),
            ]
        )
        raise exits.Told("\n".join([told.message, *(say(one) for one in after)]), exits.ALARM) from None
    with streams.heard():
        _finished(app, screening, stored, found)
    return found


def _finished(app: App, screening: Screening, stored: int, found: NextSteps | None) -> None:
    if app.as_json:
        out.emit({"screen": screening.id, "answers": stored, "level": str(screening.level), "steps": found})
        return
    number = many("{n} answer is stored", "{n} answers are stored", stored)
    out.line(_("The screen is finished: {answers}.", answers=number), style="bold")
    if found is not None:
        from peerkit.cli.questions import show

        show(found)


def _unsaved(kit: Kit, error: PeerkitError) -> UnsavedScreen:
    from peerkit.levels import Level

    if isinstance(error, UnsavedScreen):
        return error
    return UnsavedScreen(explained(error), kit.net.unsaved(kit.clock.now(), Level.NOW))


# -- with whom, and when -----------------------------------------------------------------------------


def _begun(app: App, kit: Kit, wish: Wish) -> Screening:
    """The screen that is begun, or gone on with."""
    actor = app.actor(kit)
    with kit.session(actor) as s:
        if wish.resume:
            found: Screening = s.screening("", screen=_to_resume(s, wish.resume), language=wish.language)
            return found
        asking = wish.answers is None
        person = actor.person if wish.alone else None
        if wish.person:
            person = _whom(s, wish.person, asking=asking)
        occurred = _when(kit, wish, asking=asking)
        begun: Screening = s.screening(wish.instrument, person, occurred=occurred, language=wish.language)
        return begun


def _to_resume(s: Session, given: str) -> str:
    """The id of a screen that this human holds, or may read."""
    from peerkit import RiskScreen
    from peerkit.safety.reading import screens_of

    mine = [one.id for one, _at in screens_of(s.kit, s.actor.person)]
    if given == LAST:
        if not mine:
            raise NotFound(_("you hold no screen that is open"))
        return mine[-1]
    wanted = given.removeprefix("risk_screen/")
    return wanted if wanted in mine else s.get(RiskScreen, wanted).id


def _whom(s: Session, given: str, *, asking: bool) -> str:
    """Whom a name or an id means. Where nobody is found, a screen is no reason to stop: it goes on under what
    was given, and a human files it. At a terminal that is asked, since most often a name was misspelt."""
    try:
        return people.person(s, given).id
    except (NotFound, Malformed) as error:
        if asking:
            out.line(verbatim(exits.told(error).message), style="bold")
            ask = _("Ask the questions all the same, and have a coordinator file them?")
            if not agreed(ask):
                raise
        else:
            told = _("WARNING: nobody is found by that name or id alone: a coordinator is asked to file it")
            click.secho(say(told), fg="red", err=True)
        return given


def _when(kit: Kit, wish: Wish, *, asking: bool) -> datetime | None:
    """When it took place; None for now. From paper it is an instant also where that is now: by that the
    screen is known as one that was answered already, whoever goes on with it."""
    given = wish.occurred
    if wish.paper and asking and not given:
        given = str(
            click.prompt(
                say(_("When was it answered? (as 2026-11-22T14:30; Enter: just now)")),
                default="",
                show_default=False,
            )
        ).strip()
    if not given:
        return kit.clock.now() if wish.paper else None
    return options.took_place(kit, given)
