# SPDX-License-Identifier: Apache-2.0
"""`assess`: the evaluator, fed from what a session may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from peerkit.errors import Malformed, NotFound
from peerkit.hooks import CourseRule
from peerkit.model.base import Record, Ref, ref
from peerkit.model.training import Attendance, Course, Practicum
from peerkit.training.evaluating import Evaluation, evaluate
from peerkit.training.rules import Rule, load, parse

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session

R = TypeVar("R", bound=Record)


def rules_of(kit: Kit) -> tuple[Rule, ...]:
    """The course rules that plugins supply."""
    return tuple(parse(one.text, one.source) for _, one in kit.plugins.supplies(CourseRule))


def ruled(kit: Kit, course: Record) -> None:
    """Malformed where a new course names a rule that there is not: nothing would ever come of it, and nobody
    would see why."""
    if isinstance(course, Course) and course.rule:
        try:
            load(course.rule, rules_of(kit))
        except NotFound as fault:
            raise Malformed(str(fault), where="course.rule") from None


def assess(session: Session, person: Ref, rule: str) -> Evaluation:
    """How far somebody has come by a course rule (its id), from all that the session may read.

    A rule with sessions looks at the courses that name it, and at hours that belong to them; one without at
    all of somebody's training and hours. NotFound if there is no such rule.
    """
    supplied = rules_of(session.kit)
    found = load(rule, supplied)
    courses = _all(session, Course)
    who = ref(person)
    there, hours = _all(session, Attendance, person=who), _all(session, Practicum, person=who)
    if found.sessions is not None:
        own = {course.id for course in courses if course.rule == found.id}
        there = [one for one in there if one.course in own]
        hours = [one for one in hours if one.course in own]
    return evaluate(found, there, hours, lengths=dict(_lengths(courses, supplied)))


def _lengths(courses: list[Course], supplied: tuple[Rule, ...]) -> list[tuple[str, int]]:
    lengths = []
    for course in courses:
        try:
            sessions = load(course.rule, supplied).sessions
        except NotFound:  # a course without a rule, or whose plugin is gone
            continue
        if sessions is not None:
            lengths.append((course.id, sessions.minutes))
    return lengths


def _all(session: Session, kind: type[R], **equal: str) -> list[R]:
    found: list[R] = []
    after: str | None = None
    while True:
        page = session.find(kind, limit=1000, after=after, **equal)
        found += page.readable
        if (after := page.after) is None:
            return found
