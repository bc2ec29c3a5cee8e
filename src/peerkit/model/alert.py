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
    -   open                      acknowledge  acknowledged  anyone  none
    -   open,acknowledged,acting  cannot       open          anyone  none
    -   acknowledged,acting       act_on       acting        anyone  none
    -   acknowledged,acting       hand_on      =             anyone  none
    -   acknowledged,acting       take_over    acknowledged  anyone  none
    -   acknowledged              speak_again  =             anyone  none
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
    until that one has taken it; where that is the holder, it spoke again (`unheard`).
    `skipped` are the rungs passed over, as `role:reason`.
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
            since=since,
            due=since,
        )

    @act
    def speak_again(
        self, *, since: datetime, due: datetime, rules: tuple[str, ...] = (), by: Decision | None = None
    ) -> Self:
        """A later answer says something else that is as urgent as it is already: whoever has taken it is
        told at once, and takes it anew. Where they have not at `due`, or when it was due anyway if that is
        sooner, it climbs. While it is being handed on, whoever is to take it is told."""
        return attrs.evolve(
            self,
            rules=tuple(dict.fromkeys((*self.rules, *rules))),
            offered=self.offered or self.holder,
            since=since,
            due=self._sooner(due),
        )

    @property
    def unheard(self) -> bool:
        """Whether it spoke again since it was taken, and whoever has it in hand has not taken it anew."""
        return self.state != "closed" and bool(self.offered) and self.offered == self.holder

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
        that is sooner: being handed on wins an alert no time. Or whoever has it in hand takes it anew, since
        it spoke again: with the time of what they have heard only now."""
        if not self.offered:
            sentence = "it is not being handed on to anybody: it stays with whoever has it in hand"
            raise Refused([Objection("not-handed-on", sentence, self.kind, self.id)])
        due = due if self.unheard else self._sooner(due)
        return attrs.evolve(self, holder=self.offered, offered="", since=since, due=due)

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
