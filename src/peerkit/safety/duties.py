# SPDX-License-Identifier: Apache-2.0
"""A duty report that a response names: somebody did in person what the law asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.model.actor import Actor
from peerkit.model.base import Ref, ref
from peerkit.model.duty_report import DutyReport
from peerkit.safety.reading import get

if TYPE_CHECKING:
    from peerkit.kit import Kit


def reported(kit: Kit, actor: Actor, report: Ref, act: str) -> str:
    """The id of a duty report that a response may name: its author's to name, made, and nobody is yet to be
    told of it who reads the response."""
    if not report:
        return ""
    if act != "act":
        raise Malformed("a duty report goes with act", where="respond.report")
    found = get(kit, DutyReport, ref(report))
    if found is None or found.author != actor.person:
        raise NotFound("there is no duty report of that id for this actor")
    if found.state != "reported" or found.put_off:
        told = "a response names a report that was made, once whom it is about has been told"
        raise Refused([Objection("untold-report", told, found.kind, found.id)])
    return found.id
