# SPDX-License-Identifier: Apache-2.0
"""An alert: whom it asks, in whose hand it is, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.errors import Objection, Refused
from peerkit.model.acts import act
from peerkit.model.base import Operational, Record, Ref, Safety, record, ref
from peerkit.model.decision import Decision
from peerkit.model.ids import reference


@record(
    "alert",
    """
    of  from                      act          to            who     strength
    -   -                         open         open          anyone  none
    -   *                         raise_level  open          anyone  none
    -   open                      climb        open          kit     none
    -   open,acknowledged         acknowledge  acknowledged  anyone  none
    -   open,acknowledged,acting  cannot       open          anyone  none
    -   acknowledged,acting       act_on       acting        anyone  none
    -   acknowledged,acting       hand_on      =             anyone  none
    -   acknowledged,acting       take_over    acknowledged  anyone  none
    -   open,acknowledged         speak_again  =             anyone  none
    -   acknowledged,acting       lapse        open          kit     none
    -   acting                    remind       acting        kit     none
    -   acting                    close        closed        anyone  none
    """,
    subjects="person holder told offered",
    lane=True,
)
class Alert(Record):
    """Somebody must know. Open until a human acknowledged it, acted, and closed it.

    `level` is talk, today or now. `due` is when it climbs next, or resumes, or reminds; `since` when that
    wait began. `step` counts the rungs of the escalation path from 0 (-1: not climbed yet), `round` how
    often it began anew, `rung` the role now asked; `asked` are the humans now asked, `told` all who ever
    were. `unable` said that they cannot come. `holder` has it in hand; `offered` is whom they hand it on to,
    until that one has taken it. `unheard`: it spoke again or became more urgent, and until a human
    acknowledges it anew nothing is recorded about it. `skipped` are the rungs passed over, as `role:reason`.
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
    offered: Operational[str] = ""
    unheard: Operational[bool] = False
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
        """A later answer says that it is more urgent, or speaks again after something was done about it: it
        starts anew."""
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
            offered="",
            unheard=True,
            since=since,
            due=since,
        )

    @act
    def speak_again(
        self, *, since: datetime, due: datetime, rules: tuple[str, ...] = (), by: Decision | None = None
    ) -> Self:
        """A later answer says something else that is as urgent as it is already: whoever has taken it is
        told at once, and whom they hand it on to. Where nobody has acknowledged it anew at `due`, or when it
        was due anyway if that is sooner, it climbs; one that nobody took in its time climbs at once."""
        rules = tuple(dict.fromkeys((*self.rules, *rules)))
        return attrs.evolve(self, rules=rules, unheard=True, since=since, due=self._sooner(due))

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
        """A human has seen it and takes it, or takes it anew. `due` is the action deadline, which the kit
        sets."""
        return attrs.evolve(self, holder=holder, offered="", unheard=False, since=since, due=due)

    @act
    def cannot(self, *, who: str, since: datetime, by: Decision | None = None) -> Self:
        """Who was asked, or had taken it, cannot: it climbs at once."""
        unable = tuple(dict.fromkeys((*self.unable, who)))
        return attrs.evolve(self, unable=unable, holder="", offered="", since=since, due=since)

    @act
    def act_on(self, *, since: datetime, due: datetime, by: Decision | None = None) -> Self:
        """Something was done. It stays open until it is closed; `due` reminds. While it is being handed on,
        the time of whoever is to take it runs on all the same."""
        return attrs.evolve(self, since=since, due=self._sooner(due) if self.offered else due)

    @act
    def hand_on(self, *, to: Ref, since: datetime, due: datetime, by: Decision | None = None) -> Self:
        """Whoever has it in hand asks somebody by name to take it. It stays theirs until that one has; where
        nobody has at `due`, or when it was due anyway if that is sooner, it climbs."""
        told = tuple(dict.fromkeys((*self.told, ref(to))))
        return attrs.evolve(self, offered=ref(to), told=told, since=since, due=self._sooner(due))

    @act
    def take_over(self, *, since: datetime, due: datetime, by: Decision | None = None) -> Self:
        """Whom it was handed on to takes it. Something has to be done by `due`, or when it was due before if
        that is sooner: being handed on wins an alert no time."""
        if not self.offered:
            sentence = "it is not being handed on to anybody: it stays with whoever has it in hand"
            raise Refused([Objection("not-handed-on", sentence, self.kind, self.id)])
        return attrs.evolve(self, holder=self.offered, offered="", since=since, due=self._sooner(due))

    @act
    def lapse(self, *, since: datetime, by: Decision | None = None) -> Self:
        """Taken, and then nothing, or handed on and not taken: the escalation resumes."""
        return attrs.evolve(self, holder="", offered="", since=since, due=since)

    @act
    def remind(self, *, since: datetime, due: datetime, by: Decision | None = None) -> Self:
        """Acted on, and not closed for long: a task goes out."""
        return attrs.evolve(self, since=since, due=due)

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        """A human says that it is over; the `SafetyResponse` says how."""
        return attrs.evolve(self, offered="", due=None)

    def _sooner(self, due: datetime) -> datetime:
        return due if self.due is None else min(self.due, due)
