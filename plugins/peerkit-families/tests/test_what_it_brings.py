# SPDX-License-Identifier: Apache-2.0
"""Goals, resources, the section of the report, and French: what the module brings as data."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

import peerkit_families
import pytest
from peerkit_families import goals, plugin, shelf
from peerkit_families.words import _

from peerkit import Activity, Decision, GoalPlan, PeerSupporter, Person, Relationship, hooks, library
from peerkit.hooks import BARRIERS
from peerkit.testing import untranslated

FORCE = (
    "committed", "commit ", "involuntar", "form 1", "police", "against their will", "certif", "rescue",
    "save them", "make them", "get them to", "medication", "fix", "should", "must take", "interner",
    "de force",
)  # fmt: skip
"""What no goal speaks of: having somebody taken to hospital, changing or rescuing them, medicine."""


def test_every_goal_has_words_cost_and_a_version_for_what_it_needs() -> None:
    found = list(goals.templates())
    assert len({one.name for one in found}) == len(found) >= 10
    for one in found:
        assert one.fault() == ""
        assert one.cost
        for need in one.needs:
            assert one.fitting(frozenset({need})), (one.name, need)
    subjects = {"rest", "friends", "sleep", "boundaries", "learning", "hard-hours", "services", "money"}
    assert subjects <= {one.name.removeprefix("family-") for one in found}


def test_no_goal_is_about_changing_rescuing_or_committing_anybody() -> None:
    for one in goals.templates():
        for text in (one.words, one.reason, *one.instead.values()):
            assert not [word for word in FORCE if word in text.casefold()], text


def test_hard_hours_are_planned_with_them_only_if_they_want_it() -> None:
    [one] = [one for one in goals.templates() if one.name == "family-hard-hours"]
    assert one.words.startswith("Ask whether they would like")
    assert "if not, plan my own part" in one.words


@pytest.mark.parametrize("barriers", [(), *itertools.combinations(BARRIERS, 1), tuple(BARRIERS)])
def test_whatever_is_short_there_are_goals_in_both_languages(house: Any, barriers: tuple[str, ...]) -> None:
    with house.kit.session(actor=house.ana) as s:
        english = [one.what for one in s.suggest("goal", barriers=barriers, locale="en")]
        french = [one.what for one in s.suggest("goal", barriers=barriers, locale="fr")]
        assert len(english) == len(french) >= 8
        assert not set(english) & set(french)
        plan = s.save(GoalPlan.begin(person=house.ana).suggest(english[0]))
        assert s.save(plan.adopt(plan.goals[0].id, words="An hour on Sundays")).goals[0].state == "adopted"


def test_resources_stand_beside_peerkits_own_with_what_they_are_for(house: Any) -> None:
    found = library.resources(about="families", plugins=house.kit.plugins)
    mine = {one.id for one in shelf.resources()}
    assert mine <= {one.id for one in found}
    for one in shelf.resources():
        assert one.fault() == ""
        assert one.seen
        assert one.as_of
        assert len(one.purpose) < 250  # what it is for, in a sentence: never its text
    assert library.search("culpabilité", locale="fr", plugins=house.kit.plugins)


# -- the report ----------------------------------------------------------------------------------------


def cells(house: Any, first: date, last: date) -> dict[str, int | None]:
    with house.coordinating() as s:
        [section] = [one for one in s.counts(first, last).sections if one.name == "families"]
    return {one.code: one.number for one in section.cells}


def enrolled(house: Any, number: int) -> list[Person]:
    with house.coordinating() as s:
        role = s.find(PeerSupporter, person=house.kai)[0]
        s.save(role.update(capacity=number + 5, by=Decision.of(house.kai, how="spoken")))
        return [s.save(Person.enrol(name=f"F{n} (fictional)")) for n in range(number)]


def test_the_report_counts_who_walks_began_and_ended_and_shows_no_cell_under_five(house: Any) -> None:
    house.give()
    walks = [house.walking(one, house.kai) for one in enrolled(house, 12)]
    house.walking(house.ben, house.omar, "self")  # no family member
    march = (date(2027, 3, 1), date(2027, 3, 31))
    assert cells(house, *march)["walking"] == cells(house, *march)["begun"] == 12
    house.time.forward(days=31)  # April
    for walk in walks[:6]:
        with house.coordinating() as s:
            s.save(s.get(Relationship, walk.id).end())
    with house.kit.session(actor=walks[7].person) as s:  # a rest ends nothing
        s.save(s.get(Relationship, walks[7].id).pause())
    april = cells(house, date(2027, 4, 1), date(2027, 4, 30))
    assert (april["walking"], april["ended"]) == (6, 6)
    assert cells(house, *march)["walking"] == 12  # the past stays as it was


@pytest.mark.parametrize("number", [1, 4, 5])
def test_fewer_than_five_are_not_shown(house: Any, number: int) -> None:
    house.give()
    for one in enrolled(house, number):
        house.walking(one, house.kai)
    found = cells(house, date(2027, 3, 1), date(2027, 3, 31))
    assert found["walking"] == (5 if number == 5 else None)


def test_groups_are_counted_by_their_format(house: Any) -> None:
    house.give()
    house.give("group-facilitation")
    with house.coordinating() as s:
        for day in range(1, 7):
            for form, heads in (("family_group", 3), ("group", 50)):
                made = Activity.enter(
                    title="Thursday",
                    format=form,
                    facilitators=(house.kai,),
                    local=datetime(2027, 2, day, 18),  # noqa: DTZ001  # on the wall, with its zone beside it
                    timezone="America/Toronto",
                    headcount=heads,
                )
                s.save(made)
    found = cells(house, date(2027, 2, 1), date(2027, 2, 28))
    assert (found["groups"], found["heads"]) == (6, 18)
    assert cells(house, date(2027, 2, 2), date(2027, 2, 28))["groups"] == 5
    assert cells(house, date(2027, 2, 3), date(2027, 2, 28))["groups"] is None


def test_french_is_whole() -> None:
    assert untranslated(_, peerkit_families, "fr") == ()


def test_it_declares_no_kind_of_its_own() -> None:
    assert not [one for one in plugin.peerkit_supply() if isinstance(one, hooks.Kind)]
