# SPDX-License-Identifier: Apache-2.0
"""Entries of the directory are found by need, language and place however either side writes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit import Malformed, Service
from peerkit.model.base import fold

ENTRY: dict[str, Any] = {
    "name": "Refuge",
    "needs": ("Emergency Shelter", "Housing"),
    "languages": ["Français", "fr"],
    "cities": ("St. John's",),
    "places": ({"name": "Hall", "city": "St. John's"},),
    "phones": [{"number": "555-0100"}],
}


@pytest.mark.parametrize(
    "equal",
    [
        {"needs": "emergency-shelter"},
        {"needs": "HOUSING"},
        {"languages": "FR"},
        {"languages": "francais"},
        {"cities": "st john s"},
    ],
)
def test_conditions_compare_without_capitals_accents_and_punctuation(
    world: Any, equal: dict[str, str]
) -> None:
    with world.kit.session(world.coordinator) as s:
        saved = s.save(Service.list(entry=ENTRY))
        assert [one.id for one in s.find(Service, **equal)] == [saved.id]  # the session's own
    assert [one.name for one in world.every(Service, **equal)] == ["Refuge"]
    with world.kit.session(world.coordinator) as s:
        assert [one.id for one in s.search(Service, "refuge", **equal)] == [saved.id]


def test_what_is_shown_is_what_was_written(world: Any) -> None:
    held = world.get(world.save(Service.list(entry=ENTRY)))
    assert held.languages == ("Français", "fr")
    assert held.cities == ("St. John's",)
    assert (held.places[0].city, held.phones[0].number) == ("St. John's", "555-0100")


@pytest.mark.parametrize("entry", [{"name": "x", "colour": "red"}, {"name": "x", "id": "1"}, {"needs": ()}])
def test_an_entry_has_the_fields_of_a_service_and_no_others(entry: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        Service.list(entry=entry)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_what_is_no_text_stays() -> None:
    assert fold([1, None, "Á"]) == [1, None, "a"]
    assert fold("—") == "—"
