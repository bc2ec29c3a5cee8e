# SPDX-License-Identifier: Apache-2.0
"""Walking what a store that was put back has forgotten: a coordinator says of each part what became of it,
and then the store is as any other again."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from peerkit.errors import Malformed, NotFound, Objection, PeerkitError, Refused
from peerkit.levels import Level
from peerkit.model.actor import Actor
from peerkit.model.base import Record, one_of
from peerkit.model.decision import Decision, How
from peerkit.model.restoration import OUTCOMES, Gap, Restoration
from peerkit.model.route import Wall
from peerkit.model.safety import Alert
from peerkit.model.sharing import Consent
from peerkit.model.work import Task
from peerkit.safety.handling import acknowledge
from peerkit.safety.holding import restorations, waits
from peerkit.safety.lane import SAFETY, again, derived
from peerkit.safety.raising import Rise, rise, send
from peerkit.safety.reading import get

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

BY_HUMANS = tuple(one for one in OUTCOMES if one != "erased")


def gaps(kit: Kit) -> tuple[Gap, ...]:
    """What is still to be walked, oldest first: kinds, ids, acts, times and levels, no content."""
    return tuple(gap for one in restorations(kit) for gap in one.open)


def walk(kit: Kit, actor: Actor, decided: Mapping[str, str], *, done: bool) -> tuple[Gap, ...]:
    """Say what became of gaps, by the ids of their records, as one of `BY_HUMANS`; what is left to walk.

    `again` does it once more: raises the alert anew, takes the consent back on the person's word of then,
    refuses everything in their name where the refusal itself was lost, has somebody dead or gone, ends what
    ended, puts the wall up. `closed` on an alert that is here takes it, so that it rings for nobody until it
    is closed as any other. `done` lets the store go, once nothing is left. Each is the actor's act.

    Refused for anybody but a coordinator, for what only hands can do again (`by-hand`), and for `done` while
    something is left (`gaps-open`); NotFound for what is no gap; Malformed for another outcome.
    """
    if actor.is_system or kit.grants(actor).reach("coordinator") == frozenset():
        raise Refused([Objection("no-right", "a coordinator walks what a store has forgotten")])
    if not isinstance(decided, Mapping):
        raise Malformed("what became of each gap, by its record's id", where="walk_gaps.decided")
    found = {gap.id: gap for gap in gaps(kit)}
    for id_, outcome in decided.items():
        one_of(outcome, BY_HUMANS, "walk_gaps.decided")
        if id_ not in found:
            raise NotFound("there is no gap of that id: see kit.gaps(), or `peerkit restored list`")
    for id_, outcome in decided.items():
        if outcome == "again":
            _again(kit, actor, found[id_])
        elif outcome == "closed" and found[id_].of == Alert.kind and found[id_].here:
            acknowledge(kit, actor, id_)
        again(lambda id_=id_, outcome=outcome: _settle(kit, actor, id_, outcome))  # type: ignore[misc]
    if done:
        again(lambda: _finish(kit, actor))
    return gaps(kit)


def release(kit: Kit) -> None:
    """Nobody walked the gaps in time. What is known to have been an open alert is raised anew, and the
    backlog waits no longer; the store stays held otherwise."""
    for one in restorations(kit):
        if not one.released and not waits(one, kit.clock.now()):
            again(lambda one=one: _release(kit, one.id))  # type: ignore[misc]


def _release(kit: Kit, id_: str) -> None:
    held = get(kit, Restoration, id_)
    if held is None or held.released or held.state != "held":
        return
    lost = [gap for gap in held.open if gap.of == Alert.kind and not gap.here and gap.acts[-1] != "close"]
    made = held.release()
    risings = [_rise(kit, gap) for gap in lost]
    for gap in lost:
        made = made.settle(gap.id, outcome="again", who="")
    alerts = [rising.alert for rising in risings if rising.alert is not None]
    kit.write([made, *alerts], actor=SAFETY, marks=[mark for rising in risings for mark in rising.marks])
    for rising in risings:
        send(kit, rising)


def _settle(kit: Kit, actor: Actor, id_: str, outcome: str) -> None:
    who = actor.person
    made = [
        one.settle(id_, outcome=outcome, who=who)
        for one in restorations(kit)
        if any(gap.id == id_ for gap in one.open)
    ]
    kit.write(made, actor=actor)


def _finish(kit: Kit, actor: Actor) -> None:
    held = restorations(kit)
    kit.write([one.finish() for one in held], actor=actor)
    for one in held:
        with suppress(PeerkitError):  # it is said, and done: the task is for reminding
            task = get(kit, Task, derived(one.id, "task"))
            if task is not None and task.state == "open":
                kit.write([task.done()], actor=actor)


# -- doing it again ----------------------------------------------------------------------------------


def _again(kit: Kit, actor: Actor, gap: Gap) -> None:
    if gap.of == Alert.kind:
        if not gap.here:
            send(kit, again(lambda: _raise(kit, actor, gap)))
        return  # one that is here goes its way by itself
    with kit.session(actor=actor) as s:
        if gap.here:
            cls = kit.codec.class_of(gap.of)
            if cls is None:
                raise _by_hand(gap)
            try:
                record = s.get(cls, gap.id)
            except NotFound:  # whose it is has not let the coordinator read it
                raise _by_hand(gap) from None
            s.save(_redone(record, gap))
        else:
            s.save(_anew(gap))


def _raise(kit: Kit, actor: Actor, gap: Gap) -> Rise:
    rising = _rise(kit, gap)
    if rising.alert is not None:
        kit.write([rising.alert], actor=actor, marks=rising.marks)
    return rising


def _rise(kit: Kit, gap: Gap) -> Rise:
    """The alert under its old id: a screen that is here still goes on with it."""
    level = Level(gap.level) if gap.level in set(map(str, Level)) else Level.NOW
    person = gap.people[0] if gap.people else ""
    return rise(kit, gap.id, level, kit.clock.now(), person=person, found_late=True)


def _redone(record: Record, gap: Gap) -> Record:
    """The last of the lost acts, done on what is there."""
    act = gap.acts[-1]
    method = getattr(record, act, None)
    row = record.table.get(act)
    if method is None or row is None or _needs(method):
        raise _by_hand(gap)
    if "anyone" in row.who:
        done: Record = method()
    else:
        done = method(by=_on_word(gap))
    return done


def _anew(gap: Gap) -> Record:
    """What was lost as a whole, as far as it can be made from ids."""
    if gap.of == Consent.kind and "refuse" in gap.acts and gap.people:
        return Consent.refuse(person=gap.people[0], by=_on_word(gap))
    if gap.of == Wall.kind and len(gap.people) > 1:
        return Wall.put_up(person=gap.people[0], human=gap.people[1])
    raise _by_hand(gap)


def _on_word(gap: Gap) -> Decision:
    """Whose decision it was in the lost time, as whoever walks the gaps tells it."""
    return Decision(by=gap.people[0] if gap.people else None, how=How.spoken)


def _needs(method: object) -> bool:
    """Whether the act needs more than who decides."""
    given = inspect.signature(method).parameters.values()  # type: ignore[arg-type]
    return any(one.default is one.empty for one in given if one.name != "by")


def _by_hand(gap: Gap) -> Refused:
    told = (
        f"that a {gap.of} was lost is all that is known of it: find out what it was, write it anew, and say "
        "`entered`; or what became of it otherwise"
    )
    return Refused([Objection("by-hand", told, gap.of, gap.id)])
