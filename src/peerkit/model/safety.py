# SPDX-License-Identifier: Apache-2.0
"""The safety lane's records: screens and their answers, concerns, alerts, what was done about them.

They are made by `peerkit.safety` alone, never by `save`; every act here is one transaction of its own.
Whatever an alert needs in order to climb stands in operational fields, so that a program that cannot
read a body any more still knows that a human is waited for. Nothing here is a statement about how
somebody is: a level says who must know, and how soon.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

import attrs

from peerkit.model.acts import act
from peerkit.model.base import Operational, Record, Ref, Safety, record, ref
from peerkit.model.decision import Decision
from peerkit.model.ids import reference
from peerkit.model.response import NEEDS, REASONS, Action, Need, SafetyResponse
from peerkit.model.sending import Delivery, Drill

__all__ = [
    "NEEDS",
    "REASONS",
    "Action",
    "Alert",
    "Answer",
    "Concern",
    "Delivery",
    "Drill",
    "Need",
    "RiskScreen",
    "SafetyResponse",
]


@record(
    "risk_screen",
    """
    of  from  act     to         who     strength
    -   -     begin   open       anyone  none
    -   *     finish  finished   anyone  none
    -   *     abandon abandoned  kit     none
    -   *     move    =          anyone  none
    """,
    subjects="person holder screen",
    lane=True,
)
class RiskScreen(Record):
    """A screen with somebody. Its answers are records of their own; nothing is computed into it.

    `holder` is whoever asks (the person themselves, if they answer alone). `instrument`, `edition` and
    `sha256` say what was asked; `obstacles` what would have refused any other record, as codes.
    `language` is that of the words in which it is asked, blank where nobody said it: a form on paper, or a
    screen begun before this was kept. `occurred` is when it took place, if that was not now. `meant` is what
    was given for the person where it was no id.
    """

    person: Operational[str] = ""
    holder: Operational[str] = ""
    instrument: Operational[str] = ""
    edition: Operational[str] = ""
    sha256: Operational[str] = ""
    language: Operational[str] = ""
    occurred: Operational[datetime | None] = None
    obstacles: Operational[tuple[str, ...]] = ()
    meant: Safety[str] = ""
    screen: Operational[str] = ""
    """Its own id, as on its answers: by that it opens to who was told of its alert (the role `alerted`)."""
    first_for: Operational[str] = ""
    """Whom it was about when its alert was made, where two records of them were joined since: the alert goes
    by that."""
    state: Operational[str] = "open"

    def carried(self, away: str, to: str, stood: int) -> Self:
        """It keeps its one alert."""
        first = self.first_for or (away if away == self.person else "")
        return attrs.evolve(self, first_for="" if first == to else first)

    @classmethod
    @act
    def begin(
        cls,
        *,
        person: str,
        holder: str,
        instrument: str,
        edition: str = "",
        sha256: str = "",
        language: str = "",
        occurred: datetime | None = None,
        obstacles: tuple[str, ...] = (),
        meant: str = "",
        by: Decision | None = None,
    ) -> Self:
        """The first question is about to be asked."""
        made = cls(
            person=person,
            holder=holder,
            instrument=instrument,
            edition=edition,
            sha256=sha256,
            language=language,
            occurred=occurred,
            obstacles=obstacles,
            meant=meant,
        )
        return attrs.evolve(made, screen=made.id)

    @act
    def finish(self, *, by: Decision | None = None) -> Self:
        """Nothing more is asked. Later answers are taken all the same."""
        return self

    @act
    def abandon(self, *, by: Decision | None = None) -> Self:
        """Nobody went on with it; what was answered stands, and has alerted already."""
        return self

    @act
    def move(self, *, person: Ref, by: Decision | None = None) -> Self:
        """It was filed under the wrong person."""
        return attrs.evolve(self, person=ref(person), first_for="")


@record(
    "answer",
    """
    of  from  act   to  who     strength
    -   -     give  =   anyone  none
    -   *     move  =   anyone  none
    """,
    subjects="person screen",
    lane=True,
)
class Answer(Record):
    """One answer, as it was given. It only adds: a correction is a further answer to the same item.

    `value` is JSON as it came, unreadable or not. `item` is empty where the instrument has no such
    question; then `asked` holds what was named instead. `number` counts the screen's answers from 1.
    """

    screen: Operational[str]
    number: Operational[int]
    person: Operational[str] = ""
    item: Operational[str] = ""
    asked: Safety[Any] = None
    value: Safety[Any] = None
    obstacles: Operational[tuple[str, ...]] = ()

    @classmethod
    @act
    def give(
        cls,
        *,
        screen: str,
        number: int,
        person: str = "",
        item: str = "",
        asked: Any = None,
        value: Any = None,
        obstacles: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """An answer is given."""
        return cls(
            screen=screen,
            number=number,
            person=person,
            item=item,
            asked=asked,
            value=value,
            obstacles=obstacles,
        )

    @act
    def move(self, *, person: Ref, by: Decision | None = None) -> Self:
        """Its screen was filed under the wrong person."""
        return attrs.evolve(self, person=ref(person))


@record(
    "concern",
    """
    of  from  act     to       who     strength
    -   -     voice   open     anyone  none
    -   open  settle  settled  anyone  none
    """,
    subjects="about author names",
    lane=True,
)
class Concern(Record):
    """Somebody is worried: anybody, with or without an account, about anybody.

    `about` is the person it is about, if the program knows them; `names` the people who work here that
    it is about (a complaint about a supporter, a conflict): they are off the escalation path, and their
    access rests, until a human settles it. The author is shown to nobody whom the concern is about. `meant`
    is what was given for any of them where it was no id.
    """

    words: Safety[str] = ""
    meant: Safety[str] = ""
    about: Operational[str] = ""
    author: Operational[str] = ""
    names: Operational[tuple[str, ...]] = ()
    occurred: Operational[datetime | None] = None
    obstacles: Operational[tuple[str, ...]] = ()
    outcome: Safety[str] = ""
    state: Operational[str] = "open"

    @classmethod
    @act
    def voice(
        cls,
        *,
        words: str,
        about: str = "",
        author: str = "",
        names: tuple[str, ...] = (),
        occurred: datetime | None = None,
        obstacles: tuple[str, ...] = (),
        meant: str = "",
        by: Decision | None = None,
    ) -> Self:
        """A worry is said."""
        return cls(
            words=words,
            meant=meant,
            about=about,
            author=author,
            names=names,
            occurred=occurred,
            obstacles=obstacles,
        )

    @act
    def settle(self, *, outcome: str = "", by: Decision | None = None) -> Self:
        """A human has decided: those named are where they were before, or their roles were ended."""
        return attrs.evolve(self, outcome=outcome)


@record(
    "alert",
    """
    of  from                      act          to            who     strength
    -   -                         open         open          anyone  none
    -   *                         raise_level  open          anyone  none
    -   open                      climb        open          kit     none
    -   open                      acknowledge  acknowledged  anyone  none
    -   open,acknowledged,acting  cannot       open          anyone  none
    -   acknowledged,acting       act_on       acting        anyone  none
    -   acknowledged              lapse        open          kit     none
    -   acting                    remind       acting        kit     none
    -   acting                    close        closed        anyone  none
    """,
    subjects="person holder told",
    lane=True,
)
class Alert(Record):
    """Somebody must know. Open until a human acknowledged it, acted, and closed it.

    `level` is talk, today or now. `due` is when it climbs next, or resumes, or reminds; `since` when that
    wait began. `step` counts the rungs of the escalation path from 0 (-1: not climbed yet), `round` how
    often it began anew, `rung` the role now asked; `asked` are the humans now asked, `told` all who ever
    were. `unable` said that they cannot come. `skipped` are the rungs passed over, as `role:reason`.
    `reference` is what a notice may carry: random, it tells nothing.
    """

    level: Operational[str]
    person: Operational[str] = ""
    screen: Operational[str] = ""
    concern: Operational[str] = ""
    reference: Operational[str] = attrs.field(factory=reference)
    rules: Safety[tuple[str, ...]] = ()
    step: Operational[int] = -1
    round: Operational[int] = 0
    climbs: Operational[int] = 0
    rung: Operational[str] = ""
    asked: Operational[tuple[str, ...]] = ()
    told: Operational[tuple[str, ...]] = ()
    skipped: Operational[tuple[str, ...]] = ()
    unable: Operational[tuple[str, ...]] = ()
    holder: Operational[str] = ""
    due: Operational[datetime | None] = None
    since: Operational[datetime | None] = None
    found_late: Operational[bool] = False
    state: Operational[str] = "open"

    @classmethod
    @act
    def open(
        cls,
        *,
        level: str,
        person: str,
        since: datetime,
        due: datetime,
        screen: str = "",
        concern: str = "",
        rules: tuple[str, ...] = (),
        asked: tuple[str, ...] = (),
        found_late: bool = False,
        by: Decision | None = None,
    ) -> Self:
        """It begins. `asked` is given where the first step is there already: who holds the screen."""
        return cls(
            level=level,
            person=person,
            screen=screen,
            concern=concern,
            rules=rules,
            step=0 if asked else -1,
            rung="holder" if asked else "",
            asked=asked,
            told=asked,
            found_late=found_late,
            since=since,
            due=due,
        )

    @act
    def raise_level(
        self, *, level: str, since: datetime, rules: tuple[str, ...] = (), by: Decision | None = None
    ) -> Self:
        """A later answer says that it is more urgent, or speaks again after it was closed: it starts anew."""
        return attrs.evolve(
            self,
            level=level,
            rules=tuple(dict.fromkeys((*self.rules, *rules))),
            step=-1,
            round=0,
            rung="",
            asked=(),
            unable=(),
            holder="",
            since=since,
            due=since,
        )

    @act
    def climb(
        self,
        *,
        step: int,
        round: int,
        rung: str,
        asked: tuple[str, ...],
        skipped: tuple[str, ...],
        since: datetime,
        due: datetime,
        by: Decision | None = None,
    ) -> Self:
        """The next rung is asked. `skipped` are the rungs between that could not be reached."""
        return attrs.evolve(
            self,
            step=step,
            round=round,
            climbs=self.climbs + 1,
            rung=rung,
            asked=asked,
            told=tuple(dict.fromkeys((*self.told, *asked))),
            skipped=skipped,
            since=since,
            due=due,
        )

    @act
    def acknowledge(self, *, holder: str, since: datetime, due: datetime, by: Decision | None = None) -> Self:
        """A human has seen it and takes it. `due` is the action deadline, which the kit sets."""
        return attrs.evolve(self, holder=holder, since=since, due=due)

    @act
    def cannot(self, *, who: str, since: datetime, by: Decision | None = None) -> Self:
        """Who was asked, or had taken it, cannot: it climbs at once."""
        unable = tuple(dict.fromkeys((*self.unable, who)))
        return attrs.evolve(self, unable=unable, holder="", since=since, due=since)

    @act
    def act_on(self, *, since: datetime, due: datetime, by: Decision | None = None) -> Self:
        """Something was done. It stays open until it is closed; `due` reminds."""
        return attrs.evolve(self, since=since, due=due)

    @act
    def lapse(self, *, since: datetime, by: Decision | None = None) -> Self:
        """Acknowledged, and then nothing: the escalation resumes."""
        return attrs.evolve(self, holder="", since=since, due=since)

    @act
    def remind(self, *, since: datetime, due: datetime, by: Decision | None = None) -> Self:
        """Acted on, and not closed for long: a task goes out."""
        return attrs.evolve(self, since=since, due=due)

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        """A human says that it is over; the `SafetyResponse` says how."""
        return attrs.evolve(self, due=None)
