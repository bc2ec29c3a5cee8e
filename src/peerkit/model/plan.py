# SPDX-License-Identifier: Apache-2.0
"""Goals in the person's own words. A supporter may suggest; only the person adopts, changes,
achieves or sets aside."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.attainment import LEVELS, Attainment, Scaled, attainment, level_of, weight_of
from peerkit.model.base import Operational, Own, Part, Record, Ref, part, record, ref
from peerkit.model.decision import Decision
from peerkit.model.ids import new_id

AREAS = (
    "home",
    "people",
    "health and rest",
    "food",
    "money",
    "work",
    "learning",
    "creating and play",
    "culture and spirit",
    "community",
    "getting around",
    "being myself",
)
"""Areas of life to begin from, in no order of worth. The list is open: `area` takes any words, or none. Own
choice, wide enough for what Ontario's community programs ask about (CDS-MH, elements 017 and 022 to 031)."""


@part
class TakenStep(Part):
    """One small step towards a goal."""

    id: Operational[str] = attrs.field(factory=new_id)
    words: Own[str]
    done: Operational[bool] = False


@part
class Scale(Part):
    """How far a goal came, as the person and whoever walks beside them wrote it down together.

    `levels` are five texts, from -2 (much less than expected) to +2 (much more); `weight` is how much the
    goal counts beside others (above 0); `baseline` is the level where it began, or not said (None).
    """

    levels: Own[tuple[str, ...]]
    weight: Own[Decimal] = Decimal(1)
    baseline: Own[int | None] = None


@part
class Goal(Part):
    """Something the person wants, in their words.

    `importance` and `confidence` are the person's own, 0 to 10 or not said (None). `area` is an area of
    life, in any words; `supports` are what helps, `barriers` what is in the way.

    `suggested` are the words in which somebody else put it forward, for ever theirs: the person's `words`
    may become others, these do not. `suggested_by` is whoever that was, `source` where the words came from
    if they came from a template.

    `scaling` is `not_asked`, `written` (then `scale` is there) or `declined`.
    """

    id: Operational[str] = attrs.field(factory=new_id)
    words: Own[str]
    why: Own[str] = ""
    area: Own[str] = ""
    importance: Own[int | None] = None
    confidence: Own[int | None] = None
    supports: Own[tuple[str, ...]] = ()
    barriers: Own[tuple[str, ...]] = ()
    steps: tuple[TakenStep, ...] = ()
    suggested: Own[str] = ""
    suggested_by: Operational[str] = ""
    source: Own[str] = ""
    scaling: Operational[str] = "not_asked"
    scale: Scale | None = None
    state: Operational[str] = "adopted"


@record(
    "goal_plan",
    """
    of     from                        act              to         who     strength
    -      -                           begin            =          person  said
    goals  -                           add_goal         =          person  said
    goals  -                           suggest          =          anyone  none
    goals  suggested,aside,achieved    adopt            adopted    person  said
    goals  suggested,adopted           set_aside        aside      person  none
    goals  adopted                     change_goal      =          person  said
    goals  adopted                     achieve          achieved   person  said
    goals  adopted                     add_step         =          person  said
    goals  adopted                     take_step        =          person  said
    goals  adopted                     write_scale      =          person  said
    goals  *                           decline_scaling  =          person  none
    -      *                           reword           =          person  said
    """,
    subjects="person",
)
class GoalPlan(Record):
    """A person's plan: strengths and hopes first, then goals."""

    person: Operational[str]
    hopes: Own[str] = ""
    strengths: Own[tuple[str, ...]] = ()
    goals: tuple[Goal, ...] = ()

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
        supports: tuple[str, ...] = (),
        barriers: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """The person names a goal of their own; it is adopted with that."""
        goal = Goal(
            words=_said(words, "goal"),
            why=why,
            area=area,
            importance=_ruler(importance),
            confidence=_ruler(confidence),
            supports=tuple(supports),
            barriers=tuple(barriers),
        )
        return self._with(goal)

    @act
    def suggest(
        self,
        words: str,
        *,
        why: str = "",
        area: str = "",
        author: Ref | None = None,
        source: str = "",
        by: Decision | None = None,
    ) -> Self:
        """Somebody puts a goal forward. It is nobody's goal until the person adopts it.

        `author` is who does (a commit in which that is not whoever decides the act is refused);
        `source` says from where, if it came from a template."""
        goal = Goal(
            words=_said(words, "goal"),
            why=why,
            area=area,
            suggested=words,
            suggested_by=ref(author),
            source=source,
            state="suggested",
        )
        return self._with(goal)

    @act
    def adopt(self, goal: str, *, words: str | None = None, by: Decision | None = None) -> Self:
        """The person makes a suggested goal, one set aside or one achieved their own, in their `words` if
        they have others: the suggestion stays readable beside them. A goal from a template is
        nobody's until the person says it in words of their own, so there `words` are needed."""
        held = self.goal(goal)
        if words is None:
            if held.source and held.state == "suggested":
                raise Malformed(
                    "it came from a template: say words=, as the person says it", where="goal_plan.adopt"
                )
            return self
        return self._changed(goal, words=_said(words, "goal"))

    @act
    def set_aside(self, goal: str, *, by: Decision | None = None) -> Self:
        """The person lets a goal be, without blame. It can be adopted again at any time."""
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
        area: str | None = None,
        importance: int | None = None,
        confidence: int | None = None,
        supports: tuple[str, ...] | None = None,
        barriers: tuple[str, ...] | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The person puts a goal in other words; what is left out stays. What somebody else suggested stays
        as they said it."""
        given = {
            "words": None if words is None else _said(words, "goal"),
            "why": why,
            "area": area,
            "importance": _ruler(importance),
            "confidence": _ruler(confidence),
            "supports": None if supports is None else tuple(supports),
            "barriers": None if barriers is None else tuple(barriers),
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
    def write_scale(
        self,
        goal: str,
        levels: tuple[str, ...],
        *,
        weight: Decimal | int = 1,
        baseline: int | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The person, with whoever walks beside them, says in five texts what would be much less than
        expected, less, as expected, more, and much more (-2 to +2), how much the goal counts beside
        others (above 0, to 1000), and at which level it begins. Written anew, it replaces the one before."""
        where = "goal_plan.scale"
        texts = tuple(levels)
        if len(texts) != len(LEVELS) or not all(one.strip() for one in texts):
            raise Malformed("a scale has five levels, each in words, from -2 to +2", where=where)
        counts = weight_of(weight, where)
        if not counts:
            raise Malformed("a goal that counts for nothing needs no scale", where=where)
        begins = None if baseline is None else level_of(baseline, where)
        scale = Scale(levels=texts, weight=counts, baseline=begins)
        return self._changed(goal, scale=scale, scaling="written")

    @act
    def decline_scaling(self, goal: str, *, by: Decision | None = None) -> Self:
        """The person would rather not scale this goal, or no longer. Nothing follows from it."""
        return self._changed(goal, scale=None, scaling="declined")

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

    def attainment(self, entries: Iterable[Progress]) -> Attainment:
        """What the scales of the goals that are adopted or achieved come to, after the latest entry in
        which the person placed themselves on each. For the person; it says nothing of anybody else."""
        kept = [one for one in self.goals if one.state in {"adopted", "achieved"}]
        mine = {one.id for one in kept}
        placed = sorted((e for e in entries if e.plan == self.id and e.goal in mine), key=_when)
        return attainment(
            [Scaled(g.id, g.scale.weight, g.scale.baseline) for g in kept if g.scale is not None],
            {one.goal: one.level for one in placed if one.level is not None},
            [g.id for g in kept if g.scaling == "declined"],
        )

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
    of  from  act    to  who     strength
    -   -     note   =   author  none
    -   -     place  =   person  said
    """,
    subjects="person author",
    refs="plan goal",
)
class Progress(Record):
    """An entry on how a goal goes. It only adds, so two people adding never conflict.

    `level` is where on the goal's scale the person sees it (-2 to 2), which only they say; None in an
    entry of words alone.
    """

    person: Operational[str]
    plan: Operational[str]
    goal: Operational[str]
    words: Own[str]
    author: Operational[str]
    level: Own[int | None] = None

    @classmethod
    @act
    def note(cls, *, plan: GoalPlan, goal: str, words: str, author: Ref, by: Decision | None = None) -> Self:
        """How it goes, in the author's words."""
        plan.goal(goal)
        return cls(person=plan.person, plan=plan.id, goal=goal, words=words, author=ref(author))

    @classmethod
    @act
    def place(
        cls, *, plan: GoalPlan, goal: str, level: int, words: str = "", by: Decision | None = None
    ) -> Self:
        """The person says where on the goal's scale it is now, with words if they like."""
        if plan.goal(goal).scale is None:
            raise Malformed("the goal has no scale", where="progress.level")
        return cls(
            person=plan.person,
            plan=plan.id,
            goal=goal,
            words=words,
            author=plan.person,
            level=level_of(level, "progress.level"),
        )


def _when(entry: Record) -> tuple[int, int]:
    """Where an entry stands in the feed; one that is not stored yet is the latest."""
    envelope = entry.trail.envelope if entry.trail is not None else None
    return (1, 0) if envelope is None else (0, envelope.position)
