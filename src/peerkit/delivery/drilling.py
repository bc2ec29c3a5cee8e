# SPDX-License-Identifier: Apache-2.0
"""A drill: every step of the path gets a notice, and a human of each step acknowledges it.

A path that was never tried is a wish. A drill that passed within thirty days is what makes a program ready.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.sending import DRILL, Notice, channels, notify
from peerkit.errors import NotFound, Objection, Refused
from peerkit.model.actor import Actor
from peerkit.model.people import PeerSupporter
from peerkit.model.safety import Drill
from peerkit.ports import Condition
from peerkit.safety.ladder import OUTSIDE, PATH
from peerkit.safety.lane import SAFETY
from peerkit.safety.reading import ACTIVE, get, handed_over, heads
from peerkit.safety.settings import steps_of

if TYPE_CHECKING:
    from peerkit.kit import Kit

VALID = timedelta(days=30)


@attrs.frozen
class DrillReport:
    """What a drill sent. `unreached` are steps whose every notice failed, or that have nobody."""

    drill: str
    reference: str
    steps: tuple[str, ...]
    handed_over: int
    failed: int
    unreached: tuple[str, ...] = ()


def drill(kit: Kit, actor: Actor) -> DrillReport:
    """Send a drill notice to everybody on every step, whatever their hours. Refused for who may not."""
    asked = _everybody(kit)
    now = kit.clock.now()
    made = kit.new(
        lambda: Drill.begin(
            steps=tuple(asked),
            asked=tuple(f"{role}:{person}" for role, people in asked.items() for person in people),
            since=now,
        )
    )
    if actor.is_system or not kit.rights.may("begin", made, kit.grants(actor)):
        raise Refused([Objection("no-right", "this actor may not start a drill", "drill", made.id)])
    for held in heads(kit, Drill, Condition("state", "==", "running")):
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
    unreached = tuple(role for role in asked if not handed[role])
    return DrillReport(made.id, made.reference, made.steps, total, failed, unreached)


def _everybody(kit: Kit) -> dict[str, tuple[str, ...]]:
    """Who stands on each step of the path, at whatever hour. The step of the person's own supporter is
    somebody else for each person, so it is left out."""
    known, now = kit.net.fresh(kit), kit.clock.now()
    path = known.program.path if known.program is not None and known.program.path else PATH
    asked: dict[str, tuple[str, ...]] = {}
    for role in steps_of(path):
        if role == "supporter":
            continue
        if role == "outside":
            asked[role] = tuple(OUTSIDE + step.name for step in path if step.role == "outside")
            continue
        people = [o.person for o, _ in known.offices if o.role == role and o.in_effect(now)]
        if role == "supervisor":
            people += [one.supervisor for one in heads(kit, PeerSupporter, ACTIVE) if one.supervisor]
        asked[role] = tuple(dict.fromkeys(people))
    return asked


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
    if held.state != "running" or received.isdisjoint(held.waiting):
        return held
    kit.write([held.acknowledge(roles=tuple(sorted(received)))], actor=actor)
    return get(kit, Drill, held.id) or held


def last_passed(kit: Kit) -> Drill | None:
    """The latest drill that passed."""
    passed = heads(kit, Drill, Condition("state", "==", "passed"))
    return max(passed, key=lambda one: (one.since is not None, one.since), default=None)
