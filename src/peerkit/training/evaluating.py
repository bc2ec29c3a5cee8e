# SPDX-License-Identifier: Apache-2.0
"""The one evaluator: a rule, who was there and the hours give an outcome, and what the next one asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import attrs

from peerkit.errors import Malformed
from peerkit.model.training import Attendance, Practicum
from peerkit.training.rules import Outcome, Rule

NONE: Mapping[str, int] = MappingProxyType({})


@attrs.frozen
class Missing:
    """One thing that is missing for the next outcome. `what` is `sessions` (`amount` more, whichever),
    `session` (the one of this number), `training_minutes` or `practicum_minutes` (so many more)."""

    what: str
    amount: int


@attrs.frozen
class Evaluation:
    """What came of it so far. `outcome` is the highest that is reached, `next` the one after it (empty: there
    is none), `missing` what that one still asks. `attended` and `missed` are numbers of sessions; one that is
    neither was not written down. `waiting_minutes` are hours that nobody has confirmed yet: they count for
    nothing."""

    rule: str
    version: str
    outcome: str
    next: str
    missing: tuple[Missing, ...]
    attended: tuple[int, ...]
    missed: tuple[int, ...]
    training_minutes: int
    practicum_minutes: int
    waiting_minutes: int


def evaluate(
    rule: Rule,
    attendances: Iterable[Attendance] = (),
    hours: Iterable[Practicum] = (),
    *,
    lengths: Mapping[str, int] = NONE,
) -> Evaluation:
    """What these records of one person come to by a rule. Pure: their order does not matter, a session counts
    once however often it was written down, and more of either never gives less.

    `lengths` are the minutes of a session by the id of its course, for attendances that say none themselves;
    left out, it is the rule's own. Malformed for records of several people.
    """
    there, entries = tuple(attendances), tuple(hours)
    if len({one.person for one in there} | {one.person for one in entries}) > 1:
        raise Malformed("it is about the records of one person", where="training.evaluate")
    counted = [one for one in there if _counts(rule, one)]
    attended = {one.session for one in counted} if rule.sessions is not None else set[int]()
    missed = {
        one.session
        for one in there
        if one.state in {"missed", "excused", "made_up"} and _within(rule, one.session)
    } - attended
    works = [one for one in entries if one.work in rule.works]
    practicum = sum(one.minutes for one in works if one.state == "confirmed")
    training = _minutes(rule, counted, lengths)
    left = [tuple(_left(rule, one, attended, training, practicum)) for one in rule.outcomes]
    reached = next((n for n, missing in enumerate(left) if missing), len(left)) - 1
    after = reached + 1 < len(rule.outcomes)
    return Evaluation(
        rule=rule.id,
        version=rule.version,
        outcome=rule.outcomes[reached].id,
        next=rule.outcomes[reached + 1].id if after else "",
        missing=left[reached + 1] if after else (),
        attended=tuple(sorted(attended)),
        missed=tuple(sorted(missed)) if rule.sessions is not None else (),
        training_minutes=training,
        practicum_minutes=practicum,
        waiting_minutes=sum(one.minutes for one in works if one.state in {"logged", "questioned"}),
    )


def _counts(rule: Rule, one: Attendance) -> bool:
    made_up = one.state == "made_up" and (rule.sessions is None or rule.sessions.made_up_counts)
    return (one.state == "there" or made_up) and _within(rule, one.session)


def _within(rule: Rule, session: int) -> bool:
    return rule.sessions is None or session <= rule.sessions.count


def _minutes(rule: Rule, counted: Iterable[Attendance], lengths: Mapping[str, int]) -> int:
    """The minutes of training: the longest that each session was written down with, once."""
    usual = rule.sessions.minutes if rule.sessions is not None else 0
    longest: dict[tuple[str, int], int] = {}
    for one in counted:
        course = one.course if rule.sessions is None else ""  # one course, whichever run of it
        minutes = one.minutes or lengths.get(one.course, usual)
        longest[course, one.session] = max(minutes, longest.get((course, one.session), 0))
    return sum(longest.values())


def _left(
    rule: Rule, outcome: Outcome, attended: set[int], training: int, practicum: int
) -> Iterator[Missing]:
    """What an outcome still asks."""
    absent = [one for one in outcome.must if one not in attended]
    for one in absent:
        yield Missing("session", one)
    if rule.sessions is not None and outcome.most_missed is not None:
        short = rule.sessions.count - outcome.most_missed - len(attended)
        if short > len(absent):
            yield Missing("sessions", short - len(absent))
    if training < outcome.training_minutes:
        yield Missing("training_minutes", outcome.training_minutes - training)
    if practicum < outcome.practicum_minutes:
        yield Missing("practicum_minutes", outcome.practicum_minutes - practicum)
