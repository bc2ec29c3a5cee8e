# SPDX-License-Identifier: Apache-2.0
"""Who is asked about somebody: a human whom no wall keeps from them.

`routes` says whose a person is, and keeps somebody there whatever happens. A task is less than that: it tells
its owner that there is this person and what is due, so a wall holds here without exception. Where nobody is
left, nobody is asked; a task that lies finds whoever comes into office (`clock.lying`).
"""

from __future__ import annotations

from collections.abc import Collection

from peerkit.hooks import View
from peerkit.model.glass import BreakGlass
from peerkit.model.work import Task
from peerkit.rules import routes
from peerkit.rules.readable import get

ROLES = (*routes.KEEPERS, "supervisor", "privacy")
"""The offices that are asked, in this order."""


def keeper_for(view: View, person: str, *, but: Collection[str] = (), roles: tuple[str, ...] = ROLES) -> str:
    """Somebody in office who may be asked about a person: neither they themselves, nor whom a wall keeps
    from them, nor one of `but`; empty if there is nobody."""
    apart = routes.apart_from(view, person) if person else frozenset()
    shut = frozenset({person, *but, *apart})
    for role in roles:
        whom = routes.keeper(view, apart=shut, roles=(role,))
        if whom and whom not in shut:
            return whom
    return ""


def asked_about(view: View, person: str, *, but: Collection[str] = ()) -> str:
    """Whoever has a person now, as their route says; else, or where that is somebody who may not be asked,
    a keeper; empty if there is nobody."""
    route = routes.route_of(view, person)
    holder = route.holder_at(view.now) if route is not None and route.open else ""
    if holder and holder not in {person, *but, *routes.apart_from(view, person)}:
        return holder
    return keeper_for(view, person, but=but)


def instead(view: View, task: Task, *, but: Collection[str] = ()) -> str:
    """Who else may be asked to do a task: nobody tells of, or reviews, a glass that they broke."""
    glass = get(view, BreakGlass, task.about) if task.about else None
    return keeper_for(view, task.person, but={*but, *((glass.reader,) if glass is not None else ())})
