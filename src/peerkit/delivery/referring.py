# SPDX-License-Identifier: Apache-2.0
"""Referrals as letters: which of them go, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from peerkit.delivery.letters import POST, Sort, task
from peerkit.errors import NotFound
from peerkit.gate import let_out
from peerkit.model.people import Person
from peerkit.model.referral import Referral
from peerkit.ports import Condition
from peerkit.safety.reading import get
from peerkit.texts import Texts, _, for_locale

if TYPE_CHECKING:
    from peerkit.kit import Kit


def _text(kit: Kit, referral: Referral) -> str:
    return letter(*_leaving(kit, referral), for_locale(*kit.program.languages))


def _leaving(kit: Kit, referral: Referral) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the gate lets out now: the referral, and of the person who they are and how to reach them."""
    person = get(kit, Person, referral.person)
    if person is None:
        raise NotFound("there is no person of that id")
    to = referral.recipient
    how: dict[str, Any] = {"to": to, "purpose": "referral", "actor": POST}
    whole = let_out(kit, referral, **how, letter=referral.id, referral=referral.id)
    who = let_out(kit, person, **how, letter=referral.id, referral=referral.id)
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


REFERRALS = Sort(
    Referral,
    waiting=(Condition("state", "==", "sent"), Condition("handed_over", "!=", value=True)),
    ready=lambda _kit, referral: referral.state == "sent" and not referral.handed_over,
    subject=_("A referral"),
    text=_text,
    unsent=lambda kit, referral: task(kit, referral, "hand-over-referral"),
    closed=lambda kit, referral: task(kit, referral, "consent-for-referral"),
)
