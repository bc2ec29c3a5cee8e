# SPDX-License-Identifier: Apache-2.0
"""From what is short to services of the directory: nothing is kept, begun or sent, and a no is nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from peerkit_diabetes import DiabetesNotebook, services_for
from peerkit_diabetes.needs import FOOD, HOUSING, INCOME, KITCHEN, OWN, POVERTY, needs_in, needs_of, questions
from peerkit_diabetes.risk.where import where_tested
from peerkit_diabetes.shelf import instrument
from spoiling import spoil

from peerkit import Referral, Service

PANTRY = {
    "name": "Riverside Food Bank (fictional)",
    "needs": ("Food Pantries", "Food"),
    "cities": ("Toronto",),
}
SHELTER = {"name": "Hébergement du Parc (fictional)", "keywords": ("hébergement", "logement")}
TAX = {"name": "Tax clinic (fictional)", "description": "Free help with a tax return"}


def listed(house: Any) -> dict[str, Service]:
    with house.coordinating() as s:
        return {entry["name"]: s.save(Service.list(entry=entry)) for entry in (PANTRY, SHELTER, TAX)}


def test_the_poverty_question_is_asked_where_it_has_words_and_our_own_where_it_has_none(house: Any) -> None:
    rest = [(OWN, FOOD), (OWN, KITCHEN), (OWN, HOUSING)]
    assert [(form.id, item) for form, item in questions(house.kit, "en")] == [(POVERTY, "q1"), *rest]
    assert [(form.id, item) for form, item in questions(house.kit, "fr")] == [(OWN, "money"), *rest]


def test_our_questions_have_no_score_and_alarm_nobody_whatever_is_said() -> None:
    form = instrument(OWN)
    for said in (True, False, None):
        found = form.score(dict.fromkeys((FOOD, KITCHEN, HOUSING, "money"), said))
        assert (found.score, found.band) == (None, None)
        assert form.speaks("fr")
        assert form.speaks("en")


@pytest.mark.parametrize("said", [False, None, "declined", 1, "yes"])
def test_only_a_yes_is_a_yes(said: object) -> None:
    assert needs_of({(POVERTY, "q1"): said, (OWN, FOOD): said}) == ()
    assert needs_of({(POVERTY, "q1"): True, (OWN, FOOD): said, ("phq-9", "q1"): True}) == (INCOME,)


def test_each_yes_finds_its_own_sort_of_service(house: Any) -> None:
    listed(house)
    with house.kit.session(actor=house.kai) as s:
        found = services_for(s, needs_of({(OWN, FOOD): True, (OWN, HOUSING): True, (OWN, "money"): True}))
        assert [(one.need, one.service.name) for one in found] == [
            (FOOD, PANTRY["name"]),
            (HOUSING, SHELTER["name"]),
            (INCOME, TAX["name"]),
        ]
        assert services_for(s, ()) == ()
        assert services_for(s, (FOOD,), near="Ottawa") == ()
    with house.coordinating() as s:
        assert not s.find(Referral)


def test_what_a_search_finds_by_the_way_is_not_offered(house: Any) -> None:
    with house.coordinating() as s:
        entry = {"name": "Swim club (fictional)", "eligibility": "People who live in social housing"}
        s.save(Service.list(entry=entry))
    with house.kit.session(actor=house.kai) as s:
        assert s.search(Service, "housing")
        assert services_for(s, (HOUSING,)) == ()


def test_it_says_when_somebody_last_made_sure_and_what_stands_against_it(house: Any) -> None:
    pantry = listed(house)[PANTRY["name"]]
    with house.coordinating() as s:
        other = s.save(Service.list(entry={**PANTRY, "name": "Other food bank (fictional)"}))
        s.save(s.get(Service, other.id).assure(on=date(2027, 2, 20), room="full"))
        s.save(s.get(Service, pantry.id).assure(on=date(2027, 2, 26), room="open"))
    with house.kit.session(actor=house.kai) as s:
        first, last = services_for(s, (FOOD,))
        assert (first.service.id, first.assured, first.against) == (pantry.id, date(2027, 2, 26), ())
        assert (last.service.id, last.assured, last.against) == (other.id, date(2027, 2, 20), ("full",))
        house.time.forward(days=200)
        assert {one.against[-1] for one in services_for(s, (FOOD,))} == {"stale"}
    with house.coordinating() as s:
        s.save(s.get(Service, pantry.id).lapse())
    with house.kit.session(actor=house.kai) as s:
        assert [one.service.id for one in services_for(s, (FOOD,))] == [other.id]


def test_what_the_notebook_says_is_short(house: Any) -> None:
    listed(house)
    book = DiabetesNotebook.begin(person=house.maya).say_barriers(("fridge", "transport", "fixed-address"))
    assert needs_in(book) == (KITCHEN, HOUSING)
    with house.kit.session(actor=house.maya) as s:
        assert [one.need for one in services_for(s, book)] == [HOUSING]


def test_an_entry_that_cannot_be_read_hides_no_other(house: Any) -> None:
    made = listed(house)
    with house.coordinating() as s:
        entries = [{"name": f"Diabetes clinic {n} (fictional)"} for n in (1, 2)]
        clinics = [s.save(Service.list(entry=one)) for one in entries]
        other = s.save(Service.list(entry={**PANTRY, "name": "Other food bank (fictional)"}))
    spoil(house.kit, made[PANTRY["name"]])
    spoil(house.kit, clinics[0])
    with house.kit.session(actor=house.kai) as s:
        assert s.search(Service, "food").unreadable
        assert [one.service.id for one in services_for(s, (FOOD,))] == [other.id]
        places = {one.id for one in where_tested(s)}
        assert clinics[1].id in places
        assert clinics[0].id not in places
