# SPDX-License-Identifier: Apache-2.0
"""Who acts. The host vouches for who somebody is; peerkit records how."""

from __future__ import annotations

import re
from typing import Any

import attrs

from peerkit.errors import Malformed
from peerkit.model.base import Ref, ref

_WORD = re.compile(r"[\x21-\x7e]{0,200}")


def is_word(value: object) -> bool:
    """Whether it is one word or address: what may stand in an envelope of who vouched for an actor."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _word(_: Any, field: attrs.Attribute[str], value: Any) -> None:
    """Both stand in each envelope, for ever: a word or an address, never a sentence."""
    if not is_word(value):
        raise Malformed("it is one word or address, without blanks", where=f"actor.{field.name}")


@attrs.frozen
class Actor:
    """Who acts in a session.

    `role` narrows a human to one of their own roles (empty: all of them); it never makes one human
    another. `via` says who vouched: `host`, `link:<issuer>`, `login`, `sandbox`. `assurance` is the
    host's own word for how sure it is (for example an authenticator assurance level of NIST SP
    800-63-4, 2025). Both stand in each envelope: a word, or an address, of visible ASCII signs.
    """

    person: str
    role: str = ""
    via: str = attrs.field(default="host", validator=_word)
    assurance: str = attrs.field(default="", validator=_word)

    @classmethod
    def of(cls, one: Ref | Actor, *, role: str = "", via: str = "host", assurance: str = "") -> Actor:
        """An actor for a person (record or id); an actor stays as it is.

        An id never makes a part of a program of anybody: `Actor.system` says so in the host's code.
        """
        if isinstance(one, Actor):
            return one
        made = cls(ref(one), role, via, assurance)
        if made.is_system:
            raise Malformed("no person has this id: Actor.system makes an actor of a program", where="actor")
        return made

    @classmethod
    def system(cls, name: str) -> Actor:
        """A part of a program that acts by itself. It never decides for anyone."""
        return cls(f"system:{name}", "system", "system")

    @property
    def is_system(self) -> bool:
        """Whether this is no human."""
        return self.person.startswith("system:")
