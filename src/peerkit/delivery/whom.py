# SPDX-License-Identifier: Apache-2.0
"""What `health` finds of those whom an alarm asks: whether the path has somebody now, who holds which
office, and whether the way to them was tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from peerkit.delivery.dead_letters import unreachable
from peerkit.delivery.drilling import VALID, untried
from peerkit.delivery.problem import Problem
from peerkit.delivery.sending import channels
from peerkit.delivery.timekeeping import Time
from peerkit.levels import Level
from peerkit.model.program import Program
from peerkit.model.safety import Alert
from peerkit.model.when import is_zone
from peerkit.safety.ladder import Facts, climb
from peerkit.safety.lane import with_id
from peerkit.safety.reading import facts, local
from peerkit.safety.settings import declared_now
from peerkit.texts import _, many

if TYPE_CHECKING:
    from peerkit.kit import Kit


def whom(kit: Kit, time: Time, drilled: datetime | None, program: Program | None) -> Iterator[Problem]:
    """Everything that is wrong with them; `drilled` is since when a drill has passed, None if none has."""
    yield from _path(kit, time, program)
    yield from _offices(kit)
    if program is None or not program.sandbox:
        yield from _drills(time, drilled)
        yield from _untried(kit, time)


def _path(kit: Kit, time: Time, program: Program | None) -> Iterator[Problem]:
    if program is None:
        sentence = _("the program's settings cannot be read: alarms go the default path")
        yield Problem("program-unreadable", sentence)
        return
    if not is_zone(program.timezone):
        sentence = _(
            "this system does not know the program's time zone: hours and days are reckoned in UTC. Update "
            "its time zone data, or set another zone"
        )
        yield Problem("unknown-zone", sentence)
    usable = channels(kit)
    for name, why in usable.problems.items():
        yield Problem("channel", _("the channel {name} cannot be used: {why}", name=name, why=why))
    yield from unreachable(kit, usable.names)
    found = in_general(kit, time, usable.names)
    if not _live(found):
        if not declared_now(program, time.now):
            sentence = _("nobody on the escalation path can be reached now, and that was not declared")
            yield Problem("no-live-step", sentence)
        elif not program.sandbox:
            sentence = _("nobody is on the escalation path now, as declared")
            yield Problem("uncovered-now", sentence, grave=False)
    elif not _live(found.over(usable.names - local(kit))):
        yield Problem("console-only", _CONSOLE_ONLY)


def in_general(kit: Kit, time: Time, channels: frozenset[str]) -> Facts:
    """What the path depends on for an alarm about nobody in particular: offices, and who stands in."""
    return facts(kit, with_id("", lambda: Alert(level=Level.NOW)), time.moments, channels, author="")


def _offices(kit: Kit) -> Iterator[Problem]:
    for office, _hours in kit.net.fresh(kit).offices:
        if office.unclear:
            sentence = _(
                "appointment {id} does not say when the office is held (look at its {field}): end it and "
                "give it anew",
                id=office.id,
                field=office.unclear,
            )
            yield Problem("unclear-office", sentence)


_CONSOLE_ONLY = _(
    "whoever can be asked now has only the console for an address, which shows a notice where the process "
    "runs, under a timer in a log: give them another channel, such as email"
)


def _live(found: Facts) -> bool:
    """Whether the path asks somebody in its first round."""
    rung = climb(Level.NOW, found, -1, 0)
    return bool(rung.asked) and not rung.round


def _drills(time: Time, since: datetime | None) -> Iterator[Problem]:
    if since is None:
        yield Problem("no-drill", _("no drill has ever passed: run `peerkit drill`"), grave=False)
    elif time.now - since > VALID:
        yield Problem("old-drill", _("the last drill that passed is older than 30 days"), grave=False)


def _untried(kit: Kit, time: Time) -> Iterator[Problem]:
    left = untried(kit, time.now)
    if supporters := left.pop("supporter", ()):
        told = many(
            "{n} supporter has answered neither a drill nor an alarm within 30 days: try a few a day, with "
            "`peerkit drill --supporters 5`",
            "{n} supporters have answered neither a drill nor an alarm within 30 days: try a few a day, with "
            "`peerkit drill --supporters 5`",
            len(supporters),
        )
        yield Problem("untried-supporters", told, grave=False)
    for one in dict.fromkeys(one for people in left.values() for one in people):
        told = _(
            "person {id}, whom an alarm may ask, has answered neither a drill nor an alarm within 30 days: "
            "`peerkit drill`, and they answer it",
            id=one,
        )
        yield Problem("untried", told, grave=False)
