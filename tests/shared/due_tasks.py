# SPDX-License-Identifier: Apache-2.0
"""Tasks of the small safety program: given, due, and followed by cover."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peerkit import (
    Actor,
    Leave,
    Task,
)

DAY = timedelta(days=1)
BOT = Actor.system("test")


def give(world: Any, owner: str, what: str = "call-back", days: float = 0) -> Task:
    with world.kit.session(actor=world.cora) as s:
        due = world.clock.now() + days * DAY
        return s.save(Task.give(owner=world.people[owner], what=what, due=due))


def due(world: Any, who: str) -> list[str]:
    with world.kit.session(actor=world.people[who]) as s:
        return [task.what for task in s.due() if task.what != "cover"]  # that one says so, once


def away(world: Any, who: str, cover: str, days: float = 7) -> Leave:
    with world.kit.session(actor=world.people[who]) as s:
        now = world.clock.now()
        starts, ends = now + timedelta(hours=1), now + days * DAY
        return s.save(
            Leave.plan(person=world.people[who], cover=world.people[cover], starts=starts, ends=ends)
        )
