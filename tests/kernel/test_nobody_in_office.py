# SPDX-License-Identifier: Apache-2.0
"""Where nobody holds an office a fact is kept all the same, and the program says whom it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import peerkit
from peerkit import Consent, Task

World = Any


class Failing:
    """A plugin whose answers raise."""

    name = "failing"

    @peerkit.hookimpl
    def peerkit_supply(self) -> Any:
        yield peerkit.hooks.Access(reads={"consent", "relationship", "person"}, writes={"task"})

    @peerkit.hookimpl
    def peerkit_respond(self, proposal: Any) -> Any:
        raise ValueError("canary")


@pytest.fixture
def kit(store: Any) -> Iterator[peerkit.Kit]:
    with store.open(Failing()) as opened:
        yield opened


@pytest.fixture
def house(world: World) -> World:
    """Kai walks beside Maya; the only coordinator has left; a plugin fails."""
    world.people["walk"] = world.match(world.maya, world.supporter("kai"))
    world.save(world.get(world.coordinator).leave(), actor=world.coordinator)
    return world


@pytest.mark.parametrize("fact", ["end", "refuse", "leave"])
def test_a_fact_is_kept_where_a_plugin_fails_and_nobody_could_be_told(house: World, fact: str) -> None:
    given = len(house.every(Task, what="plugin-failed"))
    made = {
        "end": lambda: house.get(house.people["walk"]).end(),
        "refuse": lambda: Consent.refuse(person=house.maya),
        "leave": lambda: house.get(house.maya).leave(),
    }
    saved = house.save(made[fact](), actor=house.maya)
    assert house.get(saved).state in {"ended", "refused", "left"}
    assert len(house.every(Task, what="plugin-failed")) == given  # there is nobody whose it could be
    problems = {one.code: one for one in house.kit.health().problems}
    assert problems["nobody-in-office"].grave
    assert house.kit.tick() >= 0
