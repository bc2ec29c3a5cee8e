# SPDX-License-Identifier: Apache-2.0
"""Looking back together: reviews in a rhythm that the person chose, and asking again months later.

Both wait for a day and can be declined or stopped at any time, without a reason and without blame.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Record, Ref, record, ref
from peerkit.model.decision import Decision
from peerkit.model.plan import GoalPlan

MOST_DAYS = 731
"""The longest rhythm, two years. Own choice: beyond that it is no rhythm that anybody remembers."""


@record(
    "review",
    """
    of  from         act       to        who         strength
    -   -            plan      planned   person      said
    -   -            follow    planned   kit         none
    -   planned      fall_due  due       kit         none
    -   planned,due  move      planned   person      said
    -   planned,due  hold      held      person      said
    -   planned,due  decline   declined  person      none
    -   planned,due  stop      stopped   person|kit  none
    """,
    subjects="person",
    refs="plan_id",
)
class Review(Record):
    """One look at a plan, on a day (`on`, in the program's zone) or the first of a rhythm (`every` so many
    days; 0: once). The plan itself is not touched by it, so what was signed stays as it was.

    Held or declined, the next one of a rhythm is planned by itself; a review that was offered and declined
    is no fault. It holds no words: how it went is `Progress`, and whoever looks whether reviews are offered
    reads nothing else.
    """

    person: Operational[str]
    plan_id: Operational[str]
    on: Operational[date]
    every: Operational[int] = 0
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(cls, plan: GoalPlan, *, on: date, every: int = 0, by: Decision | None = None) -> Self:
        """The person, alone or with whoever walks beside them, chooses a day and, if they like, a rhythm."""
        return cls(person=plan.person, plan_id=plan.id, on=when.day(on, "on"), every=_rhythm(every))

    @classmethod
    @act
    def follow(cls, *, person: Ref, plan_id: str, on: date, every: int, by: Decision | None = None) -> Self:
        """The next one of a rhythm."""
        return cls(person=ref(person), plan_id=plan_id, on=when.day(on, "on"), every=_rhythm(every))

    @act
    def fall_due(self, *, by: Decision | None = None) -> Self:
        """Its day has come; whoever walks beside the person hears of it."""
        return self

    @act
    def move(self, on: date, *, every: int | None = None, by: Decision | None = None) -> Self:
        """Another day, or another rhythm."""
        return attrs.evolve(
            self, on=when.day(on, "on"), every=self.every if every is None else _rhythm(every)
        )

    @act
    def hold(self, *, by: Decision | None = None) -> Self:
        """They looked at the plan together."""
        return self

    @act
    def decline(self, *, by: Decision | None = None) -> Self:
        """Not this time. Nothing follows from it but the next one of the rhythm."""
        return self

    @act
    def stop(self, *, by: Decision | None = None) -> Self:
        """No more reviews, also none of the rhythm."""
        return self

    def is_due(self, today: date) -> bool:
        """Whether its day has come, also where nobody has written that down yet."""
        return self.state in {"planned", "due"} and self.on <= today

    def following(self, today: date) -> date | None:
        """The day of the next one of the rhythm, counted from today; None without a rhythm."""
        return today + timedelta(days=self.every) if self.every else None


@record(
    "follow_up",
    """
    of  from        act       to         who         strength
    -   -           agree     agreed     person      said
    -   agreed      fall_due  due        kit         none
    -   agreed,due  withdraw  withdrawn  person|kit  none
    -   agreed,due  decline   declined   person      none
    -   due         ask       asked      anyone      none
    """,
    subjects="person",
    refs="about",
)
class FollowUp(Record):
    """The person agreed to be asked again, three to six months later, how it is (`on`: a day in the program's
    zone). `about` is the id of the `Feedback` or `Measure` it goes with, if any.

    Withdrawn, nobody asks: the task that waits is dropped in the same commit. Support never hangs on it.
    """

    person: Operational[str]
    on: Operational[date]
    about: Operational[str] = ""
    state: Operational[str] = "agreed"

    @classmethod
    @act
    def agree(cls, *, person: Ref, on: date, about: Ref | None = None, by: Decision | None = None) -> Self:
        """The person lets themselves be asked, on this day: three to six months from now."""
        return cls(person=ref(person), on=when.day(on, "on"), about=ref(about))

    @act
    def fall_due(self, *, by: Decision | None = None) -> Self:
        """Its day has come."""
        return self

    @act
    def withdraw(self, *, by: Decision | None = None) -> Self:
        """The person would rather not be asked any more."""
        return self

    @act
    def decline(self, *, by: Decision | None = None) -> Self:
        """Asked, the person would rather not answer."""
        return self

    @act
    def ask(self, *, by: Decision | None = None) -> Self:
        """They were asked. What they said, if they did, is a `Feedback` or `Measure` of its own."""
        return self

    def is_due(self, today: date) -> bool:
        """Whether its day has come, also where nobody has written that down yet."""
        return self.state in {"agreed", "due"} and self.on <= today


def _rhythm(days: int) -> int:
    if type(days) is not int or not 0 <= days <= MOST_DAYS:
        raise Malformed(f"a rhythm is 1 to {MOST_DAYS} days, or 0 for once", where="every")
    return days
