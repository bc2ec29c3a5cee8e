# SPDX-License-Identifier: Apache-2.0
"""Two records of one human in a small program: joining, parting, and what either shows."""

from __future__ import annotations

from typing import Any

import peerkit
from peerkit import Consent, GoalPlan, Notice, Recipient, Task
from peerkit.kinds import PLACES
from peerkit.kit import merging

World = Any
SAME = "The same birthday, and she says so"
CLASSES = ("identity", "contact", "own")


def clinic(world: World) -> Any:
    return world.every(Recipient)[0]


def join(world: World, kept: Any = None, away: Any = None, actor: Any = None) -> merging.Joined:
    found: merging.Joined = world.kit.merge(
        kept or world.maya, away or world.again, reason=SAME, actor=actor or world.coordinator
    )
    return found


def part(world: World, joined: merging.Joined) -> merging.Joined:
    found: merging.Joined = world.kit.split(joined.merge, reason="Two cousins", actor=world.coordinator)
    return found


def named(world: World, person: Any) -> dict[str, set[str]]:
    """What names somebody, of every kind: ids by kind."""
    found: dict[str, set[str]] = {}
    for kind in [*PLACES, *world.kit.plugin_kinds]:
        cls = world.kit.codec.class_of(kind)
        if not cls.subject_fields or kind in {"person", "merge", "redaction"}:
            continue
        allow = frozenset((name, person.id) for name in cls.subject_fields)
        page = world.kit.storage.find(peerkit.ports.Query(kind, limit=1000, allow=allow))
        if page.rows:
            found[kind] = {one.envelope.id for one in page.rows}
    return found


def documents(world: World) -> dict[str, Any]:
    """Every record of every kind as it is now, but for what says that something was joined."""
    found: dict[str, Any] = {}
    for kind in PLACES:
        if kind in {"merge", "task", "route", "person"}:
            continue
        page = world.kit.storage.find(peerkit.ports.Query(kind, limit=1000))
        for one in page.rows:
            document = world.kit.codec.document(world.kit.codec.decode(one))
            document.pop("said", None)  # where it was said stays known
            found[one.envelope.id] = document
    return found


def say(world: World, who: Any, act: str, **given: Any) -> Any:
    made = getattr(Consent, act)(
        person=who, recipient=clinic(world), classes=CLASSES, purpose="care", **given
    )
    return world.save(made, actor=who)


def out(world: World) -> int:
    pages = world.kit.disclose(GoalPlan, to=clinic(world), purpose="care", actor=world.maya)
    return sum(len(page) for page in pages)


def full(world: World) -> None:
    """Something of many kinds on both."""
    for who, supporter in ((world.maya, world.kai), (world.again, world.noor)):
        say(world, who, "give")
        world.save(
            Consent.give(person=who, recipient=clinic(world), classes=CLASSES, purpose="notice"), actor=who
        )
        world.save(Notice.queue(person=who, recipient=clinic(world), words="Late"), actor=who)
        world.save(Task.give(owner=supporter, what="call", person=who))
        with world.kit.session(actor=supporter) as s:
            s.find(GoalPlan)
            s.screening("asq", who).answer("q1", "yes")
    out(world)
