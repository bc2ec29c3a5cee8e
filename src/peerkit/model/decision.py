# SPDX-License-Identifier: Apache-2.0
"""Whose decision a step is, how it was given, and so what it may do."""

from __future__ import annotations

import enum
from typing import Any

import attrs

from peerkit.errors import Malformed


class Strength(enum.IntEnum):
    """How well a decision is attested. More may always do what less may.

    `said` is enough to send one referral; standing sharing needs `signed`.
    """

    none = 0
    said = 1
    witnessed = 2
    signed = 3
    own = 4


class How(enum.StrEnum):
    """By which means a decision was given."""

    account = "account"
    """In the person's own signed-in session."""
    link = "link"
    """Through a one-time link sent to the person."""
    paper = "paper"
    """On paper; `evidence` says where the paper is."""
    device = "device"
    """By the person's own hand on the supporter's device."""
    spoken = "spoken"
    """Said; stronger with a `witness`."""


_STRENGTH = {
    How.account: Strength.own,
    How.link: Strength.signed,
    How.paper: Strength.signed,
    How.device: Strength.witnessed,
    How.spoken: Strength.said,
}


def _means(how: Any) -> How:
    try:
        return How(how)
    except ValueError:
        raise Malformed(f"unknown means; use one of {', '.join(How)}", where="decision.how") from None


def _an_id(_: Any, field: attrs.Attribute[str | None], value: Any) -> None:
    if value is not None and (not isinstance(value, str) or not value):
        raise Malformed("a record or its id is needed", where=f"decision.{field.name}")


OUTSIDE = "outside:"
"""In front of the words that say who a witness is whom the program does not know."""


def _a_witness(_: Any, field: attrs.Attribute[str | None], value: Any) -> None:
    _an_id(_, field, value)
    if value is not None and value.startswith(OUTSIDE) and not any(map(str.isalpha, value[len(OUTSIDE) :])):
        raise Malformed(
            "say who heard it: outside: and in words who they are", where=f"decision.{field.name}"
        )


@attrs.frozen
class Decision:
    """A step's decision: by whom, by what means, and with whose support.

    `by` is a person's id; `None` means the session's actor. `on_behalf_of` is the person in whose place
    `by` decides, as an `Authority` lets them; somebody else writes that down. `witness` is who heard a
    spoken decision, other than the one who decided and the one who records it: the id of a person whom
    the program knows, or for anybody else `outside:` and in words who they are (`outside:her sister Ana`),
    which is kept with the act's words. `save` refuses a witness who is nobody. Who recorded it stands in
    the envelope: the session's actor.
    """

    by: str | None = attrs.field(default=None, validator=_an_id)
    how: How = attrs.field(default=How.account, converter=_means)
    on_behalf_of: str | None = attrs.field(default=None, validator=_an_id)
    supported_by: str | None = attrs.field(default=None, validator=_an_id)
    witness: str | None = attrs.field(default=None, validator=_a_witness, repr=False)
    evidence: str | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.evidence is not None and not isinstance(self.evidence, str):
            raise Malformed("evidence says in words where the paper is kept", where="decision.evidence")
        if self.how is How.paper and not (self.evidence or "").strip():
            raise Malformed("a decision on paper needs evidence= (where the paper is kept)", where="decision")
        if self.witness is not None and self.by is not None and self.heard_by == self.by:
            raise Malformed("nobody witnesses their own decision", where="decision.witness")
        if self.on_behalf_of is not None and self.on_behalf_of == self.by:
            raise Malformed("nobody stands in their own place", where="decision.on_behalf_of")

    @property
    def heard_by(self) -> str:
        """The witness without the sign that the program does not know them; empty if nobody heard it."""
        return (self.witness or "").removeprefix(OUTSIDE).strip()

    @property
    def strength(self) -> Strength:
        """How strong the means make it. A witness lifts a spoken decision to `witnessed`."""
        if self.how is How.spoken and self.witness:
            return Strength.witnessed
        return _STRENGTH[self.how]

    @classmethod
    def of(
        cls,
        person: Any,
        *,
        how: How | str = How.account,
        witness: Any = None,
        evidence: str | None = None,
        supported_by: Any = None,
        on_behalf_of: Any = None,
    ) -> Decision:
        """A decision of `person` (a record or an id), given by the means `how`."""
        ids = [
            None if one is None else getattr(one, "id", one)
            for one in (person, witness, supported_by, on_behalf_of)
        ]
        return cls(
            by=ids[0], how=how, witness=ids[1], evidence=evidence, supported_by=ids[2], on_behalf_of=ids[3]
        )


OWN_DECISION = Decision()
"""The session's actor, in their own account: what `by=` means when it is left out."""
