# SPDX-License-Identifier: Apache-2.0
"""Referrals on their way: each attempt asks the gate anew, and says what became of it.

A referral that cannot be handed over does not wait in silence: a task tells whoever the person is with.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from peerkit.delivery.sending import Channels, hand_over
from peerkit.errors import Conflict, NotFound, Refused
from peerkit.gate import let_out
from peerkit.model.actor import Actor
from peerkit.model.notice import Notice
from peerkit.model.people import Person
from peerkit.model.referral import Referral
from peerkit.model.route import Route
from peerkit.model.sending import Delivery
from peerkit.model.sharing import Recipient
from peerkit.model.work import Task
from peerkit.ports import Condition, Mark, Message, Query
from peerkit.safety.lane import Lease, derived, with_id
from peerkit.safety.reading import get
from peerkit.texts import Texts, _, for_locale

if TYPE_CHECKING:
    from peerkit.kit import Kit

POST = Actor.system("post")
CLAIM = "post:"
PAUSE = timedelta(minutes=10)
"""How long after a failed attempt the next one waits. Own choice."""

WAITING = (Condition("state", "==", "sent"), Condition("handed_over", "!=", value=True))
SUBJECT = _("A referral")
"""A subject line is read by whoever passes: it names nobody and nothing."""


def post(kit: Kit, usable: Channels, limit: int) -> tuple[int, int]:
    """Try to hand over what was sent and did not go yet, `limit` at most: (handed over, not handed over)."""
    gone = failed = 0
    after: str | None = None
    while True:  # those that wait for somebody stand in nobody's way
        page = kit.storage.find(Query(Referral.kind, WAITING, after=after))
        for stored in page.rows:
            handed = _try(kit, stored.envelope.id, usable)
            gone, failed = gone + (handed is True), failed + (handed is False)
            if gone + failed >= limit:
                return gone, failed
        if (after := page.after) is None:
            return gone, failed


def _try(kit: Kit, id_: str, usable: Channels) -> bool | None:
    """Try one under a lease; None if it is not its turn, or not to be read here."""
    lease = claim(kit, id_)
    if lease is None:
        return None
    referral = get(kit, Referral, id_)  # as it stands now: it may have gone, or been recalled, meanwhile
    if referral is None or referral.state != "sent" or referral.handed_over:
        kit.storage.mark(CLAIM + id_, None, expect=lease.text)
        return None
    return _carry(kit, referral, usable, Mark(CLAIM + id_, None, lease.text))


def claim(kit: Kit, id_: str) -> Lease | None:
    """A lease on carrying one letter; None if it is not its turn."""
    now, name = kit.clock.now(), CLAIM + id_
    held = kit.storage.marks(name).get(name)
    lease = Lease.take(now, PAUSE)
    if held is not None and not Lease.read(held).over(now):
        return None
    return lease if kit.storage.mark(name, lease.text, expect=held) else None


def _carry(kit: Kit, referral: Referral, usable: Channels, done: Mark) -> bool:
    recipient = get(kit, Recipient, referral.recipient)
    channel, _colon, address = (recipient.address if recipient is not None else "").partition(":")
    if not address or channel not in usable.notifiers:
        ask(kit, referral, "hand-over-referral")
        return False
    say = for_locale(*kit.program.languages)
    try:
        text = letter(*_leaving(kit, referral), say)
    except (Refused, NotFound):
        ask(kit, referral, "consent-for-referral")
        return False
    code = hand_over(usable.notifiers[channel], Message(address, say(SUBJECT), text))
    log = kit.new(
        lambda: Delivery.log(
            about=referral.id,
            to=referral.recipient,
            channel=channel,
            result="failed" if code else "handed-over",
            code=code,
        )
    )
    if code:
        kit.write([log], actor=POST)
        ask(kit, referral, "hand-over-referral")
        return False
    try:
        kit.write([log, referral.hand_over()], actor=POST, marks=[done])
    except Conflict:  # answered or recalled while it went out: it is handed over all the same
        kit.write([log], actor=POST)
    return True


def _leaving(kit: Kit, referral: Referral) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the gate lets out now: the referral, and of the person who they are and how to reach them."""
    person = get(kit, Person, referral.person)
    if person is None:
        raise NotFound("there is no person of that id")
    to = referral.recipient
    whole = let_out(kit, referral, to=to, purpose="referral", actor=POST, referral=referral.id)
    who = let_out(kit, person, to=to, purpose="referral", actor=POST, referral=referral.id)
    return whole, who


def letter(referral: Mapping[str, Any], person: Mapping[str, Any], say: Texts) -> str:
    """The letter, of what the gate let out and nothing else, in the program's language."""
    reach = [one.replace(":", ": ", 1) for one in person.get("reach", ())]
    spoken, not_by = ", ".join(person.get("languages", ())), ", ".join(person.get("not_by", ()))
    lines = [
        _("A referral, sent at the person's own wish."),
        "",
        _("Who: {name}", name=person.get("name") or _("not shared")),
        *([_("Pronouns: {pronouns}", pronouns=person["pronouns"])] if person.get("pronouns") else []),
        *([_("Languages: {languages}", languages=spoken)] if spoken else []),
        _("Looking for: {need}", need=referral.get("need") or _("not shared")),
        *(["", _("In their own words:"), str(referral["words"])] if referral.get("words") else []),
        "",
        _("How to reach them: {reach}", reach="; ".join(reach) or _("through the person who refers")),
        *([_("Please not by: {channels}", channels=not_by)] if not_by else []),
        *([_("When: {hours}", hours=person["hours"])] if person.get("hours") else []),
        "",
        _("Please answer whether you can help. The person may take this back at any time."),
    ]
    return "\n".join(say(one) for one in lines)


def ask(kit: Kit, letter: Referral | Notice, what: str) -> None:
    """One task a letter and reason, for the human whom the person is with."""
    id_ = derived(letter.id, what)
    if kit.storage.get(Task.kind, id_) is not None:
        return
    routes = [r for r in kit._find_all(Route.kind, person=letter.person) if r.open]
    owner = routes[0].holder_at(kit.clock.now()) if routes else kit.whose("a letter")
    task = with_id(
        id_,
        lambda: Task.give(owner=owner, what=what, due=kit.clock.now(), about=letter, person=letter.person),
    )
    kit.write([task], actor=POST)
