# SPDX-License-Identifier: Apache-2.0
"""The tasks that a human is owed about a screen: which they are, and whose. They come behind the lane's own
transaction, so that nothing here holds up an answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import attrs

from peerkit.instruments import Instrument, Judgement
from peerkit.model.actor import Actor
from peerkit.model.people import Person
from peerkit.model.safety import RiskScreen
from peerkit.model.work import Task
from peerkit.safety.asking import OFF, receiver
from peerkit.safety.lane import derived, with_id
from peerkit.safety.reading import away, get, shut_out, supervisors_of, supporters_of

if TYPE_CHECKING:
    from peerkit.kit import Kit

LOOK = "look-at-screen"
"""What the task is called that obstacles bring."""

RESULT = "screen-result"
"""What the task is called of whoever receives what a questionnaire finds."""


@attrs.frozen
class Owed:
    """A task that a human is owed about a screen: what it is, what tells two of one name apart (`label`), and
    whose it is first, if it is an office's (`role`)."""

    what: str
    label: str = ""
    role: str = ""


def owed(screen: RiskScreen, judged: Judgement, against: Iterable[str]) -> list[Owed]:
    """What its instrument asks for, and a look at what stands against it, or `against` its answers."""
    tasks = [Owed(f"screen-{todo.rule}", todo.rule) for todo in judged.tasks]
    tasks += [Owed(LOOK)] if screen.obstacles else []
    return tasks + [Owed(LOOK, code) for code in sorted(set(against).difference(screen.obstacles))]


def result(kit: Kit, screen: RiskScreen, instrument: Instrument | None, judged: Judgement) -> list[Owed]:
    """What whoever receives what the instrument finds is owed once an answered screen is over; where nobody
    receives it any more, a human looks all the same."""
    role = receiver(kit, instrument) if judged.ended else ""
    if role == "":
        return []
    if role is not None:
        return [Owed(RESULT, role=role)]
    return [] if OFF in screen.obstacles else [Owed(LOOK, OFF)]


def give(kit: Kit, actor: Actor, screen: RiskScreen, now: datetime, tasks: Iterable[Owed]) -> bool:
    """Give tasks about the screen to named humans, each once.

    In a transaction of its own, behind the lane's: a task that cannot be written, or that nobody is there to
    take, holds up no answer. False if there was one, so that the caller comes back to it.
    """
    left = [one for one in tasks if not _given(kit, actor, screen, now, one)]
    return not left


def _given(kit: Kit, actor: Actor, screen: RiskScreen, now: datetime, task: Owed) -> bool:
    """Whether somebody has the task."""
    try:
        id_ = derived(screen.id, f"task:{task.what}:{task.label}")
        if kit.storage.get(Task.kind, id_) is not None:
            return True
        owner = _owner(kit, screen, now, task)
        given = partial(Task.give, owner=owner, what=task.what, due=now, about=screen, note=task.label)
        kit.write([with_id(id_, partial(given, person=screen.person or None))], actor=actor)
    except Exception:  # noqa: BLE001  # the answer is stored, and that is what counts
        return False
    return True


def _owner(kit: Kit, screen: RiskScreen, now: datetime, task: Owed) -> str:
    """Who has a task about a screen: the office whose it is; else whoever holds the screen, the person's
    supporter, a coordinator. StorageError if nobody is there to have it who may know of it."""
    if task.role:
        found = office_for(kit, task.role, screen, now)
    elif task.what == LOOK:
        found = ""
    else:
        humans = (screen.holder, *supporters_of(kit, screen.person, now))
        found = next(iter(_able(kit, humans, screen)), "")
    return found or kit.whose("a screen", screen.person)


def office_for(kit: Kit, role: str, screen: RiskScreen, now: datetime) -> str:
    """Who holds an office for a screen: of supervisors first whoever supervises who walks with the person,
    or who held it. Neither the person, nor whom a wall keeps apart or an open concern about the person names,
    nor who is not here; rather somebody who is not away, and where all are, a task follows its cover. Empty
    if there is nobody."""
    known = dict.fromkeys(supervisors_of(kit, (*supporters_of(kit, screen.person, now), screen.holder)))
    offices = kit.net.fresh(kit).offices
    found = [*known] if role == "supervisor" else []
    found += [one.person for one, _hours in offices if one.role == role and one.in_effect(now)]
    able = _able(kit, found, screen)
    return next((one for one in able if not away(kit, one, now)), next(iter(able), ""))


def _able(kit: Kit, humans: Iterable[str], screen: RiskScreen) -> list[str]:
    """Those of them who are here and may know of the screen."""
    shut = shut_out(kit, screen.person)
    return [
        one
        for one in dict.fromkeys(humans)
        if one not in shut and (human := get(kit, Person, one)) is not None and human.state == "here"
    ]
