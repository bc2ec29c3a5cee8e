# SPDX-License-Identifier: Apache-2.0
"""Before the first question: which instrument, and what would have refused any other record.

Nothing here stops a screen. What stands against it becomes a code on the record, and a task for a human.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import attrs

from peerkit import hooks
from peerkit.errors import Malformed, NotFound, PeerkitError, StorageError
from peerkit.instruments import Instrument, Judgement, load, parse
from peerkit.levels import Level
from peerkit.model.actor import Actor
from peerkit.model.people import Person
from peerkit.model.program import Program
from peerkit.model.safety import RiskScreen
from peerkit.model.work import Task
from peerkit.safety.lane import derived, identified, is_a, meant, text_of, with_id
from peerkit.safety.reading import followed, get, supporters_of
from peerkit.safety.settings import raises
from peerkit.texts import _, for_locale

if TYPE_CHECKING:
    from peerkit.kit import Kit

UNKNOWN = Judgement(level=Level.NOW, alerts=("unknown-instrument",))
"""What any answer means where nobody knows the questions: somebody looks now, since it may be the worst."""

LOOK = "look-at-screen"
"""What the task is called that obstacles bring."""


@attrs.frozen
class Asked:
    """The instrument of a screen (None: nobody knows it), and what is odd about that."""

    instrument: Instrument | None
    obstacles: tuple[str, ...] = ()


def instrument_of(kit: Kit, name: object, edition: str = "", sha256: str = "") -> Asked:
    """The instrument by id, in the edition that a screen was begun with, with the program's raised rules."""
    if is_a(name, Instrument):
        return _raised(kit, name, ())
    wanted, obstacles = text_of(name) or "", []
    found = _load(kit, wanted, edition or None)
    if found is None and edition:
        found = _load(kit, wanted, None)
    if found is None:
        return Asked(None, ("unknown-instrument",))
    if edition and (found.version != edition or found.sha256 != sha256):
        obstacles.append("instrument-changed")
    return _raised(kit, found, tuple(obstacles))


def _load(kit: Kit, name: str, edition: str | None) -> Instrument | None:
    try:
        return load(name, _supplied(kit), version=edition)
    except NotFound:
        return None
    except Exception:  # noqa: BLE001  # a plugin's file is no reason to lose a screen that peerkit ships
        try:
            return load(name, version=edition)
        except PeerkitError:
            return None


def _supplied(kit: Kit) -> list[Instrument]:
    found = []
    for _plugin, one in kit.plugins.supplies(hooks.Instrument):
        try:
            found.append(parse(one.text, one.source))
        except Exception:  # noqa: BLE001, S112  # as above; `peerkit instruments` says what is wrong with it
            continue
    return found


def _raised(kit: Kit, instrument: Instrument, obstacles: tuple[str, ...]) -> Asked:
    program = kit.net.fresh(kit).program
    try:
        levels = raises(program).get(instrument.id, {}) if program is not None else {}
        return Asked(instrument.raised(levels) if levels else instrument, obstacles)
    except Malformed:
        return Asked(instrument, (*obstacles, "raised-unreadable"))


def begun(kit: Kit, actor: Actor, asked: Asked, given: object, occurred: datetime | None) -> RiskScreen:
    """The screen's record, with every obstacle on it. `given` is a person's id, or what stands for one."""
    instrument, person = asked.instrument, followed(kit, identified(given))

    def make(obstacles: tuple[str, ...]) -> RiskScreen:
        return RiskScreen.begin(
            person=person,
            holder=actor.person,
            instrument=instrument.id if instrument is not None else "",
            edition=instrument.version if instrument is not None else "",
            sha256=instrument.sha256 if instrument is not None else "",
            occurred=occurred,
            obstacles=obstacles,
            meant=meant(given),
        )

    proposed = kit.new(lambda: make(()))
    found = (*asked.obstacles, *_against(kit, actor, proposed))
    return with_id(proposed.id, lambda: make(found)) if found else proposed


def _against(kit: Kit, actor: Actor, screen: RiskScreen) -> tuple[str, ...]:
    found: list[str] = ["no-id"] if screen.meant else []
    if screen.person:
        person = get(kit, Person, screen.person)
        if person is None:
            found.append("unknown-person")
        elif person.state != "here":
            found.append(f"person-{person.state}")
    if not actor.is_system and actor.person != screen.person and get(kit, Person, actor.person) is None:
        found.append("unknown-actor")
    if not screen.person:
        return tuple(found)  # a caller without a name is nobody's to refuse
    try:
        if not kit.rights.may("begin", screen, kit.grants(actor)):
            found.append("no-right")
    except StorageError:
        raise
    except Exception:  # noqa: BLE001  # rights that cannot be read refuse nothing here
        found.append("rights-unknown")
    return tuple(found)


TELLS = {
    Level.TALK: _("Some answers are talked about here, with whoever asks; nobody else is told."),
    Level.TODAY: _("Some answers tell a supervisor, who looks at it before the day ends."),
    Level.NOW: _(
        "Some answers tell people of the program at once, one after the other, until somebody comes."
    ),
}
DECLINE = _("You may decline any question, or all of them. Support does not depend on it.")


def beforehand(instrument: Instrument | None, program: Program | None) -> tuple[str, ...]:
    """What is shown before the first question, from the instrument's rules and the program's policy, in the
    program's language."""
    rules = () if instrument is None else instrument.triage
    levels = sorted({rule.level for rule in rules if rule.level > Level.NONE})
    # An instrument that nobody knows alarms with any answer; one without rules with none.
    told = tuple(TELLS[level] for level in levels) if instrument is not None else (TELLS[Level.NOW],)
    policy = (program.policy,) if program is not None and program.policy else ()
    say = for_locale(*(program.languages if program is not None else ()))
    return tuple(say(one) for one in (*told, DECLINE, *policy))


def age_band(kit: Kit, person: str) -> str | None:
    """The person's age band; None, which counts as youth, where it is not known."""
    found = get(kit, Person, person)
    return None if found is None else found.age_band


def give(kit: Kit, actor: Actor, screen: RiskScreen, now: datetime, tasks: Iterable[tuple[str, str]]) -> bool:
    """Give tasks about the screen (each a name, and what tells two of one name apart) to named humans, each
    once.

    In a transaction of its own, behind the lane's: a task that cannot be written, or that nobody is there to
    take, holds up no answer. False if there was one, so that the caller comes back to it.
    """
    left = [one for one in tasks if not _given(kit, actor, screen, now, one)]
    return not left


def _given(kit: Kit, actor: Actor, screen: RiskScreen, now: datetime, task: tuple[str, str]) -> bool:
    """Whether somebody has the task."""
    what, label = task
    try:
        id_ = derived(screen.id, f"task:{what}:{label}")
        if kit.storage.get(Task.kind, id_) is not None:
            return True
        owner = _owner(kit, screen, now, mine=what != LOOK)
        given = partial(Task.give, owner=owner, what=what, due=now, about=screen, note=label)
        kit.write([with_id(id_, partial(given, person=screen.person or None))], actor=actor)
    except Exception:  # noqa: BLE001  # the answer is stored, and that is what counts
        return False
    return True


def _owner(kit: Kit, screen: RiskScreen, now: datetime, *, mine: bool) -> str:
    """Who has a task about a screen: whoever holds it, the person's supporter, a coordinator. StorageError if
    nobody is there to have it."""
    held = screen.holder
    if mine and held and held != screen.person and not held.startswith("system:"):
        return held
    if mine and (found := supporters_of(kit, screen.person, now)):
        return found[0]
    return kit.whose("a screen", screen.person)
