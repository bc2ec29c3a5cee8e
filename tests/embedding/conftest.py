# SPDX-License-Identifier: Apache-2.0
"""A program in a file, with two people who agreed to walk together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

import peerkit
from peerkit import Decision, Kit, PeerSupporter, Person, Relationship

SETTINGS = {
    "name": "Riverside Peer Support (fictional)",
    "coordinator": {"name": "Robin Example"},
    "path": [{"role": "supporter", "minutes": 10}, {"role": "coordinator", "minutes": 15}],
}


@attrs.frozen
class World:
    """Where the program is, an open kit of it, and who is who."""

    url: str
    kit: Kit
    robin: str
    maya: Person
    sam: Person


def settled(kit: Kit) -> tuple[str, Person, Person]:
    """Robin, Maya and Sam; Maya and Sam agreed to walk together."""
    robin = kit.first_coordinator
    with kit.session(actor=robin) as s:
        maya = s.save(Person.enrol(name="Maya Example"))
        sam = s.save(Person.enrol(name="Sam Example"))
    with kit.session(actor=robin) as s:
        s.save(PeerSupporter.welcome(sam, by=Decision.of(sam, how="spoken")))
        walk = s.save(Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken")))
    with kit.session(actor=robin) as s:
        walk = s.save(walk.propose(sam))
    with kit.session(actor=maya) as s:
        walk = s.save(walk.agree())
    with kit.session(actor=sam) as s:
        s.save(walk.take_on())
    return robin, maya, sam


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    url = f"sqlite:///{tmp_path}/peer.db"
    with peerkit.open(url, settings=SETTINGS, discover=False) as kit:
        yield World(url, kit, *settled(kit))
