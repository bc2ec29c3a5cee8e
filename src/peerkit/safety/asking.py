# SPDX-License-Identifier: Apache-2.0
"""Before the first question: which instrument, and what would have refused any other record.

Nothing here stops a screen of which anything was said. What stands against it becomes a code on the record,
and a task for a human. Only one that nobody would receive is not begun (decision 26).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.codes import is_language
from peerkit.errors import NotFound, Objection, StorageError
from peerkit.instruments import Instrument, Judgement
from peerkit.levels import Level, worst
from peerkit.model.actor import Actor
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.program import Program
from peerkit.model.safety import RiskScreen
from peerkit.safety import which
from peerkit.safety.ladder import PATH
from peerkit.safety.lane import identified, is_a, meant, something, text_of, with_id
from peerkit.safety.next_steps import ON_CALL, in_force, line_said
from peerkit.safety.reading import (
    followed,
    get,
)
from peerkit.safety.shelf import KEEPER
from peerkit.texts import Message, _, for_locale, joined, many
from peerkit.texts.dates import weekly

if TYPE_CHECKING:
    from peerkit.kit import Kit

UNKNOWN = Judgement(level=Level.NOW, alerts=("unknown-instrument",), levels={"unknown-instrument": Level.NOW})
"""What any answer means where nobody knows the questions: somebody looks now, since it may be the worst."""

CHANGED = "instrument-changed"
"""What is odd where nobody has the edition any more that a screen was begun with, and another judges it."""

OFF, WITHDRAWN = "instrument-off", "instrument-withdrawn"
"""What stands against beginning a screen, before any question. Against one that was held already, and is
typed in, or gone on with, it is an obstacle like any other."""

NO_LANGUAGE, CHANGED_LANGUAGE = "no-language", "language-changed"
"""What is odd about the language in which a screen is asked."""


@attrs.frozen
class Asked:
    """The instrument of a screen (None: nobody knows it), the language of the words that it is asked in
    (blank: nobody said it), and what is odd about that."""

    instrument: Instrument | None
    obstacles: tuple[str, ...] = ()
    language: str = ""

    def within(self, language: object) -> Asked:
        """The same in a language, by the tag of the text set that serves it where there is one. What is no
        language's tag is not kept, and is odd."""
        if not something(language):
            return self
        tag = text_of(language)
        if tag is None or not is_language(tag):
            return attrs.evolve(self, obstacles=(*self.obstacles, NO_LANGUAGE))
        with suppress(NotFound):
            tag = tag if self.instrument is None else self.instrument.wording(tag).language
        return attrs.evolve(self, language=tag)

    def going_on(self, begun: str) -> Asked:
        """The same for a screen whose questions were begun in a language. Another one in between is odd: two
        text sets are never mixed, and what was answered to the second may mean something else."""
        changed = begun and self.language and begun.lower() != self.language.lower()
        odd = (CHANGED_LANGUAGE,) if changed else ()
        return attrs.evolve(self, obstacles=(*self.obstacles, *odd), language=begun or self.language)


def instrument_of(kit: Kit, name: object, edition: str = "", sha256: str = "") -> Asked:
    """The instrument by id, in the edition that a screen was begun with, with the program's wording and
    raised rules. Never raises: an instrument that cannot be found loses no screen."""
    try:
        return _instrument_of(kit, name, edition, sha256)
    except Exception:  # noqa: BLE001  # a file of code, or of a questionnaire, that cannot be read now
        return Asked(name if is_a(name, Instrument) else None, ("unknown-instrument",))


def _instrument_of(kit: Kit, name: object, edition: str, sha256: str) -> Asked:
    shelf, odd = kit.net.shelf(kit), []
    if is_a(name, Instrument):
        found = name
    else:
        wanted = text_of(name) or ""
        held = shelf.find(wanted, edition or None, sha256) or shelf.find(wanted)
        if held is None:
            return Asked(None, ("unknown-instrument",))
        found = held.instrument
        if edition and (found.version != edition or found.sha256 != sha256):
            odd.append(CHANGED)
        elif held.withdrawn and not edition:  # what was begun with it goes on with it
            odd.append(WITHDRAWN)
    settled, unread = shelf.settled(found)
    off = (OFF,) if shelf.receiver(settled) is None else ()
    return Asked(settled, (*odd, *unread, *off))


def against(asked: Asked) -> tuple[Objection, ...]:
    """What stands against beginning a screen now, before any question. Nothing does where nobody knows the
    questions, or the settings cannot be read."""
    if asked.instrument is None:
        return ()
    found, name = [], asked.instrument.id
    if OFF in asked.obstacles:
        told = _(
            "{id} is off, since nobody is named who receives what it finds: a coordinator names an office in "
            "the settings (receives). If somebody may be in danger now, do not wait for that: raise a "
            "concern (`peerkit concern`, kit.concern)",
            id=name,
        )
        found.append(Objection("instrument-off", told, RiskScreen.kind))
    if WITHDRAWN in asked.obstacles:
        told = _(
            "{id} was withdrawn, no screen begins with it any more. If somebody may be in danger now, raise "
            "a concern (`peerkit concern`, kit.concern)",
            id=name,
        )
        found.append(Objection("instrument-withdrawn", told, RiskScreen.kind))
    return tuple(found)


def in_doubt(judged: Judgement, given: Mapping[str, Any], obstacles: Collection[str]) -> Judgement:
    """What answers mean that were given to another edition than the one that judges them: somebody looks
    today, since the same value may have meant something else there. As judged where they were not, or where
    nothing was answered."""
    if not given or CHANGED not in obstacles:
        return judged
    levels = {**judged.levels, CHANGED: Level.TODAY}
    level = worst(judged.level, Level.TODAY)
    return attrs.evolve(judged, level=level, levels=levels, alerts=(*judged.alerts, CHANGED))


def receiver(kit: Kit, instrument: Instrument | None) -> str | None:
    """The office that receives what an instrument finds; empty where none has to, None where it is off. Never
    raises: what cannot be found out now is asked of whoever is there."""
    if instrument is None:
        return ""
    try:
        return kit.net.shelf(kit).receiver(instrument)
    except Exception:  # noqa: BLE001  # the answer is stored, and that is what counts
        return KEEPER if instrument.pack else ""


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
            language=asked.language,
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
    Level.TALK: _(
        "Some answers are talked about here, with whoever asks. If that is left open for a day, or you "
        "answer by yourself, a supervisor is told."
    ),
    Level.TODAY: _("Some answers tell a supervisor, who looks at it before the day ends."),
    Level.NOW: _(
        "Some answers tell people of the program at once, one after the other, until somebody comes."
    ),
}
DECLINE = _("You may decline any question, or all of them. Support does not depend on it.")
THOUGHTS = _(
    "Many people have thoughts of suicide at times. Having them is not by itself a crisis. "
    "You can say what a crisis is for you, and what helps."
)
DECLINED = {
    Level.TALK: _("If you decline, whoever asks may talk about it with you."),
    Level.TODAY: _("If you decline, a supervisor may be told as well."),
    Level.NOW: _("If you decline, people of the program may be told at once as well."),
}
"""Where a rule counts declining."""

NEVER = _(
    "The software dials no number, and predicts nothing about you. "
    "What happens next is between you and people."
)


LOOKED_AT = {
    "supervisor": _("Your answers are looked at by a supervisor, whatever they are."),
    "on-call": _("Your answers are looked at by whoever is on call, whatever they are."),
    "coordinator": _("Your answers are looked at by whoever the coordinator asks to, whatever they are."),
}


def beforehand(
    instrument: Instrument | None,
    program: Program | None,
    *,
    languages: Iterable[str] = (),
    on_call: tuple[bool | None, ...] = (),
    receiver: str = "",
    short: bool = False,
    age_band: str | None = None,
) -> tuple[str, ...]:
    """What is shown before the first question, from the instrument's rules and the program's policy: which
    answers tell whom and how fast, that all may be declined and whom that tells, what a crisis is not, what
    is never done. In the first of these languages, then of the program's, that peerkit speaks; the policy in
    the program's own words.

    `on_call` holds whether somebody can be asked at this instant, where the caller has looked;
    `receiver` is the office that receives what it finds; `age_band` is the person's, where it is known.
    `short` leaves out all but who is told and that all may be declined.
    """
    # One that nobody knows alarms with any answer; one without rules with none.
    levels = (Level.NOW,) if instrument is None else which.levels_of(instrument, age_band)
    said: list[str] = [one for level in levels for one in _tells(instrument, level, age_band)]
    if Level.NOW in levels and not short:
        said += [fast(program), *(ON_CALL[one] for one in on_call)]
        if not all(on_call):
            said += [line_said(one) for one in in_force(program)[0]]
        if program is not None and program.uncovered:
            said.append(_("Hours in which nobody is there: {hours}.", hours=weekly(program.uncovered)))
    said += [LOOKED_AT[receiver]] if receiver in LOOKED_AT else []
    said.append(DECLINE)
    counts = Level.NONE if instrument is None else which.declining(instrument, age_band)
    said += [DECLINED[counts]] if counts in DECLINED else []
    if Level.NOW in levels and not short:
        said.append(THOUGHTS)
    if not short:
        said += [NEVER, *([program.policy] if program is not None and program.policy else [])]
    say = for_locale(*languages, *(program.languages if program is not None else ()))
    return tuple(say(one) for one in said)


def _tells(instrument: Instrument | None, level: Level, age_band: str | None) -> list[Message]:
    """Whom some answers tell, and which ones; nothing where only declining does."""
    if instrument is None:
        return [TELLS[level]]
    named = which.answers(instrument, level, age_band)
    return [joined([TELLS[level], _("These are: {answers}.", answers=named)])] if named else []


def fast(program: Program | None) -> Message:
    """How long whoever is asked first has, before the next one is asked."""
    path = program.path if program is not None and program.path else PATH
    return many(
        "Whoever is asked first has {n} minute to answer. Then the next one is asked.",
        "Whoever is asked first has {n} minutes to answer. Then the next one is asked.",
        path[0].minutes,
    )


def languages_of(kit: Kit, person: str) -> tuple[str, ...]:
    """The languages that a person said that they speak; none where that is not known, or cannot be read."""
    found = get(kit, Person, person)
    return () if found is None else found.languages


def themselves(kit: Kit, actor: Actor) -> str:
    """The person whose session it is, if they hold no role and so act for themselves; else blank. Never
    raises: what cannot be found out leaves a screen about somebody whom the program does not know."""
    if actor.is_system:
        return ""
    with suppress(Exception):
        held = kit._find_all(PeerSupporter.kind, about=("person", actor.person), state="active")
        if get(kit, Person, actor.person) is not None and not held:
            return actor.person if set(kit.grants(actor).roles) <= {"anyone"} else ""
    return ""


def age_band(kit: Kit, person: str) -> str | None:
    """The person's age band; None, which counts as youth, where it is not known."""
    found = get(kit, Person, person)
    return None if found is None else found.age_band
