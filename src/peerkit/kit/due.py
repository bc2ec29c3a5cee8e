# SPDX-License-Identifier: Apache-2.0
"""What is due from somebody, in one place: see `Session.due`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from peerkit.kit.page import Page
from peerkit.model.ids import EPOCH
from peerkit.model.work import PERSONAL, Task

if TYPE_CHECKING:
    from peerkit.kit.session import Session

LAST = datetime.max.replace(tzinfo=UTC)


def due(session: Session, away: tuple[str, ...], limit: int) -> Page[Any]:
    """The soonest `limit` open tasks of the actor's, of what they were asked too, and of those who are `away`
    and whom they stand in for, but for what is due from these in person.

    A page in the order of `due` begins with what has none, which here comes last: so the two are asked for
    apart.
    """
    places: dict[str, tuple[datetime, Any]] = {}
    me = session.actor.person
    asked: list[tuple[dict[str, Any], tuple[Any, ...]]] = [({"owner": me}, ()), ({"asked_too": me}, ())]
    asked += [({"owner": away}, _NOT_PERSONAL)] if away else []
    for timed in (True, False):
        if len(places) >= limit:
            break
        for whose, but in asked:
            has = (_timed,) if timed else (_untimed,)
            page = session.find(Task, *has, *but, **whose, state="open", order="due", limit=limit)
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


_NOT_PERSONAL = tuple(lambda task, what=what: task.what != what for what in sorted(PERSONAL))
