# SPDX-License-Identifier: Apache-2.0
"""The daily digest: once a day each human who has something due hears how much, and nothing else.

It is no alarm: it keeps to the hours and channels that somebody wants, one channel, once. Coordinators and
the privacy contact also get the head of the feed's chain: kept outside, it lets `verify(head=…)` show later
that nothing before it was changed.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from peerkit.delivery.sending import Channels, Notice, notify
from peerkit.errors import Conflict
from peerkit.levels import Level
from peerkit.model.ids import reference, stamp
from peerkit.model.people import Person
from peerkit.model.program import Program
from peerkit.model.route import Leave
from peerkit.model.when import day_minutes
from peerkit.model.work import PERSONAL, Task
from peerkit.paging import every
from peerkit.ports import Condition, Mark, Query
from peerkit.safety.hours import zone_or_utc
from peerkit.safety.lane import SAFETY
from peerkit.safety.reading import PLANNED, decoded, get, heads, human
from peerkit.texts import Message, _, joined, many

if TYPE_CHECKING:
    from peerkit.kit import Kit

DIGEST = "digest:"
OPEN = Condition("state", "==", "open")
PROOF = ("coordinator", "privacy")


def digest(kit: Kit, usable: Channels, limit: int, until: datetime) -> tuple[int, int]:
    """Send what is left of today's digest, to `limit` humans at most, and none begun after `until`; how many
    went, how many failed."""
    program, now = kit.program, kit.clock.now()
    today = _day(program, now)
    if today is None:
        return 0, 0
    sent = failed = 0
    marks = kit.storage.marks(DIGEST)
    proof = {a.person for a, _hours in kit.net.fresh(kit).offices if a.role in PROOF and a.in_effect(now)}
    for owner, count in sorted(_due(kit, program, now).items()):
        name = DIGEST + owner
        if sent + failed >= limit or kit.clock.now() > until:
            break
        answering = usable.answering()
        if marks.get(name) == today or not _may(kit, owner, answering, program, now):
            continue
        try:
            head = kit.write((), marks=[Mark(name, today, marks.get(name))]).head
        except Conflict:
            continue  # another process that delivers was quicker
        text = words(count, head if owner in proof else "")
        notice = Notice(kit.program.id, kit.new(reference), text=text, level=Level.TALK)
        deliveries = notify(kit, (owner,), notice, answering)
        kit.write(deliveries, actor=SAFETY)
        went = any(one.result == "handed-over" for one in deliveries)
        sent, failed = sent + went, failed + (not went)
    return sent, failed


def words(due: int, head: str = "") -> Message:
    """What a digest says: how many things are due, and to those who keep proofs the chain's head."""
    told = many(
        "{n} thing is due from you. Please open your work app.",
        "{n} things are due from you. Please open your work app.",
        due,
    )
    return joined([told, _("Head of the record today: {head}", head=head)], "\n") if head else told


def _day(program: Program, now: datetime) -> str | None:
    """The day whose digest is to go out, in the program's zone; None before its hour, and where it is off."""
    local = now.astimezone(zone_or_utc(program.timezone))
    if program.sandbox or not program.digest_at:
        return None
    begins = day_minutes(program.digest_at, "settings.digest_at")
    return local.date().isoformat() if 60 * local.hour + local.minute >= begins else None


def _due(kit: Kit, program: Program, now: datetime) -> Counter[str]:
    """How many open tasks each human has that are due before this day ends: their own, those that lay too
    long with somebody else, and those of whoever they stand in for, unless they are due in person."""
    local = now.astimezone(zone_or_utc(program.timezone))
    tonight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    found: Counter[str] = Counter()
    due = (OPEN, Condition("due", "<", stamp(tonight)))
    for row in every(kit.storage, Query(Task.kind, due)):
        if (task := decoded(kit, Task, row)) is not None:
            covers = _covers(kit, task.owner, now) if task.what not in PERSONAL else []
            found.update({task.owner, task.asked_too, *covers} - {""})
    return found


def _covers(kit: Kit, owner: str, now: datetime) -> list[str]:
    away = heads(kit, Leave, PLANNED, about=("person", owner))
    return [leave.cover for leave in away if leave.person == owner and leave.starts <= now < leave.ends]


def _may(kit: Kit, owner: str, usable: Channels, program: Program, now: datetime) -> bool:
    """Whether somebody is here, can be reached, and wants to be at this hour."""
    person = get(kit, Person, owner)
    if person is None:
        return False
    asked = human(person, usable.names, frozenset(), now, program)
    return asked.here and not asked.quiet and bool(asked.addresses)
