# SPDX-License-Identifier: Apache-2.0
"""A person's own safety plan, said in front of somebody who may read it: as text, and first in next steps.

Next steps wait for nothing here. What was stored is stored and sent when a plan is looked for, for a second
at most; one that cannot be found, read or logged in that time leaves the steps as they are without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from peerkit.model.actor import Actor
from peerkit.model.safety_plan import SECTIONS, Entry, SafetyPlan
from peerkit.texts import Message, _, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit

SECONDS = 1.0
"""How long the steps wait for a plan at most."""

TITLES: Mapping[str, Message] = {
    "signs": _("What tells me that it is getting hard"),
    "alone": _("What I can do by myself"),
    "company": _("People and places that take my mind off it"),
    "help": _("People I can ask for help"),
    "services": _("Professionals and services"),
    "safer": _("Making the place where I am safer"),
    "worth": _("What is worth living for"),
}
"""The parts of a plan, as their heading."""

MINE = _("What you wrote for a moment like this, in your own order:")
THEIRS = _("What they wrote for a moment like this. Go through it together, in this order:")


def parts(plan: SafetyPlan) -> Iterator[tuple[Message, tuple[Entry, ...]]]:
    """The parts that hold something, with their heading, in their order."""
    for section in SECTIONS:
        if held := plan.of(section):
            yield TITLES[section], held


def line(entry: Entry) -> Message:
    """An entry in one line: the words as they are, and how to reach whom they name."""
    return verbatim(f"{entry.words} ({entry.reach})" if entry.reach else entry.words)


def first(kit: Kit, actor: Actor | None, person: str) -> tuple[Message, ...]:
    """The person's plan as the beginning of next steps in front of this actor, if the person wishes that and
    the actor may read it; else nothing. The reading is logged. Never raises."""
    from peerkit.delivery.sending import within

    if actor is None or actor.is_system or not person:
        return ()
    reader, found = actor, list[tuple[Message, ...]]()

    def work() -> None:
        with suppress(Exception):
            found.append(_said(kit, reader, person))

    with suppress(Exception):
        if kit.feed.last((SafetyPlan.kind,)) < 1:  # nobody has one: no thread begins for nothing
            return ()
        if within(work, SECONDS) and found:
            return found[0]
    return ()


def _said(kit: Kit, actor: Actor, person: str) -> tuple[Message, ...]:
    with kit.session(actor) as s:
        page = s.find(SafetyPlan, person=person, state="kept", opens_first=True)
    held = sorted((plan for plan in page.readable if plan.person == person), key=_position)
    lines: list[Message] = []
    for title, entries in parts(held[-1]) if held else ():  # two, where records of one human were joined
        numbered = enumerate(entries, 1)
        lines += [title, *(verbatim(f"{n}. {line(one)}") for n, one in numbered)]
    return (MINE if actor.person == person else THEIRS, *lines) if lines else ()


def _position(plan: SafetyPlan) -> int:
    envelope = plan.trail.envelope if plan.trail is not None else None
    return 0 if envelope is None else int(envelope.position)
