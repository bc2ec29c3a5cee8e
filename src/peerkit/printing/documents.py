# SPDX-License-Identifier: Apache-2.0
"""What stands on a printed page. Pure: from a record, names and signatures to sections of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from peerkit import library
from peerkit.model.attainment import LEVELS
from peerkit.model.base import Record
from peerkit.model.credential import Letter
from peerkit.model.plan import Goal, GoalPlan, Scale, TakenStep
from peerkit.model.program import Governance
from peerkit.model.relationship import Relationship
from peerkit.model.sharing import EVERYBODY, Consent
from peerkit.model.signing import Signature
from peerkit.texts import Message, _, joined, listed, verbatim
from peerkit.texts.dates import clock, full_day
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

    def moment(self, when: datetime) -> Message:
        """A day and time on the program's own clock."""
        local = when.astimezone(self.zone)
        return _("{day}, {time}", day=full_day(local.date()), time=clock(local))

    def day(self, record: Record) -> Message:
        """The day on which the version was stored, on the program's own clock."""
        return verbatim("") if record.at is None else full_day(record.at.astimezone(self.zone).date())


PERSON = _("the person")
SUPPORTER = _("the peer supporter")

SCALED = (
    _("Much less than I expect"),
    _("Less than I expect"),
    _("What I expect"),
    _("More than I expect"),
    _("Much more than I expect"),
)
"""The levels of a scale, from -2 to +2."""

UNPRINTED: Mapping[type[Any], Mapping[str, Message | None]] = {
    Record: {"id": None, "extra": _("what a newer peerkit wrote"), "trail": None},
    Consent: {
        "said": _("where in the program's feed it was said, if it was in a record that was joined with mine")
    },
    Relationship: {"declined_with": _("with whom this was declined before")},
    GoalPlan: {},
    Goal: {"id": _("the numbers by which the program knows goals and steps"), "extra": None},
    TakenStep: {"id": None, "extra": None},
    Scale: {"extra": None},
}
"""What of a record does not stand on its page, with how the page names it. What has no name of its own is at
the foot (the id), is told by what has one (ids of parts, what a newer peerkit wrote in them) or is no part of
the document (the trail)."""


def agreement(record: Relationship, around: Around) -> Document:
    """The agreement of two people, in both their words, with all that was said before it and since."""
    person, supporter = around.name(record.person, PERSON), around.name(record.supporter, SUPPORTER)
    both = _("{person} and {supporter}", person=person, supporter=supporter)
    family = record.seeking_as == "family"
    before = [_("I ask for support as family of somebody.") if family else _("I ask for support for myself.")]
    before.append(_("How I wish to be supported: {way}", way=label("relationship", "way", record.way)))
    for told, words in (
        (_("Languages that I speak: {words}", words=", ".join(record.languages)), record.languages),
        (_("What interests me: {words}", words=", ".join(record.interests)), record.interests),
        (_("Why we two were brought together: {words}", words=", ".join(record.reasons)), record.reasons),
        (_("This goes on from an earlier relationship, {id}.", id=record.follows), record.follows),
    ):
        if words:
            before.append(told)
    said = (
        (_("What I hope for"), record.hopes),
        (_("What I wish"), record.wishes),
        (_("What my supporter is to me, and what not"), record.part),
        (_("What helps"), record.helps),
        (_("What does not help"), record.does_not_help),
        (_("Our boundaries"), record.boundaries),
        (_("What stays between us, and what cannot"), record.limits),
        (_("When and how often we meet"), record.rhythm),
        (_("How we wish to say goodbye"), record.goodbye),
    )
    learned = _("What we learned from each other")
    policy = _("What happens in a crisis, we were shown in version {version}.", version=record.policy)
    sections = [
        Section(_("Who we are"), (both if record.supporter else person,)),
        Section(_("How it began"), tuple(before)),
        *(Section(heading, _paragraphs(words)) for heading, words in said if words),
        Section(_("How it stands"), tuple(_standing(record, around))),
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


def _standing(record: Relationship, around: Around) -> Iterator[Message]:
    yield _("State: {state}", state=label("relationship", "state", record.state))
    for who, agreed in ((PERSON, record.person_agreed), (SUPPORTER, record.supporter_agreed)):
        yield _("Has agreed: {who}", who=who) if agreed else _("Has not agreed yet: {who}", who=who)
    if record.cover:
        yield _("Who stands in: {name}", name=around.name(record.cover, _("somebody of the program")))
    if record.rests_until is not None:
        yield _("We rest until {day}", day=full_day(record.rests_until))
    if record.ending_on is not None:
        yield _("We say goodbye on {day}", day=full_day(record.ending_on))
    if record.ending:
        yield _("How it ended: {how}", how=label("relationship", "ending", record.ending))


def consent(record: Consent, around: Around) -> Document:
    """What somebody's word on sharing says, given or refused, with all that bounds it."""
    everybody = record.recipient == EVERYBODY
    recipient = _("anybody") if everybody else around.name(record.recipient, _("the recipient"))
    classes = listed(label("", "class", one) for one in record.classes)
    refused = record.state in {"refused", "lifted"}
    whom = _("Who may not have it") if refused else _("Who may have it")
    what = _("What may not be shared") if refused else _("What may be shared")
    purpose = _("whatever it is for") if record.purpose == "*" else label("", "purpose", record.purpose)
    purposes = [purpose]
    if record.referral:
        purposes.append(
            _("For one referral only, and for nothing else that may come: {id}", id=record.referral)
        )
    bodies = tuple(_body(one) for one in around.governance)
    states = {
        "withdrawn": _("I took this back. Nothing leaves on it any more."),
        "lifted": _("This no longer holds: I lifted it."),
    }
    whose = [around.name(record.person, PERSON)]
    if record.in_place:
        whose.append(_("Said by somebody who may decide this in their place."))
    if record.voice:
        whose.append(_("It was said in another record of mine, before the two were joined."))
    sections = [
        Section(_("Whose word this is"), tuple(whose)),
        *([Section(_("This is over"), (states[record.state],))] if record.state in states else []),
        Section(whom, (recipient,)),
        Section(what, (classes,)),
        Section(_("What for"), tuple(purposes)),
        Section(_("How long"), tuple(_while(record, around))),
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


def _while(record: Consent, around: Around) -> Iterator[Message]:
    if record.starts is not None:
        yield _("From {when}, and not before", when=around.moment(record.starts))
    if record.until is None:
        yield _("Until I say otherwise")
    else:
        yield _("Until {when}, or until I say otherwise", when=around.moment(record.until))


def _body(one: Governance) -> Message:
    told = _("{body} decides too about data of {community}.", body=one.body, community=one.community)
    by = _("By: {principles}", principles=label("program", "governance", one.code)) if one.code else ""
    return joined([told, by])


def plan(record: GoalPlan, around: Around) -> Document:
    """A plan as it stands: strengths and hopes first, then the goals that the person has made theirs, then
    the others; of each all that is written about it."""
    sections = [Section(_("Whose plan this is"), (around.name(record.person, PERSON),))]
    if record.strengths:
        sections.append(Section(_("My strengths"), _bullets(record.strengths)))
    if record.hopes:
        sections.append(Section(_("My hopes"), _paragraphs(record.hopes)))
    mine = [one for one in record.goals if one.state == "adopted"]
    for number, held in enumerate(mine, start=1):
        sections.append(Section(_("Goal {number}", number=number), tuple(goal(held, around))))
    others = (
        (_("What I have achieved"), "achieved"),
        (_("What I have set aside, for now or for good"), "aside"),
        (_("What others suggest; it is nobody's goal until I say so"), "suggested"),
    )
    for heading, state in others:
        if lines := [line for one in record.goals if one.state == state for line in goal(one, around)]:
            sections.append(Section(heading, tuple(lines)))
    return _document(_("My plan"), record, sections, around, (PERSON, SUPPORTER))


def named(record: Record) -> Iterator[str]:
    """The ids of people, besides its subjects, whom the page names."""
    if isinstance(record, Relationship) and record.cover:
        yield record.cover
    if isinstance(record, GoalPlan):
        yield from (one.suggested_by for one in record.goals if one.suggested_by)


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


def goal(held: Goal, around: Around) -> Iterator[Message]:
    """All that a plan says of a goal."""
    yield from _paragraphs(held.words)
    for words, told in (
        (held.why, _("Why: {words}", words=held.why)),
        (held.area, _("Area of life: {words}", words=held.area)),
        (held.supports, _("What helps: {words}", words=", ".join(held.supports))),
        (held.barriers, _("What is in the way: {words}", words=", ".join(held.barriers))),
        (held.suggested, _suggested(held, around)),
        (held.source, _("It came from a template: {words}", words=held.source)),
    ):
        if words:
            yield told
    if held.importance is not None:
        yield _("How important it is to me: {n} of 10", n=held.importance)
    if held.confidence is not None:
        yield _("How sure I am that I can: {n} of 10", n=held.confidence)
    for step in held.steps:
        yield verbatim(f"{'☒' if step.done else '☐'} {step.words}")
    if held.scaling == "declined":
        yield _("I would rather not say how far I came with this.")
    if held.scale is not None:
        yield from scale(held.scale)


def scale(held: Scale) -> Iterator[Message]:
    """How far a goal came, as it was written down."""
    yield _("How I will see how far I came:")
    for told, words in zip(SCALED, held.levels, strict=False):
        yield _("{level}: {words}", level=told, words=words)
    yield _("How much this counts beside my other goals: {n}", n=f"{held.weight.normalize():f}")
    if held.baseline is not None:
        yield _("Where I begin: {level}", level=SCALED[held.baseline - LEVELS[0]])


def _suggested(held: Goal, around: Around) -> Message:
    if not held.suggested_by:
        return _("As it was suggested to me: {words}", words=held.suggested)
    who = around.name(held.suggested_by, _("somebody of the program"))
    return _("As {who} suggested it to me: {words}", who=who, words=held.suggested)


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
    sections.append(Section(_("What the hash at the foot stands for"), tuple(_covered(record))))
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


def _covered(record: Record) -> Iterator[Message]:
    """What a signature is about besides what can be read on the page."""
    parts = (Goal,) if isinstance(record, GoalPlan) else ()
    held = (type(record), *parts, Record)
    besides = [told for cls in held for told in UNPRINTED[cls].values() if told is not None]
    yield _("It stands for this version as the program keeps it: for what is on these pages, and for its id.")
    yield _("Besides, where there is any, for this, which is not printed: {what}.", what=listed(besides))


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
