# SPDX-License-Identifier: Apache-2.0
"""Who raised a concern is shown to nobody whom it is about: by no office, no log, no settling."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Concern, NotFound, Read


@pytest.fixture
def world(world: Any) -> Any:
    world.office("ana", "coordinator")
    world.match(world.maya, world.supporter("sam"))
    assert world.zoe
    return world


def the_concern(world: Any) -> Concern:
    with world.kit.session(actor=world.ana) as s:
        (found,) = s.find(Concern)
        return found


def test_the_log_of_reading_does_not_tell_who_raised_it_nor_whom_it_names(world: Any) -> None:
    world.kit.concern("He shouts at her", about=world.maya, by=world.zoe, names=[world.sam])
    the_concern(world)
    with world.kit.session(actor=world.maya) as s:
        (row,) = s.find(Read, of="concern")
    assert (row.reader, row.person) == (world.ana.id, (world.maya.id,))
    with world.kit.session(actor=world.sam) as s:
        assert list(s.find(Read, of="concern")) == []


@pytest.mark.parametrize("given", ["names", "about"])
def test_a_coordinator_whom_it_is_about_never_reads_it(world: Any, given: str) -> None:
    robin = world.coordinator
    world.kit.concern("He is not well", by=world.zoe, **{given: [robin] if given == "names" else robin})
    concern = the_concern(world)

    def reads_nothing() -> None:
        with world.kit.session(actor=robin) as s:
            assert list(s.find(Concern)) == []
            with pytest.raises(NotFound):
                s.get(Concern, concern.id)
            with pytest.raises(NotFound):
                s.history(Concern, concern.id)
        pages = list(world.kit.disclose(Concern, to=robin.id, purpose="export", actor=robin))
        assert [one for page in pages for one in page.documents] == []

    reads_nothing()
    (line,) = world.kit.alerts()
    with world.kit.session(actor=world.ana) as s:
        s.respond(line.reference, "settle", words="we talked")
    reads_nothing()
    assert the_concern(world).state == "settled"


def test_who_is_worried_about_themselves_reads_what_they_said(world: Any) -> None:
    world.kit.concern("I do not feel safe", about=world.coordinator, by=world.coordinator)
    with world.kit.session(actor=world.coordinator) as s:
        assert [one.words for one in s.find(Concern)] == ["I do not feel safe"]
