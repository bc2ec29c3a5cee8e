# SPDX-License-Identifier: Apache-2.0
"""A delivery run: what time has made due is raised, climbed and sent; observers are fed; a heartbeat says
that somebody delivers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.bursts import Burst
from peerkit.delivery.carrying import carry, take
from peerkit.delivery.concerns import ask_to_settle
from peerkit.delivery.dark import dark
from peerkit.delivery.dead_letters import ask_how_to_reach
from peerkit.delivery.digesting import digest
from peerkit.delivery.forsaken import resume
from peerkit.delivery.left_open import look_for_lost, screens
from peerkit.delivery.letters import carry as carry_letters
from peerkit.delivery.noticing import NOTICES
from peerkit.delivery.observing import observe
from peerkit.delivery.referring import REFERRALS
from peerkit.delivery.sending import TIMEOUT, Channels, channels, within
from peerkit.delivery.timekeeping import Time, keep, tell
from peerkit.delivery.whom import in_general
from peerkit.errors import Malformed, PeerkitError, PluginError, StorageError
from peerkit.levels import Level
from peerkit.model.ids import stamp
from peerkit.model.people import Person
from peerkit.model.safety import Alert
from peerkit.model.work import Task
from peerkit.paging import every
from peerkit.ports import Compacting, Condition, Query, Stored
from peerkit.safety.handling import FOLLOW_UP
from peerkit.safety.holding import backlog, held
from peerkit.safety.lane import CLAIM, SAFETY, Lease, again, derived, with_id
from peerkit.safety.raising import OPEN, forsaken
from peerkit.safety.reading import barred_from, decoded, get, unreached, unseen
from peerkit.safety.settings import declared_now, holes

if TYPE_CHECKING:
    from peerkit.kit import Kit

CHECKED = "path-checked"
MOST = 10_000
"""Alerts of one run at most."""
REST = timedelta(seconds=40)
"""How long a run takes for what is no alarm: the next one, a minute later, is not late because of it. Own
choice."""

TICK = 20.0
"""How many seconds of it what time brings may take, which asks plugins' responders. Own choice."""

LOOK_AHEAD = 7
"""Days of the escalation path that the nightly check looks at."""


@attrs.define
class Report:
    """What a run did. `more` says that the limit was reached; `problems` are codes, with a kind and an id."""

    at: datetime
    climbed: int = 0
    handed_over: int = 0
    failed: int = 0
    screens: int = 0
    brought: int = 0
    """Records that time brought: what expired, lies too long or is to be asked after."""
    digests: int = 0
    """Humans who heard today how much is due from them."""
    referrals: int = 0
    notices: int = 0
    """Notices of people to somebody outside that were handed over."""
    observed: int = 0
    waiting: int = 0
    """Alerts and screens from before the store was put back, which wait until its gaps are walked."""
    unseen: int = 0
    """Open alerts that nobody was told of but a console, in a program that lasts."""
    more: bool = False
    problems: tuple[str, ...] = ()
    broken: bool = False
    """Whether the store failed for one of them: then no heartbeat is written, so that it is loud."""
    clock: str = ""
    """`behind` or `ahead` if the clock cannot be believed."""
    borrowed: bool = False
    """Whether it went by the time of another machine that was seen to deliver, since the clocks are apart."""

    def add(self, problem: str) -> None:
        """Note a problem."""
        self.problems = (*self.problems, problem)


def deliver(kit: Kit, limit: int = 100) -> Report:
    """Do what is due, `limit` (1 to 10,000) alerts and envelopes of the feed at most.

    What fails for one alert, screen or plugin is noted, and the next goes on; an alert that somebody else
    has claimed, or that cannot be read and was carried within the hour, counts for nothing. An open alert
    that asks nobody is a problem of every run, not only of the one that climbed in vain. What is no alarm
    is left to another machine while this one goes by its time. Raises Malformed for another limit,
    StorageError if the store itself fails.
    """
    if type(limit) is not int or not 1 <= limit <= MOST:
        raise Malformed(f"a run takes from 1 to {MOST} alerts", where="limit")
    kit.look_back()
    time = tell(kit)
    report = Report(time.own, clock=time.word, borrowed=time.borrowed)
    usable = channels(kit)
    screens(kit, time, report)
    resume(kit, time, report)
    _alerts(kit, time, usable, report, limit)
    # before whatever is not an alarm, so that none of that can make it look deaf
    keep(kit, time, whole=not report.more, broken=report.broken)
    if not report.broken:
        kit.beat()
    with suppress(PeerkitError):
        kit.catch_up()  # this process's own reads that are not logged yet
    if not time.other_delivers:
        _rest(kit, time, usable, report, limit)
    return report


# -- what is no alarm ------------------------------------------------------------------------------------


def _rest(kit: Kit, time: Time, usable: Channels, report: Report, limit: int) -> None:
    """What is no alarm, each part in its share of the time: what is left over comes with the next run."""
    ends = kit.clock.now() + REST
    with _noting(kit, report, "tick"):
        if not time.doubted:  # nothing ends by a clock that nobody believes
            _tick(kit, report)
    if held(kit):  # alarms went; nothing else does until a human has looked at what was forgotten
        report.add("held")
        _housekeep(kit, time, report)
        return
    with _noting(kit, report, "digest"):
        if not time.doubted:
            report.digests, unsent = digest(kit, usable, limit, _share(kit, ends, 4))
            report.failed += unsent
    with _noting(kit, report, "referrals"):
        report.referrals, unsent = carry_letters(kit, REFERRALS, usable, limit, _share(kit, ends, 3))
        report.failed += unsent
    with _noting(kit, report, "notices"):
        report.notices, unsent = carry_letters(kit, NOTICES, usable, limit, _share(kit, ends, 2))
        report.failed += unsent
    with _noting(kit, report, "reach"):
        ask_how_to_reach(kit)
    with _noting(kit, report, "concerns"):
        ask_to_settle(kit)
    _housekeep(kit, time, report)
    with _noting(kit, report, "observers"):
        report.observed = observe(kit, limit, _share(kit, ends, 1))


def _share(kit: Kit, ends: datetime, parts: int) -> datetime:
    """Until when the next of so many parts may begin something: what one takes for long is not all taken
    from the others."""
    now = kit.clock.now()
    return now + max(ends - now, timedelta()) / parts


def _tick(kit: Kit, report: Report) -> None:
    """Let time act. A responder that hangs is left behind; it may hold up this process's other commits."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            report.brought = kit.tick()
        except BaseException as error:  # noqa: BLE001  # raised below, in the caller's thread
            raised.append(error)

    if not within(work, TICK):
        report.add(f"tick:{TIMEOUT}")
    elif raised:
        raise raised[0]


@contextmanager
def _noting(kit: Kit, report: Report, what: str) -> Iterator[None]:
    """What is no alarm goes on past its own failure, whatever it is, and that is noted; a sandbox that is
    strict raises a plugin's."""
    try:
        yield
    except Exception as error:
        if kit.plugins.raises and isinstance(error, PluginError):
            raise
        report.add(f"{what}:{type(error).__name__}")


def _housekeep(kit: Kit, time: Time, report: Report) -> None:
    """Look after the path, the clock, and what an erasure left in the file."""
    with _noting(kit, report, "path"):
        _look_ahead(kit, time)
    with _noting(kit, report, "screens"):
        look_for_lost(kit, time)
    if time.doubted:
        _ask_time(kit, time)
    if isinstance(kit.storage, Compacting):
        with suppress(PeerkitError):  # an erasure that a reader held back; a large one waits for its hour
            kit.storage.compact(however_large=False)


# -- alerts --------------------------------------------------------------------------------------------


def _alerts(kit: Kit, time: Time, usable: Channels, report: Report, limit: int) -> None:
    done, burst = 0, Burst()
    for row, alert in _let_through(kit, time, usable, report):
        if done >= limit and not time.behind:  # what a clock put back made due is due once: all, in this run
            report.more = True
            break
        try:
            if alert is None:
                done += dark(kit, row, usable, time, report)
            elif alert.state == "acting" and not alert.offered and time.is_due(alert):
                again(lambda alert=alert: _remind(kit, alert.id, time))  # type: ignore[misc]
                done += 1
            elif (lease := _take(kit, alert, time, usable)) is not None:  # else another has it
                carry(kit, alert.id, lease, time=time, usable=usable, burst=burst)
                done += 1
        except Exception as error:  # noqa: BLE001  # the other alerts go on, and it takes nobody's place
            _failed(report, row.envelope.id, error)
        if burst.over(kit.clock.now()):
            _let_go(kit, burst, report)
    _let_go(kit, burst, report)
    for each in burst.carried:
        report.climbed += each.climbed
        report.handed_over += each.handed_over
        report.failed += each.failed
    for id_, _ in unreached(kit):
        report.add(f"alert:{id_}:nobody-reached")
    report.unseen = len(unseen(kit))


def _take(kit: Kit, alert: Alert, time: Time, usable: Channels) -> Lease | None:
    """Claim what is due; of the rest, what whoever died had claimed, or what is left to these channels."""
    return take(kit, alert.id, time, channels=None if time.is_due(alert) else usable.names)


def _let_through(kit: Kit, time: Time, usable: Channels, report: Report) -> list[tuple[Stored, Alert | None]]:
    """What is due, but for what waits until the gaps of a restored store are walked."""
    pairs, held = _pairs(kit, time, usable), backlog(kit, time.now).position
    fresh = [pair for pair in pairs if pair[0].envelope.position > held]
    report.waiting += len(pairs) - len(fresh)
    return fresh


def _let_go(kit: Kit, burst: Burst, report: Report) -> None:
    """Tell of what waits to be told together."""
    for id_, error in burst.let_go(kit):
        _failed(report, id_, error)


def _failed(report: Report, id_: str, error: Exception) -> None:
    report.add(f"alert:{id_}:{type(error).__name__}")
    report.broken = report.broken or isinstance(error, StorageError)


def _pairs(kit: Kit, time: Time, usable: Channels) -> list[tuple[Stored, Alert | None]]:
    """What is due, the most urgent first: alerts whose wait is over, those that somebody who died had
    claimed, and those that are left to whoever has another channel."""
    rows = _due(kit, time)
    known = {row.envelope.id for row in rows}
    for name, text in kit.storage.marks(CLAIM).items():
        id_ = name.removeprefix(CLAIM)
        lease = Lease.read(text)
        if id_ in known or not lease.over(time.now):
            continue
        found = list(every(kit.storage, Query(Alert.kind, (OPEN, Condition("id", "==", id_)))))
        if not found:  # it is gone, or a human closed it meanwhile
            kit.storage.mark(name, None, expect=text)
        elif lease.is_for(usable.names):  # else it waits until it is due
            rows += found
    pairs = [(row, decoded(kit, Alert, row)) for row in rows]
    pairs.sort(key=lambda pair: _order(pair[1]))
    return pairs


def _due(kit: Kit, time: Time) -> list[Stored]:
    """Alerts whose wait is over, and those that this peerkit cannot read."""
    conditions: list[tuple[Condition, ...]] = [(OPEN,)]
    if not time.behind:
        future = Condition("since", ">", stamp(time.future))
        conditions = [(OPEN, Condition("due", "<=", stamp(time.now))), (OPEN, future)]
    found: dict[str, Stored] = {}
    for some in conditions:
        found |= {row.envelope.id: row for row in every(kit.storage, Query(Alert.kind, some))}
    return list(found.values())


def _order(alert: Alert | None) -> tuple[int, str]:
    if alert is None:
        return (-len(Level), "")
    return (-list(Level).index(Level(alert.level)), stamp(alert.due) if alert.due is not None else "")


def _remind(kit: Kit, alert_id: str, time: Time) -> None:
    """Acted on and not closed: a task for who has it, if they are still there, else for a coordinator."""
    alert = get(kit, Alert, alert_id)
    if alert is None or alert.state != "acting" or alert.offered:
        return
    now = time.present(kit)
    person = alert.person or None
    with suppress(PeerkitError):  # a task that cannot be written holds up no alert
        id_, owner = derived(alert.id, f"remind:{alert.due}"), _reminded(kit, alert)
        if kit.storage.get(Task.kind, id_) is None:
            task = with_id(
                id_, lambda: Task.give(owner=owner, what="close-alert", due=now, about=alert, person=person)
            )
            kit.write([task], actor=SAFETY)
    kit.write([alert.remind(since=now, due=now + FOLLOW_UP)], actor=SAFETY)


def _reminded(kit: Kit, alert: Alert) -> str:
    """Who has it; where that cannot be said any more, somebody in office who may know of it."""
    has_it = get(kit, Person, alert.holder) is not None and not forsaken(kit, alert)
    return alert.holder if has_it else kit.whose("an alert", alert.person, but=barred_from(kit, alert))


# -- looking after the path ------------------------------------------------------------------------------


def _look_ahead(kit: Kit, time: Time) -> None:
    """Once a day: hours of the coming week that nobody covers and nobody declared make a task."""
    known = kit.net.fresh(kit)
    program = known.program
    if program is None or program.sandbox:
        return
    today = program.day(time.now).isoformat()
    held = kit.storage.marks(CHECKED).get(CHECKED)
    if held == today:
        return
    offices = [office for office, _ in known.offices]
    leaves = in_general(kit, time, frozenset()).leaves
    gaps = [
        hole
        for hole in holes(program, offices, time.now, LOOK_AHEAD, leaves=leaves)
        if not declared_now(program, hole.begins)
    ]
    if gaps:
        _task(kit, "path-hole", gaps[0].begins, today)
    kit.storage.mark(CHECKED, today, expect=held)  # last: what failed is looked at again by the next run


def _ask_time(kit: Kit, time: Time) -> None:
    """The clock is a day ahead, or was put back: a coordinator is asked to set it right or confirm it, once
    for each instant that it had come to."""
    if time.highest is not None:
        with suppress(PeerkitError):
            _task(kit, "confirm-time", time.now, stamp(time.highest))


def _task(kit: Kit, what: str, due: datetime, label: str) -> None:
    id_ = derived(kit.program.id, f"{what}:{label}")
    if kit.storage.get(Task.kind, id_) is None:
        owner = kit.whose("the escalation path")
        kit.write([with_id(id_, lambda: Task.give(owner=owner, what=what, due=due))], actor=SAFETY)
