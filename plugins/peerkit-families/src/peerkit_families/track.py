# SPDX-License-Identifier: Apache-2.0
"""The family track: what somebody needs to walk beside a family member, or to lead a group for families.

Two things: lived experience as family, which the supporter alone says (`PeerSupporter.experience`), and the
track's credential, which a human issues. The one does not stand in for the other, nor does the training of
other peer supporters for either.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

import attrs

from peerkit import Credential, PeerSupporter, Program, training
from peerkit.texts import Message
from peerkit_families.words import _

AS_FAMILY = frozenset({"family", "both"})
"""The lived experience that is meant."""

COURSE = "family-peer-support"
"""The id of the module's own course rule."""

EXPERIENCE = "experience"
"""Stands beside the ids of gates for the lived experience."""

_TITLES = {
    EXPERIENCE: _("lived experience as family"),
    "track": _("the credential of the family track"),
    "facilitation": _("skill in leading groups"),
}
_HOW = {
    EXPERIENCE: _(
        "They say themselves whose experience it is, as family or both, when they take on the role or later; "
        "no story is asked for: `peerkit people welcome --experience family`."
    ),
    "track": _(
        "Take part in your program's training for family peers, or be "
        "certified as a family peer supporter; a "
        "coordinator writes it down: `family-peer-support`, `psc-family-peer-supporter` or "
        "`certified-parent-peer-specialist`."
    ),
    "facilitation": _("Learn to lead groups in a way that your program recognizes: `group-facilitation`."),
}


@attrs.frozen
class Lacking:
    """One thing that somebody lacks, by its id (`experience`, or a gate's) and why, as
    `peerkit.training.OpenGate` says it."""

    id: str
    why: str = "missing"

    @property
    def told(self) -> Message:
        """What is missing, and how to get it."""
        return training.still_needed(title(self.id), self.why, _HOW[self.id])


def title(id: str) -> Message:
    """What a gate is called, or the lived experience."""
    return _TITLES[id]


@cache
def gates() -> tuple[training.Gate, ...]:
    """The gates of the track, in order."""
    text = (files("peerkit_families") / "data" / "gates.toml").read_text(encoding="utf-8")
    return training.gates(text, "gates.toml")


def lacking(
    program: Program,
    roles: Iterable[PeerSupporter],
    credentials: Iterable[Credential],
    on: date,
    *,
    groups: bool = False,
) -> tuple[Lacking, ...]:
    """What somebody with these roles and credentials lacks on a day of the program's, to walk beside a family
    member; `groups`: to lead a group for families. Empty if nothing. Pure."""
    said = any(one.state == "active" and one.experience in AS_FAMILY for one in roles)
    found = training.passage(gates(), program, credentials, on, groups=groups)
    gone = () if said else (Lacking(EXPERIENCE),)
    return (*gone, *(Lacking(one.gate.id, one.why) for one in found.open))
