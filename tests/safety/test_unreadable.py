# SPDX-License-Identifier: Apache-2.0
"""A record that cannot be read is passed over on the way of an alarm; the next step is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import Leave
from peerkit.ports import ActLine, Batch, Change


def spoil(world: Any, kind: str, id_: str, doc: int) -> None:
    stored = world.kit.storage.get(kind, id_)
    cls = world.kit.codec.class_of(kind)
    change = Change(
        kind,
        id_,
        stored.envelope.version,
        doc or cls.doc_version,
        stored.envelope.subjects,
        (ActLine("damage"),),
        "system:damage",
        b'{"person":7,"name":7,"holder":7}',
        idx=world.kit.codec.index(world.kit.codec.decode(stored)),
    )
    world.kit.storage.commit(Batch((change,), world.clock.now()))


def which(world: Any, kind: str) -> str:
    if kind == "person":
        return str(world.ola)
    if kind == "leave":
        with world.kit.session(actor=world.sam) as s:
            now = world.clock.now()
            made = s.save(
                Leave.plan(person=world.sam, cover=world.cora, starts=now, ends=now + timedelta(days=1))
            )
        return str(made.id)
    found = world.all(kind)
    if kind == "appointment":
        found = [one for one in found if one.person == world.ola]
    if kind == "route":
        found = [one for one in found if one.person == world.maya]
    return str(found[0].id)


ASKED = {
    "relationship": {"sam", "ola", "cora"},  # the route says whose she is
    "leave": {"sam", "ola", "cora"},
    "appointment": {"sam", "cora"},
    "person": {"sam", "cora"},
    "peer_supporter": {"sam", "ola", "cora"},
    "route": {"sam", "ola", "cora"},
    "program": {"sam", "ola", "cora"},  # the path as it was known holds on
}


@pytest.mark.parametrize("doc", [0, 99], ids=["damaged", "newer"])
@pytest.mark.parametrize("kind", ASKED)
def test_the_ladder_goes_on(world: Any, kind: str, doc: int) -> None:
    spoil(world, kind, which(world, kind), doc)
    world.kit.concern("I am worried", about=world.maya)
    for _ in range(6):
        world.clock.forward(minutes=31)
        report = world.kit.deliver()
        assert not [one for one in report.problems if not one.startswith("digest:")]
    assert set(world.wire.to) == ASKED[kind]
    codes = {problem.code for problem in world.kit.health().problems}
    assert codes & {"unreadable-record", "program-unreadable"} or kind == "route"
