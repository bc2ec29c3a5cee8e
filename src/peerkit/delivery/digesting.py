# SPDX-License-Identifier: Apache-2.0
"""The daily digest: once a day each human who has something due hears how much, and nothing else.

It is no alarm: it keeps to the hours and channels that somebody wants, one channel, once; twice for what is
due from somebody in person and waits for no next morning. Coordinators and the privacy contact also get
the head of the feed's chain: kept outside, it lets `verify(head=…)` show later that nothing before it was
changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from peerkit.delivery.sending import Channels, Notice, notify
from peerkit.errors import Conflict
from peerkit.levels import Level
from peerkit.model.ids import reference, stamp
from peerkit.model.people import Person
from peerkit.model.program import Program, program_zone
from peerkit.model.route import Leave
from peerkit.model.when import day_minutes, midnight
from peerkit.model.work import PERSONAL, Task
from peerkit.paging import every
from peerkit.ports import Condition, Mark, Query
from peerkit.safety.lane import SAFETY
from peerkit.safety.reading import PLANNED, decoded, get, heads, human
from peerkit.texts import Message, _, joined, many

if TYPE_CHECKING:
    from peerkit.kit import Kit

DIGEST = "digest:"
AGAIN = "digest:in-person:"
OPEN = Condition("state", "==", "open")
PROOF = ("coordinator", "privacy")


def digest(kit: Kit, usable: Channels, limit: int, until: datetime) -> tuple[int, int]:
    """Send what is left of today's digest, to `limit` humans at most, and none begun after `until`; how many
    went, how many failed."""
    program, now = kit.program, kit.clock.now()
    sent = failed = 0
    marks = kit.storage.marks(DIGEST)
    proof = {a.person for a, _hours in kit.net.fresh(kit).offices if a.role in PROOF and a.in_effect(now)}
    today = program.day(now).isoformat()
    for name, owner, count in _rounds(kit, program, now):
        if sent + failed >= limit or kit.clock.now() > until:
            break
        answering = usable.answering()
        early = name.startswith(AGAIN) and marks.get(DIGEST + owner) != today  # the first goes now
        if early or marks.get(name) == today or not _may(kit, owner, answering, program, now):
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


def _rounds(kit: Kit, program: Program, now: datetime) -> Iterator[tuple[str, str, int]]:
    """The day's digest as far as its hour has come: the mark that says that it went, to whom, how much. Once
    more, at the hour by which a `today` alert is seen, whoever still has something due in person: that waits
    for no next morning."""
    local = now.astimezone(program_zone(program))
    if program.sandbox or not program.digest_at:
        return
    minute = 60 * local.hour + local.minute
    if day_minutes(program.digest_at, "settings.digest_at") <= minute:
        yield from ((DIGEST + owner, owner, n) for owner, n in sorted(_due(kit, program, now).items()))
    if day_minutes(program.today_by, "settings.today_by") <= minute:
        mine = _due(kit, program, now, personal=True)
        yield from ((AGAIN + owner, owner, n) for owner, n in sorted(mine.items()))


def words(due: int, head: str = "") -> Message:
    """What a digest says: how many things are due, and to those who keep proofs the chain's head."""
    told = many(
        "{n} thing is due from you. Please open your work app.",
        "{n} things are due from you. Please open your work app.",
        due,
    )
    return joined([told, _("Head of the record today: {head}", head=head)], "\n") if head else told


def _due(kit: Kit, program: Program, now: datetime, *, personal: bool = False) -> Counter[str]:
    """How many open tasks each human has that are due before this day ends: their own, those that lay too
    long with somebody else, and those of whoever they stand in for, unless they are due in person; or
    of these alone (`personal`)."""
    tonight = midnight(program.day(now) + timedelta(days=1), program_zone(program))
    found: Counter[str] = Counter()
    due = [OPEN, Condition("due", "<", stamp(tonight))]
    due += [Condition("what", "in", sorted(PERSONAL))] if personal else []
    for row in every(kit.storage, Query(Task.kind, tuple(due))):
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
    asked = human(person, usable.names, now, program)
    return asked.here and not asked.quiet and bool(asked.addresses)
