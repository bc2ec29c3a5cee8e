# SPDX-License-Identifier: Apache-2.0
"""Goals of the module: the same in both languages, something for everybody, nobody's until they say so."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pytest
from peerkit_diabetes import DiabetesNotebook, suggested
from peerkit_diabetes.templates import LANGUAGES, id_of, templates

from peerkit import GoalPlan, Malformed, NotFound
from peerkit.hooks import BARRIERS, NEEDS, GoalTemplate

EVERY = {language: [one for one in templates() if one.locale == language] for language in LANGUAGES}


def said(one: GoalTemplate) -> list[str]:
    return [one.words, one.reason, one.cost, *one.instead.values()]


def begun(house: Any) -> GoalPlan:
    with house.kit.session(actor=house.maya) as s:
        return s.save(GoalPlan.begin(person=house.maya))


def test_about_thirty_of_every_sort_and_the_same_in_both_languages() -> None:
    english, french = EVERY["en"], EVERY["fr"]
    assert len(english) >= 30
    assert [(one.name, one.needs, set(one.instead)) for one in english] == [
        (one.name, one.needs, set(one.instead)) for one in french
    ]
    areas = {"food", "movement", "sleep", "stress", "smoking", "feet", "eyes", "teeth", "sick days"}
    assert areas | {"medicines to bring along", "questions to ask"} == {one.area for one in english}
    for one in templates():
        assert one.fault() == ""
        assert set(one.needs) <= set(NEEDS)
        assert all((one.cost, one.reason, one.area))
        assert re.search(r"(19|20)\d\d|undated|sans date", one.source)


@pytest.mark.parametrize("one", templates(), ids=lambda one: f"{one.locale}-{one.name}")
def test_whatever_is_short_every_goal_has_a_version(one: GoalTemplate) -> None:
    barriers = [BARRIERS[code] for code in BARRIERS] + [("phone",)]
    for several in range(len(barriers) + 1):
        for short in combinations(barriers, several):
            lacking = frozenset(need for needs in short for need in needs)
            found = one.fitting(lacking)
            assert found is not None
            assert lacking.isdisjoint(found[2])


@pytest.mark.parametrize("one", templates(), ids=lambda one: f"{one.locale}-{one.name}")
def test_no_command_no_shame_no_weight_no_advice_on_medicine(one: GoalTemplate) -> None:
    told = " ".join(said(one)).casefold()
    never = {
        "en": r"must|should|have to|don't|never|dose|stop taking|fat|obes\w*|cheat|bad",
        "fr": r"devez|devriez|il faut|jamais|dose|arrêtez|gros|obès\w*|mauvais",
    }[one.locale]
    assert re.findall(rf"\b(?:{never})\b", told) == []
    if one.name != "weight-question":
        assert "weight" not in told
        assert "poids" not in told


def test_what_is_short_chooses_the_version(house: Any) -> None:
    with house.kit.session(actor=house.kai) as s:
        plain = {id_of(one.source): one for one in s.suggest("goal")}
        short = {id_of(one.source): one for one in s.suggest("goal", barriers=("housing", "income"))}
    assert plain["beans"].what.startswith("Cook beans")
    assert short["beans"].what == "Have the beans or lentils when a community meal has some"
    assert (short["beans"].cost, short["beans"].needs) == ("", ())
    assert plain.keys() == short.keys()


def test_in_french_every_one_is_french_and_its_area_is_asked_for_in_french(house: Any) -> None:
    with house.kit.session(actor=house.kai) as s:
        found = s.suggest("goal", text="pieds", locale="fr")
    assert len(found) == len(EVERY["fr"])
    assert {one.what for one in found} == {one.words for one in EVERY["fr"]}
    assert {id_of(one.source) for one in found[:4]} == {"feet-look", "socks", "shoes", "feet-visit"}


def test_put_forward_and_adopted_in_own_words(house: Any) -> None:
    plan = begun(house)
    with house.kit.session(actor=house.kai) as s:
        plan = s.save(suggested(s, s.get(GoalPlan, plan.id), ["walk-after", "shoes"]))
    assert [(one.state, id_of(one.source), one.suggested_by) for one in plan.goals] == [
        ("suggested", "walk-after", house.kai.id),
        ("suggested", "shoes", house.kai.id),
    ]
    with house.kit.session(actor=house.maya) as s:
        plan = s.get(GoalPlan, plan.id)
        with pytest.raises(Malformed):
            plan.adopt(plan.goals[0].id)
        plan = s.save(plan.adopt(plan.goals[0].id, words="round the block with Ana"))
    assert (plan.goals[0].words, plan.goals[0].state) == ("round the block with Ana", "adopted")
    with house.kit.session(actor=house.kai) as s:
        left = {id_of(one.source) for one in s.suggest("goal", about=s.get(GoalPlan, plan.id))}
    assert left.isdisjoint({"walk-after", "shoes"})


def test_the_notebook_says_what_is_short_only_to_whom_it_is_shared_with(house: Any) -> None:
    plan = begun(house)
    with house.kit.session(actor=house.maya) as s:
        book = s.save(DiabetesNotebook.begin(person=house.maya).say_barriers(("housing",)))
    with house.kit.session(actor=house.kai) as s:
        unknowing = suggested(s, s.get(GoalPlan, plan.id), ["water"]).goals[-1]
    assert unknowing.words == "Have water with one meal a day"
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(DiabetesNotebook, book.id).share(house.kai))
    with house.kit.session(actor=house.kai) as s:
        knowing = suggested(s, s.get(GoalPlan, plan.id), ["water"]).goals[-1]
    assert knowing.words.startswith("Keep a bottle")


@pytest.mark.parametrize("given", ["nothing-like-it", "", "walk-after walk-after"])
def test_what_is_no_goal_here_is_named(house: Any, given: str) -> None:
    plan = begun(house)
    with house.kit.session(actor=house.kai) as s, pytest.raises(NotFound):
        suggested(s, s.get(GoalPlan, plan.id), given.split() or [""])


OTHERS = ("", "Riverside (fictional), 2026", "x [peerkit-diabetes/]", "[peerkit-diabetes/a] x")


@pytest.mark.parametrize("source", OTHERS)
def test_another_source_is_not_taken_for_ours(source: str) -> None:
    assert id_of(source) == ""
