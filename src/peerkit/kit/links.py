# SPDX-License-Identifier: Apache-2.0
"""Links from a host's users to persons: the host vouches, peerkit remembers."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.model.actor import Actor, is_word
from peerkit.safety.reading import followed

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit


def link(kit: Kit, issuer: str, subject: str, person: str) -> None:
    """See `Kit.link`. A user is linked once: another person for the same user is refused."""
    name = _name(issuer, subject)
    if kit.storage.get("person", person) is None:
        raise NotFound("there is no person of that id")
    if not kit.storage.mark(name, person, expect=None) and kit.storage.marks(name).get(name) != person:
        sentence = "this user is linked to another person already"
        raise Refused([Objection("linked", sentence, "person", person)])


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
