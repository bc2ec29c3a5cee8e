# SPDX-License-Identifier: Apache-2.0
"""Everybody who waits, at once: as many as there is room for, who waits longest first, with reasons."""

from __future__ import annotations

import itertools
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit import Decision, PeerSupporter, PluginError, Relationship
from peerkit.kit.matching import assign


def asks(world: Any, who: Any, **details: Any) -> Any:
    return world.save(Relationship.enquire(person=who, by=Decision.of(who, how="spoken"), **details))


def speaks(world: Any, who: Any, *languages: str, capacity: int = 1) -> None:
    role = PeerSupporter.welcome(
        who, languages=languages, capacity=capacity, by=Decision.of(who, how="spoken")
    )
    world.save(role)


def test_as_many_as_there_is_room_for_are_matched_and_each_says_why(world: Any) -> None:
    speaks(world, world.kai, "fr", "en")
    speaks(world, world.noor, "fr")
    first, second = asks(world, world.maya, languages=("fr",)), asks(world, world.theo, languages=("en",))
    third = asks(world, world.omar)
    with world.kit.session(actor=world.coordinator) as s:
        found = s.match()
    assert [(one.relationship, one.supporter) for one in found.items] == [
        (
            first.id,
            world.noor.id,
        ),  # though Kai speaks French too: only so has Theo somebody who speaks English
        (second.id, world.kai.id),
        (third.id, ""),
    ]
    assert "speaks fr too" in found.items[0].reasons[0]
    assert [one.person for one in found.unmatched] == [world.omar.id]
    assert world.every(Relationship, state="proposed") == []
    assert "speaks" not in repr(found)


def test_groups_and_those_with_whom_it_was_declined_are_not_matched(world: Any) -> None:
    speaks(world, world.kai, capacity=3)
    asks(world, world.maya, way="group")
    world.save(world.get(world.proposed(world.theo, world.kai)).decline(), actor=world.theo)
    with world.kit.session(actor=world.coordinator) as s:
        (found,) = s.match().items
    assert (found.person, found.supporter) == (world.theo.id, "")


def test_without_scipy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(PluginError, match=r"peerkit\[matching\]"):
        assign([{"a": 1.0}], {"a": 1})


@given(
    offers=st.lists(
        st.dictionaries(st.sampled_from("abc"), st.floats(0, 9).map(lambda x: round(x, 2))), max_size=4
    ),
    room=st.dictionaries(st.sampled_from("abc"), st.integers(-1, 2)),
)
def test_it_is_the_best_of_all_that_there_are(offers: list[dict[str, float]], room: dict[str, int]) -> None:
    def worth(chosen: Any) -> Any:
        """How many, then who waits longer, then what speaks for it; None if it cannot be."""
        for who in set(chosen) - {""}:
            if chosen.count(who) > room.get(who, 0):
                return None
        if any(who and who not in by for who, by in zip(chosen, offers, strict=True)):
            return None
        places = tuple(bool(who) for who in chosen)
        weight = sum(by[who] for who, by in zip(chosen, offers, strict=True) if who)
        return sum(places), places, round(weight, 6)

    found = assign(offers, room)
    every = [worth(one) for one in itertools.product(["", "a", "b", "c"], repeat=len(offers))]
    count, _, weight = worth(tuple(found))
    best = max(one for one in every if one is not None)
    assert count == best[0]
    assert (
        weight
        >= max(w for c, p, w in [one for one in every if one] if (c, p) == worth(tuple(found))[:2]) - 1e-6
    )
