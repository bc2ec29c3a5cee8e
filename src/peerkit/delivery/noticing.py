# SPDX-License-Identifier: Apache-2.0
"""Notices as letters: words that a person wants somebody outside to have, when they are due, and what
goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peerkit.delivery.letters import POST, Sort, task
from peerkit.errors import NotFound, Refused
from peerkit.gate import let_out
from peerkit.model.notice import Notice
from peerkit.model.people import Person
from peerkit.ports import Condition
from peerkit.safety.reading import get
from peerkit.texts import _, for_locale

if TYPE_CHECKING:
    from peerkit.kit import Kit


def _ready(kit: Kit, notice: Notice) -> bool:
    return notice.state == "queued" and (notice.due is None or kit.clock.now() >= notice.due)


def _text(kit: Kit, notice: Notice) -> str:
    """What the gate lets out now: the words, and the name where consent opens that too."""
    to = notice.recipient
    said = let_out(kit, notice, to=to, purpose="notice", actor=POST, letter=notice.id)
    if not said.get("words"):
        raise NotFound("the words of the notice do not leave")
    who: dict[str, Any] = {}
    person = get(kit, Person, notice.person)
    if person is not None:
        try:
            who = dict(let_out(kit, person, to=to, purpose="notice", actor=POST, letter=notice.id))
        except Refused:
            who = {}
    say = for_locale(*kit.program.languages)
    from_ = [say(_("From: {name}", name=who["name"])), ""] if who.get("name") else []
    return "\n".join([*from_, str(said["words"]), "", say(_("Sent at the person's own wish."))])


NOTICES = Sort(
    Notice,
    waiting=(Condition("state", "==", "queued"),),
    ready=_ready,
    subject=_("A message"),
    text=_text,
    unsent=lambda kit, notice: task(kit, notice, "hand-over-notice"),
    closed=lambda kit, notice: task(kit, notice, "consent-for-notice"),
)
