# SPDX-License-Identifier: Apache-2.0
"""An alert's beginning: opened or raised in the transaction of what it comes from, claimed if it is urgent,
and then sent once within a few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from peerkit.levels import Level, worst
from peerkit.model.people import Person
from peerkit.model.safety import Alert
from peerkit.ports import ANY, Condition, Mark, Query, Stored
from peerkit.safety.holding import backlog
from peerkit.safety.lane import CLAIM, Lease, derived, with_id
from peerkit.safety.reading import apart_from, away, barred_from, decoded, get, named_about

if TYPE_CHECKING:
    from peerkit.kit import Kit

OPEN = Condition("state", "in", ["open", "acknowledged", "acting"])

IN_HAND = ("acknowledged", "acting")
"""The states of one that a human has taken."""

TALK_FOR = timedelta(days=1)
"""How long a `talk` alert rests with whoever holds the screen before a supervisor is asked. Own choice."""


TAKEN_ANEW = timedelta(minutes=10)
"""How long whoever has an alert in hand that spoke again has to take it anew, before it climbs. Own choice:
as long as a step of the path that there is without any setting."""


@attrs.frozen
class Rise:
    """What an answer, a concern or the passing of time does to an alert. `alert` is None if nothing."""

    alert: Alert | None = None
    marks: tuple[Mark, ...] = ()
    lease: Lease | None = None

    @property
    def urgent(self) -> bool:
        """Whether it is sent at once."""
        return self.lease is not None


NOTHING = Rise()


def rise(
    kit: Kit,
    alert_id: str,
    level: Level,
    now: datetime,
    *,
    person: str = "",
    screen: str = "",
    concern: str = "",
    rules: Mapping[str, Level] = MappingProxyType({}),
    known: AbstractSet[str] = frozenset(),
    says: Level = Level.NONE,
    present: str = "",
    heard: str = "",
    found_late: bool = False,
) -> Rise:
    """The alert of this id, opened or raised to the level, as it has to be written.

    `rules` are those that hold, with the level that each gives. A lower level never lowers it. For an alert
    that is as urgent already it counts what is said anew: `says` is the level of this answer by itself, and
    with it go those of rules that were neither `known` before nor to the alert. `heard` is who gave the
    answer: nobody tells them of it. `present` is whoever holds the screen, if that is not the person it is
    about: for `talk` the first rung, already told.
    """
    stored = kit.storage.get(Alert.kind, alert_id)
    if stored is None:
        made = _opened(
            alert_id,
            level,
            now,
            person=person,
            screen=screen,
            concern=concern,
            rules=tuple(rules),
            present="" if level is Level.TALK and present in named_about(kit, person) else present,
            found_late=found_late,
        )
        return _claimed(made, level, now)
    held = decoded(kit, Alert, stored)
    if held is None:
        if kit.storage.count(Query(Alert.kind, (OPEN, Condition("id", "==", alert_id)))):
            return NOTHING  # written by a newer peerkit, or damaged: delivery speaks for it
        return rise(  # over and erased, or over and unreadable: it cannot speak again, so another one does
            kit,
            derived(alert_id, "again"),
            level,
            now,
            person=person,
            screen=screen,
            concern=concern,
            rules=rules,
            known=known,
            says=says,
            present=present,
            heard=heard,
            found_late=found_late,
        )
    says = worst(says, *(its for rule, its in rules.items() if rule not in known and rule not in held.rules))
    again = _begins_anew(held, says, heard) or _is_nobodys(kit, held, now, says, heard)
    if level > Level(held.level) or again:
        top = worst(level, Level(held.level))
        return _claimed(held.raise_level(level=str(top), since=now, rules=tuple(rules)), top, now)
    if _is_told(held, says, heard) or _waits_in_vain(kit, held, stored, now, says):
        spoken = held.speak_again(since=now, due=now + TAKEN_ANEW, rules=tuple(rules))
        return _claimed(spoken, Level.NOW, now)
    return NOTHING


def _begins_anew(held: Alert, says: Level, heard: str) -> bool:
    """Whether something was done about it, and what is said now is not answered by that: nothing would climb.
    While it is not closed, less than `today` waits until whoever acted closes it."""
    if held.state == "acting":
        return says >= min(Level(held.level), Level.TODAY) and held.holder != heard
    return held.state == "closed" and says > Level.NONE


def _is_told(held: Alert, says: Level, heard: str) -> bool:
    """Whether whoever took it, and has done nothing yet, is told. What is less than urgent they see in time,
    and once they are told, all of it."""
    taken = held.state == "acknowledged" and not held.unheard
    return taken and says is Level.NOW and (held.holder != heard or bool(held.offered))


def _is_nobodys(kit: Kit, held: Alert, now: datetime, says: Level, heard: str) -> bool:
    """Whether it is in the hand of somebody who does not come: another yes would be told to them alone. Who
    gives the answer is there, whatever their leave says."""
    if held.state not in IN_HAND or says is Level.NONE or held.holder == heard:
        return False
    apart = held.holder in apart_from(kit, held.person)
    return apart or forsaken(kit, held) or away(kit, held.holder, now)


def _waits_in_vain(kit: Kit, held: Alert, stored: Stored, now: datetime, says: Level) -> bool:
    """Whether nobody has taken it in their time, as where nobody delivers, or it waits for a human to walk
    what a restored store forgot: what is urgent and said now is not held up by that."""
    if held.state != "open" or says is not Level.NOW:
        return False
    over = held.due is None or held.due <= now
    return over or stored.envelope.position <= backlog(kit, now).position


def forsaken(kit: Kit, alert: Alert) -> bool:
    """Whether nobody has an alert in hand any more, though it says so: who took it died or left, or may not
    know of it since somebody raised a concern that names them."""
    if alert.state not in IN_HAND:
        return False
    human = get(kit, Person, alert.holder)
    gone = human is not None and human.state != "here"
    return gone or alert.holder in barred_from(kit, alert)


def _opened(
    alert_id: str,
    level: Level,
    now: datetime,
    *,
    person: str,
    screen: str,
    concern: str,
    rules: tuple[str, ...],
    present: str,
    found_late: bool,
) -> Alert:
    there = level is Level.TALK and bool(present) and present != person
    return with_id(
        alert_id,
        lambda: Alert.open(
            level=str(level),
            person=person,
            screen=screen,
            concern=concern,
            rules=rules,
            asked=(present,) if there else (),
            found_late=found_late,
            since=now,
            due=now + TALK_FOR if there else now,
        ),
    )


def _claimed(alert: Alert, level: Level, now: datetime) -> Rise:
    """Urgent ones are born claimed: whoever commits it sends it, and if they die, whoever comes after the
    lease does."""
    if level < Level.NOW:
        return Rise(alert)
    lease = Lease.take(now)
    return Rise(alert, (Mark(CLAIM + alert.id, lease.text, ANY),), lease)


def send(kit: Kit, rise: Rise) -> bool | None:
    """The one bounded attempt after the commit, if it is urgent: whether somebody was reached. None where
    nothing is sent from here. It never raises: what it does not manage, delivery does."""
    from peerkit.delivery.urgent import attempt

    if rise.alert is None or rise.lease is None:
        return None
    return attempt(kit, rise.alert.id, rise.lease)
