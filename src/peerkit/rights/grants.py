# SPDX-License-Identifier: Apache-2.0
"""Which roles an actor has over whom, now. Roles derive from records and end when those end.

Nothing here is stored: relationships, appointments, leave and concerns are read when a session
needs its rights, and what was read guards the session's commit.

A record that cannot be read (damaged, or written by a newer peerkit) gives nobody a role, and takes none
from the others; `health` names it. A concern and a wall take effect all the same: whom it names stands
outside, and the two stay apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from peerkit.model.actor import Actor
from peerkit.ports import Condition, Reads

GRANT_KINDS = (
    "relationship",
    "appointment",
    "leave",
    "peer_supporter",
    "concern",
    "break_glass",
    "program",
    "wall",
    "merge",
    "redaction",
    "alert",
    "task",
)
"""The kinds that roles derive from, and those that say that nobody acts as somebody any more: a change in one
of them makes grants stale."""

WAITS = Condition("state", "in", ["open", "acknowledged", "acting"])
"""An alert that waits for somebody."""

SCREEN_TASKS = (
    (Condition("what", "in", ["look-at-screen", "look-at-moved-screen"]),),
    (Condition("what", ">=", "screen-"), Condition("what", "<", "screen.")),
)
"""What a task is called that asks somebody to look at a screen: conditions, each row by itself."""

CAME_OF = {"alert": "concern", "safety_response": "alert", "delivery": "about", "task": "about"}
"""The kinds that tell that a concern was raised, and the field of each that leads there."""

EVERYWHERE = None
"""The reach of a role over the whole program."""

Find = Callable[..., Iterable[Any]]


@attrs.frozen
class Grants:
    """An actor's roles: role → the persons it reaches (None: everybody), until `expires`.

    `reads` is what they were derived from: a commit that stands on them is guarded against changes there.
    """

    actor: Actor
    roles: Mapping[str, frozenset[str] | None]
    expires: datetime | None = None
    named: bool = False
    """Whether an open concern names them: then concerns are not theirs to read, whatever their office."""
    walled: frozenset[str] = frozenset()
    """Persons behind a wall: nothing about them is theirs to read or write, whatever their office."""
    glass: Mapping[str, str] = attrs.field(factory=dict)
    """Whose record they have opened without that person's word, and the id of the `BreakGlass`."""
    reads: Reads = attrs.field(default=frozenset(), eq=False, repr=False)
    lapsed: Mapping[str, tuple[tuple[str, str], ...]] = attrs.field(factory=dict, repr=False)
    """Relationships of theirs (id → whom it is about) that are over for longer than the program lets a
    supporter read them, and those that cannot be read: having been the supporter opens them no more."""
    complaints: frozenset[str] = frozenset()
    """The concerns, open or settled, that name them or may be about them: what came of those is not theirs to
    read either, whatever their office."""

    def reach(self, role: str) -> frozenset[str] | None:
        """Whom the role reaches: None for everybody, an empty set for nobody."""
        return self.roles.get(role, frozenset())


@attrs.frozen
class After:
    """How long a supporter reads what is over: the program's time, and since when a relationship is so."""

    keep: timedelta
    since: Callable[[Any], datetime]


def derive(actor: Actor, now: datetime, find: Find, after: After) -> Grants:
    """The grants of an actor. `find(kind, *conditions, about=(relation, person), **equal)` gives the
    newest versions of records with this subject; those that cannot be read are of another kind (`Opaque`)."""
    if actor.is_system:
        return Grants(actor, {"system": EVERYWHERE, "anyone": EVERYWHERE})
    me = actor.person
    edges: list[datetime] = []
    reads: set[tuple[str, str]] = set()

    def noted(kind: str, *, about: tuple[str, str], **equal: str) -> Iterable[Any]:
        reads.add((kind, about[1]))
        return [one for one in find(kind, about=about, **equal) if one.kind == kind]

    roles: dict[str, frozenset[str] | None] = {"anyone": EVERYWHERE}
    for held in noted("appointment", about=("person", me), state="held"):
        if _in_effect(held.starts, held.ends, now, edges):
            roles[held.role] = EVERYWHERE
    reads.add(("concern", me))
    lapsed = {
        one.id: (("supporter", me), *((r, p) for r, p in one.subjects if r != "supporter"))
        for one in find("relationship", about=("supporter", me))
        if _lapsed(one, now, after, edges)
    }
    reads.add(("relationship", me))
    in_office = len(roles) > 1
    named = any(True for _ in find("concern", about=("names", me), state="open"))
    if not named:
        through = _through_relationships(me, now, noted, edges, in_office=in_office)
        roles = {**through, **roles}  # an office reaches further
    glass = {} if named or actor.role == "person" else _broken(me, now, noted, edges)
    if glass:
        roles["break-glass"] = frozenset(glass)
    if not named and actor.role != "person":
        looks = {"called": _called(me, find), "alerted": _alerted(me, roles.get("stand-in") or (), find)}
        roles |= {role: reach for role, reach in looks.items() if reach}
    reads.add(("wall", me))
    walls = [one for end in ("person", "human") for one in find("wall", about=(end, me), state="standing")]
    walled = frozenset(human for wall in walls for _, human in wall.subjects) - {me}
    if walled:
        glass = {person: one for person, one in glass.items() if person not in walled}
        roles = {role: reach and reach - walled for role, reach in roles.items()}
    if actor.role:
        kept = {"anyone", actor.role, "break-glass", "called", "alerted"}
        roles = {role: reach for role, reach in roles.items() if role in kept}
    return Grants(actor, roles, min(edges, default=None), named, walled, glass, frozenset(reads), lapsed)


def _lapsed(one: Any, now: datetime, after: After, edges: list[datetime]) -> bool:
    if one.kind != "relationship":
        return True
    if not one.over:
        return False
    if one.at is None or one.at + after.keep <= now:  # its latest version; it was over by then
        return True
    ends = after.since(one) + after.keep
    edges += [ends] if ends > now else []
    return ends <= now


def _broken(me: str, now: datetime, find: Find, edges: list[datetime]) -> dict[str, str]:
    """Whose records somebody has opened, and by which `BreakGlass`; it ends by itself."""
    return {
        one.about: one.id
        for one in find("break_glass", about=("reader", me), state="open")
        if _in_effect(None, one.until, now, edges)
    }


def _called(me: str, find: Find) -> frozenset[str]:
    """About whom somebody has taken an alert that is open still. It opens what those people wish it to, and
    lets nothing be written: so no commit is guarded by it."""
    taken = [
        alert
        for state in ("acknowledged", "acting")
        for alert in find("alert", about=("holder", me), state=state)
    ]
    return frozenset(one.person for one in taken if one.kind == "alert") - {""}


def _alerted(me: str, others: Iterable[str], find: Find) -> frozenset[str]:
    """The screens that somebody must be able to look at: those whose open alert they were told of or have,
    and those that a task of theirs is about, or of whoever they stand in for. It opens no more than those,
    also where nobody knows whom they are about; and as with `_called` nothing is written by it."""
    screens = {
        alert.screen
        for relation in ("told", "holder")
        for alert in find("alert", WAITS, about=(relation, me))
        if alert.kind == "alert"
    }
    whose = [("owner", me), ("asked_too", me), *(("owner", one) for one in others)]
    tasks = (
        task
        for about in whose
        for where in SCREEN_TASKS
        for task in find("task", *where, about=about, state="open")
    )
    return frozenset(screens | {task.about for task in tasks if task.kind == "task"}) - {""}


def _through_relationships(
    me: str, now: datetime, find: Find, edges: list[datetime], *, in_office: bool
) -> dict[str, frozenset[str]]:
    roles: dict[str, frozenset[str]] = {}
    if supported := _people(me, find):
        roles["supporter"] = supported
    away = {
        leave.person
        for leave in find("leave", about=("cover", me), state="planned")
        if _in_effect(leave.starts, leave.ends, now, edges)
    }
    if away and not in_office and not any(find("peer_supporter", about=("person", me), state="active")):
        away = set()  # whom a leave names, and who supports nobody any more
    if away:
        roles["stand-in"] = frozenset(away)
    if covered := frozenset[str]().union(*(_people(one, find) for one in away)):
        roles["cover"] = covered
    supervised = {role.person for role in find("peer_supporter", about=("supervisor", me), state="active")}
    if supervised:
        roles["supervisor"] = frozenset(supervised).union(*(_people(one, find) for one in supervised))
    return roles


def _people(supporter: str, find: Find) -> frozenset[str]:
    """The persons whom a supporter walks beside at present. A match that is only proposed opens
    nothing but itself: the person has not said yes."""
    return frozenset(
        r.person
        for r in find("relationship", about=("supporter", supporter))
        if r.state in {"agreed", "paused"}
    )


def _in_effect(starts: datetime | None, ends: datetime | None, now: datetime, edges: list[datetime]) -> bool:
    edges += [edge for edge in (starts, ends) if edge is not None and edge > now]
    return (starts is None or starts <= now) and (ends is None or now < ends)
