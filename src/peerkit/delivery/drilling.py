# SPDX-License-Identifier: Apache-2.0
"""A drill: every step of the path gets a notice, and a human of each step acknowledges it.

A path that was never tried is a wish. A drill that passed within thirty days is what makes a program ready.
Supporters are another step for each person, and may be many: they are tried a few at a time, who was tried
longest ago first, and each answers for themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.sending import DRILL, Notice, channels, notify
from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.model.actor import Actor
from peerkit.model.ids import EPOCH, stamp
from peerkit.model.program import Step
from peerkit.model.safety import Alert, Drill
from peerkit.ports import Condition
from peerkit.safety.ladder import OUTSIDE, PATH
from peerkit.safety.lane import SAFETY
from peerkit.safety.reading import asked_in_alarms, get, handed_over, heads
from peerkit.safety.settings import steps_of

if TYPE_CHECKING:
    from peerkit.kit import Kit

VALID = timedelta(days=30)
AGAIN = timedelta(days=7)
"""After how long a supporter who was tried and has not answered is tried again. Own choice."""

MOST = 1000
ALWAYS = ("supervisor", "coordinator")
"""Whom an alarm may ask whatever the path: `talk` and `today` begin with a supervisor, and from the second
round on every coordinator is asked."""

SUPPORTERS = ("supporter",)
"""The steps of a trial of supporters."""


@attrs.frozen
class DrillReport:
    """What a drill sent. `unreached` are steps whose every notice failed, or that have nobody."""

    drill: str
    reference: str
    steps: tuple[str, ...]
    handed_over: int
    failed: int
    unreached: tuple[str, ...] = ()


def drill(kit: Kit, actor: Actor, *, supporters: int = 0) -> DrillReport:
    """Send a drill notice to everybody on every step, whatever their hours, and to each supervisor and
    coordinator, whom an alarm may ask on any path; or, with `supporters`, to so many supporters (1 to 1,000)
    who have answered none within thirty days. Where there is none of those, nothing is sent, and `drill` of
    the report is empty. Malformed for another number, Refused for who may not."""
    if type(supporters) is not int or not 0 <= supporters <= MOST:
        raise Malformed(f"so many supporters are tried at once: 1 to {MOST}", where="drill.supporters")
    now = kit.clock.now()
    asked = {"supporter": _next(kit, now, supporters)} if supporters else _everybody(kit)
    made = kit.new(
        lambda: Drill.begin(
            steps=SUPPORTERS if supporters else _steps(kit),
            asked=tuple(f"{role}:{person}" for role, people in asked.items() for person in people),
            since=now,
        )
    )
    if actor.is_system or not kit.rights.may("begin", made, kit.grants(actor)):
        raise Refused([Objection("no-right", "this actor may not start a drill", "drill", made.id)])
    if supporters and not made.asked:
        return DrillReport("", "", (), 0, 0)
    for held in heads(kit, Drill, Condition("state", "==", "running")):
        if _over(held, made, now):
            kit.write([held.give_up(unreached=held.waiting)], actor=SAFETY)
    kit.write([made], actor=actor)
    usable, notice = channels(kit), Notice(made.id, made.reference, text=DRILL)
    handed: dict[str, int] = {}
    total = failed = 0
    for role, people in asked.items():
        deliveries = notify(kit, people, notice, usable)
        kit.write(deliveries, actor=SAFETY)
        handed[role] = sum(1 for one in deliveries if one.result == "handed-over")
        total, failed = total + handed[role], failed + len(deliveries) - handed[role]
    unreached = tuple(role for role in made.steps if not handed[role])
    return DrillReport(made.id, made.reference, made.steps, total, failed, unreached)


def _over(held: Drill, made: Drill, now: datetime) -> bool:
    """Whether a running drill is over when this one begins: trials of supporters run beside each other, for
    as long as an answer counts."""
    if held.steps != SUPPORTERS:
        return made.steps != SUPPORTERS
    return held.since is None or now - held.since > VALID


def _next(kit: Kit, now: datetime, number: int) -> tuple[str, ...]:
    """So many of the supporters who have answered nothing within thirty days, who was tried longest ago
    first. Who was tried within the week is left in peace."""
    tried: dict[str, datetime] = {}
    for one in heads(kit, Drill):  # of all time: one starts it by hand, and nobody waits for it
        for pair in one.asked:
            role, _, who = pair.partition(":")
            if role == "supporter" and one.since is not None:
                tried[who] = max(one.since, tried.get(who, one.since))
    waiting = [one for one in untried(kit, now).get("supporter", ()) if now - tried.get(one, EPOCH) > AGAIN]
    return tuple(sorted(waiting, key=lambda one: (tried.get(one, EPOCH), one))[:number])


def untried(kit: Kit, now: datetime) -> dict[str, tuple[str, ...]]:
    """By role, whom an alarm may ask and who has answered neither a drill nor an alarm within thirty days,
    with an act of their own. Supporters are among them where the path has a step for them."""
    answered = {
        pair.partition(":")[2]
        for one in heads(kit, Drill, Condition("since", ">=", stamp(now - VALID)))
        for pair in one.seen
    }
    lately = heads(kit, Alert, Condition("since", ">=", stamp(now - VALID)))
    answered |= {one.holder for one in lately if one.holder}
    asked = asked_in_alarms(kit, now)
    left = {
        role: tuple(one for one in asked.get(role, ()) if one not in answered)
        for role in dict.fromkeys((*steps_of(_path(kit)), *ALWAYS))
    }
    return {role: people for role, people in left.items() if people}


def _everybody(kit: Kit) -> dict[str, tuple[str, ...]]:
    """Whom an alarm may ask on each step, at whatever hour, but supporters: their step is somebody else for
    each person."""
    people = asked_in_alarms(kit, kit.clock.now())
    people["outside"] = tuple(OUTSIDE + step.name for step in _path(kit) if step.role == "outside")
    return {role: people.get(role, ()) for role in dict.fromkeys((*_steps(kit), *ALWAYS))}


def _steps(kit: Kit) -> tuple[str, ...]:
    """The steps that a drill has to pass."""
    return tuple(role for role in steps_of(_path(kit)) if role != "supporter")


def _path(kit: Kit) -> tuple[Step, ...]:
    program = kit.net.fresh(kit).program
    return program.path if program is not None and program.path else PATH


def acknowledge(kit: Kit, actor: Actor, drill: Drill) -> Drill:
    """A human to whom a channel handed this drill's notice says that they have seen it; for an outside body
    that was handed one a coordinator says so. A step whose notice was handed to nobody stays waiting, and
    keeps the drill from passing.

    NotFound for who was not asked, Refused for who was asked and was handed no notice.
    """
    held = get(kit, Drill, drill.id) or drill
    pairs = [(role, who) for role, _, who in (one.partition(":") for one in held.asked)]
    answers = kit.grants(actor).reach("coordinator") is None and not actor.is_system
    mine = [(role, who) for role, who in pairs if who == actor.person or (role == "outside" and answers)]
    if not mine:
        raise NotFound("there is no alert of that id for this actor")
    handed = {one.to for one in handed_over(kit, held.id)}
    received = {role for role, who in mine if who in handed}
    if not received:
        sentence = "no notice of this drill was handed over, so there is none to have seen: see where it goes"
        raise Refused([Objection("not-received", sentence, held.kind, held.id)])
    seen = tuple(f"{role}:{who}" for role, who in mine if who in handed)
    if held.state == "failed" or set(seen) <= set(held.seen):
        return held
    if held.steps == SUPPORTERS and not set(held.asked) <= {*held.seen, *seen}:
        received = set()  # each of them is the step for somebody
    kit.write([held.acknowledge(roles=tuple(sorted(received)), seen=seen)], actor=actor)
    return get(kit, Drill, held.id) or held


def last_passed(kit: Kit) -> Drill | None:
    """The latest drill of the path that passed."""
    found = heads(kit, Drill, Condition("state", "==", "passed"))
    passed = [one for one in found if one.steps != SUPPORTERS]
    return max(passed, key=lambda one: (one.since is not None, one.since), default=None)
