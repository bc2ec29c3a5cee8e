# SPDX-License-Identifier: Apache-2.0
"""How formal a relationship is, derived with its reasons and never typed in.

Peer support runs from informal (acquaintances who notice a shared experience) to formal, within a
structured organization (Mental Health Commission of Canada, *Peer Support*). It is formalized when somebody
with lived experience and specialized training takes a unique, designated role to support another
individual's expressed wishes (OPDI, *Peer Support*). The values are the same along the whole way: informal
is not less.
"""

from __future__ import annotations

import attrs

from peerkit.model.people import PeerSupporter
from peerkit.model.relationship import Relationship

CRITERIA = ("lived_experience", "training", "designated_role", "expressed_wishes")
"""What OPDI's definition of formalized peer support names, in its order."""


@attrs.frozen
class Formality:
    """Where a relationship stands: `formal` if all four criteria are met, `informal` if neither training nor
    a designated role is there, `between` otherwise. `met` and `missing` are the reasons."""

    level: str
    met: tuple[str, ...]
    missing: tuple[str, ...]


def formality(relationship: Relationship, role: PeerSupporter | None, *, trained: bool = False) -> Formality:
    """How formal it is. `role` is the supporter's role, if they have one here; `trained` says whether a
    training that the program recognizes was completed. Pure: the same records give the same answer."""
    designated = role is not None and role.state == "active" and role.person == relationship.supporter
    holds = {
        "lived_experience": role is not None and bool(role.experience),
        "training": trained,
        "designated_role": designated,
        "expressed_wishes": relationship.person_agreed
        and bool(relationship.hopes or relationship.wishes or relationship.helps),
    }
    met = tuple(one for one in CRITERIA if holds[one])
    missing = tuple(one for one in CRITERIA if not holds[one])
    informal = not (trained or designated)
    return Formality("formal" if not missing else "informal" if informal else "between", met, missing)
