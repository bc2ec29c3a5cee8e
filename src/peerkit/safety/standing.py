# SPDX-License-Identifier: Apache-2.0
"""How an alarm stands at the moment in which somebody is told about it: how urgent, whether a human heard,
whether one can be asked.

A comfort that is not true is worse than none: whoever holds the screen waits for somebody who does not come.
So it is looked up before it is said, and what cannot be found out counts as nobody.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.levels import Level, worst
from peerkit.model.program import Step
from peerkit.model.safety import Alert
from peerkit.safety.ladder import Facts, Rung, by_name, climb, resolve
from peerkit.safety.lane import with_id
from peerkit.safety.raising import Rise, send
from peerkit.safety.reading import facts, get, handed_over, local
from peerkit.safety.settings import declared_now

if TYPE_CHECKING:
    from peerkit.kit import Kit

OF = (
    "program",
    "appointment",
    "person",
    "peer_supporter",
    "relationship",
    "route",
    "leave",
    "wall",
    "concern",
    "redaction",
)
"""The kinds that say who can be asked."""

ON_CALL = Step(role="on-call", minutes=1)

FRESH = timedelta(minutes=1)
"""How long what was read for the next steps may be said again, if none of those kinds was written."""


@attrs.frozen(kw_only=True)
class Standing:
    """How an alarm stands. `level` is the higher of what was judged and what is stored; `reached` whether a
    human was told or is going to be (None: nobody is, at this level); `on_call` whether one can be asked at
    this instant (None: nobody knows); `rung` the role that is asked first. `hand` says what a human made of
    it: `held`, who has it in hand, or `closed`; empty while it asks."""

    level: Level
    reached: bool | None = None
    on_call: bool | None = None
    rung: str = ""
    hand: str = ""
    reference: str = ""
    alert: str = ""


@attrs.frozen
class Seen:
    """What was read for the last alarm: what of the alarm it depends on, when, as of which position of the
    feed."""

    of: tuple[str, str, str, tuple[str, ...]]
    at: datetime
    position: int
    facts: Facts

    def holds(self, position: int, now: datetime) -> bool:
        """Whether it may be said again."""
        return self.position == position and abs(now - self.at) < FRESH


def told(
    kit: Kit, rising: Rise, level: Level, alert_id: str = "", *, author: str = "", reader: str = ""
) -> Standing:
    """The one bounded attempt to send, if it is urgent; and how it stands then. Never raises.

    `author` is whoever holds the screen or voiced the concern, `reader` who reads the next steps: that they
    can be asked themselves, or have it in hand, is no help to them.
    """
    reached = send(kit, rising)
    made = rising.alert
    alert_id = made.id if made is not None else alert_id
    with suppress(Exception):
        held = get(kit, Alert, alert_id) if made is None or rising.urgent else made
        held = made if held is None else held
        if held is not None:
            return _standing(kit, held, level, author, reader, reached=reached)
    if level > Level.TALK:
        reached = bool(reached)
    reference = made.reference if made is not None else ""
    return Standing(level=level, reached=reached, reference=reference, alert=alert_id)


def _standing(
    kit: Kit, alert: Alert, level: Level, author: str, reader: str, *, reached: bool | None
) -> Standing:
    from peerkit.delivery.urgent import delivering

    level = level if alert.state == "closed" else worst(level, Level(alert.level))
    now = kit.clock.now()
    there = {author, reader}
    found = _facts(kit, alert, now, author)
    first = climb(level, found, -1, 0)
    rung = alert.rung if alert.step >= 0 and alert.state == "open" else first.role
    hand = _hand(alert, found, now, there)
    if level <= Level.TALK:
        reached = None
    elif reached:
        reached = _handed(kit, alert, there)
    elif reached is None and alert.state != "open":
        reached = bool(hand) or (alert.unheard and _handed(kit, alert, there))
    elif reached is None and alert.step >= 0:
        comes = alert.due is not None and now < alert.due
        reached = bool(alert.asked) and _handed(kit, alert, there) and (comes or delivering(kit))
    elif reached is None:
        reached = level is not Level.NOW and delivering(kit) and _others(first, there)
    return Standing(
        level=level,
        reached=reached,
        on_call=_on_call(kit, found, now, there),
        rung=rung,
        hand=hand,
        reference=alert.reference,
        alert=alert.id,
    )


def _hand(alert: Alert, found: Facts, now: datetime, there: set[str]) -> str:
    """What a human made of it. Nobody comes of whoever is `there` and has it in hand themselves, is away, has
    not heard of it yet, or has let its time run out."""
    if alert.state in {"open", "closed"}:
        return "closed" if alert.state == "closed" else ""
    over = alert.unheard or alert.due is None or alert.due <= now
    return "" if over or alert.holder in there or by_name(alert.holder, found) else "held"


def _handed(kit: Kit, alert: Alert, there: set[str]) -> bool:
    here = local(kit)
    notices = handed_over(kit, alert.id, climb=alert.climbs)
    return any(one.channel not in here and one.to not in there for one in notices)


def _others(rung: Rung, there: set[str]) -> bool:
    return not there.issuperset(rung.asked)


def _on_call(kit: Kit, found: Facts, now: datetime, there: set[str]) -> bool:
    """Whether somebody else of the path can be asked now. In hours that were declared as uncovered, only if
    somebody is on call all the same."""
    rung = climb(Level.NOW, attrs.evolve(found, first=""), -1, 0)  # whom a concern names is not on call
    if not _others(rung, there) or rung.round:
        return False
    program = kit.net.fresh(kit).program
    declared = program is not None and declared_now(program, now)
    return not declared or not there.issuperset(resolve(ON_CALL, found)[0])


def anybody(kit: Kit, person: str = "", author: str = "") -> bool | None:
    """Whether somebody could be asked at this instant, were there an alarm about this person; None: nobody
    knows. Never raises."""
    with suppress(Exception):
        supposed = with_id("", lambda: Alert(level=Level.NOW, person=person))
        now = kit.clock.now()
        return _on_call(kit, _facts(kit, supposed, now, author), now, {author})
    return None


def _facts(kit: Kit, alert: Alert, now: datetime, author: str) -> Facts:
    """What the path depends on, over the channels that leave this place. Delivery reads it anew when it
    climbs; for the next steps what was just read holds until one of its kinds is written."""
    from peerkit.delivery.sending import channels

    kit.feed.look()
    position = kit.feed.last(OF)
    of = (alert.person, author, alert.concern, alert.unable)
    held = kit.net.seen
    if held is not None and not held.holds(position, now):
        held = None
    if held is not None and held.of == of:
        return attrs.evolve(held.facts, moments=(now,))
    usable = held.facts.channels if held is not None else channels(kit).names - local(kit)
    found = facts(kit, alert, (now,), usable, author=author)
    kit.net.seen = Seen(of, now if held is None else held.at, position, found)
    return found
