# SPDX-License-Identifier: Apache-2.0
"""Links from a host's users to persons: the host vouches, peerkit remembers.

A link made by somebody of the program, at its keyboard, is told in the log of the person whom it opens, and
so is one that is taken away (decision 22).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from peerkit.errors import Conflict, Malformed, NotFound, Objection, Refused
from peerkit.kit.answering import answers_for
from peerkit.model.actor import Actor, is_word
from peerkit.model.keeping import Read
from peerkit.model.people import Person
from peerkit.ports import Mark
from peerkit.safety.reading import followed

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit


LOGIN = "login"
"""What a `Read` is of that tells of a link."""

LINKED, UNLINKED = "linked", "unlinked"
"""Its reasons."""

MEANWHILE = "this link was changed by another meanwhile: look at it, and try again"


def link(kit: Kit, issuer: str, subject: str, person: str, actor: Actor | None = None) -> None:
    """See `Kit.link`. A user is linked once: another person for the same user is refused."""
    name = _name(issuer, subject)
    if kit.storage.get("person", person) is None:
        raise NotFound("there is no person of that id")
    person = followed(kit, person)  # whom the link would open: it is their wall and their log that count
    if actor is not None:
        _may(kit, actor, person)
    held = kit.storage.marks(name).get(name)
    if held is None:
        if _mark(kit, Mark(name, person, None), person, actor, LINKED):
            return
        held = kit.storage.marks(name).get(name)
    if held is None:
        raise Conflict(MEANWHILE)
    if followed(kit, held) != person:
        sentence = "this user is linked to another person already"
        raise Refused([Objection("linked", sentence, "person", person)])


def unlink(kit: Kit, issuer: str, subject: str, actor: Actor | None = None) -> None:
    """See `Kit.unlink`."""
    name = _name(issuer, subject)
    held = kit.storage.marks(name).get(name)
    if held is None:
        raise NotFound("this user is linked to nobody")
    person = followed(kit, held)
    if actor is not None and person != actor.person:
        _may(kit, actor, person)
    if not _mark(kit, Mark(name, None, held), person, actor, UNLINKED):
        raise Conflict(MEANWHILE)


def _may(kit: Kit, actor: Actor, person: str) -> None:
    """Whoever enrols people says who is who, unless a wall or an open concern stands between."""
    enrols = not actor.is_system and kit.rights.may("enrol", Person.enrol(name="?"), kit.grants(actor))
    if not enrols or not answers_for(kit, actor, person):
        objection = Objection("no-right", "who links a login has the right to enrol people: a coordinator")
        kit.note_refusal(actor, [objection], [])
        raise Refused([objection])


def _mark(kit: Kit, mark: Mark, person: str, actor: Actor | None, why: str) -> bool:
    """Whether the link was made or taken away; False if another did something about it meanwhile. In one
    transaction with the line that tells of it, so that neither is there without the other."""
    if actor is None:
        return kit.storage.mark(mark.name, mark.value, expect=mark.expect)
    by = actor.person
    told = kit.new(lambda: Read.log(person=(person,), reader=by, of=LOGIN, records=(person,), why=why))
    try:
        kit.write([told], marks=[mark])
    except Conflict:
        return False
    return True


def actor_for(kit: Kit, issuer: str, subject: str) -> Actor:
    """See `Kit.actor_for`."""
    name = _name(issuer, subject)
    held = kit.storage.marks(name).get(name)
    if held is None:
        raise NotFound("this user is linked to nobody: kit.link(issuer, subject, person) does it")
    person = followed(kit, held)
    stored = kit.storage.get("person", person)
    if stored is None or stored.body is None:
        raise NotFound("this user was linked to somebody whose record was erased")
    return Actor(person, via=f"link:{issuer}")


def _name(issuer: str, subject: str) -> str:
    """A digest: the mark's name tells nobody who the host's users are. Of both as JSON, so that no other
    issuer and subject run together into the same."""
    given: tuple[object, object] = (issuer, subject)  # whatever a host passed on
    if not all(isinstance(one, str) and one for one in given):
        raise Malformed("a link has an issuer and a subject, both texts", where="link")
    if not is_word(issuer):
        raise Malformed("an issuer is a word or an address, without blanks", where="link.issuer")
    return "link:" + hashlib.sha256(json.dumps(given).encode()).hexdigest()
