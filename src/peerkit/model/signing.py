# SPDX-License-Identifier: Apache-2.0
"""Signatures on plans and agreements: a record of its own that adds, and freezes what was signed."""

from __future__ import annotations

import hashlib
from typing import Literal, Self

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, one_of, record, ref
from peerkit.model.decision import Decision

SIGNED_KINDS = ("goal_plan", "relationship")
"""What is signed: a plan, and the agreement of two people."""

PARTIES = ("person", "supporter")
"""As what somebody signs."""

Standing = Literal["holds", "another-version", "erased", "differs"]
"""How a version stands to a signature, see `Signature.standing`."""


def signed_bytes(record: Record) -> bytes:
    """Exactly what a signature on this version is about, in the form that `Signature` describes.

    Malformed for a value that is not as stored: one with acts that were not saved, or made by hand.
    """
    trail = record.trail
    if trail is None or trail.acts or trail.body is None:
        raise Malformed("only what is stored is signed: save it, or read it again", where="signature")
    kind = record.kind if trail.envelope is None else trail.envelope.kind
    return f"peerkit signature 1\n{kind}\n{record.id}\n{trail.base}\n".encode() + trail.body


@record(
    "signature",
    """
    of  from  act   to  who     strength
    -   -     sign  =   signer  signed
    """,
    subjects="person signer",
    refs="signed",
)
class Signature(Record):
    """Somebody signed one version of a plan or an agreement. Nothing is ever written on what was signed: a
    later change makes a new version there, and this one goes on saying what was signed, by whom, when.

    `signed` is the id of what was signed, `of` its kind, `signed_version` the number of its version,
    `signed_as` whether as the person or as the supporter.

    `sha256` is the SHA-256 (hex) of exactly what was signed: a line `peerkit signature 1`, then the kind, the
    id and the number of the version, each on a line of its own (every line ends with U+000A), then the
    version's document as it is stored: JSON in UTF-8 without its id, keys sorted, no spaces. A hash is
    classed like the words it stands for, and goes when they are erased: one of a short text can be guessed.

    A signature is on paper, through a one-time link or in somebody's own account: spoken words sign nothing.
    """

    person: Operational[str]
    signer: Operational[str]
    signed_as: Operational[str]
    signed: Operational[str]
    of: Operational[str]
    signed_version: Operational[int]
    sha256: Own[str]

    @classmethod
    @act
    def sign(cls, what: Record, *, signer: Ref, signed_as: str, by: Decision | None = None) -> Self:
        """`signer` signs this version, as `person` or as `supporter`. It must be the version that stands
        when the signature is committed, and as it is stored."""
        return cls(
            person=what.person,  # type: ignore[attr-defined]  # a kind that is signed has one
            signer=ref(signer),
            signed_as=one_of(signed_as, PARTIES, "signature.signed_as"),
            signed=what.id,
            of=one_of(what.kind, SIGNED_KINDS, "signature.of"),
            signed_version=what.version,
            sha256=fingerprint(what),
        )

    def standing(self, version: Record) -> Standing:
        """How a version of what was signed stands to this signature: `holds` (it is what was signed),
        `another-version` (it changed since, or it is from before), `erased` (its body is gone, so nothing
        can be compared; that it was signed stays), `differs` (the version that was signed, with another
        content: somebody tampered). Malformed for another record than the one that was signed."""
        trail = version.trail
        if version.id != self.signed or trail is None:
            raise Malformed("that is not what was signed, or not read from a store", where="signature")
        if trail.envelope is not None and not trail.body:
            return "erased"
        if trail.acts or trail.base != self.signed_version:
            return "another-version"
        return "holds" if fingerprint(version) == self.sha256 else "differs"

    def holds(self, version: Record) -> bool:
        """Whether this version is exactly what was signed."""
        return self.standing(version) == "holds"


def fingerprint(record: Record) -> str:
    """SHA-256 (hex) of `signed_bytes`."""
    return hashlib.sha256(signed_bytes(record)).hexdigest()
