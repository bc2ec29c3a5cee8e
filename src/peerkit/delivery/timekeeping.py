# SPDX-License-Identifier: Apache-2.0
"""Which time it is, and whether to believe it.

A clock that was put back lets no deadline fire; one that jumped ahead lets everything expire. The last
instant at which delivery was sure of the time stands in a mark. Behind it by five minutes: every open alert
counts as due, once. From then on deadlines run by the clock that there is, and where it had been stands in
another mark: until it is there again, or a human confirms the time, it is said, and nothing but alarms goes
by it. A day ahead: alarms go as the clock says, and a human confirms the time. Nobody falls off the
escalation path because of either.

Where the clocks of two machines are apart, each makes due what the other has just carried, with every run. So
one of the two borrows the other's time while it sees that one deliver, and then both carry alarms alike: the
one that is not believed, and where neither is, the one that was put back, that is a day ahead of the other,
or a little behind it.
"""

from __future__ import annotations

import hashlib
import json
import platform
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Objection, Refused
from peerkit.model.actor import Actor
from peerkit.model.ids import moment, stamp
from peerkit.model.safety import Alert
from peerkit.safety.lane import BEHIND, TRIES

if TYPE_CHECKING:
    from peerkit.kit import Kit

AHEAD = timedelta(days=1)
QUIET = timedelta(minutes=5)
"""How old a heartbeat may be while somebody waits for a delivery."""

LATELY = timedelta(hours=1)
"""For how long a machine goes on by the time of another one that it saw deliver. Own choice: longer than any
timer that carries alarms has."""

NEAR = timedelta(minutes=1)
"""From how far behind a machine that borrows another's time is no longer behind it. Own choice."""

MACHINES = 8
"""How many machines' looks are kept, those of the last ones. Own choice."""

LAST_YEAR = 9000
"""From which year on an instant in a mark is no clock's."""

CLOCK, HEARTBEAT = "clock", "heartbeat"
BEFORE = "clock:before"
"""The mark with how far a clock had come that was put back since."""
BESIDE = "clock:beside"
"""The mark with what machines whose clocks are apart saw of another one."""


@attrs.frozen
class Beat:
    """A heartbeat: when somebody delivered, by the clock they went by, and on which machine (empty: a former
    peerkit did not say)."""

    at: datetime
    machine: str = ""


@attrs.frozen
class Look:
    """What a machine saw of another one's heartbeat: when it looked, by its own clock; which heartbeat that
    was; when it found it there, as a new one (None: it has seen but the one, which may be an old one); and
    when it had looked before that."""

    at: datetime
    beat: datetime
    found: datetime | None = None
    before: datetime | None = None

    @property
    def offset(self) -> timedelta:
        """By how much the other clock is ahead of this one, at least."""
        return timedelta() if self.found is None else self.beat - self.found

    @property
    def slack(self) -> timedelta:
        """By how much it may be ahead beyond that: so old may the heartbeat have been when it was found."""
        if self.found is None or self.before is None:
            return timedelta()
        return max(self.found - self.before, timedelta())

    @property
    def dump(self) -> dict[str, str | None]:
        """What stands in the mark."""
        known = {"at": self.at, "beat": self.beat, "found": self.found, "before": self.before}
        return {name: None if at is None else stamp(at) for name, at in known.items()}

    @classmethod
    def read(cls, held: Any) -> Look | None:
        """The one in a mark; None for whatever else stands there."""
        with suppress(Exception):
            at, beat, found = _instant(held["at"]), _instant(held["beat"]), _instant(held["found"])
            if at is not None and beat is not None and (found is None or found <= at):
                return cls(at, beat, found, _instant(held.get("before")))
        return None


@attrs.frozen
class Time:
    """What a machine knows of the time: its own clock's instant; the last that was trusted (None: there was
    none yet); how far it had come before it was put back (None: it was not, or that is over); the last
    heartbeat; which machine this is; and each machine's last look at another one."""

    own: datetime
    trusted: datetime | None = None
    before: datetime | None = None
    beat: Beat | None = None
    machine: str = ""
    looks: dict[str, Look] = attrs.field(factory=dict)

    @property
    def now(self) -> datetime:
        """The instant that alarms go by."""
        return self.own + self.offset

    def present(self, kit: Kit) -> datetime:
        """The same, later in the run."""
        return kit.clock.now() + self.offset

    @property
    def offset(self) -> timedelta:
        """By how much that is ahead of this machine's own clock."""
        look = self.look
        return look.offset if look is not None and self.borrowed else timedelta()

    @property
    def behind(self) -> bool:
        """Whether the clock was put back by five minutes or more since the last delivery, or the time was
        borrowed and is not any more: nobody knows then how long an alert has waited."""
        if self.borrowed:
            return False
        return self._left_alone or (self.trusted is not None and self.trusted - self.own > BEHIND)

    @property
    def put_back(self) -> bool:
        """Whether this clock is not yet where it had been, and nobody has confirmed that it is right."""
        return self.highest is not None and self.highest - self.own > BEHIND

    @property
    def ahead(self) -> bool:
        """Whether this clock is a day ahead of the last trusted instant: it jumped, or all was off."""
        return self.highest is not None and self.own - self.highest > AHEAD

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

    # -- beside another machine ---------------------------------------------------------------------

    @property
    def borrowed(self) -> bool:
        """Whether alarms go by another machine's time."""
        look = self.look
        return look is not None and look.found is not None and self.own - look.found <= LATELY

    @property
    def other_delivers(self) -> bool:
        """Whether the one whose time this is delivers at present: then what is no alarm is left to it."""
        look = self.look
        return look is not None and look.found is not None and self.own - look.found < QUIET

    @property
    def look(self) -> Look | None:
        """What this machine sees now of one whose time it borrows, or will once it sees another heartbeat of
        it; None where there is none. At first sight it cannot be told from what this clock had come to itself
        before it was put back, under another name."""
        last = self._last if self._last is not None and self._is_fresh(self._last) else None
        if self.beat is None or self.beat.machine == self.machine:
            return None if last is None or last.found is None else attrs.evolve(last, at=self.own)
        if last is not None and self.beat.at == last.beat:
            return attrs.evolve(last, at=self.own)
        if last is not None and (made := self._made(last)) is not None:
            return Look(self.own, self.beat.at, made, made - last.slack)
        if not self._yields(self.beat.at, BEHIND if last is None else NEAR):
            return None
        return (
            Look(self.own, self.beat.at) if last is None else Look(self.own, self.beat.at, self.own, last.at)
        )

    def _made(self, last: Look) -> datetime | None:
        """When, by this clock, the other one wrote the last heartbeat, if that fits what was seen before."""
        if self.beat is None or last.found is None:
            return None
        made = self.beat.at - last.offset
        return made if last.at <= made <= self.own else None

    @property
    def apart(self) -> bool:
        """Whether this machine borrows another one's time, or another one this one's."""
        beside = (one for one in self.looks.values() if one.found is not None)
        return self.borrowed or any(abs(self.own - one.beat) <= QUIET for one in beside)

    @property
    def _last(self) -> Look | None:
        return self.looks.get(self.machine)

    def _is_fresh(self, look: Look) -> bool:
        return timedelta() <= self.own - look.at <= LATELY

    @property
    def _left_alone(self) -> bool:
        """Whether this machine had borrowed a time, and does not any more."""
        last = self._last
        return last is not None and last.found is not None and not self.borrowed

    def _yields(self, beat: datetime, least: timedelta = BEHIND) -> bool:
        """Whether, of two clocks that are apart, this is the one to borrow: the one that was put back; else
        the one that is a day ahead; else the one behind. The other, asked the same, says the opposite."""
        if self.highest is not None:
            mine, theirs = (self.highest - at > BEHIND for at in (self.own, beat))
            if mine != theirs:
                return mine
        off = self.own - beat
        return off > AHEAD or -AHEAD <= off < -least

    # -- deadlines ----------------------------------------------------------------------------------

    @property
    def future(self) -> datetime:
        """What began later than this began in the future. A borrowed time is not known to the minute."""
        look = self.look
        return self.now + BEHIND + (look.slack if look is not None and self.borrowed else timedelta())

    def is_due(self, alert: Alert) -> bool:
        """Whether the alert's wait is over; also if it began in what is now the future, or the clock was
        put back, since then nobody knows how long it has waited."""
        from_future = alert.since is not None and alert.since > self.future
        return alert.due is not None and (alert.due <= self.now or from_future or self.behind)


def tell(kit: Kit) -> Time:
    """The time now, beside the marks."""
    held = kit.storage.marks(CLOCK)
    return Time(
        kit.clock.now(),
        trusted=_instant(held.get(CLOCK)),
        before=_instant(held.get(BEFORE)),
        beat=_beat(kit),
        machine=_machine(kit),
        looks=_looks(held.get(BESIDE)),
    )


def alarm_time(kit: Kit) -> datetime:
    """The instant that alarms go by on this machine: what somebody takes is theirs by that."""
    return tell(kit).now


def keep(kit: Kit, time: Time, *, whole: bool, broken: bool = False) -> None:
    """After a delivery run: write what was seen of another machine. Then, unless that one delivers or the
    store failed for an alert: the heartbeat; and, if this machine went by its own clock, the trusted time,
    unless that is ahead, or the run left open what a clock put back had made due."""
    _keep_look(kit, time)
    if broken or time.other_delivers:
        return
    beat = {"at": stamp(time.present(kit)), "machine": time.machine}
    kit.storage.mark(HEARTBEAT, json.dumps(beat))
    if time.borrowed or time.ahead or (time.behind and not whole):
        return
    if time.highest is not None and time.put_back:  # first, so that a crash between forgets nothing
        kit.storage.mark(BEFORE, stamp(time.highest))
    kit.storage.mark(CLOCK, stamp(time.own))
    if time.before is not None and not time.put_back:  # last, likewise
        kit.storage.mark(BEFORE, None)


def _keep_look(kit: Kit, time: Time) -> None:
    look = time.look
    if look is not None and (time.borrowed or look.found is None):
        _note_look(kit, time.machine, look)
    elif look is not None or time.behind:  # where it was left alone, what was seen counts no more
        _note_look(kit, time.machine, None)


def _note_look(kit: Kit, machine: str, look: Look | None) -> None:
    """Write what a machine saw beside what others did, whose runs may be under way."""
    for _again in range(TRIES):
        text = kit.storage.marks(BESIDE).get(BESIDE)
        looks = _looks(text)
        if looks.pop(machine, None) is None and look is None:
            return
        if look is not None:
            looks[machine] = look
        kept = {name: one.dump for name, one in list(looks.items())[-MACHINES:]}
        if kit.storage.mark(BESIDE, json.dumps(kept) if kept else None, expect=text):
            return


def _looks(text: str | None) -> dict[str, Look]:
    with suppress(Exception):  # whatever stands there
        held = json.loads(text or "{}")
        read = {str(machine): Look.read(one) for machine, one in held.items()}
        return {machine: look for machine, look in read.items() if look is not None}
    return {}


def _machine(kit: Kit) -> str:
    """Which machine's clock this is, in a form that does not tell its name."""
    name = str(getattr(kit.clock, "machine", "") or platform.node())
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def heartbeat(kit: Kit) -> datetime | None:
    """When delivery last ran, by the clock it had."""
    beat = _beat(kit)
    return None if beat is None else beat.at


def _beat(kit: Kit) -> Beat | None:
    with suppress(Exception):  # whatever stands there
        held = json.loads(kit.storage.marks(HEARTBEAT)[HEARTBEAT])
        at = _instant(held["at"])
        return None if at is None else Beat(at, str(held.get("machine", "")))
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
    _note_look(kit, _machine(kit), None)  # and borrowed from nobody
    return now


def _instant(text: object) -> datetime | None:
    """The one in a mark; None for what no clock shows, with which nothing could be reckoned."""
    if not isinstance(text, str):
        return None
    with suppress(ValueError):
        found = moment(text)
        return found if found.tzinfo is not None and 1970 <= found.year < LAST_YEAR else None
    return None
