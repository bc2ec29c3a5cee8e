# SPDX-License-Identifier: Apache-2.0
"""Putting goals of this module forward into a person's plan: suggestions, until the person adopts them."""

from __future__ import annotations

from collections.abc import Iterable

from peerkit import Decision, GoalPlan, NotFound, Session
from peerkit_diabetes.notebook import DiabetesNotebook
from peerkit_diabetes.templates import id_of
from peerkit_diabetes.words import _


def kept_barriers(s: Session, person: str) -> tuple[str, ...]:
    """What a person's notebook says is short; nothing where there is none that the actor may read."""
    if not person or not s.actor.person:  # no part of a program reads one
        return ()
    found = s.find(DiabetesNotebook, person=person).readable
    return found[0].barriers if found else ()


def suggested(
    s: Session,
    plan: GoalPlan,
    ids: Iterable[str],
    *,
    barriers: Iterable[str] = (),
    locale: str = "en",
    by: Decision | None = None,
) -> GoalPlan:
    """The plan with these goals (ids as `id_of` gives them) put forward by the actor, each in the version
    that fits the barriers; left out, those of the person's notebook, if the actor may read it.

    NotFound for one that is none of this module's, that is in the plan already, or that cannot do without
    what is short."""
    short = tuple(barriers) or kept_barriers(s, plan.person)
    there = {id_of(one.source): one for one in s.suggest("goal", about=plan, locale=locale, barriers=short)}
    for name in ids:
        if not name or name not in there:
            told = _("no goal of that id fits here that is not in the plan already")
            raise NotFound(told)
        found = there.pop(name)
        plan = plan.suggest(found.what, author=s.actor.person, source=found.source, by=by)
    return plan
