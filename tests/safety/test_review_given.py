# SPDX-License-Identifier: Apache-2.0
"""Whatever a host passes on for a person, the concern and the screen are stored, and somebody is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from peerkit import Person


class Marked(str):
    """A host's own kind of text, as template languages have."""

    __slots__ = ()


ODD = ["", Marked(""), 7, 0.5, b"maya", uuid4(), ["maya"], {}, object(), "Maya", "\ud800"]
NAMES = [f"{number}-{type(one).__name__}" for number, one in enumerate(ODD)]


@pytest.mark.parametrize("given", ODD, ids=NAMES)
@pytest.mark.parametrize("place", ["about", "by", "names"])
def test_no_concern_is_lost_for_what_stands_for_a_person(world: Any, place: str, given: Any) -> None:
    steps = world.kit.concern("Please look after her", **{place: given})
    assert steps.reference == world.alert().reference
    assert world.wire.to == ["ola"]


@pytest.mark.parametrize("given", ODD, ids=NAMES)
def test_no_screen_is_lost_for_what_stands_for_a_person(world: Any, given: Any) -> None:
    with world.kit.session(actor=world.sam) as s:
        steps = s.screening("asq", given).answer("q5", value=True)
    assert steps.level == "now"
    assert "ola" in world.wire.to


@pytest.mark.parametrize(
    "form", [str, Marked, UUID, "record"], ids=["text", "kind-of-text", "uuid", "record"]
)
def test_a_person_is_recognised_in_every_form(world: Any, form: Any) -> None:
    with world.kit.session(actor=world.maya) as s:
        maya = s.get(Person, world.maya) if form == "record" else form(world.maya)
    world.kit.concern("she did not come", maya)
    with world.kit.session(actor=world.sam) as s:
        s.screening("asq", maya).answer("q1", value=True)
    assert [alert.person for alert in world.alerts] == [world.maya, world.maya]


@pytest.mark.parametrize("given", ODD, ids=NAMES)
def test_nor_one_that_is_held_without_a_session(world: Any, given: Any) -> None:
    steps = world.kit.screening("asq", given, actor=world.sam).answer("q5", value=True)
    assert steps.level == "now"
