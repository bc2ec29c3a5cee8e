# SPDX-License-Identifier: Apache-2.0
"""Notices on their way: words that a person wants somebody outside to have. Each attempt asks the gate anew.

They are no alarms: nothing here is urgent, and whatever stops them is right to. One that cannot go makes a
task for whoever the person is with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peerkit.delivery.referring import CLAIM, POST, ask, claim
from peerkit.delivery.sending import Channels, hand_over
from peerkit.errors import Conflict, NotFound, Refused
from peerkit.gate import let_out
from peerkit.model.notice import Notice
from peerkit.model.people import Person
from peerkit.model.sending import Delivery
from peerkit.model.sharing import Recipient
from peerkit.ports import Condition, Mark, Message, Query
from peerkit.safety.reading import get
from peerkit.texts import _, for_locale

if TYPE_CHECKING:
    from peerkit.kit import Kit

QUEUED = Condition("state", "==", "queued")
SUBJECT = _("A message")
"""A subject line is read by whoever passes: it names nobody and nothing."""


def carry(kit: Kit, usable: Channels, limit: int) -> tuple[int, int]:
    """Try to hand over what is queued and due, `limit` at most: (handed over, not handed over)."""
    gone = failed = 0
    after: str | None = None
    while True:
        page = kit.storage.find(Query(Notice.kind, (QUEUED,), after=after))
        for stored in page.rows:
            handed = _try(kit, stored.envelope.id, usable)
            gone, failed = gone + (handed is True), failed + (handed is False)
            if gone + failed >= limit:
                return gone, failed
        if (after := page.after) is None:
            return gone, failed


def _try(kit: Kit, id_: str, usable: Channels) -> bool | None:
    """Try one under a lease; None if it is not its turn, not due, or not to be read here."""
    lease = claim(kit, id_)
    if lease is None:
        return None
    done = Mark(CLAIM + id_, None, lease.text)
    notice = get(kit, Notice, id_)  # as it stands now: it may have been stopped meanwhile
    if notice is None or notice.state != "queued" or _later(kit, notice):
        kit.storage.mark(done.name, None, expect=lease.text)
        return None
    recipient = get(kit, Recipient, notice.recipient)
    channel, _colon, address = (recipient.address if recipient is not None else "").partition(":")
    if not address or channel not in usable.notifiers:
        ask(kit, notice, "hand-over-notice")
        return False
    try:
        text = _letter(kit, notice)
    except (Refused, NotFound):
        ask(kit, notice, "consent-for-notice")
        return False
    code = hand_over(
        usable.notifiers[channel], Message(address, for_locale(*kit.program.languages)(SUBJECT), text)
    )
    log = kit.new(
        lambda: Delivery.log(
            about=notice.id,
            to=notice.recipient,
            channel=channel,
            result="failed" if code else "handed-over",
            code=code,
        )
    )
    if code:
        kit.write([log], actor=POST)
        ask(kit, notice, "hand-over-notice")
        return False
    try:
        kit.write([log, notice.hand_over()], actor=POST, marks=[done])
    except Conflict:  # stopped while it went out: the log says that it went all the same
        kit.write([log], actor=POST)
    return True


def _later(kit: Kit, notice: Notice) -> bool:
    return notice.due is not None and kit.clock.now() < notice.due


def _letter(kit: Kit, notice: Notice) -> str:
    """What the gate lets out now: the words, and the name where consent opens that too."""
    to = notice.recipient
    said = let_out(kit, notice, to=to, purpose="notice", actor=POST)
    if not said.get("words"):
        raise NotFound("the words of the notice do not leave")
    who: dict[str, Any] = {}
    person = get(kit, Person, notice.person)
    if person is not None:
        try:
            who = dict(let_out(kit, person, to=to, purpose="notice", actor=POST))
        except Refused:
            who = {}
    say = for_locale(*kit.program.languages)
    from_ = [say(_("From: {name}", name=who["name"])), ""] if who.get("name") else []
    return "\n".join([*from_, str(said["words"]), "", say(_("Sent at the person's own wish."))])
