# SPDX-License-Identifier: Apache-2.0
"""Who may print, and what is written down about it, before the first letter is on a page.

A print of what is one's own leaves through the gate, as a take-out does: the person's own `Disclosure`. A
print by anybody else whose rights reach the record is a logged read with the reason `printed`: it is the
program's own paper, for the two. What is to go to somebody outside leaves by `peerkit export`, as consent
allows.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from zoneinfo import ZoneInfo

import attrs

from peerkit.codec import Opaque
from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.gate import disclose
from peerkit.kit.own_log import PRINTED
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.credential import Credential, Letter
from peerkit.model.people import Person
from peerkit.model.safety_plan import SafetyPlan
from peerkit.model.sharing import Recipient
from peerkit.model.signing import SIGNED_KINDS, Signature, fingerprint
from peerkit.model.training import Practicum
from peerkit.paper import LARGE, SIZE, Pages, keep
from peerkit.printing.card import card
from peerkit.printing.documents import DOCUMENTS, LETTER, Around, Document, letter, named
from peerkit.texts import Texts, _
from peerkit.training.letters import Content, agrees, certificate
from peerkit.training.letters import letter as hours

if TYPE_CHECKING:
    from peerkit.kit import Kit


R = TypeVar("R", bound=Record)

CARD = "card"
"""A safety plan for the wallet."""


def print_to(
    kit: Kit,
    what: str,
    record_id: str,
    path: str | os.PathLike[str],
    *,
    actor: Actor,
    say: Texts,
    large: bool = False,
    fonts: Iterable[str | os.PathLike[str]] = (),
) -> None:
    """Print the record as `what` (`agreement`, `consent`, `plan`, `letter`, `card`) to a new
    PDF that its owner alone reads. `fonts` are font files for letters that the machine's own fonts lack.

    NotFound if it is not there for this actor; Malformed if the file is there already, or if there are
    letters that no font has.
    """
    fonts = tuple(fonts)

    def made() -> bytes:
        if what == LETTER:
            given = _read(kit, Letter, record_id, actor)
            return _pages(letter(given, _content(kit, given)), say, large=large, fonts=fonts)
        if what == CARD:
            return card(_read(kit, SafetyPlan, record_id, actor), say, large=large, fonts=fonts)
        cls, make = DOCUMENTS[what]
        record = _read(kit, cls, record_id, actor)
        return _pages(make(record, _around(kit, record, actor)), say, large=large, fonts=fonts)

    keep(Path(path), "--to", made)


def _read(kit: Kit, cls: type[R], record_id: str, actor: Actor) -> R:
    """The record, once it is written down that it is printed."""
    grants = kit.grants(actor)
    if not kit.rights.knows(cls.kind, grants):
        told = f"you have no right to read {cls.kind}"
        raise Refused([Objection("no-right", told, cls.kind, record_id)])
    allow = kit.rights.allow(cls.kind, cls.subject_fields[0], grants)
    stored = kit.storage.get(cls.kind, record_id, allow=allow)
    if stored is None or stored.body is None or kit.rights.hides(stored.envelope, grants):
        raise NotFound(_("there is no {kind} of that id for you", kind=cls.kind))
    record = kit.codec.decode(stored)
    if isinstance(record, Opaque):
        raise Malformed("a newer version wrote it: update peerkit, then it can be printed", where=cls.kind)
    if ("person", actor.person) in record.subjects and actor.role in {"", "person"}:
        if not [
            page for page in disclose(kit, record, to=actor.person, purpose="export", actor=actor) if page
        ]:
            raise Refused([Objection("no-consent", "it does not leave now", cls.kind, record_id)])
    else:
        kit.log_read(actor, cls, [stored], why=PRINTED, glass=grants.glass)
    return cast("R", record)


def _content(kit: Kit, given: Letter) -> Content:
    """What stands on a letter that was given out, made anew from the records that it rests on. Malformed if
    it was taken back, or if they no longer say what it says: then it is not to be printed again."""
    kind = Practicum if given.of == "hours" else Credential
    stored = [kit.storage.get(kind.kind, one) for one in given.rests_on]
    held: list[Any] = [kit.codec.read(one) for one in stored if one is not None and one.body is not None]
    if given.state == "issued" and agrees(given, held, given.on):
        named: dict[str, Any] = {"id": given.person, "name": given.name}  # as it was when it was given out
        person = Person(**named)
        program = attrs.evolve(kit.program, name=given.program)
        if given.of == "hours":
            return hours(person, held, program=program, on=given.on)
        return certificate(person, held[0], program=program, on=given.on)
    told = _("it was taken back, or the records no longer say what it says: give out another")
    raise Malformed(told, where=given.kind)


def _around(kit: Kit, record: Record, actor: Actor) -> Around:
    names: dict[str, str] = {}
    signatures: list[Signature] = []
    with kit.session(actor) as s:
        for person in dict.fromkeys((*(one for _, one in record.subjects), *named(record))):
            try:
                names[person] = s.get(Person, person).name
            except (NotFound, Refused, Malformed):
                continue
        if (recipient := getattr(record, "recipient", "")) not in {"", "*"}:
            names[recipient] = s.get(Recipient, recipient).name
        if record.kind in SIGNED_KINDS:
            signatures += s.find(Signature, signed=record.id, limit=1000).readable
    zone = ZoneInfo(kit.program.timezone)
    program = kit.program
    return Around(names, signatures, program.name, zone, fingerprint(record), program.governance)


def _pages(document: Document, say: Texts, *, large: bool, fonts: Iterable[str | os.PathLike[str]]) -> bytes:
    foot = say(document.foot)
    size = LARGE if large else SIZE
    pages = Pages(
        say(document.title),
        locale=say.locale,
        extra="print",
        size=size,
        foot=lambda number: say(_("{foot}. Page {number}", foot=foot, number=number)),
        fonts=fonts,
    )
    for section in document.sections:
        pages.heading(say(section.heading))
        for line in section.lines:
            pages.line(say(line))
    pages.space()
    for signer in document.signers:
        pages.sign(say(_("Signature and day: {who}", who=signer)))
    return pages.bytes()
