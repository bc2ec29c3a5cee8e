# SPDX-License-Identifier: Apache-2.0
"""Which time it is, and whether to believe it.

A clock that was put back lets no deadline fire; one that jumped ahead lets everything expire. The last
instant at which delivery was sure of the time stands in a mark. Behind it by five minutes: every open alert
counts as due, once. From then on deadlines run by the clock that there is, and where it had been stands in
another mark: until it is there again, or a human confirms the time, it is said, and nothing but alarms goes
by it. A day ahead: alarms go as the clock says, and a human confirms the time. Nobody falls off the
escalation path because of either.

Where two workers' clocks are apart, each makes due what the other has just carried, with every run. So one of
the two stands by while it sees that the other delivers: the one that is not believed, and where neither is,
the one that was put back, that is a day ahead of the other, or a little behind it. Once no heartbeat has come
for five minutes it goes by its own clock.
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
from peerkit.safety.lane import BEHIND

if TYPE_CHECKING:
    from peerkit.kit import Kit

AHEAD = timedelta(days=1)
QUIET = timedelta(minutes=5)
"""How old a heartbeat may be while somebody waits for a delivery, or stands by for whoever it is of."""

LATELY = timedelta(hours=1)
"""For how long a worker's last look at a heartbeat tells it anything. Own choice."""

NEAR = timedelta(minutes=1)
"""From how far behind a worker that stands by is no longer behind. Own choice."""

CLOCK, HEARTBEAT = "clock", "heartbeat"
BEFORE = "clock:before"
"""The mark with how far a clock had come that was put back since."""
BESIDE = "clock:beside"
"""The mark with the last look of a worker that yields to another."""


@attrs.frozen
class Look:
    """What a worker that yields to another saw of its heartbeat: when it looked, by its own clock; which it
    was; and when it last found that another had come (None: none has, so far)."""

    at: datetime
    seen: datetime
    moved: datetime | None = None

    @property
    def text(self) -> str:
        """What stands in the mark."""
        moved = None if self.moved is None else stamp(self.moved)
        return json.dumps({"at": stamp(self.at), "seen": stamp(self.seen), "moved": moved})

    @classmethod
    def read(cls, text: object) -> Look | None:
        """The one in a mark; None for whatever else stands there."""
        with suppress(Exception):
            held = json.loads(text)  # type: ignore[arg-type]
            at, seen = _instant(held["at"]), _instant(held["seen"])
            moved = _instant(held["moved"])
            if at is not None and seen is not None and (moved is None or moved <= at):
                return cls(at, seen, moved)
        return None


@attrs.frozen
class Time:
    """The clock's instant, the last that was trusted (None: there was none yet), how far it had come before
    it was put back (None: it was not, or that is over), when somebody last delivered, by the clock they had,
    and the last look of a worker that yields to another."""

    now: datetime
    trusted: datetime | None = None
    before: datetime | None = None
    beat: datetime | None = None
    last_look: Look | None = None

    @property
    def behind(self) -> bool:
        """Whether the clock was put back by five minutes or more since the last delivery. One that stands by
        since is behind until it is a minute from where the other stopped: else it would pass from waiting for
        that one to waiting for its own deadlines, which the same put back."""
        if self.trusted is None:
            return False
        return self.trusted - self.now > self._least

    @property
    def put_back(self) -> bool:
        """Whether it is not yet again where it had been, and nobody has confirmed that it is right."""
        return self.highest is not None and self.highest - self.now > BEHIND

    @property
    def ahead(self) -> bool:
        """Whether the clock is a day ahead of the last trusted instant: it jumped, or all was off."""
        return self.highest is not None and self.now - self.highest > AHEAD

    @property
    def doubted(self) -> bool:
        """Whether nothing but alarms goes by this clock until it is right, or somebody has confirmed it."""
        return self.ahead or self.put_back

    @property
    def word(self) -> str:
        """`behind`, `ahead`, or nothing."""
        return "behind" if self.put_back else "ahead" if self.ahead else ""

    @property
    def highest(self) -> datetime | None:
        """How far the clock has come, as far as anybody was sure of it."""
        return max((one for one in (self.trusted, self.before) if one is not None), default=None)

    @property
    def moments(self) -> tuple[datetime, ...]:
        """At which instants somebody counts as in office: now, and if the clock is doubted also then."""
        return (self.now, self.highest) if self.doubted and self.highest is not None else (self.now,)

    @property
    def look(self) -> Look | None:
        """What this worker sees of one that it yields to; None where there is none."""
        if self.beat is None or not (self.behind or self.doubted) or not self._yields(self.beat):
            return None
        last = self._fresh_look
        if last is None:
            return Look(self.now, self.beat)
        on = self.beat - last.seen
        moved = min(self.now, last.at + on) if on > timedelta() else last.moved
        return Look(self.now, self.beat, moved)

    def _yields(self, beat: datetime) -> bool:
        """Whether, of two clocks that are apart, this is the one to stand by: the one that was put back; else
        the one that is a day ahead; else the one behind. The other, asked the same, says the opposite."""
        if self.highest is not None:
            mine, theirs = (self.highest - at > BEHIND for at in (self.now, beat))
            if mine != theirs:
                return mine
        off = self.now - beat
        return off > AHEAD or -AHEAD <= off < -self._least

    @property
    def stands_by(self) -> bool:
        """Whether somebody else delivers, and this one yields to them: then what time makes due is theirs."""
        look = self.look
        return look is not None and look.moved is not None and self.now - look.moved < QUIET

    @property
    def apart(self) -> bool:
        """Whether a worker stands by for this one, because its clock is another."""
        last = self.last_look
        return last is not None and last.moved is not None and abs(self.now - last.seen) <= QUIET

    def is_due(self, alert: Alert) -> bool:
        """Whether the alert's wait is over; also if it began in what is now the future, or the clock was
        put back, since then nobody knows how long it has waited."""
        return alert.due is not None and (self._has_waited(alert) or self.behind)

    def is_overdue(self, alert: Alert) -> bool:
        """Whether whoever this worker stands by for should have carried it by now, and has not."""
        if alert.due is None or not self._has_waited(alert):
            return False
        return alert.due <= self.overdue or (alert.since or alert.due) > self.overdue + LATELY

    def _has_waited(self, alert: Alert) -> bool:
        from_future = alert.since is not None and alert.since > self.now + BEHIND
        return from_future or (alert.due is not None and alert.due <= self.now)

    @property
    def overdue(self) -> datetime:
        """What was due before that should have been done by whoever this worker stands by for."""
        return (self.beat or self.now) - QUIET

    @property
    def _least(self) -> timedelta:
        """From how far apart on two clocks are two."""
        look = self._fresh_look
        return BEHIND if look is None or look.moved is None else NEAR

    @property
    def _fresh_look(self) -> Look | None:
        """The last look, if it was of a worker with this clock, and lately."""
        last = self.last_look
        return last if last is not None and timedelta() <= self.now - last.at <= LATELY else None


def tell(kit: Kit) -> Time:
    """The time now, beside the mark."""
    held = kit.storage.marks(CLOCK)
    return Time(
        kit.clock.now(),
        trusted=_instant(held.get(CLOCK)),
        before=_instant(held.get(BEFORE)),
        beat=heartbeat(kit),
        last_look=Look.read(held.get(BESIDE)),
    )


def keep(kit: Kit, time: Time, *, whole: bool) -> None:
    """After a delivery run: write what was seen of another worker. Then, if this one delivered
    and did not stand by: the heartbeat; and the trusted time, unless the clock is ahead, or the run left open
    what a clock put back had made due."""
    if time.look is not None:
        kit.storage.mark(BESIDE, time.look.text)
    if time.stands_by:
        return
    kit.storage.mark(HEARTBEAT, json.dumps({"at": stamp(kit.clock.now())}))
    if time.ahead or (time.behind and not whole):
        return
    if time.highest is not None and time.put_back:  # first, so that a crash between forgets nothing
        kit.storage.mark(BEFORE, stamp(time.highest))
    elif time.before is not None:
        kit.storage.mark(BEFORE, None)
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
    """A coordinator confirms that the clock is right although it is a day ahead, or was put back; the time
    confirmed."""
    if actor.is_system or kit.grants(actor).reach("coordinator") == frozenset():
        raise Refused([Objection("no-right", "a coordinator confirms the time")])
    now = kit.clock.now()
    kit.storage.mark(CLOCK, stamp(now))
    kit.storage.mark(BEFORE, None)
    return now


def _instant(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    with suppress(ValueError):
        found = moment(text)
        return found if found.tzinfo is not None else None
    return None
