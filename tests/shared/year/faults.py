# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in a simulated year, by chance. Each spell is written down, so that whatever was late can
be explained by it or by nothing."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from peerkit.delivery import confirm_time
from peerkit.errors import StorageError
from peerkit.model.ids import EPOCH, stamp
from peerkit.ports import Condition, Query
from peerkit.safety.raising import OPEN
from peerkit.safety.waiting import Waiting
from year.world import Life, Process, Year, minutes

DAY = timedelta(days=1)
IDLE = 20
"""Minutes after which a worker runs though nothing of an alarm is due."""

JUMPS = (
    *(minutes(m) for m in (-50, -20, -7, -3, 3, 7, 20, 50)),
    *(DAY * d for d in (-3, -1, 1, 3)),
    *(timedelta(hours=h) for h in (-1, 1)),
    *(DAY * d for d in (-365, 365)),
)

NOBODY_DELIVERS, CHANNELS_FAIL, CLOCK, STORE, HANGS = (
    "nobody delivered",
    "channels failed",
    "a clock was wrong",
    "the store failed",
    "a channel hung",
)
RESTORED = "an older copy was put back"


def weather(year: Year, restores: float) -> None:
    """Begin everything that goes wrong, at so many times a year and storm; an older copy is put back
    `restores` times a year, where the kit knows what to do about that."""
    if restores:
        year.begin("backup", backs_up(year))
        year.begin("restore", year.again_and_again("restore", _restored, restores))
    for name, fault, often in (
        ("a worker was dead", _worker_dead, 30),
        ("the machine was off", _machine_off, 6),
        ("a channel was down", _channel_down, 24),
        ("all channels were down", _all_down, 4),
        ("a channel hung", _hangs, 6),
        ("a mailbox died", _mailbox, 40),
        ("the file was locked", _locked, 24),
        ("the disk was full", _disk_full, 8),
        ("a clock jumped", _clock, 16),
        ("a plugin raised", _plugin, 16),
        ("a process was started anew", _restart, 100),
    ):
        year.begin(name, year.again_and_again(name, fault, often * year.storms, counted=True))


# -- workers -----------------------------------------------------------------------------------------


def works(year: Year, worker: Process, offset: timedelta) -> Life:
    """A worker: a run each minute. Runs in which nothing of an alarm can have become due are left out, but
    for one now and then."""
    yield offset
    waited, seen, due = 0, None, EPOCH
    while True:
        if worker.up:
            waited += 1
            try:
                if seen != (stands := _stands(worker)):
                    seen, due = stands, _next(worker)
                if waited >= IDLE or worker.wrist.now() >= due:
                    seen = None
                    waited = 0 if year.deliver(worker) else waited
            except StorageError:  # it cannot even be opened: the next minute
                worker.stop()
                year.stumbled["a worker could not open the store"] += 1
        yield minutes(1)


def _stands(worker: Process) -> tuple[int, timedelta]:
    return worker.kit.storage.position(), worker.wrist.off


def _next(worker: Process) -> datetime:
    """When something of an alarm is due next, by this machine's clock; at once if a delivery is somebody's,
    or anything began in what is now the future."""
    kit, now = worker.kit, worker.wrist.now()
    future = Condition("since", ">", stamp(now))
    if kit.storage.marks("claim:") or kit.storage.find(Query("alert", (OPEN, future), limit=1)).rows:
        return EPOCH
    first = kit.storage.find(Query("alert", (OPEN,), order="due", limit=1)).rows
    waits = [Waiting.read(text, now).until for text in kit.storage.marks("screen:").values()]
    dues = [kit.codec.decode(row).due or EPOCH for row in first]
    return min([*dues, *waits], default=now + DAY)


def _stop(year: Year, workers: list[Process], lasts: timedelta) -> Life:
    for worker in workers:
        worker.up = False
        worker.stop()
    if not any(worker.up for worker in year.workers):
        year.ledger.wrong(NOBODY_DELIVERS, year.now)
    yield lasts
    for worker in workers:
        worker.up = True
    for spell in year.ledger.spells:
        if spell.name == NOBODY_DELIVERS and spell.ends is None:
            spell.ends = year.now


def _for_a_time(year: Year, short: float, most: float) -> timedelta:
    """Mostly so many minutes at most, else half a day to two days."""
    return year.dice.minutes(2, most) if year.dice.happens(short) else year.dice.minutes(600, 2880)


def _worker_dead(year: Year) -> Life:
    yield from _stop(year, [year.dice.pick(year.workers)], _for_a_time(year, 0.6, 120))


def _machine_off(year: Year) -> Life:
    yield from _stop(year, list(year.workers), _for_a_time(year, 0.7, 180))


def _restart(year: Year) -> Life:
    year.dice.pick((year.app, *year.workers)).stop()
    return
    yield


# -- channels ----------------------------------------------------------------------------------------


def _down(year: Year, channels: set[str], lasts: timedelta, *, hang: bool = False) -> Life:
    there = year.post.hanging if hang else year.post.down
    spell = year.ledger.wrong(HANGS if hang else CHANNELS_FAIL, year.now)
    there |= channels
    yield lasts
    there -= channels
    spell.ends = year.now


def _channel_down(year: Year) -> Life:
    yield from _down(year, {year.dice.pick(("mail", "text"))}, year.dice.minutes(10, 360))


def _all_down(year: Year) -> Life:
    yield from _down(year, {"mail", "text"}, year.dice.minutes(5, 240))


def _hangs(year: Year) -> Life:
    yield from _down(year, {year.dice.pick(("mail", "text"))}, year.dice.minutes(5, 60), hang=True)


def _mailbox(year: Year) -> Life:
    address = year.dice.pick(sorted(year.cast.reach))
    year.post.dead.add(address)
    yield year.dice.minutes(1440, 40000)
    year.post.dead.discard(address)


# -- the store ---------------------------------------------------------------------------------------


def _locked(year: Year) -> Life:
    spell = year.ledger.wrong(STORE, year.now)
    holder = sqlite3.connect(year.path, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        yield year.dice.minutes(0.5, 6)
    except sqlite3.OperationalError:
        year.stumbled["lock: the file was held already"] += 1
    finally:
        holder.close()
        spell.ends = year.now


def _disk_full(year: Year) -> Life:
    """No file of this process grows; nothing is written where it ended."""
    spell = year.ledger.wrong(STORE, year.now)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield year.dice.minutes(1, 40)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        spell.ends = year.now


# -- an older copy -----------------------------------------------------------------------------------


def backs_up(year: Year) -> Life:
    """Each night the file is copied. Where that fails, the last night's copy stays."""
    fresh = year.backup.with_suffix(".new")
    while True:
        yield timedelta(hours=(26 - year.local.hour) % 24 or 24)
        try:
            with closing(sqlite3.connect(year.path)) as held, closing(sqlite3.connect(fresh)) as copy:
                held.backup(copy)
        except sqlite3.Error:  # the disk is full
            year.stumbled["a night's copy could not be made"] += 1
            fresh.unlink(missing_ok=True)
        else:
            fresh.replace(year.backup)
            year.backed_up = year.now


def _restored(year: Year) -> Life:
    """The last copy is put back over the file, as after a broken disk; later a coordinator walks what it has
    forgotten. What was said since is owed all the same."""
    if year.backed_up is None:
        return
    fresh = year.backup.with_suffix(".back")
    try:
        shutil.copy(year.backup, fresh)
    except OSError:  # the disk is full
        year.stumbled["an older copy could not be put back"] += 1
        return
    known = defaultdict(set)
    for alert in year.app.kit._find_all("alert"):
        known[alert.screen].add(alert.id)
        year.ledger.notices[alert.id] += year.ledger.notices.pop(alert.reference, [])
    for process in (year.app, *year.workers):
        process.stop()
    for end in ("", "-wal", "-shm"):
        year.path.with_name(year.path.name + end).unlink(missing_ok=True)
    fresh.replace(year.path)
    spell = year.ledger.wrong(RESTORED, year.now)
    year.happened["an older copy was put back"] += 1
    for worry in year.ledger.worries.values():
        worry.alerts |= known.get(worry.key, set())
        worry.firsts.clear()  # whom it is about may have been put back, too
        worry.forgotten |= any(said.stored and said.stored >= year.backed_up for said in worry.said)
    yield year.dice.minutes(5, 300)
    who = year.cast.coordinators[0]
    for gap in year.attempt("gaps", lambda kit: kit.gaps()).value or ():
        year.happened["gaps walked"] += 1
        for outcome in ("closed" if gap.acts[-1:] == ("close",) else "again", "entered"):
            if year.attempt("walk", lambda kit, gap=gap, said=outcome: _walk(kit, who, {gap.id: said})):
                year.ledger.did(year.now, gap.id, f"walked as {outcome}", who)
                break
    year.attempt("walked", lambda kit: kit.walk_gaps(by=who, done=True))
    yield timedelta(hours=2)
    spell.ends = year.now


def _walk(kit: Any, who: str, decided: dict[str, str]) -> Any:
    return kit.walk_gaps(decided, by=who)


# -- clocks and plugins --------------------------------------------------------------------------------


def _clock(year: Year) -> Life:
    wrists = [one.wrist for one in (year.app, *year.workers)]
    some = wrists if year.dice.happens(0.3) else [year.dice.pick(wrists)]
    spell = year.ledger.wrong(CLOCK, year.now)
    by = year.dice.pick(JUMPS)
    for wrist in some:
        wrist.off += by
    year.happened[f"a clock jumped by {_said(by)}"] += 1
    yield year.dice.minutes(5, 600)
    if by >= DAY and year.dice.happens(0.2):  # and somebody believes it
        who = year.cast.coordinators[0]
        year.attempt("confirm the time", lambda kit: confirm_time(kit, kit._actor(who)))
        yield minutes(20)
    for wrist in some:
        wrist.off -= by
    spell.ends = year.now


def _said(by: timedelta) -> str:
    sort = "minutes" if abs(by) < timedelta(hours=2) else "days" if abs(by) < 9 * DAY else "a year"
    return f"{sort}, {'ahead' if by > timedelta(0) else 'back'}"


def _plugin(year: Year) -> Life:
    parts = year.app.plugin
    hooks = {year.dice.pick(("check", "respond", "observe"))}
    parts.raising |= hooks
    parts.objecting = year.dice.happens(0.3)
    yield year.dice.minutes(60, 4000)
    parts.raising -= hooks
    parts.objecting = False


def put_right(year: Year) -> None:
    """Nothing is wrong any more."""
    for process in (year.app, *year.workers):
        process.up, process.wrist.off = True, timedelta(0)
    year.post.down.clear()
    year.post.hanging.clear()
    year.app.plugin.raising.clear()
    for spell in year.ledger.spells:
        spell.ends = spell.ends or year.now
