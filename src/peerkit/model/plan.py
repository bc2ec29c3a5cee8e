# SPDX-License-Identifier: Apache-2.0
"""Goals in the person's own words. A supporter may suggest; only the person adopts, changes,
achieves or sets aside."""

from __future__ import annotations

from typing import Any, Self

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Part, Record, Ref, part, record, ref
from peerkit.model.decision import Decision
from peerkit.model.ids import new_id


@part
class TakenStep(Part):
    """One small step towards a goal."""

    id: Operational[str] = attrs.field(factory=new_id)
    words: Own[str]
    done: Operational[bool] = False


@part
class Goal(Part):
    """Something the person wants, in their words.

    `importance` and `confidence` are the person's own, 0 to 10 or not said (None). `suggested_by`
    is whoever put it forward, if it was not the person.
    """

    id: Operational[str] = attrs.field(factory=new_id)
    words: Own[str]
    why: Own[str] = ""
    area: Own[str] = ""
    importance: Own[int | None] = None
    confidence: Own[int | None] = None
    steps: tuple[TakenStep, ...] = ()
    state: Operational[str] = "adopted"


@record(
    "goal_plan",
    """
    of     from               act          to         who     strength
    -      -                  begin        active     person  said
    goals  -                  add_goal     =          person  said
    goals  -                  suggest      =          anyone  none
    goals  suggested,aside    adopt        adopted    person  said
    goals  suggested,adopted  set_aside    aside      person  none
    goals  adopted            change_goal  =          person  said
    goals  adopted            achieve      achieved   person  said
    goals  adopted            add_step     =          person  said
    goals  adopted            take_step    =          person  said
    -      active             reword       =          person  said
    """,
    subjects="person",
)
class GoalPlan(Record):
    """A person's plan: strengths and hopes first, then goals."""

    person: Operational[str]
    hopes: Own[str] = ""
    strengths: Own[tuple[str, ...]] = ()
    goals: tuple[Goal, ...] = ()
    state: Operational[str] = "active"

    @classmethod
    @act
    def begin(
        cls, *, person: Ref, hopes: str = "", strengths: tuple[str, ...] = (), by: Decision | None = None
    ) -> Self:
        """A plan begins."""
        return cls(person=ref(person), hopes=hopes, strengths=tuple(strengths))

    @act
    def add_goal(
        self,
        words: str,
        *,
        why: str = "",
        area: str = "",
        importance: int | None = None,
        confidence: int | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The person names a goal of their own; it is adopted with that."""
        goal = Goal(
            words=_said(words, "goal"),
            why=why,
            area=area,
            importance=_ruler(importance),
            confidence=_ruler(confidence),
        )
        return self._with(goal)

    @act
    def suggest(self, words: str, *, why: str = "", area: str = "", by: Decision | None = None) -> Self:
        """Somebody puts a goal forward. It is nobody's goal until the person adopts it."""
        return self._with(Goal(words=_said(words, "goal"), why=why, area=area, state="suggested"))

    @act
    def adopt(self, goal: str, *, by: Decision | None = None) -> Self:
        """The person makes a suggested goal, or one set aside, their own."""
        return self

    @act
    def set_aside(self, goal: str, *, by: Decision | None = None) -> Self:
        """The person lets a goal be, without blame."""
        return self

    @act
    def achieve(self, goal: str, *, by: Decision | None = None) -> Self:
        """The person says: done."""
        return self

    @act
    def change_goal(
        self,
        goal: str,
        *,
        words: str | None = None,
        why: str | None = None,
        importance: int | None = None,
        confidence: int | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The person puts a goal in other words; what is left out stays."""
        given = {
            "words": words,
            "why": why,
            "importance": _ruler(importance),
            "confidence": _ruler(confidence),
        }
        return self._changed(goal, **{k: v for k, v in given.items() if v is not None})

    @act
    def add_step(self, goal: str, words: str, *, by: Decision | None = None) -> Self:
        """A small step towards a goal."""
        return self._changed(goal, steps=(*self.goal(goal).steps, TakenStep(words=_said(words, "step"))))

    @act
    def take_step(self, goal: str, step: str, *, by: Decision | None = None) -> Self:
        """A step is taken."""
        steps = tuple(attrs.evolve(s, done=True) if s.id == step else s for s in self.goal(goal).steps)
        if steps == self.goal(goal).steps:
            raise Malformed("the goal has no open step with that id", where="goal_plan.take_step")
        return self._changed(goal, steps=steps)

    @act
    def reword(
        self,
        *,
        hopes: str | None = None,
        strengths: tuple[str, ...] | None = None,
        by: Decision | None = None,
    ) -> Self:
        """Hopes or strengths in other words."""
        return attrs.evolve(
            self,
            hopes=self.hopes if hopes is None else hopes,
            strengths=self.strengths if strengths is None else tuple(strengths),
        )

    def goal(self, goal: str) -> Goal:
        """The goal with this id; Malformed if there is none."""
        for one in self.goals:
            if one.id == goal:
                return one
        raise Malformed("the plan has no goal with that id", where="goal_plan.goals")

    def _with(self, goal: Goal) -> Self:
        return attrs.evolve(self, goals=(*self.goals, goal))

    def _changed(self, goal: str, **changes: Any) -> Self:
        self.goal(goal)
        return attrs.evolve(
            self, goals=tuple(attrs.evolve(g, **changes) if g.id == goal else g for g in self.goals)
        )


def _said(words: str, what: str) -> str:
    if not words.strip():
        raise Malformed(f"a {what} has words", where=f"goal_plan.{what}")
    return words


def _ruler(value: int | None) -> int | None:
    if value is not None and (type(value) is not int or not 0 <= value <= 10):  # the ruler
        raise Malformed("it is a whole number from 0 to 10, or None", where="goal_plan.goals")
    return value


@record(
    "progress",
    """
    of  from  act   to  who     strength
    -   -     note  =   author  none
    """,
    subjects="person author",
)
class Progress(Record):
    """An entry on how a goal goes. It only adds, so two people adding never conflict."""

    person: Operational[str]
    plan: Operational[str]
    goal: Operational[str]
    words: Own[str]
    author: Operational[str]

    @classmethod
    @act
    def note(cls, *, plan: GoalPlan, goal: str, words: str, author: Ref, by: Decision | None = None) -> Self:
        """How it goes, in the author's words."""
        plan.goal(goal)
        return cls(person=plan.person, plan=plan.id, goal=goal, words=words, author=ref(author))
