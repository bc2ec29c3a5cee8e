# SPDX-License-Identifier: Apache-2.0
"""`peerkit instruments validate|score|import`: files of questionnaires, checked, scored and brought in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from peerkit.cli import exits, out
from peerkit.cli.app import App
from peerkit.cli.options import as_json, database
from peerkit.cli.speaking import say
from peerkit.codes import AGE_BANDS
from peerkit.errors import Malformed, PeerkitError
from peerkit.levels import Level
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.instruments import Instrument, Result

STDIN = "-"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@database
@as_json
@click.pass_obj
def validate(app: App, *, files: tuple[str, ...]) -> None:
    """Check definitions and wording packs: each FILE is read as it would be in use.

    What is wrong names file, item and field, and ends with 2. What is not wrong and worth knowing is told
    too: no alert rules, no wording, none in French that a human has verified, codes that nobody compared
    with a source, a licence that nobody looked at.
    """
    held: dict[str, bytes | PeerkitError] = {}
    for file in files:
        try:
            held[file] = read(file, where=file)
        except PeerkitError as error:
            held[file] = error
    checks = checked(app, held)
    if app.as_json:
        out.emit([one.plain() for one in checks])
    else:
        for one in checks:
            _tell(one)
    if any(one.error is not None for one in checks):
        raise click.exceptions.Exit(exits.USAGE)


def checked(app: App, held: Mapping[str, bytes | PeerkitError]) -> list[Check]:
    """What files are, each by its name with its bytes, or with the error that there was instead."""
    read: dict[str, tuple[bytes, Instrument | None, PeerkitError | None]] = {}
    for file, data in held.items():
        try:
            if isinstance(data, PeerkitError):
                raise data
            read[file] = (data, None if is_pack(data) else parsed(data, file), None)
        except PeerkitError as error:
            read[file] = (b"", None, error)
    known = [*_known(app), *(one for _, one, _ in read.values() if one is not None and not _ours(one))]
    return [_checked(file, *of, known) for file, of in read.items()]


@attrs.frozen
class Check:
    """What one file is: a definition or a wording pack; the error that stands against it, or none; and the
    codes of what is worth knowing, each with the items or languages that it is about."""

    file: str
    what: str = ""
    instrument: Instrument | None = None
    error: PeerkitError | None = None
    notes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def plain(self) -> dict[str, Any]:
        """The check as JSON has it."""
        error = None
        if self.error is not None:
            told = getattr(self.error, "sentence", str(self.error))
            error = {"sentence": told, "where": getattr(self.error, "where", "")}
        return {
            "file": self.file,
            "ok": self.error is None,
            "what": self.what,
            "id": self.instrument.id if self.instrument is not None else None,
            "version": self.instrument.version if self.instrument is not None else None,
            "error": error,
            "notes": [{"code": code, "about": list(about)} for code, about in self.notes],
        }


NOTES: dict[str, Message] = {
    "no-triage": _("no alert rules: no answer tells anybody"),
    "no-wording": _("no wording: the organization supplies it, as a wording pack"),
    "unverified-wording": _("wording that nobody has compared with its source, so it is not shown"),
    "no-french": _("no verified wording in French"),
    "age-bands-left": _("in no age group, so they count as an unknown age"),
    "unverified-codes": _("codes whose meaning nobody has compared with a source"),
    "unknown-licence": _("nobody has looked at the licence"),
    "doubtful-licence": _("the licence record says that it may be passed on, and by its status nobody may"),
    "nothing-required": _("no question is required: the screen counts as over after its first answer"),
}
"""What is worth knowing of a definition that is not wrong."""


def _checked(
    file: str, data: bytes, one: Instrument | None, error: PeerkitError | None, known: list[Instrument]
) -> Check:
    from peerkit.instruments import load, with_wording

    try:
        if error is not None:
            raise error
        if one is None:
            name, version = _pack_of(data, file)
            worded = with_wording(load(name, known, version=version), data, file)
            return Check(file, "wording", worded, notes=_notes(worded, wording_only=True))
        if not _ours(one):
            load(one.id, [one, *known], version=one.version)  # refused where it would be refused in use
    except PeerkitError as wrong:
        return Check(file, error=wrong)
    return Check(file, "definition", one, notes=_notes(one))


def _ours(one: Instrument) -> bool:
    """Whether it is a definition that peerkit itself ships."""
    from peerkit.instruments import load

    try:
        return load(one.id, version=one.version).sha256 == one.sha256
    except PeerkitError:
        return False


def alarms(one: Instrument) -> bool:
    """Whether any answer to it alarms anybody."""
    return any(rule.level > Level.NONE for rule in one.triage)


def _notes(one: Instrument, *, wording_only: bool = False) -> tuple[tuple[str, tuple[str, ...]], ...]:
    from peerkit.instruments.parse_texts import ASKED

    unverified = tuple(text.language for text in one.texts if not text.verified)
    coded = [("instrument", one.code), *((item.id, item.code) for item in one.items)]
    coded += [(i.id, o.code) for i in one.items for o in i.answers.options]
    loose = tuple(dict.fromkeys(name for name, code in coded if code is not None and not code.verified))
    french = any(tag.lower().partition("-")[0] == "fr" for tag in one.languages)
    grouped = {band for group in one.ages.groups.values() for band in group}
    left = tuple(band for band in AGE_BANDS if grouped and band not in grouped)
    found: dict[str, tuple[str, ...]] = {}
    if not wording_only:
        found |= {"no-triage": ()} if not alarms(one) else {}
        found |= {"nothing-required": ()} if not any(item.required for item in one.items) else {}
        found |= {"age-bands-left": left} if left else {}
        found |= {"unknown-licence": ()} if one.licence.status == "unknown" else {}
        found |= {"unverified-codes": loose} if loose else {}
        doubtful = one.licence.status in ASKED and one.licence.redistribution_permitted
        found |= {"doubtful-licence": ()} if doubtful else {}
    found |= {"no-wording": ()} if not one.texts else {}
    found |= {"unverified-wording": unverified} if unverified else {}
    found |= {} if french else {"no-french": ()}
    return tuple(found.items())


def _tell(one: Check) -> None:
    if one.error is not None:
        exits.told(one.error).show()
        return
    instrument = one.instrument
    assert instrument is not None  # noqa: S101  # there is no error
    size = many("{n} question", "{n} questions", len(instrument.items))
    what = verbatim(f"{instrument.id} {instrument.version}")
    of = _("wording for it") if one.what == "wording" else size
    out.line(_("{file}: can be used. {what}, {size}", file=one.file, what=what, size=of), style="bold")
    noted(one)


def noted(one: Check) -> None:
    """What is worth knowing of a file, a line each."""
    for code, about in one.notes:
        names = verbatim(", ".join(about))
        out.line(_("{what}: {names}", what=NOTES[code], names=names) if about else NOTES[code], indent=2)


# -- score -----------------------------------------------------------------------------------------


@click.command()
@click.argument("instrument", required=False)
@click.option("--file", "definition", metavar="TOML", help="A definition's file, in the place of INSTRUMENT.")
@click.option(
    "--answers", "answers", metavar="FILE", required=True, help="A JSON object; - is standard input."
)
@click.option("--age-band", metavar="BAND", help="The person's age band, such as 16-24; else it is unknown.")
@database
@as_json
@click.pass_obj
def score(
    app: App, *, instrument: str | None, definition: str | None, answers: str, age_band: str | None
) -> None:
    """Score a set of answers to INSTRUMENT. Nothing is stored, and nobody is told.

    FILE holds each item with its answer, {"q1": true, "q2": null, "q3": "declined"}: null was skipped,
    "declined" declined, an item that is not there was not asked. What is no answer to its question is an
    error, never a no. With a database the program's raised levels count.

    It says whom somebody would have to tell. The publisher's word for a result is in --json alone: it is
    for those who know what it means. A screen with somebody is taken with `peerkit screen`.
    """
    from peerkit.instruments import strict

    if (instrument is None) is (definition is None):
        raise click.UsageError(_("Say an INSTRUMENT, or --file with a definition."))
    if definition:
        found = parsed(read(definition, where="--file"), definition)
    else:  # of the program, where there is a database, with its raised levels
        found = app.shelf().instrument(instrument or "")
    result = found.score(strict.document(read(answers, where="--answers"), "--answers"), age_band=age_band)
    if app.as_json:
        out.emit(result.plain())
        return
    _scored(found, result)


def _scored(found: Instrument, result: Result) -> None:
    out.line(verbatim(f"{found.title} ({found.id} {found.version})"), style="bold")
    numbers = [(_("total"), result.score), *((verbatim(id_), one) for id_, one in result.scores.items())]
    none = _("none: answers are missing")
    out.pairs(
        [
            *((name, none if one is None else verbatim(one)) for name, one in numbers if found.scores),
            (
                _("complete"),
                _("yes") if result.complete else _("no: a question that was to be asked is open"),
            ),
        ],
        indent=2,
    )
    out.line(result.handover, style="bold" if result.level > Level.NONE else "")
    out.line(_("Nothing was stored, and nobody was told."), style="dim")


# -- import ----------------------------------------------------------------------------------------


@click.command("import")
@click.argument("file")
@click.option("-o", "--output", metavar="TOML", help="A new file; without it, standard output.")
@click.option(
    "--id", "id_", metavar="ID", default="", help="The definition's id, if not the questionnaire's."
)
@click.option("--version", metavar="N.N", default="", help="Its version, in numbers and dots.")
@click.option(
    "--permission", metavar="REF", default="", help="Take its wording: the permission that you hold."
)
@click.option("--public-domain", is_flag=True, help="Take its wording: it is in the public domain.")
@click.option("--language", metavar="TAG", default="", help="Of the wording, if the file does not say.")
@as_json
@click.pass_obj
def import_(
    app: App,
    *,
    file: str,
    output: str | None,
    id_: str,
    version: str,
    permission: str,
    public_domain: bool,
    language: str,
) -> None:
    """Make a definition of FILE, a FHIR R4 Questionnaire in JSON (- is standard input).

    FHIR has no alert rules: none are in what comes out, and no answer tells anybody until a human has
    written them. Scoring, bands and what missing answers do are to be completed too. What could not be
    carried over is listed; what would change a meaning if it were left out is refused.

    Its wording is left out unless you say on what ground it may be used.
    """
    from peerkit.instruments.fhir import imported
    from peerkit.model.ids import SystemClock

    if permission and public_domain:
        raise click.UsageError(_("--permission or --public-domain, not both."))
    made = imported(
        read(file, where=file),
        file,
        id=id_,
        version=version,
        permission=permission,
        public_domain=public_domain,
        language=language,
        checked_on=SystemClock().now().date(),
    )
    if output is not None:
        _write_new(output, made.toml)
    if app.as_json:
        out.emit({"toml": made.toml, "left": list(made.left)})
        return
    if output is None:
        click.echo(made.toml, nl=False)
    told = [_("There are no alert rules in it: write them before anybody is asked.")]
    told += [_("Complete by hand: scoring, bands, and what missing answers do.")]
    told += [_("Not carried over, or not as it was:")] if made.left else []
    for one in (*told, *(joined(["  ", left], "") for left in made.left)):
        click.secho(out.clean(say(one)), err=True)


def _write_new(file: str, text: str) -> None:
    try:
        with Path(file).open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise Malformed(_("there is such a file already: name a new one"), where="-o") from None
    except OSError:
        raise Malformed(_("the file cannot be written there"), where="-o") from None


# -- files -----------------------------------------------------------------------------------------


def read(file: str, *, where: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
    except OSError:
        raise Malformed(_("the file cannot be read: is it there?"), where=where) from None


def _known(app: App) -> list[Instrument]:
    """The definitions that are no part of peerkit; of two of one version the one that screens go by."""
    from peerkit.safety.shelf import SHIPPED

    shelf = app.shelf()
    found = [line for line in shelf.lines() if line.instrument is not None and line.origin != SHIPPED]
    return [shelf.instrument(*of) for of in dict.fromkeys((line.id, line.version) for line in found)]


def parsed(data: bytes, file: str) -> Instrument:
    """The definition that a file holds."""
    from peerkit.instruments import parse

    return parse(data, file)


def is_pack(data: bytes) -> bool:
    """Whether a file is a wording pack: it names whose wording it is. What cannot be read is read as a
    definition, whose reader says what is wrong."""
    from peerkit.instruments.parse import document

    try:
        return "instrument" in document(data, "")[0]
    except Malformed:
        return False


def _pack_of(data: bytes, file: str) -> tuple[str, str]:
    """For which instrument, and which version, a wording pack is."""
    from peerkit.instruments.parse import document
    from peerkit.instruments.table import Table

    root = Table(document(data, file)[0], file)
    return root.string("instrument"), root.string("version")
