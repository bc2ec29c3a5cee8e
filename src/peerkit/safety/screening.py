# SPDX-License-Identifier: Apache-2.0
"""A screen with somebody: each answer durable at once, each alarm in the transaction of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from peerkit.codec import dumps
from peerkit.errors import PeerkitError
from peerkit.instruments import Instrument, Judgement
from peerkit.instruments.answers import State, read
from peerkit.levels import Level, worst
from peerkit.model.actor import Actor
from peerkit.model.base import Record, Ref, ref
from peerkit.model.safety import Answer, RiskScreen
from peerkit.ports import Mark
from peerkit.safety import asking, once
from peerkit.safety.lane import (
    LATE,
    SAFETY,
    SCREEN,
    as_given,
    aware,
    derived,
    identified,
    kept,
    meant,
    text_as_given,
    with_id,
)
from peerkit.safety.next_steps import NextSteps
from peerkit.safety.raising import NOTHING, Rise, rise, send
from peerkit.safety.reading import decoded, get, named
from peerkit.safety.standing import told
from peerkit.safety.waiting import Waiting, ended

if TYPE_CHECKING:
    from peerkit.kit import Kit

NOT_ASKED = "\0"
"""In front of a number: stands for what an answer named that is no question of the instrument."""


BEGUN, GONE_ON = "screen", "screen again"
"""What a run says to the lane of a screen: it is begun, or gone on with by its id."""


def alert_id(screen: RiskScreen) -> str:
    """The id of a screen's one alert. A screen that was moved to another person has another one there."""
    return derived(screen.id, f"alert:{screen.first_for or screen.person}")


def screening(
    kit: Kit,
    actor: Actor,
    instrument: object,
    person: object = None,
    *,
    screen: str = "",
    occurred: datetime | None = None,
) -> Screening:
    """Begin a screen, or go on with the one of the id `screen`. Nothing refuses it.

    `instrument` is an id (`asq`); `person` may be left out, or be unknown; `occurred` is when it took place,
    if it is written down later. Raises UnsavedScreen if the store fails.
    """
    if screen:
        return kept(kit, "screen", lambda: _resumed(kit, actor, screen, instrument, person), _nobody_knows)
    return kept(
        kit, "screen", lambda: _begun(kit, actor, instrument, person, occurred=occurred), _nobody_knows
    )


def _nobody_knows() -> Level:
    return Level.NOW


def _begun(
    kit: Kit,
    actor: Actor,
    instrument: object,
    person: object,
    *,
    occurred: datetime | None = None,
    obstacles: tuple[str, ...] = (),
) -> Screening:
    asked = asking.instrument_of(kit, instrument)
    odd = (*obstacles, *(("no-instant",) if occurred is not None and aware(occurred) is None else ()))
    asked = asking.Asked(asked.instrument, (*asked.obstacles, *odd))
    if (run := once.current()) is not None:
        earlier = run.earlier(BEGUN)
        for said in earlier:
            held = get(kit, RiskScreen, said.id)
            alike = held is not None and _alike(held, actor, asked, person, aware(occurred))
            if held is not None and alike and run.same(said, dated=held.occurred is not None):
                return Screening(kit, actor, held, asked)._follow(said.start)
        if run.new(beside=earlier):
            asked = asking.Asked(asked.instrument, (*asked.obstacles, once.REUSED))
    made = _open(kit, actor, asked, person, aware(occurred))
    return made if run is None else made._follow(0)


def _alike(
    held: RiskScreen, actor: Actor, asked: asking.Asked, person: object, occurred: datetime | None
) -> bool:
    """Whether a screen was begun in these words."""
    instrument = asked.instrument.id if asked.instrument is not None else ""
    return _words(held) == (actor.person, instrument, identified(person), meant(person), occurred)


def _words(screen: RiskScreen) -> tuple[object, ...]:
    """In which words a screen was begun: who asked whom what, and when."""
    return (screen.holder, screen.instrument, screen.person, screen.meant, screen.occurred)


def _open(
    kit: Kit, actor: Actor, asked: asking.Asked, person: object, occurred: datetime | None
) -> Screening:
    screen = asking.begun(kit, actor, asked, person, occurred)
    now = kit.clock.now()
    waiting = Waiting.begin(now)
    run = once.current()
    kept_by = run.note(BEGUN, screen.id) if run is not None else ()
    kit.write([screen], actor=actor, marks=[waiting.mark(screen.id), *kept_by])
    if screen.obstacles:
        asking.give(kit, actor, screen, now, {asking.LOOK: ""})
    made = Screening(kit, actor, screen, asked)
    made._waiting = waiting
    return made


def _resumed(kit: Kit, actor: Actor, screen_id: str, instrument: object, person: object) -> Screening:
    stored = get(kit, RiskScreen, identified(screen_id))
    if stored is None:
        return _begun(kit, actor, instrument, person, obstacles=("unknown-screen",))
    if stored.instrument:
        asked = asking.instrument_of(kit, stored.instrument, stored.edition, stored.sha256)
    else:
        asked = asking.instrument_of(kit, instrument)
    made = Screening(kit, actor, stored, asked)
    if (run := once.current()) is None:
        return made
    for said in run.earlier(GONE_ON):
        if said.id == stored.id and run.same(said):
            return made._follow(said.start)
    if marks := run.note(GONE_ON, stored.id, made._count):
        kit.write([], actor=actor, marks=marks)
    return made._follow(made._count)


def left_lying(kit: Kit, screen_id: str, now: datetime) -> None:
    """What time makes of a screen that waits for something. Called by delivery."""
    stored = get(kit, RiskScreen, screen_id)
    if stored is not None:
        asked = asking.instrument_of(kit, stored.instrument, stored.edition, stored.sha256)
        Screening(kit, SAFETY, stored, asked).time_out(now)
        return
    held = kit.storage.marks(SCREEN + screen_id).get(SCREEN + screen_id)
    waiting = Waiting.read(held, now)
    rising = NOTHING
    if waiting.pending:  # the screen itself cannot be read: the wait alone says that somebody must look
        person = "".join(named(kit, RiskScreen.kind, screen_id, "person"))
        level = worst(*(one.level for one in waiting.pending))
        id_ = derived(screen_id, f"alert:{person}")
        rising = rise(kit, id_, level, now, person=person, screen=screen_id)
    records = [rising.alert] if rising.alert is not None else []
    kit.write(records, actor=SAFETY, marks=[ended(screen_id), *rising.marks])
    send(kit, rising)


class Screening:
    """One screen in progress; several processes may go on with it by its `id`.

    `answer` never raises for content: what it cannot read, it stores as given, alarms, and returns the next
    steps. Only a failing store raises, UnsavedScreen, with the next steps in it.
    """

    def __init__(self, kit: Kit, actor: Actor, screen: RiskScreen, asked: asking.Asked) -> None:
        self._kit = kit
        self._actor = actor
        self._screen = screen
        self._instrument: Instrument | None = asked.instrument
        self._obstacles = tuple(code for code in asked.obstacles if code == "instrument-changed")
        self._given: dict[str, Any] = {}
        self._count = 0
        self._level = Level.NONE
        self._rules: frozenset[str] = frozenset()
        self._waiting: Waiting | None = None
        self._run: once.Once | None = None
        self._start = 0
        """From which answer on this run speaks."""
        self._past: list[Answer | None] = []
        """What it has said before, answer by answer; None for one that is gone."""
        self._repeated: list[tuple[object, Any, bool]] = []
        """What it has said again."""
        self._to_say: list[tuple[object, Any, bool]] = []
        """What is still to be said to the screen that it went over to."""
        self._age = asking.age_band(kit, screen.person)
        if screen.version:
            self._reload()

    def __repr__(self) -> str:
        return f"<Screening {self.id} {self._screen.instrument} answers={self._count}>"

    @property
    def id(self) -> str:
        """The screen's id, with which another process may go on."""
        return self._screen.id

    @property
    def next(self) -> tuple[str, ...]:
        """The items still to ask, in the form's order; empty where nobody knows the instrument."""
        return self._judge(self._given).next

    @property
    def before(self) -> tuple[str, ...]:
        """What is to be shown before the first question: which answers tell whom, how fast, and that all of
        them may be declined."""
        return asking.beforehand(self._instrument, self._kit.net.fresh(self._kit).program)

    @property
    def level(self) -> Level:
        """The highest level that the answers gave so far."""
        return self._level

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
        return kept(self._kit, "end of the screen", self._finish, lambda: self._level, alone=self._alone)

    def move(self, person: Ref) -> NextSteps | None:
        """It was filed under the wrong person: file it, and its answers, under this one, who gets an alert of
        their own. The first alert stays until a human closes it. Refused for who may not."""
        from peerkit.safety.moving import move

        return move(self, ref(person))

    @property
    def _alone(self) -> bool:
        return bool(self._screen.person) and self._screen.person == self._actor.person

    # -- what a run says again ---------------------------------------------------------------------

    def _follow(self, start: int) -> Screening:
        """Listen for what this run has said to the screen already, from this answer on."""
        self._run, self._start = once.current(), start
        self._past = [get(self._kit, Answer, self._answer_id(n)) for n in range(start, self._count)]
        return self

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
        held, asked = self._screen, asking.Asked(self._instrument, (*self._obstacles, once.REUSED))
        made = _open(self._kit, self._actor, asked, held.person or held.meant, held.occurred)
        self._screen, self._waiting, self._count, self._given = made._screen, made._waiting, 0, {}
        self._level, self._rules = Level.NONE, frozenset()
        self._to_say = list(self._repeated)

    def _answer(self, item: object, given: Any, *, whole: bool) -> NextSteps | None:
        now, number = self._kit.clock.now(), self._count + 1
        key = self._key(item)
        answers = {**self._given, key: given}
        judged = self._judge(answers, ended=self._over)
        alone = judged if len(answers) == 1 else self._judge({key: given})
        speaks = alone.level > Level.NONE or not self._rules.issuperset(judged.alerts)
        answer = self._record(item, key, given, number, whole=whole)
        rising = NOTHING
        if judged.level > self._level or (speaks and judged.level > Level.NONE):
            rising = self._rise(judged.level, judged, now, speaks=speaks)
        waiting = self._waits(now).after(judged.wait, self._answered(answers), now)
        records: list[Record] = [answer, *([rising.alert] if rising.alert is not None else [])]
        marks = [*rising.marks, *([] if self._over else self._marked(waiting))]
        try:
            self._kit.write(records, actor=self._actor, marks=marks)
        except BaseException:
            self._reload()
            raise
        self._given, self._count = answers, number
        self._waiting, self._rules = waiting, frozenset(judged.alerts)
        concerns = judged.level > self._level or speaks
        self._level = worst(self._level, judged.level)
        steps = self._steps(rising) if concerns and self._level > Level.NONE else None
        self._give_tasks(judged, now)
        return steps

    def _finish(self) -> NextSteps | None:
        now = self._kit.clock.now()
        found = get(self._kit, RiskScreen, self.id)
        self._screen = found or self._screen
        level, judged = self._at_end()
        rising = self._rise(level, judged, now, speaks=False) if level > Level.NONE else NOTHING
        records: list[Record] = [rising.alert] if rising.alert is not None else []
        closing, tasks = self._screen, self._owed(judged)
        if not self._over and found is not None:  # what was erased meanwhile is not written again
            closing = self._screen.abandon() if self._actor.is_system else self._screen.finish()
            records.append(closing)
        try:
            marks = [*rising.marks, *([] if tasks else [ended(self.id)])]
            self._kit.write(records, actor=self._actor, marks=marks)
        except BaseException:
            self._reload()
            raise
        self._level = worst(self._level, level)
        steps = self._steps(rising) if self._level > Level.NONE else None
        if tasks and asking.give(self._kit, self._actor, self._screen, now, tasks):
            with suppress(PeerkitError):  # what the mark still waits for is done again by delivery
                self._kit.write([], marks=[ended(self.id)])
        self._screen = closing
        return steps

    def time_out(self, now: datetime) -> None:
        """What time alone makes of it: raised where a question stayed open for too long, abandoned where
        nobody went on. Called by delivery; no more than `finish` it lowers anything."""
        waiting = self._waits(now)
        if now >= waiting.idle or not waiting.pending or waiting.since > now + timedelta(minutes=5):
            self._finish()
            return
        due = [one for one in waiting.pending if now >= one.until]
        level = worst(*(one.level for one in due))
        judged = self._judge(self._given, ended=True)
        rules = tuple(one.rule for one in due)
        rising = self._rise(level, judged, now, speaks=False, rules=rules)
        left = [one for one in waiting.pending if now < one.until]
        marks = [Waiting(waiting.since, waiting.idle, tuple(left)).mark(self.id), *rising.marks]
        records = [rising.alert] if rising.alert is not None else []
        self._kit.write(records, actor=self._actor, marks=marks)
        send(self._kit, rising)

    # -- parts of an act -------------------------------------------------------------------------

    @property
    def _over(self) -> bool:
        return self._screen.state != "open"

    def _key(self, item: object) -> str:
        known = isinstance(item, str) and self._instrument is not None and item in self._instrument.by_id
        return str(item) if known else f"{NOT_ASKED}{self._count + 1}"

    def _record(self, item: object, key: str, given: Any, number: int, *, whole: bool) -> Answer:
        unknown = key.startswith(NOT_ASKED)
        asked, named = text_as_given(item) if isinstance(item, str) else as_given(item)
        codes = [*self._obstacles, *(("unknown-item",) if unknown else ())]
        codes += ["closed-screen"] if self._over else []
        codes += [] if whole and (named or not unknown) else ["no-json"]
        return with_id(
            self._answer_id(number - 1),
            lambda: Answer.give(
                screen=self.id,
                number=number,
                person=self._screen.person,
                item="" if unknown else key,
                asked=asked if unknown else None,
                value=given,
                obstacles=tuple(codes),
            ),
        )

    def _answer_id(self, before: int) -> str:
        """The id of the answer that comes after so many others."""
        return derived(self.id, f"answer:{before + 1}")

    def _rise(
        self, level: Level, judged: Judgement, now: datetime, *, speaks: bool, rules: tuple[str, ...] = ()
    ) -> Rise:
        screen = self._screen
        late = screen.occurred is not None and now - screen.occurred > LATE
        return rise(
            self._kit,
            alert_id(screen),
            level,
            now,
            person=screen.person,
            screen=screen.id,
            rules=(*judged.alerts, *rules),
            present="" if self._actor.is_system else screen.holder,
            found_late=late,
            speaks=speaks,
        )

    def _at_end(self) -> tuple[Level, Judgement]:
        judged = self._judge(self._given, ended=True)
        now = self._kit.clock.now()
        left = self._waits(now).after(None, self._answered(self._given), now).pending
        return worst(judged.level, *(one.level for one in left)), judged

    def _owed(self, judged: Judgement) -> dict[str, str]:
        """The tasks that a human is owed, by their name, with what tells two of one name apart."""
        tasks = {f"screen-{todo.rule}": todo.rule for todo in judged.tasks}
        return tasks | ({asking.LOOK: ""} if self._screen.obstacles else {})

    def _give_tasks(self, judged: Judgement, now: datetime) -> None:
        tasks = {asking.LOOK: "closed-screen"} if self._over else self._owed(judged)
        if tasks:
            asking.give(self._kit, self._actor, self._screen, now, tasks)

    def _judge(self, answers: Mapping[str, Any], *, ended: bool = False) -> Judgement:
        if self._instrument is None:
            return asking.UNKNOWN if answers else Judgement(level=Level.NONE)
        return self._instrument.judge(answers, ended=ended, age_band=self._age)

    def _answered(self, answers: Mapping[str, Any]) -> tuple[str, ...]:
        items = self._instrument.by_id if self._instrument is not None else {}
        return tuple(
            key
            for key, value in answers.items()
            if key in items and read(items[key].answers, value).state is State.ANSWERED
        )

    def _waits(self, now: datetime) -> Waiting:
        if self._waiting is None:
            name = SCREEN + self.id
            held = self._kit.storage.marks(name).get(name)
            self._waiting = Waiting.begin(now) if held is None else Waiting.read(held, now)
        return self._waiting

    def _marked(self, waiting: Waiting) -> list[Mark]:
        return [] if waiting == self._waiting else [waiting.mark(self.id)]

    def _steps(self, rising: Rise) -> NextSteps:
        """The one attempt to send, if it is urgent; and the next steps."""
        alert, holder = alert_id(self._screen), self._screen.holder
        standing = told(self._kit, rising, self._level, alert, author=holder)
        return self._kit.net.steps(self._kit, standing, alone=self._alone)

    def _reload(self) -> None:
        """Read what is stored: somebody else may have gone on with the screen."""
        try:
            stored = get(self._kit, RiskScreen, self.id)
            self._screen = self._screen if stored is None else stored
            given: dict[str, Any] = {}
            number = 0
            while (
                one := self._kit.storage.get(Answer.kind, derived(self.id, f"answer:{number + 1}"))
            ) is not None:
                number += 1
                made = decoded(self._kit, Answer, one)
                if made is not None:  # an erased answer has alarmed already
                    given[made.item or f"{NOT_ASKED}{number}"] = made.value
        except Exception:  # noqa: BLE001  # the store fails: what raised before says so
            return
        self._given, self._count, self._waiting = given, number, None
        if self._run is not None and not self._to_say:  # somebody else says the same at the same time
            self._past = [get(self._kit, Answer, self._answer_id(n)) for n in range(self._start, number)]
        judged = self._judge(given, ended=self._over)
        self._level, self._rules = worst(self._level, judged.level), frozenset(judged.alerts)
