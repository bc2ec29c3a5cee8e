# SPDX-License-Identifier: Apache-2.0
"""Letters: what goes out to somebody outside at a person's wish, a referral or a notice. Each attempt asks
the gate anew, under a lease, and says what became of it.

They are no alarms: nothing here is urgent, and whatever stops one is right to. One that cannot go does not
wait in silence: a task tells whoever the person is with.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.delivery.sending import Channels
from peerkit.errors import Conflict, NotFound, Refused
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.route import Route
from peerkit.model.sending import Delivery
from peerkit.model.sharing import Recipient
from peerkit.model.work import Task
from peerkit.ports import Condition, Mark, Message, Query
from peerkit.safety.lane import Lease, derived, with_id
from peerkit.safety.reading import decoded, get, shut_out
from peerkit.texts import for_locale

if TYPE_CHECKING:
    from peerkit.kit import Kit

POST = Actor.system("post")
CLAIM = "post:"
PAUSE = timedelta(minutes=10)
"""How long after a failed attempt the next one waits. Own choice."""


ANEW = timedelta(days=1)
"""How long after a task about a letter was done another one comes, if the letter still does not go. Own
choice."""


@attrs.frozen
class Sort:
    """A sort of letter: which records are letters that wait, which of them may go now, and what they say.

    A subject line is read by whoever passes: it names nobody and nothing. `text` lets everything out
    through the gate, and raises what the gate raises. `unsent` gives the task for one that no channel
    takes, `closed` for one that consent no longer opens."""

    kind: type[Record]
    waiting: tuple[Condition, ...]
    ready: Callable[[Kit, Any], bool]
    subject: str
    text: Callable[[Kit, Any], str]
    unsent: Callable[[Kit, Any], None]
    closed: Callable[[Kit, Any], None]


def carry(kit: Kit, sort: Sort, usable: Channels, limit: int, until: datetime) -> tuple[int, int]:
    """Try to hand over what waits, `limit` at most and none begun after `until`: (handed over, not handed
    over)."""
    gone = failed = 0
    after: str | None = None
    while True:  # those that wait for somebody stand in nobody's way
        page = kit.storage.find(Query(sort.kind.kind, sort.waiting, after=after))
        for stored in page.rows:
            if kit.clock.now() > until:
                return gone, failed
            handed = _try(kit, sort, stored.envelope.id, usable)
            gone, failed = gone + (handed is True), failed + (handed is False)
            if gone + failed >= limit:
                return gone, failed
        if (after := page.after) is None:
            return gone, failed


def _try(kit: Kit, sort: Sort, id_: str, usable: Channels) -> bool | None:
    """Try one under a lease; None if it is not its turn, may not go now, or is not to be read here."""
    lease = _claim(kit, id_)
    if lease is None:
        return None
    done = Mark(CLAIM + id_, None, lease.text)
    letter: Any = get(kit, sort.kind, id_)  # as it stands now: it may have gone, or been stopped, meanwhile
    recipient = None if letter is None else get(kit, Recipient, letter.recipient)
    channel, _, address = (recipient.address if recipient is not None else "").partition(":")
    if letter is None or not sort.ready(kit, letter) or channel in usable.hung:
        kit.storage.mark(done.name, None, expect=lease.text)
        return None
    if not address or channel not in usable.notifiers:
        sort.unsent(kit, letter)
        return False
    try:
        text = sort.text(kit, letter)
    except (Refused, NotFound):
        sort.closed(kit, letter)
        return False
    subject = for_locale(*kit.program.languages)(sort.subject)
    code = usable.hand_over(channel, Message(address, subject, text))
    log = kit.new(
        lambda: Delivery.log(
            about=letter.id,
            to=letter.recipient,
            channel=channel,
            result="failed" if code else "handed-over",
            code=code,
        )
    )
    if code:
        kit.write([log], actor=POST)
        sort.unsent(kit, letter)
        return False
    try:
        kit.write([log, letter.hand_over()], actor=POST, marks=[done])
    except Conflict:  # stopped or answered while it went out: the log says that it went
        kit.write([log], actor=POST)
    return True


def _claim(kit: Kit, id_: str) -> Lease | None:
    """A lease on carrying one letter; None if it is not its turn."""
    now, name = kit.clock.now(), CLAIM + id_
    held = kit.storage.marks(name).get(name)
    lease = Lease.take(now, PAUSE)
    if held is not None and not Lease.read(held).over(now):
        return None
    return lease if kit.storage.mark(name, lease.text, expect=held) else None


def task(kit: Kit, letter: Any, what: str) -> None:
    """One task at a time a letter and reason, for the human whom the person is with. Where one was done and
    the letter does not go all the same, another is given a day later."""
    id_, now = derived(letter.id, what), kit.clock.now()
    while (stored := kit.storage.get(Task.kind, id_)) is not None:
        held = decoded(kit, Task, stored)
        since = stored.envelope.at
        if since > now and held is not None and held.due is not None:
            since = held.due  # the feed stands still after a machine that was ahead: when it was given
        if (held is not None and held.state == "open") or abs(now - since) < ANEW:
            return
        id_ = derived(id_, "again")
    routes = [r for r in kit._find_all(Route.kind, person=letter.person) if r.open]
    owner = routes[0].holder_at(now) if routes else ""
    if not owner or owner in shut_out(kit, letter.person):
        owner = kit.whose("a letter", letter.person)
    given = with_id(
        id_, lambda: Task.give(owner=owner, what=what, due=now, about=letter, person=letter.person)
    )
    kit.write([given], actor=POST)
