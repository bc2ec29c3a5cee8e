# SPDX-License-Identifier: Apache-2.0
"""A program's own questionnaires: what may come in, so that every answer keeps its meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peerkit.errors import Malformed, NotFound, Objection
from peerkit.hooks import Proposal
from peerkit.instruments import Instrument, installed, load, parse, with_wording
from peerkit.instruments.definition import number
from peerkit.levels import Level
from peerkit.model.base import Record
from peerkit.model.questionnaire import Questionnaire
from peerkit.texts import Message, _

SOURCE = "questionnaire.text"
"""Where an error is: nobody has kept the name of the file."""


def read(one: Questionnaire) -> Instrument:
    """The definition in a record; Malformed where this peerkit cannot read it."""
    return parse(one.file.text, SOURCE)


def fitted(instrument: Instrument, wording: Questionnaire) -> Instrument:
    """The instrument with the words of a pack. Malformed where they do not fit, and where it has its own in
    that language: what somebody else worded is not said in other words."""
    made = with_wording(instrument, wording.file.text, SOURCE)
    there = {one.lower() for one in instrument.languages}
    if any(one.lower() in there for one in wording.languages):
        raise Malformed(_("there is wording in this language already; two are never mixed"), where=SOURCE)
    return made


def acceptable(proposal: Proposal) -> Iterator[Objection]:
    """What is brought in can be read, fits, has an id of its own, and changes nothing that was asked before.

    Two who bring in one version with different texts at once: both ask what there is, which guards the
    commit, so the second is asked again and refused.
    """
    for one, _change in proposal.of(Questionnaire, "add"):
        found: Sequence[Record] = proposal.view.find(Questionnaire, instrument=one.instrument)
        others = [each for each in found if isinstance(each, Questionnaire) and each.id != one.id]
        if any(not isinstance(each, Questionnaire) for each in found):
            told = _("what was brought in before under this id cannot be read here: update peerkit first")
            against: Objection | None = _against("unfit-questionnaire", told, one)
        elif one.sort == "definition":
            against = _against_definition(one, others)
        else:
            against = _against_wording(one, others)
        if against is not None:
            yield against


def _against(code: str, told: Message, one: Questionnaire) -> Objection:
    return Objection(code, told, one.kind, one.id)


def _unfit(fault: Malformed, one: Questionnaire) -> Objection:
    told = _("this file cannot be taken ({where}): {why}", where=fault.where, why=fault.sentence)
    return _against("unfit-questionnaire", told, one)


def _against_definition(one: Questionnaire, others: list[Questionnaire]) -> Objection | None:
    try:
        made = read(one)
    except Malformed as fault:
        return _unfit(fault, one)
    if (made.id, made.version) != (one.instrument, one.edition):
        told = _("a version has numbers of nine digits at most")
        return _against("unfit-questionnaire", told, one)
    if one.instrument in installed():
        told = _("peerkit ships an instrument of this id: give yours another")
        return _against("shipped-id", told, one)
    if made.worst is Level.NONE and not one.no_alerts:
        told = _(
            "it has no alert rules: nobody would be told of any answer, whatever it says. Write a [[triage]] "
            "table for each answer that somebody must know of. If it is meant so, say no_alerts=True "
            "(`--no-alerts`)"
        )
        return _against("no-alert-rules", told, one)
    same = [each for each in others if each.sort == one.sort and number(each.edition) == number(one.edition)]
    if any(each.sha256 != one.sha256 for each in same):
        told = _(
            "this version was brought in before, with another text, and a version is never edited: "
            "give it a new version"
        )
        return _against("version-used", told, one)
    if any(each.state == "standing" for each in same):
        return _against("there-already", _("this file was brought in before"), one)
    return None


def _against_wording(one: Questionnaire, others: list[Questionnaire]) -> Objection | None:
    others = [each for each in others if number(each.edition) == number(one.edition)]
    definition = _definition(one, others)
    if definition is None:
        told = _(
            "the program has no definition of this id and version for the wording to fit: bring that in first"
        )
        return _against("no-definition", told, one)
    try:
        fitted(definition, one)
    except Malformed as fault:
        return _unfit(fault, one)
    there = {
        language.lower()
        for each in others
        if each.sort == one.sort and each.state == "standing"
        for language in each.languages
    }
    if any(language.lower() in there for language in one.languages):
        told = _("wording in this language was brought in before: withdraw that first")
        return _against("there-already", told, one)
    return None


def _definition(one: Questionnaire, others: list[Questionnaire]) -> Instrument | None:
    if one.instrument in installed():
        try:
            return load(one.instrument, version=one.edition)
        except NotFound:
            return None
    for each in others:
        if each.sort == "definition":
            try:
                return read(each)
            except Malformed:
                continue
    return None


KINDS = frozenset({Questionnaire})
CHECKS = (acceptable,)
