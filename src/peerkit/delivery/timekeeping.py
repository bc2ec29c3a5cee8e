# SPDX-License-Identifier: Apache-2.0
"""Which time it is, and whether to believe it.

A clock that was put back lets no deadline fire; one that jumped ahead lets everything expire. The highest
instant at which delivery was sure of the time stands in a mark. Behind it by five minutes: every open alert
counts as due, once, and it is said. A day ahead of it: alarms go as the clock says, nobody falls off the
escalation path because of it, and a human confirms the time.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Objection, Refused
from peerkit.model.actor import Actor
from peerkit.model.ids import moment, stamp
from peerkit.model.safety import Alert

if TYPE_CHECKING:
    from peerkit.kit import Kit

BEHIND = timedelta(minutes=5)
AHEAD = timedelta(days=1)
QUIET = timedelta(minutes=5)
"""How old a heartbeat may be while somebody waits for a delivery."""

CLOCK, HEARTBEAT = "clock", "heartbeat"


@attrs.frozen
class Time:
    """The clock's instant, and the last that was trusted (None: there was none yet)."""

    now: datetime
    trusted: datetime | None = None

    @property
    def behind(self) -> bool:
        """Whether the clock was put back by five minutes or more."""
        return self.trusted is not None and self.trusted - self.now > BEHIND

    @property
    def ahead(self) -> bool:
        """Whether the clock is a day ahead of the last trusted instant: it jumped, or all was off."""
        return self.trusted is not None and self.now - self.trusted > AHEAD

    @property
    def moments(self) -> tuple[datetime, ...]:
        """At which instants somebody counts as in office: now, and if the clock is ahead also then."""
        return (self.now, self.trusted) if self.ahead and self.trusted is not None else (self.now,)

    def is_due(self, alert: Alert) -> bool:
        """Whether the alert's wait is over; also if it began in what is now the future, or the clock was
        put back, since then nobody knows how long it has waited."""
        if alert.due is None:
            return False
        from_future = alert.since is not None and alert.since > self.now + BEHIND
        return alert.due <= self.now or from_future or self.behind


def tell(kit: Kit) -> Time:
    """The time now, beside the mark."""
    return Time(kit.clock.now(), _instant(kit.storage.marks(CLOCK).get(CLOCK)))


def keep(kit: Kit, time: Time, *, whole: bool) -> None:
    """After a delivery run: write the heartbeat; and the trusted time, unless the clock is ahead, or the run
    left open what a clock put back had made due."""
    kit.storage.mark(HEARTBEAT, json.dumps({"at": stamp(kit.clock.now())}))
    if not time.ahead and (whole or not time.behind):
        kit.storage.mark(CLOCK, stamp(time.now))


def heartbeat(kit: Kit) -> datetime | None:
    """When delivery last ran, by the clock it had."""
    held = kit.storage.marks(HEARTBEAT).get(HEARTBEAT)
    with suppress(Exception):  # whatever stands there
        return _instant(json.loads(held)["at"]) if held is not None else None
    return None


def silent(beat: datetime | None, now: datetime) -> bool:
    """Whether nobody delivers, as far as the heartbeat tells."""
    return beat is None or abs(now - beat) > QUIET


def confirm_time(kit: Kit, actor: Actor) -> datetime:
    """A coordinator confirms that the clock is right although it is a day ahead; the time confirmed."""
    if actor.is_system or kit.grants(actor).reach("coordinator") == frozenset():
        raise Refused([Objection("no-right", "a coordinator confirms the time")])
    now = kit.clock.now()
    kit.storage.mark(CLOCK, stamp(now))
    return now


def _instant(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    with suppress(ValueError):
        found = moment(text)
        return found if found.tzinfo is not None else None
    return None
