# SPDX-License-Identifier: Apache-2.0
"""Handing an alert on to somebody by name. It is never quieter for it: until that one has taken it, it stays
with whoever has it in hand, what was due is due no later, and silence, a refusal or a notice that comes to
nobody puts it back on the escalation path."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from peerkit.delivery.timekeeping import alarm_time
from peerkit.errors import NotFound, Objection, Refused
from peerkit.levels import Level
from peerkit.model.actor import Actor
from peerkit.model.people import Person
from peerkit.model.safety import Alert
from peerkit.ports import ANY, Mark
from peerkit.safety import once
from peerkit.safety.entitled import drill_of, mine
from peerkit.safety.handling import said_before
from peerkit.safety.ladder import Facts, by_name, minutes
from peerkit.safety.lane import CLAIM, Lease, again
from peerkit.safety.raising import Rise, send
from peerkit.safety.reading import facts, followed, get

if TYPE_CHECKING:
    from peerkit.kit import Kit

_SENTENCES = {
    "drill": "a drill is seen by everybody whom it asks, each for themselves: it is not handed on",
    "not-in-hand": (
        "only whoever has an alert in hand hands it on: if nobody has, acknowledge it first; if it is "
        "closed, there is nothing to hand on"
    ),
    "to-oneself": "it is in your own hand: name somebody else, or say that you cannot come",
    "not-for-them": (
        "this alert cannot be given to them: name somebody else of those who are asked about alarms here, or "
        "say that you cannot come, and it climbs"
    ),
    "not-there": (
        "they are away, or no notice can reach them: name somebody else, such as who covers for them, or say "
        "that you cannot come, and it climbs"
    ),
}


def hand_on(kit: Kit, actor: Actor, alert_id: str, *, to: str) -> Alert:
    """Ask somebody by name to take an alert that is in one's own hand; they are told at once, by a notice
    without content.

    `to` is their id. They take it by `acknowledge`, or by responding. Until then `holder` is who it was, and
    `offered` is `to`. It climbs, as loud as ever, as soon as they say that they cannot come, no notice comes
    to them, or their time is over: that of the step which the alert had come to, and never longer than
    something had to be done anyway. Handed on once more, it is the last one named who may take it.

    NotFound for somebody who may not know of the alert, and for a person who is not here. Refused for a
    drill, for who has not got it in hand, to oneself, to somebody who may not take such an alert, and to
    somebody who is not there.
    """
    if drill_of(kit, alert_id) is not None:
        raise _refused("drill", alert_id)
    rising = again(lambda: _offered(kit, actor, alert_id, to))
    send(kit, rising)
    found = get(kit, Alert, rising.alert.id) if rising.alert is not None else None
    if found is None:
        raise NotFound("there is no alert of that id for this actor")
    return found


def _offered(kit: Kit, actor: Actor, alert_id: str, to: str) -> Rise:
    alert = mine(kit, actor, alert_id, "acknowledge")
    if said_before(once.current(), "hand_on", alert.id):
        return Rise(alert)
    in_hand = alert.state in {"acknowledged", "acting"} and alert.holder == actor.person
    if not in_hand or not kit.rights.may("hand_on", alert, kit.grants(actor)):
        raise _refused("not-in-hand", alert.id)
    known = get(kit, Person, followed(kit, to))
    if known is None:
        raise NotFound("there is no such person: name somebody of those who are asked about alarms here")
    if known.id == actor.person:
        raise _refused("to-oneself", alert.id)
    if alert.offered == known.id:
        return Rise(alert)
    found = _judged(kit, alert, known.id)
    now, wait = alarm_time(kit), minutes(Level(alert.level), found, alert.step)
    made = alert.hand_on(to=known.id, since=now, due=now + timedelta(minutes=wait))
    lease = Lease.take(now)
    mark = Mark(CLAIM + alert.id, lease.text, ANY)
    with once.noting("hand_on", alert.id) as marks:
        kit.write([made], actor=actor, marks=[mark, *marks])
    return Rise(made, (mark,), lease)


def _judged(kit: Kit, alert: Alert, to: str) -> Facts:
    """What the alert's rungs depend on. Refuses where they cannot be asked, with a code that tells nothing of
    walls, of who said what, and of whom a concern names."""
    from peerkit.delivery.sending import channels

    found = facts(kit, alert, (kit.clock.now(),), channels(kit).names)
    against = by_name(to, found)
    if against in {"barred", "spared", "cannot"} or not kit.rights.may(
        "acknowledge", alert, kit.grants(Actor(to))
    ):
        raise _refused("not-for-them", alert.id)
    if against:
        raise _refused("not-there", alert.id)
    return found


def _refused(code: str, alert: str) -> Refused:
    return Refused([Objection(code, _SENTENCES[code], Alert.kind, alert)])
