# SPDX-License-Identifier: Apache-2.0
"""One screen: each answer in a transaction of its own, with the alarm that it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from peerkit.errors import PeerkitError
from peerkit.instruments import Instrument, Judgement
from peerkit.instruments.answers import State, read
from peerkit.levels import Level, worst
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.safety import Alert, Answer, RiskScreen
from peerkit.ports import Mark
from peerkit.safety import asking, owing
from peerkit.safety.lane import LATE, SCREEN, as_given, derived, text_as_given, text_of, with_id
from peerkit.safety.next_steps import NextSteps
from peerkit.safety.owing import Owed
from peerkit.safety.raising import NOTHING, Rise, rise, send
from peerkit.safety.reading import decoded, get
from peerkit.safety.standing import anybody, told
from peerkit.safety.waiting import Pending, Waiting, ended, owed

if TYPE_CHECKING:
    from peerkit.kit import Kit

OF_ANSWERS = frozenset({asking.CHANGED, asking.OFF, asking.CHANGED_LANGUAGE})
"""Obstacles that stand beside each answer, too: the screen may have begun without them."""

LATE_ANSWER = "closed-screen"
"""The obstacle on an answer that came after the screen's end."""

NOT_ASKED = "\0"
"""In front of a number: stands for what an answer named that is no question of the instrument."""


def alert_id(screen: RiskScreen) -> str:
    """The id of a screen's one alert. A screen that was moved to another person has another one there."""
    return derived(screen.id, f"alert:{screen.first_for or screen.person}")


class Screen:
    """A screen as far as it went: what was answered, what that means, and what each further answer writes."""

    def __init__(self, kit: Kit, actor: Actor, screen: RiskScreen, asked: asking.Asked) -> None:
        self._kit = kit
        self._actor = actor
        self._screen = screen
        self._instrument: Instrument | None = asked.instrument
        self._obstacles = tuple(code for code in asked.obstacles if code in OF_ANSWERS)
        self._given: dict[str, Any] = {}
        self._count = 0
        self._late = False
        """Whether something was answered after its end."""
        self._owing = False
        """Whether a task about it could be given to nobody yet."""
        self._level = Level.NONE
        self._rules: frozenset[str] = frozenset()
        self._waiting: Waiting | None = None
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
    def person(self) -> str:
        """Whom it is about, by id; blank for somebody whom the program does not know."""
        return self._screen.person

    @property
    def alone(self) -> bool:
        """Whether the person answers by themselves, by their own account."""
        return self._alone

    @property
    def instrument(self) -> Instrument | None:
        """What is asked, in the edition that the screen began with and with the program's raised rules; None
        where nobody here knows it."""
        return self._instrument

    @property
    def language(self) -> str:
        """The language of the words in which it is asked; blank where nobody said it."""
        return self._screen.language

    @property
    def over(self) -> bool:
        """Whether it was finished, or left lying for so long that it was closed. It takes answers all the
        same, and a human is asked to look at those."""
        return self._over

    @property
    def answered(self) -> tuple[str, ...]:
        """The items that have been dealt with, skipped and declined ones too, in the order in which they were
        first. A further answer to one of them corrects it; no level falls by that."""
        return tuple(key for key in self._given if not key.startswith(NOT_ASKED))

    @property
    def next(self) -> tuple[str, ...]:
        """The items still to ask, in the form's order; empty where nobody knows the instrument."""
        return self._judge(self._given).next

    @property
    def before(self) -> tuple[str, ...]:
        """What is to be shown before the first question, in the language of the questions, else in the
        person's: which answers tell whom, how fast, whether somebody can be asked at this hour, that all of
        them may be declined, and what is never done."""
        return self.beforehand()

    def beforehand(self, *languages: str, short: bool = False) -> tuple[str, ...]:
        """`before` in the first of these languages that peerkit speaks, such as that of the questions.
        `short` is for who goes on: who is told, and that all may be declined."""
        person = self._screen.person
        return asking.beforehand(
            self._instrument,
            self._kit.net.fresh(self._kit).program,
            languages=(*languages, *filter(None, [self.language]), *asking.languages_of(self._kit, person)),
            on_call=(anybody(self._kit, person, self._screen.holder),),
            receiver=asking.receiver(self._kit, self._instrument) or "",
            short=short,
            age_band=self._age,
        )

    @property
    def steps(self) -> NextSteps | None:
        """What to do now, as it stands at this moment, if anything that was answered concerns somebody: for
        whoever goes on with it, since the steps that an answer gave may have been seen by nobody."""
        held = get(self._kit, Alert, alert_id(self._screen))
        if self._level is Level.NONE and (held is None or held.state == "closed"):
            return None
        return self._steps(NOTHING)

    @property
    def level(self) -> Level:
        """The highest level that the answers gave so far, or time made of them, whoever asked."""
        return self._level

    @property
    def _alone(self) -> bool:
        return bool(self._screen.person) and self._screen.person == self._actor.person

    def _answer(self, item: object, given: Any, *, whole: bool) -> NextSteps | None:
        since, _there = self._current()
        now, number = self._kit.clock.now(), self._count + 1
        key = self._key(item)
        answers = {**self._given, key: given}
        judged, alone = self._judge(answers, ended=self._over), self._judged({key: given})
        speaks = alone.level > Level.NONE or not self._rules.issuperset(judged.alerts)
        answer = self._record(item, key, given, number, whole=whole)
        rising = NOTHING
        if judged.level > self._level or (speaks and judged.level > Level.NONE):
            rising = self._rise(judged.level, judged.levels, now, says=alone.level)
        waiting = self._waits(now).after(judged.wait, self._answered(answers), now)
        records: list[Record] = [answer, *([rising.alert] if rising.alert is not None else [])]
        self._late = self._late or self._over
        marks = [*rising.marks, *([owed(self.id, now)] if self._over else self._marked(waiting))]
        try:
            self._write(records, marks, since)
        except BaseException:
            self._reload()
            raise
        self._given, self._count = answers, number
        self._waiting, self._rules = waiting, frozenset(judged.alerts)
        concerns = judged.level > self._level or speaks
        self._level = worst(self._level, judged.level)
        steps = self._steps(rising) if concerns and self._level > Level.NONE else None
        if self._give(self._owed(judged), now) and self._over:
            self._settled()
        return steps

    def _finish(self) -> NextSteps | None:
        since, there = self._anew()
        now = self._kit.clock.now()
        level, judged = self._at_end()
        rules = {**judged.levels, **{one.rule: one.level for one in self._open_waits(now)}}
        rising = self._rise(level, rules, now) if level > Level.NONE else NOTHING
        records: list[Record] = [rising.alert] if rising.alert is not None else []
        closing, tasks = self._screen, self._owed(judged)
        if not self._over and there:  # what was erased meanwhile is not written again
            closing = self._screen.abandon() if self._actor.is_system else self._screen.finish()
            records.append(closing)
        try:
            marks = [*rising.marks, owed(self.id, now) if tasks else ended(self.id)]
            self._write(records, marks, since)
        except BaseException:
            self._reload()
            raise
        self._level = worst(self._level, level)
        steps = self._steps(rising) if self._level > Level.NONE else None
        if self._give(tasks, now):
            self._settled()
        self._screen = closing
        return steps

    def time_out(self, now: datetime, *, behind: bool = False) -> bool:
        """What time alone makes of it: raised where a question stayed open for too long, abandoned where
        nobody went on; False if it owes somebody a task that nobody could be given. Called by delivery; no
        more than `finish` it lowers anything. With a clock that is `behind` nobody knows how long a question
        stayed open: long enough."""
        since, _there = self._anew()
        waiting = self._waits(now)
        if now >= waiting.idle or not waiting.pending or waiting.from_future(now):
            self._finish()
            return not self._owing
        due = [one for one in waiting.pending if behind or now >= one.until]
        level = worst(*(one.level for one in due))
        rising = self._rise(level, {one.rule: one.level for one in due}, now)
        left = tuple(one for one in waiting.pending if one not in due)
        marks = [Waiting(waiting.since, waiting.idle, left).mark(self.id), *rising.marks]
        records = [rising.alert] if rising.alert is not None else []
        self._write(records, marks, since)
        send(self._kit, rising)
        return True

    # -- parts of an act -------------------------------------------------------------------------

    def _current(self) -> tuple[int, bool]:
        """Read whom it is about now, since another process may have moved it, or joined their record with
        another: where the feed stood before, and whether there is anything to read."""
        since = self._kit.feed.look()
        found = get(self._kit, RiskScreen, self.id)
        if found is not None:
            self._stands(found)
        return since, found is not None

    def _anew(self) -> tuple[int, bool]:
        """As `_current`, and what others have answered: for what speaks of all answers, and adds none."""
        found = self._current()
        self._read()
        return found

    def _stands(self, screen: RiskScreen) -> None:
        if screen.person != self._screen.person:
            self._age = asking.age_band(self._kit, screen.person)
        self._screen = screen

    def _write(self, records: Sequence[Record], marks: Sequence[Mark], since: int) -> None:
        """Write it, unless the screen itself was changed since, and may be about somebody else now, or was
        answered by others: a wait of theirs would be lost, and an end would not know of it."""
        mine = frozenset({(RiskScreen.kind, self.id), (Answer.kind, self._answer_id(self._count))})
        self._kit.write(records, actor=self._actor, marks=marks, seen=(mine, since))

    @property
    def _over(self) -> bool:
        return self._screen.state != "open"

    def _key(self, item: object) -> str:
        name = text_of(item)
        if name is not None and self._instrument is not None and name in self._instrument.by_id:
            return name
        return f"{NOT_ASKED}{self._count + 1}"

    def _record(self, item: object, key: str, given: Any, number: int, *, whole: bool) -> Answer:
        unknown = key.startswith(NOT_ASKED)
        asked, named = as_given(item) if text_of(item) is None else text_as_given(item)
        codes = [*self._obstacles, *(("unknown-item",) if unknown else ())]
        codes += [LATE_ANSWER] if self._over else []
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
        self, level: Level, rules: Mapping[str, Level], now: datetime, *, says: Level = Level.NONE
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
            rules=rules,
            known=self._rules,
            says=says,
            heard=self._actor.person,
            present="" if self._actor.is_system else screen.holder,
            found_late=late,
        )

    def _last_level(self) -> Level:
        """The level that it has when nothing more is asked: also where it cannot be written any more."""
        try:
            return worst(self._level, self._at_end()[0])
        except Exception:  # noqa: BLE001  # the store fails: what is known without it counts
            return worst(self._level, self._judge(self._given, ended=True).level)

    def _at_end(self) -> tuple[Level, Judgement]:
        judged = self._judge(self._given, ended=True)
        left = self._open_waits(self._kit.clock.now())
        return worst(judged.level, *(one.level for one in left)), judged

    def _open_waits(self, now: datetime) -> tuple[Pending, ...]:
        """The waits that no answer ended."""
        return self._waits(now).after(None, self._answered(self._given), now).pending

    def _owed(self, judged: Judgement) -> list[Owed]:
        """The tasks that a human is owed."""
        against = [*self._obstacles, *([LATE_ANSWER] if self._late else [])] if self._given else []
        return owing.owed(self._screen, judged, against) + self._result(judged)

    def _result(self, judged: Judgement) -> list[Owed]:
        """What whoever receives what the instrument finds is owed, once something was answered."""
        return owing.result(self._kit, self._screen, self._instrument, judged) if self._given else []

    def _give(self, tasks: list[Owed], now: datetime) -> bool:
        """Give the tasks; whether each of them has somebody."""
        self._owing = not owing.give(self._kit, self._actor, self._screen, now, tasks)
        return not self._owing

    def _settled(self) -> None:
        """Nobody is owed anything any more. What cannot be written is done again by delivery."""
        with suppress(PeerkitError):
            self._kit.write([], marks=[ended(self.id)])

    def _judge(self, answers: Mapping[str, Any], *, ended: bool = False) -> Judgement:
        """What all of it means, also that another edition was asked."""
        return asking.in_doubt(self._judged(answers, ended=ended), answers, self._obstacles)

    def _judged(self, answers: Mapping[str, Any], *, ended: bool = False) -> Judgement:
        """What the answers say by themselves."""
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
        standing = told(self._kit, rising, self._level, alert, author=holder, reader=self._actor.person)
        about = self._screen.person
        return self._kit.net.steps(self._kit, standing, about=about, reader=self._actor, alone=self._alone)

    def _reload(self) -> None:
        """As `_read`. Where the store fails: what raised before says so."""
        with suppress(Exception):
            self._read()

    def _read(self) -> None:
        """Read what is stored: somebody else may have gone on with the screen."""
        stored = get(self._kit, RiskScreen, self.id)
        if stored is not None:
            self._stands(stored)
        given: dict[str, Any] = {}
        number, late = 0, False
        while (one := self._kit.storage.get(Answer.kind, self._answer_id(number))) is not None:
            number += 1
            made = decoded(self._kit, Answer, one)
            if made is not None:  # an erased answer has alarmed already
                given[made.item or f"{NOT_ASKED}{number}"] = made.value
                late = late or LATE_ANSWER in made.obstacles
        alert = get(self._kit, Alert, alert_id(self._screen))
        self._given, self._count, self._waiting, self._late = given, number, None, late
        judged, held = self._judge(given, ended=self._over), Level(alert.level) if alert else Level.NONE
        self._level, self._rules = worst(self._level, judged.level, held), frozenset(judged.alerts)
