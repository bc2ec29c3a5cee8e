# SPDX-License-Identifier: Apache-2.0
"""Who is named in a concern does not read it; who reads about another leaves a row that they can see."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

import peerkit
from peerkit import (
    Appointment,
    Concern,
    Decision,
    NotFound,
    PeerSupporter,
    Person,
    Read,
    Relationship,
)


@attrs.define
class House:
    kit: peerkit.Kit
    robin: str
    ana: Person
    maya: Person
    sam: Person
    relation: Relationship


@pytest.fixture
def house() -> Iterator[House]:
    with peerkit.open("memory:", discover=False) as kit:
        with kit.session() as s:
            ana, maya, sam = (s.save(Person.enrol(name=name)) for name in ("Ana", "Maya", "Sam"))
            s.save(Appointment.give(ana, "coordinator"))
            s.save(PeerSupporter.welcome(sam, by=Decision.of(sam, how="paper", evidence="binder")))
            asked = Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken"))
            relation = s.save(asked.propose(sam))
        with kit.session(actor=maya) as s:
            s.save(s.get(Relationship, relation).agree())
        with kit.session(actor=sam) as s:
            relation = s.save(s.get(Relationship, relation).take_on())
        yield House(kit, kit.sandbox_coordinator, ana, maya, sam, relation)


def test_a_coordinator_who_is_named_reads_no_concern_and_another_does(house: House) -> None:
    house.kit.concern("He shouts at people.", by=house.maya, names=(house.robin,))
    with house.kit.session(actor=house.ana) as s:
        (concern,) = s.find(Concern)
    with house.kit.session(actor=house.robin) as s, pytest.raises(NotFound):
        s.get(Concern, concern.id)
    with house.kit.session(actor=house.robin) as s:
        assert list(s.find(Concern)) == []


def test_who_raised_it_reads_it(house: House) -> None:
    house.kit.concern("He shouts at people.", by=house.maya, names=(house.robin,))
    with house.kit.session(actor=house.maya) as s:
        assert len(s.find(Concern)) == 1


def test_a_supporter_who_reads_the_relationship_is_in_the_persons_log(house: House) -> None:
    def read_by_sam() -> int:
        with house.kit.session(actor=house.maya) as s:
            return len([r for r in s.find(Read) if r.reader == house.sam.id and r.of == "relationship"])

    before = read_by_sam()
    with house.kit.session(actor=house.sam) as s:
        s.get(Relationship, house.relation.id)
    assert read_by_sam() == before + 1


def test_who_reads_what_is_theirs_leaves_no_trace(house: House) -> None:
    with house.kit.session(actor=house.maya) as s:
        s.get(Relationship, house.relation.id)
        s.get(Person, house.maya.id)
        assert [r for r in s.find(Read) if r.reader == house.maya.id] == []
