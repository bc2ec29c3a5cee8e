# SPDX-License-Identifier: Apache-2.0
"""What is due from somebody, in one place: see `Session.due`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from peerkit.kit.page import Page
from peerkit.model.ids import EPOCH
from peerkit.model.work import Task

if TYPE_CHECKING:
    from peerkit.kit.session import Session

LAST = datetime.max.replace(tzinfo=UTC)


def due(session: Session, owners: tuple[str, ...], limit: int) -> Page[Any]:
    """The soonest `limit` open tasks of these owners, and of what the actor was asked too.

    A page in the order of `due` begins with what has none, which here comes last: so the two are asked for
    apart.
    """
    places: dict[str, tuple[datetime, Any]] = {}
    for timed in (True, False):
        if len(places) >= limit:
            break
        for whose in ({"owner": owners}, {"asked_too": session.actor.person}):
            has = (_timed,) if timed else (_untimed,)
            page = session.find(Task, *has, **whose, state="open", order="due", limit=limit)
            at = EPOCH if timed else LAST
            for task in page:  # one that cannot be read stands behind the one before it
                at = getattr(task, "due", at) or LAST
                places.setdefault(task.id, (at, task))
    soonest = sorted(places.values(), key=lambda place: (place[0], place[1].id))
    return Page(tuple(task for _, task in soonest[:limit]))


def _timed(task: Any) -> Any:
    return task.due != None  # noqa: E711  # a condition, made by comparing


def _untimed(task: Any) -> Any:
    return task.due == None  # noqa: E711  # likewise
