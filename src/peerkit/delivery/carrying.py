# SPDX-License-Identifier: Apache-2.0
"""Carrying one alert: climb, send, write down what became of it.

It happens under a lease, so that one process does it at a time, and whoever comes after a dead one does it
again: a notice may go out twice, never not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.bursts import Burst
from peerkit.delivery.sending import Channels, Notice, channels, notify
from peerkit.delivery.timekeeping import Time, tell
from peerkit.errors import Conflict
from peerkit.levels import Level
from peerkit.model.base import Record
from peerkit.model.program import program_zone
from peerkit.model.safety import Alert
from peerkit.model.sending import Delivery
from peerkit.safety import ladder
from peerkit.safety.lane import CLAIM, LEASE, SAFETY, TRIES, Lease, Left, Place, claim
from peerkit.safety.reading import author_of, facts, get, local

if TYPE_CHECKING:
    from peerkit.kit import Kit


@attrs.define
class Carried:
    """What was done: rungs climbed, notices handed over and failed. `reached` if one of them went to
    somebody else than who raised the alarm, over a channel that leaves this place."""

    climbed: int = 0
    handed_over: int = 0
    failed: int = 0
    reached: bool = False


def take(kit: Kit, alert_id: str, time: Time, *, channels: frozenset[str] | None = None) -> Lease | None:
    """Claim an alert's delivery; None if somebody else has it. Of one that is not due, `channels` are those
    that there are here: None also where it was told meanwhile, or is left to others than who has these."""
    name = CLAIM + alert_id
    text = kit.storage.marks(name).get(name)
    held = Lease.read(text) if text is not None else None
    if held is not None and not held.over(time.now):
        return None
    if channels is not None and (held is None or not held.is_for(channels)):
        return None
    lease = Lease.take(time.now, left=held.left if held is not None else None)
    return lease if kit.storage.mark(name, lease.text, expect=text) else None


def carry(
    kit: Kit,
    alert_id: str,
    lease: Lease,
    *,
    time: Time | None = None,
    usable: Channels | None = None,
    burst: Burst | None = None,
) -> Carried:
    """Bring a claimed alert to the next rung that takes the notice, and give the claim free.

    A rung whose every notice fails counts as unreachable, so it climbs at once; once all have failed, it is
    tried again in a few minutes. Where nobody was told but on the console here, the claim is left to whoever
    has another channel, at once.

    Of a `burst`, one that asks nobody but whom this run has told already may be held in it, claimed, until
    the burst tells them of all together; what comes back is filled in then.
    """
    time = tell(kit) if time is None else time
    usable = channels(kit) if usable is None else usable
    made = Carrying(kit, alert_id, lease, time, usable, burst)
    if burst is not None:
        burst.carried.append(made.done)
    return made.run()


@attrs.define(eq=False)
class Carrying:
    """One alert on its way."""

    kit: Kit
    alert_id: str
    lease: Lease
    time: Time
    usable: Channels
    burst: Burst | None = None
    done: Carried = attrs.field(factory=Carried)
    silent: set[str] = attrs.field(factory=set)
    failing: bool = False
    place: Place | None = None
    """Where it stood before it climbed, or before anybody did who told nobody."""
    redoes: bool | None = None
    """Whether it does again at once what somebody with other channels has left."""

    def run(self) -> Carried:
        """Until somebody was handed a notice, or nothing more is to be done for now."""
        conflicts = 0
        while conflicts < TRIES:
            try:
                if self._step():
                    return self.done
            except Conflict:  # somebody acknowledged meanwhile, or the lease went to another process
                conflicts += 1
                name = CLAIM + self.alert_id
                if self.kit.storage.marks(name).get(name) != self.lease.text:
                    return self.done
        return self.done

    def _step(self) -> bool:
        """One rung; whether that was all for now."""
        alert = get(self.kit, Alert, self.alert_id)
        if alert is None or not self._open(alert):
            self._write([], free=True)
            return True
        if self.redoes is None:
            self.redoes = self.lease.left is not None and not self.time.is_due(alert)
            if alert.asked and not self.redoes:  # what was left then is over
                self.lease = attrs.evolve(self.lease, left=None)
        if self._climbs(alert):
            alert = self._climb(alert)
        asked = _asked(alert)
        if not asked:
            self._leave([])
            return True
        shared = self.burst is not None and not self.failing and not _named(alert)
        if shared and self.burst is not None and self.burst.takes(self, alert):
            return True
        deliveries: list[Delivery] = []
        for one in asked:
            self._renew()
            deliveries += notify(self.kit, (one,), notice_of(alert), self.usable)
        return self.sent(alert, deliveries)

    def sent(self, alert: Alert, deliveries: Sequence[Delivery]) -> bool:
        """Write down what became of its notices; whether somebody was handed one."""
        taken = [one for one in deliveries if one.result == "handed-over"]
        handed = len(taken)
        far = any(one.channel not in local(self.kit) for one in taken)
        if handed and not far:
            self._leave(deliveries)
        else:
            self._write(deliveries, free=far)
        self.done.handed_over += handed
        if self.burst is not None:
            self.burst.heard(alert, taken)
        if far:
            author = author_of(self.kit, alert)
            self.done.reached = any(one.to != author and one.channel not in local(self.kit) for one in taken)
        self.done.failed += len(deliveries) - handed
        self.failing = not handed
        if self.failing:
            self.silent.update(_asked(alert))
        return handed > 0

    def _open(self, alert: Alert) -> bool:
        """Whether somebody is to be told: it waits for them, or it was taken and nothing done in time."""
        if waits(alert):
            return True
        return alert.state == "acknowledged" and not self.done.climbed and self.time.is_due(alert)

    def _climbs(self, alert: Alert) -> bool:
        """Whether it goes on to the next rung: those who were to be told were not, nobody is asked, their
        time is over, or the place is left from which somebody climbed who has other channels."""
        if self.failing or not _asked(alert):
            return True
        again = self.redoes and self.lease.left is not None and self.lease.left.place is not None
        return not self.done.climbed and (again or self.time.is_due(alert))

    def _climb(self, alert: Alert) -> Alert:
        now, level = self.time.present(self.kit), Level(alert.level)
        made = alert if alert.state == "open" else alert.lapse(since=now)
        found = facts(self.kit, alert, self.time.moments, self.usable.names)
        found = attrs.evolve(found, silent=frozenset(self.silent))
        step, turn = self._start(alert)
        vain = alert.step >= 0 and not alert.rung
        rung = ladder.climb(level, found, step, turn)
        program = self.kit.net.fresh(self.kit).program
        due = ladder.due(
            level,
            rung,
            now,
            first=alert.climbs == 0 or (alert.climbs == 1 and (vain or alert.rung == ladder.FIRST)),
            today_by=program.today_by if program is not None else "17:00",
            zone=program_zone(program),
        )
        made = made.climb(
            step=rung.step,
            round=rung.round,
            rung=rung.role,
            asked=rung.asked,
            skipped=rung.skipped,
            since=now,
            due=due if rung.asked else now + timedelta(minutes=ladder.AGAIN),
        )
        self._write([made])
        self.done.climbed += 1
        return get(self.kit, Alert, alert.id) or made

    def _start(self, alert: Alert) -> Place:
        """Behind which place of the path it climbs; that is kept for whoever has other channels."""
        here = (alert.step, alert.round)
        if self.done.climbed:
            return here
        left = self.lease.left.place if self.lease.left is not None else None
        if left is not None and self.redoes:
            self.place = min(left, here, key=_far)
            return self.place
        if left is not None and not alert.asked:  # nobody was told since, unless it has begun anew
            self.place = min(left, here, key=_far)
        else:  # where it was told before it climbs, that rung is theirs to tell, too
            self.place = (max(alert.step - 1, -1), alert.round) if self.failing else here
        return here

    def again(self) -> None:
        """Go on without the burst: what it told failed, or the alert is not what it was."""
        self.burst = None
        self.run()

    def _renew(self) -> None:
        """Keep the claim while one after the other is tried: channels that time out may take longer than a
        lease. Conflict if another process has it by now."""
        now = self.time.present(self.kit)
        if now - self.lease.at < LEASE / 3:
            return
        fresh = Lease.take(now, left=self.lease.left)
        if not self.kit.storage.mark(CLAIM + self.alert_id, fresh.text, expect=self.lease.text):
            raise Conflict("another process carries this alert by now")
        self.lease = fresh

    def _write(self, records: Sequence[Record], *, free: bool = False) -> None:
        """Write under the lease: renewed, or given free with it."""
        fresh = Lease.take(self.time.present(self.kit), left=self.lease.left)
        self._pass_on(records, None if free else fresh)

    def _leave(self, records: Sequence[Record]) -> None:
        """Write, and leave the rest to whoever has another channel."""
        known = self.lease.left if self.redoes else None
        left = Left(known.tried if known is not None else frozenset(), self.place)
        left = left.with_tried(self.usable.names | local(self.kit))
        self._pass_on(records, Lease.take(self.time.present(self.kit), timedelta(), left))

    def _pass_on(self, records: Sequence[Record], following: Lease | None) -> None:
        self.kit.write(records, actor=SAFETY, marks=[claim(self.alert_id, following, self.lease)])
        self.lease = self.lease if following is None else following


def _far(place: Place) -> Place:
    """How far along the path a place is: its round, and its step."""
    return (place[1], place[0])


def waits(alert: Alert) -> bool:
    """Whether it waits for somebody: open, or handed on or spoken again and not taken."""
    return alert.state == "open" or bool(_named(alert))


def _asked(alert: Alert) -> tuple[str, ...]:
    """Who is to be told now: of one that is in hand those whom it names, else whom the path asks."""
    return _named(alert) or alert.asked


def _named(alert: Alert) -> tuple[str, ...]:
    """Whom an alert that is in hand waits for: to whom it is handed on, and whoever has it, where it spoke
    again."""
    if alert.state == "open":
        return ()
    return tuple(dict.fromkeys(filter(None, (alert.offered, alert.holder if alert.unheard else ""))))


def notice_of(alert: Alert) -> Notice:
    """The notice about an alert."""
    return Notice(alert.id, alert.reference, alert.climbs, level=Level(alert.level))
