# SPDX-License-Identifier: Apache-2.0
"""Open concerns that name somebody who works here: a human is asked to decide, and `health` says where nobody
in office may be asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peerkit.delivery.problem import Problem
from peerkit.model.safety import Alert, Concern
from peerkit.ports import Condition
from peerkit.safety.lane import SAFETY
from peerkit.safety.reading import OPEN, heads, rows
from peerkit.safety.settling import settler, to_settle
from peerkit.texts import _

if TYPE_CHECKING:
    from peerkit.kit import Kit


def ask_to_settle(kit: Kit) -> None:
    """Somebody is asked to decide about those whom a concern names, also where nobody could be when its alert
    was closed, or who was asked has not decided."""
    for alert in _named(kit):
        if alert.state == "closed" and (tasks := to_settle(kit, alert)):
            kit.write(tasks, actor=SAFETY)


def unasked(kit: Kit) -> Iterator[Problem]:
    """What is asked of nobody, since nobody in office may know of it."""
    for alert in _named(kit):
        if not settler(kit, alert):
            sentence = _(
                "nobody in office may be asked what becomes of the alert {reference}: appoint somebody else "
                "as a coordinator or on call",
                reference=alert.reference,
            )
            yield Problem("nobody-may-know", sentence)


def _named(kit: Kit) -> Iterator[Alert]:
    """The alerts of open concerns that name somebody."""
    for one in rows(kit, Concern, OPEN):
        if any(relation == "names" for relation, _who in one.envelope.subjects):
            yield from heads(kit, Alert, Condition("concern", "==", one.envelope.id))
