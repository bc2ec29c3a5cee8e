# SPDX-License-Identifier: Apache-2.0
"""Whom notices do not come to: everything to somebody over one channel failed, three times in a row or for a
day. A named human then finds out how they can be reached.

Which address it was stands nowhere; whose it is, does. It is over once a notice is handed over, or they say
something new about themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.problem import Problem
from peerkit.errors import PeerkitError
from peerkit.model.ids import made_at
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.program import Program
from peerkit.model.sending import Delivery
from peerkit.model.work import Task
from peerkit.paging import every
from peerkit.ports import Condition, Query
from peerkit.safety.ladder import OUTSIDE
from peerkit.safety.lane import SAFETY, derived, with_id
from peerkit.safety.reading import ACTIVE, decoded, get, heads, human
from peerkit.texts import _

if TYPE_CHECKING:
    from peerkit.kit import Kit

IN_A_ROW = 3
FOR_SO_LONG = timedelta(days=1)
"""After how many notices in a row, or after how long with none that was taken, a channel counts as one that
does not come to somebody. Own choice."""

UNREACHABLE = "unreachable-human"
FAILED = Condition("result", "==", "failed")
LOOK_BACK = timedelta(days=3)
"""For how long a notice that failed is looked at by itself: after a day there is a task, and as long as that
is open it is looked at anew. Longer than a weekend in which nobody delivers. Own choice."""
PAGE = 50


@attrs.frozen
class Dead:
    """Somebody (or an outside body, as `outside:` and its name), a channel that does not come to them, and
    the position from which on it was tried: when they last said something about themselves."""

    to: str
    channel: str
    since: int

    @property
    def person(self) -> str:
        """Their id; empty for a body."""
        return "" if self.to.startswith(OUTSIDE) else self.to


def dead_letters(kit: Kit) -> list[Dead]:
    """Who is not come to, and over which channel. Of all that was ever sent it reads what failed lately,
    and of each human the newest alone, back to the last notice that was taken."""
    tried = {*_failed_lately(kit), *_asked_about(kit)}
    return [dead for to, channel in sorted(tried) if (dead := _dead(kit, to, channel)) is not None]


def _failed_lately(kit: Kit) -> Iterator[tuple[str, str]]:
    since = kit.clock.now() - LOOK_BACK
    newest = every(kit.storage, Query(Delivery.kind, (FAILED,), order="-"), page=PAGE)
    for stored in takewhile(lambda one: made_at(one.envelope.id) >= since, newest):
        if (one := decoded(kit, Delivery, stored)) is not None:
            yield one.to, one.channel


def _asked_about(kit: Kit) -> Iterator[tuple[str, str]]:
    """Whom a task is open about, and the bodies on the path: nothing may have been sent to them since."""
    program = kit.net.fresh(kit).program
    bodies = {OUTSIDE + step.name for step in (program.path if program is not None else ()) if step.name}
    for to in bodies | {task.person for task in _standing(kit) if task.person}:
        for channel in _channels(_known(kit, to)[0]):
            yield to, channel


def _channels(reach: Iterable[str]) -> set[str]:
    return {address.partition(":")[0] for address in reach}


def _dead(kit: Kit, to: str, channel: str) -> Dead | None:
    reach, since = _known(kit, to)
    if channel not in _channels(reach):
        return None
    failing: list[tuple[datetime, Delivery]] = []
    for at, one in _newest(kit, to, channel, since):
        if one.result != "failed":
            break
        failing.append((at, one))
    if not failing:
        return None
    notices = {(one.about, one.climb) for _at, one in failing}
    lasting = kit.clock.now() - failing[-1][0] >= FOR_SO_LONG
    return Dead(to, channel, since) if len(notices) >= IN_A_ROW or lasting else None


def _newest(kit: Kit, to: str, channel: str, since: int) -> Iterator[tuple[datetime, Delivery]]:
    """What became of notices to somebody over a channel behind a position of the feed, the newest first. It
    looks past a page of older ones, since ids fall back with a clock that was put back, and at no more."""
    there, older = (Condition("to", "==", to), Condition("channel", "==", channel)), 0
    for stored in every(kit.storage, Query(Delivery.kind, there, order="-"), page=PAGE):
        if stored.envelope.position <= since:
            older += 1
            if older >= PAGE:
                return
            continue
        if (one := decoded(kit, Delivery, stored)) is not None:
            yield made_at(stored.envelope.id), one


def _known(kit: Kit, to: str) -> tuple[tuple[str, ...], int]:
    """Where they say that they are reached, and since which position of the feed."""
    if to.startswith(OUTSIDE):
        program = kit.net.fresh(kit).program
        stored = kit.storage.get(Program.kind, program.id) if program is not None else None
        steps = program.path if program is not None else ()
        reach = tuple(one for step in steps if OUTSIDE + step.name == to for one in step.reach)
    else:
        stored = kit.storage.get(Person.kind, to)
        person = decoded(kit, Person, stored)
        reach = person.reach if person is not None and person.state == "here" else ()
    return reach, 0 if stored is None else stored.envelope.position


def ask_how_to_reach(kit: Kit) -> None:
    """A task for each, once; gone as soon as it is over."""
    found = dead_letters(kit)
    wanted = set()
    for one in found:
        id_ = derived(kit.program.id, f"{UNREACHABLE}:{one.to}:{one.channel}:{one.since}")
        wanted.add(id_)
        if kit.storage.get(Task.kind, id_) is None:
            with suppress(PeerkitError):  # nobody in office is said elsewhere
                _give(kit, id_, one)
    over = [task.drop() for task in _standing(kit) if task.id not in wanted]
    if over:
        kit.write(over, actor=SAFETY)


def _standing(kit: Kit) -> list[Task]:
    return heads(kit, Task, Condition("state", "==", "open"), Condition("what", "==", UNREACHABLE))


def _give(kit: Kit, id_: str, one: Dead) -> None:
    owner = kit.whose("how somebody can be reached", one.person)
    if owner == one.person:  # who cannot be reached is not asked about it while anybody else is there
        owner = kit.in_office("coordinator", "on-call", "supervisor", but=frozenset({owner})) or owner
    about = one.person or None
    due = kit.clock.now()
    given = with_id(id_, lambda: Task.give(owner=owner, what=UNREACHABLE, due=due, person=about))
    kit.write([given], actor=SAFETY)


def unreachable(kit: Kit, usable: frozenset[str]) -> Iterator[Problem]:
    """What `health` says: grave where an alarm may ask them and none of their channels takes it."""
    found = dead_letters(kit)
    dark = {(one.to, one.channel) for one in found}
    for one in found:
        reach, _since = _known(kit, one.to)
        person = get(kit, Person, one.person)
        if person is not None:
            program = kit.net.fresh(kit).program
            reach = human(person, usable, kit.clock.now(), program).addresses
        left = {address.partition(":")[0] for address in reach} & usable
        others = any((one.to, channel) not in dark for channel in left)
        who = f"person {one.person}" if one.person else one.to
        told = _(
            "notices to {who} over {channel} are not taken any more: see how they can be reached",
            who=who,
            channel=one.channel,
        )
        yield Problem("unreachable-human", told, grave=not others and _asked(kit, one.to))


def _asked(kit: Kit, to: str) -> bool:
    """Whether an alarm may come to them: they hold an office, support somebody, supervise, or are a body of
    the path."""
    if to.startswith(OUTSIDE) or any(office.person == to for office, _hours in kit.net.fresh(kit).offices):
        return True
    return any(to in {role.person, role.supervisor} for role in heads(kit, PeerSupporter, ACTIVE))
