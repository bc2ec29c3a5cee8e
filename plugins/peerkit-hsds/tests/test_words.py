# SPDX-License-Identifier: Apache-2.0
"""Needs, languages and places: what one filters by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peerkit_hsds import Listing, languages_of, needs_of, places_of, postal_words, read
from peerkit_hsds.languages import language, languages_in
from peerkit_hsds.needs import Vocabulary
from peerkit_hsds.text import clean, fold
from peerkit_hsds.values import Address, Area, Language, Need, Place


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        ("Spanish and ASL.", ["Spanish", "American Sign Language"]),
        ("Spanish, Mai Mai (Somali language)", ["Spanish", "Maay", "Somali"]),
        ("en, es", ["English", "Spanish"]),
        ("Offers brochures in Spanish.", []),
        ("Materials in Spanish. Russian.", ["Russian"]),
        ("Accommodations possible.", []),
        ("Language Line.", []),
        ("Call to sign up.", []),
        ("Chinese (Mandarin), Portugese", ["Chinese", "Mandarin", "Portuguese"]),
        ("français", []),
        ("", []),
    ],
)
def test_languages_in_what_people_write(said: str, spoken: list[str]) -> None:
    assert [one.name for one in languages_in(said)] == spoken


def test_a_language_by_name_or_code_and_one_nobody_knows() -> None:
    assert language("", "fra") == Language("French", "fr")
    assert language("Urdu", "ur", "on Tuesdays") == Language("Urdu", "ur", "on Tuesdays")
    assert language("Klingon") == Language("Klingon")
    assert language("", "tlh") == Language("tlh", "tlh")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_cleaned_and_stored(text: str) -> None:
    bare, _ = clean(text)
    bare.encode()
    assert clean(bare) == (bare, False)
    assert fold(fold(bare)) == fold(bare)
    languages_in(bare)


TERMS = [
    {"id": "1", "code": "101", "name": "Emergency"},
    {"id": "2", "code": "101-03", "name": "Emergency Food", "parent_id": "101"},
    {"id": "3", "code": "102-04", "name": "Food Pantry", "parent_id": "nowhere", "parent_name": "Food"},
    {"id": "4", "code": "108", "name": "Care", "parent_id": "4"},
]


@pytest.fixture
def vocabulary() -> Vocabulary:
    words = Vocabulary()
    assert [words.add(term) for term in TERMS] == [True] * 4
    assert not words.add({"id": "9", "code": "x"})
    return words


def test_a_category_is_found_by_id_or_code_with_those_above(vocabulary: Vocabulary) -> None:
    assert vocabulary.get("2") == Need("Emergency Food", "101-03", above=("Emergency",))
    assert vocabulary.get("102-04") == Need("Food Pantry", "102-04", above=("Food",))
    assert vocabulary.get("7") is None
    circle = vocabulary.get("108")
    assert circle is not None
    assert set(circle.above) == {"Care"}


def test_categories_found_in_words_are_marked_as_found(vocabulary: Vocabulary) -> None:
    assert vocabulary.also_called({"211_name": "Brown Bag Food Programs", "taxonomy_id": "102-04"})
    assert not vocabulary.also_called({"211_name": "Nothing", "taxonomy_id": ""})
    found = vocabulary.found_in(
        ["Care at home"], ["A brown bag food program.\n\nDONATIONS: emergency food wanted."]
    )
    assert [(need.name, need.stated) for need in found] == [("Care", False), ("Food Pantry", False)]
    assert vocabulary.found_in([], ["We care about food pantries"])[0].name == "Food Pantry"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("21201", ("21201",)),
        ("21102-0390", ("21102",)),
        ("N1H1A1", ("N1H 1A1", "N1H")),
        ("n1h 1a1", ("N1H 1A1", "N1H")),
        ("SW1A 1AA", ("SW1A 1AA", "SW1A")),
        ("ABC 1234", ("ABC 1234",)),
        ("", ()),
    ],
)
def test_postal_codes_in_the_forms_people_type(code: str, words: tuple[str, ...]) -> None:
    assert postal_words(code) == words


def test_what_a_listing_is_filtered_by() -> None:
    listing = Listing(
        "service",
        "service:1",
        "Food pantry",
        needs=(Need("Food Pantry", above=("Food",)),),
        languages=(Language("Spanish", "es"),),
        areas=(Area("Wellington County"), Area("All residents " * 9)),
        addresses=(Address("postal", city="Toronto"),),
        places=(
            Place("5", addresses=(Address(city="Saint-Jérôme", state="QC", postal_code="J7Z 1A1"),)),
            Place(
                "6",
                link="organization",
                addresses=(Address(city="Elsewhere"),),
                languages=(Language("Cree", "cr"),),
            ),
        ),
    )
    assert needs_of(listing) == ("Food Pantry", "Food")
    assert languages_of(listing) == ("Spanish", "es")
    assert places_of(listing) == ("Saint-Jérôme", "J7Z 1A1", "J7Z", "QC", "Wellington County")


@pytest.mark.data
def test_a_city_can_be_filtered_by_all_three(real: Callable[[str], Path]) -> None:
    with read(real("baltimore")) as directory:
        listings = list(directory)
    food = [listing for listing in listings if "Food Pantry" in needs_of(listing)]
    assert len(food) > 90
    assert sum("es" in languages_of(listing) for listing in listings) > 300
    assert any("21216" in places_of(listing) for listing in food)
    assert all(
        "Baltimore" in places_of(x)
        for x in listings
        if any(a.city == "Baltimore" for a in x.all_addresses()[:1])
    )
