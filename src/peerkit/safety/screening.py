# SPDX-License-Identifier: Apache-2.0
"""A screen with somebody: each answer durable at once, each alarm in the transaction of its answer."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.codec import dumps
from peerkit.errors import PeerkitError, Refused
from peerkit.levels import Level, worst
from peerkit.model.actor import Actor
from peerkit.model.base import Ref, ref
from peerkit.model.safety import Answer, RiskScreen
from peerkit.safety import asking, once, owing
from peerkit.safety.lane import (
    SAFETY,
    SCREEN,
    as_given,
    aware,
    derived,
    identified,
    kept,
    meant,
    something,
)
from peerkit.safety.next_steps import NextSteps
from peerkit.safety.raising import NOTHING, rise, send
from peerkit.safety.reading import get, named
from peerkit.safety.screen import NOT_ASKED, Screen
from peerkit.safety.waiting import Waiting, ended

if TYPE_CHECKING:
    from peerkit.kit import Kit

BEGUN, GONE_ON = "screen", "screen again"
"""What a run says to the lane of a screen: it is begun, or gone on with by its id."""


def screening(
    kit: Kit,
    actor: Actor,
    instrument: object,
    person: object = None,
    *,
    screen: str = "",
    occurred: datetime | None = None,
    language: str = "",
) -> Screening:
    """Begin a screen, or go on with the one of the id `screen`. Nothing refuses what was given.

    `instrument` is an id (`asq`); `person` may be unknown, or be left out: that is the person themselves in
    the session of somebody who holds no role, else somebody whom the program does not know. `occurred` is
    when it took place, if it is written down later. `language` is that of the words in which it is asked: it
    is kept, and the screen goes on in it (`Screening.language`). Where another one is said of a screen that
    goes on, its answers are taken, and a human is asked to look (`language-changed`). Raises UnsavedScreen if
    the store fails; and before any question Refused for an instrument that is off or withdrawn
    (`instrument-off`, `instrument-withdrawn`).
    """

    def begin() -> Screening | Refused:
        if something(screen):
            return _resumed(kit, actor, screen, instrument, person, language=language)
        return _begun(kit, actor, instrument, person, occurred=occurred, language=language)

    made = kept(kit, "screen", begin, _nobody_knows)
    if isinstance(made, Refused):
        with suppress(PeerkitError):
            kit.note_refusal(actor, made.objections, [(RiskScreen.kind, "", ("begin",))])
        raise made
    return made


def _nobody_knows() -> Level:
    return Level.NOW


def _begun(
    kit: Kit,
    actor: Actor,
    instrument: object,
    person: object,
    *,
    occurred: datetime | None = None,
    language: object = "",
    obstacles: tuple[str, ...] = (),
) -> Screening | Refused:
    """The screen; or what refuses to begin one, if nothing was asked yet."""
    person = asking.themselves(kit, actor) if person is None else person
    asked = asking.instrument_of(kit, instrument)
    odd = (*obstacles, *(("no-instant",) if occurred is not None and aware(occurred) is None else ()))
    asked = attrs.evolve(asked, obstacles=(*asked.obstacles, *odd)).within(language)
    run = once.current()
    earlier = [] if run is None else run.earlier(BEGUN)
    for said in earlier:
        held = get(kit, RiskScreen, said.id)
        alike = held is not None and _alike(held, actor, asked, person, aware(occurred))
        if run is not None and held is not None and alike and run.same(said, dated=held.occurred is not None):
            return Screening(kit, actor, held, asked)._follow(said.start)
    if occurred is None and not obstacles and (against := asking.against(asked)):
        return Refused(against)
    if run is not None and run.new(beside=earlier):
        asked = attrs.evolve(asked, obstacles=(*asked.obstacles, once.REUSED))
    made = _open(kit, actor, asked, person, aware(occurred))
    return made if run is None else made._follow(0)


def _alike(
    held: RiskScreen, actor: Actor, asked: asking.Asked, person: object, occurred: datetime | None
) -> bool:
    """Whether a screen was begun in these words."""
    instrument = asked.instrument.id if asked.instrument is not None else ""
    given = (actor.person, instrument, asked.language, identified(person), meant(person), occurred)
    return _words(held) == given


def _words(screen: RiskScreen) -> tuple[object, ...]:
    """In which words a screen was begun: who asked whom what, in which language, and when."""
    return (
        screen.holder,
        screen.instrument,
        screen.language,
        screen.person,
        screen.meant,
        screen.occurred,
    )


def _open(
    kit: Kit, actor: Actor, asked: asking.Asked, person: object, occurred: datetime | None
) -> Screening:
    screen = asking.begun(kit, actor, asked, person, occurred)
    now = kit.clock.now()
    waiting = Waiting.begin(now)
    with once.noting(BEGUN, screen.id) as marks:
        kit.write([screen], actor=actor, marks=[waiting.mark(screen.id), *marks])
    if screen.obstacles:
        owing.give(kit, actor, screen, now, [owing.Owed(owing.LOOK)])
    made = Screening(kit, actor, screen, asked)
    made._waiting = waiting
    return made


def _resumed(
    kit: Kit, actor: Actor, screen_id: str, instrument: object, person: object, *, language: object
) -> Screening | Refused:
    stored = get(kit, RiskScreen, identified(screen_id))
    if stored is None:
        odd = ("unknown-screen",)
        return _begun(kit, actor, instrument, person, language=language, obstacles=odd)
    if stored.instrument:
        asked = asking.instrument_of(kit, stored.instrument, stored.edition, stored.sha256)
    else:
        asked = asking.instrument_of(kit, instrument)
    asked = asked.within(language).going_on(stored.language)
    made = Screening(kit, actor, stored, asked)
    if (run := once.current()) is None:
        return made
    for said in run.earlier(GONE_ON):
        if said.id == stored.id and run.same(said):
            return made._follow(said.start)
    with once.noting(GONE_ON, stored.id, made._count) as marks:
        if marks:
            kit.write([], actor=actor, marks=marks)
    return made._follow(made._count)


def left_lying(kit: Kit, screen_id: str, now: datetime, *, behind: bool = False) -> bool:
    """What time makes of a screen that waits for something; False if a human is owed a look at it, and nobody
    could be given that. Called by delivery."""
    stored = get(kit, RiskScreen, screen_id)
    if stored is not None:
        asked = asking.instrument_of(kit, stored.instrument, stored.edition, stored.sha256)
        return Screening(kit, SAFETY, stored, asked).time_out(now, behind=behind)
    held = kit.storage.marks(SCREEN + screen_id).get(SCREEN + screen_id)
    waiting = Waiting.read(held, now)
    rising = NOTHING
    if waiting.pending:  # the screen itself cannot be read: the wait alone says that somebody must look
        person = "".join(named(kit, RiskScreen.kind, screen_id, "person"))
        rules = {one.rule: one.level for one in waiting.pending}
        level, id_ = worst(*rules.values()), derived(screen_id, f"alert:{person}")
        rising = rise(kit, id_, level, now, person=person, screen=screen_id, rules=rules, says=level)
    records = [rising.alert] if rising.alert is not None else []
    kit.write(records, actor=SAFETY, marks=[ended(screen_id), *rising.marks])
    send(kit, rising)
    return True


class Screening(Screen):
    """One screen in progress; several processes may go on with it by its `id`.

    `answer` never raises for content: what it cannot read, it stores as given, alarms, and returns the next
    steps. Only a failing store raises, UnsavedScreen, with the next steps in it.
    """

    def __init__(self, kit: Kit, actor: Actor, screen: RiskScreen, asked: asking.Asked) -> None:
        self._run: once.Once | None = None
        self._start = 0
        """From which answer on this run speaks."""
        self._past: list[Answer | None] = []
        """What it has said before, answer by answer; None for one that is gone."""
        self._repeated: list[tuple[object, Any, bool]] = []
        """What it has said again."""
        self._to_say: list[tuple[object, Any, bool]] = []
        """What is still to be said to the screen that it went over to."""
        super().__init__(kit, actor, screen, asked)

    @property
    def occurred(self) -> datetime | None:
        """When it took place, if it is written down later, as from paper; None where it is being asked."""
        return self._screen.occurred

    # -- acts ------------------------------------------------------------------------------------

    def answer(self, item: object, value: object) -> NextSteps | None:
        """Store one answer; the next steps, at once, if it concerns somebody.

        `value` as the instrument's item takes it; None is skipped, `"declined"` declined.
        """
        given, whole = as_given(value)
        return kept(
            self._kit,
            "answer",
            lambda: self._hear(item, given, whole=whole),
            lambda: self._judge({**self._given, self._key(item): given}).level,
            alone=self._alone,
        )

    def finish(self) -> NextSteps | None:
        """Say that nothing more is asked; the next steps, if anything concerns somebody."""
        return kept(self._kit, "end of the screen", self._finish, self._last_level, alone=self._alone)

    def move(self, person: Ref) -> NextSteps | None:
        """It was filed under the wrong person: file it, and its answers, under this one, who gets an alert of
        their own. The first alert stays until a human closes it. Refused for who may not."""
        from peerkit.safety.moving import move

        return move(self, ref(person))

    # -- what a run says again ---------------------------------------------------------------------

    def _follow(self, start: int) -> Screening:
        """Listen for what this run has said to the screen already, from this answer on."""
        self._run, self._start = once.current(), start
        self._past = [get(self._kit, Answer, self._answer_id(n)) for n in range(start, self._count)]
        return self

    def _read(self) -> None:
        super()._read()
        if self._run is not None and not self._to_say:  # somebody else says the same at the same time
            self._past = [get(self._kit, Answer, self._answer_id(n)) for n in range(self._start, self._count)]

    def _hear(self, item: object, given: Any, *, whole: bool) -> NextSteps | None:
        """Store an answer, unless it is one that this run has given before. Where its answers go another
        way, they are another screen's: the first one stays as it is."""
        if self._run is None:
            return self._answer(item, given, whole=whole)
        said = (item, given, whole)
        if not self._to_say and len(self._repeated) < len(self._past):
            if self._is_again(said) or self._is_of_another(said):
                return self._steps_again()
            self._go_over()
        while self._to_say:
            self._answer(self._to_say[0][0], self._to_say[0][1], whole=self._to_say[0][2])
            del self._to_say[0]
        self._run.new(beside=[])
        steps = self._answer(item, given, whole=whole)
        self._repeated.append(said)
        return steps

    def _is_again(self, said: tuple[object, Any, bool]) -> bool:
        """Whether it is the answer that this run gave here before; then it counts as said again."""
        if len(self._repeated) >= len(self._past):
            return False
        held, (item, given, whole) = self._past[len(self._repeated)], said
        now = self._record(item, self._key(item), given, self._count + 1, whole=whole)
        if held is None or held.item != now.item:
            return False
        if dumps([held.asked, held.value]) != dumps([now.asked, now.value]):
            return False
        self._repeated.append(said)
        return True

    def _steps_again(self) -> NextSteps | None:
        """What the last answer gave when it was stored: the next steps, if it concerned somebody."""
        keys = [self._key(item) for item, _, _ in self._repeated]
        keys = [f"{NOT_ASKED}{n}" if key.startswith(NOT_ASKED) else key for n, key in enumerate(keys, 1)]
        told = list(zip(keys, (value for _, value, _ in self._repeated), strict=True))
        before, level = self._judge(dict(told[:-1])).level, self._judge(dict(told)).level
        alone = self._judge(dict(told[-1:])).level
        concerns = level > before or (alone > Level.NONE and level > Level.NONE)
        return self._steps(NOTHING) if concerns else None

    def _is_of_another(self, said: tuple[object, Any, bool]) -> bool:
        """Whether another screen of this run, begun in the same words, went on like this; then it is that."""
        assert self._run is not None  # noqa: S101  # asked by `_hear`
        mine = self._screen
        for one in self._run.earlier(BEGUN) if not self._start else ():
            held = get(self._kit, RiskScreen, one.id)
            if held is None or _words(held) != _words(mine):
                continue
            other = Screening(self._kit, self._actor, held, asking.Asked(self._instrument, self._obstacles))
            other._follow(0)
            heard = all(other._is_again(each) for each in (*self._repeated, said))
            if heard and self._run.same(one, dated=held.occurred is not None):
                vars(self).update(vars(other))
                return True
        return False

    def _go_over(self) -> None:
        """Other words than the run said before: to a screen of their own, with what was said again so far."""
        assert self._run is not None  # noqa: S101  # asked by `_hear`
        self._past = []
        if self._start:  # somebody's screen, gone on with by its id: there is no other one to go to
            return
        self._run.earlier(BEGUN)
        held = self._screen
        odd = (*self._obstacles, once.REUSED)
        asked = asking.Asked(self._instrument, odd, held.language)
        made = _open(self._kit, self._actor, asked, held.person or held.meant, held.occurred)
        self._screen, self._waiting, self._count, self._given = made._screen, made._waiting, 0, {}
        self._level, self._rules = Level.NONE, frozenset()
        self._to_say = list(self._repeated)
