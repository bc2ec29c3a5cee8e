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
from peerkit.model.alert import Alert
from peerkit.model.base import Operational, Record, Ref, Safety, record, ref
from peerkit.model.decision import Decision
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
    subjects="about author names first maybe",
    lane=True,
)
class Concern(Record):
    """Somebody is worried: anybody, with or without an account, about anybody.

    `about` is the person it is about, if the program knows them; `maybe` are those of whom it may be about
    one, where nobody knows which: none of them is asked, takes its alert or reads it, and nothing else of
    theirs rests. `names` are the people who work here that
    it is about (a complaint about a supporter, a conflict): they are off the escalation path, and their
    access rests, until a human settles it. The author is shown to nobody whom the concern is about. `first`
    is whom it reaches first, `plugin` the name of the module that raised it, if one did. `meant` is what was
    given for any of them where it was no id.
    """

    words: Safety[str] = ""
    meant: Safety[str] = ""
    about: Operational[str] = ""
    author: Operational[str] = ""
    names: Operational[tuple[str, ...]] = ()
    maybe: Operational[tuple[str, ...]] = ()
    first: Operational[str] = ""
    plugin: Operational[str] = ""
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
        maybe: tuple[str, ...] = (),
        first: str = "",
        plugin: str = "",
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
            maybe=maybe,
            first=first,
            plugin=plugin,
            occurred=occurred,
            obstacles=obstacles,
        )

    @act
    def settle(self, *, outcome: str = "", by: Decision | None = None) -> Self:
        """A human has decided: those named are where they were before, or their roles were ended."""
        return attrs.evolve(self, outcome=outcome)
