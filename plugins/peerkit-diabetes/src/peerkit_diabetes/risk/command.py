# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes risk`: a form at the terminal, or from a file; what it comes to, and where to be
tested."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs
import click

from peerkit import Malformed, NotFound, Service, commands
from peerkit.instruments import Instrument
from peerkit.texts import Message, joined, verbatim
from peerkit_diabetes.risk import boxes
from peerkit_diabetes.risk.asking import ANSWER, Asking
from peerkit_diabetes.risk.check import DiabetesRiskCheck
from peerkit_diabetes.risk.result import DIAGNOSED, FORMS, RiskResult, reckon
from peerkit_diabetes.risk.where import where_tested
from peerkit_diabetes.words import _

NOBODY_KNOWN = _(
    "The directory has no entry for it. Any health-care provider or pharmacy can say where to be tested."
)
CALL = _("Where you may ask about a test (call before you go):")
NOTICE = _(
    "Points and cut-offs after CANRISK, Public Health Agency of Canada. The words are peerkit's own "
    "(Apache-2.0), and not endorsed by the agency."
)
"""The notice of the form, which stands in its file in English."""
KEEP = _("Is this your own, and do you want to keep it? Nobody reads it but you, and whom you name.")


class _Screen:
    """The terminal, in the language of the call."""

    def say(self, text: Message) -> None:
        click.echo()
        commands.line(text)

    def offer(self, number: int, words: Message) -> None:
        commands.hanging(verbatim(str(number)), words, indent=4, width=4)

    def read(self, ask: Message) -> str:
        return commands.prompted(ask).strip()


@click.command()
@click.argument("person", required=False)
@click.option("--form", type=click.Choice(FORMS), default="canrisk", show_default=True, help="Which form.")
@click.option(
    "--measures",
    metavar="FILE",
    help="Take what is known and measured from a JSON file (- for standard input), and ask nothing.",
)
@click.option("--keep", is_flag=True, help="Keep the answers, for PERSON (yourself, if you name nobody).")
@click.option("--near", metavar="PLACE", default="", help="Where to look for places to be tested.")
@commands.deciding
@click.pass_obj
def risk(
    app: commands.App,
    *,
    person: str | None,
    form: str,
    measures: str | None,
    keep: bool,
    near: str,
    decided: commands.Decided,
) -> None:
    """Estimate a risk of diabetes, one question at a time, and say where to be tested.

    Nothing is kept unless the person wants that. What comes out is something to talk over, not a verdict."""
    with app.kit() as kit:
        actor = app.actor(kit)
        asked = kit.instrument(form)
        answers = _from_file(form, measures) if measures is not None else _asked(app, asked)
        if answers is None:
            return
        if answers.get("diagnosed") == "yes":
            _tell(app, [DIAGNOSED], {"form": form, "diagnosed": True})
            return
        found = reckon(asked, answers)
        with kit.session(actor) as s:
            places = where_tested(s, near=near)
        if not app.as_json:
            _show(found, asked, places)
            own = measures is None and person is None  # somebody else's is kept where --keep says so
            keep = keep or (own and _wants_to_keep())
        kept = None
        if keep:
            with kit.session(actor) as s:
                whose = commands.person(s, person).id if person else actor.person
                if not whose:
                    raise NotFound(_("say for whom this is kept: PERSON"))
                by = decided.of(s)
                kept = s.save(DiabetesRiskCheck.take(person=whose, answers=answers, form=asked, by=by))
            if not app.as_json:
                commands.told(app, kept, "take", s.receipt)
        if app.as_json:
            where = [attrs.asdict(one, filter=_public) for one in places]
            commands.emit({**found.plain(), "where": where, "kept": kept and kept.id})


def _asked(app: commands.App, form: Instrument) -> Mapping[str, str] | None:
    """The answers as they are given at the keyboard; None after an age that the form was not made for."""
    if app.as_json or not sys.stdin.isatty():
        raise click.UsageError(commands.say(_("Nobody can be asked here: give --measures FILE.")))
    language = commands.texts().locale
    try:
        return Asking(form, language if form.speaks(language) else "en", _Screen()).answers()
    except Malformed as wrong:
        if wrong.sentence not in {boxes.OUTSIDE, boxes.YOUNG}:
            raise
        click.echo()
        commands.line(boxes.OUTSIDE if wrong.sentence == boxes.OUTSIDE else boxes.YOUNG)
        return None


def _wants_to_keep() -> bool:
    """Asked as the questions are. Anything but a yes keeps nothing."""
    screen = _Screen()
    screen.say(KEEP)
    screen.offer(1, _("Yes"))
    screen.offer(2, _("No"))
    return bool(commands.means(screen.read(ANSWER)))


def _from_file(form: str, name: str) -> Mapping[str, str]:
    """The answers from arguments of `canrisk` or `findrisc`, as a JSON object."""
    make = boxes.canrisk if form == "canrisk" else boxes.findrisc
    try:
        held = json.loads(
            commands.words_of(name, where="--measures"), parse_float=Decimal, parse_constant=str
        )
    except (ValueError, RecursionError):
        raise Malformed(_("this is no JSON"), where="--measures") from None
    known = inspect.signature(make).parameters
    if not isinstance(held, dict) or not held.keys() <= known.keys():
        told = _("this must be a JSON object with some of these names: {names}", names=", ".join(known))
        raise Malformed(told, where="--measures")
    return make(**{"age": None, "sex": None, **held})


def _show(found: RiskResult, form: Instrument, places: list[Service]) -> None:
    commands.title(_("What it comes to"))
    for sentence in found.sentences:
        commands.line(sentence, indent=2)
    _left_open(found, form)
    notice = NOTICE if form.id == "canrisk" else verbatim(form.licence.notice)
    commands.line(notice, indent=2, style="dim")
    if not places:
        commands.line(NOBODY_KNOWN, indent=2)
        return
    commands.title(CALL)
    for one in places:
        numbers = [verbatim(phone.number) for phone in one.phones]
        commands.hanging(verbatim(one.name), joined(numbers, ", "), indent=2, width=40)


def _left_open(found: RiskResult, form: Instrument) -> None:
    """The questions without which there is no score, as they were asked."""
    if not found.open:
        return
    language = commands.texts().locale
    language = language if form.speaks(language) else "en"
    commands.line(_("Left open:"), indent=2)
    for item in found.open:
        commands.hanging(verbatim("–"), verbatim(form.text(item, language)), indent=4, width=2)


def _tell(app: commands.App, sentences: list[Message], plain: Mapping[str, Any]) -> None:
    if app.as_json:
        commands.emit(dict(plain))
        return
    click.echo()
    for one in sentences:
        commands.line(one)


def _public(field: attrs.Attribute[Any], _value: object) -> bool:
    return field.name in {"id", "name", "organization", "phones", "number"}
