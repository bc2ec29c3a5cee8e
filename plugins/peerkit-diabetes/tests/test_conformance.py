# SPDX-License-Identifier: Apache-2.0
"""The module keeps to every clause of a module."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from peerkit_diabetes import DiabetesEnrolment, DiabetesNotebook, DiabetesRiskCheck, canrisk, plugin
from peerkit_diabetes.log import DiabetesLog, DiabetesReading
from peerkit_diabetes.pages import DiabetesPage

from peerkit import Credential, GoalPlan, Referral, Relationship
from peerkit.testing import Module, ModuleConformance, Town

GATES = ("core-essentials", "diabetes-review", "diabetes-session", "diabetes-application")
WHEN = datetime(2026, 1, 4, 15, tzinfo=UTC)


def ready(town: Town) -> None:
    """Kai has passed the gates; Maya has a plan, and goes somewhere by herself."""
    for what in GATES:
        given = {"issued_by": "Riverside (fictional)", "since": date(2025, 1, 6)}
        town.save(Credential.issue(person=town.ids["kai"], what=what, **given))
    maya = town.ids["maya"]
    town.save(GoalPlan.begin(person=maya), by="maya")
    town.save(Referral.go_alone(person=maya, service=town.ids["library"], need="food"), by="maya")


def enrolment(town: Town) -> DiabetesEnrolment:
    """Maya's; once she has joined, Sam's, beside whom Kai walks then."""
    if not town.every(DiabetesEnrolment):
        [walk] = (one for one in town.every(Relationship) if one.supporter == town.ids["kai"])
        return DiabetesEnrolment.join(person=town.ids["maya"], relationship=walk)
    walk = town.save(Relationship.enquire(person=town.ids["sam"], by=town.said("sam")))
    walk = town.save(town.save(walk.propose(town.ids["kai"])).agree(by=town.said("sam")))
    walk = town.save(walk.take_on(by=town.said("kai")))
    return DiabetesEnrolment.join(person=town.ids["sam"], relationship=walk)


def log(town: Town) -> DiabetesLog:
    whose = "sam" if town.every(DiabetesLog) else "maya"  # one a person
    made = DiabetesLog.turn_on(person=town.ids[whose])
    return made.set_target("glucose", unit="mmol/L", low="4.0", high="7.0")


def reading(town: Town) -> DiabetesReading:
    held = [one for one in town.every(DiabetesLog) if one.person == town.ids["maya"]]
    kept = held[0] if held else town.save(DiabetesLog.turn_on(person=town.ids["maya"]), by="maya")
    return DiabetesReading.note(kept, "glucose", taken=WHEN, value="5.7", unit="mmol/L", words="after tea")


def page(town: Town) -> DiabetesPage:
    one = reading(town)
    days = {"first": WHEN.date(), "last": WHEN.date()}
    return DiabetesPage.show(person=town.ids["maya"], readings=(one,), to=(town.ids["kai"],), **days)


def notebook(town: Town) -> DiabetesNotebook:
    whose = "sam" if town.every(DiabetesNotebook) else "maya"  # one a person
    made = DiabetesNotebook.begin(person=town.ids[whose]).ask("Why am I so tired?")
    made = made.add_support("Ana", helps="comes along").add_resource(service=town.ids["library"])
    return made.write("feelings", "It is a lot.").say_barriers(("income",)).share(town.ids["kai"])


def check(town: Town) -> DiabetesRiskCheck:
    answers = canrisk(age=52, sex="female", active=True)
    return DiabetesRiskCheck.take(person=town.ids["maya"], answers=answers).share(town.ids["kai"])


class TestConformance(ModuleConformance):
    @pytest.fixture
    def backend(self) -> Module:
        return Module(
            plugin,
            builders={
                DiabetesEnrolment: enrolment,
                DiabetesLog: log,
                DiabetesReading: reading,
                DiabetesPage: page,
                DiabetesNotebook: notebook,
                DiabetesRiskCheck: check,
            },
            arguments={
                DiabetesLog: {
                    "set_target": {"what": "glucose", "unit": "mmol/L", "low": "4.0", "high": "7.0"},
                    "watch_over": {"unit": "mmol/L", "low": "3.9"},
                }
            },
            prepare=ready,
        )
