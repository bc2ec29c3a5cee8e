# SPDX-License-Identifier: Apache-2.0
"""What stands on a printed page. Pure: from a record, names and signatures to sections of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from peerkit import library
from peerkit.model.base import Record
from peerkit.model.credential import Letter
from peerkit.model.plan import Goal, GoalPlan
from peerkit.model.program import Governance
from peerkit.model.relationship import Relationship
from peerkit.model.sharing import EVERYBODY, Consent
from peerkit.model.signing import Signature
from peerkit.texts import Message, _, joined, listed, verbatim
from peerkit.texts.dates import full_day
from peerkit.texts.labels import label
from peerkit.training.letters import Content


@attrs.frozen
class Section:
    """A heading, and paragraphs under it."""

    heading: Message
    lines: tuple[Message, ...]


@attrs.frozen
class Document:
    """A page to print: title, sections, who signs it (`signers`), and what is at the foot of each page."""

    title: Message
    sections: tuple[Section, ...]
    signers: tuple[Message, ...]
    foot: Message


@attrs.frozen
class Around:
    """What a document needs besides its record: names by id, signatures, the program's name and zone, and
    the hash of the version that is printed."""

    names: Mapping[str, str] = attrs.field(repr=False)
    signatures: Sequence[Signature]
    program: str
    zone: ZoneInfo
    sha256: str
    governance: Sequence[Governance] = ()

    def name(self, person: str, otherwise: Message) -> Message:
        """A name, or what the person is here where the reader may not know it."""
        return verbatim(self.names[person]) if self.names.get(person) else otherwise

    def day(self, record: Record) -> Message:
        """The day on which the version was stored, on the program's own clock."""
        return verbatim("") if record.at is None else full_day(record.at.astimezone(self.zone).date())


PERSON = _("the person")
SUPPORTER = _("the peer supporter")


def agreement(record: Relationship, around: Around) -> Document:
    """The agreement of two people, in both their words."""
    person, supporter = around.name(record.person, PERSON), around.name(record.supporter, SUPPORTER)
    said = (
        (_("What my supporter is to me, and what not"), record.part),
        (_("What helps"), record.helps),
        (_("What does not help"), record.does_not_help),
        (_("Our boundaries"), record.boundaries),
        (_("What stays between us, and what cannot"), record.limits),
        (_("When and how often we meet"), record.rhythm),
    )
    learned = _("What we learned from each other")
    policy = _("What happens in a crisis, we were shown in version {version}.", version=record.policy)
    sections = [
        Section(_("Who we are"), (_("{person} and {supporter}", person=person, supporter=supporter),)),
        *(Section(heading, _paragraphs(words)) for heading, words in said if words),
        *([Section(_("What we hold to"), tuple(_values(record.values)))] if record.values else []),
        *([Section(learned, _paragraphs(record.learned))] if record.learned else []),
        Section(
            _("Good to know"),
            (
                *([policy] if record.policy else []),
                _("Each of us can end this at any time, without giving a reason."),
                _("A peer supporter is no clinician. Nothing here is a condition of support."),
                _("If what is written here no longer fits, we change it together."),
            ),
        ),
    ]
    return _document(_("Our agreement"), record, sections, around, (PERSON, SUPPORTER))


def consent(record: Consent, around: Around) -> Document:
    """What somebody's word on sharing says, given or refused."""
    everybody = record.recipient == EVERYBODY
    recipient = _("anybody") if everybody else around.name(record.recipient, _("the recipient"))
    classes = listed(label("", "class", one) for one in record.classes)
    refused = record.state in {"refused", "lifted"}
    whom = _("Who may not have it") if refused else _("Who may have it")
    what = _("What may not be shared") if refused else _("What may be shared")
    purpose = _("whatever it is for") if record.purpose == "*" else label("", "purpose", record.purpose)
    until = (
        _("Until {day}", day=full_day(record.until.astimezone(around.zone).date()))
        if record.until is not None
        else _("Until I say otherwise")
    )
    bodies = tuple(_body(one) for one in around.governance)
    states = {
        "withdrawn": _("I took this back. Nothing leaves on it any more."),
        "lifted": _("This no longer holds: I lifted it."),
    }
    sections = [
        Section(_("Whose word this is"), (around.name(record.person, PERSON),)),
        *([Section(_("This is over"), (states[record.state],))] if record.state in states else []),
        Section(whom, (recipient,)),
        Section(what, (classes,)),
        Section(_("What for"), (purpose,)),
        Section(_("How long"), (until,)),
        *([Section(_("Who else decides about data"), bodies)] if bodies else []),
        Section(
            _("Good to know"),
            (
                _("I can take this back at any time, by any means. It takes effect at once."),
                _("Saying no changes nothing about the support I get."),
                _("I can ask at any time what was shared, with whom, and who has read about me."),
            ),
        ),
    ]
    title = _("My word not to share") if refused else _("My consent to share")
    return _document(title, record, sections, around, (PERSON,))


def _body(one: Governance) -> Message:
    told = _("{body} decides too about data of {community}.", body=one.body, community=one.community)
    by = _("By: {principles}", principles=label("program", "governance", one.code)) if one.code else ""
    return joined([told, by])


def plan(record: GoalPlan, around: Around) -> Document:
    """A plan as it stands: strengths and hopes first, then the goals that the person has made theirs."""
    sections = [Section(_("Whose plan this is"), (around.name(record.person, PERSON),))]
    if record.strengths:
        sections.append(Section(_("My strengths"), _bullets(record.strengths)))
    if record.hopes:
        sections.append(Section(_("My hopes"), _paragraphs(record.hopes)))
    mine = [one for one in record.goals if one.state == "adopted"]
    for number, goal in enumerate(mine, start=1):
        sections.append(Section(_("Goal {number}", number=number), tuple(_goal(goal))))
    others = (
        (_("What I have achieved"), "achieved"),
        (_("What I have set aside, for now or for good"), "aside"),
        (_("What others suggest; it is nobody's goal until I say so"), "suggested"),
    )
    for heading, state in others:
        if held := [one.words for one in record.goals if one.state == state]:
            sections.append(Section(heading, _bullets(held)))
    return _document(_("My plan"), record, sections, around, (PERSON, SUPPORTER))


DOCUMENTS: Mapping[str, tuple[type[Record], Callable[[Any, Around], Document]]] = {
    "agreement": (Relationship, agreement),
    "consent": (Consent, consent),
    "plan": (GoalPlan, plan),
}
"""What can be printed: its word, the kind of its record, and what makes its page."""


LETTER = "letter"
"""Letters of hours and certificates, which are made anew from what they rest on."""


def letter(given: Letter, content: Content) -> Document:
    """A letter of hours or a certificate, with the hash by which it can be asked about later."""
    shown = [
        _("{work}: {hours} h {minutes} min", work=work, hours=many // 60, minutes=many % 60)
        for work, many in content.totals
    ]
    sections = [Section(verbatim(content.name), content.lines)]
    if shown:
        sections.append(Section(_("Hours"), tuple(shown)))
    foot = _(
        "{program}. {kind}/{id}. SHA-256 {sha256}",
        program=content.program,
        kind=given.kind,
        id=given.id,
        sha256=content.sha256,
    )
    return Document(content.title, tuple(sections), (verbatim(content.program),), foot)


def _goal(goal: Goal) -> Iterable[Message]:
    yield from _paragraphs(goal.words)
    for words, told in (
        (goal.why, _("Why: {words}", words=goal.why)),
        (", ".join(goal.supports), _("What helps: {words}", words=", ".join(goal.supports))),
        (", ".join(goal.barriers), _("What is in the way: {words}", words=", ".join(goal.barriers))),
    ):
        if words:
            yield told
    if goal.importance is not None:
        yield _("How important it is to me: {n} of 10", n=goal.importance)
    if goal.confidence is not None:
        yield _("How sure I am that I can: {n} of 10", n=goal.confidence)
    for step in goal.steps:
        box = "☒" if step.done else "☐"
        yield verbatim(f"{box} {step.words}")


def _values(cited: Iterable[str]) -> Iterable[Message]:
    """The values and principles that an agreement cites, with whose list they are from and how surely."""
    known = {one.id: one for one in (*library.values(), *library.principles())}
    lists: dict[str, bool] = {}
    for each in cited:
        one = known.get(each)
        yield joined([verbatim("•"), verbatim(each) if one is None else one.words])
        if one is not None:
            lists[one.source] = one.verified
    for source, verified in lists.items():
        unseen = "" if verified else _("(seen in a third party's copy only)")
        yield joined([_("After {source}", source=source), unseen])


def _paragraphs(words: str) -> tuple[Message, ...]:
    return tuple(verbatim(one) for one in words.splitlines() if one.strip())


def _bullets(words: Iterable[str]) -> tuple[Message, ...]:
    return tuple(verbatim(f"• {one}") for one in words)


def _document(
    title: Message, record: Record, sections: list[Section], around: Around, signers: tuple[Message, ...]
) -> Document:
    signed = tuple(_signed(one, record, around) for one in around.signatures)
    if signed:
        sections.append(Section(_("Signed"), signed))
    foot = _(
        "{program}. {kind}/{id}, version {version} of {day}. SHA-256 {sha256}",
        program=around.program,
        kind=record.kind,
        id=record.id,
        version=record.version,
        day=around.day(record),
        sha256=around.sha256,
    )
    return Document(title, tuple(sections), signers, foot)


def _signed(signature: Signature, record: Record, around: Around) -> Message:
    who = around.name(signature.signer, PERSON if signature.signed_as == "person" else SUPPORTER)
    told = _(
        "{who}, {day}: version {version}, SHA-256 {sha256}",
        who=who,
        day=around.day(signature),
        version=signature.signed_version,
        sha256=signature.sha256,
    )
    if signature.holds(record):
        return told
    return _("{signature} (another version than this one)", signature=told)
