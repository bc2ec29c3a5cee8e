# SPDX-License-Identifier: Apache-2.0
"""Whom a concern names is where they were before only when a human has decided so: somebody is asked to, once
its alert is closed."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from peerkit.errors import StorageError
from peerkit.model.safety import Alert, Concern
from peerkit.model.work import Task
from peerkit.ports import Condition
from peerkit.safety.lane import derived, with_id
from peerkit.safety.reading import OPEN, author_of, barred_from, decoded, get, heads, resting, shut_out

if TYPE_CHECKING:
    from peerkit.kit import Kit

SETTLE = "settle-concern"
"""What the task is called that asks somebody to decide about those whom a concern names."""

WITHIN = timedelta(days=7)
"""By when. Own choice: whom it names cannot be there for anybody meanwhile."""


def to_settle(kit: Kit, alert: Alert) -> list[Task]:
    """The task to decide, for an alert that is closed now. None where its concern names nobody or is settled,
    somebody has the task already, or nobody may have it: then delivery looks again."""
    concern = get(kit, Concern, alert.concern)
    if concern is None or concern.state != "open" or not concern.names:
        return []
    id_ = derived(concern.id, SETTLE)
    while (stored := kit.storage.get(Task.kind, id_)) is not None:
        task = decoded(kit, Task, stored)
        if task is None or task.state == "open":
            return []
        id_ = derived(id_, "again")  # it was done or let go, and nobody has decided
    owner, person = settler(kit, alert), alert.person or None
    given = partial(Task.give, owner=owner, what=SETTLE, due=kit.clock.now() + WITHIN, about=alert)
    return [with_id(id_, partial(given, person=person))] if owner else []


def settled(kit: Kit, alert: Alert) -> list[Task]:
    """The task, over."""
    waiting = heads(kit, Task, OPEN, Condition("what", "==", SETTLE), Condition("about", "==", alert.id))
    return [task.drop() for task in waiting]


def settler(kit: Kit, alert: Alert) -> str:
    """Who is asked: a coordinator who may know of it, rather another than who raised it; where there is none
    whoever is on call, so that they see to it. Empty if nobody in office may know of it: whom an open concern
    names reads none, and settles none."""
    officers = {office.person for office, _hours in kit.net.fresh(kit).offices}
    barred = barred_from(kit, alert) | resting(kit, officers)
    shut = barred | shut_out(kit, alert.person)
    for but in (shut | {author_of(kit, alert)}, shut):
        if owner := kit.in_office("coordinator", but=but):
            return owner
    with suppress(StorageError):
        return kit.whose("a concern", alert.person, but=barred)
    return ""
