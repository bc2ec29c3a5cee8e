# SPDX-License-Identifier: Apache-2.0
"""Which alert somebody means, and whether they may know of it and record an act of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.timekeeping import alarm_time
from peerkit.errors import NotFound, Objection, Refused
from peerkit.levels import Level
from peerkit.model.actor import Actor
from peerkit.model.people import Person
from peerkit.model.safety import Alert, Concern, Drill
from peerkit.ports import Condition
from peerkit.safety.ladder import climb
from peerkit.safety.raising import IN_HAND
from peerkit.safety.reading import author_of, barred_from, facts, get, heads, named

if TYPE_CHECKING:
    from peerkit.kit import Kit


def hidden_from(kit: Kit, alert: Alert) -> frozenset[str]:
    """Whom the alert's own concern names, as somebody who works here, and whom it may be about."""
    return frozenset(
        who for how in ("names", "maybe") for who in named(kit, Concern.kind, alert.concern, how)
    )


def may_know(kit: Kit, who: str, alert: Alert) -> bool:
    """Whether no concern keeps somebody from knowing of an alert: neither its own names them, nor an open one
    about the same person. Whom it is about knows of it."""
    return who not in hidden_from(kit, alert) and (who == alert.person or who not in barred_from(kit, alert))


def drill_of(kit: Kit, id_: str) -> Drill | None:
    """The drill of this id, or of this reference; None if it is none."""
    found = get(kit, Drill, id_)
    if found is None and id_:
        running = heads(kit, Drill, Condition("reference", "==", id_))
        found = running[0] if running else None
    return found


def mine(kit: Kit, actor: Actor, alert_id: str, act: str, *, beside: bool = False) -> Alert:
    """The alert, if the actor may know of it and record the act. `beside`: or may note something beside
    whoever has it in hand."""
    alert = get(kit, Alert, alert_id)
    if alert is None and alert_id:
        found = heads(kit, Alert, Condition("reference", "==", alert_id))
        alert = found[0] if found else None
    hidden = NotFound("there is no alert of that id for this actor")
    if alert is None:
        raise hidden
    against = _against(kit, actor, alert, act)
    if against == "hidden":
        raise hidden
    if against == "author" and beside and only_notes(kit, actor, alert):
        return alert
    if against:
        raise Refused([Objection(*_SENTENCES[against], "alert", alert.id)])
    return alert


def only_notes(kit: Kit, actor: Actor, alert: Alert) -> bool:
    """Whether the actor asked the questions of a screen whose alert somebody else has in hand: what they did
    is noted beside, and the alert stays whose it is, with the time that it has. Not of a concern: the person
    reads what was done, and by whom, and would learn who raised it."""
    asked = alert.screen and actor.person == author_of(kit, alert) and actor.person not in alert.asked
    return bool(asked) and alert.state in IN_HAND and alert.holder != actor.person


_SENTENCES = {
    "system": ("not-a-human", "an alert is taken by a human in their own session, never by a system"),
    "subject": ("not-theirs", "nobody takes an alert about themselves"),
    "author": (
        "not-the-author",
        (
            "whoever raised an alert is not the one to take it while others can be asked; whoever asked the "
            "questions may note with `act` what they did, once somebody has it"
        ),
    ),
}


def _against(kit: Kit, actor: Actor, alert: Alert, act: str) -> str:
    if actor.is_system:
        return "system"
    human = get(kit, Person, actor.person)
    if not may_know(kit, actor.person, alert) or (human is not None and human.state != "here"):
        return "hidden"  # who left or died has nothing in hand, and delivery would let it climb at once
    if actor.person and actor.person == alert.person:
        return "subject"
    told = actor.person in alert.told
    if not (told or kit.rights.may(act, alert, kit.grants(actor))):
        return "hidden"
    raised = alert.state != "closed" and actor.person == author_of(kit, alert)
    if raised and actor.person not in alert.asked and not _alone(kit, alert, actor.person):
        return "author"
    return ""


def _alone(kit: Kit, alert: Alert, author: str) -> bool:
    """Whether the path would ask who raised an alert, did it ask only whoever has an account: an outside body
    has none, and takes nothing; over no channel it is not asked. Whoever is here could take it, whether a
    notice comes to them or not."""
    known = facts(kit, alert, (alarm_time(kit),), frozenset(), author=author)
    humans = {id_: attrs.evolve(one, addresses=("account",)) for id_, one in known.humans.items()}
    return author in climb(Level.NOW, attrs.evolve(known, humans=humans), -1, 0).asked
