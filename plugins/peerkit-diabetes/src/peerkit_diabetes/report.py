# SPDX-License-Identifier: Apache-2.0
"""What the module counts for a program's report. It counts; what is shown, the core decides: no cell of fewer
than five people, nor one that would give such a cell away.

The log, the notebook and estimates of risk are counted by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

import attrs

from peerkit import Activity, Credential, GoalPlan, PeerSupporter, Program, Referral, Service
from peerkit.hooks import Cell, Period, ReportSection
from peerkit.texts import Message
from peerkit_diabetes.enrolment import DiabetesEnrolment
from peerkit_diabetes.gates import passage
from peerkit_diabetes.needs import FOOD, HOUSING, INCOME, KITCHEN, named_in
from peerkit_diabetes.templates import id_of
from peerkit_diabetes.walking import FORMAT
from peerkit_diabetes.words import _

READS = frozenset({"activity", "credential", "goal_plan", "peer_supporter", "program", "referral", "service"})

NEEDS: Mapping[str, Message] = MappingProxyType(
    {
        FOOD: _("people referred for food"),
        HOUSING: _("people referred for housing"),
        INCOME: _("people referred for income"),
    }
)
"""The needs that a referral may be for: by what its service's needs and keywords name, and where the
directory says nothing of that, by the need as the referral has it. A place to cook counts as food."""


@attrs.frozen
class _Enrolled:
    """Who was in the module: at the end of the period, at any time in it, and who joined and left in it."""

    at_end: frozenset[str]
    ever: frozenset[str]
    joined: frozenset[str]
    left: frozenset[str]


def count(period: Period) -> Iterator[Cell]:
    """The cells of the section."""
    who = _enrolled(period)
    yield Cell("enrolled", _("people in the module at the end"), people=who.at_end)
    yield Cell("joined", _("people who joined"), people=who.joined)
    yield Cell("left", _("people who left"), people=who.left)
    yield Cell("gates", _("supporters who passed every gate"), people=_ready(period), group="supporters")
    goals = _adopted(period)
    people = frozenset(person for person, _goal in goals)
    yield Cell("intending", _("people who made a goal of the module their own"), people=people)
    told = _("goals of the module that people made their own")
    yield Cell("intentions", told, people=people, number=len(goals))
    yield from _referred(period, who.ever)
    held = [one for one in period.find(Activity) if _held(one, period)]
    yield Cell("groups", _("groups held"), number=len(held), group="groups")
    heads = sum(one.headcount or 0 for one in held)
    yield Cell("heads", _("heads counted in groups"), number=heads, group="groups")


SECTION = ReportSection("diabetes", _("Diabetes self-management"), count)


def _enrolled(period: Period) -> _Enrolled:
    at_end, ever, joined, left = set(), set(), set(), set()
    for one in period.find(DiabetesEnrolment):
        before, state = "", ""
        for version in period.history(DiabetesEnrolment, one.id):
            if version.at >= period.end:
                break
            state = version.record.state
            if version.at < period.start:
                before = state
                continue
            if "join" in version.acts:
                joined.add(one.person)
            if "leave" in version.acts:
                left.add(one.person)
        if state == "joined":
            at_end.add(one.person)
        if "joined" in {before, state} or one.person in joined | left:
            ever.add(one.person)
    return _Enrolled(frozenset(at_end), frozenset(ever), frozenset(joined), frozenset(left))


def _ready(period: Period) -> frozenset[str]:
    """Supporters of the program who passed every gate, as it stands on the last day."""
    program = next(iter(period.find(Program)), Program(name="-"))
    held: dict[str, list[Credential]] = {}
    for one in period.find(Credential):
        held.setdefault(one.person, []).append(one)
    here = {one.person for one in period.find(PeerSupporter) if one.state == "active"}
    return frozenset(one for one in here if not passage(program, held.get(one, ()), period.last).open)


def _adopted(period: Period) -> set[tuple[str, str]]:
    """Goals of this module's templates that people made their own in the period."""
    found = set()
    for plan in period.find(GoalPlan):
        if not any(id_of(goal.source) for goal in plan.goals):
            continue
        before: Mapping[str, str] = {}
        for version in period.history(GoalPlan, plan.id):
            now = {goal.id: goal.state for goal in version.record.goals if id_of(goal.source)}
            if period.start <= version.at < period.end:
                new = {one for one, state in now.items() if state == "adopted" != before.get(one)}
                found |= {(plan.person, one) for one in new}
            before = now
    return found


def _referred(period: Period, people: frozenset[str]) -> Iterator[Cell]:
    """People of the module who began a referral in the period, by the need that it is for."""
    services = {one.id: one for one in period.find(Service)}
    sorts: dict[str, set[str]] = {need: set() for need in NEEDS}
    for one in period.find(Referral):
        if one.person not in people or not _in_period(period, one):
            continue
        for need in _needs(one, services.get(one.service)):
            sorts[need].add(one.person)
    everybody = frozenset().union(*sorts.values())
    told = _("people referred for food, housing or income")
    yield Cell("referred", told, people=everybody, group="needs")
    for need, label in NEEDS.items():
        yield Cell(f"referred-{need}", label, people=frozenset(sorts[need]), group="needs")


def _in_period(period: Period, one: Referral) -> bool:
    first = next(iter(period.history(Referral, one.id)), None)
    return first is not None and period.start <= first.at < period.end


def _needs(one: Referral, service: Service | None) -> set[str]:
    """Which of the needs a referral is for."""
    told = () if service is None else (*service.needs, *service.keywords)
    found = named_in(told) or named_in([one.need])
    return {FOOD if need == KITCHEN else need for need in found}


def _held(one: Activity, period: Period) -> bool:
    """Whether it is a group of the module that took place in the period."""
    on = date.fromisoformat(one.local[:10])
    return one.format == FORMAT and one.state == "held" and period.first <= on <= period.last
